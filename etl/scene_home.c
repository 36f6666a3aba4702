#include "scene_home.h"

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

static uint32_t wall_colour(struct mqt_brush *brush)
{
    static const uint32_t colours[] = {0xe8e2d6, 0xdfe4e2, 0xe9dfd0, 0xdde1e8, 0xe6e6de, 0xe3d9cf};
    return pick(brush, colours, 6);
}

/* The brown rings that water leaves, outermost first. */
static void draw_stain(struct mqt_brush *brush, struct mqt_dot at, double rx, double ry)
{
    mqt_brush_blob(brush, 0xb49a6e, 0.55, at, rx, ry, 0.6);
    mqt_brush_blob(brush, 0x8f7245, 0.45, at, rx * 0.8, ry * 0.78, 0.6);
    mqt_brush_blob(brush, 0xa98f66, 0.6, at, rx * 0.68, ry * 0.64, 0.6);
    mqt_brush_blob(brush, 0x6d5a3c, 0.35, at, rx * 0.3, ry * 0.3, 0.5);
}

static void draw_bucket(struct mqt_brush *brush, double x, double y)
{
    mqt_brush_ellipse(brush, 0x000000, 0.2, (struct mqt_dot){x + 6, y + 4}, 50, 13);
    mqt_brush_shape(brush, 0x3f6f9e, 1, {x - 46, y - 66}, {x + 46, y - 66}, {x + 34, y}, {x - 34, y});
    mqt_brush_shape(brush, 0x5a8cbb, 1, {x - 46, y - 66}, {x - 14, y - 66}, {x - 14, y}, {x - 34, y});
    mqt_brush_ellipse(brush, 0x2d5377, 1, (struct mqt_dot){x, y - 66}, 46, 12);
    mqt_brush_ellipse(brush, 0x9ec3da, 1, (struct mqt_dot){x, y - 63}, 38, 8);
}

static void draw_window(struct mqt_brush *brush, double x, double y, double width, double height, uint32_t sky)
{
    mqt_brush_rect(brush, 0xf4f3ee, x - 10, y - 10, width + 20, height + 20);
    mqt_brush_rect(brush, sky, x, y, width, height);
    mqt_brush_shape(brush, 0xffffff, 0.35, {x, y + height * 0.7}, {x + width * 0.7, y}, {x + width, y},
                    {x + width * 0.2, y + height});
    mqt_brush_rect(brush, 0xf4f3ee, x + width / 2 - 5, y, 10, height);
    mqt_brush_rect(brush, 0xd9d5c9, x - 16, y + height + 8, width + 32, 12);
}

void mqt_scene_leak(struct mqt_brush *brush, bool mended)
{
    uint32_t wall = wall_colour(brush);
    double corner = vary(brush, 190, 60);
    double x = vary(brush, 360, 60);
    double size = vary(brush, 105, 22);
    mqt_brush_rect(brush, wall, 0, 0, WIDTH, HEIGHT);
    mqt_brush_shape(brush, mqt_brush_shade(wall, -0.12), 1, {0, 0}, {corner, 190}, {corner, 410}, {0, 470});
    mqt_brush_shape(brush, mqt_brush_shade(wall, 0.55), 1, {0, 0}, {WIDTH, 0}, {WIDTH, 190}, {corner, 190});
    mqt_brush_shape(brush, 0xb98d5e, 1, {corner, 410}, {WIDTH, 410}, {WIDTH, HEIGHT}, {0, HEIGHT}, {0, 470});
    mqt_brush_line(brush, mqt_brush_shade(wall, 0.7), 7, (struct mqt_dot){corner, 190}, (struct mqt_dot){WIDTH, 190});
    mqt_brush_line(brush, 0x8a6742, 8, (struct mqt_dot){corner, 410}, (struct mqt_dot){WIDTH, 410});
    draw_window(brush, corner + 240, 235, 130, 120, 0xbcd4e2);
    if (mended) {
        mqt_brush_ellipse(brush, 0xffffff, 0.6, (struct mqt_dot){x, 100}, size * 1.15, 62);
        return;
    }
    draw_stain(brush, (struct mqt_dot){x, 100}, size, 52);
    draw_stain(brush, (struct mqt_dot){x - size * 0.7, 205}, size * 0.28, 60);
    for (int i = 0; i < 6; ++i) {
        double drop_x = x + vary(brush, 0, 34);
        double drop_y = vary(brush, 250, 110);
        mqt_brush_ellipse(brush, 0x7fa3b8, 0.85, (struct mqt_dot){drop_x, drop_y}, 2.4, 8);
    }
    draw_bucket(brush, x, 462);
}

