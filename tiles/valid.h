/* Whether polygon rings on an integer grid are fit to be written.
 *
 * Snapping to a tile's grid can make a valid shape touch or cross itself. Valid here means: outer
 * rings clockwise on screen, holes the other way, each hole in its outer ring, and no two edges
 * share a point but neighbours in a ring (stricter than the standard, which lets rings touch).
 * Pure; any thread.
 */
#ifndef MQT_VALID_H
#define MQT_VALID_H

#include "outline.h"

/* rings: at least three points each, none equal to its predecessor. */
bool mqt_rings_valid(const struct mqt_outline *rings);

/* Whether the point lies in the ring; 2 * point is given so that middles of edges can be asked for.
 * Undefined on the ring itself. */
bool mqt_ring_holds(const struct mqt_point *ring, size_t count, int64_t twice_x, int64_t twice_y);

#endif
