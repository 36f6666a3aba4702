#include "png.h"

#include "deflate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDE_PX = 16384 };
enum colour_type { COLOUR_RGB = 2, COLOUR_PALETTE = 3, COLOUR_RGBA = 6 };
enum filter { FILTER_NONE = 0, FILTER_SUB = 1 };

static void put_be32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}

static void add_be32(struct mqt_buf *out, uint32_t value)
{
    uint8_t bytes[4];
    put_be32(bytes, value);
    mqt_buf_add(out, bytes, sizeof bytes);
}

/* A chunk is length, type, data, CRC of type and data. */
static size_t chunk_begin(struct mqt_buf *out, const char *type)
{
    size_t start = out->len;
    add_be32(out, 0);
    mqt_buf_add(out, type, 4);
    return start;
}

static void chunk_end(struct mqt_buf *out, size_t start)
{
    if (mqt_buf_err(out)) {
        return;
    }
    size_t data_len = out->len - start - 8;
    put_be32(out->data + start, (uint32_t)data_len);
    add_be32(out, mqt_crc32(0, out->data + start + 4, data_len + 4));
}

static void add_header(struct mqt_buf *out, int width_px, int height_px, enum colour_type type, int depth_bits)
{
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    mqt_buf_add(out, signature, sizeof signature);
    size_t chunk = chunk_begin(out, "IHDR");
    add_be32(out, (uint32_t)width_px);
    add_be32(out, (uint32_t)height_px);
    const uint8_t rest[5] = {(uint8_t)depth_bits, (uint8_t)type, 0, 0, 0};
    mqt_buf_add(out, rest, sizeof rest);
    chunk_end(out, chunk);
}

static void add_palette(struct mqt_buf *out, const uint8_t *palette_rgba, int palette_size)
{
    size_t chunk = chunk_begin(out, "PLTE");
    int last_clear = -1; /* tRNS may stop after the last entry that is not opaque */
    for (int i = 0; i < palette_size; i++) {
        mqt_buf_add(out, palette_rgba + 4 * i, 3);
        if (palette_rgba[4 * i + 3] != 255) {
            last_clear = i;
        }
    }
    chunk_end(out, chunk);
    if (last_clear < 0) {
        return;
    }
    chunk = chunk_begin(out, "tRNS");
    for (int i = 0; i <= last_clear; i++) {
        mqt_buf_add_byte(out, palette_rgba[4 * i + 3]);
    }
    chunk_end(out, chunk);
}

/* IDAT and IEND. On failure the buffer is cut back to where the picture began. */
static enum mqt_err add_body(struct mqt_buf *out, size_t begin, const uint8_t *rows, size_t rows_len)
{
    size_t chunk = chunk_begin(out, "IDAT");
    enum mqt_err err = mqt_buf_err(out);
    if (!err) {
        err = mqt_zlib(rows, rows_len, out);
    }
    if (!err) {
        chunk_end(out, chunk);
        chunk_end(out, chunk_begin(out, "IEND"));
        err = mqt_buf_err(out);
    }
    if (err) {
        out->len = begin;
    }
    return err;
}

static bool side_ok(int width_px, int height_px)
{
    return width_px > 0 && height_px > 0 && width_px <= MAX_SIDE_PX && height_px <= MAX_SIDE_PX;
}

/* Smooth ramps shrink by differences, flat areas with sharp edges do not. Which it is shows in how
 * often a pixel that differs from its left neighbour differs by little; every fourth row is enough. */
static enum filter choose_filter(const uint8_t *indices, size_t width, size_t height)
{
    size_t near = 0, far = 0;
    for (size_t y = 0; y < height; y += 4) {
        const uint8_t *row = indices + y * width;
        for (size_t x = 1; x < width; x++) {
            unsigned step = (unsigned)(row[x] - row[x - 1] + 4);
            near += step <= 8 && step != 4;
            far += step > 8;
        }
    }
    return near > 2 * far ? FILTER_SUB : FILTER_NONE;
}

static void filter_sub(uint8_t *restrict to, const uint8_t *restrict from, size_t width)
{
    to[0] = from[0];
    for (size_t x = 1; x < width; x++) {
        to[x] = (uint8_t)(from[x] - from[x - 1]);
    }
}

static enum mqt_err write_palette(const uint8_t *indices, size_t width, size_t height, enum filter filter,
                                  const uint8_t *palette_rgba, int palette_size, struct mqt_buf *out)
{
    uint8_t *rows = malloc((width + 1) * height);
    if (!rows) {
        return MQT_ERR_MEMORY;
    }
    for (size_t y = 0; y < height; y++) {
        uint8_t *row = rows + y * (width + 1);
        row[0] = (uint8_t)filter;
        if (filter == FILTER_SUB) {
            filter_sub(row + 1, indices + y * width, width);
        } else {
            memcpy(row + 1, indices + y * width, width);
        }
    }
    size_t begin = out->len;
    add_header(out, (int)width, (int)height, COLOUR_PALETTE, 8);
    add_palette(out, palette_rgba, palette_size);
    enum mqt_err err = add_body(out, begin, rows, (width + 1) * height);
    free(rows);
    return err;
}

