#include "street.h"

#include "scale.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { EDGE_STEPS = 8, LINE_SPOTS_MAX = 160, OUTLINE_SPOTS = 96, RANDOM_STREAM = 1 };

#define DISTRICT_CODE "110199"
#define SUBDISTRICT_CODE DISTRICT_CODE "001"
#define COMMUNITY_CODE SUBDISTRICT_CODE "001"

/* Streets are straight in a drawing; the warp bends them gently and lets the river wind. */
struct network {
    const struct mqt_town_scale *scale;
    double across_at_m[MQT_SCALE_LINES_MAX]; /* y of the grid lines that run east, moved a little */
    double up_at_m[MQT_SCALE_LINES_MAX];
    double phase[3];
    double factor; /* makes the community exactly as large as the scale says */
    struct mqt_line across[MQT_SCALE_LINES_MAX][MQT_SCALE_LINES_MAX]; /* [row][column], west to east */
    struct mqt_line up[MQT_SCALE_LINES_MAX][MQT_SCALE_LINES_MAX];     /* [column][row], north to south */
};

static struct mqt_spot warp(const struct network *net, double x_m, double y_m)
{
    double river_m = net->scale->eastward[net->scale->rows].at_m;
    double near_river = exp(-pow((y_m - river_m) / 110, 2));
    struct mqt_spot spot = {
        x_m + 6 * sin(y_m / 240 + net->phase[0]),
        y_m + 5 * sin(x_m / 290 + net->phase[1]) + near_river * 11 * sin(x_m / 150 + net->phase[2]),
    };
    spot.x_m *= net->factor;
    spot.y_m *= net->factor;
    return spot;
}

static void draw_network(struct mqt_random *random, struct network *net)
{
    const struct mqt_town_scale *scale = net->scale;
    net->factor = 1;
    for (int i = 0; i < 3; ++i) {
        net->phase[i] = mqt_random_real(random, 0, 6.28);
    }
    for (int i = 0; i <= scale->columns; ++i) {
        net->up_at_m[i] = scale->northward[i].at_m + mqt_random_real(random, -5, 5);
    }
    for (int j = 0; j <= scale->rows; ++j) {
        net->across_at_m[j] = scale->eastward[j].at_m + (j < scale->rows ? mqt_random_real(random, -4, 4) : 0);
    }
}

static struct mqt_line edge(struct mqt_arena *arena, const struct network *net, struct mqt_spot from,
                            struct mqt_spot to)
{
    struct mqt_spot spots[EDGE_STEPS + 1];
    for (int k = 0; k <= EDGE_STEPS; ++k) {
        double t = (double)k / EDGE_STEPS;
        /* The ends are taken as they are: every edge of a crossing must have the same spot there. */
        double x_m = k == EDGE_STEPS ? to.x_m : from.x_m + t * (to.x_m - from.x_m);
        double y_m = k == EDGE_STEPS ? to.y_m : from.y_m + t * (to.y_m - from.y_m);
        spots[k] = warp(net, x_m, y_m);
    }
    return mqt_line_copy(arena, spots, EDGE_STEPS + 1);
}

static void draw_edges(struct mqt_arena *arena, struct network *net)
{
    for (int j = 0; j <= net->scale->rows; ++j) {
        for (int i = 0; i <= net->scale->columns; ++i) {
            struct mqt_spot node = {net->up_at_m[i], net->across_at_m[j]};
            if (i < net->scale->columns) {
                net->across[j][i] = edge(arena, net, node, (struct mqt_spot){net->up_at_m[i + 1], node.y_m});
            }
            if (j < net->scale->rows) {
                net->up[i][j] = edge(arena, net, node, (struct mqt_spot){node.x_m, net->across_at_m[j + 1]});
            }
        }
    }
}

/* A ring under construction from edges end to end. */
struct path {
    struct mqt_spot spots[4 * MQT_SCALE_LINES_MAX * (EDGE_STEPS + 1)];
    size_t count;
};

/* All spots of the edge but the last, which the next edge begins with. */
static void follow(struct path *path, struct mqt_line line, bool backward)
{
    for (size_t k = 0; k + 1 < line.count; ++k) {
        path->spots[path->count++] = line.spots[backward ? line.count - 1 - k : k];
    }
}

static struct mqt_shape ring_around(struct mqt_arena *arena, const struct network *net, int column0, int column1,
                                    int row0, int row1)
{
    struct path path = {.count = 0};
    for (int i = column0; i < column1; ++i) {
        follow(&path, net->across[row1][i], false);
    }
    for (int j = row1 - 1; j >= row0; --j) {
        follow(&path, net->up[column1][j], true);
    }
    for (int i = column1 - 1; i >= column0; --i) {
        follow(&path, net->across[row0][i], true);
    }
    for (int j = row0; j < row1; ++j) {
        follow(&path, net->up[column0][j], false);
    }
    return mqt_shape_ring(arena, path.spots, path.count);
}

