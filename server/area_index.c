#include "area_index.h"

#include <stdlib.h>

struct building {
    struct mqt_area_index *index;
    enum mqt_err err;
};

static bool add_area(void *user, const struct mqt_feature *area)
{
    struct building *building = user;
    struct mqt_area_index *index = building->index;
    building->err = mqt_inside_new(area, &index->insides[index->count]);
    if (!building->err) {
        index->boxes[index->count] = area->box;
        index->ids[index->count++] = area->id;
    }
    return !building->err;
}

enum mqt_err mqt_area_index_build(const struct mqt_layer *layer, struct mqt_area_index *out)
{
    struct mqt_box const world = {0, 0, INT32_MAX, INT32_MAX};
    size_t most = layer ? mqt_layer_count(layer) : 0;
    struct mqt_area_index index = {0};
    struct building building = {.index = &index};
    index.boxes = calloc(most + 1, sizeof *index.boxes);
    index.ids = calloc(most + 1, sizeof *index.ids);
    index.insides = calloc(most + 1, sizeof *index.insides);
    enum mqt_err err = index.boxes && index.ids && index.insides ? MQT_OK : MQT_ERR_MEMORY;
    if (!err && layer) {
        err = mqt_layer_visit(layer, world, add_area, &building);
    }
    err = err ? err : building.err;
    if (!err) {
        err = mqt_rtree_build(index.boxes, index.count, &index.tree);
    }
    if (err) {
        mqt_area_index_clear(&index);
        return err;
    }
    *out = index;
    return MQT_OK;
}

void mqt_area_index_clear(struct mqt_area_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        mqt_inside_free(index->insides[i]);
    }
    mqt_rtree_clear(&index->tree);
    free(index->boxes);
    free(index->ids);
    free(index->insides);
    *index = (struct mqt_area_index){0};
}

enum mqt_err mqt_area_index_find(const struct mqt_area_index *index, struct mqt_point point, bool *found,
                                 size_t *position)
{
    struct mqt_box const spot = {point.x, point.y, point.x, point.y};
    struct mqt_buf runs;
    bool any = false;
    size_t best = 0;
    mqt_buf_init(&runs, SIZE_MAX / 2);
    mqt_rtree_query(&index->tree, index->boxes, spot, &runs);
    enum mqt_err err = mqt_buf_err(&runs);
    for (size_t i = 0; !err && i < runs.len / sizeof(struct mqt_run); i++) {
        struct mqt_run run = ((const struct mqt_run *)(const void *)runs.data)[i];
        for (size_t at = run.first; at < run.end; at++) {
            if ((!any || index->ids[at] < index->ids[best]) && mqt_inside_holds(index->insides[at], point)) {
                any = true;
                best = at;
            }
        }
    }
    mqt_buf_clear(&runs);
    if (!err) {
        *found = any;
        *position = any ? best : *position;
    }
    return err;
}
