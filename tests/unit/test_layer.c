#include "../../tiles/layer.h"
#include "../support/wkb_make.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_BYTES ((size_t)1 << 28)

static const struct mqt_column COLUMNS[] = {
    {"name", MQT_TYPE_TEXT}, {"floors", MQT_TYPE_INT}, {"height_m", MQT_TYPE_REAL}, {"open", MQT_TYPE_BOOL}};
enum { COLUMN_COUNT = 4 };

static struct mqt_layer_builder *builder_of(enum mqt_shape shape)
{
    struct mqt_layer_builder *builder = NULL;
    assert_int_equal(mqt_layer_builder_new(COLUMNS, COLUMN_COUNT, shape, MAX_BYTES, &builder), MQT_OK);
    return builder;
}

static enum mqt_err add_wkb(struct mqt_layer_builder *builder, uint64_t id, const struct mqt_buf *wkb)
{
    char name[40];
    int len = snprintf(name, sizeof name, "name %u", (unsigned)(id % 500));
    const struct mqt_value values[COLUMN_COUNT] = {
        {.present = true, .type = MQT_TYPE_TEXT, .text = {name, (size_t)len}},
        {.present = id % 3 != 0, .type = MQT_TYPE_INT, .integer = (int64_t)id - 50},
        {.present = true, .type = MQT_TYPE_REAL, .real = (double)id / 3},
        {.present = true, .type = MQT_TYPE_BOOL, .boolean = id % 2 == 0},
    };
    return mqt_layer_builder_add_wkb(builder, id, wkb->data, wkb->len, values, NULL);
}

