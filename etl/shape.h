/* Plane geometry for the sample district: points, lines, areas with holes.
 *
 * Coordinates are metres, x east and y north, in whatever plane the caller works (the generator's
 * plan, later EPSG:4548). Memory comes from the caller's arena and lives as long as it; when the
 * arena is full a shape has no rings and arena->err says so. Rings are not closed: the first spot
 * is not repeated. Pure; any thread that owns the arena.
 */
#ifndef MQT_SHAPE_H
#define MQT_SHAPE_H

#include "../tiles/arena.h"
#include "random.h"

struct mqt_spot {
    double x_m;
    double y_m;
};

struct mqt_rect {
    double x0_m;
    double y0_m;
    double x1_m;
    double y1_m;
};

struct mqt_line {
    struct mqt_spot *spots;
    size_t count;
};

struct mqt_shape {
    struct mqt_line *rings; /* the first is the outside, counter-clockwise; the others are holes */
    size_t ring_count;
};

struct mqt_line mqt_line_copy(struct mqt_arena *arena, const struct mqt_spot *spots, size_t count);

/* An area without holes, turned counter-clockwise when it is not. */
struct mqt_shape mqt_shape_ring(struct mqt_arena *arena, const struct mqt_spot *spots, size_t count);

struct mqt_shape mqt_shape_rect(struct mqt_arena *arena, struct mqt_rect rect);

/* Corners cut round; radius up to half the shorter side gives a stadium. */
struct mqt_shape mqt_shape_round(struct mqt_arena *arena, struct mqt_rect rect, double radius_m);

/* An uneven ellipse that touches rect at most; wobble 0 … 0.4. */
struct mqt_shape mqt_shape_blob(struct mqt_arena *arena, struct mqt_rect rect, double wobble,
                                struct mqt_random *random);

/* A band around line from left_m to the left of it to right_m to the right of it (both may be
 * negative; left_m > -right_m), without round ends. count >= 2. */
struct mqt_shape mqt_shape_band(struct mqt_arena *arena, struct mqt_line line, double left_m, double right_m);

/* Square metres without the holes. */
double mqt_shape_area_m2(const struct mqt_shape *shape);
struct mqt_rect mqt_shape_bounds(const struct mqt_shape *shape);
bool mqt_shape_holds(const struct mqt_shape *shape, struct mqt_spot spot);

/* True when the areas share more than a touching edge of tolerance_m. */
bool mqt_shape_overlaps(const struct mqt_shape *a, const struct mqt_shape *b, double tolerance_m);

struct mqt_rect mqt_rect_grow(struct mqt_rect rect, double by_m);
bool mqt_rect_meets(struct mqt_rect a, struct mqt_rect b);
struct mqt_spot mqt_rect_middle(struct mqt_rect rect);

#endif
