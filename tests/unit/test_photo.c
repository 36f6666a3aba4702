#include "../../etl/album.h"
#include "../../etl/photo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A drawn picture as a JPEG; the caller clears it. */
static struct mqt_buf picture(void)
{
    struct mqt_random random = mqt_random_start(1, 1);
    struct mqt_detail detail = {0};
    struct mqt_buf jpeg;
    mqt_buf_init(&jpeg, 4 << 20);
    int number = mqt_album_draw(&random, "楼上漏水，卧室天花板已经泡坏。", 4);
    assert_true(number != MQT_ALBUM_NONE);
    assert_int_equal(mqt_album_paint(1, number, false, &jpeg, &detail), MQT_OK);
    return jpeg;
}

static enum mqt_err clean(const uint8_t *bytes, size_t len, struct mqt_buf *out, struct mqt_photo *photo)
{
    struct mqt_detail detail = {0};
    mqt_buf_reset(out);
    return mqt_photo_clean(bytes, len, out, photo, &detail);
}

/* The picture with a segment after its first two bytes. */
static struct mqt_buf with_segment(const struct mqt_buf *jpeg, uint8_t marker, const void *body, size_t len)
{
    struct mqt_buf made;
    const uint8_t head[] = {0xff, marker, (uint8_t)((len + 2) >> 8), (uint8_t)(len + 2)};
    mqt_buf_init(&made, 8 << 20);
    mqt_buf_add(&made, jpeg->data, 2);
    mqt_buf_add(&made, head, sizeof head);
    mqt_buf_add(&made, body, len);
    mqt_buf_add(&made, jpeg->data + 2, jpeg->len - 2);
    return made;
}

static void a_picture_is_measured_and_stays_as_it_is(void **state)
{
    (void)state;
    struct mqt_buf jpeg = picture();
    struct mqt_buf once;
    struct mqt_buf twice;
    struct mqt_photo photo;
    mqt_buf_init(&once, 8 << 20);
    mqt_buf_init(&twice, 8 << 20);
    assert_int_equal(clean(jpeg.data, jpeg.len, &once, &photo), MQT_OK);
    assert_int_equal(photo.format, MQT_PHOTO_JPEG);
    assert_int_equal(photo.width_px, 640);
    assert_int_equal(photo.height_px, 480);
    assert_int_equal(photo.orientation, 1);
    assert_int_equal(clean(once.data, once.len, &twice, &photo), MQT_OK);
    assert_int_equal(twice.len, once.len);
    assert_memory_equal(twice.data, once.data, once.len);
    mqt_buf_clear(&jpeg);
    mqt_buf_clear(&once);
    mqt_buf_clear(&twice);
}

static void what_is_not_the_picture_is_left_out(void **state)
{
    (void)state;
    /* Big endian, orientation 8, and a tag that points far beyond the end. */
    static const uint8_t exif[] = "Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x08\0\0"
                                  "\x88\x25\0\x04\0\0\0\x01\xff\xff\xff\xff\0\0\0\0GPS 116.3";
    static const struct {
        uint8_t marker;
        const char *body;
        size_t len;
        int orientation;
    } rows[] = {{0xe1, (const char *)exif, sizeof exif, 8},
                {0xe1, "http://ns.adobe.com/xap/1.0/ GPS", 33, 1},
                {0xed, "Photoshop 3.0 GPS", 18, 1},
                {0xe2, "MPF GPS", 8, 1},
                {0xe0, "JFXX GPS", 9, 1},
                {0xfe, "GPS", 3, 1}};
    struct mqt_buf jpeg = picture();
    struct mqt_buf plain;
    struct mqt_buf stripped;
    struct mqt_photo photo;
    mqt_buf_init(&plain, 8 << 20);
    mqt_buf_init(&stripped, 8 << 20);
    assert_int_equal(clean(jpeg.data, jpeg.len, &plain, &photo), MQT_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct mqt_buf tagged = with_segment(&jpeg, rows[i].marker, rows[i].body, rows[i].len);
        mqt_buf_add_str(&tagged, "GPS behind the end");
        assert_int_equal(clean(tagged.data, tagged.len, &stripped, &photo), MQT_OK);
        assert_int_equal(photo.orientation, rows[i].orientation);
        assert_int_equal(stripped.len, plain.len);
        assert_memory_equal(stripped.data, plain.data, plain.len);
        mqt_buf_clear(&tagged);
    }
    mqt_buf_clear(&jpeg);
    mqt_buf_clear(&plain);
    mqt_buf_clear(&stripped);
}

/* Each prefix lies in memory of its own size, so that a sanitizer sees a byte read too far. */
static void a_cut_off_picture_is_refused_wherever_it_is_cut(void **state)
{
    (void)state;
    struct mqt_buf jpeg = picture();
    struct mqt_buf out;
    struct mqt_photo photo = {.width_px = -1};
    mqt_buf_init(&out, 8 << 20);
    for (size_t len = 0; len < jpeg.len; len += len < 700 ? 1 : 97) {
        uint8_t *part = malloc(len + 1);
        assert_non_null(part);
        part = realloc(part, len ? len : 1);
        assert_non_null(part);
        memcpy(part, jpeg.data, len);
        assert_int_equal(clean(part, len, &out, &photo), MQT_ERR_FORMAT);
        assert_int_equal(out.len, 0);
        assert_int_equal(photo.width_px, -1);
        free(part);
    }
    mqt_buf_clear(&jpeg);
    mqt_buf_clear(&out);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {{"", 0},
                {"text", 4},
                {"\xff\xd8\xff", 3},
                {"\xff\xd8\xff\xd9", 4},
                {"GIF89a", 6},
                {"BM", 2},
                {"<svg/>", 6},
                {"\x89PNG\r\n\x1a\n", 8},
                {"\x89PNG\r\n\x1a\n\0\0\0\xdIHDR\0\0\0\x1\0\0\0\x1\x8\0\0\0\0bad!", 33},
                {"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR", 16}};
    struct mqt_buf out;
    struct mqt_photo photo;
    mqt_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        assert_int_equal(clean((const uint8_t *)rows[i].bytes, rows[i].len, &out, &photo), MQT_ERR_FORMAT);
    }
    uint8_t *large = calloc(1, MQT_PHOTO_MAX_BYTES + 1);
    assert_non_null(large);
    assert_int_equal(clean(large, MQT_PHOTO_MAX_BYTES + 1, &out, &photo), MQT_ERR_LIMIT);
    free(large);
    mqt_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_measured_and_stays_as_it_is),
        cmocka_unit_test(what_is_not_the_picture_is_left_out),
        cmocka_unit_test(a_cut_off_picture_is_refused_wherever_it_is_cut),
        cmocka_unit_test(other_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
