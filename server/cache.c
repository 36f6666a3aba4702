#include "cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SHARD_COUNT 8
#define FIRST_BUCKETS 256

struct mqt_block {
    atomic_size_t references;
    uint8_t *bytes;
    size_t len;
};

enum mqt_err mqt_block_take(struct mqt_buf *buf, struct mqt_block **block)
{
    enum mqt_err err = mqt_buf_err(buf);
    if (err) {
        return err;
    }
    struct mqt_block *fresh = malloc(sizeof *fresh);
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    size_t len = 0;
    uint8_t *bytes = mqt_buf_take(buf, &len);
    /* A growing buffer has up to twice what it holds; a block may live long. */
    uint8_t *fitted = bytes ? realloc(bytes, len) : NULL;
    fresh->bytes = fitted ? fitted : bytes;
    fresh->len = len;
    atomic_init(&fresh->references, 1);
    *block = fresh;
    return MQT_OK;
}

struct mqt_block *mqt_block_retain(struct mqt_block *block)
{
    (void)atomic_fetch_add_explicit(&block->references, 1, memory_order_relaxed);
    return block;
}

void mqt_block_release(struct mqt_block *block)
{
    if (block && atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1) {
        free(block->bytes);
        free(block);
    }
}

const uint8_t *mqt_block_bytes(const struct mqt_block *block)
{
    return block->bytes;
}

size_t mqt_block_len(const struct mqt_block *block)
{
    return block->len;
}

/* In the hash chain from the moment someone makes it; in the list of use once it has its block. */
struct entry {
    struct entry *next_in_bucket;
    struct entry *newer, *older;
    struct mqt_block *block; /* NULL while it is made */
    size_t cost;             /* bytes, once it has its block */
    uint64_t hash;
    size_t key_len;
    uint8_t key[];
};

struct shard {
    pthread_mutex_t lock;
    pthread_cond_t made; /* some entry got its block, or its making failed */
    struct entry **buckets;
    size_t bucket_count; /* a power of two */
    struct entry *newest, *oldest;
    size_t entries, bytes, max_bytes;
    uint64_t hits, misses, waits, evictions;
};

struct mqt_cache {
    struct shard shards[SHARD_COUNT];
};

enum mqt_err mqt_cache_new(size_t max_bytes, struct mqt_cache **cache)
{
    struct mqt_cache *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    bool complete = true;
    for (size_t i = 0; i < SHARD_COUNT; i++) {
        struct shard *shard = &fresh->shards[i];
        shard->max_bytes = max_bytes / SHARD_COUNT;
        shard->bucket_count = FIRST_BUCKETS;
        shard->buckets = calloc(FIRST_BUCKETS, sizeof(struct entry *));
        complete = complete && shard->buckets;
        /* With default attributes these cannot fail on Linux. */
        (void)pthread_mutex_init(&shard->lock, NULL);
        (void)pthread_cond_init(&shard->made, NULL);
    }
    if (!complete) {
        mqt_cache_free(fresh);
        return MQT_ERR_MEMORY;
    }
    *cache = fresh;
    return MQT_OK;
}

void mqt_cache_free(struct mqt_cache *cache)
{
    if (!cache) {
        return;
    }
    for (size_t i = 0; i < SHARD_COUNT; i++) {
        struct shard *shard = &cache->shards[i];
        for (struct entry *entry = shard->newest, *older = NULL; entry; entry = older) {
            older = entry->older;
            mqt_block_release(entry->block);
            free(entry);
        }
        free(shard->buckets);
        (void)pthread_cond_destroy(&shard->made);
        (void)pthread_mutex_destroy(&shard->lock);
    }
    free(cache);
}

/* FNV-1a with a final mix, since shard and bucket are taken from different ends of it. */
static uint64_t hash_key(const uint8_t *key, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ key[i]) * 0x100000001b3u;
    }
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

static struct entry **find_slot(struct shard *shard, const void *key, size_t key_len, uint64_t hash)
{
    struct entry **slot = &shard->buckets[hash & (shard->bucket_count - 1)];
    while (*slot &&
           !((*slot)->hash == hash && (*slot)->key_len == key_len && memcmp((*slot)->key, key, key_len) == 0)) {
        slot = &(*slot)->next_in_bucket;
    }
    return slot;
}

static void unlink_use(struct shard *shard, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &shard->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &shard->oldest) = entry->newer;
}

static void link_newest(struct shard *shard, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = shard->newest;
    *(shard->newest ? &shard->newest->newer : &shard->oldest) = entry;
    shard->newest = entry;
}

/* Takes the entry out of its chain; it is not in the list of use. */
static void drop(struct shard *shard, struct entry *entry)
{
    struct entry **slot = find_slot(shard, entry->key, entry->key_len, entry->hash);
    assert(*slot == entry);
    *slot = entry->next_in_bucket;
    shard->entries--;
    mqt_block_release(entry->block);
    free(entry);
}

static void evict(struct shard *shard)
{
    while (shard->bytes > shard->max_bytes && shard->oldest) {
        struct entry *entry = shard->oldest;
        unlink_use(shard, entry);
        shard->bytes -= entry->cost;
        shard->evictions++;
        drop(shard, entry);
    }
}

