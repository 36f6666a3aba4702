#include "shape.h"

#include <math.h>
#include <string.h>

static const double TURN = 6.28318530717958647692;

struct mqt_line mqt_line_copy(struct mqt_arena *arena, const struct mqt_spot *spots, size_t count)
{
    struct mqt_line line = {mqt_arena_calloc(arena, count ? count : 1, sizeof *spots), count};
    if (!line.spots) {
        line.count = 0;
        return line;
    }
    memcpy(line.spots, spots, count * sizeof *spots);
    return line;
}

static double ring_area_m2(const struct mqt_line *ring)
{
    double twice = 0;
    for (size_t i = 0; i < ring->count; ++i) {
        struct mqt_spot a = ring->spots[i];
        struct mqt_spot b = ring->spots[(i + 1) % ring->count];
        twice += a.x_m * b.y_m - b.x_m * a.y_m;
    }
    return twice / 2;
}

struct mqt_shape mqt_shape_ring(struct mqt_arena *arena, const struct mqt_spot *spots, size_t count)
{
    struct mqt_line ring = mqt_line_copy(arena, spots, count);
    struct mqt_shape shape = {mqt_arena_calloc(arena, 1, sizeof *shape.rings), 1};
    if (!shape.rings || !ring.spots) {
        return (struct mqt_shape){0};
    }
    shape.rings[0] = ring;
    if (ring_area_m2(&ring) < 0) {
        for (size_t i = 0; i < ring.count / 2; ++i) {
            struct mqt_spot spot = ring.spots[i];
            ring.spots[i] = ring.spots[ring.count - 1 - i];
            ring.spots[ring.count - 1 - i] = spot;
        }
    }
    return shape;
}

struct mqt_shape mqt_shape_rect(struct mqt_arena *arena, struct mqt_rect rect)
{
    const struct mqt_spot spots[] = {
        {rect.x0_m, rect.y0_m}, {rect.x1_m, rect.y0_m}, {rect.x1_m, rect.y1_m}, {rect.x0_m, rect.y1_m}};
    return mqt_shape_ring(arena, spots, 4);
}

struct mqt_shape mqt_shape_round(struct mqt_arena *arena, struct mqt_rect rect, double radius_m)
{
    enum { STEPS = 6 };
    struct mqt_spot spots[4 * (STEPS + 1)];
    size_t count = 0;
    double shorter_m = fmin(rect.x1_m - rect.x0_m, rect.y1_m - rect.y0_m);
    double radius = fmin(radius_m, shorter_m / 2 - 0.01);
    const struct mqt_spot centres[] = {{rect.x1_m - radius, rect.y1_m - radius},
                                       {rect.x0_m + radius, rect.y1_m - radius},
                                       {rect.x0_m + radius, rect.y0_m + radius},
                                       {rect.x1_m - radius, rect.y0_m + radius}};
    for (int corner = 0; corner < 4; ++corner) {
        for (int step = 0; step <= STEPS; ++step) {
            double angle = TURN / 4 * (corner + (double)step / STEPS);
            spots[count++] =
                (struct mqt_spot){centres[corner].x_m + radius * cos(angle), centres[corner].y_m + radius * sin(angle)};
        }
    }
    return mqt_shape_ring(arena, spots, count);
}

struct mqt_shape mqt_shape_blob(struct mqt_arena *arena, struct mqt_rect rect, double wobble, struct mqt_random *random)
{
    enum { STEPS = 40 };
    struct mqt_spot spots[STEPS];
    struct mqt_spot middle = mqt_rect_middle(rect);
    double phase2 = mqt_random_real(random, 0, TURN);
    double phase3 = mqt_random_real(random, 0, TURN);
    for (int i = 0; i < STEPS; ++i) {
        double angle = TURN * i / STEPS;
        double reach = 1 - wobble * (0.5 + 0.3 * sin(2 * angle + phase2) + 0.2 * sin(3 * angle + phase3));
        spots[i] = (struct mqt_spot){middle.x_m + reach * cos(angle) * (rect.x1_m - rect.x0_m) / 2,
                                     middle.y_m + reach * sin(angle) * (rect.y1_m - rect.y0_m) / 2};
    }
    return mqt_shape_ring(arena, spots, STEPS);
}

/* The spot at offset_m to the left of the line at vertex i, along the bisector of its two edges. */
static struct mqt_spot beside(struct mqt_line line, size_t i, double offset_m)
{
    struct mqt_spot before = line.spots[i > 0 ? i - 1 : 0];
    struct mqt_spot after = line.spots[i + 1 < line.count ? i + 1 : i];
    double dx = after.x_m - before.x_m;
    double dy = after.y_m - before.y_m;
    double len = hypot(dx, dy);
    struct mqt_spot spot = line.spots[i];
    if (len > 0) {
        spot.x_m -= dy / len * offset_m;
        spot.y_m += dx / len * offset_m;
    }
    return spot;
}

struct mqt_shape mqt_shape_band(struct mqt_arena *arena, struct mqt_line line, double left_m, double right_m)
{
    struct mqt_spot *spots = mqt_arena_calloc(arena, line.count * 2 + 1, sizeof *spots);
    if (!spots) {
        return (struct mqt_shape){0};
    }
    for (size_t i = 0; i < line.count; ++i) {
        spots[i] = beside(line, i, left_m);
        spots[line.count * 2 - 1 - i] = beside(line, i, -right_m);
    }
    return mqt_shape_ring(arena, spots, line.count * 2);
}

