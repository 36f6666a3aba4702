#include "streams.h"

#include "metrics.h"
#include "sse.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define END_S 3

/* Whoever holds the lock may suspend or resume the connection. */
struct mqt_stream {
    struct mqt_streams *all;
    struct mqt_stream *next, *previous;
    void *connection;
    struct mqt_sse *sse;
    pthread_mutex_t lock;
    bool pending; /* something may have come since the last reading */
    bool suspended;
    atomic_bool ending;
};

struct mqt_streams {
    struct mqt_app *app;
    mqt_stream_switch_fn suspend, resume;
    pthread_mutex_t lock; /* of the rest */
    pthread_cond_t closed;
    struct mqt_stream *first;
    int count;
    bool ending;
};

enum mqt_err mqt_streams_new(struct mqt_app *app, mqt_stream_switch_fn suspend, mqt_stream_switch_fn resume,
                             struct mqt_streams **streams)
{
    struct mqt_streams *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    fresh->app = app;
    fresh->suspend = suspend;
    fresh->resume = resume;
    (void)pthread_mutex_init(&fresh->lock, NULL);
    (void)pthread_cond_init(&fresh->closed, NULL);
    *streams = fresh;
    return MQT_OK;
}

void mqt_streams_free(struct mqt_streams *streams)
{
    if (streams) {
        (void)pthread_cond_destroy(&streams->closed);
        (void)pthread_mutex_destroy(&streams->lock);
        free(streams);
    }
}

static void wake(void *user)
{
    struct mqt_stream *stream = user;
    (void)pthread_mutex_lock(&stream->lock);
    stream->pending = true;
    if (stream->suspended) {
        stream->suspended = false;
        stream->all->resume(stream->connection);
    }
    (void)pthread_mutex_unlock(&stream->lock);
}

/* True when the stream goes on to read; else its connection was suspended. */
static bool go_on_or_suspend(struct mqt_stream *stream)
{
    (void)pthread_mutex_lock(&stream->lock);
    bool go_on = stream->pending;
    stream->pending = false;
    if (!go_on) {
        stream->suspended = true;
        stream->all->suspend(stream->connection);
    }
    (void)pthread_mutex_unlock(&stream->lock);
    return go_on;
}

enum mqt_stream_state mqt_stream_read(struct mqt_stream *stream, char *out, size_t room, size_t *len)
{
    do {
        size_t got = 0;
        if (stream->ending) {
            return MQT_STREAM_ENDED;
        }
        if (mqt_sse_read(stream->sse, out, room, &got)) {
            return MQT_STREAM_FAILED;
        }
        if (got > 0) {
            *len = got;
            return MQT_STREAM_READ;
        }
    } while (go_on_or_suspend(stream));
    return MQT_STREAM_SUSPENDED;
}

/* false when there are too many, or the server is ending. */
static bool link_stream(struct mqt_streams *streams, struct mqt_stream *stream)
{
    (void)pthread_mutex_lock(&streams->lock);
    bool room = !streams->ending && streams->count < streams->app->config->max_streams;
    if (room) {
        streams->count++;
        stream->next = streams->first;
        if (stream->next) {
            stream->next->previous = stream;
        }
        streams->first = stream;
    }
    (void)pthread_mutex_unlock(&streams->lock);
    return room;
}

enum mqt_err mqt_stream_open(struct mqt_streams *streams, const struct mqt_request *request, const char *last_event_id,
                             void *connection, struct mqt_stream **stream, struct mqt_detail *detail)
{
    struct mqt_stream *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for another stream");
    }
    fresh->all = streams;
    fresh->connection = connection;
    (void)pthread_mutex_init(&fresh->lock, NULL);
    if (!link_stream(streams, fresh)) {
        (void)pthread_mutex_destroy(&fresh->lock);
        free(fresh);
        return mqt_fail(detail, MQT_ERR_BUSY, "there are too many event streams");
    }
    mqt_metrics_gauge(streams->app->metrics, MQT_GAUGE_STREAMS, 1);
    enum mqt_err err = mqt_sse_open(streams->app->live, request, last_event_id, wake, fresh, &fresh->sse, detail);
    if (err) {
        mqt_stream_close(fresh);
        return err;
    }
    *stream = fresh;
    return MQT_OK;
}

void mqt_stream_close(struct mqt_stream *stream)
{
    struct mqt_streams *streams = stream->all;
    mqt_sse_close(stream->sse); /* from here on no news wakes it */
    mqt_metrics_gauge(streams->app->metrics, MQT_GAUGE_STREAMS, -1);
    (void)pthread_mutex_lock(&streams->lock);
    *(stream->previous ? &stream->previous->next : &streams->first) = stream->next;
    if (stream->next) {
        stream->next->previous = stream->previous;
    }
    streams->count--;
    (void)pthread_cond_signal(&streams->closed);
    (void)pthread_mutex_unlock(&streams->lock);
    (void)pthread_mutex_destroy(&stream->lock);
    free(stream);
}

void mqt_streams_end(struct mqt_streams *streams)
{
    struct timespec until = {0};
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += END_S;
    (void)pthread_mutex_lock(&streams->lock);
    streams->ending = true;
    for (struct mqt_stream *stream = streams->first; stream; stream = stream->next) {
        stream->ending = true;
        wake(stream);
    }
    while (streams->count > 0 && pthread_cond_timedwait(&streams->closed, &streams->lock, &until) == 0) {
    }
    (void)pthread_mutex_unlock(&streams->lock);
}
