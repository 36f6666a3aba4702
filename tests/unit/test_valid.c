#include "../../tiles/ring.h"
#include "../../tiles/valid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static bool ring_valid(const struct mqt_point *points, size_t count)
{
    struct mqt_outline rings;
    mqt_outline_init(&rings);
    add_ring(&rings, points, count, true);
    bool valid = mqt_rings_valid(&rings);
    mqt_outline_clear(&rings);
    return valid;
}

static void test_single_rings(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        bool valid;
        size_t count;
        struct mqt_point points[8];
    } rows[] = {
        {"square, clockwise on screen", true, 4, {{0, 0}, {9, 0}, {9, 9}, {0, 9}}},
        {"square, the other way", false, 4, {{0, 0}, {0, 9}, {9, 9}, {9, 0}}},
        {"triangle", true, 3, {{0, 0}, {9, 0}, {0, 9}}},
        {"no area", false, 3, {{0, 0}, {4, 4}, {9, 9}}},
        {"a point on a straight side", true, 5, {{0, 0}, {4, 0}, {9, 0}, {9, 9}, {0, 9}}},
        {"bow tie", false, 4, {{0, 0}, {9, 0}, {0, 8}, {9, 9}}},
        {"spike", false, 6, {{0, 0}, {5, 0}, {5, -4}, {5, 0}, {9, 9}, {0, 9}}},
        {"spike at the first point", false, 5, {{0, -5}, {0, 0}, {9, 0}, {9, 9}, {0, 9}}},
        {"a corner touches a side", false, 6, {{0, 0}, {9, 0}, {9, 9}, {5, 0}, {1, 9}, {0, 9}}},
        {"a corner touches an upright side", false, 7, {{0, 9}, {0, 0}, {9, 0}, {9, 2}, {0, 5}, {9, 7}, {9, 9}}},
        {"two corners touch", false, 7, {{0, 0}, {9, 0}, {5, 5}, {9, 9}, {0, 9}, {5, 5}, {0, 4}}},
        {"far coordinates", true, 3, {{INT32_MIN, INT32_MIN}, {INT32_MAX, INT32_MIN}, {INT32_MAX, INT32_MAX}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (ring_valid(rows[i].points, rows[i].count) != rows[i].valid) {
            fail_msg("%s", rows[i].label);
        }
    }
}

static void test_holes(void **state)
{
    (void)state;
    const struct mqt_point outer[4] = {{0, 0}, {20, 0}, {20, 20}, {0, 20}};
    static const struct {
        const char *label;
        bool valid;
        struct mqt_point points[4];
    } rows[] = {
        {"inside", true, {{5, 5}, {5, 9}, {9, 9}, {9, 5}}},
        {"turning like the outer ring", false, {{5, 5}, {9, 5}, {9, 9}, {5, 9}}},
        {"outside", false, {{25, 5}, {25, 9}, {29, 9}, {29, 5}}},
        {"across the border", false, {{15, 5}, {15, 9}, {25, 9}, {25, 5}}},
        {"touching the border", false, {{15, 5}, {15, 9}, {20, 9}, {19, 5}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_outline rings;
        mqt_outline_init(&rings);
        add_ring(&rings, outer, 4, true);
        add_ring(&rings, rows[i].points, 4, false);
        bool valid = mqt_rings_valid(&rings);
        mqt_outline_clear(&rings);
        if (valid != rows[i].valid) {
            fail_msg("a hole %s", rows[i].label);
        }
    }
}

/* Many edges are looked at in another way than few. A ring stays what it is when each of its sides is
 * cut into sixteen. */
static void test_cut_sides_change_nothing(void **state)
{
    (void)state;
    enum { CUTS = 16, MOST = 9 };
    uint32_t seed = 11;
    size_t valid_count = 0;
    for (int round = 0; round < 5000; round++) {
        struct mqt_point ring[MOST], fine[MOST * CUTS];
        size_t count = 3 + next_random(&seed) % (MOST - 2);
        for (size_t i = 0; i < count; i++) {
            ring[i] = (struct mqt_point){(int32_t)(next_random(&seed) % 12) * CUTS,
                                         (int32_t)(next_random(&seed) % 12) * CUTS};
        }
        count = mqt_drop_repeats(ring, count, true);
        if (count < 3) {
            continue;
        }
        for (size_t i = 0; i < count * CUTS; i++) {
            struct mqt_point a = ring[i / CUTS], b = ring[(i / CUTS + 1) % count];
            int32_t step = (int32_t)(i % CUTS);
            fine[i] = (struct mqt_point){a.x + (b.x - a.x) / CUTS * step, a.y + (b.y - a.y) / CUTS * step};
        }
        bool valid = ring_valid(ring, count);
        assert_int_equal(ring_valid(fine, count * CUTS), valid);
        valid_count += valid;
    }
    assert_true(valid_count > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_rings),
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_cut_sides_change_nothing),
    };
    return cmocka_run_group_tests_name("valid", tests, NULL, NULL);
}
