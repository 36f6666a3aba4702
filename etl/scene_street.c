#include "scene_street.h"

#include <math.h>

enum { WIDTH = MQT_BRUSH_WIDTH_PX, HEIGHT = MQT_BRUSH_HEIGHT_PX };

static double vary(struct mqt_brush *brush, double middle, double by)
{
    return mqt_random_real(&brush->random, middle - by, middle + by);
}

static uint32_t pick(struct mqt_brush *brush, const uint32_t *colours, uint32_t count)
{
    return colours[mqt_random_below(&brush->random, count)];
}

static void draw_house(struct mqt_brush *brush, double x, double width, double top, double foot, uint32_t wall)
{
    mqt_brush_rect(brush, wall, x, top, width, foot - top);
    mqt_brush_rect(brush, mqt_brush_shade(wall, -0.16), x + width - 14, top, 14, foot - top);
    for (double y = top + 18; y + 26 < foot - 20; y += 46) {
        for (double at = x + 16; at + 24 < x + width - 16; at += 42) {
            mqt_brush_rect(brush, 0x8fa5b3, at, y, 24, 26);
            mqt_brush_rect(brush, 0xc2d0d8, at, y, 24, 8);
        }
    }
}

static void draw_crown(struct mqt_brush *brush, double x, double y, double size)
{
    static const uint32_t greens[] = {0x5f8a4c, 0x6d9353, 0x4f7d51, 0x83994e};
    uint32_t green = pick(brush, greens, 4);
    mqt_brush_blob(brush, mqt_brush_shade(green, -0.15), 1, (struct mqt_dot){x, y}, size, size * 0.86, 0.35);
    mqt_brush_blob(brush, green, 1, (struct mqt_dot){x - size * 0.15, y - size * 0.15}, size * 0.8, size * 0.68, 0.4);
}

static void draw_tree(struct mqt_brush *brush, double x, double foot, double size)
{
    mqt_brush_rect(brush, 0x6b5138, x - size * 0.09, foot - size * 1.1, size * 0.18, size * 1.1);
    draw_crown(brush, x, foot - size * 1.5, size * 0.72);
}

/* Sky, houses and trees behind; the ground begins at foot. */
static void draw_estate(struct mqt_brush *brush, double foot)
{
    static const uint32_t skies[] = {0x9fc3de, 0xb9cbd6, 0xc8d3d8, 0xa8c8d8};
    static const uint32_t walls[] = {0xd7c3a5, 0xc98f72, 0xd9d2c4, 0xb9b4aa, 0xcfae86};
    uint32_t sky = pick(brush, skies, 4);
    mqt_brush_fade(brush, sky, mqt_brush_shade(sky, 0.55), 0, foot);
    double x = -vary(brush, 40, 30);
    while (x < WIDTH) {
        double width = vary(brush, 170, 40);
        draw_house(brush, x, width, foot * vary(brush, 0.3, 0.16), foot, pick(brush, walls, 5));
        x += width + vary(brush, 50, 20);
    }
    for (int i = 0; i < 3; ++i) {
        draw_tree(brush, vary(brush, 110 + i * 210.0, 50), foot + 4, vary(brush, 64, 14));
    }
}

static void draw_asphalt(struct mqt_brush *brush, double top)
{
    mqt_brush_fade(brush, 0x84868a, 0x606266, top, HEIGHT - top);
}

static void draw_kerb(struct mqt_brush *brush, double y)
{
    mqt_brush_rect(brush, 0xc9c6be, 0, y - 12, WIDTH, 12);
    mqt_brush_rect(brush, 0x9d9a93, 0, y, WIDTH, 8);
}

