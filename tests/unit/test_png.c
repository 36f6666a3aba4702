#include "../../tiles/png.h"

#include <cairo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* cairo reads with libpng, which shares nothing with our writer. */
struct reader {
    const uint8_t *bytes;
    size_t len, at;
};

static cairo_status_t read_bytes(void *user, unsigned char *to, unsigned len)
{
    struct reader *reader = user;
    if (len > reader->len - reader->at) {
        return CAIRO_STATUS_READ_ERROR;
    }
    memcpy(to, reader->bytes + reader->at, len);
    reader->at += len;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *decode(const struct mqt_buf *png)
{
    struct reader reader = {.bytes = png->data, .len = png->len};
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_bytes, &reader);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    assert_int_equal(reader.at, reader.len); /* nothing after IEND */
    return surface;
}

static uint32_t premultiplied(const uint8_t *rgba)
{
    uint32_t alpha = rgba[3], channel[3];
    for (int i = 0; i < 3; i++) {
        uint32_t product = rgba[i] * alpha + 128;
        channel[i] = (product + (product >> 8)) >> 8;
    }
    return alpha << 24 | channel[0] << 16 | channel[1] << 8 | channel[2];
}

static void check_rgba(const uint8_t *rgba, int width, int height, const struct mqt_buf *png)
{
    cairo_surface_t *surface = decode(png);
    assert_int_equal(cairo_image_surface_get_width(surface), width);
    assert_int_equal(cairo_image_surface_get_height(surface), height);
    bool has_alpha = cairo_image_surface_get_format(surface) == CAIRO_FORMAT_ARGB32;
    for (int y = 0; y < height; y++) {
        const uint8_t *row = cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
        for (int x = 0; x < width; x++) {
            uint32_t pixel;
            memcpy(&pixel, row + 4 * x, 4);
            assert_int_equal(has_alpha ? pixel : pixel | 0xff000000u, premultiplied(rgba + 4 * (y * width + x)));
        }
    }
    cairo_surface_destroy(surface);
}

static void palette_round_trip(int width, int height, int colours, int kind)
{
    uint8_t palette[1024];
    for (int i = 0; i < colours; i++) {
        const uint8_t colour[4] = {(uint8_t)(i * 7), (uint8_t)(255 - i), (uint8_t)(i * 3),
                                   (uint8_t)(i < 40 ? i * 6 : 255)};
        memcpy(palette + 4 * i, colour, 4);
    }
    size_t pixels = (size_t)width * (size_t)height;
    uint8_t *indices = malloc(pixels), *rgba = malloc(4 * pixels);
    assert_non_null(indices);
    assert_non_null(rgba);
    for (size_t i = 0; i < pixels; i++) {
        size_t x = i % (size_t)width, y = i / (size_t)width;
        indices[i] = (uint8_t)((kind == 0 ? (x + y) / 3 : x * 131 + y * 57) % (size_t)colours);
        memcpy(rgba + 4 * i, palette + 4 * indices[i], 4);
    }
    struct mqt_buf out;
    mqt_buf_init(&out, 1u << 22);
    assert_int_equal(mqt_png_palette(indices, width, height, palette, colours, &out), MQT_OK);
    check_rgba(rgba, width, height, &out);
    mqt_buf_reset(&out);
    assert_int_equal(mqt_png_rgba(rgba, width, height, &out), MQT_OK);
    check_rgba(rgba, width, height, &out);
    mqt_buf_clear(&out);
    free(rgba);
    free(indices);
}

static void palette_pictures_come_back(void **state)
{
    (void)state;
    palette_round_trip(256, 256, 256, 0); /* ramp: sub filter */
    palette_round_trip(256, 256, 256, 1); /* noise: no filter */
    palette_round_trip(512, 512, 200, 0);
    palette_round_trip(1, 1, 1, 0);
    palette_round_trip(7, 3, 2, 1);
    palette_round_trip(300, 1, 41, 0);
}

static void true_colour_pictures_come_back(void **state)
{
    (void)state;
    for (int opaque = 0; opaque < 2; opaque++) {
        int width = 131, height = 67;
        uint8_t *rgba = malloc(4u * 131 * 67);
        assert_non_null(rgba);
        for (int i = 0; i < width * height; i++) {
            const uint8_t colour[4] = {(uint8_t)i, (uint8_t)(i / 7), (uint8_t)(i / 131),
                                       (uint8_t)(opaque ? 255 : i % 256)};
            memcpy(rgba + 4 * i, colour, 4);
        }
        struct mqt_buf out;
        mqt_buf_init(&out, 1u << 20);
        assert_int_equal(mqt_png_rgba(rgba, width, height, &out), MQT_OK);
        assert_int_equal(out.data[25], opaque ? 2 : 6); /* colour type */
        check_rgba(rgba, width, height, &out);
        mqt_buf_clear(&out);
        free(rgba);
    }
}

static void flat_pictures_are_small(void **state)
{
    (void)state;
    uint8_t *rgba = calloc(512 * 512, 4);
    assert_non_null(rgba);
    struct mqt_buf out;
    mqt_buf_init(&out, 1u << 20);
    assert_int_equal(mqt_png_rgba(rgba, 512, 512, &out), MQT_OK);
    assert_in_range(out.len, 60, 3000);
    mqt_buf_clear(&out);
    free(rgba);
}

static void bad_calls_leave_the_buffer_alone(void **state)
{
    (void)state;
    uint8_t pixel[4] = {1, 2, 3, 4};
    struct mqt_buf out;
    mqt_buf_init(&out, 40); /* less than any PNG */
    mqt_buf_add_str(&out, "ab");
    assert_int_equal(mqt_png_palette(pixel, 0, 1, pixel, 1, &out), MQT_ERR_PARAM);
    assert_int_equal(mqt_png_palette(pixel, 1, 1, pixel, 257, &out), MQT_ERR_PARAM);
    assert_int_equal(mqt_png_rgba(pixel, 1, 1 << 20, &out), MQT_ERR_PARAM);
    assert_int_equal(mqt_png_rgba(pixel, 1, 1, &out), MQT_ERR_LIMIT);
    assert_int_equal(out.len, 2);
    assert_memory_equal(out.data, "ab", 2);
    mqt_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(palette_pictures_come_back),
        cmocka_unit_test(true_colour_pictures_come_back),
        cmocka_unit_test(flat_pictures_are_small),
        cmocka_unit_test(bad_calls_leave_the_buffer_alone),
    };
    return cmocka_run_group_tests_name("png", tests, NULL, NULL);
}
