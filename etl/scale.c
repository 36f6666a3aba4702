#include "scale.h"

#include <string.h>

#define COUNT(list) ((int)(sizeof(list) / sizeof(list)[0]))

/* The community is modelled on one in the south of Beijing: 0.49 km2, 42 residential buildings,
 * 6,700 households, six grids. The streets reach beyond it, so that it does not float in nothing. */
static const struct mqt_scale_street community_northward[] = {
    {"永兴路", "secondary", 28, -430, -1700, 1700, true},    {"泽园街", "residential", 16, -150, -240, 470, true},
    {"丰澄街", "secondary", 22, 142, -1700, 1700, true},     {"澄河东路", "primary", 38, 430, -1900, 1900, true},
    {"马草河路", "secondary", 26, -880, -1700, 1700, false}, {"东沿路", "secondary", 24, 900, -1700, 1700, false},
    {"西旺街", "secondary", 24, -1380, -1050, 1050, false},  {"东旺街", "secondary", 24, 1370, -1050, 1050, false},
};
static const struct mqt_scale_street community_eastward[] = {
    {"怡海大街", "primary", 40, 298, -2000, 2000, true},     {"富泽路", "secondary", 24, 22, -1380, 1370, true},
    {"澄河", "river", 44, -275, -2100, 2100, true},          {"南环快速路", "motorway", 52, 640, -2100, 2100, false},
    {"澄河南路", "secondary", 24, -345, -1900, 1900, false}, {"南苑北街", "secondary", 22, -700, -1900, 1900, false},
    {"滨河步道", "path", 4, -240, -1400, 1400, false},       {"北沿街", "residential", 14, 470, -1380, 1370, false},
    {"北旺大街", "secondary", 26, 1050, -1900, 1900, false}, {"南苑大街", "secondary", 26, -1050, -1900, 1900, false},
};
static const enum mqt_theme community_themes[] = {
    MQT_THEME_SLABS, MQT_THEME_TOWERS, MQT_THEME_SCHOOL, MQT_THEME_OLD, MQT_THEME_PARK, MQT_THEME_CENTRE,
};

static const struct mqt_town_scale scales[] = {
    {
        .name = "community",
        .community = "怡海花园社区",
        .area_m2 = 490000,
        .columns = 3,
        .rows = 2,
        .northward = community_northward,
        .northward_count = COUNT(community_northward),
        .eastward = community_eastward,
        .eastward_count = COUNT(community_eastward),
        .river_width_m = 44,
        .themes = community_themes,
        .households = 6700,
        .persons = 15000,
        .tickets = 6000,
        .picture_variants = 4,
        .bins = 50,
        .banks = 7,
    },
    {
        .name = "district",
        .community = "",
        .households = 103000,
        .persons = 250000,
        .tickets = 200000,
        .picture_variants = 16,
        .cameras = 237,
        .ai_cameras = 90,
        .is_district = true,
    },
    {
        .name = "city",
        .community = "",
        .buildings = 1000000,
        .households = 2600000,
        .persons = 6300000,
        .tickets = 1000000,
        .cameras = 12000,
        .ai_cameras = 4500,
        .is_district = true,
        .is_city = true,
    },
};

const struct mqt_town_scale *mqt_scale_find(const char *name)
{
    for (int i = 0; i < COUNT(scales); ++i) {
        if (strcmp(scales[i].name, name) == 0) {
            return &scales[i];
        }
    }
    return NULL;
}

const char *mqt_scale_names(void)
{
    return "community, district, city";
}
