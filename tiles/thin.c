#include "thin.h"

#include <stdlib.h>

static int compare_in_cells(const void *a, const void *b)
{
    const struct mqt_thin_rank *left = a;
    const struct mqt_thin_rank *right = b;
    if (left->cell != right->cell) {
        return left->cell < right->cell ? -1 : 1;
    }
    if (left->size != right->size) {
        return left->size > right->size ? -1 : 1;
    }
    return left->number < right->number ? -1 : left->number > right->number;
}

static uint32_t cell_of(struct mqt_box tile, struct mqt_box box)
{
    enum { CELLS = 16 };
    int64_t side = (int64_t)tile.max_x - tile.min_x + 1;
    int64_t x = (((int64_t)box.min_x + box.max_x) / 2 - tile.min_x) * CELLS / side;
    int64_t y = (((int64_t)box.min_y + box.max_y) / 2 - tile.min_y) * CELLS / side;
    x = x < 0 ? 0 : x >= CELLS ? CELLS - 1 : x;
    y = y < 0 ? 0 : y >= CELLS ? CELLS - 1 : y;
    return (uint32_t)(y * CELLS + x);
}

static void rank_features(const struct mqt_span *spans, size_t span_count, struct mqt_box tile,
                          struct mqt_thin_rank *ranks)
{
    uint32_t number = 0;
    for (size_t i = 0; i < span_count; i++) {
        for (uint32_t index = spans[i].first; index < spans[i].end; index++, number++) {
            struct mqt_box box = spans[i].core->boxes[index];
            uint64_t size = (uint64_t)((int64_t)box.max_x - box.min_x + (int64_t)box.max_y - box.min_y);
            ranks[number] = (struct mqt_thin_rank){cell_of(tile, box), number, size, 0};
        }
    }
    qsort(ranks, number, sizeof *ranks, compare_in_cells);
    for (uint32_t first = 0, end; first < number; first = end) {
        for (end = first; end < number && ranks[end].cell == ranks[first].cell; end++) {
        }
        for (uint32_t i = first; i < end; i++) {
            ranks[i].share = (float)(i - first) / (float)(end - first);
        }
    }
}

enum mqt_err mqt_thin_init(const struct mqt_span *spans, size_t span_count, size_t total, struct mqt_box tile,
                           struct mqt_thin *thin)
{
    struct mqt_thin fresh = {.count = total};
    fresh.ranks = malloc((total + 1) * sizeof *fresh.ranks);
    fresh.chosen = malloc(total + 1);
    if (!fresh.ranks || !fresh.chosen) {
        mqt_thin_clear(&fresh);
        return MQT_ERR_MEMORY;
    }
    rank_features(spans, span_count, tile, fresh.ranks);
    *thin = fresh;
    return MQT_OK;
}

void mqt_thin_clear(struct mqt_thin *thin)
{
    free(thin->ranks);
    free(thin->chosen);
    *thin = (struct mqt_thin){0};
}

size_t mqt_thin_choose(struct mqt_thin *thin, float share)
{
    size_t gone = 0;
    for (size_t i = 0; i < thin->count; i++) {
        thin->chosen[thin->ranks[i].number] = thin->ranks[i].share < share;
        gone += !thin->chosen[thin->ranks[i].number];
    }
    return gone;
}
