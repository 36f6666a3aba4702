#include "public_ground.h"

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

static const char *called(const struct mqt_site *site, const char *name, const char *word)
{
    const char *whole = mqt_arena_printf(&site->town->arena, "%s%s", name, word);
    return whole ? whole : "";
}

/* A part of rect in shares of its width and depth, counted from the south-west. */
static struct mqt_rect part(struct mqt_rect rect, double x0, double y0, double x1, double y1)
{
    return (struct mqt_rect){rect.x0_m + wide_of(rect) * x0, rect.y0_m + deep_of(rect) * y0,
                             rect.x0_m + wide_of(rect) * x1, rect.y0_m + deep_of(rect) * y1};
}

void mqt_public_school(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    bool middle = mqt_random_chance(site->random, 0.4);
    const char *school = called(site, name, middle ? "中学" : "小学");
    double field_m = fmin(64, wide_of(room) * 0.42);
    double top_m = room.y1_m - 6;
    struct mqt_rect field = {room.x0_m + 5, fmax(room.y0_m + 5, top_m - field_m * 1.95), room.x0_m + 5 + field_m,
                             top_m};
    mqt_site_green(site, called(site, school, "田径场"), "运动场", mqt_shape_round(arena, field, 1000));
    struct mqt_rect rest = {field.x1_m + 9, room.y0_m + 6, room.x1_m - 5, top_m};
    double court_m = fmin(46, deep_of(rest) * 0.4);
    struct mqt_rect court = {rest.x0_m, rest.y1_m - court_m, rest.x1_m, rest.y1_m};
    mqt_site_house(site, called(site, school, "教学楼"), "教育", mqt_footprint_court(arena, court, 10), 5, 3.8);
    if (deep_of(rest) > 100) {
        struct mqt_rect comb = {rest.x0_m, court.y0_m - 46, rest.x1_m, court.y0_m - 12};
        mqt_site_house(site, called(site, school, "综合楼"), "教育", mqt_footprint_comb(arena, comb, 10, 3), 4, 3.8);
    }
    if (deep_of(rest) > 150) {
        struct mqt_rect gym = {rest.x0_m, rest.y0_m, rest.x0_m + wide_of(rest) * 0.55, rest.y0_m + 28};
        mqt_site_house(site, called(site, school, "体育馆"), "教育", mqt_footprint_corner(arena, gym, 4, 2), 2, 6);
    }
    if (field.y0_m - room.y0_m > 50) {
        struct mqt_rect little = {room.x0_m + 6, room.y0_m + 6, room.x0_m + 46, room.y0_m + 36};
        mqt_site_house(site, called(site, name, "幼儿园"), "教育", mqt_footprint_ell(arena, little, 11, 3), 3, 3.6);
    }
}

void mqt_public_hospital(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_rect yard = mqt_rect_grow(room, -6);
    struct mqt_rect front = part(yard, 0, 0.62, 1, 1);
    front.y0_m = fmax(front.y0_m, front.y1_m - 60);
    mqt_site_house(site, called(site, name, "医院门诊楼"), "医疗", mqt_footprint_aitch(arena, front, 14), 6, 3.9);
    struct mqt_rect ward = part(yard, 0.05, 0.28, 0.95, 0.5);
    ward.y0_m = fmax(ward.y0_m, ward.y1_m - 24);
    mqt_site_house(site, called(site, name, "医院住院楼"), "医疗", mqt_footprint_corner(arena, ward, 5, 1), 14, 3.8);
    struct mqt_rect lab = part(yard, 0, 0, 0.4, 0.16);
    mqt_site_house(site, called(site, name, "医院医技楼"), "医疗", mqt_shape_rect(arena, lab), 3, 4.2);
    mqt_site_green(site, "", "绿地", mqt_shape_round(arena, part(yard, 0.5, 0, 1, 0.2), 6));
}

