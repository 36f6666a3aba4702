#include "plan.h"

#include "fence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RANDOM_STREAM = 21,
    ARENA_MAX_BYTES = 1 << 30,
    LINES_MAX = 1 << 15,
    STREETS_MAX = 1 << 15,
    CELLS_MAX = 1 << 15,
    PIECES_MAX = 1 << 13,
    EDGE_STEPS = 12,
};

static const double CROOKED_M2 = 30000; /* smaller cells stay as crooked as they are */
static const double OPEN_SHARE = 0.84;
static const double SECONDARY_BEYOND = 1.7; /* outward: how far beyond the border there are streets */

static unsigned add_line(struct mqt_plan *plan, enum mqt_land_line line, const char *name)
{
    if (plan->line_count < LINES_MAX) {
        plan->lines[plan->line_count++] = (struct mqt_plan_line){line, name};
    }
    return (unsigned)plan->line_count - 1;
}

static void add_street(struct mqt_plan *plan, unsigned line, struct mqt_mesh_ring chain, unsigned base)
{
    if (plan->street_count < STREETS_MAX) {
        plan->streets[plan->street_count++] = (struct mqt_plan_street){line, chain, base};
    }
}

static const char *street_name(struct mqt_plan *plan, enum mqt_land_line line)
{
    enum mqt_place_kind kind = line <= MQT_LINE_PRIMARY     ? MQT_PLACE_AVENUE
                               : line == MQT_LINE_SECONDARY ? MQT_PLACE_STREET
                                                            : MQT_PLACE_LANE;
    return mqt_place_name_next(&plan->names, &plan->arena, kind);
}

/* The lattice while its streets are drawn: ids[row][column] of crossings, and the spots between. */
struct lattice {
    struct mqt_plan *plan;
    unsigned crossings[MQT_LAND_LINES_MAX][MQT_LAND_LINES_MAX];
    unsigned across[MQT_LAND_LINES_MAX][MQT_LAND_LINES_MAX][EDGE_STEPS - 1]; /* [row][column], eastwards */
    unsigned down[MQT_LAND_LINES_MAX][MQT_LAND_LINES_MAX][EDGE_STEPS - 1];   /* [row][column], southwards */
    struct mqt_spot shifts[MQT_LAND_LINES_MAX][MQT_LAND_LINES_MAX];
};

/* On the lattice's line from one crossing to the next, where each crossing is shifted a little. */
static unsigned spot_between(struct lattice *lattice, int row, int column, bool northward, double t)
{
    const struct mqt_land *land = &lattice->plan->land;
    int next_row = row + (northward ? 1 : 0);
    int next_column = column + (northward ? 0 : 1);
    struct mqt_spot a = lattice->shifts[row][column];
    struct mqt_spot b = lattice->shifts[next_row][next_column];
    double ease = t * t * (3 - 2 * t);
    struct mqt_spot spot = {
        land->xs_m[column] + (land->xs_m[next_column] - land->xs_m[column]) * t + a.x_m + (b.x_m - a.x_m) * ease,
        land->ys_m[row] + (land->ys_m[next_row] - land->ys_m[row]) * t + a.y_m + (b.y_m - a.y_m) * ease};
    return mqt_mesh_spot(&lattice->plan->mesh, mqt_land_bend(land, spot));
}

static void draw_spots(struct lattice *lattice)
{
    struct mqt_plan *plan = lattice->plan;
    const struct mqt_land *land = &plan->land;
    for (int j = 0; j < land->rows; ++j) {
        for (int i = 0; i < land->columns; ++i) {
            /* Motorways do not swerve. */
            bool straight = mqt_land_street(land, true, land->xs_m[i], land->ys_m[j]) == MQT_LINE_MOTORWAY ||
                            mqt_land_street(land, false, land->ys_m[j], land->xs_m[i]) == MQT_LINE_MOTORWAY;
            double by_m = straight ? 0 : 75;
            lattice->shifts[j][i] = (struct mqt_spot){mqt_random_real(&plan->random, -by_m, by_m + 1e-9),
                                                      mqt_random_real(&plan->random, -by_m, by_m + 1e-9)};
            struct mqt_spot spot = {land->xs_m[i] + lattice->shifts[j][i].x_m,
                                    land->ys_m[j] + lattice->shifts[j][i].y_m};
            lattice->crossings[j][i] = mqt_mesh_spot(&plan->mesh, mqt_land_bend(land, spot));
        }
    }
    for (int j = 0; j < land->rows; ++j) {
        for (int i = 0; i < land->columns; ++i) {
            for (int k = 1; k < EDGE_STEPS; ++k) {
                double t = (double)k / EDGE_STEPS;
                lattice->across[j][i][k - 1] = i + 1 < land->columns ? spot_between(lattice, j, i, false, t) : 0;
                lattice->down[j][i][k - 1] = j + 1 < land->rows ? spot_between(lattice, j, i, true, t) : 0;
            }
        }
    }
}

