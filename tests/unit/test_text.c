#include "../../tiles/text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct mqt_text_style plain = {
    .size_px = 13, .halo_px = 1.5f, .rgba = {40, 50, 60, 255}, .halo_rgba = {255, 255, 255, 255}};

static int open_fonts(void **state)
{
    struct mqt_fonts *fonts;
    struct mqt_detail detail = {0};
    if (mqt_fonts_open("Noto Sans CJK SC", 1 << 20, &fonts, &detail)) {
        print_error("%s\n", detail.text);
        return -1;
    }
    *state = fonts;
    return 0;
}

static int close_fonts(void **state)
{
    mqt_fonts_close(*state);
    return 0;
}

static struct mqt_sprite *sprite_of(struct mqt_fonts *fonts, const char *text, const struct mqt_text_style *style)
{
    struct mqt_sprite *sprite = NULL;
    assert_int_equal(mqt_text_sprite(fonts, text, strlen(text), style, &sprite), MQT_OK);
    assert_non_null(sprite);
    return sprite;
}

static size_t count_pixels(const struct mqt_sprite *sprite, const uint8_t rgba[4], int tolerance)
{
    size_t found = 0, count = (size_t)(mqt_sprite_width_px(sprite) * mqt_sprite_height_px(sprite));
    const uint8_t *pixel = mqt_sprite_pixels(sprite);
    for (size_t i = 0; i < count; i++, pixel += 4) {
        bool near = true;
        for (int c = 0; c < 4; c++) {
            near = near && pixel[c] - rgba[c] <= tolerance && rgba[c] - pixel[c] <= tolerance;
            assert_true(pixel[c] <= pixel[3]); /* premultiplied */
        }
        found += near;
    }
    return found;
}

static void a_label_is_dark_on_its_halo(void **state)
{
    struct mqt_sprite *sprite = sprite_of(*state, "望京西园三区", &plain);
    int width = mqt_sprite_width_px(sprite), height = mqt_sprite_height_px(sprite);
    assert_in_range(width, 6 * 13 - 4, 6 * 13 + 10); /* six Han are six em wide */
    assert_in_range(height, 13, 13 + 10);
    assert_true(count_pixels(sprite, plain.rgba, 60) > 60);
    assert_true(count_pixels(sprite, plain.halo_rgba, 20) > 150);
    mqt_sprite_release(sprite);
}

static void without_a_halo_there_is_none(void **state)
{
    struct mqt_text_style style = plain;
    style.halo_px = 0;
    struct mqt_sprite *sprite = sprite_of(*state, "楼", &style);
    assert_int_equal(count_pixels(sprite, plain.halo_rgba, 20), 0);
    mqt_sprite_release(sprite);
}

static void styles_change_the_picture(void **state)
{
    struct mqt_sprite *one = sprite_of(*state, "清华大学图书馆", &plain);
    struct mqt_text_style style = plain;
    style.wrap_px = 50;
    struct mqt_sprite *wrapped = sprite_of(*state, "清华大学图书馆", &style);
    assert_true(mqt_sprite_height_px(wrapped) > mqt_sprite_height_px(one) + 9);
    assert_true(mqt_sprite_width_px(wrapped) <= 50 + 6);
    style = plain;
    style.spacing_px = 4;
    struct mqt_sprite *spaced = sprite_of(*state, "清华大学图书馆", &style);
    assert_true(mqt_sprite_width_px(spaced) >= mqt_sprite_width_px(one) + 6 * 3);
    style = plain;
    style.bold = 1;
    struct mqt_sprite *bold = sprite_of(*state, "清华大学图书馆", &style);
    assert_true(count_pixels(bold, plain.rgba, 60) > count_pixels(one, plain.rgba, 60));
    mqt_sprite_release(one);
    mqt_sprite_release(wrapped);
    mqt_sprite_release(spaced);
    mqt_sprite_release(bold);
}

static void the_same_label_is_drawn_once(void **state)
{
    struct mqt_sprite *first = sprite_of(*state, "朝阳区", &plain), *second = sprite_of(*state, "朝阳区", &plain);
    assert_ptr_equal(first, second);
    struct mqt_text_style other = plain;
    other.rgba[0] = 41;
    struct mqt_sprite *third = sprite_of(*state, "朝阳区", &other);
    assert_ptr_not_equal(first, third);
    mqt_sprite_release(first);
    mqt_sprite_release(second);
    mqt_sprite_release(third);
}

