#include "valid.h"

#include "ring.h"

#include <stdlib.h>

enum {
    SWEEP_FROM = 48,        /* edges; below, trying all pairs is faster than sorting */
    MOST_PAIRS_EACH = 2000, /* a shape whose every edge lies beside so many others counts as not valid */
};

struct edge {
    struct mqt_point a, b;
    uint32_t ring, number; /* number of the edge in its ring */
    uint32_t size;         /* of the ring */
};

bool mqt_ring_holds(const struct mqt_point *ring, size_t count, int64_t twice_x, int64_t twice_y)
{
    bool inside = false;
    for (size_t i = 0, j = count - 1; i < count; j = i++) {
        int64_t ay = 2 * (int64_t)ring[j].y;
        int64_t by = 2 * (int64_t)ring[i].y;
        if ((ay > twice_y) == (by > twice_y)) {
            continue;
        }
        int64_t ax = 2 * (int64_t)ring[j].x;
        int64_t bx = 2 * (int64_t)ring[i].x;
        mqt_wide side = (mqt_wide)(bx - ax) * (twice_y - ay) - (mqt_wide)(by - ay) * (twice_x - ax);
        if ((side > 0) == (by > ay)) {
            inside = !inside;
        }
    }
    return inside;
}

static bool ranges_meet(int32_t a, int32_t b, int32_t c, int32_t d)
{
    int32_t low = a < b ? a : b;
    int32_t high = a < b ? b : a;
    return (c >= low || d >= low) && (c <= high || d <= high);
}

static int sign(mqt_wide value)
{
    return value < 0 ? -1 : value > 0;
}

/* Whether two segments whose boxes meet share a point. */
static bool cross(struct mqt_point a, struct mqt_point b, struct mqt_point c, struct mqt_point d)
{
    return sign(mqt_turn(a, b, c)) * sign(mqt_turn(a, b, d)) <= 0 &&
           sign(mqt_turn(c, d, a)) * sign(mqt_turn(c, d, b)) <= 0;
}

/* Whether two segments share a point. */
static bool meet(struct mqt_point a, struct mqt_point b, struct mqt_point c, struct mqt_point d)
{
    return ranges_meet(a.x, b.x, c.x, d.x) && ranges_meet(a.y, b.y, c.y, d.y) && cross(a, b, c, d);
}

static bool neighbours(const struct edge *e, const struct edge *f)
{
    if (e->ring != f->ring) {
        return false;
    }
    uint32_t gap = e->number < f->number ? f->number - e->number : e->number - f->number;
    return gap == 1 || gap == e->size - 1;
}

/* Whether the edge that starts at first shares a point with one of those that start at from .. end-1. */
static bool meets_one(const struct mqt_point *ring, size_t count, size_t first, size_t from, size_t end)
{
    struct mqt_point a = ring[first], b = ring[first + 1];
    struct mqt_box box = {a.x < b.x ? a.x : b.x, a.y < b.y ? a.y : b.y, a.x < b.x ? b.x : a.x, a.y < b.y ? b.y : a.y};
    for (size_t i = from; i < end; i++) {
        struct mqt_point c = ring[i], d = ring[i + 1 < count ? i + 1 : 0];
        bool apart = (c.x < box.min_x && d.x < box.min_x) || (c.x > box.max_x && d.x > box.max_x) ||
                     (c.y < box.min_y && d.y < box.min_y) || (c.y > box.max_y && d.y > box.max_y);
        if (!apart && cross(a, b, c, d)) {
            return true;
        }
    }
    return false;
}

/* A ring on its own: its turning, and for a small one that no two edges meet. A spike needs no look of
 * its own: the edge after it begins on the one before it. */
static bool ring_sound(const struct mqt_point *ring, size_t count, bool outer)
{
    mqt_wide area2 = mqt_ring_area2(ring, count);
    if (outer ? area2 <= 0 : area2 >= 0) {
        return false;
    }
    if (count >= SWEEP_FROM) {
        return true;
    }
    for (size_t i = 0; i + 2 < count; i++) {
        /* The last edge is the first one's neighbour. */
        if (meets_one(ring, count, i, i + 2, i == 0 ? count - 1 : count)) {
            return false;
        }
    }
    return true;
}

static int compare_edges(const void *left, const void *right)
{
    const struct edge *e = left;
    const struct edge *f = right;
    int32_t e_low = e->a.x < e->b.x ? e->a.x : e->b.x;
    int32_t f_low = f->a.x < f->b.x ? f->a.x : f->b.x;
    return e_low < f_low ? -1 : e_low > f_low;
}

/* Sorts the edges by their left end and compares each with those that start before it ends. */
static bool sweep(struct edge *edges, size_t count)
{
    size_t pairs = 0;
    qsort(edges, count, sizeof *edges, compare_edges);
    for (size_t i = 0; i < count; i++) {
        int32_t high = edges[i].a.x > edges[i].b.x ? edges[i].a.x : edges[i].b.x;
        for (size_t j = i + 1; j < count; j++, pairs++) {
            if (edges[j].a.x > high && edges[j].b.x > high) {
                break;
            }
            if (!neighbours(&edges[i], &edges[j]) && meet(edges[i].a, edges[i].b, edges[j].a, edges[j].b)) {
                return false;
            }
        }
        if (pairs / MOST_PAIRS_EACH > count) {
            return false;
        }
    }
    return true;
}

/* No two edges of all rings meet but neighbours. false as well when there is no memory to tell. */
static bool edges_apart(const struct mqt_outline *rings)
{
    size_t count = mqt_outline_point_count(rings);
    const struct mqt_point *ring = mqt_outline_points(rings);
    struct edge *edges = malloc(count * sizeof *edges);
    if (!edges) {
        return false;
    }
    size_t used = 0;
    for (uint32_t part = 0; part < mqt_outline_part_count(rings); part++) {
        uint32_t size = mqt_outline_parts(rings)[part] & ~MQT_PART_OUTER;
        for (uint32_t i = 0; i < size; i++) {
            edges[used++] = (struct edge){ring[i], ring[i + 1 < size ? i + 1 : 0], part, i, size};
        }
        ring += size;
    }
    bool apart = sweep(edges, count);
    free(edges);
    return apart;
}

bool mqt_rings_valid(const struct mqt_outline *rings)
{
    const struct mqt_point *ring = mqt_outline_points(rings);
    const struct mqt_point *outer = ring;
    size_t outer_size = 0;
    size_t part_count = mqt_outline_part_count(rings);
    for (size_t part = 0; part < part_count; part++) {
        uint32_t described = mqt_outline_parts(rings)[part];
        size_t size = described & ~MQT_PART_OUTER;
        if (!ring_sound(ring, size, described & MQT_PART_OUTER)) {
            return false;
        }
        if (described & MQT_PART_OUTER) {
            outer = ring;
            outer_size = size;
        } else if (!mqt_ring_holds(outer, outer_size, 2 * (int64_t)ring->x, 2 * (int64_t)ring->y)) {
            return false;
        }
        ring += size;
    }
    return (part_count == 1 && outer_size < SWEEP_FROM) || edges_apart(rings);
}
