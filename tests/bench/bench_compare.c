#include "../support/mvt_read.h"
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#define TILE_MAX_BYTES ((size_t)1 << 28)

enum { DIFFERENCES_SHOWN = 20 };

struct tile_list {
    int z;
    struct mqt_tile *tiles;
    size_t count, capacity;
};

static bool note_tile(void *user, const struct mqt_feature *feature)
{
    struct tile_list *list = user;
    int shift = MQT_WORLD_BITS - list->z;
    struct mqt_tile tile = {list->z, (uint32_t)feature->label.x >> shift, (uint32_t)feature->label.y >> shift};
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 1024;
        list->tiles = realloc(list->tiles, list->capacity * sizeof *list->tiles);
        bench_must(list->tiles ? MQT_OK : MQT_ERR_MEMORY, "listing tiles");
    }
    list->tiles[list->count++] = tile;
    return true;
}

static int compare_tiles(const void *a, const void *b)
{
    const struct mqt_tile *left = a;
    const struct mqt_tile *right = b;
    if (left->y != right->y) {
        return left->y < right->y ? -1 : 1;
    }
    return left->x < right->x ? -1 : left->x > right->x;
}

struct mqt_tile *bench_choose_tiles(const struct bench *bench, int z, size_t *count)
{
    struct tile_list list = {.z = z};
    bench_must(mqt_layer_visit(bench->layer, mqt_layer_box(bench->layer), note_tile, &list), "visiting the layer");
    bench_must(list.count > 0 ? MQT_OK : MQT_ERR_NOT_FOUND, "there are no buildings");
    qsort(list.tiles, list.count, sizeof *list.tiles, compare_tiles);
    size_t distinct = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (distinct == 0 || compare_tiles(&list.tiles[distinct - 1], &list.tiles[i]) != 0) {
            list.tiles[distinct++] = list.tiles[i];
        }
    }
    size_t chosen = distinct < bench->most_tiles ? distinct : bench->most_tiles;
    for (size_t i = 0; i < chosen; i++) {
        list.tiles[i] = list.tiles[i * distinct / chosen];
    }
    *count = chosen;
    return list.tiles;
}

