#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/tickets.h"

enum { DAY_S = 86400 };

static const int64_t now_s = 1795334400; /* 2026-11-22 */

static int setup(void **state)
{
    struct mqt_tickets *tickets = NULL;
    assert_int_equal(mqt_tickets_new(&tickets), MQT_OK);
    *state = tickets;
    return 0;
}

static int teardown(void **state)
{
    mqt_tickets_free(*state);
    return 0;
}

static struct mqt_ticket make(struct mqt_tickets *tickets, uint64_t id, uint64_t building_id, int64_t reported_s,
                              const char *category, const char *status)
{
    struct mqt_ticket ticket = {
        .id = id, .building_id = building_id, .placed = building_id != 0, .reported_s = reported_s, .severity = 2};
    ticket.codes[MQT_TICKET_CATEGORY] = mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, category);
    ticket.codes[MQT_TICKET_CHANNEL] = mqt_tickets_intern(tickets, MQT_TICKET_CHANNEL, "hotline");
    ticket.codes[MQT_TICKET_STATUS] = mqt_tickets_intern(tickets, MQT_TICKET_STATUS, status);
    return ticket;
}

static void put(struct mqt_tickets *tickets, struct mqt_ticket ticket)
{
    assert_int_equal(mqt_tickets_put(tickets, &ticket), MQT_OK);
}

static void assert_counts(struct mqt_ticket_counts counts, uint64_t open, uint64_t last_30d, uint64_t total)
{
    assert_int_equal(counts.open, open);
    assert_int_equal(counts.last_30d, last_30d);
    assert_int_equal(counts.total, total);
}

static void test_counts_follow_changes(void **state)
{
    struct mqt_tickets *tickets = *state;
    put(tickets, make(tickets, 1, 7, now_s - DAY_S, "heating", "received"));
    put(tickets, make(tickets, 2, 7, now_s - 40 * DAY_S, "noise", "closed"));
    put(tickets, make(tickets, 3, 8, now_s - 29 * DAY_S, "noise", "returned"));
    put(tickets, make(tickets, 4, 0, now_s, "noise", "received"));
    put(tickets, make(tickets, 5, 7, now_s + DAY_S, "noise", "received")); /* dated ahead */
    assert_counts(mqt_tickets_of_building(tickets, 7, now_s), 2, 1, 3);
    assert_counts(mqt_tickets_of_building(tickets, 8, now_s), 1, 1, 1);
    assert_counts(mqt_tickets_of_building(tickets, 0, now_s), 0, 0, 0);
    assert_counts(mqt_tickets_of_building(tickets, 9, now_s), 0, 0, 0);
    assert_counts(mqt_tickets_all(tickets, now_s), 4, 3, 5);

    put(tickets, make(tickets, 1, 8, now_s - DAY_S, "heating", "closed")); /* closed, and moved */
    assert_counts(mqt_tickets_of_building(tickets, 7, now_s), 1, 0, 2);
    assert_counts(mqt_tickets_of_building(tickets, 8, now_s), 1, 2, 2);
    assert_true(mqt_tickets_remove(tickets, 3));
    assert_false(mqt_tickets_remove(tickets, 3));
    assert_counts(mqt_tickets_of_building(tickets, 8, now_s), 0, 1, 1);
    struct mqt_ticket found;
    assert_false(mqt_tickets_find(tickets, 3, &found));
    assert_true(mqt_tickets_find(tickets, 5, &found));
    assert_int_equal(found.reported_s, now_s + DAY_S);
}

/* A table of thousands against plain arrays. */
static void test_many(void **state)
{
    enum { IDS = 3000, BUILDINGS = 50, STEPS = 20000 };
    struct mqt_tickets *tickets = *state;
    static uint64_t building_of[IDS]; /* 0: no such ticket */
    srand(3);
    for (int step = 0; step < STEPS; step++) {
        uint64_t id = (uint64_t)(rand() % IDS);
        if (rand() % 3 == 0) {
            assert_int_equal(mqt_tickets_remove(tickets, id), building_of[id] != 0);
            building_of[id] = 0;
        } else {
            building_of[id] = (uint64_t)(rand() % BUILDINGS) + 1;
            put(tickets, make(tickets, id, building_of[id], now_s, "c", id % 2 ? "closed" : "filed"));
        }
    }
    uint64_t total = 0;
    for (uint64_t building = 1; building <= BUILDINGS; building++) {
        uint64_t all = 0, open = 0;
        for (size_t id = 0; id < IDS; id++) {
            all += building_of[id] == building;
            open += building_of[id] == building && id % 2 == 0;
        }
        assert_counts(mqt_tickets_of_building(tickets, building, now_s), open, all, all);
        total += all;
    }
    assert_int_equal(mqt_tickets_all(tickets, now_s).total, total);
}

static void count_one(void *user, const struct mqt_ticket *ticket)
{
    size_t *count = user;
    *count += ticket->id != 0;
}

static size_t count_at_building(struct mqt_tickets *tickets, uint64_t building_id)
{
    size_t count = 0;
    mqt_tickets_at_building(tickets, building_id, count_one, &count);
    return count;
}

static size_t count_reported(struct mqt_tickets *tickets, int64_t time_s)
{
    size_t count = 0;
    mqt_tickets_reported(tickets, time_s - 1, time_s, count_one, &count);
    return count;
}

