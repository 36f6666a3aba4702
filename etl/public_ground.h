/* Grounds of a district that are no estates: schools, hospitals, centres, parks, courtyards, works.
 *
 * Each fills a room in the frame of the site (site.h) with buildings, greens, ponds and walks. name
 * is the word that the place is called by; the buildings' names end in a word for what they are.
 */
#ifndef MQT_PUBLIC_GROUND_H
#define MQT_PUBLIC_GROUND_H

#include "site.h"

void mqt_public_school(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_public_hospital(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_public_centre(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_public_offices(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_public_works(struct mqt_site *site, struct mqt_rect room, const char *name);
void mqt_public_park(struct mqt_site *site, struct mqt_rect room, const char *name);

/* Old courtyard houses of one floor along narrow lanes. */
void mqt_public_courtyards(struct mqt_site *site, struct mqt_rect room);

#endif
