/* Which labels of a tile are shown: greedy placement by priority without overlap.
 *
 * Candidates are gathered from the tile and half a tile around it, sizes are estimated from the
 * text alone, and the order depends only on style, sort key and id; so neighbouring tiles come to
 * the same decision for a label that both show, but for chains of more than half a tile. Pixels of
 * the tile. One thread at a time; texts are borrowed until the end.
 */
#ifndef MQT_PLACE_H
#define MQT_PLACE_H

#include "arena.h"
#include "text.h"

#include <stdbool.h>

/* What the gathering must see beyond the tile, in 256ths of its side. */
#define MQT_PLACE_MARGIN_256THS 128
/* Candidates beyond this many are not looked at. */
#define MQT_PLACE_MAX 50000

struct mqt_label {
    const char *text; /* UTF-8 */
    size_t len;
    struct mqt_text_style style;
    float opacity;
    float anchor_x, anchor_y; /* point of the box that stands on the place, 0 to 1 */
    double x, y;              /* the place, offset included, px from the tile's corner */
    float padding_px;
    /* Priority: higher rank first, then lower sort key, then lower id. */
    int rank;
    double sort_key;
    uint64_t id;
    bool placed; /* the result */
};

struct mqt_labels {
    struct mqt_label *items;
    size_t count, capacity;
};

enum mqt_err mqt_labels_add(struct mqt_labels *labels, const struct mqt_label *label) MQT_MUST_USE;
void mqt_labels_clear(struct mqt_labels *labels);

/* Sorts by priority and decides for each label. */
enum mqt_err mqt_labels_place(struct mqt_labels *labels, int tile_px) MQT_MUST_USE;

/* Estimated size of the label's ink with its halo. */
void mqt_label_size(const struct mqt_label *label, double *width_px, double *height_px);

#endif
