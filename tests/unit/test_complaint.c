#include "../../etl/calendar.h"
#include "../../etl/town.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const int64_t UNTIL_S = 1795334400; /* 2026-11-22 16:00 in Beijing */
enum { SCALES = 2, ESTATES_MAX = 2000 };

/* Everything here is measured in a year's tickets of a whole town. */
static struct mqt_town towns[SCALES];

static int build_towns(void **state)
{
    static const char *const scales[SCALES] = {"community", "district"};
    struct mqt_detail detail;
    (void)state;
    for (int i = 0; i < SCALES; ++i) {
        if (mqt_town_build(scales[i], 1, UNTIL_S, &towns[i], &detail) != MQT_OK) {
            return 1;
        }
    }
    return 0;
}

static int clear_towns(void **state)
{
    (void)state;
    for (int i = 0; i < SCALES; ++i) {
        mqt_town_clear(&towns[i]);
    }
    return 0;
}

typedef bool (*moment_test)(struct mqt_moment m);

/* Share of the tickets of a category (NULL: of all) whose moment fulfils the test. */
static double share(const struct mqt_town *town, const char *category, moment_test is)
{
    double all = 0;
    double those = 0;
    for (size_t i = 0; i < town->tickets.count; ++i) {
        const struct mqt_town_ticket *ticket = &town->tickets.at[i];
        if (!category || strcmp(ticket->category, category) == 0) {
            those += is(mqt_calendar_local(ticket->reported_s));
            ++all;
        }
    }
    assert_true(all > 50);
    return those / all;
}

static bool is_morning(struct mqt_moment m)
{
    return m.hour >= 9 && m.hour < 12;
}

static bool is_night(struct mqt_moment m)
{
    return m.hour < 5;
}

static bool is_monday(struct mqt_moment m)
{
    return m.weekday == 0;
}

static bool is_sunday(struct mqt_moment m)
{
    return m.weekday == 6;
}

static bool is_heating(struct mqt_moment m)
{
    return (m.month == 11 && m.day >= 10) || m.month == 12 || m.month <= 2 || (m.month == 3 && m.day <= 15);
}

static bool is_first_week(struct mqt_moment m)
{
    return m.month == 11 && m.day >= 10 && m.day < 18;
}

static bool is_december(struct mqt_moment m)
{
    return m.month == 12;
}

static bool is_july(struct mqt_moment m)
{
    return m.month == 7;
}

static bool is_summer(struct mqt_moment m)
{
    return m.month >= 6 && m.month <= 8;
}

static void hours_and_weekdays(void **state)
{
    (void)state;
    for (int t = 0; t < SCALES; ++t) {
        double morning = share(&towns[t], NULL, is_morning);
        double night = share(&towns[t], NULL, is_night);
        assert_true(morning > 0.22 && morning < 0.32);
        assert_true(night > 0.005 && night < 0.04);
        double ratio = share(&towns[t], NULL, is_monday) / share(&towns[t], NULL, is_sunday);
        assert_true(ratio > 1.5 && ratio < 2.4);
    }
}

static void heating_begins_in_november(void **state)
{
    (void)state;
    for (int t = 0; t < SCALES; ++t) {
        assert_true(share(&towns[t], "供暖", is_heating) > 0.9);
        double first_week = share(&towns[t], "供暖", is_first_week) / 8;
        double december = share(&towns[t], "供暖", is_december) / 31;
        assert_true(first_week > 1.4 * december);
        assert_true(share(&towns[t], "停车管理", is_heating) < 0.5);
    }
}

static void rain_floods_july(void **state)
{
    (void)state;
    for (int t = 0; t < SCALES; ++t) {
        assert_true(share(&towns[t], "积水内涝", is_july) > 0.4);
        assert_true(share(&towns[t], "积水内涝", is_summer) > 0.8);
        assert_true(share(&towns[t], "房屋漏水", is_july) > share(&towns[t], "物业服务", is_july) * 1.5);
    }
}

/* The estate in which the ticket's address lies, ESTATES_MAX when it is no home. */
static size_t estate_of(const struct mqt_town *town, const char *address)
{
    size_t found = ESTATES_MAX;
    size_t longest = 0;
    for (size_t i = 0; i < town->estates.count && !strstr(address, "附近"); ++i) {
        size_t len = strlen(town->estates.at[i].name);
        if (len > longest && strncmp(address, town->estates.at[i].name, len) == 0) {
            found = i;
            longest = len;
        }
    }
    return found;
}

