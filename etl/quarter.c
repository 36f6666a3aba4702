#include "quarter.h"

#include "land.h"
#include "landmark.h"
#include "place_name.h"
#include "plot.h"
#include "public_ground.h"
#include "scale.h"

#include <math.h>
#include <string.h>

enum { RANDOM_STREAM = 22, SCHOOL_EVERY = 8, PARK_EVERY = 9, HOSPITAL_EVERY = 24, CENTRE_EVERY = 13 };

static const double LANE_BEYOND_M = 16;    /* from a room to the middle of the next lane or street */
static const double STRIP_M = 13;          /* depth of a row of shops */
static const double HOMES_PER_M2 = 0.0115; /* of the yards where people live, until it shows */
static const double FIRST_M2 = 4e5;        /* as if so much had been seen of them */
static const double VACANT_SHARE = 0.08;
static const double STADIUM_M = 330; /* the least side of its ground */
static const double LEAST_ESTATE_M2 = 5200;
static const double HOUSES_M2 = 205;       /* of a village, for each of its houses */
static const double YARDS_M2 = 560;        /* of old lanes, for each of their yards */
static const double USUAL_BUILDINGS = 55;  /* in a cell that is neither */
static const double SURPLUS_SHARE = 0.015; /* of the buildings wanted: what is too many is thinned out */

enum quarter_kind { OLD_SLABS, MIDDLE_SLABS, NEW_SLABS, GARDEN_SLABS, TOWERS, MIXED, HOME_KINDS };

struct quarter {
    struct mqt_town *town;
    struct mqt_random random;
    struct mqt_place_names *names;
    bool is_all_homes; /* the cell in hand */
    struct mqt_site site;
    double homes;      /* so far */
    double seen_homes; /* of them in cells that are all homes, and the yards of these */
    double seen_m2;
    double mixed_m2_left; /* of the yards still to come, with this one */
    double new_town_m2_left;
    size_t open_left; /* cells without a purpose of their own that are still to come, with this one */
};

static double wide_of(struct mqt_rect rect)
{
    return rect.x1_m - rect.x0_m;
}

static double deep_of(struct mqt_rect rect)
{
    return rect.y1_m - rect.y0_m;
}

static int whole(double value, int least, int most)
{
    int number = (int)floor(value);
    return number < least ? least : number > most ? most : number;
}

/* Rows as dense as the sun allows: the taller, the farther apart. */
static void add_slabs(struct quarter *quarter, struct mqt_rect rect, enum quarter_kind kind)
{
    static const struct {
        double apart_m;
        double unit_m;
        int floors_least;
        int floors_most;
        int per_unit;
        double depth_m;
    } kinds[] = {
        [OLD_SLABS] = {31, 16, 5, 6, 2, 12},
        [MIDDLE_SLABS] = {43, 19, 9, 12, 2, 14},
        [NEW_SLABS] = {58, 20, 16, 18, 2, 15},
        [GARDEN_SLABS] = {34, 18, 4, 7, 2, 13},
    };
    struct mqt_random *random = &quarter->random;
    enum quarter_kind row_kind = kind <= GARDEN_SLABS ? kind : NEW_SLABS;
    double plot_m = mqt_random_real(random, 52, 96);
    int floors = mqt_random_int(random, kinds[row_kind].floors_least, kinds[row_kind].floors_most);
    struct mqt_site_rows rows = {
        .rows = whole(deep_of(rect) / kinds[row_kind].apart_m, 1, 16),
        .per_row = whole(wide_of(rect) / plot_m, 1, 8),
        .floors_least = floors > kinds[row_kind].floors_least ? floors - 1 : floors,
        .floors_most = floors,
        .per_unit = kinds[row_kind].per_unit,
        .depth_m = kinds[row_kind].depth_m,
        .stagger_m = mqt_random_chance(random, 0.4) ? 1.2 : 0,
    };
    rows.units = whole((wide_of(rect) / rows.per_row - 12) / kinds[row_kind].unit_m, 1, 6);
    mqt_site_slabs(&quarter->site, rect, &rows);
}

