#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/registry.h"
#include "../support/wkb_make.h"

#include <pthread.h>
#include <stdatomic.h>

enum { FIRST = 1000 };

static int setup(void **state)
{
    struct mqt_registry *registry = NULL;
    assert_int_equal(mqt_registry_new(FIRST, &registry), MQT_OK);
    *state = registry;
    return 0;
}

static int teardown(void **state)
{
    mqt_registry_free(*state);
    return 0;
}

static struct mqt_catalog *catalog_of(size_t count, const char *const *ids)
{
    struct mqt_catalog_layer rows[4];
    assert_true(count <= 4);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct mqt_catalog_layer){.id = ids[i],
                                             .title_zh = "层",
                                             .title_en = "layer",
                                             .source_table = "layer.t",
                                             .served_from = "layer.t",
                                             .shape = MQT_SHAPE_POINT,
                                             .max_zoom = 22,
                                             .resident = true,
                                             .attribution = "",
                                             .style_json = "{}"};
    }
    struct mqt_catalog *catalog = NULL;
    assert_int_equal(mqt_catalog_new(rows, count, &catalog), MQT_OK);
    return catalog;
}

/* A layer of points with ids 1 .. count at 116 + i/100 E, 39.9 N. */
static struct mqt_layer *layer_of(size_t count)
{
    struct mqt_layer_builder *builder = NULL;
    struct mqt_layer *layer = NULL;
    assert_int_equal(mqt_layer_builder_new(NULL, 0, MQT_SHAPE_POINT, 1 << 20, &builder), MQT_OK);
    for (size_t i = 1; i <= count; i++) {
        uint8_t wkb[21] = {1, 1};
        double place[2] = {116 + (double)i / 100, 39.9};
        memcpy(wkb + 5, place, sizeof place);
        assert_int_equal(mqt_layer_builder_add_wkb(builder, i, wkb, sizeof wkb, NULL, NULL), MQT_OK);
    }
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

static void publish_catalog(struct mqt_registry *registry, size_t count, const char *const *ids)
{
    struct mqt_registry_update update = {.epoch = "e", .catalog = catalog_of(count, ids)};
    assert_int_equal(mqt_registry_publish(registry, &update), MQT_OK);
}

static void publish_layer(struct mqt_registry *registry, struct mqt_registry_change change)
{
    struct mqt_registry_update update = {.changes = &change, .change_count = 1};
    assert_int_equal(mqt_registry_publish(registry, &update), MQT_OK);
}

static struct mqt_box box_of(double lon_deg, double lat_deg)
{
    struct mqt_point point;
    assert_true(mqt_grid_from_degrees(lon_deg, lat_deg, &point));
    return (struct mqt_box){point.x, point.y, point.x, point.y};
}

static struct mqt_tile tile_of(double lon_deg, double lat_deg, int z)
{
    struct mqt_box box = box_of(lon_deg, lat_deg);
    return (struct mqt_tile){z, (uint32_t)box.min_x >> (MQT_WORLD_BITS - z),
                             (uint32_t)box.min_y >> (MQT_WORLD_BITS - z)};
}

static uint64_t version_at(struct mqt_registry *registry, const char *id, struct mqt_tile tile)
{
    struct mqt_registry_view *view = mqt_registry_view(registry);
    uint64_t version = mqt_registry_tile_version(mqt_registry_find(view, id), tile, 4);
    mqt_registry_view_release(view);
    return version;
}

static void test_empty(void **state)
{
    struct mqt_registry *registry = *state;
    struct mqt_registry_view *view = mqt_registry_view(registry);
    assert_string_equal(view->epoch, "");
    assert_null(view->catalog);
    assert_null(view->heat);
    assert_int_equal(view->layer_count, 0);
    assert_null(mqt_registry_find(view, "building"));
    mqt_registry_view_release(view);
    struct mqt_registry_status status;
    mqt_registry_status(registry, &status);
    assert_false(status.ready || status.database_up);
    assert_true(status.cause[0] != '\0');
}

static void test_a_view_is_one_moment(void **state)
{
    struct mqt_registry *registry = *state;
    const char *ids[] = {"a", "b"};
    publish_catalog(registry, 2, ids);
    publish_layer(registry, (struct mqt_registry_change){.layer_id = "a", .snapshot = layer_of(3), .whole = true});
    struct mqt_registry_view *before = mqt_registry_view(registry);
    const struct mqt_registry_layer *a = mqt_registry_find(before, "a");
    assert_int_equal(mqt_layer_count(a->snapshot), 3);
    assert_null(mqt_registry_find(before, "b")->snapshot);
    assert_int_equal(mqt_registry_find(before, "b")->version, 0);
    uint64_t version = a->version;
    assert_true(version >= FIRST);

    publish_layer(registry, (struct mqt_registry_change){.layer_id = "a", .snapshot = layer_of(5), .whole = true});
    publish_catalog(registry, 1, ids + 1);
    assert_int_equal(mqt_layer_count(a->snapshot), 3);
    assert_int_equal(a->version, version);
    struct mqt_registry_view *after = mqt_registry_view(registry);
    assert_null(mqt_registry_find(after, "a"));
    assert_string_equal(after->epoch, "e");
    assert_true(after->catalog_version > before->catalog_version);
    mqt_registry_view_release(after);
    mqt_registry_view_release(before);
}

static void test_tile_versions(void **state)
{
    struct mqt_registry *registry = *state;
    const char *ids[] = {"a"};
    publish_catalog(registry, 1, ids);
    struct mqt_tile here = tile_of(116.01, 39.9, 16), there = tile_of(116.05, 39.9, 16);
    assert_int_equal(version_at(registry, "a", here), 0);
    publish_layer(registry, (struct mqt_registry_change){.layer_id = "a", .snapshot = layer_of(5), .whole = true});
    uint64_t loaded = version_at(registry, "a", here);
    assert_int_equal(version_at(registry, "a", there), loaded);

    struct mqt_box box = box_of(116.01, 39.9);
    publish_layer(registry, (struct mqt_registry_change){
                                .layer_id = "a", .snapshot = layer_of(5), .boxes = &box, .box_count = 1});
    assert_true(version_at(registry, "a", here) > loaded);
    assert_int_equal(version_at(registry, "a", there), loaded);
    assert_true(version_at(registry, "a", (struct mqt_tile){0, 0, 0}) > loaded);

    /* The neighbour's buffer counts, what lies beyond it does not. */
    struct mqt_box edge = mqt_tile_box(there, 0);
    int32_t side = (int32_t)1 << (MQT_WORLD_BITS - 16);
    box = (struct mqt_box){edge.max_x + side / 100, edge.min_y, edge.max_x + side / 100, edge.min_y};
    publish_layer(registry, (struct mqt_registry_change){
                                .layer_id = "a", .snapshot = layer_of(5), .boxes = &box, .box_count = 1});
    uint64_t touched = version_at(registry, "a", there);
    assert_true(touched > loaded);
    box.min_x = box.max_x = edge.max_x + side / 50;
    publish_layer(registry, (struct mqt_registry_change){
                                .layer_id = "a", .snapshot = layer_of(5), .boxes = &box, .box_count = 1});
    assert_int_equal(version_at(registry, "a", there), touched);

    /* Another arrangement of the same features changes no version, a whole load all of them. */
    publish_layer(registry, (struct mqt_registry_change){.layer_id = "a", .snapshot = layer_of(5), .same = true});
    assert_int_equal(version_at(registry, "a", there), touched);
    publish_layer(registry, (struct mqt_registry_change){.layer_id = "a", .snapshot = layer_of(5), .whole = true});
    assert_true(version_at(registry, "a", there) > touched);
    publish_layer(registry, (struct mqt_registry_change){.layer_id = "a"});
    assert_int_equal(version_at(registry, "a", there), 0);
}

static void test_unknown_layer_is_passed_over(void **state)
{
    struct mqt_registry *registry = *state;
    const char *ids[] = {"a"};
    publish_catalog(registry, 1, ids);
    publish_layer(registry, (struct mqt_registry_change){.layer_id = "z", .snapshot = layer_of(1), .whole = true});
    struct mqt_registry_view *view = mqt_registry_view(registry);
    assert_null(mqt_registry_find(view, "z"));
    mqt_registry_view_release(view);
}

static void test_heat_and_status(void **state)
{
    struct mqt_registry *registry = *state;
    struct mqt_heat *heat = NULL;
    assert_int_equal(mqt_heat_new(NULL, 0, &heat), MQT_OK);
    struct mqt_registry_update update = {.cursor = "e:1", .heat = heat};
    assert_int_equal(mqt_registry_publish(registry, &update), MQT_OK);
    mqt_registry_set_database(registry, true, "ignored");
    mqt_registry_set_as_of(registry, 77);
    struct mqt_registry_status status;
    mqt_registry_status(registry, &status);
    assert_true(status.ready && status.database_up);
    assert_string_equal(status.cause, "");
    assert_int_equal(status.data_as_of_us, 77);
    mqt_registry_set_database(registry, false, "gone");
    mqt_registry_status(registry, &status);
    assert_false(status.database_up);
    assert_string_equal(status.cause, "gone");
    assert_int_equal(status.data_as_of_us, 77);
    struct mqt_registry_view *view = mqt_registry_view(registry);
    assert_string_equal(view->cursor, "e:1");
    assert_int_equal(view->heat_version, FIRST);
    mqt_registry_view_release(view);
}

struct reader {
    struct mqt_registry *registry;
    atomic_bool *done;
    atomic_ulong views;
    unsigned long wrong;
};

/* In every view the version of the touched tile belongs to the snapshot beside it. */
static void *read_views(void *user)
{
    struct reader *reader = user;
    struct mqt_tile tile = tile_of(116.01, 39.9, 16), other = tile_of(117, 39.9, 16);
    while (!atomic_load(reader->done)) {
        struct mqt_registry_view *view = mqt_registry_view(reader->registry);
        const struct mqt_registry_layer *layer = mqt_registry_find(view, "a");
        atomic_fetch_add(&reader->views, 1);
        reader->wrong += mqt_registry_tile_version(layer, tile, 4) != layer->version ||
                         mqt_registry_tile_version(layer, other, 4) > layer->version ||
                         mqt_layer_count(layer->snapshot) != (layer->version % 2 ? 3 : 2);
        mqt_registry_view_release(view);
    }
    return NULL;
}

static void test_readers_beside_a_writer(void **state)
{
    struct mqt_registry *registry = *state;
    const char *ids[] = {"a"};
    publish_catalog(registry, 1, ids);
    struct mqt_layer *even = layer_of(2), *odd = layer_of(3);
    struct mqt_box box = box_of(116.01, 39.9);
    /* Version FIRST + 1 is odd. */
    publish_layer(registry,
                  (struct mqt_registry_change){.layer_id = "a", .snapshot = mqt_layer_retain(odd), .whole = true});
    atomic_bool done = false;
    struct reader readers[2];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        readers[i].registry = registry;
        readers[i].done = &done;
        readers[i].wrong = 0;
        atomic_init(&readers[i].views, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, read_views, &readers[i]), 0);
    }
    /* Until both readers took part; a busy machine may start one late. */
    for (uint64_t version = FIRST + 2;
         version < FIRST + 2 * MQT_VERSIONS_MAX || !atomic_load(&readers[0].views) || !atomic_load(&readers[1].views);
         version++) {
        publish_layer(registry, (struct mqt_registry_change){.layer_id = "a",
                                                             .snapshot = mqt_layer_retain(version % 2 ? odd : even),
                                                             .boxes = &box,
                                                             .box_count = 1});
    }
    atomic_store(&done, true);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].wrong, 0);
    }
    mqt_layer_release(even);
    mqt_layer_release(odd);
}

