#include "../../tiles/draw.h"

#include <cairo.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The corner where four tiles of zoom 16 meet, in the east of Beijing; it is the middle of a tile
 * of zoom 15. One pixel is 1/256 of a tile of zoom 16. */
enum { Z = 15, TX = 26984, TY = 12413 };

static struct mqt_point at_px(double x, double y)
{
    int64_t side = INT64_C(1) << (31 - Z);
    double unit = (double)side / 512;
    return (struct mqt_point){(int32_t)(TX * side + (int64_t)(x * unit)), (int32_t)(TY * side + (int64_t)(y * unit))};
}

struct shape {
    uint8_t wkb[2000];
    size_t len;
};

static void put(struct shape *shape, const void *bytes, size_t len)
{
    memcpy(shape->wkb + shape->len, bytes, len);
    shape->len += len;
}

static void put_u32(struct shape *shape, uint32_t value)
{
    put(shape, &value, 4);
}

static void put_point(struct shape *shape, double x, double y)
{
    double degrees[2];
    mqt_grid_to_degrees(at_px(x, y), &degrees[0], &degrees[1]);
    put(shape, degrees, 16);
}

/* xy: count points of one line, ring (closed here) or a single point. */
static struct shape shape_of(enum mqt_shape kind, const double (*xy)[2], uint32_t count)
{
    struct shape shape = {.wkb = {1}, .len = 1};
    put_u32(&shape, (uint32_t)kind);
    if (kind == MQT_SHAPE_POLYGON) {
        put_u32(&shape, 1);
    }
    if (kind != MQT_SHAPE_POINT) {
        put_u32(&shape, kind == MQT_SHAPE_POLYGON ? count + 1 : count);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_point(&shape, xy[i][0], xy[i][1]);
    }
    if (kind == MQT_SHAPE_POLYGON) {
        put_point(&shape, xy[0][0], xy[0][1]);
    }
    return shape;
}

static struct mqt_layer_builder *new_builder(enum mqt_shape kind)
{
    static const struct mqt_column columns[] = {{"name", MQT_TYPE_TEXT}, {"height", MQT_TYPE_REAL}};
    struct mqt_layer_builder *builder;
    assert_int_equal(mqt_layer_builder_new(columns, 2, kind, 1 << 24, &builder), MQT_OK);
    return builder;
}

static void add(struct mqt_layer_builder *builder, uint64_t id, struct shape shape, const char *name, double height)
{
    struct mqt_value values[2] = {{.present = name != NULL, .type = MQT_TYPE_TEXT},
                                  {.present = true, .type = MQT_TYPE_REAL, .real = height}};
    values[0].text.bytes = name;
    values[0].text.len = name ? strlen(name) : 0;
    assert_int_equal(mqt_layer_builder_add_wkb(builder, id, shape.wkb, shape.len, values, NULL), MQT_OK);
}

