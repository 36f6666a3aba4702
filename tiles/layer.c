#include "layer_internal.h"

#include "core_build.h"

#include <stdlib.h>

enum { COMPACT_LEAST = 1024, COMPACT_SHARE = 20 /* one part in so many */ };

/* Takes base and delta, on failure too. */
static enum mqt_err new_layer(struct mqt_core *base, struct mqt_core *delta, uint32_t *removed, size_t removed_count,
                              struct mqt_layer **layer)
{
    struct mqt_layer *created = calloc(1, sizeof *created);
    if (!created) {
        mqt_core_release(base);
        mqt_core_release(delta);
        free(removed);
        return MQT_ERR_MEMORY;
    }
    atomic_init(&created->references, 1);
    created->base = base;
    created->delta = delta;
    created->removed = removed;
    created->removed_count = removed_count;
    created->box = mqt_box_union(base->box, delta->box);
    *layer = created;
    return MQT_OK;
}

static enum mqt_err from_core(struct mqt_core *base, size_t max_bytes, struct mqt_layer **layer)
{
    struct mqt_layer_builder *nothing = NULL;
    struct mqt_core *delta = NULL;
    enum mqt_err err = base->bytes > max_bytes ? MQT_ERR_LIMIT : mqt_builder_like(base, SIZE_MAX, &nothing);
    if (!err) {
        err = mqt_core_build(nothing, &delta);
    }
    mqt_layer_builder_free(nothing);
    if (err) {
        mqt_core_release(base);
        return err;
    }
    return new_layer(base, delta, NULL, 0, layer);
}

enum mqt_err mqt_layer_builder_finish(struct mqt_layer_builder *builder, struct mqt_layer **layer)
{
    struct mqt_core *core = NULL;
    size_t max_bytes = builder->max_bytes;
    enum mqt_err err = mqt_core_build(builder, &core);
    mqt_layer_builder_free(builder);
    return err ? err : from_core(core, max_bytes, layer);
}

static bool same_columns(const struct mqt_core *core, const struct mqt_layer_builder *builder)
{
    bool same = core->shape == builder->shape && core->column_count == builder->column_count;
    for (size_t i = 0; same && i < core->column_count; i++) {
        same = core->columns[i].type == builder->columns[i].type &&
               strcmp(core->columns[i].name, builder->columns[i].name) == 0;
    }
    return same;
}

static int compare_indices(const void *a, const void *b)
{
    const uint32_t *left = a;
    const uint32_t *right = b;
    return *left < *right ? -1 : *left > *right;
}

/* Features of layer's base that are gone: those that were already, and the ids that removed and
 * changes name. */
static enum mqt_err join_removed(const struct mqt_layer *layer, const uint64_t *removed, size_t removed_count,
                                 const struct mqt_layer_builder *changes, uint32_t **indices, size_t *count)
{
    size_t change_count = mqt_builder_count(changes);
    const struct mqt_entry *entries = (const struct mqt_entry *)(const void *)changes->entries.data;
    uint32_t *joined = calloc(layer->removed_count + removed_count + change_count + 1, sizeof *joined);
    if (!joined) {
        return MQT_ERR_MEMORY;
    }
    size_t used = layer->removed_count;
    if (used > 0) {
        memcpy(joined, layer->removed, used * sizeof *joined);
    }
    for (size_t i = 0; i < removed_count + change_count; i++) {
        uint64_t id = i < removed_count ? removed[i] : entries[i - removed_count].id;
        size_t index;
        if (mqt_core_find(layer->base, id, &index)) {
            joined[used++] = (uint32_t)index;
        }
    }
    size_t kept = 0;
    if (used > 1) {
        qsort(joined, used, sizeof *joined, compare_indices);
    }
    for (size_t i = 0; i < used; i++) {
        if (kept == 0 || joined[kept - 1] != joined[i]) {
            joined[kept++] = joined[i];
        }
    }
    *indices = joined;
    *count = kept;
    return MQT_OK;
}

/* Adds to changes what the old delta holds and neither removed nor changes names. */
static enum mqt_err keep_delta(const struct mqt_core *delta, const uint64_t *removed, size_t removed_count,
                               struct mqt_layer_builder *changes)
{
    uint8_t *gone = calloc(delta->count + 1, 1);
    if (!gone) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < removed_count; i++) {
        size_t index;
        if (mqt_core_find(delta, removed[i], &index)) {
            gone[index] = 1;
        }
    }
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < delta->count; i++) {
        if (!gone[i] && !mqt_builder_has(changes, delta->ids[i])) {
            err = mqt_builder_add_from(changes, delta, i);
        }
    }
    free(gone);
    return err;
}