static void draw_cone(struct mqt_brush *brush, double x, double foot, double size)
{
    mqt_brush_ellipse(brush, 0x000000, 0.22, (struct mqt_dot){x + size * 0.1, foot}, size * 0.6, size * 0.12);
    mqt_brush_shape(brush, 0xd9562b, 1, {x - size * 0.09, foot - size * 1.2}, {x + size * 0.09, foot - size * 1.2},
                    {x + size * 0.38, foot}, {x - size * 0.38, foot});
    mqt_brush_shape(brush, 0xf3efe6, 1, {x - size * 0.2, foot - size * 0.75}, {x + size * 0.2, foot - size * 0.75},
                    {x + size * 0.27, foot - size * 0.45}, {x - size * 0.27, foot - size * 0.45});
    mqt_brush_rect(brush, 0xb9441f, x - size * 0.5, foot - size * 0.07, size, size * 0.1);
}

static void draw_car(struct mqt_brush *brush, double x, double foot, double size)
{
    static const uint32_t colours[] = {0xe7e9ea, 0x2f3b4c, 0x8d2f2a, 0x9aa3a8, 0x385f7f};
    uint32_t body = pick(brush, colours, 5);
    double h = size * 0.3;
    mqt_brush_ellipse(brush, 0x000000, 0.28, (struct mqt_dot){x, foot + 2}, size * 0.54, size * 0.06);
    mqt_brush_shape(brush, body, 1, {x - size * 0.3, foot - h * 1.05}, {x - size * 0.2, foot - h * 1.85},
                    {x + size * 0.16, foot - h * 1.85}, {x + size * 0.3, foot - h * 1.05});
    mqt_brush_shape(brush, 0x9fb6c3, 1, {x - size * 0.25, foot - h * 1.08}, {x - size * 0.175, foot - h * 1.7},
                    {x - size * 0.02, foot - h * 1.7}, {x - size * 0.02, foot - h * 1.08});
    mqt_brush_shape(brush, 0x9fb6c3, 1, {x + size * 0.02, foot - h * 1.08}, {x + size * 0.02, foot - h * 1.7},
                    {x + size * 0.14, foot - h * 1.7}, {x + size * 0.24, foot - h * 1.08});
    mqt_brush_shape(brush, body, 1, {x - size * 0.5, foot - h * 0.9}, {x - size * 0.44, foot - h * 1.1},
                    {x + size * 0.42, foot - h * 1.1}, {x + size * 0.5, foot - h * 0.8},
                    {x + size * 0.5, foot - h * 0.25}, {x - size * 0.5, foot - h * 0.25});
    mqt_brush_rect(brush, mqt_brush_shade(body, -0.25), x - size * 0.5, foot - h * 0.42, size, h * 0.17);
    mqt_brush_rect(brush, 0xf4e3a2, x - size * 0.5, foot - h * 0.82, size * 0.05, h * 0.2);
    for (int side = -1; side <= 1; side += 2) {
        mqt_brush_ellipse(brush, 0x232527, 1, (struct mqt_dot){x + side * size * 0.3, foot - h * 0.26}, h * 0.36,
                          h * 0.36);
        mqt_brush_ellipse(brush, 0xa9aeb1, 1, (struct mqt_dot){x + side * size * 0.3, foot - h * 0.26}, h * 0.17,
                          h * 0.17);
    }
}

/* Slabs that lie towards the horizon; row 0 is the nearest. */
static struct mqt_dot slab_corner(double column, double row)
{
    double depth = 1 / (1 + row * 0.34);
    return (struct mqt_dot){WIDTH / 2.0 + (column - 4) * 150 * depth, 150 + 380 * depth};
}

static void draw_slab(struct mqt_brush *brush, int column, int row, uint32_t rgb, double inset)
{
    struct mqt_dot a = slab_corner(column + inset, row + inset);
    struct mqt_dot b = slab_corner(column + 1 - inset, row + inset);
    struct mqt_dot c = slab_corner(column + 1 - inset, row + 1 - inset);
    struct mqt_dot d = slab_corner(column + inset, row + 1 - inset);
    mqt_brush_shape(brush, rgb, 1, a, b, c, d);
}

