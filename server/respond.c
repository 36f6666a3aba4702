#include "respond.h"

#include "answers.h"
#include "events.h"
#include "metrics.h"
#include "negotiate.h"

#include "../tiles/deflate.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MAX_PROBLEM 8192
#define LEAST_GZIP_BYTES 512
#define LARGEST_HASHED_BYTES ((size_t)4 << 20)

static const struct {
    int status;
    int retry_after_s;
    const char *title;
    const char *instead; /* what a client is told; NULL: the detail itself */
} problems[MQT_ERR_COUNT] = {
    [MQT_OK] = {500, 0, "Internal error", NULL},
    [MQT_ERR_PARAM] = {400, 0, "Bad parameter", NULL},
    [MQT_ERR_NOT_FOUND] = {404, 0, "Not found", NULL},
    [MQT_ERR_FORMAT] = {400, 0, "Malformed data", NULL},
    [MQT_ERR_GEOMETRY] = {400, 0, "Unusable geometry", NULL},
    [MQT_ERR_LIMIT] = {413, 0, "Too large", NULL},
    [MQT_ERR_MEMORY] = {503, 5, "Out of memory", NULL},
    [MQT_ERR_BUSY] = {503, 1, "Busy", NULL},
    [MQT_ERR_TIMEOUT] = {504, 0, "Took too long", "the answer took longer than is allowed"},
    [MQT_ERR_UNAVAILABLE] = {503, 2, "Database unavailable",
                             "the database cannot be reached; what is in memory is still served"},
    [MQT_ERR_DB] = {500, 0, "Database error", "the database refused to answer"},
    [MQT_ERR_IO] = {500, 0, "Internal error", "the server could not read what it needs"},
    [MQT_ERR_DENIED] = {401, 0, "Token needed", NULL},
};

static const struct {
    mqt_answer_fn answer; /* NULL: an event stream */
    bool may_wait;        /* for the database, or for a scan of a whole layer or of all tickets */
} answers[MQT_ROUTE_COUNT] = {
    [MQT_ROUTE_PAGE] = {mqt_answer_page, false},
    [MQT_ROUTE_HEALTHZ] = {mqt_answer_healthz, false},
    [MQT_ROUTE_READYZ] = {mqt_answer_readyz, false},
    [MQT_ROUTE_METRICS] = {mqt_answer_metrics, false},
    [MQT_ROUTE_TILE_LIST] = {mqt_answer_tile_list, false},
    [MQT_ROUTE_TILEJSON] = {mqt_answer_tilejson, false},
    [MQT_ROUTE_MVT] = {mqt_answer_mvt, false},
    [MQT_ROUTE_PNG] = {mqt_answer_png, false},
    [MQT_ROUTE_HEAT] = {mqt_answer_heat, false},
    [MQT_ROUTE_HEAT_INFO] = {mqt_answer_heat_info, true},
    [MQT_ROUTE_STYLE] = {mqt_answer_style, false},
    [MQT_ROUTE_COLLECTIONS] = {mqt_answer_collections, false},
    [MQT_ROUTE_COLLECTION] = {mqt_answer_collection, false},
    [MQT_ROUTE_ITEMS] = {mqt_answer_items, true},
    [MQT_ROUTE_ITEM] = {mqt_answer_item, true},
    [MQT_ROUTE_STATS_SUMMARY] = {mqt_answer_stats_summary, true},
    [MQT_ROUTE_STATS_BUILDING] = {mqt_answer_stats_building, false},
    [MQT_ROUTE_STATS_UNITS] = {mqt_answer_stats_units, true},
    [MQT_ROUTE_AREAS] = {mqt_answer_areas, false},
    [MQT_ROUTE_AREA] = {mqt_answer_areas, false},
    [MQT_ROUTE_STATS_TICKETS] = {mqt_answer_stats_tickets, false},
    [MQT_ROUTE_SEARCH] = {mqt_answer_search, true},
    [MQT_ROUTE_LIVE] = {NULL, false},
};

static int64_t now_us(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

uint64_t mqt_hash(uint64_t hash, const void *bytes, size_t len)
{
    const uint8_t *byte = bytes;
    hash ^= 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ byte[i]) * 0x100000001b3u;
    }
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

