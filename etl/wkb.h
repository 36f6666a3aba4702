/* Shapes as WKB: checked, walked point by point, labelled with EPSG:4490 for PostGIS.
 *
 * 2D WKB of either byte order, types 1 to 7, collections at most 8 deep. Coordinates are in whatever
 * system the bytes are in. Pure functions on the caller's bytes; any thread.
 */
#ifndef MQT_WKB_H
#define MQT_WKB_H

#include "../tiles/buf.h"

#include <stdbool.h>

enum { MQT_WKB_POINT = 1, MQT_WKB_LINE = 2, MQT_WKB_POLYGON = 3, MQT_WKB_MULTIPOINT = 4, MQT_WKB_COLLECTION = 7 };

struct mqt_wkb_info {
    int type;      /* of the outermost shape, 1 to 7 */
    int dimension; /* highest among its parts: 0 point, 1 line, 2 polygon; -1 when it is empty */
    size_t points;
    double min_x, min_y, max_x, max_y; /* undefined when empty */
};

/* May change *x and *y, which are then written back. An error ends the walk and is returned. */
typedef enum mqt_err (*mqt_wkb_point_fn)(void *user, double *x, double *y, struct mqt_detail *detail);

/* MQT_ERR_FORMAT: not WKB; MQT_ERR_GEOMETRY: a coordinate that is not finite. point may be NULL. An
 * empty point (both coordinates NaN) counts as empty, not as broken. */
enum mqt_err mqt_wkb_walk(uint8_t *wkb, size_t len, mqt_wkb_point_fn point, void *user, struct mqt_wkb_info *info,
                          struct mqt_detail *detail) MQT_MUST_USE;

/* Appends the same shape as EWKB with SRID 4490. */
void mqt_wkb_add_4490(struct mqt_buf *out, const uint8_t *wkb, size_t len);

/* A point, little-endian, 21 bytes. */
void mqt_wkb_point(double x, double y, uint8_t wkb[21]);

#endif
