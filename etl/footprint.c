#include "footprint.h"

#include <assert.h>
#include <math.h>

enum { PEN_MAX = 256 };

/* Spots of a ring under construction. */
struct pen {
    struct mqt_spot spots[PEN_MAX];
    size_t count;
};

static void put(struct pen *pen, double x_m, double y_m)
{
    assert(pen->count < PEN_MAX);
    pen->spots[pen->count++] = (struct mqt_spot){x_m, y_m};
}

static struct mqt_shape finish(struct mqt_arena *arena, const struct pen *pen)
{
    return mqt_shape_ring(arena, pen->spots, pen->count);
}

/* The south face of one unit, west to east: two balconies that stand out by out_m. */
static void put_balconies(struct pen *pen, double west_m, double wide_m, double y_m, double out_m)
{
    const double edges[] = {0.10, 0.38, 0.62, 0.90};
    put(pen, west_m, y_m + out_m);
    for (int i = 0; i < 4; i += 2) {
        put(pen, west_m + wide_m * edges[i], y_m + out_m);
        put(pen, west_m + wide_m * edges[i], y_m);
        put(pen, west_m + wide_m * edges[i + 1], y_m);
        put(pen, west_m + wide_m * edges[i + 1], y_m + out_m);
    }
    put(pen, west_m + wide_m, y_m + out_m);
}

/* The north face of one unit, east to west: a recess for the stairwell in the middle. */
static void put_stairs(struct pen *pen, double west_m, double wide_m, double y_m, double in_m)
{
    put(pen, west_m + wide_m, y_m);
    put(pen, west_m + wide_m * 0.60, y_m);
    put(pen, west_m + wide_m * 0.60, y_m - in_m);
    put(pen, west_m + wide_m * 0.40, y_m - in_m);
    put(pen, west_m + wide_m * 0.40, y_m);
    put(pen, west_m, y_m);
}

struct mqt_shape mqt_footprint_slab(struct mqt_arena *arena, struct mqt_rect rect, int units, double stagger_m)
{
    assert(units >= 1 && units <= 12);
    struct pen pen = {.count = 0};
    double wide_m = (rect.x1_m - rect.x0_m) / units;
    for (int i = 0; i < units; ++i) {
        double shift_m = i % 2 ? stagger_m : 0;
        put_balconies(&pen, rect.x0_m + i * wide_m, wide_m, rect.y0_m + shift_m, 1.5);
    }
    for (int i = units - 1; i >= 0; --i) {
        double shift_m = i % 2 ? 0 : stagger_m;
        put_stairs(&pen, rect.x0_m + i * wide_m, wide_m, rect.y1_m - shift_m, 1.8);
    }
    /* Neighbouring units that are not staggered share their corner. */
    size_t kept = 0;
    for (size_t i = 0; i < pen.count; ++i) {
        struct mqt_spot spot = pen.spots[i];
        if (kept == 0 || spot.x_m != pen.spots[kept - 1].x_m || spot.y_m != pen.spots[kept - 1].y_m) {
            pen.spots[kept++] = spot;
        }
    }
    pen.count = kept;
    return finish(arena, &pen);
}

/* Corners given for one quarter (0 to 1 from the middle outwards, from the east axis towards the
 * north axis) and turned four times. */
static struct mqt_shape four_quarters(struct mqt_arena *arena, struct mqt_rect rect, const struct mqt_spot *quarter,
                                      size_t count)
{
    struct pen pen = {.count = 0};
    struct mqt_spot middle = mqt_rect_middle(rect);
    double half_x = (rect.x1_m - rect.x0_m) / 2;
    double half_y = (rect.y1_m - rect.y0_m) / 2;
    for (int turn = 0; turn < 4; ++turn) {
        for (size_t i = 0; i < count; ++i) {
            /* Mirrored in every other quarter, so that the outline runs on around the middle. */
            struct mqt_spot q = quarter[turn % 2 ? count - 1 - i : i];
            double x = turn == 1 || turn == 2 ? -q.x_m : q.x_m;
            double y = turn >= 2 ? -q.y_m : q.y_m;
            put(&pen, middle.x_m + x * half_x, middle.y_m + y * half_y);
        }
    }
    return finish(arena, &pen);
}

