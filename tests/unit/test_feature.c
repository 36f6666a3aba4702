/* Catalogue rows, features and tickets out of the database of MQT_TEST_DATABASE_URL. */
#include "database.h"

#include "../../schema/feature.h"
#include "../../schema/ticket.h"

static void make_layer(struct mqt_db *db)
{
    test_exec(db, "delete from twin.layer where id = 'unit_mixed'; drop table if exists layer.unit_mixed");
    test_exec(
        db,
        "create table layer.unit_mixed (id bigint primary key, \"名 称\" text, n integer, big numeric, flag boolean,"
        " geom geometry)");
    test_exec(db, "grant select on layer.unit_mixed to mqt_web");
    test_exec(db, "insert into layer.unit_mixed values "
                  "(1, '楼', 7, 1.5, true, st_makeenvelope(116.3, 39.9, 116.4, 40, 4490)),"
                  "(2, null, null, null, null, st_force3d(st_makeenvelope(116.5, 39.9, 116.6, 40, 4490))),"
                  "(3, 'no shape', 1, 1, false, null),"
                  "(4, 'empty', 1, 1, false, st_geomfromtext('POLYGON EMPTY', 4490)),"
                  "(5, 'a point', 1, 1, false, st_setsrid(st_makepoint(116, 39), 4490)),"
                  "(6, 'pole', 1, 1, false, st_makeenvelope(100, 86, 110, 89, 4490))");
    test_exec(
        db,
        "insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type, min_zoom,"
        " draw_order, attribution, style, columns, source) values ('unit_mixed', '混合', 'Mixed', 'layer.unit_mixed',"
        " 'layer.unit_mixed', 'polygon', 5, -1, '测绘院', '{\"colour\": \"#ff0000\"}',"
        " '[{\"name\": \"名 称\", \"type\": \"text\", \"title_zh\": \"名称\"}, {\"name\": \"n\", \"type\": \"int\"},"
        " {\"name\": \"big\", \"type\": \"real\"}, {\"name\": \"flag\", \"type\": \"bool\"}]', 'unit-test')");
}

static struct mqt_catalog *read_catalog(struct mqt_db *db)
{
    struct mqt_catalog *catalog = NULL;
    struct mqt_detail detail = {0};
    if (mqt_catalog_read(db, &catalog, &detail)) {
        fail_msg("%s", detail.text);
    }
    return catalog;
}

static void remove_layer(struct mqt_db *db)
{
    test_exec(db, "delete from twin.layer where id = 'unit_mixed'; drop table layer.unit_mixed");
}

static void test_catalog(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database admin = test_database_open(NULL), web = test_database_open("mqt_web");
    make_layer(admin.db);
    struct mqt_catalog *catalog = read_catalog(web.db);
    const struct mqt_catalog_layer *layer = mqt_catalog_at(catalog, 0); /* the lowest draw order */
    assert_string_equal(layer->id, "unit_mixed");
    assert_string_equal(layer->title_zh, "混合");
    assert_string_equal(layer->served_from, "layer.unit_mixed");
    assert_string_equal(layer->attribution, "测绘院");
    assert_int_equal(layer->shape, MQT_SHAPE_POLYGON);
    assert_int_equal(layer->min_zoom, 5);
    assert_int_equal(layer->max_zoom, 22);
    assert_true(layer->resident);
    assert_non_null(strstr(layer->style_json, "#ff0000"));
    assert_int_equal(layer->column_count, 4);
    assert_string_equal(layer->columns[0].name, "名 称");
    assert_string_equal(layer->columns[0].title_zh, "名称");
    assert_string_equal(layer->columns[0].title_en, "名 称");
    assert_int_equal(layer->columns[3].type, MQT_TYPE_BOOL);
    assert_ptr_equal(mqt_catalog_find(catalog, "unit_mixed"), layer);
    assert_null(mqt_catalog_find(catalog, "unit"));
    const struct mqt_catalog_layer *building = mqt_catalog_find(catalog, "building");
    assert_non_null(building);
    assert_string_equal(building->source_table, "twin.building");
    mqt_catalog_release(catalog);
    remove_layer(admin.db);
    test_database_close(&web);
    test_database_close(&admin);
}

