/* The lie of the land: where main streets, rivers and railways run and what stands where.
 *
 * Drawn from a seed for one district or a whole city; everything in the plan (metres around the
 * middle, north upwards, see town.h). Main streets run along the lines of a lattice whose spots
 * mqt_land_bend moves, so that streets and blocks bend. Plain value; pure functions over it.
 */
#ifndef MQT_LAND_H
#define MQT_LAND_H

#include "shape.h"

enum {
    MQT_LAND_LINES_MAX = 40,
    MQT_LAND_WAYS_MAX = 6,
    MQT_LAND_CORNERS_MAX = 14,
    MQT_LAND_ZONES_MAX = 160,
    MQT_LAND_SEEDS_MAX = 20
};

enum mqt_land_line {
    MQT_LINE_NONE,
    MQT_LINE_RIVER,
    MQT_LINE_STREAM,
    MQT_LINE_RAILWAY,
    MQT_LINE_MOTORWAY,
    MQT_LINE_PRIMARY,
    MQT_LINE_SECONDARY,
    MQT_LINE_RESIDENTIAL
};

enum mqt_land_use {
    MQT_USE_MIXED,
    MQT_USE_OLD_TOWN,
    MQT_USE_BUSINESS,
    MQT_USE_CAMPUS,
    MQT_USE_INDUSTRY,
    MQT_USE_PARK,
    MQT_USE_STATION,
    MQT_USE_STADIUM,
    MQT_USE_VILLAGE,
    MQT_USE_NEW_TOWN
};

/* A river, a stream that ends in it, or a railway. */
struct mqt_land_way {
    enum mqt_land_line line;
    const char *name;
    struct mqt_spot corners[MQT_LAND_CORNERS_MAX];
    size_t count;
};

struct mqt_land_zone {
    enum mqt_land_use use;
    struct mqt_spot middle;
    double reach_m;
};

struct mqt_land {
    bool is_city;
    double xs_m[MQT_LAND_LINES_MAX]; /* west to east */
    double ys_m[MQT_LAND_LINES_MAX]; /* north to south */
    int columns;                     /* of lines */
    int rows;
    double swing_m[4];
    double wave_m[4];
    double phase[8];
    double wide_m; /* half of the district's or city's width, roughly */
    double deep_m;
    struct mqt_land_way ways[MQT_LAND_WAYS_MAX];
    size_t way_count;
    struct mqt_land_zone zones[MQT_LAND_ZONES_MAX];
    size_t zone_count;
    struct mqt_spot seeds[MQT_LAND_SEEDS_MAX]; /* a district grows around each */
    size_t seed_count;
};

void mqt_land_draw(struct mqt_land *land, bool is_city, uint64_t seed);

struct mqt_spot mqt_land_bend(const struct mqt_land *land, struct mqt_spot spot);

/* Of the street along a lattice line between two crossings: row < 0 for a northward one. */
enum mqt_land_line mqt_land_street(const struct mqt_land *land, bool northward, double at_m, double along_m);

/* 0 in the middle, 1 at the edge, more beyond it. */
double mqt_land_outward(const struct mqt_land *land, struct mqt_spot spot);
bool mqt_land_inside(const struct mqt_land *land, struct mqt_spot spot);
enum mqt_land_use mqt_land_use(const struct mqt_land *land, struct mqt_spot spot);

/* The way as a smooth line with a spot about every 40 m. */
struct mqt_line mqt_land_smooth(struct mqt_arena *arena, const struct mqt_land_way *way);

#endif
