/* The tree of areas and the buildings in it: district, subdistrict, community, grid; estates beside
 * the grids.
 *
 * Immutable, reference-counted (atomic), made from layer snapshots, which it retains. Areas have
 * numbers below mqt_areas_count; number 0 is the whole, which stands above the topmost areas. A
 * parent is the area above with parent_code, else with the longest beginning of the code, else the
 * deepest one around the label point, else the whole: none is lost. A building belongs to the deepest
 * area around its label point and all above; estates are asked apart. Texts live as long as the tree.
 */
#ifndef MQT_AREAS_H
#define MQT_AREAS_H

#include "../tiles/layer.h"

enum mqt_area_level {
    MQT_AREA_WHOLE,
    MQT_AREA_DISTRICT,
    MQT_AREA_SUBDISTRICT,
    MQT_AREA_COMMUNITY,
    MQT_AREA_GRID,
    MQT_AREA_ESTATE,
    MQT_AREA_LEVEL_COUNT
};

enum { MQT_AREAS_WHOLE = 0, MQT_AREAS_NONE = UINT32_MAX };

struct mqt_area_text {
    const char *bytes; /* UTF-8, not NUL-terminated; NULL: null */
    size_t len;
};

struct mqt_area_sums {
    uint64_t buildings, dwellings, households;
    uint64_t persons;  /* of the buildings that show them */
    uint64_t withheld; /* buildings that have people, but fewer than may be shown */
    uint64_t below;    /* the people of those are fewer than this */
};

struct mqt_area {
    uint64_t id; /* 0: the whole */
    enum mqt_area_level level;
    struct mqt_area_text code, name, parent_code, manager;
    struct mqt_box box;
    struct mqt_point label;
    uint32_t parent; /* number; NONE for the whole */
    uint32_t child_count, estate_count;
    struct mqt_area_sums all; /* of all buildings in it */
    struct mqt_area_sums own; /* of those that no child has */
    uint32_t own_count;
    /* where its children (then its estates) and own buildings stand */
    uint32_t first_kin, first_own;
};

struct mqt_areas;

/* Any may be NULL. */
struct mqt_area_layers {
    struct mqt_layer *levels[MQT_AREA_LEVEL_COUNT]; /* the whole has none */
    struct mqt_layer *buildings;
};

/* The id of the level's layer; that of the whole is "all". */
const char *mqt_area_level_name(enum mqt_area_level level);

enum mqt_err mqt_areas_new(const struct mqt_area_layers *layers, struct mqt_areas **areas) MQT_MUST_USE;
struct mqt_areas *mqt_areas_retain(struct mqt_areas *areas);
void mqt_areas_release(struct mqt_areas *areas); /* NULL is allowed */
bool mqt_areas_made_of(const struct mqt_areas *areas, const struct mqt_area_layers *layers);
/* Made of the same area layers, so that the numbers mean the same; the buildings may be others. */
bool mqt_areas_alike(const struct mqt_areas *a, const struct mqt_areas *b);

size_t mqt_areas_count(const struct mqt_areas *areas);
const struct mqt_area *mqt_areas_at(const struct mqt_areas *areas, uint32_t number);
/* NONE when there is no such area. */
uint32_t mqt_areas_find(const struct mqt_areas *areas, uint64_t id);
/* Children by level and code; behind them the estates. */
uint32_t mqt_areas_kin(const struct mqt_areas *areas, uint32_t number, size_t index);
/* The layer of the buildings; NULL: none. */
const struct mqt_layer *mqt_areas_buildings(const struct mqt_areas *areas);
/* Indices of the area's own buildings in that layer. Of more than MQT_BUILDINGS_SORTED the
 * first MQT_BUILDINGS_SHOWN stand in front in their order (buildings.h). */
const uint32_t *mqt_areas_own(const struct mqt_areas *areas, uint32_t number);

/* Where something is: its deepest area (the whole when it is in none) and its estate (or NONE). */
struct mqt_area_spot {
    uint32_t area, estate;
};
enum mqt_err mqt_areas_locate(const struct mqt_areas *areas, struct mqt_point point,
                              struct mqt_area_spot *spot) MQT_MUST_USE;
/* false when there is no such building. */
bool mqt_areas_of_building(const struct mqt_areas *areas, uint64_t building_id,
                           struct mqt_area_spot *spot) MQT_MUST_USE;

#endif
