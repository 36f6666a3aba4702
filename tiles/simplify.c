#include "simplify.h"

#include "record.h"
#include "ring.h"
#include "valid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORK_EACH = 1000 /* distances a point, far more than any real outline takes */ };

/* A stretch of a part still to be divided; first and last are kept already. */
struct stretch {
    size_t first, last; /* last may run past the end of a ring, once around at most */
    double limit;       /* no point inside counts for more than those that enclose it */
};

/* Points of one part, as Douglas and Peucker go through them. */
struct thinning {
    const struct mqt_point *points;
    size_t count;
    uint8_t *least_zooms;
    struct mqt_buf stack;
    size_t work; /* distances taken in this part */
};

static struct mqt_point point_at(const struct thinning *thinning, size_t i)
{
    return thinning->points[i < thinning->count ? i : i - thinning->count];
}

static double square_distance(struct mqt_point p, struct mqt_point a, struct mqt_point b)
{
    double dx = (double)b.x - a.x;
    double dy = (double)b.y - a.y;
    double px = (double)p.x - a.x;
    double py = (double)p.y - a.y;
    double square = dx * dx + dy * dy;
    double t = square > 0 ? (px * dx + py * dy) / square : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    px -= t * dx;
    py -= t * dy;
    return px * px + py * py;
}

/* The zoom from which on half a unit, 2^(18 - z), is not more than the distance. */
static uint8_t zoom_for(double square)
{
    int zoom = 0;
    double tolerance = ldexp(1, MQT_EXACT_ZOOM - 1);
    while (zoom < MQT_EXACT_ZOOM && square < tolerance * tolerance) {
        tolerance /= 2;
        zoom++;
    }
    return (uint8_t)zoom;
}

static void push(struct thinning *thinning, size_t first, size_t last, double limit)
{
    struct stretch stretch = {first, last, limit};
    if (last > first + 1) {
        mqt_buf_add(&thinning->stack, &stretch, sizeof stretch);
    }
}

static void divide(struct thinning *thinning, struct stretch stretch)
{
    struct mqt_point a = point_at(thinning, stretch.first);
    struct mqt_point b = point_at(thinning, stretch.last);
    double most = -1;
    size_t farthest = stretch.first + 1;
    for (size_t i = stretch.first + 1; i < stretch.last; i++) {
        double square = square_distance(point_at(thinning, i), a, b);
        if (square > most) {
            most = square;
            farthest = i;
        }
    }
    thinning->work += stretch.last - stretch.first;
    most = most < stretch.limit ? most : stretch.limit;
    thinning->least_zooms[farthest % thinning->count] = zoom_for(most);
    push(thinning, stretch.first, farthest, most);
    push(thinning, farthest, stretch.last, most);
}

static size_t farthest_from(const struct thinning *thinning, size_t from)
{
    size_t farthest = from;
    double most = -1;
    for (size_t i = 0; i < thinning->count; i++) {
        double square = square_distance(thinning->points[i], thinning->points[from], thinning->points[from]);
        if (square > most) {
            most = square;
            farthest = i;
        }
    }
    return farthest;
}

static enum mqt_err thin_part(struct thinning *thinning, bool ring)
{
    memset(thinning->least_zooms, 0, thinning->count);
    if (ring) {
        size_t a = farthest_from(thinning, 0);
        size_t b = farthest_from(thinning, a);
        size_t low = a < b ? a : b;
        size_t high = a < b ? b : a;
        push(thinning, low, high, HUGE_VAL);
        push(thinning, high, low + thinning->count, HUGE_VAL);
    } else {
        push(thinning, 0, thinning->count - 1, HUGE_VAL);
    }
    thinning->work = 0;
    /* A spiral could take the square of its points; what is left undivided stays at every zoom. */
    while (thinning->stack.len > 0 && !mqt_buf_err(&thinning->stack) &&
           thinning->work / MOST_WORK_EACH <= thinning->count) {
        thinning->stack.len -= sizeof(struct stretch);
        struct stretch stretch;
        memcpy(&stretch, thinning->stack.data + thinning->stack.len, sizeof stretch);
        divide(thinning, stretch);
    }
    enum mqt_err err = mqt_buf_err(&thinning->stack);
    mqt_buf_reset(&thinning->stack);
    return err;
}

enum mqt_err mqt_simplify_least_zooms(const struct mqt_outline *outline, enum mqt_shape shape, uint8_t *least_zooms)
{
    struct thinning thinning = {.points = mqt_outline_points(outline), .least_zooms = least_zooms};
    enum mqt_err err = MQT_OK;
    mqt_buf_init(&thinning.stack, SIZE_MAX / 2);
    if (shape == MQT_SHAPE_POINT) {
        memset(least_zooms, 0, mqt_outline_point_count(outline));
        return MQT_OK;
    }
    for (size_t part = 0; !err && part < mqt_outline_part_count(outline); part++) {
        thinning.count = mqt_outline_parts(outline)[part] & ~MQT_PART_OUTER;
        err = thin_part(&thinning, shape == MQT_SHAPE_POLYGON);
        thinning.points += thinning.count;
        thinning.least_zooms += thinning.count;
    }
    mqt_buf_clear(&thinning.stack);
    return err;
}

