#include "load.h"

#include "detect.h"
#include "file.h"
#include "load_kind.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "run.h"

enum { RUN_ARENA_BYTES = 64 << 20, ROW_ARENA_BYTES = 192 << 20 };

static const struct mqt_load_kind *const KINDS[] = {&mqt_load_area,     &mqt_load_building, &mqt_load_household,
                                                    &mqt_load_facility, &mqt_load_ticket,   &mqt_load_layer};

void mqt_load_note(struct mqt_load *load, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    mqt_report_note(load->report, "%s", line);
    if (load->log.len > 0) {
        mqt_buf_add_str(&load->log, "; ");
    }
    mqt_buf_add_str(&load->log, line);
}

static const struct mqt_load_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (strcmp(KINDS[i]->name, name) == 0) {
            return KINDS[i];
        }
    }
    return NULL;
}

static enum mqt_err copy_row(struct mqt_arena *arena, const struct mqt_row *from, struct mqt_row *to)
{
    struct mqt_cell *cells = mqt_arena_calloc(arena, from->cell_count + 1, sizeof *cells);

    *to = *from;
    if (cells == NULL) {
        return arena->err;
    }
    for (size_t i = 0; i < from->cell_count; i++) {
        cells[i].len = from->cells[i].len;
        if (from->cells[i].text != NULL) {
            cells[i].text = mqt_arena_copy(arena, from->cells[i].text, from->cells[i].len);
        }
    }
    to->cells = cells;
    if (from->wkb != NULL) {
        to->wkb = (const uint8_t *)mqt_arena_copy(arena, (const char *)from->wkb, from->wkb_len);
    }
    return arena->err;
}

static enum mqt_err read_preview(struct mqt_load *load, struct mqt_reader *reader, struct mqt_preview *preview,
                                 struct mqt_detail *detail)
{
    preview->count = 0;
    preview->more = true;
    while (preview->count < MQT_PREVIEW_ROWS) {
        struct mqt_row row;
        enum mqt_err err = mqt_reader_next(reader, &row, &preview->more, detail);

        if (err != MQT_OK) {
            return err;
        }
        if (!preview->more) {
            break;
        }
        err = copy_row(&load->arena, &row, &preview->rows[preview->count]);
        if (err != MQT_OK) {
            return mqt_fail(detail, err, "the first rows are too large");
        }
        preview->count++;
    }
    if (preview->count == 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the file holds no rows");
    }
    return MQT_OK;
}

static enum mqt_err understand_header(struct mqt_load *load, const struct mqt_preview *preview,
                                      struct mqt_detail *detail)
{
    const struct mqt_table *table = load->table;
    enum mqt_err err =
        table->headless ? mqt_header_of_rows(preview->rows, preview->count, &load->header, detail)
                        : mqt_header_of_columns(table->columns, table->column_count, table->names_cut, &load->header);

    if (err == MQT_OK) {
        size_t first = load->header.title_rows + load->header.header_rows;

        mqt_header_prefer_filled(&load->header, preview->rows + first, preview->count - first);
    }
    return err;
}

static enum mqt_err choose_kind(struct mqt_load *load, struct mqt_detail *detail)
{
    const char *name = NULL;
    enum mqt_err err;

    if (load->kind != NULL) {
        return MQT_OK;
    }
    err = mqt_detect_kind(load->table, &load->header, &name, detail);
    if (err == MQT_OK) {
        load->kind = find_kind(name);
        mqt_load_note(load, "taken for kind %s", name);
    }
    return err;
}

static enum mqt_err keep_place(void *user, double *x, double *y, struct mqt_detail *detail)
{
    double *place = user;

    (void)detail;
    place[0] = *x;
    place[1] = *y;
    return MQT_OK;
}

