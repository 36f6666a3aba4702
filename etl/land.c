#include "land.h"

#include <math.h>
#include <string.h>

enum { RANDOM_STREAM = 20, STEPS_MAX = 4096 };

static const double TURN = 6.28318530717958647692;
static const double STEP_M = 40; /* between the spots of a way */
static const double CITY_M = 21000;

/* The ring roads of a city: squares around the middle. */
static const double rings_m[] = {4300, 9200, 15200};
enum { RINGS = sizeof rings_m / sizeof rings_m[0] };

/* The main streets of a district: dense in its old middle, wide apart at its edge. */
static const double district_xs_m[] = {-6200, -5050, -3950, -2900, -1950, -1050, -200,
                                       650,   1600,  2650,  3850,  5050,  6300};
static const double district_ys_m[] = {4700, 3700, 2800, 1950, 1150, 350, -550, -1500, -2500, -3600, -4700};
static const double DISTRICT_MOTORWAY_X_M = 3850;
static const double DISTRICT_MOTORWAY_Y_M = -1500;

static const struct mqt_land_way district_ways[] = {
    {MQT_LINE_RIVER,
     "澄河",
     {{-7000, -300},
      {-5700, -700},
      {-4300, -1250},
      {-3200, -1050},
      {-2200, -250},
      {-1200, 150},
      {-100, -50},
      {1000, -800},
      {2200, -950},
      {3300, -150},
      {4400, 350},
      {5600, 250},
      {7000, 700}},
     13},
    {MQT_LINE_STREAM,
     "马草河",
     {{2400, 5400}, {2150, 4200}, {1650, 3300}, {1950, 2350}, {2400, 1500}, {2250, 600}, {2500, -300}, {2600, -1600}},
     8},
    {MQT_LINE_RAILWAY,
     "京澄铁路",
     {{-7000, 3500},
      {-5200, 2900},
      {-3400, 2380},
      {-1400, 2330},
      {600, 2420},
      {2600, 2850},
      {4700, 3700},
      {6900, 4100}},
     8},
};

static const struct mqt_land_zone district_zones[] = {
    {MQT_USE_STATION, {-650, 2100}, 330},  {MQT_USE_STADIUM, {900, -1950}, 420},
    {MQT_USE_PARK, {-2750, 560}, 520},     {MQT_USE_CAMPUS, {-2350, 1600}, 420},
    {MQT_USE_PARK, {3300, 1500}, 330},     {MQT_USE_BUSINESS, {1650, 700}, 780},
    {MQT_USE_OLD_TOWN, {-500, 900}, 900},  {MQT_USE_INDUSTRY, {3500, -2150}, 1250},
    {MQT_USE_VILLAGE, {-4050, 1700}, 520}, {MQT_USE_VILLAGE, {4150, 1900}, 480},
    {MQT_USE_VILLAGE, {-1900, 3050}, 470}, {MQT_USE_VILLAGE, {-900, -2900}, 520},
    {MQT_USE_VILLAGE, {1500, 3250}, 380},  {MQT_USE_NEW_TOWN, {-600, -1700}, 1000},
    {MQT_USE_NEW_TOWN, {3100, 700}, 700},
};

static double spread(struct mqt_random *random, double value, double by)
{
    return value + mqt_random_real(random, -by, by);
}

static void draw_bend(struct mqt_land *land, struct mqt_random *random)
{
    static const double district[8] = {230, 90, 300, 90, 1500, 1000, 1800, 1100};
    static const double city[8] = {900, 190, 800, 170, 7000, 2900, 6500, 2600};
    const double *from = land->is_city ? city : district;
    for (int i = 0; i < 4; ++i) {
        land->swing_m[i] = from[i];
        land->wave_m[i] = spread(random, from[4 + i], from[4 + i] * 0.08);
    }
    for (int i = 0; i < 8; ++i) {
        land->phase[i] = mqt_random_real(random, 0, TURN);
    }
}