/* A grid, number 9, around the first two points of layer_of. */
static struct mqt_layer *grid_layer(void)
{
    struct mqt_layer_builder *builder = NULL;
    struct mqt_layer *layer = NULL;
    struct mqt_box corner = box_of(116.005, 39.91), other = box_of(116.025, 39.89);
    struct mqt_point const ring[] = {{corner.min_x, corner.min_y},
                                     {other.min_x, corner.min_y},
                                     {other.min_x, other.min_y},
                                     {corner.min_x, other.min_y}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, 4096);
    wkb_put_ring(&wkb, ring, 4);
    assert_int_equal(mqt_layer_builder_new(NULL, 0, MQT_SHAPE_POLYGON, 1 << 20, &builder), MQT_OK);
    assert_int_equal(mqt_layer_builder_add_wkb(builder, 9, wkb.data, wkb.len, NULL, NULL), MQT_OK);
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    mqt_buf_clear(&wkb);
    return layer;
}

static void publish_town(struct mqt_registry *registry)
{
    const char *ids[] = {"grid", "building"};
    struct mqt_registry_change changes[] = {{.layer_id = "grid", .snapshot = grid_layer(), .whole = true},
                                            {.layer_id = "building", .snapshot = layer_of(3), .whole = true}};
    publish_catalog(registry, 2, ids);
    struct mqt_registry_update update = {.changes = changes, .change_count = 2};
    assert_int_equal(mqt_registry_publish(registry, &update), MQT_OK);
}

