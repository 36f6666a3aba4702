/* What the sample district's blocks are put together from: estates, homes, shop rows, lanes.
 *
 * Works in the plan (metres, see town.h); everything lands in the town's lists. Positions come from
 * the caller, who keeps apart what must be apart; only mqt_site_tuck looks for free ground.
 */
#ifndef MQT_SITE_H
#define MQT_SITE_H

#include "town.h"

/* One estate, school or centre while it is being filled. */
struct mqt_site {
    struct mqt_town *town;
    struct mqt_random *random;
    size_t cell;
    int estate; /* MQT_TOWN_NONE outside estates */
    int homes;  /* numbered so far */
    int built_year;
    const char *address;
    const struct mqt_fence *yard;  /* what is not wholly in it does not come to stand; NULL: no fence */
    const struct mqt_fence *reach; /* lanes end at it; NULL: nowhere */
    /* What stood before the site was begun and lies in another frame: nothing of it is in the way. */
    size_t first_building;
    size_t first_street;
    size_t first_water;
};

struct mqt_site_estate {
    const char *name;
    const char *manager; /* property company, 自治管理 or 无物业 */
    int built_year;
    double grumble;
};

/* Adds the estate and its area with a loop road inside; the site's later buildings belong to it. */
void mqt_site_found(struct mqt_site *site, struct mqt_rect rect, const struct mqt_site_estate *estate);

/* A building where people live; it gets the estate's next number. */
void mqt_site_home(struct mqt_site *site, struct mqt_shape shape, int floors, int units, int per_unit);

/* Any other building. storey_m is the height of one floor. */
void mqt_site_house(struct mqt_site *site, const char *name, const char *use, struct mqt_shape shape, int floors,
                    double storey_m);

void mqt_site_lane(struct mqt_site *site, const char *class_name, double width_m, const struct mqt_spot *spots,
                   size_t count);
void mqt_site_green(struct mqt_site *site, const char *name, const char *kind, struct mqt_shape shape);
void mqt_site_pond(struct mqt_site *site, const char *name, struct mqt_shape shape);

/* Low shop buildings along a strip, with a passage of 16 m in the middle for a gate. */
void mqt_site_shops(struct mqt_site *site, struct mqt_rect strip);

/* Rows of slabs, north to south and west to east. */
struct mqt_site_rows {
    int rows;
    int per_row;
    int floors_least;
    int floors_most;
    int units;
    int per_unit;
    double depth_m;
    double stagger_m;
};
void mqt_site_slabs(struct mqt_site *site, struct mqt_rect rect, const struct mqt_site_rows *rows);

/* Towers in columns x rows plots; the plot in the middle stays free when hollow. */
void mqt_site_towers(struct mqt_site *site, struct mqt_rect rect, int columns, int rows, bool hollow);

/* Puts a small house of wide_m x deep_m somewhere in rect where no building and no road is. False
 * when no place was found. */
bool mqt_site_tuck(struct mqt_site *site, struct mqt_rect rect, double wide_m, double deep_m, const char *name,
                   const char *use, double height_m);

#endif
