#include "wkb.h"

#include "ring.h"

#include <string.h>

enum { WKB_POINT = 1, WKB_LINE = 2, WKB_POLYGON = 3, WKB_MULTI = 3 /* added to a kind: its multi */ };

#define EWKB_Z 0x80000000u
#define EWKB_M 0x40000000u
#define EWKB_SRID 0x20000000u

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    struct mqt_outline *outline;
    enum mqt_shape shape;
    struct mqt_detail *detail;
};

/* What stands before a geometry's body. */
struct head {
    bool big_endian;
    uint32_t kind;
    size_t point_bytes;
};

static enum mqt_err truncated(struct reader *reader)
{
    return mqt_fail(reader->detail, MQT_ERR_GEOMETRY, "the geometry's bytes end too early");
}

static size_t left(const struct reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/* The caller has checked that 4 bytes are there. */
static uint32_t take_u32(struct reader *reader, bool big_endian)
{
    const uint8_t *b = reader->at;
    reader->at += 4;
    if (big_endian) {
        return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static double take_double(struct reader *reader, bool big_endian)
{
    uint64_t first = take_u32(reader, big_endian);
    uint64_t second = take_u32(reader, big_endian);
    uint64_t bits = big_endian ? first << 32 | second : second << 32 | first;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static enum mqt_err read_head(struct reader *reader, struct head *head)
{
    if (left(reader) < 5) {
        return truncated(reader);
    }
    uint8_t order = *reader->at++;
    if (order > 1) {
        return mqt_fail(reader->detail, MQT_ERR_GEOMETRY, "byte order mark %u is not 0 or 1", order);
    }
    uint32_t type = take_u32(reader, order == 0);
    uint32_t iso = (type & 0x1fffffffu) / 1000;
    if (iso > 3) {
        return mqt_fail(reader->detail, MQT_ERR_GEOMETRY, "geometry type %u is not known", type);
    }
    bool has_z = (type & EWKB_Z) || iso == 1 || iso == 3;
    bool has_m = (type & EWKB_M) || iso == 2 || iso == 3;
    if (type & EWKB_SRID) {
        if (left(reader) < 4) {
            return truncated(reader);
        }
        (void)take_u32(reader, order == 0);
    }
    *head = (struct head){order == 0, (type & 0x1fffffffu) % 1000, 16 + (has_z ? 8u : 0u) + (has_m ? 8u : 0u)};
    return MQT_OK;
}

/* A count of things that take at least least_bytes each. */
static enum mqt_err read_count(struct reader *reader, bool big_endian, size_t least_bytes, uint32_t *count)
{
    if (left(reader) < 4) {
        return truncated(reader);
    }
    uint32_t claimed = take_u32(reader, big_endian);
    if (claimed > left(reader) / least_bytes) {
        return mqt_fail(reader->detail, MQT_ERR_GEOMETRY, "%u parts or points are claimed, the bytes end before",
                        claimed);
    }
    *count = claimed;
    return MQT_OK;
}

/* The caller has checked that count points are there. */
static enum mqt_err read_points(struct reader *reader, const struct head *head, uint32_t count)
{
    struct mqt_buf *buf = &reader->outline->points;
    struct mqt_point *points = (struct mqt_point *)(void *)mqt_buf_reserve(buf, count * sizeof *points);
    if (!points) {
        return mqt_buf_err(buf);
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *start = reader->at;
        double lon_deg = take_double(reader, head->big_endian);
        double lat_deg = take_double(reader, head->big_endian);
        reader->at = start + head->point_bytes;
        if (!mqt_grid_from_degrees(lon_deg, lat_deg, &points[i])) {
            return mqt_fail(reader->detail, MQT_ERR_GEOMETRY, "position %g %g lies outside the Web Mercator square",
                            lon_deg, lat_deg);
        }
    }
    buf->len += count * sizeof *points;
    return MQT_OK;
}

static enum mqt_err add_part(struct reader *reader, uint32_t size)
{
    mqt_buf_add(&reader->outline->parts, &size, sizeof size);
    return mqt_buf_err(&reader->outline->parts);
}

/* Points of a multipoint share one part, so the part is added by whoever read them all. */
static enum mqt_err read_point(struct reader *reader, const struct head *head)
{
    if (left(reader) < head->point_bytes) {
        return truncated(reader);
    }
    return read_points(reader, head, 1);
}

static enum mqt_err read_line(struct reader *reader, const struct head *head)
{
    uint32_t count;
    enum mqt_err err = read_count(reader, head->big_endian, head->point_bytes, &count);
    size_t before = mqt_outline_point_count(reader->outline);
    if (!err) {
        err = read_points(reader, head, count);
    }
    if (err) {
        return err;
    }
    size_t kept = mqt_drop_repeats(mqt_outline_points(reader->outline) + before, count, false);
    kept = kept < 2 ? 0 : kept;
    reader->outline->points.len = (before + kept) * sizeof(struct mqt_point);
    return kept > 0 ? add_part(reader, (uint32_t)kept) : MQT_OK;
}

/* kept says whether the ring has an area; one that has none leaves nothing behind. */
static enum mqt_err read_ring(struct reader *reader, const struct head *head, bool outer, bool *kept)
{
    uint32_t count;
    enum mqt_err err = read_count(reader, head->big_endian, head->point_bytes, &count);
    size_t before = mqt_outline_point_count(reader->outline);
    if (!err) {
        err = read_points(reader, head, count);
    }
    if (err) {
        return err;
    }
    struct mqt_point *ring = mqt_outline_points(reader->outline) + before;
    size_t size = count > 0 ? mqt_drop_repeats(ring, count, true) : 0;
    mqt_wide area2 = size >= 3 ? mqt_ring_area2(ring, size) : 0;
    *kept = area2 != 0;
    if (!*kept) {
        reader->outline->points.len = before * sizeof(struct mqt_point);
        return MQT_OK;
    }
    if ((area2 > 0) != outer) {
        mqt_ring_reverse(ring, size);
    }
    reader->outline->points.len = (before + size) * sizeof(struct mqt_point);
    return add_part(reader, (uint32_t)size | (outer ? MQT_PART_OUTER : 0));
}

static enum mqt_err read_polygon(struct reader *reader, const struct head *head)
{
    uint32_t rings;
    enum mqt_err err = read_count(reader, head->big_endian, 4, &rings);
    bool has_outer = false;
    for (uint32_t i = 0; !err && i < rings; i++) {
        size_t points_before = reader->outline->points.len;
        size_t parts_before = reader->outline->parts.len;
        bool kept = false;
        err = read_ring(reader, head, i == 0, &kept);
        if (i == 0) {
            has_outer = kept;
        } else if (!has_outer) { /* a hole in nothing */
            reader->outline->points.len = points_before;
            reader->outline->parts.len = parts_before;
        }
    }
    return err;
}

static enum mqt_err read_simple(struct reader *reader, const struct head *head)
{
    if (head->kind != (uint32_t)reader->shape) {
        return mqt_fail(reader->detail, MQT_ERR_GEOMETRY, "geometry type %u does not fit the layer", head->kind);
    }
    switch (reader->shape) {
    case MQT_SHAPE_POINT:
        return read_point(reader, head);
    case MQT_SHAPE_LINE:
        return read_line(reader, head);
    case MQT_SHAPE_POLYGON:
        return read_polygon(reader, head);
    }
    return MQT_ERR_GEOMETRY;
}

static enum mqt_err read_geometry(struct reader *reader)
{
    struct head head;
    enum mqt_err err = read_head(reader, &head);
    if (err || head.kind != (uint32_t)reader->shape + WKB_MULTI) {
        return err ? err : read_simple(reader, &head);
    }
    uint32_t count;
    err = read_count(reader, head.big_endian, 5, &count);
    for (uint32_t i = 0; !err && i < count; i++) {
        struct head member;
        err = read_head(reader, &member);
        if (!err) {
            err = read_simple(reader, &member);
        }
    }
    return err;
}

enum mqt_err mqt_wkb_read(const uint8_t *wkb, size_t wkb_len, enum mqt_shape shape, struct mqt_outline *outline,
                          struct mqt_detail *detail)
{
    mqt_buf_reset(&outline->points);
    mqt_buf_reset(&outline->parts);
    struct reader reader = {wkb, wkb + wkb_len, outline, shape, detail};
    enum mqt_err err = read_geometry(&reader);
    if (!err && reader.at != reader.end) {
        err = mqt_fail(detail, MQT_ERR_GEOMETRY, "%zu bytes are left over after the geometry", left(&reader));
    }
    if (!err && shape == MQT_SHAPE_POINT && outline->points.len > 0) {
        err = add_part(&reader, (uint32_t)mqt_outline_point_count(outline));
    }
    if (!err && outline->points.len == 0) {
        err = mqt_fail(detail, MQT_ERR_GEOMETRY, "the geometry is empty or too small to have an extent");
    }
    return err;
}
