#include "../../etl/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/mqt-reader-XXXXXX";

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL ? -1 : 0;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory);
}

/* Writes the bytes as a file of that name and returns its path in path. */
static void write_file(const char *name, const char *bytes, size_t len, char path[128])
{
    FILE *file;

    snprintf(path, 128, "%s/%s", directory, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static enum mqt_err open_text(const char *name, const char *text, struct mqt_reader **reader, struct mqt_detail *detail)
{
    char path[128];
    struct mqt_reader_request request = {.path = path, .limits = MQT_READER_LIMITS};
    enum mqt_err err;

    write_file(name, text, strlen(text), path);
    err = mqt_reader_new(&request, reader, detail);
    unlink(path);
    return err;
}

static void a_text_table_comes_headless(void **state)
{
    (void)state;
    struct mqt_reader *reader = NULL;
    struct mqt_row row;
    bool more = false;

    assert_int_equal(open_text("设施.csv", "名称,经度\n食堂,116.3\n", &reader, NULL), MQT_OK);
    assert_true(mqt_reader_table(reader)->headless);
    assert_string_equal(mqt_reader_table(reader)->name, "设施");
    assert_int_equal(mqt_reader_next(reader, &row, &more, NULL), MQT_OK);
    assert_string_equal(row.cells[0].text, "名称");
    assert_int_equal(mqt_reader_next(reader, &row, &more, NULL), MQT_OK);
    assert_string_equal(row.cells[1].text, "116.3");
    assert_int_equal(mqt_reader_next(reader, &row, &more, NULL), MQT_OK);
    assert_false(more);
    mqt_reader_free(reader);
}

static void geojson_comes_with_columns_and_shapes(void **state)
{
    (void)state;
    struct mqt_reader *reader = NULL;
    struct mqt_row row;
    bool more = false;

    assert_int_equal(open_text("p.geojson",
                               "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
                               "{\"name\":\"甲\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[116.3,39.8,7]}}]}",
                               &reader, NULL),
                     MQT_OK);
    assert_false(mqt_reader_table(reader)->headless);
    assert_int_equal(mqt_reader_table(reader)->shape, MQT_TABLE_POINT);
    assert_string_equal(mqt_reader_table(reader)->crs, "EPSG:4979"); /* with heights, before they are dropped */
    assert_int_equal(mqt_reader_next(reader, &row, &more, NULL), MQT_OK);
    assert_true(more);
    assert_int_equal(row.wkb_len, 21); /* the height is gone */
    assert_string_equal(row.cells[0].text, "甲");
    mqt_reader_free(reader);
}

static void records_are_rows(void **state)
{
    (void)state;
    struct mqt_reader *reader = NULL;
    struct mqt_row row;
    bool more = false;

    assert_int_equal(open_text("r.json",
                               "[{\"a\":\"x\",\"n\":5},{\"b\":true,\"p\":{\"type\":\"Point\",\"coordinates\":[1,2]}}]",
                               &reader, NULL),
                     MQT_OK);
    assert_int_equal(mqt_reader_table(reader)->column_count, 4);
    assert_string_equal(mqt_reader_table(reader)->columns[2], "b");
    assert_int_equal(mqt_reader_next(reader, &row, &more, NULL), MQT_OK);
    assert_string_equal(row.cells[1].text, "5");
    assert_null(row.cells[2].text);
    assert_int_equal(mqt_reader_next(reader, &row, &more, NULL), MQT_OK);
    assert_string_equal(row.cells[2].text, "true");
    assert_int_equal(row.wkb_len, 21);
    mqt_reader_free(reader);
}

static void files_that_are_not_what_they_say_are_refused(void **state)
{
    (void)state;
    static const char vrt[] =
        "<OGRVRTDataSource><OGRVRTLayer name=\"x\"><SrcDataSource>http://127.0.0.1:1/x</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>";
    static const struct {
        const char *name, *text;
        enum mqt_err err;
    } rows[] = {
        {"v.csv", vrt, MQT_ERR_FORMAT},
        {"v.kml", vrt, MQT_ERR_FORMAT},
        {"v.shp", vrt, MQT_ERR_FORMAT},
        {"v.gpkg", vrt, MQT_ERR_FORMAT},
        {"v.geojson", vrt, MQT_ERR_FORMAT},
        {"w.xlsx", "PK\3\4 and no more", MQT_ERR_FORMAT},
        {"w2.xlsx", "hello", MQT_ERR_FORMAT},
        {"e.csv", "", MQT_ERR_FORMAT},
        {"g.geojson", "{\"a\":", MQT_ERR_FORMAT},
        {"r.json", "[1, 2]", MQT_ERR_FORMAT},
        {"x.vrt", vrt, MQT_ERR_PARAM},
        {"o.osm", "nothing", MQT_ERR_FORMAT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_reader *reader = NULL;
        struct mqt_detail detail = {0};

        assert_int_equal(open_text(rows[i].name, rows[i].text, &reader, &detail), rows[i].err);
        assert_null(reader);
        assert_true(detail.text[0] != '\0');
        assert_null(strchr(detail.text, '\n'));
    }
}

static void only_local_files_are_read(void **state)
{
    (void)state;
    static const char *const paths[] = {"/vsicurl/http://127.0.0.1:1/x.geojson", "http://127.0.0.1:1/x.csv",
                                        "/vsizip/x.zip/a.shp", "PG:dbname=x.csv"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct mqt_reader_request request = {.path = paths[i], .limits = MQT_READER_LIMITS};
        struct mqt_reader *reader = NULL;

        assert_int_equal(mqt_reader_new(&request, &reader, NULL), MQT_ERR_PARAM);
    }
}

/* A table that is larger than a pipe holds, so that the child cannot be done at once. */
static void write_large(char path[128])
{
    FILE *file;

    snprintf(path, 128, "%s/large.csv", directory);
    file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 200000; i++) {
        fprintf(file, "%d,name of row %d,116.%06d\n", i, i, i);
    }
    assert_int_equal(fclose(file), 0);
}

static void a_reader_that_takes_too_long_is_ended(void **state)
{
    (void)state;
    char path[128];
    struct mqt_reader_request request = {.path = path, .limits = {.memory_bytes = 1u << 30, .cpu_s = 60, .wall_s = 0}};
    struct mqt_reader *reader = NULL;
    struct mqt_detail detail = {0};

    write_large(path);
    assert_int_equal(mqt_reader_new(&request, &reader, &detail), MQT_ERR_TIMEOUT);
    assert_non_null(strstr(detail.text, "longer"));
    unlink(path);
}

static void a_reader_can_be_left_in_the_middle(void **state)
{
    (void)state;
    char path[128];
    struct mqt_reader_request request = {.path = path, .limits = MQT_READER_LIMITS};
    struct mqt_reader *reader = NULL;
    struct mqt_row row;
    bool more = false;

    write_large(path);
    assert_int_equal(mqt_reader_new(&request, &reader, NULL), MQT_OK);
    assert_int_equal(mqt_reader_next(reader, &row, &more, NULL), MQT_OK);
    mqt_reader_free(reader);
    unlink(path);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static void a_reader_that_wants_too_much_memory_is_ended(void **state)
{
    (void)state;
    char path[128];
    /* The programs' own mappings need some 100 MB of address space; the file and its copy 20 more. */
    struct mqt_reader_request request = {.path = path, .limits = {.memory_bytes = 1u << 20, .cpu_s = 60, .wall_s = 60}};
    struct mqt_reader *reader = NULL;
    struct mqt_detail detail = {0};
    enum mqt_err err;

    write_large(path);
    err = mqt_reader_new(&request, &reader, &detail);
    assert_true(err == MQT_ERR_MEMORY || err == MQT_ERR_FORMAT || err == MQT_ERR_LIMIT);
    assert_true(detail.text[0] != '\0');
    assert_null(reader);
    unlink(path);
}
#endif

static void a_file_that_becomes_shorter_while_it_is_read_is_told(void **state)
{
    (void)state;
    char path[128];
    struct mqt_reader_request request = {.path = path, .limits = MQT_READER_LIMITS};
    struct mqt_reader *reader = NULL;
    struct mqt_row row;
    struct mqt_detail detail = {0};
    bool more = true;
    enum mqt_err err;

    /* More than a pipe holds, so that reading stands still in the middle. */
    write_large(path);
    assert_int_equal(mqt_reader_new(&request, &reader, &detail), MQT_OK);
    assert_int_equal(truncate(path, 0), 0);
    do {
        err = mqt_reader_next(reader, &row, &more, &detail);
    } while (err == MQT_OK && more);
    assert_int_equal(err, MQT_ERR_FORMAT);
    assert_non_null(strstr(detail.text, "became shorter"));
    mqt_reader_free(reader);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_table_comes_headless),
        cmocka_unit_test(geojson_comes_with_columns_and_shapes),
        cmocka_unit_test(records_are_rows),
        cmocka_unit_test(files_that_are_not_what_they_say_are_refused),
        cmocka_unit_test(only_local_files_are_read),
        cmocka_unit_test(a_reader_that_takes_too_long_is_ended),
        cmocka_unit_test(a_reader_can_be_left_in_the_middle),
        cmocka_unit_test(a_file_that_becomes_shorter_while_it_is_read_is_told),
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        cmocka_unit_test(a_reader_that_wants_too_much_memory_is_ended),
#endif
    };
    return cmocka_run_group_tests_name("reader", tests, make_directory, remove_directory);
}
