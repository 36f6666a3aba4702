#include "layout.h"

#include "division.h"
#include "interchange.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BAND_M = 450 /* areas whose middles lie as near in latitude are numbered from west to east */ };

static const double RIVER_HALF_M = 28;
static const double STREAM_HALF_M = 9;
static const double QUAY_AT_M = 86; /* the middle of the streets along the river */

/* inset_m: from the middle of a line to where building may begin; end_m: a lesser street ends as far
 * from it. */
static const struct {
    const char *class_name;
    double width_m;
    double inset_m;
    double end_m;
} lines[] = {
    [MQT_LINE_NONE] = {"residential", 8, 15, 0},     [MQT_LINE_RIVER] = {"river", 56, 103, 86},
    [MQT_LINE_STREAM] = {"stream", 18, 42, 26},      [MQT_LINE_RAILWAY] = {"railway", 14, 34, 30},
    [MQT_LINE_MOTORWAY] = {"motorway", 50, 60, 34},  [MQT_LINE_PRIMARY] = {"primary", 38, 27, 0},
    [MQT_LINE_SECONDARY] = {"secondary", 24, 19, 0}, [MQT_LINE_RESIDENTIAL] = {"residential", 13, 12, 0},
};

/* A district while it is being laid out. */
struct layout {
    struct mqt_plan *plan;
    struct mqt_town *town;
    unsigned district;
    size_t *grids; /* index in the town's areas, by number of the group */
    struct mqt_interchange interchanges[MQT_INTERCHANGES_MAX];
    size_t interchange_count;
};

/* An area while its level is put in order. */
struct place {
    unsigned group;
    struct mqt_shape shape;
    struct mqt_spot middle;
};

static int by_place(const void *a, const void *b)
{
    const struct place *p = a;
    const struct place *q = b;
    double p_band = floor(p->middle.y_m / BAND_M);
    double q_band = floor(q->middle.y_m / BAND_M);
    if (p_band != q_band) {
        return p_band > q_band ? -1 : 1;
    }
    return p->middle.x_m < q->middle.x_m ? -1 : p->middle.x_m > q->middle.x_m;
}

/* The groups of a level within a group of the level above, from north to south. */
static struct place *places_within(const struct layout *layout, enum mqt_plan_level level, unsigned parent,
                                   size_t *count)
{
    struct mqt_plan *plan = layout->plan;
    bool *seen = mqt_arena_calloc(&plan->arena, plan->counts[level] + 1, sizeof *seen);
    size_t found = 0;
    for (size_t c = 0; seen && c < plan->cell_count; ++c) {
        const struct mqt_plan_cell *cell = &plan->cells[c];
        bool own = cell->inside && cell->groups[level - 1] == parent && !seen[cell->groups[level]];
        found += own;
        seen[cell->groups[level]] = seen[cell->groups[level]] || own;
    }
    struct place *places = mqt_arena_calloc(&plan->arena, found + 1, sizeof *places);
    *count = 0;
    for (unsigned g = 0; seen && places && g < plan->counts[level]; ++g) {
        if (seen[g]) {
            struct mqt_shape shape = mqt_division_shape(plan, level, g);
            places[(*count)++] = (struct place){g, shape, mqt_rect_middle(mqt_shape_bounds(&shape))};
        }
    }
    if (*count > 1) {
        qsort(places, *count, sizeof *places, by_place);
    }
    return places;
}

/* The plan's memory goes before the town's. */
static struct mqt_shape own_shape(struct mqt_town *town, struct mqt_shape shape)
{
    return shape.ring_count > 0 ? mqt_shape_ring(&town->arena, shape.rings[0].spots, shape.rings[0].count)
                                : (struct mqt_shape){0};
}

static const char *own_text(struct mqt_town *town, const char *text)
{
    const char *copy = mqt_arena_copy(&town->arena, text, strlen(text));
    return copy ? copy : "";
}

