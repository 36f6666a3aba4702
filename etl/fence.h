/* A convex piece of ground in which something is built: what is outside does not come to stand.
 *
 * Metres in one plane. A plain value that owns nothing; a fence without spots holds nothing. Results
 * of clipping lie in the caller's arena (shape.h). Pure.
 */
#ifndef MQT_FENCE_H
#define MQT_FENCE_H

#include "shape.h"

enum { MQT_FENCE_SPOTS_MAX = 40 };

struct mqt_fence {
    struct mqt_spot spots[MQT_FENCE_SPOTS_MAX]; /* counter-clockwise */
    size_t count;
};

struct mqt_fence mqt_fence_rect(struct mqt_rect rect);

/* What is left of the way from a to b, which is moved by_m to the left first. */
void mqt_fence_cut(struct mqt_fence *fence, struct mqt_spot a, struct mqt_spot b, double by_m);

/* The same fence drawn in by by_m on all sides. */
struct mqt_fence mqt_fence_inner(const struct mqt_fence *fence, double by_m);
struct mqt_fence mqt_fence_meet(const struct mqt_fence *fence, struct mqt_rect rect);

struct mqt_rect mqt_fence_bounds(const struct mqt_fence *fence);
double mqt_fence_area_m2(const struct mqt_fence *fence);
bool mqt_fence_holds(const struct mqt_fence *fence, struct mqt_spot spot);
bool mqt_fence_holds_shape(const struct mqt_fence *fence, const struct mqt_shape *shape);

struct mqt_shape mqt_fence_shape(struct mqt_arena *arena, const struct mqt_fence *fence);

/* The part of a shape's outside ring within the fence; without rings when there is none. */
struct mqt_shape mqt_fence_clip(struct mqt_arena *arena, const struct mqt_fence *fence, const struct mqt_shape *shape);

/* Shortens the way from *a to *b to what is inside; false when nothing is. */
bool mqt_fence_clip_way(const struct mqt_fence *fence, struct mqt_spot *a, struct mqt_spot *b);

#endif