static void put_ticket(struct mqt_registry *registry, uint64_t id, uint64_t building_id)
{
    struct mqt_ticket const ticket = {.id = id, .building_id = building_id, .reported_s = 1000, .codes = {0, 0, 1}};
    assert_int_equal(mqt_tickets_put(mqt_registry_tickets(registry), &ticket), MQT_OK);
}

/* Buildings and tickets of the grid, and of the whole, as a new view has them. */
static void assert_grid(struct mqt_registry *registry, uint64_t buildings, uint64_t tickets, uint64_t all_buildings,
                        uint64_t all_tickets)
{
    struct mqt_registry_view *view = mqt_registry_view(registry);
    uint32_t grid = mqt_areas_find(view->areas, 9);
    assert_int_not_equal(grid, MQT_AREAS_NONE);
    assert_int_equal(mqt_areas_at(view->areas, grid)->all.buildings, buildings);
    assert_int_equal(mqt_areas_at(view->areas, MQT_AREAS_WHOLE)->all.buildings, all_buildings);
    assert_int_equal(mqt_area_tickets_all(view->area_tickets, grid).open, tickets);
    assert_int_equal(mqt_area_tickets_all(view->area_tickets, MQT_AREAS_WHOLE).open, all_tickets);
    mqt_registry_view_release(view);
}

