/* Fills the cells of a whole district: estates of three ages, courtyards, schools, parks, works.
 *
 * Works in the frame of each cell and puts the result into the plan (town.h). What a cell becomes
 * is drawn: denser towards the middle, and so that the homes suffice for the scale's households.
 */
#ifndef MQT_QUARTER_H
#define MQT_QUARTER_H

#include "place_name.h"
#include "town.h"

/* names: those of estates and public places, which go on from one town to the next. */
void mqt_quarter_fill(struct mqt_town *town, struct mqt_place_names *names);

#endif
