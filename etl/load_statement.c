#include "load_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mqt_err mqt_load_statement(struct mqt_load *load, const char *sql, size_t param_count, const char *const *params,
                                uint64_t *affected, struct mqt_detail *detail)
{
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_query(load->db, sql, param_count, params, &result, detail);

    if (err == MQT_OK) {
        if (affected != NULL) {
            *affected = mqt_db_affected(result);
        }
        mqt_db_result_free(result);
    }
    return err;
}

enum mqt_err mqt_load_value(struct mqt_load *load, const char *sql, size_t param_count, const char *const *params,
                            char *value, size_t size, struct mqt_detail *detail)
{
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_query(load->db, sql, param_count, params, &result, detail);

    if (err == MQT_OK) {
        const char *text = mqt_db_rows(result) == 0 ? NULL : mqt_db_value(result, 0, 0, NULL);

        snprintf(value, size, "%s", text == NULL ? "" : text);
        mqt_db_result_free(result);
    }
    return err;
}

enum mqt_err mqt_load_count(struct mqt_load *load, const char *sql, uint64_t *count, struct mqt_detail *detail)
{
    char value[24];
    enum mqt_err err = mqt_load_value(load, sql, 0, NULL, value, sizeof value, detail);

    if (err == MQT_OK) {
        *count = strtoull(value, NULL, 10);
    }
    return err;
}

enum mqt_err mqt_load_open_transaction(struct mqt_load *load, struct mqt_detail *detail)
{
    const char *zone = load->options->time_zone == NULL ? "Asia/Shanghai" : load->options->time_zone;
    const char *params[] = {zone};
    enum mqt_err err = mqt_db_exec(load->db, "begin", detail);

    if (err == MQT_OK) {
        /* A program that was ended must not leave its statement, and its locks, behind. What the
         * operator has set for waiting stands. */
        err =
            mqt_db_exec(load->db,
                        "set local client_min_messages = error; set local client_connection_check_interval = '2s'; "
                        "select set_config('lock_timeout', '10min', true) where current_setting('lock_timeout') = '0'",
                        detail);
    }
    if (err == MQT_OK &&
        mqt_load_statement(load, "select set_config('timezone', $1, true)", 1, params, NULL, detail) != MQT_OK) {
        err = mqt_fail_field(detail, MQT_ERR_PARAM, "time-zone", "time zone '%s' is not known", zone);
    }
    return err;
}

/* Two loads of one source would each take the other's rows for new; so would two that make the same
 * layer. Registers share units and dwellings, whatever their source. */
static void lock_name(const struct mqt_load *load, char *name, size_t size)
{
    if (load->layer_id[0] != '\0') {
        snprintf(name, size, "layer %s", load->layer_id);
    } else if (load->kind == &mqt_load_household) {
        snprintf(name, size, "registers");
    } else {
        snprintf(name, size, "%s", load->source);
    }
}

static enum mqt_err lock_by_name(struct mqt_load *load, const char *name, struct mqt_detail *detail)
{
    char got[8];
    const char *params[] = {name};
    enum mqt_err err = mqt_load_value(load, "select pg_try_advisory_xact_lock(746902, hashtext($1))", 1, params, got,
                                      sizeof got, detail);

    if (err != MQT_OK || got[0] == 't') {
        return err;
    }
    mqt_report_note(load->report, "another load of %s is under way: waiting for its end (Ctrl-C gives up)", name);
    return mqt_load_statement(load, "select pg_advisory_xact_lock(746902, hashtext($1))", 1, params, NULL, detail);
}

/* A large load of buildings or tickets takes whole tables after it has changed rows in them, and
 * buildings change tickets: two of them would wait for each other. */
enum mqt_err mqt_load_lock(struct mqt_load *load, struct mqt_detail *detail)
{
    char name[160];
    enum mqt_err err;

    lock_name(load, name, sizeof name);
    err = lock_by_name(load, name, detail);
    if (err == MQT_OK && (load->kind == &mqt_load_building || load->kind == &mqt_load_ticket)) {
        err = lock_by_name(load, "buildings or tickets", detail);
    }
    return err;
}

enum mqt_err mqt_load_explain_wait(struct mqt_load *load, enum mqt_err err, struct mqt_detail *detail)
{
    const char *state = mqt_db_sqlstate(load->db);

    if (err != MQT_ERR_DB) {
        return err;
    }
    if (strcmp(state, "55P03") == 0) {
        return mqt_fail(detail, MQT_ERR_BUSY,
                        "another load or program did not let go of the tables in time; load again");
    }
    if (strcmp(state, "40P01") == 0) {
        return mqt_fail(detail, MQT_ERR_BUSY, "another program and this load waited for each other; load again");
    }
    return err;
}
