#include "place.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Taken places are bits of a grid over the tile and its margin. */
enum { CELL_PX = 4, WORD_BITS = 64 };

struct taken {
    int side, words; /* cells a side, words a row */
    double origin_px;
    uint64_t *bits;
};

struct cells {
    int left, top, right, bottom; /* right and bottom are beyond */
};

enum mqt_err mqt_labels_add(struct mqt_labels *labels, const struct mqt_label *label)
{
    if (labels->count == MQT_PLACE_MAX) {
        return MQT_OK;
    }
    if (labels->count == labels->capacity) {
        size_t capacity = labels->capacity ? 2 * labels->capacity : 64;
        struct mqt_label *items = realloc(labels->items, capacity * sizeof *items);
        if (!items) {
            return MQT_ERR_MEMORY;
        }
        labels->items = items;
        labels->capacity = capacity;
    }
    labels->items[labels->count++] = *label;
    return MQT_OK;
}

void mqt_labels_clear(struct mqt_labels *labels)
{
    free(labels->items);
    *labels = (struct mqt_labels){0};
}

static int compare_priority(const void *a, const void *b)
{
    const struct mqt_label *left = a, *right = b;
    if (left->rank != right->rank) {
        return left->rank > right->rank ? -1 : 1;
    }
    if (left->sort_key != right->sort_key) {
        return left->sort_key < right->sort_key ? -1 : 1;
    }
    return left->id < right->id ? -1 : left->id > right->id;
}

/* Width in em of the character that begins at *text, which is moved behind it. Broken UTF-8 is
 * taken byte by byte. */
static double next_width_em(const char **text, const char *end)
{
    uint8_t lead = (uint8_t) * *text;
    int bytes = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    *text = end - *text < bytes ? end : *text + bytes;
    if (bytes >= 3) {
        return 1; /* Han, kana, full-width signs */
    }
    if (bytes == 2 || (lead >= 'A' && lead <= 'Z')) {
        return 0.66;
    }
    return lead == ' ' ? 0.25 : 0.56;
}

void mqt_label_size(const struct mqt_label *label, double *width_px, double *height_px)
{
    double em = (double)label->style.size_px, spacing = (double)label->style.spacing_px, width = 0;
    for (const char *at = label->text, *end = at + label->len; at < end;) {
        width += next_width_em(&at, end) * em + spacing;
    }
    double wrap = (double)label->style.wrap_px, lines = 1;
    if (wrap > 0 && width > wrap) {
        lines = ceil(width / wrap);
        width = fmin(wrap, width / lines + em / 2 + spacing);
    }
    double halo = 2 * (double)label->style.halo_px;
    *width_px = width + halo;
    *height_px = lines * em * 1.2 + halo;
}

static struct cells cells_of(const struct taken *taken, const struct mqt_label *label)
{
    double width, height, padding = (double)label->padding_px;
    mqt_label_size(label, &width, &height);
    double left = label->x - width * (double)label->anchor_x - padding - taken->origin_px;
    double top = label->y - height * (double)label->anchor_y - padding - taken->origin_px;
    double right = left + width + 2 * padding, bottom = top + height + 2 * padding;
    double limit = taken->side;
    return (struct cells){
        (int)fmax(0, fmin(limit, floor(left / CELL_PX))), (int)fmax(0, fmin(limit, floor(top / CELL_PX))),
        (int)fmax(0, fmin(limit, ceil(right / CELL_PX))), (int)fmax(0, fmin(limit, ceil(bottom / CELL_PX)))};
}

/* Bits of one word of a row that lie in [left, right). */
static uint64_t word_mask(int word, int left, int right)
{
    int from = left - word * WORD_BITS, to = right - word * WORD_BITS;
    uint64_t mask = ~UINT64_C(0);
    mask = from > 0 ? mask << from : mask;
    return to < WORD_BITS ? mask & ~(~UINT64_C(0) << to) : mask;
}

static bool take(struct taken *taken, struct cells cells)
{
    if (cells.left >= cells.right || cells.top >= cells.bottom) {
        return false;
    }
    int first = cells.left / WORD_BITS, last = (cells.right - 1) / WORD_BITS;
    for (int y = cells.top; y < cells.bottom; y++) {
        for (int word = first; word <= last; word++) {
            if (taken->bits[y * taken->words + word] & word_mask(word, cells.left, cells.right)) {
                return false;
            }
        }
    }
    for (int y = cells.top; y < cells.bottom; y++) {
        for (int word = first; word <= last; word++) {
            taken->bits[y * taken->words + word] |= word_mask(word, cells.left, cells.right);
        }
    }
    return true;
}

enum mqt_err mqt_labels_place(struct mqt_labels *labels, int tile_px)
{
    int margin_px = tile_px * MQT_PLACE_MARGIN_256THS / 256;
    struct taken taken = {.side = (tile_px + 2 * margin_px) / CELL_PX, .origin_px = -margin_px};
    taken.words = (taken.side + WORD_BITS - 1) / WORD_BITS;
    taken.bits = calloc((size_t)taken.side * (size_t)taken.words, sizeof *taken.bits);
    if (!taken.bits) {
        return MQT_ERR_MEMORY;
    }
    if (labels->count > 0) {
        qsort(labels->items, labels->count, sizeof *labels->items, compare_priority);
    }
    for (size_t i = 0; i < labels->count; i++) {
        labels->items[i].placed = take(&taken, cells_of(&taken, &labels->items[i]));
    }
    free(taken.bits);
    return MQT_OK;
}
