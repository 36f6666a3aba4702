#include "live.h"

#include "events.h"
#include "hub.h"
#include "refresh.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    DEFAULT_POLL_MS = 1000,
    DEFAULT_HEARTBEAT_MS = 5000,
    DEFAULT_EVENTS = 4096,
    MAX_EVENT_BYTES = 64 << 20,
    MAX_SUBSCRIBERS = 4096,
    MIN_BACKOFF_MS = 100,
    MAX_BACKOFF_MS = 2000,
    STATEMENT_TIMEOUT_MS = 300000,
    PRUNE_EVERY_MS = 3600 * 1000,
    ID_BYTES = sizeof((struct mqt_feed_cursor){0}.epoch) + sizeof((struct mqt_feed_cursor){0}.snapshot) + 1
};

#define DEFAULT_LAYER_BYTES ((size_t)4 << 30)

struct mqt_live {
    struct mqt_registry *registry;
    struct mqt_db_pool *pool;
    struct mqt_hub *hub;
    struct mqt_refresh *refresh;
    int poll_ms, heartbeat_ms;
    void (*log)(void *user, const char *line);
    void *log_user;
    int stop_fd; /* readable for good once live shall stop */
    pthread_t writer, clock;
    bool writer_runs, clock_runs;

    struct mqt_feed_cursor cursor; /* writer only */
    int64_t pruned_ms;             /* writer only */

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    bool ready;
    char problem[512]; /* why it is not ready */
    struct mqt_live_stats stats;
};

