/* The ground plan of a whole district: subdistricts, communities and grids that tile it.
 *
 * A rectangle is cut again and again along a lattice of 20 m; a conformal map then bends it, so
 * that streets keep their right angles and no two blocks are alike. Borders are made of lattice
 * points only: areas that touch share every spot of their border to the last bit, at all levels.
 * Works in the plan (metres, see town.h); each cell has a frame of its own to be filled in.
 */
#ifndef MQT_PLAN_H
#define MQT_PLAN_H

#include "town.h"

/* Adds areas (without estates), cells, the streets between them, the river and what lines it. */
void mqt_plan_lay(struct mqt_town *town);

#endif