enum mqt_err mqt_layer_apply(struct mqt_layer *base, const uint64_t *removed, size_t removed_count,
                             struct mqt_layer_builder *changes, struct mqt_layer **layer)
{
    uint32_t *indices = NULL;
    size_t count = 0;
    struct mqt_core *delta = NULL;
    enum mqt_err err = same_columns(base->base, changes) ? MQT_OK : MQT_ERR_PARAM;
    if (!err) {
        changes->max_bytes = SIZE_MAX; /* it bounded the changes alone; the old delta joins them now */
        err = join_removed(base, removed, removed_count, changes, &indices, &count);
    }
    if (!err) {
        err = keep_delta(base->delta, removed, removed_count, changes);
    }
    if (!err) {
        err = mqt_core_build(changes, &delta);
    }
    mqt_layer_builder_free(changes);
    if (err) {
        free(indices);
        return err;
    }
    return new_layer(mqt_core_retain(base->base), delta, indices, count, layer);
}

bool mqt_layer_wants_compaction(const struct mqt_layer *layer)
{
    size_t share = layer->base->count / COMPACT_SHARE;
    size_t most = share > COMPACT_LEAST ? share : COMPACT_LEAST;
    return layer->delta->count + layer->removed_count > most;
}

enum mqt_err mqt_layer_compact(struct mqt_layer *layer, struct mqt_layer **compacted)
{
    struct mqt_buf spans;
    struct mqt_layer_builder *builder = NULL;
    struct mqt_box all = {INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX};
    mqt_buf_init(&spans, SIZE_MAX / 2);
    enum mqt_err err = mqt_layer_select(layer, all, &spans);
    if (!err) {
        err = mqt_builder_like(layer->base, SIZE_MAX, &builder);
    }
    for (size_t i = 0; !err && i < spans.len / sizeof(struct mqt_span); i++) {
        struct mqt_span span = ((const struct mqt_span *)(const void *)spans.data)[i];
        for (uint32_t index = span.first; !err && index < span.end; index++) {
            err = mqt_builder_add_from(builder, span.core, index);
        }
    }
    mqt_buf_clear(&spans);
    if (err) {
        mqt_layer_builder_free(builder);
        return err;
    }
    return mqt_layer_builder_finish(builder, compacted);
}

struct mqt_layer *mqt_layer_retain(struct mqt_layer *layer)
{
    atomic_fetch_add_explicit(&layer->references, 1, memory_order_relaxed);
    return layer;
}