static void add_square(struct mqt_layer_builder *builder, uint64_t id, int32_t x, int32_t y, int32_t size)
{
    struct mqt_point ring[4] = {{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, ring, 4);
    assert_int_equal(add_wkb(builder, id, &wkb), MQT_OK);
    mqt_buf_clear(&wkb);
}

static struct mqt_layer *finish(struct mqt_layer_builder *builder)
{
    struct mqt_layer *layer = NULL;
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

struct seen {
    uint64_t ids[20000];
    size_t count;
    size_t stop_after;
};

static bool note(void *user, const struct mqt_feature *feature)
{
    struct seen *seen = user;
    seen->ids[seen->count++] = feature->id;
    return seen->count != seen->stop_after;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return *left < *right ? -1 : *left > *right;
}

static void check_values(const struct mqt_layer *layer, uint64_t id, size_t index)
{
    char name[40];
    (void)snprintf(name, sizeof name, "name %u", (unsigned)(id % 500));
    struct mqt_value value = mqt_layer_value(layer, index, 0);
    assert_true(value.present);
    assert_int_equal(value.text.len, strlen(name));
    assert_memory_equal(value.text.bytes, name, strlen(name));
    value = mqt_layer_value(layer, index, 1);
    assert_int_equal(value.present, id % 3 != 0);
    assert_int_equal(value.type, MQT_TYPE_INT);
    if (value.present) {
        assert_true(value.integer == (int64_t)id - 50);
    }
    assert_true(mqt_layer_value(layer, index, 2).real == (double)id / 3);
    assert_int_equal(mqt_layer_value(layer, index, 3).boolean, id % 2 == 0);
}

static bool check_feature(void *user, const struct mqt_feature *feature)
{
    check_values(user, feature->id, feature->index);
    return true;
}

enum { GRID = 100, STEP = 3000, ORIGIN_X = 1767000000, ORIGIN_Y = 813000000 };

/* GRID * GRID squares, id 1 .. ; the square of id n stands in column (n - 1) % GRID. */
static struct mqt_layer *make_grid(void)
{
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    for (int32_t i = 0; i < GRID * GRID; i++) {
        int32_t place = i * 7919 % (GRID * GRID); /* out of order */
        add_square(builder, (uint64_t)place + 1, ORIGIN_X + place % GRID * STEP, ORIGIN_Y + place / GRID * STEP, 1000);
    }
    return finish(builder);
}

static void test_box_query_finds_what_a_scan_finds(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_grid();
    assert_int_equal(mqt_layer_count(layer), GRID * GRID);
    const int32_t cuts[][4] = {{0, 0, 0, 0},
                               {500, 500, 10500, 6500},
                               {1001, 1001, 2999, 2999},
                               {-5, -5, 300000, 300000},
                               {150000, 0, 150001, 300000},
                               {1000, 1000, 3000, 3000}};
    for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
        struct mqt_box box = {ORIGIN_X + cuts[c][0], ORIGIN_Y + cuts[c][1], ORIGIN_X + cuts[c][2],
                              ORIGIN_Y + cuts[c][3]};
        struct seen *seen = calloc(1, sizeof *seen);
        assert_int_equal(mqt_layer_visit(layer, box, note, seen), MQT_OK);
        qsort(seen->ids, seen->count, sizeof seen->ids[0], compare_ids);
        size_t next = 0;
        for (int32_t i = 0; i < GRID * GRID; i++) {
            struct mqt_box square = {ORIGIN_X + i % GRID * STEP, ORIGIN_Y + i / GRID * STEP, 0, 0};
            square.max_x = square.min_x + 1000;
            square.max_y = square.min_y + 1000;
            if (mqt_box_intersects(square, box)) {
                assert_true(next < seen->count);
                assert_int_equal(seen->ids[next], i + 1);
                next++;
            }
        }
        assert_int_equal(next, seen->count);
        free(seen);
    }
    assert_int_equal(mqt_layer_visit(layer, mqt_layer_box(layer), check_feature, layer), MQT_OK);
    mqt_layer_release(layer);
}

static void test_visit_stops_and_keeps_its_order(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_grid();
    struct seen *all = calloc(1, sizeof *all);
    struct seen *some = calloc(1, sizeof *some);
    some->stop_after = 17;
    assert_int_equal(mqt_layer_visit(layer, mqt_layer_box(layer), note, all), MQT_OK);
    assert_int_equal(mqt_layer_visit(layer, mqt_layer_box(layer), note, some), MQT_OK);
    assert_int_equal(all->count, GRID * GRID);
    assert_int_equal(some->count, 17);
    assert_memory_equal(all->ids, some->ids, 17 * sizeof all->ids[0]);
    free(all);
    free(some);
    mqt_layer_release(layer);
}

static void test_find(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_grid();
    struct mqt_feature feature;
    assert_true(mqt_layer_find(layer, 205, &feature));
    assert_int_equal(feature.id, 205);
    assert_int_equal(feature.box.min_x, ORIGIN_X + 4 * STEP);
    assert_int_equal(feature.box.min_y, ORIGIN_Y + 2 * STEP);
    assert_int_equal(feature.label.x, ORIGIN_X + 4 * STEP + 500);
    assert_int_equal(feature.label.y, ORIGIN_Y + 2 * STEP + 500);
    check_values(layer, 205, feature.index);
    assert_false(mqt_layer_find(layer, 0, &feature));
    assert_false(mqt_layer_find(layer, GRID * GRID + 1, &feature));
    mqt_layer_release(layer);
}

static void test_columns(void **state)
{
    (void)state;
    struct mqt_layer *layer = finish(builder_of(MQT_SHAPE_LINE));
    assert_int_equal(mqt_layer_count(layer), 0);
    assert_true(mqt_box_is_empty(mqt_layer_box(layer)));
    assert_int_equal(mqt_layer_shape(layer), MQT_SHAPE_LINE);
    assert_int_equal(mqt_layer_column_count(layer), COLUMN_COUNT);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        assert_string_equal(mqt_layer_column(layer, i).name, COLUMNS[i].name);
        assert_int_equal(mqt_layer_column(layer, i).type, COLUMNS[i].type);
        assert_int_equal(mqt_layer_column_index(layer, COLUMNS[i].name), i);
    }
    assert_int_equal(mqt_layer_column_index(layer, "nothing"), -1);
    struct mqt_feature feature;
    assert_false(mqt_layer_find(layer, 1, &feature));
    mqt_layer_release(layer);
}

