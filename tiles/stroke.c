#include "raster.h"

#include <math.h>

/* Every piece of a stroke is a convex shape that meets its neighbours edge to edge on the outer
 * side: pieces that overlapped there would count the same edge pixel twice and show as knots. */

static const double pi = 3.14159265358979323846;

struct pencil {
    struct mqt_canvas *canvas;
    const struct mqt_pen *pen;
    double half; /* of the width */
};

/* Whether anything within reach of the two points can touch the canvas. */
static bool near_canvas(const struct pencil *pencil, struct mqt_xy a, struct mqt_xy b)
{
    double reach = 2 * pencil->half + 1;
    double left = a.x < b.x ? a.x : b.x, right = a.x < b.x ? b.x : a.x;
    double top = a.y < b.y ? a.y : b.y, bottom = a.y < b.y ? b.y : a.y;
    return right >= -reach && bottom >= -reach && left <= pencil->canvas->width_px + reach &&
           top <= pencil->canvas->height_px + reach;
}

/* false: the points coincide. */
static bool direction_of(struct mqt_xy a, struct mqt_xy b, struct mqt_xy *direction, double *length)
{
    double dx = b.x - a.x, dy = b.y - a.y;
    *length = sqrt(dx * dx + dy * dy);
    if (!(*length > 1e-9)) {
        return false;
    }
    *direction = (struct mqt_xy){dx / *length, dy / *length};
    return true;
}

static struct mqt_xy along(struct mqt_xy from, struct mqt_xy direction, double distance)
{
    return (struct mqt_xy){from.x + direction.x * distance, from.y + direction.y * distance};
}

/* The sector around centre from angle start over sweep radians. */
static void add_sector(const struct pencil *pencil, struct mqt_xy centre, double start, double sweep)
{
    enum { MOST = 24 };
    struct mqt_xy points[MOST + 2];
    int steps = 1 + (int)(fabs(sweep) * sqrt(pencil->half) * 1.6);
    steps = steps < MOST ? steps : MOST;
    points[0] = centre;
    for (int i = 0; i <= steps; i++) {
        double angle = start + sweep * i / steps;
        points[i + 1] = (struct mqt_xy){centre.x + pencil->half * cos(angle), centre.y + pencil->half * sin(angle)};
    }
    mqt_raster_convex(pencil->canvas, points, (size_t)steps + 2);
}

static void add_segment(const struct pencil *pencil, struct mqt_xy a, struct mqt_xy b, struct mqt_xy direction)
{
    struct mqt_xy normal = {-direction.y, direction.x};
    double half = pencil->half;
    const struct mqt_xy corners[4] = {along(a, normal, half), along(b, normal, half), along(b, normal, -half),
                                      along(a, normal, -half)};
    mqt_raster_convex(pencil->canvas, corners, 4);
}

/* outwards: away from the line. */
static void add_cap(const struct pencil *pencil, struct mqt_xy end, struct mqt_xy outwards)
{
    if (pencil->pen->cap == MQT_CAP_ROUND) {
        add_sector(pencil, end, atan2(outwards.y, outwards.x) - pi / 2, pi);
    } else if (pencil->pen->cap == MQT_CAP_SQUARE) {
        add_segment(pencil, end, along(end, outwards, pencil->half), outwards);
    }
}

static void add_join(const struct pencil *pencil, struct mqt_xy at, struct mqt_xy before, struct mqt_xy after)
{
    double cross = before.x * after.y - before.y * after.x, dot = before.x * after.x + before.y * after.y;
    if (fabs(cross) < 1e-6 && dot > 0) {
        return;
    }
    /* The gap opens on the side away from the turn. */
    double side = cross > 0 ? -1 : 1, half = pencil->half * side;
    struct mqt_xy from = {-before.y, before.x}, to = {-after.y, after.x};
    if (pencil->pen->join == MQT_JOIN_ROUND) {
        double start = atan2(from.y * side, from.x * side), sweep = atan2(cross, dot);
        add_sector(pencil, at, start, sweep);
        return;
    }
    struct mqt_xy shape[4] = {at, along(at, from, half), along(at, to, half), {0, 0}};
    size_t count = 3;
    /* A miter longer than twice the width is cut, as the style specification has it. */
    double stretch = 1 + dot;
    if (pencil->pen->join == MQT_JOIN_MITER && stretch > 0.5) {
        struct mqt_xy tip = {(from.x + to.x) / stretch, (from.y + to.y) / stretch};
        shape[3] = shape[2];
        shape[2] = along(at, tip, half);
        count = 4;
    }
    mqt_raster_convex(pencil->canvas, shape, count);
}