void mqt_scene_paving(struct mqt_brush *brush, bool mended)
{
    static const uint32_t stones[] = {0xb7a894, 0xa9a9a4, 0xb59a86, 0x9fa6a8};
    draw_estate(brush, 176);
    uint32_t stone = pick(brush, stones, 4);
    int bad_column = mqt_random_int(&brush->random, 2, 4);
    mqt_brush_fade(brush, 0x8d8579, 0x6f685e, 176, HEIGHT - 176.0);
    for (int row = 12; row >= 0; --row) {
        for (int column = -6; column < 14; ++column) {
            uint32_t shade = mqt_brush_shade(stone, vary(brush, 0, 0.07));
            bool bad = row >= 1 && row <= 2 && column >= bad_column && column <= bad_column + 1;
            draw_slab(brush, column, row, bad && mended ? mqt_brush_shade(stone, 0.16) : shade, 0.03);
        }
    }
    for (int i = 0; !mended && i < 4; ++i) {
        struct mqt_dot at = slab_corner(bad_column + 0.5 + i % 2, 1.5 + i / 2);
        mqt_brush_blob(brush, 0x4c443a, 1, at, 64 - 8 * (i / 2), 26 - 5 * (i / 2), 0.7);
        for (int piece = 0; piece < 4; ++piece) {
            double x = at.x + vary(brush, 0, 50);
            double y = at.y + vary(brush, 0, 16);
            double size = vary(brush, 15, 6);
            mqt_brush_shape(brush, mqt_brush_shade(stone, vary(brush, 0, 0.15)), 1, {x - size, y}, {x, y - size * 0.6},
                            {x + size * 0.9, y - size * 0.1}, {x + size * 0.2, y + size * 0.6});
        }
    }
}

static void draw_road(struct mqt_brush *brush)
{
    draw_estate(brush, 190);
    mqt_brush_rect(brush, 0xaaa69c, 0, 190, WIDTH, 46);
    draw_kerb(brush, 236);
    draw_asphalt(brush, 244);
    for (int i = 0; i < 4; ++i) {
        double x = -40 + i * 200.0;
        mqt_brush_shape(brush, 0xe6e3da, 0.85, {x, 292}, {x + 96, 292}, {x + 86, 300}, {x - 12, 300});
    }
}

void mqt_scene_pit(struct mqt_brush *brush, bool mended)
{
    draw_road(brush);
    struct mqt_dot at = {vary(brush, 320, 50), vary(brush, 376, 12)};
    double rx = vary(brush, 130, 20);
    if (mended) {
        mqt_brush_shape(brush, 0x47494c, 1, {at.x - rx * 1.05, at.y - 44}, {at.x + rx * 1.05, at.y - 44},
                        {at.x + rx * 1.25, at.y + 48}, {at.x - rx * 1.2, at.y + 48});
        return;
    }
    mqt_brush_blob(brush, 0x4c4d50, 1, at, rx * 1.15, 56, 0.5);
    mqt_brush_blob(brush, 0x2e2c2a, 1, at, rx, 44, 0.5);
    mqt_brush_blob(brush, 0x5b4c3b, 1, (struct mqt_dot){at.x + 10, at.y + 14}, rx * 0.66, 22, 0.5);
    for (int i = 0; i < 9; ++i) {
        double angle = i * 0.7;
        struct mqt_dot from = {at.x + rx * 1.05 * cos(angle), at.y + 48 * sin(angle)};
        mqt_brush_line(
            brush, 0x3b3c3f, 3, from,
            (struct mqt_dot){from.x + vary(brush, 46, 20) * cos(angle), from.y + vary(brush, 22, 9) * sin(angle)});
    }
    draw_cone(brush, at.x - rx - 40, at.y + 44, 62);
    draw_cone(brush, at.x + rx + 46, at.y - 10, 52);
}

