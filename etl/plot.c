#include "plot.h"

#include <string.h>

static const double STEP_M = 7; /* between a row of shops and what lies behind */

struct mqt_rect mqt_plot_cut_north(struct mqt_rect *room, double deep_m)
{
    struct mqt_rect strip = {room->x0_m, room->y1_m - deep_m, room->x1_m, room->y1_m};
    room->y1_m -= deep_m + STEP_M;
    return strip;
}

struct mqt_rect mqt_plot_cut_south(struct mqt_rect *room, double deep_m)
{
    struct mqt_rect strip = {room->x0_m, room->y0_m, room->x1_m, room->y0_m + deep_m};
    room->y0_m += deep_m + STEP_M;
    return strip;
}

struct mqt_rect mqt_plot_cut_west(struct mqt_rect *room, double wide_m)
{
    struct mqt_rect strip = {room->x0_m, room->y0_m, room->x0_m + wide_m, room->y1_m};
    room->x0_m += wide_m + STEP_M;
    return strip;
}

struct mqt_rect mqt_plot_cut_east(struct mqt_rect *room, double wide_m)
{
    struct mqt_rect strip = {room->x1_m - wide_m, room->y0_m, room->x1_m, room->y1_m};
    room->x1_m -= wide_m + STEP_M;
    return strip;
}

void mqt_plot_gate(struct mqt_site *site, struct mqt_rect estate, int dy, double reach_m)
{
    double x_m = (estate.x0_m + estate.x1_m) / 2;
    double from_m = dy > 0 ? estate.y1_m - 6 : estate.y0_m + 6;
    const struct mqt_spot lane[] = {{x_m, from_m}, {x_m, from_m + dy * reach_m}};
    mqt_site_lane(site, "residential", 7, lane, 2);
    struct mqt_rect house = {x_m + 5, from_m + dy * 3 - 2.5, x_m + 10, from_m + dy * 3 + 2.5};
    house.y0_m += dy * 5;
    house.y1_m += dy * 5;
    mqt_site_house(site, "门卫室", "配套", mqt_shape_rect(&site->town->arena, house), 1, 3);
}

void mqt_plot_services(struct mqt_site *site, struct mqt_rect estate, int bike_sheds)
{
    struct mqt_rect inside = mqt_rect_grow(estate, -11);
    for (int i = 0; i < bike_sheds; ++i) {
        (void)mqt_site_tuck(site, inside, 22, 4.5, "自行车棚", "配套", 2.6);
    }
    (void)mqt_site_tuck(site, inside, 16, 9, "物业服务中心", "配套", 4);
    (void)mqt_site_tuck(site, inside, 9, 7, "配电室", "市政", 4);
    (void)mqt_site_tuck(site, inside, 6, 4, "垃圾分类驿站", "市政", 3);
}

void mqt_plot_pond(struct mqt_site *site, const char *name, struct mqt_rect rect)
{
    mqt_site_pond(site, name, mqt_shape_blob(&site->town->arena, rect, 0.3, site->random));
}

void mqt_plot_walk(struct mqt_site *site, struct mqt_rect rect, double width_m)
{
    enum { SPOTS_MAX = 64 };
    struct mqt_spot spots[SPOTS_MAX];
    struct mqt_shape walk = mqt_shape_blob(&site->town->arena, rect, 0.12, site->random);
    if (walk.ring_count == 1 && walk.rings[0].count < SPOTS_MAX) {
        size_t count = walk.rings[0].count;
        memcpy(spots, walk.rings[0].spots, count * sizeof *spots);
        spots[count] = spots[0];
        mqt_site_lane(site, "path", width_m, spots, count + 1);
    }
}