/* What a corner needs of a stroke that is drawn as two parallel lines: how far the inner line is
 * cut back there, or less than 0 when the corner is too sharp. */
static double cut_back(const struct pencil *pencil, struct mqt_xy before, struct mqt_xy after)
{
    double stretch = 1 + before.x * after.x + before.y * after.y;
    double cross = before.x * after.y - before.y * after.x;
    return stretch > 0.5 ? pencil->half * fabs(cross) / stretch : -1;
}

/* Whether both parallels of the line run without crossing themselves at its corners. */
static bool has_parallels(const struct pencil *pencil, const struct mqt_xy *points, size_t count, bool closed)
{
    const double no_join_shows_px = 0.8;
    if (pencil->half > no_join_shows_px && pencil->pen->join != MQT_JOIN_MITER) {
        return false;
    }
    struct mqt_xy before = {0, 0};
    double length, cut = 0;
    if (closed && !direction_of(points[count - 1], points[0], &before, &length)) {
        return false;
    }
    size_t segments = closed ? count : count - 1;
    for (size_t i = 0; i < segments + (closed ? 1 : 0); i++) {
        struct mqt_xy direction;
        double before_cut = cut, before_length = length;
        size_t from = i < count ? i : 0, to = from + 1 < count ? from + 1 : 0;
        if (!direction_of(points[from], points[to], &direction, &length)) {
            return false;
        }
        if (i > 0 || closed) {
            cut = cut_back(pencil, before, direction);
            /* The first corner of a ring is looked at again with its true neighbour at the end. */
            if (cut < 0 || (i > 0 && before_cut + cut > before_length)) {
                return false;
            }
        }
        before = direction;
    }
    return closed || cut <= length;
}

/* Two sides a segment instead of a dozen: outlines of buildings are most of a map's edges. */
static void stroke_parallels(const struct pencil *pencil, const struct mqt_xy *points, size_t count, bool closed)
{
    struct mqt_xy before = {0, 0}, direction = {0, 0}, left = {0, 0}, right = {0, 0};
    double length;
    if (closed && !direction_of(points[count - 1], points[0], &before, &length)) {
        return;
    }
    size_t last = closed ? count : count - 1;
    for (size_t i = 0; i <= last; i++) {
        struct mqt_xy at = points[i < count ? i : 0];
        bool ends = !closed && (i == 0 || i == last);
        if (closed || i < last) {
            size_t from = i < count ? i : 0;
            if (!direction_of(at, points[from + 1 < count ? from + 1 : 0], &direction, &length)) {
                return;
            }
        }
        before = !closed && i == 0 ? direction : before;
        double stretch = 1 + before.x * direction.x + before.y * direction.y, scale = pencil->half / stretch;
        struct mqt_xy out = {-(before.y + direction.y) * scale, (before.x + direction.x) * scale};
        struct mqt_xy new_left = {at.x + out.x, at.y + out.y}, new_right = {at.x - out.x, at.y - out.y};
        if (i > 0) {
            mqt_raster_edge(pencil->canvas, right, new_right);
            mqt_raster_edge(pencil->canvas, new_left, left);
        }
        if (ends) {
            mqt_raster_edge(pencil->canvas, i == 0 ? new_left : new_right, i == 0 ? new_right : new_left);
            add_cap(pencil, at, i == 0 ? (struct mqt_xy){-direction.x, -direction.y} : direction);
        }
        left = new_left;
        right = new_right;
        before = direction;
    }
}