static void test_areas_are_of_the_view(void **state)
{
    struct mqt_registry *registry = *state;
    publish_town(registry);
    assert_grid(registry, 2, 0, 3, 0);
    put_ticket(registry, 1, 2); /* seen at once, without a new view */
    put_ticket(registry, 2, 3);
    assert_grid(registry, 2, 1, 3, 2);

    struct mqt_registry_view *before = mqt_registry_view(registry);
    struct mqt_registry_update nothing = {.cursor = "e:2"};
    assert_int_equal(mqt_registry_publish(registry, &nothing), MQT_OK);
    struct mqt_registry_view *after = mqt_registry_view(registry);
    assert_ptr_equal(before->areas, after->areas);
    mqt_registry_view_release(after);

    static const uint64_t gone[] = {2, 3};
    publish_layer(registry, (struct mqt_registry_change){
                                .layer_id = "building", .snapshot = layer_of(1), .ids = gone, .id_count = 2});
    assert_grid(registry, 1, 0, 1, 2);
    assert_int_equal(mqt_areas_at(before->areas, MQT_AREAS_WHOLE)->all.buildings, 3);
    mqt_registry_view_release(before);

    struct mqt_ticket const rows[] = {{.id = 7, .building_id = 1, .reported_s = 1000, .codes = {0, 0, 1}}};
    assert_int_equal(mqt_tickets_replace(mqt_registry_tickets(registry), rows, 1), MQT_OK);
    assert_int_equal(mqt_registry_publish(registry, &nothing), MQT_OK);
    assert_grid(registry, 1, 1, 1, 1);
}

