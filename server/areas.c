#include "areas_internal.h"

#include <assert.h>
#include <stdlib.h>

const char *mqt_area_level_name(enum mqt_area_level level)
{
    static const char *const names[] = {"all", "district", "subdistrict", "community", "grid", "estate"};
    assert((int)level >= 0 && level < MQT_AREA_LEVEL_COUNT);
    return names[level];
}

enum mqt_err mqt_areas_new(const struct mqt_area_layers *layers, struct mqt_areas **out)
{
    struct mqt_areas *areas = calloc(1, sizeof *areas);
    if (!areas) {
        return MQT_ERR_MEMORY;
    }
    atomic_init(&areas->references, 1);
    for (int level = 0; level < MQT_AREA_LEVEL_COUNT; level++) {
        areas->layers.levels[level] = layers->levels[level] ? mqt_layer_retain(layers->levels[level]) : NULL;
    }
    areas->layers.buildings = layers->buildings ? mqt_layer_retain(layers->buildings) : NULL;
    enum mqt_err err = mqt_area_tree_build(areas);
    if (!err) {
        err = mqt_area_fill(areas);
    }
    if (err) {
        mqt_areas_release(areas);
        return err;
    }
    *out = areas;
    return MQT_OK;
}

struct mqt_areas *mqt_areas_retain(struct mqt_areas *areas)
{
    atomic_fetch_add_explicit(&areas->references, 1, memory_order_relaxed);
    return areas;
}

void mqt_areas_release(struct mqt_areas *areas)
{
    if (!areas || atomic_fetch_sub_explicit(&areas->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (int level = 0; level < MQT_AREA_LEVEL_COUNT; level++) {
        mqt_layer_release(areas->layers.levels[level]);
        mqt_area_index_clear(&areas->indices[level]);
    }
    mqt_layer_release(areas->layers.buildings);
    free(areas->nodes);
    free(areas->by_id);
    free(areas->kin);
    free(areas->area_of);
    free(areas->estate_of);
    free(areas->spots);
    free(areas->own);
    free(areas);
}

static bool same_levels(const struct mqt_area_layers *a, const struct mqt_area_layers *b)
{
    bool same = true;
    for (int level = 0; level < MQT_AREA_LEVEL_COUNT; level++) {
        same = same && a->levels[level] == b->levels[level];
    }
    return same;
}

bool mqt_areas_made_of(const struct mqt_areas *areas, const struct mqt_area_layers *layers)
{
    return areas->layers.buildings == layers->buildings && same_levels(&areas->layers, layers);
}

bool mqt_areas_alike(const struct mqt_areas *a, const struct mqt_areas *b)
{
    return same_levels(&a->layers, &b->layers);
}

size_t mqt_areas_count(const struct mqt_areas *areas)
{
    return areas->count;
}

const struct mqt_area *mqt_areas_at(const struct mqt_areas *areas, uint32_t number)
{
    assert(number < areas->count);
    return &areas->nodes[number];
}

uint32_t mqt_areas_find(const struct mqt_areas *areas, uint64_t id)
{
    size_t low = 0;
    size_t high = areas->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (areas->nodes[areas->by_id[middle]].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < areas->count - 1 && areas->nodes[areas->by_id[low]].id == id;
    return found ? areas->by_id[low] : MQT_AREAS_NONE;
}

uint32_t mqt_areas_kin(const struct mqt_areas *areas, uint32_t number, size_t index)
{
    return areas->kin[areas->nodes[number].first_kin + index];
}

const struct mqt_layer *mqt_areas_buildings(const struct mqt_areas *areas)
{
    return areas->layers.buildings;
}

const uint32_t *mqt_areas_own(const struct mqt_areas *areas, uint32_t number)
{
    return areas->own + areas->nodes[number].first_own;
}

enum mqt_err mqt_areas_around(const struct mqt_areas *areas, struct mqt_point point, enum mqt_area_level from,
                              enum mqt_area_level to, uint32_t *number)
{
    for (int level = (int)from; level >= (int)to; level--) {
        bool found = false;
        size_t position = 0;
        enum mqt_err err = mqt_area_index_find(&areas->indices[level], point, &found, &position);
        if (err) {
            return err;
        }
        if (found) {
            *number = areas->first_of[level] + (uint32_t)position;
            return MQT_OK;
        }
    }
    *number = MQT_AREAS_NONE;
    return MQT_OK;
}

enum mqt_err mqt_areas_locate(const struct mqt_areas *areas, struct mqt_point point, struct mqt_area_spot *spot)
{
    uint32_t area = MQT_AREAS_NONE;
    uint32_t estate = MQT_AREAS_NONE;
    enum mqt_err err = mqt_areas_around(areas, point, MQT_AREA_GRID, MQT_AREA_DISTRICT, &area);
    if (!err) {
        err = mqt_areas_around(areas, point, MQT_AREA_ESTATE, MQT_AREA_ESTATE, &estate);
    }
    if (!err) {
        *spot = (struct mqt_area_spot){area == MQT_AREAS_NONE ? MQT_AREAS_WHOLE : area, estate};
    }
    return err;
}

bool mqt_areas_of_building(const struct mqt_areas *areas, uint64_t building_id, struct mqt_area_spot *spot)
{
    struct mqt_feature building;
    if (areas->spots) {
        bool known = building_id < areas->spot_count && areas->spots[building_id].area != MQT_AREAS_NONE;
        *spot = known ? areas->spots[building_id] : *spot;
        return known;
    }
    if (!areas->layers.buildings || !mqt_layer_find(areas->layers.buildings, building_id, &building)) {
        return false;
    }
    *spot = (struct mqt_area_spot){areas->area_of[building.index], areas->estate_of[building.index]};
    return true;
}
