#include "../../etl/detect.h"
#include "../../etl/header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static void names_have_roles(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool cut;
        enum mqt_role role;
    } rows[] = {
        {"小区名称", false, MQT_ROLE_ESTATE},
        {" 楼 号 ", false, MQT_ROLE_NUMBER},
        {"建筑高度（米）", false, MQT_ROLE_HEIGHT_M},
        {"Building_Height (m)", false, MQT_ROLE_HEIGHT_M},
        {"building:levels", false, MQT_ROLE_FLOORS_ABOVE},
        {"身份证号*", false, MQT_ROLE_ID_NUMBER},
        {"unique_key", false, MQT_ROLE_TICKET_NUMBER},
        {"complaint_type", false, MQT_ROLE_CATEGORY},
        {"LON", false, MQT_ROLE_LON},
        {"备用", false, MQT_ROLE_NONE},
        {"", false, MQT_ROLE_NONE},
        {"（米）", false, MQT_ROLE_NONE},
        /* cut at ten bytes of GBK and of UTF-8 */
        {"地下室层数", true, MQT_ROLE_FLOORS_BELOW},
        {"统一社会信", true, MQT_ROLE_NONE},
        {"物业服务企", true, MQT_ROLE_MANAGER},
        {"公民身份号", true, MQT_ROLE_ID_NUMBER},
        {"公民身份号", false, MQT_ROLE_NONE},
        {"floorsabov", true, MQT_ROLE_FLOORS_ABOVE},
        {"建筑", true, MQT_ROLE_NONE}, /* too short to have been cut */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(mqt_header_role(rows[i].name, rows[i].cut), rows[i].role);
    }
}

static void every_role_has_a_name(void **state)
{
    (void)state;
    for (int a = 1; a < MQT_ROLE_COUNT; a++) {
        assert_true(mqt_role_name((enum mqt_role)a)[0] != '\0');
        for (int b = 1; b < a; b++) {
            assert_string_not_equal(mqt_role_name((enum mqt_role)a), mqt_role_name((enum mqt_role)b));
        }
    }
}

enum { WIDTH = 6 };

/* Rows of a sheet from texts; NULL is an empty cell. */
struct sheet {
    struct mqt_cell cells[8][WIDTH];
    struct mqt_row rows[8];
};

static void make_sheet(struct sheet *sheet, const char *const texts[][WIDTH], size_t count)
{
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < WIDTH; i++) {
            sheet->cells[row][i].text = texts[row][i];
            sheet->cells[row][i].len = texts[row][i] == NULL ? 0 : strlen(texts[row][i]);
        }
        sheet->rows[row] = (struct mqt_row){.number = row + 1, .cell_count = WIDTH, .cells = sheet->cells[row]};
    }
}

static void a_plain_header_is_found_below_a_title(void **state)
{
    (void)state;
    static const char *const texts[][WIDTH] = {
        {"怡海社区公共设施台账", NULL, NULL, NULL, NULL, NULL},
        {"填报单位：社区居委会", NULL, NULL, "2026-11", NULL, NULL},
        {"设施名称", "设施类型", "地址", "经度", "纬度", "备注"},
        {"食堂", "社区食堂", "1号", "116.3", "39.8", NULL},
    };
    struct sheet sheet;
    struct mqt_header header;

    make_sheet(&sheet, texts, 4);
    assert_int_equal(mqt_header_of_rows(sheet.rows, 4, &header, NULL), MQT_OK);
    assert_int_equal(header.title_rows, 2);
    assert_int_equal(header.header_rows, 1);
    assert_int_equal(header.column_of[MQT_ROLE_LAT], 4);
    assert_string_equal(header.names[5], "备注");
    assert_int_equal(header.roles[5], MQT_ROLE_NONE);
    mqt_header_clear(&header);
}

static void a_merged_header_is_flattened(void **state)
{
    (void)state;
    static const char *const texts[][WIDTH] = {
        {"户籍登记表", NULL, NULL, NULL, NULL, NULL},
        {"序号", "房屋信息", NULL, "人员信息", NULL, "户主"},
        {NULL, "楼号", "房号", "姓名", "身份证号", "姓名"},
        {"1", "3号楼", "201", "甲", "11010519491231002X", "乙"},
    };
    struct sheet sheet;
    struct mqt_header header;

    make_sheet(&sheet, texts, 4);
    assert_int_equal(mqt_header_of_rows(sheet.rows, 4, &header, NULL), MQT_OK);
    assert_int_equal(header.title_rows, 1);
    assert_int_equal(header.header_rows, 2);
    assert_string_equal(header.names[0], "序号");
    assert_int_equal(header.roles[1], MQT_ROLE_NUMBER);
    assert_int_equal(header.roles[3], MQT_ROLE_PERSON_NAME);
    /* 户主 over 姓名 is another person than 姓名 alone. */
    assert_string_equal(header.names[5], "户主姓名");
    assert_int_equal(header.roles[5], MQT_ROLE_HEAD_NAME);
    mqt_header_clear(&header);
}

