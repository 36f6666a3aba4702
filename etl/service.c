#include "service.h"

#include "names.h"
#include "scale.h"

#include <math.h>
#include <string.h>

enum { RANDOM_STREAM = 25, NAMES_MAX = 1 << 17 /* a power of two, far more than there are facilities */ };

static const double SMALL_HOUSE_SHARE = 0.16; /* of them have a shop */
static const double OFFICE_SHARE = 0.7;

struct service {
    struct mqt_town *town;
    struct mqt_random random;
    const char **names; /* kind and name of each facility so far: a hash table */
    size_t name_count;
};

/* Takes the name for the kind; false when another one has it. */
static bool take_name(struct service *service, const char *kind, const char *name)
{
    const char *whole = mqt_arena_printf(&service->town->arena, "%s/%s", kind, name);
    uint64_t hash = UINT64_C(14695981039346656037);
    if (!whole || service->name_count >= NAMES_MAX / 2) {
        return true;
    }
    for (const char *at = whole; *at; ++at) {
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    }
    size_t slot = (size_t)(hash ^ hash >> 32) & (NAMES_MAX - 1);
    while (service->names[slot]) {
        if (strcmp(service->names[slot], whole) == 0) {
            return false;
        }
        slot = (slot + 1) & (NAMES_MAX - 1);
    }
    service->names[slot] = whole;
    ++service->name_count;
    return true;
}

static void add(struct service *service, const char *kind, const char *name, const char *address, bool has_phone,
                struct mqt_spot spot)
{
    struct mqt_town *town = service->town;
    const char *only = name ? name : "";
    for (unsigned serial = 2; !take_name(service, kind, only); ++serial) {
        const char *numbered = mqt_arena_printf(&town->arena, "%s%u", name, serial);
        only = numbered ? numbered : "";
    }
    const char *phone =
        has_phone ? mqt_arena_printf(&town->arena, "010-00%06u", mqt_random_below(&service->random, 1000000)) : "";
    mqt_town_add(town, &town->facilities,
                 (struct mqt_town_facility){kind, only, address ? address : "", phone ? phone : "", spot});
}

/* The bounds of a building in the frame of its cell, and a spot of that frame in the plan. */
static struct mqt_rect bounds_of(const struct mqt_town *town, const struct mqt_town_building *building)
{
    const struct mqt_town_cell *cell = &town->cells.at[building->cell];
    double cos_turn = cos(cell->turn);
    double sin_turn = sin(cell->turn);
    struct mqt_rect box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    const struct mqt_line ring = building->shape.rings[0];
    for (size_t i = 0; i < ring.count; ++i) {
        double x_m = ring.spots[i].x_m - cell->origin.x_m;
        double y_m = ring.spots[i].y_m - cell->origin.y_m;
        double own_x_m = x_m * cos_turn + y_m * sin_turn;
        double own_y_m = y_m * cos_turn - x_m * sin_turn;
        box = (struct mqt_rect){fmin(box.x0_m, own_x_m), fmin(box.y0_m, own_y_m), fmax(box.x1_m, own_x_m),
                                fmax(box.y1_m, own_y_m)};
    }
    return box;
}

static struct mqt_spot in_plan(const struct mqt_town *town, const struct mqt_town_building *building, double x_m,
                               double y_m)
{
    const struct mqt_town_cell *cell = &town->cells.at[building->cell];
    return (struct mqt_spot){cell->origin.x_m + x_m * cos(cell->turn) - y_m * sin(cell->turn),
                             cell->origin.y_m + x_m * sin(cell->turn) + y_m * cos(cell->turn)};
}