void mqt_scene_manhole(struct mqt_brush *brush, bool mended)
{
    draw_road(brush);
    struct mqt_dot at = {vary(brush, 320, 60), vary(brush, 372, 14)};
    mqt_brush_ellipse(brush, 0x9b9c9d, 1, at, 122, 50);
    mqt_brush_ellipse(brush, 0x55575a, 1, at, 112, 44);
    if (mended) {
        mqt_brush_ellipse(brush, 0x6a6c70, 1, at, 106, 41);
        for (int i = -3; i <= 3; ++i) {
            double reach = sqrt(1 - i * i / 14.0);
            mqt_brush_line(brush, 0x4c4e52, 4, (struct mqt_dot){at.x - 98 * reach, at.y + i * 10.0},
                           (struct mqt_dot){at.x + 98 * reach, at.y + i * 10.0});
        }
        return;
    }
    mqt_brush_ellipse(brush, 0x121314, 1, (struct mqt_dot){at.x, at.y + 3}, 102, 38);
    mqt_brush_ellipse(brush, 0x35322e, 1, (struct mqt_dot){at.x, at.y + 24}, 72, 15);
    mqt_brush_line(brush, 0x7c4a30, 5, (struct mqt_dot){at.x - 52, at.y - 18}, (struct mqt_dot){at.x - 52, at.y + 30});
    draw_cone(brush, at.x + 176, at.y + 22, 60);
}

static void draw_lamp(struct mqt_brush *brush, double x, double foot, double size, bool lit)
{
    double top = foot - size;
    if (lit) {
        mqt_brush_shape(brush, 0xffe3a0, 0.16, {x + size * 0.16, top + 6}, {x + size * 0.28, top + 6},
                        {x + size * 0.62, foot}, {x - size * 0.2, foot});
        mqt_brush_ellipse(brush, 0xffe3a0, 0.3, (struct mqt_dot){x + size * 0.21, foot}, size * 0.44, size * 0.08);
    }
    mqt_brush_line(brush, 0x4a5058, fmax(3, size * 0.03), (struct mqt_dot){x, foot}, (struct mqt_dot){x, top});
    mqt_brush_line(brush, 0x4a5058, fmax(3, size * 0.025), (struct mqt_dot){x, top},
                   (struct mqt_dot){x + size * 0.22, top - size * 0.03});
    mqt_brush_ellipse(brush, lit ? 0xfff2c8 : 0x2c3036, 1, (struct mqt_dot){x + size * 0.22, top}, size * 0.07,
                      size * 0.025);
    if (lit) {
        mqt_brush_ellipse(brush, 0xffe9b0, 0.25, (struct mqt_dot){x + size * 0.22, top}, size * 0.16, size * 0.1);
    }
}

void mqt_scene_lamp(struct mqt_brush *brush, bool mended)
{
    mqt_brush_fade(brush, 0x10182a, 0x2b3548, 0, 250);
    double x = 0;
    while (x < WIDTH) {
        double width = vary(brush, 130, 30);
        double top = vary(brush, 120, 50);
        mqt_brush_rect(brush, 0x1b2233, x, top, width - 12, 250 - top);
        for (int i = 0; i < 5; ++i) {
            mqt_brush_rect(brush, mqt_random_chance(&brush->random, 0.4) ? 0xd9b46a : 0x2a3346, x + 12 + (i % 3) * 34,
                           top + 18 + (i / 3) * 40, 16, 18);
        }
        x += width;
    }
    mqt_brush_fade(brush, 0x2a2e38, 0x14171d, 250, HEIGHT - 250.0);
    mqt_brush_shape(brush, 0x3a3f49, 1, {300, 250}, {340, 250}, {560, HEIGHT}, {80, HEIGHT});
    draw_lamp(brush, 372, 266, 96, true);
    draw_lamp(brush, 404, 300, 160, true);
    draw_lamp(brush, 150, 430, 350, mended);
    draw_lamp(brush, 500, 400, 300, mended);
}

