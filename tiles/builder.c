#include "builder.h"

#include "label.h"
#include "ring.h"
#include "simplify.h"
#include "wkb.h"

#include <stdlib.h>

#define BUILDER_MOST_WORK ((size_t)1 << 20) /* a few milliseconds a zoom at worst */
#define BUILDER_MAX_CELL_BYTES ((size_t)UINT32_MAX * sizeof(uint16_t))

static enum mqt_err copy_columns(struct mqt_layer_builder *builder, const struct mqt_column *columns, size_t count)
{
    size_t len = 1;
    for (size_t i = 0; i < count; i++) {
        len += strlen(columns[i].name) + 1;
    }
    builder->names = malloc(len);
    builder->columns = calloc(count + 1, sizeof *builder->columns);
    builder->dicts = calloc(count + 1, sizeof *builder->dicts);
    if (!builder->names || !builder->columns || !builder->dicts) {
        return MQT_ERR_MEMORY;
    }
    char *name = builder->names;
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(columns[i].name) + 1;
        memcpy(name, columns[i].name, size);
        builder->columns[i] = (struct mqt_column){name, columns[i].type};
        mqt_dict_init(&builder->dicts[i]);
        name += size;
    }
    builder->column_count = count;
    return MQT_OK;
}

enum mqt_err mqt_layer_builder_new(const struct mqt_column *columns, size_t column_count, enum mqt_shape shape,
                                   size_t max_bytes, struct mqt_layer_builder **builder)
{
    if (column_count > MQT_LAYER_MAX_COLUMNS) {
        return MQT_ERR_LIMIT;
    }
    struct mqt_layer_builder *created = calloc(1, sizeof *created);
    if (!created) {
        return MQT_ERR_MEMORY;
    }
    created->shape = shape;
    created->max_bytes = max_bytes;
    mqt_buf_init(&created->entries, SIZE_MAX / 2);
    mqt_buf_init(&created->cells, BUILDER_MAX_CELL_BYTES);
    mqt_buf_init(&created->codes, SIZE_MAX / 2);
    mqt_buf_init(&created->least_zooms, SIZE_MAX / 2);
    mqt_outline_init(&created->outline);
    mqt_outline_init(&created->snapped);
    mqt_repair_init(&created->repair, BUILDER_MOST_WORK);
    enum mqt_err err = copy_columns(created, columns, column_count);
    if (err) {
        mqt_layer_builder_free(created);
        return err;
    }
    *builder = created;
    return MQT_OK;
}

void mqt_layer_builder_free(struct mqt_layer_builder *builder)
{
    if (!builder) {
        return;
    }
    for (size_t i = 0; i < builder->column_count; i++) {
        mqt_dict_clear(&builder->dicts[i]);
    }
    mqt_buf_clear(&builder->entries);
    mqt_buf_clear(&builder->cells);
    mqt_buf_clear(&builder->codes);
    mqt_buf_clear(&builder->least_zooms);
    mqt_outline_clear(&builder->outline);
    mqt_outline_clear(&builder->snapped);
    mqt_repair_clear(&builder->repair);
    free(builder->dicts);
    free(builder->columns);
    free(builder->names);
    free(builder->ids);
    free(builder->id_taken);
    free(builder);
}

/* The slot that holds id, or the empty one where it belongs. Needs at least one empty slot. */
static size_t id_slot(const struct mqt_layer_builder *builder, uint64_t id)
{
    uint64_t hash = (id + 1) * 0x9e3779b97f4a7c15u;
    size_t slot = (size_t)(hash ^ hash >> 29) & (builder->id_slots - 1);
    while (builder->id_taken[slot] && builder->ids[slot] != id) {
        slot = (slot + 1) & (builder->id_slots - 1);
    }
    return slot;
}

bool mqt_builder_has(const struct mqt_layer_builder *builder, uint64_t id)
{
    return builder->id_slots > 0 && builder->id_taken[id_slot(builder, id)];
}

static enum mqt_err grow_ids(struct mqt_layer_builder *builder)
{
    if (builder->id_slots >= (mqt_builder_count(builder) + 1) * 2) {
        return MQT_OK;
    }
    struct mqt_layer_builder grown = *builder;
    grown.id_slots = builder->id_slots ? builder->id_slots * 2 : 64;
    grown.ids = malloc(grown.id_slots * sizeof *grown.ids);
    grown.id_taken = calloc(grown.id_slots, 1);
    if (!grown.ids || !grown.id_taken) {
        free(grown.ids);
        free(grown.id_taken);
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < builder->id_slots; i++) {
        if (builder->id_taken[i]) {
            size_t slot = id_slot(&grown, builder->ids[i]);
            grown.ids[slot] = builder->ids[i];
            grown.id_taken[slot] = 1;
        }
    }
    free(builder->ids);
    free(builder->id_taken);
    builder->ids = grown.ids;
    builder->id_taken = grown.id_taken;
    builder->id_slots = grown.id_slots;
    return MQT_OK;
}

/* What the finished snapshot will hold at most, without its columns' names. */
static size_t bytes_so_far(const struct mqt_layer_builder *builder)
{
    size_t bytes = builder->cells.len + builder->codes.len;
    bytes += mqt_builder_count(builder) * (sizeof(uint64_t) + 2 * sizeof(uint32_t) + sizeof(struct mqt_box));
    for (size_t i = 0; i < builder->column_count; i++) {
        bytes += builder->dicts[i].bytes.len + builder->dicts[i].offsets.len;
    }
    return bytes;
}