static void add_towers(struct quarter *quarter, struct mqt_rect rect)
{
    int columns = whole(wide_of(rect) / 78, 1, 6);
    int rows = whole(deep_of(rect) / 72, 1, 6);
    bool hollow = columns % 2 == 1 && rows % 2 == 1 && columns * rows >= 3;
    if (hollow) {
        struct mqt_spot middle = mqt_rect_middle(rect);
        struct mqt_rect garden = {middle.x_m - 32, middle.y_m - 28, middle.x_m + 32, middle.y_m + 28};
        mqt_site_green(&quarter->site, "中心花园", "小区绿地",
                       mqt_shape_blob(&quarter->town->arena, garden, 0.1, &quarter->random));
        mqt_plot_walk(&quarter->site, mqt_rect_grow(garden, -4), 2.5);
        mqt_plot_pond(&quarter->site, "", mqt_rect_grow(garden, -13));
    }
    mqt_site_towers(&quarter->site, rect, columns, rows, hollow);
}

static struct mqt_site_estate draw_estate(struct quarter *quarter, enum quarter_kind kind)
{
    static const char *const managers[] = {"怡海物业管理公司", "澄光物业服务公司", "丰华物业服务公司",
                                           "听泉物业管理公司", "安居物业服务公司", "同心物业管理公司"};
    struct mqt_random *random = &quarter->random;
    enum mqt_place_age age = kind == OLD_SLABS      ? MQT_PLACE_OLD
                             : kind == MIDDLE_SLABS ? MQT_PLACE_MIDDLE
                                                    : MQT_PLACE_NEW;
    struct mqt_site_estate estate = {
        .name = mqt_place_estate(quarter->names, &quarter->town->arena, age),
        .manager = managers[mqt_random_below(random, 6)],
    };
    if (age == MQT_PLACE_OLD) {
        estate.built_year = mqt_random_int(random, 1979, 1997);
        estate.grumble = mqt_random_real(random, 1.2, 2.2);
        estate.manager = mqt_random_chance(random, 0.5) ? "无物业" : estate.manager;
    } else if (age == MQT_PLACE_MIDDLE) {
        estate.built_year = mqt_random_int(random, 1996, 2009);
        estate.grumble = mqt_random_real(random, 0.7, 1.4);
    } else {
        estate.built_year = mqt_random_int(random, 2006, 2021);
        estate.grumble = mqt_random_real(random, 0.35, 0.9);
    }
    /* A few complain most. */
    estate.grumble *= mqt_random_chance(random, 0.05) ? 3.5 : 1;
    return estate;
}

static void fill_estate(struct quarter *quarter, struct mqt_rect room, enum quarter_kind kind)
{
    struct mqt_random *random = &quarter->random;
    struct mqt_site *site = &quarter->site;
    struct mqt_fence ground = mqt_fence_meet(site->yard, room);
    if (mqt_fence_area_m2(&ground) < LEAST_ESTATE_M2) {
        mqt_site_green(site, "街旁绿地", "绿地", mqt_shape_rect(&quarter->town->arena, room));
        return;
    }
    room = mqt_fence_bounds(&ground);
    bool front = deep_of(room) > 110 && mqt_random_chance(random, 0.75);
    bool flank = wide_of(room) > 130 && mqt_random_chance(random, 0.35);
    struct mqt_rect shops = front ? mqt_plot_cut_north(&room, STRIP_M) : room;
    struct mqt_rect more = flank ? mqt_plot_cut_east(&room, STRIP_M) : room;
    const struct mqt_site_estate estate = draw_estate(quarter, kind);
    mqt_site_found(site, room, &estate);
    if (front) {
        mqt_site_shops(site, shops);
    }
    if (flank) {
        mqt_site_shops(site, more);
    }
    mqt_plot_gate(site, room, 1, front ? 38 : 18);
    struct mqt_rect inside = mqt_rect_grow(room, -10);
    if (kind == MIXED && deep_of(inside) > 150) {
        struct mqt_rect north = mqt_plot_cut_north(&inside, deep_of(inside) * mqt_random_real(random, 0.4, 0.55));
        add_towers(quarter, north);
        add_slabs(quarter, inside, kind);
    } else if (kind == TOWERS || kind == MIXED) {
        add_towers(quarter, inside);
    } else {
        add_slabs(quarter, inside, kind);
    }
    mqt_plot_services(site, room, kind == OLD_SLABS ? 2 : kind == TOWERS ? 0 : 1);
}

