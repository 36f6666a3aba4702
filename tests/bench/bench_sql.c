#include "bench.h"

#include <stdlib.h>
#include <string.h>

#define SQL_MAX_BYTES ((size_t)1 << 20)

void bench_must_say(enum mqt_err err, const char *text)
{
    if (err) {
        (void)fprintf(stderr, "bench_tile: %s (%s)\n", text, mqt_err_name(err));
        exit(1);
    }
}

void bench_must(enum mqt_err err, const char *what)
{
    bench_must_say(err, what);
}

static void run_sql(const struct bench *bench, const char *sql)
{
    struct mqt_detail detail = {{0}, {0}};
    bench_must_say(mqt_db_exec(bench->db, sql, &detail), detail.text);
}

/* Ends buf as a string, runs it and empties it. */
static void run_buf(const struct bench *bench, struct mqt_buf *sql)
{
    mqt_buf_add_byte(sql, 0);
    bench_must(mqt_buf_err(sql), "writing SQL");
    run_sql(bench, (const char *)sql->data);
    mqt_buf_reset(sql);
}

/* What the kernel's scheduler counts for the backend, when it runs on this machine. */
double bench_backend_us(const struct bench *bench)
{
    char path[64];
    unsigned long long ns = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/schedstat", bench->backend_pid);
    FILE *file = bench->backend_pid > 0 ? fopen(path, "r") : NULL;
    if (file) {
        if (fscanf(file, "%llu", &ns) != 1) {
            ns = 0;
        }
        (void)fclose(file);
    }
    return (double)ns / 1e3;
}

static int find_backend(const struct bench *bench)
{
    char path[64];
    char name[64] = "";
    char *pid = bench_sql_text(bench, "select case when inet_server_addr() is null then pg_backend_pid() else 0 end");
    (void)snprintf(path, sizeof path, "/proc/%s/comm", pid);
    FILE *file = fopen(path, "r");
    if (file && !fgets(name, sizeof name, file)) {
        name[0] = 0;
    }
    if (file) {
        (void)fclose(file);
    }
    int found = strncmp(name, "postgres", 8) == 0 ? atoi(pid) : 0;
    free(pid);
    return found;
}

void bench_open(struct bench *bench)
{
    struct mqt_detail detail = {{0}, {0}};
    struct mqt_db_pool_config config = {
        .url = getenv("MQT_DATABASE_URL"),
        .role = "mqt_etl",
        .application = "bench_tile",
        .max_connections = 1,
        .connect_timeout_s = 5,
    };
    bench_must(mqt_db_pool_new(&config, &bench->pool), "making a pool");
    bench_must_say(mqt_db_take(bench->pool, 1000, &bench->db, &detail), detail.text);
    bench_must_say(mqt_catalog_read(bench->db, &bench->catalog, &detail), detail.text);
    bench->described = mqt_catalog_find(bench->catalog, "building");
    bench_must(bench->described ? MQT_OK : MQT_ERR_NOT_FOUND, "the catalogue has no layer building");
    /* One core against one core, and no compiling: both make the peer faster at these sizes. */
    run_sql(bench, "set max_parallel_workers_per_gather = 0; set jit = off; set client_min_messages = warning; "
                   "set temp_buffers = '1GB'");
    bench->backend_pid = find_backend(bench);
}

void bench_close(struct bench *bench)
{
    mqt_catalog_release(bench->catalog);
    mqt_db_give(bench->db);
    mqt_db_pool_free(bench->pool);
}

static void add_columns(const struct bench *bench, struct mqt_buf *sql)
{
    for (size_t i = 0; i < bench->described->column_count; i++) {
        mqt_buf_add_str(sql, ", ");
        mqt_db_add_identifier(sql, bench->described->columns[i].name);
    }
}

/* The peer's shapes stand on the same 1.9 cm grid as ours, a quarter of a step aside, so that no
 * rounding to tile units meets a tie, which the two would decide differently. */
#define WORLD_STEP "(2 * 20037508.342789244 / 2147483648)"

static void prepare(const struct bench *bench, const char *name, const char *wrap, struct mqt_buf *sql)
{
    mqt_buf_printf(sql, "prepare %s(int, int, int) as select %s(st_asmvt(t, 'building', 4096, 'geom', 'id')) from ",
                   name, wrap);
    mqt_buf_add_str(sql, "(select id");
    add_columns(bench, sql);
    mqt_buf_add_str(sql, ", st_asmvtgeom(geom, st_tileenvelope($1, $2, $3), 4096, 64, true) as geom from pg_temp.peer "
                         "where geom && st_tileenvelope($1, $2, $3, margin => 64.0 / 4096)) t where geom is not null");
    run_buf(bench, sql);
}