void mqt_scene_flood(struct mqt_brush *brush, bool mended)
{
    draw_road(brush);
    double level = vary(brush, 286, 12);
    double x = vary(brush, 390, 60);
    if (mended) {
        mqt_brush_blob(brush, 0x55585c, 0.5, (struct mqt_dot){x - 90, 400}, 210, 34, 0.5);
        mqt_brush_rect(brush, 0x3a3c3f, 60, 262, 86, 18);
        return;
    }
    draw_car(brush, x, level + 88, 270);
    mqt_brush_shape(brush, 0x7d8f93, 0.88, {0, level + 56}, {WIDTH, level + 50}, {WIDTH, HEIGHT}, {0, HEIGHT});
    mqt_brush_shape(brush, 0x8fa0a3, 0.75, {0, level}, {x - 150, level + 4}, {x - 160, level + 60}, {0, level + 66});
    mqt_brush_shape(brush, 0x8fa0a3, 0.75, {x + 150, level + 2}, {WIDTH, level}, {WIDTH, level + 60},
                    {x + 160, level + 58});
    for (int i = 0; i < 16; ++i) {
        mqt_brush_ellipse(brush, 0xc6d3d6, 0.5,
                          (struct mqt_dot){mqt_random_unit(&brush->random) * WIDTH,
                                           level + 62 + mqt_random_unit(&brush->random) * 118},
                          vary(brush, 40, 22), 2.2);
    }
    for (int i = 0; i < 70; ++i) {
        double drop_x = mqt_random_unit(&brush->random) * WIDTH;
        double drop_y = mqt_random_unit(&brush->random) * HEIGHT;
        mqt_brush_line(brush, 0xd4dde1, 1.2, (struct mqt_dot){drop_x, drop_y},
                       (struct mqt_dot){drop_x - 5, drop_y + 18});
    }
}

static void draw_bin(struct mqt_brush *brush, double x, double foot, uint32_t rgb, bool open)
{
    mqt_brush_ellipse(brush, 0x000000, 0.22, (struct mqt_dot){x, foot + 2}, 66, 12);
    mqt_brush_shape(brush, rgb, 1, {x - 56, foot - 138}, {x + 56, foot - 138}, {x + 44, foot}, {x - 44, foot});
    mqt_brush_shape(brush, mqt_brush_shade(rgb, 0.18), 1, {x - 56, foot - 138}, {x - 26, foot - 138}, {x - 20, foot},
                    {x - 44, foot});
    mqt_brush_rect(brush, 0xf1f1ec, x - 22, foot - 92, 44, 40);
    if (open) {
        mqt_brush_shape(brush, mqt_brush_shade(rgb, -0.2), 1, {x - 56, foot - 140}, {x + 52, foot - 140},
                        {x + 66, foot - 206}, {x - 40, foot - 206});
    } else {
        mqt_brush_shape(brush, mqt_brush_shade(rgb, -0.2), 1, {x - 62, foot - 150}, {x + 62, foot - 150},
                        {x + 58, foot - 134}, {x - 58, foot - 134});
    }
}

static void draw_bag(struct mqt_brush *brush, double x, double y, double size)
{
    static const uint32_t bags[] = {0x2d2f33, 0x3f4a52, 0xd8d5cb, 0x9d3f38, 0x4a6f8f};
    uint32_t rgb = pick(brush, bags, 5);
    mqt_brush_blob(brush, rgb, 1, (struct mqt_dot){x, y}, size, size * 0.8, 0.35);
    mqt_brush_blob(brush, mqt_brush_shade(rgb, 0.25), 0.6, (struct mqt_dot){x - size * 0.3, y - size * 0.25},
                   size * 0.3, size * 0.2, 0.3);
    mqt_brush_line(brush, mqt_brush_shade(rgb, -0.2), 5, (struct mqt_dot){x, y - size * 0.7},
                   (struct mqt_dot){x + 3, y - size * 0.98});
}

void mqt_scene_bins(struct mqt_brush *brush, bool mended)
{
    static const uint32_t colours[] = {0x3f7a4f, 0x3b6da3, 0x6a6e72, 0xb04538};
    draw_estate(brush, 210);
    mqt_brush_fade(brush, 0xa9a59b, 0x88847b, 210, HEIGHT - 210.0);
    mqt_brush_rect(brush, 0x8d8a82, 70, 196, 500, 170);
    mqt_brush_rect(brush, 0x75726b, 60, 184, 520, 16);
    for (int i = 0; i < 4; ++i) {
        double x = 134 + i * 124.0;
        bool open = !mended && mqt_random_chance(&brush->random, 0.75);
        draw_bin(brush, x, 396, colours[i], open);
        for (int bag = 0; open && bag < 4; ++bag) {
            draw_bag(brush, x + vary(brush, 0, 40), 252 - vary(brush, 10, 14), vary(brush, 30, 6));
        }
    }
    for (int i = 0; !mended && i < 9; ++i) {
        draw_bag(brush, vary(brush, 320, 250), vary(brush, 424, 22), vary(brush, 36, 9));
    }
}

