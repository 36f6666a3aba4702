#include "../../tiles/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct mqt_label label_at(double x, double y, uint64_t id)
{
    return (struct mqt_label){.text = "楼栋",
                              .len = 6,
                              .style = {.size_px = 12},
                              .anchor_x = 0.5f,
                              .anchor_y = 0.5f,
                              .x = x,
                              .y = y,
                              .id = id};
}

static void add(struct mqt_labels *labels, struct mqt_label label)
{
    assert_int_equal(mqt_labels_add(labels, &label), MQT_OK);
}

static bool is_placed(const struct mqt_labels *labels, uint64_t id)
{
    for (size_t i = 0; i < labels->count; i++) {
        if (labels->items[i].id == id) {
            return labels->items[i].placed;
        }
    }
    fail();
    return false;
}

static void the_more_important_label_wins(void **state)
{
    (void)state;
    struct mqt_labels labels = {0};
    add(&labels, label_at(100, 100, 7));
    add(&labels, label_at(110, 100, 3)); /* lower id before 7 */
    add(&labels, label_at(200, 100, 8));
    struct mqt_label key = label_at(210, 100, 9);
    key.sort_key = -1;
    add(&labels, key);
    add(&labels, label_at(50, 200, 1));
    struct mqt_label rank = label_at(55, 200, 10);
    rank.rank = 2;
    rank.sort_key = 5;
    add(&labels, rank);
    assert_int_equal(mqt_labels_place(&labels, 256), MQT_OK);
    assert_true(is_placed(&labels, 3));
    assert_false(is_placed(&labels, 7));
    assert_true(is_placed(&labels, 9));
    assert_false(is_placed(&labels, 8));
    assert_true(is_placed(&labels, 10));
    assert_false(is_placed(&labels, 1));
    mqt_labels_clear(&labels);
}

static void anchors_padding_and_wrapping_count(void **state)
{
    (void)state;
    struct mqt_labels labels = {0};
    struct mqt_label left = label_at(100, 100, 1), right = label_at(100, 100, 2), above = label_at(100, 84, 3);
    left.anchor_x = 1; /* ends at the place */
    right.anchor_x = 0;
    add(&labels, left);
    add(&labels, right);
    above.padding_px = 6;
    add(&labels, above);
    assert_int_equal(mqt_labels_place(&labels, 256), MQT_OK);
    assert_true(is_placed(&labels, 1));
    assert_true(is_placed(&labels, 2));
    assert_false(is_placed(&labels, 3));
    double width, height;
    struct mqt_label wrapped = label_at(0, 0, 1);
    wrapped.text = "清华大学图书馆";
    wrapped.len = strlen(wrapped.text);
    mqt_label_size(&wrapped, &width, &height);
    assert_true(width == 84 && height < 15);
    wrapped.style.wrap_px = 40;
    mqt_label_size(&wrapped, &width, &height);
    assert_true(width == 84 / 3 + 6 && height > 43); /* three lines of about one length */
    mqt_labels_clear(&labels);
}

static void labels_far_outside_are_not_placed(void **state)
{
    (void)state;
    struct mqt_labels labels = {0};
    add(&labels, label_at(-500, 10, 1));
    add(&labels, label_at(1e12, 10, 2));
    add(&labels, label_at(-100, -100, 3)); /* within the margin */
    assert_int_equal(mqt_labels_place(&labels, 256), MQT_OK);
    assert_false(is_placed(&labels, 1));
    assert_false(is_placed(&labels, 2));
    assert_true(is_placed(&labels, 3));
    mqt_labels_clear(&labels);
}

static int compare_xy(const void *a, const void *b)
{
    const struct mqt_label *left = a, *right = b;
    return left->id < right->id ? -1 : left->id > right->id;
}

/* Two neighbours see the same labels from two sides; near their border they must agree. */
static void neighbours_agree_at_their_border(void **state)
{
    (void)state;
    srand(5);
    int compared = 0, differing = 0;
    for (int round = 0; round < 30; round++) {
        struct mqt_labels west = {0}, east = {0};
        for (uint64_t id = 0; id < 300; id++) {
            double x = rand() % 1024 - 256, y = rand() % 512 - 128; /* both tiles and their margins */
            if (x >= -128 && x < 384) {
                add(&west, label_at(x, y, id));
            }
            if (x >= 128 && x < 640) {
                add(&east, label_at(x - 256, y, id));
            }
        }
        assert_int_equal(mqt_labels_place(&west, 256), MQT_OK);
        assert_int_equal(mqt_labels_place(&east, 256), MQT_OK);
        qsort(east.items, east.count, sizeof *east.items, compare_xy);
        for (size_t i = 0; i < west.count; i++) {
            if (west.items[i].x > 240 && west.items[i].x < 272) { /* crosses the border */
                const struct mqt_label *same =
                    bsearch(&west.items[i], east.items, east.count, sizeof *same, compare_xy);
                assert_non_null(same);
                compared++;
                differing += same->placed != west.items[i].placed;
            }
        }
        mqt_labels_clear(&west);
        mqt_labels_clear(&east);
    }
    assert_true(compared > 200);
    assert_true(differing * 50 < compared); /* only chains longer than the margin */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_more_important_label_wins),
        cmocka_unit_test(anchors_padding_and_wrapping_count),
        cmocka_unit_test(labels_far_outside_are_not_placed),
        cmocka_unit_test(neighbours_agree_at_their_border),
    };
    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
