#include "areas_internal.h"

#include "buildings.h"

#include <stdlib.h>

/* Which buildings lie in which area, and what they add up to. */

struct assigning {
    const struct mqt_areas *areas;
    const struct mqt_inside *inside; /* of the area at hand */
    uint32_t number;
    uint32_t *found; /* by building index */
};

/* Where areas of a level overlap the one with the lowest id has the building. */
static bool take_building(void *user, const struct mqt_feature *building)
{
    struct assigning *assigning = user;
    uint32_t *found = &assigning->found[building->index];
    const struct mqt_area *nodes = assigning->areas->nodes;
    bool open = *found == MQT_AREAS_NONE || (nodes[*found].level == nodes[assigning->number].level &&
                                             nodes[*found].id > nodes[assigning->number].id);
    if (open && mqt_inside_holds(assigning->inside, building->label)) {
        *found = assigning->number;
    }
    return true;
}

/* Gives the buildings that have none yet to the level's areas. */
static enum mqt_err assign_level(struct mqt_areas *areas, enum mqt_area_level level, uint32_t *found)
{
    const struct mqt_area_index *index = &areas->indices[level];
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < index->count; i++) {
        struct assigning assigning = {.areas = areas,
                                      .inside = index->insides[i],
                                      .number = areas->first_of[level] + (uint32_t)i,
                                      .found = found};
        err = mqt_layer_visit(areas->layers.buildings, index->boxes[i], take_building, &assigning);
    }
    return err;
}

/* Ids up to this many times the number of buildings are looked up in a table. */
enum { MOST_SPREAD = 8 };

static enum mqt_err list_spots(struct mqt_areas *areas, size_t index_end)
{
    const struct mqt_layer *buildings = areas->layers.buildings;
    uint64_t last_id = 0;
    for (size_t i = 0; i < index_end; i++) {
        uint64_t id = areas->area_of[i] == MQT_AREAS_NONE ? 0 : mqt_layer_at(buildings, i).id;
        last_id = id > last_id ? id : last_id;
    }
    if (last_id / MOST_SPREAD > mqt_layer_count(buildings)) {
        return MQT_OK;
    }
    areas->spot_count = (size_t)last_id + 1;
    areas->spots = malloc(areas->spot_count * sizeof *areas->spots);
    if (!areas->spots) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < areas->spot_count; i++) {
        areas->spots[i] = (struct mqt_area_spot){MQT_AREAS_NONE, MQT_AREAS_NONE};
    }
    for (size_t i = 0; i < index_end; i++) {
        if (areas->area_of[i] != MQT_AREAS_NONE) {
            areas->spots[mqt_layer_at(buildings, i).id] =
                (struct mqt_area_spot){areas->area_of[i], areas->estate_of[i]};
        }
    }
    return MQT_OK;
}

enum { DWELLINGS, HOUSEHOLDS, PERSONS, BAND, SUM_COUNT };

struct adding {
    struct mqt_areas *areas;
    int columns[SUM_COUNT];
};

static struct mqt_value value_of(const struct adding *adding, size_t index, int which)
{
    struct mqt_value none = {.present = false};
    int column = adding->columns[which];
    return column < 0 ? none : mqt_layer_value(adding->areas->layers.buildings, index, (size_t)column);
}

static uint64_t count_of(const struct adding *adding, size_t index, int which)
{
    struct mqt_value value = value_of(adding, index, which);
    return value.present && value.type == MQT_TYPE_INT && value.integer > 0 ? (uint64_t)value.integer : 0;
}

/* The bound in a band such as "<10"; 0 without one. */
static uint64_t bound_of(const struct adding *adding, size_t index)
{
    struct mqt_value band = value_of(adding, index, BAND);
    uint64_t bound = 0;
    if (band.present && band.type == MQT_TYPE_TEXT && band.text.len > 1 && band.text.len < 12) {
        for (size_t i = 1; i < band.text.len && band.text.bytes[i] >= '0' && band.text.bytes[i] <= '9'; i++) {
            bound = bound * 10 + (uint64_t)(band.text.bytes[i] - '0');
        }
    }
    return bound;
}

static void add_sums(struct mqt_area_sums *to, const struct mqt_area_sums *more)
{
    to->buildings += more->buildings;
    to->dwellings += more->dwellings;
    to->households += more->households;
    to->persons += more->persons;
    to->withheld += more->withheld;
    to->below += more->below;
}