void mqt_scene_rubble(struct mqt_brush *brush, bool mended)
{
    draw_estate(brush, 210);
    mqt_brush_fade(brush, 0xa7a298, 0x858077, 210, HEIGHT - 210.0);
    mqt_brush_rect(brush, 0xc3b7a3, 0, 150, WIDTH, 96);
    mqt_brush_rect(brush, 0x9f9482, 0, 142, WIDTH, 10);
    if (mended) {
        return;
    }
    double x = vary(brush, 320, 40);
    mqt_brush_shape(brush, 0x8f8678, 1, {x - 230, 428}, {x - 130, 320}, {x - 20, 262}, {x + 60, 286}, {x + 160, 336},
                    {x + 236, 432}, {x, 448});
    for (int i = 0; i < 70; ++i) {
        static const uint32_t pieces[] = {0xa4553c, 0xb36a4d, 0xb9b3a7, 0x8c877d, 0xd3cdc0};
        double along = mqt_random_real(&brush->random, -1, 1);
        double y = 432 - (1 - fabs(along)) * mqt_random_unit(&brush->random) * 150;
        double at = x + along * 215;
        double size = vary(brush, 15, 6);
        double turn = mqt_random_real(&brush->random, 0, 3);
        mqt_brush_shape(brush, pick(brush, pieces, 5), 1, {at + size * cos(turn), y + size * 0.6 * sin(turn)},
                        {at + size * cos(turn + 1.2), y + size * 0.6 * sin(turn + 1.2)},
                        {at - size * cos(turn), y - size * 0.6 * sin(turn)},
                        {at - size * cos(turn + 1.2), y - size * 0.6 * sin(turn + 1.2)});
    }
    mqt_brush_line(brush, 0x9c7448, 13, (struct mqt_dot){x - 190, 410}, (struct mqt_dot){x - 30, 250});
    mqt_brush_line(brush, 0x84603a, 11, (struct mqt_dot){x + 20, 300}, (struct mqt_dot){x + 210, 400});
}

void mqt_scene_fire_lane(struct mqt_brush *brush, bool mended)
{
    draw_estate(brush, 200);
    mqt_brush_rect(brush, 0xaaa69c, 0, 200, WIDTH, 30);
    draw_asphalt(brush, 230);
    double shift = vary(brush, 0, 24);
    mqt_brush_shape(brush, 0xc6483a, 0.85, {60 + shift, 262}, {560 + shift, 262}, {640, 452}, {-20, 452});
    mqt_brush_shape(brush, 0x707277, 1, {82 + shift, 272}, {538 + shift, 272}, {606, 440}, {14, 440});
    for (int i = 0; i < 9; ++i) {
        double x = 40 + shift + i * 62;
        mqt_brush_shape(brush, 0xe7c14a, 0.9, {x + 30, 272}, {x + 46, 272}, {x + 4, 440}, {x - 18, 440});
    }
    if (mended) {
        return;
    }
    draw_car(brush, 310 + shift, 428, 430);
}