void mqt_public_centre(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_random *random = site->random;
    struct mqt_rect mall = part(room, 0.02, 0.56, 0.52, 0.98);
    mqt_site_house(site, called(site, name, "购物中心"), "商业", mqt_footprint_corner(arena, mall, 14, 3), 5, 4.8);
    mqt_site_house(site, called(site, name, "大厦A座"), "办公",
                   mqt_footprint_corner(arena, part(room, 0.62, 0.68, 0.92, 0.97), 6, 2),
                   mqt_random_int(random, 18, 32), 3.9);
    mqt_site_house(site, called(site, name, "大厦B座"), "办公",
                   mqt_footprint_u(arena, part(room, 0.6, 0.3, 0.95, 0.56), 12), mqt_random_int(random, 9, 16), 3.8);
    mqt_site_house(site, called(site, name, "宾馆"), "商业",
                   mqt_footprint_ell(arena, part(room, 0.6, 0.03, 0.95, 0.2), 14, 0), mqt_random_int(random, 6, 12),
                   3.5);
    mqt_site_green(site, called(site, name, "广场"), "广场绿地",
                   mqt_shape_round(arena, part(room, 0.05, 0.3, 0.5, 0.5), 6));
    mqt_site_shops(site,
                   (struct mqt_rect){room.x0_m + 4, room.y0_m + 4, room.x0_m + wide_of(room) * 0.52, room.y0_m + 18});
    struct mqt_rect market = part(room, 0.04, 0, 0.4, 0.1);
    market.y1_m += 25;
    market.y0_m += 25;
    mqt_site_house(site, called(site, name, "菜市场"), "商业", mqt_shape_rect(arena, market), 1, 6);
}

void mqt_public_offices(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_random *random = site->random;
    int columns = (int)fmax(1, floor(wide_of(room) / 90));
    int rows = (int)fmax(1, floor(deep_of(room) / 85));
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
            struct mqt_rect plot =
                part(room, (double)c / columns, (double)r / rows, (c + 1.0) / columns, (r + 1.0) / rows);
            if (mqt_random_chance(random, 0.15)) {
                mqt_site_green(site, "", "广场绿地", mqt_shape_round(arena, mqt_rect_grow(plot, -12), 12));
                continue;
            }
            double margin_m = mqt_random_real(random, 11, 18);
            struct mqt_rect house = mqt_rect_grow(plot, -margin_m);
            int form = mqt_random_int(random, 0, 3);
            double wing_m = fmin(15, fmin(wide_of(house), deep_of(house)) * 0.3);
            struct mqt_shape shape = form == 0   ? mqt_footprint_u(arena, house, wing_m)
                                     : form == 1 ? mqt_footprint_ell(arena, house, wing_m, mqt_random_int(random, 0, 3))
                                     : form == 2 ? mqt_footprint_court(arena, house, wing_m)
                                                 : mqt_footprint_corner(arena, mqt_rect_grow(house, -6), 5, 2);
            const char *number = mqt_arena_printf(arena, "科技园%d号楼", r * columns + c + 1);
            mqt_site_house(site, called(site, name, number ? number : ""), "办公", shape,
                           form == 3 ? mqt_random_int(random, 12, 24) : mqt_random_int(random, 5, 9), 3.9);
        }
    }
}

void mqt_public_works(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_random *random = site->random;
    double x_m = room.x0_m + 4;
    int serial = 0;
    while (room.x1_m - x_m > 30) {
        double wide_m = fmin(mqt_random_real(random, 34, 62), room.x1_m - x_m - 4);
        double y_m = room.y0_m + 4;
        while (room.y1_m - y_m > 24) {
            double deep_m = fmin(mqt_random_real(random, 22, 95), room.y1_m - y_m - 4);
            struct mqt_rect hall = {x_m, y_m, x_m + wide_m, y_m + deep_m};
            if (mqt_random_chance(random, 0.14)) {
                mqt_site_green(site, "", "绿地", mqt_shape_round(arena, hall, 5));
            } else {
                bool store = mqt_random_chance(random, 0.4);
                const char *number = mqt_arena_printf(arena, store ? "物流园%d号库" : "产业园%d号厂房", ++serial);
                mqt_site_house(site, called(site, name, number ? number : ""), store ? "仓储" : "工业",
                               mqt_shape_rect(arena, hall), mqt_random_int(random, 1, 3), store ? 7 : 5);
            }
            y_m += deep_m + mqt_random_real(random, 9, 14);
        }
        const struct mqt_spot lane[] = {{x_m + wide_m + 5, room.y0_m - 8}, {x_m + wide_m + 5, room.y1_m + 8}};
        mqt_site_lane(site, "residential", 6, lane, 2);
        x_m += wide_m + 10;
    }
}