static int hex_digit(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* A bytea in PostgreSQL's hex form. */
static void add_hex(struct mqt_buf *out, const char *text, size_t len)
{
    for (size_t i = 2; i + 1 < len; i += 2) {
        mqt_buf_add_byte(out, (uint8_t)(hex_digit(text[i]) << 4 | hex_digit(text[i + 1])));
    }
    bench_must(mqt_buf_err(out), "reading a tile");
}

static struct mvt_tile read_tile(const struct mqt_buf *bytes, const char *whose)
{
    struct mvt_tile tile = {0};
    char why[200] = "";
    if (!mvt_read(bytes->data, bytes->len, &tile, why, sizeof why)) {
        (void)fprintf(stderr, "%s tile: %s\n", whose, why);
        exit(1);
    }
    return tile;
}

static void add_up(const struct mvt_tile *tile, size_t *features, size_t *vertices, size_t *tags, double *area,
                   size_t *invalid)
{
    char why[200];
    for (size_t i = 0; tile->layer_count > 0 && i < tile->layers[0].feature_count; i++) {
        const struct mvt_feature *feature = &tile->layers[0].features[i];
        *vertices += feature->point_count;
        *tags += feature->tag_count;
        *area += (double)mvt_area2(feature) / 2;
        *invalid += !mvt_polygon_valid(feature, why, sizeof why);
        ++*features;
    }
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return *left < *right ? -1 : *left > *right;
}

static uint64_t *sorted_ids(const struct mvt_tile *tile, size_t *count)
{
    *count = tile->layer_count > 0 ? tile->layers[0].feature_count : 0;
    uint64_t *ids = calloc(*count + 1, sizeof *ids);
    bench_must(ids ? MQT_OK : MQT_ERR_MEMORY, "listing features");
    for (size_t i = 0; i < *count; i++) {
        ids[i] = tile->layers[0].features[i].id;
    }
    qsort(ids, *count, sizeof *ids, compare_ids);
    return ids;
}

static void say_difference(const struct bench *bench, struct mqt_tile at, uint64_t id, const char *only)
{
    struct mqt_feature feature;
    if (!mqt_layer_find(bench->layer, id, &feature)) {
        (void)fprintf(stderr, "z%d/%u/%u: feature %llu only in %s, and not in the layer\n", at.z, at.x, at.y,
                      (unsigned long long)id, only);
        return;
    }
    double unit = 1.0 / (double)((int64_t)1 << 19) * (double)((int64_t)1 << at.z); /* of the tile in world units */
    struct mqt_box tile = mqt_tile_box(at, 0);
    (void)fprintf(stderr, "z%d/%u/%u: feature %llu only in %s: box %.2f %.2f %.2f %.2f tile units\n", at.z, at.x, at.y,
                  (unsigned long long)id, only, ((double)feature.box.min_x - tile.min_x) * unit,
                  ((double)feature.box.min_y - tile.min_y) * unit, ((double)feature.box.max_x - tile.min_x) * unit,
                  ((double)feature.box.max_y - tile.min_y) * unit);
}

/* PostGIS's other engine decides who is right: the feature has an area in the tile, or it has none. */
static bool geos_sides_with_us(const struct bench *bench, struct mqt_tile at, uint64_t id, bool ours_only)
{
    double area = bench_sql_area(bench, at, id);
    (void)fprintf(stderr, "  by GEOS its area there is %.3f\n", area);
    return ours_only ? area > 0 : area <= 0;
}

static void count_differences(const struct bench *bench, struct mqt_tile at, const struct mvt_tile *ours,
                              const struct mvt_tile *theirs, struct bench_comparison *sum)
{
    size_t a_count;
    size_t b_count;
    uint64_t *a = sorted_ids(ours, &a_count);
    uint64_t *b = sorted_ids(theirs, &b_count);
    for (size_t i = 0, j = 0; i < a_count || j < b_count;) {
        if (i < a_count && j < b_count && a[i] == b[j]) {
            i++;
            j++;
            continue;
        }
        bool ours_only = j == b_count || (i < a_count && a[i] < b[j]);
        if (++sum->differing <= DIFFERENCES_SHOWN) {
            say_difference(bench, at, ours_only ? a[i] : b[j], ours_only ? "the native tile" : "ST_AsMVT's tile");
        }
        sum->unexplained += !geos_sides_with_us(bench, at, ours_only ? a[i] : b[j], ours_only);
        i += ours_only;
        j += !ours_only;
    }
    free(a);
    free(b);
}

void bench_compare(const struct bench *bench, const struct mqt_tile *tiles, size_t count,
                   struct bench_comparison *comparison)
{
    struct mqt_buf bytes;
    struct bench_comparison sum = {0};
    mqt_buf_init(&bytes, TILE_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        mqt_buf_reset(&bytes);
        bench_must(mqt_mvt_encode(bench->layer, "building", tiles[i], 0, &bytes, NULL), "encoding a tile");
        struct mvt_tile ours = read_tile(&bytes, "native");
        sum.native_bytes += bytes.len;
        mqt_buf_reset(&bytes);
        struct mqt_db_result *result = bench_sql_tile(bench, tiles[i], "mqt_bench_tile");
        size_t len = 0;
        const char *text = mqt_db_value(result, 0, 0, &len);
        add_hex(&bytes, text ? text : "", text ? len : 0);
        mqt_db_result_free(result);
        struct mvt_tile theirs = read_tile(&bytes, "ST_AsMVT's");
        sum.sql_bytes += bytes.len;
        add_up(&ours, &sum.native_features, &sum.native_vertices, &sum.native_tags, &sum.native_area,
               &sum.native_invalid);
        add_up(&theirs, &sum.sql_features, &sum.sql_vertices, &sum.sql_tags, &sum.sql_area, &sum.sql_invalid);
        count_differences(bench, tiles[i], &ours, &theirs, &sum);
        mvt_free(&ours);
        mvt_free(&theirs);
    }
    mqt_buf_clear(&bytes);
    *comparison = sum;
}
