#include "mesh.h"

#include <math.h>
#include <string.h>

enum { EDGES_LEAST = 1 << 12, BEND_STEPS = 6, CROSSINGS_MAX = 64 };

static const unsigned NOTHING = ~0u;
static const double SNAP_M = 9;         /* a cut ends at a corner that is as near as this */
static const double LEAST_SHARE = 0.04; /* of a piece that may be cut off */

struct mqt_mesh_edge {
    unsigned a; /* the smaller number; a == b: nothing is here */
    unsigned b;
    unsigned middle; /* where the edge was broken */
    unsigned line;
};

void mqt_mesh_init(struct mqt_mesh *mesh, struct mqt_arena *arena, struct mqt_arena *scratch)
{
    *mesh = (struct mqt_mesh){.arena = arena, .scratch = scratch};
}

unsigned mqt_mesh_spot(struct mqt_mesh *mesh, struct mqt_spot spot)
{
    if (mesh->spot_count == mesh->spot_capacity) {
        size_t larger = mesh->spot_capacity ? mesh->spot_capacity * 2 : 1024;
        struct mqt_spot *copy = mqt_arena_calloc(mesh->arena, larger, sizeof *copy);
        if (!copy) {
            return 0;
        }
        if (mesh->spot_count > 0) {
            memcpy(copy, mesh->spots, mesh->spot_count * sizeof *copy);
        }
        mesh->spots = copy;
        mesh->spot_capacity = larger;
    }
    mesh->spots[mesh->spot_count] = spot;
    return (unsigned)mesh->spot_count++;
}

static size_t slot_of(const struct mqt_mesh_edge *edges, size_t capacity, unsigned a, unsigned b)
{
    uint64_t key = ((uint64_t)a << 32 | b) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(key >> 20) & (capacity - 1);
    while (edges[slot].a != edges[slot].b && (edges[slot].a != a || edges[slot].b != b)) {
        slot = (slot + 1) & (capacity - 1);
    }
    return slot;
}

/* The edge between two spots, made when wanted; NULL when it is not there. */
static struct mqt_mesh_edge *edge_of(const struct mqt_mesh *mesh, unsigned a, unsigned b)
{
    if (a == b || mesh->edge_capacity == 0) {
        return NULL;
    }
    unsigned low = a < b ? a : b;
    struct mqt_mesh_edge *edge = &mesh->edges[slot_of(mesh->edges, mesh->edge_capacity, low, a ^ b ^ low)];
    return edge->a == edge->b ? NULL : edge;
}

static struct mqt_mesh_edge *make_edge(struct mqt_mesh *mesh, unsigned a, unsigned b)
{
    struct mqt_mesh_edge *found = edge_of(mesh, a, b);
    if (found || a == b) {
        return found;
    }
    if (mesh->edge_count * 2 >= mesh->edge_capacity) {
        size_t larger = mesh->edge_capacity ? mesh->edge_capacity * 2 : EDGES_LEAST;
        struct mqt_mesh_edge *copy = mqt_arena_calloc(mesh->arena, larger, sizeof *copy);
        if (!copy) {
            return NULL;
        }
        for (size_t i = 0; i < mesh->edge_capacity; ++i) {
            if (mesh->edges[i].a != mesh->edges[i].b) {
                copy[slot_of(copy, larger, mesh->edges[i].a, mesh->edges[i].b)] = mesh->edges[i];
            }
        }
        mesh->edges = copy;
        mesh->edge_capacity = larger;
    }
    unsigned low = a < b ? a : b;
    struct mqt_mesh_edge *edge = &mesh->edges[slot_of(mesh->edges, mesh->edge_capacity, low, a ^ b ^ low)];
    *edge = (struct mqt_mesh_edge){low, a ^ b ^ low, NOTHING, 0};
    ++mesh->edge_count;
    return edge;
}

