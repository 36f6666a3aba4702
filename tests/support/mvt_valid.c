#include "mvt_read.h"

#include <stdio.h>

static int turn(struct mvt_point a, struct mvt_point b, struct mvt_point c)
{
    int64_t cross = ((int64_t)b.x - a.x) * ((int64_t)c.y - a.y) - ((int64_t)b.y - a.y) * ((int64_t)c.x - a.x);
    return cross < 0 ? -1 : cross > 0;
}

static bool same(struct mvt_point a, struct mvt_point b)
{
    return a.x == b.x && a.y == b.y;
}

static bool between(int32_t a, int32_t b, int32_t c)
{
    return a < b ? c >= a && c <= b : c >= b && c <= a;
}

static bool on_segment(struct mvt_point a, struct mvt_point b, struct mvt_point p)
{
    return turn(a, b, p) == 0 && between(a.x, b.x, p.x) && between(a.y, b.y, p.y);
}

enum meeting { APART, TOUCH, CROSS };

/* CROSS: the segments share more than one point, or one that is inside both of them. */
static enum meeting meet(struct mvt_point a, struct mvt_point b, struct mvt_point c, struct mvt_point d)
{
    int abc = turn(a, b, c), abd = turn(a, b, d), cda = turn(c, d, a), cdb = turn(c, d, b);
    if (abc * abd < 0 && cda * cdb < 0) {
        return CROSS;
    }
    struct mvt_point ends[4] = {c, d, a, b};
    bool on[4] = {on_segment(a, b, c), on_segment(a, b, d), on_segment(c, d, a), on_segment(c, d, b)};
    enum meeting found = APART;
    struct mvt_point first = {0, 0};
    for (int i = 0; i < 4; i++) {
        if (on[i] && found == TOUCH && !same(first, ends[i])) {
            return CROSS;
        }
        if (on[i]) {
            found = TOUCH;
            first = ends[i];
        }
    }
    return found;
}

struct ring {
    const struct mvt_point *points;
    size_t count;
};

static bool ring_simple(struct ring ring)
{
    for (size_t i = 0; i < ring.count; i++) {
        struct mvt_point a = ring.points[i];
        struct mvt_point b = ring.points[(i + 1) % ring.count];
        for (size_t j = i + 1; j < ring.count; j++) {
            bool next = j == i + 1 || (i == 0 && j == ring.count - 1);
            enum meeting found = meet(a, b, ring.points[j], ring.points[(j + 1) % ring.count]);
            if (found == CROSS || (found == TOUCH && !next)) {
                return false;
            }
        }
    }
    return true;
}

static bool rings_cross(struct ring one, struct ring other)
{
    for (size_t i = 0; i < one.count; i++) {
        for (size_t j = 0; j < other.count; j++) {
            if (meet(one.points[i], one.points[(i + 1) % one.count], other.points[j],
                     other.points[(j + 1) % other.count]) == CROSS) {
                return true;
            }
        }
    }
    return false;
}

/* 1 inside, 0 on the border, -1 outside. */
static int point_in_ring(struct mvt_point p, struct ring ring)
{
    int side = -1;
    for (size_t i = 0, j = ring.count - 1; i < ring.count; j = i++) {
        struct mvt_point a = ring.points[j];
        struct mvt_point b = ring.points[i];
        if (on_segment(a, b, p)) {
            return 0;
        }
        if ((a.y > p.y) != (b.y > p.y) && (turn(a, b, p) > 0) == (b.y > a.y)) {
            side = -side;
        }
    }
    return side;
}

/* Whether some point of the inner ring lies outside the outer one. */
static bool sticks_out(struct ring inner, struct ring outer)
{
    for (size_t i = 0; i < inner.count; i++) {
        if (point_in_ring(inner.points[i], outer) < 0) {
            return true;
        }
    }
    return false;
}

static bool is_outer(struct ring ring)
{
    int64_t area2 = 0;
    for (size_t i = 0, j = ring.count - 1; i < ring.count; j = i++) {
        area2 += (int64_t)ring.points[j].x * ring.points[i].y - (int64_t)ring.points[i].x * ring.points[j].y;
    }
    return area2 > 0;
}

bool mvt_polygon_valid(const struct mvt_feature *feature, char *why, size_t why_size)
{
    struct ring outer = {feature->points, 0};
    struct ring ring = {feature->points, 0};
    for (size_t i = 0; feature->type == 3 && i < feature->part_count; i++) {
        ring.points += ring.count;
        ring.count = feature->parts[i];
        if (!ring_simple(ring)) {
            (void)snprintf(why, why_size, "ring %zu of feature %llu is not simple", i, (unsigned long long)feature->id);
            return false;
        }
        if (is_outer(ring)) {
            outer = ring;
        } else if (sticks_out(ring, outer)) {
            (void)snprintf(why, why_size, "hole %zu of feature %llu sticks out", i, (unsigned long long)feature->id);
            return false;
        }
        struct ring other = {feature->points, 0};
        for (size_t j = 0; j < i; j++) {
            other.points += other.count;
            other.count = feature->parts[j];
            if (rings_cross(ring, other)) {
                (void)snprintf(why, why_size, "rings %zu and %zu of feature %llu cross", j, i,
                               (unsigned long long)feature->id);
                return false;
            }
        }
    }
    return true;
}
