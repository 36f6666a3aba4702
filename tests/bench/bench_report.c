#include "bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return *left < *right ? -1 : *left > *right;
}

/* The rounds' times, ascending. */
static void sorted_times(const struct bench_cost *costs, size_t rounds, bool cpu, double *sorted)
{
    for (size_t i = 0; i < rounds; i++) {
        sorted[i] = cpu ? costs[i].cpu_ms : costs[i].wall_ms;
    }
    qsort(sorted, rounds, sizeof *sorted, compare_doubles);
}

double bench_median(const struct bench_cost *costs, size_t rounds, bool cpu)
{
    double sorted[BENCH_MOST_ROUNDS];
    sorted_times(costs, rounds, cpu, sorted);
    size_t middle = rounds / 2;
    return rounds % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/* Median (least-most) in milliseconds. */
static void put_times(const struct bench_cost *costs, size_t rounds, FILE *out)
{
    double sorted[BENCH_MOST_ROUNDS];
    sorted_times(costs, rounds, false, sorted);
    (void)fprintf(out, "%.4f (%.4f-%.4f)", bench_median(costs, rounds, false), sorted[0], sorted[rounds - 1]);
}

static void processor(char *name, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    (void)snprintf(name, size, "unknown processor");
    while (file && fgets(line, sizeof line, file)) {
        char *colon = strchr(line, ':');
        if (colon && strncmp(line, "model name", 10) == 0) {
            colon[strcspn(colon, "\n")] = 0;
            (void)snprintf(name, size, "%s", colon + 2);
            break;
        }
    }
    if (file) {
        (void)fclose(file);
    }
}

void bench_report_head(const struct bench *bench, FILE *out)
{
    char cpu[200];
    struct utsname system;
    const char *commit = getenv("MQT_COMMIT");
    processor(cpu, sizeof cpu);
    (void)uname(&system);
    char *date = bench_sql_text(bench, "select to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI')");
    char *postgres = bench_sql_text(bench, "select 'PostgreSQL ' || split_part(version(), ' ', 2) || ', PostGIS ' || "
                                           "postgis_lib_version()");
    (void)fprintf(out, "# Vector tiles: resident snapshot against ST_AsMVT\n\n");
    (void)fprintf(out, "Written by `make bench`; what the columns mean is in README.md.\n\n");
    (void)fprintf(out, "- machine: %s, %s %s\n- peer: %s, one backend, warm\n", cpu, system.sysname, system.release,
                  postgres);
    (void)fprintf(out, "- compiler: %s %s\n- commit: %s\n- date: %s UTC\n", __VERSION__, "-O2",
                  commit ? commit : "not said", date);
    (void)fprintf(out, "- %zu rounds, native and ST_AsMVT in turn\n\n", bench->rounds);
    free(date);
    free(postgres);
}

static void report_times(const struct bench_zoom *zooms, FILE *out)
{
    (void)fprintf(out, "| zoom | tiles | native ms a tile (min-max) | ST_AsMVT ms a tile (min-max) | ratio | ratio of "
                       "processor time | native + gzip ms | ratio with gzip |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < BENCH_ZOOMS; i++) {
        const struct bench_times *times = &zooms[i].times;
        size_t rounds = times->rounds;
        double sql = bench_median(times->sql, rounds, false);
        double gzip = bench_median(times->gzip, rounds, false);
        double sql_cpu = bench_median(times->sql, rounds, true);
        (void)fprintf(out, "| z%d | %zu | ", zooms[i].z, zooms[i].tiles);
        put_times(times->native, rounds, out);
        (void)fprintf(out, " | ");
        put_times(times->sql, rounds, out);
        (void)fprintf(out, " | %.0f | ", sql / bench_median(times->native, rounds, false));
        if (sql_cpu > 0) {
            (void)fprintf(out, "%.0f", sql_cpu / bench_median(times->native, rounds, true));
        }
        (void)fprintf(out, " | %.4f | %.0f |\n", gzip, sql / gzip);
    }
}

static void report_contents(const struct bench_zoom *zooms, FILE *out)
{
    (void)fprintf(out, "\n| zoom | features native / ST_AsMVT | ids that differ (GEOS not with us) | attributes native "
                       "/ ST_AsMVT | vertices "
                       "native / ST_AsMVT | area native / ST_AsMVT | kB native / ST_AsMVT | invalid polygons native / "
                       "ST_AsMVT |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < BENCH_ZOOMS; i++) {
        const struct bench_comparison *c = &zooms[i].comparison;
        (void)fprintf(out, "| z%d | %zu / %zu | %zu (%zu) | %zu / %zu | %zu / %zu | %.4f | %.0f / %.0f | %zu / %zu |\n",
                      zooms[i].z, c->native_features, c->sql_features, c->differing, c->unexplained, c->native_tags,
                      c->sql_tags, c->native_vertices, c->sql_vertices,
                      c->sql_area > 0 ? c->native_area / c->sql_area : 0, (double)c->native_bytes / 1e3,
                      (double)c->sql_bytes / 1e3, c->native_invalid, c->sql_invalid);
    }
}

void bench_report(const struct bench *bench, const char *title, const struct bench_zoom *zooms, FILE *out)
{
    double count = (double)mqt_layer_count(bench->layer);
    char *vertices = bench_sql_text(bench, "select round(avg(st_npoints(geom)) - 1, 1) from pg_temp.peer");
    char *heap = bench_sql_text(bench, "select pg_table_size('pg_temp.peer')");
    char *index = bench_sql_text(bench, "select pg_indexes_size('pg_temp.peer')");
    double heap_mb = strtod(heap, NULL) / count * 1e5 / 1e6;
    double index_mb = strtod(index, NULL) / count * 1e5 / 1e6;
    double ours_mb = (double)bench->heap_bytes / count * 1e5 / 1e6;
    (void)fprintf(out, "## %s: %.0f, %s vertices each, %zu attributes\n\n", title, count, vertices,
                  bench->described->column_count);
    report_times(zooms, out);
    report_contents(zooms, out);
    (void)fprintf(out,
                  "\nMemory for 100,000 buildings: %.1f MB taken from malloc (%.1f MB by the layer's own account), "
                  "against %.1f MB in PostGIS (heap %.1f, GiST %.1f): %.2f of it. Reading, indexing and checking took "
                  "%.2f s.\n\n",
                  ours_mb, (double)mqt_layer_bytes(bench->layer) / count * 1e5 / 1e6, heap_mb + index_mb, heap_mb,
                  index_mb, ours_mb / (heap_mb + index_mb), bench->load_s);
    free(vertices);
    free(heap);
    free(index);
}
