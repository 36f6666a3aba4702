#include "load_kind.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_SQL_BYTES = 1 << 20 };

static enum mqt_err run_sql(struct mqt_load *load, struct mqt_buf *sql, size_t param_count, const char *const *params,
                            uint64_t *affected, struct mqt_detail *detail)
{
    enum mqt_err err;

    mqt_buf_add_byte(sql, 0);
    err = mqt_buf_err(sql);
    if (err == MQT_OK) {
        err = mqt_load_statement(load, (const char *)sql->data, param_count, params, affected, detail);
    }
    mqt_buf_clear(sql);
    return err;
}

enum mqt_err mqt_load_create_stage(struct mqt_load *load, struct mqt_detail *detail)
{
    struct mqt_buf sql;

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "create temporary table stage (file_row bigint, source_key text, shape_key text, "
                          "content_hash bytea, raw text, geom geometry");
    for (size_t i = 0; i < load->column_count; i++) {
        mqt_buf_printf(&sql, ", v%zu text", i);
    }
    mqt_buf_add_str(&sql, ") on commit drop");
    return run_sql(load, &sql, 0, NULL, NULL, detail);
}

/* Moves the rows that a condition names from the stage to etl.reject. */
static enum mqt_err reject_staged(struct mqt_load *load, const char *condition, const char *code, const char *reason,
                                  struct mqt_detail *detail)
{
    struct mqt_buf sql;
    char run[24];
    const char *params[] = {run, load->file, code, reason};
    uint64_t count = 0;
    enum mqt_err err;

    snprintf(run, sizeof run, "%" PRId64, load->run);
    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_printf(&sql,
                   "with gone as (delete from stage where %s returning file_row, raw) "
                   "insert into etl.reject (run_id, file, file_row, reason_code, reason, raw) "
                   "select $1, $2, file_row, $3, $4, raw from gone",
                   condition);
    err = run_sql(load, &sql, 4, params, &count, detail);
    load->counts.rejected += count;
    return err;
}

enum mqt_err mqt_load_repair_shapes(struct mqt_load *load, int dimension, struct mqt_detail *detail)
{
    struct mqt_buf sql;
    char condition[128];
    uint64_t repaired = 0;
    enum mqt_err err;

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "update stage set geom = ");
    if (dimension >= 0) {
        mqt_buf_printf(&sql, "st_collectionextract(st_makevalid(geom), %d)", dimension + 1);
    } else {
        mqt_buf_add_str(&sql, "st_makevalid(geom)");
    }
    mqt_buf_add_str(&sql, " where geom is not null and (not st_isvalid(geom)");
    if (dimension >= 0) {
        mqt_buf_add_str(&sql, " or geometrytype(geom) = 'GEOMETRYCOLLECTION'");
    }
    mqt_buf_add_str(&sql, ")");
    err = run_sql(load, &sql, 0, NULL, &repaired, detail);
    if (err == MQT_OK && repaired > 0) {
        mqt_load_note(load, "%" PRIu64 " shapes were repaired", repaired);
    }
    if (err == MQT_OK) {
        err = reject_staged(load, "st_isempty(geom)", "shape-repaired-to-nothing",
                            "nothing is left of the shape once it is made valid", detail);
    }
    if (err == MQT_OK && dimension >= 0) {
        snprintf(condition, sizeof condition, "st_dimension(geom) <> %d", dimension);
        err = reject_staged(load, condition, "shape-wrong-type", "the shape is not of the type that is needed", detail);
    }
    return err;
}

/* A code that stands for different rows is no key by itself: the shape, then the content is added. */
static enum mqt_err make_keys_unique(struct mqt_load *load, struct mqt_detail *detail)
{
    static const char *const additions[] = {"s.shape_key", "encode(s.content_hash, 'hex')"};
    struct mqt_buf sql;
    uint64_t count = 0;
    enum mqt_err err = mqt_load_statement(load, "update stage set source_key = shape_key where source_key is null", 0,
                                          NULL, NULL, detail);

    for (size_t i = 0; i < 2 && err == MQT_OK; i++) {
        mqt_buf_init(&sql, MAX_SQL_BYTES);
        mqt_buf_printf(
            &sql,
            "update stage s set source_key = s.source_key || '#' || %s from (select source_key from stage "
            "group by source_key having count(distinct content_hash) > 1) d where d.source_key = s.source_key",
            additions[i]);
        err = run_sql(load, &sql, 0, NULL, &count, detail);
        if (err == MQT_OK && count > 0 && i == 0) {
            mqt_load_note(load, "%" PRIu64 " rows share their code or place with a different row", count);
        }
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, "create index on stage (source_key)", 0, NULL, NULL, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load,
                                 "delete from stage s using (select source_key, min(file_row) as first from stage "
                                 "group by source_key having count(*) > 1) d "
                                 "where d.source_key = s.source_key and s.file_row > d.first",
                                 0, NULL, &count, detail);
        load->counts.merged += count;
    }
    return err;
}