/* Without memory for a larger table the chains just get longer. */
static void grow(struct shard *shard)
{
    size_t count = shard->bucket_count * 2;
    struct entry **buckets = calloc(count, sizeof(struct entry *));
    if (!buckets) {
        return;
    }
    for (size_t i = 0; i < shard->bucket_count; i++) {
        for (struct entry *entry = shard->buckets[i], *next = NULL; entry; entry = next) {
            next = entry->next_in_bucket;
            struct entry **slot = &buckets[entry->hash & (count - 1)];
            entry->next_in_bucket = *slot;
            *slot = entry;
        }
    }
    free(shard->buckets);
    shard->buckets = buckets;
    shard->bucket_count = count;
}

static struct entry *entry_new(const void *key, size_t key_len, uint64_t hash)
{
    struct entry *entry = calloc(1, sizeof *entry + key_len);
    if (entry) {
        entry->hash = hash;
        entry->key_len = key_len;
        memcpy(entry->key, key, key_len);
    }
    return entry;
}

/* Under the lock: finds a finished block, or takes on to make it (*mine is then the entry). */
static enum mqt_err find_or_claim(struct shard *shard, const void *key, size_t key_len, uint64_t hash,
                                  struct mqt_block **block, struct entry **mine)
{
    bool waited = false;
    for (;;) {
        struct entry **slot = find_slot(shard, key, key_len, hash);
        if (!*slot) {
            struct entry *entry = entry_new(key, key_len, hash);
            if (!entry) {
                return MQT_ERR_MEMORY;
            }
            *slot = entry;
            shard->entries++;
            shard->misses++;
            *mine = entry;
            if (shard->entries > shard->bucket_count) {
                grow(shard);
            }
            return MQT_OK;
        }
        if ((*slot)->block) {
            shard->hits++;
            unlink_use(shard, *slot);
            link_newest(shard, *slot);
            *block = mqt_block_retain((*slot)->block);
            return MQT_OK;
        }
        shard->waits += !waited;
        waited = true;
        (void)pthread_cond_wait(&shard->made, &shard->lock);
    }
}

/* Under the lock: block NULL means that the making failed. */
static void settle(struct shard *shard, struct entry *entry, struct mqt_block *block)
{
    size_t cost = sizeof *entry + entry->key_len + (block ? sizeof *block + block->len : 0);
    if (!block || cost > shard->max_bytes) {
        drop(shard, entry);
    } else {
        entry->block = mqt_block_retain(block);
        entry->cost = cost;
        shard->bytes += cost;
        link_newest(shard, entry);
        evict(shard);
    }
    (void)pthread_cond_broadcast(&shard->made);
}

enum mqt_err mqt_cache_get(struct mqt_cache *cache, const void *key, size_t key_len, size_t max_block,
                           mqt_cache_make_fn make, void *user, struct mqt_block **block, struct mqt_detail *detail)
{
    uint64_t hash = hash_key(key, key_len);
    struct shard *shard = &cache->shards[hash >> 61];
    struct mqt_block *found = NULL;
    struct entry *mine = NULL;
    (void)pthread_mutex_lock(&shard->lock);
    enum mqt_err err = find_or_claim(shard, key, key_len, hash, &found, &mine);
    (void)pthread_mutex_unlock(&shard->lock);
    if (!err && mine) {
        struct mqt_buf bytes;
        mqt_buf_init(&bytes, max_block);
        err = make(user, &bytes, detail);
        if (!err) {
            err = mqt_block_take(&bytes, &found);
        }
        mqt_buf_clear(&bytes);
        (void)pthread_mutex_lock(&shard->lock);
        settle(shard, mine, found);
        (void)pthread_mutex_unlock(&shard->lock);
    }
    if (!err) {
        *block = found;
    }
    return err;
}

bool mqt_cache_find(struct mqt_cache *cache, const void *key, size_t key_len, struct mqt_block **block)
{
    uint64_t hash = hash_key(key, key_len);
    struct shard *shard = &cache->shards[hash >> 61];
    (void)pthread_mutex_lock(&shard->lock);
    struct entry *entry = *find_slot(shard, key, key_len, hash);
    bool there = entry && entry->block;
    if (there) {
        shard->hits++;
        unlink_use(shard, entry);
        link_newest(shard, entry);
        *block = mqt_block_retain(entry->block);
    }
    (void)pthread_mutex_unlock(&shard->lock);
    return there;
}

void mqt_cache_stats(struct mqt_cache *cache, struct mqt_cache_stats *stats)
{
    struct mqt_cache_stats sum = {0};
    for (size_t i = 0; i < SHARD_COUNT; i++) {
        struct shard *shard = &cache->shards[i];
        (void)pthread_mutex_lock(&shard->lock);
        sum.hits += shard->hits;
        sum.misses += shard->misses;
        sum.waits += shard->waits;
        sum.evictions += shard->evictions;
        sum.entries += shard->entries;
        sum.bytes += shard->bytes;
        (void)pthread_mutex_unlock(&shard->lock);
    }
    *stats = sum;
}
