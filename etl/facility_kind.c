#include "facility_kind.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static const struct mqt_facility_kind kinds[] = {
    {"bank", "银行", "Bank"},
    {"bike_shed", "自行车棚", "Bike shed"},
    {"bin", "垃圾分类投放点", "Bin point"},
    {"bus_stop", "公交站", "Bus stop"},
    {"canteen", "社区食堂", "Community canteen"},
    {"care_centre", "养老服务中心", "Care centre"},
    {"charging_post", "充电桩", "Charging post"},
    {"clinic", "社区卫生服务站", "Clinic"},
    {"community_office", "社区居委会", "Community office"},
    {"fire_station", "消防站", "Fire station"},
    {"gym", "健身场所", "Gym"},
    {"hospital", "医院", "Hospital"},
    {"hotel", "宾馆", "Hotel"},
    {"kindergarten", "幼儿园", "Kindergarten"},
    {"library", "图书馆", "Library"},
    {"market", "菜市场", "Market"},
    {"metro", "地铁站", "Metro station"},
    {"park", "公园", "Park"},
    {"parcel", "快递驿站", "Parcel station"},
    {"parking", "停车场", "Car park"},
    {"pharmacy", "药店", "Pharmacy"},
    {"police", "派出所", "Police station"},
    {"post", "邮局", "Post office"},
    {"property_office", "物业服务中心", "Property office"},
    {"restaurant", "餐馆", "Restaurant"},
    {"school", "学校", "School"},
    {"service_station", "党群服务中心", "Service station"},
    {"shop", "商铺", "Shop"},
    {"supermarket", "超市", "Supermarket"},
    {"toilet", "公共厕所", "Public toilet"},
};
enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

/* Other words in use. Titles and codes need no line here. */
static const struct alias {
    const char *text;
    const char *code;
} aliases[] = {
    {"食堂", "canteen"},
    {"老年餐桌", "canteen"},
    {"助餐点", "canteen"},
    {"养老驿站", "care_centre"},
    {"养老院", "care_centre"},
    {"敬老院", "care_centre"},
    {"日间照料中心", "care_centre"},
    {"nursing_home", "care_centre"},
    {"充电站", "charging_post"},
    {"充电设施", "charging_post"},
    {"charging_station", "charging_post"},
    {"卫生服务中心", "clinic"},
    {"卫生服务站", "clinic"},
    {"卫生站", "clinic"},
    {"诊所", "clinic"},
    {"门诊部", "clinic"},
    {"doctors", "clinic"},
    {"居委会", "community_office"},
    {"社区服务站", "community_office"},
    {"街道办事处", "community_office"},
    {"townhall", "community_office"},
    {"党群服务站", "service_station"},
    {"便民服务站", "service_station"},
    {"网格驿站", "service_station"},
    {"自行车库", "bike_shed"},
    {"车棚", "bike_shed"},
    {"非机动车停放点", "bike_shed"},
    {"bicycle_parking", "bike_shed"},
    {"垃圾桶站", "bin"},
    {"垃圾投放点", "bin"},
    {"垃圾站", "bin"},
    {"垃圾桶", "bin"},
    {"waste_disposal", "bin"},
    {"waste_basket", "bin"},
    {"公交车站", "bus_stop"},
    {"公交站点", "bus_stop"},
    {"地铁口", "metro"},
    {"subway", "metro"},
    {"健身房", "gym"},
    {"健身广场", "gym"},
    {"体育馆", "gym"},
    {"体育场", "gym"},
    {"fitness_centre", "gym"},
    {"酒店", "hotel"},
    {"旅馆", "hotel"},
    {"图书室", "library"},
    {"农贸市场", "market"},
    {"便民菜店", "market"},
    {"菜店", "market"},
    {"marketplace", "market"},
    {"快递柜", "parcel"},
    {"快递点", "parcel"},
    {"停车位", "parking"},
    {"停车库", "parking"},
    {"药房", "pharmacy"},
    {"警务室", "police"},
    {"警务站", "police"},
    {"公安局", "police"},
    {"邮政所", "post"},
    {"邮政", "post"},
    {"post_office", "post"},
    {"物业管理处", "property_office"},
    {"物业", "property_office"},
    {"餐厅", "restaurant"},
    {"饭店", "restaurant"},
    {"饭馆", "restaurant"},
    {"餐饮", "restaurant"},
    {"cafe", "restaurant"},
    {"fast_food", "restaurant"},
    {"小学", "school"},
    {"中学", "school"},
    {"高中", "school"},
    {"初中", "school"},
    {"托儿所", "kindergarten"},
    {"商店", "shop"},
    {"店铺", "shop"},
    {"便利店", "shop"},
    {"沿街商铺", "shop"},
    {"购物中心", "supermarket"},
    {"卖场", "supermarket"},
    {"公厕", "toilet"},
    {"卫生间", "toilet"},
    {"toilets", "toilet"},
    {"储蓄所", "bank"},
    {"信用社", "bank"},
    {"atm", "bank"},
    {"游园", "park"},
    {"绿地广场", "park"},
    {"消防队", "fire_station"},
    {"微型消防站", "fire_station"},
};
enum { ALIAS_COUNT = sizeof aliases / sizeof aliases[0] };

