/* Raster tiles of the 电子民情图 from layer snapshots and a style.
 *
 * Pure but for the sprite cache inside the fonts; any thread. Shapes are drawn by our own
 * antialiasing coverage rasteriser; labels are placed by priority without overlap, and a label
 * that crosses a tile border is drawn in both tiles.
 */
#ifndef MQT_DRAW_H
#define MQT_DRAW_H

#include "buf.h"
#include "layer.h"
#include "style.h"
#include "text.h"

struct mqt_draw_source {
    const char *name; /* catalogue layer id, as in the style's source-layer */
    const struct mqt_layer *layer;
};

/* Appends a PNG of size_px (256 or 512; 512 is the same area at twice the detail). The style's zoom
 * is that of a browser map showing the tile pixel for pixel: z at 512 px, z - 1 at 256. fonts may
 * be NULL: no labels. Style layers whose source is not among sources are skipped. Line labels stand
 * level at the line's middle. */
enum mqt_err mqt_draw_png(const struct mqt_style *style, const struct mqt_draw_source *sources, size_t source_count,
                          struct mqt_tile tile, int size_px, struct mqt_fonts *fonts, struct mqt_buf *out) MQT_MUST_USE;

#endif