static void add_grids(struct layout *layout, unsigned community, const char *code, const char *base)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    struct mqt_town *town = layout->town;
    size_t count = 0;
    const struct place *places = places_within(layout, MQT_PLAN_GRID, community, &count);
    for (size_t i = 0; i < count; ++i) {
        size_t serial = i + 1;
        const char *number = mqt_arena_printf(&town->arena, "%s%s%s", serial >= 20 ? digits[serial / 10 % 10] : "",
                                              serial >= 10 ? "十" : "", digits[serial % 10]);
        const struct mqt_town_area grid = {
            .level = MQT_AREA_GRID,
            .code = mqt_arena_printf(&town->arena, "%s%03zu", code, serial),
            .name = mqt_arena_printf(&town->arena, "%s第%s网格", base, number ? number : ""),
            .parent = code,
            .manager = mqt_arena_printf(&town->arena, "%s第%s网格工作站", base, number ? number : ""),
            .shape = own_shape(town, places[i].shape),
        };
        layout->grids[places[i].group] = town->areas.count;
        mqt_town_add(town, &town->areas, grid);
    }
}

static void add_communities(struct layout *layout, unsigned subdistrict, const char *parent)
{
    struct mqt_town *town = layout->town;
    size_t count = 0;
    const struct place *places = places_within(layout, MQT_PLAN_COMMUNITY, subdistrict, &count);
    for (size_t i = 0; i < count; ++i) {
        const char *base = mqt_place_name_next(&layout->plan->names, &town->arena, MQT_PLACE_COMMUNITY);
        const char *code = mqt_arena_printf(&town->arena, "%s%03zu", parent, i + 1);
        if (!code) {
            return;
        }
        const struct mqt_town_area community = {
            .level = MQT_AREA_COMMUNITY,
            .code = code,
            .name = mqt_arena_printf(&town->arena, "%s社区", base),
            .parent = parent,
            .manager = mqt_arena_printf(&town->arena, "%s社区居委会", base),
            .shape = own_shape(town, places[i].shape),
        };
        mqt_town_add(town, &town->areas, community);
        add_grids(layout, places[i].group, code, base);
    }
}

static void add_areas(struct layout *layout)
{
    struct mqt_plan *plan = layout->plan;
    struct mqt_town *town = layout->town;
    bool city = plan->land.is_city;
    const char *code = mqt_arena_printf(&town->arena, "%d", city ? 110181 + (int)layout->district : 110199);
    const char *base = mqt_place_district(city ? layout->district : 0);
    const struct mqt_town_area district = {
        .level = MQT_AREA_DISTRICT,
        .code = code,
        .name = mqt_arena_printf(&town->arena, "%s区", base),
        .parent = "",
        .manager = mqt_arena_printf(&town->arena, "%s区人民政府", base),
        .shape = own_shape(town, mqt_division_shape(plan, MQT_PLAN_DISTRICT, layout->district)),
    };
    mqt_town_add(town, &town->areas, district);
    size_t count = 0;
    const struct place *places = places_within(layout, MQT_PLAN_SUBDISTRICT, layout->district, &count);
    for (size_t i = 0; code && i < count; ++i) {
        const char *own = city ? mqt_place_name_next(&plan->names, &town->arena, MQT_PLACE_SUBDISTRICT)
                               : mqt_place_subdistrict((int)i);
        const char *own_code = mqt_arena_printf(&town->arena, "%s%03zu", code, i + 1);
        if (!own_code) {
            return;
        }
        const struct mqt_town_area area = {
            .level = MQT_AREA_SUBDISTRICT,
            .code = own_code,
            .name = mqt_arena_printf(&town->arena, "%s街道", own),
            .parent = code,
            .manager = mqt_arena_printf(&town->arena, "%s街道办事处", own),
            .shape = own_shape(town, places[i].shape),
        };
        mqt_town_add(town, &town->areas, area);
        add_communities(layout, places[i].group, own_code);
    }
}

