#include "arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN_BYTES = 16, FIRST_CHUNK_BYTES = 16 * 1024 };

struct mqt_arena_chunk {
    struct mqt_arena_chunk *next;
    size_t capacity;
    size_t used;
    alignas(ALIGN_BYTES) uint8_t data[];
};

void mqt_arena_init(struct mqt_arena *arena, size_t max_bytes)
{
    *arena = (struct mqt_arena){.max = max_bytes};
}

void mqt_arena_clear(struct mqt_arena *arena)
{
    for (struct mqt_arena_chunk *chunk = arena->chunks; chunk;) {
        struct mqt_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    mqt_arena_init(arena, arena->max);
}

static struct mqt_arena_chunk *add_chunk(struct mqt_arena *arena, size_t least_bytes)
{
    size_t left = arena->max - arena->reserved;
    size_t wanted = arena->reserved < FIRST_CHUNK_BYTES ? FIRST_CHUNK_BYTES : arena->reserved; /* doubling */
    size_t capacity = wanted < least_bytes ? least_bytes : wanted;
    if (capacity > left) {
        capacity = left;
    }
    if (capacity < least_bytes) {
        arena->err = MQT_ERR_LIMIT;
        return NULL;
    }
    struct mqt_arena_chunk *chunk = malloc(sizeof *chunk + capacity);
    if (!chunk) {
        arena->err = MQT_ERR_MEMORY;
        return NULL;
    }
    chunk->next = arena->chunks;
    chunk->capacity = capacity;
    chunk->used = 0;
    arena->chunks = chunk;
    arena->reserved += capacity;
    return chunk;
}

void *mqt_arena_alloc(struct mqt_arena *arena, size_t bytes)
{
    if (bytes > arena->max) {
        arena->err = MQT_ERR_LIMIT;
        return NULL;
    }
    size_t rounded = (bytes + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    struct mqt_arena_chunk *chunk = arena->chunks;
    if (!chunk || rounded > chunk->capacity - chunk->used) {
        chunk = add_chunk(arena, rounded);
        if (!chunk) {
            return NULL;
        }
    }
    void *block = chunk->data + chunk->used;
    chunk->used += rounded;
    arena->used += rounded;
    return block;
}

void *mqt_arena_calloc(struct mqt_arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        arena->err = MQT_ERR_LIMIT;
        return NULL;
    }
    void *block = mqt_arena_alloc(arena, count * size);
    if (block) {
        memset(block, 0, count * size);
    }
    return block;
}

char *mqt_arena_copy(struct mqt_arena *arena, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? mqt_arena_alloc(arena, len + 1) : NULL;
    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

char *mqt_arena_printf(struct mqt_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        return NULL;
    }
    char *text = mqt_arena_alloc(arena, (size_t)len + 1);
    if (text) {
        va_start(args, format);
        (void)vsnprintf(text, (size_t)len + 1, format, args);
        va_end(args);
    }
    return text;
}