static void expect_first(const struct mqt_layer *snapshot)
{
    struct mqt_feature feature;
    assert_true(mqt_layer_find(snapshot, 1, &feature));
    struct mqt_value name = mqt_layer_value(snapshot, feature.index, 0);
    assert_true(name.present);
    assert_int_equal(name.text.len, strlen("楼"));
    assert_memory_equal(name.text.bytes, "楼", name.text.len);
    assert_int_equal(mqt_layer_value(snapshot, feature.index, 1).integer, 7);
    assert_true(mqt_layer_value(snapshot, feature.index, 2).real == 1.5);
    assert_true(mqt_layer_value(snapshot, feature.index, 3).boolean);
    double west, north;
    mqt_grid_to_degrees((struct mqt_point){feature.box.min_x, feature.box.min_y}, &west, &north);
    assert_true(west > 116.2999 && west < 116.3001 && north > 39.9999 && north < 40.0001);
    assert_true(mqt_layer_find(snapshot, 2, &feature));
    for (size_t column = 0; column < 4; column++) {
        assert_false(mqt_layer_value(snapshot, feature.index, column).present);
    }
}

static void test_features(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database admin = test_database_open(NULL), web = test_database_open("mqt_web");
    make_layer(admin.db);
    struct mqt_catalog *catalog = read_catalog(web.db);
    const struct mqt_catalog_layer *layer = mqt_catalog_find(catalog, "unit_mixed");
    struct mqt_layer *snapshot = NULL, *next = NULL;
    struct mqt_feature_stats stats;
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_feature_load(web.db, layer, 1 << 24, &snapshot, &stats, &detail), MQT_OK);
    assert_int_equal(stats.read, 5);
    assert_int_equal(stats.refused, 3); /* empty, of another kind, beyond the map */
    assert_int_equal(mqt_layer_count(snapshot), 2);
    expect_first(snapshot);

    /* Dirty: one gone, one changed, one mended. */
    test_exec(admin.db, "delete from layer.unit_mixed where id = 2");
    test_exec(admin.db, "update layer.unit_mixed set n = 8 where id = 1");
    test_exec(admin.db, "update layer.unit_mixed set geom = st_makeenvelope(116, 39, 117, 40, 4490) where id = 4");
    const uint64_t dirty[] = {1, 2, 4, 77};
    struct mqt_layer_builder *changes = NULL;
    assert_int_equal(mqt_feature_read(web.db, layer, dirty, 4, 1 << 24, &changes, &detail), MQT_OK);
    assert_int_equal(mqt_layer_apply(snapshot, dirty, 4, changes, &next), MQT_OK);
    assert_int_equal(mqt_layer_count(next), 2);
    struct mqt_feature feature;
    assert_false(mqt_layer_find(next, 2, &feature));
    assert_true(mqt_layer_find(next, 4, &feature));
    assert_true(mqt_layer_find(next, 1, &feature));
    assert_int_equal(mqt_layer_value(next, feature.index, 1).integer, 8);
    changes = NULL;
    assert_int_equal(mqt_feature_read(web.db, layer, NULL, 0, 1 << 24, &changes, &detail), MQT_OK);
    mqt_layer_builder_free(changes);
    mqt_layer_release(next);

    assert_int_equal(mqt_feature_load(web.db, layer, 64, &next, &stats, &detail), MQT_ERR_LIMIT);
    test_exec(admin.db, "revoke select on layer.unit_mixed from mqt_web");
    assert_int_equal(mqt_feature_load(web.db, layer, 1 << 24, &next, &stats, &detail), MQT_ERR_DB);
    assert_string_equal(mqt_db_sqlstate(web.db), "42501");
    mqt_layer_release(snapshot);
    mqt_catalog_release(catalog);
    remove_layer(admin.db);
    test_database_close(&web);
    test_database_close(&admin);
}

