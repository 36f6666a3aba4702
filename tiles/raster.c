#include "raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDE_PX = 4096 };

/* Coverage below this is rounding, not shape. */
static const float faint = 1.0f / 1024;

enum mqt_err mqt_canvas_init(struct mqt_canvas *canvas, int width_px, int height_px)
{
    if (width_px < 1 || height_px < 1 || width_px > MAX_SIDE_PX || height_px > MAX_SIDE_PX) {
        return MQT_ERR_PARAM;
    }
    size_t width = (size_t)width_px, height = (size_t)height_px;
    struct mqt_canvas made = {.width_px = width_px, .height_px = height_px, .top = height_px, .bottom = -1};
    made.rgba = calloc(width * height, 4);
    made.cover = calloc((width + 2) * height, sizeof *made.cover);
    made.row_from = malloc(2 * height * sizeof *made.row_from);
    if (!made.rgba || !made.cover || !made.row_from) {
        mqt_canvas_clear(&made);
        return MQT_ERR_MEMORY;
    }
    made.row_to = made.row_from + height;
    for (size_t y = 0; y < height; y++) {
        made.row_from[y] = width_px + 2;
        made.row_to[y] = -1;
    }
    *canvas = made;
    return MQT_OK;
}

void mqt_canvas_clear(struct mqt_canvas *canvas)
{
    free(canvas->rgba);
    free(canvas->cover);
    free(canvas->row_from);
    *canvas = (struct mqt_canvas){0};
}

/* The part of an edge within one row: everything right of it gains share, pixels under it the part
 * of their area that lies right of it. Where the edge passes over several pixels coverage grows
 * along a ramp, whose slope is the same from pixel to pixel but at both ends. */
static inline void add_row(float *row, int *row_from, int *row_to, double xa, double xb, double share)
{
    double left = xa < xb ? xa : xb, right = xa < xb ? xb : xa;
    int first = (int)left, last = (int)right;
    if (first == last) {
        float beyond = (float)(share * (0.5 * (left + right) - first));
        row[first] += (float)share - beyond;
        row[first + 1] += beyond;
    } else {
        double slope = share / (right - left), into = first + 1 - left, out_of = right - last;
        double begin = 0.5 * slope * into * into, end = share - 0.5 * slope * out_of * out_of, before = begin;
        row[first] += (float)begin;
        if (last > first + 1) {
            double second = slope * (into + 0.5);
            row[first + 1] += (float)(second - begin);
            float step = (float)slope;
            for (int x = first + 2; x < last; x++) {
                row[x] += step;
            }
            before = second + slope * (last - first - 2);
        }
        row[last] += (float)(end - before);
        row[last + 1] += (float)(share - end);
    }
    *row_from = first < *row_from ? first : *row_from;
    *row_to = last + 1 > *row_to ? last + 1 : *row_to;
}

/* An edge whose x lies within the canvas and whose y runs downwards. */
static void add_inner(struct mqt_canvas *canvas, double x0, double y0, double x1, double y1, double direction)
{
    if (y0 >= y1) {
        return;
    }
    double slope = (x1 - x0) / (y1 - y0), limit = canvas->width_px, x = x0;
    int first = (int)y0, last = (int)ceil(y1) - 1;
    last = last < canvas->height_px ? last : canvas->height_px - 1;
    int *row_from = canvas->row_from, *row_to = canvas->row_to, stride = canvas->width_px + 2;
    float *row = canvas->cover + (size_t)first * (size_t)stride;
    double top = y0;
    for (int y = first; y < last; y++, row += stride) {
        double next = x0 + (y + 1 - y0) * slope;
        next = next < 0 ? 0 : next > limit ? limit : next; /* rounding only */
        add_row(row, row_from + y, row_to + y, x, next, (y + 1 - top) * direction);
        top = y + 1;
        x = next;
    }
    if (first <= last) {
        add_row(row, row_from + last, row_to + last, x, x1, (y1 - top) * direction);
    }
    canvas->top = first < canvas->top ? first : canvas->top;
    canvas->bottom = last > canvas->bottom ? last : canvas->bottom;
}

/* An edge is cut to the canvas: what is left of it counts as lying on the left border, what is
 * right of it covers nothing that can be seen. */
