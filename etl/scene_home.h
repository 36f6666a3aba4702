/* Scenes inside houses: see scene.h. Each fills the whole canvas. mended is drawn with the same random
 * numbers, so that the place is the same. */
#ifndef MQT_SCENE_HOME_H
#define MQT_SCENE_HOME_H

#include "brush.h"

void mqt_scene_leak(struct mqt_brush *brush, bool mended);
void mqt_scene_radiator(struct mqt_brush *brush, bool mended);
void mqt_scene_tap(struct mqt_brush *brush, bool mended);
void mqt_scene_lift(struct mqt_brush *brush, bool mended);
void mqt_scene_corridor_bike(struct mqt_brush *brush, bool mended);
void mqt_scene_clutter(struct mqt_brush *brush, bool mended);

#endif
