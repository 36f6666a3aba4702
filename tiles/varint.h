/* Protocol buffer varints and zigzag numbers. Pure; the caller gives room or trusted bytes. */
#ifndef MQT_VARINT_H
#define MQT_VARINT_H

#include <stddef.h>
#include <stdint.h>

#define MQT_VARINT_MAX 10 /* bytes of the longest */

static inline uint8_t *mqt_varint_put(uint8_t *at, uint64_t value)
{
    if (value < 0x80) {
        *at = (uint8_t)value;
        return at + 1;
    }
    if (value < 0x4000) {
        at[0] = (uint8_t)(value | 0x80);
        at[1] = (uint8_t)(value >> 7);
        return at + 2;
    }
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

static inline size_t mqt_varint_size(uint64_t value)
{
    size_t size = 1;
    while (value >= 0x80) {
        value >>= 7;
        size++;
    }
    return size;
}

/* Reads a varint that is known to be well formed. */
static inline const uint8_t *mqt_varint_take(const uint8_t *at, uint64_t *value)
{
    uint64_t result = 0;
    unsigned shift = 0;
    while (*at & 0x80) {
        result |= (uint64_t)(*at++ & 0x7f) << shift;
        shift += 7;
    }
    *value = result | (uint64_t)*at++ << shift;
    return at;
}

static inline uint32_t mqt_zigzag32(int32_t value)
{
    return (uint32_t)value << 1 ^ (value < 0 ? UINT32_MAX : 0);
}

static inline uint64_t mqt_zigzag64(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t mqt_unzigzag64(uint64_t value)
{
    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

#endif