static void draw_district(struct mqt_land *land, struct mqt_random *random)
{
    /* Every other seed is a mirror image. */
    double flip = mqt_random_chance(random, 0.5) ? 1 : -1;
    land->wide_m = 4650;
    land->deep_m = 3300;
    land->columns = sizeof district_xs_m / sizeof district_xs_m[0];
    land->rows = sizeof district_ys_m / sizeof district_ys_m[0];
    for (int i = 0; i < land->columns; ++i) {
        double at_m = district_xs_m[flip > 0 ? i : land->columns - 1 - i] * flip;
        land->xs_m[i] = fabs(at_m - DISTRICT_MOTORWAY_X_M * flip) < 1 ? at_m : spread(random, at_m, 70);
    }
    for (int j = 0; j < land->rows; ++j) {
        bool motorway = fabs(district_ys_m[j] - DISTRICT_MOTORWAY_Y_M) < 1;
        land->ys_m[j] = motorway ? district_ys_m[j] : spread(random, district_ys_m[j], 60);
    }
    land->way_count = sizeof district_ways / sizeof district_ways[0];
    memcpy(land->ways, district_ways, sizeof district_ways);
    for (size_t w = 0; w < land->way_count; ++w) {
        for (size_t c = 0; c < land->ways[w].count; ++c) {
            struct mqt_spot *corner = &land->ways[w].corners[c];
            *corner = (struct mqt_spot){spread(random, corner->x_m * flip, 90), spread(random, corner->y_m, 90)};
        }
    }
    land->zone_count = sizeof district_zones / sizeof district_zones[0];
    memcpy(land->zones, district_zones, sizeof district_zones);
    for (size_t z = 0; z < land->zone_count; ++z) {
        land->zones[z].middle.x_m *= flip;
    }
    land->seeds[0] = (struct mqt_spot){0, 0};
    land->seed_count = 1;
}

/* Lines from the middle outwards, farther and farther apart; each ring has one of its own. */
static int draw_lines(struct mqt_random *random, double reach_m, double *lines)
{
    double half[MQT_LAND_LINES_MAX];
    int count = 0;
    double at_m = 0;
    int ring = 0;
    while (at_m < reach_m && count < MQT_LAND_LINES_MAX / 2 - 1) {
        double next_m = at_m + (950 + 1500 * at_m / CITY_M) * mqt_random_real(random, 0.85, 1.15);
        if (ring < RINGS && next_m > rings_m[ring] - 450) {
            next_m = rings_m[ring++];
        }
        half[count++] = at_m = next_m;
    }
    for (int i = 0; i < count; ++i) {
        lines[count - 1 - i] = -half[i];
        lines[count + 1 + i] = half[i];
    }
    lines[count] = 0;
    return count * 2 + 1;
}

static void add_zone(struct mqt_land *land, struct mqt_random *random, enum mqt_land_use use, double from_m,
                     double to_m, double reach_m)
{
    double angle = mqt_random_real(random, 0, TURN);
    double out_m = mqt_random_real(random, from_m, to_m);
    if (land->zone_count < MQT_LAND_ZONES_MAX) {
        land->zones[land->zone_count++] =
            (struct mqt_land_zone){use,
                                   {out_m * cos(angle), out_m * sin(angle) * land->deep_m / land->wide_m},
                                   spread(random, reach_m, reach_m / 4)};
    }
}

static void draw_city_zones(struct mqt_land *land, struct mqt_random *random)
{
    static const struct {
        enum mqt_land_use use;
        int count;
        double from_m;
        double to_m;
        double reach_m;
    } kinds[] = {
        {MQT_USE_STATION, 5, 3500, 12000, 420},    {MQT_USE_STADIUM, 4, 4000, 14000, 450},
        {MQT_USE_PARK, 26, 2600, 19000, 620},      {MQT_USE_CAMPUS, 10, 4500, 17000, 520},
        {MQT_USE_BUSINESS, 7, 2600, 8500, 850},    {MQT_USE_INDUSTRY, 16, 10500, 19000, 1500},
        {MQT_USE_NEW_TOWN, 22, 6000, 18500, 1100}, {MQT_USE_VILLAGE, 40, 9000, 21000, 750},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; ++k) {
        for (int i = 0; i < kinds[k].count; ++i) {
            add_zone(land, random, kinds[k].use, kinds[k].from_m, kinds[k].to_m, kinds[k].reach_m);
        }
    }
    for (size_t s = 0; s < land->seed_count && land->zone_count < MQT_LAND_ZONES_MAX; ++s) {
        land->zones[land->zone_count++] = (struct mqt_land_zone){MQT_USE_BUSINESS, land->seeds[s], s < 2 ? 300 : 560};
    }
    land->zones[land->zone_count++] = (struct mqt_land_zone){MQT_USE_OLD_TOWN, {0, 0}, 2500};
}