void mqt_scene_tree(struct mqt_brush *brush, bool mended)
{
    draw_estate(brush, 206);
    mqt_brush_fade(brush, 0x86a066, 0x6b8650, 206, HEIGHT - 206.0);
    mqt_brush_shape(brush, 0xbdb5a6, 1, {250, 206}, {390, 206}, {600, HEIGHT}, {40, HEIGHT});
    double y = vary(brush, 356, 16);
    mqt_brush_ellipse(brush, 0x5d4a34, 1, (struct mqt_dot){92, y + 16}, 34, 14);
    mqt_brush_ellipse(brush, 0xc49a67, 1, (struct mqt_dot){92, y + 8}, 27, 11);
    if (mended) {
        return;
    }
    mqt_brush_ellipse(brush, 0x000000, 0.2, (struct mqt_dot){350, y + 40}, 280, 24);
    mqt_brush_shape(brush, 0x6b5138, 1, {96, y - 6}, {440, y - 22}, {440, y + 8}, {100, y + 30});
    mqt_brush_shape(brush, 0x86694a, 1, {96, y - 6}, {440, y - 22}, {440, y - 12}, {98, y + 8});
    for (int i = 0; i < 5; ++i) {
        draw_crown(brush, 420 + i * 36.0, y + vary(brush, -20, 34), vary(brush, 66, 12));
    }
    mqt_brush_line(brush, 0x6b5138, 9, (struct mqt_dot){300, y - 10}, (struct mqt_dot){350, y - 96});
    draw_crown(brush, 360, y - 104, 44);
}

static void draw_bike(struct mqt_brush *brush, double x, double foot, double size, uint32_t rgb, double lean)
{
    double r = size * 0.24;
    struct mqt_dot rear = {x - size * 0.32, foot - r};
    struct mqt_dot front = {x + size * 0.32, foot - r};
    struct mqt_dot seat = {x - size * 0.16 + lean, foot - size * 0.62};
    struct mqt_dot bar = {x + size * 0.22 + lean, foot - size * 0.66};
    struct mqt_dot crank = {x - size * 0.02, foot - r};
    mqt_brush_hoop(brush, 0x2a2c2e, 5, rear, r);
    mqt_brush_hoop(brush, 0x2a2c2e, 5, front, r);
    mqt_brush_line(brush, rgb, 7, rear, crank);
    mqt_brush_line(brush, rgb, 7, crank, seat);
    mqt_brush_line(brush, rgb, 7, seat, (struct mqt_dot){bar.x - 4, bar.y + 18});
    mqt_brush_line(brush, rgb, 7, crank, (struct mqt_dot){bar.x - 2, bar.y + 22});
    mqt_brush_line(brush, rgb, 6, front, bar);
    mqt_brush_line(brush, 0x2a2c2e, 8, (struct mqt_dot){seat.x - 12, seat.y - 4},
                   (struct mqt_dot){seat.x + 12, seat.y - 4});
    mqt_brush_line(brush, 0x2a2c2e, 5, bar, (struct mqt_dot){bar.x - 18, bar.y - 8});
}

void mqt_scene_bikes(struct mqt_brush *brush, bool mended)
{
    static const uint32_t colours[] = {0xe0b92e, 0x3d8bbf, 0x57a869, 0xd9703a};
    draw_estate(brush, 206);
    mqt_brush_fade(brush, 0xb3ada2, 0x918b80, 206, HEIGHT - 206.0);
    mqt_brush_rect(brush, 0x6f7679, 236, 96, 168, 140);
    mqt_brush_rect(brush, 0xc3ccd0, 250, 110, 66, 126);
    mqt_brush_rect(brush, 0xc3ccd0, 324, 110, 66, 126);
    if (mended) {
        mqt_brush_shape(brush, 0xf1eee5, 1, {410, 330}, {640, 330}, {640, 338}, {408, 338});
        mqt_brush_shape(brush, 0xf1eee5, 1, {396, 452}, {640, 452}, {640, 462}, {394, 462});
    }
    for (int i = 0; i < 8; ++i) {
        uint32_t rgb = pick(brush, colours, 4);
        double jumble_x = vary(brush, 80 + i * 68.0, 36);
        double jumble_y = vary(brush, 366, 76);
        double lean = vary(brush, 0, 26);
        if (!mended) {
            draw_bike(brush, jumble_x, jumble_y + i % 3 * 12, 148, rgb, lean);
        } else if (i < 5) {
            draw_bike(brush, 470 + i * 38.0, 436, 128, rgb, 0);
        }
    }
}

