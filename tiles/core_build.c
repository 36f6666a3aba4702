#include "core_build.h"

#include "hilbert.h"

#include <stdlib.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "rows of codes are read as little-endian words");

enum { ROW_PADDING = 4, ORDER_BITS = 16 };

static struct mqt_entry *entries_of(const struct mqt_layer_builder *builder)
{
    return (struct mqt_entry *)(void *)builder->entries.data;
}

static const uint32_t *codes_of(const struct mqt_layer_builder *builder, const struct mqt_entry *entry)
{
    const uint32_t *codes = (const uint32_t *)(const void *)builder->codes.data;
    return codes ? codes + entry->row * builder->column_count : NULL; /* NULL: there are no columns */
}

static int compare_entries(const void *a, const void *b)
{
    const struct mqt_entry *left = a;
    const struct mqt_entry *right = b;
    if (left->order != right->order) {
        return left->order < right->order ? -1 : 1;
    }
    return left->id < right->id ? -1 : left->id > right->id;
}

/* Neighbours on the map become neighbours in memory. */
static void sort_entries(struct mqt_layer_builder *builder, struct mqt_box all)
{
    struct mqt_entry *entries = entries_of(builder);
    size_t count = mqt_builder_count(builder);
    int64_t width = (int64_t)all.max_x - all.min_x;
    int64_t height = (int64_t)all.max_y - all.min_y;
    int shift = 0;
    while ((width > height ? width : height) >> shift > (1 << ORDER_BITS) - 1) {
        shift++;
    }
    for (size_t i = 0; i < count; i++) {
        struct mqt_box box = entries[i].box;
        int64_t x = ((int64_t)box.min_x + box.max_x) / 2 - all.min_x;
        int64_t y = ((int64_t)box.min_y + box.max_y) / 2 - all.min_y;
        entries[i].order = (uint32_t)mqt_hilbert((uint32_t)(x >> shift), (uint32_t)(y >> shift), ORDER_BITS);
    }
    if (count > 1) {
        qsort(entries, count, sizeof *entries, compare_entries);
    }
}

static void *allocate(struct mqt_core *core, size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    core->bytes += memory ? (count + 1) * size : 0;
    return memory;
}

static enum mqt_err copy_columns(struct mqt_core *core, const struct mqt_layer_builder *builder)
{
    size_t len = 0;
    for (size_t i = 0; i < builder->column_count; i++) {
        len += strlen(builder->columns[i].name) + 1;
    }
    core->column_count = builder->column_count;
    core->columns = allocate(core, builder->column_count, sizeof *core->columns);
    core->names = allocate(core, len, 1);
    if (!core->columns || !core->names) {
        return MQT_ERR_MEMORY;
    }
    char *name = core->names;
    for (size_t i = 0; i < builder->column_count; i++) {
        size_t size = strlen(builder->columns[i].name) + 1;
        memcpy(name, builder->columns[i].name, size);
        core->columns[i].name = name;
        core->columns[i].type = builder->columns[i].type;
        name += size;
    }
    return MQT_OK;
}

/* New codes for the values of a column: those that several features hold first, each kind in the
 * order in which the features show them, so that neighbours' values are neighbours. new_codes has
 * an entry for every old code and is zero. */
static void renumber(const struct mqt_layer_builder *builder, size_t column, uint32_t *new_codes,
                     struct mqt_core_column *result)
{
    enum { ONCE = 1, OFTEN = 2 };
    size_t count = mqt_builder_count(builder);
    const struct mqt_entry *entries = entries_of(builder);
    uint32_t shared = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t code = codes_of(builder, &entries[i])[column];
        if (code && new_codes[code] < OFTEN && ++new_codes[code] == OFTEN) {
            shared++;
        }
    }
    uint32_t next_shared = 1;
    uint32_t next_single = shared + 1;
    const uint32_t done = 0x80000000u; /* apart from the marks ONCE and OFTEN */
    for (size_t i = 0; i < count; i++) {
        uint32_t code = codes_of(builder, &entries[i])[column];
        if (code && !(new_codes[code] & done)) {
            new_codes[code] = done | (new_codes[code] == ONCE ? next_single++ : next_shared++);
        }
    }
    size_t old_count = mqt_dict_count(&builder->dicts[column]);
    for (size_t code = 1; code <= old_count; code++) {
        new_codes[code] &= ~done;
    }
    result->shared = shared;
    result->distinct = next_single - 1;
}

