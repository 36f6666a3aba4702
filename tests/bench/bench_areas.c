/* The tree of areas at the size of a city: 1,000,000 buildings, 10,000 grids in 1,000 communities and
 * 100 subdistricts, 2,000,000 tickets of which a fifth lies in no building. Milliseconds: to make the
 * tree, to count the tickets, and to answer. All is computation in one thread. Needs no database. */
#include "../../server/answers.h"
#include "../support/wkb_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    GRIDS = 100,  /* a side */
    HOUSES = 10,  /* a side of each grid */
    SPAN = 24000, /* world units of a grid's side: 350 m */
    CURVE = 12,   /* points of each side of a grid */
    TICKETS = 2000000,
    CORNER_X = 1766000000,
    CORNER_Y = 813000000,
    LEAST_BYTES = 1 << 16
};

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bench_areas: %s\n", what);
        exit(1);
    }
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static struct mqt_value text(const char *words)
{
    struct mqt_value value = {.present = true, .type = MQT_TYPE_TEXT};
    value.text.bytes = words;
    value.text.len = strlen(words);
    return value;
}

static struct mqt_value number(int64_t integer)
{
    return (struct mqt_value){.present = true, .type = MQT_TYPE_INT, .integer = integer};
}

/* A square whose sides swing by a few metres, in step with the neighbours'. */
static size_t square(int32_t x, int32_t y, int32_t side, int points, struct mqt_point *ring)
{
    static const int32_t swing[] = {0, 300, -200, 450, -350, 150};
    size_t count = 0;
    struct mqt_point const corners[] = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}};
    for (int edge = 0; edge < 4; edge++) {
        struct mqt_point a = corners[edge];
        struct mqt_point b = corners[edge + 1];
        for (int i = 0; i < points; i++) {
            int from_start = edge < 2 ? i : points - i; /* opposite sides are walked the other way */
            int32_t bend = swing[(i == 0 ? 0 : from_start) % 6];
            ring[count++] =
                (struct mqt_point){(int32_t)(a.x + ((int64_t)b.x - a.x) * i / points) + (edge % 2 ? bend : 0),
                                   (int32_t)(a.y + ((int64_t)b.y - a.y) * i / points) + (edge % 2 ? 0 : bend)};
        }
    }
    return count;
}

static void add(struct mqt_layer_builder *builder, uint64_t id, const struct mqt_point *ring, size_t count,
                const struct mqt_value *values)
{
    struct mqt_buf wkb;
    struct mqt_detail detail = {0};
    mqt_buf_init(&wkb, LEAST_BYTES);
    wkb_put_ring(&wkb, ring, count);
    must(!mqt_layer_builder_add_wkb(builder, id, wkb.data, wkb.len, values, &detail), detail.text);
    mqt_buf_clear(&wkb);
}

static struct mqt_layer *finish(struct mqt_layer_builder *builder)
{
    struct mqt_layer *layer = NULL;
    must(!mqt_layer_builder_finish(builder, &layer), "finish");
    return layer;
}

/* Squares of so many grids a side; codes of 6 digits and 3 more a level. */
static struct mqt_layer *make_level(enum mqt_area_level level, int grids_a_side, uint64_t first_id)
{
    static const struct mqt_column columns[] = {
        {"code", MQT_TYPE_TEXT}, {"name", MQT_TYPE_TEXT}, {"parent_code", MQT_TYPE_TEXT}};
    struct mqt_layer_builder *builder = NULL;
    must(!mqt_layer_builder_new(columns, 3, MQT_SHAPE_POLYGON, SIZE_MAX, &builder), "builder");
    int side = GRIDS / grids_a_side;
    for (int i = 0; i < side * side; i++) {
        struct mqt_point ring[4 * CURVE];
        char code[32];
        char name[64];
        int32_t x = CORNER_X + i % side * grids_a_side * SPAN;
        int32_t y = CORNER_Y + i / side * grids_a_side * SPAN;
        size_t count = square(x, y, grids_a_side * SPAN, CURVE, ring);
        snprintf(code, sizeof code, "%d-%d", level, i);
        snprintf(name, sizeof name, "第%d网格", i);
        struct mqt_value const values[] = {text(code), text(name), {.present = false}};
        add(builder, first_id + (uint64_t)i, ring, count, values);
    }
    return finish(builder);
}

static struct mqt_layer *make_buildings(void)
{
    static const struct mqt_column columns[] = {{"name", MQT_TYPE_TEXT},          {"estate", MQT_TYPE_TEXT},
                                                {"number", MQT_TYPE_TEXT},        {"floors_above", MQT_TYPE_INT},
                                                {"dwelling_count", MQT_TYPE_INT}, {"household_count", MQT_TYPE_INT},
                                                {"person_count", MQT_TYPE_INT},   {"person_band", MQT_TYPE_TEXT}};
    struct mqt_layer_builder *builder = NULL;
    must(!mqt_layer_builder_new(columns, 8, MQT_SHAPE_POLYGON, SIZE_MAX, &builder), "builder");
    int side = GRIDS * HOUSES;
    for (int i = 0; i < side * side; i++) {
        struct mqt_point ring[12];
        char name[64];
        char estate[64];
        char digits[16];
        size_t count = square(CORNER_X + i % side * (SPAN / HOUSES) + 900, CORNER_Y + i / side * (SPAN / HOUSES) + 900,
                              900, 3, ring);
        snprintf(name, sizeof name, "%d号楼", i);
        snprintf(estate, sizeof estate, "花园%d", i % side / 40 + i / side / 40 * 1000);
        snprintf(digits, sizeof digits, "%d", i % 97);
        bool small = i % 50 == 0;
        struct mqt_value band = text("<10");
        band.present = small;
        struct mqt_value persons = number(90);
        persons.present = !small;
        struct mqt_value const values[] = {text(name), text(estate), text(digits), number(6),
                                           number(36), number(34),   persons,      band};
        add(builder, (uint64_t)i + 1, ring, count, values);
    }
    return finish(builder);
}

