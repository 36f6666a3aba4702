/* Where two motorways of a ground plan cross: their ramps, and the ground that these take.
 *
 * A clover leaf of four loops and four slip roads. In the plan (metres, see town.h). What is drawn
 * lands in the town's lists. Pure otherwise; one thread.
 */
#ifndef MQT_INTERCHANGE_H
#define MQT_INTERCHANGE_H

#include "plan.h"
#include "town.h"

enum { MQT_INTERCHANGES_MAX = 16 };

struct mqt_interchange {
    struct mqt_spot middle;
    struct mqt_spot along; /* the directions of the two motorways, each 1 m long */
    struct mqt_spot across;
};

size_t mqt_interchange_find(const struct mqt_plan *plan, struct mqt_interchange out[MQT_INTERCHANGES_MAX]);

void mqt_interchange_draw(const struct mqt_interchange *interchange, struct mqt_town *town);

/* Keeps a cell's fence out of the ramps. The fence is in a frame that is turned by turn around origin,
 * the middle of the cell. */
void mqt_interchange_spare(const struct mqt_interchange *interchange, struct mqt_spot origin, double turn,
                           struct mqt_fence *fence);

#endif