void mqt_mesh_draw(struct mqt_mesh *mesh, const unsigned *chain, size_t count, unsigned line)
{
    for (size_t i = 0; i + 1 < count; ++i) {
        struct mqt_mesh_edge *edge = make_edge(mesh, chain[i], chain[i + 1]);
        if (edge) {
            edge->line = line;
        }
    }
}

unsigned mqt_mesh_line(const struct mqt_mesh *mesh, unsigned a, unsigned b)
{
    const struct mqt_mesh_edge *edge = edge_of(mesh, a, b);
    return edge ? edge->line : 0;
}

/* Breaks an edge that is not broken. */
static void break_edge(struct mqt_mesh *mesh, unsigned a, unsigned b, unsigned middle)
{
    unsigned line = mqt_mesh_line(mesh, a, b);
    struct mqt_mesh_edge *edge = make_edge(mesh, a, b);
    if (edge) {
        edge->middle = middle;
    }
    const unsigned chain[] = {a, middle, b};
    mqt_mesh_draw(mesh, chain, 3, line);
}

static struct mqt_mesh_ring empty_ring(struct mqt_mesh *mesh, size_t max)
{
    return (struct mqt_mesh_ring){mqt_arena_calloc(mesh->arena, max + 1, sizeof(unsigned)), 0};
}

static size_t whole_edge(const struct mqt_mesh *mesh, unsigned a, unsigned b, unsigned *out)
{
    const struct mqt_mesh_edge *edge = edge_of(mesh, a, b);
    if (!edge || edge->middle == NOTHING) {
        if (out) {
            *out = a;
        }
        return 1;
    }
    size_t first = whole_edge(mesh, a, edge->middle, out);
    return first + whole_edge(mesh, edge->middle, b, out ? out + first : NULL);
}

struct mqt_mesh_ring mqt_mesh_whole(struct mqt_mesh *mesh, struct mqt_mesh_ring ring)
{
    size_t total = 0;
    for (size_t i = 0; i < ring.count; ++i) {
        total += whole_edge(mesh, ring.at[i], ring.at[(i + 1) % ring.count], NULL);
    }
    if (total == ring.count) {
        return ring;
    }
    struct mqt_mesh_ring whole = empty_ring(mesh, total);
    for (size_t i = 0; whole.at && i < ring.count; ++i) {
        whole.count += whole_edge(mesh, ring.at[i], ring.at[(i + 1) % ring.count], whole.at + whole.count);
    }
    return whole;
}

double mqt_mesh_area_m2(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring)
{
    double twice = 0;
    for (size_t i = 0; i < ring.count; ++i) {
        struct mqt_spot a = mesh->spots[ring.at[i]];
        struct mqt_spot b = mesh->spots[ring.at[(i + 1) % ring.count]];
        twice += a.x_m * b.y_m - b.x_m * a.y_m;
    }
    return twice / 2;
}

bool mqt_mesh_holds(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_spot spot)
{
    bool inside = false;
    for (size_t i = 0; i < ring.count; ++i) {
        struct mqt_spot a = mesh->spots[ring.at[i]];
        struct mqt_spot b = mesh->spots[ring.at[(i + 1) % ring.count]];
        if ((a.y_m > spot.y_m) != (b.y_m > spot.y_m) &&
            spot.x_m < a.x_m + (spot.y_m - a.y_m) / (b.y_m - a.y_m) * (b.x_m - a.x_m)) {
            inside = !inside;
        }
    }
    return inside;
}

struct mqt_shape mqt_mesh_shape(struct mqt_mesh *mesh, struct mqt_mesh_ring ring)
{
    struct mqt_spot *spots = mqt_arena_calloc(mesh->arena, ring.count + 1, sizeof *spots);
    for (size_t i = 0; spots && i < ring.count; ++i) {
        spots[i] = mesh->spots[ring.at[i]];
    }
    return spots && ring.count > 2 ? mqt_shape_ring(mesh->arena, spots, ring.count) : (struct mqt_shape){0};
}