static const char *motorway_name(const struct mqt_land *land, bool northward, double at_m)
{
    if (!land->is_city) {
        return northward ? "京澄高速" : "南环快速路";
    }
    return fabs(at_m) < 6000 ? "二环快速路" : fabs(at_m) < 12000 ? "三环快速路" : "四环快速路";
}

/* A street runs on along its lattice line while its class stays the same. */
static void draw_streets(struct lattice *lattice, bool northward)
{
    struct mqt_plan *plan = lattice->plan;
    const struct mqt_land *land = &plan->land;
    int lines = northward ? land->columns : land->rows;
    int edges = (northward ? land->rows : land->columns) - 1;
    for (int at = 0; at < lines; ++at) {
        double at_m = northward ? land->xs_m[at] : land->ys_m[at];
        const double *along = northward ? land->ys_m : land->xs_m;
        const char *name = street_name(plan, MQT_LINE_PRIMARY);
        struct mqt_mesh_ring chain = {0};
        enum mqt_land_line last = MQT_LINE_NONE;
        unsigned line = 0;
        for (int e = 0; e < edges; ++e) {
            enum mqt_land_line own = mqt_land_street(land, northward, at_m, (along[e] + along[e + 1]) / 2);
            if (own != last) {
                line = add_line(plan, own, own == MQT_LINE_MOTORWAY ? motorway_name(land, northward, at_m) : name);
                chain = (struct mqt_mesh_ring){
                    mqt_arena_calloc(&plan->arena, (size_t)(edges - e) * EDGE_STEPS + 1, sizeof(unsigned)), 0};
                if (!chain.at) {
                    return;
                }
                chain.at[chain.count++] = lattice->crossings[northward ? e : at][northward ? at : e];
            }
            const unsigned *spots = northward ? lattice->down[e][at] : lattice->across[at][e];
            memcpy(chain.at + chain.count, spots, (EDGE_STEPS - 1) * sizeof *spots);
            chain.count += EDGE_STEPS - 1;
            chain.at[chain.count++] = lattice->crossings[northward ? e + 1 : at][northward ? at : e + 1];
            enum mqt_land_line next = e + 1 < edges
                                          ? mqt_land_street(land, northward, at_m, (along[e + 1] + along[e + 2]) / 2)
                                          : MQT_LINE_NONE;
            if (next != own) {
                mqt_mesh_draw(&plan->mesh, chain.at, chain.count, line);
                add_street(plan, line, chain, MQT_PLAN_NO_BASE);
            }
            last = own;
        }
    }
}

static struct mqt_mesh_ring quad(struct lattice *lattice, int j, int i)
{
    struct mqt_mesh_ring ring = {mqt_arena_calloc(&lattice->plan->arena, 4 * EDGE_STEPS, sizeof(unsigned)), 0};
    for (int side = 0; ring.at && side < 4; ++side) {
        /* South-west corner, eastwards, northwards, westwards, southwards. */
        int row = side == 0 || side == 1 ? j + 1 : j;
        int column = side == 1 || side == 2 ? i + 1 : i;
        ring.at[ring.count++] = lattice->crossings[row][column];
        for (int k = 0; k < EDGE_STEPS - 1; ++k) {
            int back = EDGE_STEPS - 2 - k;
            ring.at[ring.count++] = side == 0   ? lattice->across[j + 1][i][k]
                                    : side == 1 ? lattice->down[j][i + 1][back]
                                    : side == 2 ? lattice->across[j][i][back]
                                                : lattice->down[j][i][k];
        }
    }
    return ring;
}

