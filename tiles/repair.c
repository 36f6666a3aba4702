#include "repair.h"

#include "ring.h"
#include "valid.h"

#include <stdlib.h>
#include <string.h>

#define REPAIR_MAX_BYTES ((size_t)1 << 28)

/* From a to b, a before b in reading order (x, then y). */
struct edge {
    struct mqt_point a, b;
};

/* A point where an edge is to be cut. */
struct split {
    uint32_t edge;
    int64_t along; /* grows from the edge's a to its b */
    struct mqt_point at;
};

void mqt_repair_init(struct mqt_repair *repair, size_t most_work)
{
    repair->most_work = most_work;
    mqt_buf_init(&repair->edges, REPAIR_MAX_BYTES);
    mqt_buf_init(&repair->splits, REPAIR_MAX_BYTES);
    mqt_buf_init(&repair->spare, REPAIR_MAX_BYTES);
    mqt_buf_init(&repair->path, REPAIR_MAX_BYTES);
    mqt_outline_init(&repair->loops);
}

void mqt_repair_clear(struct mqt_repair *repair)
{
    mqt_buf_clear(&repair->edges);
    mqt_buf_clear(&repair->splits);
    mqt_buf_clear(&repair->spare);
    mqt_buf_clear(&repair->path);
    mqt_outline_clear(&repair->loops);
}

static struct edge *edges_of(const struct mqt_buf *buf, size_t *count)
{
    *count = buf->len / sizeof(struct edge);
    return (struct edge *)(void *)buf->data;
}

static int compare_points(struct mqt_point a, struct mqt_point b)
{
    if (a.x != b.x) {
        return a.x < b.x ? -1 : 1;
    }
    return a.y < b.y ? -1 : a.y > b.y;
}

static void add_edge(struct mqt_buf *edges, struct mqt_point a, struct mqt_point b)
{
    int order = compare_points(a, b);
    struct edge edge = order < 0 ? (struct edge){a, b} : (struct edge){b, a};
    if (order != 0) {
        mqt_buf_add(edges, &edge, sizeof edge);
    }
}

static int compare_edges(const void *left, const void *right)
{
    const struct edge *e = left;
    const struct edge *f = right;
    int order = compare_points(e->a, f->a);
    return order ? order : compare_points(e->b, f->b);
}

static int64_t turn(struct mqt_point a, struct mqt_point b, struct mqt_point c)
{
    return ((int64_t)b.x - a.x) * ((int64_t)c.y - a.y) - ((int64_t)b.y - a.y) * ((int64_t)c.x - a.x);
}

static int sign(int64_t value)
{
    return value < 0 ? -1 : value > 0;
}

static void add_split(struct mqt_buf *splits, const struct edge *edges, uint32_t edge, struct mqt_point at)
{
    const struct edge *e = &edges[edge];
    if (compare_points(at, e->a) == 0 || compare_points(at, e->b) == 0) {
        return;
    }
    int64_t along =
        ((int64_t)at.x - e->a.x) * ((int64_t)e->b.x - e->a.x) + ((int64_t)at.y - e->a.y) * ((int64_t)e->b.y - e->a.y);
    struct split split = {edge, along, at};
    mqt_buf_add(splits, &split, sizeof split);
}

static bool on_edge(const struct edge *e, struct mqt_point p)
{
    int32_t low = e->a.y < e->b.y ? e->a.y : e->b.y;
    int32_t high = e->a.y < e->b.y ? e->b.y : e->a.y;
    return turn(e->a, e->b, p) == 0 && p.x >= e->a.x && p.x <= e->b.x && p.y >= low && p.y <= high;
}

static int32_t divide_rounded(int64_t dividend, int64_t divisor)
{
    int64_t twice = 2 * dividend + divisor; /* divisor is positive */
    int64_t quotient = twice / (2 * divisor);
    return (int32_t)(twice % (2 * divisor) < 0 ? quotient - 1 : quotient);
}

/* Where two crossing edges meet, on the grid. */
static struct mqt_point crossing(const struct edge *e, const struct edge *f)
{
    int64_t ex = (int64_t)e->b.x - e->a.x;
    int64_t ey = (int64_t)e->b.y - e->a.y;
    int64_t along = turn(f->a, f->b, e->a);
    int64_t whole = along - turn(f->a, f->b, e->b);
    if (whole < 0) {
        along = -along;
        whole = -whole;
    }
    return (struct mqt_point){e->a.x + divide_rounded(ex * along, whole), e->a.y + divide_rounded(ey * along, whole)};
}

