#include "load_kind.h"

#include "check.h"
#include "norm.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME_BYTES = 60, MAX_SQL_BYTES = 1 << 20 };

/* What the values of one column look like, to keep persons out of the tiles. */
struct column_facts {
    uint64_t filled, identity_numbers, mobile_phones;
};

struct layer_state {
    struct mqt_load_column *columns;
    struct column_facts *facts;
};

static bool is_layer_id(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && len < 63 && text[0] >= 'a' && text[0] <= 'z' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static bool is_taken(const struct mqt_load_column *columns, size_t count, const char *name)
{
    static const char *const own[] = {"id", "geom", "source", "source_key", "content_hash", "run_id"};

    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (strcmp(own[i], name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (columns[i].name != NULL && strcmp(columns[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The file's own name for the column, cut to what PostgreSQL takes, different from all others. */
static const char *column_name(struct mqt_load *load, const struct mqt_load_column *columns, size_t index)
{
    char text[MAX_NAME_BYTES + 1];
    const char *name;
    size_t len = mqt_norm_text(load->header.names[index], strlen(load->header.names[index]), text, sizeof text);

    name = len == 0 ? mqt_arena_printf(&load->arena, "column_%zu", index + 1) : mqt_arena_copy(&load->arena, text, len);
    for (int suffix = 1; name != NULL && is_taken(columns, index, name); suffix++) {
        name = mqt_arena_printf(&load->arena, "%.50s_%d", len == 0 ? "column" : text, suffix);
        if (name != NULL && !mqt_norm_is_utf8(name, strlen(name))) {
            name = mqt_arena_printf(&load->arena, "column_%zu_%d", index + 1, suffix);
        }
    }
    return name;
}

static enum mqt_err choose_id(struct mqt_load *load, struct mqt_detail *detail)
{
    const char *id = load->options->layer == NULL ? load->source : load->options->layer;

    if (!is_layer_id(id)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "layer",
                              "a layer needs a name of small letters, digits and _: give --layer ID");
    }
    snprintf(load->layer_id, sizeof load->layer_id, "%.62s", id);
    snprintf(load->target, sizeof load->target, "layer.%.62s", id);
    return MQT_OK;
}

static enum mqt_err begin(struct mqt_load *load, struct mqt_detail *detail)
{
    struct layer_state *state;
    size_t count = load->header.column_count;
    enum mqt_err err = choose_id(load, detail);

    if (err != MQT_OK) {
        return err;
    }
    state = mqt_arena_calloc(&load->arena, 1, sizeof *state);
    if (state == NULL) {
        return load->arena.err;
    }
    state->columns = mqt_arena_calloc(&load->arena, count + 1, sizeof *state->columns);
    state->facts = mqt_arena_calloc(&load->arena, count + 1, sizeof *state->facts);
    if (state->columns == NULL || state->facts == NULL) {
        return load->arena.err;
    }
    for (size_t i = 0; i < count; i++) {
        enum mqt_role role = load->header.roles[i];

        state->columns[i].sql_type = "text";
        if (mqt_role_is_personal(load->header.meanings[i])) {
            mqt_load_note(load, "column %s holds personal data and is left out", load->header.names[i]);
        } else if (!load->point_columns || (role != MQT_ROLE_LON && role != MQT_ROLE_LAT && role != MQT_ROLE_EASTING &&
                                            role != MQT_ROLE_NORTHING)) {
            state->columns[i].name = column_name(load, state->columns, i);
        }
    }
    load->kind_state = state;
    load->columns = state->columns;
    load->column_count = count;
    return load->arena.err;
}

static void note_value(struct column_facts *facts, const char *text)
{
    struct mqt_id_number id;
    size_t len = strlen(text);

    facts->filled++;
    facts->identity_numbers += len >= 18 && mqt_check_id_number(text, &id) == MQT_ID_OK;
    facts->mobile_phones += len == 11 && text[0] == '1' && text[1] >= '3' && strspn(text, "0123456789") == 11;
}

static enum mqt_err prepare(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject)
{
    struct layer_state *state = load->kind_state;
    const char *code = mqt_load_text(load, row, MQT_ROLE_CODE);

    for (size_t i = 0; i < load->column_count; i++) {
        const char *raw = mqt_load_raw(row, i);
        size_t len = raw == NULL ? 0 : strlen(raw);
        char *text;

        if (raw == NULL || state->columns[i].name == NULL) {
            continue;
        }
        text = mqt_arena_alloc(&load->row_arena, len + 1);
        if (text != NULL && mqt_norm_text(raw, len, text, len + 1) > 0) {
            record->values[i] = text;
            note_value(&state->facts[i], text);
        }
    }
    if (code != NULL) {
        record->natural_key = mqt_arena_printf(&load->row_arena, "code:%s", code);
    }
    return mqt_load_shape(load, row, record, reject);
}

/* Headers do not always say it: columns whose values are identity numbers or mobile phones go too. */
static void drop_personal_columns(struct mqt_load *load)
{
    struct layer_state *state = load->kind_state;

    for (size_t i = 0; i < load->column_count; i++) {
        const struct column_facts *facts = &state->facts[i];

        if (state->columns[i].name != NULL &&
            (facts->identity_numbers > 0 || (facts->mobile_phones > 0 && facts->mobile_phones * 2 >= facts->filled))) {
            mqt_load_note(load, "column %s holds %s and is left out", load->header.names[i],
                          facts->identity_numbers > 0 ? "identity numbers" : "mobile phones");
            state->columns[i].name = NULL;
        }
    }
}

static enum mqt_err query(struct mqt_load *load, struct mqt_buf *sql, struct mqt_db_result **result,
                          struct mqt_detail *detail)
{
    enum mqt_err err;

    mqt_buf_add_byte(sql, 0);
    err = mqt_buf_err(sql);
    if (err == MQT_OK) {
        err = mqt_db_query(load->db, (const char *)sql->data, 0, NULL, result, detail);
    }
    mqt_buf_clear(sql);
    return err;
}

/* bigint, float8, boolean or text: the narrowest that holds every value. Codes with zeros in front are text. */
static enum mqt_err find_types(struct mqt_load *load, struct mqt_detail *detail)
{
    struct layer_state *state = load->kind_state;
    struct mqt_db_result *result = NULL;
    struct mqt_buf sql;
    enum mqt_err err;

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "select 1");
    for (size_t i = 0; i < load->column_count; i++) {
        mqt_buf_printf(&sql,
                       ", case when bool_and(v%zu ~ '^-?(0|[1-9][0-9]{0,17})$') then 'bigint' when bool_and(v%zu ~ "
                       "'^-?(0|[1-9][0-9]{0,14})([.][0-9]{1,17})?([eE][-+]?[0-9]{1,2})?$') then 'float8' "
                       "when bool_and(v%zu ~ '^(true|false)$') then 'boolean' else 'text' end",
                       i, i, i);
    }
    mqt_buf_add_str(&sql, " from stage");
    err = query(load, &sql, &result, detail);
    for (size_t i = 0; err == MQT_OK && i < load->column_count; i++) {
        state->columns[i].sql_type = mqt_arena_printf(&load->arena, "%s", mqt_db_value(result, 0, i + 1, NULL));
        err = load->arena.err;
    }
    mqt_db_result_free(result);
    return err;
}

static enum mqt_err find_dimension(struct mqt_load *load, struct mqt_detail *detail)
{
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_load_repair_shapes(load, -1, detail);

    if (err == MQT_OK) {
        err = mqt_db_query(load->db, "select st_dimension(geom) from stage group by 1 order by count(*) desc limit 1",
                           0, NULL, &result, detail);
    }
    if (err == MQT_OK && mqt_db_rows(result) == 0) {
        err = mqt_fail(detail, MQT_ERR_FORMAT, "no row of the file has a usable shape");
    }
    if (err == MQT_OK) {
        load->dimension = atoi(mqt_db_value(result, 0, 0, NULL));
    }
    mqt_db_result_free(result);
    return err;
}

static enum mqt_err table_exists(struct mqt_load *load, bool *exists, struct mqt_detail *detail)
{
    const char *params[] = {load->layer_id};
    char found[8];
    enum mqt_err err = mqt_load_value(load, "select to_regclass('layer.' || quote_ident($1)) is not null", 1, params,
                                      found, sizeof found, detail);

    if (err == MQT_OK) {
        *exists = found[0] == 't';
    }
    return err;
}

static enum mqt_err refuse_system_layer(struct mqt_load *load, struct mqt_detail *detail)
{
    const char *params[] = {load->layer_id, load->target};
    uint64_t count = 0;
    enum mqt_err err = mqt_load_statement(load, "select from twin.layer where id = $1 and source_table <> $2", 2,
                                          params, &count, detail);

    if (err == MQT_OK && count > 0) {
        err = mqt_fail_field(detail, MQT_ERR_PARAM, "layer",
                             "the layer '%s' is one of the house's own; choose another name", load->layer_id);
    }
    return err;
}

static enum mqt_err create_table(struct mqt_load *load, struct mqt_detail *detail)
{
    static const char *const types[] = {"Point", "MultiLineString", "MultiPolygon"};
    struct mqt_buf sql;
    enum mqt_err err;

    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "create table ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_printf(&sql,
                   " (id bigint generated always as identity primary key, source text not null, source_key text not "
                   "null, content_hash bytea, run_id bigint, geom geometry(%s, 4490) not null",
                   types[load->dimension]);
    for (size_t i = 0; i < load->column_count; i++) {
        if (load->columns[i].name != NULL) {
            mqt_buf_add_str(&sql, ", ");
            mqt_db_add_identifier(&sql, load->columns[i].name);
            mqt_buf_printf(&sql, " %s", load->columns[i].sql_type);
        }
    }
    mqt_buf_add_str(&sql, ", unique (source, source_key)); create index on ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_add_str(&sql, " using gist (geom); grant select on ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_printf(&sql, " to mqt_web; select feed.watch('layer.%s', 'layer', '%s')", load->layer_id, load->layer_id);
    mqt_buf_add_byte(&sql, 0);
    err = mqt_buf_err(&sql);
    if (err == MQT_OK) {
        err = mqt_db_exec(load->db, (const char *)sql.data, detail);
    }
    mqt_buf_clear(&sql);
    return err;
}

/* The wider of two of our types. */
static const char *wider(const char *a, const char *b)
{
    bool numbers = (strcmp(a, "bigint") == 0 || strcmp(a, "float8") == 0) &&
                   (strcmp(b, "bigint") == 0 || strcmp(b, "float8") == 0);

    if (strcmp(a, b) == 0) {
        return a;
    }
    return numbers ? "float8" : "text";
}

static enum mqt_err alter_column(struct mqt_load *load, struct mqt_load_column *column, const char *existing,
                                 struct mqt_detail *detail)
{
    struct mqt_buf sql;
    enum mqt_err err;

    if (existing != NULL) {
        const char *had = strcmp(existing, "int8") == 0   ? "bigint"
                          : strcmp(existing, "bool") == 0 ? "boolean"
                                                          : existing;
        const char *type = wider(column->sql_type, had);

        column->sql_type = type;
        if (strcmp(type, had) == 0) {
            return MQT_OK;
        }
    }
    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, "alter table ");
    mqt_db_add_qualified(&sql, load->target);
    mqt_buf_add_str(&sql, existing == NULL ? " add column " : " alter column ");
    mqt_db_add_identifier(&sql, column->name);
    mqt_buf_printf(&sql, existing == NULL ? " %s" : " type %s", column->sql_type);
    mqt_buf_add_byte(&sql, 0);
    err = mqt_buf_err(&sql);
    if (err == MQT_OK) {
        err = mqt_db_exec(load->db, (const char *)sql.data, detail);
    }
    mqt_buf_clear(&sql);
    return err;
}

/* A later delivery may bring new columns, and values that an earlier type cannot hold. */
static enum mqt_err widen_table(struct mqt_load *load, struct mqt_detail *detail)
{
    struct layer_state *state = load->kind_state;
    const char *params[] = {load->layer_id};
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_query(load->db,
                                    "select column_name, udt_name from information_schema.columns "
                                    "where table_schema = 'layer' and table_name = $1",
                                    1, params, &result, detail);

    for (size_t i = 0; err == MQT_OK && i < load->column_count; i++) {
        const char *existing = NULL;

        if (state->columns[i].name == NULL) {
            continue;
        }
        for (size_t row = 0; row < mqt_db_rows(result); row++) {
            if (strcmp(mqt_db_value(result, row, 0, NULL), state->columns[i].name) == 0) {
                existing = mqt_db_value(result, row, 1, NULL);
            }
        }
        err = alter_column(load, &state->columns[i], existing, detail);
    }
    mqt_db_result_free(result);
    return err;
}

/* $1 is the layer's id. */
#define COLUMNS_OF_TABLE                                                                                               \
    "coalesce((select jsonb_agg(jsonb_build_object('name', column_name, 'type', case udt_name when 'int8' then 'int' " \
    "when 'float8' then 'real' when 'bool' then 'bool' else 'text' end, 'title_zh', column_name, 'title_en', "         \
    "column_name) "                                                                                                    \
    "order by ordinal_position) from information_schema.columns where table_schema = 'layer' and table_name = $1 "     \
    "and column_name not in ('id', 'source', 'source_key', 'content_hash', 'run_id', 'geom')), '[]')"

static const char CATALOGUE_IS_RIGHT[] = "select from twin.layer l where id = $1 and columns = " COLUMNS_OF_TABLE
                                         " and source = $3 and ($2::text is null or (title_zh, title_en) = ($2, $2))";

static const char WRITE_CATALOGUE[] =
    "insert into twin.layer as l (id, title_zh, title_en, source_table, served_from, geometry_type, min_zoom, "
    "draw_order, columns, style, source) select $1, coalesce($2, $1), coalesce($2, $1), $4, $4, $5, "
    "case $5 when 'point' then 10 else 8 end, case $5 when 'polygon' then 30 when 'line' then 32 else 45 "
    "end, " COLUMNS_OF_TABLE ", case when $6::text is null then '{}'::jsonb "
    "else jsonb_build_object('label', $6::text) end, $3 on conflict (id) do update set "
    "title_zh = coalesce($2, l.title_zh), title_en = coalesce($2, l.title_en), columns = excluded.columns, "
    "source = excluded.source";

/* The table as the catalogue serves it. A row that says the same already is left alone: every
 * statement on the catalogue makes all readers read it anew. */
static enum mqt_err write_catalogue(struct mqt_load *load, struct mqt_detail *detail)
{
    static const char *const shapes[] = {"point", "line", "polygon"};
    const char *label =
        mqt_header_has(&load->header, MQT_ROLE_NAME) ? load->columns[load->header.column_of[MQT_ROLE_NAME]].name : NULL;
    const char *params[] = {load->layer_id, load->options->title,    load->source,
                            load->target,   shapes[load->dimension], label};
    uint64_t right = 0;
    enum mqt_err err = mqt_load_statement(load, CATALOGUE_IS_RIGHT, 3, params, &right, detail);

    return err == MQT_OK && right == 0 ? mqt_load_statement(load, WRITE_CATALOGUE, 6, params, NULL, detail) : err;
}

static enum mqt_err publish(struct mqt_load *load, struct mqt_detail *detail)
{
    bool exists = false;
    enum mqt_err err = refuse_system_layer(load, detail);

    drop_personal_columns(load);
    if (err == MQT_OK) {
        err = find_dimension(load, detail);
    }
    if (err == MQT_OK) {
        err = find_types(load, detail);
    }
    if (err == MQT_OK) {
        err = table_exists(load, &exists, detail);
    }
    if (err == MQT_OK) {
        err = exists ? widen_table(load, detail) : create_table(load, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_publish_difference(load, detail);
    }
    return err == MQT_OK ? write_catalogue(load, detail) : err;
}

const struct mqt_load_kind mqt_load_layer = {.name = "layer",
                                             .geometry_column = "geom",
                                             .dimension = -1,
                                             .shape_required = true,
                                             .begin = begin,
                                             .prepare = prepare,
                                             .publish = publish};
