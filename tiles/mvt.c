#include "mvt.h"

#include "label.h"
#include "layer_internal.h"
#include "mvt_shape.h"
#include "thin.h"
#include "varint.h"

#include <stdlib.h>
#include <string.h>

/* Tags (field number and wire type) of the Layer and Feature messages, MVT 2.1. */
enum {
    TAG_TILE_LAYER = 0x1a,
    TAG_LAYER_NAME = 0x0a,
    TAG_LAYER_FEATURE = 0x12,
    TAG_LAYER_KEY = 0x1a,
    TAG_LAYER_EXTENT = 0x28,
    TAG_LAYER_VERSION = 0x78,
    TAG_FEATURE_ID = 0x08,
    TAG_FEATURE_TAGS = 0x12,
    TAG_FEATURE_TYPE = 0x18,
    TAG_FEATURE_GEOMETRY = 0x22,
    TAG_LAYER_VALUE = 0x22,
    TAG_VALUE_UINT = 0x28
};

#define SIDE_COLUMN SIZE_MAX /* in column_of_key: no column of the layer */

enum { MARGIN_256THS = MQT_MVT_BUFFER * 256 / MQT_MVT_EXTENT, TAG_PAIR_MAX_BYTES = 10, FIRST_SLOTS = 256 };

enum { DIRECT_EACH = 64 /* a direct table of up to so many entries a feature is quicker to clear than to hash */ };

/* Which number a shared value got in this tile, by its number among the shared values of the layer. A
 * tile that is small beside the layer hashes, so that its cost does not grow with the layer. */
struct remap {
    uint32_t *direct; /* local number + 1, 0: not in the tile yet; NULL: hashed */
    size_t direct_count;
    struct remap_slot {
        uint32_t key; /* shared number + 1 */
        uint32_t local;
    } * slots;         /* open addressing */
    size_t slot_count; /* a power of two */
    size_t used;
};

/* A layer of labels: the key of side_px is number 0, and equal sides share a value. */
struct labels {
    uint32_t value_of_side[MQT_LABEL_MOST_PX + 1]; /* local number + 1, 0: not in the tile yet */
};

struct encoder {
    const struct mqt_layer *layer;
    const struct mqt_mvt_drawn *drawn; /* NULL: everything */
    struct labels *labels;             /* NULL: shapes are encoded */
    struct mqt_mvt_frame frame;
    struct mqt_mvt_frame fine; /* as if nothing were coarse */
    struct mqt_mvt_pen pen;
    struct mqt_buf spans;    /* struct mqt_span */
    struct mqt_buf features; /* encoded */
    struct mqt_buf values;   /* encoded */
    size_t budget;           /* for features and values together */
    uint32_t value_count;
    struct remap remap;
    int key_of_column[MQT_LAYER_MAX_COLUMNS]; /* number in this tile, -1: not used yet */
    size_t column_of_key[MQT_LAYER_MAX_COLUMNS + 1];
    size_t key_count;
    uint8_t tags[(MQT_LAYER_MAX_COLUMNS + 1) * TAG_PAIR_MAX_BYTES];
    struct mqt_mvt_stats stats;
};

static void encoder_clear(struct encoder *encoder)
{
    mqt_mvt_pen_clear(&encoder->pen);
    mqt_buf_clear(&encoder->spans);
    mqt_buf_clear(&encoder->features);
    mqt_buf_clear(&encoder->values);
    free(encoder->remap.direct);
    free(encoder->remap.slots);
}

/* Forgets what was encoded, keeps the memory. */
static void start_over(struct encoder *encoder)
{
    mqt_buf_reset(&encoder->features);
    mqt_buf_reset(&encoder->values);
    encoder->value_count = 0;
    encoder->remap.used = 0;
    if (encoder->remap.direct) {
        memset(encoder->remap.direct, 0, encoder->remap.direct_count * sizeof *encoder->remap.direct);
    } else {
        memset(encoder->remap.slots, 0, encoder->remap.slot_count * sizeof *encoder->remap.slots);
    }
    for (size_t i = 0; i < MQT_LAYER_MAX_COLUMNS; i++) {
        encoder->key_of_column[i] = -1;
    }
    encoder->key_count = 0;
    encoder->stats = (struct mqt_mvt_stats){0};
    if (encoder->labels) {
        memset(encoder->labels->value_of_side, 0, sizeof encoder->labels->value_of_side);
        encoder->column_of_key[encoder->key_count++] = SIDE_COLUMN;
    }
}