static void test_the_30_days_of_areas(void **state)
{
    struct mqt_registry *registry = *state;
    publish_town(registry);
    static const struct {
        int64_t now_s;
        uint64_t last_30d;
    } rows[] = {{999, 0}, {1000, 1}, {1000 + MQT_TICKET_RECENT_S - 1, 1}, {1000 + MQT_TICKET_RECENT_S, 0}, {2000, 1}};
    put_ticket(registry, 1, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mqt_registry_advance(registry, rows[i].now_s);
        struct mqt_registry_view *view = mqt_registry_view(registry);
        struct mqt_ticket_counts counts = mqt_area_tickets_all(view->area_tickets, mqt_areas_find(view->areas, 9));
        assert_int_equal(counts.last_30d, rows[i].last_30d);
        mqt_registry_view_release(view);
    }
}

/* The tree is of the very buildings beside it, whose figures it has. */
static void *read_areas(void *user)
{
    struct reader *reader = user;
    while (!atomic_load(reader->done)) {
        struct mqt_registry_view *view = mqt_registry_view(reader->registry);
        const struct mqt_layer *buildings = mqt_registry_find(view, "building")->snapshot;
        const struct mqt_area *whole = mqt_areas_at(view->areas, MQT_AREAS_WHOLE);
        struct mqt_ticket_counts tickets = mqt_area_tickets_all(view->area_tickets, MQT_AREAS_WHOLE);
        atomic_fetch_add(&reader->views, 1);
        reader->wrong += mqt_areas_buildings(view->areas) != buildings ||
                         whole->all.buildings != mqt_layer_count(buildings) || tickets.total > 2;
        mqt_registry_view_release(view);
    }
    return NULL;
}

static void test_readers_of_areas_beside_a_writer(void **state)
{
    struct mqt_registry *registry = *state;
    static const uint64_t third[] = {3};
    struct mqt_layer *two = layer_of(2), *three = layer_of(3);
    atomic_bool done = false;
    struct reader readers[2];
    pthread_t threads[2];
    publish_town(registry);
    for (int i = 0; i < 2; i++) {
        readers[i].registry = registry;
        readers[i].done = &done;
        readers[i].wrong = 0;
        atomic_init(&readers[i].views, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, read_areas, &readers[i]), 0);
    }
    for (uint64_t i = 0; i < 2000 || !atomic_load(&readers[0].views) || !atomic_load(&readers[1].views); i++) {
        put_ticket(registry, i % 2 + 1, i % 3 + 1);
        mqt_registry_advance(registry, (int64_t)(i % 5 * 500));
        publish_layer(registry, (struct mqt_registry_change){.layer_id = "building",
                                                             .snapshot = mqt_layer_retain(i % 2 ? two : three),
                                                             .ids = third,
                                                             .id_count = 1});
        (void)mqt_tickets_remove(mqt_registry_tickets(registry), i % 7 + 1);
    }
    atomic_store(&done, true);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].wrong, 0);
    }
    mqt_layer_release(two);
    mqt_layer_release(three);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_empty),
        TEST(test_a_view_is_one_moment),
        TEST(test_tile_versions),
        TEST(test_unknown_layer_is_passed_over),
        TEST(test_heat_and_status),
        TEST(test_readers_beside_a_writer),
        TEST(test_areas_are_of_the_view),
        TEST(test_the_30_days_of_areas),
        TEST(test_readers_of_areas_beside_a_writer),
    };
    return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
