#include "../../server/style_columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct mqt_catalog_column building_columns[] = {{"code", MQT_TYPE_TEXT, "", ""},
                                                             {"name", MQT_TYPE_TEXT, "", ""},
                                                             {"height_m", MQT_TYPE_REAL, "", ""},
                                                             {"use", MQT_TYPE_TEXT, "", ""},
                                                             {"floors", MQT_TYPE_INT, "", ""}};

static struct mqt_catalog *make_catalog(void)
{
    const struct mqt_catalog_layer rows[2] = {{.id = "road",
                                               .title_zh = "",
                                               .title_en = "",
                                               .source_table = "a.b",
                                               .served_from = "a.b",
                                               .shape = MQT_SHAPE_LINE,
                                               .max_zoom = 22,
                                               .attribution = "",
                                               .style_json = "{}",
                                               .column_count = 2,
                                               .columns = building_columns},
                                              {.id = "building",
                                               .title_zh = "",
                                               .title_en = "",
                                               .source_table = "a.c",
                                               .served_from = "a.c",
                                               .shape = MQT_SHAPE_POLYGON,
                                               .max_zoom = 22,
                                               .attribution = "",
                                               .style_json = "{}",
                                               .column_count = 5,
                                               .columns = building_columns}};
    struct mqt_catalog *catalog = NULL;
    assert_int_equal(mqt_catalog_new(rows, 2, &catalog), MQT_OK);
    return catalog;
}

/* Three style layers: expressions within expressions, one of the other tile layer of labels, one of nobody. */
static const char style[] =
    "{\"layers\": ["
    "{\"id\": \"a\", \"source-layer\": \"building\", \"filter\": [\"has\", \"use\"], \"paint\": "
    "{\"fill-extrusion-height\":"
    " [\"coalesce\", [\"get\", \"height_m\"], [\"*\", [\"get\", \"floors\"], 3]], \"fill-color\": \"name\"}},"
    "{\"id\": \"b\", \"source-layer\": \"building_label\", \"layout\": {\"text-field\": [\"get\", \"code\"]}},"
    "{\"id\": \"c\", \"source-layer\": \"nobody\", \"layout\": {\"text-field\": [\"get\", \"name\"]}},"
    "{\"id\": \"d\", \"type\": \"background\"}]}";

static void test_columns_that_are_read(void **state)
{
    (void)state;
    struct mqt_catalog *catalog = make_catalog();
    struct mqt_style_columns *columns = NULL;
    json_t *document = json_loads(style, 0, NULL);
    assert_non_null(document);
    assert_int_equal(mqt_style_columns_new(document, catalog, &columns), MQT_OK);
    size_t count = 9;
    const size_t *found = mqt_style_columns_of(columns, "building", &count);
    assert_int_equal(count, 3);
    assert_int_equal(found[0], 2);
    assert_int_equal(found[1], 3);
    assert_int_equal(found[2], 4);
    assert_non_null(mqt_style_columns_of(columns, "road", &count));
    assert_int_equal(count, 0);
    assert_non_null(mqt_style_columns_of(columns, "unknown", &count));
    assert_int_equal(count, 0);
    mqt_style_columns_free(columns);
    json_decref(document);
    mqt_catalog_release(catalog);
}

static void test_no_layers(void **state)
{
    (void)state;
    struct mqt_catalog *catalog = make_catalog();
    struct mqt_style_columns *columns = NULL;
    json_t *document = json_loads("{\"layers\": 3}", 0, NULL);
    assert_int_equal(mqt_style_columns_new(document, catalog, &columns), MQT_OK);
    size_t count = 9;
    assert_non_null(mqt_style_columns_of(columns, "building", &count));
    assert_int_equal(count, 0);
    mqt_style_columns_free(columns);
    mqt_style_columns_free(NULL);
    json_decref(document);
    mqt_catalog_release(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_that_are_read),
        cmocka_unit_test(test_no_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