/* The largest convex ground that keeps away from all lines around the cell, in the cell's frame. */
static struct mqt_fence fence_of(const struct mqt_plan *plan, struct mqt_mesh_ring ring, struct mqt_spot origin,
                                 double turn, bool with_inset)
{
    const double far_m = 4000;
    struct mqt_fence fence = mqt_fence_rect((struct mqt_rect){-far_m, -far_m, far_m, far_m});
    double cos_turn = cos(turn);
    double sin_turn = sin(turn);
    for (size_t i = 0; i < ring.count; ++i) {
        unsigned ends[2] = {ring.at[i], ring.at[(i + 1) % ring.count]};
        struct mqt_spot own[2];
        for (int e = 0; e < 2; ++e) {
            double x_m = plan->mesh.spots[ends[e]].x_m - origin.x_m;
            double y_m = plan->mesh.spots[ends[e]].y_m - origin.y_m;
            own[e] = (struct mqt_spot){x_m * cos_turn + y_m * sin_turn, y_m * cos_turn - x_m * sin_turn};
        }
        enum mqt_land_line line = plan->lines[mqt_mesh_line(&plan->mesh, ends[0], ends[1])].line;
        mqt_fence_cut(&fence, own[0], own[1], with_inset ? lines[line].inset_m : lines[line].end_m);
    }
    return fence;
}

/* Nobody's address is a river or a motorway: the street beside it has a name of its own. */
static const char *address_street(struct layout *layout, const struct mqt_plan_line *line, bool is_south)
{
    struct mqt_arena *arena = &layout->town->arena;
    const char *name = line->name;
    if (line->line == MQT_LINE_RIVER) {
        name = mqt_arena_printf(arena, "%s%s", line->name, is_south ? "南路" : "北路");
    } else if (line->line == MQT_LINE_STREAM) {
        name = mqt_arena_printf(arena, "%s路", line->name);
    } else if (line->line == MQT_LINE_MOTORWAY || line->line == MQT_LINE_RAILWAY) {
        name = mqt_arena_printf(arena, "%s辅路", line->name);
    } else {
        name = own_text(layout->town, name);
    }
    return name ? name : "";
}

/* The street in the north of a cell. */
static const char *street_of(struct layout *layout, const struct mqt_plan_cell *cell)
{
    const struct mqt_plan *plan = layout->plan;
    double best = -INFINITY;
    unsigned found = 0;
    for (size_t i = 0; i < cell->ring.count; ++i) {
        unsigned a = cell->ring.at[i];
        unsigned b = cell->ring.at[(i + 1) % cell->ring.count];
        unsigned line = mqt_mesh_line(&plan->mesh, a, b);
        enum mqt_land_line kind = plan->lines[line].line;
        double north_m = plan->mesh.spots[a].x_m - plan->mesh.spots[b].x_m;
        /* A street rather than what only has one beside it. */
        double score = north_m - (kind < MQT_LINE_PRIMARY ? 400 : 0);
        if (line != 0 && score > best) {
            best = score;
            found = line;
        }
    }
    return address_street(layout, &plan->lines[found], true);
}

/* A cell of the district and the index of its grid among the town's areas. */
struct lot {
    size_t grid;
    size_t cell;
};

static int by_grid(const void *a, const void *b)
{
    const struct lot *p = a;
    const struct lot *q = b;
    if (p->grid != q->grid) {
        return p->grid < q->grid ? -1 : 1;
    }
    return p->cell < q->cell ? -1 : p->cell > q->cell;
}

