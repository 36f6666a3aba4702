#include "heat.h"

#include "density.h"
#include "hilbert.h"
#include "png.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    NODE = 16,       /* tickets or nodes under one node of the tree */
    MAX_LEVELS = 8,  /* 16^8 tickets */
    MERGE_AT = 4096, /* tail and dead tickets together that make a new base worth its sort */
    BLOCK = 64       /* pixels coloured at once, a constant that lets the loops become vector code */
};

/* Colours tell this many doublings apart; LOG_RANGE is 2^LOG_OCTAVES - 1. */
#define LOG_OCTAVES 10.0f
#define LOG_RANGE 1023.0f

/* Tickets in Hilbert order under a packed tree of boxes; shared by the snapshots made from it. */
struct base {
    atomic_size_t refs;
    size_t count;
    struct mqt_heat_ticket *tickets;
    uint32_t *by_id; /* indices into tickets, ids ascending */
    int level_count;
    size_t level_sizes[MAX_LEVELS];
    struct mqt_box *levels[MAX_LEVELS]; /* [0] are the leaves, 16 tickets each */
};

struct mqt_heat {
    atomic_size_t refs;
    struct base *base;
    uint8_t *dead; /* a bit per base ticket that was removed or replaced; NULL: none */
    size_t dead_count;
    struct mqt_heat_ticket *tail; /* tickets that came after the base, ids ascending */
    size_t tail_count;
};

static uint64_t curve_place(struct mqt_point place)
{
    return mqt_hilbert((uint32_t)place.x, (uint32_t)place.y, MQT_WORLD_BITS);
}

struct sort_key {
    uint64_t key, id; /* equal places are ordered by id, so that equal input gives equal sums */
    uint32_t index;
};

static int compare_keys(const void *a, const void *b)
{
    const struct sort_key *left = a, *right = b;
    if (left->key != right->key) {
        return left->key < right->key ? -1 : 1;
    }
    return left->id < right->id ? -1 : left->id > right->id;
}

