#include "recent.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct item {
    int64_t reported_us;
    uint64_t id;
    char *json;
    size_t len;
};

struct mqt_recent {
    pthread_mutex_t lock;
    struct item items[MQT_RECENT_KEPT]; /* newest first */
    size_t count;
    /* The newest that found no room. What is older may have a gap behind it, so it is not taken in. */
    bool has_floor;
    struct item floor; /* without json */
};

enum mqt_err mqt_recent_new(struct mqt_recent **recent)
{
    struct mqt_recent *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    (void)pthread_mutex_init(&fresh->lock, NULL);
    *recent = fresh;
    return MQT_OK;
}

void mqt_recent_free(struct mqt_recent *recent)
{
    if (recent) {
        mqt_recent_clear(recent);
        (void)pthread_mutex_destroy(&recent->lock);
        free(recent);
    }
}

void mqt_recent_clear(struct mqt_recent *recent)
{
    (void)pthread_mutex_lock(&recent->lock);
    for (size_t i = 0; i < recent->count; i++) {
        free(recent->items[i].json);
    }
    recent->count = 0;
    recent->has_floor = false;
    (void)pthread_mutex_unlock(&recent->lock);
}

static bool is_newer(const struct item *a, const struct item *b)
{
    return a->reported_us != b->reported_us ? a->reported_us > b->reported_us : a->id > b->id;
}

static void take_out(struct mqt_recent *recent, uint64_t id)
{
    for (size_t i = 0; i < recent->count; i++) {
        if (recent->items[i].id == id) {
            free(recent->items[i].json);
            recent->count--;
            memmove(&recent->items[i], &recent->items[i + 1], (recent->count - i) * sizeof recent->items[0]);
            return;
        }
    }
}

static void raise_floor(struct mqt_recent *recent, const struct item *item)
{
    if (!recent->has_floor || is_newer(item, &recent->floor)) {
        recent->floor = (struct item){.reported_us = item->reported_us, .id = item->id};
        recent->has_floor = true;
    }
}

/* Takes over the item's json. */
static void insert(struct mqt_recent *recent, struct item item)
{
    size_t at = 0;
    while (at < recent->count && is_newer(&recent->items[at], &item)) {
        at++;
    }
    if (at == MQT_RECENT_KEPT || (recent->has_floor && is_newer(&recent->floor, &item))) {
        raise_floor(recent, &item);
        free(item.json);
        return;
    }
    if (recent->count == MQT_RECENT_KEPT) {
        raise_floor(recent, &recent->items[--recent->count]);
        free(recent->items[recent->count].json);
    }
    memmove(&recent->items[at + 1], &recent->items[at], (recent->count - at) * sizeof recent->items[0]);
    recent->items[at] = item;
    recent->count++;
}

void mqt_recent_put(struct mqt_recent *recent, uint64_t id, int64_t reported_us, const char *json, size_t len)
{
    char *copy = malloc(len + 1);
    if (copy) {
        memcpy(copy, json, len);
    }
    (void)pthread_mutex_lock(&recent->lock);
    take_out(recent, id);
    if (copy) {
        insert(recent, (struct item){.reported_us = reported_us, .id = id, .json = copy, .len = len});
    }
    (void)pthread_mutex_unlock(&recent->lock);
}

void mqt_recent_remove(struct mqt_recent *recent, uint64_t id)
{
    (void)pthread_mutex_lock(&recent->lock);
    take_out(recent, id);
    (void)pthread_mutex_unlock(&recent->lock);
}

void mqt_recent_write(struct mqt_recent *recent, size_t limit, struct mqt_buf *out)
{
    mqt_buf_add_byte(out, '[');
    (void)pthread_mutex_lock(&recent->lock);
    for (size_t i = 0; i < recent->count && i < limit; i++) {
        mqt_buf_add_str(out, i ? ",\n" : "");
        mqt_buf_add(out, recent->items[i].json, recent->items[i].len);
    }
    (void)pthread_mutex_unlock(&recent->lock);
    mqt_buf_add_byte(out, ']');
}