void mqt_layer_release(struct mqt_layer *layer)
{
    if (!layer || atomic_fetch_sub_explicit(&layer->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    mqt_core_release(layer->base);
    mqt_core_release(layer->delta);
    free(layer->removed);
    free(layer);
}

size_t mqt_layer_count(const struct mqt_layer *layer)
{
    return layer->base->count - layer->removed_count + layer->delta->count;
}

size_t mqt_layer_bytes(const struct mqt_layer *layer)
{
    return sizeof *layer + layer->base->bytes + layer->delta->bytes + layer->removed_count * sizeof *layer->removed;
}

size_t mqt_layer_index_end(const struct mqt_layer *layer)
{
    return layer->base->count + layer->delta->count;
}

struct mqt_box mqt_layer_box(const struct mqt_layer *layer)
{
    return layer->box;
}

enum mqt_shape mqt_layer_shape(const struct mqt_layer *layer)
{
    return layer->base->shape;
}

size_t mqt_layer_column_count(const struct mqt_layer *layer)
{
    return layer->base->column_count;
}

struct mqt_column mqt_layer_column(const struct mqt_layer *layer, size_t index)
{
    return (struct mqt_column){layer->base->columns[index].name, layer->base->columns[index].type};
}

int mqt_layer_column_index(const struct mqt_layer *layer, const char *name)
{
    for (size_t i = 0; i < layer->base->column_count; i++) {
        if (strcmp(layer->base->columns[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* First position in removed whose index is not below index. */
static size_t removed_from(const struct mqt_layer *layer, uint32_t index)
{
    size_t low = 0;
    size_t high = layer->removed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (layer->removed[middle] < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Cuts the removed features out of a run of the base. */
static void add_base_run(const struct mqt_layer *layer, struct mqt_run run, struct mqt_buf *spans)
{
    uint32_t first = run.first;
    for (size_t i = removed_from(layer, run.first); first < run.end; i++) {
        uint32_t gone = i < layer->removed_count && layer->removed[i] < run.end ? layer->removed[i] : run.end;
        if (gone > first) {
            struct mqt_span span = {layer->base, 0, first, gone, run.inside};
            mqt_buf_add(spans, &span, sizeof span);
        }
        first = gone + 1;
    }
}

enum mqt_err mqt_layer_select(const struct mqt_layer *layer, struct mqt_box box, struct mqt_buf *spans)
{
    struct mqt_buf runs;
    mqt_buf_init(&runs, SIZE_MAX / 2);
    mqt_rtree_query(&layer->base->tree, layer->base->boxes, box, &runs);
    for (size_t i = 0; i < runs.len / sizeof(struct mqt_run); i++) {
        add_base_run(layer, ((const struct mqt_run *)(const void *)runs.data)[i], spans);
    }
    enum mqt_err err = mqt_buf_err(&runs);
    mqt_buf_reset(&runs);
    mqt_rtree_query(&layer->delta->tree, layer->delta->boxes, box, &runs);
    for (size_t i = 0; i < runs.len / sizeof(struct mqt_run); i++) {
        struct mqt_run run = ((const struct mqt_run *)(const void *)runs.data)[i];
        struct mqt_span span = {layer->delta, layer->base->count, run.first, run.end, run.inside};
        mqt_buf_add(spans, &span, sizeof span);
    }
    err = err ? err : mqt_buf_err(&runs);
    mqt_buf_clear(&runs);
    return err ? err : mqt_buf_err(spans);
}

/* Room for the largest feature of the snapshot. */
struct unpacked {
    struct mqt_point *points;
    uint32_t *part_sizes;
};

static struct mqt_point label_of(const struct mqt_core *core, const struct mqt_record *record, size_t index)
{
    struct mqt_box box = core->boxes[index];
    return core->shape == MQT_SHAPE_POINT ? mqt_record_point(record, 0, box) : mqt_record_label(record, box);
}

static struct mqt_feature unpack(const struct mqt_core *core, size_t index, struct unpacked *room)
{
    struct mqt_record record = mqt_core_record(core, index);
    for (size_t i = 0; i < record.part_count; i++) {
        room->part_sizes[i] = mqt_record_part(&record, i) & ~MQT_PART_OUTER;
    }
    for (size_t i = 0; i < record.point_count; i++) {
        room->points[i] = mqt_record_point(&record, i, core->boxes[index]);
    }
    return (struct mqt_feature){
        .id = core->ids[index],
        .box = core->boxes[index],
        .part_count = record.part_count,
        .part_sizes = room->part_sizes,
        .points = room->points,
        .point_count = record.point_count,
        .label = label_of(core, &record, index),
    };
}

static enum mqt_err make_room(const struct mqt_layer *layer, struct unpacked *room)
{
    const struct mqt_core *a = layer->base;
    const struct mqt_core *b = layer->delta;
    size_t points = a->most_points > b->most_points ? a->most_points : b->most_points;
    size_t parts = a->most_parts > b->most_parts ? a->most_parts : b->most_parts;
    room->points = malloc((points + 1) * sizeof *room->points);
    room->part_sizes = malloc((parts + 1) * sizeof *room->part_sizes);
    return room->points && room->part_sizes ? MQT_OK : MQT_ERR_MEMORY;
}

enum mqt_err mqt_layer_visit(const struct mqt_layer *layer, struct mqt_box box, mqt_layer_visit_fn visit, void *user)
{
    struct mqt_buf spans;
    struct unpacked room = {0};
    bool go_on = true;
    mqt_buf_init(&spans, SIZE_MAX / 2);
    enum mqt_err err = mqt_layer_select(layer, box, &spans);
    if (!err) {
        err = make_room(layer, &room);
    }
    for (size_t i = 0; !err && go_on && i < spans.len / sizeof(struct mqt_span); i++) {
        struct mqt_span span = ((const struct mqt_span *)(const void *)spans.data)[i];
        for (uint32_t index = span.first; go_on && index < span.end; index++) {
            struct mqt_feature feature = unpack(span.core, index, &room);
            feature.index = span.index_base + index;
            go_on = visit(user, &feature);
        }
    }
    free(room.points);
    free(room.part_sizes);
    mqt_buf_clear(&spans);
    return err;
}

/* The core that holds the feature with this index of the layer; index becomes its own. */
static const struct mqt_core *core_of(const struct mqt_layer *layer, size_t *index)
{
    if (*index < layer->base->count) {
        return layer->base;
    }
    *index -= layer->base->count;
    return layer->delta;
}

struct mqt_value mqt_layer_value(const struct mqt_layer *layer, size_t feature_index, size_t column)
{
    const struct mqt_core *core = core_of(layer, &feature_index);
    const struct mqt_core_column *described = &core->columns[column];
    uint32_t code = mqt_core_code(core, described, feature_index);
    if (code == 0) {
        return (struct mqt_value){.present = false, .type = described->type};
    }
    return mqt_value_read(core->values + core->value_at[described->first_value + code - 1], described->type);
}

/* A feature without its shape. */
static struct mqt_feature feature_at(const struct mqt_core *core, size_t index, size_t index_base)
{
    struct mqt_record record = mqt_core_record(core, index);
    return (struct mqt_feature){
        .id = core->ids[index],
        .box = core->boxes[index],
        .label = label_of(core, &record, index),
        .index = index_base + index,
    };
}

bool mqt_layer_find(const struct mqt_layer *layer, uint64_t id, struct mqt_feature *feature)
{
    const struct mqt_core *core = layer->delta;
    size_t index;
    size_t index_base = layer->base->count;
    if (!mqt_core_find(core, id, &index)) {
        core = layer->base;
        index_base = 0;
        if (!mqt_core_find(core, id, &index)) {
            return false;
        }
        size_t at = removed_from(layer, (uint32_t)index);
        if (at < layer->removed_count && layer->removed[at] == index) {
            return false;
        }
    }
    *feature = feature_at(core, index, index_base);
    return true;
}

struct mqt_feature mqt_layer_at(const struct mqt_layer *layer, size_t feature_index)
{
    size_t index = feature_index;
    const struct mqt_core *core = core_of(layer, &index);
    return feature_at(core, index, feature_index - index);
}
