/* Fills the cells of a whole district: estates of three ages, courtyards, schools, parks, works.
 *
 * Works in the frame of each cell and puts the result into the plan (town.h). What a cell becomes
 * is drawn: denser towards the middle, and so that the homes suffice for the scale's households.
 */
#ifndef MQT_QUARTER_H
#define MQT_QUARTER_H

#include "town.h"

void mqt_quarter_fill(struct mqt_town *town);

#endif
