/* Buildings in the order of their numbers: by estate, then number, then id, numbers by value.
 *
 * A building without an estate comes after those with one. Of very many only the first are put in
 * order, which costs little more than looking at each once. Borrows the layer; any thread.
 */
#ifndef MQT_BUILDINGS_H
#define MQT_BUILDINGS_H

#include "../tiles/layer.h"

enum {
    MQT_BUILDINGS_SHOWN = 500,
    MQT_BUILDINGS_SORTED = 2000 /* more than these are put in order beforehand, not when somebody asks */
};

/* Puts the first MQT_BUILDINGS_SHOWN of these features (indices in the layer), or all when there are
 * fewer, in order into the front of indices; the others follow in any order. */
enum mqt_err mqt_buildings_order(const struct mqt_layer *layer, uint32_t *indices, size_t count) MQT_MUST_USE;

#endif
