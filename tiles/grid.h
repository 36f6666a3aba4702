/* World coordinates and tile addresses.
 *
 * A world coordinate is a pair of integers on a 2^31 x 2^31 grid over the Web Mercator square
 * (EPSG:3857): x grows east from 180 W, y grows south from 85.0511287798 N; one unit is 1.9 cm at
 * the equator. Tile (z, x, y) covers 2^(31-z) units a side, y counted from the north (XYZ).
 * Longitudes and latitudes are degrees in EPSG:4490 (CGCS2000), which here is taken as WGS 84:
 * they differ by centimetres. Pure functions; any thread.
 */
#ifndef MQT_GRID_H
#define MQT_GRID_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

#define MQT_WORLD_BITS 31
#define MQT_WORLD_SIZE ((int64_t)1 << MQT_WORLD_BITS)
#define MQT_MAX_ZOOM 22
#define MQT_MAX_LATITUDE_DEG 85.05112877980659
#define MQT_MERCATOR_HALF_M 20037508.342789244 /* pi * 6378137, EPSG:3857 */

struct mqt_point {
    int32_t x, y; /* world units, 0 .. 2^31-1 */
};

struct mqt_box {
    int32_t min_x, min_y, max_x, max_y; /* world units, inclusive; empty when min > max */
};

struct mqt_tile {
    int z;
    uint32_t x, y; /* 0 .. 2^z-1 */
};

bool mqt_tile_valid(struct mqt_tile tile);

/* The tile's square grown by margin/256 of its side on every side, cut to the world. */
struct mqt_box mqt_tile_box(struct mqt_tile tile, int margin_256ths);

/* false when the position lies outside the Web Mercator square or is not finite. */
bool mqt_grid_from_degrees(double lon_deg, double lat_deg, struct mqt_point *point) MQT_MUST_USE;
void mqt_grid_to_degrees(struct mqt_point point, double *lon_deg, double *lat_deg);

bool mqt_box_intersects(struct mqt_box a, struct mqt_box b);
bool mqt_box_is_empty(struct mqt_box box);
struct mqt_box mqt_box_empty(void);
struct mqt_box mqt_box_union(struct mqt_box a, struct mqt_box b);

#endif
