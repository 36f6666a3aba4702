#include "block.h"

#include "footprint.h"
#include "plot.h"
#include "scale.h"
#include "site.h"

#include <math.h>
#include <string.h>

enum { RANDOM_STREAM = 2 };

static const double STRIP_M = 13; /* depth of a row of shops */
static const double GATE_REACH_M = 46;

static struct mqt_rect rect_of(double x0_m, double y0_m, double x1_m, double y1_m)
{
    return (struct mqt_rect){x0_m, y0_m, x1_m, y1_m};
}

static void fill_slabs(struct mqt_site *site, struct mqt_rect room)
{
    static const struct mqt_site_estate estate = {"富润园", "怡海物业管理公司", 2003, 1};
    static const struct mqt_site_rows rows = {3, 3, 17, 18, 3, 3, 15.5, 1.2};
    struct mqt_rect shops = mqt_plot_cut_north(&room, STRIP_M);
    mqt_site_found(site, room, &estate);
    mqt_site_shops(site, shops);
    mqt_plot_gate(site, room, 1, GATE_REACH_M);
    mqt_site_slabs(site, mqt_rect_grow(room, -10), &rows);
    mqt_plot_services(site, room, 1);
}

static void fill_towers(struct mqt_site *site, struct mqt_rect room)
{
    static const struct mqt_site_estate estate = {"恒泽园", "怡海物业管理公司", 2006, 0.8};
    struct mqt_town *town = site->town;
    struct mqt_rect shops = mqt_plot_cut_south(&room, STRIP_M);
    mqt_site_found(site, room, &estate);
    mqt_site_shops(site, shops);
    mqt_plot_gate(site, room, -1, GATE_REACH_M);
    struct mqt_spot middle = mqt_rect_middle(room);
    struct mqt_rect garden = rect_of(middle.x_m - 38, middle.y_m - 33, middle.x_m + 38, middle.y_m + 33);
    mqt_site_green(site, "恒泽园中心花园", "小区绿地", mqt_shape_blob(&town->arena, garden, 0.1, site->random));
    mqt_plot_pond(site, "恒泽湖", rect_of(middle.x_m - 22, middle.y_m - 15, middle.x_m + 20, middle.y_m + 16));
    mqt_plot_walk(site, mqt_rect_grow(garden, -5), 2.5);
    mqt_site_towers(site, mqt_rect_grow(room, -8), 3, 3, true);
    const struct mqt_spot west[] = {{room.x0_m + 6, middle.y_m + 36}, {middle.x_m - 30, middle.y_m + 24}};
    const struct mqt_spot east[] = {{room.x1_m - 6, middle.y_m - 36}, {middle.x_m + 30, middle.y_m - 24}};
    mqt_site_lane(site, "path", 3, west, 2);
    mqt_site_lane(site, "path", 3, east, 2);
    mqt_plot_services(site, room, 0);
}

static void add_field(struct mqt_site *site, struct mqt_rect rect)
{
    struct mqt_town *town = site->town;
    mqt_site_green(site, "怡海学校田径场", "运动场", mqt_shape_round(&town->arena, rect, 1000));
    struct mqt_rect pitch = mqt_rect_grow(rect, -9);
    double bend_m = (rect.x1_m - rect.x0_m) / 2 - 9;
    pitch.y0_m += bend_m * 0.8;
    pitch.y1_m -= bend_m * 0.8;
    mqt_site_green(site, "足球场", "运动场", mqt_shape_rect(&town->arena, pitch));
}

static void fill_kindergarten(struct mqt_site *site, struct mqt_rect room)
{
    struct mqt_arena *arena = &site->town->arena;
    site->address = "富泽路22号";
    struct mqt_rect house = rect_of(room.x0_m + 6, room.y0_m + 6, room.x0_m + 56, room.y1_m - 6);
    mqt_site_house(site, "怡海幼儿园", "教育", mqt_footprint_ell(arena, house, 13, 3), 3, 3.6);
    struct mqt_rect hall = rect_of(room.x1_m - 26, room.y0_m + 8, room.x1_m - 8, room.y0_m + 24);
    mqt_site_house(site, "幼儿园活动厅", "教育", mqt_footprint_corner(arena, hall, 5, 2), 1, 5);
    struct mqt_rect play = rect_of(room.x0_m + 62, room.y0_m + 8, room.x1_m - 32, room.y1_m - 8);
    mqt_site_green(site, "幼儿园操场", "运动场", mqt_shape_round(arena, play, 8));
}