/* Every layer that the schema brings can be read by the server's role. */
static void test_all_layers_load(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database web = test_database_open("mqt_web");
    struct mqt_catalog *catalog = read_catalog(web.db);
    assert_true(mqt_catalog_count(catalog) >= 7);
    for (size_t i = 0; i < mqt_catalog_count(catalog); i++) {
        struct mqt_layer *snapshot = NULL;
        struct mqt_feature_stats stats;
        struct mqt_detail detail = {0};
        if (mqt_feature_load(web.db, mqt_catalog_at(catalog, i), 1 << 28, &snapshot, &stats, &detail)) {
            fail_msg("%s: %s", mqt_catalog_at(catalog, i)->id, detail.text);
        }
        mqt_layer_release(snapshot);
    }
    mqt_catalog_release(catalog);
    test_database_close(&web);
}

struct tickets {
    int count;
    struct mqt_ticket_row rows[4];
    char categories[4][32];
};

static enum mqt_err take_ticket(void *user, const struct mqt_ticket_row *row)
{
    struct tickets *tickets = user;
    if (tickets->count < 4) {
        tickets->rows[tickets->count] = *row;
        (void)snprintf(tickets->categories[tickets->count], 32, "%.*s", (int)row->category.len, row->category.bytes);
    }
    tickets->count++;
    return MQT_OK;
}

static void test_tickets(void **state)
{
    (void)state;
    NEED_DATABASE();
    struct test_database admin = test_database_open(NULL), web = test_database_open("mqt_web");
    test_exec(admin.db, "delete from ticket.ticket where source = 'unit-test'");
    test_exec(admin.db,
              "insert into ticket.ticket (number, category, severity, status, reported_at, closed_at, location, source)"
              " values ('a', '供暖', 5, 'closed', '2026-11-22 08:00:00.25Z', '2026-11-22 09:00Z',"
              " st_setsrid(st_makepoint(116.3001, 39.9001), 4490), 'unit-test'),"
              " ('b', 'noise', 1, 'filed', '1969-12-31 23:59:59Z', null, null, 'unit-test')");
    uint64_t ids[2];
    ids[0] =
        (uint64_t)test_number(admin.db, "select id from ticket.ticket where number = 'a' and source = 'unit-test'");
    ids[1] =
        (uint64_t)test_number(admin.db, "select id from ticket.ticket where number = 'b' and source = 'unit-test'");
    struct tickets some = {0}, all = {0};
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_ticket_read(web.db, ids, 1, take_ticket, &some, &detail), MQT_OK);
    assert_int_equal(some.count, 1);
    assert_true(some.rows[0].id == ids[0]);
    assert_string_equal(some.categories[0], "供暖");
    assert_int_equal(some.rows[0].severity, 5);
    assert_true(some.rows[0].reported_us == 1795334400250000);
    assert_true(some.rows[0].is_closed && some.rows[0].closed_us == 1795338000000000);
    assert_true(some.rows[0].placed);
    assert_true(some.rows[0].lon_deg == 116.3); /* rounded: no building is near */
    some.count = 0;
    assert_int_equal(mqt_ticket_read(web.db, ids + 1, 1, take_ticket, &some, &detail), MQT_OK);
    assert_false(some.rows[0].placed || some.rows[0].is_closed);
    assert_true(some.rows[0].reported_us == -1000000);
    assert_int_equal(some.rows[0].building_id, 0);
    assert_int_equal(mqt_ticket_read(web.db, NULL, 0, take_ticket, &all, &detail), MQT_OK);
    assert_int_equal(all.count, test_number(admin.db, "select count(*) from ticket.ticket"));
    test_exec(admin.db, "delete from ticket.ticket where source = 'unit-test'");
    test_database_close(&web);
    test_database_close(&admin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalog),
        cmocka_unit_test(test_features),
        cmocka_unit_test(test_all_layers_load),
        cmocka_unit_test(test_tickets),
    };
    return cmocka_run_group_tests_name("feature", tests, NULL, NULL);
}
