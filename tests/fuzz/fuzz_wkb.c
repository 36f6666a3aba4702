/* Well-known binary from outside: whatever the bytes, they are refused or become a layer whose tile
 * is valid. First byte: the layer's shape. */
#include "../../tiles/mvt.h"
#include "../support/mvt_read.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_BYTES ((size_t)1 << 26)

enum { MOST_POINTS = 400 /* checking a polygon takes the square of it */ };

static bool small(void *user, const struct mqt_feature *feature)
{
    size_t *points = user;
    *points = feature->point_count;
    return false;
}

/* The tile that is about as large as the layer, and the one in its middle four zooms below. */
static void check_tiles(const struct mqt_layer *layer)
{
    struct mqt_box box = mqt_layer_box(layer);
    int32_t extent = box.max_x - box.min_x > box.max_y - box.min_y ? box.max_x - box.min_x : box.max_y - box.min_y;
    int z = 0;
    while (z < MQT_MAX_ZOOM && MQT_WORLD_SIZE >> (z + 1) > extent) {
        z++;
    }
    for (int i = 0; i < 2; i++, z = z + 4 < MQT_MAX_ZOOM ? z + 4 : MQT_MAX_ZOOM) {
        uint32_t x = (uint32_t)(((int64_t)box.min_x + box.max_x) / 2);
        uint32_t y = (uint32_t)(((int64_t)box.min_y + box.max_y) / 2);
        struct mqt_tile at = {z, x >> (MQT_WORLD_BITS - z), y >> (MQT_WORLD_BITS - z)};
        struct mqt_buf out;
        struct mvt_tile tile;
        char why[200] = "";
        mqt_buf_init(&out, MAX_BYTES);
        bool good =
            !mqt_mvt_encode(layer, "fuzz", at, 0, &out, NULL) && mvt_read(out.data, out.len, &tile, why, sizeof why);
        for (size_t j = 0; good && tile.layer_count > 0 && j < tile.layers[0].feature_count; j++) {
            good = mvt_polygon_valid(&tile.layers[0].features[j], why, sizeof why);
        }
        if (!good) {
            (void)fprintf(stderr, "z%d: %s\n", z, why);
            abort();
        }
        mvt_free(&tile);
        mqt_buf_clear(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_layer_builder *builder = NULL;
    struct mqt_layer *layer = NULL;
    size_t points = 0;
    if (size < 1) {
        return 0;
    }
    enum mqt_shape shape = (enum mqt_shape)(data[0] % 3 + 1);
    if (mqt_layer_builder_new(NULL, 0, shape, MAX_BYTES, &builder)) {
        return 0;
    }
    if (mqt_layer_builder_add_wkb(builder, 1, data + 1, size - 1, NULL, NULL)) {
        mqt_layer_builder_free(builder);
        return 0;
    }
    if (mqt_layer_builder_finish(builder, &layer)) {
        abort();
    }
    if (!mqt_layer_visit(layer, mqt_layer_box(layer), small, &points) && points <= MOST_POINTS) {
        check_tiles(layer);
    }
    mqt_layer_release(layer);
    return 0;
}
