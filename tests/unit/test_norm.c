#include "../../etl/norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void text_is_made_plain(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain, *key;
    } rows[] = {
        {"", "", ""},
        {"  ３号楼　", "3号楼", "3号楼"},
        {"Ａ座\xE2\x80\x8B 2\xC2\xA0\xC2\xA0单元", "A座 2 单元", "a座2单元"},
        {"\xEF\xBB\xBF编号\r\n", "编号", "编号"},
        {"x\xFFy", "x?y", "x?y"},
        {"（甲）", "(甲)", "(甲)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[64];
        size_t len = mqt_norm_text(rows[i].text, strlen(rows[i].text), out, sizeof out);

        assert_string_equal(out, rows[i].plain);
        assert_int_equal(len, strlen(out));
        mqt_norm_key(rows[i].text, strlen(rows[i].text), out, sizeof out);
        assert_string_equal(out, rows[i].key);
    }
}

static void a_small_buffer_cuts_between_characters(void **state)
{
    (void)state;
    char out[6];

    assert_int_equal(mqt_norm_text("楼栋号", 9, out, sizeof out), 3);
    assert_string_equal(out, "楼");
}

static void absent_marks_say_nothing(void **state)
{
    (void)state;
    static const char *const absent[] = {"", " ", "无", "—", "－", "/", "NULL", "N/A", "暂无"};
    static const char *const present[] = {"0", "无名路", "1", "甲", "-1"};

    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        assert_true(mqt_norm_is_absent(absent[i]));
    }
    for (size_t i = 0; i < sizeof present / sizeof present[0]; i++) {
        assert_false(mqt_norm_is_absent(present[i]));
    }
}

static void utf8_is_checked_strictly(void **state)
{
    (void)state;
    assert_true(mqt_norm_is_utf8("楼\xF0\xA0\xAE\xB7", 7));
    assert_false(mqt_norm_is_utf8("\xC0\xAF", 2));         /* overlong */
    assert_false(mqt_norm_is_utf8("\xED\xA0\x80", 3));     /* surrogate */
    assert_false(mqt_norm_is_utf8("\xF4\x90\x80\x80", 4)); /* beyond U+10FFFF */
    assert_false(mqt_norm_is_utf8("\xE6\xA5", 2));         /* cut */
    assert_false(mqt_norm_is_utf8("a\0b", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_made_plain),
        cmocka_unit_test(a_small_buffer_cuts_between_characters),
        cmocka_unit_test(absent_marks_say_nothing),
        cmocka_unit_test(utf8_is_checked_strictly),
    };
    return cmocka_run_group_tests_name("norm", tests, NULL, NULL);
}