void bench_make_peer(struct bench *bench, const char *table)
{
    struct mqt_buf sql;
    mqt_buf_init(&sql, SQL_MAX_BYTES);
    run_sql(bench, "deallocate all; drop table if exists pg_temp.peer");
    mqt_buf_add_str(&sql, "create temp table peer as select id");
    add_columns(bench, &sql);
    mqt_buf_add_str(&sql, ", st_translate(st_snaptogrid(st_transform(st_setsrid(geom, 4326), 3857), "
                          "-20037508.342789244, 20037508.342789244, " WORLD_STEP ", " WORLD_STEP "), " WORLD_STEP
                          " / 4, -" WORLD_STEP " / 4) as geom from ");
    mqt_db_add_qualified(&sql, table);
    /* In the order of the index (Hilbert), which is the best that a heap can have. */
    mqt_buf_add_str(&sql, " where geom is not null order by geom; create index on pg_temp.peer using gist (geom); "
                          "analyze pg_temp.peer");
    run_buf(bench, &sql);
    prepare(bench, "mqt_bench_tile", "", &sql);
    prepare(bench, "mqt_bench_length", "length", &sql);
    run_sql(bench,
            "prepare mqt_bench_area(int, int, int, bigint) as select st_area(st_intersection(st_setsrid(st_makevalid("
            "st_asmvtgeom(geom, st_tileenvelope($1, $2, $3), 4096, 64, false)), 0), "
            "st_makeenvelope(-64, -64, 4160, 4160))) from pg_temp.peer where id = $4");
    mqt_buf_clear(&sql);
}

void bench_grow(struct bench *bench, size_t count)
{
    struct mqt_buf sql;
    mqt_buf_init(&sql, SQL_MAX_BYTES);
    run_sql(bench, "drop table if exists pg_temp.grown");
    /* Copies stand in a square beside each other, 2 % of the extent apart. What names one building
     * names one copy, so that no value is shared that would not be in a larger district. */
    mqt_buf_add_str(&sql, "create temp table grown as with b as (select * from ");
    mqt_db_add_qualified(&sql, bench->described->served_from);
    mqt_buf_printf(&sql,
                   "), e as (select count(*) n, (st_xmax(st_extent(geom)) - st_xmin(st_extent(geom))) * 1.02 w, "
                   "(st_ymax(st_extent(geom)) - st_ymin(st_extent(geom))) * 1.02 h, "
                   "ceil(sqrt(%zu.0 / count(*)))::int side from b) "
                   "select row_number() over () as id",
                   count);
    for (size_t i = 0; i < bench->described->column_count; i++) {
        const char *name = bench->described->columns[i].name;
        bool naming = strcmp(name, "code") == 0 || strcmp(name, "name") == 0 || strcmp(name, "address") == 0;
        mqt_buf_add_str(&sql, ", b.");
        mqt_db_add_identifier(&sql, name);
        if (naming) {
            mqt_buf_add_str(&sql, " || case when k > 0 then '-' || k else '' end as ");
            mqt_db_add_identifier(&sql, name);
        }
    }
    mqt_buf_printf(&sql,
                   ", st_translate(b.geom, (k %% e.side) * e.w, (k / e.side) * e.h) as geom "
                   "from e, generate_series(0, e.side * e.side - 1) k, b limit %zu",
                   count);
    run_buf(bench, &sql);
    mqt_buf_clear(&sql);
}

struct mqt_db_result *bench_sql_tile(const struct bench *bench, struct mqt_tile tile, const char *statement)
{
    char sql[120];
    struct mqt_detail detail = {{0}, {0}};
    struct mqt_db_result *result = NULL;
    (void)snprintf(sql, sizeof sql, "execute %s(%d, %u, %u)", statement, tile.z, tile.x, tile.y);
    bench_must_say(mqt_db_query(bench->db, sql, 0, NULL, &result, &detail), detail.text);
    return result;
}

double bench_sql_area(const struct bench *bench, struct mqt_tile tile, uint64_t id)
{
    char sql[120];
    (void)snprintf(sql, sizeof sql, "execute mqt_bench_area(%d, %u, %u, %llu)", tile.z, tile.x, tile.y,
                   (unsigned long long)id);
    char *area = bench_sql_text(bench, sql);
    double found = area[0] ? strtod(area, NULL) : -1;
    free(area);
    return found;
}

char *bench_sql_text(const struct bench *bench, const char *sql)
{
    struct mqt_detail detail = {{0}, {0}};
    struct mqt_db_result *result = NULL;
    bench_must_say(mqt_db_query(bench->db, sql, 0, NULL, &result, &detail), detail.text);
    const char *value = mqt_db_rows(result) > 0 ? mqt_db_value(result, 0, 0, NULL) : NULL;
    char *copy = strdup(value ? value : "");
    bench_must(copy ? MQT_OK : MQT_ERR_MEMORY, "copying a value");
    mqt_db_result_free(result);
    return copy;
}
