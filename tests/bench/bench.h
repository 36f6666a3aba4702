/* What the parts of bench_tile share. Everything here ends the program when something fails. */
#ifndef BENCH_H
#define BENCH_H

#include "../../schema/feature.h"
#include "../../tiles/mvt.h"

#include <stdio.h>

enum { BENCH_FIRST_ZOOM = 12, BENCH_LAST_ZOOM = 18, BENCH_ZOOMS = 7, BENCH_MOST_ROUNDS = 9 };

struct bench {
    size_t rounds, most_tiles;
    struct mqt_db_pool *pool;
    struct mqt_db *db;
    int backend_pid; /* of db; 0 when its processor time cannot be read */
    struct mqt_catalog *catalog;
    const struct mqt_catalog_layer *described; /* the catalogue's building layer */
    struct mqt_layer *layer;                   /* of the table that is measured */
    size_t heap_bytes;                         /* that the layer took from malloc */
    double load_s;
};

struct bench_sum {
    size_t bytes, features;
};

/* Milliseconds a tile: by the clock, and of processor time (0: not known). */
struct bench_cost {
    double wall_ms, cpu_ms;
};

/* One cost a round. */
struct bench_times {
    size_t rounds;
    struct bench_cost native[BENCH_MOST_ROUNDS], gzip[BENCH_MOST_ROUNDS], sql[BENCH_MOST_ROUNDS];
};

struct bench_comparison {
    size_t native_features, sql_features; /* in all tiles */
    size_t differing;                     /* features that only one side has, in some tile */
    size_t unexplained;                   /* of those, where GEOS does not side with us */
    size_t native_vertices, sql_vertices;
    size_t native_bytes, sql_bytes;
    double native_area, sql_area;       /* tile units */
    size_t native_invalid, sql_invalid; /* polygons that break the specification */
    size_t native_tags, sql_tags;       /* attributes present */
};

struct bench_zoom {
    int z;
    size_t tiles;
    struct bench_times times;
    struct bench_comparison comparison;
};

void bench_must(enum mqt_err err, const char *what);
void bench_must_say(enum mqt_err err, const char *text);

void bench_open(struct bench *bench);
void bench_close(struct bench *bench);
/* The table in EPSG:3857 with its index, temporary, that ST_AsMVT reads. */
void bench_make_peer(struct bench *bench, const char *table);
/* pg_temp.grown: the sample's buildings repeated side by side until there are count of them. */
void bench_grow(struct bench *bench, size_t count);
/* Runs a prepared statement: mqt_bench_tile gives the tile, mqt_bench_length its length alone. */
struct mqt_db_result *bench_sql_tile(const struct bench *bench, struct mqt_tile tile, const char *statement);
/* The area that GEOS finds of the feature, snapped by PostGIS, within the buffered tile; < 0: none such. */
double bench_sql_area(const struct bench *bench, struct mqt_tile tile, uint64_t id);
/* Processor time that the backend has used, microseconds; 0 when not known. */
double bench_backend_us(const struct bench *bench);
/* One value of a query without parameters, to be freed; "" for null. */
char *bench_sql_text(const struct bench *bench, const char *sql);

/* Up to most_tiles distinct tiles with buildings, spread evenly. To be freed. */
struct mqt_tile *bench_choose_tiles(const struct bench *bench, int z, size_t *count);
void bench_compare(const struct bench *bench, const struct mqt_tile *tiles, size_t count,
                   struct bench_comparison *comparison);

/* Median of the wall (or processor) times of the rounds. */
double bench_median(const struct bench_cost *costs, size_t rounds, bool cpu);
void bench_report_head(const struct bench *bench, FILE *out);
void bench_report(const struct bench *bench, const char *title, const struct bench_zoom *zooms, FILE *out);

#endif
