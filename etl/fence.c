#include "fence.h"

#include <math.h>
#include <string.h>

/* Positive when the spot lies left of the way from a to b, in metres times the way's length. */
static double side_of(struct mqt_spot a, struct mqt_spot b, struct mqt_spot spot)
{
    return (b.x_m - a.x_m) * (spot.y_m - a.y_m) - (b.y_m - a.y_m) * (spot.x_m - a.x_m);
}

static struct mqt_spot between(struct mqt_spot p, struct mqt_spot q, double share)
{
    return (struct mqt_spot){p.x_m + (q.x_m - p.x_m) * share, p.y_m + (q.y_m - p.y_m) * share};
}

/* The part of a ring on the left of the way from a to b; out has room for count * 2 spots. */
static size_t clip_ring(const struct mqt_spot *ring, size_t count, struct mqt_spot a, struct mqt_spot b,
                        struct mqt_spot *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
        struct mqt_spot p = ring[i];
        struct mqt_spot q = ring[(i + 1) % count];
        double p_side = side_of(a, b, p);
        double q_side = side_of(a, b, q);
        if (p_side >= 0) {
            out[kept++] = p;
        }
        if ((p_side > 0 && q_side < 0) || (p_side < 0 && q_side > 0)) {
            out[kept++] = between(p, q, p_side / (p_side - q_side));
        }
    }
    return kept;
}

struct mqt_fence mqt_fence_rect(struct mqt_rect rect)
{
    return (struct mqt_fence){
        {{rect.x0_m, rect.y0_m}, {rect.x1_m, rect.y0_m}, {rect.x1_m, rect.y1_m}, {rect.x0_m, rect.y1_m}}, 4};
}

void mqt_fence_cut(struct mqt_fence *fence, struct mqt_spot a, struct mqt_spot b, double by_m)
{
    struct mqt_spot out[MQT_FENCE_SPOTS_MAX * 2];
    double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
    if (len_m < 1e-6 || fence->count == 0) {
        return;
    }
    double dx = -(b.y_m - a.y_m) / len_m * by_m;
    double dy = (b.x_m - a.x_m) / len_m * by_m;
    size_t kept = clip_ring(fence->spots, fence->count, (struct mqt_spot){a.x_m + dx, a.y_m + dy},
                            (struct mqt_spot){b.x_m + dx, b.y_m + dy}, out);
    size_t count = 0;
    for (size_t i = 0; i < kept && count < MQT_FENCE_SPOTS_MAX; ++i) {
        bool apart = count == 0 ||
                     hypot(out[i].x_m - fence->spots[count - 1].x_m, out[i].y_m - fence->spots[count - 1].y_m) > 0.5;
        if (apart) {
            fence->spots[count++] = out[i];
        }
    }
    fence->count = kept > 2 && count > 2 ? count : 0;
}

struct mqt_fence mqt_fence_inner(const struct mqt_fence *fence, double by_m)
{
    struct mqt_fence inner = *fence;
    for (size_t i = 0; i < fence->count; ++i) {
        mqt_fence_cut(&inner, fence->spots[i], fence->spots[(i + 1) % fence->count], by_m);
    }
    return inner;
}

struct mqt_fence mqt_fence_meet(const struct mqt_fence *fence, struct mqt_rect rect)
{
    struct mqt_fence both = *fence;
    const struct mqt_fence other = mqt_fence_rect(rect);
    for (size_t i = 0; i < other.count; ++i) {
        mqt_fence_cut(&both, other.spots[i], other.spots[(i + 1) % other.count], 0);
    }
    return both;
}

struct mqt_rect mqt_fence_bounds(const struct mqt_fence *fence)
{
    struct mqt_rect box = {0};
    for (size_t i = 0; i < fence->count; ++i) {
        struct mqt_spot spot = fence->spots[i];
        box = i == 0 ? (struct mqt_rect){spot.x_m, spot.y_m, spot.x_m, spot.y_m}
                     : (struct mqt_rect){fmin(box.x0_m, spot.x_m), fmin(box.y0_m, spot.y_m), fmax(box.x1_m, spot.x_m),
                                         fmax(box.y1_m, spot.y_m)};
    }
    return box;
}

double mqt_fence_area_m2(const struct mqt_fence *fence)
{
    double twice = 0;
    for (size_t i = 0; i < fence->count; ++i) {
        struct mqt_spot a = fence->spots[i];
        struct mqt_spot b = fence->spots[(i + 1) % fence->count];
        twice += a.x_m * b.y_m - b.x_m * a.y_m;
    }
    return twice / 2;
}

bool mqt_fence_holds(const struct mqt_fence *fence, struct mqt_spot spot)
{
    for (size_t i = 0; i < fence->count; ++i) {
        if (side_of(fence->spots[i], fence->spots[(i + 1) % fence->count], spot) < 0) {
            return false;
        }
    }
    return fence->count > 2;
}

bool mqt_fence_holds_shape(const struct mqt_fence *fence, const struct mqt_shape *shape)
{
    for (size_t i = 0; shape->ring_count > 0 && i < shape->rings[0].count; ++i) {
        if (!mqt_fence_holds(fence, shape->rings[0].spots[i])) {
            return false;
        }
    }
    return shape->ring_count > 0;
}

struct mqt_shape mqt_fence_shape(struct mqt_arena *arena, const struct mqt_fence *fence)
{
    return fence->count > 2 ? mqt_shape_ring(arena, fence->spots, fence->count) : (struct mqt_shape){0};
}

struct mqt_shape mqt_fence_clip(struct mqt_arena *arena, const struct mqt_fence *fence, const struct mqt_shape *shape)
{
    enum { SPOTS_MAX = 512 };
    struct mqt_spot rings[2][SPOTS_MAX];
    size_t count = shape->ring_count > 0 ? shape->rings[0].count : 0;
    if (count == 0 || fence->count == 0 || count + 2 * fence->count > SPOTS_MAX / 2) {
        return (struct mqt_shape){0};
    }
    memcpy(rings[0], shape->rings[0].spots, count * sizeof rings[0][0]);
    for (size_t i = 0; i < fence->count && count > 2 && count < SPOTS_MAX / 2; ++i) {
        count =
            clip_ring(rings[i % 2], count, fence->spots[i], fence->spots[(i + 1) % fence->count], rings[(i + 1) % 2]);
    }
    return count > 2 ? mqt_shape_ring(arena, rings[fence->count % 2], count) : (struct mqt_shape){0};
}

bool mqt_fence_clip_way(const struct mqt_fence *fence, struct mqt_spot *a, struct mqt_spot *b)
{
    struct mqt_spot from = *a;
    struct mqt_spot to = *b;
    for (size_t i = 0; i < fence->count; ++i) {
        struct mqt_spot p = fence->spots[i];
        struct mqt_spot q = fence->spots[(i + 1) % fence->count];
        double from_side = side_of(p, q, from);
        double to_side = side_of(p, q, to);
        if (from_side < 0 && to_side < 0) {
            return false;
        }
        if (from_side < 0) {
            from = between(from, to, from_side / (from_side - to_side));
        } else if (to_side < 0) {
            to = between(from, to, from_side / (from_side - to_side));
        }
    }
    *a = from;
    *b = to;
    return fence->count > 2 && hypot(to.x_m - from.x_m, to.y_m - from.y_m) > 1;
}