enum mqt_err mqt_png_palette(const uint8_t *indices, int width_px, int height_px, const uint8_t *palette_rgba,
                             int palette_size, struct mqt_buf *out)
{
    if (!side_ok(width_px, height_px) || palette_size < 1 || palette_size > 256) {
        return MQT_ERR_PARAM;
    }
    size_t width = (size_t)width_px, height = (size_t)height_px;
    enum filter filter = choose_filter(indices, width, height);
    return write_palette(indices, width, height, filter, palette_rgba, palette_size, out);
}

/* Colours seen so far, found by open addressing; the table is four times what it may hold. */
enum { TABLE_SIZE = 1024, MAX_COLOURS = 256 };
struct colours {
    uint32_t keys[TABLE_SIZE];
    int16_t index[TABLE_SIZE];
    uint8_t palette[MAX_COLOURS * 4];
    int count;
};

static int colour_index(struct colours *colours, uint32_t key)
{
    uint32_t slot = (key * UINT32_C(2654435761)) >> 22;
    while (colours->index[slot] >= 0 && colours->keys[slot] != key) {
        slot = (slot + 1) % TABLE_SIZE;
    }
    if (colours->index[slot] < 0) {
        if (colours->count == MAX_COLOURS) {
            return -1;
        }
        colours->keys[slot] = key;
        colours->index[slot] = (int16_t)colours->count;
        memcpy(colours->palette + 4 * colours->count, &key, 4);
        colours->count++;
    }
    return colours->index[slot];
}

/* false when the picture has more than 256 colours; most such pictures show it in the first rows. */
static bool index_colours(const uint8_t *rgba, size_t pixels, struct colours *colours, uint8_t *indices)
{
    memset(colours->index, 0xff, sizeof colours->index);
    colours->count = 0;
    uint32_t last_key = 0;
    int last_index = -1;
    for (size_t i = 0; i < pixels; i++) {
        uint32_t key;
        memcpy(&key, rgba + 4 * i, 4);
        if (last_index < 0 || key != last_key) {
            last_index = colour_index(colours, key);
            last_key = key;
            if (last_index < 0) {
                return false;
            }
        }
        indices[i] = (uint8_t)last_index;
    }
    return true;
}

static bool is_opaque(const uint8_t *rgba, size_t pixels)
{
    uint8_t all = 255;
    for (size_t i = 0; i < pixels; i++) {
        all &= rgba[4 * i + 3];
    }
    return all == 255;
}

static enum mqt_err write_true_colour(const uint8_t *rgba, size_t width, size_t height, struct mqt_buf *out)
{
    bool opaque = is_opaque(rgba, width * height);
    size_t channels = opaque ? 3 : 4, stride = width * channels + 1;
    uint8_t *rows = malloc(stride * height);
    if (!rows) {
        return MQT_ERR_MEMORY;
    }
    for (size_t y = 0; y < height; y++) {
        uint8_t *to = rows + y * stride;
        const uint8_t *from = rgba + 4 * y * width;
        *to++ = FILTER_NONE;
        if (!opaque) {
            memcpy(to, from, 4 * width);
            continue;
        }
        for (size_t x = 0; x < width; x++, to += 3, from += 4) {
            to[0] = from[0];
            to[1] = from[1];
            to[2] = from[2];
        }
    }
    size_t begin = out->len;
    add_header(out, (int)width, (int)height, opaque ? COLOUR_RGB : COLOUR_RGBA, 8);
    enum mqt_err err = add_body(out, begin, rows, stride * height);
    free(rows);
    return err;
}

enum mqt_err mqt_png_rgba(const uint8_t *rgba, int width_px, int height_px, struct mqt_buf *out)
{
    if (!side_ok(width_px, height_px)) {
        return MQT_ERR_PARAM;
    }
    size_t width = (size_t)width_px, height = (size_t)height_px;
    struct colours *colours = malloc(sizeof *colours);
    uint8_t *indices = malloc(width * height);
    enum mqt_err err = MQT_ERR_MEMORY;
    if (!colours || !indices) {
        goto done;
    }
    if (index_colours(rgba, width * height, colours, indices)) {
        err = write_palette(indices, width, height, FILTER_NONE, colours->palette, colours->count, out);
    } else {
        err = write_true_colour(rgba, width, height, out);
    }
done:
    free(indices);
    free(colours);
    return err;
}
