#include "../../etl/live_option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static void rates_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double per_hour;
    } rows[] = {{"60", 60},     {"60/h", 60},      {"2/min", 120},    {"1/s", 3600},     {"0.5/s", 1800},
                {".5/s", 1800}, {"48/d", 2},       {"240/day", 10},   {"1/m", 60},       {"360000", 360000},
                {"3/hour", 3},  {"100/s", 360000}, {"7/minute", 420}, {"2/second", 7200}};
    for (size_t i = 0; i < COUNT_OF(rows); ++i) {
        double per_hour = -1;
        if (mqt_live_parse_rate(rows[i].text, &per_hour) != MQT_OK || fabs(per_hour - rows[i].per_hour) > 1e-9) {
            fail_msg("%s gives %g", rows[i].text, per_hour);
        }
    }
}

static void what_is_no_rate_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",   "0",     "0/s",    "-1",   "1/x",  "inf",   "nan", "0x10", "1e3", "1 /h",   "/h",
        "1/", "101/s", "360001", "1..2", "1/h ", "1.2.3", ".",   "60h",  "1,5", "６０/h", "1111111111111111"};
    for (size_t i = 0; i < COUNT_OF(texts); ++i) {
        double per_hour = -1;
        if (mqt_live_parse_rate(texts[i], &per_hour) != MQT_ERR_PARAM || per_hour != -1) {
            fail_msg("%s is taken for %g", texts[i], per_hour);
        }
    }
}

static enum mqt_err parse(int argc, const char *const *argv, struct mqt_live_options *options,
                          struct mqt_detail *detail)
{
    return mqt_live_parse(argc, (char **)(uintptr_t)argv, options, detail);
}

static void options_are_read(void **state)
{
    (void)state;
    const char *const argv[] = {"sample", "--quiet", "--live", "2/min", "--seed", "7", "--pace", "12.5", "--steady"};
    struct mqt_live_options options = {0};
    struct mqt_detail detail = {0};
    assert_true(mqt_live_wanted(COUNT_OF(argv), (char **)(uintptr_t)argv));
    assert_int_equal(parse(COUNT_OF(argv), argv, &options, &detail), MQT_OK);
    assert_true(options.quiet && options.steady && options.seeded && !options.help);
    assert_true(options.per_hour == 120 && options.pace == 12.5 && options.seed == 7);
    assert_false(mqt_live_wanted(2, (char **)(uintptr_t)argv));
}

static void wrong_options_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *argv[5];
        const char *word;
    } rows[] = {{{"sample", "--live", "often"}, "--live"},
                {{"sample", "--live", "60", "--seed", "-1"}, "--seed"},
                {{"sample", "--live", "60", "--pace", "0"}, "--pace"},
                {{"sample", "--live", "60", "--out", "dir"}, "--out"},
                {{"sample", "--live"}, "--live"}};
    for (size_t i = 0; i < COUNT_OF(rows); ++i) {
        struct mqt_live_options options = {.seed = 99};
        struct mqt_detail detail = {0};
        int argc = 0;
        while (argc < 5 && rows[i].argv[argc]) {
            ++argc;
        }
        assert_int_equal(parse(argc, rows[i].argv, &options, &detail), MQT_ERR_PARAM);
        assert_non_null(strstr(detail.text, rows[i].word));
        assert_int_equal(options.seed, 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_read),
        cmocka_unit_test(what_is_no_rate_is_refused),
        cmocka_unit_test(options_are_read),
        cmocka_unit_test(wrong_options_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
