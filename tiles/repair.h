/* Makes polygon rings on an integer grid valid (valid.h) where snapping or clipping broke them.
 *
 * Edges are cut where they meet, those that lie on each other cancel, and what is left is walked
 * along the border of the shape. A struct mqt_repair is scratch: one thread, used again and again.
 */
#ifndef MQT_REPAIR_H
#define MQT_REPAIR_H

#include "outline.h"

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

/* Replaces rings by valid ones (touching in single points at most) that cover what the old ones
 * cover an odd number of times; they may all vanish. Coordinates must be below 2^18 in size.
 * MQT_ERR_LIMIT when they are so tangled that it would take more than most_work; rings is as before. */
enum mqt_err mqt_rings_repair(struct mqt_repair *repair, struct mqt_outline *rings) MQT_MUST_USE;

#endif
