/* How large a sample district is and how it is laid out: constants, one set a scale.
 *
 * Plan coordinates are metres around the middle, north upwards. Pure; any thread.
 */
#ifndef MQT_SCALE_H
#define MQT_SCALE_H

#include "../tiles/err.h"

#include <stdbool.h>

enum { MQT_SCALE_LINES_MAX = 8 /* grid lines in one direction */ };

/* What stands between four streets. */
enum mqt_theme {
    MQT_THEME_SLABS,  /* an estate of slabs of 18 floors, shops in the north */
    MQT_THEME_TOWERS, /* towers around a garden with a pond */
    MQT_THEME_SCHOOL, /* school and kindergarten in the west, a small estate in the east */
    MQT_THEME_OLD,    /* slabs of six floors from the nineties, bike sheds, nobody manages it */
    MQT_THEME_PARK,   /* towers in the north, a park in the south */
    MQT_THEME_CENTRE  /* mall, offices and hospital in the north, an estate in the south */
};

/* A street that runs along a line of the plan. */
struct mqt_scale_street {
    const char *name;
    const char *class_name; /* motorway, primary, secondary, residential, path */
    double width_m;
    double at_m;       /* x of a street that runs north, y of one that runs east */
    double from_m;     /* its southern or western end */
    double to_m;       /* its northern or eastern end */
    bool is_grid_line; /* a border of cells; the lines of a scale stand in order */
};

struct mqt_town_scale {
    const char *name;
    const char *community;
    double area_m2; /* of the community, exactly */
    int columns;    /* of cells, each of which is one grid */
    int rows;
    const struct mqt_scale_street *northward; /* grid lines west to east, then others */
    int northward_count;
    const struct mqt_scale_street *eastward; /* grid lines north to south (the last is the river), then others */
    int eastward_count;
    double river_width_m;
    const enum mqt_theme *themes; /* row by row from the north, west to east */
    size_t households;
    size_t persons;
    size_t tickets;       /* of the twelve months before the last moment */
    int picture_variants; /* drawings of each scene that tickets come with; 0: none come with a picture */
    size_t bins;
    size_t banks;
    size_t cameras; /* of a district, with those below; a community has as many as its corners and gates */
    size_t ai_cameras;
    bool is_district; /* laid out by plan.h; the fields from area_m2 to themes are not used */
    bool is_city;     /* of several districts, without people unless they are asked for */
    size_t buildings; /* of a city */
};

/* NULL when there is no such scale. */
const struct mqt_town_scale *mqt_scale_find(const char *name);

/* The names of all scales, ", " between them. */
const char *mqt_scale_names(void);

#endif