void mqt_raster_edge(struct mqt_canvas *canvas, struct mqt_xy a, struct mqt_xy b)
{
    double direction = 1;
    if (a.y > b.y) {
        struct mqt_xy swap = a;
        a = b;
        b = swap;
        direction = -1;
    }
    double height = canvas->height_px, width = canvas->width_px;
    if (!(a.y < b.y) || b.y <= 0 || a.y >= height || (a.x >= width && b.x >= width)) {
        return;
    }
    if (a.x >= 0 && b.x >= 0 && a.x <= width && b.x <= width && a.y >= 0 && b.y <= height) {
        add_inner(canvas, a.x, a.y, b.x, b.y, direction);
        return;
    }
    double slope = (b.x - a.x) / (b.y - a.y);
    double y0 = a.y > 0 ? a.y : 0, y1 = b.y < height ? b.y : height;
    /* Rows at which the edge crosses the left and the right border, in the order of y. */
    double cut[4] = {y0, y1, y1, y1};
    if (slope != 0) {
        double at_left = a.y + (0 - a.x) / slope, at_right = a.y + (width - a.x) / slope;
        double sooner = at_left < at_right ? at_left : at_right, later = at_left < at_right ? at_right : at_left;
        cut[1] = sooner < y0 ? y0 : sooner > y1 ? y1 : sooner;
        cut[2] = later < y0 ? y0 : later > y1 ? y1 : later;
    }
    for (int i = 0; i < 3; i++) {
        if (cut[i] >= cut[i + 1]) {
            continue;
        }
        double middle = a.x + (0.5 * (cut[i] + cut[i + 1]) - a.y) * slope;
        if (middle < 0) {
            add_inner(canvas, 0, cut[i], 0, cut[i + 1], direction);
        } else if (middle <= width) {
            double x0 = a.x + (cut[i] - a.y) * slope, x1 = a.x + (cut[i + 1] - a.y) * slope;
            x0 = x0 < 0 ? 0 : x0 > width ? width : x0;
            x1 = x1 < 0 ? 0 : x1 > width ? width : x1;
            add_inner(canvas, x0, cut[i], x1, cut[i + 1], direction);
        }
    }
}

void mqt_raster_ring(struct mqt_canvas *canvas, const struct mqt_xy *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mqt_raster_edge(canvas, points[i], points[i + 1 < count ? i + 1 : 0]);
    }
}

void mqt_raster_convex(struct mqt_canvas *canvas, const struct mqt_xy *points, size_t count)
{
    double area = 0;
    for (size_t i = 0; i < count; i++) {
        struct mqt_xy a = points[i], b = points[i + 1 < count ? i + 1 : 0];
        area += (a.x - points[0].x) * (b.y - points[0].y) - (b.x - points[0].x) * (a.y - points[0].y);
    }
    for (size_t i = 0; i < count; i++) {
        size_t next = i + 1 < count ? i + 1 : 0;
        mqt_raster_edge(canvas, points[area > 0 ? i : next], points[area > 0 ? next : i]);
    }
}

void mqt_raster_circle(struct mqt_canvas *canvas, struct mqt_xy centre, double radius_px)
{
    enum { MOST = 96 };
    if (!(radius_px > 0) || centre.x + radius_px < 0 || centre.y + radius_px < 0 ||
        centre.x - radius_px > canvas->width_px || centre.y - radius_px > canvas->height_px) {
        return;
    }
    struct mqt_xy points[MOST];
    int count = 12 + (int)(6 * sqrt(radius_px));
    count = count < MOST ? count : MOST;
    for (int i = 0; i < count; i++) {
        double angle = 2 * 3.14159265358979323846 * i / count;
        points[i] = (struct mqt_xy){centre.x + radius_px * cos(angle), centre.y + radius_px * sin(angle)};
    }
    mqt_raster_convex(canvas, points, (size_t)count);
}

/* (from * (255 - alpha) + to * alpha) / 255, rounded, for two channels at once in bits 0-7 and 16-23. */
static uint32_t mix_pair(uint32_t from, uint32_t to, uint32_t alpha)
{
    uint32_t sum = from * (255 - alpha) + to * alpha + 0x00800080u;
    return ((sum + (sum >> 8 & 0x00ff00ffu)) >> 8) & 0x00ff00ffu;
}

static void mix_pixel(uint8_t *pixel, uint32_t colour, uint32_t alpha)
{
    uint32_t value;
    memcpy(&value, pixel, 4);
    value = mix_pair(value & 0x00ff00ffu, colour & 0x00ff00ffu, alpha) |
            mix_pair(value >> 8 & 0x00ff00ffu, colour >> 8 & 0x00ff00ffu, alpha) << 8;
    memcpy(pixel, &value, 4);
}

static void mix_span(uint8_t *pixels, int count, uint32_t colour, uint32_t alpha)
{
    if (alpha == 0) {
        return;
    }
    for (int i = 0; i < count; i++) {
        if (alpha == 255) {
            memcpy(pixels + 4 * i, &colour, 4);
        } else {
            mix_pixel(pixels + 4 * i, colour, alpha);
        }
    }
}

static uint32_t byte_of(float share)
{
    return !(share > 0) ? 0 : share >= 1 ? 255 : (uint32_t)(share * 255 + 0.5f); /* NaN is nothing */
}

