#include "http.h"

#include "jobs.h"
#include "listener.h"
#include "metrics.h"
#include "respond.h"
#include "streams.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SECOND_US ((int64_t)1000000)
#define REQUEST_US (10 * SECOND_US) /* for headers and body to arrive */
#define IDLE_US (75 * SECOND_US)    /* between requests of one connection, the next one's headers included */
#define ANSWER_US (120 * SECOND_US) /* for an answer to be made and fetched */
#define INACTIVE_S 30               /* without a byte either way */
#define CONNECTION_BYTES ((size_t)16 * 1024)
#define STREAM_BLOCK_BYTES ((size_t)4096)
#define MAX_REQUEST_BODY ((size_t)64 * 1024)
#define WORKERS 2 /* for what may wait for the database */
#define MAX_WAITING 64
#define MAX_RENDERS 2048 /* a screen of cold tiles is some fifty */
/* Connections may slip past the count while the library has not yet announced the ones before them;
 * its own limit lies this far above ours, so that it never makes anyone wait. */
#define LIBRARY_SLACK 1024

enum stage {
    STAGE_IDLE,
    STAGE_ARRIVING, /* the request line is here */
    STAGE_BODY,     /* headers are here */
    STAGE_WAITING,  /* suspended: another thread makes the answer */
    STAGE_ANSWERED, /* the exchange is complete */
};

/* One TCP connection, and the request that is on it. Belongs to its event loop; deadline_us is read
 * by the listener's thread as well, and the list is under the lock of mqt_http. */
struct connection {
    struct mqt_http *http;
    struct connection *next, *previous;
    struct MHD_Connection *library;
    int fd;
    atomic_int_fast64_t deadline_us; /* monotonic; 0: none */
    bool over_limit;
    enum stage stage;
    size_t body_bytes;
    struct mqt_exchange exchange;
    char target[MQT_ROUTE_MAX_URL + 2]; /* cut behind the limit, where the route refuses it */
};

struct mqt_http {
    struct mqt_app *app;
    struct MHD_Daemon *daemon;
    struct mqt_listener *listener;
    struct mqt_jobs *workers;   /* answers that may wait */
    struct mqt_jobs *renderers; /* tiles that are not in the cache */
    struct mqt_streams *streams;
    pthread_mutex_t lock; /* of the list and its count */
    struct connection *connections;
    int connection_count;
};

