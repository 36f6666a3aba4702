#include "../../etl/fence.h"

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

static const struct mqt_rect SQUARE = {0, 0, 100, 100};

static void a_cut_leaves_what_is_on_its_left(void **state)
{
    (void)state;
    struct mqt_fence fence = mqt_fence_rect(SQUARE);
    mqt_fence_cut(&fence, (struct mqt_spot){100, 0}, (struct mqt_spot){0, 100}, 0);
    assert_int_equal(fence.count, 3);
    assert_true(fabs(mqt_fence_area_m2(&fence) - 5000) < 1e-6);
    assert_true(mqt_fence_holds(&fence, (struct mqt_spot){10, 10}));
    assert_false(mqt_fence_holds(&fence, (struct mqt_spot){90, 90}));
    mqt_fence_cut(&fence, (struct mqt_spot){0, -1}, (struct mqt_spot){-100, -1}, 0);
    assert_int_equal(fence.count, 0);
    assert_false(mqt_fence_holds(&fence, (struct mqt_spot){10, 10}));
}

static void an_inner_fence_keeps_its_distance(void **state)
{
    (void)state;
    struct mqt_fence fence = mqt_fence_rect(SQUARE);
    struct mqt_fence inner = mqt_fence_inner(&fence, 12);
    struct mqt_rect box = mqt_fence_bounds(&inner);
    assert_true(fabs(box.x0_m - 12) < 1e-9 && fabs(box.y1_m - 88) < 1e-9);
    struct mqt_fence both = mqt_fence_meet(&inner, (struct mqt_rect){50, -10, 200, 200});
    assert_true(fabs(mqt_fence_area_m2(&both) - 38 * 76) < 1e-6);
    assert_int_equal(mqt_fence_inner(&fence, 60).count, 0);
}

static void shapes_are_clipped_or_left_out(void **state)
{
    (void)state;
    struct mqt_fence fence = mqt_fence_rect(SQUARE);
    struct mqt_shape across = mqt_shape_rect(&arena, (struct mqt_rect){80, 20, 130, 40});
    struct mqt_shape within = mqt_shape_rect(&arena, (struct mqt_rect){10, 20, 30, 40});
    struct mqt_shape away = mqt_shape_rect(&arena, (struct mqt_rect){110, 20, 130, 40});
    assert_false(mqt_fence_holds_shape(&fence, &across));
    assert_true(mqt_fence_holds_shape(&fence, &within));
    struct mqt_shape left = mqt_fence_clip(&arena, &fence, &across);
    assert_true(fabs(mqt_shape_area_m2(&left) - 400) < 1e-6);
    assert_int_equal(mqt_fence_clip(&arena, &fence, &away).ring_count, 0);
}

static void ways_end_at_the_fence(void **state)
{
    (void)state;
    struct mqt_fence fence = mqt_fence_rect(SQUARE);
    struct mqt_spot a = {-50, 50};
    struct mqt_spot b = {40, 50};
    assert_true(mqt_fence_clip_way(&fence, &a, &b));
    assert_true(fabs(a.x_m) < 1e-9 && fabs(b.x_m - 40) < 1e-9);
    struct mqt_spot c = {-50, 150};
    struct mqt_spot d = {150, 150};
    assert_false(mqt_fence_clip_way(&fence, &c, &d));
    assert_true(fabs(c.x_m + 50) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_leaves_what_is_on_its_left),
        cmocka_unit_test(an_inner_fence_keeps_its_distance),
        cmocka_unit_test(shapes_are_clipped_or_left_out),
        cmocka_unit_test(ways_end_at_the_fence),
    };
    return cmocka_run_group_tests_name("fence", tests, set_up, tear_down);
}
