#include "extra.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RANDOM_STREAM = 40, WORDS_MAX = 4, NAME_BYTES = 256 };

/* Where the things of a layer are. reach is metres between them along a line, a share of the
 * buildings or areas, or the radius of a circle. */
enum source {
    ALONG_STREETS,  /* beside every named street */
    ALONG_MAIN,     /* beside primary and secondary streets */
    AT_CROSSINGS,   /* where a primary street meets another one */
    ON_RIVER,       /* along the quays */
    AT_HOMES,       /* beside a share of the homes */
    IN_TALL_HOMES,  /* one a unit of every home of more than six floors */
    AT_GATES,       /* at a share of the gatehouses */
    IN_COMMUNITIES, /* a share of the buildings of any use */
    AT_COMMITTEES,  /* circles of reach metres around the committees */
    STREET_LINES,   /* lines of the primary and secondary streets, reach metres beside the middle */
    GREEN_AREAS     /* a share of the parks and sports fields */
};

struct layer {
    const char *id;
    const char *title;
    const char *file;
    enum source source;
    double reach;
    const char *word; /* ends each name */
    const char *kinds[WORDS_MAX];
    const char *measure; /* name of the column with a number from least to most */
    int least;
    int most;
};

static const struct layer layers[] = {
    {"street_lamp",
     "路灯",
     "路灯.gpkg",
     ALONG_STREETS,
     38,
     "路灯",
     {"LED单臂", "LED双臂", "高压钠灯"},
     "功率瓦",
     60,
     250},
    {"hydrant", "消火栓", "消火栓.gpkg", ALONG_STREETS, 130, "消火栓", {"地上式", "地下式"}, "水压千帕", 140, 420},
    {"manhole", "井盖", "井盖.gpkg", ALONG_STREETS, 60, "井", {"雨水", "污水", "电力", "通信"}, "口径毫米", 500, 900},
    {"traffic_light",
     "红绿灯",
     "红绿灯.gpkg",
     AT_CROSSINGS,
     1,
     "路口信号灯",
     {"机动车", "行人", "一体式"},
     "周期秒",
     60,
     180},
    {"bus_stop", "公交站牌", "公交站牌.gpkg", ALONG_MAIN, 430, "站", {"普通站", "港湾站", "首末站"}, "线路数", 1, 9},
    {"bus_line",
     "公交线路",
     "公交线路.gpkg",
     STREET_LINES,
     3,
     "公交线",
     {"干线", "支线", "微循环"},
     "高峰间隔分",
     3,
     15},
    {"flood_point",
     "积水点",
     "积水点.gpkg",
     ALONG_MAIN,
     1300,
     "积水点",
     {"下凹桥", "低洼路段", "雨箅堵塞"},
     "最深厘米",
     10,
     60},
    {"water_level",
     "水位监测点",
     "水位监测点.gpkg",
     ON_RIVER,
     900,
     "水位站",
     {"雷达", "压力", "电子水尺"},
     "警戒厘米",
     180,
     320},
    {"bin_station", "垃圾桶站", "垃圾桶站.gpkg", AT_HOMES, 0.7, "桶站", {"四分类", "两分类", "智能投放"}, "桶数", 2, 8},
    {"recycling",
     "再生资源回收点",
     "再生资源回收点.gpkg",
     AT_GATES,
     0.4,
     "回收点",
     {"固定", "流动", "智能柜"},
     "周回收公斤",
     60,
     900},
    {"charger",
     "电动自行车充电",
     "电动自行车充电.gpkg",
     AT_HOMES,
     0.4,
     "充电棚",
     {"充电棚", "充电柜", "换电柜"},
     "接口数",
     6,
     40},
    {"bike_shed", "自行车棚", "自行车棚.gpkg", AT_HOMES, 0.25, "车棚", {"露天", "封闭", "地下"}, "车位", 20, 160},
    {"lift",
     "电梯",
     "电梯.gpkg",
     IN_TALL_HOMES,
     1,
     "电梯",
     {"曳引客梯", "无机房客梯", "消防梯"},
     "载重公斤",
     630,
     1350},
    {"rider_entrance",
     "骑手入口",
     "骑手入口.gpkg",
     AT_GATES,
     0.85,
     "骑手入口",
     {"扫码进入", "登记进入", "门外交接"},
     "日均单数",
     20,
     400},
    {"parcel_locker", "快递柜", "快递柜.gpkg", AT_GATES, 0.9, "快递柜", {"室外", "室内"}, "格口数", 24, 180},
    {"volunteer",
     "志愿者站",
     "志愿者站.gpkg",
     IN_COMMUNITIES,
     0.02,
     "志愿者站",
     {"首都志愿服务站", "学雷锋岗", "治安岗"},
     "志愿者数",
     6,
     120},
    {"meeting",
     "议事厅",
     "议事厅.gpkg",
     IN_COMMUNITIES,
     0.012,
     "议事厅",
     {"居民议事厅", "楼门议事角", "党群议事厅"},
     "座位",
     8,
     60},
    {"life_circle",
     "15分钟生活圈",
     "15分钟生活圈.gpkg",
     AT_COMMITTEES,
     560,
     "生活圈",
     {"完善", "基本完善", "待补短板"},
     "得分",
     52,
     98},
    {"aed", "自动体外除颤器", "AED.gpkg", IN_COMMUNITIES, 0.02, "AED", {"室内壁挂", "室外立柜"}, "电量百分比", 40, 100},
    {"shelter",
     "应急避难场所",
     "应急避难场所.gpkg",
     GREEN_AREAS,
     0.5,
     "避难场所",
     {"Ⅰ类", "Ⅱ类", "Ⅲ类"},
     "可容人数",
     300,
     8000},
    {"heating_station", "换热站", "换热站.gpkg", AT_GATES, 0.6, "换热站", {"板式", "混水"}, "供热面积千平米", 12, 160},
    {"gas_box", "燃气调压箱", "燃气调压箱.gpkg", AT_HOMES, 0.15, "调压箱", {"楼栋式", "区域式"}, "出口帕", 2000, 2800},
    {"water_pipe",
     "供水管线",
     "供水管线.gpkg",
     STREET_LINES,
     7,
     "供水管",
     {"球墨铸铁", "聚乙烯", "钢"},
     "管径毫米",
     200,
     800},
    {"noise_station",
     "噪声监测点",
     "噪声监测点.gpkg",
     IN_COMMUNITIES,
     0.006,
     "噪声监测点",
     {"功能区", "道路交通", "工地"},
     "昼间分贝",
     48,
     72},
    {"old_tree",
     "古树名木",
     "古树名木.gpkg",
     IN_COMMUNITIES,
     0.02,
     "古树",
     {"国槐", "侧柏", "银杏", "榆树"},
     "树龄年",
     100,
     460},
};

