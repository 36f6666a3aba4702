#include "../../tiles/style_layers.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct mqt_style *parse_ok(const char *json)
{
    struct mqt_style *style = NULL;
    struct mqt_detail detail = {0};
    enum mqt_err err = mqt_style_parse(json, strlen(json), &style, &detail);
    if (err) {
        print_error("%s\n", detail.text);
    }
    assert_int_equal(err, MQT_OK);
    return style;
}

static void layer_document(char *json, size_t size, const char *inside)
{
    snprintf(json, size, "{\"version\":8,\"layers\":[{\"id\":\"one\",\"source-layer\":\"building\",%s}]}", inside);
}

/* A layer with the three columns that the expressions below ask for. */
static struct mqt_layer *make_layer(void)
{
    static const struct mqt_column columns[] = {
        {"name", MQT_TYPE_TEXT}, {"floors", MQT_TYPE_INT}, {"height", MQT_TYPE_REAL}, {"open", MQT_TYPE_BOOL}};
    struct mqt_layer_builder *builder;
    assert_int_equal(mqt_layer_builder_new(columns, 4, MQT_SHAPE_POINT, 1 << 20, &builder), MQT_OK);
    uint8_t wkb[21] = {1, 1};
    const double place[2] = {116.3, 39.8};
    memcpy(wkb + 5, place, 16);
    struct mqt_value values[4] = {{.present = true, .type = MQT_TYPE_TEXT, .text = {"三号楼", 9}},
                                  {.present = true, .type = MQT_TYPE_INT, .integer = 6},
                                  {.present = false, .type = MQT_TYPE_REAL},
                                  {.present = true, .type = MQT_TYPE_BOOL, .boolean = true}};
    assert_int_equal(mqt_layer_builder_add_wkb(builder, 1, wkb, sizeof wkb, values, NULL), MQT_OK);
    struct mqt_layer *layer;
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

struct evaluation {
    struct mqt_style *style;
    struct mqt_layer *layer;
    struct mqt_arena scratch;
    int columns[16];
    struct mqt_expr_context context;
};

static void open_evaluation(struct evaluation *evaluation, const char *inside, double zoom)
{
    char json[2000];
    layer_document(json, sizeof json, inside);
    evaluation->style = parse_ok(json);
    evaluation->layer = make_layer();
    mqt_arena_init(&evaluation->scratch, 1 << 16);
    for (size_t i = 0; i < evaluation->style->names.count; i++) {
        evaluation->columns[i] = mqt_layer_column_index(evaluation->layer, evaluation->style->names.items[i]);
    }
    evaluation->context = (struct mqt_expr_context){
        .zoom = zoom, .layer = evaluation->layer, .columns = evaluation->columns, .scratch = &evaluation->scratch};
}

static void close_evaluation(struct evaluation *evaluation)
{
    mqt_arena_clear(&evaluation->scratch);
    mqt_layer_release(evaluation->layer);
    mqt_style_release(evaluation->style);
}

static void numbers_are_worked_out(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        double zoom, expected;
    } rows[] = {
        {"3.5", 0, 3.5},
        {"[\"zoom\"]", 12.5, 12.5},
        {"[\"get\",\"floors\"]", 0, 6},
        {"[\"get\",\"height\"]", 0, -1},  /* null: the fallback */
        {"[\"get\",\"name\"]", 0, -1},    /* another kind */
        {"[\"get\",\"nothing\"]", 0, -1}, /* no such column */
        {"[\"coalesce\",[\"get\",\"height\"],[\"*\",[\"get\",\"floors\"],3]]", 0, 18},
        {"[\"match\",[\"get\",\"floors\"],1,10,[5,6],20,30]", 0, 20},
        {"[\"match\",[\"get\",\"name\"],\"四号楼\",1,\"三号楼\",2,3]", 0, 2},
        {"[\"match\",[\"get\",\"height\"],1,10,30]", 0, 30},
        {"[\"case\",[\"get\",\"open\"],1,2]", 0, 1},
        {"[\"case\",[\"has\",\"height\"],1,[\"has\",\"floors\"],2,3]", 0, 2},
        {"[\"case\",[\"all\",[\">\",[\"get\",\"floors\"],5],[\"!\",[\"has\",\"height\"]]],1,2]", 0, 1},
        {"[\"case\",[\"any\",[\"<\",[\"get\",\"floors\"],5],[\"==\",[\"get\",\"name\"],\"x\"]],1,2]", 0, 2},
        {"[\"case\",[\">=\",[\"get\",\"name\"],5],1,2]", 0, 2}, /* kinds that cannot be compared */
        {"[\"case\",[\"<=\",[\"get\",\"floors\"],6],1,2]", 0, 1},
        {"[\"case\",[\"<\",[\"get\",\"floors\"],6],1,2]", 0, 2},
        {"[\"case\",[\">=\",[\"get\",\"floors\"],6],1,2]", 0, 1},
        {"[\"case\",[\">\",[\"get\",\"floors\"],6],1,2]", 0, 2},
        {"[\"case\",[\"!=\",[\"get\",\"height\"],5],1,2]", 0, 1},
        {"[\"case\",[\"in\",[\"get\",\"floors\"],[\"literal\",[4,6]]],1,2]", 0, 1},
        {"[\"step\",[\"zoom\"],1,10,2,15,3]", 9.9, 1},
        {"[\"step\",[\"zoom\"],1,10,2,15,3]", 10, 2},
        {"[\"step\",[\"zoom\"],1,10,2,15,3]", 22, 3},
        {"[\"interpolate\",[\"linear\"],[\"zoom\"],10,1,20,3]", 5, 1},
        {"[\"interpolate\",[\"linear\"],[\"zoom\"],10,1,20,3]", 15, 2},
        {"[\"interpolate\",[\"linear\"],[\"zoom\"],10,1,20,3]", 25, 3},
        {"[\"interpolate\",[\"exponential\",2],[\"zoom\"],10,0,12,3]", 11, 1},
        {"[\"-\",[\"max\",2,9,4],[\"min\",2,9,4]]", 0, 7},
        {"[\"/\",7,0]", 0, -1},
        {"[\"to-number\",\"12.5\"]", 0, 12.5},
        {"[\"length\",[\"get\",\"name\"]]", 0, 3},
        {"[\"length\",[\"get\",\"height\"]]", 0, -1}, /* null has none */
        {"[\"index-of\",\"号\",[\"get\",\"name\"]]", 0, 1},
        {"[\"index-of\",\"(\",[\"get\",\"name\"]]", 0, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char inside[500];
        snprintf(inside, sizeof inside, "\"type\":\"line\",\"paint\":{\"line-width\":%s}", rows[i].expression);
        struct evaluation e;
        open_evaluation(&e, inside, rows[i].zoom);
        double got = mqt_expr_number(e.style->layers[0].properties[MQT_LINE_WIDTH], &e.context, -1);
        if (fabs(got - rows[i].expected) > 1e-9) {
            print_error("%s: %g, not %g\n", rows[i].expression, got, rows[i].expected);
        }
        assert_true(fabs(got - rows[i].expected) < 1e-9);
        close_evaluation(&e);
    }
}

static void texts_are_put_together(void **state)
{
    (void)state;
    static const struct {
        const char *expression, *expected;
    } rows[] = {
        {"\"楼\"", "楼"},
        {"[\"get\",\"name\"]", "三号楼"},
        {"[\"get\",\"floors\"]", "6"},
        {"[\"get\",\"height\"]", ""},
        {"[\"concat\",[\"get\",\"name\"],\" \",[\"to-string\",[\"get\",\"floors\"]],\"层\"]", "三号楼 6层"},
        {"[\"coalesce\",[\"get\",\"height\"],[\"get\",\"name\"],\"\"]", "三号楼"},
        {"[\"to-string\",2.5]", "2.5"},
        {"[\"slice\",[\"get\",\"name\"],0,1]", "三"},
        {"[\"slice\",[\"get\",\"name\"],1]", "号楼"},
        {"[\"slice\",[\"get\",\"name\"],2,9]", "楼"},
        {"[\"slice\",[\"get\",\"name\"],7]", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char inside[500];
        snprintf(inside, sizeof inside, "\"type\":\"symbol\",\"layout\":{\"text-field\":%s}", rows[i].expression);
        struct evaluation e;
        open_evaluation(&e, inside, 14);
        size_t len;
        const char *text = mqt_expr_text(e.style->layers[0].properties[MQT_TEXT_FIELD], &e.context, &len);
        assert_int_equal(len, strlen(rows[i].expected));
        assert_memory_equal(text, rows[i].expected, len);
        close_evaluation(&e);
    }
}

static void colours_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int r, g, b, a; /* 0-255; r -1: not a colour */
    } rows[] = {
        {"#f80", 255, 136, 0, 255},
        {"#f808", 255, 136, 0, 136},
        {"#1A2b3C", 26, 43, 60, 255},
        {"#1a2b3c80", 26, 43, 60, 128},
        {"rgb(1, 2,3)", 1, 2, 3, 255},
        {"rgba(255,0,0,0.5)", 255, 0, 0, 128},
        {"rgb(10 20 30 / 50%)", 10, 20, 30, 128},
        {"rgb(300,-5,0)", 255, 0, 0, 255},
        {"hsl(120, 100%, 50%)", 0, 255, 0, 255},
        {"hsla(-120, 100%, 25%, 1)", 0, 0, 128, 255},
        {"hsl(30, 50%, 60%)", 204, 153, 102, 255},
        {"white", 255, 255, 255, 255},
        {"transparent", 0, 0, 0, 0},
        {"", -1, 0, 0, 0},
        {"#12", -1, 0, 0, 0},
        {"#12345g", -1, 0, 0, 0},
        {"rgb(1,2)", -1, 0, 0, 0},
        {"rgb(1,2,3", -1, 0, 0, 0},
        {"rgb(1,2,3,4,5)", -1, 0, 0, 0},
        {"rgb(nan,2,3)", -1, 0, 0, 0},
        {"hsl(1,2,3)", -1, 0, 0, 0},
        {"whitish", -1, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_colour c = {9, 9, 9, 9};
        bool ok = mqt_colour_parse(rows[i].text, strlen(rows[i].text), &c);
        assert_int_equal(ok, rows[i].r >= 0);
        if (ok) {
            assert_int_equal(lrintf(c.r * 255), rows[i].r);
            assert_int_equal(lrintf(c.g * 255), rows[i].g);
            assert_int_equal(lrintf(c.b * 255), rows[i].b);
            assert_int_equal(lrintf(c.a * 255), rows[i].a);
        } else {
            assert_true(c.r == 9);
        }
    }
}

static void colour_expressions_mix(void **state)
{
    (void)state;
    struct evaluation e;
    open_evaluation(&e,
                    "\"type\":\"fill\",\"paint\":{\"fill-color\":[\"interpolate\",[\"linear\"],[\"get\",\"floors\"],"
                    "4,\"#000000\",8,\"#ff0000\"],\"fill-opacity\":0.5}",
                    14);
    const struct mqt_style_layer *layer = &e.style->layers[0];
    struct mqt_colour c = mqt_expr_colour(layer->properties[MQT_FILL_COLOR], &e.context, (struct mqt_colour){0});
    assert_true(fabsf(c.r - 0.5f) < 1e-6f && c.g == 0 && c.a == 1);
    assert_true(mqt_expr_varies(layer->properties[MQT_FILL_COLOR]));
    assert_false(mqt_expr_varies(layer->properties[MQT_FILL_OPACITY]));
    assert_null(layer->properties[MQT_LINE_WIDTH]);
    assert_true(mqt_style_default_number(MQT_LINE_WIDTH) == 1);
    close_evaluation(&e);
}

/* Every refusal names the layer and the property. */
static void what_is_outside_the_subset_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *inside, *field;
    } rows[] = {
        {"\"type\":\"heatmap\"", "type"},
        {"\"type\":7", "type"},
        {"\"type\":\"fill\",\"paint\":{\"fill-pattern\":\"x\"}", "fill-pattern"},
        {"\"type\":\"fill\",\"paint\":{\"line-width\":2}", "line-width"},
        {"\"type\":\"fill\",\"paint\":{\"fill-color\":\"reddish\"}", "fill-color"},
        {"\"type\":\"fill\",\"paint\":{\"fill-color\":5}", "fill-color"},
        {"\"type\":\"fill\",\"paint\":{\"fill-color\":{\"stops\":[]}}", "fill-color"},
        {"\"type\":\"fill\",\"paint\":{\"fill-color\":[\"feature-state\",\"hover\"]}", "fill-color"},
        {"\"type\":\"fill\",\"paint\":[1]", "paint or layout"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":\"2\"}", "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":[\"concat\",\"a\"]}", "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":[]}", "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":[\"get\",5]}", "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":[\"-\",1,2,3]}", "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":[\"match\",1,2]}", "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":[\"step\",[\"zoom\"],1,5,2,5,3]}", "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-width\":[\"interpolate\",[\"cubic-bezier\",0,0,1,1],[\"zoom\"],1,2,3,4]}",
         "line-width"},
        {"\"type\":\"line\",\"paint\":{\"line-dasharray\":[0,0]}", "line-dasharray"},
        {"\"type\":\"line\",\"paint\":{\"line-dasharray\":[1]}", "line-dasharray"},
        {"\"type\":\"line\",\"layout\":{\"line-cap\":\"pointed\"}", "line-cap"},
        {"\"type\":\"symbol\",\"layout\":{\"text-anchor\":[\"get\",\"x\"]}", "text-anchor"},
        {"\"type\":\"symbol\",\"layout\":{\"text-offset\":[1]}", "text-offset"},
        {"\"type\":\"fill\",\"filter\":[\"within\",{}]", "filter"},
        {"\"type\":\"fill\",\"filter\":\"yes\"", "filter"},
        {"\"type\":\"fill\",\"minzoom\":\"3\"", "minzoom or maxzoom"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[1000];
        layer_document(json, sizeof json, rows[i].inside);
        struct mqt_style *style = NULL;
        struct mqt_detail detail = {0};
        if (mqt_style_parse(json, strlen(json), &style, &detail) != MQT_ERR_FORMAT) {
            print_error("taken: %s\n", rows[i].inside);
            fail();
        }
        assert_null(style);
        assert_string_equal(detail.field, rows[i].field);
        assert_non_null(strstr(detail.text, "\"one\""));
    }
}

static void broken_documents_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       "{",
                                       "[]",
                                       "{}",
                                       "{\"layers\":3}",
                                       "{\"layers\":[{}]}",
                                       "{\"layers\":[3]}",
                                       "{\"layers\":[{\"id\":\"a\",\"type\":\"fill\"}]}"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_style *style = NULL;
        struct mqt_detail detail = {0};
        assert_int_equal(mqt_style_parse(rows[i], strlen(rows[i]), &style, &detail), MQT_ERR_FORMAT);
        assert_null(style);
        assert_true(detail.text[0] != '\0');
    }
    char deep[5000] = "\"type\":\"line\",\"paint\":{\"line-width\":";
    for (int i = 0; i < 200; i++) {
        strcat(deep, "[\"+\",");
    }
    strcat(deep, "1");
    for (int i = 0; i < 200; i++) {
        strcat(deep, "]");
    }
    strcat(deep, "}");
    char json[6000];
    layer_document(json, sizeof json, deep);
    struct mqt_style *style = NULL;
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_style_parse(json, strlen(json), &style, &detail), MQT_ERR_FORMAT);
}

