#include "../../tiles/mvt.h"
#include "../support/mvt_read.h"
#include "../support/wkb_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_BYTES ((size_t)1 << 28)

/* A corner of z14 tile (13489, 6200), in Beijing. */
static const struct mqt_tile TILE = {14, 13489, 6200};

static struct mqt_point corner(struct mqt_tile tile)
{
    struct mqt_box box = mqt_tile_box(tile, 0);
    return (struct mqt_point){box.min_x, box.min_y};
}

static struct mqt_layer_builder *builder_of(enum mqt_shape shape)
{
    static const struct mqt_column columns[] = {{"name", MQT_TYPE_TEXT},
                                                {"height_m", MQT_TYPE_REAL},
                                                {"floors", MQT_TYPE_INT},
                                                {"open", MQT_TYPE_BOOL},
                                                {"floors_below", MQT_TYPE_INT}};
    struct mqt_layer_builder *builder = NULL;
    assert_int_equal(mqt_layer_builder_new(columns, 5, shape, MAX_BYTES, &builder), MQT_OK);
    return builder;
}

/* Adds well-known binary and clears it. */
static void add(struct mqt_layer_builder *builder, uint64_t id, struct mqt_buf *wkb)
{
    const struct mqt_value values[5] = {
        {.present = true, .type = MQT_TYPE_TEXT, .text = {"\xe6\xa5\xbc", 3}},
        {.present = true, .type = MQT_TYPE_REAL, .real = 9.6},
        {.present = true, .type = MQT_TYPE_INT, .integer = (int64_t)(id % 3)},
        {.present = id % 2 == 0, .type = MQT_TYPE_BOOL, .boolean = true},
        {.present = true, .type = MQT_TYPE_INT, .integer = -1},
    };
    struct mqt_detail detail = {{0}, {0}};
    enum mqt_err err = mqt_layer_builder_add_wkb(builder, id, wkb->data, wkb->len, values, &detail);
    if (err) {
        fail_msg("feature %llu: %s", (unsigned long long)id, detail.text);
    }
    mqt_buf_clear(wkb);
}

static void add_ring(struct mqt_layer_builder *builder, uint64_t id, const struct mqt_point *points, size_t count)
{
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, points, count);
    add(builder, id, &wkb);
}

static void add_rectangle(struct mqt_layer_builder *builder, uint64_t id, struct mqt_point at, int32_t w, int32_t h)
{
    struct mqt_point ring[4] = {{at.x, at.y}, {at.x + w, at.y}, {at.x + w, at.y + h}, {at.x, at.y + h}};
    add_ring(builder, id, ring, 4);
}

static struct mqt_layer *finish(struct mqt_layer_builder *builder)
{
    struct mqt_layer *layer = NULL;
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

/* Encodes, reads back strictly and checks every polygon. An empty tile has no layers. */
static struct mvt_tile encode(const struct mqt_layer *layer, struct mqt_tile at, size_t budget,
                              struct mqt_mvt_stats *stats)
{
    char why[200] = "";
    struct mvt_tile tile = {0};
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_BYTES);
    assert_int_equal(mqt_mvt_encode(layer, "building", at, budget, &out, stats), MQT_OK);
    if (budget > 0) {
        assert_true(out.len <= budget);
    }
    if (!mvt_read(out.data, out.len, &tile, why, sizeof why)) {
        fail_msg("z%d: %s", at.z, why);
    }
    for (size_t i = 0; tile.layer_count > 0 && i < tile.layers[0].feature_count; i++) {
        if (!mvt_polygon_valid(&tile.layers[0].features[i], why, sizeof why)) {
            fail_msg("z%d: %s", at.z, why);
        }
    }
    mqt_buf_clear(&out);
    return tile;
}

