#include "clip.h"

#include "ring.h"

enum side { LEFT, TOP, RIGHT, BOTTOM, SIDES };

static bool within(struct mqt_point p, enum side side, int32_t low, int32_t high)
{
    switch (side) {
    case LEFT:
        return p.x >= low;
    case TOP:
        return p.y >= low;
    case RIGHT:
        return p.x <= high;
    default:
        return p.y <= high;
    }
}

/* a0 + (b0 - a0) * (limit - a1) / (b1 - a1), rounded to nearest, half up. */
static int32_t cross_at(int32_t a0, int32_t a1, int32_t b0, int32_t b1, int32_t limit)
{
    if (a1 > b1) {
        int32_t swap0 = a0;
        int32_t swap1 = a1;
        a0 = b0;
        a1 = b1;
        b0 = swap0;
        b1 = swap1;
    }
    const int32_t small = 1 << 28;
    if (a0 > -small && a0 < small && b0 > -small && b0 < small && a1 > -small && b1 < small) {
        int64_t length = (int64_t)b1 - a1;
        int64_t doubled = 2 * ((int64_t)b0 - a0) * ((int64_t)limit - a1) + length;
        int64_t whole = doubled / (2 * length);
        return (int32_t)(a0 + (doubled % (2 * length) < 0 ? whole - 1 : whole));
    }
    mqt_wide span = (mqt_wide)b1 - a1;
    mqt_wide twice = 2 * ((mqt_wide)b0 - a0) * ((mqt_wide)limit - a1) + span;
    mqt_wide quotient = twice / (2 * span);
    if (twice % (2 * span) < 0) {
        quotient--;
    }
    return (int32_t)(a0 + quotient);
}

static struct mqt_point crossing(struct mqt_point a, struct mqt_point b, enum side side, int32_t low, int32_t high)
{
    int32_t limit = side == LEFT || side == TOP ? low : high;
    if (side == LEFT || side == RIGHT) {
        return (struct mqt_point){limit, cross_at(a.y, a.x, b.y, b.x, limit)};
    }
    return (struct mqt_point){cross_at(a.x, a.y, b.x, b.y, limit), limit};
}

/* One pass of Sutherland and Hodgman, into room for twice as many points. Returns how many came out. */
static size_t clip_side(const struct mqt_point *ring, size_t count, enum side side, int32_t low, int32_t high,
                        struct mqt_point *out)
{
    struct mqt_point *at = out;
    struct mqt_point from = ring[count - 1];
    bool from_within = within(from, side, low, high);
    for (size_t i = 0; i < count; i++) {
        struct mqt_point to = ring[i];
        bool to_within = within(to, side, low, high);
        if (from_within != to_within) {
            *at++ = crossing(from, to, side, low, high);
        }
        if (to_within) {
            *at++ = to;
        }
        from = to;
        from_within = to_within;
    }
    return (size_t)(at - out);
}

/* Whether a side cuts anything off a shape with this box. */
static bool cuts(enum side side, struct mqt_box box, int32_t low, int32_t high)
{
    struct mqt_point outermost = side == LEFT || side == TOP ? (struct mqt_point){box.min_x, box.min_y}
                                                             : (struct mqt_point){box.max_x, box.max_y};
    return !within(outermost, side, low, high);
}

enum mqt_err mqt_clip_ring(const struct mqt_point *ring, size_t count, int32_t low, int32_t high, struct mqt_buf *out,
                           struct mqt_buf *spare)
{
    struct mqt_box box = mqt_points_box(ring, count);
    size_t at = 0; /* where in spare the last pass left the ring */
    bool cut = false;
    mqt_buf_reset(spare);
    for (enum side side = LEFT; side < SIDES && count > 0; side++) {
        if (!cuts(side, box, low, high)) {
            continue;
        }
        uint8_t *room = mqt_buf_reserve(spare, 2 * count * sizeof *ring);
        if (!room) {
            return mqt_buf_err(spare);
        }
        /* Looked up after reserving, which may move the memory. */
        const void *from = cut ? spare->data + at : (const void *)ring;
        count = clip_side(from, count, side, low, high, (struct mqt_point *)(void *)room);
        at = spare->len;
        spare->len += count * sizeof *ring;
        cut = true;
    }
    mqt_buf_add(out, cut ? spare->data + at : (const void *)ring, count * sizeof *ring);
    return mqt_buf_err(out);
}

/* Cuts a segment to the square; false when nothing of it is inside. */
static bool clip_segment(struct mqt_point *a, struct mqt_point *b, int32_t low, int32_t high)
{
    for (enum side side = LEFT; side < SIDES; side++) {
        bool a_within = within(*a, side, low, high);
        bool b_within = within(*b, side, low, high);
        if (!a_within && !b_within) {
            return false;
        }
        if (!a_within) {
            *a = crossing(*a, *b, side, low, high);
        } else if (!b_within) {
            *b = crossing(*a, *b, side, low, high);
        }
    }
    return true;
}

static void end_piece(struct mqt_buf *out, struct mqt_buf *sizes, uint32_t *size)
{
    if (*size >= 2) {
        mqt_buf_add(sizes, size, sizeof *size);
    } else {
        out->len -= *size * sizeof(struct mqt_point);
    }
    *size = 0;
}

enum mqt_err mqt_clip_line(const struct mqt_point *line, size_t count, int32_t low, int32_t high, struct mqt_buf *out,
                           struct mqt_buf *sizes)
{
    uint32_t size = 0;
    struct mqt_point last = {0, 0};
    for (size_t i = 1; i < count && !mqt_buf_err(out); i++) {
        struct mqt_point a = line[i - 1];
        struct mqt_point b = line[i];
        if (!clip_segment(&a, &b, low, high)) {
            continue;
        }
        if (size > 0 && (last.x != a.x || last.y != a.y)) {
            end_piece(out, sizes, &size);
        }
        if (size == 0) {
            mqt_buf_add(out, &a, sizeof a);
            size = 1;
        }
        if (a.x != b.x || a.y != b.y) {
            mqt_buf_add(out, &b, sizeof b);
            size++;
        }
        last = b;
    }
    if (!mqt_buf_err(out)) {
        end_piece(out, sizes, &size);
    }
    enum mqt_err err = mqt_buf_err(out);
    return err ? err : mqt_buf_err(sizes);
}