static size_t remap_slot(const struct remap *remap, uint32_t key)
{
    uint32_t hash = key * 0x9e3779b1u;
    size_t slot = (hash ^ hash >> 15) & (remap->slot_count - 1);
    while (remap->slots[slot].key && remap->slots[slot].key != key) {
        slot = (slot + 1) & (remap->slot_count - 1);
    }
    return slot;
}

static enum mqt_err remap_grow(struct remap *remap)
{
    struct remap grown = {.slot_count = remap->slot_count ? remap->slot_count * 2 : FIRST_SLOTS, .used = remap->used};
    grown.slots = calloc(grown.slot_count, sizeof *grown.slots);
    if (!grown.slots) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < remap->slot_count; i++) {
        if (remap->slots[i].key) {
            grown.slots[remap_slot(&grown, remap->slots[i].key)] = remap->slots[i];
        }
    }
    free(remap->slots);
    *remap = grown;
    return MQT_OK;
}

/* Copies a value into the tile. Most are short: those are copied with their padding, at one stroke. */
static inline void put_value(struct mqt_buf *values, const uint8_t *bytes)
{
    size_t size = mqt_value_size(bytes);
    size_t room = size < MQT_VALUE_PADDING ? MQT_VALUE_PADDING : size;
    uint8_t *at = values->data + values->len;
    if (values->capacity - values->len < room || !values->data) {
        at = mqt_buf_reserve(values, room);
        if (!at) {
            return;
        }
    }
    if (size <= MQT_VALUE_PADDING) {
        memcpy(at, bytes, MQT_VALUE_PADDING);
    } else {
        memcpy(at, bytes, size);
    }
    values->len += size;
}

/* The direct table, or the first hash table, for a tile of so many features. */
static enum mqt_err remap_init(struct remap *remap, const struct mqt_layer *layer, size_t features)
{
    size_t shared = layer->base->shared_count + layer->delta->shared_count;
    if (shared / DIRECT_EACH > features) {
        return remap_grow(remap);
    }
    remap->direct = malloc((shared + 1) * sizeof *remap->direct);
    remap->direct_count = shared;
    return remap->direct ? MQT_OK : MQT_ERR_MEMORY;
}

static enum mqt_err hashed_value(struct encoder *encoder, uint32_t number, const uint8_t *bytes, uint32_t *local)
{
    struct remap_slot *slot = &encoder->remap.slots[remap_slot(&encoder->remap, number + 1)];
    if (slot->key) {
        *local = slot->local;
        return MQT_OK;
    }
    *slot = (struct remap_slot){number + 1, encoder->value_count};
    *local = encoder->value_count++;
    put_value(&encoder->values, bytes);
    return ++encoder->remap.used * 2 < encoder->remap.slot_count ? MQT_OK : remap_grow(&encoder->remap);
}

/* The number in this tile of a value that several features hold; it is copied when it is new. */
static inline enum mqt_err shared_value(struct encoder *encoder, const struct mqt_core *core,
                                        const struct mqt_core_column *column, uint32_t code, uint32_t *local)
{
    /* The delta's values are numbered after the base's. */
    uint32_t number = column->first_shared + code - 1;
    number += core == encoder->layer->base ? 0 : (uint32_t)encoder->layer->base->shared_count;
    const uint32_t *at = &core->value_at[column->first_value + code - 1];
    if (!encoder->remap.direct) {
        return hashed_value(encoder, number, core->values + *at, local);
    }
    uint32_t *slot = &encoder->remap.direct[number];
    if (*slot == 0) {
        put_value(&encoder->values, core->values + *at);
        *slot = ++encoder->value_count;
    }
    *local = *slot - 1;
    return MQT_OK;
}

static int new_key(struct encoder *encoder, size_t column)
{
    encoder->column_of_key[encoder->key_count] = column;
    encoder->key_of_column[column] = (int)encoder->key_count;
    return (int)encoder->key_count++;
}

/* The tag of one column at *at, which moves on; nothing where the feature has no value. */
static enum mqt_err put_tag(struct encoder *encoder, const struct mqt_core *core, size_t column_index, size_t index,
                            uint8_t **at)
{
    const struct mqt_core_column *column = &core->columns[column_index];
    uint32_t code = mqt_core_code(core, column, index);
    if (code == 0) {
        return MQT_OK;
    }
    uint32_t local = encoder->value_count;
    if (code > column->shared) {
        put_value(&encoder->values, core->values + core->value_at[column->first_value + code - 1]);
        encoder->value_count++;
    } else {
        enum mqt_err err = shared_value(encoder, core, column, code, &local);
        if (err) {
            return err;
        }
    }
    int key = encoder->key_of_column[column_index];
    *at = mqt_varint_put(*at, (uint32_t)(key < 0 ? new_key(encoder, column_index) : key));
    *at = mqt_varint_put(*at, local);
    return MQT_OK;
}