static void test_rectangle_in_tile_units(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    /* A unit at z14 is 32 world units. Wound against the clock, to see it turned round. */
    struct mqt_point ring[4] = {
        {at.x + 320, at.y + 640}, {at.x + 320, at.y + 960}, {at.x + 3200, at.y + 960}, {at.x + 3200, at.y + 640}};
    add_ring(builder, 42, ring, 4);
    struct mqt_layer *layer = finish(builder);
    struct mqt_mvt_stats stats;
    struct mvt_tile tile = encode(layer, TILE, 0, &stats);
    assert_int_equal(tile.layer_count, 1);
    assert_string_equal(tile.layers[0].name, "building");
    assert_int_equal(tile.layers[0].extent, 4096);
    assert_int_equal(tile.layers[0].feature_count, 1);
    const struct mvt_feature *feature = &tile.layers[0].features[0];
    assert_int_equal(feature->id, 42);
    assert_int_equal(feature->type, 3);
    assert_int_equal(feature->point_count, 4);
    assert_int_equal(mvt_area2(feature), 2 * 90 * 10);
    for (size_t i = 0; i < 4; i++) {
        assert_true(feature->points[i].x == 10 || feature->points[i].x == 100);
        assert_true(feature->points[i].y == 20 || feature->points[i].y == 30);
    }
    assert_int_equal(stats.features, 1);
    assert_int_equal(stats.vertices, 4);
    assert_int_equal(stats.dropped, 0);
    mvt_free(&tile);
    mqt_layer_release(layer);
}

static void test_attributes(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    for (uint64_t id = 1; id <= 6; id++) {
        add_rectangle(builder, id, (struct mqt_point){at.x + (int32_t)id * 2000, at.y + 2000}, 1000, 1000);
    }
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0, NULL);
    const struct mvt_layer *read = &tile.layers[0];
    assert_int_equal(read->feature_count, 6);
    assert_int_equal(read->key_count, 5);
    assert_int_equal(read->value_count, 1 + 1 + 3 + 1 + 1);
    for (uint64_t id = 1; id <= 6; id++) {
        const struct mvt_feature *feature = mvt_find(read, id);
        assert_non_null(feature);
        assert_string_equal(mvt_value_of(read, feature, "name")->text, "\xe6\xa5\xbc");
        assert_true(mvt_value_of(read, feature, "height_m")->number == 9.6);
        assert_int_equal(mvt_value_of(read, feature, "floors")->integer, id % 3);
        assert_int_equal(mvt_value_of(read, feature, "floors_below")->integer, -1);
        assert_int_equal(mvt_value_of(read, feature, "open") != NULL, id % 2 == 0);
    }
    mvt_free(&tile);
    mqt_layer_release(layer);
}

static void test_empty_tile_appends_nothing(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    add_rectangle(builder, 1, corner(TILE), 1000, 1000);
    struct mqt_layer *layer = finish(builder);
    struct mqt_tile elsewhere = {14, TILE.x + 5, TILE.y};
    struct mvt_tile tile = encode(layer, elsewhere, 0, NULL);
    assert_int_equal(tile.layer_count, 0);
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_BYTES);
    const struct mqt_tile wrong[] = {{14, 1 << 14, 0}, {14, 0, 1 << 14}, {-1, 0, 0}, {23, 0, 0}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(mqt_mvt_encode(layer, "building", wrong[i], 0, &out, NULL), MQT_ERR_PARAM);
    }
    assert_int_equal(out.len, 0);
    mqt_buf_clear(&out);
    mqt_layer_release(layer);
}

static void test_clipped_to_the_buffer(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    add_rectangle(builder, 1, (struct mqt_point){at.x - 400000, at.y - 400000}, 900000, 900000);
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0, NULL);
    assert_int_equal(mvt_area2(&tile.layers[0].features[0]), 2 * (4096 + 128) * (4096 + 128));
    mvt_free(&tile);
    mqt_layer_release(layer);
}

/* A comb whose teeth cross the tile's edge: clipping leaves several pieces, none joined along the edge. */
static void test_comb_falls_into_teeth(void **state)
{
    (void)state;
    enum { TEETH = 5 };
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    struct mqt_point ring[TEETH * 4];
    size_t count = 0;
    int32_t outside = at.x - 10000;
    for (int32_t i = 0; i < TEETH; i++) {
        ring[count++] = (struct mqt_point){i == 0 ? outside - 5000 : outside, at.y + 2000 + i * 4000};
        ring[count++] = (struct mqt_point){at.x + 20000, at.y + 2000 + i * 4000};
        ring[count++] = (struct mqt_point){at.x + 20000, at.y + 4000 + i * 4000};
        ring[count++] = (struct mqt_point){i == TEETH - 1 ? outside - 5000 : outside, at.y + 4000 + i * 4000};
    }
    add_ring(builder, 1, ring, count);
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0, NULL);
    assert_int_equal(tile.layers[0].features[0].part_count, TEETH);
    mvt_free(&tile);
    mqt_layer_release(layer);
}