static void fill_school_ground(struct mqt_site *site, struct mqt_rect room)
{
    struct mqt_arena *arena = &site->town->arena;
    double wide_m = room.x1_m - room.x0_m;
    double field_m = fmin(68, wide_m * 0.48);
    site->address = "怡海大街56号";
    add_field(site, rect_of(room.x0_m + 5, room.y1_m - 8 - field_m * 1.95, room.x0_m + 5 + field_m, room.y1_m - 8));
    double x0_m = room.x0_m + field_m + 14;
    double y_m = room.y1_m - 7;
    struct mqt_rect court = rect_of(x0_m, y_m - 44, room.x1_m - 5, y_m);
    mqt_site_house(site, "怡海学校教学楼", "教育", mqt_footprint_court(arena, court, 11.5), 5, 3.8);
    struct mqt_rect comb = rect_of(x0_m, y_m - 92, room.x1_m - 5, y_m - 56);
    mqt_site_house(site, "怡海学校综合楼", "教育", mqt_footprint_comb(arena, comb, 11, 3), 4, 3.8);
    struct mqt_rect gym = rect_of(x0_m, room.y0_m + 5, x0_m + 32, y_m - 100);
    if (gym.y1_m - gym.y0_m > 14) {
        mqt_site_house(site, "怡海学校体育馆", "教育", mqt_footprint_corner(arena, gym, 4, 2), 2, 6);
        struct mqt_rect canteen = rect_of(gym.x1_m + 7, gym.y0_m + 3, room.x1_m - 5, gym.y1_m);
        mqt_site_house(site, "怡海学校食堂", "教育", mqt_shape_rect(arena, canteen), 2, 4.5);
    }
}

static void fill_school(struct mqt_site *site, struct mqt_rect room)
{
    static const struct mqt_site_estate estate = {"明德园", "澄光物业服务公司", 2010, 0.6};
    static const struct mqt_site_rows rows = {5, 1, 10, 11, 4, 2, 14, 0};
    struct mqt_rect school = room;
    school.x1_m = room.x0_m + (room.x1_m - room.x0_m) * 0.57;
    room.x0_m = school.x1_m + 12;
    struct mqt_rect little = mqt_plot_cut_south(&school, 50);
    site->built_year = 2001;
    fill_school_ground(site, school);
    fill_kindergarten(site, little);
    const struct mqt_spot lane[] = {{school.x1_m + 6, little.y0_m - 18}, {school.x1_m + 6, school.y1_m + 26}};
    mqt_site_lane(site, "residential", 7, lane, 2);
    site->address = NULL;
    mqt_site_found(site, room, &estate);
    mqt_plot_gate(site, room, 1, GATE_REACH_M);
    mqt_site_slabs(site, mqt_rect_grow(room, -9), &rows);
    mqt_plot_services(site, room, 1);
}

static void fill_old(struct mqt_site *site, struct mqt_rect room)
{
    static const struct mqt_site_estate estate = {"颐安园", "自治管理", 1994, 2.4};
    static const struct mqt_site_rows rows = {4, 2, 6, 6, 6, 2, 12.5, 0};
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_rect shops = mqt_plot_cut_west(&room, STRIP_M);
    struct mqt_rect front = mqt_plot_cut_north(&room, STRIP_M);
    mqt_site_found(site, room, &estate);
    mqt_site_shops(site, shops);
    front.x1_m -= 56;
    mqt_site_shops(site, front);
    struct mqt_rect market = rect_of(front.x1_m + 8, front.y0_m - 3, room.x1_m, front.y1_m);
    mqt_site_house(site, "怡海便民菜市场", "商业", mqt_shape_rect(arena, market), 1, 6);
    double gate_m = (front.x0_m + front.x1_m) / 2;
    const struct mqt_spot lane[] = {{gate_m, room.y1_m - 6}, {gate_m, room.y1_m + 36}};
    mqt_site_lane(site, "residential", 6, lane, 2);
    struct mqt_rect inside = mqt_rect_grow(room, -9);
    /* The southernmost row is older: two houses around a corner. */
    struct mqt_rect corner = inside;
    double row_m = (inside.y1_m - inside.y0_m) / 5;
    inside.y0_m += row_m;
    corner.y1_m = inside.y0_m - 7;
    mqt_site_slabs(site, inside, &rows);
    double half_m = (corner.x1_m - corner.x0_m) / 2;
    corner.y0_m += 2;
    struct mqt_rect west = rect_of(corner.x0_m + 4, corner.y0_m, corner.x0_m + half_m - 8, corner.y1_m);
    struct mqt_rect east = rect_of(corner.x0_m + half_m + 8, corner.y0_m, corner.x1_m - 4, corner.y1_m);
    mqt_site_home(site, mqt_footprint_ell(arena, west, 12.5, 0), 6, 6, 2);
    mqt_site_home(site, mqt_footprint_ell(arena, east, 12.5, 1), 6, 6, 2);
    mqt_plot_services(site, room, 4);
}