/* Adds the feature whose record was appended at cell record. On failure all but the dictionaries is
 * as before the record; a value that no feature holds is left out when the builder finishes. */
static enum mqt_err add_entry(struct mqt_layer_builder *builder, uint64_t id, struct mqt_box box, size_t record,
                              const struct mqt_value *values)
{
    size_t codes_before = builder->codes.len;
    enum mqt_err err = mqt_builder_count(builder) < MQT_LAYER_MAX_FEATURES ? grow_ids(builder) : MQT_ERR_LIMIT;
    for (size_t i = 0; !err && i < builder->column_count; i++) {
        uint32_t code = 0;
        if (values[i].present && values[i].type != builder->columns[i].type) {
            err = MQT_ERR_PARAM;
            break;
        }
        err = mqt_dict_intern(&builder->dicts[i], &values[i], &code);
        mqt_buf_add(&builder->codes, &code, sizeof code);
    }
    err = err ? err : mqt_buf_err(&builder->codes);
    if (!err && bytes_so_far(builder) > builder->max_bytes) {
        err = MQT_ERR_LIMIT;
    }
    struct mqt_entry entry = {.id = id, .box = box, .record = (uint32_t)record, .row = mqt_builder_count(builder)};
    if (!err) {
        mqt_buf_add(&builder->entries, &entry, sizeof entry);
        err = mqt_buf_err(&builder->entries);
    }
    if (err) {
        builder->entries.err = MQT_OK;
        builder->codes.err = MQT_OK;
        builder->codes.len = codes_before;
        builder->cells.len = record * sizeof(uint16_t);
        return err;
    }
    size_t slot = id_slot(builder, id);
    builder->ids[slot] = id;
    builder->id_taken[slot] = 1;
    return MQT_OK;
}

/* Works out what is kept with the shape in builder->outline and appends its record. */
static enum mqt_err pack_outline(struct mqt_layer_builder *builder, struct mqt_box box)
{
    size_t count = mqt_outline_point_count(&builder->outline);
    mqt_buf_reset(&builder->least_zooms);
    uint8_t *least_zooms = mqt_buf_reserve(&builder->least_zooms, count);
    if (!least_zooms) {
        return mqt_buf_err(&builder->least_zooms);
    }
    uint32_t zooms = 0;
    enum mqt_err err = mqt_simplify_least_zooms(&builder->outline, builder->shape, least_zooms);
    if (!err && builder->shape == MQT_SHAPE_POLYGON) {
        err = mqt_simplify_zooms(&builder->outline, box, least_zooms, &builder->repair, &builder->snapped, &zooms);
    }
    if (err) {
        return err;
    }
    struct mqt_point label = mqt_label_point(&builder->outline, builder->shape);
    return mqt_record_pack(&builder->outline, builder->shape, box, label, zooms, least_zooms, &builder->cells);
}

enum mqt_err mqt_layer_builder_add_wkb(struct mqt_layer_builder *builder, uint64_t id, const uint8_t *wkb,
                                       size_t wkb_len, const struct mqt_value *values, struct mqt_detail *detail)
{
    if (mqt_builder_has(builder, id)) {
        return mqt_fail(detail, MQT_ERR_PARAM, "feature %llu is there twice", (unsigned long long)id);
    }
    enum mqt_err err = mqt_wkb_read(wkb, wkb_len, builder->shape, &builder->outline, detail);
    if (err) {
        return err;
    }
    size_t record = builder->cells.len / sizeof(uint16_t);
    struct mqt_box box =
        mqt_points_box(mqt_outline_points(&builder->outline), mqt_outline_point_count(&builder->outline));
    err = pack_outline(builder, box);
    if (!err) {
        err = add_entry(builder, id, box, record, values);
    }
    return err ? mqt_fail(detail, err, "feature %llu does not fit into the layer", (unsigned long long)id) : MQT_OK;
}

enum mqt_err mqt_builder_like(const struct mqt_core *core, size_t max_bytes, struct mqt_layer_builder **builder)
{
    struct mqt_column columns[MQT_LAYER_MAX_COLUMNS];
    for (size_t i = 0; i < core->column_count; i++) {
        columns[i] = (struct mqt_column){core->columns[i].name, core->columns[i].type};
    }
    return mqt_layer_builder_new(columns, core->column_count, core->shape, max_bytes, builder);
}

enum mqt_err mqt_builder_add_from(struct mqt_layer_builder *builder, const struct mqt_core *core, size_t index)
{
    struct mqt_value values[MQT_LAYER_MAX_COLUMNS];
    for (size_t i = 0; i < core->column_count; i++) {
        const struct mqt_core_column *column = &core->columns[i];
        uint32_t code = mqt_core_code(core, column, index);
        values[i] = (struct mqt_value){.present = false};
        if (code) {
            values[i] = mqt_value_read(core->values + core->value_at[column->first_value + code - 1], column->type);
        }
    }
    size_t record = builder->cells.len / sizeof(uint16_t);
    const uint16_t *cells = core->cells + core->record_at[index];
    mqt_buf_add(&builder->cells, cells, mqt_record_cells(cells, core->shape) * sizeof *cells);
    enum mqt_err err = mqt_buf_err(&builder->cells);
    if (err) {
        builder->cells.err = MQT_OK;
        return err;
    }
    return add_entry(builder, core->ids[index], core->boxes[index], record, values);
}
