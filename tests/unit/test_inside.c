#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../tiles/inside.h"
#include "../../tiles/ring.h"

/* A feature of rings that one after the other fill points. */
static struct mqt_feature shape(const struct mqt_point *points, const uint32_t *sizes, size_t rings)
{
    struct mqt_feature feature = {.part_count = rings, .part_sizes = sizes, .points = points};
    for (size_t i = 0; i < rings; i++) {
        feature.point_count += sizes[i];
    }
    feature.box = mqt_points_box(points, feature.point_count);
    return feature;
}

/* Both ways of asking must agree. */
static bool holds(const struct mqt_feature *feature, int32_t x, int32_t y)
{
    struct mqt_inside *inside = NULL;
    struct mqt_point const point = {x, y};
    assert_int_equal(mqt_inside_new(feature, &inside), MQT_OK);
    bool answer = mqt_inside_holds(inside, point);
    assert_int_equal(answer, mqt_feature_holds(feature, point));
    mqt_inside_free(inside);
    return answer;
}

static void test_holes_and_parts(void **state)
{
    (void)state;
    static const struct mqt_point points[] = {{0, 0},   {100, 0}, {100, 100}, {0, 100}, {40, 40}, {40, 60},
                                              {60, 60}, {60, 40}, {200, 0},   {300, 0}, {250, 90}};
    static const uint32_t sizes[] = {4, 4, 3};
    struct mqt_feature feature = shape(points, sizes, 3);
    static const struct {
        const char *label;
        int32_t x, y;
        bool inside;
    } rows[] = {
        {"in the ring", 10, 50, true},         {"in the hole", 50, 50, false},
        {"beside the hole", 70, 50, true},     {"between the parts", 150, 50, false},
        {"in the second part", 250, 40, true}, {"under its slope", 205, 60, false},
        {"above all", 50, -1, false},          {"below all", 50, 101, false},
        {"left of all", -1, 50, false},        {"right of all", 301, 0, false},
        {"level with a corner", 10, 40, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (holds(&feature, rows[i].x, rows[i].y) != rows[i].inside) {
            fail_msg("%s", rows[i].label);
        }
    }
}

/* Four squares around a middle, each ring beginning and running in another way: every point of the
 * plane they cover, borders and the middle too, is in exactly one. */
static void test_neighbours_share_no_point(void **state)
{
    (void)state;
    static const struct mqt_point rings[4][4] = {{{0, 0}, {8, 0}, {8, 8}, {0, 8}},
                                                 {{8, 8}, {16, 8}, {16, 0}, {8, 0}},
                                                 {{8, 8}, {8, 16}, {0, 16}, {0, 8}},
                                                 {{16, 16}, {8, 16}, {8, 8}, {16, 8}}};
    static const uint32_t size = 4;
    for (int32_t y = 0; y < 16; y++) {
        for (int32_t x = 0; x < 16; x++) {
            int owners = 0;
            for (int i = 0; i < 4; i++) {
                struct mqt_feature feature = shape(rings[i], &size, 1);
                owners += holds(&feature, x, y);
            }
            assert_int_equal(owners, 1);
        }
    }
}

/* A slanting border, walked up by one neighbour and down by the other. */
static void test_neighbours_along_a_slope(void **state)
{
    (void)state;
    static const struct mqt_point left[] = {{0, 0}, {10, 0}, {20, 30}, {0, 30}};
    static const struct mqt_point right[] = {{10, 0}, {40, 0}, {40, 30}, {20, 30}};
    static const struct mqt_point turned[] = {{20, 30}, {40, 30}, {40, 0}, {10, 0}};
    static const uint32_t size = 4;
    struct mqt_feature a = shape(left, &size, 1);
    struct mqt_feature b = shape(right, &size, 1);
    struct mqt_feature c = shape(turned, &size, 1);
    for (int32_t y = 0; y < 30; y++) {
        for (int32_t x = 0; x < 40; x++) {
            assert_int_equal(holds(&a, x, y) + holds(&b, x, y), 1);
            assert_int_equal(holds(&b, x, y), holds(&c, x, y));
        }
    }
}

/* A comb whose teeth all cross every strip must not make the index large, nor wrong. */
static void test_a_comb(void **state)
{
    (void)state;
    enum { TEETH = 4000, HEIGHT = 100000 };
    struct mqt_point *points = malloc((2 * TEETH + 2) * sizeof *points);
    assert_non_null(points);
    uint32_t size = 0;
    for (int32_t i = 0; i < TEETH; i++) {
        points[size++] = (struct mqt_point){i * 10, 0};
        points[size++] = (struct mqt_point){i * 10 + 5, HEIGHT};
    }
    points[size++] = (struct mqt_point){TEETH * 10, HEIGHT + 10};
    points[size++] = (struct mqt_point){0, HEIGHT + 10};
    struct mqt_feature feature = shape(points, &size, 1);
    struct mqt_inside *inside = NULL;
    assert_int_equal(mqt_inside_new(&feature, &inside), MQT_OK);
    size_t held = 0;
    for (int32_t x = 0; x < TEETH * 10; x += 37) {
        struct mqt_point const point = {x, HEIGHT / 2 + 1};
        bool answer = mqt_inside_holds(inside, point);
        assert_int_equal(answer, mqt_feature_holds(&feature, point));
        held += answer;
    }
    assert_in_range(held, 300, 800); /* about half of 1,082 */
    mqt_inside_free(inside);
    free(points);
}

static void test_far_corners(void **state)
{
    (void)state;
    static const struct mqt_point world[] = {{0, 0}, {INT32_MAX, 0}, {INT32_MAX, INT32_MAX}, {0, INT32_MAX}};
    static const struct mqt_point level[] = {{5, 7}, {9, 7}, {7, 7}};
    static const uint32_t sizes[] = {4, 3};
    struct mqt_feature feature = shape(world, &sizes[0], 1);
    assert_true(holds(&feature, 1, 1));
    assert_true(holds(&feature, INT32_MAX - 1, INT32_MAX - 1));
    feature = shape(level, &sizes[1], 1);
    assert_false(holds(&feature, 7, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holes_and_parts),
        cmocka_unit_test(test_neighbours_share_no_point),
        cmocka_unit_test(test_neighbours_along_a_slope),
        cmocka_unit_test(test_a_comb),
        cmocka_unit_test(test_far_corners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
