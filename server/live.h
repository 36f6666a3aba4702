/* From the change feed to the registry and to those who watch.
 *
 * One writer thread holds one database connection, reads the feed (woken by NOTIFY, polling every
 * second as well), applies what is dirty to the registry and hands events to subscribers. When the
 * database is away the registry keeps what it has and says so; the thread connects again by itself
 * and goes on from its cursor, so nothing is missed. Times are Unix us, boxes world units.
 * Subscriber calls are safe from any thread; one subscription belongs to one thread at a time.
 */
#ifndef MQT_LIVE_H
#define MQT_LIVE_H

#include "registry.h"

struct mqt_live;
struct mqt_live_subscription;

struct mqt_live_config {
    const char *database_url;                  /* copied; NULL: libpq's environment */
    const char *role;                          /* copied; such as "mqt_web" */
    size_t max_layer_bytes;                    /* a larger layer stays without a snapshot; 0: 4 GiB */
    int poll_ms;                               /* 0: 1000 */
    int heartbeat_ms;                          /* 0: 5000 */
    size_t max_events;                         /* remembered for those who come back; 0: 4096 */
    void (*log)(void *user, const char *line); /* from the writer thread; NULL: quiet */
    void *log_user;
};

/* registry outlives live. The first load goes on in the thread: see mqt_live_wait_ready. */
enum mqt_err mqt_live_start(const struct mqt_live_config *config, struct mqt_registry *registry, struct mqt_live **live,
                            struct mqt_detail *detail) MQT_MUST_USE;
/* After all subscriptions ended. NULL is allowed. */
void mqt_live_stop(struct mqt_live *live);
/* MQT_OK once the first load is complete, MQT_ERR_TIMEOUT when it is not within timeout_ms (the
 * detail then says what holds it up). */
enum mqt_err mqt_live_wait_ready(struct mqt_live *live, int timeout_ms, struct mqt_detail *detail) MQT_MUST_USE;

struct mqt_live_filter {
    bool has_box;
    struct mqt_box box;
    size_t layer_count; /* 0: all; tickets are the layer "ticket" */
    const char *const *layers;
};

/* The filter is copied. last_event_id NULL or "": from now on, beginning with a heartbeat. Else what
 * came after that id, or a resync event when that is not known any more. wake is called from a thread
 * of live's own, one at a time, when there may be something to read; it must not block and must not
 * call back into live. MQT_ERR_LIMIT when there are too many (4096). */
enum mqt_err mqt_live_subscribe(struct mqt_live *live, const char *last_event_id, const struct mqt_live_filter *filter,
                                void (*wake)(void *user), void *user,
                                struct mqt_live_subscription **subscription) MQT_MUST_USE;
/* When it returns, wake is not running and will not be called again. NULL is allowed. */
void mqt_live_unsubscribe(struct mqt_live_subscription *subscription);

struct mqt_live_event {
    const char *name; /* heartbeat, change, ticket, catalog, resync */
    const char *id;   /* for the SSE id field */
    const char *data; /* one line of JSON, NUL-terminated */
    size_t len;
    void *owner;
};

/* Takes the next event without waiting; false when there is none now. Clear it. */
bool mqt_live_next(struct mqt_live_subscription *subscription, struct mqt_live_event *event) MQT_MUST_USE;
void mqt_live_event_clear(struct mqt_live_event *event);

struct mqt_live_stats {
    uint64_t readings, resyncs, reconnects, changes, events;
    size_t subscribers;
    int64_t last_apply_us; /* commit seen to view published */
};
void mqt_live_stats(struct mqt_live *live, struct mqt_live_stats *stats);

#endif