/* The colour itself, opaque, in the canvas's byte order. */
static uint32_t opaque_pixel(struct mqt_colour colour)
{
    const uint8_t bytes[4] = {(uint8_t)byte_of(colour.r), (uint8_t)byte_of(colour.g), (uint8_t)byte_of(colour.b), 255};
    uint32_t pixel;
    memcpy(&pixel, bytes, 4);
    return pixel;
}

/* The first entry from at on, up to to, that is not 0; to + 1 when there is none. Most of a map is
 * the inside or the outside of shapes, so many are looked at together. */
static int next_change(const float *row, int at, int to)
{
    uint64_t pairs[4];
    while (at + 7 <= to) {
        memcpy(pairs, row + at, sizeof pairs);
        if ((pairs[0] | pairs[1] | pairs[2] | pairs[3]) != 0) {
            break;
        }
        at += 8;
    }
    while (at <= to && row[at] == 0) {
        at++;
    }
    return at;
}

static void paint_row(struct mqt_canvas *canvas, int y, uint32_t colour, float alpha)
{
    int width = canvas->width_px, x = canvas->row_from[y], to = canvas->row_to[y];
    float *row = canvas->cover + (size_t)y * (size_t)(width + 2);
    uint8_t *pixels = canvas->rgba + 4 * (size_t)y * (size_t)width;
    float sum = 0;
    while (x <= to) {
        sum += row[x];
        row[x] = 0;
        int run = next_change(row, x + 1, to);
        /* Beyond the last change the shape goes on to the border, or there is nothing. */
        int end = run > to ? width : run;
        end = end < width ? end : width;
        float cover = fabsf(sum);
        if (cover > faint && x < end) {
            uint32_t share = byte_of((cover < 1 - faint ? cover : 1) * alpha);
            if (end == x + 1) {
                mix_pixel(pixels + 4 * (size_t)x, colour, share);
            } else {
                mix_span(pixels + 4 * (size_t)x, end - x, colour, share);
            }
        }
        x = run;
    }
    canvas->row_from[y] = width + 2;
    canvas->row_to[y] = -1;
}

void mqt_raster_paint(struct mqt_canvas *canvas, struct mqt_colour colour)
{
    uint32_t pixel = opaque_pixel(colour);
    for (int y = canvas->top; y <= canvas->bottom; y++) {
        paint_row(canvas, y, pixel, colour.a);
    }
    canvas->top = canvas->height_px;
    canvas->bottom = -1;
}

void mqt_raster_flood(struct mqt_canvas *canvas, struct mqt_colour colour)
{
    mix_span(canvas->rgba, canvas->width_px * canvas->height_px, opaque_pixel(colour), byte_of(colour.a));
}

static uint8_t divide_255(uint32_t product)
{
    product += 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

void mqt_raster_blit(struct mqt_canvas *canvas, int x, int y, const uint8_t *rgba, int width_px, int height_px,
                     float opacity)
{
    int left = x < 0 ? -x : 0, top = y < 0 ? -y : 0;
    int right = canvas->width_px - x < width_px ? canvas->width_px - x : width_px;
    int bottom = canvas->height_px - y < height_px ? canvas->height_px - y : height_px;
    uint32_t share = byte_of(opacity);
    for (int sy = top; sy < bottom; sy++) {
        const uint8_t *from = rgba + 4 * (sy * width_px + left);
        uint8_t *to = canvas->rgba + 4 * ((y + sy) * canvas->width_px + x + left);
        for (int sx = left; sx < right; sx++, from += 4, to += 4) {
            if (from[3] == 0) {
                continue;
            }
            uint32_t rest = 255 - divide_255(from[3] * share);
            for (int i = 0; i < 4; i++) {
                uint32_t sum = (uint32_t)divide_255(from[i] * share) + divide_255(to[i] * rest);
                to[i] = (uint8_t)(sum < 255 ? sum : 255);
            }
        }
    }
}

void mqt_canvas_unpremultiply(struct mqt_canvas *canvas)
{
    size_t count = (size_t)canvas->width_px * (size_t)canvas->height_px;
    uint8_t all = 255;
    for (size_t i = 0; i < count; i++) {
        all &= canvas->rgba[4 * i + 3];
    }
    if (all == 255) {
        return; /* a map with a background, as good as always */
    }
    for (uint8_t *pixel = canvas->rgba; count > 0; count--, pixel += 4) {
        uint32_t alpha = pixel[3];
        if (alpha == 255 || alpha == 0) {
            continue;
        }
        for (int i = 0; i < 3; i++) {
            uint32_t value = (pixel[i] * 255u + alpha / 2) / alpha;
            pixel[i] = (uint8_t)(value < 255 ? value : 255);
        }
    }
}
