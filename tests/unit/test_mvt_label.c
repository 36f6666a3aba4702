#include "../../tiles/label.h"
#include "../../tiles/mvt.h"
#include "../support/mvt_read.h"
#include "../support/wkb_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_BYTES ((size_t)1 << 28)
#define NAMES 20

enum { NAME, SECRET, HEIGHT, COLUMNS };

/* A z12 tile in Beijing. */
static const struct mqt_tile TILE = {12, 3372, 1550};
static const size_t shown[] = {NAME, HEIGHT};
static const struct mqt_mvt_label_columns label_columns = {shown, 2};

static struct mqt_point corner(void)
{
    struct mqt_box box = mqt_tile_box(TILE, 0);
    return (struct mqt_point){box.min_x, box.min_y};
}

static struct mqt_layer_builder *builder_of(enum mqt_shape shape)
{
    static const struct mqt_column columns[COLUMNS] = {
        [NAME] = {"name", MQT_TYPE_TEXT}, [SECRET] = {"secret", MQT_TYPE_TEXT}, [HEIGHT] = {"height_m", MQT_TYPE_REAL}};
    struct mqt_layer_builder *builder = NULL;
    assert_int_equal(mqt_layer_builder_new(columns, COLUMNS, shape, MAX_BYTES, &builder), MQT_OK);
    return builder;
}

static void add_rectangle(struct mqt_layer_builder *builder, uint64_t id, struct mqt_point at, int32_t w, int32_t h)
{
    static const char *const names[NAMES] = {"1号楼", "2号楼", "3号楼", "4号楼"};
    const char *name = names[id % NAMES];
    const struct mqt_value values[COLUMNS] = {
        [NAME] = {.present = name != NULL, .type = MQT_TYPE_TEXT, .text = {name ? name : "", name ? strlen(name) : 0}},
        [SECRET] = {.present = true, .type = MQT_TYPE_TEXT, .text = {"hidden", 6}},
        [HEIGHT] = {.present = name != NULL, .type = MQT_TYPE_REAL, .real = 18.5},
    };
    const struct mqt_point ring[4] = {{at.x, at.y}, {at.x + w, at.y}, {at.x + w, at.y + h}, {at.x, at.y + h}};
    struct mqt_detail detail = {{0}, {0}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, ring, 4);
    enum mqt_err err = mqt_layer_builder_add_wkb(builder, id, wkb.data, wkb.len, values, &detail);
    if (err) {
        fail_msg("feature %llu: %s", (unsigned long long)id, detail.text);
    }
    mqt_buf_clear(&wkb);
}

