#include "../../etl/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void known_moments(void **state)
{
    (void)state;
    static const struct {
        int64_t unix_s;
        struct mqt_moment local;
    } rows[] = {
        {0, {1970, 1, 1, 8, 0, 0, 3}},
        {951753600, {2000, 2, 29, 0, 0, 0, 1}},
        {1795334400, {2026, 11, 22, 16, 0, 0, 6}},
        {-1, {1970, 1, 1, 7, 59, 59, 3}},
        {1735660799, {2024, 12, 31, 23, 59, 59, 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mqt_moment local = mqt_calendar_local(rows[i].unix_s);
        assert_memory_equal(&local, &rows[i].local, sizeof local);
        assert_int_equal(mqt_calendar_unix(local), rows[i].unix_s);
    }
}

static void every_day_of_four_centuries_comes_back(void **state)
{
    (void)state;
    int weekday = mqt_calendar_local(-8 * 3600).weekday;
    for (int64_t day = 0; day < 146097; ++day) {
        struct mqt_moment local = mqt_calendar_local(day * 86400 - 8 * 3600);
        assert_int_equal(local.weekday, weekday);
        assert_int_equal(mqt_calendar_unix(local), day * 86400 - 8 * 3600);
        weekday = (weekday + 1) % 7;
    }
}

static void texts_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t unix_s; /* -1: not a time */
    } rows[] = {
        {"2026-11-22", 1795276800},
        {"2026-11-22T16:00", 1795334400},
        {"2026-11-22 16:00:00", 1795334400},
        {"2026-11-22T08:00:00Z", 1795334400},
        {"2026-11-22T03:00-05:00", 1795334400},
        {"2024-02-29", 1709136000},
        {"2026-02-29", -1},
        {"2026-13-01", -1},
        {"2026-11-22T24:00", -1},
        {"2026-11-22T16:00+8", -1},
        {"2026-11-22x", -1},
        {"22.11.2026", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        int64_t unix_s = -1;
        enum mqt_err err = mqt_calendar_parse(rows[i].text, &unix_s);
        assert_int_equal(err, rows[i].unix_s == -1 ? MQT_ERR_PARAM : MQT_OK);
        assert_int_equal(unix_s, rows[i].unix_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_moments),
        cmocka_unit_test(every_day_of_four_centuries_comes_back),
        cmocka_unit_test(texts_are_read),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
