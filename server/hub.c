#include "hub.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HEARTBEAT_BYTES = 1024 };

/* What a subscriber is handed: text that lives until the last holder lets go. */
struct message {
    atomic_size_t references;
    const char *name; /* static */
    char *id, *data;
    size_t len;
};

struct entry {
    struct message *message;
    bool ends_batch;
    char layer[64];
    struct mqt_box boxes[2];
};

struct mqt_live_subscription {
    struct mqt_hub *hub;
    struct mqt_live_subscription *previous, *next;
    void (*wake)(void *user);
    void *user;
    uint64_t position; /* of the next event to look at */
    uint64_t beats;    /* heartbeats seen */
    bool resync, wake_due;
    bool has_box;
    struct mqt_box box;
    size_t layer_count;
    char **layers;
};

struct mqt_hub {
    struct mqt_hub_config config;
    pthread_mutex_t lock;      /* guards all below */
    pthread_mutex_t wake_lock; /* taken before lock; held while wakes run, so that unsubscribe can wait for them */
    struct entry *entries;     /* ring: event number n lies at n % max_events */
    uint64_t first, end;       /* numbers of the oldest remembered event and of the next one */
    size_t bytes;
    char *cursor;    /* after the newest event */
    char *oldest_id; /* cursor before the oldest remembered event; NULL when that lies within a batch */
    uint64_t beats;
    struct mqt_live_subscription *subscribers;
    size_t subscriber_count;
};

static struct message *new_message(const char *name, const char *id, char *data, size_t len)
{
    struct message *message = calloc(1, sizeof *message);
    char *own_id = strdup(id);
    if (!message || !own_id) {
        free(message);
        free(own_id);
        free(data);
        return NULL;
    }
    atomic_init(&message->references, 1);
    message->name = name;
    message->id = own_id;
    message->data = data;
    message->len = len;
    return message;
}

static void release_message(struct message *message)
{
    if (message && atomic_fetch_sub_explicit(&message->references, 1, memory_order_acq_rel) == 1) {
        free(message->id);
        free(message->data);
        free(message);
    }
}

enum mqt_err mqt_hub_new(const struct mqt_hub_config *config, struct mqt_hub **out)
{
    struct mqt_hub *hub = calloc(1, sizeof *hub);
    if (!hub) {
        return MQT_ERR_MEMORY;
    }
    hub->config = *config;
    pthread_mutex_init(&hub->lock, NULL);
    pthread_mutex_init(&hub->wake_lock, NULL);
    hub->entries = calloc(config->max_events, sizeof *hub->entries);
    hub->cursor = strdup("");
    if (!hub->entries || !hub->cursor) {
        mqt_hub_free(hub);
        return MQT_ERR_MEMORY;
    }
    *out = hub;
    return MQT_OK;
}

static void forget_oldest(struct mqt_hub *hub)
{
    struct entry *entry = &hub->entries[hub->first++ % hub->config.max_events];
    free(hub->oldest_id);
    hub->oldest_id = entry->ends_batch ? strdup(entry->message->id) : NULL;
    hub->bytes -= entry->message->len;
    release_message(entry->message);
    entry->message = NULL;
}

void mqt_hub_free(struct mqt_hub *hub)
{
    if (!hub) {
        return;
    }
    while (hub->first < hub->end) {
        forget_oldest(hub);
    }
    pthread_mutex_destroy(&hub->lock);
    pthread_mutex_destroy(&hub->wake_lock);
    free(hub->entries);
    free(hub->cursor);
    free(hub->oldest_id);
    free(hub);
}

static bool lets_through(const struct mqt_live_subscription *subscription, const struct entry *entry)
{
    if (!entry->layer[0]) {
        return true;
    }
    bool wanted = subscription->layer_count == 0;
    for (size_t i = 0; !wanted && i < subscription->layer_count; i++) {
        wanted = strcmp(subscription->layers[i], entry->layer) == 0;
    }
    return wanted && (!subscription->has_box || mqt_box_intersects(subscription->box, entry->boxes[0]) ||
                      mqt_box_intersects(subscription->box, entry->boxes[1]));
}

/* Runs the wakes that are due. */
static void wake_all(struct mqt_hub *hub)
{
    pthread_mutex_lock(&hub->wake_lock);
    pthread_mutex_lock(&hub->lock);
    struct mqt_live_subscription *at = hub->subscribers;
    while (at) {
        bool due = at->wake_due;
        at->wake_due = false;
        if (due) {
            pthread_mutex_unlock(&hub->lock); /* at stays: leaving the list takes wake_lock */
            at->wake(at->user);
            pthread_mutex_lock(&hub->lock);
        }
        at = at->next;
    }
    pthread_mutex_unlock(&hub->lock);
    pthread_mutex_unlock(&hub->wake_lock);
}

