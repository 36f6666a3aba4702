#include "landmark.h"

#include "footprint.h"
#include "plot.h"

#include <math.h>

static double wide_of(struct mqt_rect rect)
{
    return rect.x1_m - rect.x0_m;
}

static double deep_of(struct mqt_rect rect)
{
    return rect.y1_m - rect.y0_m;
}

static struct mqt_rect around(double x_m, double y_m, double wide_m, double deep_m)
{
    return (struct mqt_rect){x_m - wide_m / 2, y_m - deep_m / 2, x_m + wide_m / 2, y_m + deep_m / 2};
}

/* A part of rect in shares of its width and depth, counted from the south-west. */
static struct mqt_rect part(struct mqt_rect rect, double x0, double y0, double x1, double y1)
{
    return (struct mqt_rect){rect.x0_m + wide_of(rect) * x0, rect.y0_m + deep_of(rect) * y0,
                             rect.x0_m + wide_of(rect) * x1, rect.y0_m + deep_of(rect) * y1};
}

static const char *called(const struct mqt_site *site, const char *name, const char *word)
{
    const char *whole = mqt_arena_printf(&site->town->arena, "%s%s", name, word);
    return whole ? whole : "";
}

static bool fits(const struct mqt_site *site, const struct mqt_shape *shape)
{
    return !site->yard || mqt_fence_holds_shape(site->yard, shape);
}

/* The plot without its margin, drawn in until it lies in the yard; false when hardly anything is left. */
static bool shrink_into_yard(const struct mqt_site *site, double margin_m, double least_m, struct mqt_rect *plot)
{
    for (double by_m = margin_m; fmin(wide_of(*plot), deep_of(*plot)) - 2 * by_m > least_m; by_m += 5) {
        struct mqt_rect inner = mqt_rect_grow(*plot, -by_m);
        const struct mqt_spot corners[] = {
            {inner.x0_m, inner.y0_m}, {inner.x1_m, inner.y0_m}, {inner.x1_m, inner.y1_m}, {inner.x0_m, inner.y1_m}};
        int inside = 0;
        for (int i = 0; i < 4; ++i) {
            inside += !site->yard || mqt_fence_holds(site->yard, corners[i]);
        }
        if (inside == 4) {
            *plot = inner;
            return true;
        }
    }
    return false;
}

/* A tower that rises out of a podium of shops. */
static void add_high_rise(struct mqt_site *site, struct mqt_rect podium, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_random *random = site->random;
    double side_m = fmin(mqt_random_real(random, 34, 46), fmin(wide_of(podium), deep_of(podium)) - 12);
    struct mqt_rect core = around(podium.x0_m + wide_of(podium) * mqt_random_real(random, 0.45, 0.55),
                                  podium.y0_m + deep_of(podium) * mqt_random_real(random, 0.45, 0.55), side_m, side_m);
    int form = mqt_random_int(random, 0, 5);
    struct mqt_shape tower = form == 0   ? mqt_footprint_round(arena, core, 0)
                             : form == 1 ? mqt_footprint_corner(arena, core, 9, mqt_random_int(random, 0, 3))
                             : form == 2 ? mqt_shape_round(arena, core, side_m * 0.3)
                                         : mqt_shape_round(arena, core, form == 3 ? 9 : 2);
    int floors = mqt_random_chance(random, 0.2) ? mqt_random_int(random, 40, 62) : mqt_random_int(random, 19, 38);
    mqt_site_house(site, called(site, name, "裙楼"), "商业", mqt_footprint_podium(arena, podium, &tower),
                   mqt_random_int(random, 3, 5), 5);
    mqt_site_house(site, name, "办公", tower, side_m < 28 ? floors / 2 : floors, 4);
}

