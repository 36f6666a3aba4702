/* Needs the database of MQT_TEST_DATABASE_URL. */
#include "database.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

static void test_identifiers(void **state)
{
    (void)state;
    struct mqt_buf sql;
    mqt_buf_init(&sql, 200);
    mqt_db_add_identifier(&sql, "a\"b");
    mqt_buf_add_byte(&sql, ' ');
    mqt_db_add_qualified(&sql, "layer.roads");
    mqt_buf_add_byte(&sql, ' ');
    mqt_db_add_qualified(&sql, "x.y\"; drop table z");
    mqt_buf_add_byte(&sql, ' ');
    mqt_db_add_qualified(&sql, "plain");
    mqt_buf_add_byte(&sql, 0);
    assert_string_equal((char *)sql.data, "\"a\"\"b\" \"layer\".\"roads\" \"x\".\"y\"\"; drop table z\" \"plain\"");
    mqt_buf_clear(&sql);
}

static void test_nobody_there(void **state)
{
    (void)state;
    struct mqt_db_pool_config config = {
        .url = "host=/nonexistent/socket dbname=x password=secret", .role = "mqt_web", .max_connections = 1};
    struct mqt_db_pool *pool = NULL;
    struct mqt_db *db = NULL;
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_db_pool_new(&config, &pool), MQT_OK);
    assert_int_equal(mqt_db_take(pool, 0, &db, &detail), MQT_ERR_UNAVAILABLE);
    assert_null(db);
    assert_non_null(strstr(detail.text, "cannot be reached"));
    assert_null(strstr(detail.text, "secret"));
    assert_null(strchr(detail.text, '\n'));
    assert_int_equal(mqt_db_take(pool, 0, &db, &detail), MQT_ERR_UNAVAILABLE); /* not BUSY: the slot came back */
    mqt_db_pool_free(pool);
    config.max_connections = 0;
    assert_int_equal(mqt_db_pool_new(&config, &pool), MQT_ERR_PARAM);
}

static void test_query(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database database = test_database_open("mqt_web");
    const char *params[] = {"寒'; drop table x; --", NULL, "41"};
    struct mqt_db_result *result = NULL;
    assert_int_equal(
        mqt_db_query(database.db, "select $1::text, $2::text, $3::int + 1, current_user", 3, params, &result, NULL),
        MQT_OK);
    assert_int_equal(mqt_db_rows(result), 1);
    assert_int_equal(mqt_db_columns(result), 4);
    size_t len = 0;
    assert_string_equal(mqt_db_value(result, 0, 0, &len), params[0]);
    assert_int_equal(len, strlen(params[0]));
    assert_null(mqt_db_value(result, 0, 1, NULL));
    assert_string_equal(mqt_db_value(result, 0, 2, NULL), "42");
    assert_string_equal(mqt_db_value(result, 0, 3, NULL), "mqt_web");
    mqt_db_result_free(result);
    test_database_close(&database);
}

static void test_refusals_tell_no_values(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database database = test_database_open(NULL);
    struct mqt_detail detail = {0};
    const char *params[] = {"110105194912310021"};
    assert_int_equal(mqt_db_query(database.db, "select $1::text::date", 1, params, NULL, &detail), MQT_ERR_DB);
    assert_null(strstr(detail.text, params[0]));
    assert_null(strstr(detail.text, "select"));
    assert_string_equal(mqt_db_sqlstate(database.db), "22008");
    assert_int_equal(mqt_db_exec(database.db, "insert into ticket.ticket (severity) values (77)", &detail), MQT_ERR_DB);
    assert_string_equal(detail.field, "ticket_severity_check");
    assert_int_equal(mqt_db_exec(database.db, "set statement_timeout = 20; select pg_sleep(5)", &detail),
                     MQT_ERR_TIMEOUT);
    test_exec(database.db, "select 1");
    assert_string_equal(mqt_db_sqlstate(database.db), "");
    test_database_close(&database);
}