static void draw_thermometer(struct mqt_brush *brush, double x, double y, bool warm)
{
    double level = warm ? 34 : 92;
    mqt_brush_rect(brush, 0xfbfaf5, x - 22, y - 12, 44, 158);
    mqt_brush_rect(brush, 0xdadcd8, x - 6, y, 12, 122);
    mqt_brush_rect(brush, warm ? 0xc8502f : 0x3c6fa6, x - 6, y + level, 12, 122 - level);
    mqt_brush_ellipse(brush, warm ? 0xc8502f : 0x3c6fa6, 1, (struct mqt_dot){x, y + 126}, 14, 14);
    for (int i = 0; i < 7; ++i) {
        mqt_brush_rect(brush, 0x7c8080, x + 9, y + 6 + i * 17, i % 2 ? 6 : 11, 2);
    }
}

void mqt_scene_radiator(struct mqt_brush *brush, bool mended)
{
    uint32_t wall = wall_colour(brush);
    int fins = mqt_random_int(&brush->random, 7, 10);
    double left = vary(brush, 120, 20);
    double snow = vary(brush, 0.5, 0.2);
    mqt_brush_rect(brush, mended ? mqt_brush_shade(wall, 0.1) : mqt_brush_shade(wall, -0.1), 0, 0, WIDTH, HEIGHT);
    mqt_brush_rect(brush, 0xab8560, 0, 418, WIDTH, 62);
    mqt_brush_rect(brush, 0xf1eee6, 0, 400, WIDTH, 18);
    draw_window(brush, left - 20, 30, 330, 165, 0xa9bccb);
    for (int i = 0; i < 26; ++i) {
        mqt_brush_ellipse(brush, 0xffffff, 0.5 + snow * 0.6,
                          (struct mqt_dot){left - 12 + mqt_random_unit(&brush->random) * 312,
                                           40 + mqt_random_unit(&brush->random) * 148},
                          2.5, 2.5);
    }
    for (int i = 0; i < fins; ++i) {
        double x = left + i * 34;
        mqt_brush_shape(brush, 0x000000, 0.12, {x + 8, 250}, {x + 40, 250}, {x + 40, 398}, {x + 8, 398});
        mqt_brush_rect(brush, 0xdcdedb, x, 240, 28, 148);
        mqt_brush_rect(brush, 0xf8f8f5, x + 4, 244, 8, 140);
        mqt_brush_rect(brush, 0xb9bdba, x + 22, 244, 4, 140);
    }
    mqt_brush_rect(brush, 0xc6cac7, left - 10, 252, fins * 34 + 10, 9);
    mqt_brush_rect(brush, 0xc6cac7, left - 10, 366, fins * 34 + 10, 9);
    mqt_brush_rect(brush, 0xb4b8b5, left - 34, 366, 26, 9);
    mqt_brush_rect(brush, 0xb4b8b5, left - 34, 366, 9, 60);
    draw_thermometer(brush, 560, 120, mended);
    for (int i = 0; mended && i < 4; ++i) {
        double x = left + 40 + i * 66;
        for (int part = 0; part < 5; ++part) {
            double y = 224 - part * 10;
            mqt_brush_line(brush, 0xe7a184, 4, (struct mqt_dot){x + 7 * sin(part), y},
                           (struct mqt_dot){x + 7 * sin(part + 1.0), y - 10});
        }
    }
}