/* One layer while it is being written. */
struct work {
    const struct layer *layer;
    const struct mqt_town *town;
    struct mqt_survey_writer *writer;
    struct mqt_random random;
    struct mqt_detail *detail;
    enum mqt_err err;
};

size_t mqt_extra_count(void)
{
    return sizeof layers / sizeof layers[0];
}

const char *mqt_extra_file(size_t index)
{
    assert(index < mqt_extra_count());
    return layers[index].file;
}

const char *mqt_extra_id(size_t index)
{
    assert(index < mqt_extra_count());
    return layers[index].id;
}

const char *mqt_extra_title(size_t index)
{
    assert(index < mqt_extra_count());
    return layers[index].title;
}

/* Names are the place and a serial over the whole layer, so that none comes twice. */
static void put(struct work *work, const char *place, const struct mqt_shape *shape)
{
    const struct layer *layer = work->layer;
    char name[NAME_BYTES];
    uint32_t kinds = 0;
    while (kinds < WORDS_MAX && layer->kinds[kinds]) {
        ++kinds;
    }
    if (work->err != MQT_OK) {
        return;
    }
    (void)snprintf(name, sizeof name, "%s%s%04zu", place, layer->word, work->writer->rows + 1);
    const struct mqt_sink_value values[] = {{.text = name},
                                            {.text = layer->kinds[mqt_random_below(&work->random, kinds)]},
                                            {.number = mqt_random_int(&work->random, layer->least, layer->most)}};
    work->err = mqt_survey_add(work->writer, values, shape, work->detail);
}

