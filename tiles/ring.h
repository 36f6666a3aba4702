/* Measures of rings and lines on an integer grid.
 *
 * A ring is closed without repeating its first point. y grows downwards, so a clockwise ring on
 * screen has a positive area. Pure functions, exact for any 32-bit coordinates; any thread.
 */
#ifndef MQT_RING_H
#define MQT_RING_H

#include "grid.h"

__extension__ typedef __int128 mqt_wide; /* a sum of products of coordinate differences needs 64 + log2(n) bits */

/* Twice the signed area. */
mqt_wide mqt_ring_area2(const struct mqt_point *points, size_t count);

void mqt_ring_reverse(struct mqt_point *points, size_t count);

/* Drops points equal to their predecessor (in a ring: the last one equal to the first as well).
 * Returns how many are left. */
size_t mqt_drop_repeats(struct mqt_point *points, size_t count, bool ring);

struct mqt_box mqt_points_box(const struct mqt_point *points, size_t count);

/* Twice the signed area of the triangle a, b, c: positive when it runs clockwise on screen. */
static inline mqt_wide mqt_turn(struct mqt_point a, struct mqt_point b, struct mqt_point c)
{
    return (mqt_wide)((int64_t)b.x - a.x) * ((int64_t)c.y - a.y) -
           (mqt_wide)((int64_t)b.y - a.y) * ((int64_t)c.x - a.x);
}

#endif
