#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 1024 }; /* most buffers end between this and a few kB */

void mqt_buf_init(struct mqt_buf *buf, size_t max_bytes)
{
    *buf = (struct mqt_buf){.max = max_bytes};
}

void mqt_buf_clear(struct mqt_buf *buf)
{
    free(buf->data);
    mqt_buf_init(buf, buf->max);
}

void mqt_buf_reset(struct mqt_buf *buf)
{
    buf->len = 0;
    buf->err = MQT_OK;
}

uint8_t *mqt_buf_reserve(struct mqt_buf *buf, size_t len)
{
    if (buf->err) {
        return NULL;
    }
    if (len > buf->max - buf->len) {
        buf->err = MQT_ERR_LIMIT;
        return NULL;
    }
    size_t needed = buf->len + len;
    if (needed > buf->capacity || !buf->data) {
        size_t capacity = buf->capacity < FIRST_BYTES ? FIRST_BYTES : buf->capacity;
        while (capacity < needed) {
            capacity = capacity > buf->max / 2 ? buf->max : capacity * 2;
        }
        uint8_t *data = realloc(buf->data, capacity);
        if (!data) {
            buf->err = MQT_ERR_MEMORY;
            return NULL;
        }
        buf->data = data;
        buf->capacity = capacity;
    }
    return buf->data + buf->len;
}

void mqt_buf_add(struct mqt_buf *buf, const void *bytes, size_t len)
{
    uint8_t *room = mqt_buf_reserve(buf, len);
    if (room && len > 0) {
        memcpy(room, bytes, len);
        buf->len += len;
    }
}

void mqt_buf_add_str(struct mqt_buf *buf, const char *text)
{
    mqt_buf_add(buf, text, strlen(text));
}

void mqt_buf_add_byte(struct mqt_buf *buf, uint8_t byte)
{
    mqt_buf_add(buf, &byte, 1);
}

void mqt_buf_printf(struct mqt_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        buf->err = buf->err ? buf->err : MQT_ERR_LIMIT;
        return;
    }
    uint8_t *room = mqt_buf_reserve(buf, (size_t)len + 1); /* vsnprintf writes a NUL that is not counted */
    if (!room) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf((char *)room, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

enum mqt_err mqt_buf_err(const struct mqt_buf *buf)
{
    return buf->err;
}

uint8_t *mqt_buf_take(struct mqt_buf *buf, size_t *len)
{
    uint8_t *data = NULL;
    if (!buf->err && buf->len > 0) {
        data = buf->data;
        *len = buf->len;
        buf->data = NULL;
    }
    mqt_buf_clear(buf);
    return data;
}