static enum mqt_err put_tags(struct encoder *encoder, const struct mqt_core *core, size_t index, size_t *len)
{
    const struct mqt_mvt_drawn *drawn = encoder->drawn;
    size_t count = drawn ? drawn->column_count : core->column_count;
    uint8_t *at = encoder->tags;
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < count; i++) {
        size_t column = drawn ? drawn->columns[i] : i;
        if (column < core->column_count) {
            err = put_tag(encoder, core, column, index, &at);
        }
    }
    if (err) {
        return err;
    }
    *len = (size_t)(at - encoder->tags);
    return MQT_OK;
}

/* Adds how large the feature is, which stands in no column. */
static enum mqt_err put_side_tag(struct encoder *encoder, int side_px, size_t *len)
{
    uint32_t *slot = &encoder->labels->value_of_side[side_px];
    if (*slot == 0) {
        uint8_t value[2 + 2 * MQT_VARINT_MAX];
        uint8_t *end = mqt_varint_put(value + 2, (uint32_t)side_px);
        value[0] = (uint8_t)(end - value - 1);
        value[1] = TAG_VALUE_UINT;
        mqt_buf_add_byte(&encoder->values, TAG_LAYER_VALUE);
        mqt_buf_add(&encoder->values, value, (size_t)(end - value));
        *slot = ++encoder->value_count;
    }
    uint8_t *at = mqt_varint_put(encoder->tags + *len, 0);
    at = mqt_varint_put(at, *slot - 1);
    *len = (size_t)(at - encoder->tags);
    return MQT_OK;
}

static size_t field_size(size_t len)
{
    return 1 + mqt_varint_size(len) + len;
}

static uint8_t *put_field(uint8_t *at, uint8_t tag, const void *bytes, size_t len)
{
    *at++ = tag;
    at = mqt_varint_put(at, len);
    memcpy(at, bytes, len);
    return at + len;
}

/* The Feature message: the pen's commands and the first tags_len bytes of tags. */
static enum mqt_err put_message(struct encoder *encoder, uint64_t id, enum mqt_shape shape, size_t tags_len)
{
    const struct mqt_mvt_pen *pen = &encoder->pen;
    size_t len = 1 + mqt_varint_size(id) + 2 + field_size(pen->commands.len) + (tags_len ? field_size(tags_len) : 0);
    uint8_t *start = mqt_buf_reserve(&encoder->features, field_size(len));
    if (!start) {
        return mqt_buf_err(&encoder->features);
    }
    uint8_t *at = start;
    *at++ = TAG_LAYER_FEATURE;
    at = mqt_varint_put(at, len);
    *at++ = TAG_FEATURE_ID;
    at = mqt_varint_put(at, id);
    if (tags_len > 0) {
        at = put_field(at, TAG_FEATURE_TAGS, encoder->tags, tags_len);
    }
    *at++ = TAG_FEATURE_TYPE;
    *at++ = (uint8_t)shape;
    at = put_field(at, TAG_FEATURE_GEOMETRY, pen->commands.data, pen->commands.len);
    encoder->features.len += (size_t)(at - start);
    encoder->stats.features++;
    encoder->stats.vertices += pen->vertices;
    return mqt_buf_err(&encoder->values);
}

static enum mqt_err put_shape(struct encoder *encoder, const struct mqt_core *core, size_t index, bool inside)
{
    struct mqt_mvt_pen *pen = &encoder->pen;
    size_t tags_len = 0;
    enum mqt_err err = mqt_mvt_pen_draw(pen, &encoder->frame, core, index, inside);
    if (!err && pen->commands.len == 0 && encoder->drawn) { /* lost between the lines of the coarse grid, perhaps */
        err = mqt_mvt_pen_draw(pen, &encoder->fine, core, index, inside);
    }
    if (err || pen->commands.len == 0) {
        return err;
    }
    err = put_tags(encoder, core, index, &tags_len);
    return err ? err : put_message(encoder, core->ids[index], core->shape, tags_len);
}

