#include "feature.h"

#include "copy.h"

#include <stdlib.h>

enum { MAX_SQL_BYTES = 64 << 20 };

struct reading {
    struct mqt_layer_builder *builder;
    const struct mqt_catalog_layer *layer;
    struct mqt_feature_stats stats;
    struct mqt_value values[MQT_LAYER_MAX_COLUMNS];
};

static enum mqt_err decode_value(struct mqt_db_field field, enum mqt_type type, struct mqt_value *value)
{
    *value = (struct mqt_value){.type = type, .present = field.bytes != NULL};
    if (!field.bytes) {
        return MQT_OK;
    }
    switch (type) {
    case MQT_TYPE_TEXT:
        value->text.bytes = (const char *)field.bytes;
        value->text.len = field.len;
        return MQT_OK;
    case MQT_TYPE_INT:
        return mqt_copy_int64(field, &value->integer);
    case MQT_TYPE_REAL:
        return mqt_copy_float64(field, &value->real);
    case MQT_TYPE_BOOL:
        return mqt_copy_bool(field, &value->boolean);
    }
    return MQT_ERR_FORMAT;
}

static enum mqt_err take_row(void *user, const struct mqt_db_field *fields, size_t field_count,
                             struct mqt_detail *detail)
{
    struct reading *reading = user;
    size_t column_count = reading->layer->column_count;
    int64_t id = 0;
    if (field_count != column_count + 2 || mqt_copy_int64(fields[0], &id) || !fields[1].bytes) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "layer %s: a row is not what the catalogue says", reading->layer->id);
    }
    for (size_t i = 0; i < column_count; i++) {
        enum mqt_err err = decode_value(fields[i + 2], reading->layer->columns[i].type, &reading->values[i]);
        if (err) {
            return mqt_fail_field(detail, err, reading->layer->columns[i].name, "layer %s: a value has a wrong type",
                                  reading->layer->id);
        }
    }
    reading->stats.read++;
    struct mqt_detail refusal = {0};
    enum mqt_err err = mqt_layer_builder_add_wkb(reading->builder, (uint64_t)id, fields[1].bytes, fields[1].len,
                                                 reading->values, &refusal);
    if (err == MQT_ERR_GEOMETRY || err == MQT_ERR_FORMAT) {
        reading->stats.refused++;
        return MQT_OK;
    }
    const char *why = refusal.text[0] ? refusal.text : mqt_err_name(err);
    return err ? mqt_fail(detail, err, "layer %s: %s", reading->layer->id, why) : MQT_OK;
}

static enum mqt_err write_sql(const struct mqt_catalog_layer *layer, const uint64_t *ids, size_t id_count,
                              struct mqt_buf *sql)
{
    static const char *const casts[] = {[MQT_TYPE_TEXT] = "::text",
                                        [MQT_TYPE_INT] = "::int8",
                                        [MQT_TYPE_REAL] = "::float8",
                                        [MQT_TYPE_BOOL] = "::bool"};
    mqt_buf_add_str(sql, "copy (select id::int8, st_asbinary(geom)");
    for (size_t i = 0; i < layer->column_count; i++) {
        mqt_buf_add_str(sql, ", ");
        mqt_db_add_identifier(sql, layer->columns[i].name);
        mqt_buf_add_str(sql, casts[layer->columns[i].type]);
    }
    mqt_buf_add_str(sql, " from ");
    mqt_db_add_qualified(sql, layer->served_from);
    mqt_buf_add_str(sql, " where geom is not null and id is not null");
    if (ids) {
        mqt_buf_add_str(sql, " and id = any(");
        mqt_db_add_ids(sql, ids, id_count);
        mqt_buf_add_str(sql, ")");
    }
    mqt_buf_add_str(sql, ") to stdout (format binary)");
    mqt_buf_add_byte(sql, 0);
    return mqt_buf_err(sql);
}

static enum mqt_err new_builder(const struct mqt_catalog_layer *layer, size_t max_bytes,
                                struct mqt_layer_builder **builder)
{
    struct mqt_column columns[MQT_LAYER_MAX_COLUMNS];
    if (layer->column_count > MQT_LAYER_MAX_COLUMNS) {
        return MQT_ERR_LIMIT;
    }
    for (size_t i = 0; i < layer->column_count; i++) {
        columns[i] = (struct mqt_column){.name = layer->columns[i].name, .type = layer->columns[i].type};
    }
    return mqt_layer_builder_new(columns, layer->column_count, layer->shape, max_bytes, builder);
}

/* ids NULL: all. */
static enum mqt_err read_features(struct mqt_db *db, const struct mqt_catalog_layer *layer, const uint64_t *ids,
                                  size_t id_count, size_t max_bytes, struct mqt_layer_builder **builder,
                                  struct mqt_feature_stats *stats, struct mqt_detail *detail)
{
    struct reading *reading = NULL;
    struct mqt_buf sql;
    mqt_buf_init(&sql, MAX_SQL_BYTES);
    enum mqt_err err = write_sql(layer, ids, id_count, &sql);
    if (err) {
        goto done;
    }
    reading = calloc(1, sizeof *reading);
    if (!reading) {
        err = MQT_ERR_MEMORY;
        goto done;
    }
    reading->layer = layer;
    err = new_builder(layer, max_bytes, &reading->builder);
    if (err) {
        goto done;
    }
    err = mqt_db_copy_out(db, (const char *)sql.data, take_row, reading, detail);
    if (err) {
        mqt_layer_builder_free(reading->builder);
        goto done;
    }
    *builder = reading->builder;
    *stats = reading->stats;
done:
    free(reading);
    mqt_buf_clear(&sql);
    return err;
}

enum mqt_err mqt_feature_load(struct mqt_db *db, const struct mqt_catalog_layer *layer, size_t max_bytes,
                              struct mqt_layer **snapshot, struct mqt_feature_stats *stats, struct mqt_detail *detail)
{
    struct mqt_layer_builder *builder = NULL;
    struct mqt_layer *finished = NULL;
    struct mqt_feature_stats counted;
    enum mqt_err err = read_features(db, layer, NULL, 0, max_bytes, &builder, &counted, detail);
    if (err) {
        return err;
    }
    err = mqt_layer_builder_finish(builder, &finished);
    if (err) {
        return mqt_fail(detail, err, "layer %s: the snapshot cannot be built", layer->id);
    }
    *snapshot = finished;
    *stats = counted;
    return MQT_OK;
}

enum mqt_err mqt_feature_read(struct mqt_db *db, const struct mqt_catalog_layer *layer, const uint64_t *ids,
                              size_t id_count, size_t max_bytes, struct mqt_layer_builder **changes,
                              struct mqt_detail *detail)
{
    static const uint64_t none[1];
    struct mqt_feature_stats stats;
    return read_features(db, layer, id_count > 0 ? ids : none, id_count, max_bytes, changes, &stats, detail);
}