static void add_entry(struct mqt_hub *hub, const struct mqt_hub_event *event, struct message *message, bool ends_batch)
{
    while (hub->first < hub->end &&
           (hub->end - hub->first == hub->config.max_events || hub->bytes + message->len > hub->config.max_bytes)) {
        forget_oldest(hub);
    }
    struct entry *entry = &hub->entries[hub->end++ % hub->config.max_events];
    *entry = (struct entry){.message = message, .ends_batch = ends_batch};
    memcpy(entry->layer, event->layer, sizeof entry->layer);
    memcpy(entry->boxes, event->boxes, sizeof entry->boxes);
    hub->bytes += message->len;
    for (struct mqt_live_subscription *at = hub->subscribers; at; at = at->next) {
        at->wake_due = at->wake_due || lets_through(at, entry);
    }
}

/* The caller holds the lock. */
static void set_cursor(struct mqt_hub *hub, const char *cursor)
{
    char *copy = strdup(cursor);
    if (copy) {
        free(hub->cursor);
        hub->cursor = copy;
    } else {
        hub->cursor[0] = '\0'; /* an id that nobody can come back with */
    }
}

static void resync_locked(struct mqt_hub *hub, const char *cursor)
{
    while (hub->first < hub->end) {
        forget_oldest(hub);
    }
    set_cursor(hub, cursor);
    free(hub->oldest_id);
    hub->oldest_id = strdup(hub->cursor);
    for (struct mqt_live_subscription *at = hub->subscribers; at; at = at->next) {
        at->resync = at->wake_due = true;
        at->position = hub->end;
    }
}

void mqt_hub_publish(struct mqt_hub *hub, struct mqt_hub_event *events, size_t count, const char *cursor)
{
    if (count == 0) {
        return;
    }
    bool lost = false;
    pthread_mutex_lock(&hub->lock);
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        struct message *message =
            new_message(events[i].name, last ? cursor : hub->cursor, events[i].data, events[i].len);
        events[i].data = NULL;
        lost = lost || !message;
        if (message) {
            add_entry(hub, &events[i], message, last);
        }
    }
    if (lost) {
        resync_locked(hub, cursor);
    } else {
        set_cursor(hub, cursor);
    }
    pthread_mutex_unlock(&hub->lock);
    wake_all(hub);
}

void mqt_hub_resync(struct mqt_hub *hub, const char *cursor)
{
    pthread_mutex_lock(&hub->lock);
    resync_locked(hub, cursor);
    pthread_mutex_unlock(&hub->lock);
    wake_all(hub);
}

void mqt_hub_beat(struct mqt_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->beats++;
    for (struct mqt_live_subscription *at = hub->subscribers; at; at = at->next) {
        at->wake_due = true;
    }
    pthread_mutex_unlock(&hub->lock);
    wake_all(hub);
}

size_t mqt_hub_subscribers(struct mqt_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    size_t count = hub->subscriber_count;
    pthread_mutex_unlock(&hub->lock);
    return count;
}

static void free_subscription(struct mqt_live_subscription *subscription)
{
    for (size_t i = 0; i < subscription->layer_count; i++) {
        free(subscription->layers[i]);
    }
    free(subscription->layers);
    free(subscription);
}

static enum mqt_err new_subscription(const struct mqt_live_filter *filter, struct mqt_live_subscription **out)
{
    struct mqt_live_subscription *subscription = calloc(1, sizeof *subscription);
    if (!subscription) {
        return MQT_ERR_MEMORY;
    }
    if (filter) {
        subscription->has_box = filter->has_box;
        subscription->box = filter->box;
        subscription->layers = calloc(filter->layer_count + 1, sizeof *subscription->layers);
        for (size_t i = 0; subscription->layers && i < filter->layer_count; i++) {
            subscription->layers[i] = strdup(filter->layers[i]);
            if (!subscription->layers[i]) {
                break;
            }
            subscription->layer_count++;
        }
        if (subscription->layer_count < filter->layer_count) {
            free_subscription(subscription);
            return MQT_ERR_MEMORY;
        }
    }
    *out = subscription;
    return MQT_OK;
}

/* Where one who last saw this id goes on; false when that is not known any more. The lock is held. */
static bool find_position(const struct mqt_hub *hub, const char *id, uint64_t *position)
{
    for (uint64_t number = hub->end; number > hub->first; number--) {
        const struct entry *entry = &hub->entries[(number - 1) % hub->config.max_events];
        if (entry->ends_batch && strcmp(entry->message->id, id) == 0) {
            *position = number;
            return true;
        }
    }
    if (hub->oldest_id && strcmp(hub->oldest_id, id) == 0) {
        *position = hub->first;
        return true;
    }
    return false;
}

