#include "amenity.h"

#include "names.h"
#include "scale.h"

#include <math.h>
#include <string.h>

enum { RANDOM_STREAM = 5 };

static const char *office_phone(struct mqt_town *town, struct mqt_random *random)
{
    const char *phone = mqt_arena_printf(&town->arena, "010-00%06u", mqt_random_below(random, 1000000));
    return phone ? phone : "";
}

static void add(struct mqt_town *town, const char *kind, const char *name, const char *address, const char *phone,
                struct mqt_spot spot)
{
    mqt_town_add(town, &town->facilities,
                 (struct mqt_town_facility){kind, name ? name : "", address ? address : "", phone, spot});
}

static size_t namesakes(const struct mqt_town *town, const char *kind, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < town->facilities.count; ++i) {
        const struct mqt_town_facility *facility = &town->facilities.at[i];
        /* 怡海园自行车棚 and 怡海园自行车棚2 are namesakes. */
        count += strcmp(facility->kind, kind) == 0 && strncmp(facility->name, name, strlen(name)) == 0;
    }
    return count;
}

/* A name that no other facility of the kind has: the wanted one with a number when it must be. */
static const char *only_name(struct mqt_town *town, const char *kind, const char *wanted)
{
    size_t count = wanted ? namesakes(town, kind, wanted) : 0;
    return count == 0 ? wanted : mqt_arena_printf(&town->arena, "%s%zu", wanted, count + 1);
}

static const char *business_name(struct mqt_town *town, struct mqt_random *random, const char *kind)
{
    const char *name = mqt_name_business(&town->arena, random, kind);
    for (int tries = 0; tries < 20 && namesakes(town, kind, name) > 0; ++tries) {
        name = mqt_name_business(&town->arena, random, kind);
    }
    return only_name(town, kind, name);
}

static bool is_shop_row(const struct mqt_town_building *building)
{
    return strcmp(building->use, "沿街商业") == 0;
}

/* Fronts of 4.8 m along the longer side of each shop building, a few in the middle of the mall. */
static size_t shop_spots(const struct mqt_town_building *building, struct mqt_spot *spots, size_t max)
{
    struct mqt_rect box = mqt_shape_bounds(&building->shape);
    double wide_m = box.x1_m - box.x0_m;
    double deep_m = box.y1_m - box.y0_m;
    bool along_x = wide_m > deep_m;
    bool mall = !is_shop_row(building);
    double front_m = mall ? 4 : 4.8;
    size_t fronts = (size_t)((along_x ? wide_m : deep_m) / front_m);
    size_t count = 0;
    for (size_t i = 0; i < fronts && count < max; ++i) {
        double t = ((double)i + 0.5) / (double)fronts;
        /* A building with a wing is only as deep as its notch lets it be: try both sides. */
        for (int s = 1; s <= 3; ++s) {
            double across = mall ? 0.15 + 0.35 * (double)((i + (size_t)s) % 3) : s * 0.25;
            struct mqt_spot spot = {box.x0_m + wide_m * (along_x ? t : across),
                                    box.y0_m + deep_m * (along_x ? across : t)};
            if (mqt_shape_holds(&building->shape, spot)) {
                spots[count++] = spot;
                break;
            }
        }
    }
    return count;
}

