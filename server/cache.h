/* Rendered bytes: immutable blocks, and a cache of them bounded in bytes.
 *
 * A block is reference-counted (atomic) and may be read and released by any thread; the HTTP side
 * sends it without copying. The cache maps a key (any bytes: address, versions, encoding) to a
 * block. What a key names never changes, so nothing is ever invalidated: what is no longer asked
 * for is least recently used and goes. While one thread makes the block of a key the others that
 * want it wait for it. When making fails, the next one who waits makes it anew.
 * Any thread; locks are per shard and never held while a block is made.
 */
#ifndef MQT_CACHE_H
#define MQT_CACHE_H

#include "../tiles/buf.h"

#include <stdbool.h>

struct mqt_block;

/* Takes the bytes out of buf, which is empty afterwards; an empty buf makes an empty block. */
enum mqt_err mqt_block_take(struct mqt_buf *buf, struct mqt_block **block) MQT_MUST_USE;
struct mqt_block *mqt_block_retain(struct mqt_block *block);
void mqt_block_release(struct mqt_block *block); /* NULL is allowed */
const uint8_t *mqt_block_bytes(const struct mqt_block *block);
size_t mqt_block_len(const struct mqt_block *block);

struct mqt_cache;

/* max_bytes counts keys and bookkeeping too. */
enum mqt_err mqt_cache_new(size_t max_bytes, struct mqt_cache **cache) MQT_MUST_USE;
void mqt_cache_free(struct mqt_cache *cache); /* blocks that are still held outside live on */

/* Makes the bytes of a key by appending to out. */
typedef enum mqt_err (*mqt_cache_make_fn)(void *user, struct mqt_buf *out, struct mqt_detail *detail);

/* The block of the key, made when it is not there; release it. max_block bounds one block. A block
 * larger than a shard (an eighth of the cache) is handed out but not kept. */
enum mqt_err mqt_cache_get(struct mqt_cache *cache, const void *key, size_t key_len, size_t max_block,
                           mqt_cache_make_fn make, void *user, struct mqt_block **block,
                           struct mqt_detail *detail) MQT_MUST_USE;

/* The block of the key if it is there: never makes one and never waits for one. Release it. */
bool mqt_cache_find(struct mqt_cache *cache, const void *key, size_t key_len, struct mqt_block **block) MQT_MUST_USE;

struct mqt_cache_stats {
    uint64_t hits, misses, waits, evictions;
    size_t entries, bytes;
};
void mqt_cache_stats(struct mqt_cache *cache, struct mqt_cache_stats *stats);

#endif
