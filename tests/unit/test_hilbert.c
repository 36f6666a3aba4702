#include "../../tiles/hilbert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One step along the curve is one step on the map, and every cell is met once. */
static void test_steps_go_to_a_neighbour(void **state)
{
    (void)state;
    enum { BITS = 6, SIDE = 1 << BITS };
    int x_at[SIDE * SIDE], y_at[SIDE * SIDE];
    memset(x_at, -1, sizeof x_at);
    for (int x = 0; x < SIDE; x++) {
        for (int y = 0; y < SIDE; y++) {
            uint64_t distance = mqt_hilbert((uint32_t)x, (uint32_t)y, BITS);
            assert_in_range(distance, 0, SIDE * SIDE - 1);
            assert_int_equal(x_at[distance], -1);
            x_at[distance] = x;
            y_at[distance] = y;
        }
    }
    for (size_t i = 1; i < SIDE * SIDE; i++) {
        assert_int_equal(abs(x_at[i] - x_at[i - 1]) + abs(y_at[i] - y_at[i - 1]), 1);
    }
}

/* The curve of a finer square goes through the cells of a coarser one in an order that it shares with
 * every other curve two steps finer. */
static void test_finer_curves_refine(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t x = i * 2654435761u >> 1, y = i * 2246822519u >> 1;
        assert_int_equal(mqt_hilbert(x, y, 31) >> 4, mqt_hilbert(x >> 2, y >> 2, 29));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_go_to_a_neighbour),
        cmocka_unit_test(test_finer_curves_refine),
    };
    return cmocka_run_group_tests_name("hilbert", tests, NULL, NULL);
}