/* In the order of their grids, so that what is built lies together by subdistrict and community. */
static void add_cells(struct layout *layout)
{
    struct mqt_plan *plan = layout->plan;
    struct mqt_town *town = layout->town;
    struct lot *lots = mqt_arena_calloc(&plan->arena, plan->cell_count + 1, sizeof *lots);
    size_t count = 0;
    for (size_t c = 0; lots && c < plan->cell_count; ++c) {
        const struct mqt_plan_cell *own = &plan->cells[c];
        if (own->inside && own->groups[MQT_PLAN_DISTRICT] == layout->district) {
            lots[count++] = (struct lot){layout->grids[own->groups[MQT_PLAN_GRID]], c};
        }
    }
    if (count > 1) {
        qsort(lots, count, sizeof *lots, by_grid);
    }
    for (size_t i = 0; i < count; ++i) {
        const struct mqt_plan_cell *own = &plan->cells[lots[i].cell];
        double turn = mqt_mesh_grain(&plan->mesh, own->ring);
        struct mqt_town_cell cell = {
            .theme = (int)own->use,
            .grid = lots[i].grid,
            .street = street_of(layout, own),
            .origin = own->middle,
            .turn = turn,
            .outward = fmin(1, own->outward),
            .yard = fence_of(plan, own->ring, own->middle, turn, true),
            .reach = fence_of(plan, own->ring, own->middle, turn, false),
        };
        for (size_t x = 0; x < layout->interchange_count; ++x) {
            mqt_interchange_spare(&layout->interchanges[x], own->middle, turn, &cell.yard);
        }
        cell.room = mqt_fence_bounds(&cell.yard);
        mqt_town_add(town, &town->cells, cell);
    }
}

static struct mqt_line line_of(const struct layout *layout, struct mqt_mesh_ring chain)
{
    struct mqt_line line = {mqt_arena_calloc(&layout->town->arena, chain.count + 1, sizeof *line.spots), 0};
    for (size_t i = 0; line.spots && i < chain.count; ++i) {
        line.spots[line.count++] = layout->plan->mesh.spots[chain.at[i]];
    }
    return line;
}

/* Draws the end of a street back by as much as the line needs that it ends on. */
static void draw_back(struct mqt_line *line, double by_m, bool at_end)
{
    while (line->count >= 2 && by_m > 0) {
        struct mqt_spot *end = at_end ? &line->spots[line->count - 1] : &line->spots[0];
        struct mqt_spot next = at_end ? line->spots[line->count - 2] : line->spots[1];
        double len_m = hypot(next.x_m - end->x_m, next.y_m - end->y_m);
        if (len_m > by_m) {
            end->x_m += (next.x_m - end->x_m) * by_m / len_m;
            end->y_m += (next.y_m - end->y_m) * by_m / len_m;
            return;
        }
        by_m -= len_m;
        line->spots += at_end ? 0 : 1;
        --line->count;
    }
}

/* What the mesh has at a spot that is the end of a street: the line with the widest margin. */
static double *ends_of_lines(const struct layout *layout)
{
    const struct mqt_plan *plan = layout->plan;
    double *ends = mqt_arena_calloc(&layout->plan->arena, plan->mesh.spot_count + 1, sizeof *ends);
    for (size_t c = 0; ends && c < plan->cell_count; ++c) {
        const struct mqt_mesh_ring ring = plan->cells[c].ring;
        for (size_t i = 0; i < ring.count; ++i) {
            unsigned next = ring.at[(i + 1) % ring.count];
            double end_m = lines[plan->lines[mqt_mesh_line(&plan->mesh, ring.at[i], next)].line].end_m;
            ends[ring.at[i]] = fmax(ends[ring.at[i]], end_m);
            ends[next] = fmax(ends[next], end_m);
        }
    }
    return ends;
}

/* The district in which a piece between main streets lies, or the first. */
static unsigned *districts_of_bases(const struct layout *layout)
{
    const struct mqt_plan *plan = layout->plan;
    unsigned *districts = mqt_arena_calloc(&layout->plan->arena, plan->cell_count + 4096, sizeof *districts);
    for (size_t c = 0; districts && c < plan->cell_count; ++c) {
        if (plan->cells[c].inside && plan->cells[c].base < plan->cell_count + 4096) {
            districts[plan->cells[c].base] = plan->cells[c].groups[MQT_PLAN_DISTRICT];
        }
    }
    return districts;
}

