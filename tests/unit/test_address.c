#include "../../etl/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void each_part_has_one_form(void **state)
{
    (void)state;
    static const struct {
        void (*read)(const char *text, char out[MQT_ADDRESS_PART]);
        const char *text, *canonical;
    } rows[] = {
        {mqt_address_number, "3号楼", "3"},       {mqt_address_number, "３＃", "3"},
        {mqt_address_number, "三幢", "3"},        {mqt_address_number, "第十二栋", "12"},
        {mqt_address_number, "贰拾叁号楼", "23"}, {mqt_address_number, "03", "3"},
        {mqt_address_number, "甲3号楼", "甲3"},   {mqt_address_number, "b座", "B"},
        {mqt_address_number, "12-1号楼", "12-1"}, {mqt_address_number, "无", "无"},
        {mqt_address_number, NULL, "无"},         {mqt_address_unit, "一单元", "1单元"},
        {mqt_address_unit, "2", "2单元"},         {mqt_address_unit, "2门", "2单元"},
        {mqt_address_unit, "甲单元", "甲单元"},   {mqt_address_unit, "—", "无"},
        {mqt_address_floor, "二十层", "20层"},    {mqt_address_floor, "-1", "-1层"},
        {mqt_address_floor, "5F", "5层"},         {mqt_address_room, "201", "201室"},
        {mqt_address_room, "二〇一室", "201室"},  {mqt_address_room, "0301号", "0301室"},
        {mqt_address_room, "A-102", "A-102室"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[MQT_ADDRESS_PART];

        rows[i].read(rows[i].text, out);
        assert_string_equal(out, rows[i].canonical);
    }
}

static void whole_addresses_fall_into_parts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool found;
        struct mqt_address parts;
    } rows[] = {
        {"幸福小区甲3号楼2单元5层502室", true, {"幸福小区", "甲3", "2单元", "5层", "502室"}},
        {"富润园12号楼1单元301", true, {"富润园", "12", "1单元", "无", "301室"}},
        {"9-2-502", true, {"无", "9", "2单元", "无", "502室"}},
        {"怡海 9—502", true, {"怡海", "9", "无", "无", "502室"}},
        {"幸福里三栋二单元二〇三室", true, {"幸福里", "3", "2单元", "无", "203室"}},
        {"幸福路", false, {"幸福路", "无", "无", "无", "无"}},
        {"", false, {"无", "无", "无", "无", "无"}},
        {NULL, false, {"无", "无", "无", "无", "无"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_address got;

        assert_int_equal(mqt_address_parse(rows[i].text, &got), rows[i].found);
        assert_string_equal(got.estate, rows[i].parts.estate);
        assert_string_equal(got.number, rows[i].parts.number);
        assert_string_equal(got.unit, rows[i].parts.unit);
        assert_string_equal(got.floor, rows[i].parts.floor);
        assert_string_equal(got.room, rows[i].parts.room);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_has_one_form),
        cmocka_unit_test(whole_addresses_fall_into_parts),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
