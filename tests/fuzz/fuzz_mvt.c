/* Shapes that the bytes spell, small enough that snapping and clipping hurt them: every tile that
 * comes out must be valid. First byte: zoom; then a ring or line of pairs of steps, a pair of zeros
 * begins the next one. */
#include "../../tiles/mvt.h"
#include "../support/mvt_read.h"
#include "../support/wkb_make.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_BYTES ((size_t)1 << 26)

enum { MOST_POINTS = 64, MOST_BYTES = 400, PLACE_X = 13489, PLACE_Y = 6200, PLACE_ZOOM = 14 };

static void add_ring(struct mqt_layer_builder *builder, uint64_t id, const struct mqt_point *points, size_t count)
{
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, points, count);
    /* Rings without area are refused, which is right. */
    (void)!mqt_layer_builder_add_wkb(builder, id, wkb.data, wkb.len, NULL, NULL);
    mqt_buf_clear(&wkb);
}

static void add_rings(struct mqt_layer_builder *builder, int z, const uint8_t *data, size_t size)
{
    struct mqt_point points[MOST_POINTS];
    size_t count = 0;
    uint64_t id = 0;
    const int32_t unit = z < 19 ? 1 << (19 - z) : 1;
    struct mqt_point at = {PLACE_X << (31 - PLACE_ZOOM), PLACE_Y << (31 - PLACE_ZOOM)};
    for (size_t i = 0; i + 1 < size; i += 2) {
        int8_t dx = (int8_t)data[i];
        int8_t dy = (int8_t)data[i + 1];
        if ((dx == 0 && dy == 0) || count == MOST_POINTS) {
            add_ring(builder, ++id, points, count);
            count = 0;
            continue;
        }
        at.x += dx * unit / 4; /* quarters of the zoom's unit */
        at.y += dy * unit / 4;
        points[count++] = at;
    }
    if (count > 0) {
        add_ring(builder, ++id, points, count);
    }
}

static void check_tile(const struct mqt_layer *layer, struct mqt_tile at)
{
    struct mqt_buf out;
    struct mvt_tile tile;
    char why[200] = "";
    mqt_buf_init(&out, MAX_BYTES);
    bool good =
        !mqt_mvt_encode(layer, "fuzz", at, 0, &out, NULL) && mvt_read(out.data, out.len, &tile, why, sizeof why);
    for (size_t i = 0; good && tile.layer_count > 0 && i < tile.layers[0].feature_count; i++) {
        good = mvt_polygon_valid(&tile.layers[0].features[i], why, sizeof why);
    }
    if (!good) {
        (void)fprintf(stderr, "z%d: %s\n", at.z, why);
        abort();
    }
    mvt_free(&tile);
    mqt_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_layer_builder *builder = NULL;
    struct mqt_layer *layer = NULL;
    if (size < 2 || size > MOST_BYTES || mqt_layer_builder_new(NULL, 0, MQT_SHAPE_POLYGON, MAX_BYTES, &builder)) {
        return 0;
    }
    int z = 10 + data[0] % 13;
    add_rings(builder, z, data + 1, size - 1);
    if (mqt_layer_builder_finish(builder, &layer)) {
        abort();
    }
    uint32_t x = (uint32_t)PLACE_X << (31 - PLACE_ZOOM) >> (31 - z);
    uint32_t y = (uint32_t)PLACE_Y << (31 - PLACE_ZOOM) >> (31 - z);
    check_tile(layer, (struct mqt_tile){z, x, y});
    check_tile(layer, (struct mqt_tile){z, x - 1, y});
    check_tile(layer, (struct mqt_tile){z - 1, x / 2, y / 2});
    mqt_layer_release(layer);
    return 0;
}
