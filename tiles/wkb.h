/* Well-known binary (ISO and EWKB, both byte orders) onto the world grid.
 *
 * Reads points, lines, polygons and their multis in EPSG:4490 degrees into world units (grid.h).
 * Repeated points, rings without area and empty parts fall away; rings are closed without repeating
 * the first point, outer ones clockwise on screen, holes the other way. The bytes are not trusted:
 * every count is checked against what is left of them. Any thread. Errors: MQT_ERR_GEOMETRY, MQT_ERR_LIMIT,
 * MQT_ERR_MEMORY.
 */
#ifndef MQT_WKB_H
#define MQT_WKB_H

#include "outline.h"

/* Replaces what is in outline. On failure its content is undefined, but it can be used again. */
enum mqt_err mqt_wkb_read(const uint8_t *wkb, size_t wkb_len, enum mqt_shape shape, struct mqt_outline *outline,
                          struct mqt_detail *detail) MQT_MUST_USE;

#endif