/* Fronts of some five metres along the longer side of a building. */
static void add_fronts(struct service *service, const struct mqt_town_building *building)
{
    static const char *const kinds[] = {"商铺",     "餐馆", "商铺", "商铺",           "快递驿站", "商铺",
                                        "餐馆",     "商铺", "药店", "商铺",           "宾馆",     "餐馆",
                                        "商铺",     "商铺", "超市", "商铺",           "商铺",     "餐馆",
                                        "健身场所", "商铺", "银行", "社区卫生服务站", "商铺"};
    static const char *const banks[] = {"工商", "建设", "农业", "中国", "招商", "邮储", "北京"};
    struct mqt_town *town = service->town;
    struct mqt_rect box = bounds_of(town, building);
    double wide_m = box.x1_m - box.x0_m;
    double deep_m = box.y1_m - box.y0_m;
    bool along_x = wide_m > deep_m;
    size_t fronts = (size_t)((along_x ? wide_m : deep_m) / 5.2);
    const char *street = town->cells.at[building->cell].street;
    for (size_t i = 0; i < fronts; ++i) {
        double t = ((double)i + 0.5) / (double)fronts;
        struct mqt_spot spot = {0, 0};
        bool inside = false;
        for (int step = 1; step <= 3 && !inside; ++step) {
            spot = in_plan(town, building, box.x0_m + wide_m * (along_x ? t : step * 0.25),
                           box.y0_m + deep_m * (along_x ? step * 0.25 : t));
            inside = mqt_shape_holds(&building->shape, spot);
        }
        if (!inside || mqt_random_chance(&service->random, 0.12)) {
            continue;
        }
        const char *kind = kinds[mqt_random_below(&service->random, sizeof kinds / sizeof kinds[0])];
        const char *name =
            strcmp(kind, "银行") == 0
                ? mqt_arena_printf(&town->arena, "%s银行%s支行", banks[mqt_random_below(&service->random, 7)], street)
                : mqt_arena_printf(&town->arena, "%s（%s店）", mqt_name_business(&town->arena, &service->random, kind),
                                   street);
        add(service, kind, name, mqt_arena_printf(&town->arena, "%s底商%zu号", building->address, i + 1),
            mqt_random_chance(&service->random, 0.6), spot);
    }
}

/* A shop in one of the small houses along old lanes and in villages, or in a tower of offices. */
static void add_room(struct service *service, const struct mqt_town_building *building, double share)
{
    static const char *const kinds[] = {"商铺", "餐馆", "超市", "商铺", "药店", "快递驿站", "宾馆", "餐馆", "银行"};
    struct mqt_town *town = service->town;
    if (!mqt_random_chance(&service->random, share)) {
        return;
    }
    bool office = strcmp(building->use, "办公") == 0;
    const char *kind = kinds[mqt_random_below(&service->random, office ? 9 : 7)];
    const char *street = office ? building->name : town->cells.at[building->cell].street;
    struct mqt_spot spot = mqt_rect_middle(mqt_shape_bounds(&building->shape));
    if (!mqt_shape_holds(&building->shape, spot)) {
        spot = building->shape.rings[0].spots[0];
    }
    const char *name = strcmp(kind, "银行") == 0
                           ? mqt_arena_printf(&town->arena, "建设银行%s支行", building->name)
                           : mqt_arena_printf(&town->arena, "%s（%s店）",
                                              mqt_name_business(&town->arena, &service->random, kind), street);
    add(service, kind, name, building->address, mqt_random_chance(&service->random, 0.5), spot);
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);
    size_t end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Buildings that are a facility as a whole, known by the end of their name. */
static void add_house(struct service *service, const struct mqt_town_building *building)
{
    static const struct {
        const char *end;
        const char *kind;
        bool of_estate; /* the estate's name goes before the building's */
    } houses[] = {
        {"小学教学楼", "小学", false},  {"中学教学楼", "中学", false}, {"体育馆", "健身场所", false},
        {"幼儿园", "幼儿园", false},    {"医院门诊楼", "医院", false}, {"菜市场", "菜市场", false},
        {"公园亭", "公园", false},      {"茶社", "餐馆", false},       {"公共厕所", "公共厕所", false},
        {"宾馆", "宾馆", false},        {"大厦A座", "邮局", false},    {"物业服务中心", "物业服务中心", true},
        {"自行车棚", "自行车棚", true}, {"购物中心", "超市", false},
    };
    struct mqt_town *town = service->town;
    for (size_t h = 0; h < sizeof houses / sizeof houses[0]; ++h) {
        if (!ends_with(building->name, houses[h].end)) {
            continue;
        }
        const char *before =
            houses[h].of_estate && building->estate != MQT_TOWN_NONE ? town->estates.at[building->estate].name : "";
        bool phone = strcmp(building->use, "市政") != 0 && strcmp(houses[h].kind, "自行车棚") != 0;
        add(service, houses[h].kind, mqt_arena_printf(&town->arena, "%s%s", before, building->name), building->address,
            phone, mqt_rect_middle(mqt_shape_bounds(&building->shape)));
        return;
    }
}