void mqt_scene_stall(struct mqt_brush *brush, bool mended)
{
    static const uint32_t cloths[] = {0xb8442f, 0x3f6f9e, 0x3f8560, 0xd08a2e};
    draw_estate(brush, 190);
    mqt_brush_fade(brush, 0xb5afa4, 0x969085, 190, HEIGHT - 190.0);
    for (int i = 0; i < 12; ++i) {
        mqt_brush_rect(brush, 0xd6b23f, 40, 236 + i * 22.0, 44, 16); /* the guiding strip for the blind */
    }
    uint32_t cloth = pick(brush, cloths, 4);
    double x = vary(brush, 330, 40);
    if (mended) {
        return;
    }
    mqt_brush_ellipse(brush, 0x000000, 0.2, (struct mqt_dot){x, 436}, 220, 20);
    mqt_brush_line(brush, 0x77706a, 8, (struct mqt_dot){x - 168, 420}, (struct mqt_dot){x - 168, 186});
    mqt_brush_line(brush, 0x77706a, 8, (struct mqt_dot){x + 168, 420}, (struct mqt_dot){x + 168, 186});
    mqt_brush_rect(brush, 0x8f6f4a, x - 180, 326, 360, 96);
    mqt_brush_rect(brush, 0xa9865c, x - 190, 314, 380, 16);
    for (int i = 0; i < 8; ++i) {
        static const uint32_t goods[] = {0xd95b3a, 0xe0a63a, 0x7da648, 0xc8443f, 0xe7d9b0};
        double at = x - 160 + i * 45;
        uint32_t rgb = pick(brush, goods, 5);
        mqt_brush_ellipse(brush, rgb, 1, (struct mqt_dot){at, 304}, 22, 14);
        mqt_brush_ellipse(brush, mqt_brush_shade(rgb, 0.25), 1, (struct mqt_dot){at - 5, 299}, 9, 5);
    }
    for (int i = 0; i < 8; ++i) {
        double at = x - 208 + i * 52;
        uint32_t rgb = i % 2 ? 0xf2ede0 : cloth;
        mqt_brush_shape(brush, rgb, 1, {at + 12, 142}, {at + 52, 142}, {at + 52, 204}, {at, 204});
        mqt_brush_ellipse(brush, rgb, 1, (struct mqt_dot){at + 26, 204}, 26, 11);
    }
}

void mqt_scene_shed(struct mqt_brush *brush, bool mended)
{
    static const uint32_t sheets[] = {0x4f86b5, 0x5f97b9, 0x9fb0b8, 0x4a7fa0};
    draw_estate(brush, 150);
    mqt_brush_rect(brush, 0xcdb896, 0, 40, WIDTH, 300);
    for (int i = 0; i < 6; ++i) {
        mqt_brush_rect(brush, 0xeae7de, 30 + i * 104.0, 66, 72, 84);
        mqt_brush_rect(brush, 0x8fa5b3, 36 + i * 104.0, 72, 60, 72);
    }
    mqt_brush_rect(brush, 0xa89373, 0, 176, WIDTH, 10);
    mqt_brush_fade(brush, 0x86a066, 0x647f4b, 340, HEIGHT - 340.0);
    uint32_t sheet = pick(brush, sheets, 4);
    double x = vary(brush, 180, 40);
    if (mended) {
        for (int i = 0; i < 7; ++i) {
            draw_crown(brush, 60 + i * 90.0, vary(brush, 362, 6), vary(brush, 40, 6));
        }
        return;
    }
    mqt_brush_rect(brush, mqt_brush_shade(sheet, 0.1), x, 236, 330, 184);
    for (int i = 0; i < 22; ++i) {
        mqt_brush_rect(brush, mqt_brush_shade(sheet, -0.14), x + i * 15.0, 236, 4, 184);
    }
    mqt_brush_shape(brush, mqt_brush_shade(sheet, -0.28), 1, {x - 26, 240}, {x + 12, 196}, {x + 320, 196},
                    {x + 356, 240});
    mqt_brush_rect(brush, 0x5c6468, x + 46, 290, 76, 130);
    mqt_brush_rect(brush, 0xb9cdd6, x + 180, 286, 100, 66);
    mqt_brush_rect(brush, 0x5c6468, x + 227, 286, 6, 66);
}