void mqt_add_json_string(struct mqt_buf *out, const char *text, size_t len)
{
    mqt_buf_add_byte(out, '"');
    size_t plain = 0; /* start of what needs no escape */
    for (size_t i = 0; i < len; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        mqt_buf_add(out, text + plain, i - plain);
        plain = i + 1;
        if (c < 0x20) {
            mqt_buf_printf(out, "\\u%04x", c);
        } else {
            mqt_buf_add_byte(out, '\\');
            mqt_buf_add_byte(out, c);
        }
    }
    mqt_buf_add(out, text + plain, len - plain);
    mqt_buf_add_byte(out, '"');
}

void mqt_add_json_time(struct mqt_buf *out, int64_t time_us)
{
    char text[MQT_TIME_BYTES];
    if (time_us <= 0) {
        mqt_buf_add_str(out, "null");
        return;
    }
    mqt_time_iso(time_us, text);
    mqt_buf_printf(out, "\"%s\"", text);
}

void mqt_add_json_box(struct mqt_buf *out, struct mqt_box box)
{
    double west = 0;
    double south = 0;
    double east = 0;
    double north = 0;
    if (mqt_box_is_empty(box)) {
        mqt_buf_add_str(out, "null");
        return;
    }
    mqt_grid_to_degrees((struct mqt_point){box.min_x, box.max_y}, &west, &south);
    mqt_grid_to_degrees((struct mqt_point){box.max_x, box.min_y}, &east, &north);
    mqt_buf_printf(out, "[%.7f,%.7f,%.7f,%.7f]", west, south, east, north);
}

enum mqt_err mqt_respond_bytes(struct mqt_exchange *exchange, const char *content_type, struct mqt_buf *bytes,
                               struct mqt_detail *detail)
{
    struct mqt_block *block = NULL;
    enum mqt_err err = mqt_block_take(bytes, &block);
    if (err) {
        return mqt_fail(detail, err, "the answer is larger than the server is willing to make");
    }
    mqt_block_release(exchange->response.body);
    exchange->response.body = block;
    exchange->response.content_type = content_type;
    exchange->response.status = 200;
    return MQT_OK;
}

enum mqt_err mqt_respond_cached(struct mqt_app *app, struct mqt_exchange *exchange, const char *key, size_t key_len,
                                size_t max_block, mqt_cache_make_fn make, void *user, struct mqt_block **block,
                                struct mqt_detail *detail)
{
    if (!exchange->quick) {
        return mqt_cache_get(app->cache, key, key_len, max_block, make, user, block, detail);
    }
    exchange->postponed = !mqt_cache_find(app->cache, key, key_len, block);
    return MQT_OK;
}

bool mqt_respond_not_modified(struct mqt_exchange *exchange, const char *etag)
{
    (void)snprintf(exchange->response.etag, sizeof exchange->response.etag, "%s", etag);
    if (!mqt_etag_listed(exchange->headers.if_none_match, exchange->response.etag)) {
        return false;
    }
    exchange->response.status = 304;
    return true;
}

static void add_problem(enum mqt_err err, int status, const char *title, const struct mqt_detail *detail,
                        struct mqt_buf *out)
{
    const char *sentence = problems[err].instead ? problems[err].instead : detail->text;
    mqt_buf_printf(out, "{\"type\":\"urn:minqingtu:problem:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":",
                   mqt_err_name(err), title, status);
    mqt_add_json_string(out, sentence, strlen(sentence));
    if (detail->field[0]) {
        mqt_buf_add_str(out, ",\"parameter\":");
        mqt_add_json_string(out, detail->field, strlen(detail->field));
    }
    mqt_buf_add_str(out, "}\n");
}

static void respond_problem_with(struct mqt_exchange *exchange, enum mqt_err err, int status, const char *title,
                                 const struct mqt_detail *detail)
{
    mqt_block_release(exchange->response.body);
    exchange->response = (struct mqt_response){.status = status, .retry_after_s = problems[err].retry_after_s};
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_PROBLEM);
    add_problem(err, status, title, detail, &out);
    if (!mqt_block_take(&out, &exchange->response.body)) {
        exchange->response.content_type = "application/problem+json";
        exchange->response.cache_control = "no-store";
    }
    mqt_buf_clear(&out);
}

void mqt_respond_problem(struct mqt_app *app, struct mqt_exchange *exchange, enum mqt_err err,
                         const struct mqt_detail *detail)
{
    assert(err > MQT_OK && err < MQT_ERR_COUNT);
    if (problems[err].status >= 500) {
        /* A crowd must not fill the log as well; the metrics count it. */
        enum mqt_log_level level = err == MQT_ERR_BUSY ? MQT_LOG_DEBUG : MQT_LOG_WARN;
        mqt_log(app->log, level, "request-failed", "%s: %s (%s)", mqt_route_name(exchange->request.route), detail->text,
                mqt_err_name(err));
    }
    respond_problem_with(exchange, err, problems[err].status, problems[err].title, detail);
}

