#include "core.h"

#include <stdlib.h>

struct mqt_core *mqt_core_retain(struct mqt_core *core)
{
    atomic_fetch_add_explicit(&core->references, 1, memory_order_relaxed);
    return core;
}

void mqt_core_release(struct mqt_core *core)
{
    if (!core || atomic_fetch_sub_explicit(&core->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    free(core->ids);
    free(core->by_id);
    free(core->boxes);
    free(core->record_at);
    free(core->cells);
    mqt_rtree_clear(&core->tree);
    free(core->columns);
    free(core->names);
    free(core->rows);
    free(core->value_at);
    free(core->values);
    free(core);
}

static uint64_t id_at(const struct mqt_core *core, size_t rank)
{
    return core->ids[core->by_id[rank]];
}

/* The rank of an id from low to high, if they are evenly spread. */
static size_t guess_rank(const struct mqt_core *core, size_t low, size_t high, uint64_t id)
{
    uint64_t first = id_at(core, low);
    uint64_t last = id_at(core, high - 1);
    if (id <= first || id >= last) {
        return id <= first ? low : high - 1;
    }
    return low + (size_t)((double)(id - first) / (double)(last - first) * (double)(high - 1 - low));
}

/* Ids are mostly handed out one after the other: a guess or two find them at a fraction of the look-ups
 * of halving, which is left for those that are not. */
bool mqt_core_find(const struct mqt_core *core, uint64_t id, size_t *index)
{
    size_t low = 0;
    size_t high = core->count;
    for (int guesses = 3; low < high; guesses--) {
        size_t rank = guesses > 0 ? guess_rank(core, low, high, id) : low + (high - low) / 2;
        uint64_t found = id_at(core, rank);
        if (found == id) {
            *index = core->by_id[rank];
            return true;
        }
        if (found < id) {
            low = rank + 1;
        } else {
            high = rank;
        }
    }
    return false;
}
