/* A growing list of feature ids. Owned by one thread. */
#ifndef MQT_IDS_H
#define MQT_IDS_H

#include "../tiles/err.h"

#include <stdint.h>

struct mqt_ids {
    uint64_t *items;
    size_t count, capacity;
};

enum mqt_err mqt_ids_add(struct mqt_ids *ids, uint64_t id) MQT_MUST_USE;
/* Ascending, each once. */
void mqt_ids_sort(struct mqt_ids *ids);
void mqt_ids_clear(struct mqt_ids *ids);

#endif
