/* Reads vector tiles back for tests and benchmarks, and says what breaks the specification.
 *
 * Strict: anything that Mapbox Vector Tile 2.1 forbids makes mvt_read fail with a sentence. Bytes
 * are not trusted. A tile owns copies of all it holds; free it with mvt_free. One thread.
 */
#ifndef MVT_READ_H
#define MVT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mvt_point {
    int32_t x, y;
};

struct mvt_tag {
    uint32_t key, value; /* into the layer's keys and values */
};

struct mvt_feature {
    bool has_id;
    uint64_t id;
    uint32_t type; /* 1 point, 2 line, 3 polygon */
    struct mvt_tag *tags;
    size_t tag_count;
    struct mvt_point *points;
    size_t point_count;
    uint32_t *parts; /* points in each line or ring; one part for all points */
    size_t part_count;
};

struct mvt_value {
    char kind; /* 's' text, 'f' float or double, 'i' any integer, 'b' bool */
    char *text;
    double number;
    int64_t integer;
};

struct mvt_layer {
    char *name;
    uint32_t version, extent;
    char **keys;
    size_t key_count;
    struct mvt_value *values;
    size_t value_count;
    struct mvt_feature *features;
    size_t feature_count;
};

struct mvt_tile {
    struct mvt_layer *layers;
    size_t layer_count;
};

/* why (of why_size bytes) says what is wrong; tile needs no mvt_free then. */
bool mvt_read(const uint8_t *bytes, size_t len, struct mvt_tile *tile, char *why, size_t why_size);
void mvt_free(struct mvt_tile *tile);

const struct mvt_feature *mvt_find(const struct mvt_layer *layer, uint64_t id);
/* The feature's value under a key, or NULL. */
const struct mvt_value *mvt_value_of(const struct mvt_layer *layer, const struct mvt_feature *feature, const char *key);
/* Twice the area that the feature's rings enclose, tile units. */
int64_t mvt_area2(const struct mvt_feature *feature);
/* The demands on polygons that cost more to check: every ring is simple, no two rings of a feature
 * cross or share an edge, each hole lies within its outer ring. True for points and lines. */
bool mvt_polygon_valid(const struct mvt_feature *feature, char *why, size_t why_size);

#endif
