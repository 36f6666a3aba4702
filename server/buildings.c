#include "buildings.h"

#include "natural.h"

#include <stdlib.h>

struct entry {
    struct mqt_value estate, number;
    uint64_t id;
    uint32_t index;
};

static int compare_texts(const struct mqt_value *left, const struct mqt_value *right)
{
    if (!left->present || !right->present) {
        return !left->present - !right->present;
    }
    return mqt_natural_compare(left->text.bytes, left->text.len, right->text.bytes, right->text.len);
}

static int compare(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = compare_texts(&a->estate, &b->estate);
    order = order ? order : compare_texts(&a->number, &b->number);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static struct mqt_value text_of(const struct mqt_layer *layer, uint32_t index, int column)
{
    struct mqt_value none = {.present = false};
    struct mqt_value value = column < 0 ? none : mqt_layer_value(layer, index, (size_t)column);
    return value.type == MQT_TYPE_TEXT ? value : none;
}

static struct entry entry_of(const struct mqt_layer *layer, uint32_t index, const int columns[2])
{
    return (struct entry){text_of(layer, index, columns[0]), text_of(layer, index, columns[1]),
                          mqt_layer_at(layer, index).id, index};
}

/* Lets the entry at the top of a heap, the last in order above, sink to its place. */
static void sink(struct entry *heap, size_t count, size_t at)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && compare(&heap[child + 1], &heap[child]) > 0;
        if (compare(&heap[child], &heap[at]) <= 0) {
            return;
        }
        struct entry moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
        at = child;
    }
}

static void make_heap(struct entry *heap, size_t count)
{
    for (size_t at = count / 2; at > 0; at--) {
        sink(heap, count, at - 1);
    }
}

enum mqt_err mqt_buildings_order(const struct mqt_layer *layer, uint32_t *indices, size_t count)
{
    size_t kept = count < MQT_BUILDINGS_SHOWN ? count : MQT_BUILDINGS_SHOWN;
    struct entry *heap = calloc(kept + 1, sizeof *heap);
    if (!heap) {
        return MQT_ERR_MEMORY;
    }
    int columns[] = {mqt_layer_column_index(layer, "estate"), mqt_layer_column_index(layer, "number")};
    for (size_t i = 0; i < kept; i++) {
        heap[i] = entry_of(layer, indices[i], columns);
    }
    make_heap(heap, kept);
    for (size_t i = kept; i < count; i++) {
        struct entry entry = entry_of(layer, indices[i], columns);
        if (compare(&entry, &heap[0]) < 0) {
            indices[i] = heap[0].index; /* it leaves the front for the place of the one that enters */
            heap[0] = entry;
            sink(heap, kept, 0);
        }
    }
    if (kept > 1) {
        qsort(heap, kept, sizeof *heap, compare);
    }
    for (size_t i = 0; i < kept; i++) {
        indices[i] = heap[i].index;
    }
    free(heap);
    return MQT_OK;
}