/* The woods on both sides of a motorway. */
static void add_verges(struct mqt_town *town, const struct mqt_scale_street *street, struct mqt_line line)
{
    const double deep_m = 45;
    double half_m = street->width_m / 2;
    if (strcmp(street->class_name, "motorway") != 0 || line.count < 2) {
        return;
    }
    mqt_town_add(town, &town->greens,
                 (struct mqt_town_patch){"", "防护绿地", mqt_shape_band(&town->arena, line, half_m + deep_m, -half_m)});
    mqt_town_add(town, &town->greens,
                 (struct mqt_town_patch){"", "防护绿地", mqt_shape_band(&town->arena, line, -half_m, half_m + deep_m)});
}

static void add_street(struct mqt_town *town, const struct network *net, const struct mqt_scale_street *street,
                       bool northward, double at_m)
{
    struct mqt_spot spots[LINE_SPOTS_MAX];
    size_t count = (size_t)ceil((street->to_m - street->from_m) / 30) + 1;
    assert(count <= LINE_SPOTS_MAX);
    for (size_t k = 0; k < count; ++k) {
        double along_m = street->from_m + (street->to_m - street->from_m) * (double)k / (double)(count - 1);
        spots[k] = northward ? warp(net, at_m, along_m) : warp(net, along_m, at_m);
    }
    struct mqt_line line = mqt_line_copy(&town->arena, spots, count);
    if (strcmp(street->class_name, "river") == 0) {
        double half_m = street->width_m / 2;
        if (line.count >= 2) {
            mqt_town_add(
                town, &town->waters,
                (struct mqt_town_patch){street->name, "河流", mqt_shape_band(&town->arena, line, half_m, half_m)});
            mqt_town_add(town, &town->greens,
                         (struct mqt_town_patch){"滨河绿带（北岸）", "滨河绿带",
                                                 mqt_shape_band(&town->arena, line, half_m + 24, -half_m - 1)});
            mqt_town_add(town, &town->greens,
                         (struct mqt_town_patch){"滨河绿带（南岸）", "滨河绿带",
                                                 mqt_shape_band(&town->arena, line, -half_m - 1, half_m + 22)});
        }
        return;
    }
    mqt_town_add(town, &town->streets,
                 (struct mqt_town_street){street->name, street->class_name, street->width_m, line});
    add_verges(town, street, line);
}

static void add_streets(struct mqt_town *town, const struct network *net)
{
    const struct mqt_town_scale *scale = net->scale;
    for (int i = 0; i < scale->northward_count; ++i) {
        const struct mqt_scale_street *street = &scale->northward[i];
        add_street(town, net, street, true, street->is_grid_line ? net->up_at_m[i] : street->at_m);
    }
    for (int j = 0; j < scale->eastward_count; ++j) {
        const struct mqt_scale_street *street = &scale->eastward[j];
        add_street(town, net, street, false, street->is_grid_line ? net->across_at_m[j] : street->at_m);
    }
}

static double least(struct mqt_line line, bool northward)
{
    double value = INFINITY;
    for (size_t i = 0; i < line.count; ++i) {
        value = fmin(value, northward ? line.spots[i].y_m : line.spots[i].x_m);
    }
    return value;
}

static double most(struct mqt_line line, bool northward)
{
    double value = -INFINITY;
    for (size_t i = 0; i < line.count; ++i) {
        value = fmax(value, northward ? line.spots[i].y_m : line.spots[i].x_m);
    }
    return value;
}

/* What the streets around a cell leave for building: half of each street and its pavement go. */
static struct mqt_rect room_of(const struct network *net, int column, int row)
{
    const double pavement_m = 6;
    const struct mqt_town_scale *scale = net->scale;
    bool at_river = row + 1 == scale->rows;
    double south_m = scale->eastward[row + 1].width_m / 2 + (at_river ? 24 : pavement_m);
    return (struct mqt_rect){
        most(net->up[column][row], false) + scale->northward[column].width_m / 2 + pavement_m,
        most(net->across[row + 1][column], true) + south_m,
        least(net->up[column + 1][row], false) - scale->northward[column + 1].width_m / 2 - pavement_m,
        least(net->across[row][column], true) - scale->eastward[row].width_m / 2 - pavement_m,
    };
}

/* Grids are numbered west to east, then north to south. */
static void add_cells(struct mqt_town *town, const struct network *net)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    const struct mqt_town_scale *scale = net->scale;
    for (int row = 0; row < scale->rows; ++row) {
        for (int column = 0; column < scale->columns; ++column) {
            int serial = row * scale->columns + column;
            assert(serial < (int)(sizeof numerals / sizeof numerals[0]));
            const char *code = mqt_arena_printf(&town->arena, COMMUNITY_CODE "%03d", serial + 1);
            struct mqt_town_area grid = {
                .level = MQT_AREA_GRID,
                .code = code,
                .name = mqt_arena_printf(&town->arena, "怡海花园第%s网格", numerals[serial]),
                .parent = COMMUNITY_CODE,
                .manager = mqt_arena_printf(&town->arena, "第%s网格工作站", numerals[serial]),
                .shape = ring_around(&town->arena, net, column, column + 1, row, row + 1),
            };
            struct mqt_town_cell cell = {
                .theme = (int)scale->themes[serial],
                .grid = town->areas.count,
                .room = room_of(net, column, row),
                .street = scale->eastward[row].name,
            };
            mqt_town_add(town, &town->areas, grid);
            mqt_town_add(town, &town->cells, cell);
        }
    }
}

