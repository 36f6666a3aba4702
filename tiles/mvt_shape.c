#include "mvt_shape.h"

#include "clip.h"
#include "label.h"
#include "mvt.h"
#include "ring.h"
#include "valid.h"
#include "varint.h"

#include <string.h>

enum { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7 };

#define COMMAND(id, count) ((uint64_t)(count) << 3 | (id))
#define VERTEX_MAX_BYTES 10             /* two varints of 32 bits */
#define PEN_MOST_WORK ((size_t)1 << 26) /* some tenths of a second at worst */
#define SCRATCH_MAX_BYTES ((size_t)1 << 32)

struct mqt_mvt_frame mqt_mvt_frame_of(struct mqt_tile tile, int coarse)
{
    int z = tile.z > coarse ? tile.z - coarse : 0;
    struct mqt_mvt_frame frame = {.z = z, .tile = tile, .box = mqt_tile_box(tile, 0)};
    frame.most_zoom = coarse > 0 && z > 0 ? z - 1 : z;
    int finest = z < MQT_EXACT_ZOOM ? z : MQT_EXACT_ZOOM;
    frame.shift = (unsigned)(MQT_EXACT_ZOOM - finest);
    frame.half = frame.shift > 0 ? 1u << (frame.shift - 1) : 0;
    frame.scale = (unsigned)(tile.z - finest);
    int32_t side = MQT_MVT_EXTENT >> frame.scale;
    int32_t buffer = MQT_MVT_BUFFER >> frame.scale;
    frame.x = (int32_t)(tile.x * (uint32_t)side);
    frame.y = (int32_t)(tile.y * (uint32_t)side);
    frame.low = -buffer;
    frame.high = side + buffer;
    return frame;
}

void mqt_mvt_pen_init(struct mqt_mvt_pen *pen)
{
    *pen = (struct mqt_mvt_pen){.vertices = 0};
    mqt_buf_init(&pen->commands, SCRATCH_MAX_BYTES);
    mqt_buf_init(&pen->points, SCRATCH_MAX_BYTES);
    mqt_buf_init(&pen->clipped, SCRATCH_MAX_BYTES);
    mqt_buf_init(&pen->spare, SCRATCH_MAX_BYTES);
    mqt_buf_init(&pen->sizes, SCRATCH_MAX_BYTES);
    mqt_outline_init(&pen->rings);
    mqt_repair_init(&pen->repair, PEN_MOST_WORK);
}

void mqt_mvt_pen_clear(struct mqt_mvt_pen *pen)
{
    mqt_buf_clear(&pen->commands);
    mqt_buf_clear(&pen->points);
    mqt_buf_clear(&pen->clipped);
    mqt_buf_clear(&pen->spare);
    mqt_buf_clear(&pen->sizes);
    mqt_outline_clear(&pen->rings);
    mqt_repair_clear(&pen->repair);
}

/* The feature that is drawn. */
struct subject {
    struct mqt_record record;
    struct mqt_box box;
    bool inside; /* the box lies within the buffered tile */
};

static inline struct mqt_point snap(const struct mqt_mvt_frame *frame, struct mqt_point p)
{
    uint32_t x = ((uint32_t)p.x + frame->half) >> frame->shift;
    uint32_t y = ((uint32_t)p.y + frame->half) >> frame->shift;
    return (struct mqt_point){(int32_t)x - frame->x, (int32_t)y - frame->y};
}

static inline uint8_t *put_vertex(uint8_t *at, struct mqt_point *pen_at, unsigned scale, struct mqt_point p)
{
    p.x = (int32_t)((uint32_t)p.x << scale);
    p.y = (int32_t)((uint32_t)p.y << scale);
    at = mqt_varint_put(at, mqt_zigzag32(p.x - pen_at->x));
    at = mqt_varint_put(at, mqt_zigzag32(p.y - pen_at->y));
    *pen_at = p;
    return at;
}

/* A path of at least two points: a line, or with close a ring of at least three. */
static enum mqt_err put_path(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, const struct mqt_point *points,
                             size_t count, bool close)
{
    uint8_t *start = mqt_buf_reserve(&pen->commands, (count + 2) * VERTEX_MAX_BYTES);
    if (!start) {
        return mqt_buf_err(&pen->commands);
    }
    /* Local, since the bytes written through at might be anything as far as the compiler knows. */
    struct mqt_point pen_at = pen->at;
    const unsigned scale = frame->scale;
    uint8_t *at = mqt_varint_put(start, COMMAND(MOVE_TO, 1));
    at = put_vertex(at, &pen_at, scale, points[0]);
    at = mqt_varint_put(at, COMMAND(LINE_TO, count - 1));
    for (size_t i = 1; i < count; i++) {
        at = put_vertex(at, &pen_at, scale, points[i]);
    }
    if (close) {
        at = mqt_varint_put(at, COMMAND(CLOSE_PATH, 1));
    }
    pen->at = pen_at;
    pen->commands.len += (size_t)(at - start);
    pen->vertices += count;
    return MQT_OK;
}

