#include "value.h"

#include <stdlib.h>
#include <string.h>

#define DICT_MAX_BYTES ((size_t)UINT32_MAX)

/* Field numbers and wire types of the Value message, MVT 2.1. */
enum {
    TAG_VALUES = 0x22,
    TAG_STRING = 0x0a,
    TAG_FLOAT = 0x15,
    TAG_DOUBLE = 0x19,
    TAG_INT = 0x20,
    TAG_SINT = 0x30,
    TAG_BOOL = 0x38
};

void mqt_dict_init(struct mqt_dict *dict)
{
    *dict = (struct mqt_dict){0};
    mqt_buf_init(&dict->bytes, DICT_MAX_BYTES);
    mqt_buf_init(&dict->offsets, DICT_MAX_BYTES);
}

void mqt_dict_clear(struct mqt_dict *dict)
{
    mqt_buf_clear(&dict->bytes);
    mqt_buf_clear(&dict->offsets);
    free(dict->slots);
    mqt_dict_init(dict);
}

size_t mqt_dict_count(const struct mqt_dict *dict)
{
    return dict->offsets.len / sizeof(uint32_t);
}

const uint8_t *mqt_dict_value(const struct mqt_dict *dict, uint32_t code)
{
    const uint32_t *offsets = (const uint32_t *)(const void *)dict->offsets.data;
    return dict->bytes.data + offsets[code - 1];
}

static uint64_t hash_bytes(const uint8_t *bytes, size_t len)
{
    uint64_t hash = len * 0x9e3779b97f4a7c15u;
    for (; len >= 8; bytes += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    uint64_t rest = 0;
    memcpy(&rest, bytes, len);
    hash = (hash ^ rest) * 0xc4ceb9fe1a85ec53u;
    return hash ^ hash >> 29;
}

static void put_message(struct mqt_buf *out, uint8_t tag, uint64_t varint)
{
    uint8_t message[1 + MQT_VARINT_MAX] = {tag};
    size_t len = (size_t)(mqt_varint_put(message + 1, varint) - message);
    mqt_buf_add_byte(out, TAG_VALUES);
    mqt_buf_add_byte(out, (uint8_t)len);
    mqt_buf_add(out, message, len);
}

static void put_real(struct mqt_buf *out, double real)
{
    float single = (float)real;
    if ((double)single == real) {
        const uint8_t head[] = {TAG_VALUES, 5, TAG_FLOAT};
        mqt_buf_add(out, head, sizeof head);
        mqt_buf_add(out, &single, sizeof single);
    } else {
        const uint8_t head[] = {TAG_VALUES, 9, TAG_DOUBLE};
        mqt_buf_add(out, head, sizeof head);
        mqt_buf_add(out, &real, sizeof real);
    }
}

static void put_text(struct mqt_buf *out, const char *text, size_t len)
{
    uint8_t head[2 * MQT_VARINT_MAX + 2];
    uint8_t *at = head;
    *at++ = TAG_VALUES;
    at = mqt_varint_put(at, 1 + mqt_varint_size(len) + len);
    *at++ = TAG_STRING;
    at = mqt_varint_put(at, len);
    mqt_buf_add(out, head, (size_t)(at - head));
    mqt_buf_add(out, text, len);
}

static void put_value(struct mqt_buf *out, const struct mqt_value *value)
{
    switch (value->type) {
    case MQT_TYPE_TEXT:
        put_text(out, value->text.bytes, value->text.len);
        return;
    case MQT_TYPE_INT:
        if (value->integer >= 0) {
            put_message(out, TAG_INT, (uint64_t)value->integer);
        } else {
            put_message(out, TAG_SINT, mqt_zigzag64(value->integer));
        }
        return;
    case MQT_TYPE_REAL:
        put_real(out, value->real);
        return;
    case MQT_TYPE_BOOL:
        put_message(out, TAG_BOOL, value->boolean);
        return;
    }
}

static enum mqt_err grow_slots(struct mqt_dict *dict)
{
    size_t count = mqt_dict_count(dict);
    if (dict->slot_count >= (count + 1) * 2) {
        return MQT_OK;
    }
    size_t slot_count = dict->slot_count ? dict->slot_count * 2 : 64;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots) {
        return MQT_ERR_MEMORY;
    }
    for (uint32_t code = 1; code <= count; code++) {
        const uint8_t *bytes = mqt_dict_value(dict, code);
        size_t slot = hash_bytes(bytes, mqt_value_size(bytes)) & (slot_count - 1);
        while (slots[slot]) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = code;
    }
    free(dict->slots);
    dict->slots = slots;
    dict->slot_count = slot_count;
    return MQT_OK;
}

/* The slot that holds equal bytes, or the empty one where they belong. */
static size_t find_slot(const struct mqt_dict *dict, const uint8_t *bytes, size_t len)
{
    size_t slot = hash_bytes(bytes, len) & (dict->slot_count - 1);
    while (dict->slots[slot]) {
        const uint8_t *other = mqt_dict_value(dict, dict->slots[slot]);
        if (mqt_value_size(other) == len && memcmp(other, bytes, len) == 0) {
            break;
        }
        slot = (slot + 1) & (dict->slot_count - 1);
    }
    return slot;
}

enum mqt_err mqt_dict_intern(struct mqt_dict *dict, const struct mqt_value *value, uint32_t *code)
{
    if (!value->present) {
        *code = 0;
        return MQT_OK;
    }
    if (value->type == MQT_TYPE_TEXT && value->text.len > MQT_VALUE_MAX_BYTES) {
        return MQT_ERR_LIMIT;
    }
    enum mqt_err err = grow_slots(dict);
    if (err) {
        return err;
    }
    size_t start = dict->bytes.len;
    put_value(&dict->bytes, value);
    err = mqt_buf_err(&dict->bytes);
    size_t slot = err ? 0 : find_slot(dict, dict->bytes.data + start, dict->bytes.len - start);
    if (!err && dict->slots[slot] == 0) {
        uint32_t offset = (uint32_t)start;
        mqt_buf_add(&dict->offsets, &offset, sizeof offset);
        err = mqt_buf_err(&dict->offsets);
        if (!err) {
            *code = dict->slots[slot] = (uint32_t)mqt_dict_count(dict);
            return MQT_OK;
        }
    }
    dict->bytes.err = MQT_OK;
    dict->bytes.len = start;
    if (!err) {
        *code = dict->slots[slot];
    }
    return err;
}

struct mqt_value mqt_value_read(const uint8_t *bytes, enum mqt_type type)
{
    struct mqt_value value = {.present = true, .type = type};
    uint64_t number;
    const uint8_t *at = mqt_varint_take(bytes + 1, &number);
    uint8_t tag = *at++;
    float single;
    switch (tag) {
    case TAG_STRING:
        value.text.bytes = (const char *)mqt_varint_take(at, &number);
        value.text.len = (size_t)number;
        break;
    case TAG_FLOAT:
        memcpy(&single, at, sizeof single);
        value.real = single;
        break;
    case TAG_DOUBLE:
        memcpy(&value.real, at, sizeof value.real);
        break;
    case TAG_BOOL:
        value.boolean = *at != 0;
        break;
    default:
        (void)mqt_varint_take(at, &number);
        value.integer = tag == TAG_SINT ? mqt_unzigzag64(number) : (int64_t)number;
        break;
    }
    return value;
}