static void test_changes_replace_add_and_remove(void **state)
{
    (void)state;
    struct mqt_layer *base = make_grid();
    struct mqt_layer_builder *changes = builder_of(MQT_SHAPE_POLYGON);
    add_square(changes, 5, ORIGIN_X - 90000, ORIGIN_Y, 500); /* moved */
    add_square(changes, 20001, ORIGIN_X - 80000, ORIGIN_Y, 500);
    const uint64_t removed[] = {1, 2, 2, 777777, 5};
    struct mqt_layer *one = NULL;
    assert_int_equal(mqt_layer_apply(base, removed, 5, changes, &one), MQT_OK);
    assert_int_equal(mqt_layer_count(one), GRID * GRID - 2 + 1);
    struct mqt_feature feature;
    assert_false(mqt_layer_find(one, 1, &feature));
    assert_true(mqt_layer_find(base, 1, &feature));
    assert_true(mqt_layer_find(one, 5, &feature));
    assert_int_equal(feature.box.min_x, ORIGIN_X - 90000);
    check_values(one, 5, feature.index);
    assert_int_equal(mqt_layer_box(one).min_x, ORIGIN_X - 90000);

    /* A second batch over the first: one of its features goes, another comes back. */
    changes = builder_of(MQT_SHAPE_POLYGON);
    add_square(changes, 1, ORIGIN_X - 70000, ORIGIN_Y, 500);
    const uint64_t gone[] = {20001, 10};
    struct mqt_layer *two = NULL;
    assert_int_equal(mqt_layer_apply(one, gone, 2, changes, &two), MQT_OK);
    assert_int_equal(mqt_layer_count(two), GRID * GRID - 2);
    assert_false(mqt_layer_find(two, 20001, &feature));
    assert_false(mqt_layer_find(two, 10, &feature));
    assert_true(mqt_layer_find(two, 1, &feature));
    assert_true(mqt_layer_find(two, 5, &feature));
    assert_int_equal(feature.box.min_x, ORIGIN_X - 90000);

    struct mqt_layer *compacted = NULL;
    assert_int_equal(mqt_layer_compact(two, &compacted), MQT_OK);
    struct seen *before = calloc(1, sizeof *before);
    struct seen *after = calloc(1, sizeof *after);
    assert_int_equal(mqt_layer_visit(two, mqt_layer_box(two), note, before), MQT_OK);
    assert_int_equal(mqt_layer_visit(compacted, mqt_layer_box(two), note, after), MQT_OK);
    assert_int_equal(mqt_layer_visit(two, mqt_layer_box(two), check_feature, two), MQT_OK);
    assert_int_equal(mqt_layer_visit(compacted, mqt_layer_box(two), check_feature, compacted), MQT_OK);
    assert_int_equal(before->count, GRID * GRID - 2);
    assert_int_equal(after->count, before->count);
    qsort(before->ids, before->count, sizeof before->ids[0], compare_ids);
    qsort(after->ids, after->count, sizeof after->ids[0], compare_ids);
    assert_memory_equal(before->ids, after->ids, after->count * sizeof after->ids[0]);
    free(before);
    free(after);
    mqt_layer_release(base);
    mqt_layer_release(one);
    mqt_layer_release(two);
    mqt_layer_release(compacted);
}

static void test_changes_of_another_layer_are_refused(void **state)
{
    (void)state;
    struct mqt_layer *base = make_grid();
    struct mqt_layer *changed = NULL;
    struct mqt_layer_builder *lines = builder_of(MQT_SHAPE_LINE);
    assert_int_equal(mqt_layer_apply(base, NULL, 0, lines, &changed), MQT_ERR_PARAM);
    struct mqt_layer_builder *fewer = NULL;
    assert_int_equal(mqt_layer_builder_new(COLUMNS, 3, MQT_SHAPE_POLYGON, MAX_BYTES, &fewer), MQT_OK);
    assert_int_equal(mqt_layer_apply(base, NULL, 0, fewer, &changed), MQT_ERR_PARAM);
    assert_null(changed);
    mqt_layer_release(base);
}

static void test_compaction_is_asked_for(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_grid();
    assert_false(mqt_layer_wants_compaction(layer));
    uint64_t removed[1100];
    for (uint64_t i = 0; i < 1100; i++) {
        removed[i] = i + 1;
    }
    struct mqt_layer *changed = NULL;
    assert_int_equal(mqt_layer_apply(layer, removed, 1000, builder_of(MQT_SHAPE_POLYGON), &changed), MQT_OK);
    assert_false(mqt_layer_wants_compaction(changed));
    mqt_layer_release(changed);
    assert_int_equal(mqt_layer_apply(layer, removed, 1100, builder_of(MQT_SHAPE_POLYGON), &changed), MQT_OK);
    assert_true(mqt_layer_wants_compaction(changed));
    mqt_layer_release(changed);
    mqt_layer_release(layer);
}

