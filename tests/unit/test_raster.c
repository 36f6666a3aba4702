#include "../../tiles/raster.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct mqt_colour white = {1, 1, 1, 1};

static struct mqt_canvas new_canvas(int side)
{
    struct mqt_canvas canvas;
    assert_int_equal(mqt_canvas_init(&canvas, side, side), MQT_OK);
    return canvas;
}

static int alpha_at(const struct mqt_canvas *canvas, int x, int y)
{
    return canvas->rgba[4 * (y * canvas->width_px + x) + 3];
}

/* Painted area in pixels. */
static double area_of(const struct mqt_canvas *canvas)
{
    double sum = 0;
    for (int y = 0; y < canvas->height_px; y++) {
        for (int x = 0; x < canvas->width_px; x++) {
            sum += alpha_at(canvas, x, y) / 255.0;
        }
    }
    return sum;
}

static void a_rectangle_covers_exactly(void **state)
{
    (void)state;
    struct mqt_canvas canvas = new_canvas(16);
    const struct mqt_xy ring[4] = {{2.25, 3.5}, {7.5, 3.5}, {7.5, 6}, {2.25, 6}};
    mqt_raster_ring(&canvas, ring, 4);
    mqt_raster_paint(&canvas, white);
    assert_int_equal(alpha_at(&canvas, 4, 4), 255);
    assert_int_equal(alpha_at(&canvas, 4, 3), 128);
    assert_int_equal(alpha_at(&canvas, 2, 4), 191);
    assert_int_equal(alpha_at(&canvas, 7, 5), 128);
    assert_int_equal(alpha_at(&canvas, 7, 3), 64);
    assert_int_equal(alpha_at(&canvas, 4, 6), 0);
    assert_int_equal(alpha_at(&canvas, 8, 4), 0);
    assert_int_equal(alpha_at(&canvas, 1, 4), 0);
    mqt_canvas_clear(&canvas);
}

/* Share of pixel (x, y) inside the ring, by asking 32 x 32 places. */
static double sampled(const struct mqt_xy *ring, int count, int x, int y)
{
    int inside = 0;
    for (int s = 0; s < 1024; s++) {
        double px = x + (s % 32 + 0.5) / 32, py = y + (s / 32 + 0.5) / 32;
        bool in = false;
        for (int i = 0, j = count - 1; i < count; j = i++) {
            if ((ring[i].y > py) != (ring[j].y > py) &&
                px < (ring[j].x - ring[i].x) * (py - ring[i].y) / (ring[j].y - ring[i].y) + ring[i].x) {
                in = !in;
            }
        }
        inside += in;
    }
    return inside / 1024.0;
}

static void coverage_is_what_sampling_finds(void **state)
{
    (void)state;
    srand(7);
    for (int round = 0; round < 60; round++) {
        struct mqt_canvas canvas = new_canvas(20);
        struct mqt_xy ring[9];
        /* A star around a centre does not cross itself; it may reach beyond every border. */
        for (int i = 0; i < 9; i++) {
            double radius = 2 + rand() % 1000 / 60.0, angle = 6.283185307 * i / 9;
            ring[i] = (struct mqt_xy){10 + radius * cos(angle), 9 + radius * sin(angle)};
        }
        mqt_raster_ring(&canvas, ring, 9);
        mqt_raster_paint(&canvas, white);
        for (int y = 0; y < 20; y++) {
            for (int x = 0; x < 20; x++) {
                assert_true(fabs(alpha_at(&canvas, x, y) / 255.0 - sampled(ring, 9, x, y)) < 0.035);
            }
        }
        mqt_canvas_clear(&canvas);
    }
}

static void holes_stay_open(void **state)
{
    (void)state;
    struct mqt_canvas canvas = new_canvas(32);
    const struct mqt_xy outer[4] = {{4, 4}, {28, 4}, {28, 28}, {4, 28}},
                        hole[4] = {{10, 10}, {10, 20}, {20, 20}, {20, 10}};
    mqt_raster_ring(&canvas, outer, 4);
    mqt_raster_ring(&canvas, hole, 4);
    mqt_raster_paint(&canvas, white);
    assert_int_equal(alpha_at(&canvas, 15, 15), 0);
    assert_int_equal(alpha_at(&canvas, 7, 15), 255);
    assert_true(fabs(area_of(&canvas) - (24 * 24 - 100)) < 0.1);
    mqt_canvas_clear(&canvas);
}

