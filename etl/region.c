#include "region.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weights are shares of a usual area, a few at most. */
static const double BARRIER_COST = 1000;
static const double NARROW_COST = 100;
static const double NARROW_M = 60; /* a common border that hardly joins two groups */

struct owner {
    unsigned from;
    unsigned to;
    unsigned piece;
};

static int by_edge(const void *a, const void *b)
{
    const struct owner *p = a;
    const struct owner *q = b;
    if (p->from != q->from) {
        return p->from < q->from ? -1 : 1;
    }
    return p->to < q->to ? -1 : p->to > q->to;
}

static int by_pieces(const void *a, const void *b)
{
    const struct mqt_region_link *p = a;
    const struct mqt_region_link *q = b;
    if (p->a != q->a) {
        return p->a < q->a ? -1 : 1;
    }
    return p->b < q->b ? -1 : p->b > q->b;
}

/* Links of the same two pieces become one. */
static size_t gather(struct mqt_region_link *links, size_t count)
{
    size_t kept = 0;
    qsort(links, count, sizeof *links, by_pieces);
    for (size_t i = 0; i < count; ++i) {
        if (kept > 0 && by_pieces(&links[kept - 1], &links[i]) == 0) {
            links[kept - 1].barrier = links[kept - 1].barrier || links[i].barrier;
            links[kept - 1].border_m += links[i].border_m;
        } else {
            links[kept++] = links[i];
        }
    }
    return kept;
}

void mqt_region_link(struct mqt_region *region, const bool *barriers)
{
    struct mqt_mesh *mesh = region->mesh;
    size_t total = 0;
    for (size_t p = 0; p < region->count; ++p) {
        total += region->pieces[p].count;
    }
    struct owner *owners = mqt_arena_calloc(mesh->arena, total + 1, sizeof *owners);
    region->links = mqt_arena_calloc(mesh->arena, total + 1, sizeof *region->links);
    region->link_count = 0;
    region->chosen = mqt_arena_calloc(mesh->arena, region->count + 1, sizeof *region->chosen);
    if (!owners || !region->links || !region->chosen) {
        return;
    }
    size_t at = 0;
    for (size_t p = 0; p < region->count; ++p) {
        const struct mqt_mesh_ring ring = region->pieces[p];
        for (size_t i = 0; i < ring.count; ++i) {
            owners[at++] = (struct owner){ring.at[i], ring.at[(i + 1) % ring.count], (unsigned)p};
        }
    }
    qsort(owners, total, sizeof *owners, by_edge);
    for (size_t i = 0; i < total; ++i) {
        const struct owner back = {owners[i].to, owners[i].from, 0};
        const struct owner *other = bsearch(&back, owners, total, sizeof *owners, by_edge);
        if (other && owners[i].piece < other->piece) {
            struct mqt_spot a = mesh->spots[owners[i].from];
            struct mqt_spot b = mesh->spots[owners[i].to];
            region->links[region->link_count++] =
                (struct mqt_region_link){owners[i].piece, other->piece, hypot(b.x_m - a.x_m, b.y_m - a.y_m),
                                         barriers[mqt_mesh_line(mesh, owners[i].from, owners[i].to)]};
        }
    }
    region->link_count = gather(region->links, region->link_count);
}

unsigned mqt_region_separate(const struct mqt_region *region, unsigned *groups, unsigned first)
{
    unsigned *fresh = mqt_arena_calloc(region->mesh->arena, region->count + 1, sizeof *fresh);
    if (!fresh) {
        return first;
    }
    for (size_t p = 0; p < region->count; ++p) {
        fresh[p] = first + (unsigned)p;
    }
    for (bool again = true; again;) {
        again = false;
        for (size_t l = 0; l < region->link_count; ++l) {
            const struct mqt_region_link *link = &region->links[l];
            if (groups[link->a] != groups[link->b] || link->barrier || fresh[link->a] == fresh[link->b]) {
                continue;
            }
            unsigned low = fresh[link->a] < fresh[link->b] ? fresh[link->a] : fresh[link->b];
            fresh[link->a] = low;
            fresh[link->b] = low;
            again = true;
        }
    }
    for (size_t p = 0; p < region->count; ++p) {
        groups[p] = groups[p] == MQT_REGION_NO_GROUP ? groups[p] : fresh[p];
    }
    return first + (unsigned)region->count;
}