struct mqt_shape mqt_footprint_tower(struct mqt_arena *arena, struct mqt_rect rect, enum mqt_tower kind)
{
    static const struct mqt_spot cross[] = {{0.78, 0.16}, {1.0, 0.16}, {1.0, 0.86}, {0.86, 0.86},
                                            {0.86, 1.0},  {0.18, 1.0}, {0.18, 0.78}};
    static const struct mqt_spot bevelled[] = {{0.90, 0.14}, {1.0, 0.14}, {1.0, 0.60},
                                               {0.60, 1.0},  {0.16, 1.0}, {0.16, 0.90}};
    if (kind == MQT_TOWER_CROSS) {
        return four_quarters(arena, rect, cross, sizeof cross / sizeof cross[0]);
    }
    if (kind == MQT_TOWER_BEVELLED) {
        return four_quarters(arena, rect, bevelled, sizeof bevelled / sizeof bevelled[0]);
    }
    /* 蝶形: two wings spread to the south-east and south-west, the core in the north. */
    static const struct mqt_spot east_wing[] = {{0.0, -0.30}, {0.22, -0.30}, {0.42, -0.94}, {0.92, -0.78}, {1.0, -0.40},
                                                {0.74, 0.10}, {0.74, 0.62},  {0.40, 0.62},  {0.40, 0.94},  {0.0, 0.94}};
    enum { EAST = sizeof east_wing / sizeof east_wing[0] };
    struct pen pen = {.count = 0};
    struct mqt_spot middle = mqt_rect_middle(rect);
    double half_x = (rect.x1_m - rect.x0_m) / 2;
    double half_y = (rect.y1_m - rect.y0_m) / 2;
    for (int i = 1; i < EAST - 1; ++i) {
        put(&pen, middle.x_m + east_wing[i].x_m * half_x, middle.y_m + east_wing[i].y_m * half_y);
    }
    for (int i = EAST - 2; i >= 1; --i) {
        put(&pen, middle.x_m - east_wing[i].x_m * half_x, middle.y_m + east_wing[i].y_m * half_y);
    }
    return finish(arena, &pen);
}

/* Turns an outline made for turns 0 by mirroring it in the rectangle. */
static void mirror(struct pen *pen, struct mqt_rect rect, int turns)
{
    for (size_t i = 0; i < pen->count; ++i) {
        if (turns == 1 || turns == 2) {
            pen->spots[i].x_m = rect.x0_m + rect.x1_m - pen->spots[i].x_m;
        }
        if (turns == 2 || turns == 3) {
            pen->spots[i].y_m = rect.y0_m + rect.y1_m - pen->spots[i].y_m;
        }
    }
}

struct mqt_shape mqt_footprint_ell(struct mqt_arena *arena, struct mqt_rect rect, double wing_m, int turns)
{
    struct pen pen = {.count = 0};
    put(&pen, rect.x0_m, rect.y0_m);
    put(&pen, rect.x1_m, rect.y0_m);
    put(&pen, rect.x1_m, rect.y0_m + wing_m);
    put(&pen, rect.x0_m + wing_m, rect.y0_m + wing_m);
    put(&pen, rect.x0_m + wing_m, rect.y1_m);
    put(&pen, rect.x0_m, rect.y1_m);
    mirror(&pen, rect, turns);
    return finish(arena, &pen);
}

struct mqt_shape mqt_footprint_u(struct mqt_arena *arena, struct mqt_rect rect, double wing_m)
{
    return mqt_footprint_comb(arena, rect, wing_m, 2);
}

struct mqt_shape mqt_footprint_comb(struct mqt_arena *arena, struct mqt_rect rect, double wing_m, int teeth)
{
    assert(teeth >= 2);
    struct pen pen = {.count = 0};
    double step_m = (rect.x1_m - rect.x0_m - wing_m) / (teeth - 1);
    put(&pen, rect.x1_m, rect.y1_m);
    put(&pen, rect.x0_m, rect.y1_m);
    for (int i = 0; i < teeth; ++i) {
        double west_m = rect.x0_m + i * step_m;
        if (i > 0) {
            put(&pen, west_m, rect.y1_m - wing_m);
        }
        put(&pen, west_m, rect.y0_m);
        put(&pen, west_m + wing_m, rect.y0_m);
        if (i + 1 < teeth) {
            put(&pen, west_m + wing_m, rect.y1_m - wing_m);
        }
    }
    return finish(arena, &pen);
}

struct mqt_shape mqt_footprint_aitch(struct mqt_arena *arena, struct mqt_rect rect, double wing_m)
{
    struct pen pen = {.count = 0};
    struct mqt_spot middle = mqt_rect_middle(rect);
    double west_m = rect.x0_m + wing_m * 2;
    double east_m = middle.x_m + (middle.x_m - west_m);
    put(&pen, rect.x0_m, rect.y0_m);
    put(&pen, rect.x1_m, rect.y0_m);
    put(&pen, rect.x1_m, rect.y0_m + wing_m);
    put(&pen, east_m, rect.y0_m + wing_m);
    put(&pen, east_m, rect.y1_m - wing_m);
    put(&pen, rect.x1_m, rect.y1_m - wing_m);
    put(&pen, rect.x1_m, rect.y1_m);
    put(&pen, rect.x0_m, rect.y1_m);
    put(&pen, rect.x0_m, rect.y1_m - wing_m);
    put(&pen, west_m, rect.y1_m - wing_m);
    put(&pen, west_m, rect.y0_m + wing_m);
    put(&pen, rect.x0_m, rect.y0_m + wing_m);
    return finish(arena, &pen);
}

