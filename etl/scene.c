#include "scene.h"

#include "scene_home.h"
#include "scene_street.h"

#include <string.h>

static const struct {
    const char *title;
    void (*draw)(struct mqt_brush *brush, bool mended);
} scenes[MQT_SCENE_COUNT] = {
    [MQT_SCENE_LEAK] = {"漏水", mqt_scene_leak},
    [MQT_SCENE_RADIATOR] = {"暖气", mqt_scene_radiator},
    [MQT_SCENE_TAP] = {"自来水", mqt_scene_tap},
    [MQT_SCENE_LIFT] = {"电梯", mqt_scene_lift},
    [MQT_SCENE_CORRIDOR_BIKE] = {"楼道充电", mqt_scene_corridor_bike},
    [MQT_SCENE_CLUTTER] = {"楼道杂物", mqt_scene_clutter},
    [MQT_SCENE_PAVING] = {"地砖", mqt_scene_paving},
    [MQT_SCENE_PIT] = {"路面", mqt_scene_pit},
    [MQT_SCENE_MANHOLE] = {"井盖", mqt_scene_manhole},
    [MQT_SCENE_LAMP] = {"路灯", mqt_scene_lamp},
    [MQT_SCENE_FLOOD] = {"积水", mqt_scene_flood},
    [MQT_SCENE_BINS] = {"垃圾桶", mqt_scene_bins},
    [MQT_SCENE_RUBBLE] = {"建筑垃圾", mqt_scene_rubble},
    [MQT_SCENE_FIRE_LANE] = {"消防通道", mqt_scene_fire_lane},
    [MQT_SCENE_TREE] = {"倒树", mqt_scene_tree},
    [MQT_SCENE_BIKES] = {"单车", mqt_scene_bikes},
    [MQT_SCENE_STALL] = {"占道", mqt_scene_stall},
    [MQT_SCENE_SHED] = {"违建", mqt_scene_shed},
};

const char *mqt_scene_title(enum mqt_scene scene)
{
    return scenes[scene].title;
}

bool mqt_scene_of(const char *phrase, enum mqt_scene *scene)
{
    /* The first word that fits wins. */
    static const struct {
        const char *word;
        enum mqt_scene scene;
    } words[] = {
        {"暖气", MQT_SCENE_RADIATOR},   {"天花板", MQT_SCENE_LEAK},
        {"漏水", MQT_SCENE_LEAK},       {"就漏", MQT_SCENE_LEAK},
        {"渗漏", MQT_SCENE_LEAK},       {"渗水", MQT_SCENE_LEAK},
        {"自来水", MQT_SCENE_TAP},      {"电梯停运", MQT_SCENE_LIFT},
        {"电梯按键", MQT_SCENE_LIFT},   {"楼道内充电", MQT_SCENE_CORRIDOR_BIKE},
        {"楼道堆", MQT_SCENE_CLUTTER},  {"鞋柜", MQT_SCENE_CLUTTER},
        {"地砖", MQT_SCENE_PAVING},     {"塌陷", MQT_SCENE_PIT},
        {"井盖", MQT_SCENE_MANHOLE},    {"路灯", MQT_SCENE_LAMP},
        {"积水", MQT_SCENE_FLOOD},      {"入口进水", MQT_SCENE_FLOOD},
        {"垃圾桶", MQT_SCENE_BINS},     {"桶站", MQT_SCENE_BINS},
        {"建筑垃圾", MQT_SCENE_RUBBLE}, {"消防通道", MQT_SCENE_FIRE_LANE},
        {"违停", MQT_SCENE_FIRE_LANE},  {"外来车辆长期", MQT_SCENE_FIRE_LANE},
        {"大树倾倒", MQT_SCENE_TREE},   {"共享单车", MQT_SCENE_BIKES},
        {"摊", MQT_SCENE_STALL},        {"店外经营", MQT_SCENE_STALL},
        {"私搭", MQT_SCENE_SHED},       {"彩钢", MQT_SCENE_SHED},
        {"砌墙", MQT_SCENE_SHED},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        if (strstr(phrase, words[i].word)) {
            *scene = words[i].scene;
            return true;
        }
    }
    return false;
}

void mqt_scene_draw(enum mqt_scene scene, bool mended, struct mqt_brush *brush)
{
    bool mirrored = mqt_random_chance(&brush->random, 0.5);
    scenes[scene].draw(brush, mended);
    if (mirrored) {
        mqt_brush_mirror(brush);
    }
    mqt_brush_vignette(brush, scene == MQT_SCENE_LAMP ? 0.1 : 0.3);
}
