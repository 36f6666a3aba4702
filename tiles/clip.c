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

/* One pass of Sutherland and Hodgman. */
static void clip_side(const struct mqt_point *ring, size_t count, enum side side, int32_t low, int32_t high,
                      struct mqt_buf *out)
{
    for (size_t i = 0, j = count - 1; i < count; j = i++) {
        bool from_within = within(ring[j], side, low, high);
        bool to_within = within(ring[i], side, low, high);
        if (from_within != to_within) {
            struct mqt_point cut = crossing(ring[j], ring[i], side, low, high);
            mqt_buf_add(out, &cut, sizeof cut);
        }
        if (to_within) {
            mqt_buf_add(out, &ring[i], sizeof ring[i]);
        }
    }
}

enum mqt_err mqt_clip_ring(const struct mqt_point *ring, size_t count, int32_t low, int32_t high, struct mqt_buf *out,
                           struct mqt_buf *spare)
{
    /* Two scratch rings share spare: the pass reads what the pass before appended. */
    size_t start = 0;
    mqt_buf_reset(spare);
    mqt_buf_add(spare, ring, count * sizeof *ring);
    for (enum side side = LEFT; side < SIDES && !mqt_buf_err(spare); side++) {
        size_t end = spare->len;
        size_t size = (end - start) / sizeof *ring;
        /* Reserved first, so that the memory does not move while the pass reads from it. */
        if (size == 0 || !mqt_buf_reserve(spare, 2 * (end - start))) {
            break;
        }
        clip_side((const struct mqt_point *)(void *)(spare->data + start), size, side, low, high, spare);
        start = end;
    }
    enum mqt_err err = mqt_buf_err(spare);
    if (!err && spare->len > start) {
        mqt_buf_add(out, spare->data + start, spare->len - start);
        err = mqt_buf_err(out);
    }
    return err;
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
