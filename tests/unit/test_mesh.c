#include "../../etl/mesh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static struct mqt_arena arena;
static struct mqt_arena scratch;
static struct mqt_mesh mesh;

enum { EAST_LINE = 1, CUT_LINE = 2, RIVER_LINE = 3 };

/* Two squares of 100 m side by side; the edge between them is part of a line. */
static void draw_squares(struct mqt_mesh_ring rings[2])
{
    static const double xs[] = {0, 100, 200, 0, 100, 200};
    static const double ys[] = {0, 0, 0, 100, 100, 100};
    static unsigned ids[2][4];
    unsigned spots[6];
    for (int i = 0; i < 6; ++i) {
        spots[i] = mqt_mesh_spot(&mesh, (struct mqt_spot){xs[i], ys[i]});
    }
    for (unsigned r = 0; r < 2; ++r) {
        const unsigned ring[] = {spots[r], spots[r + 1], spots[r + 4], spots[r + 3]};
        for (int i = 0; i < 4; ++i) {
            ids[r][i] = ring[i];
        }
        rings[r] = (struct mqt_mesh_ring){ids[r], 4};
    }
    const unsigned between[] = {spots[1], spots[4]};
    mqt_mesh_draw(&mesh, between, 2, EAST_LINE);
}

static int set_up(void **state)
{
    (void)state;
    mqt_arena_init(&arena, 4 << 20);
    mqt_arena_init(&scratch, 4 << 20);
    mqt_mesh_init(&mesh, &arena, &scratch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mqt_arena_clear(&arena);
    mqt_arena_clear(&scratch);
    return 0;
}

static void a_cut_shows_in_the_neighbour(void **state)
{
    (void)state;
    struct mqt_mesh_ring rings[2];
    struct mqt_mesh_ring parts[2];
    struct mqt_mesh_ring chain;
    draw_squares(rings);
    assert_true(mqt_mesh_cut(&mesh, rings[0], (struct mqt_spot){50, 40}, 0, 0, CUT_LINE, parts, &chain));
    assert_int_equal(chain.count, 2);
    assert_int_equal(mqt_mesh_line(&mesh, chain.at[0], chain.at[1]), CUT_LINE);
    double areas_m2[] = {mqt_mesh_area_m2(&mesh, parts[0]), mqt_mesh_area_m2(&mesh, parts[1])};
    assert_true(fabs(fmin(areas_m2[0], areas_m2[1]) - 4000) < 1e-6 && fabs(areas_m2[0] + areas_m2[1] - 10000) < 1e-6);
    struct mqt_mesh_ring whole = mqt_mesh_whole(&mesh, rings[1]);
    assert_int_equal(whole.count, 5);
    /* Both halves of a broken edge belong to the edge's line. */
    size_t on_line = 0;
    for (size_t i = 0; i < whole.count; ++i) {
        on_line += mqt_mesh_line(&mesh, whole.at[i], whole.at[(i + 1) % whole.count]) == EAST_LINE;
    }
    assert_int_equal(on_line, 2);
}

static void a_cut_at_a_corner_makes_no_sliver(void **state)
{
    (void)state;
    struct mqt_mesh_ring rings[2];
    struct mqt_mesh_ring parts[2];
    struct mqt_mesh_ring chain;
    draw_squares(rings);
    assert_false(mqt_mesh_cut(&mesh, rings[0], (struct mqt_spot){50, 2}, 0, 0, CUT_LINE, parts, &chain));
    assert_true(mqt_mesh_cut(&mesh, rings[0], (struct mqt_spot){50, 50}, 0.7854, 0, CUT_LINE, parts, &chain));
    assert_int_equal(parts[0].count, 3);
    assert_int_equal(mqt_mesh_whole(&mesh, rings[1]).count, 4);
}

static void a_way_cuts_all_that_it_runs_through(void **state)
{
    (void)state;
    struct mqt_mesh_ring pieces[8];
    struct mqt_spot way[] = {{-30, 50}, {20, 55}, {60, 45}, {130, 52}, {170, 48}, {230, 50}};
    size_t count = 2;
    draw_squares(pieces);
    mqt_mesh_walk(&mesh, (struct mqt_line){way, 6}, RIVER_LINE, 0, pieces, &count, 8);
    assert_int_equal(count, 4);
    double sum_m2 = 0;
    size_t river = 0;
    for (size_t p = 0; p < count; ++p) {
        struct mqt_mesh_ring whole = mqt_mesh_whole(&mesh, pieces[p]);
        sum_m2 += mqt_mesh_area_m2(&mesh, whole);
        for (size_t i = 0; i < whole.count; ++i) {
            river += mqt_mesh_line(&mesh, whole.at[i], whole.at[(i + 1) % whole.count]) == RIVER_LINE;
        }
        pieces[p] = whole;
    }
    assert_true(fabs(sum_m2 - 20000) < 1e-6);
    assert_int_equal(river, 2 * 6); /* each stretch on both banks */
    struct mqt_mesh_ring outline = mqt_mesh_outline(&mesh, pieces, count);
    assert_true(fabs(mqt_mesh_area_m2(&mesh, outline) - 20000) < 1e-6);
}

static void an_outline_is_one_ring_or_none(void **state)
{
    (void)state;
    struct mqt_mesh_ring rings[2];
    struct mqt_mesh_ring parts[2];
    struct mqt_mesh_ring chain;
    draw_squares(rings);
    assert_true(mqt_mesh_has_outline(&mesh, rings, 2));
    assert_int_equal(mqt_mesh_outline(&mesh, rings, 2).count, 6);
    /* Two triangles that only share a corner with the other square touch it in a spot. */
    assert_true(mqt_mesh_cut(&mesh, rings[0], (struct mqt_spot){50, 50}, 0.7854, 0, CUT_LINE, parts, &chain));
    bool first_is_west = mqt_mesh_holds(&mesh, parts[0], (struct mqt_spot){20, 60});
    const struct mqt_mesh_ring apart[] = {parts[first_is_west ? 0 : 1], mqt_mesh_whole(&mesh, rings[1])};
    assert_false(mqt_mesh_has_outline(&mesh, apart, 2));
}

static void the_grain_is_the_direction_of_the_border(void **state)
{
    (void)state;
    struct mqt_mesh_ring rings[2];
    draw_squares(rings);
    assert_true(fabs(mqt_mesh_grain(&mesh, rings[0])) < 1e-9);
    struct mqt_rect box = mqt_mesh_bounds(&mesh, rings[1], 0);
    assert_true(fabs(box.x0_m - 100) < 1e-9 && fabs(box.x1_m - 200) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_cut_shows_in_the_neighbour, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_at_a_corner_makes_no_sliver, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_way_cuts_all_that_it_runs_through, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_outline_is_one_ring_or_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_grain_is_the_direction_of_the_border, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("mesh", tests, NULL, NULL);
}
