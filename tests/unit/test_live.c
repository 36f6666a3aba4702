/* Needs the database of MQT_TEST_DATABASE_URL. The threads (pthread_create) are those of live itself. */
#include "database.h"

#include "../../server/live.h"

#include <time.h>

enum { PATIENCE_MS = 10000 }; /* a busy machine, under a sanitizer */

struct fixture {
    struct test_database admin;
    struct mqt_registry *registry;
    struct mqt_live *live;
};

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nap(void)
{
    struct timespec pause = {.tv_nsec = 5000000};
    (void)nanosleep(&pause, NULL);
}

static void clear_rows(struct mqt_db *db)
{
    test_exec(db, "delete from ticket.ticket where source = 'unit-test'");
    test_exec(db, "delete from twin.building where source = 'unit-test'");
    test_exec(db, "delete from twin.facility where source = 'unit-test'");
    test_exec(db, "delete from twin.layer where source = 'unit-test'");
    test_exec(db, "drop table if exists layer.unit_test_road");
}

static struct fixture open_fixture(void)
{
    struct fixture fixture = {.admin = test_database_open(NULL)};
    clear_rows(fixture.admin.db);
    struct mqt_live_config config = {
        .database_url = test_database_url(), .role = "mqt_web", .poll_ms = 200, .heartbeat_ms = 300, .max_events = 64};
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_registry_new(1000, &fixture.registry), MQT_OK);
    assert_int_equal(mqt_live_start(&config, fixture.registry, &fixture.live, &detail), MQT_OK);
    if (mqt_live_wait_ready(fixture.live, 20000, &detail)) {
        fail_msg("%s", detail.text);
    }
    return fixture;
}

static void close_fixture(struct fixture *fixture)
{
    mqt_live_stop(fixture->live);
    mqt_registry_free(fixture->registry);
    clear_rows(fixture->admin.db);
    test_database_close(&fixture->admin);
}

static void ignore_wake(void *user)
{
    (void)user;
}

static struct mqt_live_subscription *subscribe(struct fixture *fixture, const char *last_id,
                                               const struct mqt_live_filter *filter)
{
    struct mqt_live_subscription *subscription = NULL;
    assert_int_equal(mqt_live_subscribe(fixture->live, last_id, filter, ignore_wake, NULL, &subscription), MQT_OK);
    return subscription;
}

/* The next event of that name; others are passed over. Fails when it does not come in time. */
static struct mqt_live_event expect_event(struct mqt_live_subscription *subscription, const char *name)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    while (now_ms() < deadline) {
        struct mqt_live_event event;
        if (!mqt_live_next(subscription, &event)) {
            nap();
        } else if (strcmp(event.name, name) == 0) {
            return event;
        } else {
            mqt_live_event_clear(&event);
        }
    }
    fail_msg("no %s event within %d ms", name, PATIENCE_MS);
    return (struct mqt_live_event){0};
}

static void expect_text(const struct mqt_live_event *event, const char *part)
{
    if (!strstr(event->data, part)) {
        fail_msg("%s is not in %s", part, event->data);
    }
}

static size_t count_features(struct fixture *fixture, const char *layer_id)
{
    struct mqt_registry_view *view = mqt_registry_view(fixture->registry);
    const struct mqt_registry_layer *layer = mqt_registry_find(view, layer_id);
    size_t count = layer && layer->snapshot ? mqt_layer_count(layer->snapshot) : 0;
    mqt_registry_view_release(view);
    return count;
}

static void await_features(struct fixture *fixture, const char *layer_id, size_t count)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    while (count_features(fixture, layer_id) != count && now_ms() < deadline) {
        nap();
    }
    assert_int_equal(count_features(fixture, layer_id), count);
}

static uint64_t tile_version(struct fixture *fixture, const char *layer_id, double lon_deg, double lat_deg, int z)
{
    struct mqt_point point;
    assert_true(mqt_grid_from_degrees(lon_deg, lat_deg, &point));
    struct mqt_tile tile = {z, (uint32_t)point.x >> (MQT_WORLD_BITS - z), (uint32_t)point.y >> (MQT_WORLD_BITS - z)};
    struct mqt_registry_view *view = mqt_registry_view(fixture->registry);
    const struct mqt_registry_layer *layer = mqt_registry_find(view, layer_id);
    assert_non_null(layer);
    uint64_t version = mqt_registry_tile_version(layer, tile, 4);
    mqt_registry_view_release(view);
    return version;
}

#define BUILDING_AT(lon, lat, name)                                                                                    \
    "insert into twin.building (name, height_m, geom, source) values ('" name "', 12, st_multi(st_makeenvelope(" #lon  \
    ", " #lat ", " #lon " + 0.0005, " #lat " + 0.0005, 4490)), 'unit-test')"