static void shapes_may_reach_far_beyond(void **state)
{
    (void)state;
    struct mqt_canvas canvas = new_canvas(32);
    /* An edge of 3e9 px runs down the diagonal of the canvas. */
    const struct mqt_xy huge[3] = {{-1e9, -1e9}, {2e9, 2e9}, {-1e9, 2e9}};
    mqt_raster_ring(&canvas, huge, 3);
    mqt_raster_paint(&canvas, white);
    assert_true(fabs(area_of(&canvas) - 512) < 1);
    assert_int_equal(alpha_at(&canvas, 3, 20), 255);
    assert_int_equal(alpha_at(&canvas, 20, 3), 0);
    memset(canvas.rgba, 0, 4 * 32 * 32);
    const struct mqt_xy left[4] = {{-50, -9}, {-1, -9}, {-1, 90}, {-50, 90}},
                        right[4] = {{33, 0}, {99, 0}, {99, 9}, {33, 9}};
    mqt_raster_ring(&canvas, left, 4);
    mqt_raster_ring(&canvas, right, 4);
    mqt_raster_paint(&canvas, white);
    assert_true(area_of(&canvas) == 0);
    const struct mqt_xy all[4] = {{-50, -9}, {99, -9}, {99, 90}, {-50, 90}};
    mqt_raster_ring(&canvas, all, 4);
    mqt_raster_paint(&canvas, white);
    assert_true(area_of(&canvas) == 1024);
    mqt_canvas_clear(&canvas);
}

/* The middle of a large canvas must be what a small one shows: nothing depends on the border. */
static void neighbours_see_the_same(void **state)
{
    (void)state;
    static const float dashes[2] = {3, 2};
    srand(3);
    for (int round = 0; round < 40; round++) {
        struct mqt_canvas large = new_canvas(192), small = new_canvas(64);
        struct mqt_xy line[12], moved[12];
        for (int i = 0; i < 12; i++) {
            line[i] = (struct mqt_xy){rand() % 19200 / 100.0, rand() % 19200 / 100.0};
            moved[i] = (struct mqt_xy){line[i].x - 64, line[i].y - 64};
        }
        struct mqt_pen pen = {.width_px = 1 + round % 9,
                              .cap = (enum mqt_line_cap)(round % 3),
                              .join = (enum mqt_line_join)(round / 3 % 3)};
        if (round % 4 == 3) {
            pen.dashes = dashes;
            pen.dash_count = 2;
            pen.dash_by_place = round % 8 == 3;
        }
        mqt_raster_stroke(&large, line, 12, round % 2 == 0, &pen);
        pen.dash_origin = (struct mqt_xy){-64, -64};
        mqt_raster_stroke(&small, moved, 12, round % 2 == 0, &pen);
        mqt_raster_paint(&large, white);
        mqt_raster_paint(&small, white);
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                assert_true(abs(alpha_at(&small, x, y) - alpha_at(&large, x + 64, y + 64)) <= 1);
            }
        }
        mqt_canvas_clear(&large);
        mqt_canvas_clear(&small);
    }
}

static double stroke_area(const struct mqt_xy *points, size_t count, bool closed, struct mqt_pen pen)
{
    struct mqt_canvas canvas = new_canvas(128);
    mqt_raster_stroke(&canvas, points, count, closed, &pen);
    mqt_raster_paint(&canvas, white);
    double area = area_of(&canvas);
    mqt_canvas_clear(&canvas);
    return area;
}

static void strokes_have_their_width(void **state)
{
    (void)state;
    const struct mqt_xy line[2] = {{20, 30}, {80, 70}};
    double length = hypot(60, 40);
    assert_true(fabs(stroke_area(line, 2, false, (struct mqt_pen){.width_px = 5}) - 5 * length) < 1);
    assert_true(fabs(stroke_area(line, 2, false, (struct mqt_pen){.width_px = 0.4}) - 0.4 * length) < 1);
    double square = stroke_area(line, 2, false, (struct mqt_pen){.width_px = 6, .cap = MQT_CAP_SQUARE});
    assert_true(fabs(square - 6 * (length + 6)) < 1);
    double rounded = stroke_area(line, 2, false, (struct mqt_pen){.width_px = 6, .cap = MQT_CAP_ROUND});
    assert_true(fabs(rounded - (6 * length + 3.14159 * 9)) < 1);
    /* A corner of 90 degrees: two arms, and outside of it what the join adds. */
    const struct mqt_xy corner[3] = {{20, 20}, {80, 20}, {80, 80}};
    double arms = 2 * 60 * 8 - 16;
    assert_true(fabs(stroke_area(corner, 3, false, (struct mqt_pen){.width_px = 8}) - (arms + 16)) < 1);
    assert_true(
        fabs(stroke_area(corner, 3, false, (struct mqt_pen){.width_px = 8, .join = MQT_JOIN_BEVEL}) - (arms + 8)) < 1);
    assert_true(fabs(stroke_area(corner, 3, false, (struct mqt_pen){.width_px = 8, .join = MQT_JOIN_ROUND}) -
                     (arms + 3.14159 * 4)) < 1);
    const struct mqt_xy square_ring[4] = {{30, 30}, {90, 30}, {90, 90}, {30, 90}};
    assert_true(fabs(stroke_area(square_ring, 4, true, (struct mqt_pen){.width_px = 4}) - (64 * 64 - 56 * 56)) < 1);
}