static void test_hole_and_parts(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    struct mqt_point outer[4] = {
        {at.x + 3200, at.y + 3200}, {at.x + 6400, at.y + 3200}, {at.x + 6400, at.y + 6400}, {at.x + 3200, at.y + 6400}};
    struct mqt_point hole[4] = {
        {at.x + 4000, at.y + 4000}, {at.x + 4800, at.y + 4000}, {at.x + 4800, at.y + 4800}, {at.x + 4000, at.y + 4800}};
    struct mqt_point island[3] = {
        {at.x + 32000, at.y + 32000}, {at.x + 35200, at.y + 32000}, {at.x + 32000, at.y + 35200}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_head(&wkb, WKB_MULTIPOLYGON);
    wkb_put_count(&wkb, 2);
    wkb_put_head(&wkb, WKB_POLYGON);
    wkb_put_count(&wkb, 2);
    wkb_put_world(&wkb, outer, 4, true);
    wkb_put_world(&wkb, hole, 4, true);
    wkb_put_ring(&wkb, island, 3);
    add(builder, 7, &wkb);
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0, NULL);
    const struct mvt_feature *feature = &tile.layers[0].features[0];
    assert_int_equal(feature->part_count, 3);
    assert_int_equal(mvt_area2(feature), 2 * (100 * 100 - 25 * 25) + 100 * 100);
    mvt_free(&tile);
    struct mqt_tile far = {4, TILE.x >> 10, TILE.y >> 10}; /* a unit is 32768 world units there */
    tile = encode(layer, far, 0, NULL);
    assert_int_equal(tile.layer_count, 0);
    mqt_layer_release(layer);
}

static void test_lines(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_LINE);
    struct mqt_point at = corner(TILE);
    /* In, far out over the right edge, and in again. */
    struct mqt_point line[4] = {{at.x + 3200, at.y + 3200},
                                {at.x + 400000, at.y + 3200},
                                {at.x + 400000, at.y + 6400},
                                {at.x + 3200, at.y + 6400}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_head(&wkb, WKB_LINE);
    wkb_put_world(&wkb, line, 4, false);
    add(builder, 9, &wkb);
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0, NULL);
    const struct mvt_feature *feature = &tile.layers[0].features[0];
    assert_int_equal(feature->type, 2);
    assert_int_equal(feature->part_count, 2);
    assert_int_equal(feature->points[0].x, 100);
    assert_int_equal(feature->points[1].x, 4096 + 64);
    assert_int_equal(feature->points[1].y, 100);
    assert_int_equal(feature->points[2].x, 4096 + 64);
    assert_int_equal(feature->points[3].y, 200);
    mvt_free(&tile);
    mqt_layer_release(layer);
}

/* Every point is in exactly one tile of its zoom. */
static void test_points(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POINT);
    struct mqt_point at = corner(TILE);
    struct mqt_point spots[4] = {
        {at.x, at.y}, {at.x + 131071, at.y + 5}, {at.x + 131072, at.y}, {at.x + 64, at.y + 96}};
    for (uint64_t id = 1; id <= 4; id++) {
        struct mqt_buf wkb;
        double lon_deg;
        double lat_deg;
        mqt_buf_init(&wkb, MAX_BYTES);
        mqt_grid_to_degrees(spots[id - 1], &lon_deg, &lat_deg);
        wkb_put_head(&wkb, WKB_POINT);
        wkb_put_position(&wkb, lon_deg, lat_deg);
        add(builder, id, &wkb);
    }
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0, NULL);
    assert_int_equal(tile.layers[0].feature_count, 3);
    assert_null(mvt_find(&tile.layers[0], 3));
    assert_int_equal(mvt_find(&tile.layers[0], 4)->points[0].x, 2);
    assert_int_equal(mvt_find(&tile.layers[0], 4)->points[0].y, 3);
    mvt_free(&tile);
    struct mqt_tile right = {14, TILE.x + 1, TILE.y};
    tile = encode(layer, right, 0, NULL);
    assert_int_equal(tile.layers[0].feature_count, 1);
    assert_non_null(mvt_find(&tile.layers[0], 3));
    mvt_free(&tile);
    mqt_layer_release(layer);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* A star around a point: simple, since its points go once round, and spiky. */
