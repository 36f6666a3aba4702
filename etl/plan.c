#include "plan.h"

#include "place_name.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RANDOM_STREAM = 21,
    STEP_M = 20, /* of the lattice */
    HALF_WIDE = 165,
    COLUMNS = 4,
    ROWS = 4,
    PIECES_MAX = 16,
    QUAY_STEPS = 4, /* from the river's middle to the quay */
    RING_SPOTS_MAX = 4 * (2 * HALF_WIDE + 200),
};

#define DISTRICT_CODE "110199"

static const double RIVER_HALF_M = 28;
static const double QUAY_AT_M = 86; /* the middle of the streets along the river */
static const double COMMUNITY_M2 = 0.29e6;
static const double GRID_M2 = 0.095e6;

enum line { LINE_RIVER, LINE_MOTORWAY, LINE_PRIMARY, LINE_SECONDARY, LINE_RESIDENTIAL };

/* inset_m: from the middle of the line to where building may begin. */
static const struct {
    const char *class_name;
    double width_m;
    double inset_m;
} lines[] = {
    [LINE_RIVER] = {"river", 56, 103},
    [LINE_MOTORWAY] = {"motorway", 50, 62},
    [LINE_PRIMARY] = {"primary", 38, 27},
    [LINE_SECONDARY] = {"secondary", 24, 19},
    [LINE_RESIDENTIAL] = {"residential", 13, 12},
};

enum side { NORTH, EAST, SOUTH, WEST, SIDES };

/* What a piece of land ends at on one side. */
struct rim {
    enum line line;
    const char *street;
};

/* In steps of the lattice. */
struct box {
    int x0;
    int y0;
    int x1;
    int y1;
};

struct piece {
    struct box box;
    struct rim rims[SIDES];
};

struct plan {
    struct mqt_town *town;
    struct mqt_random random;
    struct mqt_place_names names;
    double complex swing;
    double complex ripple;
    double phase[4];
    double drift_m;
    int subdistricts;
};

static const double SWING_M = 1200;
static const double RIPPLE_M = 640;

static double complex warp(const struct plan *plan, double complex z)
{
    return z + plan->swing * SWING_M * csin(z / SWING_M + plan->phase[0]) +
           plan->ripple * RIPPLE_M * csin(z / RIPPLE_M + plan->phase[1]) + z * z / (2 * plan->drift_m);
}

/* The derivative: how much the map turns and stretches at z. */
static double complex stretch(const struct plan *plan, double complex z)
{
    return 1 + plan->swing * ccos(z / SWING_M + plan->phase[0]) + plan->ripple * ccos(z / RIPPLE_M + plan->phase[1]) +
           z / plan->drift_m;
}

static struct mqt_spot spot_of(double complex z)
{
    return (struct mqt_spot){creal(z), cimag(z)};
}

static struct mqt_spot at_lattice(const struct plan *plan, int x, int y)
{
    return spot_of(warp(plan, x * (double)STEP_M + y * (double)STEP_M * I));
}

static struct mqt_shape ring_around(const struct plan *plan, struct box box)
{
    struct mqt_spot spots[RING_SPOTS_MAX];
    size_t count = 0;
    for (int x = box.x0; x < box.x1; ++x) {
        spots[count++] = at_lattice(plan, x, box.y0);
    }
    for (int y = box.y0; y < box.y1; ++y) {
        spots[count++] = at_lattice(plan, box.x1, y);
    }
    for (int x = box.x1; x > box.x0; --x) {
        spots[count++] = at_lattice(plan, x, box.y1);
    }
    for (int y = box.y1; y > box.y0; --y) {
        spots[count++] = at_lattice(plan, box.x0, y);
    }
    return mqt_shape_ring(&plan->town->arena, spots, count);
}

/* A line of the lattice that is off_m beside it, from and to in steps. */
static struct mqt_line line_along(const struct plan *plan, bool northward, int at, double off_m, int from, int to)
{
    struct mqt_spot spots[RING_SPOTS_MAX];
    size_t count = 0;
    double at_m = at * (double)STEP_M + off_m;
    for (int k = from; k <= to; ++k) {
        double along_m = k * (double)STEP_M;
        spots[count++] = spot_of(warp(plan, northward ? at_m + along_m * I : along_m + at_m * I));
    }
    return mqt_line_copy(&plan->town->arena, spots, count);
}

static void add_street(struct plan *plan, struct rim rim, struct mqt_line line)
{
    mqt_town_add(plan->town, &plan->town->streets,
                 (struct mqt_town_street){rim.street, lines[rim.line].class_name, lines[rim.line].width_m, line});
}

static void add_green(struct plan *plan, const char *name, const char *kind, struct mqt_shape shape)
{
    mqt_town_add(plan->town, &plan->town->greens, (struct mqt_town_patch){name, kind, shape});
}