static void test_the_same_id_twice_is_refused(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    add_square(builder, 9, ORIGIN_X, ORIGIN_Y, 500);
    struct mqt_point ring[3] = {{0, 0}, {50, 0}, {0, 50}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, ring, 3);
    assert_int_equal(add_wkb(builder, 9, &wkb), MQT_ERR_PARAM);
    mqt_buf_clear(&wkb);
    struct mqt_layer *layer = finish(builder);
    assert_int_equal(mqt_layer_count(layer), 1);
    mqt_layer_release(layer);
}

static void test_ceiling(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = NULL;
    assert_int_equal(mqt_layer_builder_new(COLUMNS, COLUMN_COUNT, MQT_SHAPE_POLYGON, 5000, &builder), MQT_OK);
    struct mqt_point ring[3] = {{0, 0}, {50, 0}, {0, 50}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, ring, 3);
    enum mqt_err err = MQT_OK;
    uint64_t id = 0;
    while (!err && id < 1000) {
        err = add_wkb(builder, ++id, &wkb);
    }
    assert_int_equal(err, MQT_ERR_LIMIT);
    assert_true(id > 10 && id < 100);
    mqt_buf_clear(&wkb);
    mqt_layer_builder_free(builder);
}

/* Two polygons, one with a hole, wound the wrong way round, big-endian with Z: EWKB as others write it. */
static void put_be(struct mqt_buf *wkb, const void *value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        mqt_buf_add_byte(wkb, ((const uint8_t *)value)[size - 1 - i]);
    }
}

static void put_be_ring(struct mqt_buf *wkb, const double (*positions)[2], uint32_t count)
{
    const double z = 44;
    put_be(wkb, &count, 4);
    for (uint32_t i = 0; i < count; i++) {
        put_be(wkb, &positions[i][0], 8);
        put_be(wkb, &positions[i][1], 8);
        put_be(wkb, &z, 8);
    }
}

struct copy {
    size_t part_count, point_count;
    uint32_t sizes[8];
    struct mqt_point points[64];
    struct mqt_point label;
};

static bool copy_feature(void *user, const struct mqt_feature *feature)
{
    struct copy *copy = user;
    copy->part_count = feature->part_count;
    copy->point_count = feature->point_count;
    copy->label = feature->label;
    memcpy(copy->sizes, feature->part_sizes, feature->part_count * sizeof copy->sizes[0]);
    memcpy(copy->points, feature->points, feature->point_count * sizeof copy->points[0]);
    return true;
}

static int64_t area2(const struct mqt_point *ring, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct mqt_point a = ring[i];
        struct mqt_point b = ring[(i + 1) % count];
        sum += ((int64_t)a.x - ring[0].x) * ((int64_t)b.y - ring[0].y) -
               ((int64_t)b.x - ring[0].x) * ((int64_t)a.y - ring[0].y);
    }
    return sum;
}