static enum quarter_kind draw_home_kind(struct quarter *quarter, double outward)
{
    const double weights[HOME_KINDS] = {1.5 - 0.8 * outward, 1.3, 0.25 + 0.4 * outward, 0.3 + 0.8 * outward, 0.2, 0.3};
    return (enum quarter_kind)mqt_random_weighted(&quarter->random, weights, HOME_KINDS);
}

/* Estates in a room, which is divided by lanes while it is larger than an estate. */
static void fill_homes(struct quarter *quarter, struct mqt_rect room, enum quarter_kind kind, double outward)
{
    struct mqt_random *random = &quarter->random;
    double limit_m = mqt_random_real(random, 200, 380);
    bool divides_wide = wide_of(room) > deep_of(room);
    double longer_m = divides_wide ? wide_of(room) : deep_of(room);
    if (longer_m < limit_m || longer_m < 170) {
        fill_estate(quarter, room, kind);
        return;
    }
    double share = mqt_random_real(random, 0.4, 0.6);
    struct mqt_rect one = room;
    struct mqt_rect two = room;
    struct mqt_spot lane[2];
    if (divides_wide) {
        double x_m = room.x0_m + wide_of(room) * share;
        one.x1_m = x_m - 8;
        two.x0_m = x_m + 8;
        lane[0] = (struct mqt_spot){x_m, room.y0_m - LANE_BEYOND_M};
        lane[1] = (struct mqt_spot){x_m, room.y1_m + LANE_BEYOND_M};
    } else {
        double y_m = room.y0_m + deep_of(room) * share;
        one.y0_m = y_m + 8;
        two.y1_m = y_m - 8;
        lane[0] = (struct mqt_spot){room.x0_m - LANE_BEYOND_M, y_m};
        lane[1] = (struct mqt_spot){room.x1_m + LANE_BEYOND_M, y_m};
    }
    mqt_site_lane(&quarter->site, "residential", 8, lane, 2);
    fill_homes(quarter, one, kind, outward);
    enum quarter_kind other = mqt_random_chance(random, 0.5) ? kind : draw_home_kind(quarter, outward);
    fill_homes(quarter, two, other, outward);
}

/* Works where few people live; the share of homes keeps pace with what is still missing. */
static void fill_drawn(struct quarter *quarter, struct mqt_rect room, double outward)
{
    struct mqt_random *random = &quarter->random;
    double wanted = (double)quarter->town->quota.households * (1 + VACANT_SHARE) - quarter->homes;
    double open_share = 1 - 1.0 / SCHOOL_EVERY - 1.0 / PARK_EVERY - 1.0 / HOSPITAL_EVERY - 1.0 / CENTRE_EVERY;
    double density = (FIRST_M2 * HOMES_PER_M2 + quarter->seen_homes) / (FIRST_M2 + quarter->seen_m2);
    double still = wanted - density * quarter->new_town_m2_left;
    if (mqt_random_unit(random) * density * open_share * quarter->mixed_m2_left < still) {
        quarter->is_all_homes = true;
        fill_homes(quarter, room, draw_home_kind(quarter, outward), outward);
        return;
    }
    const char *name = mqt_place_name_next(quarter->names, &quarter->town->arena, MQT_PLACE_PUBLIC);
    const double weights[] = {fmax(0, 0.9 - 1.6 * outward), 0.9 * outward * outward, 0.55 - 0.2 * outward,
                              0.2 + 0.35 * outward, 0.3 * outward * outward};
    switch (mqt_random_weighted(random, weights, 5)) {
    case 0:
        mqt_public_courtyards(&quarter->site, room);
        break;
    case 1:
        mqt_public_works(&quarter->site, room, name);
        break;
    case 2:
        mqt_public_offices(&quarter->site, room, name);
        break;
    case 3:
        mqt_public_park(&quarter->site, room, name);
        break;
    default:
        mqt_landmark_village(&quarter->site, room, name);
        break;
    }
}