/* Bins and charging posts beside the homes, offices in some of them. */
static void add_at_home(struct service *service, const struct mqt_town_building *building)
{
    static const struct {
        const char *kind;
        const char *word;
        double share; /* of the homes */
    } rooms[] = {{"社区食堂", "社区食堂", 0.02},
                 {"养老服务中心", "养老驿站", 0.016},
                 {"社区卫生服务站", "卫生服务站", 0.014},
                 {"图书馆", "图书室", 0.01},
                 {"派出所", "警务室", 0.012},
                 {"消防站", "微型消防站", 0.012},
                 {"党群服务中心", "党群服务站", 0.02},
                 {"停车场", "地下停车场", 0.05}};
    struct mqt_town *town = service->town;
    struct mqt_random *random = &service->random;
    struct mqt_rect box = bounds_of(town, building);
    const char *estate = town->estates.at[building->estate].name;
    if (mqt_random_chance(random, 0.6)) {
        add(service, "垃圾分类投放点", mqt_arena_printf(&town->arena, "%s桶站", building->name), building->address,
            false, in_plan(town, building, box.x1_m + 2.5, box.y1_m - 1));
    }
    if (mqt_random_chance(random, 0.35)) {
        add(service, "充电桩", mqt_arena_printf(&town->arena, "%s充电桩", building->name), building->address, false,
            in_plan(town, building, box.x0_m - 2.5, box.y1_m + 1.5));
    }
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; ++i) {
        if (mqt_random_chance(random, rooms[i].share)) {
            add(service, rooms[i].kind, mqt_arena_printf(&town->arena, "%s%s", estate, rooms[i].word),
                building->address, true,
                in_plan(town, building, box.x0_m + (box.x1_m - box.x0_m) * 0.3, (box.y0_m + box.y1_m) / 2));
        }
    }
}

/* The committee of every community sits in its first building. */
static void add_committees(struct service *service)
{
    struct mqt_town *town = service->town;
    const char *last = "";
    for (size_t b = 0; b < town->buildings.count; ++b) {
        struct mqt_town_building building = town->buildings.at[b];
        const char *community = town->areas.at[town->cells.at[building.cell].grid].parent;
        if (strcmp(community, last) == 0) {
            continue;
        }
        last = community;
        for (size_t a = 0; a < town->areas.count; ++a) {
            if (strcmp(town->areas.at[a].code, community) == 0) {
                add(service, "社区居委会", town->areas.at[a].manager, building.address, true,
                    mqt_rect_middle(mqt_shape_bounds(&building.shape)));
            }
        }
    }
}

