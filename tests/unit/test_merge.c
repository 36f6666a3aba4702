#include "../../etl/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const char WORKBOOK[] = "<workbook xmlns:r='http://x'><sheets><sheet name='空' sheetId='1' r:id='rId1'/>"
                               "<sheet name='户籍 &amp; 房屋' sheetId='2' r:id='rId7'/></sheets></workbook>";
static const char RELATIONS[] = "<Relationships><Relationship Id='rId1' Target='worksheets/a.xml'/>"
                                "<Relationship Id='rId7' Target='/xl/worksheets/b.xml'/></Relationships>";

static void the_part_of_a_sheet_is_found_by_its_name(void **state)
{
    (void)state;
    char part[64] = "untouched";

    assert_int_equal(mqt_merges_find_sheet(WORKBOOK, strlen(WORKBOOK), RELATIONS, strlen(RELATIONS), "户籍 & 房屋",
                                           part, sizeof part),
                     MQT_OK);
    assert_string_equal(part, "xl/worksheets/b.xml");
    assert_int_equal(
        mqt_merges_find_sheet(WORKBOOK, strlen(WORKBOOK), RELATIONS, strlen(RELATIONS), "空", part, sizeof part),
        MQT_OK);
    assert_string_equal(part, "xl/worksheets/a.xml");
    assert_int_equal(
        mqt_merges_find_sheet(WORKBOOK, strlen(WORKBOOK), RELATIONS, strlen(RELATIONS), "无此表", part, sizeof part),
        MQT_ERR_NOT_FOUND);
    assert_int_equal(mqt_merges_find_sheet("<a", 2, RELATIONS, strlen(RELATIONS), "空", part, sizeof part),
                     MQT_ERR_FORMAT);
    assert_string_equal(part, "xl/worksheets/a.xml");
}

/* One row of three cells; a dot is an empty cell. */
static void expect_filled(struct mqt_merges *merges, uint64_t number, const char *before, const char *after)
{
    struct mqt_cell cells[3] = {{0}};
    char texts[3][2];

    for (size_t i = 0; i < 3; i++) {
        texts[i][0] = before[i];
        texts[i][1] = '\0';
        if (before[i] != '.') {
            cells[i] = (struct mqt_cell){texts[i], 1};
        }
    }
    assert_int_equal(mqt_merges_fill(merges, number, cells, 3), MQT_OK);
    for (size_t i = 0; i < 3; i++) {
        if (after[i] == '.') {
            assert_null(cells[i].text);
        } else {
            assert_int_equal(cells[i].len, 1);
            assert_int_equal(cells[i].text[0], after[i]);
        }
    }
}

static void only_merged_cells_are_filled_down(void **state)
{
    (void)state;
    /* Out of order, one across, one of a column that the table does not have, one of a blank cell. */
    static const char xml[] =
        "<x:worksheet xmlns:x='http://m'><x:mergeCells><x:mergeCell ref='B5:B6'/><x:mergeCell ref='A2:A4'/>"
        "<x:mergeCell ref='A1:C1'/><x:mergeCell ref='Z2:Z9'/><x:mergeCell ref='C5:C9'/><x:mergeCell ref='nonsense'/>"
        "</x:mergeCells></x:worksheet>";
    struct mqt_merges *merges = NULL;

    assert_int_equal(mqt_merges_new(&merges), MQT_OK);
    for (size_t i = 0; i < strlen(xml); i += 7) {
        size_t len = strlen(xml) - i < 7 ? strlen(xml) - i : 7;

        assert_int_equal(mqt_merges_add(merges, xml + i, len, i + len == strlen(xml)), MQT_OK);
    }
    expect_filled(merges, 1, "t..", "t..");
    expect_filled(merges, 2, "a1x", "a1x");
    expect_filled(merges, 3, "..y", "a.y");
    expect_filled(merges, 4, ".2.", "a2.");
    expect_filled(merges, 5, ".b.", ".b.");
    expect_filled(merges, 6, "c..", "cb.");
    expect_filled(merges, 7, "...", "...");
    mqt_merges_free(merges);
}

static void broken_xml_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "<a>", "<a></b>", "no xml"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct mqt_merges *merges = NULL;

        assert_int_equal(mqt_merges_new(&merges), MQT_OK);
        assert_int_equal(mqt_merges_add(merges, texts[i], strlen(texts[i]), true), MQT_ERR_FORMAT);
        mqt_merges_free(merges);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_part_of_a_sheet_is_found_by_its_name),
        cmocka_unit_test(only_merged_cells_are_filled_down),
        cmocka_unit_test(broken_xml_is_refused),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