static void test_building_comes_and_goes(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    struct mqt_live_subscription *all = subscribe(&fixture, NULL, NULL);
    struct mqt_live_event event = expect_event(all, "heartbeat");
    expect_text(&event, "\"database\":\"up\"");
    mqt_live_event_clear(&event);

    size_t before = count_features(&fixture, "building");
    uint64_t near_before = tile_version(&fixture, "building", 116.30010, 39.83010, 17);
    uint64_t far_before = tile_version(&fixture, "building", 116.35, 39.85, 17);
    test_exec(fixture.admin.db, BUILDING_AT(116.3, 39.83, "测试楼"));
    event = expect_event(all, "change");
    expect_text(&event, "\"layer\":\"building\"");
    expect_text(&event, "\"reload\":false");
    expect_text(&event, "\"bbox\":[116.");
    mqt_live_event_clear(&event);
    assert_int_equal(count_features(&fixture, "building"), before + 1);
    assert_true(tile_version(&fixture, "building", 116.30010, 39.83010, 17) > near_before);
    assert_true(tile_version(&fixture, "building", 116.35, 39.85, 17) == far_before);

    /* Moved away: both the old and the new place change. */
    near_before = tile_version(&fixture, "building", 116.30010, 39.83010, 17);
    test_exec(fixture.admin.db, "update twin.building set geom = st_translate(geom, 0.05, 0.02) where name = '测试楼'");
    event = expect_event(all, "change");
    mqt_live_event_clear(&event);
    assert_true(tile_version(&fixture, "building", 116.30010, 39.83010, 17) > near_before);
    assert_true(tile_version(&fixture, "building", 116.35010, 39.85010, 17) > far_before);
    assert_true(tile_version(&fixture, "building", 116.32500, 39.84, 17) == far_before); /* between them */

    test_exec(fixture.admin.db, "delete from twin.building where name = '测试楼'");
    event = expect_event(all, "change");
    mqt_live_event_clear(&event);
    assert_int_equal(count_features(&fixture, "building"), before);
    mqt_live_unsubscribe(all);
    close_fixture(&fixture);
}

static void test_ticket_event(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    struct mqt_live_filter here = {.has_box = true};
    struct mqt_point place;
    assert_true(mqt_grid_from_degrees(116.3, 39.83, &place));
    here.box = (struct mqt_box){place.x - 100000, place.y - 100000, place.x + 100000, place.y + 100000};
    struct mqt_live_subscription *near = subscribe(&fixture, NULL, &here);
    struct mqt_tickets *tickets = mqt_registry_tickets(fixture.registry);
    uint64_t total = mqt_tickets_all(tickets, 0).total;

    test_exec(fixture.admin.db, BUILDING_AT(116.3, 39.83, "诉求楼"));
    test_exec(fixture.admin.db,
              "insert into ticket.ticket (number, category, severity, location, source) values "
              "('T-far', 'noise', 2, st_setsrid(st_makepoint(116.5, 39.9), 4490), 'unit-test'),"
              "('T-near', 'heating', 3, st_setsrid(st_makepoint(116.3002, 39.8302), 4490), 'unit-test')");
    struct mqt_live_event event = expect_event(near, "ticket");
    expect_text(&event, "\"number\":\"T-near\"");
    expect_text(&event, "\"op\":\"upsert\"");
    expect_text(&event, "\"category\":\"heating\"");
    expect_text(&event, "\"closed_at\":null");
    expect_text(&event, "\"lon\":116.300");
    mqt_live_event_clear(&event);
    assert_int_equal(mqt_tickets_all(tickets, 0).total, total + 2);
    uint64_t building = (uint64_t)test_number(fixture.admin.db, "select id from twin.building where name = '诉求楼'");
    struct mqt_ticket_counts counts = mqt_tickets_of_building(tickets, building, time(NULL));
    assert_int_equal(counts.open, 1);
    assert_int_equal(counts.last_30d, 1);

    test_exec(fixture.admin.db, "update ticket.ticket set status = 'closed', closed_at = clock_timestamp() "
                                "where number = 'T-near' and source = 'unit-test'");
    event = expect_event(near, "ticket");
    expect_text(&event, "\"status\":\"closed\"");
    mqt_live_event_clear(&event);
    counts = mqt_tickets_of_building(tickets, building, time(NULL));
    assert_int_equal(counts.open, 0);
    assert_int_equal(counts.total, 1);

    test_exec(fixture.admin.db, "delete from ticket.ticket where source = 'unit-test'");
    event = expect_event(near, "ticket");
    expect_text(&event, "\"op\":\"delete\"");
    mqt_live_event_clear(&event);
    assert_int_equal(mqt_tickets_all(tickets, 0).total, total);
    mqt_live_unsubscribe(near);
    close_fixture(&fixture);
}

