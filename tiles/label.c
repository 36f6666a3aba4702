#include "label.h"

#include "ring.h"

#include <math.h>

enum { CELLS_PER_SIDE = 9, REFINEMENTS = 2 };

struct spot {
    double x, y;
};

static double length(struct mqt_point a, struct mqt_point b)
{
    double dx = (double)b.x - a.x;
    double dy = (double)b.y - a.y;
    return sqrt(dx * dx + dy * dy);
}

static double square_distance_to_segment(struct spot p, struct mqt_point a, struct mqt_point b)
{
    double dx = (double)b.x - a.x;
    double dy = (double)b.y - a.y;
    double square = dx * dx + dy * dy;
    double t = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    double away_x = p.x - (a.x + t * dx);
    double away_y = p.y - (a.y + t * dy);
    return away_x * away_x + away_y * away_y;
}

/* Distance to the nearest edge of the polygon's rings, negative outside. Only one above wanted matters:
 * where that cannot be, the rest is not looked at and the result is wanted. */
static double clearance(struct spot p, const struct mqt_point *points, const uint32_t *parts, size_t part_count,
                        double wanted)
{
    bool inside = false;
    double least = HUGE_VAL;
    double too_near = wanted * wanted;
    for (size_t part = 0; part < part_count; part++) {
        size_t size = parts[part] & ~MQT_PART_OUTER;
        for (size_t i = 0, j = size - 1; i < size; j = i++) {
            struct mqt_point a = points[i];
            struct mqt_point b = points[j];
            if ((a.y > p.y) != (b.y > p.y) && p.x < ((double)b.x - a.x) * (p.y - a.y) / ((double)b.y - a.y) + a.x) {
                inside = !inside;
            }
            double square = square_distance_to_segment(p, a, b);
            if (square <= too_near) {
                return wanted;
            }
            least = square < least ? square : least;
        }
        points += size;
    }
    return inside ? sqrt(least) : -sqrt(least);
}

static struct spot centroid(const struct mqt_point *ring, size_t size, double *area, double *around)
{
    struct spot sum = {0, 0};
    double area2 = 0;
    double perimeter = 0;
    for (size_t i = 0, j = size - 1; i < size; j = i++) {
        /* Relative to the first point, or a small ring far from the origin loses all its digits. */
        double ax = (double)ring[j].x - ring[0].x;
        double ay = (double)ring[j].y - ring[0].y;
        double bx = (double)ring[i].x - ring[0].x;
        double by = (double)ring[i].y - ring[0].y;
        double cross = ax * by - bx * ay;
        sum.x += (ax + bx) * cross;
        sum.y += (ay + by) * cross;
        area2 += cross;
        perimeter += length(ring[j], ring[i]);
    }
    *area = fabs(area2) / 2;
    *around = perimeter;
    return (struct spot){ring[0].x + sum.x / (3 * area2), ring[0].y + sum.y / (3 * area2)};
}

/* Looks for the spot with the most room on a coarse lattice, then on finer ones around the best. */
static struct spot search(const struct mqt_point *points, const uint32_t *parts, size_t part_count, struct spot best,
                          double best_room)
{
    struct mqt_box box = mqt_points_box(points, parts[0] & ~MQT_PART_OUTER);
    double x0 = box.min_x;
    double y0 = box.min_y;
    double width = (double)box.max_x - box.min_x;
    double height = (double)box.max_y - box.min_y;
    for (int round = 0; round < REFINEMENTS; round++) {
        for (int i = 0; i < CELLS_PER_SIDE * CELLS_PER_SIDE; i++) {
            struct spot spot = {x0 + width * (i % CELLS_PER_SIDE + 0.5) / CELLS_PER_SIDE,
                                y0 + height * (i / CELLS_PER_SIDE + 0.5) / CELLS_PER_SIDE};
            double room = clearance(spot, points, parts, part_count, best_room);
            if (room > best_room) {
                best_room = room;
                best = spot;
            }
        }
        width *= 2.0 / CELLS_PER_SIDE;
        height *= 2.0 / CELLS_PER_SIDE;
        x0 = best.x - width / 2;
        y0 = best.y - height / 2;
    }
    return best;
}