static void the_oldest_labels_make_room(void **state)
{
    (void)state;
    struct mqt_fonts *fonts;
    assert_int_equal(mqt_fonts_open("Noto Sans CJK SC", 40000, &fonts, NULL), MQT_OK);
    struct mqt_sprite *first = sprite_of(fonts, "一号楼", &plain), *held = sprite_of(fonts, "二号楼", &plain);
    for (int i = 0; i < 50; i++) {
        char text[30];
        snprintf(text, sizeof text, "%d号楼", i + 10);
        mqt_sprite_release(sprite_of(fonts, text, &plain));
        struct mqt_sprite *used = sprite_of(fonts, "一号楼", &plain);
        assert_ptr_equal(used, first); /* used all the time, so it stays */
        mqt_sprite_release(used);
    }
    struct mqt_sprite *again = sprite_of(fonts, "二号楼", &plain);
    assert_ptr_not_equal(again, held); /* dropped, but alive for whoever holds it */
    assert_int_equal(mqt_sprite_width_px(again), mqt_sprite_width_px(held));
    size_t bytes = 4u * (size_t)(mqt_sprite_width_px(held) * mqt_sprite_height_px(held));
    assert_memory_equal(mqt_sprite_pixels(again), mqt_sprite_pixels(held), bytes);
    mqt_sprite_release(first);
    mqt_sprite_release(held);
    mqt_sprite_release(again);
    mqt_fonts_close(fonts);
}

static void odd_texts_are_survived(void **state)
{
    struct mqt_sprite *empty = sprite_of(*state, "", &plain), *blank = sprite_of(*state, "  ", &plain);
    assert_int_equal(count_pixels(empty, plain.rgba, 60), 0);
    assert_int_equal(count_pixels(blank, plain.rgba, 60), 0);
    struct mqt_sprite *broken = sprite_of(*state, "\xff\xfe楼\xe6", &plain), *lines = sprite_of(*state, "a\nb", &plain);
    assert_true(count_pixels(broken, plain.rgba, 60) > 0);
    assert_true(mqt_sprite_height_px(lines) < 25); /* a control character is no line break */
    char text[1200] = "";
    for (int i = 0; i < 300; i++) {
        strcat(text, "字");
    }
    struct mqt_sprite *cut = sprite_of(*state, text, &plain);
    assert_in_range(mqt_sprite_width_px(cut), 84 * 13, 86 * 13); /* 85 characters of 3 bytes */
    mqt_sprite_release(empty);
    mqt_sprite_release(blank);
    mqt_sprite_release(broken);
    mqt_sprite_release(lines);
    mqt_sprite_release(cut);
}

static void bad_styles_are_refused(void **state)
{
    struct mqt_sprite *sprite = NULL;
    struct mqt_text_style style = plain;
    style.size_px = 0;
    assert_int_equal(mqt_text_sprite(*state, "a", 1, &style, &sprite), MQT_ERR_PARAM);
    style.size_px = 5000;
    assert_int_equal(mqt_text_sprite(*state, "a", 1, &style, &sprite), MQT_ERR_PARAM);
    style = plain;
    style.halo_px = -1;
    assert_int_equal(mqt_text_sprite(*state, "a", 1, &style, &sprite), MQT_ERR_PARAM);
    assert_null(sprite);
}

static void *draw_many(void *fonts)
{
    for (int i = 0; i < 60; i++) {
        char text[30];
        snprintf(text, sizeof text, "线%d", i % 20);
        struct mqt_sprite *sprite;
        if (mqt_text_sprite(fonts, text, strlen(text), &plain, &sprite)) {
            return NULL;
        }
        mqt_sprite_release(sprite);
    }
    return fonts;
}

static void threads_share_the_fonts(void **state)
{
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, draw_many, *state), 0);
    }
    for (int i = 0; i < 3; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, *state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_dark_on_its_halo), cmocka_unit_test(without_a_halo_there_is_none),
        cmocka_unit_test(styles_change_the_picture),   cmocka_unit_test(the_same_label_is_drawn_once),
        cmocka_unit_test(the_oldest_labels_make_room), cmocka_unit_test(odd_texts_are_survived),
        cmocka_unit_test(bad_styles_are_refused),      cmocka_unit_test(threads_share_the_fonts),
    };
    return cmocka_run_group_tests_name("text", tests, open_fonts, close_fonts);
}
