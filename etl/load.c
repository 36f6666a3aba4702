#include "load.h"

#include "file.h"
#include "load_kind.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RUN_ARENA_BYTES = 64 << 20, ROW_ARENA_BYTES = 192 << 20 };

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

static void set_facts(struct mqt_load *load, struct mqt_run_facts *facts)
{
    mqt_buf_add_byte(&load->log, 0);
    facts->encoding = load->table == NULL ? NULL : load->table->encoding;
    facts->crs = load->crs == NULL ? NULL : mqt_crs_name(load->crs);
    facts->mapping_json = mapping_json(load);
    facts->warnings_json = mqt_load_warnings_json(load);
    facts->message = load->log.len > 1 ? (const char *)load->log.data : NULL;
}

static enum mqt_err publish(struct mqt_load *load, struct mqt_reader *reader, const struct mqt_preview *preview,
                            struct mqt_run_facts *facts, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_load_open_transaction(load, detail);

    if (err == MQT_OK) {
        err = mqt_load_create_stage(load, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_stage_rows(load, reader, preview, detail);
    }
    /* Reading touches nobody's rows, so that of two registers one is read while the other is published. */
    if (err == MQT_OK) {
        err = mqt_load_lock(load, detail);
    }
    if (err == MQT_OK) {
        mqt_report_step(load->report, "publishing");
        /* Nothing gathers statistics of temporary tables by itself, and without them joins go row by row.
         * Of what joins ask about only: of all columns they would take longer than the joins. */
        err = mqt_load_statement(load, "analyze stage (file_row, source_key)", 0, NULL, NULL, detail);
        if (err == MQT_OK) {
            err = load->kind->publish(load, detail);
        }
        mqt_report_end_step(load->report);
    }
    if (err == MQT_OK) {
        mqt_load_tell_warnings(load);
    }
    if (err == MQT_OK && !mqt_counts_balance(&load->counts)) {
        err = mqt_fail(detail, MQT_ERR_DB, "the accounting does not balance; nothing was published");
    }
    if (err == MQT_OK) {
        set_facts(load, facts);
        err = mqt_run_publish(load->db, load->run, facts, &load->counts, detail);
    }
    if (err == MQT_OK) {
        err = mqt_db_exec(load->db, "commit", detail);
    }
    return mqt_load_explain_wait(load, err, detail);
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
    load->kind = mqt_load_find_kind(kind);
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
        err = mqt_load_recognise(load, &reader, &preview, detail);
        if (options->check_only) {
            if (err == MQT_OK) {
                err = mqt_load_stage_rows(load, reader, &preview, detail);
            }
            if (err == MQT_OK) {
                mqt_load_tell_warnings(load);
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