/* Ends a stream where it meets the river, a little beyond it so that the walk crosses. */
static void end_in_river(struct mqt_line *stream, struct mqt_line river)
{
    for (size_t s = 0; s + 2 < stream->count; ++s) {
        for (size_t r = 0; r + 1 < river.count; ++r) {
            struct mqt_spot a = river.spots[r];
            struct mqt_spot b = river.spots[r + 1];
            double here =
                (b.x_m - a.x_m) * (stream->spots[s].y_m - a.y_m) - (b.y_m - a.y_m) * (stream->spots[s].x_m - a.x_m);
            struct mqt_spot next = stream->spots[s + 1];
            double there = (b.x_m - a.x_m) * (next.y_m - a.y_m) - (b.y_m - a.y_m) * (next.x_m - a.x_m);
            bool near = hypot(next.x_m - a.x_m, next.y_m - a.y_m) < 90;
            if (near && (here > 0) != (there > 0)) {
                stream->count = s + 3;
                return;
            }
        }
    }
}

static size_t draw_pieces(struct mqt_plan *plan, struct mqt_mesh_ring *pieces)
{
    struct lattice *lattice = mqt_arena_calloc(&plan->arena, 1, sizeof *lattice);
    size_t count = 0;
    if (!lattice) {
        return 0;
    }
    lattice->plan = plan;
    draw_spots(lattice);
    draw_streets(lattice, true);
    draw_streets(lattice, false);
    for (int j = 0; j + 1 < plan->land.rows; ++j) {
        for (int i = 0; i + 1 < plan->land.columns; ++i) {
            pieces[count++] = quad(lattice, j, i);
        }
    }
    unsigned river = 0;
    for (size_t w = 0; w < plan->land.way_count; ++w) {
        const struct mqt_land_way *way = &plan->land.ways[w];
        plan->ways[w] = mqt_land_smooth(&plan->arena, way);
        if (way->line == MQT_LINE_STREAM) {
            end_in_river(&plan->ways[w], plan->ways[0]);
        }
        plan->way_lines[w] = add_line(plan, way->line, way->name);
        river = w == 0 ? plan->way_lines[0] : river;
        mqt_mesh_walk(&plan->mesh, plan->ways[w], plan->way_lines[w], way->line == MQT_LINE_STREAM ? river : 0, pieces,
                      &count, PIECES_MAX);
    }
    return count;
}

static struct mqt_spot middle_of(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring)
{
    double twice = 0;
    struct mqt_spot sum = {0, 0};
    struct mqt_spot origin = mesh->spots[ring.at[0]];
    for (size_t i = 0; i < ring.count; ++i) {
        struct mqt_spot a = mesh->spots[ring.at[i]];
        struct mqt_spot b = mesh->spots[ring.at[(i + 1) % ring.count]];
        double cross = (a.x_m - origin.x_m) * (b.y_m - origin.y_m) - (b.x_m - origin.x_m) * (a.y_m - origin.y_m);
        sum.x_m += (a.x_m + b.x_m - 2 * origin.x_m) * cross;
        sum.y_m += (a.y_m + b.y_m - 2 * origin.y_m) * cross;
        twice += cross;
    }
    return (struct mqt_spot){origin.x_m + sum.x_m / (3 * twice), origin.y_m + sum.y_m / (3 * twice)};
}

/* How large the pieces between streets of a class are. */
static double usual_m2(const struct mqt_plan *plan, struct mqt_spot spot, enum mqt_land_line line)
{
    double outward = fmin(1.2, mqt_land_outward(&plan->land, spot));
    double far = outward * outward;
    if (line == MQT_LINE_SECONDARY) {
        return plan->land.is_city ? 0.42e6 + 1.0e6 * far : 0.3e6 + 0.36e6 * far;
    }
    switch (mqt_land_use(&plan->land, spot)) {
    case MQT_USE_PARK:
    case MQT_USE_CAMPUS:
    case MQT_USE_STADIUM:
        return 1.2e6;
    case MQT_USE_STATION:
    case MQT_USE_INDUSTRY:
        return 0.2e6;
    case MQT_USE_OLD_TOWN:
        return plan->land.is_city ? 0.1e6 : 0.07e6;
    default:
        return plan->land.is_city ? 0.13e6 + 0.16e6 * far : 0.095e6 + 0.07e6 * far;
    }
}