/* How far the river's middle is from the lattice line that it follows. */
static double meander_m(const struct plan *plan, double along_m)
{
    return 17 * sin(along_m / 190 + plan->phase[2]) + 8 * sin(along_m / 83 + plan->phase[3]);
}

/* Between the quay of one side (+1 north, -1 south) and the river's middle or bank. */
static struct mqt_shape bank(const struct plan *plan, double near_m, double far_m, int from, int to)
{
    struct mqt_spot spots[RING_SPOTS_MAX];
    size_t count = 0;
    for (int k = from; k <= to; ++k) {
        double along_m = k * (double)STEP_M;
        spots[count++] = spot_of(warp(plan, along_m + (near_m + meander_m(plan, along_m)) * I));
    }
    for (int k = to; k >= from; --k) {
        double along_m = k * (double)STEP_M;
        bool river = fabs(far_m) <= RIVER_HALF_M;
        spots[count++] = spot_of(warp(plan, along_m + (far_m + (river ? meander_m(plan, along_m) : 0)) * I));
    }
    return mqt_shape_ring(&plan->town->arena, spots, count);
}

static void add_river(struct plan *plan, int from, int to)
{
    struct mqt_town *town = plan->town;
    const struct rim quays[] = {{LINE_SECONDARY, "澄河北路"}, {LINE_SECONDARY, "澄河南路"}};
    const struct mqt_town_patch river = {"澄河", "河流", bank(plan, RIVER_HALF_M, -RIVER_HALF_M, from, to)};
    mqt_town_add(town, &town->waters, river);
    for (int side = 0; side < 2; ++side) {
        double sign = side == 0 ? 1 : -1;
        add_street(plan, quays[side], line_along(plan, false, 0, sign * QUAY_AT_M, from, to));
        add_green(plan, side == 0 ? "澄河滨河公园（北岸）" : "澄河滨河公园（南岸）", "滨河绿带",
                  bank(plan, sign * (RIVER_HALF_M + 1), sign * (QUAY_AT_M - 14), from, to));
        const struct rim walk = {LINE_RESIDENTIAL, "滨河步道"};
        mqt_town_add(town, &town->streets,
                     (struct mqt_town_street){walk.street, "path", 4,
                                              line_along(plan, false, 0, sign * (QUAY_AT_M - 24), from, to)});
    }
}

/* The street, river or motorway along one line of the lattice. */
static void add_line(struct plan *plan, struct rim rim, bool northward, int at, int from, int to)
{
    if (rim.line == LINE_RIVER) {
        add_river(plan, from, to);
        return;
    }
    struct mqt_line line = line_along(plan, northward, at, 0, from, to);
    add_street(plan, rim, line);
    if (rim.line == LINE_MOTORWAY && line.count >= 2) {
        double half_m = lines[rim.line].width_m / 2;
        add_green(plan, "", "防护绿地", mqt_shape_band(&plan->town->arena, line, half_m + 28, -half_m));
        add_green(plan, "", "防护绿地", mqt_shape_band(&plan->town->arena, line, -half_m, half_m + 28));
    }
}

static const char *street_name(struct plan *plan, enum line line)
{
    static const enum mqt_place_kind kinds[] = {
        [LINE_RIVER] = MQT_PLACE_AVENUE,     [LINE_MOTORWAY] = MQT_PLACE_AVENUE,  [LINE_PRIMARY] = MQT_PLACE_AVENUE,
        [LINE_SECONDARY] = MQT_PLACE_STREET, [LINE_RESIDENTIAL] = MQT_PLACE_LANE,
    };
    return mqt_place_name_next(&plan->names, &plan->town->arena, kinds[line]);
}

static double box_m2(struct box box)
{
    return (double)(box.x1 - box.x0) * (box.y1 - box.y0) * STEP_M * STEP_M;
}

/* Cuts a piece into as many as wanted by streets of one class; appends them to *out. */
static void cut(struct plan *plan, struct piece piece, int parts, enum line line, struct piece *out, int *count)
{
    if (parts <= 1 || *count + parts > PIECES_MAX) {
        if (*count < PIECES_MAX) {
            out[(*count)++] = piece;
        }
        return;
    }
    int first = parts / 2 + (parts % 2 && mqt_random_chance(&plan->random, 0.5));
    double share = (double)first / parts + mqt_random_real(&plan->random, -0.07, 0.07);
    struct box box = piece.box;
    int wide = box.x1 - box.x0;
    int deep = box.y1 - box.y0;
    bool northward = wide > deep; /* the new street */
    int at = northward ? box.x0 + (int)lround(wide * share) : box.y1 - (int)lround(deep * share);
    struct rim rim = {line, street_name(plan, line)};
    int from = northward ? box.y0 : box.x0;
    int to = northward ? box.y1 : box.x1;
    /* Only main streets have bridges; the others end at the quay. */
    from += northward && piece.rims[SOUTH].line == LINE_RIVER ? QUAY_STEPS : 0;
    to -= northward && piece.rims[NORTH].line == LINE_RIVER ? QUAY_STEPS : 0;
    add_line(plan, rim, northward, at, from, to);
    struct piece one = piece;
    struct piece two = piece;
    if (northward) {
        one.box.x1 = two.box.x0 = at;
        one.rims[EAST] = two.rims[WEST] = rim;
    } else {
        one.box.y0 = two.box.y1 = at;
        one.rims[SOUTH] = two.rims[NORTH] = rim;
    }
    cut(plan, one, first, line, out, count);
    cut(plan, two, parts - first, line, out, count);
}

