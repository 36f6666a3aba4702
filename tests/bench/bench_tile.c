/* Vector tiles of the building layer: from the resident snapshot against ST_AsMVT in the same
 * database. See tests/bench/README.md for what is measured and how.
 *
 *   bench_tile [--out FILE] [--rounds N] [--tiles N] [--grow N]
 *
 * MQT_DATABASE_URL names the database, MQT_COMMIT what is measured. Exit 1 when the two do not hold
 * the same features.
 */
#include "bench.h"

#include "../../tiles/deflate.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SNAPSHOT_MAX_BYTES ((size_t)8 << 30)
#define TILE_MAX_BYTES ((size_t)1 << 28)

enum { LEAST_NATIVE_US = 20000 /* a native round is repeated until it is long enough to be timed */ };

static double now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void native_tiles(const struct bench *bench, const struct mqt_tile *tiles, size_t count, bool gzip,
                         struct bench_sum *sum)
{
    struct mqt_buf out;
    struct mqt_buf packed;
    mqt_buf_init(&out, TILE_MAX_BYTES);
    mqt_buf_init(&packed, TILE_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct mqt_mvt_stats stats = {0};
        mqt_buf_reset(&out);
        bench_must(mqt_mvt_encode(bench->layer, "building", tiles[i], 0, &out, &stats), "encoding a tile");
        if (gzip) {
            mqt_buf_reset(&packed);
            bench_must(mqt_gzip(out.data, out.len, &packed), "compressing a tile");
        }
        sum->bytes += out.len;
        sum->features += stats.features;
    }
    mqt_buf_clear(&out);
    mqt_buf_clear(&packed);
}

/* Milliseconds a tile. */
static double time_native(const struct bench *bench, const struct mqt_tile *tiles, size_t count, bool gzip)
{
    struct bench_sum sum = {0};
    size_t runs = 0;
    double start = now_us();
    double spent = 0;
    do {
        native_tiles(bench, tiles, count, gzip, &sum);
        runs++;
        spent = now_us() - start;
    } while (spent < LEAST_NATIVE_US);
    return spent / 1e3 / (double)(runs * count);
}

static double time_sql(const struct bench *bench, const struct mqt_tile *tiles, size_t count)
{
    double start = now_us();
    for (size_t i = 0; i < count; i++) {
        struct mqt_db_result *result = bench_sql_tile(bench, tiles[i], "mqt_bench_length");
        mqt_db_result_free(result);
    }
    return (now_us() - start) / 1e3 / (double)count;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return *left < *right ? -1 : *left > *right;
}

static void sort_times(struct bench_times *times)
{
    qsort(times->native, times->rounds, sizeof(double), compare_doubles);
    qsort(times->gzip, times->rounds, sizeof(double), compare_doubles);
    qsort(times->sql, times->rounds, sizeof(double), compare_doubles);
}

/* Native and SQL take turns, so that a slow moment of the machine hits both. */
static void measure_zoom(const struct bench *bench, int z, struct bench_zoom *zoom)
{
    zoom->z = z;
    struct mqt_tile *tiles = bench_choose_tiles(bench, z, &zoom->tiles);
    bench_compare(bench, tiles, zoom->tiles, &zoom->comparison);
    zoom->times.rounds = bench->rounds;
    (void)time_sql(bench, tiles, zoom->tiles); /* warms PostgreSQL's caches; the native side has none */
    for (size_t i = 0; i < bench->rounds; i++) {
        zoom->times.native[i] = time_native(bench, tiles, zoom->tiles, false);
        zoom->times.sql[i] = time_sql(bench, tiles, zoom->tiles);
        zoom->times.gzip[i] = time_native(bench, tiles, zoom->tiles, true);
    }
    sort_times(&zoom->times);
    free(tiles);
    (void)fprintf(stderr, "z%d: %zu tiles, native %.3f ms, ST_AsMVT %.2f ms, %.0f times, %zu ids differ\n", z,
                  zoom->tiles, bench_median(&zoom->times, zoom->times.native),
                  bench_median(&zoom->times, zoom->times.sql),
                  bench_median(&zoom->times, zoom->times.sql) / bench_median(&zoom->times, zoom->times.native),
                  zoom->comparison.differing);
}

static size_t heap_bytes(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Runs the whole comparison over the table that holds the buildings in EPSG:4490. */
static size_t measure(struct bench *bench, const char *table, const char *title, FILE *out)
{
    struct bench_zoom zooms[BENCH_ZOOMS] = {{0}};
    struct mqt_feature_stats stats;
    struct mqt_detail detail = {{0}, {0}};
    bench_make_peer(bench, table);
    struct mqt_catalog_layer described = *bench->described;
    described.served_from = table;
    size_t before = heap_bytes();
    double start = now_us();
    bench_must_say(mqt_feature_load(bench->db, &described, SNAPSHOT_MAX_BYTES, &bench->layer, &stats, &detail),
                   detail.text);
    bench->load_s = (now_us() - start) / 1e6;
    (void)malloc_trim(0);
    bench->heap_bytes = heap_bytes() - before;
    size_t differing = 0;
    for (int z = BENCH_FIRST_ZOOM; z <= BENCH_LAST_ZOOM; z++) {
        measure_zoom(bench, z, &zooms[z - BENCH_FIRST_ZOOM]);
        differing += zooms[z - BENCH_FIRST_ZOOM].comparison.differing;
    }
    bench_report(bench, title, zooms, out);
    mqt_layer_release(bench->layer);
    bench->layer = NULL;
    return differing;
}

static size_t number_after(int argc, char **argv, const char *option, size_t otherwise)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], option) == 0) {
            return (size_t)strtoull(argv[i + 1], NULL, 10);
        }
    }
    return otherwise;
}

static const char *text_after(int argc, char **argv, const char *option)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], option) == 0) {
            return argv[i + 1];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct bench bench = {.rounds = number_after(argc, argv, "--rounds", 5),
                          .most_tiles = number_after(argc, argv, "--tiles", 24)};
    size_t grown = number_after(argc, argv, "--grow", 100000);
    const char *path = text_after(argc, argv, "--out");
    bench.rounds = bench.rounds < 3 ? 3 : bench.rounds > BENCH_MOST_ROUNDS ? BENCH_MOST_ROUNDS : bench.rounds;
    bench_open(&bench);
    FILE *out = path ? fopen(path, "w") : stdout;
    if (!out) {
        (void)fprintf(stderr, "%s cannot be written\n", path);
        return 1;
    }
    bench_report_head(&bench, out);
    size_t differing = measure(&bench, bench.described->served_from, "The sample's buildings", out);
    if (grown > 0) {
        bench_grow(&bench, grown);
        differing += measure(&bench, "pg_temp.grown", "The same buildings repeated over the area", out);
    }
    if (out != stdout && fclose(out) != 0) {
        differing = 1;
    }
    bench_close(&bench);
    return differing > 0;
}
