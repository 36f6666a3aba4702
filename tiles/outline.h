/* A shape as plain arrays: scratch for the rooms that read, measure, thin and mend shapes.
 *
 * World units (grid.h) or snapped ones. Points of a multipoint are one part, of lines each is one, of
 * polygons each ring: outer, its holes, next outer. Rings are closed without repeating the first point.
 * Belongs to one thread and is used again and again; at most 1 GB of points and of parts.
 */
#ifndef MQT_OUTLINE_H
#define MQT_OUTLINE_H

#include "buf.h"
#include "feature_model.h"
#include "grid.h"

#define MQT_PART_OUTER 0x80000000u /* in a part's size: an outer ring, so a new polygon starts here */

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

#endif