static bool is_allowed(const struct mqt_app *app, struct mqt_exchange *exchange)
{
    const char *token = app->config->view_token;
    const struct mqt_headers *headers = &exchange->headers;
    if (!token || exchange->request.route == MQT_ROUTE_HEALTHZ) {
        return true;
    }
    if (!mqt_token_given(token, headers->authorization, headers->cookie, exchange->request.token)) {
        return false;
    }
    /* A link with the token opens a page once; the cookie carries it from there. */
    exchange->response.set_cookie = exchange->request.route == MQT_ROUTE_PAGE && exchange->request.token[0];
    return true;
}

bool mqt_respond_begin(struct mqt_app *app, struct mqt_exchange *exchange)
{
    struct mqt_detail detail = {0};
    exchange->start_us = now_us(CLOCK_MONOTONIC);
    exchange->request.route = MQT_ROUTE_PAGE;
    exchange->request.token[0] = '\0'; /* nothing is known of the request until it was parsed */
    exchange->response = (struct mqt_response){.status = 200};
    exchange->verb = mqt_route_method(exchange->method);
    mqt_registry_status(app->registry, &exchange->status);
    if (exchange->verb == MQT_METHOD_OTHER) {
        (void)mqt_fail(&detail, MQT_ERR_PARAM, "only GET, HEAD and OPTIONS are allowed here");
        respond_problem_with(exchange, MQT_ERR_PARAM, 405, "Method not allowed", &detail);
        return true;
    }
    if (exchange->verb == MQT_METHOD_OPTIONS) {
        exchange->response.status = 204;
        return true;
    }
    enum mqt_err err = mqt_route_parse(exchange->target, strlen(exchange->target), &exchange->request, &detail);
    if (!is_allowed(app, exchange)) {
        err = mqt_fail(&detail, MQT_ERR_DENIED,
                       "send the view token as Authorization: Bearer, or open a page with ?token=");
    }
    if (err) {
        mqt_respond_problem(app, exchange, err, &detail);
        return true;
    }
    exchange->gzip = mqt_accepts_gzip(exchange->headers.accept_encoding);
    char fallback[96];
    (void)snprintf(fallback, sizeof fallback, "%s:%u", app->config->listen, app->config->port);
    mqt_base_url(exchange->headers.forwarded_proto, exchange->headers.forwarded_host, exchange->headers.host, fallback,
                 exchange->base_url, sizeof exchange->base_url);
    if (!answers[exchange->request.route].answer) {
        exchange->response.stream = true;
        exchange->response.content_type = "text/event-stream";
        exchange->response.cache_control = "no-store";
        return true;
    }
    return false;
}

bool mqt_respond_may_wait(const struct mqt_exchange *exchange)
{
    return answers[exchange->request.route].may_wait;
}

static bool is_text(const char *content_type)
{
    return content_type && (strncmp(content_type, "text/", 5) == 0 || strstr(content_type, "json") ||
                            strstr(content_type, "javascript") || strstr(content_type, "svg"));
}

/* Documents that nobody compressed or tagged yet. */
static void compress_and_tag(struct mqt_exchange *exchange)
{
    struct mqt_response *response = &exchange->response;
    if (!response->body || response->status != 200 || response->gzipped) {
        return;
    }
    size_t len = mqt_block_len(response->body);
    bool compressible = is_text(response->content_type) && len >= LEAST_GZIP_BYTES;
    bool compress = compressible && exchange->gzip;
    response->varies = response->varies || compressible;
    if (!response->etag[0] && len <= LARGEST_HASHED_BYTES) {
        char etag[32];
        (void)snprintf(etag, sizeof etag, "%016llx%s",
                       (unsigned long long)mqt_hash(0, mqt_block_bytes(response->body), len), compress ? "-g" : "");
        if (mqt_respond_not_modified(exchange, etag)) {
            mqt_block_release(response->body);
            response->body = NULL;
            return;
        }
    }
    if (!compress) {
        return;
    }
    struct mqt_buf packed;
    struct mqt_block *block = NULL;
    mqt_buf_init(&packed, len + 1024);
    if (!mqt_gzip(mqt_block_bytes(response->body), len, &packed) && !mqt_block_take(&packed, &block)) {
        mqt_block_release(response->body);
        response->body = block;
        response->gzipped = true;
    }
    mqt_buf_clear(&packed);
}

