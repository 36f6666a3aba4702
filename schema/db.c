#include "db.h"

#include "copy.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_POOL = 64, MAX_PARAMS = 1000, MAX_TUPLE_BYTES = 1 << 30 };

struct mqt_db {
    struct mqt_db_pool *pool;
    PGconn *conn; /* NULL: not open */
    bool taken;
    char sqlstate[6];
};

struct mqt_db_result {
    PGresult *pg;
};

struct mqt_db_pool {
    pthread_mutex_t lock;
    pthread_cond_t given;
    char *url, *role, *application;
    int statement_timeout_ms, connect_timeout_s;
    size_t count;
    struct mqt_db slots[];
};

static void ignore_notice(void *user, const PGresult *result)
{
    (void)user;
    (void)result;
}

/* Monotonic milliseconds. */
static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum mqt_err mqt_db_pool_new(const struct mqt_db_pool_config *config, struct mqt_db_pool **out)
{
    if (config->max_connections < 1 || config->max_connections > MAX_POOL) {
        return MQT_ERR_PARAM;
    }
    size_t count = (size_t)config->max_connections;
    struct mqt_db_pool *pool = calloc(1, sizeof *pool + count * sizeof pool->slots[0]);
    if (!pool) {
        return MQT_ERR_MEMORY;
    }
    pool->url = strdup(config->url ? config->url : "");
    pool->role = strdup(config->role ? config->role : "");
    pool->application = strdup(config->application ? config->application : "minqingtu");
    pool->statement_timeout_ms = config->statement_timeout_ms;
    pool->connect_timeout_s = config->connect_timeout_s;
    pool->count = count;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->given, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&pool->lock, NULL);
    for (size_t i = 0; i < count; i++) {
        pool->slots[i].pool = pool;
    }
    if (!pool->url || !pool->role || !pool->application) {
        mqt_db_pool_free(pool);
        return MQT_ERR_MEMORY;
    }
    *out = pool;
    return MQT_OK;
}

void mqt_db_pool_free(struct mqt_db_pool *pool)
{
    if (!pool) {
        return;
    }
    for (size_t i = 0; i < pool->count; i++) {
        assert(!pool->slots[i].taken);
        PQfinish(pool->slots[i].conn);
    }
    pthread_cond_destroy(&pool->given);
    pthread_mutex_destroy(&pool->lock);
    free(pool->url);
    free(pool->role);
    free(pool->application);
    free(pool);
}

/* The first line of libpq's own words; they name host and database, never a password. */
static enum mqt_err fail_connect(struct mqt_db *db, struct mqt_detail *detail)
{
    const char *words = PQerrorMessage(db->conn);
    int len = (int)strcspn(words, "\n");
    enum mqt_err err =
        mqt_fail(detail, MQT_ERR_UNAVAILABLE, "the database cannot be reached: %.*s", len > 300 ? 300 : len, words);
    PQfinish(db->conn);
    db->conn = NULL;
    return err;
}

static enum mqt_err connect_slot(struct mqt_db *db, struct mqt_detail *detail)
{
    struct mqt_db_pool *pool = db->pool;
    char timeout[16];
    (void)snprintf(timeout, sizeof timeout, "%d", pool->connect_timeout_s > 0 ? pool->connect_timeout_s : 10);
    const char *keywords[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                              "keepalives_count", "tcp_user_timeout", "dbname",
                              "application_name", "client_encoding",  NULL};
    /* Keywords before dbname are defaults that the URL may override, those after it are not. A lost
     * network shows by keepalives while nothing is sent, by the last of them (ms) while something is. */
    const char *values[] = {timeout, "30", "10", "3", "60000", pool->url, pool->application, "UTF8", NULL};
    db->conn = PQconnectdbParams(keywords, values, 1);
    if (!db->conn) {
        return MQT_ERR_MEMORY;
    }
    if (PQstatus(db->conn) != CONNECTION_OK) {
        return fail_connect(db, detail);
    }
    (void)PQsetNoticeReceiver(db->conn, ignore_notice, NULL);

    struct mqt_buf sql;
    mqt_buf_init(&sql, 4096);
    mqt_buf_add_str(&sql, "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set standard_conforming_strings = on;");
    mqt_buf_printf(&sql, "set statement_timeout = %d;",
                   pool->statement_timeout_ms > 0 ? pool->statement_timeout_ms : 0);
    if (pool->role[0]) {
        mqt_buf_add_str(&sql, "set role ");
        mqt_db_add_identifier(&sql, pool->role);
    }
    mqt_buf_add_byte(&sql, 0);
    enum mqt_err err = mqt_buf_err(&sql);
    if (!err) {
        err = mqt_db_exec(db, (const char *)sql.data, NULL);
    }
    mqt_buf_clear(&sql);
    if (err) {
        PQfinish(db->conn);
        db->conn = NULL;
        return mqt_fail(detail, MQT_ERR_UNAVAILABLE, "the database refused the role %s", pool->role);
    }
    return MQT_OK;
}