static struct mqt_layer *finish(struct mqt_layer_builder *builder)
{
    struct mqt_layer *layer = NULL;
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

/* Encodes and reads back strictly. An empty tile has no layers. */
static struct mvt_tile encode(const struct mqt_layer *layer, struct mqt_tile at, size_t budget)
{
    char why[200] = "";
    struct mvt_tile tile = {0};
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_BYTES);
    assert_int_equal(mqt_mvt_encode_labels(layer, &label_columns, "building_label", at, budget, &out, NULL), MQT_OK);
    assert_true(budget == 0 || out.len <= budget);
    if (!mvt_read(out.data, out.len, &tile, why, sizeof why)) {
        fail_msg("z%d: %s", at.z, why);
    }
    mqt_buf_clear(&out);
    return tile;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Rectangles of all sizes all over the tile, some of them round corners of tiles of every zoom. */
static struct mqt_layer *crowd(size_t count)
{
    uint32_t seed = 11;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    for (uint64_t id = 1; id <= count; id++) {
        int32_t w = 400 + (int32_t)(next_random(&seed) % (id % 50 == 0 ? 120000 : 6000));
        int32_t h = 400 + (int32_t)(next_random(&seed) % 5000);
        struct mqt_point at = {corner().x + (int32_t)(next_random(&seed) % 400000),
                               corner().y + (int32_t)(next_random(&seed) % 400000)};
        if (id % 7 == 0) {
            at.x = corner().x + (int32_t)(id % 8) * 65536 - w / 2;
            at.y = corner().y + (int32_t)(id % 5) * 65536 - h / 2;
        }
        add_rectangle(builder, id, at, w, h);
    }
    return finish(builder);
}

/* Counts each label of a tile, and compares it with the feature. */
static void check_tile(const struct mqt_layer *layer, struct mqt_tile at, uint8_t *seen)
{
    struct mvt_tile tile = encode(layer, at, 0);
    double unit = (double)(MQT_WORLD_SIZE >> at.z) / MQT_MVT_EXTENT;
    struct mqt_box box = mqt_tile_box(at, 0);
    for (size_t i = 0; tile.layer_count > 0 && i < tile.layers[0].feature_count; i++) {
        const struct mvt_feature *label = &tile.layers[0].features[i];
        struct mqt_feature feature;
        assert_true(mqt_layer_find(layer, label->id, &feature));
        assert_int_equal(label->type, 1);
        assert_int_equal(label->point_count, 1);
        assert_in_range(label->points[0].x, 0, MQT_MVT_EXTENT - 1); /* a browser drops what is on the far edge */
        assert_in_range(label->points[0].y, 0, MQT_MVT_EXTENT - 1);
        double off_x = box.min_x + label->points[0].x * unit - feature.label.x;
        double off_y = box.min_y + label->points[0].y * unit - feature.label.y;
        assert_true(off_x <= unit && off_x >= -unit && off_y <= unit && off_y >= -unit);
        seen[label->id]++;
    }
    mvt_free(&tile);
}

static int side_of(const struct mqt_feature *feature, int z)
{
    double w = (double)feature->box.max_x - feature->box.min_x;
    double h = (double)feature->box.max_y - feature->box.min_y;
    return mqt_label_side_px(2 * w * h, z);
}

static void test_each_label_in_one_tile_of_a_zoom(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    struct mqt_layer *layer = crowd(COUNT);
    size_t most = 0;
    for (int z = 11; z <= 16; z++) {
        uint8_t seen[COUNT + 1] = {0};
        uint32_t first_x = (uint32_t)(corner().x - 130000) >> (31 - z);
        uint32_t first_y = (uint32_t)(corner().y - 130000) >> (31 - z);
        uint32_t last_x = (uint32_t)(corner().x + 660000) >> (31 - z);
        uint32_t last_y = (uint32_t)(corner().y + 660000) >> (31 - z);
        for (uint32_t x = first_x; x <= last_x; x++) {
            for (uint32_t y = first_y; y <= last_y; y++) {
                check_tile(layer, (struct mqt_tile){z, x, y}, seen);
            }
        }
        size_t labels = 0;
        for (uint64_t id = 1; id <= COUNT; id++) {
            struct mqt_feature feature;
            assert_true(mqt_layer_find(layer, id, &feature));
            bool expected = id % NAMES < 4 && side_of(&feature, z) >= MQT_LABEL_LEAST_PX;
            assert_int_equal(seen[id], expected);
            labels += seen[id];
        }
        assert_true(labels >= most); /* the closer, the more */
        most = labels;
    }
    assert_true(most > COUNT / 10);
    mqt_layer_release(layer);
}

/* One in each corner of the world, and one that covers it, whose label stands where four tiles meet. */
static void test_at_the_edges_of_the_world(void **state)
{
    (void)state;
    enum { SIDE = 60, EDGE = INT32_MAX, WORLD = 22 };
    static const struct mqt_point corners[] = {{0, 0}, {EDGE - SIDE, 0}, {0, EDGE - SIDE}, {EDGE - SIDE, EDGE - SIDE}};
    static const uint64_t ids[] = {1, 2, 3, 21};
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    for (size_t i = 0; i < 4; i++) {
        add_rectangle(builder, ids[i], corners[i], SIDE, SIDE);
    }
    add_rectangle(builder, WORLD, (struct mqt_point){0, 0}, EDGE, EDGE);
    struct mqt_layer *layer = finish(builder);
    for (int z = 3; z <= MQT_MAX_ZOOM; z++) {
        uint8_t seen[WORLD + 1] = {0};
        uint32_t last = ((uint32_t)1 << z) - 1;
        uint32_t const places[] = {0, 1, last / 2, last / 2 + 1, last - 1, last};
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            for (size_t j = 0; j < sizeof places / sizeof places[0]; j++) {
                check_tile(layer, (struct mqt_tile){z, places[i], places[j]}, seen);
            }
        }
        assert_int_equal(seen[WORLD], 1);
        for (size_t i = 0; i < 4; i++) {
            assert_int_equal(seen[ids[i]], mqt_label_side_px(2.0 * SIDE * SIDE, z) >= MQT_LABEL_LEAST_PX);
        }
    }
    mqt_layer_release(layer);
}