double mqt_mesh_grain(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring)
{
    double x = 0;
    double y = 0;
    for (size_t i = 0; i < ring.count; ++i) {
        struct mqt_spot a = mesh->spots[ring.at[i]];
        struct mqt_spot b = mesh->spots[ring.at[(i + 1) % ring.count]];
        double angle = 4 * atan2(b.y_m - a.y_m, b.x_m - a.x_m);
        double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
        x += len_m * cos(angle);
        y += len_m * sin(angle);
    }
    return atan2(y, x) / 4;
}

struct mqt_rect mqt_mesh_bounds(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring, double turn)
{
    struct mqt_rect box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    double cos_turn = cos(turn);
    double sin_turn = sin(turn);
    for (size_t i = 0; i < ring.count; ++i) {
        struct mqt_spot spot = mesh->spots[ring.at[i]];
        double x_m = spot.x_m * cos_turn + spot.y_m * sin_turn;
        double y_m = spot.y_m * cos_turn - spot.x_m * sin_turn;
        box = (struct mqt_rect){fmin(box.x0_m, x_m), fmin(box.y0_m, y_m), fmax(box.x1_m, x_m), fmax(box.y1_m, y_m)};
    }
    return box;
}

/* Where a straight line meets an edge of a ring. */
struct crossing {
    double along_m; /* on the line */
    size_t edge;
    double share; /* of the edge */
};

static size_t find_crossings(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_spot spot, double angle,
                             struct crossing *out)
{
    double dx = cos(angle);
    double dy = sin(angle);
    size_t count = 0;
    for (size_t i = 0; i < ring.count && count < CROSSINGS_MAX; ++i) {
        struct mqt_spot a = mesh->spots[ring.at[i]];
        struct mqt_spot b = mesh->spots[ring.at[(i + 1) % ring.count]];
        double a_side = dx * (a.y_m - spot.y_m) - dy * (a.x_m - spot.x_m);
        double b_side = dx * (b.y_m - spot.y_m) - dy * (b.x_m - spot.x_m);
        if ((a_side > 0) == (b_side > 0)) {
            continue;
        }
        double share = a_side / (a_side - b_side);
        double x_m = a.x_m + (b.x_m - a.x_m) * share - spot.x_m;
        double y_m = a.y_m + (b.y_m - a.y_m) * share - spot.y_m;
        struct crossing crossing = {x_m * dx + y_m * dy, i, share};
        size_t at = count++;
        for (; at > 0 && out[at - 1].along_m > crossing.along_m; --at) {
            out[at] = out[at - 1];
        }
        out[at] = crossing;
    }
    return count;
}

/* The spot of a ring's edge at share of it, which breaks the edge unless a corner is near. */
static unsigned spot_on_edge(struct mqt_mesh *mesh, unsigned a, unsigned b, double share)
{
    struct mqt_spot from = mesh->spots[a];
    struct mqt_spot to = mesh->spots[b];
    double len_m = hypot(to.x_m - from.x_m, to.y_m - from.y_m);
    if (share * len_m < SNAP_M || (1 - share) * len_m < SNAP_M) {
        return share < 0.5 ? a : b;
    }
    unsigned middle = mqt_mesh_spot(
        mesh, (struct mqt_spot){from.x_m + (to.x_m - from.x_m) * share, from.y_m + (to.y_m - from.y_m) * share});
    break_edge(mesh, a, b, middle);
    return middle;
}

static size_t index_in(struct mqt_mesh_ring ring, unsigned spot)
{
    size_t i = 0;
    while (i < ring.count && ring.at[i] != spot) {
        ++i;
    }
    return i;
}

/* One side of a ring that is cut along chain: from the chain's end around to its beginning, and
 * back along the chain, which is walked backwards for the other side. */