static void split_pair(struct mqt_buf *splits, const struct edge *edges, uint32_t i, uint32_t j)
{
    const struct edge *e = &edges[i];
    const struct edge *f = &edges[j];
    int fa = sign(turn(e->a, e->b, f->a));
    int fb = sign(turn(e->a, e->b, f->b));
    int ea = sign(turn(f->a, f->b, e->a));
    int eb = sign(turn(f->a, f->b, e->b));
    if (fa * fb < 0 && ea * eb < 0) {
        struct mqt_point at = crossing(e, f);
        add_split(splits, edges, i, at);
        add_split(splits, edges, j, at);
        return;
    }
    if (fa == 0 && on_edge(e, f->a)) {
        add_split(splits, edges, i, f->a);
    }
    if (fb == 0 && on_edge(e, f->b)) {
        add_split(splits, edges, i, f->b);
    }
    if (ea == 0 && on_edge(f, e->a)) {
        add_split(splits, edges, j, e->a);
    }
    if (eb == 0 && on_edge(f, e->b)) {
        add_split(splits, edges, j, e->b);
    }
}

static int compare_splits(const void *left, const void *right)
{
    const struct split *s = left;
    const struct split *t = right;
    if (s->edge != t->edge) {
        return s->edge < t->edge ? -1 : 1;
    }
    return s->along < t->along ? -1 : s->along > t->along;
}

/* Cuts the edges at the splits, into repair->spare. */
static void cut_edges(struct mqt_repair *repair)
{
    size_t edge_count;
    const struct edge *edges = edges_of(&repair->edges, &edge_count);
    size_t split_count = repair->splits.len / sizeof(struct split);
    struct split *splits = (struct split *)(void *)repair->splits.data;
    qsort(splits, split_count, sizeof *splits, compare_splits);
    mqt_buf_reset(&repair->spare);
    size_t next = 0;
    for (uint32_t i = 0; i < edge_count; i++) {
        struct mqt_point from = edges[i].a;
        for (; next < split_count && splits[next].edge == i; next++) {
            add_edge(&repair->spare, from, splits[next].at);
            from = splits[next].at;
        }
        add_edge(&repair->spare, from, edges[i].b);
    }
}

/* Cuts edges until they meet in end points only. Every cut is at a grid point and makes the pieces
 * shorter, so this comes to an end. */
static enum mqt_err node_edges(struct mqt_repair *repair)
{
    for (;;) {
        size_t count;
        struct edge *edges = edges_of(&repair->edges, &count);
        qsort(edges, count, sizeof *edges, compare_edges);
        mqt_buf_reset(&repair->splits);
        for (uint32_t i = 0; i < count; i++) {
            for (uint32_t j = i + 1; j < count && edges[j].a.x <= edges[i].b.x; j++) {
                split_pair(&repair->splits, edges, i, j);
                repair->work++;
            }
            if (repair->work > repair->most_work) {
                return MQT_ERR_LIMIT;
            }
        }
        enum mqt_err err = mqt_buf_err(&repair->splits);
        if (err || repair->splits.len == 0) {
            return err;
        }
        cut_edges(repair);
        struct mqt_buf swap = repair->edges;
        repair->edges = repair->spare;
        repair->spare = swap;
        err = mqt_buf_err(&repair->edges);
        if (err) {
            return err;
        }
    }
}

/* Edges that are there an even number of times have the same on both sides: they go. */
static void cancel_edges(struct mqt_buf *buf)
{
    size_t count;
    struct edge *edges = edges_of(buf, &count);
    size_t kept = 0;
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && compare_edges(&edges[first], &edges[end]) == 0) {
            end++;
        }
        if ((end - first) % 2 == 1) {
            edges[kept++] = edges[first];
        }
    }
    buf->len = kept * sizeof *edges;
}

/* Whether the shape lies above an edge that is not upright, or left of an upright one. */
static bool shape_before(const struct edge *edges, size_t count, const struct edge *e)
{
    int64_t x = (int64_t)e->a.x + e->b.x; /* twice the middle */
    int64_t y = (int64_t)e->a.y + e->b.y;
    bool upright = e->a.x == e->b.x;
    bool inside = false;
    for (size_t i = 0; i < count; i++) {
        const struct edge *f = &edges[i];
        int64_t ax = 2 * (int64_t)f->a.x;
        int64_t ay = 2 * (int64_t)f->a.y;
        int64_t bx = 2 * (int64_t)f->b.x;
        int64_t by = 2 * (int64_t)f->b.y;
        if (f == e || (upright ? (ay > y) == (by > y) : (ax > x) == (bx > x))) {
            continue;
        }
        int64_t side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        /* The ray goes up, or to the left: does it meet f? */
        bool hit = upright ? (side < 0) == (by > ay) : side > 0;
        inside ^= hit;
    }
    return inside;
}