/* A building in no area is the whole's own. */
static bool add_building(void *user, const struct mqt_feature *building)
{
    const struct adding *adding = user;
    struct mqt_areas *areas = adding->areas;
    struct mqt_area_sums sums = {.buildings = 1,
                                 .dwellings = count_of(adding, building->index, DWELLINGS),
                                 .households = count_of(adding, building->index, HOUSEHOLDS),
                                 .persons = count_of(adding, building->index, PERSONS),
                                 .below = bound_of(adding, building->index)};
    sums.withheld = sums.below > 0;
    uint32_t *area = &areas->area_of[building->index];
    *area = *area == MQT_AREAS_NONE ? MQT_AREAS_WHOLE : *area;
    uint32_t const homes[] = {*area, areas->estate_of[building->index]};
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        if (homes[i] != MQT_AREAS_NONE) {
            add_sums(&areas->nodes[homes[i]].own, &sums);
            areas->nodes[homes[i]].own_count++;
        }
    }
    return true;
}

static enum mqt_err add_buildings(struct mqt_areas *areas)
{
    static const char *const names[SUM_COUNT] = {"dwelling_count", "household_count", "person_count", "person_band"};
    struct mqt_box const world = {0, 0, INT32_MAX, INT32_MAX};
    struct adding adding = {.areas = areas};
    for (int i = 0; i < SUM_COUNT; i++) {
        adding.columns[i] = mqt_layer_column_index(areas->layers.buildings, names[i]);
    }
    return mqt_layer_visit(areas->layers.buildings, world, add_building, &adding);
}

/* What an area has, its parents have: from below, because nodes stand by level. An estate's buildings
 * are in its community's areas already. */
static void add_upwards(struct mqt_areas *areas)
{
    for (size_t i = areas->count; i > 0; i--) {
        struct mqt_area *area = &areas->nodes[i - 1];
        add_sums(&area->all, &area->own);
        if (area->level != MQT_AREA_WHOLE && area->level != MQT_AREA_ESTATE) {
            add_sums(&areas->nodes[area->parent].all, &area->all);
        }
    }
}

/* Each area's own buildings one after the other. */
static enum mqt_err list_own(struct mqt_areas *areas, size_t index_end)
{
    uint32_t total = 0;
    for (size_t i = 0; i < areas->count; i++) {
        total += areas->nodes[i].own_count;
        areas->nodes[i].first_own = total; /* the end, from where it is filled downwards */
    }
    areas->own = calloc((size_t)total + 1, sizeof *areas->own);
    if (!areas->own) {
        return MQT_ERR_MEMORY;
    }
    for (uint32_t index = (uint32_t)index_end; index > 0; index--) {
        uint32_t const homes[] = {areas->area_of[index - 1], areas->estate_of[index - 1]};
        for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
            if (homes[i] != MQT_AREAS_NONE) {
                areas->own[--areas->nodes[homes[i]].first_own] = index - 1;
            }
        }
    }
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < areas->count; i++) {
        const struct mqt_area *area = &areas->nodes[i];
        if (area->own_count > MQT_BUILDINGS_SORTED) {
            err = mqt_buildings_order(areas->layers.buildings, areas->own + area->first_own, area->own_count);
        }
    }
    return err;
}

enum mqt_err mqt_area_fill(struct mqt_areas *areas)
{
    size_t index_end = areas->layers.buildings ? mqt_layer_index_end(areas->layers.buildings) : 0;
    areas->area_of = malloc((index_end + 1) * sizeof *areas->area_of);
    areas->estate_of = malloc((index_end + 1) * sizeof *areas->estate_of);
    if (!areas->area_of || !areas->estate_of) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < index_end; i++) {
        areas->area_of[i] = areas->estate_of[i] = MQT_AREAS_NONE;
    }
    enum mqt_err err = MQT_OK;
    if (areas->layers.buildings) {
        for (int level = MQT_AREA_GRID; !err && level >= MQT_AREA_DISTRICT; level--) {
            err = assign_level(areas, (enum mqt_area_level)level, areas->area_of);
        }
        if (!err) {
            err = assign_level(areas, MQT_AREA_ESTATE, areas->estate_of);
        }
        if (!err) {
            err = add_buildings(areas);
        }
        if (!err) {
            err = list_spots(areas, index_end);
        }
    }
    if (!err) {
        add_upwards(areas);
        err = list_own(areas, index_end);
    }
    return err;
}
