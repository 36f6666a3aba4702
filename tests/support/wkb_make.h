/* Makes well-known binary for tests: little-endian ISO WKB, degrees. Appends to a buffer. */
#ifndef WKB_MAKE_H
#define WKB_MAKE_H

#include "../../tiles/buf.h"
#include "../../tiles/grid.h"

enum { WKB_POINT = 1, WKB_LINE, WKB_POLYGON, WKB_MULTIPOINT, WKB_MULTILINE, WKB_MULTIPOLYGON };

void wkb_put_head(struct mqt_buf *wkb, uint32_t type); /* byte order and type */
void wkb_put_count(struct mqt_buf *wkb, uint32_t count);
void wkb_put_position(struct mqt_buf *wkb, double lon_deg, double lat_deg);
/* Positions of world points, preceded by their count; a ring's first is repeated at the end. */
void wkb_put_world(struct mqt_buf *wkb, const struct mqt_point *points, size_t count, bool ring);
/* A polygon of one ring of world points. */
void wkb_put_ring(struct mqt_buf *wkb, const struct mqt_point *points, size_t count);

#endif