static struct mqt_point round_spot(struct spot spot, struct mqt_box box)
{
    double x = floor(spot.x + 0.5);
    double y = floor(spot.y + 0.5);
    x = x < box.min_x ? box.min_x : x > box.max_x ? box.max_x : x;
    y = y < box.min_y ? box.min_y : y > box.max_y ? box.max_y : y;
    return (struct mqt_point){(int32_t)x, (int32_t)y};
}

/* One polygon: its outer ring and its holes. */
static struct mqt_point label_polygon(const struct mqt_point *points, const uint32_t *parts, size_t part_count)
{
    size_t size = parts[0] & ~MQT_PART_OUTER;
    double area;
    double perimeter;
    struct spot spot = centroid(points, size, &area, &perimeter);
    double room = clearance(spot, points, parts, part_count, 0);
    /* No shape's widest place is narrower than area / perimeter: a centroid with as much room will do. */
    if (!(room >= area / perimeter)) {
        struct spot first = {points[0].x, points[0].y};
        spot = search(points, parts, part_count, room > 0 ? spot : first, room > 0 ? room : 0);
    }
    return round_spot(spot, mqt_points_box(points, size));
}

static struct mqt_point label_polygons(const struct mqt_outline *outline)
{
    const struct mqt_point *points = mqt_outline_points(outline);
    const uint32_t *parts = mqt_outline_parts(outline);
    size_t part_count = mqt_outline_part_count(outline);
    const struct mqt_point *best_points = points;
    size_t best = 0;
    mqt_wide best_area2 = 0;
    for (size_t part = 0; part < part_count; part++) {
        size_t size = parts[part] & ~MQT_PART_OUTER;
        mqt_wide area2 = parts[part] & MQT_PART_OUTER ? mqt_ring_area2(points, size) : 0;
        if (area2 > best_area2) {
            best_area2 = area2;
            best = part;
            best_points = points;
        }
        points += size;
    }
    size_t end = best + 1;
    while (end < part_count && !(parts[end] & MQT_PART_OUTER)) {
        end++;
    }
    return label_polygon(best_points, parts + best, end - best);
}

static double line_length(const struct mqt_point *points, size_t count)
{
    double sum = 0;
    for (size_t i = 1; i < count; i++) {
        sum += length(points[i - 1], points[i]);
    }
    return sum;
}

static struct mqt_point label_lines(const struct mqt_outline *outline)
{
    const struct mqt_point *points = mqt_outline_points(outline);
    const uint32_t *parts = mqt_outline_parts(outline);
    const struct mqt_point *best = points;
    size_t best_size = parts[0] & ~MQT_PART_OUTER;
    double longest = -1;
    for (size_t part = 0; part < mqt_outline_part_count(outline); part++) {
        size_t size = parts[part] & ~MQT_PART_OUTER;
        double sum = line_length(points, size);
        if (sum > longest) {
            longest = sum;
            best = points;
            best_size = size;
        }
        points += size;
    }
    double rest = longest / 2;
    for (size_t i = 1; i < best_size; i++) {
        double step = length(best[i - 1], best[i]);
        if (step >= rest) {
            double t = step > 0 ? rest / step : 0;
            struct spot spot = {best[i - 1].x + t * ((double)best[i].x - best[i - 1].x),
                                best[i - 1].y + t * ((double)best[i].y - best[i - 1].y)};
            return round_spot(spot, mqt_points_box(best, best_size));
        }
        rest -= step;
    }
    return best[best_size - 1];
}

struct mqt_point mqt_label_point(const struct mqt_outline *outline, enum mqt_shape shape)
{
    switch (shape) {
    case MQT_SHAPE_LINE:
        return label_lines(outline);
    case MQT_SHAPE_POLYGON:
        return label_polygons(outline);
    case MQT_SHAPE_POINT:
        break;
    }
    return mqt_outline_points(outline)[0];
}

int mqt_label_side_px(double area2, double z)
{
    const double px_per_unit = 512 / (double)MQT_WORLD_SIZE * exp2(z);
    double side = sqrt(fabs(area2) / 2) * px_per_unit;
    return side < MQT_LABEL_MOST_PX ? (int)side : MQT_LABEL_MOST_PX;
}
