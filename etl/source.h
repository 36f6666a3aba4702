/* The one door to GDAL for reading: every vector format but text tables and JSON records.
 *
 * Runs in the reading child only (see reader.h): GDAL parses hostile bytes, so it gets one allowed
 * driver, an absolute local path and no network. Writes the table and its rows to the wire. Shapes
 * go out as 2D little-endian WKB in the file's own CRS, x = easting or longitude. XLSX sheets go
 * out headless with every cell as text; a Shapefile's text is decoded here, by encoding.h.
 */
#ifndef MQT_SOURCE_H
#define MQT_SOURCE_H

#include "file.h"
#include "wire.h"

struct mqt_source_request {
    const char *path; /* absolute */
    enum mqt_file_format format;
    const char *table;    /* NULL: the only one; MQT_ERR_PARAM with the list when there are several */
    const char *where;    /* OGR attribute filter or NULL */
    const char *encoding; /* of a Shapefile, or NULL */
};

enum mqt_err mqt_source_send(const struct mqt_source_request *request, struct mqt_wire *wire,
                             struct mqt_detail *detail) MQT_MUST_USE;

#endif
