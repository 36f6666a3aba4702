#include "photo.h"

#include "../tiles/deflate.h"

#include <stdbool.h>
#include <string.h>

enum { SIGNATURE_BYTES = 8, CHUNK_FRAME_BYTES = 12, IHDR_BYTES = 13, JFIF_BYTES = 16 };

static const uint8_t PNG_SIGNATURE[SIGNATURE_BYTES] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

struct bytes {
    const uint8_t *at;
    size_t len;
};

static unsigned be16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static uint32_t be32(const uint8_t *at)
{
    return (uint32_t)be16(at) << 16 | be16(at + 2);
}

static unsigned tiff16(const uint8_t *at, bool little)
{
    return little ? (unsigned)at[1] << 8 | at[0] : be16(at);
}

static uint32_t tiff32(const uint8_t *at, bool little)
{
    return little ? (uint32_t)tiff16(at + 2, true) << 16 | tiff16(at, true) : be32(at);
}

const char *mqt_photo_suffix(enum mqt_photo_format format)
{
    return format == MQT_PHOTO_JPEG ? "jpg" : "png";
}

/* From the first directory of a TIFF; 1 when it says nothing that makes sense. */
static int orientation_of(struct bytes tiff)
{
    enum { HEAD = 8, ENTRY = 12, TAG = 0x112, SHORT = 3 };
    if (tiff.len < HEAD || (memcmp(tiff.at, "II*", 4) != 0 && memcmp(tiff.at, "MM\0*", 4) != 0)) {
        return 1;
    }
    bool little = tiff.at[0] == 'I';
    size_t directory = tiff32(tiff.at + 4, little);
    if (directory > tiff.len - 2) {
        return 1;
    }
    size_t count = tiff16(tiff.at + directory, little);
    for (size_t i = 0; i < count && directory + 2 + (i + 1) * ENTRY <= tiff.len; ++i) {
        const uint8_t *entry = tiff.at + directory + 2 + i * ENTRY;
        if (tiff16(entry, little) == TAG && tiff16(entry + 2, little) == SHORT) {
            unsigned value = tiff16(entry + 8, little);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
}

static enum mqt_err take_size(struct mqt_photo *photo, uint32_t width, uint32_t height, struct mqt_detail *detail)
{
    if (width == 0 || height == 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the picture has no size");
    }
    if (width > MQT_PHOTO_MAX_SIDE_PX || height > MQT_PHOTO_MAX_SIDE_PX) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "the picture has more than %d pixels a side", MQT_PHOTO_MAX_SIDE_PX);
    }
    photo->width_px = (int)width;
    photo->height_px = (int)height;
    return MQT_OK;
}

/* What has been seen of a JPEG. */
struct jpeg {
    struct bytes in;
    size_t at;
    bool has_frame, has_scan;
    struct mqt_buf *clean;
    struct mqt_photo *photo;
};

/* JFIF without its thumbnail. */
static void add_jfif(struct mqt_buf *clean, struct bytes body)
{
    enum { UPTO_DENSITY = 12 };
    static const uint8_t head[] = {0xff, 0xe0, 0, JFIF_BYTES};
    static const uint8_t no_thumbnail[] = {0, 0};
    mqt_buf_add(clean, head, sizeof head);
    mqt_buf_add(clean, body.at, UPTO_DENSITY);
    mqt_buf_add(clean, no_thumbnail, sizeof no_thumbnail);
}

/* Colour profiles and Adobe's note on colours change how the pixels look; all else is talk. */
static void take_application(struct jpeg *jpeg, unsigned marker, struct bytes segment)
{
    struct bytes body = {segment.at + 4, segment.len - 4};
    if (marker == 0xe0 && body.len >= JFIF_BYTES - 2 && memcmp(body.at, "JFIF", 5) == 0) {
        add_jfif(jpeg->clean, body);
    } else if (marker == 0xe1 && body.len > 6 && memcmp(body.at, "Exif\0", 6) == 0) {
        jpeg->photo->orientation = orientation_of((struct bytes){body.at + 6, body.len - 6});
    } else if ((marker == 0xe2 && body.len > 14 && memcmp(body.at, "ICC_PROFILE", 12) == 0) ||
               (marker == 0xee && body.len == 12 && memcmp(body.at, "Adobe", 5) == 0)) {
        mqt_buf_add(jpeg->clean, segment.at, segment.len);
    }
}