void mqt_scene_tap(struct mqt_brush *brush, bool mended)
{
    static const uint32_t tiles[] = {0xd5e0dd, 0xe2ddd2, 0xd4dbe4, 0xdfe3d6};
    uint32_t tile = pick(brush, tiles, 4);
    double side = vary(brush, 66, 12);
    double x = vary(brush, 320, 30);
    uint32_t water = mended ? 0xb9d9ea : 0xb08c4a;
    mqt_brush_rect(brush, tile, 0, 0, WIDTH, HEIGHT);
    for (double at = side; at < WIDTH; at += side) {
        mqt_brush_rect(brush, mqt_brush_shade(tile, -0.12), at, 0, 2, 330);
    }
    for (double at = side; at < 330; at += side) {
        mqt_brush_rect(brush, mqt_brush_shade(tile, -0.12), 0, at, WIDTH, 2);
    }
    mqt_brush_rect(brush, 0x9a9c9c, 0, 330, WIDTH, 150);
    mqt_brush_rect(brush, 0xb7babb, 0, 330, WIDTH, 16);
    mqt_brush_ellipse(brush, 0xf7f8f7, 1, (struct mqt_dot){x, 384}, 236, 70);
    mqt_brush_ellipse(brush, 0xdfe4e4, 1, (struct mqt_dot){x, 388}, 206, 54);
    mqt_brush_ellipse(brush, water, 0.75, (struct mqt_dot){x, 398}, 168, 36);
    mqt_brush_rect(brush, water, x - 10, 212, 20, 182);
    mqt_brush_rect(brush, mqt_brush_shade(water, 0.4), x - 5, 212, 6, 176);
    mqt_brush_ellipse(brush, mqt_brush_shade(water, 0.35), 0.8, (struct mqt_dot){x, 394}, 44, 11);
    mqt_brush_rect(brush, 0x8f979b, x - 150, 140, 164, 24);
    mqt_brush_rect(brush, 0xc9d0d3, x - 150, 144, 164, 8);
    mqt_brush_rect(brush, 0x8f979b, x - 14, 140, 28, 74);
    mqt_brush_rect(brush, 0xc9d0d3, x - 8, 146, 8, 64);
    mqt_brush_rect(brush, 0x7b8387, x - 162, 120, 18, 66);
    mqt_brush_rect(brush, 0x8f979b, x - 76, 104, 12, 40);
    mqt_brush_ellipse(brush, 0x3c6fa6, 1, (struct mqt_dot){x - 70, 98}, 30, 12);
}

/* A passage between flats: walls, floor, doors, a lamp. */
static void draw_corridor(struct mqt_brush *brush)
{
    static const uint32_t doors[] = {0x7a3b2c, 0x5c4a3a, 0x6c5436, 0x4c5a55};
    uint32_t wall = wall_colour(brush);
    uint32_t door = pick(brush, doors, 4);
    uint32_t skirt = mqt_random_chance(&brush->random, 0.6) ? 0x7fa08f : mqt_brush_shade(wall, -0.25);
    mqt_brush_rect(brush, mqt_brush_shade(wall, -0.06), 0, 0, WIDTH, HEIGHT);
    mqt_brush_shape(brush, mqt_brush_shade(wall, 0.3), 1, {0, 0}, {WIDTH, 0}, {430, 110}, {210, 110});
    mqt_brush_shape(brush, mqt_brush_shade(wall, -0.16), 1, {0, 0}, {210, 110}, {210, 330}, {0, HEIGHT});
    mqt_brush_shape(brush, skirt, 1, {0, 270}, {210, 232}, {210, 330}, {0, HEIGHT});
    mqt_brush_shape(brush, mqt_brush_shade(skirt, 0.12), 1, {WIDTH, 270}, {430, 232}, {430, 330}, {WIDTH, HEIGHT});
    mqt_brush_rect(brush, mqt_brush_shade(wall, -0.03), 210, 110, 220, 220);
    mqt_brush_rect(brush, mqt_brush_shade(door, 0.1), 270, 160, 100, 170);
    mqt_brush_rect(brush, door, 278, 168, 84, 162);
    mqt_brush_ellipse(brush, 0xd8b45a, 1, (struct mqt_dot){350, 252}, 5, 5);
    mqt_brush_shape(brush, 0xb1aca2, 1, {210, 330}, {430, 330}, {WIDTH, HEIGHT}, {0, HEIGHT});
    for (int i = 1; i < 4; ++i) {
        double y = 330 + i * i * 16.0;
        mqt_brush_rect(brush, 0x9f9a90, 210 - (y - 330) * 1.4, y, 220 + (y - 330) * 2.8, 2);
    }
    mqt_brush_shape(brush, door, 1, {60, 118}, {150, 138}, {150, 372}, {60, 436});
    mqt_brush_shape(brush, mqt_brush_shade(door, 0.12), 1, {72, 140}, {138, 154}, {138, 250}, {72, 262});
    mqt_brush_ellipse(brush, 0xfff6d8, 1, (struct mqt_dot){320, 62}, 42, 13);
}