static void put_spot(struct work *work, const char *place, struct mqt_spot spot)
{
    struct mqt_line line = {&spot, 1};
    const struct mqt_shape shape = {&line, 1};
    put(work, place, &shape);
}

static bool is_main(const struct mqt_town_street *street)
{
    return strcmp(street->class_name, "primary") == 0 || strcmp(street->class_name, "secondary") == 0;
}

/* Spots beside a line, now on its left and now on its right. */
static void put_along(struct work *work, const struct mqt_town_street *street, double off_m)
{
    double next_m = work->layer->reach * mqt_random_real(&work->random, 0.3, 0.7);
    double at_m = 0;
    double side = 1;
    for (size_t i = 0; i + 1 < street->line.count; ++i) {
        struct mqt_spot a = street->line.spots[i];
        struct mqt_spot b = street->line.spots[i + 1];
        double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
        for (; len_m > 0 && next_m < at_m + len_m; side = -side) {
            double t = (next_m - at_m) / len_m;
            put_spot(work, street->name,
                     (struct mqt_spot){a.x_m + (b.x_m - a.x_m) * t + (b.y_m - a.y_m) / len_m * off_m * side,
                                       a.y_m + (b.y_m - a.y_m) * t - (b.x_m - a.x_m) / len_m * off_m * side});
            next_m += work->layer->reach * mqt_random_real(&work->random, 0.92, 1.08);
        }
        at_m += len_m;
    }
}

static void put_street(struct work *work, const struct mqt_town_street *street)
{
    bool main = is_main(street);
    bool named = *street->name != '\0';
    switch (work->layer->source) {
    case ALONG_STREETS:
        if (named && strcmp(street->class_name, "path") != 0) {
            put_along(work, street, street->width_m / 2 + 1);
        }
        break;
    case ALONG_MAIN:
        if (main && named) {
            put_along(work, street, street->width_m / 2 + 2);
        }
        break;
    case ON_RIVER:
        if (strcmp(street->name, "滨河步道") == 0) {
            put_along(work, street, 8);
        }
        break;
    case AT_CROSSINGS:
        if (main && named) { /* where a lesser street begins or ends is a crossing with a larger one */
            put_spot(work, street->name, street->line.spots[0]);
            put_spot(work, street->name, street->line.spots[street->line.count - 1]);
        }
        break;
    case STREET_LINES:
        if (main && named && street->line.count >= 2) {
            struct mqt_line beside = mqt_line_copy(&work->writer->scratch, street->line.spots, street->line.count);
            for (size_t i = 0; i < beside.count; ++i) {
                beside.spots[i].x_m += work->layer->reach;
                beside.spots[i].y_m -= work->layer->reach;
            }
            const struct mqt_shape shape = {&beside, 1};
            put(work, street->name, &shape);
        }
        break;
    default:
        break;
    }
}

/* Evenly along the line from the western to the eastern end of a home. */
static void put_lifts(struct work *work, const struct mqt_town_building *building)
{
    const struct mqt_line ring = building->shape.rings[0];
    struct mqt_spot west = ring.spots[0];
    struct mqt_spot east = west;
    for (size_t i = 1; i < ring.count; ++i) {
        west = ring.spots[i].x_m < west.x_m ? ring.spots[i] : west;
        east = ring.spots[i].x_m > east.x_m ? ring.spots[i] : east;
    }
    struct mqt_spot middle = mqt_rect_middle(mqt_shape_bounds(&building->shape));
    for (int unit = 0; unit < building->units; ++unit) {
        double t = (unit + 0.5) / building->units;
        struct mqt_spot spot = {west.x_m + (east.x_m - west.x_m) * t, middle.y_m + (east.y_m - west.y_m) * (t - 0.5)};
        put_spot(work, building->name, mqt_shape_holds(&building->shape, spot) ? spot : middle);
    }
}