static void fill_park_ground(struct mqt_site *site, struct mqt_rect park)
{
    struct mqt_town *town = site->town;
    struct mqt_arena *arena = &town->arena;
    mqt_site_green(site, "听泉公园", "公园", mqt_shape_round(arena, park, 14));
    struct mqt_spot middle = mqt_rect_middle(park);
    double deep_m = park.y1_m - park.y0_m;
    struct mqt_rect pond =
        rect_of(middle.x_m - 62, middle.y_m - deep_m * 0.30, middle.x_m + 44, middle.y_m + deep_m * 0.28);
    mqt_plot_pond(site, "听泉湖", pond);
    mqt_plot_walk(site, mqt_rect_grow(park, -8), 3);
    const struct mqt_spot across[] = {{park.x1_m - 30, park.y1_m + 4},
                                      {park.x1_m - 52, middle.y_m + 8},
                                      {park.x1_m - 46, middle.y_m - 12},
                                      {park.x1_m - 60, park.y0_m - 6}};
    mqt_site_lane(site, "path", 3, across, 4);
    site->address = "富泽路88号";
    site->built_year = 2012;
    const struct mqt_rect tea = rect_of(park.x0_m + 16, park.y1_m - 30, park.x0_m + 38, park.y1_m - 14);
    mqt_site_house(site, "听泉茶社", "商业", mqt_footprint_u(arena, tea, 5.5), 1, 4.5);
    (void)mqt_site_tuck(site, mqt_rect_grow(park, -12), 8, 6, "公共厕所", "市政", 3.6);
    const struct mqt_rect pavilion = rect_of(park.x1_m - 34, park.y0_m + 16, park.x1_m - 26, park.y0_m + 24);
    mqt_site_house(site, "听泉亭", "园林", mqt_shape_round(arena, pavilion, 4), 1, 4.5);
}

static void fill_park(struct mqt_site *site, struct mqt_rect room)
{
    static const struct mqt_site_estate estate = {"听泉园", "听泉物业管理公司", 2015, 0.5};
    struct mqt_rect park = mqt_plot_cut_south(&room, (room.y1_m - room.y0_m) * 0.40);
    fill_park_ground(site, park);
    mqt_site_found(site, room, &estate);
    mqt_plot_gate(site, room, 1, GATE_REACH_M);
    mqt_site_towers(site, mqt_rect_grow(room, -8), 3, 2, false);
    mqt_plot_services(site, room, 0);
}

static void fill_centre_north(struct mqt_site *site, struct mqt_rect strip)
{
    struct mqt_arena *arena = &site->town->arena;
    double wide_m = strip.x1_m - strip.x0_m;
    site->address = "富泽路100号";
    site->built_year = 2008;
    struct mqt_rect mall = rect_of(strip.x0_m, strip.y0_m + 6, strip.x0_m + wide_m * 0.36, strip.y1_m);
    mqt_site_house(site, "怡海购物中心", "商业", mqt_footprint_corner(arena, mall, 16, 3), 5, 4.8);
    struct mqt_rect office = rect_of(mall.x1_m + 12, strip.y0_m + 14, mall.x1_m + 12 + wide_m * 0.21, strip.y1_m);
    mqt_site_house(site, "澄河大厦", "办公", mqt_footprint_u(arena, office, 14), 16, 3.8);
    struct mqt_rect hospital = rect_of(office.x1_m + 14, strip.y0_m + 8, strip.x1_m, strip.y1_m);
    hospital.y0_m = fmax(hospital.y0_m, hospital.y1_m - 58);
    mqt_site_house(site, "澄河医院", "医疗", mqt_footprint_aitch(arena, hospital, 14), 8, 3.9);
    mqt_site_green(
        site, "怡海广场", "广场绿地",
        mqt_shape_round(arena, rect_of(office.x0_m + 16, office.y0_m - 4, office.x1_m - 16, office.y1_m - 17), 3));
}

static void fill_centre(struct mqt_site *site, struct mqt_rect room)
{
    static const struct mqt_site_estate estate = {"丰华园", "丰华物业服务公司", 2000, 1.7};
    static const struct mqt_site_rows rows = {2, 2, 17, 18, 4, 4, 15.5, 1.2};
    struct mqt_rect strip = mqt_plot_cut_north(&room, 74);
    fill_centre_north(site, strip);
    struct mqt_rect shops = mqt_plot_cut_east(&room, STRIP_M);
    mqt_site_found(site, room, &estate);
    mqt_site_shops(site, shops);
    const struct mqt_spot lane[] = {{room.x1_m - 6, (room.y0_m + room.y1_m) / 2},
                                    {room.x1_m + 48, (room.y0_m + room.y1_m) / 2}};
    mqt_site_lane(site, "residential", 7, lane, 2);
    mqt_site_slabs(site, mqt_rect_grow(room, -10), &rows);
    mqt_plot_services(site, room, 2);
}

void mqt_block_fill(struct mqt_town *town)
{
    struct mqt_random random = mqt_random_start(town->seed, RANDOM_STREAM);
    for (size_t i = 0; i < town->cells.count; ++i) {
        struct mqt_site site = {
            .town = town, .random = &random, .cell = i, .estate = MQT_TOWN_NONE, .built_year = 2000};
        struct mqt_rect room = town->cells.at[i].room;
        switch ((enum mqt_theme)town->cells.at[i].theme) {
        case MQT_THEME_SLABS:
            fill_slabs(&site, room);
            break;
        case MQT_THEME_TOWERS:
            fill_towers(&site, room);
            break;
        case MQT_THEME_SCHOOL:
            fill_school(&site, room);
            break;
        case MQT_THEME_OLD:
            fill_old(&site, room);
            break;
        case MQT_THEME_PARK:
            fill_park(&site, room);
            break;
        case MQT_THEME_CENTRE:
            fill_centre(&site, room);
            break;
        }
    }
}