void mqt_landmark_business(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    static const char *const words[] = {"国际中心", "大厦", "广场", "金融中心", "世贸中心", "总部大楼", "财富中心"};
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_random *random = site->random;
    int columns = (int)fmax(1, floor(wide_of(room) / 92));
    int rows = (int)fmax(1, floor(deep_of(room) / 92));
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
            struct mqt_rect plot =
                part(room, (double)c / columns, (double)r / rows, (c + 1.0) / columns, (r + 1.0) / rows);
            const char *number = mqt_arena_printf(arena, "%s%c座", words[mqt_random_below(random, 7)],
                                                  (char)('A' + (r * columns + c) % 26));
            const char *whole = called(site, name, number ? number : "");
            int form = mqt_random_int(random, 0, 9);
            if (!shrink_into_yard(site, 8, 34, &plot)) {
                mqt_site_green(site, "", "广场绿地", mqt_shape_round(arena, mqt_rect_grow(plot, -8), 10));
            } else if (form == 0) {
                mqt_site_green(site, called(site, name, "中央广场"), "广场绿地", mqt_shape_round(arena, plot, 14));
            } else if (form == 1) {
                mqt_site_house(site, called(site, name, "购物中心"), "商业", mqt_shape_round(arena, plot, 16), 6, 5);
            } else if (form == 2) {
                plot.y1_m = fmin(plot.y1_m, plot.y0_m + 42);
                mqt_site_house(site, whole, "办公", mqt_footprint_arc(arena, plot, fmin(20, deep_of(plot) * 0.5)),
                               mqt_random_int(random, 14, 22), 4);
            } else {
                add_high_rise(site, plot, whole);
            }
        }
    }
}

/* Rows of one kind of building, north to south, west to east. */
static void add_rows(struct mqt_site *site, struct mqt_rect rect, double wide_m, double deep_m, const char *name,
                     const char *use, int floors)
{
    struct mqt_arena *arena = &site->town->arena;
    int serial = 0;
    for (double y_m = rect.y1_m - deep_m / 2; y_m - deep_m / 2 > rect.y0_m; y_m -= deep_m * 2.1 + 10) {
        for (double x_m = rect.x0_m + wide_m / 2; x_m + wide_m / 2 < rect.x1_m; x_m += wide_m + 16) {
            struct mqt_rect plot = around(x_m, y_m, wide_m, deep_m);
            struct mqt_shape shape =
                wide_m > 60 ? mqt_footprint_comb(arena, plot, deep_m * 0.42, 3) : mqt_footprint_slab(arena, plot, 3, 0);
            const char *number = mqt_arena_printf(arena, "%d号楼", serial + 1);
            if (fits(site, &shape)) {
                ++serial;
                mqt_site_house(site, called(site, name, number ? number : ""), use, shape, floors, 3.6);
            }
        }
    }
}