static struct mqt_shape with_hole(struct mqt_arena *arena, struct mqt_shape outside, const struct mqt_shape *hole)
{
    struct mqt_shape both = {mqt_arena_calloc(arena, 2, sizeof *both.rings), 2};
    if (!both.rings || outside.ring_count == 0 || hole->ring_count == 0) {
        return (struct mqt_shape){0};
    }
    both.rings[0] = outside.rings[0];
    both.rings[1] = mqt_line_copy(arena, hole->rings[0].spots, hole->rings[0].count);
    return both;
}

struct mqt_shape mqt_footprint_court(struct mqt_arena *arena, struct mqt_rect rect, double wing_m)
{
    struct mqt_shape hole = mqt_shape_rect(arena, mqt_rect_grow(rect, -wing_m));
    return with_hole(arena, mqt_shape_rect(arena, rect), &hole);
}

struct mqt_shape mqt_footprint_corner(struct mqt_arena *arena, struct mqt_rect rect, double bevel_m, int turns)
{
    struct pen pen = {.count = 0};
    put(&pen, rect.x0_m + bevel_m, rect.y0_m);
    put(&pen, rect.x1_m, rect.y0_m);
    put(&pen, rect.x1_m, rect.y1_m);
    put(&pen, rect.x0_m, rect.y1_m);
    put(&pen, rect.x0_m, rect.y0_m + bevel_m);
    mirror(&pen, rect, turns);
    return finish(arena, &pen);
}

struct mqt_shape mqt_footprint_arc(struct mqt_arena *arena, struct mqt_rect rect, double deep_m)
{
    enum { STEPS = 14 };
    struct pen pen = {.count = 0};
    double rise_m = rect.y1_m - rect.y0_m - deep_m;
    for (int side = 0; side < 2; ++side) {
        for (int k = 0; k <= STEPS; ++k) {
            double t = (double)(side ? STEPS - k : k) / STEPS;
            double x_m = rect.x0_m + (rect.x1_m - rect.x0_m) * t;
            put(&pen, x_m, rect.y0_m + rise_m * 4 * t * (1 - t) + (side ? deep_m : 0));
        }
    }
    return finish(arena, &pen);
}

static struct mqt_shape ellipse(struct mqt_arena *arena, struct mqt_rect rect)
{
    enum { STEPS = 36 };
    struct pen pen = {.count = 0};
    struct mqt_spot middle = mqt_rect_middle(rect);
    for (int k = 0; k < STEPS; ++k) {
        double angle = 6.28318530717958647692 * k / STEPS;
        put(&pen, middle.x_m + cos(angle) * (rect.x1_m - rect.x0_m) / 2,
            middle.y_m + sin(angle) * (rect.y1_m - rect.y0_m) / 2);
    }
    return finish(arena, &pen);
}

struct mqt_shape mqt_footprint_round(struct mqt_arena *arena, struct mqt_rect rect, double ring_m)
{
    struct mqt_shape outside = ellipse(arena, rect);
    if (ring_m <= 0) {
        return outside;
    }
    struct mqt_shape inside = ellipse(arena, mqt_rect_grow(rect, -ring_m));
    return with_hole(arena, outside, &inside);
}

struct mqt_shape mqt_footprint_podium(struct mqt_arena *arena, struct mqt_rect rect, const struct mqt_shape *tower)
{
    const double joint = 0.008; /* of the tower's half width: about 15 cm */
    if (tower->ring_count == 0) {
        return (struct mqt_shape){0};
    }
    struct mqt_spot middle = mqt_rect_middle(mqt_shape_bounds(tower));
    struct mqt_line ring = mqt_line_copy(arena, tower->rings[0].spots, tower->rings[0].count);
    for (size_t i = 0; i < ring.count; ++i) {
        ring.spots[i].x_m += (ring.spots[i].x_m - middle.x_m) * joint;
        ring.spots[i].y_m += (ring.spots[i].y_m - middle.y_m) * joint;
    }
    const struct mqt_shape hole = {&ring, 1};
    return with_hole(arena, mqt_shape_round(arena, rect, 5), &hole);
}
