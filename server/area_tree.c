#include "areas_internal.h"

#include "natural.h"

#include <stdlib.h>
#include <string.h>

/* From area layers to a tree. */

enum { CODE, NAME, PARENT_CODE, MANAGER, TEXT_COUNT };

struct filling {
    struct mqt_areas *areas;
    const struct mqt_layer *layer; /* of the level at hand */
    enum mqt_area_level level;
    int columns[TEXT_COUNT];
};

static struct mqt_area_text text_of(const struct filling *filling, size_t feature_index, int which)
{
    int column = filling->columns[which];
    struct mqt_value value = {.present = false};
    if (column >= 0) {
        value = mqt_layer_value(filling->layer, feature_index, (size_t)column);
    }
    bool usable = value.present && value.type == MQT_TYPE_TEXT;
    return usable ? (struct mqt_area_text){value.text.bytes, value.text.len} : (struct mqt_area_text){NULL, 0};
}

static bool add_node(void *user, const struct mqt_feature *feature)
{
    struct filling *filling = user;
    struct mqt_areas *areas = filling->areas;
    areas->nodes[areas->count++] = (struct mqt_area){.id = feature->id,
                                                     .level = filling->level,
                                                     .code = text_of(filling, feature->index, CODE),
                                                     .name = text_of(filling, feature->index, NAME),
                                                     .parent_code = text_of(filling, feature->index, PARENT_CODE),
                                                     .manager = text_of(filling, feature->index, MANAGER),
                                                     .box = feature->box,
                                                     .label = feature->label};
    return true;
}

static enum mqt_err add_level(struct mqt_areas *areas, enum mqt_area_level level)
{
    static const char *const names[TEXT_COUNT] = {"code", "name", "parent_code", "manager"};
    struct mqt_box const world = {0, 0, INT32_MAX, INT32_MAX};
    struct filling filling = {.areas = areas, .layer = areas->layers.levels[level], .level = level};
    if (!filling.layer) {
        return MQT_OK;
    }
    for (int i = 0; i < TEXT_COUNT; i++) {
        filling.columns[i] = mqt_layer_column_index(filling.layer, names[i]);
    }
    areas->first_of[level] = (uint32_t)areas->count;
    enum mqt_err err = mqt_area_index_build(filling.layer, &areas->indices[level]);
    return err ? err : mqt_layer_visit(filling.layer, world, add_node, &filling);
}

static enum mqt_err add_nodes(struct mqt_areas *areas)
{
    size_t most = 1;
    for (int level = MQT_AREA_DISTRICT; level < MQT_AREA_LEVEL_COUNT; level++) {
        most += areas->layers.levels[level] ? mqt_layer_count(areas->layers.levels[level]) : 0;
    }
    areas->nodes = calloc(most, sizeof *areas->nodes);
    areas->by_id = calloc(most, sizeof *areas->by_id);
    areas->kin = calloc(most, sizeof *areas->kin);
    if (!areas->nodes || !areas->by_id || !areas->kin) {
        return MQT_ERR_MEMORY;
    }
    areas->count = 1;
    areas->nodes[MQT_AREAS_WHOLE] =
        (struct mqt_area){.level = MQT_AREA_WHOLE,
                          .box = areas->layers.buildings ? mqt_layer_box(areas->layers.buildings) : mqt_box_empty(),
                          .parent = MQT_AREAS_NONE};
    enum mqt_err err = MQT_OK;
    for (int level = MQT_AREA_DISTRICT; !err && level < MQT_AREA_LEVEL_COUNT; level++) {
        err = add_level(areas, (enum mqt_area_level)level);
    }
    return err;
}

/* An area in a list that is put in order, with its number. */
struct item {
    const struct mqt_area *area;
    uint32_t number;
};

static int by_id(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    return (a->area->id > b->area->id) - (a->area->id < b->area->id);
}

static int compare_texts(struct mqt_area_text a, struct mqt_area_text b)
{
    return mqt_natural_compare(a.bytes, a.len, b.bytes, b.len);
}