/* Two groups as one: one ring? */
static bool can_join(const struct mqt_region *region, const unsigned *groups, unsigned one, unsigned two)
{
    size_t count = 0;
    for (size_t p = 0; p < region->count; ++p) {
        if (groups[p] == one || groups[p] == two) {
            region->chosen[count++] = region->pieces[p];
        }
    }
    return mqt_mesh_has_outline(region->mesh, region->chosen, count);
}

bool mqt_region_is_whole(const struct mqt_region *region, const unsigned *groups, unsigned group)
{
    return can_join(region, groups, group, group);
}

/* What speaks against joining each group to the given one; infinite for those that do not touch it. */
static void weigh_neighbours(const struct mqt_region *region, const unsigned *groups, const unsigned *sets,
                             const double *sums, unsigned group, double *against)
{
    for (size_t g = 0; g < region->count; ++g) {
        against[g] = INFINITY;
    }
    for (size_t l = 0; l < region->link_count; ++l) {
        const struct mqt_region_link *link = &region->links[l];
        bool first = groups[link->a] == group;
        unsigned here = first ? link->a : link->b;
        unsigned there = first ? link->b : link->a;
        unsigned other = groups[there];
        if (groups[here] != group || other == group || other >= region->count || (sets && sets[here] != sets[there])) {
            continue;
        }
        double cost = sums[other] + (link->barrier ? BARRIER_COST : 0) + (link->border_m < NARROW_M ? NARROW_COST : 0) -
                      link->border_m * 1e-4;
        against[other] = fmin(against[other], cost);
    }
}

static unsigned lightest(const double *sums, const bool *done, size_t count)
{
    unsigned found = MQT_REGION_NO_GROUP;
    for (unsigned g = 0; g < count; ++g) {
        if (sums[g] > 0 && !done[g] && (found == MQT_REGION_NO_GROUP || sums[g] < sums[found])) {
            found = g;
        }
    }
    return found;
}

/* The best neighbour that leaves one ring; NO_GROUP when there is none. */
static unsigned choose(const struct mqt_region *region, const unsigned *groups, unsigned group, double *against)
{
    for (;;) {
        unsigned best = MQT_REGION_NO_GROUP;
        for (unsigned g = 0; g < region->count; ++g) {
            if (against[g] < INFINITY && (best == MQT_REGION_NO_GROUP || against[g] < against[best])) {
                best = g;
            }
        }
        if (best == MQT_REGION_NO_GROUP || can_join(region, groups, group, best)) {
            return best;
        }
        against[best] = INFINITY;
    }
}

void mqt_region_join(const struct mqt_region *region, unsigned *groups, const unsigned *sets, const double *weights,
                     double least, size_t wanted)
{
    double *sums = mqt_arena_calloc(region->mesh->arena, region->count + 1, sizeof *sums);
    double *against = mqt_arena_calloc(region->mesh->arena, region->count + 1, sizeof *against);
    bool *done = mqt_arena_calloc(region->mesh->arena, region->count + 1, sizeof *done);
    size_t left = mqt_region_number(region, groups);
    if (!sums || !against || !done) {
        return;
    }
    for (size_t p = 0; p < region->count; ++p) {
        if (groups[p] < region->count) {
            sums[groups[p]] += weights[p];
        }
    }
    while (left > wanted) {
        unsigned group = lightest(sums, done, region->count);
        if (group == MQT_REGION_NO_GROUP || sums[group] >= least) {
            return;
        }
        weigh_neighbours(region, groups, sets, sums, group, against);
        unsigned other = choose(region, groups, group, against);
        done[group] = other == MQT_REGION_NO_GROUP;
        if (done[group]) {
            continue;
        }
        for (size_t p = 0; p < region->count; ++p) {
            groups[p] = groups[p] == group ? other : groups[p];
        }
        sums[other] += sums[group];
        sums[group] = 0;
        --left;
    }
}

unsigned mqt_region_number(const struct mqt_region *region, unsigned *groups)
{
    size_t highest = 0;
    unsigned next = 0;
    for (size_t p = 0; p < region->count; ++p) {
        highest = groups[p] != MQT_REGION_NO_GROUP && groups[p] > highest ? groups[p] : highest;
    }
    unsigned *numbers = mqt_arena_calloc(region->mesh->arena, highest + 2, sizeof *numbers);
    for (size_t p = 0; numbers && p < region->count; ++p) {
        if (groups[p] == MQT_REGION_NO_GROUP) {
            continue;
        }
        if (numbers[groups[p]] == 0) {
            numbers[groups[p]] = ++next;
        }
        groups[p] = numbers[groups[p]] - 1;
    }
    return next;
}