static int64_t now_us(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static void set_deadline(struct connection *connection, int64_t in_us)
{
    atomic_store_explicit(&connection->deadline_us, in_us ? now_us() + in_us : 0, memory_order_relaxed);
}

/* Event streams. */

static void suspend_connection(void *library)
{
    MHD_suspend_connection(library);
}

static void resume_connection(void *library)
{
    MHD_resume_connection(library);
}

static ssize_t read_stream(void *user, uint64_t position, char *out, size_t room)
{
    (void)position;
    size_t len = 0;
    switch (mqt_stream_read(user, out, room, &len)) {
    case MQT_STREAM_READ:
        return (ssize_t)len;
    case MQT_STREAM_SUSPENDED:
        return 0;
    case MQT_STREAM_ENDED:
        return MHD_CONTENT_READER_END_OF_STREAM;
    case MQT_STREAM_FAILED:
        break;
    }
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static void close_stream(void *user)
{
    mqt_stream_close(user);
}

static enum mqt_err open_stream(struct connection *connection, struct MHD_Response **response,
                                struct mqt_detail *detail)
{
    struct mqt_exchange *exchange = &connection->exchange;
    struct mqt_stream *stream = NULL;
    enum mqt_err err = mqt_stream_open(connection->http->streams, &exchange->request, exchange->headers.last_event_id,
                                       connection->library, &stream, detail);
    if (err) {
        return err;
    }
    struct MHD_Response *made =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, read_stream, stream, close_stream);
    if (!made) {
        mqt_stream_close(stream);
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for another stream");
    }
    *response = made;
    return MQT_OK;
}

/* Answers. */

static void add_header(void *user, const char *name, const char *value)
{
    (void)MHD_add_response_header(user, name, value);
}

static void release_body(void *user)
{
    mqt_block_release(user);
}

static struct MHD_Response *make_body(struct mqt_block *body)
{
    if (!body || mqt_block_len(body) == 0) {
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    /* The library's interface lacks a const; it only reads. */
    union {
        const uint8_t *readable;
        void *plain;
    } bytes = {.readable = mqt_block_bytes(body)};
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        mqt_block_len(body), bytes.plain, release_body, mqt_block_retain(body));
    if (!response) {
        mqt_block_release(body);
    }
    return response;
}

static enum MHD_Result send_answer(struct connection *connection)
{
    struct mqt_app *app = connection->http->app;
    struct mqt_exchange *exchange = &connection->exchange;
    struct MHD_Response *response = NULL;
    struct mqt_detail detail = {0};
    if (exchange->response.stream && exchange->verb == MQT_METHOD_GET) {
        enum mqt_err err = open_stream(connection, &response, &detail);
        if (err) {
            mqt_respond_problem(app, exchange, err, &detail);
        }
    }
    bool streaming = response != NULL;
    if (!response) {
        response = make_body(exchange->response.body);
    }
    enum MHD_Result queued = MHD_NO;
    if (response) {
        mqt_respond_headers(app, exchange, add_header, response);
        if (connection->over_limit) {
            add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
        }
        queued = MHD_queue_response(connection->library, (unsigned)exchange->response.status, response);
        MHD_destroy_response(response);
    }
    set_deadline(connection, streaming ? 0 : ANSWER_US);
    mqt_respond_done(app, exchange);
    return queued;
}

static const char *header(struct connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection->library, MHD_HEADER_KIND, name);
}

static void fill_headers(struct connection *connection)
{
    connection->exchange.headers = (struct mqt_headers){
        .host = header(connection, MHD_HTTP_HEADER_HOST),
        .forwarded_host = header(connection, "X-Forwarded-Host"),
        .forwarded_proto = header(connection, "X-Forwarded-Proto"),
        .if_none_match = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
        .accept_encoding = header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING),
        .authorization = header(connection, MHD_HTTP_HEADER_AUTHORIZATION),
        .cookie = header(connection, MHD_HTTP_HEADER_COOKIE),
        .last_event_id = header(connection, "Last-Event-ID"),
    };
}

static void run_job(void *user)
{
    struct connection *connection = user;
    connection->exchange.quick = false;
    mqt_respond_finish(connection->http->app, &connection->exchange);
    connection->stage = STAGE_ANSWERED;
    MHD_resume_connection(connection->library);
}

static enum MHD_Result answer_later(struct connection *connection, struct mqt_jobs *jobs)
{
    connection->stage = STAGE_WAITING;
    MHD_suspend_connection(connection->library);
    if (mqt_jobs_submit(jobs, run_job, connection)) {
        struct mqt_detail detail = {0};
        enum mqt_err err = mqt_fail(&detail, MQT_ERR_BUSY, "too many requests wait for an answer");
        mqt_respond_problem(connection->http->app, &connection->exchange, err, &detail);
        connection->stage = STAGE_ANSWERED;
        MHD_resume_connection(connection->library);
    }
    return MHD_YES;
}

