/* Weighted points to a smooth density over one tile: the arithmetic behind heat tiles.
 *
 * Points are gathered on a grid of cells of 4 px (at 256 px a tile) whose corners are fixed in
 * world units, blurred with a Gaussian and read out between the cells; in all a Gaussian of 10 px
 * that ends at 48 px. A cell's sum does not depend on the tile that asks, so neighbours join
 * exactly, and 512 px show the same field at twice the detail. One thread at a time.
 */
#ifndef MQT_DENSITY_H
#define MQT_DENSITY_H

#include "grid.h"

/* What the tile must see beyond its border, in 256ths of its side. */
#define MQT_DENSITY_MARGIN_256THS 48
/* Radius within which tickets are counted for privacy, px at 256 px a tile. */
#define MQT_DENSITY_COUNT_RADIUS_PX 20

struct mqt_density;

enum mqt_err mqt_density_new(struct mqt_tile tile, struct mqt_density **density) MQT_MUST_USE;
void mqt_density_free(struct mqt_density *density);

/* Points beyond the margin are ignored. The order of calls must not depend on the tile. */
void mqt_density_add(struct mqt_density *density, struct mqt_point place, float weight);

/* Ends the gathering. Cells with fewer than least points within the count radius are emptied.
 * The heat fades towards them. Returns whether anything is left above 0. */
bool mqt_density_blur(struct mqt_density *density, int least);

/* Row y of size_px rows of size_px values (256 or 512), 1.0 being one point of weight 1 at its own
 * place. To be called after mqt_density_blur. Returns false when all of them are 0. */
bool mqt_density_row(const struct mqt_density *density, int size_px, int y, float *row);

#endif