static bool in_tile(const struct mqt_mvt_frame *frame, struct mqt_point p)
{
    return p.x >= frame->box.min_x && p.x <= frame->box.max_x && p.y >= frame->box.min_y && p.y <= frame->box.max_y;
}

/* A point of the tile in its units. Rounding must not put it on the far edge, which is the next tile's:
 * browsers leave out what stands there. */
static struct mqt_point snap_within(const struct mqt_mvt_frame *frame, struct mqt_point p)
{
    int32_t last = (MQT_MVT_EXTENT >> frame->scale) - 1;
    struct mqt_point snapped = snap(frame, p);
    return (struct mqt_point){snapped.x < last ? snapped.x : last, snapped.y < last ? snapped.y : last};
}

static enum mqt_err draw_points(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame,
                                const struct mqt_record *record, struct mqt_box box)
{
    size_t shown = 0;
    for (size_t i = 0; i < record->point_count; i++) {
        shown += in_tile(frame, mqt_record_point(record, i, box));
    }
    uint8_t *start = mqt_buf_reserve(&pen->commands, (shown + 1) * VERTEX_MAX_BYTES);
    if (!start || shown == 0) {
        return mqt_buf_err(&pen->commands);
    }
    uint8_t *at = mqt_varint_put(start, COMMAND(MOVE_TO, shown));
    for (size_t i = 0; i < record->point_count; i++) {
        struct mqt_point p = mqt_record_point(record, i, box);
        if (in_tile(frame, p)) {
            at = put_vertex(at, &pen->at, frame->scale, snap_within(frame, p));
        }
    }
    pen->commands.len += (size_t)(at - start);
    pen->vertices += shown;
    return MQT_OK;
}

/* Snaps the points of a part that are needed at most_zoom, dropping repeats, into room
 * for all of them. Returns how many are left. */
static size_t snap_points(const struct mqt_mvt_frame *frame, const struct subject *subject, size_t first, size_t size,
                          int most_zoom, struct mqt_point *room)
{
    const struct mqt_record *record = &subject->record;
    const uint8_t *least_zooms = record->least_zooms + first;
    size_t count = 0;
    if (record->wide) {
        for (size_t i = 0; i < size; i++) {
            if (least_zooms[i] <= most_zoom) {
                room[count++] = snap(frame, mqt_record_point(record, first + i, subject->box));
            }
        }
        return mqt_drop_repeats(room, count, false);
    }
    const uint16_t *offsets = record->points + first * 2;
    const uint32_t base_x = (uint32_t)subject->box.min_x + frame->half;
    const uint32_t base_y = (uint32_t)subject->box.min_y + frame->half;
    struct mqt_point last = {INT32_MIN, INT32_MIN}; /* no snapped point has this place */
    for (size_t i = 0; i < size; i++) {
        if (least_zooms[i] > most_zoom) {
            continue;
        }
        struct mqt_point p = {(int32_t)((base_x + offsets[2 * i]) >> frame->shift) - frame->x,
                              (int32_t)((base_y + offsets[2 * i + 1]) >> frame->shift) - frame->y};
        if (p.x != last.x || p.y != last.y) {
            room[count++] = last = p;
        }
    }
    return count;
}

/* A part's points at this zoom, all or those that it needs, in pen->points. */
static enum mqt_err snap_part(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, const struct subject *subject,
                              size_t first, size_t size, bool ring, bool all)
{
    mqt_buf_reset(&pen->points);
    struct mqt_point *points = (struct mqt_point *)(void *)mqt_buf_reserve(&pen->points, size * sizeof *points);
    if (!points) {
        return mqt_buf_err(&pen->points);
    }
    size_t count = snap_points(frame, subject, first, size, all ? UINT8_MAX : frame->most_zoom, points);
    while (ring && count > 1 && points[count - 1].x == points[0].x && points[count - 1].y == points[0].y) {
        count--;
    }
    pen->points.len = count * sizeof *points;
    return MQT_OK;
}

static const struct mqt_point *points_in(const struct mqt_buf *buf, size_t *count)
{
    *count = buf->len / sizeof(struct mqt_point);
    return (const struct mqt_point *)(const void *)buf->data;
}

