/* Scenes in the open: see scene.h. Each fills the whole canvas. mended is drawn with the same random
 * numbers, so that the place is the same. */
#ifndef MQT_SCENE_STREET_H
#define MQT_SCENE_STREET_H

#include "brush.h"

void mqt_scene_paving(struct mqt_brush *brush, bool mended);
void mqt_scene_pit(struct mqt_brush *brush, bool mended);
void mqt_scene_manhole(struct mqt_brush *brush, bool mended);
void mqt_scene_lamp(struct mqt_brush *brush, bool mended);
void mqt_scene_flood(struct mqt_brush *brush, bool mended);
void mqt_scene_bins(struct mqt_brush *brush, bool mended);
void mqt_scene_rubble(struct mqt_brush *brush, bool mended);
void mqt_scene_fire_lane(struct mqt_brush *brush, bool mended);
void mqt_scene_tree(struct mqt_brush *brush, bool mended);
void mqt_scene_bikes(struct mqt_brush *brush, bool mended);
void mqt_scene_stall(struct mqt_brush *brush, bool mended);
void mqt_scene_shed(struct mqt_brush *brush, bool mended);

#endif
