/* The event stream: a bounded memory of recent events and those who listen.
 *
 * Events come in batches; a batch ends at a cursor (the id that clients send back). All but the last
 * event of a batch carry the cursor before it, so that a client cut off within a batch gets the
 * whole batch again: events may repeat, none is missing. A subscriber that fell behind the memory
 * gets one resync event. Any thread; locks are leaves, wake runs under a lock of its own.
 */
#ifndef MQT_HUB_H
#define MQT_HUB_H

#include "../tiles/buf.h"
#include "live.h"

struct mqt_hub;

struct mqt_hub_event {
    const char *name; /* static */
    char *data;       /* JSON, malloc'd; consumed */
    size_t len;
    char layer[64];          /* "" passes every filter */
    struct mqt_box boxes[2]; /* old and new place; a filter with a box lets through what meets one of them */
};

struct mqt_hub_config {
    size_t max_events, max_bytes; /* remembered */
    size_t max_subscribers;
    /* Writes the data of a heartbeat; called without locks. */
    void (*heartbeat)(void *user, struct mqt_buf *json);
    void *user;
};

enum mqt_err mqt_hub_new(const struct mqt_hub_config *config, struct mqt_hub **hub) MQT_MUST_USE;
void mqt_hub_free(struct mqt_hub *hub); /* after every subscription ended; NULL is allowed */

/* Remembers the events and wakes those whom they concern. The data of all events is consumed, on
 * failure too; then everyone is told to resync, because something was lost. */
void mqt_hub_publish(struct mqt_hub *hub, struct mqt_hub_event *events, size_t count, const char *cursor);
/* Forgets all events; everyone is told to resync. */
void mqt_hub_resync(struct mqt_hub *hub, const char *cursor);
/* A heartbeat for everyone, now. */
void mqt_hub_beat(struct mqt_hub *hub);
size_t mqt_hub_subscribers(struct mqt_hub *hub);

enum mqt_err mqt_hub_subscribe(struct mqt_hub *hub, const char *last_event_id, const struct mqt_live_filter *filter,
                               void (*wake)(void *user), void *user,
                               struct mqt_live_subscription **subscription) MQT_MUST_USE;

#endif
