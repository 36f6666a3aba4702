#include "../../tiles/arena.h"
#include "../../tiles/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_every_error_has_its_own_name(void **state)
{
    (void)state;
    for (int a = 0; a < MQT_ERR_COUNT; a++) {
        assert_non_null(mqt_err_name((enum mqt_err)a));
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(mqt_err_name((enum mqt_err)a), mqt_err_name((enum mqt_err)b));
        }
    }
    assert_string_equal(mqt_err_name(MQT_ERR_PARAM), "param");
}

static void test_fail_writes_the_sentence(void **state)
{
    (void)state;
    struct mqt_detail detail;
    memset(&detail, 'x', sizeof detail);
    assert_int_equal(mqt_fail(&detail, MQT_ERR_PARAM, "z must be 0 to 22, not %d", 23), MQT_ERR_PARAM);
    assert_string_equal(detail.text, "z must be 0 to 22, not 23");
    assert_string_equal(detail.field, "");
    assert_int_equal(mqt_fail_field(&detail, MQT_ERR_FORMAT, "bbox", "broken"), MQT_ERR_FORMAT);
    assert_string_equal(detail.field, "bbox");
    assert_int_equal(mqt_fail(NULL, MQT_ERR_IO, "%s", "nobody listens"), MQT_ERR_IO);
}

static void test_long_sentence_is_cut(void **state)
{
    (void)state;
    struct mqt_detail detail;
    char text[2000];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 0;
    (void)mqt_fail_field(&detail, MQT_ERR_PARAM, text, "%s", text);
    assert_true(strlen(detail.text) < sizeof detail.text);
    assert_true(strlen(detail.field) < sizeof detail.field);
}

static void test_buf_grows_and_keeps_its_bytes(void **state)
{
    (void)state;
    struct mqt_buf buf;
    mqt_buf_init(&buf, 100000);
    for (uint32_t i = 0; i < 20000; i++) {
        mqt_buf_add(&buf, &i, sizeof i);
    }
    assert_int_equal(mqt_buf_err(&buf), MQT_OK);
    assert_int_equal(buf.len, 80000);
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t value;
        memcpy(&value, buf.data + i * sizeof value, sizeof value);
        assert_int_equal(value, i);
    }
    mqt_buf_clear(&buf);
    assert_int_equal(buf.len, 0);
}

static void test_buf_stops_at_its_ceiling(void **state)
{
    (void)state;
    struct mqt_buf buf;
    mqt_buf_init(&buf, 10);
    mqt_buf_add(&buf, "12345678", 8);
    mqt_buf_add(&buf, "abc", 3);
    assert_int_equal(mqt_buf_err(&buf), MQT_ERR_LIMIT);
    mqt_buf_add(&buf, "a", 1); /* ignored, the error stays */
    assert_int_equal(buf.len, 8);
    assert_int_equal(mqt_buf_err(&buf), MQT_ERR_LIMIT);
    mqt_buf_reset(&buf);
    mqt_buf_add(&buf, "0123456789", 10);
    assert_int_equal(mqt_buf_err(&buf), MQT_OK);
    assert_null(mqt_buf_reserve(&buf, SIZE_MAX));
    assert_int_equal(mqt_buf_err(&buf), MQT_ERR_LIMIT);
    mqt_buf_clear(&buf);
}

static void test_buf_take_hands_over(void **state)
{
    (void)state;
    struct mqt_buf buf;
    size_t len = 99;
    mqt_buf_init(&buf, 1000);
    assert_null(mqt_buf_take(&buf, &len));
    assert_int_equal(len, 99);
    mqt_buf_add_str(&buf, "楼");
    mqt_buf_add_byte(&buf, 0);
    mqt_buf_printf(&buf, "%d-%s", 12, "x");
    uint8_t *bytes = mqt_buf_take(&buf, &len);
    assert_int_equal(len, 8);
    assert_memory_equal(bytes,
                        "\xe6\xa5\xbc\0"
                        "12-x",
                        8);
    assert_int_equal(buf.len, 0);
    assert_null(buf.data);
    free(bytes);
    mqt_buf_clear(&buf);
}

static void test_arena_hands_out_aligned_blocks(void **state)
{
    (void)state;
    struct mqt_arena arena;
    mqt_arena_init(&arena, 1 << 20);
    uint8_t *before = NULL;
    for (size_t size = 1; size < 3000; size += 7) {
        uint8_t *block = mqt_arena_alloc(&arena, size);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 16, 0);
        memset(block, 0xab, size);
        assert_true(before != block);
        before = block;
    }
    mqt_arena_clear(&arena);
    assert_int_equal(arena.used, 0);
}

static void test_arena_text(void **state)
{
    (void)state;
    struct mqt_arena arena;
    mqt_arena_init(&arena, 1 << 16);
    assert_string_equal(mqt_arena_copy(&arena, "abcdef", 3), "abc");
    assert_string_equal(mqt_arena_printf(&arena, "%s %d", "幢", 3), "幢 3");
    const uint8_t *zeros = mqt_arena_calloc(&arena, 100, 3);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(zeros[i], 0);
    }
    mqt_arena_clear(&arena);
}

static void test_arena_stops_at_its_ceiling(void **state)
{
    (void)state;
    struct mqt_arena arena;
    mqt_arena_init(&arena, 4096);
    assert_null(mqt_arena_alloc(&arena, 5000));
    assert_int_equal(arena.err, MQT_ERR_LIMIT);
    mqt_arena_clear(&arena);
    assert_null(mqt_arena_calloc(&arena, SIZE_MAX / 2, 4)); /* the product overflows */
    assert_true(arena.err != MQT_OK);
    mqt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_error_has_its_own_name),   cmocka_unit_test(test_fail_writes_the_sentence),
        cmocka_unit_test(test_long_sentence_is_cut),           cmocka_unit_test(test_buf_grows_and_keeps_its_bytes),
        cmocka_unit_test(test_buf_stops_at_its_ceiling),       cmocka_unit_test(test_buf_take_hands_over),
        cmocka_unit_test(test_arena_hands_out_aligned_blocks), cmocka_unit_test(test_arena_text),
        cmocka_unit_test(test_arena_stops_at_its_ceiling),
    };
    return cmocka_run_group_tests_name("err buf arena", tests, NULL, NULL);
}
