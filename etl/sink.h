/* Writes vector files (GeoPackage and Shapefile) and JPEG pictures, through GDAL.
 *
 * One open file with one layer a sink; coordinates are in the system named by epsg, x = easting or
 * longitude. Texts are UTF-8 in, in the file's encoding out. The caller owns what it hands in. One
 * thread at a time. A file that exists is replaced. The file is whole only after mqt_sink_close.
 */
#ifndef MQT_SINK_H
#define MQT_SINK_H

#include "shape.h"

#include "../tiles/buf.h"

enum mqt_sink_format { MQT_SINK_GEOPACKAGE, MQT_SINK_SHAPEFILE_GBK };

enum mqt_sink_type { MQT_SINK_TEXT, MQT_SINK_INT, MQT_SINK_REAL, MQT_SINK_BOOL };

enum mqt_sink_geometry { MQT_SINK_POINT, MQT_SINK_LINE, MQT_SINK_POLYGON };

struct mqt_sink_column {
    const char *name; /* a Shapefile cuts it to 10 bytes of GBK */
    enum mqt_sink_type type;
    int width; /* of Shapefile columns; 0: the driver's own */
    int decimals;
};

struct mqt_sink_value {
    const char *text; /* MQT_SINK_TEXT; NULL is no value */
    double number;    /* the others */
};

struct mqt_sink_file {
    const char *path;
    enum mqt_sink_format format;
    enum mqt_sink_geometry geometry;
    int epsg;
    const char *layer; /* table name in a GeoPackage */
    const char *date;  /* "2026-11-22", written as the date of the file's last change */
    const struct mqt_sink_column *columns;
    size_t column_count;
};

struct mqt_sink;

enum mqt_err mqt_sink_open(const struct mqt_sink_file *file, struct mqt_sink **sink,
                           struct mqt_detail *detail) MQT_MUST_USE;

/* values: one a column. shape: for a point or line its first ring, not closed. */
enum mqt_err mqt_sink_add(struct mqt_sink *sink, const struct mqt_sink_value *values, const struct mqt_shape *shape,
                          struct mqt_detail *detail) MQT_MUST_USE;

/* Ends the file and frees the sink, also when it fails. NULL is MQT_OK. */
enum mqt_err mqt_sink_close(struct mqt_sink *sink, struct mqt_detail *detail) MQT_MUST_USE;

/* Appends a JPEG of R G B A pixels, row by row; alpha is not looked at. quality is 1 to 100. The same
 * pixels give the same bytes. */
enum mqt_err mqt_sink_jpeg(const uint8_t *rgba, int width_px, int height_px, int quality, struct mqt_buf *out,
                           struct mqt_detail *detail) MQT_MUST_USE;

#endif
