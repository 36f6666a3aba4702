/* Inside a snapshot, for the rooms that look into it or encode it (layer, mvt).
 *
 * A layer is a base core, some features of the base that are gone, and a small delta core with what
 * came instead.
 */
#ifndef MQT_LAYER_INTERNAL_H
#define MQT_LAYER_INTERNAL_H

#include "core.h"
#include "layer.h"

struct mqt_layer {
    atomic_size_t references;
    struct mqt_core *base;
    struct mqt_core *delta; /* may be empty, never NULL */
    uint32_t *removed;      /* indices into base, ascending */
    size_t removed_count;
    struct mqt_box box;
};

/* A run of features to look at, all of one core. */
struct mqt_span {
    const struct mqt_core *core;
    size_t index_base; /* added to a core's index to get a layer's */
    uint32_t first, end;
    bool inside; /* wholly inside the box that was asked for */
};

/* Appends struct mqt_span for every feature whose box intersects box, base first, in a fixed order. */
enum mqt_err mqt_layer_select(const struct mqt_layer *layer, struct mqt_box box, struct mqt_buf *spans) MQT_MUST_USE;

#endif
