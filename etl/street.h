/* The sample district's streets, river, cells and the areas bounded by street centre lines.
 *
 * Borders are made of shared polylines, so that neighbouring grids and the community have the very
 * same vertices along an edge. Works in the plan (metres, see town.h); memory is the town's.
 */
#ifndef MQT_STREET_H
#define MQT_STREET_H

#include "town.h"

/* Adds streets, the river and its banks, one cell and one grid area a block, and the district,
 * subdistrict and community around them. */
void mqt_street_lay(struct mqt_town *town);

#endif