static void test_lost_connection(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    struct mqt_live_subscription *all = subscribe(&fixture, NULL, NULL);
    size_t before = count_features(&fixture, "facility");
    for (int i = 0; i < 3; i++) {
        /* The row is committed while nobody listens. */
        test_exec(fixture.admin.db, "select pg_terminate_backend(pid) from pg_stat_activity "
                                    "where application_name = 'mqt-server live' and datname = current_database()");
        test_exec(fixture.admin.db, "insert into twin.facility (kind, name, geom, source) values ('school', '学校', "
                                    "st_setsrid(st_makepoint(116.31, 39.84), 4490), 'unit-test')");
        await_features(&fixture, "facility", before + (size_t)i + 1);
    }
    /* The last row may have been read just before the connection broke: then it comes back. */
    struct mqt_registry_status status = {0};
    for (int64_t deadline = now_ms() + PATIENCE_MS; !status.database_up && now_ms() < deadline; nap()) {
        mqt_registry_status(fixture.registry, &status);
    }
    assert_true(status.database_up);
    struct mqt_live_stats stats;
    mqt_live_stats(fixture.live, &stats);
    assert_int_equal(stats.resyncs, 1); /* it went on from its cursor */
    mqt_live_unsubscribe(all);
    close_fixture(&fixture);
}

static void test_resume(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    struct mqt_live_subscription *all = subscribe(&fixture, NULL, NULL);
    struct mqt_live_event event = expect_event(all, "heartbeat");
    char id[5000];
    (void)snprintf(id, sizeof id, "%s", event.id);
    mqt_live_event_clear(&event);
    mqt_live_unsubscribe(all);

    test_exec(fixture.admin.db, BUILDING_AT(116.3, 39.83, "重连楼"));
    int64_t deadline = now_ms() + PATIENCE_MS;
    for (struct mqt_live_stats stats = {0}; stats.events == 0 && now_ms() < deadline; nap()) {
        mqt_live_stats(fixture.live, &stats);
    }
    all = subscribe(&fixture, id, NULL);
    assert_true(mqt_live_next(all, &event)); /* first what was missed, then the heartbeat */
    assert_string_equal(event.name, "change");
    mqt_live_event_clear(&event);
    mqt_live_unsubscribe(all);

    all = subscribe(&fixture, "0123:1:1:", NULL);
    assert_true(mqt_live_next(all, &event));
    assert_string_equal(event.name, "resync");
    mqt_live_event_clear(&event);
    mqt_live_unsubscribe(all);
    close_fixture(&fixture);
}

static void add_roads(struct mqt_db *db)
{
    test_exec(db,
              "create table layer.unit_test_road (id bigint primary key, name text, lanes int, geom "
              "geometry(LineString, 4490));"
              "grant select on layer.unit_test_road to mqt_web;"
              "select feed.watch('layer.unit_test_road', 'layer', 'unit_test_road');"
              "insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type, columns, "
              "source) values "
              "('unit_test_road', '路', 'Roads', 'layer.unit_test_road', 'layer.unit_test_road', 'line',"
              " '[{\"name\": \"name\", \"type\": \"text\"}, {\"name\": \"lanes\", \"type\": \"int\"}]', 'unit-test')");
}

struct lanes {
    const struct mqt_layer *layer;
    int64_t sum, count;
};

static bool add_lanes(void *user, const struct mqt_feature *feature)
{
    struct lanes *lanes = user;
    lanes->sum += mqt_layer_value(lanes->layer, feature->index, 1).integer;
    lanes->count++;
    return true;
}

static unsigned long long road_version(struct fixture *fixture, bool *wants_compaction)
{
    struct mqt_registry_view *view = mqt_registry_view(fixture->registry);
    const struct mqt_registry_layer *road = mqt_registry_find(view, "unit_test_road");
    unsigned long long version = road->version;
    *wants_compaction = mqt_layer_wants_compaction(road->snapshot);
    mqt_registry_view_release(view);
    return version;
}

