/* Grounds that give a district its face: business towers, a university, a stadium, a station, a
 * large park with a lake, a village that the town has grown around.
 *
 * As in public_ground.h: each fills a room in the frame of the site (site.h); name is the word that
 * the place is called by. What does not fit into the site's yard is left out.
 */
#ifndef MQT_LANDMARK_H
#define MQT_LANDMARK_H

#include "site.h"

void mqt_landmark_business(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_landmark_campus(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_landmark_stadium(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_landmark_station(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_landmark_park(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_landmark_village(struct mqt_site *site, struct mqt_rect room, const char *name);

#endif
