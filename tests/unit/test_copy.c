#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../schema/copy.h"

/* Two rows, (1, "ab", null) and (-2, "", true), as PostgreSQL writes them. */
static const uint8_t stream[] = {'P',  'G',  'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', 0,    0,
                                 0,    0,    0,   0,   0,   0,   2,    'x',  'x', /* header, two bytes of extension */
                                 0,    3,    0,   0,   0,   8,   0,    0,    0,    0,    0,    0,
                                 0,    1,    0,   0,   0,   2,   'a',  'b',  0xff, 0xff, 0xff, 0xff, /* first row */
                                 0,    3,    0,   0,   0,   8,   0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                 0xff, 0xfe, 0,   0,   0,   0,   0,    0,    0,    1,    1, /* second row */
                                 0xff, 0xff};                                               /* trailer */

struct rows {
    int count;
    int64_t ids[4];
    size_t text_lens[4];
    bool flag_present[4], flags[4];
    enum mqt_err answer;
};

static enum mqt_err take(void *user, const struct mqt_db_field *fields, size_t count, struct mqt_detail *detail)
{
    (void)detail;
    struct rows *rows = user;
    assert_int_equal(count, 3);
    assert_int_equal(mqt_copy_int64(fields[0], &rows->ids[rows->count]), MQT_OK);
    rows->text_lens[rows->count] = fields[1].len;
    rows->flag_present[rows->count] = fields[2].bytes != NULL;
    if (fields[2].bytes) {
        assert_int_equal(mqt_copy_bool(fields[2], &rows->flags[rows->count]), MQT_OK);
    }
    rows->count++;
    return rows->answer;
}

static enum mqt_err feed(struct mqt_copy_reader *reader, const uint8_t *bytes, size_t len, struct rows *rows)
{
    /* From memory of exactly that size, so that a sanitizer sees a read beyond it. */
    uint8_t *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    enum mqt_err err = mqt_copy_reader_feed(reader, copy, len, take, rows, NULL);
    free(copy);
    return err;
}

static void test_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t piece = 1; piece <= sizeof stream; piece++) {
        struct rows rows = {0};
        struct mqt_copy_reader reader;
        mqt_copy_reader_init(&reader, 100);
        for (size_t at = 0; at < sizeof stream; at += piece) {
            size_t len = sizeof stream - at < piece ? sizeof stream - at : piece;
            assert_int_equal(feed(&reader, stream + at, len, &rows), MQT_OK);
        }
        assert_true(reader.ended);
        assert_int_equal(rows.count, 2);
        assert_int_equal(rows.ids[0], 1);
        assert_int_equal(rows.ids[1], -2);
        assert_int_equal(rows.text_lens[0], 2);
        assert_int_equal(rows.text_lens[1], 0);
        assert_false(rows.flag_present[0]);
        assert_true(rows.flag_present[1] && rows.flags[1]);
        mqt_copy_reader_clear(&reader);
    }
}

static enum mqt_err read_spoilt(size_t at, uint8_t byte, size_t max_tuple)
{
    uint8_t bytes[sizeof stream + 1];
    memcpy(bytes, stream, sizeof stream);
    bytes[sizeof stream] = 0;
    bytes[at] = byte;
    struct rows rows = {0};
    struct mqt_copy_reader reader;
    mqt_copy_reader_init(&reader, max_tuple);
    enum mqt_err err = feed(&reader, bytes, at == sizeof stream ? sizeof bytes : sizeof stream, &rows);
    mqt_copy_reader_clear(&reader);
    return err;
}

static void test_bad_streams(void **state)
{
    (void)state;
    assert_int_equal(read_spoilt(3, 'X', 100), MQT_ERR_FORMAT);           /* signature */
    assert_int_equal(read_spoilt(11, 1, 100), MQT_ERR_FORMAT);            /* flags */
    assert_int_equal(read_spoilt(21, 0x7f, 100), MQT_ERR_FORMAT);         /* fields in a row */
    assert_int_equal(read_spoilt(23, 0x80, 100), MQT_ERR_FORMAT);         /* length of a field */
    assert_int_equal(read_spoilt(sizeof stream, 0, 100), MQT_ERR_FORMAT); /* bytes after the end */
    assert_int_equal(read_spoilt(23, 0x7f, 10), MQT_ERR_LIMIT);           /* a field that never ends */
}

static void test_error_of_a_row_is_returned(void **state)
{
    (void)state;
    struct rows rows = {.answer = MQT_ERR_GEOMETRY};
    struct mqt_copy_reader reader;
    mqt_copy_reader_init(&reader, 100);
    assert_int_equal(feed(&reader, stream, sizeof stream, &rows), MQT_ERR_GEOMETRY);
    assert_int_equal(rows.count, 1);
    mqt_copy_reader_clear(&reader);
}

static void test_fields(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x40, 0x5d, 0x13, 0x33, 0x33, 0x33, 0x33, 0x33};
    double real = 0;
    int64_t integer = 5;
    bool boolean = true;
    assert_int_equal(mqt_copy_float64((struct mqt_db_field){bytes, 8}, &real), MQT_OK);
    assert_true(real > 116.2999999 && real < 116.3000001);
    assert_int_equal(mqt_copy_float64((struct mqt_db_field){bytes, 4}, &real), MQT_ERR_FORMAT);
    assert_int_equal(mqt_copy_int64((struct mqt_db_field){bytes, 4}, &integer), MQT_ERR_FORMAT);
    assert_int_equal(mqt_copy_int64((struct mqt_db_field){NULL, 0}, &integer), MQT_ERR_FORMAT);
    assert_int_equal(mqt_copy_bool((struct mqt_db_field){bytes, 8}, &boolean), MQT_ERR_FORMAT);
    assert_int_equal(integer, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_of_any_size),
        cmocka_unit_test(test_bad_streams),
        cmocka_unit_test(test_error_of_a_row_is_returned),
        cmocka_unit_test(test_fields),
    };
    return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