/* Stops, toilets and parking beside the larger streets, at about every_m. */
static void add_along_street(struct service *service, const struct mqt_town_street *street)
{
    static const struct {
        const char *kind;
        const char *word;
        double every_m;
        bool primary_only;
    } things[] = {{"公交站", "站", 420, false},
                  {"公共厕所", "公共厕所", 1100, false},
                  {"停车场", "路侧停车场", 900, false},
                  {"地铁站", "地铁站", 2300, true}};
    struct mqt_town *town = service->town;
    bool primary = strcmp(street->class_name, "primary") == 0;
    if (!primary && strcmp(street->class_name, "secondary") != 0) {
        return;
    }
    for (size_t t = 0; t < sizeof things / sizeof things[0]; ++t) {
        double next_m = things[t].every_m * mqt_random_real(&service->random, 0.3, 0.8);
        double at_m = 0;
        unsigned serial = 0;
        for (size_t i = 0; i + 1 < street->line.count && (primary || !things[t].primary_only); ++i) {
            struct mqt_spot a = street->line.spots[i];
            struct mqt_spot b = street->line.spots[i + 1];
            double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
            at_m += len_m;
            if (at_m < next_m) {
                continue;
            }
            next_m += things[t].every_m * mqt_random_real(&service->random, 0.75, 1.25);
            double off_m = (street->width_m / 2 + 2) * (mqt_random_chance(&service->random, 0.5) ? 1 : -1);
            const struct mqt_spot spot = {b.x_m + (b.y_m - a.y_m) / len_m * off_m,
                                          b.y_m - (b.x_m - a.x_m) / len_m * off_m};
            static const char *const places[] = {"", "西口", "南口", "东口", "北口", "中段"};
            add(service, things[t].kind,
                mqt_arena_printf(&town->arena, "%s%s%s", street->name, places[serial++ % 6], things[t].word),
                street->name, false, spot);
        }
    }
}

/* Corners of cells, then gates and schools, until there are as many as the scale has. */
static void add_cameras(struct service *service)
{
    static const char *const sides[] = {"西南", "东南", "东北", "西北"};
    struct mqt_town *town = service->town;
    size_t wanted = town->quota.cameras;
    size_t intelligent = 0;
    for (size_t i = 0; i < wanted; ++i) {
        /* Every cell in turn before any has a second one. */
        size_t c = i * town->cells.count / wanted % town->cells.count;
        const struct mqt_town_cell *cell = &town->cells.at[c];
        uint32_t side = mqt_random_below(&service->random, 4);
        struct mqt_rect room = mqt_rect_grow(cell->room, 5);
        double x_m = side == 1 || side == 2 ? room.x1_m : room.x0_m;
        double y_m = side >= 2 ? room.y1_m : room.y0_m;
        const struct mqt_spot spot = {cell->origin.x_m + x_m * cos(cell->turn) - y_m * sin(cell->turn),
                                      cell->origin.y_m + x_m * sin(cell->turn) + y_m * cos(cell->turn)};
        size_t left = wanted - i;
        size_t missing = town->quota.ai_cameras - intelligent;
        bool ai = mqt_random_chance(&service->random, (double)missing / (double)left);
        intelligent += ai;
        const char *name = mqt_arena_printf(&town->arena, "%s%s侧路口%03zu", cell->street, sides[side], i + 1);
        mqt_town_add(town, &town->cameras, (struct mqt_town_camera){name ? name : "", ai, spot});
    }
}

void mqt_service_open(struct mqt_town *town)
{
    struct service service = {.town = town, .random = mqt_random_start(town->seed, RANDOM_STREAM)};
    service.names = mqt_arena_calloc(&town->arena, NAMES_MAX, sizeof *service.names);
    if (!service.names) {
        return;
    }
    for (size_t b = 0; b < town->buildings.count; ++b) {
        struct mqt_town_building building = town->buildings.at[b];
        if (building.shape.ring_count == 0) {
            continue;
        }
        if (strcmp(building.use, "沿街商业") == 0) {
            add_fronts(&service, &building);
        } else if (building.units > 0) {
            add_at_home(&service, &building);
        } else if (strcmp(building.use, "平房") == 0 || strcmp(building.use, "自建房") == 0) {
            add_room(&service, &building, SMALL_HOUSE_SHARE);
        } else if (strcmp(building.use, "办公") == 0) {
            add_room(&service, &building, OFFICE_SHARE);
            add_house(&service, &building);
        } else {
            add_house(&service, &building);
        }
    }
    add_committees(&service);
    for (size_t s = 0; s < town->streets.count; ++s) {
        add_along_street(&service, &town->streets.at[s]);
    }
    add_cameras(&service);
}
