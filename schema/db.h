/* The database: the one door to libpq.
 *
 * A pool holds a bounded number of connections, opened when first needed, each put into the given
 * role with SET ROLE. A connection belongs to one thread between take and give. A result belongs
 * to the caller until mqt_db_result_free. Values are bound, never pasted. A lost connection gives
 * MQT_ERR_UNAVAILABLE and is opened anew at the next take. Details never hold SQL or parameters.
 */
#ifndef MQT_DB_H
#define MQT_DB_H

#include "../tiles/buf.h"

#include <stdbool.h>

struct mqt_db_pool;
struct mqt_db;
struct mqt_db_result;

struct mqt_db_pool_config {
    const char *url;         /* libpq connection string or URI; NULL or "": libpq's environment */
    const char *role;        /* role to SET, such as "mqt_web" */
    const char *application; /* shown in pg_stat_activity */
    int max_connections;
    int statement_timeout_ms; /* 0: none */
    int connect_timeout_s;
};

enum mqt_err mqt_db_pool_new(const struct mqt_db_pool_config *config, struct mqt_db_pool **pool) MQT_MUST_USE;
void mqt_db_pool_free(struct mqt_db_pool *pool); /* after every connection was given back */

/* MQT_ERR_BUSY when none is free within wait_ms, MQT_ERR_UNAVAILABLE when the server is away. */
enum mqt_err mqt_db_take(struct mqt_db_pool *pool, int wait_ms, struct mqt_db **db,
                         struct mqt_detail *detail) MQT_MUST_USE;
/* An open transaction is rolled back; a broken connection is dropped. NULL is allowed. */
void mqt_db_give(struct mqt_db *db);

/* One statement; params are text (NULL entry: SQL null), bound as $1 … . result may be NULL. A
 * failure's SQLSTATE is kept for mqt_db_sqlstate. */
enum mqt_err mqt_db_query(struct mqt_db *db, const char *sql, size_t param_count, const char *const *params,
                          struct mqt_db_result **result, struct mqt_detail *detail) MQT_MUST_USE;
/* Several statements without parameters, as one simple query. */
enum mqt_err mqt_db_exec(struct mqt_db *db, const char *sql, struct mqt_detail *detail) MQT_MUST_USE;
/* Five characters, "" when the last call succeeded. Valid until the next call on db. */
const char *mqt_db_sqlstate(const struct mqt_db *db);

size_t mqt_db_rows(const struct mqt_db_result *result);
size_t mqt_db_columns(const struct mqt_db_result *result);
/* Rows changed by insert, update or delete. */
size_t mqt_db_affected(const struct mqt_db_result *result);
/* Text of a value, or NULL for SQL null; borrowed from the result. len may be NULL. */
const char *mqt_db_value(const struct mqt_db_result *result, size_t row, size_t column, size_t *len);
void mqt_db_result_free(struct mqt_db_result *result);

/* COPY (…) TO STDOUT (FORMAT binary): calls row for each tuple with its fields, in network byte
 * order as PostgreSQL's send functions write them; bytes NULL: SQL null. The fields are valid
 * during the call. An error from row ends the copy and is returned. */
struct mqt_db_field {
    const uint8_t *bytes;
    size_t len;
};
typedef enum mqt_err (*mqt_db_row_fn)(void *user, const struct mqt_db_field *fields, size_t field_count,
                                      struct mqt_detail *detail);
enum mqt_err mqt_db_copy_out(struct mqt_db *db, const char *copy_sql, mqt_db_row_fn row, void *user,
                             struct mqt_detail *detail) MQT_MUST_USE;

/* COPY … FROM STDIN: begin, any number of puts of bytes as the format wants them, end. After a
 * failure the copy is over. */
enum mqt_err mqt_db_copy_in_begin(struct mqt_db *db, const char *copy_sql, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_db_copy_in_put(struct mqt_db *db, const void *bytes, size_t len,
                                struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_db_copy_in_end(struct mqt_db *db, struct mqt_detail *detail) MQT_MUST_USE;
void mqt_db_copy_in_abort(struct mqt_db *db);

/* Waits until a notification arrives on a channel that this connection LISTENs to, extra_fd (or -1)
 * becomes readable, or wait_ms passed; woken says whether a notification came. */
enum mqt_err mqt_db_wait(struct mqt_db *db, int extra_fd, int wait_ms, bool *woken,
                         struct mqt_detail *detail) MQT_MUST_USE;

/* Appends identifier in double quotes, for names that come from the catalogue. */
void mqt_db_add_identifier(struct mqt_buf *sql, const char *identifier);
/* "schema.table" as two quoted identifiers. */
void mqt_db_add_qualified(struct mqt_buf *sql, const char *dotted_name);
/* Ids as an array of bigint, for COPY, which takes no parameters. */
void mqt_db_add_ids(struct mqt_buf *sql, const uint64_t *ids, size_t count);

#endif
