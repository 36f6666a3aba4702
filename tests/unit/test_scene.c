#include "../../etl/scene.h"
#include "../../etl/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = MQT_BRUSH_WIDTH_PX * MQT_BRUSH_HEIGHT_PX * 4 };

static uint8_t *draw(enum mqt_scene scene, bool mended, uint64_t seed)
{
    struct mqt_brush brush;
    uint8_t *pixels = malloc(BYTES);
    assert_non_null(pixels);
    assert_int_equal(mqt_brush_init(&brush, seed), MQT_OK);
    mqt_scene_draw(scene, mended, &brush);
    memcpy(pixels, mqt_brush_pixels(&brush), BYTES);
    mqt_brush_clear(&brush);
    return pixels;
}

/* Pixels that differ by more than a shade. */
static size_t difference(const uint8_t *a, const uint8_t *b)
{
    size_t count = 0;
    for (size_t i = 0; i < BYTES; i += 4) {
        count += abs(a[i] - b[i]) + abs(a[i + 1] - b[i + 1]) + abs(a[i + 2] - b[i + 2]) > 24;
    }
    return count;
}

/* The same seed gives the same picture, another one another; the mended one shows the same place with
 * something gone; every pixel is painted. */
static void pictures_follow_their_seed(void **state)
{
    (void)state;
    for (int s = 0; s < MQT_SCENE_COUNT; ++s) {
        uint8_t *before = draw((enum mqt_scene)s, false, 5);
        uint8_t *again = draw((enum mqt_scene)s, false, 5);
        uint8_t *other = draw((enum mqt_scene)s, false, 6);
        uint8_t *mended = draw((enum mqt_scene)s, true, 5);
        assert_memory_equal(before, again, BYTES);
        assert_true(difference(before, other) > BYTES / 4 / 100);
        size_t changed = difference(before, mended);
        if (changed < BYTES / 4 / 300 || changed > BYTES / 4 / 2) {
            fail_msg("%s: %zu pixels changed when it was mended", mqt_scene_title((enum mqt_scene)s), changed);
        }
        for (size_t i = 3; i < BYTES; i += 4) {
            assert_int_equal(before[i], 255);
        }
        free(before);
        free(again);
        free(other);
        free(mended);
    }
}

static void phrases_have_the_picture_that_suits_them(void **state)
{
    (void)state;
    static const struct {
        const char *phrase;
        enum mqt_scene scene;
    } rows[] = {{"楼上漏水，卧室天花板已经泡坏。", MQT_SCENE_LEAK},
                {"暖气管道漏水，地板被泡，希望马上处理。", MQT_SCENE_RADIATOR},
                {"消防通道被私家车占用，无法通行。", MQT_SCENE_FIRE_LANE},
                {"人行道地砖破损，老人摔倒。", MQT_SCENE_PAVING},
                {"垃圾桶满溢，无人清运，气味难闻。", MQT_SCENE_BINS},
                {"路灯不亮，夜间出行不便。", MQT_SCENE_LAMP}};
    enum mqt_scene scene;
    bool used[MQT_SCENE_COUNT] = {false};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        assert_true(mqt_scene_of(rows[i].phrase, &scene));
        assert_int_equal(scene, rows[i].scene);
    }
    assert_false(mqt_scene_of("咨询居住证办理需要什么材料。", &scene));
    assert_false(mqt_scene_of("厨房燃气管道锈蚀，担心泄漏。", &scene));
    for (size_t s = 0; s < mqt_subject_count(); ++s) {
        for (size_t p = 0; p < MQT_SUBJECT_PHRASES; ++p) {
            if (mqt_scene_of(mqt_subject_at(s)->phrases[p], &scene)) {
                used[scene] = true;
            }
        }
    }
    for (int s = 0; s < MQT_SCENE_COUNT; ++s) {
        assert_true(used[s]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_follow_their_seed),
        cmocka_unit_test(phrases_have_the_picture_that_suits_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