/* A coarse border: a wobbly ellipse whose edges are broken three times. */
static struct mqt_shape outline(struct mqt_arena *arena, struct mqt_random *random, struct mqt_rect rect)
{
    struct mqt_spot spots[OUTLINE_SPOTS];
    struct mqt_spot middle = mqt_rect_middle(rect);
    const int coarse = 8; /* every eighth spot is drawn, the others between them */
    for (int i = 0; i < OUTLINE_SPOTS; i += coarse) {
        double angle = 6.283185307179586 * i / OUTLINE_SPOTS;
        double reach = mqt_random_real(random, 0.78, 1);
        spots[i] = (struct mqt_spot){middle.x_m + reach * cos(angle) * (rect.x1_m - rect.x0_m) / 2,
                                     middle.y_m + reach * sin(angle) * (rect.y1_m - rect.y0_m) / 2};
    }
    for (int step = coarse; step > 1; step /= 2) {
        for (int i = 0; i < OUTLINE_SPOTS; i += step) {
            struct mqt_spot a = spots[i];
            struct mqt_spot b = spots[(i + step) % OUTLINE_SPOTS];
            double bend = mqt_random_real(random, -0.14, 0.14);
            spots[i + step / 2] = (struct mqt_spot){(a.x_m + b.x_m) / 2 - (b.y_m - a.y_m) * bend,
                                                    (a.y_m + b.y_m) / 2 + (b.x_m - a.x_m) * bend};
        }
    }
    return mqt_shape_ring(arena, spots, OUTLINE_SPOTS);
}

/* Parks and a lake beyond the community: what lies around is not empty land. */
static void add_surroundings(struct mqt_town *town, struct mqt_random *random)
{
    static const struct {
        const char *name;
        const char *kind;
        struct mqt_rect rect;
        bool water;
    } pieces[] = {
        {"马草河郊野公园", "公园", {-850, -660, -470, -390}, false},
        {"马草湖", "湖塘", {-760, -600, -560, -470}, true},
        {"南苑绿地", "公园", {180, -670, 390, -400}, false},
        {"东沿绿地", "防护绿地", {470, 60, 580, 260}, false},
        {"怡海苗圃", "防护绿地", {-840, 60, -660, 270}, false},
        {"澄河湿地", "公园", {480, -660, 860, -390}, false},
        {"澄河湿地湖", "湖塘", {560, -610, 780, -450}, true},
        {"北沿公园", "公园", {180, 500, 400, 585}, false},
    };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; ++i) {
        struct mqt_shape shape = pieces[i].water ? mqt_shape_blob(&town->arena, pieces[i].rect, 0.35, random)
                                                 : mqt_shape_round(&town->arena, pieces[i].rect, 18);
        struct mqt_town_patch patch = {pieces[i].name, pieces[i].kind, shape};
        if (pieces[i].water) {
            mqt_town_add(town, &town->waters, patch);
        } else {
            mqt_town_add(town, &town->greens, patch);
        }
    }
}

static void add_outer_areas(struct mqt_town *town, struct mqt_random *random, const struct network *net)
{
    struct mqt_arena *arena = &town->arena;
    struct mqt_shape district = outline(arena, random, (struct mqt_rect){-14000, -8000, 13000, 7000});
    struct mqt_shape subdistrict = outline(arena, random, (struct mqt_rect){-1900, -1500, 1800, 1600});
    const struct mqt_town_area areas[] = {
        {MQT_AREA_DISTRICT, DISTRICT_CODE, "澄河区", "", "澄河区人民政府", district},
        {MQT_AREA_SUBDISTRICT, SUBDISTRICT_CODE, "怡海街道", DISTRICT_CODE, "怡海街道办事处", subdistrict},
        {MQT_AREA_COMMUNITY, COMMUNITY_CODE, net->scale->community, SUBDISTRICT_CODE, "怡海花园社区居委会",
         ring_around(arena, net, 0, net->scale->columns, 0, net->scale->rows)},
    };
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; ++i) {
        mqt_town_add(town, &town->areas, areas[i]);
    }
}

void mqt_street_lay(struct mqt_town *town)
{
    struct mqt_random random = mqt_random_start(town->seed, RANDOM_STREAM);
    struct network net = {.scale = town->scale};
    draw_network(&random, &net);
    draw_edges(&town->arena, &net);
    struct mqt_shape draft = ring_around(&town->arena, &net, 0, net.scale->columns, 0, net.scale->rows);
    double draft_m2 = mqt_shape_area_m2(&draft);
    if (town->arena.err != MQT_OK || draft_m2 <= 0) {
        return;
    }
    net.factor = sqrt(net.scale->area_m2 / draft_m2);
    draw_edges(&town->arena, &net);
    add_outer_areas(town, &random, &net);
    add_cells(town, &net);
    add_streets(town, &net);
    add_surroundings(town, &random);
}
