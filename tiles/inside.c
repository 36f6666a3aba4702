#include "inside.h"

#include <stdlib.h>

enum { POINTS_A_STRIP = 4, MOST_STRIPS = 4096, MOST_COPIES = 8 /* of an edge, on average */ };

/* From the upper end to the lower one, so that neighbours see a common edge alike. */
struct edge {
    struct mqt_point top, bottom;
};

struct mqt_inside {
    struct mqt_box box;
    int64_t strip_height; /* world units */
    size_t strip_count;
    uint32_t *first;    /* of each strip in edges, and one more */
    struct edge *edges; /* an edge stands in every strip that it meets */
};

static struct edge edge_of(struct mqt_point a, struct mqt_point b)
{
    return a.y <= b.y ? (struct edge){a, b} : (struct edge){b, a};
}

/* A ray to the east meets the edge; the edge has its upper end but not its lower one. */
static bool meets(const struct edge *edge, struct mqt_point point)
{
    if (point.y < edge->top.y || point.y >= edge->bottom.y) {
        return false;
    }
    int64_t across = ((int64_t)edge->bottom.x - edge->top.x) * ((int64_t)point.y - edge->top.y);
    return across > ((int64_t)edge->bottom.y - edge->top.y) * ((int64_t)point.x - edge->top.x);
}

/* Calls take for each edge that is not level: a level one meets no ray. */
typedef void (*take_fn)(void *user, const struct edge *edge);
static void each_edge(const struct mqt_feature *polygon, take_fn take, void *user)
{
    const struct mqt_point *ring = polygon->points;
    for (size_t part = 0; part < polygon->part_count; part++) {
        size_t size = polygon->part_sizes[part];
        for (size_t i = 0, before = size - 1; i < size; before = i++) {
            if (ring[i].y != ring[before].y) {
                struct edge edge = edge_of(ring[before], ring[i]);
                take(user, &edge);
            }
        }
        ring += size;
    }
}

struct question {
    struct mqt_point point;
    bool inside;
};

static void ask(void *user, const struct edge *edge)
{
    struct question *question = user;
    question->inside ^= meets(edge, question->point);
}

bool mqt_feature_holds(const struct mqt_feature *polygon, struct mqt_point point)
{
    struct question question = {point, false};
    each_edge(polygon, ask, &question);
    return question.inside;
}

static size_t strip_of(const struct mqt_inside *inside, int32_t y)
{
    return (size_t)(((int64_t)y - inside->box.min_y) / inside->strip_height);
}

/* An edge that ends where a strip begins has nothing in it. */
static size_t last_strip(const struct mqt_inside *inside, const struct edge *edge)
{
    return strip_of(inside, edge->bottom.y - 1);
}

static void count_edge(void *user, const struct edge *edge)
{
    struct mqt_inside *inside = user;
    size_t last = last_strip(inside, edge);
    for (size_t strip = strip_of(inside, edge->top.y); strip <= last; strip++) {
        inside->first[strip]++;
    }
}

/* first[strip] is the end of the strip and moves to its beginning. */
static void place_edge(void *user, const struct edge *edge)
{
    struct mqt_inside *inside = user;
    size_t last = last_strip(inside, edge);
    for (size_t strip = strip_of(inside, edge->top.y); strip <= last; strip++) {
        inside->edges[--inside->first[strip]] = *edge;
    }
}

static void set_strips(struct mqt_inside *inside, size_t wanted)
{
    int64_t height = (int64_t)inside->box.max_y - inside->box.min_y + 1;
    inside->strip_height = (height + (int64_t)wanted - 1) / (int64_t)wanted;
    inside->strip_count = (size_t)((height + inside->strip_height - 1) / inside->strip_height);
}

struct spread {
    const struct mqt_inside *inside;
    size_t copies;
};

static void count_copies(void *user, const struct edge *edge)
{
    struct spread *spread = user;
    spread->copies += last_strip(spread->inside, edge) - strip_of(spread->inside, edge->top.y) + 1;
}

/* As many strips as there may be without standing many times for long edges. */
static void choose_strips(struct mqt_inside *inside, const struct mqt_feature *polygon)
{
    size_t wanted = polygon->point_count / POINTS_A_STRIP + 1;
    struct spread spread = {.inside = inside};
    set_strips(inside, wanted < MOST_STRIPS ? wanted : MOST_STRIPS);
    each_edge(polygon, count_copies, &spread);
    while (inside->strip_count > 1 && spread.copies > MOST_COPIES * polygon->point_count) {
        set_strips(inside, inside->strip_count / 2);
        spread.copies = 0;
        each_edge(polygon, count_copies, &spread);
    }
}

enum mqt_err mqt_inside_new(const struct mqt_feature *polygon, struct mqt_inside **out)
{
    struct mqt_inside *inside = calloc(1, sizeof *inside);
    if (!inside) {
        return MQT_ERR_MEMORY;
    }
    inside->box = polygon->box;
    choose_strips(inside, polygon);
    inside->first = calloc(inside->strip_count + 1, sizeof *inside->first);
    if (!inside->first) {
        mqt_inside_free(inside);
        return MQT_ERR_MEMORY;
    }
    each_edge(polygon, count_edge, inside);
    for (size_t strip = 1; strip <= inside->strip_count; strip++) {
        inside->first[strip] += inside->first[strip - 1];
    }
    inside->edges = calloc((size_t)inside->first[inside->strip_count] + 1, sizeof *inside->edges);
    if (!inside->edges) {
        mqt_inside_free(inside);
        return MQT_ERR_MEMORY;
    }
    each_edge(polygon, place_edge, inside);
    *out = inside;
    return MQT_OK;
}

void mqt_inside_free(struct mqt_inside *inside)
{
    if (inside) {
        free(inside->first);
        free(inside->edges);
        free(inside);
    }
}

bool mqt_inside_holds(const struct mqt_inside *inside, struct mqt_point point)
{
    const struct mqt_box *box = &inside->box;
    if (point.x < box->min_x || point.x > box->max_x || point.y < box->min_y || point.y > box->max_y) {
        return false;
    }
    bool holds = false;
    size_t strip = strip_of(inside, point.y);
    for (uint32_t i = inside->first[strip]; i < inside->first[strip + 1]; i++) {
        holds ^= meets(&inside->edges[i], point);
    }
    return holds;
}