static void layers_for_the_browser_are_left_out(void **state)
{
    (void)state;
    struct mqt_style *style = parse_ok(
        "{\"layers\":["
        "{\"id\":\"a\",\"type\":\"background\"},"
        "{\"id\":\"b\",\"type\":\"hologram\",\"source-layer\":\"x\",\"metadata\":{\"mqt:raster\":false}},"
        "{\"id\":\"c\",\"type\":\"fill\",\"source-layer\":\"hidden\",\"layout\":{\"visibility\":\"none\"}},"
        "{\"id\":\"d\",\"type\":\"fill\",\"source-layer\":\"grid\",\"minzoom\":12,\"maxzoom\":15.5},"
        "{\"id\":\"e\",\"type\":\"line\",\"source-layer\":\"grid\",\"paint\":{\"line-dasharray\":[4,2]},"
        "\"layout\":{\"line-cap\":\"square\",\"line-join\":\"round\"}},"
        "{\"id\":\"f\",\"type\":\"symbol\",\"source-layer\":\"building\",\"layout\":{\"text-anchor\":\"top-right\","
        "\"text-offset\":[0,1.5],\"icon-image\":\"dot\",\"text-font\":[\"a\"]}}]}");
    assert_int_equal(style->layer_count, 4);
    assert_int_equal(mqt_style_source_count(style), 2);
    assert_string_equal(mqt_style_source(style, 0), "grid");
    assert_string_equal(mqt_style_source(style, 1), "building");
    assert_true(style->layers[1].min_zoom == 12 && style->layers[1].max_zoom == 15.5);
    assert_int_equal(style->layers[2].dash_count, 2);
    assert_int_equal(style->layers[2].cap, MQT_CAP_SQUARE);
    assert_int_equal(style->layers[2].join, MQT_JOIN_ROUND);
    assert_true(style->layers[3].anchor_x == 1 && style->layers[3].anchor_y == 0);
    assert_true(style->layers[3].offset_em[1] == 1.5f);
    struct mqt_style *again = mqt_style_retain(style);
    mqt_style_release(style);
    assert_string_equal(again->layers[0].id, "a");
    mqt_style_release(again);
}