/* Nothing of a feature that has no name, is too small, or whose label stands in another tile. */
static enum mqt_err put_label(struct encoder *encoder, const struct mqt_core *core, size_t index)
{
    int side_px = 0;
    size_t tags_len = 0;
    enum mqt_err err = mqt_mvt_pen_label(&encoder->pen, &encoder->frame, core, index, &side_px);
    if (err || encoder->pen.commands.len == 0) {
        return err;
    }
    err = put_tags(encoder, core, index, &tags_len);
    if (err || tags_len == 0) {
        return err;
    }
    err = put_side_tag(encoder, side_px, &tags_len);
    return err ? err : put_message(encoder, core->ids[index], MQT_SHAPE_POINT, tags_len);
}

static const struct mqt_span *spans_of(const struct encoder *encoder, size_t *count)
{
    *count = encoder->spans.len / sizeof(struct mqt_span);
    return (const struct mqt_span *)(const void *)encoder->spans.data;
}

static bool over_budget(const struct encoder *encoder)
{
    return encoder->features.len + encoder->values.len > encoder->budget;
}

/* Encodes the features whose chosen mark is set (NULL: all), in order. Stops when the budget is
 * exceeded; seen says after how many features. */
static enum mqt_err put_features(struct encoder *encoder, const uint8_t *chosen, size_t *seen)
{
    size_t count;
    const struct mqt_span *spans = spans_of(encoder, &count);
    enum mqt_err err = MQT_OK;
    *seen = 0;
    for (size_t i = 0; !err && i < count; i++) {
        for (uint32_t index = spans[i].first; !err && index < spans[i].end; index++) {
            if (!chosen || chosen[*seen]) {
                err = encoder->labels ? put_label(encoder, spans[i].core, index)
                                      : put_shape(encoder, spans[i].core, index, spans[i].inside);
            }
            ++*seen;
            if (over_budget(encoder)) {
                return err;
            }
        }
    }
    return err;
}

/* The tile does not fit: keeps the same share of every part of it, the larger features, and tries
 * smaller shares until it fits. seen of total features fitted at the first try. */
static enum mqt_err put_thinned(struct encoder *encoder, size_t seen, size_t total)
{
    struct mqt_thin thin;
    size_t count;
    const struct mqt_span *spans = spans_of(encoder, &count);
    enum mqt_err err = mqt_thin_init(spans, count, total, encoder->frame.box, &thin);
    if (err) {
        return err;
    }
    size_t dropped = 0;
    float share = (float)seen / (float)total;
    do {
        share *= 0.9f;
        dropped = mqt_thin_choose(&thin, share);
        start_over(encoder);
        err = put_features(encoder, thin.chosen, &seen);
    } while (!err && over_budget(encoder) && dropped < total && share > 1e-6f);
    if (!err && over_budget(encoder)) { /* not even one feature a cell fits */
        start_over(encoder);
        dropped = total;
    }
    encoder->stats.dropped = dropped;
    mqt_thin_clear(&thin);
    return err;
}

static const char *key_name(const struct encoder *encoder, size_t key)
{
    size_t column = encoder->column_of_key[key];
    return column == SIDE_COLUMN ? MQT_LABEL_SIDE : encoder->layer->base->columns[column].name;
}

static size_t head_size(const struct encoder *encoder, const char *name)
{
    size_t size = 2 + field_size(strlen(name)) + 1 + mqt_varint_size(MQT_MVT_EXTENT);
    for (size_t i = 0; i < encoder->key_count; i++) {
        size += field_size(strlen(key_name(encoder, i)));
    }
    return size;
}

/* The Layer message: version, name, extent, keys, values, features. */
static enum mqt_err put_layer(const struct encoder *encoder, const char *name, struct mqt_buf *out)
{
    size_t len = head_size(encoder, name) + encoder->values.len + encoder->features.len;
    uint8_t *start = mqt_buf_reserve(out, field_size(len));
    if (!start) {
        return mqt_buf_err(out);
    }
    uint8_t *at = start;
    *at++ = TAG_TILE_LAYER;
    at = mqt_varint_put(at, len);
    *at++ = TAG_LAYER_VERSION;
    *at++ = 2;
    at = put_field(at, TAG_LAYER_NAME, name, strlen(name));
    *at++ = TAG_LAYER_EXTENT;
    at = mqt_varint_put(at, MQT_MVT_EXTENT);
    for (size_t i = 0; i < encoder->key_count; i++) {
        const char *key = key_name(encoder, i);
        at = put_field(at, TAG_LAYER_KEY, key, strlen(key));
    }
    if (encoder->values.len > 0) {
        memcpy(at, encoder->values.data, encoder->values.len);
        at += encoder->values.len;
    }
    memcpy(at, encoder->features.data, encoder->features.len);
    at += encoder->features.len;
    out->len += (size_t)(at - start);
    return MQT_OK;
}

