#include "run.h"

#include "seal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First half of the advisory lock that a living run holds; the second is its id. */
#define RUN_LOCK "746901"

static const char FAIL_DEAD_RUNS[] =
    "update etl.run set status = 'failed', finished_at = clock_timestamp(), message = 'the program ended before the "
    "run'"
    " where status = 'running' and pg_try_advisory_xact_lock(" RUN_LOCK ", (id % 2147483647)::int)";

enum mqt_err mqt_run_begin(struct mqt_db *db, const struct mqt_run_facts *facts, int64_t *run,
                           struct mqt_detail *detail)
{
    char sha[80];
    const char *params[] = {facts->kind, facts->source, facts->file, facts->sha256 == NULL ? NULL : sha, facts->target};
    struct mqt_db_result *result = NULL;
    enum mqt_err err;

    if (facts->sha256 != NULL) {
        memcpy(sha, "\\x", 2);
        mqt_seal_hex(facts->sha256, MQT_HASH_BYTES, sha + 2);
    }
    err = mqt_db_query(db, FAIL_DEAD_RUNS, 0, NULL, NULL, detail);
    if (err == MQT_OK) {
        /* Locked before anyone can see it: a run without a lock is taken for dead. */
        err = mqt_db_query(db,
                           "with made as (insert into etl.run (kind, source, file, file_sha256, target) "
                           "values ($1, $2, $3, $4, $5) returning id) "
                           "select id, pg_advisory_lock(" RUN_LOCK ", (id % 2147483647)::int) from made",
                           5, params, &result, detail);
    }
    if (err == MQT_OK) {
        *run = strtoll(mqt_db_value(result, 0, 0, NULL), NULL, 10);
        mqt_db_result_free(result);
    }
    return err;
}

enum mqt_err mqt_run_publish(struct mqt_db *db, int64_t run, const struct mqt_run_facts *facts,
                             const struct mqt_counts *counts, struct mqt_detail *detail)
{
    const uint64_t numbers[] = {counts->read,   counts->inserted,    counts->updated, counts->unchanged,
                                counts->merged, counts->quarantined, counts->skipped, counts->rejected};
    char texts[9][24];
    const char *params[14];

    snprintf(texts[0], sizeof texts[0], "%" PRId64, run);
    for (size_t i = 0; i < 8; i++) {
        snprintf(texts[i + 1], sizeof texts[i + 1], "%" PRIu64, numbers[i]);
    }
    for (size_t i = 0; i < 9; i++) {
        params[i] = texts[i];
    }
    params[9] = facts->encoding;
    params[10] = facts->crs;
    params[11] = facts->mapping_json;
    params[12] = facts->message;
    params[13] = facts->warnings_json == NULL ? "{}" : facts->warnings_json;
    return mqt_db_query(db,
                        "update etl.run set status = 'published', finished_at = clock_timestamp(), rows_read = $2, "
                        "rows_inserted = $3, rows_updated = $4, rows_unchanged = $5, rows_merged = $6, "
                        "rows_quarantined = $7, rows_skipped = $8, rows_rejected = $9, encoding = $10, crs = $11, "
                        "mapping = $12::jsonb, message = $13, warnings = $14::jsonb where id = $1",
                        14, params, NULL, detail);
}

enum mqt_err mqt_run_fail(struct mqt_db *db, int64_t run, const char *message, struct mqt_detail *detail)
{
    char id[24];
    const char *params[] = {id, message};

    snprintf(id, sizeof id, "%" PRId64, run);
    return mqt_db_query(db,
                        "update etl.run set status = 'failed', finished_at = clock_timestamp(), message = $2 "
                        "where id = $1 and status = 'running'",
                        2, params, NULL, detail);
}

static void print_table(const struct mqt_db_result *result, const char *const *titles)
{
    for (size_t column = 0; column < mqt_db_columns(result); column++) {
        printf("%s%s", column == 0 ? "" : "\t", titles[column]);
    }
    putchar('\n');
    for (size_t row = 0; row < mqt_db_rows(result); row++) {
        for (size_t column = 0; column < mqt_db_columns(result); column++) {
            const char *value = mqt_db_value(result, row, column, NULL);

            printf("%s%s", column == 0 ? "" : "\t", value == NULL ? "" : value);
        }
        putchar('\n');
    }
}

enum mqt_err mqt_run_print_list(struct mqt_db *db, struct mqt_detail *detail)
{
    static const char *const titles[] = {"run",         "status",   "kind",     "file",      "started",
                                         "read",        "inserted", "updated",  "unchanged", "merged",
                                         "quarantined", "skipped",  "rejected", "message"};
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_query(db, FAIL_DEAD_RUNS, 0, NULL, NULL, detail);

    if (err != MQT_OK) {
        return err;
    }
    err = mqt_db_query(
        db,
        "select id, status, kind || coalesce(':' || target, ''), file, to_char(started_at, 'YYYY-MM-DD HH24:MI:SS'), "
        "rows_read, rows_inserted, rows_updated, rows_unchanged, rows_merged, rows_quarantined, rows_skipped, "
        "rows_rejected, message from etl.run order by id desc limit 50",
        0, NULL, &result, detail);

    if (err == MQT_OK) {
        print_table(result, titles);
        mqt_db_result_free(result);
    }
    return err;
}

enum mqt_err mqt_run_print_rejects(struct mqt_db *db, int64_t run, struct mqt_detail *detail)
{
    static const char *const titles[] = {"file", "row", "what", "field", "code", "reason", "raw"};
    char id[24];
    const char *params[] = {id};
    struct mqt_db_result *result = NULL;
    enum mqt_err err;

    snprintf(id, sizeof id, "%" PRId64, run);
    err = mqt_db_query(db, "select 1 from etl.run where id = $1", 1, params, &result, detail);
    if (err == MQT_OK && mqt_db_rows(result) == 0) {
        err = mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "run", "there is no run %s", id);
    }
    mqt_db_result_free(result);
    result = NULL;
    if (err == MQT_OK) {
        err =
            mqt_db_query(db,
                         "select file, file_row, 'rejected', field, reason_code, reason, raw from etl.reject "
                         "where run_id = $1 union all select file, file_row, 'review', null, reason_code, reason, raw "
                         "from etl.review where run_id = $1 and decided_at is null order by 2",
                         1, params, &result, detail);
    }
    if (err == MQT_OK) {
        print_table(result, titles);
        mqt_db_result_free(result);
    }
    return err;
}