/* A catalogue layer waits to be asked for when nothing that shows by itself draws it. */
static void layers_may_wait_to_be_asked_for(void **state)
{
    (void)state;
    struct mqt_style *style =
        parse_ok("{\"layers\":["
                 "{\"id\":\"a\",\"type\":\"background\"},"
                 "{\"id\":\"b\",\"type\":\"fill\",\"source-layer\":\"lamp\",\"metadata\":{\"mqt:unasked\":true}},"
                 "{\"id\":\"c\",\"type\":\"line\",\"source-layer\":\"lamp\",\"metadata\":{\"mqt:unasked\":true}},"
                 "{\"id\":\"d\",\"type\":\"fill\",\"source-layer\":\"grid\",\"metadata\":{\"mqt:unasked\":true}},"
                 "{\"id\":\"e\",\"type\":\"line\",\"source-layer\":\"grid\"}]}");
    assert_true(mqt_style_is_unasked(style, "lamp"));
    assert_false(mqt_style_is_unasked(style, "grid"));
    assert_false(mqt_style_is_unasked(style, "nowhere"));
    mqt_style_release(style);
}

/* The styles that we ship must stay inside the subset. */
static void shipped_styles_are_understood(void **state)
{
    (void)state;
    DIR *folder = opendir("web/styles");
    assert_non_null(folder);
    int seen = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t len = strlen(entry->d_name);
        if (len < 6 || strcmp(entry->d_name + len - 5, ".json") != 0) {
            continue;
        }
        char path[300];
        snprintf(path, sizeof path, "web/styles/%s", entry->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        char *json = calloc(1, 1 << 20);
        assert_non_null(json);
        size_t bytes = fread(json, 1, (1 << 20) - 1, file);
        fclose(file);
        assert_true(bytes > 0);
        struct mqt_style *style = parse_ok(json);
        assert_true(style->layer_count > 5);
        mqt_style_release(style);
        free(json);
        seen++;
    }
    closedir(folder);
    assert_true(seen >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_worked_out),          cmocka_unit_test(texts_are_put_together),
        cmocka_unit_test(layers_may_wait_to_be_asked_for), cmocka_unit_test(colours_are_read),
        cmocka_unit_test(colour_expressions_mix),          cmocka_unit_test(what_is_outside_the_subset_is_refused),
        cmocka_unit_test(broken_documents_are_refused),    cmocka_unit_test(layers_for_the_browser_are_left_out),
        cmocka_unit_test(shipped_styles_are_understood),
    };
    return cmocka_run_group_tests_name("style", tests, NULL, NULL);
}