/* Gives every edge the direction that has the shape on its right hand (clockwise on screen). */
static enum mqt_err direct_edges(struct mqt_repair *repair)
{
    size_t count;
    const struct edge *edges = edges_of(&repair->edges, &count);
    mqt_buf_reset(&repair->spare);
    if (count > 0 && (repair->most_work - repair->work) / count < count) {
        return MQT_ERR_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        bool upright = edges[i].a.x == edges[i].b.x;
        struct edge directed = edges[i];
        if (shape_before(edges, count, &edges[i]) != upright) {
            directed = (struct edge){edges[i].b, edges[i].a};
        }
        mqt_buf_add(&repair->spare, &directed, sizeof directed);
    }
    enum mqt_err err = mqt_buf_err(&repair->spare);
    if (!err && count > 0) {
        qsort(repair->spare.data, count, sizeof *edges, compare_edges);
    }
    return err;
}

/* First of the sorted edges that starts at p. */
static size_t first_from(const struct edge *edges, size_t count, struct mqt_point p)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_points(edges[middle].a, p) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* How far b is turned from the way back along in, against the clock on screen, against how far a is. */
static bool turned_less(struct edge in, struct mqt_point a, struct mqt_point b)
{
    int64_t ux = (int64_t)in.a.x - in.b.x;
    int64_t uy = (int64_t)in.a.y - in.b.y;
    int64_t across_a = ux * ((int64_t)a.y - in.b.y) - uy * ((int64_t)a.x - in.b.x);
    int64_t across_b = ux * ((int64_t)b.y - in.b.y) - uy * ((int64_t)b.x - in.b.x);
    int half_a = across_a < 0 ? 0 : across_a > 0 ? 2 : 1;
    int half_b = across_b < 0 ? 0 : across_b > 0 ? 2 : 1;
    return half_a != half_b ? half_a < half_b : turn(in.b, a, b) < 0;
}

/* The edge to follow after in: the first one when turning from the way back over the shape's side. */
static size_t next_edge(const struct edge *edges, size_t count, const uint8_t *used, struct edge in)
{
    size_t best = count;
    for (size_t i = first_from(edges, count, in.b); i < count && compare_points(edges[i].a, in.b) == 0; i++) {
        if (!used[i] && (best == count || turned_less(in, edges[i].b, edges[best].b))) {
            best = i;
        }
    }
    return best;
}

/* Takes the loop that begins at path position from off the path. */
static void take_loop(struct mqt_repair *repair, size_t from)
{
    const struct mqt_point *path = (const struct mqt_point *)(const void *)repair->path.data;
    size_t size = repair->path.len / sizeof *path - from;
    if (size >= 3) {
        uint32_t part = (uint32_t)size | (mqt_ring_area2(path + from, size) > 0 ? MQT_PART_OUTER : 0);
        mqt_buf_add(&repair->loops.points, path + from, size * sizeof *path);
        mqt_buf_add(&repair->loops.parts, &part, sizeof part);
    }
    repair->path.len = from * sizeof *path;
}

/* Follows the edges from one of them until back at its start, taking off a loop whenever a point is
 * met again, so that no loop touches itself. */
static void walk(struct mqt_repair *repair, size_t start, uint8_t *used)
{
    size_t count;
    const struct edge *edges = edges_of(&repair->spare, &count);
    mqt_buf_reset(&repair->path);
    mqt_buf_add(&repair->path, &edges[start].a, sizeof edges[start].a);
    for (size_t at = start; at < count && !mqt_buf_err(&repair->path);) {
        used[at] = 1;
        const struct mqt_point *path = (const struct mqt_point *)(const void *)repair->path.data;
        size_t seen = repair->path.len / sizeof *path;
        while (seen > 0 && compare_points(path[seen - 1], edges[at].b) != 0) {
            seen--;
        }
        if (seen > 0) {
            take_loop(repair, seen - 1);
        }
        mqt_buf_add(&repair->path, &edges[at].b, sizeof edges[at].b);
        at = seen == 1 ? count : next_edge(edges, count, used, edges[at]);
    }
}