void mqt_landmark_campus(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    const char *school = called(site, name, "大学");
    struct mqt_rect axis = part(room, 0.36, 0.05, 0.64, 0.95);
    mqt_site_green(site, called(site, school, "中央绿地"), "绿地",
                   mqt_shape_round(arena, part(axis, 0.2, 0.1, 0.8, 0.52), 20));
    struct mqt_spot hall = mqt_rect_middle(part(axis, 0, 0.72, 1, 0.72));
    mqt_site_house(site, called(site, school, "图书馆"), "教育",
                   mqt_footprint_court(arena, around(hall.x_m, hall.y_m, 84, 66), 22), 7, 4.2);
    mqt_site_house(site, called(site, school, "主楼"), "教育",
                   mqt_footprint_arc(arena, around(hall.x_m, hall.y_m + 82, 130, 44), 20), 12, 4);
    struct mqt_rect west = part(room, 0.03, 0.42, 0.34, 0.97);
    struct mqt_rect east = part(room, 0.66, 0.45, 0.97, 0.97);
    west.x1_m = fmin(west.x1_m, hall.x_m - 76);
    east.x0_m = fmax(east.x0_m, hall.x_m + 72);
    add_rows(site, west, 78, 44, called(site, school, "教学楼"), "教育", 5);
    add_rows(site, east, 48, 14, called(site, school, "学生公寓"), "宿舍", 6);
    struct mqt_rect field = part(room, 0.06, 0.04, 0.3, 0.36);
    struct mqt_spot middle = mqt_rect_middle(field);
    mqt_site_green(site, called(site, school, "田径场"), "运动场",
                   mqt_shape_round(arena, around(middle.x_m, middle.y_m, 92, 176), 46));
    mqt_site_house(site, called(site, school, "体育馆"), "教育",
                   mqt_footprint_round(arena, around(middle.x_m + 100, middle.y_m, 74, 58), 0), 2, 9);
    struct mqt_rect lake = part(room, 0.68, 0.08, 0.94, 0.36);
    mqt_plot_pond(site, called(site, name, "湖"), lake);
    mqt_plot_walk(site, mqt_rect_grow(lake, 12), 3);
    const struct mqt_spot avenue[] = {{hall.x_m - 70, room.y0_m - 60}, {hall.x_m - 70, room.y1_m + 60}};
    const struct mqt_spot across[] = {{room.x0_m - 60, room.y0_m + deep_of(room) * 0.39},
                                      {room.x1_m + 60, room.y0_m + deep_of(room) * 0.39}};
    mqt_site_lane(site, "residential", 9, avenue, 2);
    mqt_site_lane(site, "residential", 9, across, 2);
}

void mqt_landmark_stadium(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_spot middle = mqt_rect_middle(room);
    bool large = fmin(wide_of(room), deep_of(room)) > 330;
    double y_m = middle.y_m + (large ? 20 : 0);
    mqt_site_green(site, called(site, name, "奥体公园"), "公园", mqt_shape_round(arena, mqt_rect_grow(room, -4), 30));
    mqt_site_house(site, called(site, name, "体育场"), "体育",
                   mqt_footprint_round(arena, around(middle.x_m, y_m, large ? 236 : 180, large ? 270 : 200), 44), 4, 9);
    mqt_site_green(site, called(site, name, "体育场草坪"), "运动场",
                   mqt_shape_round(arena, around(middle.x_m, y_m, 84, 120), 42));
    mqt_site_house(site, called(site, name, "游泳馆"), "体育",
                   mqt_shape_round(arena, around(middle.x_m - 200, middle.y_m - 90, 96, 78), 8), 2, 11);
    mqt_site_house(site, called(site, name, "体育馆"), "体育",
                   mqt_footprint_round(arena, around(middle.x_m + 205, middle.y_m - 60, 104, 104), 0), 2, 12);
    mqt_plot_walk(site, around(middle.x_m, y_m, 330, 350), 5);
}

void mqt_landmark_station(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_spot middle = mqt_rect_middle(room);
    const char *station = called(site, name, "站");
    double wide_m = fmin(210, wide_of(room) * 0.8);
    mqt_site_house(site, called(site, station, "站房"), "交通",
                   mqt_footprint_aitch(arena,
                                       (struct mqt_rect){middle.x_m - wide_m / 2, room.y1_m - 74,
                                                         middle.x_m + wide_m / 2, room.y1_m - 6},
                                       20),
                   2, 13);
    mqt_site_green(site, called(site, station, "站前广场"), "广场绿地",
                   mqt_shape_round(arena,
                                   (struct mqt_rect){middle.x_m - wide_m / 3, room.y1_m - 170, middle.x_m + wide_m / 3,
                                                     room.y1_m - 92},
                                   8));
    struct mqt_rect south = {room.x0_m, room.y0_m, room.x1_m, room.y1_m - 190};
    if (deep_of(south) > 60) {
        mqt_landmark_business(site, south, name);
    }
}