static struct mqt_layer *finish(struct mqt_layer_builder *builder)
{
    struct mqt_layer *layer;
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

/* Buildings, streets and trees all over the tile and beyond it. */
struct district {
    struct mqt_layer *buildings, *streets, *trees;
    struct mqt_draw_source sources[3];
    struct mqt_style *style;
};

static const char *const style_json =
    "{\"version\":8,\"layers\":["
    "{\"id\":\"paper\",\"type\":\"background\",\"paint\":{\"background-color\":\"#f3f0e9\"}},"
    "{\"id\":\"streets\",\"type\":\"line\",\"source-layer\":\"street\",\"layout\":{\"line-cap\":\"round\","
    "\"line-join\":\"round\"},\"paint\":{\"line-color\":\"#ffffff\",\"line-width\":7}},"
    "{\"id\":\"solid\",\"type\":\"fill-extrusion\",\"source-layer\":\"building\",\"filter\":[\">\",[\"get\",\"height\"]"
    ",50],"
    "\"paint\":{\"fill-extrusion-color\":\"#c3b8a4\",\"fill-extrusion-height\":[\"get\",\"height\"]}},"
    "{\"id\":\"flat\",\"type\":\"fill\",\"source-layer\":\"building\",\"filter\":[\"<=\",[\"get\",\"height\"],50],"
    "\"paint\":{\"fill-color\":\"#e0d8c9\"}},"
    "{\"id\":\"walls\",\"type\":\"line\",\"source-layer\":\"building\",\"paint\":{\"line-color\":\"#806040\","
    "\"line-opacity\":0.8,\"line-width\":[\"interpolate\",[\"linear\"],[\"zoom\"],10,0.5,20,2],\"line-dasharray\":[4,2]"
    "}},"
    "{\"id\":\"trees\",\"type\":\"circle\",\"source-layer\":\"tree\",\"paint\":{\"circle-color\":\"#5d7a48\","
    "\"circle-radius\":[\"+\",3,[\"/\",[\"get\",\"height\"],10]],\"circle-stroke-color\":\"#ffffff\","
    "\"circle-stroke-width\":1.5}},"
    "{\"id\":\"names\",\"type\":\"symbol\",\"source-layer\":\"building\",\"layout\":{\"text-field\":[\"get\",\"name\"],"
    "\"text-size\":12},\"paint\":{\"text-color\":\"#303030\",\"text-halo-color\":\"#ffffff\",\"text-halo-width\":1.2}}"
    "]}";

static struct district make_district(void)
{
    struct mqt_layer_builder *buildings = new_builder(MQT_SHAPE_POLYGON), *streets = new_builder(MQT_SHAPE_LINE);
    struct mqt_layer_builder *trees = new_builder(MQT_SHAPE_POINT);
    srand(17);
    uint64_t id = 0;
    for (int y = -120; y < 640; y += 40) {
        for (int x = -120; x < 640; x += 40) {
            double w = 10 + rand() % 24, h = 10 + rand() % 24, skew = rand() % 9;
            const double ring[4][2] = {{x, y + skew}, {x + w, y}, {x + w, y + h}, {x - skew, y + h}};
            char name[30];
            snprintf(name, sizeof name, "%d号楼", (int)id + 1);
            id++;
            add(buildings, id, shape_of(MQT_SHAPE_POLYGON, ring, 4), id % 3 == 0 ? name : NULL, rand() % 100);
        }
    }
    for (int i = 0; i < 30; i++) {
        double line[6][2];
        for (int j = 0; j < 6; j++) {
            line[j][0] = rand() % 900 - 200;
            line[j][1] = rand() % 900 - 200;
        }
        add(streets, (uint64_t)i + 1, shape_of(MQT_SHAPE_LINE, line, 6), NULL, 0);
        const double place[1][2] = {{rand() % 600 - 50, rand() % 600 - 50}};
        add(trees, (uint64_t)i + 1, shape_of(MQT_SHAPE_POINT, place, 1), NULL, rand() % 60);
    }
    struct district d = {.buildings = finish(buildings), .streets = finish(streets), .trees = finish(trees)};
    d.sources[0] = (struct mqt_draw_source){"building", d.buildings};
    d.sources[1] = (struct mqt_draw_source){"street", d.streets};
    d.sources[2] = (struct mqt_draw_source){"tree", d.trees};
    struct mqt_detail detail = {0};
    enum mqt_err err = mqt_style_parse(style_json, strlen(style_json), &d.style, &detail);
    if (err) {
        print_error("%s\n", detail.text);
    }
    assert_int_equal(err, MQT_OK);
    return d;
}

static void clear_district(struct district *d)
{
    mqt_layer_release(d->buildings);
    mqt_layer_release(d->streets);
    mqt_layer_release(d->trees);
    mqt_style_release(d->style);
}

struct reader {
    const struct mqt_buf *png;
    size_t at;
};

static cairo_status_t read_bytes(void *user, unsigned char *to, unsigned len)
{
    struct reader *reader = user;
    if (len > reader->png->len - reader->at) {
        return CAIRO_STATUS_READ_ERROR;
    }
    memcpy(to, reader->png->data + reader->at, len);
    reader->at += len;
    return CAIRO_STATUS_SUCCESS;
}

/* The tile as decoded pixels; libpng through cairo is the independent reader. */
static cairo_surface_t *draw(const struct district *d, struct mqt_tile tile, int size, struct mqt_fonts *fonts)
{
    struct mqt_buf out;
    mqt_buf_init(&out, 1 << 22);
    assert_int_equal(mqt_draw_png(d->style, d->sources, 3, tile, size, fonts, &out), MQT_OK);
    struct reader reader = {&out, 0};
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_bytes, &reader);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(surface), size);
    mqt_buf_clear(&out);
    return surface;
}

static const uint8_t *pixel_at(cairo_surface_t *surface, int x, int y)
{
    return cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface) + 4 * x;
}

static int difference(const uint8_t *a, const uint8_t *b)
{
    int most = 0;
    for (int i = 0; i < 3; i++) {
        int one = abs(a[i] - b[i]);
        most = one > most ? one : most;
    }
    return most;
}

/* A tile at 512 px shows what its four children show at 256 px: the same scale, other borders.
 * Whatever depended on a border would differ. */
