#include "../../etl/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

static void identity_numbers_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum mqt_id_verdict verdict;
        int birth_year;
        char sex;
    } rows[] = {
        {"11010519491231002X", MQT_ID_OK, 1949, 'F'},
        {"11010519491231002x", MQT_ID_OK, 1949, 'F'},
        {"11010519491231002Х", MQT_ID_OK, 1949, 'F'}, /* Cyrillic */
        {"１１０１０５１９４９１２３１００２Ｘ", MQT_ID_OK, 1949, 'F'},
        {" 110105 19491231 002X ", MQT_ID_OK, 1949, 'F'},
        {"'11010519491231002X", MQT_ID_OK, 1949, 'F'},
        {"110105194912310021", MQT_ID_CHECKSUM, 0, 0},
        {"11010519491331002X", MQT_ID_DATE, 0, 0},
        {"110105194912310000", MQT_ID_TAIL_LOST, 0, 0},
        {"1.1010519491231E+17", MQT_ID_TAIL_LOST, 0, 0},
        {"110105491231002", MQT_ID_OLD, 1949, 'F'},
        {"110105491331002", MQT_ID_DATE, 0, 0},
        {"11010519491231", MQT_ID_LENGTH, 0, 0},
        {"E12345678", MQT_ID_OTHER, 0, 0},
        {"无", MQT_ID_ABSENT, 0, 0},
        {NULL, MQT_ID_ABSENT, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_id_number id;
        enum mqt_id_verdict verdict = mqt_check_id_number(rows[i].text, &id);

        assert_int_equal(verdict, rows[i].verdict);
        assert_int_equal(id.birth_year, rows[i].birth_year);
        assert_int_equal(id.sex, rows[i].sex);
        assert_true((mqt_check_id_code(verdict) == NULL) == (mqt_check_id_reason(verdict) == NULL));
    }
}

static void a_number_that_ends_in_000_by_itself_is_kept(void **state)
{
    (void)state;
    struct mqt_id_number id;
    char number[19] = "110105194912300000";
    int kept = 0, lost = 0;

    /* Of all dates that end so, one in eleven has a check digit of 0 and is a real number. */
    for (int day = 1; day <= 30; day++) {
        number[12] = (char)('0' + day / 10);
        number[13] = (char)('0' + day % 10);
        memcpy(number + 10, "12", 2);
        kept += mqt_check_id_number(number, &id) == MQT_ID_OK;
        lost += mqt_check_id_number(number, &id) == MQT_ID_TAIL_LOST;
    }
    assert_int_equal(kept + lost, 30);
    assert_in_range(kept, 1, 5);
}

static void an_old_number_and_its_new_form_are_one(void **state)
{
    (void)state;
    static const struct {
        const char *text, *modern;
    } rows[] = {
        {"110105491231002", "11010519491231002X"},
        {"11010519491231002x", "11010519491231002X"},
        {"E12345678", "E12345678"},
        {"无", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_id_number id;
        char modern[MQT_ID_BYTES];

        (void)mqt_check_id_number(rows[i].text, &id);
        mqt_check_id_modern(&id, modern);
        assert_string_equal(modern, rows[i].modern);
    }
}

static void credit_codes_are_checked(void **state)
{
    (void)state;
    assert_true(mqt_check_credit_code("91110000101623741K"));
    assert_true(mqt_check_credit_code("91110000101623741k"));
    assert_false(mqt_check_credit_code("91110000101623741J"));
    assert_false(mqt_check_credit_code("9111000010162374IK"));
    assert_false(mqt_check_credit_code(""));
}

static void figures_are_read_with_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        double value;
    } rows[] = {{"12.5", true, 12.5}, {"12.5米", true, 12.5}, {"６层", true, 6},  {"1,234", true, 1234},
                {"约30米", true, 30}, {"-3", true, -3},       {"18 m", true, 18}, {"十二", false, 0},
                {"", false, 0},       {"12a", false, 0},      {"0x10", false, 0}, {"1e999", false, 0},
                {"nan", false, 0},    {"5;6", false, 0},      {"20000", false, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = -1;

        assert_int_equal(mqt_check_number(rows[i].text, -100, 10000, &value), rows[i].ok);
        assert_true(fabs(value - (rows[i].ok ? rows[i].value : -1)) < 1e-9);
    }
}