static enum MHD_Result answer(struct connection *connection, const char *method)
{
    struct mqt_app *app = connection->http->app;
    struct mqt_exchange *exchange = &connection->exchange;
    set_deadline(connection, ANSWER_US);
    exchange->method = method;
    exchange->target = connection->target;
    fill_headers(connection);
    bool complete = mqt_respond_begin(app, exchange);
    if (connection->over_limit) {
        struct mqt_detail detail = {0};
        enum mqt_err err = mqt_fail(&detail, MQT_ERR_BUSY, "there are too many connections");
        mqt_respond_problem(app, exchange, err, &detail);
    } else if (!complete) {
        if (mqt_respond_may_wait(exchange)) {
            return answer_later(connection, connection->http->workers);
        }
        exchange->quick = true;
        mqt_respond_finish(app, exchange);
        if (exchange->postponed) {
            return answer_later(connection, connection->http->renderers);
        }
    }
    connection->stage = STAGE_ANSWERED;
    return send_answer(connection);
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *library, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_len, void **request)
{
    (void)user;
    (void)library;
    (void)url;
    (void)version;
    (void)body;
    struct connection *connection = *request;
    if (!connection) {
        return MHD_NO;
    }
    switch (connection->stage) {
    case STAGE_ARRIVING:
        connection->stage = STAGE_BODY;
        connection->body_bytes = 0;
        return MHD_YES;
    case STAGE_BODY:
        if (*body_len == 0) {
            return answer(connection, method);
        }
        /* Nothing here takes a body: it is passed over, within bounds. */
        connection->body_bytes += *body_len;
        *body_len = 0;
        return connection->body_bytes <= MAX_REQUEST_BODY ? MHD_YES : MHD_NO;
    case STAGE_ANSWERED:
        return send_answer(connection);
    case STAGE_IDLE:
    case STAGE_WAITING:
        break;
    }
    return MHD_NO;
}

/* Connections. */

static struct connection *context_of(struct MHD_Connection *library)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(library, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* Called with the request line as it came, before the library decodes it. */
static void *on_request_line(void *user, const char *target, struct MHD_Connection *library)
{
    (void)user;
    struct connection *connection = context_of(library);
    if (connection) {
        size_t len = strnlen(target, sizeof connection->target - 1);
        memcpy(connection->target, target, len);
        connection->target[len] = '\0';
        connection->stage = STAGE_ARRIVING;
        set_deadline(connection, REQUEST_US);
    }
    return connection;
}

static void on_completed(void *user, struct MHD_Connection *library, void **request,
                         enum MHD_RequestTerminationCode code)
{
    (void)user;
    (void)library;
    (void)code;
    struct connection *connection = *request;
    if (connection) {
        connection->stage = STAGE_IDLE;
        set_deadline(connection, IDLE_US);
    }
}

static void on_opened(struct mqt_http *http, struct MHD_Connection *library, void **context)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(library, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection || !info) {
        free(connection); /* its requests will be refused for want of a context */
        return;
    }
    connection->http = http;
    connection->library = library;
    connection->fd = info->connect_fd;
    set_deadline(connection, REQUEST_US);
    (void)pthread_mutex_lock(&http->lock);
    connection->over_limit = http->connection_count >= http->app->config->max_connections;
    http->connection_count++;
    connection->next = http->connections;
    if (connection->next) {
        connection->next->previous = connection;
    }
    http->connections = connection;
    (void)pthread_mutex_unlock(&http->lock);
    mqt_metrics_gauge(http->app->metrics, MQT_GAUGE_CONNECTIONS, 1);
    *context = connection;
}

/* The socket is still open: the library closes it afterwards. */
static void on_closed(struct mqt_http *http, struct connection *connection)
{
    (void)pthread_mutex_lock(&http->lock);
    *(connection->previous ? &connection->previous->next : &http->connections) = connection->next;
    if (connection->next) {
        connection->next->previous = connection->previous;
    }
    http->connection_count--;
    (void)pthread_mutex_unlock(&http->lock);
    mqt_metrics_gauge(http->app->metrics, MQT_GAUGE_CONNECTIONS, -1);
    mqt_block_release(connection->exchange.response.body); /* made, but never sent */
    free(connection);
}

static void on_connection(void *user, struct MHD_Connection *library, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        on_opened(user, library, context);
    } else if (*context) {
        on_closed(user, *context);
        *context = NULL;
    }
}

static bool has_room(void *user)
{
    struct mqt_http *http = user;
    (void)pthread_mutex_lock(&http->lock);
    bool room = http->connection_count < http->app->config->max_connections;
    (void)pthread_mutex_unlock(&http->lock);
    return room;
}

