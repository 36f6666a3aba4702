/* Facilities and cameras of the sample district: shops in the shop rows, the school's gate, bins.
 *
 * Works in the plan (metres, see town.h) after mqt_block_fill. At least 100 shops, and as many bin
 * points and banks as the scale says. Land lines begin with 010-00, where no number can be.
 */
#ifndef MQT_AMENITY_H
#define MQT_AMENITY_H

#include "town.h"

void mqt_amenity_open(struct mqt_town *town);

#endif