/* A vertex in the middle of a straight line must not show. */
static void vertices_make_no_knots(void **state)
{
    (void)state;
    struct mqt_xy line[41];
    for (int i = 0; i < 41; i++) {
        line[i] = (struct mqt_xy){10 + 2.5 * i, 20.3 + 1.7 * i};
    }
    const struct mqt_xy ends[2] = {line[0], line[40]};
    for (int join = 0; join < 3; join++) {
        struct mqt_canvas many = new_canvas(128), two = new_canvas(128);
        struct mqt_pen pen = {.width_px = 3.3, .join = (enum mqt_line_join)join};
        mqt_raster_stroke(&many, line, 41, false, &pen);
        mqt_raster_stroke(&two, ends, 2, false, &pen);
        mqt_raster_paint(&many, white);
        mqt_raster_paint(&two, white);
        for (int i = 0; i < 128 * 128; i++) {
            assert_true(abs(many.rgba[4 * i + 3] - two.rgba[4 * i + 3]) <= 2);
        }
        mqt_canvas_clear(&many);
        mqt_canvas_clear(&two);
    }
}

static void dashes_keep_their_rhythm(void **state)
{
    (void)state;
    static const float dashes[4] = {4, 2, 1, 2};
    struct mqt_pen pen = {.width_px = 2, .dashes = dashes, .dash_count = 4};
    const struct mqt_xy line[2] = {{5, 20}, {113, 20}}, back[2] = {{113, 20}, {5, 20}};
    assert_true(fabs(stroke_area(line, 2, false, pen) - 108 * 2 * 5.0 / 9) < 1); /* six whole patterns of 18 px */
    /* Laid along the ground, a border is the same from both sides. */
    pen.dash_by_place = true;
    pen.dash_origin = (struct mqt_xy){-1000.3, -77};
    struct mqt_canvas there = new_canvas(128), here = new_canvas(128);
    mqt_raster_stroke(&there, line, 2, false, &pen);
    mqt_raster_stroke(&here, back, 2, false, &pen);
    mqt_raster_paint(&there, white);
    mqt_raster_paint(&here, white);
    assert_memory_equal(there.rgba, here.rgba, 4 * 128 * 128);
    assert_true(area_of(&here) > 100);
    mqt_canvas_clear(&there);
    mqt_canvas_clear(&here);
}

static void circles_are_round(void **state)
{
    (void)state;
    for (int r = 1; r < 40; r += 3) {
        struct mqt_canvas canvas = new_canvas(100);
        mqt_raster_circle(&canvas, (struct mqt_xy){50.2, 49.7}, r);
        mqt_raster_paint(&canvas, white);
        double ideal = 3.14159265 * r * r;
        assert_true(fabs(area_of(&canvas) - ideal) < 0.06 * ideal);
        mqt_canvas_clear(&canvas);
    }
}

static void colours_are_laid_over(void **state)
{
    (void)state;
    struct mqt_canvas canvas = new_canvas(8);
    mqt_raster_flood(&canvas, (struct mqt_colour){1, 0, 0, 1});
    const struct mqt_xy ring[4] = {{0, 0}, {4, 0}, {4, 8}, {0, 8}};
    mqt_raster_ring(&canvas, ring, 4);
    mqt_raster_ring(&canvas, ring, 4); /* twice the same shape is one shape */
    mqt_raster_paint(&canvas, (struct mqt_colour){0, 0, 1, 0.5f});
    static const uint8_t mixed[4] = {127, 0, 128, 255}, red[4] = {255, 0, 0, 255};
    assert_memory_equal(canvas.rgba, mixed, 4);
    assert_memory_equal(canvas.rgba + 4 * 5, red, 4);
    static const uint8_t sprite[8] = {0, 100, 0, 128, 0, 0, 0, 0};
    mqt_raster_blit(&canvas, 7, 7, sprite, 2, 1, 1); /* hangs over the border */
    static const uint8_t over[4] = {127, 100, 0, 255};
    assert_memory_equal(canvas.rgba + 4 * 63, over, 4);
    mqt_raster_blit(&canvas, -1, -5, sprite, 2, 1, 1);
    mqt_raster_blit(&canvas, 100, 3, sprite, 2, 1, 1);
    assert_memory_equal(canvas.rgba, mixed, 4);
    mqt_canvas_clear(&canvas);
    canvas = new_canvas(1);
    mqt_raster_flood(&canvas, (struct mqt_colour){1, 0.5f, 0, 0.5f});
    mqt_canvas_unpremultiply(&canvas);
    assert_in_range(canvas.rgba[0], 254, 255);
    assert_in_range(canvas.rgba[1], 126, 129);
    assert_int_equal(canvas.rgba[3], 128);
    mqt_canvas_clear(&canvas);
    assert_int_equal(mqt_canvas_init(&canvas, 0, 5), MQT_ERR_PARAM);
    assert_int_equal(mqt_canvas_init(&canvas, 5, 100000), MQT_ERR_PARAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rectangle_covers_exactly),
        cmocka_unit_test(coverage_is_what_sampling_finds),
        cmocka_unit_test(holes_stay_open),
        cmocka_unit_test(shapes_may_reach_far_beyond),
        cmocka_unit_test(neighbours_see_the_same),
        cmocka_unit_test(strokes_have_their_width),
        cmocka_unit_test(vertices_make_no_knots),
        cmocka_unit_test(dashes_keep_their_rhythm),
        cmocka_unit_test(circles_are_round),
        cmocka_unit_test(colours_are_laid_over),
    };
    return cmocka_run_group_tests_name("raster", tests, NULL, NULL);
}
