/* Fills the blocks between the sample district's streets: estates, school, park, centre.
 *
 * Works in the plan (metres, see town.h) on the cells that mqt_street_lay has made. The numbers of
 * residential buildings follow from each theme alone, never from the seed.
 */
#ifndef MQT_BLOCK_H
#define MQT_BLOCK_H

#include "town.h"

/* Adds estates with their areas, buildings, lanes, gardens, sports fields and ponds. */
void mqt_block_fill(struct mqt_town *town);

#endif
