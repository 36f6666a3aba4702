#include "../../etl/agenda.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_earliest_comes_first(void **state)
{
    (void)state;
    struct mqt_agenda agenda;
    struct mqt_random random = mqt_random_start(1, 1);
    size_t added = 0;
    double last = -1;
    mqt_agenda_init(&agenda);
    assert_null(mqt_agenda_first(&agenda));
    for (int i = 0; i < 500; ++i) {
        struct mqt_appointment at = {.at_s = mqt_random_below(&random, 100), .ticket = i};
        assert_int_equal(mqt_agenda_add(&agenda, at), MQT_OK);
        ++added;
    }
    bool seen[500] = {false};
    for (; added > 0; --added) {
        assert_int_equal(mqt_agenda_count(&agenda), added);
        double first_s = mqt_agenda_first(&agenda)->at_s;
        struct mqt_appointment taken = mqt_agenda_take(&agenda);
        assert_true(taken.at_s == first_s && taken.at_s >= last);
        assert_false(seen[taken.ticket]);
        seen[taken.ticket] = true;
        last = taken.at_s;
    }
    assert_null(mqt_agenda_first(&agenda));
    mqt_agenda_clear(&agenda);
}

/* Tickets come at a rate and follow their course on the agenda: by Little's law as many are open as
 * come in during the mean time that one takes, and the number does not grow. */
static void the_number_of_open_tickets_stays_in_balance(void **state)
{
    (void)state;
    enum { DAYS = 1000, PER_DAY = 20 };
    static const double DAY_S = 86400;
    struct mqt_agenda agenda;
    struct mqt_random random = mqt_random_start(5, 2);
    double open_early = 0;
    double open_late = 0;
    mqt_agenda_init(&agenda);
    for (int day = 0; day < DAYS; ++day) {
        for (int i = 0; i < PER_DAY; ++i) {
            const struct mqt_subject *subject =
                mqt_subject_at(mqt_random_below(&random, (uint32_t)mqt_subject_count()));
            struct mqt_step step = mqt_course_step(&random, subject, 2, MQT_STATE_RECEIVED);
            struct mqt_appointment at = {.at_s = day * DAY_S + step.after_s,
                                         .subject = subject,
                                         .severity = 2,
                                         .from = MQT_STATE_RECEIVED,
                                         .to = step.next};
            assert_int_equal(mqt_agenda_add(&agenda, at), MQT_OK);
        }
        while (mqt_agenda_first(&agenda) && mqt_agenda_first(&agenda)->at_s < (day + 1) * DAY_S) {
            struct mqt_appointment due = mqt_agenda_take(&agenda);
            if (due.to != MQT_STATE_CLOSED) {
                struct mqt_step step = mqt_course_step(&random, due.subject, due.severity, due.to);
                due.at_s += step.after_s;
                due.from = due.to;
                due.to = step.next;
                assert_int_equal(mqt_agenda_add(&agenda, due), MQT_OK);
            }
        }
        open_early += day >= 400 && day < 700 ? (double)mqt_agenda_count(&agenda) / 300 : 0;
        open_late += day >= 700 ? (double)mqt_agenda_count(&agenda) / 300 : 0;
    }
    assert_true(open_early > PER_DAY * 3 && open_early < PER_DAY * 20);
    assert_true(open_late > open_early * 0.85 && open_late < open_early * 1.15);
    mqt_agenda_clear(&agenda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_comes_first),
        cmocka_unit_test(the_number_of_open_tickets_stays_in_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
