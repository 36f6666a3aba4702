/* Milliseconds of processor time for heat tiles, map tiles and PNG: median, least and most of the
 * rounds. All of it is computation in one thread, so this is the time it takes on an idle machine.
 * The peer is cairo with libpng in the same run, on the same shapes and pixels. Needs no database. */
#include "../../tiles/draw.h"
#include "../../tiles/heat.h"
#include "../../tiles/png.h"

#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 41, MAP_Z = 15, SIDE = 180 /* buildings a side */ };

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "bench_raster: %s\n", what);
        exit(1);
    }
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static void measure(const char *name, void (*work)(void *user), void *user)
{
    double times[ROUNDS];
    work(user);
    for (int i = 0; i < ROUNDS; i++) {
        double begin = now_ms();
        work(user);
        times[i] = now_ms() - begin;
    }
    qsort(times, ROUNDS, sizeof times[0], compare_doubles);
    printf("| %s | %.3f | %.3f | %.3f |\n", name, times[ROUNDS / 2], times[0], times[ROUNDS - 1]);
}

static double share(void)
{
    return rand() / (RAND_MAX + 1.0);
}

/* A point so many metres east and south of the middle of the sample's town. */
static struct mqt_point metres(double east, double south)
{
    struct mqt_point middle;
    must(mqt_grid_from_degrees(116.455, 39.94, &middle), "middle");
    const double unit_m = 2 * MQT_MERCATOR_HALF_M / (double)MQT_WORLD_SIZE * cos(39.94 * 3.14159265 / 180);
    return (struct mqt_point){middle.x + (int32_t)(east / unit_m), middle.y + (int32_t)(south / unit_m)};
}

static struct mqt_tile tile_of(struct mqt_point p, int z)
{
    return (struct mqt_tile){z, (uint32_t)p.x >> (MQT_WORLD_BITS - z), (uint32_t)p.y >> (MQT_WORLD_BITS - z)};
}

/* Heat */

struct heat_work {
    struct mqt_heat *heat;
    struct mqt_tile tile;
    int size_px;
    struct mqt_heat_query query;
    struct mqt_buf out;
};

static void draw_heat(void *user)
{
    struct heat_work *work = user;
    mqt_buf_reset(&work->out);
    must(mqt_heat_png(work->heat, work->tile, work->size_px, &work->query, &work->out) == MQT_OK, "heat");
}

static struct mqt_heat *make_heat(size_t count)
{
    struct mqt_heat_ticket *tickets = calloc(count, sizeof *tickets);
    must(tickets != NULL, "memory");
    double x = 0, y = 0;
    for (size_t i = 0; i < count; i++) {
        if (i % 20 == 0) {
            x = (share() - 0.5) * 8000;
            y = (share() - 0.5) * 8000;
        }
        tickets[i] = (struct mqt_heat_ticket){.id = i + 1,
                                              .place = metres(x + share() * 60, y + share() * 60),
                                              .reported_s = 1700000000 + (int64_t)(share() * 3e7),
                                              .weight = (float)(1 + rand() % 3)};
    }
    struct mqt_heat *heat;
    must(mqt_heat_new(tickets, count, &heat) == MQT_OK, "heat snapshot");
    free(tickets);
    return heat;
}