static int64_t clock_us(clockid_t which)
{
    struct timespec now;
    (void)clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t monotonic_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

/* true when live shall stop; waits for that at most wait_ms. */
static bool stopping(const struct mqt_live *live, int wait_ms)
{
    struct pollfd fd = {.fd = live->stop_fd, .events = POLLIN};
    return poll(&fd, 1, wait_ms) > 0;
}

static bool is_cancelled(void *user)
{
    return stopping(user, 0);
}

static void say(const struct mqt_live *live, const char *words)
{
    if (live->log) {
        live->log(live->log_user, words);
    }
}

static void write_heartbeat(void *user, struct mqt_buf *json)
{
    struct mqt_live *live = user;
    struct mqt_registry_status status;
    mqt_registry_status(live->registry, &status);
    mqt_event_heartbeat(json, &status, clock_us(CLOCK_REALTIME));
}

static void count_reading(struct mqt_live *live, const struct mqt_feed_batch *batch, size_t event_count,
                          int64_t apply_us)
{
    pthread_mutex_lock(&live->lock);
    live->stats.readings++;
    live->stats.resyncs += batch->resync;
    live->stats.changes += batch->count;
    live->stats.events += event_count;
    if (batch->count > 0 || batch->resync) {
        live->stats.last_apply_us = apply_us;
    }
    pthread_mutex_unlock(&live->lock);
}

static void become_ready(struct mqt_live *live)
{
    pthread_mutex_lock(&live->lock);
    live->ready = true;
    pthread_cond_broadcast(&live->changed);
    pthread_mutex_unlock(&live->lock);
}

/* Makes what was read visible and tells those who watch. */
static enum mqt_err publish(struct mqt_live *live, const struct mqt_feed_batch *batch, size_t *event_count)
{
    char id[ID_BYTES];
    (void)snprintf(id, sizeof id, "%s:%s", batch->cursor.epoch, batch->cursor.snapshot);
    struct mqt_event_list events = {0};
    enum mqt_err err = mqt_refresh_publish(live->refresh, batch->cursor.epoch, id, &events);
    if (!err && (batch->resync || events.err)) {
        mqt_hub_resync(live->hub, id);
    } else if (!err) {
        *event_count = events.count;
        mqt_hub_publish(live->hub, events.items, events.count, id);
    }
    mqt_event_list_clear(&events);
    return err;
}

/* The state that readers see, told to those who watch at once when it changes. */
static void set_state(struct mqt_live *live, bool up, const char *cause)
{
    struct mqt_registry_status before;
    mqt_registry_status(live->registry, &before);
    mqt_registry_set_database(live->registry, up, cause);
    if (before.database_up != up) {
        mqt_hub_beat(live->hub);
    }
}

/* The log hears each cause once, not at every attempt; clients hear nothing of hosts and paths. */
static void note_loss(struct mqt_live *live, enum mqt_err err, const char *words)
{
    pthread_mutex_lock(&live->lock);
    bool is_new = strcmp(live->problem, words) != 0;
    (void)snprintf(live->problem, sizeof live->problem, "%s", words);
    pthread_mutex_unlock(&live->lock);
    if (is_new) {
        say(live, words);
    }
    set_state(live, false, err == MQT_ERR_UNAVAILABLE ? "the database cannot be reached" : words);
}

static void note_contact(struct mqt_live *live)
{
    pthread_mutex_lock(&live->lock);
    bool was_lost = live->problem[0] != '\0' && live->ready;
    live->problem[0] = '\0';
    pthread_mutex_unlock(&live->lock);
    if (was_lost) {
        say(live, "the database is back");
    }
    set_state(live, true, NULL);
}

/* One reading of the feed. After an error the connection is given up. */
static enum mqt_err read_feed(struct mqt_live *live, struct mqt_db *db, struct mqt_detail *detail)
{
    int64_t start_us = clock_us(CLOCK_REALTIME), start = clock_us(CLOCK_MONOTONIC);
    struct mqt_feed_batch batch = {0};
    enum mqt_err err = mqt_feed_begin(db, &live->cursor, &batch, detail);
    if (err) {
        return err;
    }
    err = mqt_refresh_read(live->refresh, db, &batch, detail);
    if (err) {
        goto done;
    }
    err = mqt_feed_end(db, detail);
    if (err) {
        mqt_refresh_discard(live->refresh);
        goto done;
    }
    size_t event_count = 0;
    if (mqt_refresh_has_news(live->refresh)) {
        err = publish(live, &batch, &event_count);
        if (err) {
            (void)mqt_fail(detail, err, "what was read could not be put into memory");
            goto done;
        }
    } else {
        mqt_refresh_discard(live->refresh);
    }
    live->cursor = batch.cursor;
    if (!mqt_refresh_is_behind(live->refresh)) {
        mqt_registry_set_as_of(live->registry, start_us);
    }
    count_reading(live, &batch, event_count, clock_us(CLOCK_MONOTONIC) - start);
    note_contact(live);
    if (batch.resync) {
        become_ready(live);
    }
done:
    mqt_feed_batch_clear(&batch);
    return err;
}

/* Between readings: has snapshots with many changes rebuilt, forgets old feed rows. */
static void tidy(struct mqt_live *live, struct mqt_db *db)
{
    mqt_refresh_tidy(live->refresh);
    if (monotonic_ms() - live->pruned_ms >= PRUNE_EVERY_MS) {
        live->pruned_ms = monotonic_ms();
        struct mqt_detail detail;
        if (mqt_db_exec(db, "select feed.prune('7 days')", &detail)) {
            say(live, detail.text);
        }
    }
}

/* Follows the feed on one connection until it is lost or live shall stop. */
static enum mqt_err follow(struct mqt_live *live, struct mqt_db *db, bool *succeeded, struct mqt_detail *detail)
{
    /* A loader that holds a table locked must not hold up the other layers. */
    enum mqt_err err = mqt_db_exec(db, "set lock_timeout = '2s'", detail);
    if (!err) {
        err = mqt_feed_listen(db, detail);
    }
    while (!err && !stopping(live, 0)) {
        bool woken = false;
        err = read_feed(live, db, detail);
        if (err) {
            break;
        }
        *succeeded = true;
        tidy(live, db);
        err = mqt_db_wait(db, live->stop_fd, live->poll_ms, &woken, detail);
    }
    return err;
}

static void connect_and_follow(struct mqt_live *live, bool *succeeded)
{
    struct mqt_detail detail = {0};
    struct mqt_db *db = NULL;
    enum mqt_err err = mqt_db_take(live->pool, 0, &db, &detail);
    if (!err) {
        err = follow(live, db, succeeded, &detail);
    }
    mqt_db_give(db);
    if (err && !stopping(live, 0)) {
        note_loss(live, err, detail.text[0] ? detail.text : mqt_err_name(err));
    }
}

static void *run_writer(void *user)
{
    struct mqt_live *live = user;
    int backoff_ms = MIN_BACKOFF_MS;
    while (!stopping(live, 0)) {
        bool succeeded = false;
        connect_and_follow(live, &succeeded);
        mqt_registry_advance(live->registry, clock_us(CLOCK_REALTIME) / 1000000);
        backoff_ms = succeeded ? MIN_BACKOFF_MS : backoff_ms;
        if (stopping(live, backoff_ms)) {
            break;
        }
        backoff_ms = backoff_ms * 2 < MAX_BACKOFF_MS ? backoff_ms * 2 : MAX_BACKOFF_MS;
        pthread_mutex_lock(&live->lock);
        live->stats.reconnects++;
        pthread_mutex_unlock(&live->lock);
    }
    return NULL;
}

/* Heartbeats must go on while the writer waits for a database that is away. */
static void *run_clock(void *user)
{
    struct mqt_live *live = user;
    while (!stopping(live, live->heartbeat_ms)) {
        mqt_hub_beat(live->hub);
    }
    return NULL;
}

static enum mqt_err make_parts(struct mqt_live *live, const struct mqt_live_config *config)
{
    struct mqt_db_pool_config pool = {.url = config->database_url,
                                      .role = config->role,
                                      .application = "mqt-server live",
                                      .max_connections = 1,
                                      .statement_timeout_ms = STATEMENT_TIMEOUT_MS,
                                      .connect_timeout_s = 2};
    struct mqt_hub_config hub = {.max_events = config->max_events ? config->max_events : DEFAULT_EVENTS,
                                 .max_bytes = MAX_EVENT_BYTES,
                                 .max_subscribers = MAX_SUBSCRIBERS,
                                 .heartbeat = write_heartbeat,
                                 .user = live};
    struct mqt_refresh_config refresh = {.registry = live->registry,
                                         .max_layer_bytes =
                                             config->max_layer_bytes ? config->max_layer_bytes : DEFAULT_LAYER_BYTES,
                                         .log = config->log,
                                         .log_user = config->log_user,
                                         .cancelled = is_cancelled,
                                         .cancelled_user = live};
    enum mqt_err err = mqt_db_pool_new(&pool, &live->pool);
    if (!err) {
        err = mqt_hub_new(&hub, &live->hub);
    }
    return err ? err : mqt_refresh_new(&refresh, &live->refresh);
}

enum mqt_err mqt_live_start(const struct mqt_live_config *config, struct mqt_registry *registry, struct mqt_live **out,
                            struct mqt_detail *detail)
{
    struct mqt_live *live = calloc(1, sizeof *live);
    if (!live) {
        return MQT_ERR_MEMORY;
    }
    live->registry = registry;
    live->poll_ms = config->poll_ms > 0 ? config->poll_ms : DEFAULT_POLL_MS;
    live->heartbeat_ms = config->heartbeat_ms > 0 ? config->heartbeat_ms : DEFAULT_HEARTBEAT_MS;
    live->log = config->log;
    live->log_user = config->log_user;
    live->pruned_ms = monotonic_ms();
    (void)snprintf(live->problem, sizeof live->problem, "the layers are being loaded");
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&live->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&live->lock, NULL);
    live->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum mqt_err err = live->stop_fd < 0 ? MQT_ERR_IO : make_parts(live, config);
    if (!err) {
        live->writer_runs = pthread_create(&live->writer, NULL, run_writer, live) == 0;
        live->clock_runs = pthread_create(&live->clock, NULL, run_clock, live) == 0;
        err = live->writer_runs && live->clock_runs ? MQT_OK : MQT_ERR_MEMORY;
    }
    if (err) {
        (void)mqt_fail(detail, err, "the live thread cannot be started");
        mqt_live_stop(live);
        return err;
    }
    *out = live;
    return MQT_OK;
}