/* Areas of one code from the deepest up, then the oldest. */
static int by_code(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    int order = compare_texts(a->area->code, b->area->code);
    order = order ? order : (int)b->area->level - (int)a->area->level;
    return order ? order : by_id(left, right);
}

/* Families together; in each the children from above, then the estates. */
static int by_family(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    int order = (a->area->parent > b->area->parent) - (a->area->parent < b->area->parent);
    order = order ? order : (int)a->area->level - (int)b->area->level;
    order = order ? order : compare_texts(a->area->code, b->area->code);
    order = order ? order : compare_texts(a->area->name, b->area->name);
    return order ? order : by_id(left, right);
}

/* The area of a level above below with this code: the deepest, else NONE. items are by_code. */
static uint32_t find_code(const struct item *items, size_t count, struct mqt_area_text code, enum mqt_area_level below)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_texts(items[middle].area->code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low < count && items[low].area->level >= below && compare_texts(items[low].area->code, code) == 0) {
        low++;
    }
    bool found = low < count && compare_texts(items[low].area->code, code) == 0;
    return found ? items[low].number : MQT_AREAS_NONE;
}

/* By what the codes say; NONE when they say nothing. */
static uint32_t parent_by_code(const struct item *items, size_t count, const struct mqt_area *area)
{
    static const size_t lengths[] = {12, 9, 6}; /* of community, subdistrict and district */
    uint32_t parent = MQT_AREAS_NONE;
    if (area->parent_code.len > 0) {
        parent = find_code(items, count, area->parent_code, area->level);
    }
    for (size_t i = 0; parent == MQT_AREAS_NONE && i < sizeof lengths / sizeof lengths[0]; i++) {
        if (area->code.len > lengths[i]) {
            parent = find_code(items, count, (struct mqt_area_text){area->code.bytes, lengths[i]}, area->level);
        }
    }
    return parent;
}

/* Levels come from above, so the parents of an estate's parent are known when it asks. */
static enum mqt_err find_parents(struct mqt_areas *areas, const struct item *items)
{
    for (uint32_t number = 1; number < areas->count; number++) {
        struct mqt_area *area = &areas->nodes[number];
        uint32_t parent = parent_by_code(items, areas->count - 1, area);
        if (parent == MQT_AREAS_NONE && area->level > MQT_AREA_DISTRICT) {
            enum mqt_err err = mqt_areas_around(areas, area->label, (enum mqt_area_level)(area->level - 1),
                                                MQT_AREA_DISTRICT, &parent);
            if (err) {
                return err;
            }
        }
        if (area->level == MQT_AREA_ESTATE && parent != MQT_AREAS_NONE && areas->nodes[parent].level == MQT_AREA_GRID) {
            parent = areas->nodes[parent].parent; /* estates stand beside grids */
        }
        area->parent = parent == MQT_AREAS_NONE ? MQT_AREAS_WHOLE : parent;
        if (area->level == MQT_AREA_ESTATE) {
            areas->nodes[area->parent].estate_count++;
        } else {
            areas->nodes[area->parent].child_count++;
        }
    }
    return MQT_OK;
}

enum mqt_err mqt_area_tree_build(struct mqt_areas *areas)
{
    struct item *items = NULL;
    enum mqt_err err = add_nodes(areas);
    if (err) {
        return err;
    }
    size_t count = areas->count - 1;
    items = calloc(count + 1, sizeof *items);
    if (!items) {
        return MQT_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        items[i] = (struct item){&areas->nodes[i + 1], i + 1};
    }
    qsort(items, count, sizeof *items, by_id);
    for (size_t i = 0; i < count; i++) {
        areas->by_id[i] = items[i].number;
    }
    qsort(items, count, sizeof *items, by_code);
    err = find_parents(areas, items);
    if (!err) {
        qsort(items, count, sizeof *items, by_family);
        for (uint32_t i = (uint32_t)count; i > 0; i--) {
            areas->kin[i - 1] = items[i - 1].number;
            areas->nodes[items[i - 1].area->parent].first_kin = i - 1;
        }
    }
    free(items);
    return err;
}