static int clamp_int(double value, int least, int most)
{
    int whole = (int)lround(value);
    return whole < least ? least : whole > most ? most : whole;
}

/* The largest upright rectangle (in the cell's frame) that keeps away from all four lines. */
static void add_cell(struct plan *plan, const struct piece *piece, size_t grid)
{
    struct box box = piece->box;
    double complex middle = (box.x0 + box.x1) * (STEP_M / 2.0) + (box.y0 + box.y1) * (STEP_M / 2.0) * I;
    double complex origin = warp(plan, middle);
    double turn = carg(stretch(plan, middle));
    struct mqt_rect room = {-INFINITY, -INFINITY, INFINITY, INFINITY};
    for (int x = box.x0; x <= box.x1; ++x) {
        for (int y = box.y0; y <= box.y1; ++y) {
            double complex z = warp(plan, x * (double)STEP_M + y * (double)STEP_M * I);
            double complex local = (z - origin) * cexp(-turn * I);
            room.x0_m = x == box.x0 ? fmax(room.x0_m, creal(local) + lines[piece->rims[WEST].line].inset_m) : room.x0_m;
            room.x1_m = x == box.x1 ? fmin(room.x1_m, creal(local) - lines[piece->rims[EAST].line].inset_m) : room.x1_m;
            room.y0_m =
                y == box.y0 ? fmax(room.y0_m, cimag(local) + lines[piece->rims[SOUTH].line].inset_m) : room.y0_m;
            room.y1_m =
                y == box.y1 ? fmin(room.y1_m, cimag(local) - lines[piece->rims[NORTH].line].inset_m) : room.y1_m;
        }
    }
    const struct mqt_town_cell cell = {
        .grid = grid,
        .room = room,
        .street = piece->rims[NORTH].street,
        .origin = spot_of(origin),
        .turn = turn,
        .outward = fmin(1, hypot(creal(middle) / (HALF_WIDE * STEP_M), cimag(middle) / 1750.0) / 1.2),
    };
    mqt_town_add(plan->town, &plan->town->cells, cell);
}

/* North to south, west to east in a row: the order in which the standard numbers areas. */
static int by_place(const void *a, const void *b)
{
    const struct piece *p = a;
    const struct piece *q = b;
    if (p->box.y1 != q->box.y1) {
        return p->box.y1 > q->box.y1 ? -1 : 1;
    }
    return p->box.x0 < q->box.x0 ? -1 : p->box.x0 > q->box.x0;
}

static void lay_community(struct plan *plan, const struct piece *piece, const char *subdistrict, int serial)
{
    struct mqt_town *town = plan->town;
    struct piece grids[PIECES_MAX];
    int count = 0;
    const char *code = mqt_arena_printf(&town->arena, "%s%03d", subdistrict, serial);
    const char *base = mqt_place_name_next(&plan->names, &town->arena, MQT_PLACE_COMMUNITY);
    const struct mqt_town_area community = {
        .level = MQT_AREA_COMMUNITY,
        .code = code,
        .name = mqt_arena_printf(&town->arena, "%s社区", base),
        .parent = subdistrict,
        .manager = mqt_arena_printf(&town->arena, "%s社区居委会", base),
        .shape = ring_around(plan, piece->box),
    };
    mqt_town_add(town, &town->areas, community);
    cut(plan, *piece, clamp_int(box_m2(piece->box) / GRID_M2, 2, 5), LINE_RESIDENTIAL, grids, &count);
    qsort(grids, (size_t)count, sizeof *grids, by_place);
    for (int i = 0; i < count; ++i) {
        static const char *const numerals[] = {"一", "二", "三", "四", "五", "六"};
        const struct mqt_town_area grid = {
            .level = MQT_AREA_GRID,
            .code = mqt_arena_printf(&town->arena, "%s%03d", code, i + 1),
            .name = mqt_arena_printf(&town->arena, "%s第%s网格", base, numerals[i]),
            .parent = code,
            .manager = mqt_arena_printf(&town->arena, "%s第%s网格工作站", base, numerals[i]),
            .shape = ring_around(plan, grids[i].box),
        };
        size_t index = town->areas.count;
        mqt_town_add(town, &town->areas, grid);
        add_cell(plan, &grids[i], index);
    }
}