/* Lays out the rows: each code takes as many bytes as its column needs. */
static void place_columns(struct mqt_core *core)
{
    size_t values = 0;
    for (size_t i = 0; i < core->column_count; i++) {
        struct mqt_core_column *column = &core->columns[i];
        uint32_t bytes = 0;
        while (bytes < 4 && column->distinct >> (8 * bytes) != 0) {
            bytes++;
        }
        column->mask = bytes == 4 ? UINT32_MAX : (1u << (8 * bytes)) - 1;
        column->row_offset = (uint32_t)core->row_bytes;
        column->first_value = (uint32_t)values;
        column->first_shared = (uint32_t)core->shared_count;
        core->row_bytes += bytes;
        values += column->distinct;
        core->shared_count += column->shared;
    }
    core->value_count = values;
}

static void add_value(struct mqt_core *core, uint32_t value, const uint8_t *bytes, size_t *used)
{
    size_t size = mqt_value_size(bytes);
    memcpy(core->values + *used, bytes, size);
    core->value_at[value] = (uint32_t)*used;
    *used += size;
}

/* Shared values stand together, single ones feature by feature. */
static void fill_values(struct mqt_core *core, const struct mqt_layer_builder *builder, uint32_t *const *new_codes)
{
    const struct mqt_entry *entries = entries_of(builder);
    size_t used = 0;
    for (size_t c = 0; c < core->column_count; c++) {
        const struct mqt_core_column *column = &core->columns[c];
        size_t old_count = mqt_dict_count(&builder->dicts[c]);
        for (uint32_t old = 1; old <= old_count; old++) {
            uint32_t code = new_codes[c][old];
            if (code && code <= column->shared) {
                add_value(core, column->first_value + code - 1, mqt_dict_value(&builder->dicts[c], old), &used);
            }
        }
    }
    for (size_t i = 0; i < core->count; i++) {
        const uint32_t *codes = codes_of(builder, &entries[i]);
        for (size_t c = 0; c < core->column_count; c++) {
            const struct mqt_core_column *column = &core->columns[c];
            uint32_t code = new_codes[c][codes[c]];
            if (code > column->shared) {
                add_value(core, column->first_value + code - 1, mqt_dict_value(&builder->dicts[c], codes[c]), &used);
            }
            uint8_t *at = core->rows + i * core->row_bytes + column->row_offset;
            for (uint32_t mask = column->mask; mask; mask >>= 8, code >>= 8) {
                *at++ = (uint8_t)code;
            }
        }
    }
}

static enum mqt_err build_values(struct mqt_core *core, const struct mqt_layer_builder *builder)
{
    enum mqt_err err = MQT_ERR_MEMORY;
    uint32_t **new_codes = calloc(core->column_count + 1, sizeof *new_codes);
    size_t bytes = 0;
    if (!new_codes) {
        return MQT_ERR_MEMORY;
    }
    for (size_t c = 0; c < core->column_count; c++) {
        new_codes[c] = calloc(mqt_dict_count(&builder->dicts[c]) + 1, sizeof **new_codes);
        if (!new_codes[c]) {
            goto done;
        }
        renumber(builder, c, new_codes[c], &core->columns[c]);
        bytes += builder->dicts[c].bytes.len;
    }
    if (bytes > UINT32_MAX) {
        err = MQT_ERR_LIMIT;
        goto done;
    }
    place_columns(core);
    core->rows = allocate(core, core->count * core->row_bytes + ROW_PADDING, 1);
    core->value_at = allocate(core, core->value_count, sizeof *core->value_at);
    core->values = allocate(core, bytes + MQT_VALUE_PADDING, 1);
    if (core->rows && core->value_at && core->values) {
        fill_values(core, builder, new_codes);
        err = MQT_OK;
    }
done:
    for (size_t c = 0; c < core->column_count; c++) {
        free(new_codes[c]);
    }
    free(new_codes);
    return err;
}