static void add_shops(struct mqt_town *town, struct mqt_random *random)
{
    static const char *const kinds[] = {"商铺", "餐馆", "商铺", "商铺",           "快递驿站", "商铺", "餐馆",    "商铺",
                                        "药店", "商铺", "商铺", "餐馆",           "商铺",     "商铺", "超市",    "商铺",
                                        "商铺", "餐馆", "商铺", "社区卫生服务站", "商铺",     "商铺", "健身场所"};
    static const char *const banks[] = {"工商", "建设", "农业", "中国", "招商", "邮储", "北京"};
    enum { SPOTS_MAX = 64, EVERY_BANK = 23, BANKS = sizeof banks / sizeof banks[0] };
    size_t serial = 0;
    size_t bank_count = 0;
    for (size_t b = 0; b < town->buildings.count; ++b) {
        struct mqt_town_building building = town->buildings.at[b];
        if (!is_shop_row(&building) && strcmp(building.name, "怡海购物中心") != 0) {
            continue;
        }
        struct mqt_spot spots[SPOTS_MAX];
        size_t count = shop_spots(&building, spots, SPOTS_MAX);
        for (size_t i = 0; i < count; ++i, ++serial) {
            const char *kind = kinds[serial % (sizeof kinds / sizeof kinds[0])];
            bool bank = serial % EVERY_BANK == 4 && bank_count < town->scale->banks;
            const char *name = bank ? mqt_arena_printf(&town->arena, "%s银行怡海支行", banks[bank_count++ % BANKS])
                                    : business_name(town, random, kind);
            const char *address = mqt_arena_printf(&town->arena, "%s底商%zu号", building.address, i + 1);
            bool has_phone = bank || mqt_random_chance(random, 0.6);
            add(town, bank ? "银行" : kind, name, address, has_phone ? office_phone(town, random) : "", spots[i]);
        }
    }
}

/* Buildings that are a facility as a whole. */
static void add_houses(struct mqt_town *town, struct mqt_random *random)
{
    static const struct {
        const char *building;
        const char *kind;
        const char *name; /* "": the estate's name goes before the kind */
    } houses[] = {
        {"怡海学校教学楼", "小学", "怡海学校（小学部）"},
        {"怡海学校综合楼", "中学", "怡海学校（中学部）"},
        {"怡海学校体育馆", "健身场所", "怡海学校体育馆"},
        {"怡海幼儿园", "幼儿园", "怡海幼儿园"},
        {"澄河医院", "医院", "澄河医院"},
        {"怡海便民菜市场", "菜市场", "怡海便民菜市场"},
        {"听泉亭", "公园", "听泉公园"},
        {"听泉茶社", "餐馆", "听泉茶社"},
        {"公共厕所", "公共厕所", "听泉公园公共厕所"},
        {"澄河大厦", "邮局", "怡海邮政所"},
        {"物业服务中心", "物业服务中心", ""},
        {"自行车棚", "自行车棚", ""},
    };
    for (size_t b = 0; b < town->buildings.count; ++b) {
        struct mqt_town_building building = town->buildings.at[b];
        for (size_t h = 0; h < sizeof houses / sizeof houses[0]; ++h) {
            if (strcmp(building.name, houses[h].building) != 0) {
                continue;
            }
            const char *name = houses[h].name;
            if (*name == '\0' && building.estate != MQT_TOWN_NONE) {
                name = mqt_arena_printf(&town->arena, "%s%s", town->estates.at[building.estate].name, houses[h].kind);
            }
            struct mqt_spot spot = mqt_rect_middle(mqt_shape_bounds(&building.shape));
            bool office = strcmp(building.use, "市政") != 0 && strcmp(houses[h].kind, "自行车棚") != 0;
            name = only_name(town, houses[h].kind, name);
            add(town, houses[h].kind, name, building.address, office ? office_phone(town, random) : "", spot);
        }
    }
}

/* Offices on the ground floor of homes: the nth home of an estate. */
static void add_ground_floors(struct mqt_town *town, struct mqt_random *random)
{
    static const struct {
        int estate;
        const char *number;
        const char *kind;
        const char *name;
    } rooms[] = {
        {0, "2号楼", "社区居委会", "怡海花园社区居委会"},   {0, "5号楼", "社区食堂", "怡海社区食堂"},
        {0, "7号楼", "养老服务中心", "富润园养老驿站"},     {1, "4号楼", "社区卫生服务站", "怡海社区卫生服务站"},
        {1, "7号楼", "图书馆", "怡海社区图书室"},           {1, "1号楼", "党群服务中心", "第二网格驿站"},
        {2, "3号楼", "党群服务中心", "第三网格驿站"},       {3, "1号楼", "养老服务中心", "颐安园日间照料中心"},
        {3, "4号楼", "社区食堂", "颐安园老年餐桌"},         {3, "6号楼", "党群服务中心", "第四网格驿站"},
        {3, "7号楼", "派出所", "怡海派出所社区警务室"},     {4, "2号楼", "党群服务中心", "第五网格驿站"},
        {4, "5号楼", "社区食堂", "听泉园助餐点"},           {5, "1号楼", "党群服务中心", "第六网格驿站"},
        {5, "3号楼", "社区卫生服务站", "丰华园卫生服务站"}, {0, "1号楼", "党群服务中心", "第一网格驿站"},
    };
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; ++i) {
        for (size_t b = 0; b < town->buildings.count; ++b) {
            struct mqt_town_building building = town->buildings.at[b];
            if (building.estate == rooms[i].estate && strcmp(building.number, rooms[i].number) == 0) {
                struct mqt_rect box = mqt_shape_bounds(&building.shape);
                struct mqt_spot spot = mqt_rect_middle(box);
                spot.x_m += (box.x1_m - box.x0_m) * 0.2;
                add(town, rooms[i].kind, rooms[i].name, building.address, office_phone(town, random), spot);
            }
        }
    }
}