static int by_falling(const void *a, const void *b)
{
    double p = *(const double *)a;
    double q = *(const double *)b;
    return (p < q) - (p > q);
}

/* The tenth of the estates that complains most does so more than twice as often as the mean. */
static void a_few_estates_complain_most(void **state)
{
    (void)state;
    for (int t = 0; t < SCALES; ++t) {
        const struct mqt_town *town = &towns[t];
        static double rates[ESTATES_MAX];
        static double households[ESTATES_MAX];
        double tickets = 0;
        assert_true(town->estates.count < ESTATES_MAX);
        memset(rates, 0, sizeof rates);
        memset(households, 0, sizeof households);
        for (size_t h = 0; h < town->households.count; ++h) {
            size_t building = town->dwellings.at[town->households.at[h].dwelling].building;
            ++households[town->buildings.at[building].estate];
        }
        for (size_t i = 0; i < town->tickets.count; ++i) {
            size_t estate = estate_of(town, town->tickets.at[i].address);
            if (estate < ESTATES_MAX) {
                ++rates[estate];
                ++tickets;
            }
        }
        size_t count = 0;
        for (size_t i = 0; i < town->estates.count; ++i) {
            if (households[i] >= 30) {
                rates[count++] = rates[i] / households[i];
            }
        }
        qsort(rates, count, sizeof rates[0], by_falling);
        double mean = tickets / (double)town->households.count;
        double worst = rates[count / 20];
        assert_true(worst > (t == 0 ? 1.3 : 2) * mean);
        assert_true(rates[count - 1 - count / 20] < 0.7 * mean);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Tickets from one home about one thing, three times or more in a year. */
static void some_addresses_complain_again_and_again(void **state)
{
    (void)state;
    for (int t = 0; t < SCALES; ++t) {
        const struct mqt_town *town = &towns[t];
        const char **keys = calloc(town->tickets.count, sizeof *keys);
        struct mqt_arena arena;
        size_t count = 0;
        size_t repeats = 0;
        assert_non_null(keys);
        mqt_arena_init(&arena, 256 << 20);
        for (size_t i = 0; i < town->tickets.count; ++i) {
            const struct mqt_town_ticket *ticket = &town->tickets.at[i];
            if (strstr(ticket->address, "室")) {
                keys[count] = mqt_arena_printf(&arena, "%s %s", ticket->address, ticket->category);
                assert_non_null(keys[count]);
                ++count;
            }
        }
        qsort(keys, count, sizeof *keys, by_text);
        for (size_t i = 0, run; i < count; i += run) {
            for (run = 1; i + run < count && strcmp(keys[i], keys[i + run]) == 0; ++run) {
            }
            repeats += run >= 3 ? run : 0;
        }
        double part = (double)repeats / (double)town->tickets.count;
        assert_true(part > 0.025 && part < 0.08);
        mqt_arena_clear(&arena);
        free(keys);
    }
}

static void tickets_are_in_order_and_of_the_year(void **state)
{
    (void)state;
    for (int t = 0; t < SCALES; ++t) {
        const struct mqt_town *town = &towns[t];
        size_t open = 0;
        for (size_t i = 0; i < town->tickets.count; ++i) {
            const struct mqt_town_ticket *ticket = &town->tickets.at[i];
            assert_true(ticket->reported_s >= UNTIL_S - 365 * 86400 && ticket->reported_s < UNTIL_S);
            assert_true(i == 0 || ticket->reported_s >= ticket[-1].reported_s);
            assert_true(ticket->closed_s == 0 ||
                        (ticket->closed_s >= ticket->reported_s && ticket->closed_s <= UNTIL_S));
            assert_true((ticket->closed_s != 0) == (strcmp(ticket->status, "已办结") == 0));
            open += ticket->closed_s == 0;
        }
        assert_in_range(open * 100, town->tickets.count, town->tickets.count * 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_and_weekdays),
        cmocka_unit_test(heating_begins_in_november),
        cmocka_unit_test(rain_floods_july),
        cmocka_unit_test(a_few_estates_complain_most),
        cmocka_unit_test(some_addresses_complain_again_and_again),
        cmocka_unit_test(tickets_are_in_order_and_of_the_year),
    };
    return cmocka_run_group_tests(tests, build_towns, clear_towns);
}