static void stroke_solid(const struct pencil *pencil, const struct mqt_xy *points, size_t count, bool closed)
{
    struct mqt_xy first = {0, 0}, before = {0, 0}, last_point = points[0];
    bool begun = false;
    size_t segments = closed ? count : count - 1;
    for (size_t i = 0; i < segments; i++) {
        struct mqt_xy a = points[i], b = points[i + 1 < count ? i + 1 : 0], direction;
        double length;
        if (!direction_of(a, b, &direction, &length)) {
            continue;
        }
        if (near_canvas(pencil, a, b)) {
            add_segment(pencil, a, b, direction);
        }
        if (begun && near_canvas(pencil, a, a)) {
            add_join(pencil, a, before, direction);
        } else if (!begun) {
            first = direction;
            if (!closed && near_canvas(pencil, a, a)) {
                add_cap(pencil, a, (struct mqt_xy){-direction.x, -direction.y});
            }
        }
        begun = true;
        before = direction;
        last_point = b;
    }
    if (!begun || !near_canvas(pencil, last_point, last_point)) {
        return;
    }
    if (closed) {
        add_join(pencil, last_point, before, first);
    } else {
        add_cap(pencil, last_point, before);
    }
}

static double pattern_px(const struct mqt_pen *pen)
{
    double total = 0;
    for (size_t i = 0; i < pen->dash_count; i++) {
        total += pen->dashes[i] * pen->width_px;
    }
    return total;
}

/* Draws what the pattern leaves of one segment; phase is where in the pattern it starts. */
static void dash_segment(const struct pencil *pencil, struct mqt_xy a, struct mqt_xy direction, double length,
                         double phase)
{
    const struct mqt_pen *pen = pencil->pen;
    double total = pattern_px(pen);
    /* A pattern of odd length would swap on and off each time round; the style has it as it is. */
    double at = -fmod(phase, total);
    at = at > 0 ? at - total : at;
    for (size_t i = 0; at < length; i = (i + 1) % pen->dash_count) {
        double end = at + pen->dashes[i] * pen->width_px;
        double from = at > 0 ? at : 0, to = end < length ? end : length;
        if (i % 2 == 0 && from < to) {
            struct mqt_xy start = along(a, direction, from), stop = along(a, direction, to);
            if (near_canvas(pencil, start, stop)) {
                add_segment(pencil, start, stop, direction);
            }
        }
        at = end;
    }
}

/* Moves the start of a long segment close to the canvas, so that only dashes near it are counted out. */
static double skip_far(const struct pencil *pencil, struct mqt_xy a, struct mqt_xy direction, double *length)
{
    double side = pencil->canvas->width_px + pencil->canvas->height_px + 4 * pencil->half;
    double middle_x = 0.5 * pencil->canvas->width_px - a.x, middle_y = 0.5 * pencil->canvas->height_px - a.y;
    double nearest = middle_x * direction.x + middle_y * direction.y;
    double from = nearest - side > 0 ? nearest - side : 0;
    double to = nearest + side < *length ? nearest + side : *length;
    *length = to > from ? to - from : 0;
    return from;
}

static void stroke_dashed(const struct pencil *pencil, const struct mqt_xy *points, size_t count, bool closed)
{
    const struct mqt_pen *pen = pencil->pen;
    double travelled = 0;
    size_t segments = closed ? count : count - 1;
    for (size_t i = 0; i < segments; i++) {
        struct mqt_xy a = points[i], b = points[i + 1 < count ? i + 1 : 0], direction;
        double length;
        if (!direction_of(a, b, &direction, &length)) {
            continue;
        }
        if (near_canvas(pencil, a, b)) {
            double phase = travelled, rest = length;
            if (pen->dash_by_place) {
                if (direction.x < 0 || (direction.x == 0 && direction.y < 0)) {
                    direction = (struct mqt_xy){-direction.x, -direction.y};
                    a = b;
                }
                phase = (a.x - pen->dash_origin.x) * direction.x + (a.y - pen->dash_origin.y) * direction.y;
            }
            double skipped = skip_far(pencil, a, direction, &rest);
            dash_segment(pencil, along(a, direction, skipped), direction, rest, phase + skipped);
        }
        travelled += length;
    }
}

void mqt_raster_stroke(struct mqt_canvas *canvas, const struct mqt_xy *points, size_t count, bool closed,
                       const struct mqt_pen *pen)
{
    if (count < 2 || !(pen->width_px > 0)) {
        return;
    }
    struct pencil pencil = {canvas, pen, pen->width_px / 2};
    if (pattern_px(pen) > 0.5) { /* finer patterns cannot be seen, only paid for */
        stroke_dashed(&pencil, points, count, closed);
    } else if (has_parallels(&pencil, points, count, closed)) {
        stroke_parallels(&pencil, points, count, closed);
    } else {
        stroke_solid(&pencil, points, count, closed);
    }
}
