#include "brush.h"

#include "../tiles/raster.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CORNERS = 40, CORNERS_MAX = 64, PIXEL_BYTES = 4 };

static const double TURN = 6.283185307179586;

enum mqt_err mqt_brush_init(struct mqt_brush *brush, uint64_t seed)
{
    enum { RANDOM_STREAM = 31 };
    struct mqt_canvas *canvas = malloc(sizeof *canvas);
    enum mqt_err err = canvas ? mqt_canvas_init(canvas, MQT_BRUSH_WIDTH_PX, MQT_BRUSH_HEIGHT_PX) : MQT_ERR_MEMORY;
    if (err != MQT_OK) {
        free(canvas);
        return err;
    }
    *brush = (struct mqt_brush){canvas, mqt_random_start(seed, RANDOM_STREAM)};
    return MQT_OK;
}

void mqt_brush_clear(struct mqt_brush *brush)
{
    mqt_canvas_clear(brush->canvas);
    free(brush->canvas);
    brush->canvas = NULL;
}

const uint8_t *mqt_brush_pixels(const struct mqt_brush *brush)
{
    return brush->canvas->rgba;
}

static double channel(uint32_t rgb, int shift)
{
    return (double)(rgb >> shift & 255);
}

uint32_t mqt_brush_shade(uint32_t rgb, double amount)
{
    uint32_t shaded = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        double c = channel(rgb, shift);
        c = amount > 0 ? c + (255 - c) * amount : c * (1 + amount);
        shaded |= (uint32_t)lround(c) << shift;
    }
    return shaded;
}

static struct mqt_colour colour_of(uint32_t rgb, double alpha)
{
    return (struct mqt_colour){(float)(channel(rgb, 16) / 255), (float)(channel(rgb, 8) / 255),
                               (float)(channel(rgb, 0) / 255), (float)alpha};
}

/* The same points in the rasteriser's own type. */
static size_t take_dots(const struct mqt_dot *dots, size_t count, struct mqt_xy *points)
{
    assert(count <= CORNERS_MAX);
    for (size_t i = 0; i < count; ++i) {
        points[i] = (struct mqt_xy){dots[i].x, dots[i].y};
    }
    return count;
}

void mqt_brush_poly(struct mqt_brush *brush, uint32_t rgb, double alpha, const struct mqt_dot *corners, size_t count)
{
    struct mqt_xy points[CORNERS_MAX];
    mqt_raster_ring(brush->canvas, points, take_dots(corners, count, points));
    mqt_raster_paint(brush->canvas, colour_of(rgb, alpha));
}

static void stroke(struct mqt_brush *brush, uint32_t rgb, double width_px, const struct mqt_dot *dots, size_t count,
                   bool closed)
{
    const struct mqt_pen pen = {.width_px = width_px, .cap = MQT_CAP_ROUND, .join = MQT_JOIN_ROUND};
    struct mqt_xy points[CORNERS_MAX];
    mqt_raster_stroke(brush->canvas, points, take_dots(dots, count, points), closed, &pen);
    mqt_raster_paint(brush->canvas, colour_of(rgb, 1));
}

void mqt_brush_rect(struct mqt_brush *brush, uint32_t rgb, double x, double y, double width, double height)
{
    mqt_brush_shape(brush, rgb, 1, {x, y}, {x + width, y}, {x + width, y + height}, {x, y + height});
}

void mqt_brush_fade(struct mqt_brush *brush, uint32_t top, uint32_t bottom, double y, double height)
{
    enum { BAND_PX = 4 };
    for (double at = 0; at < height; at += BAND_PX) {
        double share = at / height;
        uint32_t mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            mixed |= (uint32_t)lround(channel(top, shift) * (1 - share) + channel(bottom, shift) * share) << shift;
        }
        mqt_brush_rect(brush, mixed, 0, y + at, MQT_BRUSH_WIDTH_PX, fmin(BAND_PX, height - at));
    }
}

void mqt_brush_line(struct mqt_brush *brush, uint32_t rgb, double width_px, struct mqt_dot a, struct mqt_dot b)
{
    stroke(brush, rgb, width_px, (const struct mqt_dot[]){a, b}, 2, false);
}

void mqt_brush_ellipse(struct mqt_brush *brush, uint32_t rgb, double alpha, struct mqt_dot centre, double rx, double ry)
{
    mqt_brush_blob(brush, rgb, alpha, centre, rx, ry, 0);
}

void mqt_brush_hoop(struct mqt_brush *brush, uint32_t rgb, double width_px, struct mqt_dot centre, double radius)
{
    struct mqt_dot rim[CORNERS];
    for (int i = 0; i < CORNERS; ++i) {
        double angle = TURN * i / CORNERS;
        rim[i] = (struct mqt_dot){centre.x + radius * cos(angle), centre.y + radius * sin(angle)};
    }
    stroke(brush, rgb, width_px, rim, CORNERS, true);
}

void mqt_brush_blob(struct mqt_brush *brush, uint32_t rgb, double alpha, struct mqt_dot centre, double rx, double ry,
                    double rough)
{
    struct mqt_dot rim[CORNERS];
    double phases[3];
    for (int i = 0; i < 3; ++i) {
        phases[i] = rough > 0 ? mqt_random_real(&brush->random, 0, TURN) : 0;
    }
    for (int i = 0; i < CORNERS; ++i) {
        double angle = TURN * i / CORNERS;
        double wave = sin(2 * angle + phases[0]) + 0.7 * sin(3 * angle + phases[1]) + 0.5 * sin(7 * angle + phases[2]);
        double reach = 1 + rough * 0.35 * wave;
        rim[i] = (struct mqt_dot){centre.x + rx * reach * cos(angle), centre.y + ry * reach * sin(angle)};
    }
    mqt_brush_poly(brush, rgb, alpha, rim, CORNERS);
}

void mqt_brush_vignette(struct mqt_brush *brush, double strength)
{
    const double middle_x = MQT_BRUSH_WIDTH_PX / 2.0;
    const double middle_y = MQT_BRUSH_HEIGHT_PX / 2.0;
    const double reach2 = middle_x * middle_x + middle_y * middle_y;
    for (int y = 0; y < MQT_BRUSH_HEIGHT_PX; ++y) {
        uint8_t *pixel = brush->canvas->rgba + (size_t)y * MQT_BRUSH_WIDTH_PX * PIXEL_BYTES;
        double dy = y - middle_y;
        for (int x = 0; x < MQT_BRUSH_WIDTH_PX; ++x, pixel += PIXEL_BYTES) {
            double dx = x - middle_x;
            int keep = (int)(256 * (1 - strength * (dx * dx + dy * dy) / reach2));
            for (int c = 0; c < 3; ++c) {
                pixel[c] = (uint8_t)(pixel[c] * keep >> 8);
            }
        }
    }
}

void mqt_brush_mirror(struct mqt_brush *brush)
{
    for (int y = 0; y < MQT_BRUSH_HEIGHT_PX; ++y) {
        uint8_t *row = brush->canvas->rgba + (size_t)y * MQT_BRUSH_WIDTH_PX * PIXEL_BYTES;
        for (int left = 0, right = MQT_BRUSH_WIDTH_PX - 1; left < right; ++left, --right) {
            uint8_t kept[PIXEL_BYTES];
            memcpy(kept, row + (size_t)left * PIXEL_BYTES, PIXEL_BYTES);
            memcpy(row + (size_t)left * PIXEL_BYTES, row + (size_t)right * PIXEL_BYTES, PIXEL_BYTES);
            memcpy(row + (size_t)right * PIXEL_BYTES, kept, PIXEL_BYTES);
        }
    }
}