static void test_ewkb_with_hole(void **state)
{
    (void)state;
    static const double outer[][2] = {
        {116.30, 39.90}, {116.31, 39.90}, {116.31, 39.91}, {116.30, 39.91}, {116.30, 39.90}};
    static const double hole[][2] = {
        {116.302, 39.902}, {116.308, 39.902}, {116.308, 39.908}, {116.302, 39.908}, {116.302, 39.902}};
    static const double flat[][2] = {{116.5, 39.9}, {116.6, 39.9}, {116.5, 39.9}, {116.5, 39.9}};
    const uint32_t type = 0x80000000u | 0x20000000u | WKB_MULTIPOLYGON;
    const uint32_t member = 0x80000000u | WKB_POLYGON;
    const uint32_t srid = 4490, two = 2, one = 1;
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    mqt_buf_add_byte(&wkb, 0);
    put_be(&wkb, &type, 4);
    put_be(&wkb, &srid, 4);
    put_be(&wkb, &two, 4);
    mqt_buf_add_byte(&wkb, 0);
    put_be(&wkb, &member, 4);
    put_be(&wkb, &two, 4);
    put_be_ring(&wkb, outer, 5);
    put_be_ring(&wkb, hole, 5);
    mqt_buf_add_byte(&wkb, 0);
    put_be(&wkb, &member, 4);
    put_be(&wkb, &one, 4);
    put_be_ring(&wkb, flat, 4); /* no area: falls away */
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    assert_int_equal(add_wkb(builder, 1, &wkb), MQT_OK);
    mqt_buf_clear(&wkb);
    struct mqt_layer *layer = finish(builder);
    struct copy copy = {0};
    assert_int_equal(mqt_layer_visit(layer, mqt_layer_box(layer), copy_feature, &copy), MQT_OK);
    assert_int_equal(copy.part_count, 2);
    assert_int_equal(copy.sizes[0], 4);
    assert_int_equal(copy.sizes[1], 4);
    assert_true(area2(copy.points, 4) > 0);
    assert_true(area2(copy.points + 4, 4) < 0);
    struct mqt_point first;
    assert_true(mqt_grid_from_degrees(116.30, 39.90, &first));
    bool found = false;
    for (size_t i = 0; i < 4; i++) {
        found = found || (copy.points[i].x == first.x && copy.points[i].y == first.y);
    }
    assert_true(found);
    /* The label keeps out of the hole. */
    double lon_deg;
    double lat_deg;
    mqt_grid_to_degrees(copy.label, &lon_deg, &lat_deg);
    assert_true(lon_deg > 116.30 && lon_deg < 116.31 && lat_deg > 39.90 && lat_deg < 39.91);
    assert_false(lon_deg > 116.302 && lon_deg < 116.308 && lat_deg > 39.902 && lat_deg < 39.908);
    mqt_layer_release(layer);
}

/* Larger than 16 bits of world units: the wide form of a record. */
static void test_wide_shapes_come_back_exactly(void **state)
{
    (void)state;
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_LINE);
    struct mqt_point line[5] = {{5, 7}, {2000000000, 1}, {2147483647, 2147483647}, {1234567, 89}, {77, 1500000000}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_head(&wkb, WKB_MULTILINE);
    wkb_put_count(&wkb, 2);
    wkb_put_head(&wkb, WKB_LINE);
    wkb_put_world(&wkb, line, 3, false);
    wkb_put_head(&wkb, WKB_LINE);
    wkb_put_world(&wkb, line + 3, 2, false);
    assert_int_equal(add_wkb(builder, 1, &wkb), MQT_OK);
    mqt_buf_clear(&wkb);
    struct mqt_layer *layer = finish(builder);
    struct copy copy = {0};
    assert_int_equal(mqt_layer_visit(layer, mqt_layer_box(layer), copy_feature, &copy), MQT_OK);
    assert_int_equal(copy.part_count, 2);
    assert_int_equal(copy.point_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(copy.points[i].x, line[i].x);
        assert_int_equal(copy.points[i].y, line[i].y);
    }
    /* Middle of the longer line: the first, whose second leg is the longer one. */
    assert_true(copy.label.x > 2000000000 && copy.label.y > 0 && copy.label.y < 200000000);
    mqt_layer_release(layer);
}

