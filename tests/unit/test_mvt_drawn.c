/* Tiles that hold no more than a picture of them shows. */
#include "../../tiles/mvt.h"
#include "../support/mvt_read.h"
#include "../support/wkb_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MAX_BYTES ((size_t)1 << 24)

static const struct mqt_tile TILE = {14, 13489, 6200}; /* a unit is 32 world units */

static void add(struct mqt_layer_builder *builder, uint64_t id, const struct mqt_point *ring, size_t count)
{
    const struct mqt_value values[3] = {{.present = true, .type = MQT_TYPE_TEXT, .text = {"one", 3}},
                                        {.present = true, .type = MQT_TYPE_REAL, .real = 12},
                                        {.present = true, .type = MQT_TYPE_INT, .integer = 4}};
    struct mqt_detail detail;
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, ring, count);
    assert_int_equal(mqt_layer_builder_add_wkb(builder, id, wkb.data, wkb.len, values, &detail), MQT_OK);
    mqt_buf_clear(&wkb);
}

/* Feature 1: a slab 60 by 20 units with a notch of 3 units; feature 2: a shed of 6 by 2 units that lies
 * on one line of a grid of 4. */
static struct mqt_layer *make_layer(void)
{
    static const struct mqt_column columns[] = {
        {"name", MQT_TYPE_TEXT}, {"height_m", MQT_TYPE_REAL}, {"floors", MQT_TYPE_INT}};
    struct mqt_layer_builder *builder = NULL;
    assert_int_equal(mqt_layer_builder_new(columns, 3, MQT_SHAPE_POLYGON, MAX_BYTES, &builder), MQT_OK);
    struct mqt_box box = mqt_tile_box(TILE, 0);
    const struct mqt_point slab[8] = {{100, 100}, {160, 100}, {160, 120}, {135, 120},
                                      {135, 119}, {125, 119}, {125, 120}, {100, 120}};
    const struct mqt_point shed[4] = {{200, 199}, {206, 199}, {206, 201}, {200, 201}};
    struct mqt_point world[8];
    for (size_t i = 0; i < 8; i++) {
        world[i] = (struct mqt_point){box.min_x + slab[i].x * 32, box.min_y + slab[i].y * 32};
    }
    add(builder, 1, world, 8);
    for (size_t i = 0; i < 4; i++) {
        world[i] = (struct mqt_point){box.min_x + shed[i].x * 32, box.min_y + shed[i].y * 32};
    }
    add(builder, 2, world, 4);
    struct mqt_layer *layer = NULL;
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

static struct mvt_tile drawn(const struct mqt_layer *layer, const size_t *columns, size_t column_count, int coarse)
{
    const struct mqt_mvt_drawn want = {columns, column_count, coarse};
    char why[200] = "";
    struct mvt_tile tile = {0};
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_BYTES);
    assert_int_equal(mqt_mvt_encode_drawn(layer, &want, "building", TILE, 0, &out, NULL), MQT_OK);
    if (!mvt_read(out.data, out.len, &tile, why, sizeof why)) {
        fail_msg("%s", why);
    }
    for (size_t i = 0; i < tile.layers[0].feature_count; i++) {
        if (!mvt_polygon_valid(&tile.layers[0].features[i], why, sizeof why)) {
            fail_msg("%s", why);
        }
    }
    mqt_buf_clear(&out);
    return tile;
}

static void test_columns(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_layer();
    const size_t height[] = {1};
    struct mvt_tile tile = drawn(layer, height, 1, 0);
    assert_int_equal(tile.layers[0].key_count, 1);
    assert_int_equal(tile.layers[0].value_count, 1);
    const struct mvt_feature *slab = mvt_find(&tile.layers[0], 1);
    assert_non_null(slab);
    assert_true(mvt_value_of(&tile.layers[0], slab, "height_m")->number == 12);
    assert_null(mvt_value_of(&tile.layers[0], slab, "name"));
    assert_int_equal(slab->point_count, 8);
    mvt_free(&tile);

    const size_t odd[] = {1, 3, MQT_LAYER_MAX_COLUMNS}; /* as of a catalogue that is ahead of the layer */
    tile = drawn(layer, odd, 3, 0);
    assert_int_equal(tile.layers[0].key_count, 1);
    assert_int_equal(tile.layers[0].value_count, 1);
    mvt_free(&tile);

    tile = drawn(layer, height, 0, 0); /* not even one */
    assert_int_equal(tile.layers[0].feature_count, 2);
    assert_int_equal(tile.layers[0].key_count, 0);
    assert_int_equal(tile.layers[0].value_count, 0);
    mvt_free(&tile);
    mqt_layer_release(layer);
}

static void test_coarse(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_layer();
    const size_t none[] = {0};
    struct mvt_tile tile = drawn(layer, none, 0, 2);
    const struct mvt_feature *slab = mvt_find(&tile.layers[0], 1);
    assert_non_null(slab);
    assert_int_equal(slab->point_count, 4); /* without the notch */
    assert_int_equal(mvt_area2(slab), 2 * 60 * 20);
    for (size_t i = 0; i < slab->point_count; i++) {
        assert_int_equal(slab->points[i].x % 4, 0);
        assert_int_equal(slab->points[i].y % 4, 0);
    }
    mvt_free(&tile);
    mqt_layer_release(layer);
}

static void test_what_the_coarse_grid_loses_is_drawn_finer(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_layer();
    const size_t none[] = {0};
    for (int coarse = 0; coarse <= MQT_MVT_MOST_COARSE; coarse++) {
        struct mvt_tile tile = drawn(layer, none, 0, coarse);
        const struct mvt_feature *shed = mvt_find(&tile.layers[0], 2);
        assert_non_null(shed);
        assert_true(mvt_area2(shed) > 0);
        mvt_free(&tile);
    }
    mqt_layer_release(layer);
}

static void test_too_coarse_is_refused(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_layer();
    const size_t none[] = {0};
    const int wrong[] = {-1, MQT_MVT_MOST_COARSE + 1};
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_BYTES);
    for (size_t i = 0; i < 2; i++) {
        const struct mqt_mvt_drawn want = {none, 0, wrong[i]};
        assert_int_equal(mqt_mvt_encode_drawn(layer, &want, "building", TILE, 0, &out, NULL), MQT_ERR_PARAM);
    }
    assert_int_equal(out.len, 0);
    mqt_buf_clear(&out);
    mqt_layer_release(layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_coarse),
        cmocka_unit_test(test_what_the_coarse_grid_loses_is_drawn_finer),
        cmocka_unit_test(test_too_coarse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