static const struct mqt_facility_kind *by_code(const char *code)
{
    size_t i = 0;
    while (i < KIND_COUNT && strcmp(kinds[i].code, code) != 0) {
        ++i;
    }
    assert(i < KIND_COUNT); /* an alias whose code is not in the table */
    return &kinds[i];
}

/* Spaces and hyphens between English words count as the underscore of the codes. */
static char fold(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return c == ' ' || c == '-' ? '_' : c;
}

static bool same_word(const char *a, const char *b)
{
    while (*a && fold(*a) == fold(*b)) {
        ++a;
        ++b;
    }
    return fold(*a) == fold(*b);
}

static const struct mqt_facility_kind *find_exact(const char *text)
{
    for (size_t i = 0; i < KIND_COUNT; ++i) {
        const struct mqt_facility_kind *kind = &kinds[i];
        if (same_word(text, kind->code) || same_word(text, kind->title_zh) || same_word(text, kind->title_en)) {
            return kind;
        }
    }
    for (size_t i = 0; i < ALIAS_COUNT; ++i) {
        if (same_word(text, aliases[i].text)) {
            return by_code(aliases[i].code);
        }
    }
    return NULL;
}

/* English words are too short to be looked for inside others: "atm" is in "treatment". */
static bool is_hanzi(const char *text)
{
    return ((unsigned char)*text & 0x80u) != 0;
}

static const struct mqt_facility_kind *find_inside(const char *text)
{
    const struct mqt_facility_kind *best = NULL;
    size_t best_len = 0;
    for (size_t i = 0; i < KIND_COUNT; ++i) {
        size_t len = strlen(kinds[i].title_zh);
        if (len > best_len && strstr(text, kinds[i].title_zh)) {
            best = &kinds[i];
            best_len = len;
        }
    }
    for (size_t i = 0; i < ALIAS_COUNT; ++i) {
        size_t len = strlen(aliases[i].text);
        if (len > best_len && is_hanzi(aliases[i].text) && strstr(text, aliases[i].text)) {
            best = by_code(aliases[i].code);
            best_len = len;
        }
    }
    return best;
}

size_t mqt_facility_kind_count(void)
{
    return KIND_COUNT;
}

const struct mqt_facility_kind *mqt_facility_kind_at(size_t index)
{
    assert(index < KIND_COUNT);
    return &kinds[index];
}

const struct mqt_facility_kind *mqt_facility_kind_find(const char *text)
{
    if (!text || !*text) {
        return NULL;
    }
    const struct mqt_facility_kind *kind = find_exact(text);
    return kind ? kind : find_inside(text);
}
