#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../tiles/layer.h"
#include "../support/wkb_make.h"

/* Finding by id goes through the core's guesses; a layer is the way to make one. */

enum { COUNT = 700 };

static struct mqt_layer *layer_of(const uint64_t *ids)
{
    struct mqt_layer_builder *builder = NULL;
    struct mqt_layer *layer = NULL;
    assert_int_equal(mqt_layer_builder_new(NULL, 0, MQT_SHAPE_POINT, 1 << 20, &builder), MQT_OK);
    for (int i = 0; i < COUNT; i++) {
        struct mqt_buf wkb;
        mqt_buf_init(&wkb, 64);
        wkb_put_head(&wkb, WKB_POINT);
        wkb_put_position(&wkb, 116 + i * 911 % COUNT * 0.001, 39.9);
        assert_int_equal(mqt_layer_builder_add_wkb(builder, ids[i], wkb.data, wkb.len, NULL, NULL), MQT_OK);
        mqt_buf_clear(&wkb);
    }
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return *left < *right ? -1 : *left > *right;
}

/* In a row, with gaps, in two heaps far apart, growing ever faster, at the end of all numbers. */
static void test_found_however_ids_lie(void **state)
{
    (void)state;
    enum { KINDS = 5 };
    for (int kind = 0; kind < KINDS; kind++) {
        uint64_t ids[COUNT];
        for (uint64_t i = 0; i < COUNT; i++) {
            uint64_t const by_kind[KINDS] = {i + 1, 7 * i + i % 5 + 1, i < COUNT / 2 ? i + 1 : ((uint64_t)1 << 60) + i,
                                             i * i * i * i * i * i + i + 1, UINT64_MAX - 3 * i};
            ids[i] = by_kind[kind];
        }
        struct mqt_layer *layer = layer_of(ids);
        qsort(ids, COUNT, sizeof ids[0], compare_ids);
        for (size_t i = 0; i < COUNT; i++) {
            struct mqt_feature feature;
            assert_true(mqt_layer_find(layer, ids[i], &feature));
            assert_int_equal(feature.id, ids[i]);
            assert_int_equal(mqt_layer_at(layer, feature.index).id, ids[i]);
            assert_true(feature.index < mqt_layer_index_end(layer));
            bool next = i + 1 < COUNT && ids[i + 1] == ids[i] + 1;
            assert_int_equal(mqt_layer_find(layer, ids[i] + 1, &feature), next);
        }
        mqt_layer_release(layer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found_however_ids_lie),
    };
    return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
