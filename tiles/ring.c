#include "ring.h"

mqt_wide mqt_ring_area2(const struct mqt_point *points, size_t count)
{
    mqt_wide area2 = 0;
    for (size_t i = 2; i < count; i++) {
        area2 += mqt_turn(points[0], points[i - 1], points[i]);
    }
    return area2;
}

void mqt_ring_reverse(struct mqt_point *points, size_t count)
{
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        j--;
        struct mqt_point point = points[i];
        points[i] = points[j];
        points[j] = point;
    }
}

static bool equal(struct mqt_point a, struct mqt_point b)
{
    return a.x == b.x && a.y == b.y;
}

size_t mqt_drop_repeats(struct mqt_point *points, size_t count, bool ring)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !equal(points[kept - 1], points[i])) {
            points[kept++] = points[i];
        }
    }
    while (ring && kept > 1 && equal(points[kept - 1], points[0])) {
        kept--;
    }
    return kept;
}

struct mqt_box mqt_points_box(const struct mqt_point *points, size_t count)
{
    struct mqt_box box = mqt_box_empty();
    for (size_t i = 0; i < count; i++) {
        box.min_x = points[i].x < box.min_x ? points[i].x : box.min_x;
        box.min_y = points[i].y < box.min_y ? points[i].y : box.min_y;
        box.max_x = points[i].x > box.max_x ? points[i].x : box.max_x;
        box.max_y = points[i].y > box.max_y ? points[i].y : box.max_y;
    }
    return box;
}
