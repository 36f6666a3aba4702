#include "../../etl/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* 小区名称 */
#define GBK "\xD0\xA1\xC7\xF8\xC3\xFB\xB3\xC6"
#define UTF8 "小区名称"

static void a_text_is_decided_once(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *forced, *name, *from;
        size_t bom_len;
    } rows[] = {
        {"a,b", 3, NULL, "UTF-8", "utf8-valid", 0},
        {UTF8, 12, NULL, "UTF-8", "utf8-valid", 0},
        {GBK, 8, NULL, "GB18030", "default", 0},
        {"\xEF\xBB\xBF" UTF8, 15, NULL, "UTF-8", "bom", 3},
        {"\xFF\xFE\x0F\x5C", 4, NULL, "UTF-16LE", "bom", 2},
        {"\xFE\xFF\x5C\x0F", 4, NULL, "UTF-16BE", "bom", 2},
        {UTF8, 12, "gbk", "GB18030", "operator", 0},
        {"\xEF\xBB\xBF" UTF8, 15, "utf8", "UTF-8", "operator", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_encoding got;

        assert_int_equal(mqt_encoding_of_text((const uint8_t *)rows[i].bytes, rows[i].len, rows[i].forced, &got, NULL),
                         MQT_OK);
        assert_string_equal(got.name, rows[i].name);
        assert_string_equal(got.from, rows[i].from);
        assert_int_equal(got.bom_len, rows[i].bom_len);
    }
}

static void an_unknown_name_is_refused(void **state)
{
    (void)state;
    struct mqt_encoding got;
    struct mqt_detail detail = {0};

    assert_int_equal(mqt_encoding_of_text((const uint8_t *)"a", 1, "klingon", &got, &detail), MQT_ERR_PARAM);
    assert_string_equal(detail.field, "encoding");
}

static void code_pages_have_many_names(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"GBK", "GB18030"},     {"ANSI 936", "GB18030"}, {"CP936", "GB18030"},
                                          {"65001\r\n", "UTF-8"}, {"UTF-8", "UTF-8"},      {"88591", "ISO-8859-1"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[32];

        assert_true(mqt_encoding_canonical(rows[i][0], strlen(rows[i][0]), name, sizeof name));
        assert_string_equal(name, rows[i][1]);
    }
}

/* A DBF with one text column of width 8 and one record. */
static size_t make_dbf(uint8_t dbf[128], uint8_t ldid, const char *name, const char *value)
{
    memset(dbf, 0, 128);
    dbf[0] = 3;
    dbf[4] = 1;
    dbf[8] = 65;
    dbf[10] = 9;
    dbf[29] = ldid;
    strncpy((char *)dbf + 32, name, 11);
    dbf[32 + 11] = 'C';
    dbf[32 + 16] = 8;
    dbf[64] = 0x0D;
    dbf[65] = ' ';
    memset(dbf + 66, ' ', 8);
    memcpy(dbf + 66, value, strlen(value));
    return 65 + 9;
}

static void a_dbf_is_decided_in_the_stated_order(void **state)
{
    (void)state;
    static const struct {
        uint8_t ldid;
        const char *name, *value, *cpg, *forced, *encoding, *from;
    } rows[] = {
        {0, "NAME", GBK, NULL, NULL, "GB18030", "default"},
        {0, "NAME", "abc", NULL, NULL, "UTF-8", "utf8-valid"},
        {0, "NAME", "abc", "GBK", NULL, "GB18030", "cpg"},
        {0, "NAME", GBK, "UTF-8", NULL, "GB18030", "cpg-contradicted"},
        {0x4D, "NAME", "abc", NULL, NULL, "GB18030", "ldid"},
        {0x4D, "NAME", "abc", "UTF-8", NULL, "UTF-8", "cpg"},
        {0, GBK, "abc", NULL, NULL, "GB18030", "default"},
        {0, "NAME", "\xE5\xB0\x8F\xE5\x8C\xBA\xE5\x90", NULL, NULL, "UTF-8", "utf8-valid"}, /* cut at width 8 */
        {0, "NAME", "abc", "GBK", "utf-8", "UTF-8", "operator"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t dbf[128];
        size_t len = make_dbf(dbf, rows[i].ldid, rows[i].name, rows[i].value);
        struct mqt_encoding got;

        assert_int_equal(mqt_encoding_of_dbf(dbf, len, rows[i].cpg, rows[i].forced, &got, NULL), MQT_OK);
        assert_string_equal(got.name, rows[i].encoding);
        assert_string_equal(got.from, rows[i].from);
    }
}

static void a_truncated_dbf_is_refused(void **state)
{
    (void)state;
    uint8_t dbf[128];
    size_t len = make_dbf(dbf, 0, "NAME", "abc");
    struct mqt_encoding got;

    assert_int_equal(mqt_encoding_of_dbf(dbf, len - 1, NULL, NULL, &got, NULL), MQT_ERR_FORMAT);
    assert_int_equal(mqt_encoding_of_dbf(dbf, 20, NULL, NULL, &got, NULL), MQT_ERR_FORMAT);
}

static void decode(const char *encoding, const char *bytes, size_t len, const char *wanted, size_t wanted_broken)
{
    struct mqt_decoder *decoder = NULL;
    struct mqt_buf out;
    size_t broken = 0;

    mqt_buf_init(&out, 1024);
    assert_int_equal(mqt_decoder_new(encoding, &decoder, NULL), MQT_OK);
    assert_int_equal(mqt_decoder_add(decoder, (const uint8_t *)bytes, len, &out, &broken), MQT_OK);
    mqt_buf_add_byte(&out, 0);
    assert_string_equal((const char *)out.data, wanted);
    assert_int_equal(broken, wanted_broken);
    mqt_buf_clear(&out);
    mqt_decoder_free(decoder);
}

static void bytes_become_utf8(void **state)
{
    (void)state;
    decode("GB18030", GBK, 8, UTF8, 0);
    decode("GB18030", GBK, 7, "小区名", 0); /* cut inside the last character */
    decode("UTF-8", UTF8, 12, UTF8, 0);
    decode("UTF-8",
           "a\xFF"
           "b",
           3,
           "a\xEF\xBF\xBD"
           "b",
           1);
    decode("UTF-8", "a\xF6\x92\x92\x92", 5, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 4); /* no character */
    decode("UTF-8", UTF8, 11, "小区名", 0);
    decode("UTF-16LE", "\x0F\x5C\x00\x00", 4, "小", 0); /* NUL characters go */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_decided_once),     cmocka_unit_test(an_unknown_name_is_refused),
        cmocka_unit_test(code_pages_have_many_names), cmocka_unit_test(a_dbf_is_decided_in_the_stated_order),
        cmocka_unit_test(a_truncated_dbf_is_refused), cmocka_unit_test(bytes_become_utf8),
    };
    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
