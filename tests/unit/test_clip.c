#include "../../tiles/clip.h"
#include "../../tiles/ring.h"
#include "../../tiles/valid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 16, LOW = 4, HIGH = 11, MAX_BYTES = 1 << 20 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* A walk along grid lines that closes. */
static size_t make_ring(struct mqt_point *ring, size_t turns, uint32_t *seed)
{
    struct mqt_point at = {(int32_t)(next_random(seed) % SIDE), (int32_t)(next_random(seed) % SIDE)};
    int32_t first_x = at.x;
    size_t count = 0;
    for (size_t i = 0; i < turns; i++) {
        ring[count++] = at;
        at.y = (int32_t)(next_random(seed) % SIDE);
        ring[count++] = at;
        at.x = i + 1 < turns ? (int32_t)(next_random(seed) % SIDE) : first_x;
    }
    ring[count++] = at;
    return mqt_drop_repeats(ring, count, true);
}

static bool cell_covered(const struct mqt_point *ring, size_t count, int32_t x, int32_t y)
{
    return count >= 3 && mqt_ring_holds(ring, count, 2 * x + 1, 2 * y + 1);
}

/* Inside the square every cell is as it was, outside nothing is left. */
static void test_ring_keeps_what_is_inside(void **state)
{
    (void)state;
    uint32_t seed = 3;
    struct mqt_buf out, spare;
    mqt_buf_init(&out, MAX_BYTES);
    mqt_buf_init(&spare, MAX_BYTES);
    size_t covered = 0;
    for (int round = 0; round < 3000; round++) {
        struct mqt_point ring[32];
        size_t count = make_ring(ring, 2 + next_random(&seed) % 8, &seed);
        mqt_buf_reset(&out);
        assert_int_equal(mqt_clip_ring(ring, count, LOW, HIGH, &out, &spare), MQT_OK);
        const struct mqt_point *clipped = (const struct mqt_point *)(const void *)out.data;
        size_t clipped_count = out.len / sizeof *clipped;
        for (size_t i = 0; i < clipped_count; i++) {
            assert_in_range(clipped[i].x, LOW, HIGH);
            assert_in_range(clipped[i].y, LOW, HIGH);
        }
        for (int32_t cell = 0; cell < SIDE * SIDE; cell++) {
            int32_t x = cell % SIDE, y = cell / SIDE;
            bool inside = x >= LOW && x < HIGH && y >= LOW && y < HIGH;
            bool was = inside && cell_covered(ring, count, x, y);
            assert_int_equal(cell_covered(clipped, clipped_count, x, y), was);
            covered += was;
        }
    }
    assert_in_range(covered, 10000, SIZE_MAX);
    mqt_buf_clear(&out);
    mqt_buf_clear(&spare);
}

/* A crossing is the same point whichever end of the edge comes first: tiles share it. */
static void test_crossings_do_not_depend_on_direction(void **state)
{
    (void)state;
    uint32_t seed = 5;
    struct mqt_buf there, back, sizes;
    mqt_buf_init(&there, MAX_BYTES);
    mqt_buf_init(&back, MAX_BYTES);
    mqt_buf_init(&sizes, MAX_BYTES);
    size_t cut = 0;
    for (int round = 0; round < 20000; round++) {
        int32_t reach = round % 2 ? 2000000000 : 20000; /* both ways of reckoning */
        struct mqt_point line[2];
        for (size_t i = 0; i < 2; i++) {
            line[i].x = (int32_t)((int64_t)(next_random(&seed) % 65536) * reach / 65536);
            line[i].y = (int32_t)((int64_t)(next_random(&seed) % 65536) * reach / 65536);
        }
        const struct mqt_point reversed[2] = {line[1], line[0]};
        mqt_buf_reset(&there);
        mqt_buf_reset(&back);
        mqt_buf_reset(&sizes);
        assert_int_equal(mqt_clip_line(line, 2, reach / 3, reach / 2, &there, &sizes), MQT_OK);
        assert_int_equal(mqt_clip_line(reversed, 2, reach / 3, reach / 2, &back, &sizes), MQT_OK);
        assert_int_equal(there.len, back.len);
        if (there.len > 0) {
            const struct mqt_point *a = (const struct mqt_point *)(const void *)there.data;
            const struct mqt_point *b = (const struct mqt_point *)(const void *)back.data;
            assert_int_equal(there.len, 2 * sizeof *a);
            assert_memory_equal(&a[0], &b[1], sizeof *a);
            assert_memory_equal(&a[1], &b[0], sizeof *a);
            cut++;
        }
    }
    assert_in_range(cut, 1000, SIZE_MAX);
    mqt_buf_clear(&there);
    mqt_buf_clear(&back);
    mqt_buf_clear(&sizes);
}

static void test_line_falls_into_pieces(void **state)
{
    (void)state;
    /* In, out over the right side and back, out over the left side and back along the bottom. */
    const struct mqt_point line[] = {{5, 5}, {20, 5}, {20, 7}, {5, 7}, {5, 9}, {0, 9}, {0, 11}, {9, 11}};
    const struct mqt_point expected[] = {{5, 5}, {11, 5}, {11, 7}, {5, 7}, {5, 9}, {4, 9}, {4, 11}, {9, 11}};
    const uint32_t expected_sizes[] = {2, 4, 2};
    struct mqt_buf out, sizes;
    mqt_buf_init(&out, MAX_BYTES);
    mqt_buf_init(&sizes, MAX_BYTES);
    assert_int_equal(mqt_clip_line(line, sizeof line / sizeof line[0], LOW, HIGH, &out, &sizes), MQT_OK);
    assert_int_equal(out.len, sizeof expected);
    assert_memory_equal(out.data, expected, sizeof expected);
    assert_int_equal(sizes.len, sizeof expected_sizes);
    assert_memory_equal(sizes.data, expected_sizes, sizeof expected_sizes);
    /* A line that only touches a corner of the square leaves nothing. */
    const struct mqt_point touching[] = {{0, 8}, {8, 0}};
    mqt_buf_reset(&out);
    mqt_buf_reset(&sizes);
    assert_int_equal(mqt_clip_line(touching, 2, LOW, HIGH, &out, &sizes), MQT_OK);
    assert_int_equal(out.len + sizes.len, 0);
    mqt_buf_clear(&out);
    mqt_buf_clear(&sizes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring_keeps_what_is_inside),
        cmocka_unit_test(test_crossings_do_not_depend_on_direction),
        cmocka_unit_test(test_line_falls_into_pieces),
    };
    return cmocka_run_group_tests_name("clip", tests, NULL, NULL);
}
