#include "../../etl/facility_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void words_name_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *code; /* NULL: unknown */
    } rows[] = {
        {"社区食堂", "canteen"},
        {"小学", "school"},
        {"怡海小学", "school"},
        {"幼儿园", "kindergarten"},
        {"社区卫生服务站", "clinic"},
        {"三甲医院", "hospital"},
        {"养老驿站", "care_centre"},
        {"Bank", "bank"},
        {"ATM", "bank"},
        {"charging post", "charging_post"},
        {"Bus-Stop", "bus_stop"},
        {"bike_shed", "bike_shed"},
        {"垃圾分类投放点", "bin"},
        {"公厕", "toilet"},
        {"便利店", "shop"},
        {"物业服务中心", "property_office"},
        {"treatment", NULL},
        {"火箭发射场", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        const struct mqt_facility_kind *kind = mqt_facility_kind_find(rows[i].text);
        if (!rows[i].code) {
            assert_null(kind);
            continue;
        }
        assert_non_null(kind);
        assert_string_equal(kind->code, rows[i].code);
    }
}

/* The longer word decides: a bin point beside the school is a bin point. */
static void longest_word_inside_wins(void **state)
{
    (void)state;
    assert_string_equal(mqt_facility_kind_find("学校东侧垃圾分类投放点")->code, "bin");
    assert_string_equal(mqt_facility_kind_find("日间照料中心（原物业用房）")->code, "care_centre");
    assert_string_equal(mqt_facility_kind_find("医院停车场")->code, "parking");
    assert_string_equal(mqt_facility_kind_find("富润园社区食堂（老年餐桌）")->code, "canteen");
}

static void every_kind_is_found_by_its_own_names(void **state)
{
    (void)state;
    assert_true(mqt_facility_kind_count() >= 20);
    for (size_t i = 0; i < mqt_facility_kind_count(); ++i) {
        const struct mqt_facility_kind *kind = mqt_facility_kind_at(i);
        assert_true(strlen(kind->code) <= 31);
        assert_ptr_equal(mqt_facility_kind_find(kind->code), kind);
        assert_ptr_equal(mqt_facility_kind_find(kind->title_zh), kind);
        assert_ptr_equal(mqt_facility_kind_find(kind->title_en), kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_name_their_kind),
        cmocka_unit_test(longest_word_inside_wins),
        cmocka_unit_test(every_kind_is_found_by_its_own_names),
    };
    return cmocka_run_group_tests_name("facility_kind", tests, NULL, NULL);
}
