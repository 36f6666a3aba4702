#include "division.h"

#include "region.h"

#include <math.h>
#include <string.h>

enum { SUBDISTRICTS = 26, OUTSIDE = MQT_REGION_NO_GROUP };

/* Cells as the pieces of a region; which[piece] is the cell. */
struct division {
    struct mqt_plan *plan;
    struct mqt_region region;
    size_t *which;
    double *weights;
    unsigned *groups[MQT_PLAN_LEVELS];
};

static bool is_barrier(enum mqt_land_line line)
{
    return line == MQT_LINE_RIVER || line == MQT_LINE_RAILWAY || line == MQT_LINE_MOTORWAY;
}

static void link_cells(struct division *division, bool with_barriers)
{
    struct mqt_plan *plan = division->plan;
    bool *barriers = mqt_arena_calloc(&plan->arena, plan->line_count + 1, sizeof *barriers);
    for (size_t l = 0; barriers && l < plan->line_count; ++l) {
        barriers[l] = with_barriers && is_barrier(plan->lines[l].line);
    }
    if (barriers) {
        mqt_region_link(&division->region, barriers);
    }
}

static bool take_cells(struct division *division, struct mqt_plan *plan, bool only_inside)
{
    struct mqt_arena *arena = &plan->arena;
    *division = (struct division){.plan = plan, .region = {.mesh = &plan->mesh}};
    division->which = mqt_arena_calloc(arena, plan->cell_count + 1, sizeof *division->which);
    division->weights = mqt_arena_calloc(arena, plan->cell_count + 1, sizeof *division->weights);
    division->region.pieces = mqt_arena_calloc(arena, plan->cell_count + 1, sizeof *division->region.pieces);
    for (int level = 0; level < MQT_PLAN_LEVELS; ++level) {
        division->groups[level] = mqt_arena_calloc(arena, plan->cell_count + 1, sizeof(unsigned));
    }
    for (size_t c = 0; arena->err == MQT_OK && c < plan->cell_count; ++c) {
        if (plan->cells[c].inside || !only_inside) {
            division->which[division->region.count] = c;
            division->region.pieces[division->region.count++] = plan->cells[c].ring;
        }
    }
    return arena->err == MQT_OK;
}

static const struct mqt_plan_cell *cell_of(const struct division *division, size_t piece)
{
    return &division->plan->cells[division->which[piece]];
}

/* What hangs together: inside only the largest part counts, outside only what reaches the plan's rim. */
static void drop_islands(struct division *division)
{
    struct mqt_plan *plan = division->plan;
    size_t count = division->region.count;
    unsigned *parts = division->groups[0];
    double *sums = mqt_arena_calloc(&plan->arena, count + 2, sizeof *sums);
    bool *rim = mqt_arena_calloc(&plan->arena, count + 2, sizeof *rim);
    if (!sums || !rim) {
        return;
    }
    for (size_t p = 0; p < count; ++p) {
        parts[p] = cell_of(division, p)->inside;
    }
    (void)mqt_region_separate(&division->region, parts, 0);
    size_t largest = 0;
    for (size_t p = 0; p < count; ++p) {
        const struct mqt_plan_cell *cell = cell_of(division, p);
        sums[parts[p]] += cell->inside ? mqt_mesh_area_m2(&plan->mesh, cell->ring) : 0;
        rim[parts[p]] = rim[parts[p]] || mqt_land_outward(&plan->land, cell->middle) > 1.5;
        largest = sums[parts[p]] > sums[largest] ? parts[p] : largest;
    }
    for (size_t p = 0; p < count; ++p) {
        struct mqt_plan_cell *cell = &plan->cells[division->which[p]];
        cell->inside = cell->inside ? parts[p] == largest : !rim[parts[p]];
    }
}

