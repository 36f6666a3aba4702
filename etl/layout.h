/* Puts one district of a ground plan into a town: its areas, cells, streets, and for the first one
 * what all share: main streets, rivers, railways and the land beyond the border.
 *
 * Works in the plan (metres, see town.h). Areas come from north to south; codes nest.
 */
#ifndef MQT_LAYOUT_H
#define MQT_LAYOUT_H

#include "plan.h"
#include "town.h"

void mqt_layout_lay(struct mqt_plan *plan, unsigned district, struct mqt_town *town);

#endif
