/* Vector tiles of the building layer: from the resident snapshot against ST_AsMVT in the same
 * database. See tests/bench/README.md for what is measured and how.
 *
 *   bench_tile [--out FILE] [--rounds N] [--tiles N] [--grow N]
 *
 * MQT_DATABASE_URL names the database, MQT_COMMIT what is measured. Exit 1 when the two do not hold
 * the same features and GEOS does not say that the native tile is right.
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

static double clock_us(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
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

static struct bench_cost time_native(const struct bench *bench, const struct mqt_tile *tiles, size_t count, bool gzip)
{
    struct bench_sum sum = {0};
    size_t runs = 0;
    double start = clock_us(CLOCK_MONOTONIC);
    double cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
    double spent = 0;
    do {
        native_tiles(bench, tiles, count, gzip, &sum);
        runs++;
        spent = clock_us(CLOCK_MONOTONIC) - start;
    } while (spent < LEAST_NATIVE_US);
    cpu = clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
    double tiles_made = (double)(runs * count);
    return (struct bench_cost){spent / 1e3 / tiles_made, cpu / 1e3 / tiles_made};
}

static struct bench_cost time_sql(const struct bench *bench, const struct mqt_tile *tiles, size_t count)
{
    double start = clock_us(CLOCK_MONOTONIC);
    double cpu = bench_backend_us(bench);
    for (size_t i = 0; i < count; i++) {
        mqt_db_result_free(bench_sql_tile(bench, tiles[i], "mqt_bench_length"));
    }
    cpu = bench_backend_us(bench) - cpu;
    double spent = clock_us(CLOCK_MONOTONIC) - start;
    return (struct bench_cost){spent / 1e3 / (double)count, cpu / 1e3 / (double)count};
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
    free(tiles);
    double native = bench_median(zoom->times.native, bench->rounds, false);
    double sql = bench_median(zoom->times.sql, bench->rounds, false);
    (void)fprintf(stderr, "z%d: %zu tiles, native %.3f ms, ST_AsMVT %.2f ms, %.0f times, %zu ids differ\n", z,
                  zoom->tiles, native, sql, sql / native, zoom->comparison.differing);
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
    double start = clock_us(CLOCK_MONOTONIC);
    bench_must_say(mqt_feature_load(bench->db, &described, SNAPSHOT_MAX_BYTES, &bench->layer, &stats, &detail),
                   detail.text);
    bench->load_s = (clock_us(CLOCK_MONOTONIC) - start) / 1e6;
    (void)malloc_trim(0);
    bench->heap_bytes = heap_bytes() - before;
    size_t unexplained = 0;
    for (int z = BENCH_FIRST_ZOOM; z <= BENCH_LAST_ZOOM; z++) {
        measure_zoom(bench, z, &zooms[z - BENCH_FIRST_ZOOM]);
        unexplained += zooms[z - BENCH_FIRST_ZOOM].comparison.unexplained;
    }
    bench_report(bench, title, zooms, out);
    mqt_layer_release(bench->layer);
    bench->layer = NULL;
    return unexplained;
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
    size_t unexplained = measure(&bench, bench.described->served_from, "The sample's buildings", out);
    if (grown > 0) {
        bench_grow(&bench, grown);
        unexplained += measure(&bench, "pg_temp.grown", "The same buildings repeated over the area", out);
    }
    if (out != stdout && fclose(out) != 0) {
        unexplained = 1;
    }
    bench_close(&bench);
    return unexplained > 0;
}
