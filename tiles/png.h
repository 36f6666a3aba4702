/* PNG writer (W3C PNG, third edition) for map and heat tiles. Pure; any thread. */
#ifndef MQT_PNG_H
#define MQT_PNG_H

#include "buf.h"

/* 8-bit palette image: indices has width * height bytes row by row; palette_rgba holds
 * palette_size (1..256) colours of 4 bytes, alpha not premultiplied. */
enum mqt_err mqt_png_palette(const uint8_t *indices, int width_px, int height_px, const uint8_t *palette_rgba,
                             int palette_size, struct mqt_buf *out) MQT_MUST_USE;

/* 4 bytes a pixel, R G B A, alpha not premultiplied. An opaque image is written without alpha. */
enum mqt_err mqt_png_rgba(const uint8_t *rgba, int width_px, int height_px, struct mqt_buf *out) MQT_MUST_USE;

#endif
