#include "../../etl/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static void same_seed_and_stream_repeat(void **state)
{
    (void)state;
    struct mqt_random a = mqt_random_start(7, 3);
    struct mqt_random b = mqt_random_start(7, 3);
    struct mqt_random other_stream = mqt_random_start(7, 4);
    struct mqt_random other_seed = mqt_random_start(8, 3);
    int same_stream = 0;
    int same_seed = 0;
    for (int i = 0; i < 1000; ++i) {
        uint64_t value = mqt_random_next(&a);
        assert_true(value == mqt_random_next(&b));
        same_stream += value == mqt_random_next(&other_stream);
        same_seed += value == mqt_random_next(&other_seed);
    }
    assert_int_equal(same_stream, 0);
    assert_int_equal(same_seed, 0);
}

static void draws_are_even(void **state)
{
    (void)state;
    struct mqt_random random = mqt_random_start(1, 0);
    enum { SIDES = 6, DRAWS = 60000 };
    int seen[SIDES] = {0};
    double sum = 0;
    for (int i = 0; i < DRAWS; ++i) {
        ++seen[mqt_random_below(&random, SIDES)];
        double unit = mqt_random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        sum += unit;
    }
    for (int i = 0; i < SIDES; ++i) {
        assert_in_range(seen[i], DRAWS / SIDES - 500, DRAWS / SIDES + 500); /* 5.5 standard deviations */
    }
    assert_true(fabs(sum / DRAWS - 0.5) < 0.01);
}

static void bounds_are_reached_and_kept(void **state)
{
    (void)state;
    struct mqt_random random = mqt_random_start(2, 9);
    int least = 99;
    int most = -99;
    for (int i = 0; i < 2000; ++i) {
        int value = mqt_random_int(&random, -3, 4);
        least = value < least ? value : least;
        most = value > most ? value : most;
        double real = mqt_random_real(&random, 10, 11);
        assert_true(real >= 10 && real < 11);
    }
    assert_int_equal(least, -3);
    assert_int_equal(most, 4);
    assert_int_equal(mqt_random_int(&random, 5, 5), 5);
}

static void weights_are_kept(void **state)
{
    (void)state;
    struct mqt_random random = mqt_random_start(3, 1);
    const double weights[] = {0, 1, 3, 0};
    int seen[4] = {0};
    int heads = 0;
    for (int i = 0; i < 40000; ++i) {
        ++seen[mqt_random_weighted(&random, weights, 4)];
        heads += mqt_random_chance(&random, 0.25);
    }
    assert_int_equal(seen[0], 0);
    assert_int_equal(seen[3], 0);
    assert_in_range(seen[1], 9500, 10500);
    assert_in_range(heads, 9500, 10500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_and_stream_repeat),
        cmocka_unit_test(draws_are_even),
        cmocka_unit_test(bounds_are_reached_and_kept),
        cmocka_unit_test(weights_are_kept),
    };
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
