#include "../../etl/course.h"
#include "../../etl/intake.h"
#include "../../etl/rhythm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 4000 };

static int by_value(const void *a, const void *b)
{
    double p = *(const double *)a;
    double q = *(const double *)b;
    return (p > q) - (p < q);
}

/* Days until a ticket of this subject is closed; counts the states on the way. */
static double follow(struct mqt_random *random, const struct mqt_subject *subject, int severity, size_t *visits)
{
    enum mqt_state at = MQT_STATE_RECEIVED;
    double s = 0;
    for (int steps = 0; at != MQT_STATE_CLOSED; ++steps) {
        assert_true(steps < 200);
        struct mqt_step step = mqt_course_step(random, subject, severity, at);
        assert_true(step.after_s > 0);
        s += step.after_s;
        at = step.next;
        ++visits[at];
    }
    return s / 86400;
}

static void every_course_ends_in_about_its_subjects_time(void **state)
{
    (void)state;
    struct mqt_random random = mqt_random_start(1, 3);
    static double days[RUNS];
    for (size_t s = 0; s < mqt_subject_count(); ++s) {
        const struct mqt_subject *subject = mqt_subject_at(s);
        size_t visits[MQT_STATE_COUNT] = {0};
        for (int i = 0; i < RUNS; ++i) {
            days[i] = follow(&random, subject, 2, visits);
        }
        qsort(days, RUNS, sizeof days[0], by_value);
        double median = days[RUNS / 2];
        if (median < subject->rhythm.days * 0.8 || median > subject->rhythm.days * 1.5) {
            fail_msg("%s takes %.2f days, not about %.2f", subject->category, median, subject->rhythm.days);
        }
        assert_int_equal(visits[MQT_STATE_CLOSED], RUNS);
        assert_in_range(visits[MQT_STATE_RETURNED], RUNS / 100, RUNS / 15);
        assert_in_range(visits[MQT_STATE_SUSPENDED], RUNS / 200, RUNS / 30);
    }
}

static void urgent_tickets_are_faster(void **state)
{
    (void)state;
    struct mqt_random random = mqt_random_start(2, 3);
    const struct mqt_subject *subject = mqt_subject_find("房屋漏水");
    size_t visits[MQT_STATE_COUNT] = {0};
    static double slow[RUNS];
    static double fast[RUNS];
    for (int i = 0; i < RUNS; ++i) {
        slow[i] = follow(&random, subject, 2, visits);
        fast[i] = follow(&random, subject, 5, visits);
    }
    qsort(slow, RUNS, sizeof slow[0], by_value);
    qsort(fast, RUNS, sizeof fast[0], by_value);
    assert_true(fast[RUNS / 2] < slow[RUNS / 2] * 0.5);
}

static void states_have_their_words(void **state)
{
    (void)state;
    for (int i = 0; i < MQT_STATE_COUNT; ++i) {
        enum mqt_state found = MQT_STATE_COUNT;
        assert_true(mqt_state_of_code(mqt_state_code((enum mqt_state)i), &found));
        assert_int_equal(found, i);
        assert_true(strlen(mqt_state_title((enum mqt_state)i)) > 0);
    }
    enum mqt_state found = MQT_STATE_FILED;
    assert_false(mqt_state_of_code("lost", &found));
    assert_int_equal(found, MQT_STATE_FILED);
}

static void hours_and_weekdays_have_the_mean_one(void **state)
{
    (void)state;
    double hours = 0;
    double days = 0;
    for (int i = 0; i < MQT_RHYTHM_HOURS; ++i) {
        hours += mqt_rhythm_hour(i) / MQT_RHYTHM_HOURS;
    }
    for (int i = 0; i < 7; ++i) {
        days += mqt_rhythm_weekday(i) / 7;
    }
    assert_true(fabs(hours - 1) < 1e-9 && fabs(days - 1) < 1e-9);
    assert_true(mqt_rhythm_hour(10) > 10 * mqt_rhythm_hour(3));
    assert_true(mqt_rhythm_weekday(0) > 1.5 * mqt_rhythm_weekday(6));
}

static void seasons(void **state)
{
    (void)state;
    const struct mqt_subject *heating = mqt_subject_find("供暖");
    const struct mqt_subject *flood = mqt_subject_find("积水内涝");
    const struct mqt_moment cold = {.year = 2026, .month = 1, .day = 9};
    const struct mqt_moment first = {.year = 2026, .month = 11, .day = 12};
    const struct mqt_moment warm = {.year = 2026, .month = 5, .day = 9};
    assert_true(mqt_rhythm_season(heating, 1, cold) > 8 * mqt_rhythm_season(heating, 1, warm));
    assert_true(mqt_rhythm_season(heating, 1, first) > 1.5 * mqt_rhythm_season(heating, 1, cold));
    int rainy[13] = {0};
    for (int month = 1; month <= 12; ++month) {
        for (int year = 2000; year < 2020; ++year) {
            for (int day = 1; day <= 28; ++day) {
                const struct mqt_moment m = {.year = year, .month = month, .day = day};
                rainy[month] += mqt_rhythm_is_rain(4, m);
                assert_true(mqt_rhythm_is_rain(4, m) == (mqt_rhythm_season(flood, 4, m) > 1));
            }
        }
    }
    assert_true(rainy[7] > 2 * (rainy[6] + rainy[8]) / 2 && rainy[6] > 0 && rainy[8] > 0);
    assert_int_equal(rainy[1] + rainy[5] + rainy[9] + rainy[12], 0);
}

static void channels_suit_the_subject(void **state)
{
    (void)state;
    struct mqt_random random = mqt_random_start(3, 3);
    const struct mqt_subject *leak = mqt_subject_find("房屋漏水");
    const struct mqt_subject *fire = mqt_subject_find("消防安全");
    int sensors = 0;
    int machines_at_home = 0;
    for (int i = 0; i < RUNS; ++i) {
        machines_at_home += mqt_intake_channel(&random, leak)->is_machine;
        const struct mqt_channel *channel = mqt_intake_channel(&random, fire);
        sensors += strcmp(channel->code, "sensor") == 0;
        assert_true(!channel->is_machine || mqt_intake_lack(&random, channel) == MQT_INTAKE_PLACED);
    }
    assert_int_equal(machines_at_home, 0);
    assert_in_range(sensors, RUNS / 8, RUNS / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_course_ends_in_about_its_subjects_time),
        cmocka_unit_test(urgent_tickets_are_faster),
        cmocka_unit_test(states_have_their_words),
        cmocka_unit_test(hours_and_weekdays_have_the_mean_one),
        cmocka_unit_test(seasons),
        cmocka_unit_test(channels_suit_the_subject),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
