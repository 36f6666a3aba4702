/* Memory that is released all at once: one arena per request or run, with a ceiling.
 *
 * Blocks are aligned for any type and not individually freed. Owned by one thread at a time.
 * A request beyond the ceiling returns NULL and sets arena->err.
 */
#ifndef MQT_ARENA_H
#define MQT_ARENA_H

#include "err.h"

struct mqt_arena_chunk;

struct mqt_arena {
    struct mqt_arena_chunk *chunks;
    size_t used;     /* bytes handed out */
    size_t reserved; /* bytes taken from malloc */
    size_t max;      /* ceiling for reserved, bytes */
    enum mqt_err err;
};

void mqt_arena_init(struct mqt_arena *arena, size_t max_bytes);
void mqt_arena_clear(struct mqt_arena *arena);

/* Uninitialised, 16-byte aligned. */
void *mqt_arena_alloc(struct mqt_arena *arena, size_t bytes);

/* count * size bytes, zeroed; the product is checked. */
void *mqt_arena_calloc(struct mqt_arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of len bytes. */
char *mqt_arena_copy(struct mqt_arena *arena, const char *text, size_t len);

char *mqt_arena_printf(struct mqt_arena *arena, const char *format, ...) MQT_PRINTF(2, 3);

#endif
