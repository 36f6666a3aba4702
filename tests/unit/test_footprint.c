#include "../../etl/footprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static struct mqt_arena arena;
static const struct mqt_rect RECT = {100, 200, 160, 230};

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

static double turn(struct mqt_spot a, struct mqt_spot b, struct mqt_spot c)
{
    return (b.x_m - a.x_m) * (c.y_m - a.y_m) - (b.y_m - a.y_m) * (c.x_m - a.x_m);
}

/* Edges that are not neighbours neither cross nor touch. */
static void assert_simple(struct mqt_line ring)
{
    for (size_t i = 0; i < ring.count; ++i) {
        struct mqt_spot a = ring.spots[i];
        struct mqt_spot b = ring.spots[(i + 1) % ring.count];
        assert_true(hypot(b.x_m - a.x_m, b.y_m - a.y_m) > 0.05);
        for (size_t j = i + 2; j < ring.count; ++j) {
            if (i == 0 && j == ring.count - 1) {
                continue;
            }
            struct mqt_spot c = ring.spots[j];
            struct mqt_spot d = ring.spots[(j + 1) % ring.count];
            bool apart = turn(a, b, c) * turn(a, b, d) > 0 || turn(c, d, a) * turn(c, d, b) > 0;
            bool in_line = fabs(turn(a, b, c)) < 1e-9 && fabs(turn(a, b, d)) < 1e-9;
            assert_true(apart || in_line);
        }
    }
}

static void assert_fits(struct mqt_shape shape, double least_share)
{
    struct mqt_rect bounds = mqt_shape_bounds(&shape);
    double whole_m2 = (RECT.x1_m - RECT.x0_m) * (RECT.y1_m - RECT.y0_m);
    assert_true(shape.ring_count > 0);
    assert_true(bounds.x0_m >= RECT.x0_m - 1e-9 && bounds.x1_m <= RECT.x1_m + 1e-9);
    assert_true(bounds.y0_m >= RECT.y0_m - 1e-9 && bounds.y1_m <= RECT.y1_m + 1e-9);
    assert_true(mqt_shape_area_m2(&shape) > least_share * whole_m2);
    assert_true(mqt_shape_area_m2(&shape) < whole_m2);
    for (size_t i = 0; i < shape.ring_count; ++i) {
        assert_simple(shape.rings[i]);
    }
}

static void slabs_have_units(void **state)
{
    (void)state;
    for (int units = 1; units <= 6; ++units) {
        struct mqt_shape plain = mqt_footprint_slab(&arena, RECT, units, 0);
        struct mqt_shape staggered = mqt_footprint_slab(&arena, RECT, units, 1.2);
        assert_fits(plain, 0.85);
        assert_fits(staggered, 0.8);
        /* Eight corners for the balconies of a unit and four for its stairs, and the ends. */
        assert_true(plain.rings[0].count >= (size_t)units * 12);
    }
}

static void towers_are_not_boxes(void **state)
{
    (void)state;
    for (int kind = 0; kind < MQT_TOWER_COUNT; ++kind) {
        struct mqt_shape tower = mqt_footprint_tower(&arena, RECT, (enum mqt_tower)kind);
        assert_fits(tower, 0.45);
        assert_true(tower.rings[0].count >= 16);
    }
}

static void winged_houses(void **state)
{
    (void)state;
    double ell_m2 = 60 * 12 + (30 - 12) * 12;
    for (int turns = 0; turns < 4; ++turns) {
        struct mqt_shape ell = mqt_footprint_ell(&arena, RECT, 12, turns);
        assert_fits(ell, 0.4);
        assert_true(fabs(mqt_shape_area_m2(&ell) - ell_m2) < 1e-6);
        /* The corner where the wings meet is built on, the one across is not. */
        bool east = turns == 1 || turns == 2;
        bool north = turns == 2 || turns == 3;
        struct mqt_spot meeting = {east ? 159 : 101, north ? 229 : 201};
        struct mqt_spot across = {east ? 101 : 159, north ? 201 : 229};
        assert_true(mqt_shape_holds(&ell, meeting));
        assert_false(mqt_shape_holds(&ell, across));
        assert_fits(mqt_footprint_corner(&arena, RECT, 10, turns), 0.9);
    }
    assert_fits(mqt_footprint_u(&arena, RECT, 10), 0.5);
    assert_fits(mqt_footprint_comb(&arena, RECT, 10, 3), 0.6);
    assert_fits(mqt_footprint_aitch(&arena, RECT, 10), 0.6);
}

static void a_court_is_a_hole(void **state)
{
    (void)state;
    struct mqt_shape court = mqt_footprint_court(&arena, RECT, 8);
    assert_fits(court, 0.5);
    assert_int_equal(court.ring_count, 2);
    assert_false(mqt_shape_holds(&court, mqt_rect_middle(RECT)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slabs_have_units),
        cmocka_unit_test(towers_are_not_boxes),
        cmocka_unit_test(winged_houses),
        cmocka_unit_test(a_court_is_a_hole),
    };
    return cmocka_run_group_tests_name("footprint", tests, set_up, tear_down);
}
