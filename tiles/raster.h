/* An antialiasing rasteriser for small canvases: shapes add up exact pixel coverage, then one colour
 * is laid through it.
 *
 * Coordinates are pixels, x right, y down, pixel (0, 0) covering [0, 1) x [0, 1); shapes may reach
 * far beyond the canvas. Add rings, strokes and circles, then paint: what was added between two
 * paints is one shape, so its parts do not darken each other. Rings add by direction: a hole runs
 * against its outer ring. Strokes and circles always add. The canvas holds premultiplied R G B A.
 * One thread at a time.
 */
#ifndef MQT_RASTER_H
#define MQT_RASTER_H

#include "colour.h"
#include "style_layers.h"

#include <stdint.h>

struct mqt_canvas {
    int width_px, height_px;
    uint8_t *rgba;          /* premultiplied, row by row */
    float *cover;           /* per row width + 2 differences of coverage from pixel to pixel */
    int *row_from, *row_to; /* per row: touched part of cover */
    int top, bottom;        /* touched rows; none when top > bottom */
};

struct mqt_xy {
    double x, y;
};

struct mqt_pen {
    double width_px;
    enum mqt_line_cap cap;
    enum mqt_line_join join;
    const float *dashes; /* in line widths: on, off, … */
    size_t dash_count;   /* 0: solid */
    /* Dashes are laid along the ground instead of along the line, so that a border that two
     * neighbours share gets the same dashes from both. dash_origin is the world's corner in pixels. */
    bool dash_by_place;
    struct mqt_xy dash_origin;
};

/* Transparent. */
enum mqt_err mqt_canvas_init(struct mqt_canvas *canvas, int width_px, int height_px) MQT_MUST_USE;
void mqt_canvas_clear(struct mqt_canvas *canvas);

/* One side of a shape; the sides of a shape must close. */
void mqt_raster_edge(struct mqt_canvas *canvas, struct mqt_xy a, struct mqt_xy b);
void mqt_raster_ring(struct mqt_canvas *canvas, const struct mqt_xy *points, size_t count);
/* A convex shape that adds whichever way it runs. */
void mqt_raster_convex(struct mqt_canvas *canvas, const struct mqt_xy *points, size_t count);
void mqt_raster_circle(struct mqt_canvas *canvas, struct mqt_xy centre, double radius_px);
void mqt_raster_stroke(struct mqt_canvas *canvas, const struct mqt_xy *points, size_t count, bool closed,
                       const struct mqt_pen *pen);

/* Lays the colour over everything added since the last paint. */
void mqt_raster_paint(struct mqt_canvas *canvas, struct mqt_colour colour);
/* Lays the colour over the whole canvas. */
void mqt_raster_flood(struct mqt_canvas *canvas, struct mqt_colour colour);
/* Lays a premultiplied picture with its upper left corner at (x, y), times opacity 0 to 1. */
void mqt_raster_blit(struct mqt_canvas *canvas, int x, int y, const uint8_t *rgba, int width_px, int height_px,
                     float opacity);

/* Divides colour by alpha, as PNG wants it. */
void mqt_canvas_unpremultiply(struct mqt_canvas *canvas);

#endif