/* A connection that the server closed meanwhile is noticed before it is handed out: its farewell is
 * read first, and the end of the stream after it. */
static bool is_alive(struct mqt_db *db)
{
    struct pollfd fd = {.fd = PQsocket(db->conn), .events = POLLIN};
    while (poll(&fd, 1, 0) > 0) {
        if (PQconsumeInput(db->conn) != 1) {
            return false;
        }
    }
    return PQstatus(db->conn) == CONNECTION_OK;
}

static struct mqt_db *find_free(struct mqt_db_pool *pool)
{
    struct mqt_db *closed = NULL;
    for (size_t i = 0; i < pool->count; i++) {
        struct mqt_db *db = &pool->slots[i];
        if (!db->taken && db->conn) {
            return db;
        }
        if (!db->taken && !closed) {
            closed = db;
        }
    }
    return closed;
}

static struct mqt_db *wait_free(struct mqt_db_pool *pool, int wait_ms)
{
    int64_t deadline = now_ms() + wait_ms;
    struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
    pthread_mutex_lock(&pool->lock);
    struct mqt_db *db = find_free(pool);
    for (int waited = 0; !db && waited == 0;) {
        waited = pthread_cond_timedwait(&pool->given, &pool->lock, &until);
        db = find_free(pool); /* also at the end of the wait: the signal may have come at that moment */
    }
    if (db) {
        db->taken = true;
    }
    pthread_mutex_unlock(&pool->lock);
    return db;
}

static void give_slot(struct mqt_db *db)
{
    pthread_mutex_lock(&db->pool->lock);
    db->taken = false;
    pthread_cond_signal(&db->pool->given);
    pthread_mutex_unlock(&db->pool->lock);
}

enum mqt_err mqt_db_take(struct mqt_db_pool *pool, int wait_ms, struct mqt_db **out, struct mqt_detail *detail)
{
    struct mqt_db *db = wait_free(pool, wait_ms > 0 ? wait_ms : 0);
    if (!db) {
        return mqt_fail(detail, MQT_ERR_BUSY, "all database connections are in use");
    }
    if (db->conn && !is_alive(db)) {
        PQfinish(db->conn);
        db->conn = NULL;
    }
    if (!db->conn) {
        enum mqt_err err = connect_slot(db, detail);
        if (err) {
            give_slot(db);
            return err;
        }
    }
    for (PGnotify *note; (note = PQnotifies(db->conn));) {
        PQfreemem(note);
    }
    db->sqlstate[0] = '\0';
    *out = db;
    return MQT_OK;
}

void mqt_db_give(struct mqt_db *db)
{
    if (!db) {
        return;
    }
    PGTransactionStatusType state = PQtransactionStatus(db->conn);
    bool clean = PQstatus(db->conn) == CONNECTION_OK && state != PQTRANS_ACTIVE && state != PQTRANS_UNKNOWN;
    if (clean && state != PQTRANS_IDLE) {
        PGresult *result = PQexec(db->conn, "rollback");
        clean = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (!clean) {
        PQfinish(db->conn);
        db->conn = NULL;
    }
    give_slot(db);
}

/* An error without a state is libpq's own: after a write that failed the connection still counts as good. */
static bool is_away(const struct mqt_db *db, const PGresult *result, const char *state)
{
    bool own = state[0] == '\0' && PQresultStatus(result) == PGRES_FATAL_ERROR;
    return own || PQstatus(db->conn) != CONNECTION_OK || strncmp(state, "08", 2) == 0 || strcmp(state, "57P01") == 0 ||
           strcmp(state, "57P02") == 0 || strcmp(state, "57P03") == 0 || strcmp(state, "53300") == 0;
}

/* The server's own message may quote values, so only the state and the object's name are told. */
static enum mqt_err fail_result(struct mqt_db *db, const PGresult *result, struct mqt_detail *detail)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    state = state ? state : "";
    (void)snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state);
    if (is_away(db, result, state)) {
        (void)snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state[0] ? state : "08006");
        return mqt_fail(detail, MQT_ERR_UNAVAILABLE, "the connection to the database was lost");
    }
    if (strcmp(state, "57014") == 0) {
        return mqt_fail(detail, MQT_ERR_TIMEOUT, "the database took longer than allowed");
    }
    const char *name = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    name = name ? name : PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
    name = name ? name : PQresultErrorField(result, PG_DIAG_TABLE_NAME);
    return mqt_fail_field(detail, MQT_ERR_DB, name ? name : "", "the database refused a statement (%s%s%s)",
                          state[0] ? state : "no state", name ? ", " : "", name ? name : "");
}