static enum mqt_err trace_loops(struct mqt_repair *repair)
{
    size_t count = repair->spare.len / sizeof(struct edge);
    uint8_t *used = calloc(count + 1, 1);
    if (!used) {
        return MQT_ERR_MEMORY;
    }
    mqt_buf_reset(&repair->loops.points);
    mqt_buf_reset(&repair->loops.parts);
    for (size_t i = 0; i < count; i++) {
        if (!used[i]) {
            walk(repair, i, used);
        }
    }
    free(used);
    enum mqt_err err = mqt_buf_err(&repair->path);
    err = err ? err : mqt_buf_err(&repair->loops.points);
    return err ? err : mqt_buf_err(&repair->loops.parts);
}

struct loop {
    const struct mqt_point *points;
    size_t size;
    mqt_wide area2;
    size_t owner; /* of a hole: number of its outer ring; no such ring: the number of loops */
};

/* The smallest outer loop around a hole. */
static size_t owner_of(const struct loop *loops, size_t count, const struct loop *hole)
{
    int64_t x = (int64_t)hole->points[0].x + hole->points[1].x;
    int64_t y = (int64_t)hole->points[0].y + hole->points[1].y;
    size_t owner = count;
    for (size_t i = 0; i < count; i++) {
        if (loops[i].area2 > 0 && (owner == count || loops[i].area2 < loops[owner].area2) &&
            mqt_ring_holds(loops[i].points, loops[i].size, x, y)) {
            owner = i;
        }
    }
    return owner;
}

static void add_loop(struct mqt_outline *rings, const struct loop *loop)
{
    uint32_t part = (uint32_t)loop->size | (loop->area2 > 0 ? MQT_PART_OUTER : 0);
    mqt_buf_add(&rings->points, loop->points, loop->size * sizeof *loop->points);
    mqt_buf_add(&rings->parts, &part, sizeof part);
}

/* Writes the loops to rings, each outer one followed by its holes. */
static enum mqt_err sort_loops(const struct mqt_outline *traced, struct mqt_outline *rings)
{
    size_t count = mqt_outline_part_count(traced);
    struct loop *loops = calloc(count + 1, sizeof *loops);
    if (!loops) {
        return MQT_ERR_MEMORY;
    }
    const struct mqt_point *points = mqt_outline_points(traced);
    for (size_t i = 0; i < count; i++) {
        size_t size = mqt_outline_parts(traced)[i] & ~MQT_PART_OUTER;
        loops[i] = (struct loop){points, size, mqt_ring_area2(points, size), count};
        points += size;
    }
    for (size_t i = 0; i < count; i++) {
        if (loops[i].area2 < 0) {
            loops[i].owner = owner_of(loops, count, &loops[i]);
        }
    }
    mqt_buf_reset(&rings->points);
    mqt_buf_reset(&rings->parts);
    for (size_t i = 0; i < count; i++) {
        if (loops[i].area2 > 0) {
            add_loop(rings, &loops[i]);
        }
        for (size_t j = 0; loops[i].area2 > 0 && j < count; j++) {
            if (loops[j].area2 < 0 && loops[j].owner == i) {
                add_loop(rings, &loops[j]);
            }
        }
    }
    free(loops);
    enum mqt_err err = mqt_buf_err(&rings->points);
    return err ? err : mqt_buf_err(&rings->parts);
}

enum mqt_err mqt_rings_repair(struct mqt_repair *repair, struct mqt_outline *rings)
{
    const struct mqt_point *ring = mqt_outline_points(rings);
    repair->work = 0;
    mqt_buf_reset(&repair->edges);
    for (size_t part = 0; part < mqt_outline_part_count(rings); part++) {
        size_t size = mqt_outline_parts(rings)[part] & ~MQT_PART_OUTER;
        for (size_t i = 0; i < size; i++) {
            add_edge(&repair->edges, ring[i], ring[(i + 1) % size]);
        }
        ring += size;
    }
    enum mqt_err err = mqt_buf_err(&repair->edges);
    if (!err && repair->edges.len > 0) {
        err = node_edges(repair);
    }
    if (!err) {
        cancel_edges(&repair->edges);
        err = direct_edges(repair);
    }
    if (!err) {
        err = trace_loops(repair);
    }
    return err ? err : sort_loops(&repair->loops, rings);
}