struct id_index {
    uint64_t id;
    uint32_t index;
};

static int compare_ids(const void *a, const void *b)
{
    const struct id_index *left = a;
    const struct id_index *right = b;
    return left->id < right->id ? -1 : left->id > right->id;
}

static enum mqt_err index_ids(struct mqt_core *core)
{
    struct id_index *pairs = malloc((core->count + 1) * sizeof *pairs);
    if (!pairs) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < core->count; i++) {
        pairs[i] = (struct id_index){core->ids[i], (uint32_t)i};
    }
    if (core->count > 1) {
        qsort(pairs, core->count, sizeof *pairs, compare_ids);
    }
    for (size_t i = 0; i < core->count; i++) {
        core->by_id[i] = pairs[i].index;
    }
    free(pairs);
    return MQT_OK;
}

static enum mqt_err build_features(struct mqt_core *core, const struct mqt_layer_builder *builder)
{
    const struct mqt_entry *entries = entries_of(builder);
    const uint16_t *cells = (const uint16_t *)(const void *)builder->cells.data;
    core->ids = allocate(core, core->count, sizeof *core->ids);
    core->by_id = allocate(core, core->count, sizeof *core->by_id);
    core->boxes = allocate(core, core->count, sizeof *core->boxes);
    core->record_at = allocate(core, core->count, sizeof *core->record_at);
    core->cells = allocate(core, builder->cells.len / sizeof *cells, sizeof *cells);
    if (!core->ids || !core->by_id || !core->boxes || !core->record_at || !core->cells) {
        return MQT_ERR_MEMORY;
    }
    size_t used = 0;
    for (size_t i = 0; i < core->count; i++) {
        const uint16_t *record = cells + entries[i].record;
        size_t size = mqt_record_cells(record, core->shape);
        struct mqt_record parts = mqt_record_open(record, core->shape);
        core->ids[i] = entries[i].id;
        core->boxes[i] = entries[i].box;
        core->record_at[i] = (uint32_t)used;
        memcpy(core->cells + used, record, size * sizeof *record);
        used += size;
        core->most_points = parts.point_count > core->most_points ? parts.point_count : core->most_points;
        core->most_parts = parts.part_count > core->most_parts ? parts.part_count : core->most_parts;
    }
    enum mqt_err err = index_ids(core);
    if (!err) {
        err = mqt_rtree_build(core->boxes, core->count, &core->tree);
        core->bytes += core->tree.node_count * sizeof *core->tree.nodes;
    }
    return err;
}

enum mqt_err mqt_core_build(struct mqt_layer_builder *builder, struct mqt_core **core)
{
    struct mqt_core *built = calloc(1, sizeof *built);
    if (!built) {
        return MQT_ERR_MEMORY;
    }
    atomic_init(&built->references, 1);
    built->bytes = sizeof *built;
    built->shape = builder->shape;
    built->count = mqt_builder_count(builder);
    built->box = mqt_box_empty();
    for (size_t i = 0; i < built->count; i++) {
        built->box = mqt_box_union(built->box, entries_of(builder)[i].box);
    }
    sort_entries(builder, built->box);
    enum mqt_err err = copy_columns(built, builder);
    if (!err) {
        err = build_values(built, builder);
    }
    if (!err) {
        err = build_features(built, builder);
    }
    if (err) {
        mqt_core_release(built);
        return err;
    }
    *core = built;
    return MQT_OK;
}