static void put_building(struct work *work, const struct mqt_town_building *building)
{
    struct mqt_rect box = mqt_shape_bounds(&building->shape);
    bool home = building->units > 0;
    bool gate = strcmp(building->name, "门卫室") == 0;
    enum source source = work->layer->source;
    if (source == IN_TALL_HOMES && home && building->floors_above > 6) {
        put_lifts(work, building);
    }
    bool fits = (source == AT_HOMES && home) || (source == AT_GATES && gate) || source == IN_COMMUNITIES;
    if (!fits || !mqt_random_chance(&work->random, work->layer->reach)) {
        return;
    }
    double off_m = mqt_random_real(&work->random, 2, 6);
    struct mqt_spot spot = {box.x0_m + (box.x1_m - box.x0_m) * mqt_random_real(&work->random, 0.2, 0.8),
                            source == AT_HOMES ? box.y1_m + off_m : box.y0_m - off_m};
    const char *place = building->estate != MQT_TOWN_NONE ? work->town->estates.at[building->estate].name
                                                          : work->town->cells.at[building->cell].street;
    put_spot(work, home ? building->name : place, source == IN_COMMUNITIES ? mqt_rect_middle(box) : spot);
}

static void put_circles(struct work *work)
{
    for (size_t f = 0; f < work->town->facilities.count; ++f) {
        const struct mqt_town_facility *facility = &work->town->facilities.at[f];
        if (strcmp(facility->kind, "社区居委会") != 0) {
            continue;
        }
        double reach_m = work->layer->reach;
        struct mqt_rect rect = {facility->spot.x_m - reach_m, facility->spot.y_m - reach_m,
                                facility->spot.x_m + reach_m, facility->spot.y_m + reach_m};
        const struct mqt_shape circle = mqt_shape_blob(&work->writer->scratch, rect, 0.22, &work->random);
        put(work, facility->name, &circle);
    }
}

static void put_greens(struct work *work)
{
    for (size_t g = 0; g < work->town->greens.count; ++g) {
        const struct mqt_town_patch *green = &work->town->greens.at[g];
        bool ground = strcmp(green->kind, "公园") == 0 || strcmp(green->kind, "运动场") == 0;
        if (ground && mqt_random_chance(&work->random, work->layer->reach)) {
            put(work, green->name, &green->shape);
        }
    }
}

static void put_all(struct work *work)
{
    for (size_t s = 0; s < work->town->streets.count; ++s) {
        put_street(work, &work->town->streets.at[s]);
    }
    for (size_t b = 0; b < work->town->buildings.count; ++b) {
        put_building(work, &work->town->buildings.at[b]);
    }
    if (work->layer->source == AT_COMMITTEES) {
        put_circles(work);
    } else if (work->layer->source == GREEN_AREAS) {
        put_greens(work);
    }
}

enum mqt_err mqt_extra_start(struct mqt_survey_writer *writer, const struct mqt_survey *survey, size_t index,
                             struct mqt_detail *detail)
{
    assert(index < mqt_extra_count());
    const struct layer *layer = &layers[index];
    /* What stands in hundreds along streets and homes has a number; a name would be written on the map. */
    bool numbered = layer->source == ALONG_STREETS || layer->source == AT_HOMES || layer->source == IN_TALL_HOMES;
    const struct mqt_sink_column columns[] = {{numbered ? "编号" : "名称", MQT_SINK_TEXT, 0, 0},
                                              {"类型", MQT_SINK_TEXT, 0, 0},
                                              {layer->measure, MQT_SINK_INT, 0, 0}};
    bool lines = layer->source == STREET_LINES;
    bool areas = layer->source == AT_COMMITTEES || layer->source == GREEN_AREAS;
    const struct mqt_sink_file file = {.format = MQT_SINK_GEOPACKAGE,
                                       .geometry = lines   ? MQT_SINK_LINE
                                                   : areas ? MQT_SINK_POLYGON
                                                           : MQT_SINK_POINT,
                                       .epsg = 4490,
                                       .layer = layer->title,
                                       .columns = columns,
                                       .column_count = 3};
    return mqt_survey_start(writer, survey, file, layer->file, detail);
}

enum mqt_err mqt_extra_add(struct mqt_survey_writer *writer, const struct mqt_town *town, size_t index,
                           struct mqt_detail *detail)
{
    assert(index < mqt_extra_count());
    struct work work = {.layer = &layers[index],
                        .town = town,
                        .writer = writer,
                        .random = mqt_random_start(town->seed, RANDOM_STREAM + index),
                        .detail = detail};
    put_all(&work);
    return work.err;
}
