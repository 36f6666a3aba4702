/* Which features of a tile stay when not all of them fit: the same share of every part of the tile,
 * the larger ones. Pure but for its own memory; one thread.
 */
#ifndef MQT_THIN_H
#define MQT_THIN_H

#include "layer_internal.h"

/* Where a feature stands among those of its own part of the tile, by size. */
struct mqt_thin_rank {
    uint32_t cell;
    uint32_t number; /* in order of the spans */
    uint64_t size;   /* half the box's circumference */
    float share;     /* how many of the cell's features are larger, 0 .. 1 */
};

struct mqt_thin {
    struct mqt_thin_rank *ranks;
    uint8_t *chosen; /* a mark a feature, in order of the spans */
    size_t count;
};

/* Ranks the features of the spans, total of them, over the tile's box. Clear it. */
enum mqt_err mqt_thin_init(const struct mqt_span *spans, size_t span_count, size_t total, struct mqt_box tile,
                           struct mqt_thin *thin) MQT_MUST_USE;
void mqt_thin_clear(struct mqt_thin *thin);

/* Marks the share (0 .. 1) that stays; returns how many go. */
size_t mqt_thin_choose(struct mqt_thin *thin, float share);

#endif