static void lay_subdistrict(struct plan *plan, const struct piece *piece)
{
    struct mqt_town *town = plan->town;
    struct piece communities[PIECES_MAX];
    int count = 0;
    const char *base = mqt_place_subdistrict(plan->subdistricts);
    const char *code = mqt_arena_printf(&town->arena, DISTRICT_CODE "%03d", ++plan->subdistricts);
    const struct mqt_town_area area = {
        .level = MQT_AREA_SUBDISTRICT,
        .code = code,
        .name = mqt_arena_printf(&town->arena, "%s街道", base),
        .parent = DISTRICT_CODE,
        .manager = mqt_arena_printf(&town->arena, "%s街道办事处", base),
        .shape = ring_around(plan, piece->box),
    };
    mqt_town_add(town, &town->areas, area);
    cut(plan, *piece, clamp_int(box_m2(piece->box) / COMMUNITY_M2, 2, 6), LINE_SECONDARY, communities, &count);
    qsort(communities, (size_t)count, sizeof *communities, by_place);
    for (int i = 0; code && i < count; ++i) {
        lay_community(plan, &communities[i], code, i + 1);
    }
}

static void draw_warp(struct plan *plan)
{
    struct mqt_random *random = &plan->random;
    for (int i = 0; i < 4; ++i) {
        plan->phase[i] = mqt_random_real(random, 0, 6.283);
    }
    /* Mostly across, so that the river swings; together with the drift far below 1: no fold. */
    plan->swing = 0.15 * cexp(mqt_random_real(random, 1.3, 1.8) * I);
    plan->ripple = 0.016 * cexp(mqt_random_real(random, 0, 6.283) * I);
    plan->drift_m = mqt_random_real(random, 28000, 40000) * (mqt_random_chance(random, 0.5) ? 1 : -1);
}

void mqt_plan_lay(struct mqt_town *town)
{
    /* Larger subdistricts lie at the edge, the others are halves. */
    static const int halves[ROWS][COLUMNS] = {{1, 2, 2, 1}, {2, 2, 2, 1}, {1, 2, 2, 2}, {1, 2, 2, 1}};
    struct plan plan = {.town = town, .random = mqt_random_start(town->seed, RANDOM_STREAM)};
    mqt_place_names_shuffle(&plan.names, &plan.random);
    draw_warp(&plan);
    int columns[COLUMNS + 1] = {-HALF_WIDE, mqt_random_int(&plan.random, -92, -78), mqt_random_int(&plan.random, -8, 8),
                                mqt_random_int(&plan.random, 76, 90), HALF_WIDE};
    int rows[ROWS + 1] = {88, mqt_random_int(&plan.random, 42, 49), 0, mqt_random_int(&plan.random, -50, -44), -88};
    struct rim across[ROWS + 1];
    struct rim up[COLUMNS + 1];
    const int beyond = 26;
    for (int r = 0; r <= ROWS; ++r) {
        across[r].line = r == 2 ? LINE_RIVER : r == 3 ? LINE_MOTORWAY : LINE_PRIMARY;
        across[r].street = r == 2 ? "澄河北路" : r == 3 ? "南环快速路" : street_name(&plan, LINE_PRIMARY);
        add_line(&plan, across[r], false, rows[r], columns[0] - beyond, columns[COLUMNS] + beyond);
    }
    for (int c = 0; c <= COLUMNS; ++c) {
        up[c] = (struct rim){LINE_PRIMARY, street_name(&plan, LINE_PRIMARY)};
        add_line(&plan, up[c], true, columns[c], rows[ROWS] - beyond, rows[0] + beyond);
    }
    const struct mqt_town_area district = {
        MQT_AREA_DISTRICT, DISTRICT_CODE,
        "澄河区",          "",
        "澄河区人民政府",  ring_around(&plan, (struct box){columns[0], rows[ROWS], columns[COLUMNS], rows[0]})};
    mqt_town_add(town, &town->areas, district);
    for (int r = 0; r < ROWS; ++r) {
        for (int c = 0; c < COLUMNS; ++c) {
            struct piece block = {{columns[c], rows[r + 1], columns[c + 1], rows[r]},
                                  {across[r], up[c + 1], across[r + 1], up[c]}};
            struct piece parts[PIECES_MAX];
            int count = 0;
            /* Nobody's address is a river's other bank or a motorway. */
            block.rims[NORTH].street = r == 2 ? "澄河南路" : r == 3 ? "南环辅路" : across[r].street;
            cut(&plan, block, halves[r][c], LINE_PRIMARY, parts, &count);
            for (int i = 0; i < count; ++i) {
                lay_subdistrict(&plan, &parts[i]);
            }
        }
    }
}
