#include "../../tiles/grid.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_tile_validity(void **state)
{
    (void)state;
    const struct {
        const char *label;
        struct mqt_tile tile;
        bool valid;
    } rows[] = {
        {"the world", {0, 0, 0}, true},
        {"one beyond the world", {0, 1, 0}, false},
        {"last of z22", {22, (1u << 22) - 1, (1u << 22) - 1}, true},
        {"beyond z22", {23, 0, 0}, false},
        {"negative zoom", {-1, 0, 0}, false},
        {"x too large", {14, 1u << 14, 0}, false},
        {"y too large", {14, 0, 1u << 14}, false},
        {"largest number", {14, UINT32_MAX, 0}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (mqt_tile_valid(rows[i].tile) != rows[i].valid) {
            fail_msg("%s", rows[i].label);
        }
    }
}

static void test_tile_boxes(void **state)
{
    (void)state;
    struct mqt_box world = mqt_tile_box((struct mqt_tile){0, 0, 0}, 0);
    assert_int_equal(world.min_x, 0);
    assert_int_equal(world.max_y, INT32_MAX);
    struct mqt_box box = mqt_tile_box((struct mqt_tile){14, 13489, 6200}, 0);
    assert_int_equal(box.min_x, 13489 << 17);
    assert_int_equal(box.max_x, (13490 << 17) - 1);
    assert_int_equal(box.min_y, 6200 << 17);
    box = mqt_tile_box((struct mqt_tile){14, 13489, 6200}, 4);
    assert_int_equal(box.min_x, (13489 << 17) - 2048); /* 4/256 of 131072 */
    assert_int_equal(box.max_y, (6201 << 17) - 1 + 2048);
    box = mqt_tile_box((struct mqt_tile){1, 1, 0}, 256);
    assert_int_equal(box.min_x, 0);
    assert_int_equal(box.max_x, INT32_MAX);
    assert_int_equal(box.min_y, 0);
}

/* x and y of EPSG:3857 as PROJ gives them for these places. */
static void test_known_places(void **state)
{
    (void)state;
    const struct {
        double lon_deg, lat_deg, x_m, y_m;
    } places[] = {
        {0, 0, 0, 0},
        {116.30, 39.83, 12946456.779258, 4841269.007905},
        {-73.98, 40.75, -8235415.928886, 4975536.361069},
        {151.21, -33.87, 16832620.202851, -4011359.531052},
        {-180, MQT_MAX_LATITUDE_DEG, -MQT_MERCATOR_HALF_M, MQT_MERCATOR_HALF_M},
    };
    const double unit_m = 2 * MQT_MERCATOR_HALF_M / (double)MQT_WORLD_SIZE;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct mqt_point point;
        assert_true(mqt_grid_from_degrees(places[i].lon_deg, places[i].lat_deg, &point));
        assert_true(fabs(point.x * unit_m - MQT_MERCATOR_HALF_M - places[i].x_m) < unit_m);
        assert_true(fabs(MQT_MERCATOR_HALF_M - point.y * unit_m - places[i].y_m) < unit_m);
    }
}

static void test_round_trip(void **state)
{
    (void)state;
    for (int32_t i = 0; i <= 2001; i++) {
        struct mqt_point point = {i * 1073000, INT32_MAX - i * 1073000};
        point.y = i == 2001 ? 0 : point.y;
        struct mqt_point back;
        double lon_deg;
        double lat_deg;
        mqt_grid_to_degrees(point, &lon_deg, &lat_deg);
        assert_true(mqt_grid_from_degrees(lon_deg, lat_deg, &back));
        assert_int_equal(back.x, point.x);
        assert_int_equal(back.y, point.y);
    }
}

static void test_outside_the_square(void **state)
{
    (void)state;
    const double places[][2] = {{180.0001, 0}, {-181, 0}, {0, 85.06},    {0, -90},
                                {NAN, 0},      {0, NAN},  {INFINITY, 0}, {0, -INFINITY}};
    struct mqt_point point = {1, 2};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        assert_false(mqt_grid_from_degrees(places[i][0], places[i][1], &point));
    }
    assert_int_equal(point.x, 1);
    assert_true(mqt_grid_from_degrees(180, -MQT_MAX_LATITUDE_DEG, &point));
    assert_int_equal(point.x, INT32_MAX);
    assert_int_equal(point.y, INT32_MAX);
}

static void test_boxes(void **state)
{
    (void)state;
    struct mqt_box a = {0, 0, 10, 10};
    struct mqt_box touching = {10, 10, 20, 20};
    struct mqt_box apart = {11, 0, 20, 10};
    struct mqt_box empty = mqt_box_empty();
    struct mqt_box world = mqt_tile_box((struct mqt_tile){0, 0, 0}, 0);
    assert_true(mqt_box_is_empty(empty));
    assert_false(mqt_box_is_empty(a));
    assert_true(mqt_box_intersects(a, touching));
    assert_false(mqt_box_intersects(a, apart));
    assert_false(mqt_box_intersects(a, empty));
    assert_false(mqt_box_intersects(empty, world));
    struct mqt_box both = mqt_box_union(a, apart);
    assert_int_equal(both.min_x, 0);
    assert_int_equal(both.max_x, 20);
    assert_int_equal(mqt_box_union(empty, a).max_x, 10);
    assert_int_equal(mqt_box_union(a, empty).min_x, 0);
    assert_true(mqt_box_is_empty(mqt_box_union(empty, empty)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tile_validity),      cmocka_unit_test(test_tile_boxes),
        cmocka_unit_test(test_known_places),       cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_outside_the_square), cmocka_unit_test(test_boxes),
    };
    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