/* A coordinate of the first rows as the file has it; false when there is none. */
static bool first_place(struct mqt_load *load, const struct mqt_preview *preview, double place[2])
{
    for (size_t i = 0; i < preview->count; i++) {
        struct mqt_wkb_info info;
        const struct mqt_row *row = &preview->rows[i];
        const char *x, *y;

        if (!load->point_columns) {
            /* The walk may write, and writes back what it read. */
            if (row->wkb != NULL &&
                mqt_wkb_walk((uint8_t *)(uintptr_t)row->wkb, row->wkb_len, keep_place, place, &info, NULL) == MQT_OK &&
                info.points > 0) {
                return true;
            }
            continue;
        }
        if (i < load->header.title_rows + load->header.header_rows) {
            continue;
        }
        x = mqt_load_raw(row, load->header.column_of[MQT_ROLE_EASTING]);
        y = mqt_load_raw(row, load->header.column_of[MQT_ROLE_NORTHING]);
        if (x != NULL && y != NULL) {
            place[0] = strtod(x, NULL);
            place[1] = strtod(y, NULL);
            return true;
        }
    }
    return false;
}

static enum mqt_err choose_crs(struct mqt_load *load, const struct mqt_preview *preview, struct mqt_detail *detail)
{
    const char *definition = load->options->crs;
    bool degrees = mqt_header_has(&load->header, MQT_ROLE_LON) && mqt_header_has(&load->header, MQT_ROLE_LAT);
    bool metres = mqt_header_has(&load->header, MQT_ROLE_EASTING) && mqt_header_has(&load->header, MQT_ROLE_NORTHING);
    bool assumed = false;
    double place[2] = {0, 0};
    enum mqt_err err;

    if (load->kind->geometry_column == NULL) {
        return MQT_OK;
    }
    load->point_columns = (load->table->shape == MQT_TABLE_NONE || preview->rows[0].wkb == NULL) && (degrees || metres);
    if (load->table->shape == MQT_TABLE_NONE && !load->point_columns) {
        return load->kind->shape_required
                   ? mqt_fail(detail, MQT_ERR_FORMAT,
                              "the file has neither shapes nor columns of longitude and latitude")
                   : MQT_OK;
    }
    if (definition == NULL && load->table->crs[0] != '\0') {
        definition = load->table->crs;
    }
    if (definition == NULL && load->point_columns && degrees) {
        definition = "EPSG:4490";
        assumed = true;
    }
    if (definition == NULL) {
        assumed = true;
        if (!first_place(load, preview, place)) {
            definition = "EPSG:4490";
        } else if ((err = mqt_detect_crs(place[0], place[1], &definition, detail)) != MQT_OK) {
            return err;
        }
    }
    err = mqt_crs_new(definition, &load->crs, detail);
    if (err != MQT_OK) {
        return err;
    }
    mqt_report_note(load->report, "coordinate system %s%s", mqt_crs_name(load->crs),
                    assumed ? " (assumed: the file does not say)" : "");
    if (mqt_crs_is_shifted(load->crs)) {
        mqt_load_note(load, "coordinates were taken back from %s as asked for", mqt_crs_name(load->crs));
    } else if (assumed) {
        mqt_load_note(load, "degrees were taken for EPSG:4490");
    }
    return MQT_OK;
}

static void add_json_string(struct mqt_buf *out, const char *text)
{
    mqt_buf_add_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            mqt_buf_add_byte(out, '\\');
        }
        mqt_buf_add_byte(out, (unsigned char)*text < 0x20 ? ' ' : (uint8_t)*text);
    }
    mqt_buf_add_byte(out, '"');
}