static struct mqt_mesh_ring one_side(struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_mesh_ring chain,
                                     bool backward)
{
    struct mqt_mesh_ring side = empty_ring(mesh, ring.count + chain.count);
    if (!side.at) {
        return side;
    }
    unsigned end = chain.at[backward ? 0 : chain.count - 1];
    unsigned begin = chain.at[backward ? chain.count - 1 : 0];
    for (size_t i = index_in(ring, end); ring.at[i % ring.count] != begin; ++i) {
        side.at[side.count++] = ring.at[i % ring.count];
    }
    for (size_t i = 0; i + 1 < chain.count; ++i) {
        side.at[side.count++] = chain.at[backward ? chain.count - 1 - i : i];
    }
    return side;
}

/* Cuts the ring along a chain that begins and ends on it. */
static bool cut_along(struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_mesh_ring chain, unsigned line,
                      double least_share, struct mqt_mesh_ring parts[2])
{
    unsigned first = chain.at[0];
    unsigned last = chain.at[chain.count - 1];
    size_t i = index_in(ring, first);
    size_t j = index_in(ring, last);
    if (first == last || i == ring.count || j == ring.count) {
        return false;
    }
    struct mqt_mesh_ring one = one_side(mesh, ring, chain, false);
    struct mqt_mesh_ring two = one_side(mesh, ring, chain, true);
    double whole_m2 = mqt_mesh_area_m2(mesh, ring);
    if (one.count < 3 || two.count < 3 || mqt_mesh_area_m2(mesh, one) < least_share * whole_m2 ||
        mqt_mesh_area_m2(mesh, two) < least_share * whole_m2) {
        return false;
    }
    mqt_mesh_draw(mesh, chain.at, chain.count, line);
    parts[0] = one;
    parts[1] = two;
    return true;
}

bool mqt_mesh_cut(struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_spot spot, double angle, double bend_m,
                  unsigned line, struct mqt_mesh_ring parts[2], struct mqt_mesh_ring *chain)
{
    struct crossing crossings[CROSSINGS_MAX];
    size_t count = find_crossings(mesh, ring, spot, angle, crossings);
    size_t widest = 0;
    double wide_m = 0;
    for (size_t i = 0; i + 1 < count; i += 2) {
        if (crossings[i + 1].along_m - crossings[i].along_m > wide_m) {
            wide_m = crossings[i + 1].along_m - crossings[i].along_m;
            widest = i;
        }
    }
    struct mqt_mesh_ring fresh = empty_ring(mesh, BEND_STEPS + 1);
    if (wide_m < 4 * SNAP_M || !fresh.at || crossings[widest].edge == crossings[widest + 1].edge) {
        return false;
    }
    unsigned ends[2];
    for (size_t e = 0; e < 2; ++e) {
        const struct crossing *at = &crossings[widest + e];
        ends[e] = spot_on_edge(mesh, ring.at[at->edge], ring.at[(at->edge + 1) % ring.count], at->share);
    }
    struct mqt_spot from = mesh->spots[ends[0]];
    struct mqt_spot to = mesh->spots[ends[1]];
    double len_m = hypot(to.x_m - from.x_m, to.y_m - from.y_m);
    int steps = fabs(bend_m) < 1 ? 1 : BEND_STEPS;
    fresh.at[fresh.count++] = ends[0];
    for (int k = 1; k < steps; ++k) {
        double t = (double)k / steps;
        double off = 4 * t * (1 - t) * bend_m / len_m;
        fresh.at[fresh.count++] =
            mqt_mesh_spot(mesh, (struct mqt_spot){from.x_m + (to.x_m - from.x_m) * t - (to.y_m - from.y_m) * off,
                                                  from.y_m + (to.y_m - from.y_m) * t + (to.x_m - from.x_m) * off});
    }
    fresh.at[fresh.count++] = ends[1];
    if (!cut_along(mesh, mqt_mesh_whole(mesh, ring), fresh, line, LEAST_SHARE, parts)) {
        return false;
    }
    *chain = fresh;
    return true;
}

