#include "../../tiles/deflate.h"

#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef enum mqt_err (*pack_fn)(const uint8_t *bytes, size_t len, struct mqt_buf *out);
typedef enum libdeflate_result (*unpack_fn)(struct libdeflate_decompressor *d, const void *in, size_t in_len, void *out,
                                            size_t out_len, size_t *actual_out);

static uint8_t *make_bytes(size_t len, int kind)
{
    uint8_t *bytes = malloc(len + 1);
    assert_non_null(bytes);
    uint32_t state = 12345;
    for (size_t i = 0; i < len; i++) {
        state = state * 1664525u + 1013904223u;
        switch (kind) {
        case 0:
            bytes[i] = 0;
            break;
        case 1:
            bytes[i] = (uint8_t)(state >> 24); /* cannot be compressed */
            break;
        default:
            bytes[i] = (uint8_t)((uint32_t) "building 楼栋 "[(i * i / 7) % 16] + (state >> 31));
            break;
        }
    }
    return bytes;
}

static size_t check_round_trip(pack_fn pack, unpack_fn unpack, size_t len, int kind)
{
    uint8_t *bytes = make_bytes(len, kind), *back = malloc(len + 1);
    assert_non_null(back);
    struct mqt_buf out;
    mqt_buf_init(&out, 16u << 20);
    mqt_buf_add_str(&out, "head");
    assert_int_equal(pack(bytes, len, &out), MQT_OK);
    assert_memory_equal(out.data, "head", 4);
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    size_t got = 0;
    assert_int_equal(unpack(decompressor, out.data + 4, out.len - 4, back, len + 1, &got), LIBDEFLATE_SUCCESS);
    assert_int_equal(got, len);
    assert_memory_equal(back, bytes, len);
    libdeflate_free_decompressor(decompressor);
    size_t packed = out.len - 4;
    mqt_buf_clear(&out);
    free(back);
    free(bytes);
    return packed;
}

static void round_trips(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 17, 255, 4096, 65535, 65536, 70001, 1000003};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (int kind = 0; kind < 3; kind++) {
            size_t gzip = check_round_trip(mqt_gzip, libdeflate_gzip_decompress, lengths[i], kind);
            size_t zlib = check_round_trip(mqt_zlib, libdeflate_zlib_decompress, lengths[i], kind);
            if (kind == 0 && lengths[i] >= 4096) {
                assert_true(gzip < lengths[i] / 20);
                assert_true(zlib < lengths[i] / 20);
            }
        }
    }
}

static void equal_input_gives_equal_output(void **state)
{
    (void)state;
    uint8_t *bytes = make_bytes(50000, 2);
    struct mqt_buf first, second;
    mqt_buf_init(&first, 1u << 20);
    mqt_buf_init(&second, 1u << 20);
    assert_int_equal(mqt_gzip(bytes, 50000, &first), MQT_OK);
    assert_int_equal(mqt_gzip(bytes, 50000, &second), MQT_OK);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
    static const uint8_t no_time[4] = {0};
    assert_memory_equal(first.data + 4, no_time, 4);
    mqt_buf_clear(&first);
    mqt_buf_clear(&second);
    free(bytes);
}

static void output_ceiling_is_kept(void **state)
{
    (void)state;
    uint8_t *bytes = make_bytes(20000, 1);
    struct mqt_buf out;
    mqt_buf_init(&out, 10000);
    mqt_buf_add_str(&out, "x");
    assert_int_equal(mqt_gzip(bytes, 20000, &out), MQT_ERR_LIMIT);
    assert_int_equal(out.len, 1);
    mqt_buf_clear(&out);
    mqt_buf_init(&out, 0);
    assert_int_equal(mqt_zlib(bytes, 20000, &out), MQT_ERR_LIMIT);
    assert_int_equal(out.len, 0);
    mqt_buf_clear(&out);
    free(bytes);
}

static void a_tight_ceiling_is_enough(void **state)
{
    (void)state;
    uint8_t *bytes = make_bytes(20000, 0);
    struct mqt_buf out;
    mqt_buf_init(&out, 500); /* far below the worst case, far above what zeros need */
    assert_int_equal(mqt_gzip(bytes, 20000, &out), MQT_OK);
    assert_in_range(out.len, 18, 500);
    mqt_buf_clear(&out);
    free(bytes);
}

static void crc_is_the_one_of_rfc_1952(void **state)
{
    (void)state;
    const uint8_t *digits = (const uint8_t *)"123456789"; /* the catalogue's check value */
    assert_int_equal(mqt_crc32(0, digits, 9), 0xcbf43926);
    assert_int_equal(mqt_crc32(mqt_crc32(0, digits, 4), digits + 4, 5), 0xcbf43926);
    assert_int_equal(mqt_crc32(0, digits, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),
        cmocka_unit_test(equal_input_gives_equal_output),
        cmocka_unit_test(output_ceiling_is_kept),
        cmocka_unit_test(a_tight_ceiling_is_enough),
        cmocka_unit_test(crc_is_the_one_of_rfc_1952),
    };
    return cmocka_run_group_tests_name("deflate", tests, NULL, NULL);
}