/* Where the border touches itself in a corner, one of the cells there changes sides. */
static bool mend_border(struct division *division)
{
    struct mqt_plan *plan = division->plan;
    unsigned *inside = division->groups[0];
    for (size_t p = 0; p < division->region.count; ++p) {
        inside[p] = cell_of(division, p)->inside ? 0 : OUTSIDE;
    }
    if (mqt_region_is_whole(&division->region, inside, 0)) {
        return true;
    }
    for (size_t l = 0; l < division->region.link_count; ++l) {
        const struct mqt_region_link *link = &division->region.links[l];
        if ((inside[link->a] == 0) == (inside[link->b] == 0)) {
            continue;
        }
        size_t outer = inside[link->a] == 0 ? link->b : link->a;
        inside[outer] = 0;
        if (mqt_region_is_whole(&division->region, inside, 0)) {
            plan->cells[division->which[outer]].inside = true;
            return true;
        }
        inside[outer] = OUTSIDE;
    }
    return false;
}

static enum mqt_err draw_border(struct mqt_plan *plan, struct mqt_detail *detail)
{
    struct division division;
    if (!take_cells(&division, plan, false)) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the division into areas");
    }
    link_cells(&division, false);
    drop_islands(&division);
    return mend_border(&division) ? MQT_OK : mqt_fail(detail, MQT_ERR_PARAM, "this seed's border touches itself");
}

/* The groups of a level follow a number of each cell; a community stays in one piece. */
static void start_level(struct division *division, enum mqt_plan_level level, const unsigned *numbers)
{
    struct mqt_plan *plan = division->plan;
    const unsigned *communities = division->groups[MQT_PLAN_COMMUNITY];
    unsigned *first = mqt_arena_calloc(&plan->arena, division->region.count + 1, sizeof *first);
    for (size_t p = 0; first && p < division->region.count; ++p) {
        if (first[communities[p]] == 0) {
            first[communities[p]] = (unsigned)p + 1;
        }
        division->groups[level][p] = numbers[first[communities[p]] - 1];
    }
}

static void weigh(struct division *division, double middle_m2, double more_m2)
{
    for (size_t p = 0; p < division->region.count; ++p) {
        const struct mqt_plan_cell *cell = cell_of(division, p);
        double usual_m2 = middle_m2 + more_m2 * cell->outward * cell->outward;
        division->weights[p] = mqt_mesh_area_m2(&division->plan->mesh, cell->ring) / usual_m2;
    }
}

static void draw_communities(struct division *division)
{
    bool city = division->plan->land.is_city;
    for (size_t p = 0; p < division->region.count; ++p) {
        division->groups[MQT_PLAN_COMMUNITY][p] = cell_of(division, p)->piece;
    }
    weigh(division, city ? 0.42e6 : 0.3e6, city ? 1e6 : 0.36e6);
    mqt_region_join(&division->region, division->groups[MQT_PLAN_COMMUNITY], NULL, division->weights, 0.42, 1);
    (void)mqt_region_number(&division->region, division->groups[MQT_PLAN_COMMUNITY]);
}

static void draw_districts(struct division *division)
{
    struct mqt_plan *plan = division->plan;
    size_t count = division->region.count;
    unsigned *nearest = mqt_arena_calloc(&plan->arena, count + 1, sizeof *nearest);
    unsigned *districts = division->groups[MQT_PLAN_DISTRICT];
    for (size_t p = 0; nearest && p < count; ++p) {
        struct mqt_spot middle = cell_of(division, p)->middle;
        double least_m = INFINITY;
        for (size_t s = 0; s < plan->land.seed_count; ++s) {
            double away_m = hypot(middle.x_m - plan->land.seeds[s].x_m, middle.y_m - plan->land.seeds[s].y_m);
            nearest[p] = away_m < least_m ? (unsigned)s : nearest[p];
            least_m = fmin(least_m, away_m);
        }
    }
    if (!nearest) {
        return;
    }
    start_level(division, MQT_PLAN_DISTRICT, nearest);
    (void)mqt_region_separate(&division->region, districts, 0);
    weigh(division, 1e6, 0);
    mqt_region_join(&division->region, districts, NULL, division->weights, 1e9, plan->land.seed_count);
}