enum mqt_err mqt_hub_subscribe(struct mqt_hub *hub, const char *last_event_id, const struct mqt_live_filter *filter,
                               void (*wake)(void *user), void *user, struct mqt_live_subscription **out)
{
    struct mqt_live_subscription *subscription = NULL;
    enum mqt_err err = new_subscription(filter, &subscription);
    if (err) {
        return err;
    }
    subscription->hub = hub;
    subscription->wake = wake;
    subscription->user = user;
    pthread_mutex_lock(&hub->lock);
    if (hub->subscriber_count < hub->config.max_subscribers) {
        subscription->position = hub->end;
        subscription->beats = hub->beats - 1; /* the first heartbeat is due at once */
        if (last_event_id && last_event_id[0]) {
            subscription->resync = !find_position(hub, last_event_id, &subscription->position);
        }
        subscription->next = hub->subscribers;
        if (hub->subscribers) {
            hub->subscribers->previous = subscription;
        }
        hub->subscribers = subscription;
        hub->subscriber_count++;
    } else {
        err = MQT_ERR_LIMIT;
    }
    pthread_mutex_unlock(&hub->lock);
    if (err) {
        free_subscription(subscription);
        return err;
    }
    *out = subscription;
    return MQT_OK;
}

void mqt_live_unsubscribe(struct mqt_live_subscription *subscription)
{
    if (!subscription) {
        return;
    }
    struct mqt_hub *hub = subscription->hub;
    pthread_mutex_lock(&hub->wake_lock);
    pthread_mutex_lock(&hub->lock);
    if (subscription->previous) {
        subscription->previous->next = subscription->next;
    } else {
        hub->subscribers = subscription->next;
    }
    if (subscription->next) {
        subscription->next->previous = subscription->previous;
    }
    hub->subscriber_count--;
    pthread_mutex_unlock(&hub->lock);
    pthread_mutex_unlock(&hub->wake_lock);
    free_subscription(subscription);
}

/* The next event of the memory that the filter lets through. The lock is held. */
static struct message *next_remembered(struct mqt_hub *hub, struct mqt_live_subscription *subscription)
{
    while (subscription->position < hub->end) {
        const struct entry *entry = &hub->entries[subscription->position++ % hub->config.max_events];
        if (lets_through(subscription, entry)) {
            atomic_fetch_add_explicit(&entry->message->references, 1, memory_order_relaxed);
            return entry->message;
        }
    }
    return NULL;
}

/* A message made for one subscriber: resync or heartbeat. */
static struct message *made_message(struct mqt_hub *hub, bool resync, char *id)
{
    struct mqt_buf json;
    mqt_buf_init(&json, MAX_HEARTBEAT_BYTES);
    if (resync) {
        mqt_buf_add_str(&json, "{}");
    } else {
        hub->config.heartbeat(hub->config.user, &json);
    }
    mqt_buf_add_byte(&json, 0);
    size_t len = 0;
    char *data = (char *)mqt_buf_take(&json, &len);
    struct message *message = NULL;
    if (data && id) {
        message = new_message(resync ? "resync" : "heartbeat", id, data, len - 1);
    } else {
        free(data);
    }
    free(id);
    return message;
}

bool mqt_live_next(struct mqt_live_subscription *subscription, struct mqt_live_event *event)
{
    struct mqt_hub *hub = subscription->hub;
    char *id = NULL;
    bool made = false;
    pthread_mutex_lock(&hub->lock);
    if (subscription->position < hub->first) {
        subscription->resync = true;
        subscription->position = hub->end;
    }
    bool resync = subscription->resync;
    subscription->resync = false;
    struct message *message = resync ? NULL : next_remembered(hub, subscription);
    if (resync || (!message && subscription->beats != hub->beats)) {
        made = true;
        id = strdup(hub->cursor);
        subscription->beats = resync ? subscription->beats : hub->beats;
        subscription->position = resync ? hub->end : subscription->position;
    }
    pthread_mutex_unlock(&hub->lock);
    if (made) {
        message = made_message(hub, resync, id);
    }
    if (!message) {
        if (resync) { /* no memory now: it must not get lost */
            pthread_mutex_lock(&hub->lock);
            subscription->resync = true;
            pthread_mutex_unlock(&hub->lock);
        }
        return false;
    }
    *event = (struct mqt_live_event){
        .name = message->name, .id = message->id, .data = message->data, .len = message->len, .owner = message};
    return true;
}

void mqt_live_event_clear(struct mqt_live_event *event)
{
    release_message(event->owner);
    *event = (struct mqt_live_event){0};
}