/* Bins and charging posts beside the homes, then bins where shops need them. */
static void add_bins(struct mqt_town *town, struct mqt_random *random)
{
    size_t bins = 0;
    for (int shops = 0; shops <= 1; ++shops) {
        for (size_t b = 0; b < town->buildings.count && bins < town->scale->bins; ++b) {
            struct mqt_town_building building = town->buildings.at[b];
            bool wanted = shops ? is_shop_row(&building) : building.units > 0;
            if (!wanted) {
                continue;
            }
            struct mqt_rect box = mqt_shape_bounds(&building.shape);
            struct mqt_spot spot = {box.x1_m + 2.5, box.y1_m - mqt_random_real(random, 0, 3)};
            const char *place = shops ? building.address : building.name;
            const char *name = mqt_arena_printf(&town->arena, "%s桶站", place);
            add(town, "垃圾分类投放点", only_name(town, "垃圾分类投放点", name), building.address, "", spot);
            ++bins;
            if (!shops && mqt_random_chance(random, 0.5)) {
                struct mqt_spot post = {box.x0_m - 2.5, box.y1_m + 1.5};
                add(town, "充电桩", mqt_arena_printf(&town->arena, "%s充电桩", building.name), building.address, "",
                    post);
            }
        }
    }
}

/* The spot beside a street where it passes at_m (x of a street that runs east, y of one that runs
 * north), to the right of its direction when side is 1, to the left when it is -1. */
static struct mqt_spot beside_street(const struct mqt_town_street *street, double at_m, double side)
{
    const struct mqt_spot *spots = street->line.spots;
    size_t last = street->line.count - 1;
    bool eastward = fabs(spots[last].x_m - spots[0].x_m) > fabs(spots[last].y_m - spots[0].y_m);
    size_t i = 0;
    while (i + 2 <= last && (eastward ? spots[i + 1].x_m : spots[i + 1].y_m) < at_m) {
        ++i;
    }
    struct mqt_spot a = spots[i];
    struct mqt_spot b = spots[i + 1];
    double t = eastward ? (at_m - a.x_m) / (b.x_m - a.x_m) : (at_m - a.y_m) / (b.y_m - a.y_m);
    double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
    double off_m = (street->width_m / 2 + 2) * side;
    return (struct mqt_spot){a.x_m + (b.x_m - a.x_m) * t + (b.y_m - a.y_m) / len_m * off_m,
                             a.y_m + (b.y_m - a.y_m) * t - (b.x_m - a.x_m) / len_m * off_m};
}

