#include "site.h"

#include "footprint.h"

#include <math.h>
#include <string.h>

static const double STOREY_M = 2.9; /* of homes */

static void add_lane(struct mqt_site *site, const char *class_name, double width_m, const struct mqt_spot *spots,
                     size_t count)
{
    struct mqt_town *town = site->town;
    mqt_town_add(town, &town->streets,
                 (struct mqt_town_street){"", class_name, width_m, mqt_line_copy(&town->arena, spots, count)});
}

void mqt_site_lane(struct mqt_site *site, const char *class_name, double width_m, const struct mqt_spot *spots,
                   size_t count)
{
    enum { RUN_MAX = 96 };
    struct mqt_spot run[RUN_MAX];
    size_t length = 0;
    if (!site->reach) {
        add_lane(site, class_name, width_m, spots, count);
        return;
    }
    for (size_t i = 0; i + 1 < count && length + 1 < RUN_MAX; ++i) {
        struct mqt_spot a = spots[i];
        struct mqt_spot b = spots[i + 1];
        bool inside = mqt_fence_clip_way(site->reach, &a, &b);
        bool goes_on = inside && length > 0 && a.x_m == run[length - 1].x_m && a.y_m == run[length - 1].y_m;
        if (!goes_on && length > 1) {
            add_lane(site, class_name, width_m, run, length);
        }
        if (!goes_on) {
            length = 0;
        }
        if (inside) {
            length += length == 0;
            run[length - 1] = length == 1 ? a : run[length - 1];
            run[length++] = b;
        }
    }
    if (length > 1) {
        add_lane(site, class_name, width_m, run, length);
    }
}

/* The part of a patch within the yard. */
static struct mqt_shape fenced(struct mqt_site *site, struct mqt_shape shape)
{
    if (!site->yard || mqt_fence_holds_shape(site->yard, &shape)) {
        return shape;
    }
    return mqt_fence_clip(&site->town->arena, site->yard, &shape);
}

void mqt_site_green(struct mqt_site *site, const char *name, const char *kind, struct mqt_shape shape)
{
    struct mqt_shape own = fenced(site, shape);
    if (own.ring_count > 0 && mqt_shape_area_m2(&own) > 12) {
        mqt_town_add(site->town, &site->town->greens, (struct mqt_town_patch){name, kind, own});
    }
}

void mqt_site_pond(struct mqt_site *site, const char *name, struct mqt_shape shape)
{
    struct mqt_shape own = fenced(site, shape);
    if (own.ring_count > 0 && mqt_shape_area_m2(&own) > 60) {
        mqt_town_add(site->town, &site->town->waters, (struct mqt_town_patch){name, "湖塘", own});
    }
}

/* A rectangle with round corners, or what the yard leaves of it. */
static struct mqt_shape ground_of(struct mqt_site *site, struct mqt_rect rect, double radius_m)
{
    struct mqt_arena *arena = &site->town->arena;
    const struct mqt_fence whole = mqt_fence_rect(rect);
    struct mqt_fence left = site->yard ? mqt_fence_meet(site->yard, rect) : whole;
    bool is_whole = mqt_fence_area_m2(&left) > mqt_fence_area_m2(&whole) - 1;
    return is_whole ? mqt_shape_round(arena, rect, radius_m) : mqt_fence_shape(arena, &left);
}

void mqt_site_found(struct mqt_site *site, struct mqt_rect rect, const struct mqt_site_estate *estate)
{
    struct mqt_town *town = site->town;
    const char *community = town->areas.at[town->cells.at[site->cell].grid].parent;
    struct mqt_town_area area = {
        .level = MQT_AREA_ESTATE,
        .code = mqt_arena_printf(&town->arena, "%s-X%02zu", community, town->estates.count + 1),
        .name = estate->name,
        .parent = community,
        .manager = estate->manager,
        .shape = ground_of(site, rect, 9),
    };
    const char *address = mqt_arena_printf(&town->arena, "%s%d号院", town->cells.at[site->cell].street,
                                           mqt_random_int(site->random, 3, 60) * 2);
    site->estate = (int)town->estates.count;
    site->homes = 0;
    site->built_year = estate->built_year;
    site->address = address ? address : "";
    struct mqt_town_estate item = {estate->name, estate->grumble, town->areas.count};
    mqt_town_add(town, &town->areas, area);
    mqt_town_add(town, &town->estates, item);
    struct mqt_shape loop = ground_of(site, mqt_rect_grow(rect, -6), 12);
    if (loop.ring_count == 1) {
        struct mqt_line ring = loop.rings[0];
        struct mqt_spot closed[64];
        size_t count = ring.count < 63 ? ring.count : 63;
        memcpy(closed, ring.spots, count * sizeof *closed);
        closed[count] = closed[0];
        mqt_site_lane(site, "residential", 6, closed, count + 1);
    }
}

