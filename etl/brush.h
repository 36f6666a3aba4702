/* Simple shapes in flat colours, from which the sample's pictures are put together.
 *
 * A canvas of MQT_BRUSH_WIDTH_PX x MQT_BRUSH_HEIGHT_PX over tiles/raster.h; x right, y down, pixels.
 * Colours are 0xRRGGBB. A small random stream belongs to the brush, so that the same seed draws the
 * same picture. Owned by the caller; one thread.
 */
#ifndef MQT_BRUSH_H
#define MQT_BRUSH_H

#include "random.h"

#include "../tiles/err.h"

enum { MQT_BRUSH_WIDTH_PX = 640, MQT_BRUSH_HEIGHT_PX = 480 };

/* A point of the picture. */
struct mqt_dot {
    double x, y;
};

struct mqt_canvas;

struct mqt_brush {
    struct mqt_canvas *canvas;
    struct mqt_random random;
};

enum mqt_err mqt_brush_init(struct mqt_brush *brush, uint64_t seed) MQT_MUST_USE;
void mqt_brush_clear(struct mqt_brush *brush);

/* The pixels, R G B A row by row; opaque once the whole canvas was painted. */
const uint8_t *mqt_brush_pixels(const struct mqt_brush *brush);

/* The colour lightened (amount > 0) or darkened (< 0), -1 to 1. */
uint32_t mqt_brush_shade(uint32_t rgb, double amount);

/* A shape of up to 64 corners; alpha 0 to 1. */
void mqt_brush_poly(struct mqt_brush *brush, uint32_t rgb, double alpha, const struct mqt_dot *corners, size_t count);
#define mqt_brush_shape(brush, rgb, alpha, ...)                                                                        \
    mqt_brush_poly((brush), (rgb), (alpha), (const struct mqt_dot[]){__VA_ARGS__},                                     \
                   sizeof((const struct mqt_dot[]){__VA_ARGS__}) / sizeof(struct mqt_dot))
void mqt_brush_rect(struct mqt_brush *brush, uint32_t rgb, double x, double y, double width, double height);
/* From one colour at the top to another one at the bottom. */
void mqt_brush_fade(struct mqt_brush *brush, uint32_t top, uint32_t bottom, double y, double height);
void mqt_brush_line(struct mqt_brush *brush, uint32_t rgb, double width_px, struct mqt_dot a, struct mqt_dot b);
void mqt_brush_ellipse(struct mqt_brush *brush, uint32_t rgb, double alpha, struct mqt_dot centre, double rx,
                       double ry);
/* A ring that is drawn, not filled. */
void mqt_brush_hoop(struct mqt_brush *brush, uint32_t rgb, double width_px, struct mqt_dot centre, double radius);
/* An ellipse with an uneven rim; rough 0 to 1. */
void mqt_brush_blob(struct mqt_brush *brush, uint32_t rgb, double alpha, struct mqt_dot centre, double rx, double ry,
                    double rough);

/* The corners darker than the middle, as lenses do it. */
void mqt_brush_vignette(struct mqt_brush *brush, double strength);
void mqt_brush_mirror(struct mqt_brush *brush);

#endif
