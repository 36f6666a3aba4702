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

bool mqt_core_find(const struct mqt_core *core, uint64_t id, size_t *index)
{
    size_t low = 0;
    size_t high = core->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (core->ids[core->by_id[middle]] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == core->count || core->ids[core->by_id[low]] != id) {
        return false;
    }
    *index = core->by_id[low];
    return true;
}