static int32_t snap(int32_t value, int z)
{
    unsigned shift = (unsigned)(MQT_EXACT_ZOOM - z);
    uint32_t half = shift > 0 ? 1u << (shift - 1) : 0;
    return (int32_t)(((uint32_t)value + half) >> shift);
}

/* The rings at a zoom, thinned unless least_zooms is NULL, relative to the box's corner. A ring of
 * less than three points falls away, an outer one with its holes. */
static enum mqt_err snap_rings(const struct mqt_outline *outline, struct mqt_box box, int z, const uint8_t *least_zooms,
                               struct mqt_outline *snapped)
{
    const struct mqt_point *points = mqt_outline_points(outline);
    struct mqt_point corner = {snap(box.min_x, z), snap(box.min_y, z)};
    mqt_buf_reset(&snapped->points);
    mqt_buf_reset(&snapped->parts);
    struct mqt_point *room = (struct mqt_point *)(void *)mqt_buf_reserve(&snapped->points, outline->points.len);
    bool outer_kept = false;
    for (size_t part = 0, first = 0; room && part < mqt_outline_part_count(outline); part++) {
        uint32_t described = mqt_outline_parts(outline)[part];
        uint32_t size = described & ~MQT_PART_OUTER;
        size_t count = 0;
        for (size_t i = first; i < first + size; i++) {
            if (!least_zooms || least_zooms[i] <= z) {
                room[count++] = (struct mqt_point){snap(points[i].x, z) - corner.x, snap(points[i].y, z) - corner.y};
            }
        }
        first += size;
        count = mqt_drop_repeats(room, count, true);
        bool outer = described & MQT_PART_OUTER;
        bool kept = count >= 3 && (outer || outer_kept);
        outer_kept = outer ? kept : outer_kept;
        if (kept) {
            uint32_t described_now = (uint32_t)count | (described & MQT_PART_OUTER);
            mqt_buf_add(&snapped->parts, &described_now, sizeof described_now);
            snapped->points.len += count * sizeof *room;
            room += count;
        }
    }
    enum mqt_err err = mqt_buf_err(&snapped->points);
    return err ? err : mqt_buf_err(&snapped->parts);
}

/* Smaller than half a unit both ways: not shown, wherever the grid's lines fall. */
static bool below_half_unit(struct mqt_box box, int z)
{
    int64_t unit = (int64_t)1 << (MQT_EXACT_ZOOM - z);
    return 2 * ((int64_t)box.max_x - box.min_x) < unit && 2 * ((int64_t)box.max_y - box.min_y) < unit;
}

static enum mqt_err state_at(const struct mqt_outline *outline, struct mqt_box box, int z, const uint8_t *least_zooms,
                             struct mqt_repair *repair, struct mqt_outline *scratch, enum mqt_state *state)
{
    if (below_half_unit(box, z)) {
        *state = MQT_STATE_EMPTY;
        return MQT_OK;
    }
    enum mqt_err err = snap_rings(outline, box, z, least_zooms, scratch);
    if (!err && scratch->parts.len > 0 && mqt_rings_valid(scratch)) {
        *state = MQT_STATE_VALID;
        return MQT_OK;
    }
    /* Only small shapes can vanish at these zooms, and only they fit what repairing can take. */
    bool small = (int64_t)box.max_x - box.min_x <= UINT16_MAX && (int64_t)box.max_y - box.min_y <= UINT16_MAX;
    if (!err && small) {
        err = snap_rings(outline, box, z, NULL, scratch);
        if (!err) {
            err = mqt_rings_repair(repair, scratch);
        }
        if (err == MQT_ERR_LIMIT) { /* too tangled to tell now */
            return MQT_OK;
        }
    }
    if (!err) {
        *state = small && scratch->parts.len == 0 ? MQT_STATE_EMPTY : MQT_STATE_UNKNOWN;
    }
    return err;
}

enum mqt_err mqt_simplify_zooms(const struct mqt_outline *outline, struct mqt_box box, const uint8_t *least_zooms,
                                struct mqt_repair *repair, struct mqt_outline *scratch, uint32_t *zooms)
{
    uint32_t word = 0;
    enum mqt_err err = MQT_OK;
    for (int z = MQT_STATE_FIRST_ZOOM; !err && z <= MQT_EXACT_ZOOM; z++) {
        enum mqt_state state = MQT_STATE_UNKNOWN;
        err = state_at(outline, box, z, least_zooms, repair, scratch, &state);
        word |= (uint32_t)state << (2 * (z - MQT_STATE_FIRST_ZOOM));
    }
    if (!err) {
        *zooms = word;
    }
    return err;
}