static void take_connection(void *user, int fd, const struct sockaddr *address, socklen_t address_len)
{
    struct mqt_http *http = user;
    /* On failure the library closes the socket by itself. */
    if (MHD_add_connection(http->daemon, fd, address, address_len) != MHD_YES) {
        mqt_metrics_count(http->app->metrics, MQT_COUNTER_TURNED_AWAY);
    }
}

static void turned_away(void *user)
{
    struct mqt_http *http = user;
    mqt_metrics_count(http->app->metrics, MQT_COUNTER_TURNED_AWAY);
}

/* A socket that is shut down looks to its event loop as if the client had left. */
static void cut_off_late_ones(void *user)
{
    struct mqt_http *http = user;
    int64_t now = now_us();
    (void)pthread_mutex_lock(&http->lock);
    for (struct connection *one = http->connections; one; one = one->next) {
        int64_t deadline = atomic_load_explicit(&one->deadline_us, memory_order_relaxed);
        if (deadline && now > deadline) {
            (void)shutdown(one->fd, SHUT_RDWR);
            atomic_store_explicit(&one->deadline_us, 0, memory_order_relaxed);
            mqt_metrics_count(http->app->metrics, MQT_COUNTER_CUT_OFF);
        }
    }
    (void)pthread_mutex_unlock(&http->lock);
}

/* Start and stop. */

static struct MHD_Daemon *start_library(struct mqt_http *http)
{
    const struct mqt_config *config = http->app->config;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, http,                                         //
                            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)config->threads,                         //
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)config->max_connections + LIBRARY_SLACK, //
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)INACTIVE_S,                            //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,                           //
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,                              //
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,                                //
                            MHD_OPTION_URI_LOG_CALLBACK, on_request_line, http,                             //
                            MHD_OPTION_STRICT_FOR_CLIENT, 1,                                                //
                            MHD_OPTION_END);
}

enum mqt_err mqt_http_start(struct mqt_app *app, struct mqt_http **http, struct mqt_detail *detail)
{
    struct mqt_http *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory to start");
    }
    fresh->app = app;
    (void)pthread_mutex_init(&fresh->lock, NULL);
    struct mqt_listener_config config = {
        .address = app->config->listen,
        .port = app->config->port,
        .has_room = has_room,
        .take = take_connection,
        .turned_away = turned_away,
        .tick = cut_off_late_ones,
        .user = fresh,
    };
    enum mqt_err err = mqt_listener_open(&config, &fresh->listener, detail);
    if (!err) {
        err = mqt_streams_new(app, suspend_connection, resume_connection, &fresh->streams);
    }
    if (!err) {
        err = mqt_jobs_new(WORKERS, MAX_WAITING, &fresh->workers);
    }
    if (!err) {
        err = mqt_jobs_new(app->config->threads, MAX_RENDERS, &fresh->renderers);
    }
    if (!err) {
        fresh->daemon = start_library(fresh);
        err = fresh->daemon ? mqt_listener_run(fresh->listener) : MQT_ERR_IO;
    }
    if (err) {
        mqt_http_stop(fresh);
        return detail->text[0] ? err : mqt_fail(detail, err, "the HTTP library does not start");
    }
    *http = fresh;
    return MQT_OK;
}

uint16_t mqt_http_port(const struct mqt_http *http)
{
    return mqt_listener_port(http->listener);
}

void mqt_http_stop(struct mqt_http *http)
{
    if (!http) {
        return;
    }
    mqt_listener_close(http->listener);
    if (http->streams) {
        mqt_streams_end(http->streams);
    }
    mqt_jobs_stop(http->workers);
    mqt_jobs_stop(http->renderers);
    if (http->daemon) {
        MHD_stop_daemon(http->daemon);
    }
    mqt_jobs_free(http->workers);
    mqt_jobs_free(http->renderers);
    mqt_streams_free(http->streams);
    (void)pthread_mutex_destroy(&http->lock);
    free(http);
}
