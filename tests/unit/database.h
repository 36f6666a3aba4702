/* A real database for unit tests: the one that MQT_TEST_DATABASE_URL names (as administrator).
 *
 * Tests make their own rows under the source 'unit-test' and take them away again.
 */
#ifndef MQT_TEST_DATABASE_H
#define MQT_TEST_DATABASE_H

#include "../../schema/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct test_database {
    struct mqt_db_pool *pool;
    struct mqt_db *db;
};

static inline const char *test_database_url(void)
{
    const char *url = getenv("MQT_TEST_DATABASE_URL");
    return url && url[0] ? url : NULL;
}

/* For the start of a test: without a database there is nothing to test. */
#define NEED_DATABASE()                                                                                                \
    do {                                                                                                               \
        if (!test_database_url()) {                                                                                    \
            print_message("skipped: MQT_TEST_DATABASE_URL is not set\n");                                              \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

static inline struct mqt_db_pool *test_pool(const char *role, int connections)
{
    struct mqt_db_pool_config config = {.url = test_database_url(),
                                        .role = role,
                                        .application = "mqt unit test",
                                        .max_connections = connections,
                                        .statement_timeout_ms = 20000,
                                        .connect_timeout_s = 5};
    struct mqt_db_pool *pool = NULL;
    assert_int_equal(mqt_db_pool_new(&config, &pool), MQT_OK);
    return pool;
}

static inline struct test_database test_database_open(const char *role)
{
    struct test_database database = {.pool = test_pool(role, 1)};
    struct mqt_detail detail = {0};
    if (mqt_db_take(database.pool, 1000, &database.db, &detail)) {
        fail_msg("%s", detail.text);
    }
    return database;
}

static inline void test_database_close(struct test_database *database)
{
    mqt_db_give(database->db);
    mqt_db_pool_free(database->pool);
}

static inline void test_exec(struct mqt_db *db, const char *sql)
{
    struct mqt_detail detail = {0};
    if (mqt_db_exec(db, sql, &detail)) {
        fail_msg("%s: %s", detail.text, sql);
    }
}

/* The first value of the first row as a number. */
static inline int64_t test_number(struct mqt_db *db, const char *sql)
{
    struct mqt_detail detail = {0};
    struct mqt_db_result *result = NULL;
    if (mqt_db_query(db, sql, 0, NULL, &result, &detail)) {
        fail_msg("%s: %s", detail.text, sql);
    }
    assert_true(mqt_db_rows(result) > 0);
    const char *text = mqt_db_value(result, 0, 0, NULL);
    int64_t number = text ? strtoll(text, NULL, 10) : INT64_MIN;
    mqt_db_result_free(result);
    return number;
}

#endif