static void add_streets(struct layout *layout)
{
    struct mqt_plan *plan = layout->plan;
    struct mqt_town *town = layout->town;
    const double *ends = ends_of_lines(layout);
    const unsigned *districts = districts_of_bases(layout);
    for (size_t s = 0; ends && districts && s < plan->street_count; ++s) {
        const struct mqt_plan_street *street = &plan->streets[s];
        bool main = street->base == MQT_PLAN_NO_BASE;
        unsigned own = main ? 0 : districts[street->base];
        if (own != layout->district || street->chain.count < 2) {
            continue;
        }
        struct mqt_line line = line_of(layout, street->chain);
        if (!main && line.count >= 2) {
            draw_back(&line, ends[street->chain.at[0]], false);
            draw_back(&line, ends[street->chain.at[street->chain.count - 1]], true);
        }
        if (line.count < 2) {
            continue;
        }
        const struct mqt_plan_line *kind = &plan->lines[street->line];
        double half_m = lines[kind->line].width_m / 2;
        mqt_town_add(town, &town->streets,
                     (struct mqt_town_street){own_text(town, kind->name), lines[kind->line].class_name,
                                              lines[kind->line].width_m, line});
        for (int side = 0; side < 2 && kind->line == MQT_LINE_MOTORWAY; ++side) {
            struct mqt_shape verge =
                mqt_shape_band(&town->arena, line, side ? half_m + 26 : -half_m, side ? -half_m : half_m + 26);
            mqt_town_add(town, &town->greens, (struct mqt_town_patch){"", "防护绿地", verge});
        }
    }
}

/* A line beside another one, to its left. */
static struct mqt_line beside(struct mqt_arena *arena, struct mqt_line line, double by_m)
{
    struct mqt_line copy = mqt_line_copy(arena, line.spots, line.count);
    for (size_t i = 0; i < copy.count; ++i) {
        struct mqt_spot a = line.spots[i > 0 ? i - 1 : 0];
        struct mqt_spot b = line.spots[i + 1 < line.count ? i + 1 : i];
        double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
        copy.spots[i].x_m -= len_m > 0 ? (b.y_m - a.y_m) / len_m * by_m : 0;
        copy.spots[i].y_m += len_m > 0 ? (b.x_m - a.x_m) / len_m * by_m : 0;
    }
    return copy;
}

static void add_bank(struct layout *layout, const struct mqt_land_way *way, struct mqt_line line, bool left)
{
    struct mqt_town *town = layout->town;
    struct mqt_arena *arena = &town->arena;
    bool river = way->line == MQT_LINE_RIVER;
    double sign = left ? 1 : -1;
    double bank_m = river ? RIVER_HALF_M : STREAM_HALF_M;
    double far_m = river ? QUAY_AT_M - 14 : 24;
    /* To the left of a way eastwards is north. */
    bool north = left == (line.spots[line.count - 1].x_m > line.spots[0].x_m);
    mqt_town_add(town, &town->greens,
                 (struct mqt_town_patch){
                     mqt_arena_printf(arena, "%s滨河公园（%s岸）", way->name,
                                      !river  ? left ? "东" : "西"
                                      : north ? "北"
                                              : "南"),
                     "滨河绿带", mqt_shape_band(arena, line, left ? far_m : -bank_m - 1, left ? -bank_m - 1 : far_m)});
    if (river) {
        mqt_town_add(town, &town->streets,
                     (struct mqt_town_street){mqt_arena_printf(arena, "%s%s", way->name, north ? "北路" : "南路"),
                                              "secondary", 24, beside(arena, line, sign * QUAY_AT_M)});
    }
    mqt_town_add(
        town, &town->streets,
        (struct mqt_town_street){"滨河步道", "path", 4, beside(arena, line, sign * (river ? QUAY_AT_M - 24 : 18))});
}

