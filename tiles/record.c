#include "record.h"

#include "ring.h"

enum { WIDE = 1, PARTS = 2, COUNT_SHIFT = 2, COUNT_MAX = 0x3fff };

static uint32_t take_u32(const uint16_t **at)
{
    uint32_t value;
    memcpy(&value, *at, sizeof value);
    *at += 2;
    return value;
}

struct mqt_record mqt_record_open(const uint16_t *cells, enum mqt_shape shape)
{
    struct mqt_record record = {.part_count = 1};
    uint16_t head = *cells++;
    record.wide = head & WIDE;
    record.point_count = head >> COUNT_SHIFT;
    if (head & PARTS) {
        record.part_count = take_u32(&cells);
        record.point_count = take_u32(&cells);
        record.parts = cells;
        cells += record.part_count * 2;
    }
    if (shape == MQT_SHAPE_POLYGON) {
        record.zooms = take_u32(&cells);
    }
    size_t point_cells = record.wide ? 4 : 2;
    record.label = cells;
    cells += shape == MQT_SHAPE_POINT ? 0 : point_cells;
    record.points = cells;
    if (shape != MQT_SHAPE_POINT) {
        record.least_zooms = (const uint8_t *)(cells + record.point_count * point_cells);
    }
    return record;
}

size_t mqt_record_cells(const uint16_t *cells, enum mqt_shape shape)
{
    struct mqt_record record = mqt_record_open(cells, shape);
    size_t points_end = (size_t)(record.points - cells) + record.point_count * (record.wide ? 4 : 2);
    return points_end + (record.least_zooms ? (record.point_count + 1) / 2 : 0);
}

static void put_u32(struct mqt_buf *cells, uint32_t value)
{
    mqt_buf_add(cells, &value, sizeof value);
}

static void put_point(struct mqt_buf *cells, struct mqt_point point, struct mqt_box box, bool wide)
{
    uint32_t x = (uint32_t)point.x - (uint32_t)box.min_x;
    uint32_t y = (uint32_t)point.y - (uint32_t)box.min_y;
    if (wide) {
        put_u32(cells, x);
        put_u32(cells, y);
    } else {
        uint16_t narrow[2] = {(uint16_t)x, (uint16_t)y};
        mqt_buf_add(cells, narrow, sizeof narrow);
    }
}

enum mqt_err mqt_record_pack(const struct mqt_outline *outline, enum mqt_shape shape, struct mqt_box box,
                             struct mqt_point label, uint32_t zooms, const uint8_t *least_zooms, struct mqt_buf *cells)
{
    size_t part_count = mqt_outline_part_count(outline);
    size_t point_count = mqt_outline_point_count(outline);
    bool wide = (int64_t)box.max_x - box.min_x > UINT16_MAX || (int64_t)box.max_y - box.min_y > UINT16_MAX;
    bool parts = part_count != 1 || point_count > COUNT_MAX;
    size_t before = cells->len;
    uint16_t head = (uint16_t)((wide ? WIDE : 0) | (parts ? PARTS : 0) | (parts ? 0 : point_count << COUNT_SHIFT));
    mqt_buf_add(cells, &head, sizeof head);
    if (parts) {
        put_u32(cells, (uint32_t)part_count);
        put_u32(cells, (uint32_t)point_count);
        mqt_buf_add(cells, outline->parts.data, outline->parts.len);
    }
    if (shape == MQT_SHAPE_POLYGON) {
        put_u32(cells, zooms);
    }
    if (shape != MQT_SHAPE_POINT) {
        put_point(cells, label, box, wide);
    }
    for (size_t i = 0; i < point_count; i++) {
        put_point(cells, mqt_outline_points(outline)[i], box, wide);
    }
    if (shape != MQT_SHAPE_POINT) {
        mqt_buf_add(cells, least_zooms, point_count);
        if (point_count % 2 != 0) {
            mqt_buf_add_byte(cells, 0);
        }
    }
    enum mqt_err err = mqt_buf_err(cells);
    if (err) {
        mqt_buf_reset(cells);
        cells->len = before;
    }
    return err;
}

double mqt_record_area2(const struct mqt_record *record, struct mqt_box box)
{
    double area2 = 0;
    size_t first = 0;
    for (size_t part = 0; part < record->part_count; part++) {
        size_t size = mqt_record_part(record, part) & ~MQT_PART_OUTER;
        struct mqt_point corner = size ? mqt_record_point(record, first, box) : (struct mqt_point){0, 0};
        for (size_t i = 2; i < size; i++) {
            struct mqt_point before = mqt_record_point(record, first + i - 1, box);
            area2 += (double)mqt_turn(corner, before, mqt_record_point(record, first + i, box));
        }
        first += size;
    }
    return area2;
}
