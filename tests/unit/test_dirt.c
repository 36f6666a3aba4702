#include "../../etl/dirt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { ROWS = 10000 };

/* Every tenth row can have a Cyrillic letter, no row the one after it. */
static bool fits(const void *row, enum mqt_dirt dirt)
{
    return dirt != MQT_DIRT_ID_CYRILLIC || *(const size_t *)row % 10 == 0;
}

static void each_kind_comes_as_often_as_its_share(void **state)
{
    (void)state;
    static const enum mqt_dirt kinds[] = {MQT_DIRT_OTHER_WORD, MQT_DIRT_ID_CYRILLIC, MQT_DIRT_TWICE};
    struct mqt_random random = mqt_random_start(5, 1);
    struct mqt_dirt_source source;
    size_t counts[MQT_DIRT_COUNT] = {0};
    size_t in_second_half = 0;

    mqt_dirt_open(&source, &random, kinds, 3);
    for (size_t row = 0; row < ROWS; row++) {
        mqt_dirt_see(&source, fits, &row);
    }
    for (size_t row = 0; row < ROWS; row++) {
        enum mqt_dirt dirt = mqt_dirt_next(&source, fits, &row);

        assert_true(dirt != MQT_DIRT_ID_CYRILLIC || row % 10 == 0);
        counts[dirt]++;
        in_second_half += dirt != MQT_DIRT_NONE && row >= ROWS / 2;
    }
    assert_int_equal(counts[MQT_DIRT_OTHER_WORD], 300);
    assert_int_equal(counts[MQT_DIRT_ID_CYRILLIC], 20);
    assert_int_equal(counts[MQT_DIRT_TWICE], 20);
    assert_in_range(in_second_half, 140, 200);
}

static void a_small_file_has_each_kind_once(void **state)
{
    (void)state;
    static const enum mqt_dirt kinds[] = {MQT_DIRT_ID_DATE, MQT_DIRT_TWICE};
    struct mqt_random random = mqt_random_start(5, 2);
    struct mqt_dirt_source source;
    size_t counts[MQT_DIRT_COUNT] = {0};

    mqt_dirt_open(&source, &random, kinds, 2);
    for (size_t row = 0; row < 30; row++) {
        mqt_dirt_see(&source, fits, &row);
    }
    for (size_t row = 0; row < 30; row++) {
        counts[mqt_dirt_next(&source, fits, &row)]++;
    }
    assert_int_equal(counts[MQT_DIRT_ID_DATE], 1);
    assert_int_equal(counts[MQT_DIRT_TWICE], 1);
}

/* Every hundredth row has a number. */
static bool has_number(const void *row, enum mqt_dirt dirt)
{
    (void)dirt;
    return *(const size_t *)row % 100 == 0;
}

static void of_the_few_rows_that_fit_a_tenth_is_spoilt(void **state)
{
    (void)state;
    static const enum mqt_dirt kinds[] = {MQT_DIRT_FULL_WIDTH, MQT_DIRT_OTHER_WORD};
    struct mqt_random random = mqt_random_start(5, 3);
    struct mqt_dirt_source source;
    size_t counts[MQT_DIRT_COUNT] = {0};

    mqt_dirt_open(&source, &random, kinds, 2);
    for (size_t row = 0; row < ROWS; row++) {
        mqt_dirt_see(&source, has_number, &row);
    }
    for (size_t row = 0; row < ROWS; row++) {
        counts[mqt_dirt_next(&source, has_number, &row)]++;
    }
    assert_int_equal(counts[MQT_DIRT_FULL_WIDTH], 10);
    assert_int_equal(counts[MQT_DIRT_OTHER_WORD], 10);
}

static void texts_are_spelt_otherwise(void **state)
{
    (void)state;
    static const struct {
        void (*spell)(const char *, char *, size_t);
        const char *wanted;
    } rows[] = {{mqt_dirt_full_width, "１２号楼－Ａ"}, {mqt_dirt_numerals, "一二号楼-A"}};
    char out[64];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rows[i].spell("12号楼-A", out, sizeof out);
        assert_string_equal(out, rows[i].wanted);
    }
    mqt_dirt_zero_width("1楼", out, sizeof out);
    assert_string_equal(out, "1\xE2\x80\x8B楼\xE2\x80\x8B");
    mqt_dirt_full_width("12", out, 4);
    assert_string_equal(out, "１");
}

static void each_kind_has_a_name_and_a_reason_where_it_is_refused(void **state)
{
    (void)state;
    for (int i = MQT_DIRT_NONE + 1; i < MQT_DIRT_COUNT; i++) {
        const struct mqt_dirt_kind *kind = mqt_dirt_at((enum mqt_dirt)i);
        bool told = kind->outcome == MQT_OUTCOME_REJECTED || kind->outcome == MQT_OUTCOME_QUARANTINED;

        assert_true(kind->id[0] != '\0' && kind->what[0] != '\0');
        assert_int_equal(told, kind->code != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_comes_as_often_as_its_share),
        cmocka_unit_test(a_small_file_has_each_kind_once),
        cmocka_unit_test(of_the_few_rows_that_fit_a_tenth_is_spoilt),
        cmocka_unit_test(texts_are_spelt_otherwise),
        cmocka_unit_test(each_kind_has_a_name_and_a_reason_where_it_is_refused),
    };
    return cmocka_run_group_tests_name("dirt", tests, NULL, NULL);
}
