#include "load_kind.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
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

/* One look at all staged rows tells which of the statements below have nothing to do. */
struct findings {
    bool invalid, empty, other_dimension, multipoint, keyless;
};

static enum mqt_err look(struct mqt_load *load, int dimension, struct findings *findings, struct mqt_detail *detail)
{
    struct mqt_buf sql;
    char flags[8] = "";
    enum mqt_err err;

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_printf(
        &sql,
        "select concat(coalesce(bool_or(%s%s), false)::int, coalesce(bool_or(st_isempty(geom)), false)::int, "
        "coalesce(bool_or(st_dimension(geom) <> %d), false)::int, coalesce(bool_or(geometrytype(geom) = 'MULTIPOINT'), "
        "false)::int, coalesce(bool_or(source_key is null), false)::int) from stage",
        load->repaired ? "false" : "not st_isvalid(geom)",
        dimension < 0 ? "" : " or geometrytype(geom) = 'GEOMETRYCOLLECTION'", dimension);
    mqt_buf_add_byte(&sql, 0);
    err = mqt_buf_err(&sql);
    if (err == MQT_OK) {
        err = mqt_load_value(load, (const char *)sql.data, 0, NULL, flags, sizeof flags, detail);
    }
    mqt_buf_clear(&sql);
    if (err == MQT_OK) {
        *findings = (struct findings){.invalid = flags[0] == '1',
                                      .empty = flags[1] == '1',
                                      .other_dimension = dimension >= 0 && flags[2] == '1',
                                      .multipoint = flags[3] == '1',
                                      .keyless = flags[4] == '1'};
    }
    return err;
}

static enum mqt_err make_valid(struct mqt_load *load, int dimension, struct mqt_detail *detail)
{
    struct mqt_buf sql;
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
    return err;
}

static enum mqt_err repair(struct mqt_load *load, int dimension, struct findings *findings, struct mqt_detail *detail)
{
    char condition[128];
    enum mqt_err err = look(load, dimension, findings, detail);

    if (err == MQT_OK && findings->invalid) {
        err = make_valid(load, dimension, detail);
    }
    if (err == MQT_OK && (findings->empty || findings->invalid)) {
        err = reject_staged(load, "st_isempty(geom)", "shape-repaired-to-nothing",
                            "nothing is left of the shape once it is made valid", detail);
    }
    if (err == MQT_OK && (findings->other_dimension || (findings->invalid && dimension >= 0))) {
        snprintf(condition, sizeof condition, "st_dimension(geom) <> %d", dimension);
        err = reject_staged(load, condition, "shape-wrong-type", "the shape is not of the type that is needed", detail);
    }
    if (err == MQT_OK) {
        load->repaired = true;
    }
    return err;
}

enum mqt_err mqt_load_repair_shapes(struct mqt_load *load, int dimension, struct mqt_detail *detail)
{
    struct findings findings;

    return repair(load, dimension, &findings, detail);
}

/* A multipoint of one point is that point; of several it has no single place. */
static enum mqt_err take_single_points(struct mqt_load *load, struct mqt_detail *detail)
{
    enum mqt_err err =
        mqt_load_statement(load,
                           "update stage set geom = st_geometryn(geom, 1) where geometrytype(geom) = 'MULTIPOINT' "
                           "and st_numgeometries(geom) = 1",
                           0, NULL, NULL, detail);

    return err != MQT_OK ? err
                         : reject_staged(load, "geometrytype(geom) = 'MULTIPOINT'", "shape-several-points",
                                         "the shape has several points; one is needed", detail);
}

/* A code that stands for different rows is no key by itself: the shape, then the content is added. */
static enum mqt_err tell_apart(struct mqt_load *load, struct mqt_detail *detail)
{
    static const char *const additions[] = {"s.shape_key", "encode(s.content_hash, 'hex')"};
    struct mqt_buf sql;
    uint64_t count = 0;
    enum mqt_err err = MQT_OK;

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
        err = mqt_load_statement(load,
                                 "delete from stage s using (select source_key, min(file_row) as first from stage "
                                 "group by source_key having count(*) > 1) d "
                                 "where d.source_key = s.source_key and s.file_row > d.first",
                                 0, NULL, &count, detail);
        load->counts.merged += count;
    }
    return err;
}

static enum mqt_err make_keys_unique(struct mqt_load *load, bool keyless, struct mqt_detail *detail)
{
    char repeated[8];
    enum mqt_err err = MQT_OK;

