/* Needs the database of MQT_TEST_DATABASE_URL. */
#include "database.h"

#include "../../schema/feed.h"

#include <time.h>

struct fixture {
    struct test_database admin, reader;
    struct mqt_feed_cursor cursor;
};

static struct fixture open_fixture(void)
{
    struct fixture fixture = {.admin = test_database_open(NULL), .reader = test_database_open("mqt_web")};
    test_exec(fixture.admin.db, "drop table if exists layer.feed_unit");
    test_exec(fixture.admin.db, "create table layer.feed_unit (id bigint primary key, geom geometry(Point, 4490))");
    test_exec(fixture.admin.db, "select feed.watch('layer.feed_unit', 'layer', 'feed_unit')");
    return fixture;
}

static void close_fixture(struct fixture *fixture)
{
    test_exec(fixture->admin.db, "drop table layer.feed_unit");
    test_database_close(&fixture->reader);
    test_database_close(&fixture->admin);
}

static struct mqt_feed_batch read_feed(struct fixture *fixture)
{
    struct mqt_feed_batch batch = {0};
    struct mqt_detail detail = {0};
    if (mqt_feed_begin(fixture->reader.db, &fixture->cursor, &batch, &detail) ||
        mqt_feed_end(fixture->reader.db, &detail)) {
        fail_msg("%s", detail.text);
    }
    fixture->cursor = batch.cursor;
    return batch;
}

static void expect_resync(struct fixture *fixture, bool expected)
{
    struct mqt_feed_batch batch = read_feed(fixture);
    assert_int_equal(batch.resync, expected);
    assert_int_equal(batch.count, 0);
    mqt_feed_batch_clear(&batch);
}

