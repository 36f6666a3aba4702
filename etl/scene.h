/* What the sample's pictures show: a fault as a resident would photograph it, and the place when it
 * was mended.
 *
 * Pure; any thread.
 */
#ifndef MQT_SCENE_H
#define MQT_SCENE_H

#include "brush.h"

enum mqt_scene {
    MQT_SCENE_LEAK,
    MQT_SCENE_RADIATOR,
    MQT_SCENE_TAP,
    MQT_SCENE_LIFT,
    MQT_SCENE_CORRIDOR_BIKE,
    MQT_SCENE_CLUTTER,
    MQT_SCENE_PAVING,
    MQT_SCENE_PIT,
    MQT_SCENE_MANHOLE,
    MQT_SCENE_LAMP,
    MQT_SCENE_FLOOD,
    MQT_SCENE_BINS,
    MQT_SCENE_RUBBLE,
    MQT_SCENE_FIRE_LANE,
    MQT_SCENE_TREE,
    MQT_SCENE_BIKES,
    MQT_SCENE_STALL,
    MQT_SCENE_SHED,
    MQT_SCENE_COUNT
};

/* Short, for the name of a file: 漏水. */
const char *mqt_scene_title(enum mqt_scene scene);

/* The scene that a ticket's phrase speaks of; false when no picture suits it. */
bool mqt_scene_of(const char *phrase, enum mqt_scene *scene);

/* Draws the whole picture. mended: the same place afterwards, from the same seed. */
void mqt_scene_draw(enum mqt_scene scene, bool mended, struct mqt_brush *brush);

#endif
