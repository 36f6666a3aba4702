/* Twelve months of tickets of the sample district, with the rhythms that real ones have.
 *
 * Works in the plan after mqt_amenity_open. As many tickets as the scale says, ordered by time,
 * none later than town->until_s. Rhythms: hour of the day (sensors and cameras never sleep),
 * weekday, heating from November to March, heavy rain in July, estates that complain more than
 * others, addresses that complain again and again. About a twelfth has no place.
 */
#ifndef MQT_COMPLAINT_H
#define MQT_COMPLAINT_H

#include "town.h"

void mqt_complaint_file(struct mqt_town *town);

#endif