/* Part of a cell for the public, an estate in the rest when the rest is large enough for one. */
static void fill_shared(struct quarter *quarter, struct mqt_rect room, double outward,
                        void (*fill)(struct mqt_site *, struct mqt_rect, const char *), double wanted_m)
{
    const char *name = mqt_place_name_next(quarter->names, &quarter->town->arena, MQT_PLACE_PUBLIC);
    struct mqt_site *site = &quarter->site;
    if (wide_of(room) < wanted_m + 90) {
        fill(site, room, name);
        return;
    }
    struct mqt_rect ground = mqt_plot_cut_west(&room, wanted_m);
    fill(site, ground, name);
    *site = (struct mqt_site){.town = site->town,
                              .random = site->random,
                              .cell = site->cell,
                              .estate = MQT_TOWN_NONE,
                              .built_year = site->built_year,
                              .yard = site->yard,
                              .reach = site->reach,
                              .first_building = site->first_building,
                              .first_street = site->first_street,
                              .first_water = site->first_water};
    fill_estate(quarter, room, draw_home_kind(quarter, outward));
}

/* Lanes of courtyards with a few blocks of flats and a school between them. */
static void fill_old_town(struct quarter *quarter, size_t index, const struct mqt_town_cell *cell)
{
    if (index % SCHOOL_EVERY == 3) {
        fill_shared(quarter, cell->room, cell->outward, mqt_public_school, 120);
    } else if (mqt_random_chance(&quarter->random, 0.24)) {
        fill_homes(quarter, cell->room, OLD_SLABS, cell->outward);
    } else {
        mqt_public_courtyards(&quarter->site, cell->room);
    }
}

/* Small houses, when so many buildings are wanted that other cells cannot have them; true when the
 * cell is filled. */
static bool fill_small_houses(struct quarter *quarter, const struct mqt_town_cell *cell)
{
    struct mqt_town *town = quarter->town;
    double wanted = (double)town->quota.buildings * (1 + SURPLUS_SHARE) - (double)town->buildings.count;
    bool village = cell->outward > 0.22;
    double many = mqt_fence_area_m2(&cell->yard) / (village ? HOUSES_M2 : YARDS_M2);
    double missing = wanted / (double)quarter->open_left - USUAL_BUILDINGS;
    if (town->quota.buildings == 0 || many < 2 * USUAL_BUILDINGS ||
        !mqt_random_chance(&quarter->random, missing / (many - USUAL_BUILDINGS))) {
        return false;
    }
    if (village) {
        mqt_landmark_village(&quarter->site, cell->room,
                             mqt_place_name_next(quarter->names, &town->arena, MQT_PLACE_PUBLIC));
    } else {
        mqt_public_courtyards(&quarter->site, cell->room);
    }
    return true;
}

/* Takes single houses out, here and there, until there are as many as wanted. */
static void thin_out(struct mqt_town *town)
{
    size_t surplus = town->buildings.count - town->quota.buildings;
    size_t left = town->buildings.count;
    size_t kept = 0;
    for (size_t b = 0; b < town->buildings.count; ++b, --left) {
        const struct mqt_town_building building = town->buildings.at[b];
        bool small = strcmp(building.use, "自建房") == 0 || strcmp(building.use, "平房") == 0;
        bool out = surplus > 0 && (small || surplus == left) && (b % 7 == 3 || surplus * 4 >= left);
        surplus -= out;
        if (!out) {
            town->buildings.at[kept++] = building;
        }
    }
    town->buildings.count = kept;
}

