#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../server/version.h"

static struct mqt_box box_at(int32_t x, int32_t y)
{
    return (struct mqt_box){x, y, x + 9, y + 9};
}

static struct mqt_versions *new_log(uint64_t base)
{
    struct mqt_versions *log = NULL;
    assert_int_equal(mqt_versions_new(base, &log), MQT_OK);
    return log;
}

static void append(struct mqt_versions **log, uint64_t version, struct mqt_box box)
{
    assert_int_equal(mqt_versions_append(log, version, &box, 1), MQT_OK);
}

static void test_newest_touch_counts(void **state)
{
    (void)state;
    struct mqt_versions *log = new_log(5);
    struct mqt_box here = box_at(100, 100), there = box_at(500, 500);
    assert_int_equal(mqt_versions_of_box(log, 0, here), 5);
    append(&log, 6, here);
    append(&log, 7, there);
    append(&log, 8, mqt_box_empty());
    size_t count = mqt_versions_count(log);
    assert_int_equal(count, 2);
    assert_int_equal(mqt_versions_of_box(log, count, here), 6);
    assert_int_equal(mqt_versions_of_box(log, count, there), 7);
    assert_int_equal(mqt_versions_of_box(log, count, box_at(300, 300)), 5);
    assert_int_equal(mqt_versions_of_box(log, count, (struct mqt_box){0, 0, 1000, 1000}), 7);
    /* One who holds an older view sees what it was published with. */
    assert_int_equal(mqt_versions_of_box(log, 1, there), 5);
    assert_int_equal(mqt_versions_of_box(log, 1, here), 6);
    mqt_versions_release(log);
}

/* Against the plain rule: the last box that meets the query, else the base. */
static void test_agrees_with_plain_search(void **state)
{
    (void)state;
    enum { BOXES = 1000, QUERIES = 2000 };
    struct mqt_box boxes[BOXES];
    struct mqt_versions *log = new_log(1);
    srand(7);
    for (int i = 0; i < BOXES; i++) {
        boxes[i] = box_at(rand() % 5000, rand() % 5000);
        append(&log, (uint64_t)i + 2, boxes[i]);
    }
    for (int q = 0; q < QUERIES; q++) {
        struct mqt_box query = box_at(rand() % 5000, rand() % 5000);
        size_t count = (size_t)(rand() % (BOXES + 1));
        uint64_t expected = 1;
        for (size_t i = 0; i < count; i++) {
            expected = mqt_box_intersects(boxes[i], query) ? i + 2 : expected;
        }
        assert_int_equal(mqt_versions_of_box(log, count, query), expected);
    }
    mqt_versions_release(log);
}

static void test_full_log_raises_its_base(void **state)
{
    (void)state;
    struct mqt_versions *log = new_log(1);
    for (int32_t i = 0; i < MQT_VERSIONS_MAX; i++) {
        append(&log, (uint64_t)i + 2, box_at(i * 20, 0));
    }
    struct mqt_versions *old = mqt_versions_retain(log);
    append(&log, 100000, box_at(0, 900));
    assert_ptr_not_equal(log, old);
    assert_int_equal(mqt_versions_count(log), MQT_VERSIONS_MAX / 2 + 1);
    assert_int_equal(mqt_versions_base(log), MQT_VERSIONS_MAX / 2 + 1);
    size_t count = mqt_versions_count(log);
    /* Forgotten and untouched tiles alike have the base, which is not below what they had. */
    assert_int_equal(mqt_versions_of_box(log, count, box_at(0, 0)), MQT_VERSIONS_MAX / 2 + 1);
    assert_int_equal(mqt_versions_of_box(log, count, box_at(0, 5000)), MQT_VERSIONS_MAX / 2 + 1);
    assert_int_equal(mqt_versions_of_box(log, count, box_at(20 * (MQT_VERSIONS_MAX - 1), 0)), MQT_VERSIONS_MAX + 1);
    assert_int_equal(mqt_versions_of_box(log, count, box_at(0, 900)), 100000);
    /* Readers of the old one are undisturbed. */
    assert_int_equal(mqt_versions_of_box(old, MQT_VERSIONS_MAX, box_at(0, 0)), 2);
    assert_int_equal(mqt_versions_of_box(old, MQT_VERSIONS_MAX, box_at(0, 900)), 1);
    mqt_versions_release(old);
    mqt_versions_release(log);
}

static void test_large_batch_touches_everything(void **state)
{
    (void)state;
    size_t count = MQT_VERSIONS_MAX / 2 + 1;
    struct mqt_box *boxes = calloc(count, sizeof *boxes);
    assert_non_null(boxes);
    for (size_t i = 0; i < count; i++) {
        boxes[i] = box_at((int32_t)i * 20, 0);
    }
    struct mqt_versions *log = new_log(1);
    append(&log, 2, box_at(7000, 7000));
    assert_int_equal(mqt_versions_append(&log, 3, boxes, count), MQT_OK);
    assert_int_equal(mqt_versions_count(log), 0);
    assert_int_equal(mqt_versions_of_box(log, 0, box_at(7000, 7000)), 3);
    mqt_versions_release(log);
    free(boxes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newest_touch_counts),
        cmocka_unit_test(test_agrees_with_plain_search),
        cmocka_unit_test(test_full_log_raises_its_base),
        cmocka_unit_test(test_large_batch_touches_everything),
    };
    return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