static enum mqt_err draw_line(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, bool inside)
{
    size_t count;
    const struct mqt_point *points = points_in(&pen->points, &count);
    if (count < 2) {
        return MQT_OK;
    }
    if (inside) {
        return put_path(pen, frame, points, count, false);
    }
    mqt_buf_reset(&pen->clipped);
    mqt_buf_reset(&pen->sizes);
    enum mqt_err err = mqt_clip_line(points, count, frame->low, frame->high, &pen->clipped, &pen->sizes);
    points = points_in(&pen->clipped, &count);
    const uint32_t *sizes = (const uint32_t *)(const void *)pen->sizes.data;
    for (size_t i = 0; !err && i < pen->sizes.len / sizeof *sizes; i++) {
        err = put_path(pen, frame, points, sizes[i], false);
        points += sizes[i];
    }
    return err;
}

static enum mqt_err draw_lines(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame,
                               const struct subject *subject)
{
    enum mqt_err err = MQT_OK;
    size_t first = 0;
    for (size_t part = 0; !err && part < subject->record.part_count; part++) {
        uint32_t size = mqt_record_part(&subject->record, part) & ~MQT_PART_OUTER;
        err = snap_part(pen, frame, subject, first, size, false, false);
        if (!err) {
            err = draw_line(pen, frame, subject->inside);
        }
        first += size;
    }
    return err;
}

/* Appends the ring in pen->points, or what is within the tile of it, to pen->rings; kept says
 * whether there was something. */
static enum mqt_err add_ring(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, bool inside, bool outer,
                             bool *kept)
{
    size_t count;
    const struct mqt_point *points = points_in(&pen->points, &count);
    *kept = false;
    if (count < 3) {
        return MQT_OK;
    }
    if (!inside) {
        mqt_buf_reset(&pen->clipped);
        enum mqt_err err = mqt_clip_ring(points, count, frame->low, frame->high, &pen->clipped, &pen->spare);
        if (err) {
            return err;
        }
        struct mqt_point *clipped = (struct mqt_point *)(void *)pen->clipped.data;
        count = mqt_drop_repeats(clipped, pen->clipped.len / sizeof *clipped, true);
        points = clipped;
    }
    uint32_t part = (uint32_t)count | (outer ? MQT_PART_OUTER : 0);
    *kept = count >= 3;
    if (*kept) {
        mqt_buf_add(&pen->rings.points, points, count * sizeof *points);
        mqt_buf_add(&pen->rings.parts, &part, sizeof part);
    }
    enum mqt_err err = mqt_buf_err(&pen->rings.points);
    return err ? err : mqt_buf_err(&pen->rings.parts);
}

/* The polygon's rings at this zoom and in this tile, in pen->rings. */
static enum mqt_err gather_rings(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame,
                                 const struct subject *subject, bool all)
{
    enum mqt_err err = MQT_OK;
    bool outer_kept = false;
    size_t first = 0;
    mqt_buf_reset(&pen->rings.points);
    mqt_buf_reset(&pen->rings.parts);
    for (size_t part = 0; !err && part < subject->record.part_count; part++) {
        uint32_t described = mqt_record_part(&subject->record, part);
        uint32_t size = described & ~MQT_PART_OUTER;
        bool outer = described & MQT_PART_OUTER;
        bool kept = false;
        if (outer || outer_kept) {
            err = snap_part(pen, frame, subject, first, size, true, all);
            if (!err) {
                err = add_ring(pen, frame, subject->inside, outer, &kept);
            }
        }
        outer_kept = outer ? kept : outer_kept;
        first += size;
    }
    return err;
}

static enum mqt_err put_rings(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame)
{
    enum mqt_err err = MQT_OK;
    const struct mqt_point *points = mqt_outline_points(&pen->rings);
    for (size_t part = 0; !err && part < mqt_outline_part_count(&pen->rings); part++) {
        size_t size = mqt_outline_parts(&pen->rings)[part] & ~MQT_PART_OUTER;
        err = put_path(pen, frame, points, size, true);
        points += size;
    }
    return err;
}

/* Repairs pen->rings. Rings that are too tangled for it are shown as their box. */
static enum mqt_err make_valid(struct mqt_mvt_pen *pen)
{
    enum mqt_err err = mqt_rings_repair(&pen->repair, &pen->rings);
    if (err != MQT_ERR_LIMIT) {
        return err;
    }
    struct mqt_box box = mqt_points_box(mqt_outline_points(&pen->rings), mqt_outline_point_count(&pen->rings));
    const struct mqt_point corners[4] = {
        {box.min_x, box.min_y}, {box.max_x, box.min_y}, {box.max_x, box.max_y}, {box.min_x, box.max_y}};
    const uint32_t part = 4 | MQT_PART_OUTER;
    mqt_buf_reset(&pen->rings.points);
    mqt_buf_reset(&pen->rings.parts);
    if (box.min_x < box.max_x && box.min_y < box.max_y) {
        mqt_buf_add(&pen->rings.points, corners, sizeof corners);
        mqt_buf_add(&pen->rings.parts, &part, sizeof part);
    }
    err = mqt_buf_err(&pen->rings.points);
    return err ? err : mqt_buf_err(&pen->rings.parts);
}

