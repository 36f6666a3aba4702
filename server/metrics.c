#include "metrics.h"

#include "answers.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_CLASSES 6 /* 0xx never happens */
#define BUCKET_COUNT 8
#define MAX_TEXT ((size_t)1 << 20)

static const int64_t bucket_us[BUCKET_COUNT] = {100, 300, 1000, 3000, 10000, 30000, 100000, 1000000};

struct mqt_metrics {
    atomic_uint_fast64_t requests[MQT_ROUTE_COUNT][STATUS_CLASSES];
    atomic_uint_fast64_t buckets[MQT_ROUTE_COUNT][BUCKET_COUNT + 1]; /* the last one holds the rest */
    atomic_uint_fast64_t took_us[MQT_ROUTE_COUNT];
    atomic_uint_fast64_t body_bytes;
    atomic_int_fast64_t gauges[MQT_GAUGE_COUNT];
    atomic_uint_fast64_t counters[MQT_COUNTER_COUNT];
};

enum mqt_err mqt_metrics_new(struct mqt_metrics **metrics)
{
    struct mqt_metrics *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    *metrics = fresh;
    return MQT_OK;
}

void mqt_metrics_free(struct mqt_metrics *metrics)
{
    free(metrics);
}

static void add(atomic_uint_fast64_t *counter, uint64_t amount)
{
    (void)atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

static uint64_t get(atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void mqt_metrics_request(struct mqt_metrics *metrics, enum mqt_route route, int status, size_t body_bytes,
                         int64_t took_us)
{
    size_t bucket = 0;
    while (bucket < BUCKET_COUNT && took_us > bucket_us[bucket]) {
        bucket++;
    }
    add(&metrics->requests[route][status / 100 % STATUS_CLASSES], 1);
    add(&metrics->buckets[route][bucket], 1);
    add(&metrics->took_us[route], (uint64_t)took_us);
    add(&metrics->body_bytes, body_bytes);
}

void mqt_metrics_gauge(struct mqt_metrics *metrics, enum mqt_gauge gauge, int change)
{
    (void)atomic_fetch_add_explicit(&metrics->gauges[gauge], change, memory_order_relaxed);
}

void mqt_metrics_count(struct mqt_metrics *metrics, enum mqt_counter counter)
{
    add(&metrics->counters[counter], 1);
}

static void put(struct mqt_buf *out, const char *name, const char *kind, const char *help, double value)
{
    mqt_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", name, help, name, kind, name, value);
}

static void put_requests(struct mqt_metrics *metrics, struct mqt_buf *out)
{
    mqt_buf_add_str(out, "# HELP mqt_http_requests_total Requests answered.\n"
                         "# TYPE mqt_http_requests_total counter\n");
    for (int route = 0; route < MQT_ROUTE_COUNT; route++) {
        for (int class = 1; class < STATUS_CLASSES; class ++) {
            uint64_t count = get(&metrics->requests[route][class]);
            if (count > 0) {
                mqt_buf_printf(out, "mqt_http_requests_total{route=\"%s\",status=\"%dxx\"} %llu\n",
                               mqt_route_name((enum mqt_route)route), class, (unsigned long long)count);
            }
        }
    }
    mqt_buf_add_str(out, "# HELP mqt_http_request_seconds Time from the request to its complete response.\n"
                         "# TYPE mqt_http_request_seconds histogram\n");
    for (int route = 0; route < MQT_ROUTE_COUNT; route++) {
        const char *name = mqt_route_name((enum mqt_route)route);
        uint64_t below = 0;
        for (size_t bucket = 0; bucket < BUCKET_COUNT; bucket++) {
            below += get(&metrics->buckets[route][bucket]);
            mqt_buf_printf(out, "mqt_http_request_seconds_bucket{route=\"%s\",le=\"%g\"} %llu\n", name,
                           (double)bucket_us[bucket] / 1e6, (unsigned long long)below);
        }
        below += get(&metrics->buckets[route][BUCKET_COUNT]);
        mqt_buf_printf(out,
                       "mqt_http_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n"
                       "mqt_http_request_seconds_sum{route=\"%s\"} %.6f\n"
                       "mqt_http_request_seconds_count{route=\"%s\"} %llu\n",
                       name, (unsigned long long)below, name, (double)get(&metrics->took_us[route]) / 1e6, name,
                       (unsigned long long)below);
    }
    put(out, "mqt_http_body_bytes_total", "counter", "Bytes of response bodies.", (double)get(&metrics->body_bytes));
    put(out, "mqt_http_connections", "gauge", "Connections open now.",
        (double)atomic_load(&metrics->gauges[MQT_GAUGE_CONNECTIONS]));
    put(out, "mqt_http_streams", "gauge", "Event streams open now.",
        (double)atomic_load(&metrics->gauges[MQT_GAUGE_STREAMS]));
    put(out, "mqt_http_turned_away_total", "counter", "Connections refused because there were too many.",
        (double)get(&metrics->counters[MQT_COUNTER_TURNED_AWAY]));
    put(out, "mqt_http_cut_off_total", "counter", "Connections closed because they were too slow.",
        (double)get(&metrics->counters[MQT_COUNTER_CUT_OFF]));
}

static void put_cache(struct mqt_cache *cache, struct mqt_buf *out)
{
    struct mqt_cache_stats stats;
    mqt_cache_stats(cache, &stats);
    put(out, "mqt_cache_hits_total", "counter", "Answers taken from the cache.", (double)stats.hits);
    put(out, "mqt_cache_misses_total", "counter", "Answers rendered.", (double)stats.misses);
    put(out, "mqt_cache_waits_total", "counter", "Requests that waited for another one's render.", (double)stats.waits);
    put(out, "mqt_cache_evictions_total", "counter", "Entries dropped for room.", (double)stats.evictions);
    put(out, "mqt_cache_entries", "gauge", "Entries held.", (double)stats.entries);
    put(out, "mqt_cache_bytes", "gauge", "Bytes held.", (double)stats.bytes);
}

static void put_live(struct mqt_live *live, struct mqt_buf *out)
{
    struct mqt_live_stats stats;
    mqt_live_stats(live, &stats);
    put(out, "mqt_feed_readings_total", "counter", "Readings of the change feed.", (double)stats.readings);
    put(out, "mqt_feed_resyncs_total", "counter", "Times everything was loaded anew.", (double)stats.resyncs);
    put(out, "mqt_feed_reconnects_total", "counter", "Times the database was lost and found.",
        (double)stats.reconnects);
    put(out, "mqt_feed_changes_total", "counter", "Changed features applied.", (double)stats.changes);
    put(out, "mqt_feed_events_total", "counter", "Events for streams.", (double)stats.events);
    put(out, "mqt_feed_apply_seconds", "gauge", "From seeing the last change to serving it.",
        (double)stats.last_apply_us / 1e6);
}

static void put_district(struct mqt_app *app, const struct mqt_registry_status *status, struct mqt_buf *out)
{
    put(out, "mqt_ready", "gauge", "1 once all layers are in memory.", status->ready);
    put(out, "mqt_database_up", "gauge", "1 while the database can be reached.", status->database_up);
    put(out, "mqt_data_as_of_seconds", "gauge", "Unix time of the data served.", (double)status->data_as_of_us / 1e6);
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    mqt_buf_add_str(out, "# HELP mqt_layer_features Features of a layer in memory.\n# TYPE mqt_layer_features gauge\n");
    for (size_t i = 0; i < view->layer_count; i++) {
        if (view->layers[i].snapshot) {
            mqt_buf_printf(out, "mqt_layer_features{layer=\"%s\"} %zu\n", view->layers[i].catalog->id,
                           mqt_layer_count(view->layers[i].snapshot));
        }
    }
    mqt_buf_add_str(out, "# HELP mqt_layer_bytes Memory held by a layer.\n# TYPE mqt_layer_bytes gauge\n");
    for (size_t i = 0; i < view->layer_count; i++) {
        if (view->layers[i].snapshot) {
            mqt_buf_printf(out, "mqt_layer_bytes{layer=\"%s\"} %zu\n", view->layers[i].catalog->id,
                           mqt_layer_bytes(view->layers[i].snapshot));
        }
    }
    put(out, "mqt_tickets", "gauge", "Tickets in the heat.", view->heat ? (double)mqt_heat_count(view->heat) : 0);
    mqt_registry_view_release(view);
}

enum mqt_err mqt_answer_metrics(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_TEXT);
    mqt_buf_printf(&out,
                   "# HELP mqt_build_info Version of the program.\n# TYPE mqt_build_info gauge\n"
                   "mqt_build_info{version=\"%s\"} 1\n",
                   MQT_VERSION);
    put_requests(app->metrics, &out);
    put_cache(app->cache, &out);
    put_live(app->live, &out);
    put_district(app, &exchange->status, &out);
    enum mqt_err err = mqt_respond_bytes(exchange, "text/plain; version=0.0.4; charset=utf-8", &out, detail);
    mqt_buf_clear(&out);
    return err;
}

enum mqt_err mqt_answer_healthz(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    (void)app;
    struct mqt_buf out;
    mqt_buf_init(&out, 16);
    mqt_buf_add_str(&out, "ok\n");
    enum mqt_err err = mqt_respond_bytes(exchange, "text/plain; charset=utf-8", &out, detail);
    mqt_buf_clear(&out);
    return err;
}

enum mqt_err mqt_answer_readyz(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    (void)app;
    const struct mqt_registry_status *status = &exchange->status;
    bool good = status->ready && status->database_up;
    const char *cause = status->cause[0] ? status->cause : status->ready ? "" : "the layers are being loaded";
    struct mqt_buf out;
    mqt_buf_init(&out, 2048);
    mqt_buf_printf(&out, "{\"ready\":%s,\"loaded\":%s,\"database\":\"%s\",\"cause\":", good ? "true" : "false",
                   status->ready ? "true" : "false", status->database_up ? "up" : "down");
    mqt_add_json_string(&out, cause, strlen(cause));
    mqt_buf_add_str(&out, ",\"data_as_of\":");
    mqt_add_json_time(&out, status->data_as_of_us);
    mqt_buf_add_str(&out, "}\n");
    enum mqt_err err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    mqt_buf_clear(&out);
    if (!err && !good) {
        exchange->response.status = 503;
        exchange->response.retry_after_s = 1;
    }
    return err;
}