static void test_give_rolls_back(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database database = test_database_open(NULL);
    test_exec(database.db, "begin; create temp table half_done (x int)");
    mqt_db_give(database.db);
    assert_int_equal(mqt_db_take(database.pool, 0, &database.db, NULL), MQT_OK);
    assert_int_equal(test_number(database.db, "select count(*) from pg_class where relname = 'half_done'"), 0);
    test_database_close(&database);
}

static void test_pool_is_bounded(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct mqt_db_pool *pool = test_pool("mqt_web", 2);
    struct mqt_db *a = NULL, *b = NULL, *c = NULL;
    assert_int_equal(mqt_db_take(pool, 0, &a, NULL), MQT_OK);
    assert_int_equal(mqt_db_take(pool, 0, &b, NULL), MQT_OK);
    assert_int_equal(mqt_db_take(pool, 30, &c, NULL), MQT_ERR_BUSY);
    int64_t pid = test_number(a, "select pg_backend_pid()");
    mqt_db_give(a);
    assert_int_equal(mqt_db_take(pool, 0, &c, NULL), MQT_OK);
    assert_int_equal(test_number(c, "select pg_backend_pid()"), pid); /* the same connection again */
    mqt_db_give(b);
    mqt_db_give(c);
    mqt_db_give(NULL);
    mqt_db_pool_free(pool);
}

static void test_lost_connection_is_opened_anew(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database admin = test_database_open(NULL), database = test_database_open("mqt_web");
    char sql[100];
    (void)snprintf(sql, sizeof sql, "select pg_terminate_backend(%lld, 15000)",
                   (long long)test_number(database.db, "select pg_backend_pid()"));
    test_exec(admin.db, sql);
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_db_query(database.db, "select 1", 0, NULL, NULL, &detail), MQT_ERR_UNAVAILABLE);
    mqt_db_give(database.db);
    assert_int_equal(mqt_db_take(database.pool, 0, &database.db, NULL), MQT_OK);
    test_exec(database.db, "select 1");

    /* Cut off while it lay in the pool: nobody who takes it sees that. */
    (void)snprintf(sql, sizeof sql, "select pg_terminate_backend(%lld, 15000)",
                   (long long)test_number(database.db, "select pg_backend_pid()"));
    mqt_db_give(database.db);
    test_exec(admin.db, sql);
    assert_int_equal(mqt_db_take(database.pool, 0, &database.db, NULL), MQT_OK);
    test_exec(database.db, "select 1");
    test_database_close(&database);
    test_database_close(&admin);
}

struct counted {
    int rows, stop_after;
};

static enum mqt_err count_row(void *user, const struct mqt_db_field *fields, size_t field_count,
                              struct mqt_detail *detail)
{
    (void)detail;
    struct counted *counted = user;
    assert_int_equal(field_count, 2);
    assert_int_equal(fields[0].len, 8);
    return ++counted->rows == counted->stop_after ? MQT_ERR_LIMIT : MQT_OK;
}

static void test_copy_out(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database database = test_database_open("mqt_web");
    const char *sql = "copy (select i, 'row ' || i from generate_series(1::int8, 20000) i) to stdout (format binary)";
    struct counted counted = {0};
    assert_int_equal(mqt_db_copy_out(database.db, sql, count_row, &counted, NULL), MQT_OK);
    assert_int_equal(counted.rows, 20000);
    counted = (struct counted){.stop_after = 10};
    assert_int_equal(mqt_db_copy_out(database.db, sql, count_row, &counted, NULL), MQT_ERR_LIMIT);
    assert_int_equal(counted.rows, 10);
    test_exec(database.db, "select 1"); /* the connection is whole */
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_db_copy_out(database.db,
                                     "copy (select 1 / (i - 500), 0 from generate_series(1::int8, 1000) i) to stdout "
                                     "(format binary)",
                                     count_row, &counted, &detail),
                     MQT_ERR_DB);
    assert_string_equal(mqt_db_sqlstate(database.db), "22012");
    test_exec(database.db, "select 1");
    test_database_close(&database);
}

