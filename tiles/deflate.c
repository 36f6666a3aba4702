#include "deflate.h"

#include <isa-l.h>
#include <libdeflate.h>
#include <stdbool.h>
#include <stdlib.h>

enum container { CONTAINER_GZIP, CONTAINER_ZLIB };

/* gzip bodies are kept in the tile cache, so they get the strongest ISA-L level; PNG pixels are
 * long runs, where level 1 is as small and twice as fast. */
enum { GZIP_LEVEL = 3, ZLIB_LEVEL = 1, FALLBACK_LEVEL = 1 };

/* Bytes written, or 0 when ISA-L declines. */
static size_t compress_isal(enum container container, const uint8_t *bytes, size_t len, uint8_t *room, size_t room_len)
{
    size_t level_size = container == CONTAINER_GZIP ? ISAL_DEF_LVL3_MEDIUM : ISAL_DEF_LVL1_SMALL;
    struct isal_zstream *stream = NULL;
    if (len <= UINT32_MAX && room_len <= UINT32_MAX) {
        stream = malloc(sizeof *stream + level_size); /* the level's tables stand behind the stream */
    }
    if (!stream) {
        return 0;
    }
    isal_deflate_init(stream);
    stream->level = container == CONTAINER_GZIP ? GZIP_LEVEL : ZLIB_LEVEL;
    stream->level_buf = (uint8_t *)(stream + 1);
    stream->level_buf_size = (uint32_t)level_size;
    stream->gzip_flag = container == CONTAINER_GZIP ? IGZIP_GZIP : IGZIP_ZLIB;
    stream->end_of_stream = 1;
    stream->flush = NO_FLUSH;
    /* ISA-L only reads the input, its field is merely not const. */
    stream->next_in = (uint8_t *)(uintptr_t)bytes;
    stream->avail_in = (uint32_t)len;
    stream->next_out = room;
    stream->avail_out = (uint32_t)room_len;
    int result = isal_deflate(stream);
    bool whole = result == COMP_OK && stream->avail_in == 0 && stream->internal_state.state == ZSTATE_END;
    size_t written = whole ? room_len - stream->avail_out : 0;
    free(stream);
    return written;
}

static size_t compress_libdeflate(enum container container, const uint8_t *bytes, size_t len, uint8_t *room,
                                  size_t room_len)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(FALLBACK_LEVEL);
    if (!compressor) {
        return 0;
    }
    size_t written = container == CONTAINER_GZIP ? libdeflate_gzip_compress(compressor, bytes, len, room, room_len)
                                                 : libdeflate_zlib_compress(compressor, bytes, len, room, room_len);
    libdeflate_free_compressor(compressor);
    return written;
}

static enum mqt_err compress(enum container container, const uint8_t *bytes, size_t len, struct mqt_buf *out)
{
    static const uint8_t nothing;
    if (len > SIZE_MAX / 2) {
        return MQT_ERR_LIMIT;
    }
    /* Stored blocks cost 5 bytes in 65,535; the rest is header, trailer and slack for both libraries. */
    size_t bound = len + len / 1024 + 1024;
    size_t room_len = bound < out->max - out->len ? bound : out->max - out->len;
    uint8_t *room = mqt_buf_reserve(out, room_len);
    if (!room) {
        return mqt_buf_err(out);
    }
    bytes = bytes ? bytes : &nothing;
    size_t written = compress_isal(container, bytes, len, room, room_len);
    if (written == 0) {
        written = compress_libdeflate(container, bytes, len, room, room_len);
    }
    if (written == 0) {
        return room_len < bound ? MQT_ERR_LIMIT : MQT_ERR_MEMORY;
    }
    out->len += written;
    return MQT_OK;
}

enum mqt_err mqt_gzip(const uint8_t *bytes, size_t len, struct mqt_buf *out)
{
    return compress(CONTAINER_GZIP, bytes, len, out);
}

enum mqt_err mqt_zlib(const uint8_t *bytes, size_t len, struct mqt_buf *out)
{
    return compress(CONTAINER_ZLIB, bytes, len, out);
}

uint32_t mqt_crc32(uint32_t crc, const uint8_t *bytes, size_t len)
{
    return len > 0 ? crc32_gzip_refl(crc, bytes, len) : crc;
}