/* Tickets change any of what they are found by, or nothing of it, or go. */
static void test_found_after_any_change(void **state)
{
    enum { IDS = 40, BUILDINGS = 4, HOURS = 3, STEPS = 3000, HOUR_S = 3600 };
    struct mqt_tickets *tickets = *state;
    size_t building_of[IDS] = {0}; /* 0: in none */
    size_t hour_of[IDS] = {0};     /* 0: there is no such ticket */
    srand(5);
    for (int step = 0; step < STEPS; step++) {
        size_t id = (size_t)(rand() % IDS);
        int what = rand() % 5;
        if (what == 0) {
            assert_int_equal(mqt_tickets_remove(tickets, id + 1), hour_of[id] != 0);
            hour_of[id] = 0;
        } else {
            building_of[id] = what == 1 ? (size_t)(rand() % BUILDINGS) : building_of[id];
            hour_of[id] = what == 2 || hour_of[id] == 0 ? (size_t)(rand() % HOURS) + 1 : hour_of[id];
            put(tickets, make(tickets, id + 1, building_of[id], now_s + (int64_t)hour_of[id] * HOUR_S, "c",
                              step % 2 ? "closed" : "filed"));
        }
        size_t in_building[BUILDINGS] = {0};
        size_t in_hour[HOURS + 1] = {0};
        for (size_t i = 0; i < IDS; i++) {
            in_building[building_of[i]] += hour_of[i] != 0;
            in_hour[hour_of[i]]++;
        }
        for (size_t i = 1; i < BUILDINGS; i++) {
            assert_int_equal(count_at_building(tickets, i), in_building[i]);
        }
        for (size_t i = 1; i <= HOURS; i++) {
            assert_int_equal(count_reported(tickets, now_s + (int64_t)i * HOUR_S), in_hour[i]);
        }
    }
}

static void test_codes(void **state)
{
    struct mqt_tickets *tickets = *state;
    uint8_t code = 99;
    assert_false(mqt_tickets_code(tickets, MQT_TICKET_CATEGORY, "heating", &code));
    uint8_t heating = mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, "heating");
    assert_int_equal(mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, "heating"), heating);
    assert_int_equal(mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, "other"), MQT_TICKET_CODE_OTHER);
    assert_false(mqt_tickets_code(tickets, MQT_TICKET_CHANNEL, "heating", &code));
    for (int i = 1; i < MQT_TICKET_CODE_OTHER; i++) {
        char word[16];
        (void)snprintf(word, sizeof word, "c%d", i);
        assert_int_equal(mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, word), heating + i);
    }
    assert_false(mqt_tickets_code(tickets, MQT_TICKET_CATEGORY, "one more", &code));
    assert_int_equal(mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, "one more"), MQT_TICKET_CODE_OTHER);
    assert_true(mqt_tickets_code(tickets, MQT_TICKET_CATEGORY, "one more", &code));
    assert_int_equal(code, MQT_TICKET_CODE_OTHER);
    assert_true(mqt_tickets_code(tickets, MQT_TICKET_CATEGORY, "heating", &code));
    assert_int_equal(code, heating);
    char word[MQT_TICKET_WORD_BYTES];
    mqt_tickets_word(tickets, MQT_TICKET_CATEGORY, heating, word);
    assert_string_equal(word, "heating");
    mqt_tickets_word(tickets, MQT_TICKET_CATEGORY, MQT_TICKET_CODE_OTHER, word);
    assert_string_equal(word, "other");
}

static void test_long_word_is_cut_at_a_character(void **state)
{
    struct mqt_tickets *tickets = *state;
    const char *long_word = "供暖供暖供暖供暖供暖供暖供暖供暖供暖供暖供暖供暖"; /* 24 x 3 bytes */
    uint8_t code = mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, long_word);
    char word[MQT_TICKET_WORD_BYTES];
    mqt_tickets_word(tickets, MQT_TICKET_CATEGORY, code, word);
    assert_int_equal(strlen(word), 63); /* 21 characters */
    assert_memory_equal(word, long_word, 63);
    char odd[80] = "x";
    (void)snprintf(odd, sizeof odd, "x%s", long_word);
    code = mqt_tickets_intern(tickets, MQT_TICKET_CATEGORY, odd);
    mqt_tickets_word(tickets, MQT_TICKET_CATEGORY, code, word);
    assert_int_equal(strlen(word), 61);
}

static void test_summary_and_replace(void **state)
{
    struct mqt_tickets *tickets = *state;
    struct mqt_ticket_summary *summary = calloc(1, sizeof *summary);
    assert_non_null(summary);
    put(tickets, make(tickets, 99, 1, 5, "gone", "received"));
    struct mqt_ticket rows[] = {make(tickets, 1, 1, 100, "noise", "received"),
                                make(tickets, 2, 1, 50, "water", "closed"), make(tickets, 3, 0, 300, "water", "filed")};
    assert_int_equal(mqt_tickets_replace(tickets, rows, 3), MQT_OK);
    mqt_tickets_summary(tickets, summary);
    assert_int_equal(summary->total, 3);
    assert_int_equal(summary->open, 2);
    assert_int_equal(summary->placed, 2);
    assert_int_equal(summary->first_s, 50);
    assert_int_equal(summary->last_s, 300);
    assert_int_equal(summary->word_counts[MQT_TICKET_CATEGORY], 2); /* 'gone' has no ticket any more */
    assert_string_equal(summary->words[MQT_TICKET_CATEGORY][0].word, "water");
    assert_int_equal(summary->words[MQT_TICKET_CATEGORY][0].count, 2);
    assert_int_equal(mqt_tickets_replace(tickets, NULL, 0), MQT_OK);
    mqt_tickets_summary(tickets, summary);
    assert_int_equal(summary->total, 0);
    assert_int_equal(summary->last_s, 0);
    free(summary);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_counts_follow_changes),           TEST(test_many),
        TEST(test_found_after_any_change),          TEST(test_codes),
        TEST(test_long_word_is_cut_at_a_character), TEST(test_summary_and_replace),
    };
    return cmocka_run_group_tests_name("tickets", tests, NULL, NULL);
}
