#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/natural.h"

static int compare(const char *left, const char *right)
{
    return mqt_natural_compare(left, strlen(left), right, strlen(right));
}

/* Each stands before the next. */
static void test_order(void **state)
{
    (void)state;
    static const char *const words[] = {
        "",   "1",   "2",    "02a",   "10",     "10a", "10b", "99999999999999999999", "100000000000000000000",
        "a2", "a10", "a10b", "东2号", "东10号", "甲3", "甲12"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (size_t j = 0; j < sizeof words / sizeof words[0]; j++) {
            int order = compare(words[i], words[j]);
            int wanted = (i > j) - (i < j);
            if ((order > 0) - (order < 0) != wanted) {
                fail_msg("'%s' and '%s'", words[i], words[j]);
            }
        }
    }
    assert_int_equal(compare("007", "007"), 0);
}

/* Codes and names that differ in leading zeros are different ones. */
static void test_zeros(void **state)
{
    (void)state;
    static const char *const words[] = {"007号", "07号", "7号", "008号"};
    for (size_t i = 1; i < sizeof words / sizeof words[0]; i++) {
        assert_true(compare(words[i - 1], words[i]) < 0);
        assert_true(compare(words[i], words[i - 1]) > 0);
    }
}

static void test_only_what_is_given_is_read(void **state)
{
    (void)state;
    assert_true(mqt_natural_compare("12345", 2, "13", 2) < 0);
    assert_int_equal(mqt_natural_compare("3x", 1, "3y", 1), 0);
    assert_true(mqt_natural_compare("00", 2, "1", 1) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_only_what_is_given_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