static void test_copy_in(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database database = test_database_open(NULL);
    test_exec(database.db, "create temp table copied (a int, b text)");
    assert_int_equal(mqt_db_copy_in_begin(database.db, "copy copied from stdin", NULL), MQT_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(mqt_db_copy_in_put(database.db, "7\t楼\n", strlen("7\t楼\n"), NULL), MQT_OK);
    }
    assert_int_equal(mqt_db_copy_in_end(database.db, NULL), MQT_OK);
    assert_int_equal(test_number(database.db, "select sum(a) from copied where b = '楼'"), 7000);

    assert_int_equal(mqt_db_copy_in_begin(database.db, "copy copied from stdin", NULL), MQT_OK);
    assert_int_equal(mqt_db_copy_in_put(database.db, "1\tx\n", 4, NULL), MQT_OK);
    mqt_db_copy_in_abort(database.db);
    assert_int_equal(test_number(database.db, "select count(*) from copied"), 1000);

    assert_int_equal(mqt_db_copy_in_begin(database.db, "copy copied from stdin", NULL), MQT_OK);
    assert_int_equal(mqt_db_copy_in_put(database.db, "no number\tx\n", 12, NULL), MQT_OK);
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_db_copy_in_end(database.db, &detail), MQT_ERR_DB);
    assert_null(strstr(detail.text, "no number"));
    assert_int_equal(test_number(database.db, "select count(*) from copied"), 1000);
    test_database_close(&database);
}

static void test_wait(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database admin = test_database_open(NULL), listener = test_database_open("mqt_web");
    bool woken = true;
    test_exec(listener.db, "listen mqt_unit_test");
    assert_int_equal(mqt_db_wait(listener.db, -1, 20, &woken, NULL), MQT_OK);
    assert_false(woken);
    test_exec(admin.db, "notify mqt_unit_test");
    assert_int_equal(mqt_db_wait(listener.db, -1, 5000, &woken, NULL), MQT_OK);
    assert_true(woken);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    time_t start = time(NULL);
    assert_int_equal(mqt_db_wait(listener.db, ends[0], 10000, &woken, NULL), MQT_OK);
    assert_false(woken);
    assert_true(time(NULL) - start < 5);
    (void)close(ends[0]);
    (void)close(ends[1]);
    test_exec(admin.db, "select pg_terminate_backend(pid) from pg_stat_activity "
                        "where datname = current_database() and query = 'listen mqt_unit_test'");
    assert_int_equal(mqt_db_wait(listener.db, -1, 5000, &woken, NULL), MQT_ERR_UNAVAILABLE);
    test_database_close(&listener);
    test_database_close(&admin);
}

struct taker {
    struct mqt_db_pool *pool;
    int queries;
};

static void *take_and_give(void *user)
{
    struct taker *taker = user;
    for (int i = 0; i < 50; i++) {
        struct mqt_db *db = NULL;
        if (mqt_db_take(taker->pool, 5000, &db, NULL) == MQT_OK) {
            taker->queries += mqt_db_query(db, "select 1", 0, NULL, NULL, NULL) == MQT_OK;
            mqt_db_give(db);
        }
    }
    return NULL;
}

static void test_threads_share_a_pool(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct mqt_db_pool *pool = test_pool("mqt_web", 2);
    struct taker takers[6];
    pthread_t threads[6];
    for (int i = 0; i < 6; i++) {
        takers[i] = (struct taker){pool, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, &takers[i]), 0);
    }
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(takers[i].queries, 50);
    }
    mqt_db_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_refusals_tell_no_values),
        cmocka_unit_test(test_give_rolls_back),
        cmocka_unit_test(test_pool_is_bounded),
        cmocka_unit_test(test_lost_connection_is_opened_anew),
        cmocka_unit_test(test_copy_out),
        cmocka_unit_test(test_copy_in),
        cmocka_unit_test(test_wait),
        cmocka_unit_test(test_threads_share_a_pool),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