static enum mqt_err take_frame(struct jpeg *jpeg, unsigned marker, struct bytes segment, struct mqt_detail *detail)
{
    enum { FRAME_BYTES = 10 };
    if (marker > 0xc2) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the picture is a JPEG of a kind that viewers do not show");
    }
    if (jpeg->has_frame || segment.len < FRAME_BYTES || segment.at[4] != 8 ||
        segment.len != FRAME_BYTES + 3u * segment.at[9]) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the picture's head is broken");
    }
    jpeg->has_frame = true;
    mqt_buf_add(jpeg->clean, segment.at, segment.len);
    return take_size(jpeg->photo, be16(segment.at + 7), be16(segment.at + 5), detail);
}

/* The coded picture after a scan's head, as far as the next marker. */
static enum mqt_err take_scan(struct jpeg *jpeg, struct bytes segment, struct mqt_detail *detail)
{
    size_t from = jpeg->at;
    if (!jpeg->has_frame) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the picture's head is missing");
    }
    for (;;) {
        const uint8_t *next = memchr(jpeg->in.at + jpeg->at, 0xff, jpeg->in.len - jpeg->at);
        size_t at = next ? (size_t)(next - jpeg->in.at) : jpeg->in.len;
        if (at + 1 >= jpeg->in.len) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the picture is cut off");
        }
        uint8_t code = jpeg->in.at[at + 1];
        if (code != 0 && (code < 0xd0 || code > 0xd7)) {
            jpeg->at = at;
            break;
        }
        jpeg->at = at + 2;
    }
    jpeg->has_scan = true;
    mqt_buf_add(jpeg->clean, segment.at, segment.len);
    mqt_buf_add(jpeg->clean, jpeg->in.at + from, jpeg->at - from);
    return MQT_OK;
}

static enum mqt_err take_segment(struct jpeg *jpeg, unsigned marker, struct bytes segment, struct mqt_detail *detail)
{
    switch (marker) {
    case 0xc4: /* Huffman tables */
    case 0xdb: /* quantisation tables */
    case 0xdd: /* restart interval */
        mqt_buf_add(jpeg->clean, segment.at, segment.len);
        return MQT_OK;
    case 0xda:
        return take_scan(jpeg, segment, detail);
    case 0xfe: /* comment */
        return MQT_OK;
    default:
        break;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc) {
        return take_frame(jpeg, marker, segment, detail);
    }
    if (marker >= 0xe0 && marker <= 0xef) {
        take_application(jpeg, marker, segment);
        return MQT_OK;
    }
    return mqt_fail(detail, MQT_ERR_FORMAT, "the picture is broken");
}

static enum mqt_err clean_jpeg(struct jpeg *jpeg, struct mqt_detail *detail)
{
    static const uint8_t start[] = {0xff, 0xd8};
    static const uint8_t end[] = {0xff, 0xd9};
    const struct bytes in = jpeg->in;
    mqt_buf_add(jpeg->clean, start, sizeof start);
    for (jpeg->at = sizeof start;;) {
        while (jpeg->at + 1 < in.len && in.at[jpeg->at] == 0xff && in.at[jpeg->at + 1] == 0xff) {
            ++jpeg->at;
        }
        if (jpeg->at + 2 > in.len || in.at[jpeg->at] != 0xff) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the picture is cut off");
        }
        unsigned marker = in.at[jpeg->at + 1];
        if (marker == 0xd9) {
            break;
        }
        size_t len = jpeg->at + 4 <= in.len ? be16(in.at + jpeg->at + 2) : 0;
        if (len < 2 || len + 2 > in.len - jpeg->at) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the picture is cut off");
        }
        struct bytes segment = {in.at + jpeg->at, len + 2};
        jpeg->at += segment.len;
        enum mqt_err err = take_segment(jpeg, marker, segment, detail);
        if (err != MQT_OK) {
            return err;
        }
    }
    if (!jpeg->has_scan) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the file holds no picture");
    }
    mqt_buf_add(jpeg->clean, end, sizeof end);
    return MQT_OK;
}