void mqt_landmark_park(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_town *town = site->town;
    struct mqt_arena *arena = &town->arena;
    const char *park = called(site, name, "公园");
    mqt_site_green(site, park, "公园", mqt_shape_round(arena, room, 20));
    struct mqt_rect lake = part(room, 0.2, 0.25, 0.74, 0.72);
    struct mqt_rect east = part(room, 0.62, 0.14, 0.86, 0.42);
    mqt_plot_pond(site, called(site, name, "湖"), lake);
    mqt_plot_pond(site, "", east);
    mqt_plot_walk(site, mqt_rect_grow(lake, 16), 4);
    mqt_plot_walk(site, mqt_rect_grow(room, -18), 4);
    mqt_plot_walk(site, mqt_rect_grow(east, 12), 3);
    struct mqt_spot cross[] = {{room.x0_m - 30, room.y0_m + deep_of(room) * 0.18},
                               {room.x0_m + wide_of(room) * 0.3, room.y0_m + deep_of(room) * 0.14},
                               {room.x0_m + wide_of(room) * 0.56, room.y0_m + deep_of(room) * 0.2},
                               {room.x0_m + wide_of(room) * 0.6, room.y0_m + deep_of(room) * 0.8},
                               {room.x1_m + 30, room.y0_m + deep_of(room) * 0.88}};
    mqt_site_lane(site, "path", 4, cross, 5);
    struct mqt_spot gate = {room.x0_m + wide_of(room) * 0.12, room.y0_m + deep_of(room) * 0.85};
    mqt_site_house(site, called(site, park, "亭"), "园林",
                   mqt_shape_round(arena, around(gate.x_m, gate.y_m, 10, 10), 5), 1, 5);
    mqt_site_house(site, called(site, name, "茶社"), "商业",
                   mqt_footprint_u(arena, around(gate.x_m + 60, gate.y_m - 12, 26, 20), 6), 1, 4.5);
    mqt_site_house(site, called(site, park, "游客中心"), "园林",
                   mqt_footprint_arc(
                       arena, around(room.x0_m + wide_of(room) * 0.84, room.y0_m + deep_of(room) * 0.62, 46, 26), 13),
                   2, 4.5);
    (void)mqt_site_tuck(site, mqt_rect_grow(room, -40), 8, 6, called(site, park, "公共厕所"), "市政", 3.6);
}

/* Houses that their owners have built, wall beside wall, along lanes that bend. */
void mqt_landmark_village(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_random *random = site->random;
    double phase = mqt_random_real(random, 0, 6.28);
    double y_m = room.y1_m - 3;
    for (int row = 0; y_m - room.y0_m > 12; ++row) {
        double deep_m = mqt_random_real(random, 9.5, 13.5);
        double x_m = room.x0_m + mqt_random_real(random, 0, 6);
        while (room.x1_m - x_m > 9) {
            double wide_m = mqt_random_real(random, 9, 15);
            double sway_m = 5 * sin(x_m / 70 + phase);
            struct mqt_rect plot = {x_m, y_m - deep_m + sway_m, x_m + wide_m - 0.8,
                                    y_m + sway_m - mqt_random_real(random, 0, 1.5)};
            struct mqt_shape shape = mqt_random_chance(random, 0.25)
                                         ? mqt_footprint_ell(arena, plot, 5, mqt_random_int(random, 0, 3))
                                         : mqt_shape_rect(arena, plot);
            if (!mqt_random_chance(random, 0.07)) {
                mqt_site_house(site, "", "自建房", shape, mqt_random_int(random, 1, 4), 3.1);
            }
            x_m += wide_m + (mqt_random_chance(random, 0.08) ? 3.5 : 0);
        }
        if (row % 2 == 1) {
            struct mqt_spot lane[24];
            for (int k = 0; k < 24; ++k) {
                double at_m = room.x0_m + wide_of(room) * k / 23;
                lane[k] = (struct mqt_spot){at_m, y_m - deep_m - 2.4 + 5 * sin(at_m / 70 + phase)};
            }
            mqt_site_lane(site, "residential", 3.5, lane, 24);
        }
        y_m -= deep_m + (row % 2 ? 4.6 : 1.2);
    }
    (void)name;
}