static void test_only_what_a_label_needs(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    /* 8192 units are 8 px of a 512 px tile at z12: squares of 32 px and 8 px, and one of 16 x 64 px. */
    add_rectangle(builder, 1, corner(), 32768, 32768);
    add_rectangle(builder, 2, (struct mqt_point){corner().x + 100000, corner().y}, 8192, 8192);
    add_rectangle(builder, 3, (struct mqt_point){corner().x + 200000, corner().y}, 16384, 65536);
    add_rectangle(builder, 9, (struct mqt_point){corner().x + 300000, corner().y}, 65536, 65536); /* no name */
    struct mqt_layer *layer = finish(builder);
    struct mvt_tile tile = encode(layer, TILE, 0);
    assert_int_equal(tile.layer_count, 1);
    const struct mvt_layer *labels = &tile.layers[0];
    assert_string_equal(labels->name, "building_label");
    assert_int_equal(labels->feature_count, 2);
    assert_int_equal(labels->key_count, 3);
    for (uint64_t id = 1; id <= 3; id += 2) {
        const struct mvt_feature *label = mvt_find(labels, id);
        assert_non_null(label);
        assert_string_equal(mvt_value_of(labels, label, "name")->text, id == 1 ? "2号楼" : "4号楼");
        assert_true(mvt_value_of(labels, label, "height_m")->number == 18.5);
        assert_in_range(mvt_value_of(labels, label, MQT_LABEL_SIDE)->integer, 31, 32);
        assert_null(mvt_value_of(labels, label, "secret"));
    }
    assert_int_equal(labels->value_count, 2 + 1 + 1); /* names, one height, one size */
    mvt_free(&tile);
    mqt_layer_release(layer);
}

static void test_points_and_lines_have_none(void **state)
{
    (void)state;
    for (enum mqt_shape shape = MQT_SHAPE_POINT; shape <= MQT_SHAPE_LINE; shape++) {
        struct mqt_layer *layer = finish(builder_of(shape));
        struct mqt_buf out;
        mqt_buf_init(&out, MAX_BYTES);
        assert_int_equal(mqt_mvt_encode_labels(layer, &label_columns, "x_label", TILE, 0, &out, NULL), MQT_ERR_PARAM);
        assert_int_equal(out.len, 0);
        mqt_buf_clear(&out);
        mqt_layer_release(layer);
    }
}

static void test_budget_keeps_the_largest(void **state)
{
    (void)state;
    enum { BUDGET = 2000 };
    struct mqt_layer *layer = crowd(20000);
    struct mvt_tile all = encode(layer, TILE, 0);
    struct mvt_tile some = encode(layer, TILE, BUDGET);
    assert_int_equal(some.layer_count, 1);
    assert_true(some.layers[0].feature_count > 0);
    assert_true(some.layers[0].feature_count < all.layers[0].feature_count);
    mvt_free(&all);
    mvt_free(&some);
    mqt_layer_release(layer);
}

static void test_a_change_moves_the_label(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    add_rectangle(builder, 1, corner(), 40000, 40000);
    add_rectangle(builder, 2, corner(), 60000, 60000);
    struct mqt_layer *base = finish(builder);
    struct mqt_layer_builder *changes = builder_of(MQT_SHAPE_POLYGON);
    add_rectangle(changes, 1, (struct mqt_point){corner().x + 300000, corner().y}, 40000, 40000);
    const uint64_t removed[] = {2};
    struct mqt_layer *changed = NULL;
    assert_int_equal(mqt_layer_apply(base, removed, 1, changes, &changed), MQT_OK);
    struct mvt_tile before = encode(base, TILE, 0);
    struct mvt_tile after = encode(changed, TILE, 0);
    assert_int_equal(before.layers[0].feature_count, 2);
    assert_int_equal(after.layers[0].feature_count, 1);
    assert_true(mvt_find(&before.layers[0], 1)->points[0].x < 400);
    assert_true(mvt_find(&after.layers[0], 1)->points[0].x > 2000);
    mvt_free(&before);
    mvt_free(&after);
    mqt_layer_release(base);
    mqt_layer_release(changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_label_in_one_tile_of_a_zoom), cmocka_unit_test(test_at_the_edges_of_the_world),
        cmocka_unit_test(test_only_what_a_label_needs),          cmocka_unit_test(test_points_and_lines_have_none),
        cmocka_unit_test(test_budget_keeps_the_largest),         cmocka_unit_test(test_a_change_moves_the_label),
    };
    return cmocka_run_group_tests_name("mvt_label", tests, NULL, NULL);
}