enum mqt_err mqt_db_query(struct mqt_db *db, const char *sql, size_t param_count, const char *const *params,
                          struct mqt_db_result **out, struct mqt_detail *detail)
{
    if (param_count > MAX_PARAMS) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "more than %d parameters", MAX_PARAMS);
    }
    db->sqlstate[0] = '\0';
    PGresult *pg = PQexecParams(db->conn, sql, (int)param_count, NULL, params, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(pg);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        enum mqt_err err = fail_result(db, pg, detail);
        PQclear(pg);
        return err;
    }
    if (!out) {
        PQclear(pg);
        return MQT_OK;
    }
    struct mqt_db_result *result = malloc(sizeof *result);
    if (!result) {
        PQclear(pg);
        return MQT_ERR_MEMORY;
    }
    result->pg = pg;
    *out = result;
    return MQT_OK;
}

enum mqt_err mqt_db_exec(struct mqt_db *db, const char *sql, struct mqt_detail *detail)
{
    db->sqlstate[0] = '\0';
    PGresult *pg = PQexec(db->conn, sql);
    ExecStatusType status = PQresultStatus(pg);
    enum mqt_err err = MQT_OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
        err = fail_result(db, pg, detail);
    }
    PQclear(pg);
    return err;
}

const char *mqt_db_sqlstate(const struct mqt_db *db)
{
    return db->sqlstate;
}

size_t mqt_db_rows(const struct mqt_db_result *result)
{
    return (size_t)PQntuples(result->pg);
}

size_t mqt_db_columns(const struct mqt_db_result *result)
{
    return (size_t)PQnfields(result->pg);
}

size_t mqt_db_affected(const struct mqt_db_result *result)
{
    return (size_t)strtoull(PQcmdTuples(result->pg), NULL, 10);
}

const char *mqt_db_value(const struct mqt_db_result *result, size_t row, size_t column, size_t *len)
{
    assert(row < mqt_db_rows(result) && column < mqt_db_columns(result));
    if (PQgetisnull(result->pg, (int)row, (int)column)) {
        return NULL;
    }
    if (len) {
        *len = (size_t)PQgetlength(result->pg, (int)row, (int)column);
    }
    return PQgetvalue(result->pg, (int)row, (int)column);
}

void mqt_db_result_free(struct mqt_db_result *result)
{
    if (result) {
        PQclear(result->pg);
        free(result);
    }
}

/* Reads the results that end a copy; the first refusal is told. */
static enum mqt_err end_copy(struct mqt_db *db, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    for (PGresult *result; (result = PQgetResult(db->conn));) {
        ExecStatusType status = PQresultStatus(result);
        if (!err && status != PGRES_COMMAND_OK) {
            err = fail_result(db, result, detail);
        }
        PQclear(result);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
            break; /* would come again for ever */
        }
    }
    return err;
}

static enum mqt_err begin_copy(struct mqt_db *db, const char *sql, ExecStatusType wanted, struct mqt_detail *detail)
{
    db->sqlstate[0] = '\0';
    PGresult *result = PQexec(db->conn, sql);
    enum mqt_err err = PQresultStatus(result) == wanted ? MQT_OK : fail_result(db, result, detail);
    PQclear(result);
    return err;
}

/* Stops the statement in the server, so that the rest need not be read. */
static void cancel(struct mqt_db *db)
{
    char words[256];
    PGcancel *handle = PQgetCancel(db->conn);
    if (handle) {
        (void)PQcancel(handle, words, sizeof words);
        PQfreeCancel(handle);
    }
}

enum mqt_err mqt_db_copy_out(struct mqt_db *db, const char *copy_sql, mqt_db_row_fn row, void *user,
                             struct mqt_detail *detail)
{
    enum mqt_err err = begin_copy(db, copy_sql, PGRES_COPY_OUT, detail);
    if (err) {
        return err;
    }
    struct mqt_copy_reader reader;
    mqt_copy_reader_init(&reader, MAX_TUPLE_BYTES);
    char *bytes;
    int len;
    while ((len = PQgetCopyData(db->conn, &bytes, 0)) > 0) {
        if (!err) {
            err = mqt_copy_reader_feed(&reader, (const uint8_t *)bytes, (size_t)len, row, user, detail);
            if (err) {
                cancel(db);
            }
        }
        PQfreemem(bytes);
    }
    enum mqt_err end = end_copy(db, err ? NULL : detail);
    if (!err && !end && (len != -1 || !reader.ended)) {
        end = mqt_fail(detail, MQT_ERR_UNAVAILABLE, "the copy from the database broke off");
    }
    mqt_copy_reader_clear(&reader);
    return err ? err : end;
}