static void add_star(struct mqt_layer_builder *builder, uint64_t id, struct mqt_point at, int32_t radius,
                     uint32_t *seed)
{
    static const int8_t way[16][2] = {{100, 0},  {92, 38},  {71, 71},  {38, 92},   {0, 100},   {-38, 92},
                                      {-71, 71}, {-92, 38}, {-100, 0}, {-92, -38}, {-71, -71}, {-38, -92},
                                      {0, -100}, {38, -92}, {71, -71}, {92, -38}};
    struct mqt_point ring[16];
    for (size_t i = 0; i < 16; i++) {
        int32_t r = radius / 20 + (int32_t)(next_random(seed) % (uint32_t)radius);
        ring[i] = (struct mqt_point){at.x + way[i][0] * r / 100, at.y + way[i][1] * r / 100};
    }
    add_ring(builder, id, ring, 16);
}

/* Whatever the zoom does to thin and spiky shapes, what is written is valid. */
static void test_random_shapes_stay_valid(void **state)
{
    (void)state;
    uint32_t seed = 7;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    for (uint64_t id = 1; id <= 3000; id++) {
        struct mqt_point place = {at.x + (int32_t)(next_random(&seed) % 131072),
                                  at.y + (int32_t)(next_random(&seed) % 131072)};
        add_star(builder, id, place, 40 + (int32_t)(next_random(&seed) % (id % 10 == 0 ? 20000 : 1500)), &seed);
    }
    struct mqt_layer *layer = finish(builder);
    size_t written = 0;
    for (int z = 8; z <= 20; z++) {
        for (uint32_t i = 0; i < 4; i++) {
            struct mqt_tile tile_at = {z, 0, 0};
            uint32_t x = (uint32_t)at.x + 131072 / 5 * i;
            tile_at.x = x >> (31 - z);
            tile_at.y = ((uint32_t)at.y + 60000) >> (31 - z);
            struct mvt_tile tile = encode(layer, tile_at, 0, NULL);
            written += tile.layer_count ? tile.layers[0].feature_count : 0;
            mvt_free(&tile);
        }
    }
    assert_true(written > 10000);
    mqt_layer_release(layer);
}

/* A scribble with half a million crossings must cost a bounded time, and still be there. */
static void test_scribble_is_bounded(void **state)
{
    (void)state;
    enum { POINTS = 3000 };
    uint32_t seed = 5;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    struct mqt_point *ring = calloc(POINTS, sizeof *ring);
    for (size_t i = 0; i < POINTS; i++) {
        ring[i] = (struct mqt_point){at.x + (int32_t)(next_random(&seed) % 60000),
                                     at.y + (int32_t)(next_random(&seed) % 60000)};
    }
    add_ring(builder, 1, ring, POINTS);
    free(ring);
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0, NULL);
    assert_int_equal(tile.layers[0].feature_count, 1);
    assert_true(mvt_area2(&tile.layers[0].features[0]) > 2 * 1000 * 1000);
    mvt_free(&tile);
    mqt_layer_release(layer);
}

/* A feature that is several tiles wide has the same outline in each of them: areas add up. */
static void test_tiles_join_without_gaps(void **state)
{
    (void)state;
    uint32_t seed = 3;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    add_star(builder, 1, (struct mqt_point){at.x + 5, at.y + 7}, 100000, &seed);
    struct mqt_layer *layer = finish(builder);
    for (uint32_t i = 0; i < 2; i++) {
        struct mqt_tile left = {14, TILE.x - 1, TILE.y - i};
        struct mqt_tile right = {14, TILE.x, TILE.y - i};
        struct mvt_tile a = encode(layer, left, 0, NULL);
        struct mvt_tile b = encode(layer, right, 0, NULL);
        const struct mvt_feature *from = &a.layers[0].features[0];
        const struct mvt_feature *to = &b.layers[0].features[0];
        size_t shared = 0;
        for (size_t j = 0; j < from->point_count; j++) {
            for (size_t k = 0; k < to->point_count; k++) {
                shared += from->points[j].x == to->points[k].x + 4096 && from->points[j].y == to->points[k].y;
            }
        }
        assert_true(shared >= 1); /* points within both buffers are the same points */
        mvt_free(&a);
        mvt_free(&b);
    }
    mqt_layer_release(layer);
}