void mqt_live_stop(struct mqt_live *live)
{
    if (!live) {
        return;
    }
    if (live->stop_fd >= 0) {
        uint64_t one = 1;
        ssize_t written = write(live->stop_fd, &one, sizeof one);
        (void)written; /* fails only when it is readable already */
    }
    if (live->writer_runs) {
        pthread_join(live->writer, NULL);
    }
    if (live->clock_runs) {
        pthread_join(live->clock, NULL);
    }
    mqt_refresh_free(live->refresh);
    mqt_hub_free(live->hub);
    mqt_db_pool_free(live->pool);
    if (live->stop_fd >= 0) {
        (void)close(live->stop_fd);
    }
    pthread_cond_destroy(&live->changed);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

enum mqt_err mqt_live_wait_ready(struct mqt_live *live, int timeout_ms, struct mqt_detail *detail)
{
    int64_t deadline = monotonic_ms() + timeout_ms;
    struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
    enum mqt_err err = MQT_OK;
    pthread_mutex_lock(&live->lock);
    while (!live->ready && !err) {
        if (pthread_cond_timedwait(&live->changed, &live->lock, &until) == ETIMEDOUT && !live->ready) {
            err = mqt_fail(detail, MQT_ERR_TIMEOUT, "%s", live->problem);
        }
    }
    pthread_mutex_unlock(&live->lock);
    return err;
}

enum mqt_err mqt_live_subscribe(struct mqt_live *live, const char *last_event_id, const struct mqt_live_filter *filter,
                                void (*wake)(void *user), void *user, struct mqt_live_subscription **subscription)
{
    return mqt_hub_subscribe(live->hub, last_event_id, filter, wake, user, subscription);
}

void mqt_live_stats(struct mqt_live *live, struct mqt_live_stats *stats)
{
    pthread_mutex_lock(&live->lock);
    *stats = live->stats;
    pthread_mutex_unlock(&live->lock);
    stats->subscribers = mqt_hub_subscribers(live->hub);
}