static bool is_kept(const uint8_t *type)
{
    static const char kept[][5] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; ++i) {
        if (memcmp(type, kept[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

/* Bit depths that a colour type allows, as bits. */
static bool is_depth(unsigned depth, unsigned colour)
{
    static const unsigned depths[7] = {1 | 2 | 4 | 8 | 16, 0, 8 | 16, 1 | 2 | 4 | 8, 8 | 16, 0, 8 | 16};
    return colour < 7 && (depth & (depth - 1)) == 0 && (depths[colour] & depth) != 0;
}

static enum mqt_err take_png_head(struct bytes in, struct mqt_photo *photo, struct mqt_detail *detail)
{
    const uint8_t *head = in.at + SIGNATURE_BYTES;
    if (in.len < SIGNATURE_BYTES + CHUNK_FRAME_BYTES + IHDR_BYTES || be32(head) != IHDR_BYTES ||
        memcmp(head + 4, "IHDR", 4) != 0 || !is_depth(head[16], head[17]) || head[18] != 0 || head[19] != 0 ||
        head[20] > 1) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the picture's head is broken");
    }
    return take_size(photo, be32(head + 8), be32(head + 12), detail);
}

static enum mqt_err clean_png(struct bytes in, struct mqt_buf *clean, struct mqt_photo *photo,
                              struct mqt_detail *detail)
{
    bool has_data = false;
    bool ended = false;
    enum mqt_err err = take_png_head(in, photo, detail);
    if (err != MQT_OK) {
        return err;
    }
    mqt_buf_add(clean, PNG_SIGNATURE, sizeof PNG_SIGNATURE);
    for (size_t at = SIGNATURE_BYTES; !ended;) {
        const uint8_t *chunk = in.at + at;
        size_t left = in.len - at;
        size_t len = left >= CHUNK_FRAME_BYTES ? be32(chunk) : 0;
        if (left < CHUNK_FRAME_BYTES || len > left - CHUNK_FRAME_BYTES) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the picture is cut off");
        }
        const uint8_t *type = chunk + 4;
        if (mqt_crc32(0, type, len + 4) != be32(chunk + 8 + len)) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the picture is damaged");
        }
        if (is_kept(type)) {
            mqt_buf_add(clean, chunk, len + CHUNK_FRAME_BYTES);
        } else if (!(type[0] & 0x20)) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the picture has a part that no viewer knows");
        } else if (memcmp(type, "eXIf", 4) == 0) {
            photo->orientation = orientation_of((struct bytes){chunk + 8, len});
        }
        has_data = has_data || memcmp(type, "IDAT", 4) == 0;
        ended = memcmp(type, "IEND", 4) == 0;
        at += len + CHUNK_FRAME_BYTES;
    }
    return has_data ? MQT_OK : mqt_fail(detail, MQT_ERR_FORMAT, "the file holds no picture");
}

enum mqt_err mqt_photo_clean(const uint8_t *bytes, size_t len, struct mqt_buf *clean, struct mqt_photo *photo,
                             struct mqt_detail *detail)
{
    struct mqt_photo found = {.orientation = 1};
    struct bytes in = {bytes, len};
    size_t before = clean->len;
    enum mqt_err err;
    if (len > MQT_PHOTO_MAX_BYTES) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "the file is larger than %d MB", MQT_PHOTO_MAX_BYTES >> 20);
    }
    if (len >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0) {
        struct jpeg jpeg = {.in = in, .clean = clean, .photo = &found};
        found.format = MQT_PHOTO_JPEG;
        err = clean_jpeg(&jpeg, detail);
    } else if (len >= SIGNATURE_BYTES && memcmp(bytes, PNG_SIGNATURE, SIGNATURE_BYTES) == 0) {
        found.format = MQT_PHOTO_PNG;
        err = clean_png(in, clean, &found, detail);
    } else {
        err = mqt_fail(detail, MQT_ERR_FORMAT, "this is neither a JPEG nor a PNG");
    }
    if (err == MQT_OK && mqt_buf_err(clean) != MQT_OK) {
        err = mqt_fail(detail, mqt_buf_err(clean), "the picture does not fit into memory");
    }
    if (err != MQT_OK) {
        clean->len = before;
        return err;
    }
    *photo = found;
    return MQT_OK;
}