static void draw_city(struct mqt_land *land, struct mqt_random *random)
{
    static const int circles[] = {2, 5, 10};
    static const double out_m[] = {2100, 7600, 15600};
    static const char *const names[] = {"澄河", "通惠渠"};
    land->wide_m = CITY_M;
    land->deep_m = CITY_M * 0.88;
    land->columns = draw_lines(random, CITY_M + 1500, land->xs_m);
    land->rows = draw_lines(random, land->deep_m + 1500, land->ys_m);
    for (int j = 0; j < land->rows / 2; ++j) { /* north to south */
        double north_m = land->ys_m[j];
        land->ys_m[j] = land->ys_m[land->rows - 1 - j];
        land->ys_m[land->rows - 1 - j] = north_m;
    }
    for (size_t w = 0; w < 3; ++w) {
        struct mqt_land_way *way = &land->ways[land->way_count++];
        way->line = w < 2 ? MQT_LINE_RIVER : MQT_LINE_RAILWAY;
        way->name = w < 2 ? names[w] : "京澄铁路";
        way->count = 13;
        double level_m = w == 0 ? -3600 : w == 1 ? 10800 : 6100;
        for (size_t c = 0; c < way->count; ++c) {
            double x_m = -27000 + 4500.0 * (double)c;
            way->corners[c] = (struct mqt_spot){x_m, spread(random, level_m - x_m * 0.12, w < 2 ? 1300 : 500)};
        }
    }
    for (int circle = 0; circle < 3; ++circle) {
        double phase = mqt_random_real(random, -0.3, 0.3);
        for (int i = 0; i < circles[circle]; ++i) {
            double angle = phase + TURN * (i + mqt_random_real(random, -0.12, 0.12)) / circles[circle];
            land->seeds[land->seed_count++] =
                (struct mqt_spot){out_m[circle] * cos(angle), out_m[circle] * sin(angle) * 0.88};
        }
    }
    draw_city_zones(land, random);
}

void mqt_land_draw(struct mqt_land *land, bool is_city, uint64_t seed)
{
    struct mqt_random random = mqt_random_start(seed, RANDOM_STREAM);
    *land = (struct mqt_land){.is_city = is_city};
    draw_bend(land, &random);
    if (is_city) {
        draw_city(land, &random);
    } else {
        draw_district(land, &random);
    }
}

struct mqt_spot mqt_land_bend(const struct mqt_land *land, struct mqt_spot spot)
{
    double x = spot.x_m;
    double y = spot.y_m;
    const double *swing = land->swing_m;
    const double *wave = land->wave_m;
    const double *phase = land->phase;
    return (struct mqt_spot){x + swing[0] * sin(y / wave[0] + phase[0]) + swing[1] * sin((x + y) / wave[1] + phase[1]),
                             y + swing[2] * sin(x / wave[2] + phase[2]) + swing[3] * sin((x - y) / wave[3] + phase[3])};
}

enum mqt_land_line mqt_land_street(const struct mqt_land *land, bool northward, double at_m, double along_m)
{
    if (!land->is_city) {
        double east = land->ways[0].corners[0].x_m < 0 ? 1 : -1;
        double motorway_m = northward ? DISTRICT_MOTORWAY_X_M * east : DISTRICT_MOTORWAY_Y_M;
        return fabs(at_m - motorway_m) < 1 ? MQT_LINE_MOTORWAY : MQT_LINE_PRIMARY;
    }
    for (int r = 0; r < RINGS; ++r) {
        if (fabs(fabs(at_m) - rings_m[r]) < 1 && fabs(along_m) < rings_m[r]) {
            return MQT_LINE_MOTORWAY;
        }
    }
    return MQT_LINE_PRIMARY;
}

