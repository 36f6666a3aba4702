#include "../../etl/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CELLS = 5 };

struct expected {
    uint64_t number;
    const char *cells[MAX_CELLS]; /* "" is an empty cell; NULL ends */
};

static void expect_rows(const char *text, const struct expected *rows, size_t count)
{
    struct mqt_csv csv;
    struct mqt_row row;
    bool more = false;

    mqt_csv_init(&csv, text, strlen(text));
    for (size_t i = 0; i < count; i++) {
        size_t cells = 0;

        assert_int_equal(mqt_csv_next(&csv, &row, &more, NULL), MQT_OK);
        assert_true(more);
        assert_int_equal(row.number, rows[i].number);
        while (cells < MAX_CELLS && rows[i].cells[cells] != NULL) {
            const char *got = row.cells[cells].text;

            assert_string_equal(got == NULL ? "" : got, rows[i].cells[cells]);
            cells++;
        }
        assert_int_equal(row.cell_count, cells);
    }
    assert_int_equal(mqt_csv_next(&csv, &row, &more, NULL), MQT_OK);
    assert_false(more);
    mqt_csv_clear(&csv);
}

static void quotes_and_line_ends_follow_the_rfc(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {1, {"a", "b,c", "say \"hi\""}},
        {2, {"two\nlines", "", "x"}},
        {4, {"last", "", ""}},
    };
    expect_rows("a,\"b,c\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",,x\n\"last\",\"\",", rows, 3);
}

static void blank_rows_are_passed_over_but_counted(void **state)
{
    (void)state;
    static const struct expected rows[] = {{2, {"a", "b"}}, {5, {"c", "d"}}};

    expect_rows("\na,b\n\n , \nc,d\n\n", rows, 2);
}

static void the_separator_is_seen(void **state)
{
    (void)state;
    static const struct expected semicolon[] = {{1, {"1,5", "2,5", "3"}}};
    static const struct expected tab[] = {{1, {"a", "b c", "d"}}};
    static const struct expected one[] = {{1, {"single"}}};

    expect_rows("\"1,5\";\"2,5\";3\n", semicolon, 1);
    expect_rows("a\tb c\td", tab, 1);
    expect_rows("single", one, 1);
}

static void an_open_quote_is_refused(void **state)
{
    (void)state;
    struct mqt_csv csv;
    struct mqt_row row;
    struct mqt_detail detail = {0};
    bool more = false;
    static const char text[] = "a,b\nc,\"d\ne,f\n";

    mqt_csv_init(&csv, text, strlen(text));
    assert_int_equal(mqt_csv_next(&csv, &row, &more, &detail), MQT_OK);
    assert_int_equal(mqt_csv_next(&csv, &row, &more, &detail), MQT_ERR_FORMAT);
    assert_non_null(strstr(detail.text, "line 2"));
    mqt_csv_clear(&csv);
}

static void too_many_fields_are_refused(void **state)
{
    (void)state;
    struct mqt_csv csv;
    struct mqt_row row;
    bool more = false;
    size_t len = MQT_WIRE_MAX_COLUMNS + 8;
    char *text = malloc(len);

    assert_non_null(text);
    memset(text, ',', len);
    mqt_csv_init(&csv, text, len);
    assert_int_equal(mqt_csv_next(&csv, &row, &more, NULL), MQT_ERR_LIMIT);
    mqt_csv_clear(&csv);
    free(text);
}

static void half_a_table_is_refused_but_not_a_sum_under_one(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum mqt_err last;
    } rows[] = {
        {"a,b,c\n1,2,3\n4,5", MQT_ERR_FORMAT}, {"a,b,c\r\n1,2,3\r\n4", MQT_ERR_FORMAT}, {"a,b,c\n1,2,3\n4,5\n", MQT_OK},
        {"a,b,c\n1,2,3\n4,5,6", MQT_OK},       {"a,b,c\n1,2,3\n合计,3", MQT_OK},        {"title", MQT_OK},
        {"a,b\n1,2\n3,4,5", MQT_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_csv csv;
        struct mqt_row row;
        struct mqt_detail detail = {0};
        enum mqt_err err = MQT_OK;
        bool more = true;

        mqt_csv_init(&csv, rows[i].text, strlen(rows[i].text));
        while (more && err == MQT_OK) {
            err = mqt_csv_next(&csv, &row, &more, &detail);
        }
        assert_int_equal(err, rows[i].last);
        if (err != MQT_OK) {
            assert_non_null(strstr(detail.text, "breaks off in line 3"));
        }
        mqt_csv_clear(&csv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_line_ends_follow_the_rfc),
        cmocka_unit_test(blank_rows_are_passed_over_but_counted),
        cmocka_unit_test(the_separator_is_seen),
        cmocka_unit_test(an_open_quote_is_refused),
        cmocka_unit_test(too_many_fields_are_refused),
        cmocka_unit_test(half_a_table_is_refused_but_not_a_sum_under_one),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