/* The first edge of the ring that the way from a to b crosses, but those at the spot except. */
static bool first_crossing(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_spot a, struct mqt_spot b,
                           unsigned except, struct crossing *out)
{
    struct crossing crossings[CROSSINGS_MAX];
    double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
    size_t count = find_crossings(mesh, ring, a, atan2(b.y_m - a.y_m, b.x_m - a.x_m), crossings);
    for (size_t i = 0; i < count; ++i) {
        unsigned from = ring.at[crossings[i].edge];
        unsigned to = ring.at[(crossings[i].edge + 1) % ring.count];
        if (crossings[i].along_m >= 0 && crossings[i].along_m <= len_m && from != except && to != except) {
            *out = crossings[i];
            return true;
        }
    }
    return false;
}

static size_t piece_at(struct mqt_mesh *mesh, const struct mqt_mesh_ring *pieces, size_t count, struct mqt_spot spot)
{
    size_t i = 0;
    while (i < count && !mqt_mesh_holds(mesh, pieces[i], spot)) {
        ++i;
    }
    return i;
}

void mqt_mesh_walk(struct mqt_mesh *mesh, struct mqt_line path, unsigned line, unsigned stop,
                   struct mqt_mesh_ring *pieces, size_t *count, size_t max)
{
    struct mqt_mesh_ring chain = empty_ring(mesh, path.count + 2);
    size_t piece = *count; /* none: the way is outside, or has come in where it cannot cut */
    for (size_t k = 0; chain.at && k + 1 < path.count && *count < max; ++k) {
        struct mqt_spot b = path.spots[k + 1];
        if (piece == *count || chain.count == 0) {
            /* Begin where the way leaves the piece that it is in without having come in properly. */
            piece = piece_at(mesh, pieces, *count, b);
            if (piece == *count || mqt_mesh_holds(mesh, pieces[piece], path.spots[k])) {
                piece = *count;
                continue;
            }
            pieces[piece] = mqt_mesh_whole(mesh, pieces[piece]);
            struct crossing in;
            if (!first_crossing(mesh, pieces[piece], path.spots[k], b, NOTHING, &in)) {
                piece = *count;
                continue;
            }
            struct mqt_mesh_ring ring = pieces[piece];
            chain.count = 0;
            chain.at[chain.count++] =
                spot_on_edge(mesh, ring.at[in.edge], ring.at[(in.edge + 1) % ring.count], in.share);
            chain.at[chain.count++] = mqt_mesh_spot(mesh, b);
            continue;
        }
        struct mqt_mesh_ring ring = mqt_mesh_whole(mesh, pieces[piece]);
        struct crossing out;
        if (!first_crossing(mesh, ring, path.spots[k], b, chain.at[0], &out)) {
            chain.at[chain.count++] = mqt_mesh_spot(mesh, b);
            continue;
        }
        unsigned from = ring.at[out.edge];
        unsigned to = ring.at[(out.edge + 1) % ring.count];
        bool stops = stop != 0 && mqt_mesh_line(mesh, from, to) == stop;
        unsigned end = spot_on_edge(mesh, from, to, out.share);
        chain.at[chain.count++] = end;
        struct mqt_mesh_ring parts[2];
        if (cut_along(mesh, mqt_mesh_whole(mesh, ring), chain, line, 0, parts)) {
            pieces[piece] = parts[0];
            pieces[(*count)++] = parts[1];
        }
        if (stops) {
            return;
        }
        chain = empty_ring(mesh, path.count + 2);
        if (!chain.at) {
            return;
        }
        chain.at[chain.count++] = end;
        chain.at[chain.count++] = mqt_mesh_spot(mesh, b);
        piece = piece_at(mesh, pieces, *count, b);
        chain.count = piece == *count ? 0 : chain.count;
    }
}

/* Directed edges of several rings: those that have no counterpart make the outline. */
struct way {
    unsigned from;
    unsigned to;
};

