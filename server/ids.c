#include "ids.h"

#include <stdlib.h>

enum mqt_err mqt_ids_add(struct mqt_ids *ids, uint64_t id)
{
    if (ids->count == ids->capacity) {
        size_t larger = ids->capacity ? ids->capacity * 2 : 64;
        uint64_t *more = realloc(ids->items, larger * sizeof *more);
        if (!more) {
            return MQT_ERR_MEMORY;
        }
        ids->items = more;
        ids->capacity = larger;
    }
    ids->items[ids->count++] = id;
    return MQT_OK;
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

void mqt_ids_sort(struct mqt_ids *ids)
{
    if (ids->count < 2) {
        return;
    }
    qsort(ids->items, ids->count, sizeof *ids->items, compare);
    size_t used = 1;
    for (size_t i = 1; i < ids->count; i++) {
        if (ids->items[i] != ids->items[i - 1]) {
            ids->items[used++] = ids->items[i];
        }
    }
    ids->count = used;
}

void mqt_ids_clear(struct mqt_ids *ids)
{
    free(ids->items);
    *ids = (struct mqt_ids){0};
}