double mqt_shape_area_m2(const struct mqt_shape *shape)
{
    double area_m2 = 0;
    for (size_t i = 0; i < shape->ring_count; ++i) {
        double ring_m2 = fabs(ring_area_m2(&shape->rings[i]));
        area_m2 += i == 0 ? ring_m2 : -ring_m2;
    }
    return area_m2;
}

struct mqt_rect mqt_shape_bounds(const struct mqt_shape *shape)
{
    if (shape->ring_count == 0 || shape->rings[0].count == 0) {
        return (struct mqt_rect){0};
    }
    const struct mqt_line *ring = &shape->rings[0];
    struct mqt_rect box = {ring->spots[0].x_m, ring->spots[0].y_m, ring->spots[0].x_m, ring->spots[0].y_m};
    for (size_t i = 1; i < ring->count; ++i) {
        box.x0_m = fmin(box.x0_m, ring->spots[i].x_m);
        box.y0_m = fmin(box.y0_m, ring->spots[i].y_m);
        box.x1_m = fmax(box.x1_m, ring->spots[i].x_m);
        box.y1_m = fmax(box.y1_m, ring->spots[i].y_m);
    }
    return box;
}

bool mqt_shape_holds(const struct mqt_shape *shape, struct mqt_spot spot)
{
    bool inside = false;
    for (size_t r = 0; r < shape->ring_count; ++r) {
        const struct mqt_line *ring = &shape->rings[r];
        for (size_t i = 0; i < ring->count; ++i) {
            struct mqt_spot a = ring->spots[i];
            struct mqt_spot b = ring->spots[(i + 1) % ring->count];
            if ((a.y_m > spot.y_m) != (b.y_m > spot.y_m) &&
                spot.x_m < a.x_m + (spot.y_m - a.y_m) / (b.y_m - a.y_m) * (b.x_m - a.x_m)) {
                inside = !inside;
            }
        }
    }
    return inside;
}

/* Twice the area of a triangle: positive when c lies left of a to b. */
static double side(struct mqt_spot a, struct mqt_spot b, struct mqt_spot c)
{
    return (b.x_m - a.x_m) * (c.y_m - a.y_m) - (b.y_m - a.y_m) * (c.x_m - a.x_m);
}

static bool edges_cross(struct mqt_spot a, struct mqt_spot b, struct mqt_spot c, struct mqt_spot d, double tolerance_m)
{
    double ab = hypot(b.x_m - a.x_m, b.y_m - a.y_m) * tolerance_m;
    double cd = hypot(d.x_m - c.x_m, d.y_m - c.y_m) * tolerance_m;
    double c_side = side(a, b, c);
    double d_side = side(a, b, d);
    double a_side = side(c, d, a);
    double b_side = side(c, d, b);
    return ((c_side > ab && d_side < -ab) || (c_side < -ab && d_side > ab)) &&
           ((a_side > cd && b_side < -cd) || (a_side < -cd && b_side > cd));
}

static bool rings_cross(const struct mqt_line *p, const struct mqt_line *q, double tolerance_m)
{
    for (size_t i = 0; i < p->count; ++i) {
        for (size_t j = 0; j < q->count; ++j) {
            if (edges_cross(p->spots[i], p->spots[(i + 1) % p->count], q->spots[j], q->spots[(j + 1) % q->count],
                            tolerance_m)) {
                return true;
            }
        }
    }
    return false;
}

/* Any vertex of b, drawn tolerance_m towards b's middle, inside a. */
static bool has_vertex_of(const struct mqt_shape *a, const struct mqt_shape *b, double tolerance_m)
{
    struct mqt_spot middle = mqt_rect_middle(mqt_shape_bounds(b));
    const struct mqt_line *ring = &b->rings[0];
    for (size_t i = 0; i < ring->count; ++i) {
        struct mqt_spot spot = ring->spots[i];
        double len = hypot(middle.x_m - spot.x_m, middle.y_m - spot.y_m);
        if (len > 0) {
            spot.x_m += (middle.x_m - spot.x_m) / len * tolerance_m;
            spot.y_m += (middle.y_m - spot.y_m) / len * tolerance_m;
        }
        if (mqt_shape_holds(a, spot)) {
            return true;
        }
    }
    return false;
}

bool mqt_shape_overlaps(const struct mqt_shape *a, const struct mqt_shape *b, double tolerance_m)
{
    if (a->ring_count == 0 || b->ring_count == 0 || !mqt_rect_meets(mqt_shape_bounds(a), mqt_shape_bounds(b))) {
        return false;
    }
    for (size_t i = 0; i < a->ring_count; ++i) {
        for (size_t j = 0; j < b->ring_count; ++j) {
            if (rings_cross(&a->rings[i], &b->rings[j], tolerance_m)) {
                return true;
            }
        }
    }
    return has_vertex_of(a, b, tolerance_m) || has_vertex_of(b, a, tolerance_m);
}

struct mqt_rect mqt_rect_grow(struct mqt_rect rect, double by_m)
{
    return (struct mqt_rect){rect.x0_m - by_m, rect.y0_m - by_m, rect.x1_m + by_m, rect.y1_m + by_m};
}

bool mqt_rect_meets(struct mqt_rect a, struct mqt_rect b)
{
    return a.x0_m < b.x1_m && b.x0_m < a.x1_m && a.y0_m < b.y1_m && b.y0_m < a.y1_m;
}

struct mqt_spot mqt_rect_middle(struct mqt_rect rect)
{
    return (struct mqt_spot){(rect.x0_m + rect.x1_m) / 2, (rect.y0_m + rect.y1_m) / 2};
}