/* {"楼号": "number", …}; columns that were taken for nothing are null. */
static const char *mapping_json(struct mqt_load *load)
{
    struct mqt_buf json;
    const char *copy;

    mqt_buf_init(&json, 1 << 20);
    mqt_buf_add_byte(&json, '{');
    for (size_t i = 0; i < load->header.column_count; i++) {
        mqt_buf_add_str(&json, i == 0 ? "" : ", ");
        add_json_string(&json, load->header.names[i]);
        mqt_buf_add_str(&json, ": ");
        if (load->header.roles[i] == MQT_ROLE_NONE) {
            mqt_buf_add_str(&json, "null");
        } else {
            add_json_string(&json, mqt_role_name(load->header.roles[i]));
        }
    }
    mqt_buf_add_byte(&json, '}');
    copy = mqt_buf_err(&json) == MQT_OK ? mqt_arena_copy(&load->arena, (const char *)json.data, json.len) : NULL;
    mqt_buf_clear(&json);
    return copy == NULL ? "{}" : copy;
}

static void tell_header(struct mqt_load *load)
{
    struct mqt_buf line;

    mqt_report_note(load->report, "%s, table %s, %s", load->table->format, load->table->name, load->table->encoding);
    if (load->table->note[0] != '\0') {
        mqt_load_note(load, "%s", load->table->note);
    }
    mqt_buf_init(&line, 1 << 16);
    for (size_t i = 0; i < load->header.column_count; i++) {
        if (load->header.roles[i] != MQT_ROLE_NONE) {
            mqt_buf_printf(&line, "%s%s=%s", line.len == 0 ? "" : " ", load->header.names[i],
                           mqt_role_name(load->header.roles[i]));
        }
    }
    mqt_buf_add_byte(&line, 0);
    mqt_report_note(load->report, "columns: %s", line.data == NULL ? "" : (const char *)line.data);
    mqt_buf_clear(&line);
}

static void set_facts(struct mqt_load *load, struct mqt_run_facts *facts)
{
    mqt_buf_add_byte(&load->log, 0);
    facts->encoding = load->table == NULL ? NULL : load->table->encoding;
    facts->crs = load->crs == NULL ? NULL : mqt_crs_name(load->crs);
    facts->mapping_json = mapping_json(load);
    facts->message = load->log.len > 1 ? (const char *)load->log.data : NULL;
}

static enum mqt_err open_transaction(struct mqt_load *load, struct mqt_detail *detail)
{
    const char *zone = load->options->time_zone == NULL ? "Asia/Shanghai" : load->options->time_zone;
    const char *zone_params[] = {zone}, *lock_params[] = {load->source};
    enum mqt_err err = mqt_db_exec(load->db, "begin", detail);

    if (err == MQT_OK) {
        /* A program that was ended must not leave its statement, and the source's lock, behind. */
        err = mqt_db_exec(load->db,
                          "set local client_min_messages = error; set local client_connection_check_interval = '2s'",
                          detail);
    }
    if (err == MQT_OK &&
        mqt_load_statement(load, "select set_config('timezone', $1, true)", 1, zone_params, NULL, detail) != MQT_OK) {
        err = mqt_fail_field(detail, MQT_ERR_PARAM, "time-zone", "time zone '%s' is not known", zone);
    }
    if (err == MQT_OK) {
        /* Two loads of one source would each take the other's rows for new. */
        err = mqt_load_statement(load, "select pg_advisory_xact_lock(746902, hashtext($1))", 1, lock_params, NULL,
                                 detail);
    }
    return err;
}

/* What is wrong with rows that were loaded all the same. */
static void tell_warnings(struct mqt_load *load)
{
    if (load->doubtful_codes > 0) {
        mqt_load_note(load, "%" PRIu64 " credit codes fail their check; they are kept", load->doubtful_codes);
    }
    if (load->unknown_values > 0) {
        mqt_load_note(load, "%" PRIu64 " states, channels or levels of urgency are not known words",
                      load->unknown_values);
    }
    if (load->impossible_closings > 0) {
        mqt_load_note(load,
                      "%" PRIu64 " tickets were closed before they were reported; their closing time is left empty",
                      load->impossible_closings);
    }
}

static enum mqt_err publish(struct mqt_load *load, struct mqt_reader *reader, const struct mqt_preview *preview,
                            struct mqt_run_facts *facts, struct mqt_detail *detail)
{
    enum mqt_err err = open_transaction(load, detail);

