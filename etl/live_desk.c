#include "live_desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A ticket that a crash of the machine takes away is not missed: nobody waits for the disk. */
static const char PREPARE[] = "set synchronous_commit = off; set lock_timeout = '20s'";
static const char ALONE[] = "select pg_try_advisory_lock(hashtextextended('mqt-etl sample --live', 0))";

static const char USUAL[] = "select count(*) / (365 * 24.0) from ticket.ticket"
                            " where source <> 'live' and reported_at > now() - interval '1 year'";

static const char FILE_TICKET[] =
    "insert into ticket.ticket (channel, category, description, severity, address, location, source)"
    " values ($1, $2, $3, $4, nullif($5, ''), st_setsrid(st_makepoint($6, $7), 4490), 'live') returning id, number";

static const char MOVE[] =
    "update ticket.ticket set status = $3, closed_at = case when $3 = 'closed' then clock_timestamp() end"
    " where id = $1 and status = $2";

static const char ADOPT[] = "select id, number, category, severity, status from ticket.ticket"
                            " where source = 'live' and status <> 'closed' order by id";

static const char *text_at(const struct mqt_db_result *result, size_t row, size_t column)
{
    const char *text = mqt_db_value(result, row, column, NULL);
    return text ? text : "";
}

enum mqt_err mqt_desk_open(struct mqt_db *db, struct mqt_detail *detail)
{
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_exec(db, PREPARE, detail);
    if (err == MQT_OK) {
        err = mqt_db_query(db, ALONE, 0, NULL, &result, detail);
    }
    if (err == MQT_OK && strcmp(text_at(result, 0, 0), "t") != 0) {
        err = mqt_fail(detail, MQT_ERR_BUSY, "another live source works in this database already");
    }
    mqt_db_result_free(result);
    return err;
}

enum mqt_err mqt_desk_usual_rate(struct mqt_db *db, double *per_hour, struct mqt_detail *detail)
{
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_query(db, USUAL, 0, NULL, &result, detail);
    if (err == MQT_OK) {
        *per_hour = strtod(text_at(result, 0, 0), NULL);
    }
    mqt_db_result_free(result);
    return err;
}

enum mqt_err mqt_desk_file(struct mqt_db *db, const struct mqt_live_report *report, struct mqt_live_ticket *ticket,
                           struct mqt_detail *detail)
{
    char text[640];
    char severity[8];
    char lon[32];
    char lat[32];
    bool placed = report->lack == MQT_INTAKE_PLACED;
    bool named = report->lack != MQT_INTAKE_NOWHERE;
    const char *const params[] = {
        report->channel->code, report->subject->category, text, severity, named ? report->place->address : NULL,
        placed ? lon : NULL,   placed ? lat : NULL};
    struct mqt_db_result *result = NULL;
    (void)snprintf(text, sizeof text, "%s，%s", report->place->words, report->phrase);
    (void)snprintf(severity, sizeof severity, "%d", report->urgency->severity);
    (void)snprintf(lon, sizeof lon, "%.7f", report->place->lon_deg);
    (void)snprintf(lat, sizeof lat, "%.7f", report->place->lat_deg);
    enum mqt_err err = mqt_db_query(db, FILE_TICKET, 7, params, &result, detail);
    if (err == MQT_OK) {
        *ticket = (struct mqt_live_ticket){.id = strtoll(text_at(result, 0, 0), NULL, 10),
                                           .subject = report->subject,
                                           .severity = report->urgency->severity,
                                           .picture = MQT_ALBUM_NONE,
                                           .state = MQT_STATE_RECEIVED};
        (void)snprintf(ticket->number, sizeof ticket->number, "%s", text_at(result, 0, 1));
    }
    mqt_db_result_free(result);
    return err;
}

enum mqt_err mqt_desk_move(struct mqt_db *db, int64_t ticket, enum mqt_state from, enum mqt_state to, bool *moved,
                           struct mqt_detail *detail)
{
    char id[24];
    const char *const params[] = {id, mqt_state_code(from), mqt_state_code(to)};
    struct mqt_db_result *result = NULL;
    (void)snprintf(id, sizeof id, "%" PRId64, ticket);
    enum mqt_err err = mqt_db_query(db, MOVE, 3, params, &result, detail);
    if (err == MQT_OK) {
        *moved = mqt_db_affected(result) > 0;
    }
    mqt_db_result_free(result);
    return err;
}

enum mqt_err mqt_desk_adopt(struct mqt_db *db, mqt_desk_take_fn take, void *user, struct mqt_detail *detail)
{
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_query(db, ADOPT, 0, NULL, &result, detail);
    for (size_t i = 0; err == MQT_OK && i < mqt_db_rows(result); ++i) {
        struct mqt_live_ticket ticket = {.id = strtoll(text_at(result, i, 0), NULL, 10),
                                         .subject = mqt_subject_find(text_at(result, i, 2)),
                                         .severity = atoi(text_at(result, i, 3)),
                                         .picture = MQT_ALBUM_NONE};
        (void)snprintf(ticket.number, sizeof ticket.number, "%s", text_at(result, i, 1));
        if (ticket.subject && mqt_state_of_code(text_at(result, i, 4), &ticket.state)) {
            err = take(user, &ticket);
        }
    }
    mqt_db_result_free(result);
    return err;
}
