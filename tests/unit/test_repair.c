#include "../../tiles/repair.h"
#include "../../tiles/ring.h"
#include "../../tiles/valid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 12, MOST_WORK = 1 << 20 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void add_ring(struct mqt_outline *rings, const struct mqt_point *points, size_t count, bool outer)
{
    uint32_t part = (uint32_t)count | (outer ? MQT_PART_OUTER : 0);
    mqt_buf_add(&rings->points, points, count * sizeof *points);
    mqt_buf_add(&rings->parts, &part, sizeof part);
}

/* How many rings hold a point in the middle of one of the four triangles that its diagonals cut a cell into. */
static size_t rings_over(const struct mqt_outline *rings, int32_t triangle)
{
    static const int8_t middles[4][2] = {{4, 2}, {4, 6}, {2, 4}, {6, 4}};
    int32_t cell = triangle / 4;
    const struct mqt_point *ring = mqt_outline_points(rings);
    size_t over = 0;
    for (size_t part = 0; part < mqt_outline_part_count(rings); part++) {
        size_t size = mqt_outline_parts(rings)[part] & ~MQT_PART_OUTER;
        over += mqt_ring_holds(ring, size, 8 * (cell % SIDE) + middles[triangle % 4][0],
                               8 * (cell / SIDE) + middles[triangle % 4][1]);
        ring += size;
    }
    return over;
}

static int32_t step_within(int32_t at, int32_t step)
{
    return at + step < 0 || at + step > SIDE ? at - step : at + step;
}

/* A walk along the lines and diagonals of a grid of 4 units that comes back to where it began, crossing and
 * covering itself as it likes. Diagonals meet in the middle of a cell. */
static void add_tangle(struct mqt_outline *rings, size_t turns, uint32_t *seed)
{
    struct mqt_point ring[40];
    struct mqt_point at = {(int32_t)(next_random(seed) % SIDE), (int32_t)(next_random(seed) % SIDE)};
    struct mqt_point first = at;
    size_t count = 0;
    for (size_t i = 0; i < turns; i++) {
        ring[count++] = (struct mqt_point){4 * at.x, 4 * at.y};
        int32_t length = 1 + (int32_t)(next_random(seed) % (SIDE / 2));
        at.x = step_within(at.x, ((int32_t)(next_random(seed) % 3) - 1) * length);
        at.y = step_within(at.y, ((int32_t)(next_random(seed) % 3) - 1) * length);
    }
    ring[count++] = (struct mqt_point){4 * at.x, 4 * at.y};
    ring[count++] = (struct mqt_point){4 * at.x, 4 * first.y};
    count = mqt_drop_repeats(ring, count, true);
    if (count >= 3) {
        add_ring(rings, ring, count, true);
    }
}

/* Rings turn as their kind says, and no loop comes to a point twice. Returns the number of holes. */
static size_t check_rings(const struct mqt_outline *rings)
{
    const struct mqt_point *ring = mqt_outline_points(rings);
    size_t holes = 0;
    for (size_t part = 0; part < mqt_outline_part_count(rings); part++) {
        uint32_t described = mqt_outline_parts(rings)[part];
        size_t size = described & ~MQT_PART_OUTER;
        assert_true((mqt_ring_area2(ring, size) > 0) == ((described & MQT_PART_OUTER) != 0));
        for (size_t i = 0; i < size; i++) {
            for (size_t j = i + 1; j < size; j++) {
                assert_false(ring[i].x == ring[j].x && ring[i].y == ring[j].y);
            }
        }
        holes += !(described & MQT_PART_OUTER);
        ring += size;
    }
    return holes;
}

/* Edges meet on grid points only, so nothing is rounded: every place must be as it was. */
static void test_covers_what_was_covered_an_odd_number_of_times(void **state)
{
    (void)state;
    uint32_t seed = 20261122;
    struct mqt_repair repair;
    struct mqt_outline before, after;
    mqt_repair_init(&repair, MOST_WORK);
    mqt_outline_init(&before);
    mqt_outline_init(&after);
    size_t covered = 0, holes = 0;
    for (int round = 0; round < 1000; round++) {
        mqt_buf_reset(&before.points);
        mqt_buf_reset(&before.parts);
        for (uint32_t rings = 1 + next_random(&seed) % 3; rings > 0; rings--) {
            add_tangle(&before, 3 + next_random(&seed) % 12, &seed);
        }
        mqt_buf_reset(&after.points);
        mqt_buf_reset(&after.parts);
        mqt_buf_add(&after.points, before.points.data, before.points.len);
        mqt_buf_add(&after.parts, before.parts.data, before.parts.len);
        assert_int_equal(mqt_rings_repair(&repair, &after), MQT_OK);
        for (int32_t triangle = 0; triangle < SIDE * SIDE * 4; triangle++) {
            size_t over = rings_over(&after, triangle);
            assert_int_equal(over % 2, rings_over(&before, triangle) % 2);
            covered += over % 2;
        }
        holes += check_rings(&after);
    }
    assert_in_range(covered, 10000, SIZE_MAX);
    assert_in_range(holes, 20, SIZE_MAX);
    mqt_outline_clear(&before);
    mqt_outline_clear(&after);
    mqt_repair_clear(&repair);
}

static void test_too_tangled_is_left_alone(void **state)
{
    (void)state;
    enum { SPOKES = 200 };
    struct mqt_point ring[SPOKES];
    uint32_t seed = 7;
    for (size_t i = 0; i < SPOKES; i++) {
        ring[i] = (struct mqt_point){(int32_t)(next_random(&seed) % 60000), (int32_t)(next_random(&seed) % 60000)};
    }
    struct mqt_repair repair;
    struct mqt_outline rings;
    mqt_repair_init(&repair, 1000);
    mqt_outline_init(&rings);
    add_ring(&rings, ring, SPOKES, true);
    assert_int_equal(mqt_rings_repair(&repair, &rings), MQT_ERR_LIMIT);
    assert_int_equal(mqt_outline_part_count(&rings), 1);
    assert_memory_equal(mqt_outline_points(&rings), ring, sizeof ring);
    mqt_repair_clear(&repair);
    mqt_repair_init(&repair, (size_t)1 << 28);
    assert_int_equal(mqt_rings_repair(&repair, &rings), MQT_OK);
    assert_true(mqt_outline_part_count(&rings) > 1);
    mqt_outline_clear(&rings);
    mqt_repair_clear(&repair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_covers_what_was_covered_an_odd_number_of_times),
        cmocka_unit_test(test_too_tangled_is_left_alone),
    };
    return cmocka_run_group_tests_name("repair", tests, NULL, NULL);
}