/* Now and then a home was built later, between two others, and has the number of the one before it. */
static const char *next_number(struct mqt_site *site)
{
    enum { EVERY_LATER = 6 };
    int home = ++site->homes;
    bool later = home % EVERY_LATER == 0;
    return mqt_arena_printf(&site->town->arena, "%s%d号楼", later ? "甲" : "", home - home / EVERY_LATER);
}

void mqt_site_home(struct mqt_site *site, struct mqt_shape shape, int floors, int units, int per_unit)
{
    struct mqt_town *town = site->town;
    if (site->yard && !mqt_fence_holds_shape(site->yard, &shape)) {
        return;
    }
    const char *number = next_number(site);
    if (!number) {
        return;
    }
    struct mqt_town_building home = {
        .cell = site->cell,
        .estate = site->estate,
        .number = number,
        .name = mqt_arena_printf(&town->arena, "%s%s", town->estates.at[site->estate].name, number),
        .address = mqt_arena_printf(&town->arena, "%s%s", site->address, number),
        .use = "住宅",
        .structure = floors > 11  ? "剪力墙"
                     : floors > 6 ? "框架"
                                  : "砖混",
        .floors_above = floors,
        .floors_below = floors > 11  ? 2
                        : floors > 6 ? 1
                                     : 0,
        .height_m = round((floors * STOREY_M + 1.2) * 10) / 10,
        .built_year = site->built_year + mqt_random_int(site->random, 0, 2),
        .units = units,
        .per_unit = per_unit,
        .shape = shape,
    };
    mqt_town_add(town, &town->buildings, home);
}

void mqt_site_house(struct mqt_site *site, const char *name, const char *use, struct mqt_shape shape, int floors,
                    double storey_m)
{
    if (site->yard && !mqt_fence_holds_shape(site->yard, &shape)) {
        return;
    }
    struct mqt_town_building house = {
        .cell = site->cell,
        .estate = site->estate,
        .number = "",
        .name = name,
        .address = site->address ? site->address : "",
        .use = use,
        .structure = floors > 6   ? "框架"
                     : floors > 1 ? "混合"
                                  : "砖混",
        .floors_above = floors,
        .floors_below = floors > 6 ? 1 : 0,
        .height_m = round((floors * storey_m + 0.6) * 10) / 10,
        .built_year = site->built_year + mqt_random_int(site->random, 0, 4),
        .shape = shape,
    };
    mqt_town_add(site->town, &site->town->buildings, house);
}

/* One shop building; longer ones sometimes have a wing towards the yard. */
static void shop_house(struct mqt_site *site, struct mqt_rect rect, bool along_x)
{
    struct mqt_arena *arena = &site->town->arena;
    double long_m = along_x ? rect.x1_m - rect.x0_m : rect.y1_m - rect.y0_m;
    double deep_m = along_x ? rect.y1_m - rect.y0_m : rect.x1_m - rect.x0_m;
    struct mqt_shape shape;
    if (long_m > 30 && mqt_random_chance(site->random, 0.5)) {
        shape = mqt_footprint_ell(arena, rect, deep_m * 0.72, mqt_random_int(site->random, 0, 3));
    } else {
        shape = mqt_shape_rect(arena, rect);
    }
    mqt_site_house(site, "", "沿街商业", shape, mqt_random_int(site->random, 1, 3), 4.2);
}