static void add_along_streets(struct mqt_town *town, struct mqt_random *random)
{
    static const struct {
        const char *street;
        double at_m;
        double side;
        const char *kind;
        const char *name;
    } things[] = {
        {"怡海大街", -260, 1, "公交站", "怡海花园北门站"},  {"怡海大街", -104, -1, "公交站", "怡海花园北门站（对向）"},
        {"怡海大街", 260, 1, "公交站", "怡海学校站"},       {"永兴路", 92, 1, "公交站", "永兴路站"},
        {"澄河东路", -76, -1, "公交站", "澄河医院站"},      {"澄河东路", 200, -1, "公交站", "怡海花园东站"},
        {"富泽路", -275, -1, "公交站", "富泽路西口站"},     {"富泽路", 224, 1, "公交站", "怡海购物中心站"},
        {"怡海大街", 13, 1, "地铁站", "怡海花园地铁站A口"}, {"永兴路", -160, 1, "公共厕所", "永兴路公共厕所"},
        {"富泽路", 10, -1, "公共厕所", "富泽路公共厕所"},   {"澄河东路", -150, -1, "公共厕所", "澄河东路公共厕所"},
        {"泽园街", -57, 1, "停车场", "听泉公园停车场"},     {"丰澄街", -13, 1, "停车场", "购物中心地面停车场"},
        {"泽园街", 161, 1, "停车场", "泽园街路侧停车场"},   {"永兴路", 200, 1, "停车场", "永兴路路侧停车场"},
        {"丰澄街", 197, 1, "快递驿站", "怡海学校南快递柜"}, {"滨河步道", -80, -1, "健身场所", "滨河健身广场"},
    };
    for (size_t i = 0; i < sizeof things / sizeof things[0]; ++i) {
        for (size_t s = 0; s < town->streets.count; ++s) {
            const struct mqt_town_street *street = &town->streets.at[s];
            if (strcmp(street->name, things[i].street) == 0 && street->line.count >= 2) {
                double at_m = things[i].at_m + mqt_random_real(random, -8, 8);
                add(town, things[i].kind, things[i].name, street->name, "",
                    beside_street(street, at_m, things[i].side));
                break;
            }
        }
    }
}

static void add_camera(struct mqt_town *town, struct mqt_random *random, const char *name, struct mqt_spot spot,
                       double ai_share)
{
    mqt_town_add(town, &town->cameras,
                 (struct mqt_town_camera){name ? name : "", mqt_random_chance(random, ai_share), spot});
}

/* Cameras watch the crossings, the gates and, first of all, school and hospital. */
static void add_cameras(struct mqt_town *town, struct mqt_random *random)
{
    for (size_t c = 0; c < town->cells.count; ++c) {
        struct mqt_rect room = mqt_rect_grow(town->cells.at[c].room, 4);
        const struct mqt_spot corners[] = {
            {room.x0_m, room.y0_m}, {room.x1_m, room.y0_m}, {room.x1_m, room.y1_m}, {room.x0_m, room.y1_m}};
        static const char *const sides[] = {"西南", "东南", "东北", "西北"};
        for (int k = 0; k < 4; ++k) {
            const char *name = mqt_arena_printf(&town->arena, "第%zu网格%s路口", c + 1, sides[k]);
            add_camera(town, random, name, corners[k], 0.4);
        }
    }
    for (size_t b = 0; b < town->buildings.count; ++b) {
        struct mqt_town_building building = town->buildings.at[b];
        struct mqt_rect box = mqt_shape_bounds(&building.shape);
        bool gate = strcmp(building.name, "门卫室") == 0;
        bool first = strcmp(building.use, "教育") == 0 || strcmp(building.use, "医疗") == 0;
        if (gate || first || is_shop_row(&building)) {
            const char *estate = building.estate == MQT_TOWN_NONE ? "" : town->estates.at[building.estate].name;
            const char *name = gate ? mqt_arena_printf(&town->arena, "%s大门", estate)
                               : first
                                   ? building.name
                                   : mqt_arena_printf(&town->arena, "%s商铺%zu", building.address, town->cameras.count);
            add_camera(town, random, name, (struct mqt_spot){box.x1_m + 1.5, box.y1_m + 1.5}, first ? 1 : 0.35);
        }
    }
}

void mqt_amenity_open(struct mqt_town *town)
{
    struct mqt_random random = mqt_random_start(town->seed, RANDOM_STREAM);
    add_shops(town, &random);
    add_houses(town, &random);
    add_ground_floors(town, &random);
    add_bins(town, &random);
    add_along_streets(town, &random);
    add_cameras(town, &random);
}