static void base_release(struct base *base)
{
    if (!base || atomic_fetch_sub_explicit(&base->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (int level = 0; level < base->level_count; level++) {
        free(base->levels[level]);
    }
    free(base->tickets);
    free(base->by_id);
    free(base);
}

static bool build_tree(struct base *base)
{
    size_t below = base->count;
    do {
        size_t size = (below + NODE - 1) / NODE;
        struct mqt_box *nodes = malloc((size ? size : 1) * sizeof *nodes);
        if (!nodes) {
            return false;
        }
        const struct mqt_box *children = base->level_count ? base->levels[base->level_count - 1] : NULL;
        for (size_t i = 0; i < size; i++) {
            struct mqt_box box = mqt_box_empty();
            for (size_t j = i * NODE; j < (i + 1) * NODE && j < below; j++) {
                struct mqt_point p = children ? (struct mqt_point){0, 0} : base->tickets[j].place;
                box = mqt_box_union(box, children ? children[j] : (struct mqt_box){p.x, p.y, p.x, p.y});
            }
            nodes[i] = box;
        }
        base->levels[base->level_count] = nodes;
        base->level_sizes[base->level_count++] = size;
        below = size;
    } while (below > 1);
    return true;
}

/* Takes over nothing; copies tickets in curve order. */
static enum mqt_err base_new(const struct mqt_heat_ticket *tickets, size_t count, struct base **base)
{
    if (count > UINT32_MAX / 2) {
        return MQT_ERR_LIMIT;
    }
    enum mqt_err err = MQT_ERR_MEMORY;
    struct sort_key *keys = malloc((count + 1) * sizeof *keys);
    struct base *made = calloc(1, sizeof *made);
    if (!keys || !made) {
        goto done;
    }
    atomic_init(&made->refs, 1);
    made->count = count;
    made->tickets = malloc((count + 1) * sizeof *made->tickets);
    made->by_id = malloc((count + 1) * sizeof *made->by_id);
    if (!made->tickets || !made->by_id) {
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        keys[i] = (struct sort_key){curve_place(tickets[i].place), tickets[i].id, (uint32_t)i};
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++) {
        made->tickets[i] = tickets[keys[i].index];
        keys[i] = (struct sort_key){keys[i].id, 0, (uint32_t)i};
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++) {
        made->by_id[i] = keys[i].index;
    }
    if (!build_tree(made)) {
        goto done;
    }
    *base = made;
    made = NULL;
    err = MQT_OK;
done:
    free(keys);
    base_release(made);
    return err;
}

/* Index of the ticket in the base, or SIZE_MAX. */
static size_t base_find(const struct base *base, uint64_t id)
{
    size_t low = 0, high = base->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (base->tickets[base->by_id[middle]].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < base->count && base->tickets[base->by_id[low]].id == id ? base->by_id[low] : SIZE_MAX;
}

static bool is_dead(const struct mqt_heat *heat, size_t index)
{
    return heat->dead && (heat->dead[index / 8] >> (index % 8) & 1) != 0;
}

enum mqt_err mqt_heat_new(const struct mqt_heat_ticket *tickets, size_t count, struct mqt_heat **heat)
{
    struct mqt_heat *made = calloc(1, sizeof *made);
    if (!made) {
        return MQT_ERR_MEMORY;
    }
    atomic_init(&made->refs, 1);
    enum mqt_err err = base_new(tickets, count, &made->base);
    if (err) {
        free(made);
        return err;
    }
    *heat = made;
    return MQT_OK;
}

struct mqt_heat *mqt_heat_retain(struct mqt_heat *heat)
{
    atomic_fetch_add_explicit(&heat->refs, 1, memory_order_relaxed);
    return heat;
}

void mqt_heat_release(struct mqt_heat *heat)
{
    if (!heat || atomic_fetch_sub_explicit(&heat->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    base_release(heat->base);
    free(heat->dead);
    free(heat->tail);
    free(heat);
}

size_t mqt_heat_count(const struct mqt_heat *heat)
{
    return heat->base->count - heat->dead_count + heat->tail_count;
}

size_t mqt_heat_bytes(const struct mqt_heat *heat)
{
    const struct base *base = heat->base;
    size_t bytes = sizeof *heat + sizeof *base + base->count * (sizeof *base->tickets + sizeof *base->by_id);
    for (int level = 0; level < base->level_count; level++) {
        bytes += base->level_sizes[level] * sizeof *base->levels[level];
    }
    return bytes + heat->tail_count * sizeof *heat->tail + (heat->dead ? base->count / 8 + 1 : 0);
}

static void mark_dead(struct mqt_heat *heat, uint64_t id)
{
    size_t index = base_find(heat->base, id);
    if (index != SIZE_MAX && !is_dead(heat, index)) {
        heat->dead[index / 8] = (uint8_t)(heat->dead[index / 8] | 1u << (index % 8));
        heat->dead_count++;
    }
}

/* Where a ticket of the new tail comes from; of equal ids the later rank wins. */
struct tail_entry {
    uint64_t id;
    size_t rank;
    const struct mqt_heat_ticket *ticket; /* NULL: removed */
};

static int compare_entries(const void *a, const void *b)
{
    const struct tail_entry *left = a, *right = b;
    if (left->id != right->id) {
        return left->id < right->id ? -1 : 1;
    }
    return left->rank < right->rank ? -1 : left->rank > right->rank;
}

static enum mqt_err make_tail(const struct mqt_heat *old, const uint64_t *removed, size_t removed_count,
                              const struct mqt_heat_ticket *added, size_t added_count, struct mqt_heat *heat)
{
    size_t count = old->tail_count + removed_count + added_count, rank = 0;
    struct tail_entry *entries = malloc((count + 1) * sizeof *entries);
    heat->tail = malloc((old->tail_count + added_count + 1) * sizeof *heat->tail);
    if (!entries || !heat->tail) {
        free(entries);
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < old->tail_count; i++, rank++) {
        entries[rank] = (struct tail_entry){old->tail[i].id, rank, &old->tail[i]};
    }
    for (size_t i = 0; i < removed_count; i++, rank++) {
        entries[rank] = (struct tail_entry){removed[i], rank, NULL};
    }
    for (size_t i = 0; i < added_count; i++, rank++) {
        entries[rank] = (struct tail_entry){added[i].id, rank, &added[i]};
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count || entries[i + 1].id != entries[i].id;
        if (last && entries[i].ticket) {
            heat->tail[heat->tail_count++] = *entries[i].ticket;
        }
    }
    free(entries);
    return MQT_OK;
}

/* Base and tail become one new base. */
static enum mqt_err merge(struct mqt_heat *heat)
{
    size_t count = mqt_heat_count(heat), at = 0;
    struct mqt_heat_ticket *all = malloc((count + 1) * sizeof *all);
    if (!all) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < heat->base->count; i++) {
        if (!is_dead(heat, i)) {
            all[at++] = heat->base->tickets[i];
        }
    }
    memcpy(all + at, heat->tail, heat->tail_count * sizeof *all);
    struct base *base;
    enum mqt_err err = base_new(all, count, &base);
    free(all);
    if (err) {
        return err;
    }
    base_release(heat->base);
    free(heat->dead);
    free(heat->tail);
    heat->base = base;
    heat->dead = NULL;
    heat->tail = NULL;
    heat->dead_count = heat->tail_count = 0;
    return MQT_OK;
}

enum mqt_err mqt_heat_apply(struct mqt_heat *base, const uint64_t *removed, size_t removed_count,
                            const struct mqt_heat_ticket *added, size_t added_count, struct mqt_heat **heat)
{
    enum mqt_err err = MQT_ERR_MEMORY;
    struct mqt_heat *made = calloc(1, sizeof *made);
    if (!made) {
        return MQT_ERR_MEMORY;
    }
    atomic_init(&made->refs, 1);
    made->base = base->base;
    atomic_fetch_add_explicit(&made->base->refs, 1, memory_order_relaxed);
    size_t dead_bytes = base->base->count / 8 + 1;
    made->dead = calloc(dead_bytes, 1);
    if (!made->dead) {
        goto done;
    }
    if (base->dead) {
        memcpy(made->dead, base->dead, dead_bytes);
        made->dead_count = base->dead_count;
    }
    err = make_tail(base, removed, removed_count, added, added_count, made);
    if (err) {
        goto done;
    }
    for (size_t i = 0; i < removed_count; i++) {
        mark_dead(made, removed[i]);
    }
    for (size_t i = 0; i < added_count; i++) {
        mark_dead(made, added[i].id);
    }
    if (made->tail_count + made->dead_count > MERGE_AT) {
        err = merge(made);
    }
    if (!err) {
        *heat = made;
        made = NULL;
    }
done:
    mqt_heat_release(made);
    return err;
}

static bool code_passes(uint64_t wanted, uint8_t code)
{
    return wanted == 0 || (code < 64 && (wanted >> code & 1) != 0);
}

static bool passes(const struct mqt_heat_query *query, const struct mqt_heat_ticket *ticket)
{
    return ticket->reported_s >= query->from_s && ticket->reported_s < query->to_s &&
           ticket->reported_s <= query->now_s && code_passes(query->categories, ticket->category) &&
           code_passes(query->channels, ticket->channel) && code_passes(query->statuses, ticket->status);
}

static bool box_holds(struct mqt_box box, struct mqt_point p)
{
    return p.x >= box.min_x && p.x <= box.max_x && p.y >= box.min_y && p.y <= box.max_y;
}

struct walk {
    const struct mqt_heat *heat;
    struct mqt_box box;
    const struct mqt_heat_query *query;
    mqt_heat_visit_fn visit;
    void *user;
};

/* false: the visitor wants no more. */
static bool walk_node(const struct walk *walk, int level, size_t node)
{
    const struct base *base = walk->heat->base;
    if (!mqt_box_intersects(base->levels[level][node], walk->box)) {
        return true;
    }
    size_t from = node * NODE, to = from + NODE, size = level ? base->level_sizes[level - 1] : base->count;
    to = to < size ? to : size;
    for (size_t i = from; i < to; i++) {
        if (level > 0) {
            if (!walk_node(walk, level - 1, i)) {
                return false;
            }
            continue;
        }
        const struct mqt_heat_ticket *ticket = &base->tickets[i];
        if (box_holds(walk->box, ticket->place) && !is_dead(walk->heat, i) && passes(walk->query, ticket) &&
            !walk->visit(walk->user, ticket)) {
            return false;
        }
    }
    return true;
}

void mqt_heat_visit(const struct mqt_heat *heat, struct mqt_box box, const struct mqt_heat_query *query,
                    mqt_heat_visit_fn visit, void *user)
{
    struct walk walk = {heat, box, query, visit, user};
    const struct base *base = heat->base;
    if (base->count > 0 && !walk_node(&walk, base->level_count - 1, 0)) {
        return;
    }
    for (size_t i = 0; i < heat->tail_count; i++) {
        if (box_holds(box, heat->tail[i].place) && passes(query, &heat->tail[i]) && !visit(user, &heat->tail[i])) {
            return;
        }
    }
}

struct gather {
    struct mqt_density *density;
    int64_t now_s;
    float per_s; /* 1 / half-life, 0: no fading */
};

static bool gather_ticket(void *user, const struct mqt_heat_ticket *ticket)
{
    struct gather *gather = user;
    float weight = ticket->weight;
    if (gather->per_s > 0) {
        weight *= exp2f((float)((double)ticket->reported_s - (double)gather->now_s) * gather->per_s);
    }
    mqt_density_add(gather->density, ticket->place, weight);
    return true;
}

static bool request_ok(struct mqt_tile tile, int size_px, const struct mqt_heat_query *query)
{
    return mqt_tile_valid(tile) && (size_px == 256 || size_px == 512) && query->half_life_s >= 0;
}

/* The tile's tickets, ready for mqt_density_row. */
static enum mqt_err gather_tile(const struct mqt_heat *heat, struct mqt_tile tile, const struct mqt_heat_query *query,
                                struct mqt_density **density, bool *any)
{
    struct mqt_density *made;
    enum mqt_err err = mqt_density_new(tile, &made);
    if (err) {
        return err;
    }
    float per_s = query->half_life_s > 0 ? (float)(1 / query->half_life_s) : 0;
    struct gather gather = {made, query->now_s, per_s};
    mqt_heat_visit(heat, mqt_tile_box(tile, MQT_DENSITY_MARGIN_256THS), query, gather_ticket, &gather);
    *any = mqt_density_blur(made, query->least_tickets);
    *density = made;
    return MQT_OK;
}

enum mqt_err mqt_heat_density(const struct mqt_heat *heat, struct mqt_tile tile, int size_px,
                              const struct mqt_heat_query *query, float *density)
{
    if (!request_ok(tile, size_px, query)) {
        return MQT_ERR_PARAM;
    }
    struct mqt_density *gathered;
    bool any;
    enum mqt_err err = gather_tile(heat, tile, query, &gathered, &any);
    if (err) {
        return err;
    }
    for (int y = 0; y < size_px; y++) {
        (void)mqt_density_row(gathered, size_px, y, density + (size_t)y * (size_t)size_px);
    }
    mqt_density_free(gathered);
    return MQT_OK;
}

/* Towards the overview a pixel covers four times the ground a zoom, but tickets cluster: some 1.7
 * times as many for each zoom keep both a housing estate and a whole city readable. */
float mqt_heat_full_scale(int z)
{
    return 64.0f * exp2f(0.75f * (float)(z < 18 ? 18 - z : 0));
}

/* Colour grows with log2(1 + LOG_RANGE * share) / LOG_OCTAVES: a day's single ticket stays visible,
 * and a year's hundreds in one building still differ from the next building's. The logarithm is read
 * off the float's exponent; the term in t bends its mantissa to within 0.01, smooth at the joints. */
static void to_palette(const float *restrict density, size_t count, float full_scale, uint8_t *restrict indices)
{
    const float scale = LOG_RANGE / full_scale;
    for (size_t at = 0; at < count; at += BLOCK) {
        float value[BLOCK];
        int32_t bits[BLOCK];
        for (size_t i = 0; i < BLOCK; i++) {
            float share = density[at + i] * scale;
            value[i] = 1.0f + (share < LOG_RANGE ? share : LOG_RANGE);
        }
        memcpy(bits, value, sizeof bits);
        for (size_t i = 0; i < BLOCK; i++) {
            float t = (float)(bits[i] & 0x7fffff) * (1.0f / 8388608.0f);
            float logarithm = (float)((bits[i] >> 23) - 127) + t + 0.346f * t * (1.0f - t);
            indices[at + i] = (uint8_t)(int32_t)(logarithm * (255.0f / LOG_OCTAVES) + 0.5f);
        }
    }
}

enum mqt_err mqt_heat_png(const struct mqt_heat *heat, struct mqt_tile tile, int size_px,
                          const struct mqt_heat_query *query, struct mqt_buf *out)
{
    if (!request_ok(tile, size_px, query)) {
        return MQT_ERR_PARAM;
    }
    size_t size = (size_t)size_px;
    uint8_t *indices = calloc(size, size);
    struct mqt_density *gathered = NULL;
    bool any = false;
    enum mqt_err err = indices ? gather_tile(heat, tile, query, &gathered, &any) : MQT_ERR_MEMORY;
    if (err) {
        goto done;
    }
    for (int y = 0; any && y < size_px; y++) {
        float row[512];
        if (mqt_density_row(gathered, size_px, y, row)) {
            to_palette(row, size, mqt_heat_full_scale(tile.z), indices + (size_t)y * size);
        }
    }
    err = mqt_png_palette(indices, size_px, size_px, mqt_heat_palette(), 256, out);
done:
    mqt_density_free(gathered);
    free(indices);
    return err;
}