static void times_are_read_in_all_their_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written; /* NULL: no time */
    } rows[] = {
        {"2026-03-05", "2026-03-05 00:00:00"},
        {"2026/3/5 9:07", "2026-03-05 09:07:00"},
        {"2026年3月5日 9时7分", "2026-03-05 09:07:00"},
        {"2026年3月5日9时7分8秒", "2026-03-05 09:07:08"},
        {"2026.3.5", "2026-03-05 00:00:00"},
        {"20260305", "2026-03-05 00:00:00"},
        {"20260305090708", "2026-03-05 09:07:08"},
        {"2012-11-20T07:50:59.000", "2012-11-20 07:50:59"},
        {"2012-11-20T07:50:59Z", "2012-11-20 07:50:59+00"},
        {"2012-11-20T07:50:59+08:00", "2012-11-20 07:50:59+08:00"},
        {"46086", "2026-03-05 00:00:00"},
        {"2024-02-29", "2024-02-29 00:00:00"},
        {"2026-02-29", NULL},
        {"2026-13-01", NULL},
        {"2026-03-05 25:00", NULL},
        {"2026-03", NULL},
        {"昨天", NULL},
        {"", NULL},
        {"2026-03-05x", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[MQT_TIME_BYTES];
        bool ok = mqt_check_time(rows[i].text, out);

        assert_int_equal(ok, rows[i].written != NULL);
        if (ok) {
            assert_string_equal(out, rows[i].written);
        }
    }
}

static void degrees_come_decimal_or_in_minutes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        double degrees;
    } rows[] = {{"116.391", true, 116.391},  {"-73.96", true, -73.96}, {"116°23′27.6″", true, 116.391},
                {"39度54分0秒", true, 39.9}, {"73°30'W", true, -73.5}, {"116.391,39.9", false, 0},
                {"116°75′", false, 0},       {"东", false, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double degrees = 0;

        assert_int_equal(mqt_check_degrees(rows[i].text, &degrees), rows[i].ok);
        assert_true(fabs(degrees - rows[i].degrees) < 1e-9);
    }
}

static void degrees_run_together_are_proposed(void **state)
{
    (void)state;
    int deg = 0, min = 0;
    double sec = 0;

    assert_true(mqt_check_packed_degrees(1161830.5, &deg, &min, &sec));
    assert_int_equal(deg, 116);
    assert_int_equal(min, 18);
    assert_true(fabs(sec - 30.5) < 1e-6);
    assert_false(mqt_check_packed_degrees(1166030.5, &deg, &min, &sec)); /* 60 minutes */
    assert_false(mqt_check_packed_degrees(1161860.5, &deg, &min, &sec));
    assert_false(mqt_check_packed_degrees(116.3, &deg, &min, &sec));
    assert_false(mqt_check_packed_degrees(4410887.89, &deg, &min, &sec)); /* a northing */
    assert_true(mqt_check_has_minutes("116°18′0″"));
    assert_true(mqt_check_has_minutes("116度18分"));
    assert_false(mqt_check_has_minutes("116.3°"));
}

static void persons_are_masked(void **state)
{
    (void)state;
    char out[64];

    mqt_mask_name("张三丰", out, sizeof out);
    assert_string_equal(out, "张*");
    mqt_mask_name("", out, sizeof out);
    assert_string_equal(out, "");
    mqt_mask_phone("13812341234", out, sizeof out);
    assert_string_equal(out, "138****1234");
    mqt_mask_phone("12345", out, sizeof out);
    assert_string_equal(out, "*****");
    mqt_mask_id_number("11010519491231002x", out, sizeof out);
    assert_string_equal(out, "110***********002X");
    mqt_mask_text("致电13812341234，证号11010519491231002X，网格110106001001001", out, sizeof out);
    assert_non_null(strstr(out, "138****1234"));
    assert_null(strstr(out, "19491231"));
    mqt_mask_text("40.825123456789012", out, sizeof out);
    assert_string_equal(out, "40.825123456789012");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identity_numbers_are_judged),
        cmocka_unit_test(a_number_that_ends_in_000_by_itself_is_kept),
        cmocka_unit_test(an_old_number_and_its_new_form_are_one),
        cmocka_unit_test(credit_codes_are_checked),
        cmocka_unit_test(figures_are_read_with_their_units),
        cmocka_unit_test(times_are_read_in_all_their_forms),
        cmocka_unit_test(degrees_come_decimal_or_in_minutes),
        cmocka_unit_test(degrees_run_together_are_proposed),
        cmocka_unit_test(persons_are_masked),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