static void the_filled_one_of_two_columns_gets_the_role(void **state)
{
    (void)state;
    static const char *const columns[] = {"Name", "名称", "电话", "联系电话"};
    struct mqt_cell first[] = {{NULL, 0}, {"食堂", 6}, {"1", 1}, {"2", 1}}, second[] = {{" ", 1}, {NULL, 0}, {NULL, 0}};
    struct mqt_row rows[] = {{.cell_count = 4, .cells = first}, {.cell_count = 3, .cells = second}};
    struct mqt_header header;

    assert_int_equal(mqt_header_of_columns(columns, 4, false, &header), MQT_OK);
    assert_int_equal(header.column_of[MQT_ROLE_NAME], 0);
    mqt_header_prefer_filled(&header, rows, 2);
    assert_int_equal(header.column_of[MQT_ROLE_NAME], 1);
    assert_int_equal(header.roles[0], MQT_ROLE_NONE);
    assert_int_equal(header.roles[1], MQT_ROLE_NAME);
    assert_int_equal(header.column_of[MQT_ROLE_PHONE], 2);
    assert_int_equal(header.roles[3], MQT_ROLE_NONE);
    assert_int_equal(header.meanings[3], MQT_ROLE_PHONE);
    mqt_header_clear(&header);
}

static void data_without_a_header_is_refused(void **state)
{
    (void)state;
    static const char *const texts[][WIDTH] = {{"1", "2", "3", "4", "5", "6"}, {"1", "2", "3", "4", "5", "6"}};
    struct sheet sheet;
    struct mqt_header header;
    struct mqt_detail detail = {0};

    make_sheet(&sheet, texts, 2);
    assert_int_equal(mqt_header_of_rows(sheet.rows, 2, &header, &detail), MQT_ERR_FORMAT);
    assert_true(detail.text[0] != '\0');
}

static void sums_are_no_data(void **state)
{
    (void)state;
    static const char *const texts[][WIDTH] = {
        {"合计", "12", NULL, NULL, NULL, NULL},      {NULL, "小 计：", "12", NULL, NULL, NULL},
        {"总计120户", NULL, NULL, NULL, NULL, NULL}, {"合计路小区", "3号楼", NULL, NULL, NULL, NULL},
        {"3号楼", "合计", NULL, NULL, NULL, NULL},   {NULL, NULL, NULL, NULL, NULL, NULL},
    };
    static const bool totals[] = {true, true, true, false, false, false};
    struct sheet sheet;

    make_sheet(&sheet, texts, COUNT_OF(totals));
    for (size_t i = 0; i < COUNT_OF(totals); i++) {
        assert_int_equal(mqt_header_is_total(&sheet.rows[i]), totals[i]);
    }
}

static void the_kind_is_seen_from_the_columns(void **state)
{
    (void)state;
    static const struct {
        const char *table;
        enum mqt_table_shape shape;
        const char *columns[WIDTH];
        const char *kind; /* NULL: a question */
    } rows[] = {
        {"楼栋", MQT_TABLE_POLYGON, {"小区名称", "楼号", "层数", NULL}, "building"},
        {"x", MQT_TABLE_POLYGON, {"height", "name", NULL}, "building"},
        {"网格", MQT_TABLE_POLYGON, {"网格编码", "名称", NULL}, "area"},
        {"district", MQT_TABLE_POLYGON, {"id", "name", NULL}, "area"},
        {"x", MQT_TABLE_NONE, {"姓名", "身份证号", "楼号", NULL}, "household"},
        {"x", MQT_TABLE_NONE, {"工单编号", "来电时间", "经度", "纬度", NULL}, "ticket"},
        {"x", MQT_TABLE_NONE, {"名称", "类别", "经度", "纬度", NULL}, "facility"},
        {"x", MQT_TABLE_LINE, {"name", "width", NULL}, NULL},
        {"x", MQT_TABLE_POLYGON, {"name", NULL}, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct mqt_table table = {.name = rows[i].table, .shape = rows[i].shape};
        struct mqt_header header;
        struct mqt_detail detail = {0};
        const char *kind = NULL;
        size_t count = 0;
        enum mqt_err err;

        while (rows[i].columns[count] != NULL) {
            count++;
        }
        assert_int_equal(mqt_header_of_columns(rows[i].columns, count, false, &header), MQT_OK);
        err = mqt_detect_kind(&table, &header, &kind, &detail);
        assert_int_equal(err, rows[i].kind == NULL ? MQT_ERR_PARAM : MQT_OK);
        if (rows[i].kind != NULL) {
            assert_string_equal(kind, rows[i].kind);
        } else {
            assert_string_equal(detail.field, "kind");
        }
        mqt_header_clear(&header);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_roles),
        cmocka_unit_test(every_role_has_a_name),
        cmocka_unit_test(a_plain_header_is_found_below_a_title),
        cmocka_unit_test(a_merged_header_is_flattened),
        cmocka_unit_test(the_filled_one_of_two_columns_gets_the_role),
        cmocka_unit_test(data_without_a_header_is_refused),
        cmocka_unit_test(sums_are_no_data),
        cmocka_unit_test(the_kind_is_seen_from_the_columns),
    };
    return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