static void bench_heat(void)
{
    static const struct {
        size_t tickets;
        int z, size_px, least;
    } rows[] = {{1000, 14, 256, 0},   {10000, 14, 256, 0},  {10000, 14, 256, 10}, {10000, 14, 512, 0},
                {200000, 10, 256, 0}, {200000, 14, 256, 0}, {200000, 18, 256, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct heat_work work = {.heat = make_heat(rows[i].tickets),
                                 .tile = tile_of(metres(0, 0), rows[i].z),
                                 .size_px = rows[i].size_px,
                                 .query = {.from_s = INT64_MIN,
                                           .to_s = INT64_MAX,
                                           .now_s = 1730000000,
                                           .half_life_s = 30 * 86400.0,
                                           .least_tickets = rows[i].least}};
        mqt_buf_init(&work.out, 1 << 22);
        char name[100];
        snprintf(name, sizeof name, "heat tile with PNG, %zu tickets, z%d, %d px%s", rows[i].tickets, rows[i].z,
                 rows[i].size_px, rows[i].least > 1 ? ", k = 10" : "");
        measure(name, draw_heat, &work);
        mqt_buf_clear(&work.out);
        mqt_heat_release(work.heat);
    }
}

/* Map */

struct map_work {
    struct mqt_style *style;
    struct mqt_draw_source source;
    struct mqt_tile tile;
    struct mqt_fonts *fonts;
    struct mqt_buf out;
    cairo_surface_t *surface; /* the peer's */
    uint8_t *rgba;            /* a map tile as pixels */
};

static const char *const style_json =
    "{\"layers\":[{\"id\":\"paper\",\"type\":\"background\",\"paint\":{\"background-color\":\"#f3f0e9\"}},"
    "{\"id\":\"fill\",\"type\":\"fill\",\"source-layer\":\"building\",\"paint\":{\"fill-color\":\"#e0d8c9\"}},"
    "{\"id\":\"wall\",\"type\":\"line\",\"source-layer\":\"building\",\"paint\":{\"line-color\":\"#beb29c\","
    "\"line-width\":0.8}},"
    "{\"id\":\"name\",\"type\":\"symbol\",\"source-layer\":\"building\",\"layout\":{\"text-field\":[\"get\",\"name\"],"
    "\"text-size\":11},\"paint\":{\"text-color\":\"#757567\",\"text-halo-color\":\"#f9f7f2\",\"text-halo-width\":1.4}}]"
    "}";

/* An L-shaped building of six corners. */
static size_t building_wkb(double x, double y, uint8_t *wkb)
{
    double w = 8 + share() * 14, h = 8 + share() * 14;
    const double corners[7][2] = {
        {x, y}, {x + w, y}, {x + w, y + h}, {x + w / 2, y + h}, {x + w / 2, y + h / 2}, {x, y + h / 2}, {x, y}};
    const uint32_t header[3] = {MQT_SHAPE_POLYGON, 1, 7};
    wkb[0] = 1;
    memcpy(wkb + 1, header, sizeof header);
    for (int i = 0; i < 7; i++) {
        double degrees[2];
        mqt_grid_to_degrees(metres(corners[i][0], corners[i][1]), &degrees[0], &degrees[1]);
        memcpy(wkb + 13 + 16 * i, degrees, 16);
    }
    return 13 + 16 * 7;
}

static struct mqt_layer *make_buildings(void)
{
    static const struct mqt_column column = {"name", MQT_TYPE_TEXT};
    struct mqt_layer_builder *builder;
    must(mqt_layer_builder_new(&column, 1, MQT_SHAPE_POLYGON, 1 << 28, &builder) == MQT_OK, "builder");
    for (int i = 0; i < SIDE * SIDE; i++) {
        uint8_t wkb[200];
        size_t len = building_wkb((i % SIDE - SIDE / 2) * 24.0, (i / SIDE - SIDE / 2) * 24.0, wkb);
        char name[20];
        snprintf(name, sizeof name, "%d号楼", i % 100 + 1);
        struct mqt_value value = {.present = i % 10 == 0, .type = MQT_TYPE_TEXT, .text = {name, strlen(name)}};
        must(mqt_layer_builder_add_wkb(builder, (uint64_t)i + 1, wkb, len, &value, NULL) == MQT_OK, "building");
    }
    struct mqt_layer *layer;
    must(mqt_layer_builder_finish(builder, &layer) == MQT_OK, "layer");
    return layer;
}

static void draw_map(void *user)
{
    struct map_work *work = user;
    mqt_buf_reset(&work->out);
    must(mqt_draw_png(work->style, &work->source, 1, work->tile, 512, work->fonts, &work->out) == MQT_OK, "map");
}

struct cairo_pen {
    cairo_t *cairo;
    double x, y, scale;
    size_t features;
};

static bool cairo_feature(void *user, const struct mqt_feature *feature)
{
    struct cairo_pen *pen = user;
    for (size_t i = 0; i < feature->point_count; i++) {
        cairo_line_to(pen->cairo, (feature->points[i].x - pen->x) * pen->scale,
                      (feature->points[i].y - pen->y) * pen->scale);
    }
    cairo_close_path(pen->cairo);
    cairo_set_source_rgb(pen->cairo, 0.88, 0.85, 0.79);
    cairo_fill_preserve(pen->cairo);
    cairo_set_source_rgb(pen->cairo, 0.75, 0.7, 0.61);
    cairo_stroke(pen->cairo);
    pen->features++;
    return true;
}

static size_t cairo_map(struct map_work *work)
{
    double side = (double)(MQT_WORLD_SIZE >> work->tile.z);
    struct cairo_pen pen = {cairo_create(work->surface), work->tile.x * side, work->tile.y * side, 512 / side, 0};
    cairo_set_source_rgb(pen.cairo, 0.95, 0.94, 0.91);
    cairo_paint(pen.cairo);
    cairo_set_line_width(pen.cairo, 0.8);
    must(mqt_layer_visit(work->source.layer, mqt_tile_box(work->tile, 2), cairo_feature, &pen) == MQT_OK, "visit");
    cairo_destroy(pen.cairo);
    return pen.features;
}

static void draw_cairo(void *user)
{
    cairo_map(user);
}

static cairo_status_t count_bytes(void *user, const unsigned char *bytes, unsigned len)
{
    (void)bytes;
    *(size_t *)user += len;
    return CAIRO_STATUS_SUCCESS;
}

static void png_cairo(void *user)
{
    struct map_work *work = user;
    size_t bytes = 0;
    must(cairo_surface_write_to_png_stream(work->surface, count_bytes, &bytes) == CAIRO_STATUS_SUCCESS, "libpng");
}

static void png_ours(void *user)
{
    struct map_work *work = user;
    mqt_buf_reset(&work->out);
    must(mqt_png_rgba(work->rgba, 512, 512, &work->out) == MQT_OK, "png");
}

/* The peer's picture, so that both compress the same. */
static void take_pixels(struct map_work *work)
{
    work->rgba = malloc(4 * 512 * 512);
    must(work->rgba != NULL, "memory");
    cairo_surface_flush(work->surface);
    const uint8_t *from = cairo_image_surface_get_data(work->surface);
    for (int i = 0; i < 512 * 512; i++) {
        uint32_t pixel;
        memcpy(&pixel, from + 4 * i, 4);
        const uint8_t rgba[4] = {(uint8_t)(pixel >> 16), (uint8_t)(pixel >> 8), (uint8_t)pixel, 255};
        memcpy(work->rgba + 4 * i, rgba, 4);
    }
}

static void bench_map(void)
{
    struct map_work work = {.source = {"building", make_buildings()}, .tile = tile_of(metres(0, 0), MAP_Z)};
    mqt_buf_init(&work.out, 1 << 24);
    must(mqt_style_parse(style_json, strlen(style_json), &work.style, NULL) == MQT_OK, "style");
    work.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 512, 512);
    char name[100];
    size_t polygons = cairo_map(&work);
    snprintf(name, sizeof name, "map tile with PNG, 512 px, %zu polygons with outline", polygons);
    measure(name, draw_map, &work);
    must(mqt_fonts_open("Noto Sans CJK SC", 1 << 24, &work.fonts, NULL) == MQT_OK, "fonts");
    measure("the same with labels", draw_map, &work);
    measure("peer: the same polygons by cairo, without PNG", draw_cairo, &work);
    take_pixels(&work);
    measure("PNG of those pixels", png_ours, &work);
    measure("peer: PNG by libpng", png_cairo, &work);
    free(work.rgba);
    cairo_surface_destroy(work.surface);
    mqt_fonts_close(work.fonts);
    mqt_style_release(work.style);
    mqt_layer_release((struct mqt_layer *)(uintptr_t)work.source.layer);
    mqt_buf_clear(&work.out);
}

int main(void)
{
    srand(1);
    printf("| raster, processor ms | median | least | most |\n|---|---|---|---|\n");
    bench_heat();
    bench_map();
    return 0;
}