/* Every way in which bytes can lie about a geometry; none may be added, none may be read over. */
static void test_hostile_wkb_is_refused(void **state)
{
    (void)state;
    static const uint8_t point_nan[21] = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f};
    static const uint8_t huge_rings[9] = {1, 3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t huge_points[13] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f};
    static const uint8_t huge_multi[9] = {1, 6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t no_rings[9] = {1, 3, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t nested[18] = {1, 6, 0, 0, 0, 1, 0, 0, 0, 1, 6, 0, 0, 0, 1, 0, 0, 0};
    static const uint8_t collection[9] = {1, 7, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t order[9] = {2, 3, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t bare_srid[5] = {1, 3, 0, 0, 0x20};
    const struct {
        const char *label;
        const uint8_t *bytes;
        size_t len;
    } rows[] = {
        {"nothing", huge_rings, 0},
        {"half a head", huge_rings, 3},
        {"no count", huge_rings, 5},
        {"four billion rings", huge_rings, sizeof huge_rings},
        {"two billion points", huge_points, sizeof huge_points},
        {"four billion polygons", huge_multi, sizeof huge_multi},
        {"polygon empty", no_rings, sizeof no_rings},
        {"a multi in a multi", nested, sizeof nested},
        {"a collection", collection, sizeof collection},
        {"a strange byte order", order, sizeof order},
        {"an SRID that is cut off", bare_srid, sizeof bare_srid},
        {"a point in a polygon layer", point_nan, sizeof point_nan},
    };
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_buf wkb; /* a copy of just these bytes, so that a sanitiser sees any step beyond */
        mqt_buf_init(&wkb, MAX_BYTES);
        wkb.data = malloc(rows[i].len + 1);
        uint8_t *exact = rows[i].len > 0 ? realloc(wkb.data, rows[i].len) : wkb.data;
        memcpy(exact, rows[i].bytes, rows[i].len);
        wkb.data = exact;
        wkb.len = rows[i].len;
        if (add_wkb(builder, 1, &wkb) != MQT_ERR_GEOMETRY) {
            fail_msg("%s", rows[i].label);
        }
        mqt_buf_clear(&wkb);
    }
    struct mqt_layer *layer = finish(builder);
    assert_int_equal(mqt_layer_count(layer), 0);
    mqt_layer_release(layer);
    struct mqt_layer_builder *points = builder_of(MQT_SHAPE_POINT);
    struct mqt_buf nan_point = {.data = (uint8_t *)(uintptr_t)point_nan, .len = sizeof point_nan};
    assert_int_equal(add_wkb(points, 1, &nan_point), MQT_ERR_GEOMETRY);
    mqt_layer_builder_free(points);
}

static void test_every_truncation_is_refused(void **state)
{
    (void)state;
    struct mqt_point ring[4] = {{0, 0}, {500, 0}, {500, 500}, {0, 500}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, MAX_BYTES);
    wkb_put_ring(&wkb, ring, 4);
    struct mqt_layer_builder *builder = builder_of(MQT_SHAPE_POLYGON);
    struct mqt_buf part = wkb;
    for (part.len = 0; part.len < wkb.len; part.len++) {
        assert_int_equal(add_wkb(builder, 1, &part), MQT_ERR_GEOMETRY);
    }
    assert_int_equal(add_wkb(builder, 1, &wkb), MQT_OK);
    mqt_buf_add_byte(&wkb, 0);
    assert_int_equal(add_wkb(builder, 2, &wkb), MQT_ERR_GEOMETRY); /* bytes left over */
    mqt_buf_clear(&wkb);
    mqt_layer_builder_free(builder);
}

static void *read_and_release(void *user)
{
    struct mqt_layer *layer = user;
    for (int i = 0; i < 200; i++) {
        struct mqt_layer *mine = mqt_layer_retain(layer);
        struct mqt_feature feature;
        if (!mqt_layer_find(mine, 17, &feature)) {
            return NULL;
        }
        mqt_layer_release(mine);
    }
    mqt_layer_release(layer);
    return layer; /* as a sign that all were found */
}

static void test_threads_share_a_layer(void **state)
{
    (void)state;
    struct mqt_layer *layer = make_grid();
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, read_and_release, mqt_layer_retain(layer)), 0);
    }
    mqt_layer_release(layer);
    for (size_t i = 0; i < 4; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_box_query_finds_what_a_scan_finds),
        cmocka_unit_test(test_visit_stops_and_keeps_its_order),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_changes_replace_add_and_remove),
        cmocka_unit_test(test_changes_of_another_layer_are_refused),
        cmocka_unit_test(test_compaction_is_asked_for),
        cmocka_unit_test(test_the_same_id_twice_is_refused),
        cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_ewkb_with_hole),
        cmocka_unit_test(test_wide_shapes_come_back_exactly),
        cmocka_unit_test(test_hostile_wkb_is_refused),
        cmocka_unit_test(test_every_truncation_is_refused),
        cmocka_unit_test(test_threads_share_a_layer),
    };
    return cmocka_run_group_tests_name("layer", tests, NULL, NULL);
}
