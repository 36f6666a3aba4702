/* The change feed under adverse writers: sixteen connections that commit in another order than they
 * took their ids, one that sits idle in a transaction, readers that are cut off again and again.
 * Every committed row must be delivered exactly once. Needs the database of MQT_TEST_DATABASE_URL.
 */
#include "database.h"

#include "../../schema/feed.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { WRITERS = 16, ROUNDS = 25, ROWS = 4, IDLE_ROW = WRITERS * ROUNDS * ROWS, MAX_ROWS };

#define READER_NAME "mqt feed reader"

struct writer {
    pthread_t thread;
    struct mqt_db_pool *pool;
    int number;
    atomic_int *running;
    bool failed;
};

struct reader {
    struct mqt_db_pool *pool;
    struct mqt_db *db;
    struct mqt_feed_cursor cursor;
    unsigned char seen[MAX_ROWS]; /* by feature id */
    int resyncs, lost;
};

static void pause_us(long us)
{
    struct timespec pause = {.tv_nsec = us * 1000};
    (void)nanosleep(&pause, NULL);
}

static const char cut_sql[] = "select pg_terminate_backend(pid) from pg_stat_activity "
                              "where datname = current_database() and application_name = '" READER_NAME "'";

/* Each round: rows in two statements with a pause between them, so that transactions overlap; every
 * seventh is rolled back, some use a savepoint. */
static void *write_rows(void *user)
{
    struct writer *writer = user;
    struct mqt_db *db = NULL;
    unsigned seed = (unsigned)writer->number * 7919 + 1;
    writer->failed = mqt_db_take(writer->pool, 5000, &db, NULL) != MQT_OK;
    for (int round = 0; round < ROUNDS && !writer->failed; round++) {
        char sql[600];
        int first = (writer->number * ROUNDS + round) * ROWS;
        bool undo = (round + writer->number) % 7 == 6;
        (void)snprintf(sql, sizeof sql,
                       "begin; insert into layer.feed_test values (%d, null), (%d, null); select pg_sleep(%d * 0.0001);"
                       "savepoint s; insert into layer.feed_test values (%d, null); rollback to s;"
                       "insert into layer.feed_test values (%d, null), (%d, null); %s",
                       first, first + 1, rand_r(&seed) % 100, first + 2, first + 2, first + 3,
                       undo ? "rollback" : "commit");
        writer->failed = mqt_db_exec(db, sql, NULL) != MQT_OK;
        if (writer->number == 0 && round % 4 == 3) { /* the reader is cut off, whatever it is doing */
            writer->failed = writer->failed || mqt_db_exec(db, cut_sql, NULL) != MQT_OK;
        }
    }
    mqt_db_give(db);
    atomic_fetch_sub(writer->running, 1);
    return NULL;
}

static bool connect_reader(struct reader *reader)
{
    if (!reader->db && mqt_db_take(reader->pool, 1000, &reader->db, NULL)) {
        return false;
    }
    return mqt_feed_listen(reader->db, NULL) == MQT_OK;
}

static void lose_reader(struct reader *reader)
{
    mqt_db_give(reader->db);
    reader->db = NULL;
    reader->lost++;
}

/* One reading; rows count only once the reading is complete, as a reader that applies them would. */
static bool read_once(struct reader *reader)
{
    struct mqt_feed_batch batch = {0};
    if (mqt_feed_begin(reader->db, &reader->cursor, &batch, NULL)) {
        return false;
    }
    bool whole = mqt_feed_end(reader->db, NULL) == MQT_OK;
    for (size_t i = 0; whole && i < batch.count; i++) {
        if (strcmp(batch.changes[i].layer, "feed_test") == 0 && batch.changes[i].feature < MAX_ROWS) {
            reader->seen[batch.changes[i].feature]++;
        }
    }
    reader->resyncs += whole && batch.resync;
    reader->cursor = whole ? batch.cursor : reader->cursor;
    mqt_feed_batch_clear(&batch);
    return whole;
}

static void read_and_wait(struct reader *reader, int wait_ms)
{
    bool woken = false;
    if (!reader->db && !connect_reader(reader)) {
        pause_us(5000);
    } else if (!read_once(reader) || mqt_db_wait(reader->db, -1, wait_ms, &woken, NULL)) {
        lose_reader(reader);
    }
}

static void make_table(struct mqt_db *db)
{
    test_exec(db, "drop table if exists layer.feed_test");
    test_exec(db, "create table layer.feed_test (id bigint primary key, geom geometry(Point, 4490))");
    test_exec(db, "select feed.watch('layer.feed_test', 'layer', 'feed_test')");
}

static size_t count_seen(const struct reader *reader, int times)
{
    size_t count = 0;
    for (size_t i = 0; i < MAX_ROWS; i++) {
        count += reader->seen[i] == times;
    }
    return count;
}

static void start_writers(struct writer writers[WRITERS], struct mqt_db_pool *pool, atomic_int *running)
{
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.pool = pool, .number = i, .running = running};
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_rows, &writers[i]), 0);
    }
}

static void test_adverse_writers(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database admin = test_database_open(NULL), idle = test_database_open(NULL);
    make_table(admin.db);
    struct reader *reader = calloc(1, sizeof *reader);
    assert_non_null(reader);
    struct mqt_db_pool_config config = {
        .url = test_database_url(), .role = "mqt_web", .application = READER_NAME, .max_connections = 1};
    assert_int_equal(mqt_db_pool_new(&config, &reader->pool), MQT_OK);
    assert_true(connect_reader(reader));
    assert_true(read_once(reader));
    assert_int_equal(reader->resyncs, 1); /* a reader without a cursor begins with everything */

    /* Older than all others, and committed last. */
    test_exec(idle.db, "begin");
    char sql[100];
    (void)snprintf(sql, sizeof sql, "insert into layer.feed_test values (%d, null)", IDLE_ROW);
    test_exec(idle.db, sql);
    struct writer writers[WRITERS];
    struct mqt_db_pool *pool = test_pool(NULL, WRITERS);
    atomic_int running = WRITERS;
    start_writers(writers, pool, &running);
    while (atomic_load(&running) > 0) {
        read_and_wait(reader, 10);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        assert_false(writers[i].failed);
    }
    for (int i = 0; i < 5; i++) {
        read_and_wait(reader, 10);
    }
    size_t committed = (size_t)test_number(admin.db, "select count(*) from layer.feed_test");
    assert_true(committed > WRITERS * ROUNDS * ROWS / 2);
    assert_int_equal(count_seen(reader, 1), committed); /* the idle one does not hold up the others */
    assert_int_equal(reader->seen[IDLE_ROW], 0);
    test_exec(idle.db, "commit");
    for (int i = 0; i < 3; i++) {
        read_and_wait(reader, 10);
    }
    assert_int_equal(reader->seen[IDLE_ROW], 1);
    assert_int_equal(count_seen(reader, 1), committed + 1);
    assert_int_equal(count_seen(reader, 0), MAX_ROWS - committed - 1); /* nothing twice, nothing undone */
    assert_true(reader->lost > 0);
    assert_int_equal(reader->resyncs, 1);
    print_message("%zu rows, connection lost %d times\n", committed + 1, reader->lost);

    test_exec(admin.db, "drop table layer.feed_test");
    mqt_db_give(reader->db);
    mqt_db_pool_free(reader->pool);
    mqt_db_pool_free(pool);
    free(reader);
    test_database_close(&idle);
    test_database_close(&admin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_adverse_writers)};
    return cmocka_run_group_tests_name("feed under adverse writers", tests, NULL, NULL);
}