static size_t way_slot(size_t capacity, unsigned from)
{
    return (size_t)((from * UINT64_C(0x9e3779b97f4a7c15)) >> 24) & (capacity - 1);
}

static bool has_way(const struct way *ways, size_t capacity, unsigned from, unsigned to)
{
    for (size_t s = way_slot(capacity, from); ways[s].from != ways[s].to; s = (s + 1) & (capacity - 1)) {
        if (ways[s].from == from && ways[s].to == to) {
            return true;
        }
    }
    return false;
}

/* The way on from a spot; NOTHING when there is none or more than one, which would be a touch. */
static unsigned way_on(const struct way *ways, size_t capacity, unsigned from)
{
    unsigned found = NOTHING;
    for (size_t s = way_slot(capacity, from); ways[s].from != ways[s].to; s = (s + 1) & (capacity - 1)) {
        if (ways[s].from == from && !has_way(ways, capacity, ways[s].to, from)) {
            if (found != NOTHING) {
                return NOTHING;
            }
            found = ways[s].to;
        }
    }
    return found;
}

/* All edges of the rings, and a table of them with room to spare. */
static struct way *gather_ways(struct mqt_arena *arena, const struct mqt_mesh_ring *rings, size_t count,
                               size_t *capacity)
{
    size_t total = 0;
    for (size_t r = 0; r < count; ++r) {
        total += rings[r].count;
    }
    *capacity = 64;
    while (*capacity < total * 2) {
        *capacity *= 2;
    }
    struct way *ways = mqt_arena_calloc(arena, *capacity, sizeof *ways);
    for (size_t r = 0; ways && r < count; ++r) {
        for (size_t i = 0; i < rings[r].count; ++i) {
            struct way way = {rings[r].at[i], rings[r].at[(i + 1) % rings[r].count]};
            size_t s = way_slot(*capacity, way.from);
            while (ways[s].from != ways[s].to) {
                s = (s + 1) & (*capacity - 1);
            }
            ways[s] = way;
        }
    }
    return ways;
}

/* Into the scratch arena. */
static struct mqt_mesh_ring trace(struct mqt_mesh *mesh, const struct mqt_mesh_ring *rings, size_t count)
{
    size_t capacity = 0;
    size_t open = 0;
    unsigned start = NOTHING;
    struct way *ways = gather_ways(mesh->scratch, rings, count, &capacity);
    for (size_t s = 0; ways && s < capacity; ++s) {
        if (ways[s].from != ways[s].to && !has_way(ways, capacity, ways[s].to, ways[s].from)) {
            start = open++ == 0 ? ways[s].from : start;
        }
    }
    struct mqt_mesh_ring outline = {mqt_arena_calloc(mesh->scratch, open + 1, sizeof(unsigned)), 0};
    unsigned at = start;
    while (ways && outline.at && at != NOTHING && outline.count < open) {
        outline.at[outline.count++] = at;
        at = way_on(ways, capacity, at);
        if (at == start) {
            break;
        }
    }
    if (at != start || outline.count != open) {
        outline.count = 0;
    }
    return outline;
}

struct mqt_mesh_ring mqt_mesh_outline(struct mqt_mesh *mesh, const struct mqt_mesh_ring *rings, size_t count)
{
    struct mqt_mesh_ring traced = trace(mesh, rings, count);
    struct mqt_mesh_ring outline = empty_ring(mesh, traced.count);
    if (outline.at && traced.count > 0) {
        memcpy(outline.at, traced.at, traced.count * sizeof *traced.at);
        outline.count = traced.count;
    }
    mqt_arena_clear(mesh->scratch);
    return outline;
}

bool mqt_mesh_has_outline(struct mqt_mesh *mesh, const struct mqt_mesh_ring *rings, size_t count)
{
    bool has = trace(mesh, rings, count).count > 0;
    mqt_arena_clear(mesh->scratch);
    return has;
}