static void add_cell(struct mqt_plan *plan, struct mqt_mesh_ring ring, unsigned base, unsigned piece, bool inside)
{
    struct mqt_spot middle = middle_of(&plan->mesh, ring);
    if (plan->cell_count < CELLS_MAX) {
        plan->cells[plan->cell_count++] = (struct mqt_plan_cell){
            .ring = ring,
            .middle = middle,
            .use = mqt_land_use(&plan->land, middle),
            .outward = mqt_land_outward(&plan->land, middle),
            .inside = inside,
            .base = base,
            .piece = piece,
        };
    }
}

/* The share of a ring that can be seen from all of it: 1 for a convex one. */
static double openness(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring)
{
    struct mqt_fence kernel = mqt_fence_rect(mqt_mesh_bounds(mesh, ring, 0));
    for (size_t i = 0; i < ring.count; ++i) {
        mqt_fence_cut(&kernel, mesh->spots[ring.at[i]], mesh->spots[ring.at[(i + 1) % ring.count]], 0);
    }
    return mqt_fence_area_m2(&kernel) / mqt_mesh_area_m2(mesh, ring);
}

/* Cuts a ring across its longer side by a street of its own name; false when it is small enough and
 * not too crooked to be built on. */
static bool cut_once(struct mqt_plan *plan, struct mqt_mesh_ring ring, enum mqt_land_line line, unsigned base,
                     struct mqt_mesh_ring parts[2])
{
    struct mqt_random *random = &plan->random;
    struct mqt_spot middle = middle_of(&plan->mesh, ring);
    double wanted_m2 = usual_m2(plan, middle, line) * mqt_random_real(random, 1.05, 1.75);
    double area_m2 = mqt_mesh_area_m2(&plan->mesh, ring);
    enum mqt_land_use use = mqt_land_use(&plan->land, middle);
    bool single = use == MQT_USE_PARK || use == MQT_USE_CAMPUS || use == MQT_USE_STADIUM;
    bool crooked =
        line == MQT_LINE_RESIDENTIAL && !single && area_m2 > CROOKED_M2 && openness(&plan->mesh, ring) < OPEN_SHARE;
    if (area_m2 < wanted_m2 && !crooked) {
        return false;
    }
    bool old = use == MQT_USE_OLD_TOWN;
    double turn = mqt_mesh_grain(&plan->mesh, ring);
    struct mqt_rect box = mqt_mesh_bounds(&plan->mesh, ring, turn);
    double wide_m = box.x1_m - box.x0_m;
    double deep_m = box.y1_m - box.y0_m;
    bool northward = wide_m > deep_m * mqt_random_real(random, 0.85, 1.1);
    double share = mqt_random_real(random, old ? 0.36 : 0.41, old ? 0.64 : 0.59);
    double x_m = northward ? box.x0_m + wide_m * share : (box.x0_m + box.x1_m) / 2;
    double y_m = northward ? (box.y0_m + box.y1_m) / 2 : box.y0_m + deep_m * share;
    struct mqt_spot spot = {x_m * cos(turn) - y_m * sin(turn), x_m * sin(turn) + y_m * cos(turn)};
    double lean = mqt_random_real(random, -0.03, 0.03) * (old ? 3.5 : 1);
    double bend_m = (northward ? deep_m : wide_m) * mqt_random_real(random, -0.025, 0.025) * (old ? 1.8 : 1);
    unsigned number = add_line(plan, line, street_name(plan, line));
    struct mqt_mesh_ring chain;
    if (!mqt_mesh_cut(&plan->mesh, ring, spot, turn + lean + (northward ? 1.5707963267948966 : 0), bend_m, number,
                      parts, &chain)) {
        return false;
    }
    add_street(plan, number, chain, base);
    return true;
}