enum mqt_err mqt_db_copy_in_begin(struct mqt_db *db, const char *copy_sql, struct mqt_detail *detail)
{
    return begin_copy(db, copy_sql, PGRES_COPY_IN, detail);
}

enum mqt_err mqt_db_copy_in_put(struct mqt_db *db, const void *bytes, size_t len, struct mqt_detail *detail)
{
    const char *at = bytes;
    while (len > 0) {
        int step = len > (1 << 20) ? 1 << 20 : (int)len;
        if (PQputCopyData(db->conn, at, step) != 1) {
            /* The server has refused the copy meanwhile, or it is gone. */
            enum mqt_err err = end_copy(db, detail);
            return err ? err : mqt_fail(detail, MQT_ERR_UNAVAILABLE, "the connection to the database was lost");
        }
        at += step;
        len -= (size_t)step;
    }
    return MQT_OK;
}

enum mqt_err mqt_db_copy_in_end(struct mqt_db *db, struct mqt_detail *detail)
{
    bool sent = PQputCopyEnd(db->conn, NULL) == 1;
    enum mqt_err err = end_copy(db, detail);
    if (!err && !sent) {
        err = mqt_fail(detail, MQT_ERR_UNAVAILABLE, "the connection to the database was lost");
    }
    return err;
}

void mqt_db_copy_in_abort(struct mqt_db *db)
{
    (void)PQputCopyEnd(db->conn, "given up by the client");
    enum mqt_err err = end_copy(db, NULL);
    (void)err; /* the refusal that was asked for */
}

static bool take_notifications(struct mqt_db *db)
{
    bool any = false;
    for (PGnotify *note; (note = PQnotifies(db->conn));) {
        PQfreemem(note);
        any = true;
    }
    return any;
}

enum mqt_err mqt_db_wait(struct mqt_db *db, int extra_fd, int wait_ms, bool *woken, struct mqt_detail *detail)
{
    int64_t deadline = now_ms() + (wait_ms > 0 ? wait_ms : 0);
    for (;;) {
        if (PQconsumeInput(db->conn) != 1 || PQstatus(db->conn) != CONNECTION_OK) {
            return mqt_fail(detail, MQT_ERR_UNAVAILABLE, "the connection to the database was lost");
        }
        if (take_notifications(db)) {
            *woken = true;
            return MQT_OK;
        }
        int64_t left = deadline - now_ms();
        struct pollfd fds[2] = {{.fd = PQsocket(db->conn), .events = POLLIN}, {.fd = extra_fd, .events = POLLIN}};
        int ready = poll(fds, 2, left > 0 ? (int)left : 0);
        if (ready < 0 && errno != EINTR) {
            return mqt_fail(detail, MQT_ERR_IO, "waiting for the database failed");
        }
        if (ready == 0 || (ready > 0 && fds[1].revents)) {
            *woken = false;
            return MQT_OK;
        }
    }
}

void mqt_db_add_identifier(struct mqt_buf *sql, const char *identifier)
{
    mqt_buf_add_byte(sql, '"');
    for (const char *at = identifier; *at; at++) {
        if (*at == '"') {
            mqt_buf_add_byte(sql, '"');
        }
        mqt_buf_add_byte(sql, (uint8_t)*at);
    }
    mqt_buf_add_byte(sql, '"');
}

void mqt_db_add_ids(struct mqt_buf *sql, const uint64_t *ids, size_t count)
{
    mqt_buf_add_str(sql, "'{");
    for (size_t i = 0; i < count; i++) {
        mqt_buf_printf(sql, "%s%" PRId64, i > 0 ? "," : "", (int64_t)ids[i]);
    }
    mqt_buf_add_str(sql, "}'::int8[]");
}

void mqt_db_add_qualified(struct mqt_buf *sql, const char *dotted_name)
{
    const char *dot = strchr(dotted_name, '.');
    size_t len = dot ? (size_t)(dot - dotted_name) : 0;
    char schema_name[64];
    if (dot && len < sizeof schema_name) {
        memcpy(schema_name, dotted_name, len);
        schema_name[len] = '\0';
        mqt_db_add_identifier(sql, schema_name);
        mqt_buf_add_byte(sql, '.');
        mqt_db_add_identifier(sql, dot + 1);
    } else {
        mqt_db_add_identifier(sql, dotted_name);
    }
}
