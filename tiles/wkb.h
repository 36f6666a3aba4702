/* Well-known binary (ISO and EWKB, both byte orders) onto the world grid.
 *
 * Reads points, lines, polygons and their multis in EPSG:4490 degrees into world units (grid.h).
 * Repeated points, rings without area and empty parts fall away; rings are closed without repeating
 * the first point, outer ones clockwise on screen, holes the other way. The bytes are not trusted:
 * every count is checked against what is left of them. A struct mqt_outline belongs to one thread
 * and is used again and again. Errors: MQT_ERR_GEOMETRY, MQT_ERR_LIMIT, MQT_ERR_MEMORY.
 */
#ifndef MQT_WKB_H
#define MQT_WKB_H

#include "buf.h"
#include "layer.h"

#define MQT_PART_OUTER 0x80000000u /* in a part's size: an outer ring, so a new polygon starts here */

/* A shape as plain arrays. */
struct mqt_outline {
    struct mqt_buf points; /* struct mqt_point */
    struct mqt_buf parts;  /* uint32_t: points in the part, for outer rings with MQT_PART_OUTER */
};

static inline struct mqt_point *mqt_outline_points(const struct mqt_outline *outline)
{
    return (struct mqt_point *)(void *)outline->points.data;
}

static inline uint32_t *mqt_outline_parts(const struct mqt_outline *outline)
{
    return (uint32_t *)(void *)outline->parts.data;
}

static inline size_t mqt_outline_point_count(const struct mqt_outline *outline)
{
    return outline->points.len / sizeof(struct mqt_point);
}

static inline size_t mqt_outline_part_count(const struct mqt_outline *outline)
{
    return outline->parts.len / sizeof(uint32_t);
}

void mqt_outline_init(struct mqt_outline *outline);
void mqt_outline_clear(struct mqt_outline *outline);

/* Replaces what is in outline. On failure its content is undefined, but it can be used again. */
enum mqt_err mqt_wkb_read(const uint8_t *wkb, size_t wkb_len, enum mqt_shape shape, struct mqt_outline *outline,
                          struct mqt_detail *detail) MQT_MUST_USE;

#endif
