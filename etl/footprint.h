/* Outlines of the buildings that a Beijing community is made of, fitted into a rectangle.
 *
 * Metres in the plane of the rectangle, y north: slabs have their balconies in the south and their
 * stairwells in the north. Memory, threads and failure as in shape.h.
 */
#ifndef MQT_FOOTPRINT_H
#define MQT_FOOTPRINT_H

#include "shape.h"

/* 板楼: units side by side, each with two balconies and a recessed stairwell; stagger_m shifts
 * every other unit northwards (0 to 2). 1 <= units <= 12; the rectangle is at least 10 m deep. */
struct mqt_shape mqt_footprint_slab(struct mqt_arena *arena, struct mqt_rect rect, int units, double stagger_m);

enum mqt_tower { MQT_TOWER_CROSS, MQT_TOWER_BUTTERFLY, MQT_TOWER_BEVELLED, MQT_TOWER_COUNT };

/* 塔楼, at least 20 m wide and deep. */
struct mqt_shape mqt_footprint_tower(struct mqt_arena *arena, struct mqt_rect rect, enum mqt_tower kind);

/* Two wings of wing_m that meet in the south-west (turns 0), south-east 1, north-east 2 or
 * north-west 3. */
struct mqt_shape mqt_footprint_ell(struct mqt_arena *arena, struct mqt_rect rect, double wing_m, int turns);

/* Three wings around a court that opens to the south. */
struct mqt_shape mqt_footprint_u(struct mqt_arena *arena, struct mqt_rect rect, double wing_m);

/* A spine in the north with teeth (at least 2) to the south, each wing_m wide. */
struct mqt_shape mqt_footprint_comb(struct mqt_arena *arena, struct mqt_rect rect, double wing_m, int teeth);

/* Two long wings and a link: the H of older hospitals. */
struct mqt_shape mqt_footprint_aitch(struct mqt_arena *arena, struct mqt_rect rect, double wing_m);

/* Four wings around a closed courtyard, which is a hole. */
struct mqt_shape mqt_footprint_court(struct mqt_arena *arena, struct mqt_rect rect, double wing_m);

/* A block with one bevelled corner towards a crossing (turns as in ell). */
struct mqt_shape mqt_footprint_corner(struct mqt_arena *arena, struct mqt_rect rect, double bevel_m, int turns);

/* A slab of deep_m along an arc from the west to the east of the rectangle; its hollow side looks
 * south. */
struct mqt_shape mqt_footprint_arc(struct mqt_arena *arena, struct mqt_rect rect, double deep_m);

/* An ellipse that fills the rectangle; ring_m > 0 leaves an open middle, as a stadium has. */
struct mqt_shape mqt_footprint_round(struct mqt_arena *arena, struct mqt_rect rect, double ring_m);

/* A podium around a tower, which stands in its hole with a joint of about 15 cm. */
struct mqt_shape mqt_footprint_podium(struct mqt_arena *arena, struct mqt_rect rect, const struct mqt_shape *tower);

#endif