void mqt_respond_finish(struct mqt_app *app, struct mqt_exchange *exchange)
{
    struct mqt_detail detail = {0};
    exchange->postponed = false;
    enum mqt_err err = answers[exchange->request.route].answer(app, exchange, &detail);
    if (err) {
        mqt_respond_problem(app, exchange, err, &detail);
    } else if (!exchange->postponed) {
        compress_and_tag(exchange);
    }
}

void mqt_respond_done(struct mqt_app *app, struct mqt_exchange *exchange)
{
    struct mqt_response *response = &exchange->response;
    mqt_metrics_request(app->metrics, exchange->request.route, response->status,
                        response->body ? mqt_block_len(response->body) : 0,
                        now_us(CLOCK_MONOTONIC) - exchange->start_us);
    mqt_block_release(response->body);
    response->body = NULL;
}

static void data_headers(const struct mqt_exchange *exchange, mqt_header_fn add, void *user)
{
    const struct mqt_registry_status *status = &exchange->status;
    char text[40];
    add(user, "Access-Control-Allow-Origin", "*");
    add(user, "Access-Control-Expose-Headers", "ETag, Link, Retry-After, X-Data-As-Of, X-Data-Stale");
    if (status->data_as_of_us > 0) {
        mqt_time_iso(status->data_as_of_us, text);
        add(user, "X-Data-As-Of", text);
        if (!status->database_up) {
            int64_t age_us = now_us(CLOCK_REALTIME) - status->data_as_of_us;
            (void)snprintf(text, sizeof text, "%lld", (long long)(age_us > 0 ? age_us / 1000000 : 0));
            add(user, "X-Data-Stale", text);
        }
    }
}

static void page_headers(const struct mqt_app *app, const struct mqt_exchange *exchange, mqt_header_fn add, void *user)
{
    /* The pages promise that nothing leaves this origin; here the browser is told to enforce it. */
    add(user, "Content-Security-Policy",
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'");
    add(user, "Referrer-Policy", "same-origin");
    if (exchange->response.set_cookie) {
        char cookie[512];
        bool https = strncmp(exchange->base_url, "https", 5) == 0;
        (void)snprintf(cookie, sizeof cookie, MQT_TOKEN_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s",
                       app->config->view_token, https ? "; Secure" : "");
        add(user, "Set-Cookie", cookie);
    }
}

static void status_headers(const struct mqt_exchange *exchange, mqt_header_fn add, void *user)
{
    const struct mqt_response *response = &exchange->response;
    if (response->status == 401) {
        add(user, "WWW-Authenticate", "Bearer realm=\"minqingtu\"");
    }
    if (response->status == 405 || exchange->verb == MQT_METHOD_OPTIONS) {
        add(user, "Allow", "GET, HEAD, OPTIONS");
    }
    if (exchange->verb == MQT_METHOD_OPTIONS) {
        add(user, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        add(user, "Access-Control-Allow-Headers", "Authorization, Cache-Control, If-None-Match, Last-Event-ID");
        add(user, "Access-Control-Max-Age", "86400");
    }
    if (response->retry_after_s > 0) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", response->retry_after_s);
        add(user, "Retry-After", text);
    }
}

void mqt_respond_headers(const struct mqt_app *app, const struct mqt_exchange *exchange, mqt_header_fn add, void *user)
{
    const struct mqt_response *response = &exchange->response;
    char text[1100];
    if (response->content_type && response->status != 204 && response->status != 304) {
        add(user, "Content-Type", response->content_type);
        add(user, "X-Content-Type-Options", "nosniff");
    }
    if (response->gzipped) {
        add(user, "Content-Encoding", "gzip");
    }
    if (response->varies) {
        add(user, "Vary", "Accept-Encoding");
    }
    if (response->etag[0]) {
        (void)snprintf(text, sizeof text, "\"%s\"", response->etag);
        add(user, "ETag", text);
    }
    if (response->next_link[0]) {
        (void)snprintf(text, sizeof text, "<%s>; rel=\"next\"", response->next_link);
        add(user, "Link", text);
    }
    if (response->stream) {
        add(user, "X-Accel-Buffering", "no"); /* a proxy in front must pass events on at once */
    }
    add(user, "Cache-Control", response->cache_control ? response->cache_control : "no-cache");
    status_headers(exchange, add, user);
    if (response->is_page) {
        page_headers(app, exchange, add, user);
    } else {
        data_headers(exchange, add, user);
    }
}