static void test_budget_leaves_out_the_smallest_everywhere(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    uint64_t id = 0;
    for (int32_t y = 0; y < 60; y++) {
        for (int32_t x = 0; x < 60; x++) {
            /* Large ones on the even places. */
            int32_t size = (x + y) % 2 == 0 ? 1600 : 800;
            add_rectangle(builder, ++id, (struct mqt_point){at.x + x * 2180, at.y + y * 2180}, size, size);
        }
    }
    struct mqt_layer *layer = finish(builder);
    struct mqt_mvt_stats all;
    struct mqt_mvt_stats some;
    struct mvt_tile tile = encode(layer, TILE, 0, &all);
    assert_int_equal(tile.layers[0].feature_count, 3600);
    mvt_free(&tile);
    enum { BUDGET = 40000 };
    tile = encode(layer, TILE, BUDGET, &some);
    size_t large = 0;
    size_t quarters[4] = {0};
    for (size_t i = 0; i < tile.layers[0].feature_count; i++) {
        const struct mvt_feature *feature = &tile.layers[0].features[i];
        large += mvt_area2(feature) == 2 * 50 * 50;
        quarters[(feature->points[0].x > 2048) + 2 * (feature->points[0].y > 2048)]++;
    }
    assert_int_equal(some.features, tile.layers[0].feature_count);
    assert_int_equal(some.features + some.dropped, 3600);
    assert_true(some.features > 900 && some.features < 1700);
    assert_int_equal(large, some.features);
    for (size_t i = 0; i < 4; i++) {
        assert_true(quarters[i] > some.features / 5);
    }
    mvt_free(&tile);
    tile = encode(layer, TILE, 10, &some);
    assert_int_equal(tile.layer_count, 0);
    assert_int_equal(some.dropped, 3600);
    mqt_layer_release(layer);
}

static void test_changed_layer_shows_the_change(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_point at = corner(TILE);
    for (uint64_t id = 1; id <= 40; id++) {
        add_rectangle(builder, id, (struct mqt_point){at.x + (int32_t)id * 2000, at.y + 2000}, 1000, 1000);
    }
    struct mqt_layer *base = finish(builder);
    struct mqt_layer_builder *changes = builder_of(MQT_SHAPE_POLYGON);
    add_rectangle(changes, 5, (struct mqt_point){at.x + 64000, at.y + 64000}, 3200, 3200);
    add_rectangle(changes, 99, (struct mqt_point){at.x + 80000, at.y + 64000}, 3200, 3200);
    const uint64_t removed[] = {7, 8, 1234};
    struct mqt_layer *changed = NULL;
    assert_int_equal(mqt_layer_apply(base, removed, 3, changes, &changed), MQT_OK);
    struct mvt_tile tile = encode(changed, TILE, 0, NULL);
    assert_int_equal(tile.layers[0].feature_count, 39);
    assert_null(mvt_find(&tile.layers[0], 7));
    assert_null(mvt_find(&tile.layers[0], 8));
    assert_int_equal(mvt_area2(mvt_find(&tile.layers[0], 5)), 2 * 100 * 100);
    assert_int_equal(mvt_value_of(&tile.layers[0], mvt_find(&tile.layers[0], 99), "floors")->integer, 0);
    mvt_free(&tile);
    tile = encode(base, TILE, 0, NULL);
    assert_int_equal(tile.layers[0].feature_count, 40);
    mvt_free(&tile);
    mqt_layer_release(base);
    mqt_layer_release(changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rectangle_in_tile_units),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_empty_tile_appends_nothing),
        cmocka_unit_test(test_clipped_to_the_buffer),
        cmocka_unit_test(test_comb_falls_into_teeth),
        cmocka_unit_test(test_hole_and_parts),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_points),
        cmocka_unit_test(test_random_shapes_stay_valid),
        cmocka_unit_test(test_scribble_is_bounded),
        cmocka_unit_test(test_tiles_join_without_gaps),
        cmocka_unit_test(test_budget_leaves_out_the_smallest_everywhere),
        cmocka_unit_test(test_changed_layer_shows_the_change),
    };
    return cmocka_run_group_tests_name("mvt", tests, NULL, NULL);
}