static void draw_subdistricts(struct division *division)
{
    struct mqt_plan *plan = division->plan;
    bool city = plan->land.is_city;
    size_t count = division->region.count;
    unsigned *subdistricts = division->groups[MQT_PLAN_SUBDISTRICT];
    unsigned *bases = mqt_arena_calloc(&plan->arena, count + 1, sizeof *bases);
    for (size_t p = 0; bases && p < count; ++p) {
        bases[p] = cell_of(division, p)->base * MQT_LAND_SEEDS_MAX + division->groups[MQT_PLAN_DISTRICT][p];
    }
    if (!bases) {
        return;
    }
    start_level(division, MQT_PLAN_SUBDISTRICT, bases);
    (void)mqt_region_separate(&division->region, subdistricts, 0);
    weigh(division, city ? 1.6e6 : 0.62e6, city ? 4.5e6 : 1.1e6);
    mqt_region_join(&division->region, subdistricts, division->groups[MQT_PLAN_DISTRICT], division->weights,
                    city ? 0.6 : 1e9, city ? 1 : SUBDISTRICTS);
}

static void draw_grids(struct division *division)
{
    bool city = division->plan->land.is_city;
    for (size_t p = 0; p < division->region.count; ++p) {
        division->groups[MQT_PLAN_GRID][p] = (unsigned)p;
    }
    weigh(division, city ? 0.12e6 : 0.085e6, city ? 0.14e6 : 0.07e6);
    mqt_region_join(&division->region, division->groups[MQT_PLAN_GRID], division->groups[MQT_PLAN_COMMUNITY],
                    division->weights, 0.45, 1);
}

static enum mqt_err check(const struct division *division, struct mqt_detail *detail)
{
    const struct mqt_plan *plan = division->plan;
    for (int level = 0; level < MQT_PLAN_LEVELS; ++level) {
        for (unsigned g = 0; g < plan->counts[level]; ++g) {
            if (!mqt_region_is_whole(&division->region, division->groups[level], g)) {
                return mqt_fail(detail, MQT_ERR_PARAM, "this seed's land has an area of level %d with a hole", level);
            }
        }
    }
    bool right = plan->land.is_city || plan->counts[MQT_PLAN_SUBDISTRICT] == SUBDISTRICTS;
    return right ? MQT_OK
                 : mqt_fail(detail, MQT_ERR_PARAM, "this seed's land has %u subdistricts",
                            plan->counts[MQT_PLAN_SUBDISTRICT]);
}

enum mqt_err mqt_division_draw(struct mqt_plan *plan, struct mqt_detail *detail)
{
    struct division division;
    enum mqt_err err = draw_border(plan, detail);
    if (err != MQT_OK) {
        return err;
    }
    if (!take_cells(&division, plan, true)) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the division into areas");
    }
    link_cells(&division, true);
    draw_communities(&division);
    link_cells(&division, false); /* a community that lies on both sides of a river stays together */
    draw_districts(&division);
    link_cells(&division, true);
    draw_subdistricts(&division);
    draw_grids(&division);
    for (int level = 0; level < MQT_PLAN_LEVELS; ++level) {
        plan->counts[level] = mqt_region_number(&division.region, division.groups[level]);
        for (size_t p = 0; p < division.region.count; ++p) {
            plan->cells[division.which[p]].groups[level] = division.groups[level][p];
        }
    }
    return check(&division, detail);
}

struct mqt_shape mqt_division_shape(struct mqt_plan *plan, enum mqt_plan_level level, unsigned group)
{
    size_t count = 0;
    for (size_t c = 0; c < plan->cell_count; ++c) {
        count += plan->cells[c].inside && plan->cells[c].groups[level] == group;
    }
    struct mqt_mesh_ring *rings = mqt_arena_calloc(&plan->arena, count + 1, sizeof *rings);
    count = 0;
    for (size_t c = 0; rings && c < plan->cell_count; ++c) {
        if (plan->cells[c].inside && plan->cells[c].groups[level] == group) {
            rings[count++] = plan->cells[c].ring;
        }
    }
    return mqt_mesh_shape(&plan->mesh, mqt_mesh_outline(&plan->mesh, rings, count));
}