static void add_ways(struct layout *layout)
{
    struct mqt_plan *plan = layout->plan;
    struct mqt_town *town = layout->town;
    for (size_t w = 0; w < plan->land.way_count; ++w) {
        const struct mqt_land_way *way = &plan->land.ways[w];
        struct mqt_line line = mqt_line_copy(&town->arena, plan->ways[w].spots, plan->ways[w].count);
        if (line.count < 2) {
            continue;
        }
        if (way->line == MQT_LINE_RAILWAY) {
            for (int track = 0; track < 2; ++track) {
                mqt_town_add(
                    town, &town->streets,
                    (struct mqt_town_street){way->name, "railway", 3, beside(&town->arena, line, track ? 3 : -3)});
            }
            continue;
        }
        double half_m = way->line == MQT_LINE_RIVER ? RIVER_HALF_M : STREAM_HALF_M;
        mqt_town_add(town, &town->waters,
                     (struct mqt_town_patch){way->name, "河流", mqt_shape_band(&town->arena, line, half_m, half_m)});
        add_bank(layout, way, line, true);
        add_bank(layout, way, line, false);
    }
}

/* Beyond the border the land goes on: woods, fields and ponds between the streets. */
static void add_outskirts(struct layout *layout)
{
    struct mqt_plan *plan = layout->plan;
    struct mqt_town *town = layout->town;
    struct mqt_random random = mqt_random_start(town->seed, 23);
    for (size_t c = 0; c < plan->cell_count; ++c) {
        const struct mqt_plan_cell *cell = &plan->cells[c];
        static const char *const kinds[] = {"林地", "农田", "防护绿地", "公园"};
        double drawn = mqt_random_unit(&random);
        if (cell->inside || drawn > 0.75) {
            continue;
        }
        struct mqt_spot zero = {0, 0};
        struct mqt_fence fence = fence_of(plan, cell->ring, zero, 0, true);
        struct mqt_rect box = mqt_fence_bounds(&fence);
        if (fence.count < 3 || box.x1_m - box.x0_m < 80 || box.y1_m - box.y0_m < 80) {
            continue;
        }
        mqt_town_add(
            town, &town->greens,
            (struct mqt_town_patch){"", kinds[mqt_random_below(&random, 4)], mqt_fence_shape(&town->arena, &fence)});
        if (drawn < 0.1) {
            struct mqt_spot middle = mqt_rect_middle(box);
            double half_m = fmin(box.x1_m - box.x0_m, box.y1_m - box.y0_m) * 0.2;
            const struct mqt_rect pond = {middle.x_m - half_m * 1.4, middle.y_m - half_m, middle.x_m + half_m * 1.4,
                                          middle.y_m + half_m};
            mqt_town_add(town, &town->waters,
                         (struct mqt_town_patch){"", "湖塘", mqt_shape_blob(&town->arena, pond, 0.35, &random)});
        }
    }
}

void mqt_layout_lay(struct mqt_plan *plan, unsigned district, struct mqt_town *town)
{
    struct layout layout = {.plan = plan, .town = town, .district = district};
    layout.grids = mqt_arena_calloc(&plan->arena, plan->counts[MQT_PLAN_GRID] + 1, sizeof *layout.grids);
    if (!layout.grids) {
        return;
    }
    layout.interchange_count = mqt_interchange_find(plan, layout.interchanges);
    add_areas(&layout);
    add_cells(&layout);
    add_streets(&layout);
    if (district == 0) {
        for (size_t x = 0; x < layout.interchange_count; ++x) {
            mqt_interchange_draw(&layout.interchanges[x], town);
        }
        add_ways(&layout);
        add_outskirts(&layout);
    }
}