    if (keyless) {
        err = mqt_load_statement(load, "update stage set source_key = shape_key where source_key is null", 0, NULL,
                                 NULL, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_value(load, "select exists (select from stage group by source_key having count(*) > 1)", 0, NULL,
                             repeated, sizeof repeated, detail);
    }
    return err == MQT_OK && repeated[0] == 't' ? tell_apart(load, detail) : err;
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

static enum mqt_err insert_new(struct mqt_load *load, bool first, const struct mqt_load_derived *derived,
                               struct mqt_detail *detail)
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
    mqt_buf_add_str(&sql, derived == NULL ? "" : derived->columns);
    mqt_buf_add_str(&sql, ") select $2, s.source_key, s.content_hash, $1, ");
    add_shape(&sql, load);
    for (size_t i = 0; i < load->column_count; i++) {
        if (load->columns[i].name != NULL) {
            mqt_buf_printf(&sql, ", s.v%zu::%s", i, load->columns[i].sql_type);
        }
    }
    mqt_buf_add_str(&sql, derived == NULL ? "" : derived->values);
    mqt_buf_add_str(&sql, " from stage s");
    mqt_buf_add_str(&sql, derived == NULL ? "" : derived->joins);
    if (!first) {
        mqt_buf_add_str(&sql, " where not exists (select from ");
        mqt_db_add_qualified(&sql, load->target);
        mqt_buf_add_str(&sql, " t where t.source = $2 and t.source_key = s.source_key)");
    }
    return run_sql(load, &sql, 2, params, &load->counts.inserted, detail);
}

/* Rows come in the order of the file, but for those that a repair has moved. */
static enum mqt_err insert_in_bulk(struct mqt_load *load, bool first, struct mqt_detail *detail)
{
    const struct mqt_load_derived *derived = load->kind->derived;
    const char *params[] = {load->target};
    enum mqt_err err = derived == NULL ? MQT_OK : mqt_load_statement(load, derived->prepare, 0, NULL, NULL, detail);

    if (err == MQT_OK) {
        err = insert_new(load, first, derived, detail);
    }
    return err == MQT_OK ? mqt_load_statement(load, "select etl.end_bulk($1::text::regclass)", 1, params, NULL, detail)
                         : err;
}

/* rows: how many are new at least. */
static enum mqt_err insert_rows(struct mqt_load *load, uint64_t rows, bool first, struct mqt_detail *detail)
{
    char count[24], bulk[8] = "f";
    const char *params[] = {load->target, count};
    enum mqt_err err = MQT_OK;

    snprintf(count, sizeof count, "%" PRIu64, rows);
    if (load->kind == &mqt_load_building || load->kind == &mqt_load_ticket) {
        err =
            mqt_load_value(load, "select etl.begin_bulk($1::text::regclass, $2)", 2, params, bulk, sizeof bulk, detail);
    }
    if (err != MQT_OK) {
        return err;
    }
    return bulk[0] == 't' ? insert_in_bulk(load, first, detail) : insert_new(load, first, NULL, detail);
}

/* Rows of this source in the table, all or those for which the condition holds. */
static enum mqt_err count_present(struct mqt_load *load, const char *condition, uint64_t *count,
                                  struct mqt_detail *detail)
{
    struct mqt_buf sql;
    const char *params[] = {load->source};
    char text[24];
    enum mqt_err err;

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "select count(*) from ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_printf(&sql, " t where t.source = $1%s", condition);
    mqt_buf_add_byte(&sql, 0);
    err = mqt_buf_err(&sql);
    if (err == MQT_OK) {
        err = mqt_load_value(load, (const char *)sql.data, 1, params, text, sizeof text, detail);
    }
    mqt_buf_clear(&sql);
    if (err == MQT_OK) {
        *count = strtoull(text, NULL, 10);
    }
    return err;
}

static enum mqt_err prune(struct mqt_load *load, const char *condition, uint64_t *count, struct mqt_detail *detail)
{
    struct mqt_buf sql;
    const char *params[] = {load->source};

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "delete from ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_printf(&sql, " t where t.source = $1%s", condition);
    return run_sql(load, &sql, 1, params, count, detail);
}

static enum mqt_err count_or_prune_missing(struct mqt_load *load, struct mqt_detail *detail)
{
    static const char missing[] = " and not exists (select from stage s where s.source_key = t.source_key)";
    uint64_t count = 0;
    enum mqt_err err =
        load->options->prune ? prune(load, missing, &count, detail) : count_present(load, missing, &count, detail);

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
    struct findings findings;
    uint64_t staged = 0, present = 0;
    enum mqt_err err = repair(load, load->dimension, &findings, detail);

    if (err == MQT_OK && load->dimension == 0 && findings.multipoint) {
        err = take_single_points(load, detail);
    }
    if (err == MQT_OK) {
        err = make_keys_unique(load, findings.keyless, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_count(load, "select count(*) from stage", &staged, detail);
    }
    if (err == MQT_OK) {
        err = count_present(load, "", &present, detail);
    }
    if (err == MQT_OK && present > 0) {
        err = update_changed(load, detail);
    }
    if (err == MQT_OK) {
        err = insert_rows(load, staged > present ? staged - present : 0, present == 0, detail);
    }
    if (err == MQT_OK) {
        load->counts.unchanged = staged - load->counts.updated - load->counts.inserted;
        err = present > 0 ? count_or_prune_missing(load, detail) : MQT_OK;
    }
    return err;
}