    if (err == MQT_OK && load->kind->begin != NULL) {
        err = load->kind->begin(load, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_create_stage(load, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_stage_rows(load, reader, preview, detail);
    }
    if (err == MQT_OK) {
        mqt_report_step(load->report, "publishing");
        /* Nothing gathers statistics of temporary tables by itself, and without them joins go row by row. */
        err = mqt_load_statement(load, "analyze stage", 0, NULL, NULL, detail);
        if (err == MQT_OK) {
            err = load->kind->publish(load, detail);
        }
        mqt_report_end_step(load->report);
    }
    if (err == MQT_OK) {
        tell_warnings(load);
    }
    if (err == MQT_OK && !mqt_counts_balance(&load->counts)) {
        err = mqt_fail(detail, MQT_ERR_DB, "the accounting does not balance; nothing was published");
    }
    if (err == MQT_OK) {
        set_facts(load, facts);
        err = mqt_run_publish(load->db, load->run, facts, &load->counts, detail);
    }
    return err == MQT_OK ? mqt_db_exec(load->db, "commit", detail) : err;
}

static enum mqt_err open_database(struct mqt_load *load, struct mqt_db_pool **pool, struct mqt_detail *detail)
{
    struct mqt_db_pool_config config = {.url = load->options->url,
                                        .role = "mqt_etl",
                                        .application = "mqt-etl",
                                        .max_connections = 2,
                                        .connect_timeout_s = 10};
    enum mqt_err err = mqt_db_pool_new(&config, pool);

    return err == MQT_OK ? mqt_db_take(*pool, 0, &load->db, detail) : mqt_fail(detail, err, "no connection pool");
}

/* Recognises the file: everything that needs no database. */
static enum mqt_err recognise(struct mqt_load *load, struct mqt_reader **reader, struct mqt_preview *preview,
                              struct mqt_detail *detail)
{
    struct mqt_reader_request request = {.path = load->options->path,
                                         .table = load->options->table,
                                         .where = load->options->where,
                                         .encoding = load->options->encoding,
                                         .limits = MQT_READER_LIMITS};
    char step[320];
    enum mqt_err err;

    snprintf(step, sizeof step, "opening %s", load->file);
    mqt_report_step(load->report, step);
    err = mqt_reader_new(&request, reader, detail);
    if (err == MQT_OK) {
        load->table = mqt_reader_table(*reader);
        err = read_preview(load, *reader, preview, detail);
    }
    mqt_report_end_step(load->report);
    if (err == MQT_OK) {
        err = understand_header(load, preview, detail);
    }
    if (err == MQT_OK) {
        tell_header(load);
        err = choose_kind(load, detail);
    }
    if (err == MQT_OK) {
        err = choose_crs(load, preview, detail);
    }
    if (err == MQT_OK) {
        load->columns = load->kind->columns;
        load->column_count = load->kind->column_count;
        load->dimension = load->kind->dimension;
        snprintf(load->target, sizeof load->target, "%s", load->kind->table == NULL ? "" : load->kind->table);
    }
    return err;
}

/* The run in the book, the rows in the database; a failure is recorded with its message. */
static enum mqt_err write_run(struct mqt_load *load, struct mqt_reader *reader, const struct mqt_preview *preview,
                              enum mqt_err so_far, struct mqt_detail *detail)
{
    struct mqt_db_pool *pool = NULL;
    uint8_t sha256[MQT_HASH_BYTES];
    struct stat status;
    struct mqt_run_facts facts = {.kind = load->kind->name,
                                  .source = load->source,
                                  .file = load->file,
                                  .target = load->layer_id[0] == '\0' ? NULL : load->layer_id};
    struct mqt_detail ignored;
    enum mqt_err err = open_database(load, &pool, so_far == MQT_OK ? detail : &ignored);

    if (err == MQT_OK && stat(load->options->path, &status) == 0 && S_ISREG(status.st_mode) &&
        mqt_seal_sha256_file(load->options->path, sha256, NULL) == MQT_OK) {
        facts.sha256 = sha256;
    }
    if (err == MQT_OK) {
        err = mqt_run_begin(load->db, &facts, &load->run, so_far == MQT_OK ? detail : &ignored);
    }
    if (so_far == MQT_OK && err == MQT_OK) {
        err = publish(load, reader, preview, &facts, detail);
    }
    if (so_far != MQT_OK || err != MQT_OK) {
        enum mqt_err kept = so_far != MQT_OK ? so_far : err;

        if (load->run != 0) {
            /* A dropped connection is opened anew; when that fails too, the next run finds this one dead. */
            mqt_db_give(load->db);
            load->db = NULL;
            if (mqt_db_take(pool, 0, &load->db, &ignored) == MQT_OK &&
                mqt_run_fail(load->db, load->run, detail->text, &ignored) != MQT_OK) {
                mqt_report_note(load->report, "the failure could not be recorded in the book of runs");
            }
        }
        err = kept;
    }
    mqt_db_give(load->db);
    load->db = NULL;
    mqt_db_pool_free(pool);
    return err;
}

static enum mqt_err set_up(struct mqt_load *load, struct mqt_detail *detail)
{
    const struct mqt_load_options *options = load->options;
    const char *slash = strrchr(options->path, '/');
    const char *kind = options->kind == NULL && options->layer != NULL ? "layer" : options->kind;

    mqt_arena_init(&load->arena, RUN_ARENA_BYTES);
    mqt_arena_init(&load->row_arena, ROW_ARENA_BYTES);
    mqt_buf_init(&load->log, 1 << 16);
    snprintf(load->file, sizeof load->file, "%s", slash == NULL ? options->path : slash + 1);
    if (options->source != NULL) {
        snprintf(load->source, sizeof load->source, "%s", options->source);
    } else {
        mqt_file_base_name(options->path, load->source, sizeof load->source);
    }
    if (kind == NULL) {
        return MQT_OK;
    }
    load->kind = find_kind(kind);
    if (load->kind == NULL) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "kind",
                              "kind '%s' is not one of area, building, household, facility, ticket, layer", kind);
    }
    return MQT_OK;
}