/* A stack of rings instead of recursion: a cell list in the order in which they come to lie. */
enum { STACK_MAX = 256 };

static void cut_cells(struct mqt_plan *plan, struct mqt_mesh_ring ring, unsigned base, unsigned piece)
{
    struct mqt_mesh_ring stack[STACK_MAX] = {ring};
    size_t depth = 1;
    while (depth > 0) {
        struct mqt_mesh_ring top = mqt_mesh_whole(&plan->mesh, stack[--depth]);
        struct mqt_mesh_ring parts[2];
        if (depth + 2 <= STACK_MAX && cut_once(plan, top, MQT_LINE_RESIDENTIAL, base, parts)) {
            stack[depth++] = parts[0];
            stack[depth++] = parts[1];
        } else {
            add_cell(plan, top, base, piece, true);
        }
    }
}

static void cut_base(struct mqt_plan *plan, struct mqt_mesh_ring ring, unsigned base, unsigned *pieces)
{
    struct mqt_mesh_ring stack[STACK_MAX] = {ring};
    size_t depth = 1;
    while (depth > 0) {
        struct mqt_mesh_ring top = mqt_mesh_whole(&plan->mesh, stack[--depth]);
        struct mqt_mesh_ring parts[2];
        bool near = mqt_land_outward(&plan->land, middle_of(&plan->mesh, top)) < SECONDARY_BEYOND;
        if (near && depth + 2 <= STACK_MAX && cut_once(plan, top, MQT_LINE_SECONDARY, base, parts)) {
            stack[depth++] = parts[0];
            stack[depth++] = parts[1];
        } else if (mqt_land_inside(&plan->land, middle_of(&plan->mesh, top))) {
            cut_cells(plan, top, base, (*pieces)++);
        } else {
            add_cell(plan, top, base, (*pieces)++, false);
        }
    }
}

static enum mqt_err failed(const struct mqt_plan *plan, struct mqt_detail *detail)
{
    return mqt_fail(detail, plan->arena.err, "the ground plan does not fit into %d MB", ARENA_MAX_BYTES >> 20);
}

enum mqt_err mqt_plan_draw(struct mqt_plan *plan, bool is_city, uint64_t seed, struct mqt_detail *detail)
{
    *plan = (struct mqt_plan){.random = mqt_random_start(seed, RANDOM_STREAM)};
    mqt_arena_init(&plan->arena, ARENA_MAX_BYTES);
    mqt_arena_init(&plan->scratch, ARENA_MAX_BYTES);
    mqt_mesh_init(&plan->mesh, &plan->arena, &plan->scratch);
    mqt_land_draw(&plan->land, is_city, seed);
    mqt_place_names_shuffle(&plan->names, &plan->random);
    plan->lines = mqt_arena_calloc(&plan->arena, LINES_MAX, sizeof *plan->lines);
    plan->streets = mqt_arena_calloc(&plan->arena, STREETS_MAX, sizeof *plan->streets);
    plan->cells = mqt_arena_calloc(&plan->arena, CELLS_MAX, sizeof *plan->cells);
    struct mqt_mesh_ring *bases = mqt_arena_calloc(&plan->arena, PIECES_MAX, sizeof *bases);
    if (plan->arena.err != MQT_OK) {
        return failed(plan, detail);
    }
    (void)add_line(plan, MQT_LINE_NONE, "");
    unsigned pieces = 0;
    size_t base_count = draw_pieces(plan, bases);
    for (size_t b = 0; b < base_count && plan->arena.err == MQT_OK; ++b) {
        cut_base(plan, bases[b], (unsigned)b, &pieces);
    }
    for (size_t c = 0; c < plan->cell_count && plan->arena.err == MQT_OK; ++c) {
        plan->cells[c].ring = mqt_mesh_whole(&plan->mesh, plan->cells[c].ring);
    }
    return plan->arena.err == MQT_OK ? MQT_OK : failed(plan, detail);
}

void mqt_plan_clear(struct mqt_plan *plan)
{
    mqt_arena_clear(&plan->scratch);
    mqt_arena_clear(&plan->arena);
    *plan = (struct mqt_plan){0};
}