static void add_shape(struct mqt_buf *sql, const struct mqt_load *load)
{
    mqt_buf_add_str(sql, load->dimension == 0 ? "s.geom" : "st_multi(s.geom)");
}

static enum mqt_err update_changed(struct mqt_load *load, struct mqt_detail *detail)
{
    struct mqt_buf sql;
    char run[24];
    const char *params[] = {run, load->source};

    snprintf(run, sizeof run, "%" PRId64, load->run);
    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "update ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_add_str(&sql, " t set content_hash = s.content_hash, run_id = $1");
    for (size_t i = 0; i < load->column_count; i++) {
        if (load->columns[i].name == NULL) {
            continue;
        }
        mqt_buf_add_str(&sql, ", ");
        mqt_db_add_identifier(&sql, load->columns[i].name);
        mqt_buf_printf(&sql, " = s.v%zu::%s", i, load->columns[i].sql_type);
    }
    mqt_buf_add_str(&sql, ", ");
    mqt_db_add_identifier(&sql, load->kind->geometry_column);
    mqt_buf_add_str(&sql, " = ");
    add_shape(&sql, load);
    mqt_buf_add_str(&sql, " from stage s where t.source = $2 and t.source_key = s.source_key "
                          "and t.content_hash is distinct from s.content_hash");
    return run_sql(load, &sql, 2, params, &load->counts.updated, detail);
}

static enum mqt_err insert_new(struct mqt_load *load, struct mqt_detail *detail)
{
    struct mqt_buf sql;
    char run[24];
    const char *params[] = {run, load->source};

    snprintf(run, sizeof run, "%" PRId64, load->run);
    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "insert into ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_add_str(&sql, " (source, source_key, content_hash, run_id, ");
    mqt_db_add_identifier(&sql, load->kind->geometry_column);
    for (size_t i = 0; i < load->column_count; i++) {
        if (load->columns[i].name == NULL) {
            continue;
        }
        mqt_buf_add_str(&sql, ", ");
        mqt_db_add_identifier(&sql, load->columns[i].name);
    }
    mqt_buf_add_str(&sql, ") select $2, s.source_key, s.content_hash, $1, ");
    add_shape(&sql, load);
    for (size_t i = 0; i < load->column_count; i++) {
        if (load->columns[i].name != NULL) {
            mqt_buf_printf(&sql, ", s.v%zu::%s", i, load->columns[i].sql_type);
        }
    }
    mqt_buf_add_str(&sql, " from stage s where not exists (select from ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_add_str(&sql, " t where t.source = $2 and t.source_key = s.source_key) order by s.file_row");
    return run_sql(load, &sql, 2, params, &load->counts.inserted, detail);
}

static enum mqt_err count_or_prune_missing(struct mqt_load *load, struct mqt_detail *detail)
{
    struct mqt_buf sql;
    const char *params[] = {load->source};
    uint64_t count = 0;
    enum mqt_err err;

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, load->options->prune ? "delete from " : "select from ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_add_str(&sql,
                    " t where t.source = $1 and not exists (select from stage s where s.source_key = t.source_key)");
    err = run_sql(load, &sql, 1, params, &count, detail);
    if (err != MQT_OK || count == 0) {
        return err;
    }
    if (load->options->prune) {
        mqt_load_note(load, "%" PRIu64 " earlier rows of %s are not in this file: removed", count, load->source);
    } else {
        mqt_load_note(load, "%" PRIu64 " earlier rows of %s are not in this file: kept (--prune removes them)", count,
                      load->source);
    }
    return MQT_OK;
}

enum mqt_err mqt_load_publish_difference(struct mqt_load *load, struct mqt_detail *detail)
{
    uint64_t staged = 0;
    enum mqt_err err = mqt_load_repair_shapes(load, load->dimension, detail);

    /* A multipoint of one point is that point; of several it has no single place. */
    if (err == MQT_OK && load->dimension == 0) {
        err =
            mqt_load_statement(load,
                               "update stage set geom = st_geometryn(geom, 1) where geometrytype(geom) = 'MULTIPOINT' "
                               "and st_numgeometries(geom) = 1",
                               0, NULL, NULL, detail);
        if (err == MQT_OK) {
            err = reject_staged(load, "geometrytype(geom) = 'MULTIPOINT'", "shape-several-points",
                                "the shape has several points; one is needed", detail);
        }
    }
    if (err == MQT_OK) {
        err = make_keys_unique(load, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_count(load, "select count(*) from stage", &staged, detail);
    }
    if (err == MQT_OK) {
        err = update_changed(load, detail);
    }
    if (err == MQT_OK) {
        err = insert_new(load, detail);
    }
    if (err == MQT_OK) {
        load->counts.unchanged = staged - load->counts.updated - load->counts.inserted;
        err = count_or_prune_missing(load, detail);
    }
    return err;
}