/* The most that the head may take, so that features and values get the rest of the budget. */
static size_t budget_left(const struct encoder *encoder, const char *name, size_t budget_bytes)
{
    size_t head = 2 * MQT_VARINT_MAX + field_size(strlen(name)) + 4 + field_size(strlen(MQT_LABEL_SIDE));
    for (size_t i = 0; i < encoder->layer->base->column_count; i++) {
        head += field_size(strlen(encoder->layer->base->columns[i].name));
    }
    return budget_bytes > head ? budget_bytes - head : 0;
}

static enum mqt_err encode(struct encoder *encoder, const char *name, size_t budget_bytes, struct mqt_buf *out)
{
    bool points = encoder->labels || mqt_layer_shape(encoder->layer) == MQT_SHAPE_POINT;
    int margin = points ? 0 : MARGIN_256THS;

    enum mqt_err err = mqt_layer_select(encoder->layer, mqt_tile_box(encoder->frame.tile, margin), &encoder->spans);
    if (err || encoder->spans.len == 0) {
        return err;
    }
    size_t count;
    const struct mqt_span *spans = spans_of(encoder, &count);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += spans[i].end - spans[i].first;
    }
    err = remap_init(&encoder->remap, encoder->layer, total);
    if (err) {
        return err;
    }
    encoder->budget = budget_left(encoder, name, budget_bytes);
    start_over(encoder);
    size_t seen = 0;
    err = put_features(encoder, NULL, &seen);
    if (!err && over_budget(encoder)) {
        err = put_thinned(encoder, seen, total);
    }
    return err || encoder->stats.features == 0 ? err : put_layer(encoder, name, out);
}

static enum mqt_err encode_as(const struct mqt_layer *layer, const struct mqt_mvt_drawn *drawn, struct labels *labels,
                              const char *name, struct mqt_tile tile, size_t budget_bytes, struct mqt_buf *out,
                              struct mqt_mvt_stats *stats)
{
    int coarse = drawn ? drawn->coarse : 0;
    if (!mqt_tile_valid(tile) || coarse < 0 || coarse > MQT_MVT_MOST_COARSE) {
        return MQT_ERR_PARAM;
    }
    size_t room = out->max - out->len;
    struct encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) {
        return MQT_ERR_MEMORY;
    }
    encoder->layer = layer;
    encoder->drawn = drawn;
    encoder->labels = labels;
    encoder->frame = mqt_mvt_frame_of(tile, mqt_layer_shape(layer) == MQT_SHAPE_POINT ? 0 : coarse);
    encoder->fine = mqt_mvt_frame_of(tile, 0);
    mqt_mvt_pen_init(&encoder->pen);
    mqt_buf_init(&encoder->spans, SIZE_MAX / 2);
    mqt_buf_init(&encoder->features, SIZE_MAX / 2);
    mqt_buf_init(&encoder->values, SIZE_MAX / 2);
    enum mqt_err err = encode(encoder, name, budget_bytes > 0 && budget_bytes < room ? budget_bytes : room, out);
    if (!err && stats) {
        *stats = encoder->stats;
    }
    encoder_clear(encoder);
    free(encoder);
    return err;
}

enum mqt_err mqt_mvt_encode(const struct mqt_layer *layer, const char *name, struct mqt_tile tile, size_t budget_bytes,
                            struct mqt_buf *out, struct mqt_mvt_stats *stats)
{
    return encode_as(layer, NULL, NULL, name, tile, budget_bytes, out, stats);
}

enum mqt_err mqt_mvt_encode_drawn(const struct mqt_layer *layer, const struct mqt_mvt_drawn *drawn, const char *name,
                                  struct mqt_tile tile, size_t budget_bytes, struct mqt_buf *out,
                                  struct mqt_mvt_stats *stats)
{
    return encode_as(layer, drawn, NULL, name, tile, budget_bytes, out, stats);
}

enum mqt_err mqt_mvt_encode_labels(const struct mqt_layer *layer, const struct mqt_mvt_label_columns *columns,
                                   const char *name, struct mqt_tile tile, size_t budget_bytes, struct mqt_buf *out,
                                   struct mqt_mvt_stats *stats)
{
    const struct mqt_mvt_drawn drawn = {columns->indices, columns->count, 0};
    struct labels labels = {{0}};
    if (mqt_layer_shape(layer) != MQT_SHAPE_POLYGON) {
        return MQT_ERR_PARAM;
    }
    return encode_as(layer, &drawn, &labels, name, tile, budget_bytes, out, stats);
}