static int compare_with_children(const struct district *d, struct mqt_fonts *fonts)
{
    cairo_surface_t *whole = draw(d, (struct mqt_tile){Z, TX, TY}, 512, fonts);
    int differing = 0;
    for (uint32_t child = 0; child < 4; child++) {
        struct mqt_tile tile = {Z + 1, 2 * TX + child % 2, 2 * TY + child / 2};
        cairo_surface_t *part = draw(d, tile, 256, fonts);
        int ox = child % 2 ? 256 : 0, oy = child / 2 ? 256 : 0;
        for (int y = 0; y < 256; y++) {
            for (int x = 0; x < 256; x++) {
                differing += difference(pixel_at(whole, x + ox, y + oy), pixel_at(part, x, y)) > 2;
            }
        }
        cairo_surface_destroy(part);
    }
    cairo_surface_destroy(whole);
    return differing;
}

static void tiles_join_without_seams(void **state)
{
    (void)state;
    struct district d = make_district();
    assert_int_equal(compare_with_children(&d, NULL), 0);
    clear_district(&d);
}

static void labels_agree_across_borders(void **state)
{
    (void)state;
    struct mqt_fonts *fonts;
    assert_int_equal(mqt_fonts_open("Noto Sans CJK SC", 1 << 20, &fonts, NULL), MQT_OK);
    struct district d = make_district();
    cairo_surface_t *bare = draw(&d, (struct mqt_tile){Z, TX, TY}, 512, NULL);
    cairo_surface_t *named = draw(&d, (struct mqt_tile){Z, TX, TY}, 512, fonts);
    int inked = 0;
    for (int y = 0; y < 512; y++) {
        for (int x = 0; x < 512; x++) {
            inked += difference(pixel_at(bare, x, y), pixel_at(named, x, y)) > 60;
        }
    }
    assert_true(inked > 3000); /* labels were drawn at all */
    assert_int_equal(compare_with_children(&d, fonts), 0);
    cairo_surface_destroy(bare);
    cairo_surface_destroy(named);
    clear_district(&d);
    mqt_fonts_close(fonts);
}

static void colours_stand_where_they_should(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = new_builder(MQT_SHAPE_POLYGON);
    const double west[4][2] = {{100, 100}, {200.5, 100}, {200.5, 200}, {100, 200}};
    const double east[4][2] = {{200.5, 100}, {300, 100}, {300, 200}, {200.5, 200}};
    add(builder, 1, shape_of(MQT_SHAPE_POLYGON, west, 4), NULL, 10);
    add(builder, 2, shape_of(MQT_SHAPE_POLYGON, east, 4), NULL, 10);
    struct mqt_layer *layer = finish(builder);
    const char *json =
        "{\"layers\":[{\"id\":\"a\",\"type\":\"background\",\"paint\":{\"background-color\":\"#102030\"}},"
        "{\"id\":\"b\",\"type\":\"fill\",\"source-layer\":\"building\",\"paint\":{\"fill-color\":\"#ffcc00\"}},"
        "{\"id\":\"c\",\"type\":\"fill\",\"source-layer\":\"other\",\"paint\":{\"fill-color\":\"#ff0000\"}},"
        "{\"id\":\"d\",\"type\":\"fill\",\"source-layer\":\"building\",\"minzoom\":15.5,"
        "\"paint\":{\"fill-color\":\"#00ff00\"}}]}";
    struct district d = {.sources = {{"building", layer}, {"unused", layer}, {"unused", layer}}};
    assert_int_equal(mqt_style_parse(json, strlen(json), &d.style, NULL), MQT_OK);
    cairo_surface_t *tile = draw(&d, (struct mqt_tile){Z, TX, TY}, 512, NULL);
    static const uint8_t paper[3] = {0x30, 0x20, 0x10}, gold[3] = {0x00, 0xcc, 0xff};
    assert_true(difference(pixel_at(tile, 50, 50), paper) == 0);
    assert_true(difference(pixel_at(tile, 150, 150), gold) == 0);
    /* The border that both share runs through this pixel and must not shine through. */
    assert_true(difference(pixel_at(tile, 200, 150), gold) <= 1);
    cairo_surface_destroy(tile);
    cairo_surface_t *close_up = draw(&d, (struct mqt_tile){Z + 1, 2 * TX, 2 * TY}, 512, NULL);
    static const uint8_t green[3] = {0, 255, 0};
    assert_true(difference(pixel_at(close_up, 300, 300), green) == 0); /* zoom 16: layer d is on */
    cairo_surface_destroy(close_up);
    mqt_style_release(d.style);
    mqt_layer_release(layer);
}

