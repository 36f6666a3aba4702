/* Whether polygon rings on an integer grid are fit to be written, and making them so.
 *
 * Snapping to a tile's grid can make a valid shape touch or cross itself. Valid here means: outer
 * rings clockwise on screen, holes the other way, each hole in its outer ring, and no two edges
 * share a point but neighbours in a ring (stricter than the standard, which lets rings touch).
 * Buffers of struct mqt_repair are scratch: one thread, used again and again.
 */
#ifndef MQT_VALID_H
#define MQT_VALID_H

#include "wkb.h"

struct mqt_repair {
    size_t most_work; /* comparisons of two edges that one repair may take */
    size_t work;
    struct mqt_buf edges;
    struct mqt_buf splits;
    struct mqt_buf spare;
    struct mqt_buf path;
    struct mqt_outline loops;
};

void mqt_repair_init(struct mqt_repair *repair, size_t most_work);
void mqt_repair_clear(struct mqt_repair *repair);

/* rings: at least three points each, none equal to its predecessor. */
bool mqt_rings_valid(const struct mqt_outline *rings);

/* Replaces rings by valid ones (touching in single points at most) that cover what the old ones
 * cover an odd number of times; they may all vanish. Coordinates must be below 2^18 in size.
 * MQT_ERR_LIMIT when they are so tangled that it would take more than most_work; rings is as before. */
enum mqt_err mqt_rings_repair(struct mqt_repair *repair, struct mqt_outline *rings) MQT_MUST_USE;

/* Whether the point lies in the ring; 2 * point is given so that middles of edges can be asked for.
 * Undefined on the ring itself. */
bool mqt_ring_holds(const struct mqt_point *ring, size_t count, int64_t twice_x, int64_t twice_y);

#endif
