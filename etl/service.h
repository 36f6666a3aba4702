/* Facilities and cameras of a whole district: shops, schools, offices, stops, bins, posts.
 *
 * Works in the plan on what mqt_quarter_fill has built. No two facilities of a kind have one name;
 * the number of cameras and of those with AI is the scale's, whatever the seed.
 */
#ifndef MQT_SERVICE_H
#define MQT_SERVICE_H

#include "town.h"

void mqt_service_open(struct mqt_town *town);

#endif