/* Only rows older than every running transaction of the cluster can go, and other tests have theirs. */
static void prune(struct fixture *fixture)
{
    for (int tries = 0; tries < 400; tries++) {
        if (test_number(fixture->admin.db, "select feed.prune('7 days')") > 0) {
            return;
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    fail_msg("the old row was not pruned within 20 s");
}

static void test_cursor(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    expect_resync(&fixture, true);
    expect_resync(&fixture, false);
    struct mqt_feed_cursor good = fixture.cursor;
    fixture.cursor.epoch[0] = fixture.cursor.epoch[0] == 'a' ? 'b' : 'a';
    expect_resync(&fixture, true); /* another database, or a restored one */
    assert_string_equal(fixture.cursor.epoch, good.epoch);

    test_exec(fixture.admin.db, "insert into layer.feed_unit values (1, null)");
    test_exec(fixture.admin.db,
              "update feed.change set changed_at = now() - interval '9 days' where layer = 'feed_unit'");
    prune(&fixture);
    fixture.cursor = good;
    expect_resync(&fixture, true); /* what it would need was forgotten */
    test_exec(fixture.admin.db, "select feed.prune('7 days')");
    expect_resync(&fixture, false);
    close_fixture(&fixture);
}

/* A database put back from an older copy of its files has the same epoch, but its transactions begin
 * again below the cursor: they would all count as seen. */
static void test_cursor_from_the_future(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    expect_resync(&fixture, true);
    (void)snprintf(fixture.cursor.snapshot, sizeof fixture.cursor.snapshot, "4000000000:4000000000:");
    test_exec(fixture.admin.db, "insert into layer.feed_unit values (1, null)");
    expect_resync(&fixture, true);
    expect_resync(&fixture, false);
    close_fixture(&fixture);
}

static void test_rows_are_merged(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    expect_resync(&fixture, true);
    test_exec(fixture.admin.db,
              "insert into layer.feed_unit values (5, st_setsrid(st_makepoint(116.3, 39.8), 4490)), (4, null)");
    test_exec(fixture.admin.db,
              "update layer.feed_unit set geom = st_setsrid(st_makepoint(116.4, 39.9), 4490) where id = 5");
    test_exec(fixture.admin.db, "delete from layer.feed_unit where id = 5");
    struct mqt_feed_batch batch = read_feed(&fixture);
    assert_int_equal(batch.count, 2);
    assert_int_equal(batch.changes[0].feature, 4);
    assert_true(mqt_box_is_empty(batch.changes[0].box));
    assert_int_equal(batch.changes[1].feature, 5);
    assert_string_equal(batch.changes[1].layer, "feed_unit");
    struct mqt_point south_west, north_east;
    assert_true(mqt_grid_from_degrees(116.3, 39.8, &south_west) && mqt_grid_from_degrees(116.4, 39.9, &north_east));
    /* Boxes are kept as float4, rounded outwards by up to a metre. */
    assert_true(abs(batch.changes[1].box.min_x - south_west.x) < 60);
    assert_true(abs(batch.changes[1].box.max_y - south_west.y) < 60);
    assert_true(abs(batch.changes[1].box.max_x - north_east.x) < 60);
    assert_true(abs(batch.changes[1].box.min_y - north_east.y) < 60);
    mqt_feed_batch_clear(&batch);
    batch = read_feed(&fixture);
    assert_int_equal(batch.count, 0);
    mqt_feed_batch_clear(&batch);
    close_fixture(&fixture);
}

static void test_many_become_a_reload(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    expect_resync(&fixture, true);
    for (int i = 0; i < 5; i++) {
        char sql[120];
        (void)snprintf(sql, sizeof sql, "insert into layer.feed_unit select i, null from generate_series(%d, %d) i",
                       i * 5000, i * 5000 + 4999);
        test_exec(fixture.admin.db, sql);
    }
    struct mqt_feed_batch batch = read_feed(&fixture);
    assert_int_equal(batch.count, 1);
    assert_true(batch.changes[0].reload);
    mqt_feed_batch_clear(&batch);
    /* A reload swallows the single changes of its layer. */
    test_exec(fixture.admin.db,
              "update layer.feed_unit set geom = null where id < 10; select feed.reload('feed_unit')");
    batch = read_feed(&fixture);
    assert_int_equal(batch.count, 1);
    assert_true(batch.changes[0].reload);
    assert_int_equal(batch.changes[0].feature, 0);
    mqt_feed_batch_clear(&batch);
    close_fixture(&fixture);
}

static void test_old_transaction_is_not_lost(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    struct test_database slow = test_database_open(NULL);
    test_exec(slow.db, "begin; insert into layer.feed_unit values (1, null)");
    expect_resync(&fixture, true);
    test_exec(fixture.admin.db, "insert into layer.feed_unit values (2, null)");
    struct mqt_feed_batch batch = read_feed(&fixture);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.changes[0].feature, 2);
    mqt_feed_batch_clear(&batch);
    test_exec(slow.db, "commit");
    batch = read_feed(&fixture);
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.changes[0].feature, 1);
    mqt_feed_batch_clear(&batch);
    test_database_close(&slow);
    close_fixture(&fixture);
}

/* What is read between begin and end belongs to the cursor's moment. */
static void test_one_moment(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    expect_resync(&fixture, true);
    test_exec(fixture.admin.db, "grant select on layer.feed_unit to mqt_web");
    struct mqt_feed_batch batch = {0};
    assert_int_equal(mqt_feed_begin(fixture.reader.db, &fixture.cursor, &batch, NULL), MQT_OK);
    test_exec(fixture.admin.db, "insert into layer.feed_unit values (1, null)");
    assert_int_equal(test_number(fixture.reader.db, "select count(*) from layer.feed_unit"), 0);
    assert_int_equal(mqt_feed_end(fixture.reader.db, NULL), MQT_OK);
    fixture.cursor = batch.cursor;
    mqt_feed_batch_clear(&batch);
    batch = read_feed(&fixture);
    assert_int_equal(batch.count, 1);
    mqt_feed_batch_clear(&batch);
    close_fixture(&fixture);
}

static void test_notification(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    bool woken = false;
    assert_int_equal(mqt_feed_listen(fixture.reader.db, NULL), MQT_OK);
    test_exec(fixture.admin.db, "insert into layer.feed_unit values (1, null)");
    assert_int_equal(mqt_db_wait(fixture.reader.db, -1, 5000, &woken, NULL), MQT_OK);
    assert_true(woken);
    close_fixture(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_cursor_from_the_future),
        cmocka_unit_test(test_rows_are_merged),
        cmocka_unit_test(test_many_become_a_reload),
        cmocka_unit_test(test_old_transaction_is_not_lost),
        cmocka_unit_test(test_one_moment),
        cmocka_unit_test(test_notification),
    };
    return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