enum mqt_err mqt_load(const struct mqt_load_options *options, struct mqt_report *report, struct mqt_load_result *result,
                      struct mqt_detail *detail)
{
    struct mqt_load *load = calloc(1, sizeof *load);
    struct mqt_reader *reader = NULL;
    struct mqt_preview preview;
    enum mqt_err err;

    if (load == NULL) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory to load the file");
    }
    load->options = options;
    load->report = report;
    err = set_up(load, detail);
    if (err == MQT_OK) {
        err = recognise(load, &reader, &preview, detail);
        if (options->check_only) {
            if (err == MQT_OK && load->kind->begin != NULL) {
                err = load->kind->begin(load, detail);
            }
            if (err == MQT_OK) {
                err = mqt_load_stage_rows(load, reader, &preview, detail);
            }
            if (err == MQT_OK) {
                tell_warnings(load);
            }
        } else if (err == MQT_OK || (load->kind != NULL && err != MQT_ERR_PARAM)) {
            err = write_run(load, reader, &preview, err, detail);
        }
    }
    if (err == MQT_OK) {
        result->counts = load->counts;
        result->run = load->run;
        snprintf(result->kind, sizeof result->kind, "%s", load->kind->name);
    }
    if (load->kind != NULL && load->kind->end != NULL) {
        load->kind->end(load);
    }
    mqt_reader_free(reader);
    mqt_header_clear(&load->header);
    mqt_crs_free(load->crs);
    mqt_seal_key_free(load->key);
    mqt_stage_clear(&load->rejects);
    mqt_buf_clear(&load->log);
    mqt_arena_clear(&load->arena);
    mqt_arena_clear(&load->row_arena);
    free(load);
    return err;
}
