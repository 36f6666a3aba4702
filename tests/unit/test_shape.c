#include "../../etl/shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static struct mqt_arena arena;

static int set_up(void **state)
{
    (void)state;
    mqt_arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mqt_arena_clear(&arena);
    return 0;
}

static struct mqt_shape box(double x0_m, double y0_m, double x1_m, double y1_m)
{
    return mqt_shape_rect(&arena, (struct mqt_rect){x0_m, y0_m, x1_m, y1_m});
}

static void overlaps(void **state)
{
    (void)state;
    struct mqt_shape a = box(0, 0, 10, 10);
    static const struct {
        struct mqt_rect rect;
        bool overlaps;
    } rows[] = {
        {{5, 5, 15, 15}, true},    /* a corner inside */
        {{-5, 4, 15, 6}, true},    /* across, no corner inside */
        {{2, 2, 8, 8}, true},      /* wholly inside */
        {{-5, -5, 15, 15}, true},  /* wholly around */
        {{10, 0, 20, 10}, false},  /* a common edge */
        {{10, 10, 20, 20}, false}, /* a common corner */
        {{9.995, 0, 20, 10}, false}, {{9.9, 0, 20, 10}, true}, {{12, 0, 20, 10}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mqt_shape b = mqt_shape_rect(&arena, rows[i].rect);
        assert_int_equal(mqt_shape_overlaps(&a, &b, 0.01), rows[i].overlaps);
        assert_int_equal(mqt_shape_overlaps(&b, &a, 0.01), rows[i].overlaps);
    }
}

static void a_hole_is_outside(void **state)
{
    (void)state;
    struct mqt_shape court = box(0, 0, 10, 10);
    struct mqt_line rings[] = {court.rings[0], box(3, 3, 7, 7).rings[0]};
    struct mqt_shape shape = {rings, 2};
    assert_true(fabs(mqt_shape_area_m2(&shape) - 84) < 1e-9);
    assert_true(mqt_shape_holds(&shape, (struct mqt_spot){1, 5}));
    assert_false(mqt_shape_holds(&shape, (struct mqt_spot){5, 5}));
    assert_false(mqt_shape_holds(&shape, (struct mqt_spot){11, 5}));
}

static void rings_are_turned_counter_clockwise(void **state)
{
    (void)state;
    const struct mqt_spot clockwise[] = {{0, 0}, {0, 2}, {3, 2}, {3, 0}};
    struct mqt_shape shape = mqt_shape_ring(&arena, clockwise, 4);
    double twice = 0;
    for (size_t i = 0; i < 4; ++i) {
        struct mqt_spot a = shape.rings[0].spots[i];
        struct mqt_spot b = shape.rings[0].spots[(i + 1) % 4];
        twice += a.x_m * b.y_m - b.x_m * a.y_m;
    }
    assert_true(fabs(twice - 12) < 1e-9);
}

static void bands_have_their_width(void **state)
{
    (void)state;
    struct mqt_spot spots[] = {{0, 0}, {100, 0}};
    struct mqt_shape band = mqt_shape_band(&arena, (struct mqt_line){spots, 2}, 3, 5);
    struct mqt_rect bounds = mqt_shape_bounds(&band);
    assert_true(fabs(mqt_shape_area_m2(&band) - 800) < 1e-9);
    assert_true(fabs(bounds.y1_m - 3) < 1e-9 && fabs(bounds.y0_m + 5) < 1e-9);
    struct mqt_shape beside = mqt_shape_band(&arena, (struct mqt_line){spots, 2}, 9, -4);
    bounds = mqt_shape_bounds(&beside);
    assert_true(fabs(bounds.y1_m - 9) < 1e-9 && fabs(bounds.y0_m - 4) < 1e-9);
}

static void round_shapes_stay_in_their_rectangle(void **state)
{
    (void)state;
    struct mqt_random random = mqt_random_start(4, 4);
    const struct mqt_rect rect = {10, 20, 110, 70};
    struct mqt_shape shapes[] = {mqt_shape_round(&arena, rect, 8), mqt_shape_round(&arena, rect, 1000),
                                 mqt_shape_blob(&arena, rect, 0.3, &random)};
    const double least_m2[] = {4940, 4400, 2500};
    for (size_t i = 0; i < 3; ++i) {
        struct mqt_rect inside = mqt_rect_grow(mqt_shape_bounds(&shapes[i]), -1e-9);
        assert_true(inside.x0_m >= 10 && inside.y0_m >= 20 && inside.x1_m <= 110 && inside.y1_m <= 70);
        assert_true(mqt_shape_area_m2(&shapes[i]) > least_m2[i] && mqt_shape_area_m2(&shapes[i]) < 5000);
    }
}

static void a_full_arena_gives_no_rings(void **state)
{
    (void)state;
    struct mqt_arena small;
    mqt_arena_init(&small, 16);
    struct mqt_shape shape = mqt_shape_rect(&small, (struct mqt_rect){0, 0, 1, 1});
    assert_int_equal(shape.ring_count, 0);
    assert_int_not_equal(small.err, MQT_OK);
    mqt_arena_clear(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlaps),
        cmocka_unit_test(a_hole_is_outside),
        cmocka_unit_test(rings_are_turned_counter_clockwise),
        cmocka_unit_test(bands_have_their_width),
        cmocka_unit_test(round_shapes_stay_in_their_rectangle),
        cmocka_unit_test(a_full_arena_gives_no_rings),
    };
    return cmocka_run_group_tests_name("shape", tests, set_up, tear_down);
}