/* A polygon that is known to be valid at this zoom and lies within the tile. */
static enum mqt_err draw_whole_polygon(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame,
                                       const struct subject *subject)
{
    enum mqt_err err = MQT_OK;
    bool outer_kept = false;
    size_t first = 0;
    for (size_t part = 0; !err && part < subject->record.part_count; part++) {
        uint32_t described = mqt_record_part(&subject->record, part);
        uint32_t size = described & ~MQT_PART_OUTER;
        bool outer = described & MQT_PART_OUTER;
        err = snap_part(pen, frame, subject, first, size, true, false);
        size_t count;
        const struct mqt_point *points = points_in(&pen->points, &count);
        bool kept = count >= 3 && (outer || outer_kept);
        outer_kept = outer ? kept : outer_kept;
        if (!err && kept) {
            err = put_path(pen, frame, points, count, true);
        }
        first += size;
    }
    return err;
}

static enum mqt_err draw_usual_polygon(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame,
                                       const struct subject *subject)
{
    enum mqt_state state = mqt_record_state(subject->record.zooms, frame->z);
    if (state == MQT_STATE_EMPTY) {
        return MQT_OK;
    }
    if (state == MQT_STATE_VALID && subject->inside) {
        return draw_whole_polygon(pen, frame, subject);
    }
    enum mqt_err err = gather_rings(pen, frame, subject, false);
    if (!err && pen->rings.parts.len > 0 && !mqt_rings_valid(&pen->rings)) {
        err = make_valid(pen);
    }
    if (!err && pen->rings.parts.len == 0) {
        /* Thinned too far perhaps: what all points make may still have an area here. */
        err = gather_rings(pen, frame, subject, true);
        if (!err && pen->rings.parts.len > 0) {
            err = make_valid(pen);
        }
    }
    return err ? err : put_rings(pen, frame);
}

/* Thinned further than the zoom's unit asks for; where that makes no valid shape, no further. */
static enum mqt_err draw_polygon(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame,
                                 const struct subject *subject)
{
    struct mqt_mvt_frame usual = *frame;
    usual.most_zoom = usual.z;
    if (frame->most_zoom < frame->z) {
        enum mqt_err err = gather_rings(pen, frame, subject, false);
        if (err || (pen->rings.parts.len > 0 && mqt_rings_valid(&pen->rings))) {
            return err ? err : put_rings(pen, frame);
        }
    }
    return draw_usual_polygon(pen, &usual, subject);
}

static void start_feature(struct mqt_mvt_pen *pen)
{
    mqt_buf_reset(&pen->commands);
    pen->at = (struct mqt_point){0, 0};
    pen->vertices = 0;
}

enum mqt_err mqt_mvt_pen_label(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, const struct mqt_core *core,
                               size_t index, int *side_px)
{
    struct mqt_box box = core->boxes[index];
    double box_area2 = 2 * ((double)box.max_x - box.min_x) * ((double)box.max_y - box.min_y);
    start_feature(pen);
    if (mqt_label_side_px(box_area2, frame->z) < MQT_LABEL_LEAST_PX) { /* spares most of them the sum */
        return MQT_OK;
    }
    struct mqt_record record = mqt_core_record(core, index);
    struct mqt_point place = mqt_record_label(&record, box);
    int side = mqt_label_side_px(mqt_record_area2(&record, box), frame->z);
    if (!in_tile(frame, place) || side < MQT_LABEL_LEAST_PX) {
        return MQT_OK;
    }
    uint8_t *start = mqt_buf_reserve(&pen->commands, 2 * VERTEX_MAX_BYTES);
    if (!start) {
        return mqt_buf_err(&pen->commands);
    }
    uint8_t *at = mqt_varint_put(start, COMMAND(MOVE_TO, 1));
    at = put_vertex(at, &pen->at, frame->scale, snap_within(frame, place));
    pen->commands.len += (size_t)(at - start);
    pen->vertices = 1;
    *side_px = side;
    return MQT_OK;
}

enum mqt_err mqt_mvt_pen_draw(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, const struct mqt_core *core,
                              size_t index, bool inside)
{
    struct subject subject = {mqt_core_record(core, index), core->boxes[index], inside};
    start_feature(pen);
    switch (core->shape) {
    case MQT_SHAPE_POINT:
        return draw_points(pen, frame, &subject.record, subject.box);
    case MQT_SHAPE_LINE:
        return draw_lines(pen, frame, &subject);
    case MQT_SHAPE_POLYGON:
        break;
    }
    return draw_polygon(pen, frame, &subject);
}
