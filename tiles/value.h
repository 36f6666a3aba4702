/* Attribute values as bytes of an MVT layer.
 *
 * A value is kept as it stands in a tile: the tag of Layer.values (0x22), the length, the Value
 * message. So encoding a tile copies it and reading it back parses a few bytes. A dictionary gives
 * equal bytes one code, from 1 upwards; it belongs to one thread.
 */
#ifndef MQT_VALUE_H
#define MQT_VALUE_H

#include "buf.h"
#include "feature_model.h"
#include "varint.h"

#define MQT_VALUE_MAX_BYTES ((size_t)1 << 24) /* longest text */

struct mqt_dict {
    struct mqt_buf bytes;
    struct mqt_buf offsets; /* uint32_t: where value code - 1 starts in bytes */
    uint32_t *slots;        /* open addressing: code, 0 is empty */
    size_t slot_count;      /* 0 or a power of two */
};

void mqt_dict_init(struct mqt_dict *dict);
void mqt_dict_clear(struct mqt_dict *dict);
size_t mqt_dict_count(const struct mqt_dict *dict);
/* The bytes of the value with this code, borrowed until the next intern. */
const uint8_t *mqt_dict_value(const struct mqt_dict *dict, uint32_t code);

/* Code 0 stands for a value that is not present. */
enum mqt_err mqt_dict_intern(struct mqt_dict *dict, const struct mqt_value *value, uint32_t *code) MQT_MUST_USE;

/* Length of a stored value in all, tag and length included. */
static inline size_t mqt_value_size(const uint8_t *bytes)
{
    uint64_t len = bytes[1];
    if (len < 0x80) {
        return 2 + (size_t)len;
    }
    const uint8_t *body = mqt_varint_take(bytes + 1, &len);
    return (size_t)(body - bytes) + (size_t)len;
}
/* The text of the result points into bytes. */
struct mqt_value mqt_value_read(const uint8_t *bytes, enum mqt_type type);

#endif