/* What hangs on label points is drawn where labels hang, from the size on that the style asks for. */
static void label_points_know_how_large_their_area_is(void **state)
{
    (void)state;
    struct district d = make_district();
    mqt_layer_release(d.buildings);
    mqt_style_release(d.style);
    struct mqt_layer_builder *builder = new_builder(MQT_SHAPE_POLYGON);
    const double large[4][2] = {{100, 100}, {180, 100}, {180, 180}, {100, 180}};
    const double slim[4][2] = {{300, 100}, {320, 100}, {320, 260}, {300, 260}}; /* a square of it has 56 px */
    const double tiny[4][2] = {{400, 400}, {410, 400}, {410, 410}, {400, 410}};
    add(builder, 1, shape_of(MQT_SHAPE_POLYGON, large, 4), "a", 1);
    add(builder, 2, shape_of(MQT_SHAPE_POLYGON, slim, 4), "b", 1);
    add(builder, 3, shape_of(MQT_SHAPE_POLYGON, tiny, 4), "c", 1);
    d.buildings = finish(builder);
    d.sources[0].layer = d.buildings;
    static const char json[] =
        "{\"layers\":[{\"id\":\"paper\",\"type\":\"background\",\"paint\":{\"background-color\":\"#ffffff\"}},"
        "{\"id\":\"all\",\"type\":\"circle\",\"source-layer\":\"building_label\",\"paint\":{\"circle-radius\":6,"
        "\"circle-color\":\"#00ff00\"}},"
        "{\"id\":\"big\",\"type\":\"circle\",\"source-layer\":\"building_label\",\"filter\":[\">=\",[\"get\","
        "\"side_px\"],70],\"paint\":{\"circle-radius\":6,\"circle-color\":\"#ff0000\"}},"
        "{\"id\":\"column\",\"type\":\"circle\",\"source-layer\":\"building\",\"filter\":[\"has\",\"side_px\"],"
        "\"paint\":{\"circle-color\":\"#000000\",\"circle-radius\":6}}]}";
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_style_parse(json, strlen(json), &d.style, &detail), MQT_OK);
    cairo_surface_t *surface = draw(&d, (struct mqt_tile){Z, TX, TY}, 512, NULL);
    const uint8_t red[3] = {0, 0, 255}, green[3] = {0, 255, 0}, white[3] = {255, 255, 255}; /* cairo: B G R */
    assert_memory_equal(pixel_at(surface, 140, 140), red, 3);
    assert_memory_equal(pixel_at(surface, 310, 180), green, 3);
    assert_memory_equal(pixel_at(surface, 405, 405), white, 3); /* smaller than any label */
    cairo_surface_destroy(surface);
    clear_district(&d);
}

static void without_a_background_it_is_transparent(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = new_builder(MQT_SHAPE_POINT);
    const double place[1][2] = {{128, 128}};
    add(builder, 1, shape_of(MQT_SHAPE_POINT, place, 1), NULL, 1);
    struct mqt_layer *layer = finish(builder);
    const char *json = "{\"layers\":[{\"id\":\"a\",\"type\":\"circle\",\"source-layer\":\"tree\",\"paint\":"
                       "{\"circle-color\":\"rgba(255,0,0,0.5)\",\"circle-radius\":20}}]}";
    struct district d = {.sources = {{"tree", layer}, {"x", layer}, {"x", layer}}};
    assert_int_equal(mqt_style_parse(json, strlen(json), &d.style, NULL), MQT_OK);
    cairo_surface_t *tile = draw(&d, (struct mqt_tile){Z, TX, TY}, 512, NULL);
    assert_int_equal(cairo_image_surface_get_format(tile), CAIRO_FORMAT_ARGB32);
    assert_int_equal(pixel_at(tile, 10, 10)[3], 0);
    assert_int_equal(pixel_at(tile, 128, 128)[3], 128);
    assert_in_range(pixel_at(tile, 128, 128)[2], 127, 129); /* cairo premultiplies */
    cairo_surface_destroy(tile);
    mqt_style_release(d.style);
    mqt_layer_release(layer);
}

static void bad_calls_are_refused(void **state)
{
    (void)state;
    struct district d = make_district();
    struct mqt_buf out;
    mqt_buf_init(&out, 1 << 20);
    assert_int_equal(mqt_draw_png(d.style, d.sources, 3, (struct mqt_tile){3, 8, 0}, 256, NULL, &out), MQT_ERR_PARAM);
    assert_int_equal(mqt_draw_png(d.style, d.sources, 3, (struct mqt_tile){3, 0, 0}, 300, NULL, &out), MQT_ERR_PARAM);
    assert_int_equal(out.len, 0);
    mqt_buf_clear(&out);
    mqt_buf_init(&out, 100); /* too small for any tile */
    assert_int_equal(mqt_draw_png(d.style, d.sources, 3, (struct mqt_tile){Z, TX, TY}, 256, NULL, &out), MQT_ERR_LIMIT);
    assert_int_equal(out.len, 0);
    mqt_buf_clear(&out);
    clear_district(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_join_without_seams),        cmocka_unit_test(labels_agree_across_borders),
        cmocka_unit_test(colours_stand_where_they_should), cmocka_unit_test(without_a_background_it_is_transparent),
        cmocka_unit_test(bad_calls_are_refused),           cmocka_unit_test(label_points_know_how_large_their_area_is),
    };
    return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
