/* The areas of one level, found by where they are.
 *
 * Holds their boxes in an R-tree and the edges of each in strips (see inside.h), so that a place is
 * found without unpacking a shape: a level of 10,000 areas takes some 20 MB and answers in less than
 * a microsecond. An area is named by its position in the order in which the layer is visited. Immutable
 * once built; any thread may ask. World units.
 */
#ifndef MQT_AREA_INDEX_H
#define MQT_AREA_INDEX_H

#include "../tiles/inside.h"
#include "../tiles/rtree.h"

struct mqt_area_index {
    size_t count;
    struct mqt_box *boxes; /* owned, like what follows */
    uint64_t *ids;
    struct mqt_inside **insides;
    struct mqt_rtree tree;
};

/* layer NULL: an index of nothing. */
enum mqt_err mqt_area_index_build(const struct mqt_layer *layer, struct mqt_area_index *index) MQT_MUST_USE;
void mqt_area_index_clear(struct mqt_area_index *index);

/* The position of the area that holds the point, of several that with the lowest id; false: none. */
enum mqt_err mqt_area_index_find(const struct mqt_area_index *index, struct mqt_point point, bool *found,
                                 size_t *position) MQT_MUST_USE;

#endif