double mqt_land_outward(const struct mqt_land *land, struct mqt_spot spot)
{
    return hypot(spot.x_m / land->wide_m, spot.y_m / land->deep_m);
}

/* The way's y at x; ways run from west to east or from east to west. */
static double way_y_m(const struct mqt_land_way *way, double x_m)
{
    for (size_t c = 0; c + 1 < way->count; ++c) {
        struct mqt_spot a = way->corners[c];
        struct mqt_spot b = way->corners[c + 1];
        if ((a.x_m <= x_m) != (b.x_m <= x_m)) {
            return a.y_m + (b.y_m - a.y_m) * (x_m - a.x_m) / (b.x_m - a.x_m);
        }
    }
    return 0;
}

bool mqt_land_inside(const struct mqt_land *land, struct mqt_spot spot)
{
    double angle = atan2(spot.y_m, spot.x_m);
    double limit = 1 + 0.09 * sin(2 * angle + land->phase[4]) + 0.08 * sin(3 * angle + land->phase[5]) +
                   0.05 * sin(5 * angle + land->phase[6]);
    if (mqt_land_outward(land, spot) > limit) {
        return false;
    }
    /* In one corner the river is the district's border. */
    double west = land->is_city ? 0 : land->ways[0].corners[0].x_m < 0 ? -1 : 1;
    return land->is_city || spot.x_m * west < 1500 || spot.y_m > way_y_m(&land->ways[0], spot.x_m);
}

enum mqt_land_use mqt_land_use(const struct mqt_land *land, struct mqt_spot spot)
{
    for (size_t z = 0; z < land->zone_count; ++z) {
        const struct mqt_land_zone *zone = &land->zones[z];
        if (hypot(spot.x_m - zone->middle.x_m, spot.y_m - zone->middle.y_m) < zone->reach_m) {
            return zone->use;
        }
    }
    return MQT_USE_MIXED;
}

/* A curve through the corners: each stretch leaves and arrives in the direction of its neighbours. */
static struct mqt_spot on_curve(const struct mqt_land_way *way, size_t c, double t)
{
    struct mqt_spot p0 = way->corners[c > 0 ? c - 1 : 0];
    struct mqt_spot p1 = way->corners[c];
    struct mqt_spot p2 = way->corners[c + 1];
    struct mqt_spot p3 = way->corners[c + 2 < way->count ? c + 2 : c + 1];
    double a = 2 * t * t * t - 3 * t * t + 1;
    double b = t * t * t - 2 * t * t + t;
    double d = t * t * t - t * t;
    return (struct mqt_spot){
        a * p1.x_m + b * (p2.x_m - p0.x_m) / 2 + (1 - a) * p2.x_m + d * (p3.x_m - p1.x_m) / 2,
        a * p1.y_m + b * (p2.y_m - p0.y_m) / 2 + (1 - a) * p2.y_m + d * (p3.y_m - p1.y_m) / 2,
    };
}

struct mqt_line mqt_land_smooth(struct mqt_arena *arena, const struct mqt_land_way *way)
{
    struct mqt_spot spots[STEPS_MAX];
    size_t count = 0;
    for (size_t c = 0; c + 1 < way->count; ++c) {
        struct mqt_spot a = way->corners[c];
        struct mqt_spot b = way->corners[c + 1];
        int steps = (int)ceil(hypot(b.x_m - a.x_m, b.y_m - a.y_m) / STEP_M);
        for (int k = 0; k < steps && count + 1 < STEPS_MAX; ++k) {
            spots[count++] = on_curve(way, c, (double)k / steps);
        }
    }
    spots[count++] = way->corners[way->count - 1];
    return mqt_line_copy(arena, spots, count);
}