static void fill_mixed(struct quarter *quarter, size_t index, const struct mqt_town_cell *cell)
{
    if (fill_small_houses(quarter, cell)) {
        return;
    }
    if (index % SCHOOL_EVERY == 3) {
        fill_shared(quarter, cell->room, cell->outward, mqt_public_school, 165);
    } else if (index % PARK_EVERY == 5) {
        fill_shared(quarter, cell->room, cell->outward, mqt_public_park, 200);
    } else if (index % HOSPITAL_EVERY == 10) {
        fill_shared(quarter, cell->room, cell->outward, mqt_public_hospital, 150);
    } else if (index % CENTRE_EVERY == 1) {
        fill_shared(quarter, cell->room, cell->outward, mqt_public_centre, 230);
    } else if (cell->theme == MQT_USE_NEW_TOWN) {
        static const double weights[HOME_KINDS] = {0, 0, 1, 0.3, 0.9, 0.8};
        quarter->is_all_homes = true;
        fill_homes(quarter, cell->room, (enum quarter_kind)mqt_random_weighted(&quarter->random, weights, HOME_KINDS),
                   cell->outward);
    } else {
        fill_drawn(quarter, cell->room, cell->outward);
    }
}

static void fill_landmark(struct quarter *quarter, const struct mqt_town_cell *cell)
{
    static void (*const landmarks[])(struct mqt_site *, struct mqt_rect, const char *) = {
        [MQT_USE_BUSINESS] = mqt_landmark_business, [MQT_USE_CAMPUS] = mqt_landmark_campus,
        [MQT_USE_INDUSTRY] = mqt_public_works,      [MQT_USE_PARK] = mqt_landmark_park,
        [MQT_USE_STATION] = mqt_landmark_station,   [MQT_USE_STADIUM] = mqt_landmark_stadium,
        [MQT_USE_VILLAGE] = mqt_landmark_village,   [MQT_USE_NEW_TOWN] = NULL,
    };
    const char *name = mqt_place_name_next(quarter->names, &quarter->town->arena, MQT_PLACE_PUBLIC);
    int theme = cell->theme;
    if (theme == MQT_USE_STADIUM && fmin(wide_of(cell->room), deep_of(cell->room)) < STADIUM_M) {
        theme = MQT_USE_PARK; /* of which the stadium is the middle */
    }
    landmarks[theme](&quarter->site, cell->room, name);
}

static void fill_cell(struct quarter *quarter, size_t index)
{
    const struct mqt_town_cell cell = quarter->town->cells.at[index];
    if (wide_of(cell.room) < 60 || deep_of(cell.room) < 60 || mqt_fence_area_m2(&cell.yard) < LEAST_ESTATE_M2) {
        mqt_site_green(&quarter->site, "口袋公园", "公园", mqt_shape_rect(&quarter->town->arena, cell.room));
        return;
    }
    switch ((enum mqt_land_use)cell.theme) {
    case MQT_USE_OLD_TOWN:
        fill_old_town(quarter, index, &cell);
        break;
    case MQT_USE_MIXED:
    case MQT_USE_NEW_TOWN:
        fill_mixed(quarter, index, &cell);
        break;
    default:
        fill_landmark(quarter, &cell);
        break;
    }
}

/* Where the lists of the town ended before a cell was filled. */
struct marks {
    size_t areas;
    size_t buildings;
    size_t streets;
    size_t greens;
    size_t waters;
};

static void turn_line(const struct mqt_town_cell *cell, struct mqt_line line)
{
    double cos_turn = cos(cell->turn);
    double sin_turn = sin(cell->turn);
    for (size_t i = 0; i < line.count; ++i) {
        struct mqt_spot spot = line.spots[i];
        line.spots[i].x_m = cell->origin.x_m + spot.x_m * cos_turn - spot.y_m * sin_turn;
        line.spots[i].y_m = cell->origin.y_m + spot.x_m * sin_turn + spot.y_m * cos_turn;
    }
}