/* A snapshot with many changes is rebuilt in the background, under further changes. */
static void test_compaction(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    struct mqt_db *db = fixture.admin.db;
    add_roads(db);
    test_exec(
        db,
        "insert into layer.unit_test_road select i, 'r', 2, st_setsrid(st_makeline(st_makepoint(116 + i * 0.0001, 39),"
        "st_makepoint(116 + i * 0.0001, 39.1)), 4490) from generate_series(1, 3000) i");
    await_features(&fixture, "unit_test_road", 3000);
    int64_t deadline = now_ms() + 2 * PATIENCE_MS;
    bool waiting = true;
    for (int i = 0; (waiting || i < 20) && now_ms() < deadline; i++) {
        char sql[200];
        (void)snprintf(sql, sizeof sql,
                       "update layer.unit_test_road set lanes = %d where id = %d; "
                       "delete from layer.unit_test_road where id = %d",
                       3 + i, 1 + i, 3000 - i);
        test_exec(db, sql);
        nap();
        (void)road_version(&fixture, &waiting);
    }
    assert_false(waiting);
    await_features(&fixture, "unit_test_road", (size_t)test_number(db, "select count(*) from layer.unit_test_road"));
    struct mqt_registry_view *view = mqt_registry_view(fixture.registry);
    struct lanes lanes = {.layer = mqt_registry_find(view, "unit_test_road")->snapshot};
    assert_int_equal(mqt_layer_visit(lanes.layer, (struct mqt_box){0, 0, INT32_MAX, INT32_MAX}, add_lanes, &lanes),
                     MQT_OK);
    mqt_registry_view_release(view);
    assert_int_equal(lanes.count, test_number(db, "select count(*) from layer.unit_test_road"));
    assert_int_equal(lanes.sum, test_number(db, "select sum(lanes) from layer.unit_test_road"));

    /* The rebuilding itself is no change: nobody is told, no tile gets another version. */
    struct mqt_live_subscription *all = subscribe(&fixture, NULL, NULL);
    test_exec(db, "update layer.unit_test_road set lanes = 9 where id between 100 and 2000");
    struct mqt_live_event event = expect_event(all, "change");
    char version[40];
    (void)snprintf(version, sizeof version, "\"version\":%llu,", road_version(&fixture, &waiting));
    expect_text(&event, version);
    mqt_live_event_clear(&event);
    deadline = now_ms() + PATIENCE_MS;
    unsigned long long later = 0;
    for (waiting = true; waiting && now_ms() < deadline; nap()) {
        later = road_version(&fixture, &waiting);
    }
    assert_false(waiting);
    char unchanged[40];
    (void)snprintf(unchanged, sizeof unchanged, "\"version\":%llu,", later);
    assert_string_equal(unchanged, version);
    while (mqt_live_next(all, &event)) {
        assert_string_equal(event.name, "heartbeat");
        mqt_live_event_clear(&event);
    }
    mqt_live_unsubscribe(all);
    close_fixture(&fixture);
}

static void test_new_layer(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct fixture fixture = open_fixture();
    struct mqt_live_subscription *all = subscribe(&fixture, NULL, NULL);
    test_exec(fixture.admin.db,
              "begin;"
              "create table layer.unit_test_road (id bigint primary key, name text, lanes int, geom "
              "geometry(LineString, 4490));"
              "grant select on layer.unit_test_road to mqt_web;"
              "select feed.watch('layer.unit_test_road', 'layer', 'unit_test_road');"
              "insert into layer.unit_test_road values (1, '长安街', 10, st_geomfromtext('LINESTRING(116.3 39.9, 116.5 "
              "39.9)', 4490));"
              "insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type, columns, "
              "source) values "
              "('unit_test_road', '路', 'Roads', 'layer.unit_test_road', 'layer.unit_test_road', 'line',"
              " '[{\"name\": \"name\", \"type\": \"text\"}, {\"name\": \"lanes\", \"type\": \"int\"}]', 'unit-test');"
              "commit");
    struct mqt_live_event event = expect_event(all, "catalog");
    mqt_live_event_clear(&event);
    await_features(&fixture, "unit_test_road", 1);
    /* Too many rows in one statement: the layer is loaded anew. */
    test_exec(fixture.admin.db, "insert into layer.unit_test_road select i, 'r', 2, st_setsrid(st_makeline("
                                "st_makepoint(116 + i * 0.00001, 39), st_makepoint(116 + i * 0.00001, 39.1)), 4490) "
                                "from generate_series(2, 6001) i");
    await_features(&fixture, "unit_test_road", 6001);
    test_exec(fixture.admin.db, "truncate layer.unit_test_road");
    await_features(&fixture, "unit_test_road", 0);
    /* A layer that cannot be read does not hold up the others. */
    test_exec(fixture.admin.db, "drop table layer.unit_test_road");
    test_exec(fixture.admin.db, "update twin.layer set columns = '[]' where id = 'unit_test_road'");
    size_t before = count_features(&fixture, "building");
    test_exec(fixture.admin.db, BUILDING_AT(116.3, 39.83, "别的楼"));
    await_features(&fixture, "building", before + 1);
    test_exec(fixture.admin.db, "delete from twin.layer where id = 'unit_test_road'");
    event = expect_event(all, "catalog");
    mqt_live_event_clear(&event);
    mqt_live_unsubscribe(all);
    close_fixture(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_building_comes_and_goes),
        cmocka_unit_test(test_ticket_event),
        cmocka_unit_test(test_lost_connection),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_new_layer),
        cmocka_unit_test(test_compaction),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
