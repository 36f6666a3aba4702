/* A packed R-tree over boxes that are already in a good order (Hilbert), 16 to a node.
 *
 * Only the upper levels are stored; the leaves are the caller's boxes. Immutable once built; any
 * thread may query. Answers are runs of leaf numbers in ascending order.
 */
#ifndef MQT_RTREE_H
#define MQT_RTREE_H

#include "buf.h"
#include "grid.h"

enum { MQT_RTREE_FANOUT = 16, MQT_RTREE_LEVELS = 8 };

struct mqt_rtree {
    size_t leaf_count;
    int level_count;
    size_t level_first[MQT_RTREE_LEVELS]; /* into nodes; level 0 stands right above the leaves */
    size_t level_size[MQT_RTREE_LEVELS];
    size_t node_count;
    struct mqt_box *nodes; /* owned */
};

struct mqt_run {
    uint32_t first, end; /* leaves first .. end-1 */
    bool inside;         /* their boxes lie wholly inside the query box */
};

enum mqt_err mqt_rtree_build(const struct mqt_box *leaves, size_t count, struct mqt_rtree *tree) MQT_MUST_USE;
void mqt_rtree_clear(struct mqt_rtree *tree);

/* Appends struct mqt_run; look at mqt_buf_err(runs) afterwards. */
void mqt_rtree_query(const struct mqt_rtree *tree, const struct mqt_box *leaves, struct mqt_box box,
                     struct mqt_buf *runs);

#endif