static void turn_shape(const struct mqt_town_cell *cell, struct mqt_shape shape)
{
    for (size_t i = 0; i < shape.ring_count; ++i) {
        turn_line(cell, shape.rings[i]);
    }
}

/* From the cell's frame to the plan. */
static void put_into_plan(struct mqt_town *town, const struct mqt_town_cell *cell, const struct marks *marks)
{
    for (size_t i = marks->areas; i < town->areas.count; ++i) {
        turn_shape(cell, town->areas.at[i].shape);
    }
    for (size_t i = marks->buildings; i < town->buildings.count; ++i) {
        turn_shape(cell, town->buildings.at[i].shape);
    }
    for (size_t i = marks->streets; i < town->streets.count; ++i) {
        turn_line(cell, town->streets.at[i].line);
    }
    for (size_t i = marks->greens; i < town->greens.count; ++i) {
        turn_shape(cell, town->greens.at[i].shape);
    }
    for (size_t i = marks->waters; i < town->waters.count; ++i) {
        turn_shape(cell, town->waters.at[i].shape);
    }
}

static bool is_open(const struct mqt_town_cell *cell)
{
    return cell->theme == MQT_USE_MIXED || cell->theme == MQT_USE_NEW_TOWN;
}

/* What is still to come, with (sign 1) or without (-1) a cell. */
static void expect(struct quarter *quarter, const struct mqt_town_cell *cell, double sign)
{
    double yard_m2 = mqt_fence_area_m2(&cell->yard) * sign;
    quarter->mixed_m2_left += cell->theme == MQT_USE_MIXED ? yard_m2 : 0;
    quarter->new_town_m2_left += cell->theme == MQT_USE_NEW_TOWN ? yard_m2 : 0;
    quarter->open_left = quarter->open_left + (is_open(cell) && sign > 0) - (is_open(cell) && sign < 0);
}

/* Counts the homes of a cell that has just been filled. */
static void count_homes(struct quarter *quarter, const struct mqt_town_cell *cell, size_t first_building)
{
    const struct mqt_town *town = quarter->town;
    double homes = 0;
    for (size_t b = first_building; b < town->buildings.count; ++b) {
        const struct mqt_town_building *building = &town->buildings.at[b];
        homes += building->units * building->floors_above * building->per_unit;
    }
    quarter->homes += homes;
    if (quarter->is_all_homes) {
        quarter->seen_homes += homes;
        quarter->seen_m2 += mqt_fence_area_m2(&cell->yard);
    }
}

static void fill_and_place(struct quarter *quarter, size_t index)
{
    struct mqt_town *town = quarter->town;
    const struct mqt_town_cell cell = town->cells.at[index];
    const struct marks marks = {town->areas.count, town->buildings.count, town->streets.count, town->greens.count,
                                town->waters.count};
    quarter->is_all_homes = false;
    quarter->site = (struct mqt_site){.town = town,
                                      .random = &quarter->random,
                                      .cell = index,
                                      .estate = MQT_TOWN_NONE,
                                      .built_year = mqt_random_int(&quarter->random, 1985, 2015),
                                      .address = cell.street,
                                      .yard = &cell.yard,
                                      .reach = &cell.reach,
                                      .first_building = marks.buildings,
                                      .first_street = marks.streets,
                                      .first_water = marks.waters};
    fill_cell(quarter, index);
    count_homes(quarter, &cell, marks.buildings);
    put_into_plan(town, &cell, &marks);
    expect(quarter, &cell, -1);
}

void mqt_quarter_fill(struct mqt_town *town, struct mqt_place_names *names)
{
    struct quarter quarter = {.town = town, .random = mqt_random_start(town->seed, RANDOM_STREAM), .names = names};
    for (size_t i = 0; i < town->cells.count; ++i) {
        expect(&quarter, &town->cells.at[i], 1);
    }
    for (size_t i = 0; i < town->cells.count && town->arena.err == MQT_OK; ++i) {
        fill_and_place(&quarter, i);
    }
    if (town->quota.buildings > 0 && town->buildings.count > town->quota.buildings) {
        thin_out(town);
    }
}