static struct mqt_ticket *make_tickets(void)
{
    struct mqt_ticket *rows = calloc(TICKETS, sizeof *rows);
    int64_t now_s = (int64_t)time(NULL);
    must(rows != NULL, "tickets");
    for (int i = 0; i < TICKETS; i++) {
        int64_t mixed = (int64_t)i * 7919 % 1000003;
        rows[i] = (struct mqt_ticket){
            .id = (uint64_t)i + 1,
            .building_id = i % 5 ? (uint64_t)(mixed % (GRIDS * HOUSES * GRIDS * HOUSES)) + 1 : 0,
            .placed = true,
            .place = {CORNER_X + (int32_t)(mixed * 2), CORNER_Y + (int32_t)((int64_t)i * 104729 % 2300000)},
            .reported_s = now_s - (int64_t)i * 15,
            .severity = 1};
    }
    return rows;
}

static struct mqt_catalog *make_catalog(const char *const *ids, size_t count)
{
    struct mqt_catalog_layer rows[8];
    struct mqt_catalog *catalog = NULL;
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct mqt_catalog_layer){.id = ids[i],
                                             .title_zh = "",
                                             .title_en = "",
                                             .source_table = "t.t",
                                             .served_from = "t.t",
                                             .shape = MQT_SHAPE_POLYGON,
                                             .max_zoom = 22,
                                             .resident = true,
                                             .attribution = "",
                                             .style_json = "{}"};
    }
    must(!mqt_catalog_new(rows, count, &catalog), "catalogue");
    return catalog;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* id 0: /areas */
static void measure_answer(const char *name, struct mqt_app *app, int64_t id, int64_t step)
{
    enum { ROUNDS = 201 };
    double times[ROUNDS];
    size_t bytes = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct mqt_exchange exchange = {
            .request = {.route = id ? MQT_ROUTE_AREA : MQT_ROUTE_AREAS, .id = id + i * step}};
        struct mqt_detail detail = {0};
        double begin = now_ms();
        must(!mqt_answer_areas(app, &exchange, &detail), detail.text);
        times[i] = now_ms() - begin;
        bytes = mqt_block_len(exchange.response.body);
        mqt_block_release(exchange.response.body);
    }
    qsort(times, ROUNDS, sizeof times[0], compare_doubles);
    printf("| %s | %.3f | %.3f | %.3f | %zu |\n", name, times[ROUNDS / 2], times[0], times[ROUNDS - 1], bytes);
}

int main(void)
{
    static const char *const ids[] = {"district", "subdistrict", "community", "grid", "building"};
    struct mqt_registry *registry = NULL;
    must(!mqt_registry_new(1, &registry), "registry");
    mqt_registry_advance(registry, (int64_t)time(NULL));
    double begin = now_ms();
    struct mqt_registry_change changes[] = {
        {.layer_id = "district", .whole = true, .snapshot = make_level(MQT_AREA_DISTRICT, GRIDS, 1)},
        {.layer_id = "subdistrict", .whole = true, .snapshot = make_level(MQT_AREA_SUBDISTRICT, 10, 1000)},
        {.layer_id = "community", .whole = true, .snapshot = make_level(MQT_AREA_COMMUNITY, 5, 10000)},
        {.layer_id = "grid", .whole = true, .snapshot = make_level(MQT_AREA_GRID, 1, 100000)},
        {.layer_id = "building", .whole = true, .snapshot = make_buildings()}};
    struct mqt_ticket *tickets = make_tickets();
    printf("made in %.0f ms\n", now_ms() - begin);
    struct mqt_registry_update update = {
        .epoch = "e", .catalog = make_catalog(ids, 5), .changes = changes, .change_count = 5};
    begin = now_ms();
    must(!mqt_registry_publish(registry, &update), "publish");
    printf("tree of areas: %.0f ms\n", now_ms() - begin);
    must(!mqt_tickets_replace(mqt_registry_tickets(registry), tickets, TICKETS), "replace");
    struct mqt_registry_update again = {.epoch = "e"};
    begin = now_ms();
    must(!mqt_registry_publish(registry, &again), "publish");
    printf("tickets counted: %.0f ms\n", now_ms() - begin);
    begin = now_ms();
    for (int i = 0; i < 100000; i++) {
        must(!mqt_tickets_put(mqt_registry_tickets(registry), &tickets[i]), "put");
    }
    printf("a ticket: %.2f us\n", (now_ms() - begin) / 100);
    struct mqt_app app = {.registry = registry};
    puts("\n| answer | median ms | least | most | bytes |\n|---|---|---|---|---|");
    measure_answer("/areas", &app, 0, 0);
    measure_answer("district: 100 subdistricts", &app, 1, 0);
    measure_answer("subdistrict: 4 communities", &app, 1000, 0);
    measure_answer("community: 25 grids", &app, 10000, 1);
    measure_answer("grid: 100 buildings", &app, 100000, 17);
    free(tickets);
    mqt_registry_free(registry);
    return 0;
}