void mqt_public_park(struct mqt_site *site, struct mqt_rect room, const char *name)
{
    struct mqt_town *town = site->town;
    struct mqt_arena *arena = &town->arena;
    const char *park = called(site, name, "公园");
    mqt_site_green(site, park, "公园", mqt_shape_round(arena, room, 16));
    double x = mqt_random_real(site->random, 0.15, 0.3);
    double y = mqt_random_real(site->random, 0.2, 0.35);
    int form = mqt_random_int(site->random, 0, 3);
    if (form > 0) {
        double reach = form == 1 ? 0.3 : 0.48;
        mqt_plot_pond(site, called(site, name, "湖"), part(room, x, y, x + reach, y + reach * 0.8));
    }
    if (form < 2) {
        struct mqt_spot cross[] = {{room.x0_m - 6, room.y0_m + deep_of(room) * y},
                                   {room.x0_m + wide_of(room) * 0.4, room.y0_m + deep_of(room) * (y - 0.1)},
                                   {room.x0_m + wide_of(room) * 0.7, room.y0_m + deep_of(room) * (y + 0.35)},
                                   {room.x1_m + 6, room.y0_m + deep_of(room) * (y + 0.4)}};
        mqt_site_lane(site, "path", 3, cross, 4);
        mqt_site_green(site, called(site, park, "草坪"), "绿地",
                       mqt_shape_blob(arena, part(room, 0.5, 0.12, 0.92, 0.4), 0.2, site->random));
    }
    if (form != 1) {
        mqt_plot_walk(site, mqt_rect_grow(room, -9), 3);
    }
    if (form > 1) {
        mqt_plot_walk(site, part(room, x - 0.08, y - 0.1, x + 0.56, y + 0.52), 2.5);
    }
    struct mqt_spot middle = mqt_rect_middle(part(room, 0.8, 0.75, 0.86, 0.8));
    const struct mqt_rect pavilion = {middle.x_m - 4, middle.y_m - 4, middle.x_m + 4, middle.y_m + 4};
    mqt_site_house(site, called(site, park, "亭"), "园林", mqt_shape_round(arena, pavilion, 4), 1, 4.5);
    const struct mqt_rect tea = {room.x0_m + 14, room.y1_m - 30, room.x0_m + 36, room.y1_m - 14};
    mqt_site_house(site, called(site, name, "茶社"), "商业", mqt_footprint_u(arena, tea, 5.5), 1, 4.5);
    (void)mqt_site_tuck(site, mqt_rect_grow(room, -12), 8, 6, called(site, park, "公共厕所"), "市政", 3.6);
}

void mqt_public_courtyards(struct mqt_site *site, struct mqt_rect room)
{
    struct mqt_arena *arena = &site->town->arena;
    struct mqt_random *random = site->random;
    double y_m = room.y1_m;
    int row = 0;
    while (y_m - room.y0_m > 24) {
        double deep_m = fmin(mqt_random_real(random, 20, 29), y_m - room.y0_m);
        double x_m = room.x0_m;
        while (room.x1_m - x_m > 15) {
            double wide_m = fmin(mqt_random_real(random, 15, 25), room.x1_m - x_m);
            struct mqt_rect yard = {x_m, y_m - deep_m, x_m + wide_m - 1, y_m - mqt_random_real(random, 0, 2)};
            double wing_m = mqt_random_real(random, 4.4, 5.6);
            int form = mqt_random_int(random, 0, 9);
            if (form < 4) {
                mqt_site_house(site, "", "平房", mqt_footprint_court(arena, yard, wing_m), 1, 3.4);
            } else if (form < 7) {
                mqt_site_house(site, "", "平房", mqt_footprint_u(arena, yard, wing_m), 1, 3.4);
            } else if (form < 9) {
                mqt_site_house(site, "", "平房", mqt_footprint_ell(arena, yard, wing_m, form % 4), 1, 3.2);
            } else {
                mqt_site_green(site, "", "绿地", mqt_shape_round(arena, mqt_rect_grow(yard, -2), 4));
            }
            x_m += wide_m;
        }
        y_m -= deep_m + (row % 2 ? 6 : 3);
        if (row++ % 2 == 1) {
            const struct mqt_spot lane[] = {{room.x0_m - 8, y_m + 3}, {room.x1_m + 8, y_m + 3}};
            mqt_site_lane(site, "residential", 4, lane, 2);
        }
    }
}
