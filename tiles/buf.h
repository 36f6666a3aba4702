/* A growing byte buffer with a ceiling given at birth.
 *
 * Owned by whoever initialised it until mqt_buf_clear or mqt_buf_take. Not shared between threads.
 * Once an append fails the buffer remembers the error and ignores later appends, so a writer may
 * append many times and look at mqt_buf_err once at the end.
 */
#ifndef MQT_BUF_H
#define MQT_BUF_H

#include "err.h"

#include <stdint.h>

struct mqt_buf {
    uint8_t *data;
    size_t len;
    size_t capacity;
    size_t max; /* ceiling in bytes */
    enum mqt_err err;
};

void mqt_buf_init(struct mqt_buf *buf, size_t max_bytes);
void mqt_buf_clear(struct mqt_buf *buf); /* frees the bytes; the ceiling stays, the error is forgotten */
void mqt_buf_reset(struct mqt_buf *buf); /* empties but keeps the memory; the error is forgotten */

void mqt_buf_add(struct mqt_buf *buf, const void *bytes, size_t len);
void mqt_buf_add_str(struct mqt_buf *buf, const char *text);
void mqt_buf_add_byte(struct mqt_buf *buf, uint8_t byte);
void mqt_buf_printf(struct mqt_buf *buf, const char *format, ...) MQT_PRINTF(2, 3);

/* Room for len more bytes at the end, or NULL. The caller writes them and then adds to buf->len. */
uint8_t *mqt_buf_reserve(struct mqt_buf *buf, size_t len);

/* MQT_OK, MQT_ERR_LIMIT or MQT_ERR_MEMORY. */
enum mqt_err mqt_buf_err(const struct mqt_buf *buf) MQT_MUST_USE;

/* Hands the bytes to the caller, who frees them with free(). NULL when empty or failed. */
uint8_t *mqt_buf_take(struct mqt_buf *buf, size_t *len);

#endif