void mqt_site_shops(struct mqt_site *site, struct mqt_rect strip)
{
    bool along_x = strip.x1_m - strip.x0_m > strip.y1_m - strip.y0_m;
    double from_m = along_x ? strip.x0_m : strip.y0_m;
    double to_m = along_x ? strip.x1_m : strip.y1_m;
    double middle_m = (from_m + to_m) / 2;
    double at_m = from_m;
    while (to_m - at_m > 14) {
        double end_m = at_m + mqt_random_real(site->random, 24, 52);
        double limit_m = at_m < middle_m - 8 ? middle_m - 8 : to_m;
        if (limit_m - end_m < 16) {
            end_m = limit_m;
        }
        struct mqt_rect rect = along_x ? (struct mqt_rect){at_m, strip.y0_m, end_m, strip.y1_m}
                                       : (struct mqt_rect){strip.x0_m, at_m, strip.x1_m, end_m};
        shop_house(site, rect, along_x);
        at_m = end_m == middle_m - 8 ? middle_m + 8 : end_m + mqt_random_real(site->random, 4, 9);
    }
}

void mqt_site_slabs(struct mqt_site *site, struct mqt_rect rect, const struct mqt_site_rows *rows)
{
    struct mqt_town *town = site->town;
    double plot_wide_m = (rect.x1_m - rect.x0_m) / rows->per_row;
    double plot_deep_m = (rect.y1_m - rect.y0_m) / rows->rows;
    for (int r = 0; r < rows->rows; ++r) {
        double top_m = rect.y1_m - r * plot_deep_m;
        if (r > 0) {
            const struct mqt_spot lane[] = {{rect.x0_m - 8, top_m - 2}, {rect.x1_m + 8, top_m - 2}};
            mqt_site_lane(site, "residential", 5, lane, 2);
        }
        for (int c = 0; c < rows->per_row; ++c) {
            double west_m = rect.x0_m + c * plot_wide_m;
            double wide_m = fmin(plot_wide_m - 12, rows->units * 21.0) * mqt_random_real(site->random, 0.93, 1);
            double slack_m = plot_wide_m - 12 - wide_m;
            double x0_m = west_m + 6 + slack_m * mqt_random_real(site->random, 0.3, 0.7);
            double y1_m = top_m - 9 - mqt_random_real(site->random, 0, fmin(6, plot_deep_m * 0.1));
            struct mqt_rect plot = {x0_m, y1_m - rows->depth_m, x0_m + wide_m, y1_m};
            int floors = mqt_random_int(site->random, rows->floors_least, rows->floors_most);
            mqt_site_home(site, mqt_footprint_slab(&town->arena, plot, rows->units, rows->stagger_m), floors,
                          rows->units, rows->per_unit);
            struct mqt_rect garden = {x0_m + 1, top_m - plot_deep_m + 4, x0_m + wide_m - 1, plot.y0_m - 4};
            if (garden.y1_m - garden.y0_m > 7) {
                mqt_site_green(site, "", "小区绿地", mqt_shape_round(&town->arena, garden, 5));
            }
        }
    }
    for (int c = 1; c < rows->per_row; ++c) {
        double x_m = rect.x0_m + c * plot_wide_m;
        const struct mqt_spot walk[] = {{x_m, rect.y0_m - 6}, {x_m, rect.y1_m + 6}};
        mqt_site_lane(site, "path", 3, walk, 2);
    }
}