void mqt_scene_lift(struct mqt_brush *brush, bool mended)
{
    uint32_t wall = wall_colour(brush);
    double x = vary(brush, 300, 30);
    mqt_brush_rect(brush, wall, 0, 0, WIDTH, HEIGHT);
    mqt_brush_rect(brush, 0xa9a59c, 0, 412, WIDTH, 68);
    mqt_brush_rect(brush, 0x8f8b83, 0, 408, WIDTH, 6);
    mqt_brush_rect(brush, 0x6f7679, x - 148, 72, 296, 340);
    mqt_brush_rect(brush, 0xb6bfc3, x - 128, 92, 124, 320);
    mqt_brush_rect(brush, 0xb6bfc3, x + 4, 92, 124, 320);
    mqt_brush_rect(brush, 0xd4dbde, x - 112, 92, 20, 320);
    mqt_brush_rect(brush, 0xd4dbde, x + 22, 92, 20, 320);
    mqt_brush_rect(brush, 0x2b2f31, x - 44, 24, 88, 36);
    mqt_brush_rect(brush, 0xe4e7e8, x + 176, 220, 36, 76);
    mqt_brush_ellipse(brush, mended ? 0x58b46a : 0x8b8f90, 1, (struct mqt_dot){x + 194, 240}, 10, 10);
    mqt_brush_ellipse(brush, mended ? 0x58b46a : 0x8b8f90, 1, (struct mqt_dot){x + 194, 274}, 10, 10);
    if (mended) {
        mqt_brush_rect(brush, 0xf3e7c4, x - 34, 92, 68, 320);
        mqt_brush_shape(brush, 0x58d07a, 1, {x - 14, 50}, {x, 30}, {x + 14, 50});
        return;
    }
    mqt_brush_rect(brush, 0xb6402f, x - 22, 36, 44, 10);
    /* The folding sign that says: out of order. */
    mqt_brush_shape(brush, 0x000000, 0.2, {x - 92, 452}, {x + 112, 452}, {x + 92, 466}, {x - 72, 466});
    mqt_brush_shape(brush, 0xe9b62f, 1, {x - 52, 262}, {x + 52, 262}, {x + 84, 452}, {x - 84, 452});
    mqt_brush_shape(brush, 0xf7e3a0, 1, {x - 42, 276}, {x + 42, 276}, {x + 60, 392}, {x - 60, 392});
    mqt_brush_shape(brush, 0x3a3a38, 1, {x - 5, 292}, {x + 5, 292}, {x + 7, 356}, {x - 7, 356});
    mqt_brush_ellipse(brush, 0x3a3a38, 1, (struct mqt_dot){x, 374}, 8, 8);
}

static void draw_wheel(struct mqt_brush *brush, double x, double y, double radius)
{
    mqt_brush_hoop(brush, 0x2c2e30, 9, (struct mqt_dot){x, y}, radius);
    mqt_brush_ellipse(brush, 0x888d90, 1, (struct mqt_dot){x, y}, 8, 8);
}

void mqt_scene_corridor_bike(struct mqt_brush *brush, bool mended)
{
    static const uint32_t colours[] = {0xb2402f, 0x2f5f97, 0x44484b, 0xd7d3c8, 0x3f7f68};
    draw_corridor(brush);
    uint32_t body = pick(brush, colours, 5);
    double x = vary(brush, 430, 24);
    mqt_brush_rect(brush, 0xf6f5ef, 556, 196, 30, 42);
    mqt_brush_rect(brush, 0x55595b, 566, 208, 10, 18);
    if (mended) {
        mqt_brush_ellipse(brush, 0xc23a2b, 1, (struct mqt_dot){508, 190}, 34, 36);
        mqt_brush_ellipse(brush, 0xffffff, 1, (struct mqt_dot){508, 190}, 26, 28);
        mqt_brush_line(brush, 0x33373a, 4, (struct mqt_dot){494, 198}, (struct mqt_dot){522, 198});
        mqt_brush_line(brush, 0xc23a2b, 6, (struct mqt_dot){490, 170}, (struct mqt_dot){526, 212});
        return;
    }
    mqt_brush_ellipse(brush, 0x000000, 0.22, (struct mqt_dot){x, 444}, 150, 16);
    draw_wheel(brush, x - 98, 402, 38);
    draw_wheel(brush, x + 98, 402, 38);
    mqt_brush_shape(brush, body, 1, {x - 92, 372}, {x - 62, 372}, {x - 50, 404}, {x + 42, 404}, {x + 54, 340},
                    {x + 128, 346}, {x + 134, 372}, {x + 84, 380}, {x + 62, 424}, {x - 66, 424});
    mqt_brush_shape(brush, 0x2c2e30, 1, {x + 40, 322}, {x + 122, 330}, {x + 124, 346}, {x + 46, 342});
    mqt_brush_line(brush, body, 12, (struct mqt_dot){x - 96, 396}, (struct mqt_dot){x - 66, 292});
    mqt_brush_line(brush, 0x2c2e30, 9, (struct mqt_dot){x - 82, 288}, (struct mqt_dot){x - 40, 280});
    mqt_brush_ellipse(brush, 0xf6e7ae, 1, (struct mqt_dot){x - 84, 318}, 10, 12);
    mqt_brush_line(brush, 0x1f2122, 4, (struct mqt_dot){571, 226}, (struct mqt_dot){590, 330});
    mqt_brush_line(brush, 0x1f2122, 4, (struct mqt_dot){590, 330}, (struct mqt_dot){x + 60, 414});
}

static void draw_box(struct mqt_brush *brush, double x, double y, double size)
{
    uint32_t card = mqt_brush_shade(0xb98b56, vary(brush, 0, 0.14));
    double side = size * 0.34;
    mqt_brush_shape(brush, mqt_brush_shade(card, -0.25), 1, {x + size, y - size * 0.8},
                    {x + size + side, y - size * 0.95}, {x + size + side, y - side * 0.5}, {x + size, y});
    mqt_brush_shape(brush, mqt_brush_shade(card, 0.2), 1, {x, y - size * 0.8}, {x + side, y - size * 0.95},
                    {x + size + side, y - size * 0.95}, {x + size, y - size * 0.8});
    mqt_brush_rect(brush, card, x, y - size * 0.8, size, size * 0.8);
    mqt_brush_rect(brush, mqt_brush_shade(card, 0.3), x + size * 0.42, y - size * 0.8, size * 0.14, size * 0.8);
}

void mqt_scene_clutter(struct mqt_brush *brush, bool mended)
{
    draw_corridor(brush);
    if (mended) {
        return;
    }
    mqt_brush_shape(brush, 0x000000, 0.18, {380, 420}, {600, 420}, {640, 470}, {400, 470});
    draw_box(brush, vary(brush, 400, 8), 438, 90);
    draw_box(brush, vary(brush, 496, 10), 452, 104);
    draw_box(brush, vary(brush, 424, 12), 366, 74);
    draw_box(brush, vary(brush, 520, 10), 368, 66);
    mqt_brush_line(brush, 0x8a6742, 9, (struct mqt_dot){372, 432}, (struct mqt_dot){400, 250});
    mqt_brush_shape(brush, 0x4d6b86, 1, {170, 380}, {228, 380}, {240, 440}, {156, 440});
    mqt_brush_shape(brush, 0x6f8ba4, 1, {180, 352}, {214, 352}, {228, 380}, {170, 380});
}