void mqt_site_towers(struct mqt_site *site, struct mqt_rect rect, int columns, int rows, bool hollow)
{
    struct mqt_town *town = site->town;
    double plot_wide_m = (rect.x1_m - rect.x0_m) / columns;
    double plot_deep_m = (rect.y1_m - rect.y0_m) / rows;
    enum mqt_tower kind = (enum mqt_tower)mqt_random_below(site->random, MQT_TOWER_COUNT);
    for (int r = 0; r < rows; ++r) {
        for (int c = 0; c < columns; ++c) {
            if (hollow && r == rows / 2 && c == columns / 2) {
                continue;
            }
            double half_m = mqt_random_real(site->random, 13.5, 15);
            struct mqt_spot middle = {
                rect.x0_m + (c + 0.5) * plot_wide_m + mqt_random_real(site->random, -5, 5),
                rect.y1_m - (r + 0.5) * plot_deep_m + mqt_random_real(site->random, -4, 4),
            };
            struct mqt_rect plot = {middle.x_m - half_m, middle.y_m - half_m, middle.x_m + half_m, middle.y_m + half_m};
            enum mqt_tower own = mqt_random_chance(site->random, 0.25)
                                     ? (enum mqt_tower)mqt_random_below(site->random, MQT_TOWER_COUNT)
                                     : kind;
            mqt_site_green(site, "", "小区绿地",
                           mqt_shape_round(&town->arena, mqt_rect_grow(plot, mqt_random_real(site->random, 8, 12)), 9));
            mqt_site_home(site, mqt_footprint_tower(&town->arena, plot, own), mqt_random_int(site->random, 24, 28), 1,
                          9);
        }
    }
    for (int r = 1; r < rows; ++r) {
        double y_m = rect.y1_m - r * plot_deep_m;
        if (hollow) {
            continue;
        }
        const struct mqt_spot lane[] = {{rect.x0_m - 6, y_m}, {rect.x1_m + 6, y_m}};
        mqt_site_lane(site, "residential", 5, lane, 2);
    }
}

/* Whether a road runs through rect; roads are looked at every two metres. */
static bool meets_road(const struct mqt_site *site, struct mqt_rect rect)
{
    const struct mqt_town *town = site->town;
    for (size_t i = site->first_street; i < town->streets.count; ++i) {
        const struct mqt_town_street *street = &town->streets.at[i];
        struct mqt_rect near = mqt_rect_grow(rect, street->width_m / 2 + 0.5);
        for (size_t k = 0; k + 1 < street->line.count; ++k) {
            struct mqt_spot a = street->line.spots[k];
            struct mqt_spot b = street->line.spots[k + 1];
            int steps = (int)ceil(hypot(b.x_m - a.x_m, b.y_m - a.y_m) / 2) + 1;
            for (int s = 0; s <= steps; ++s) {
                double x_m = a.x_m + (b.x_m - a.x_m) * s / steps;
                double y_m = a.y_m + (b.y_m - a.y_m) * s / steps;
                if (x_m > near.x0_m && x_m < near.x1_m && y_m > near.y0_m && y_m < near.y1_m) {
                    return true;
                }
            }
        }
    }
    return false;
}

static bool meets_building_or_water(const struct mqt_site *site, struct mqt_rect rect)
{
    const struct mqt_town *town = site->town;
    for (size_t i = site->first_water; i < town->waters.count; ++i) {
        if (mqt_rect_meets(rect, mqt_shape_bounds(&town->waters.at[i].shape))) {
            return true;
        }
    }
    for (size_t i = site->first_building; i < town->buildings.count; ++i) {
        if (mqt_rect_meets(rect, mqt_shape_bounds(&town->buildings.at[i].shape))) {
            return true;
        }
    }
    return false;
}

bool mqt_site_tuck(struct mqt_site *site, struct mqt_rect rect, double wide_m, double deep_m, const char *name,
                   const char *use, double height_m)
{
    double free_x_m = rect.x1_m - rect.x0_m - wide_m;
    double free_y_m = rect.y1_m - rect.y0_m - deep_m;
    for (int tries = 0; tries < 40 && free_x_m > 0 && free_y_m > 0; ++tries) {
        double x0_m = rect.x0_m + free_x_m * mqt_random_unit(site->random);
        double y0_m = rect.y0_m + free_y_m * mqt_random_unit(site->random);
        struct mqt_rect plot = {x0_m, y0_m, x0_m + wide_m, y0_m + deep_m};
        struct mqt_shape shape = mqt_shape_rect(&site->town->arena, plot);
        bool inside = !site->yard || mqt_fence_holds_shape(site->yard, &shape);
        if (inside && !meets_building_or_water(site, mqt_rect_grow(plot, 3)) && !meets_road(site, plot)) {
            mqt_site_house(site, name, use, shape, 1, height_m);
            return true;
        }
    }
    return false;
}
