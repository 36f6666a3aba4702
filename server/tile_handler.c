#include "answers.h"
#include "style_doc.h"

#include "../tiles/deflate.h"
#include "../tiles/draw.h"
#include "../tiles/label.h"
#include "../tiles/mvt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_SOURCES 256
#define LAYER_BUDGET_BYTES ((size_t)1 << 20) /* of one layer in one vector tile, before compression */
#define MAX_TILE_BYTES ((size_t)64 << 20)
#define MVT_MARGIN 4   /* 256ths: MQT_MVT_BUFFER of MQT_MVT_EXTENT */
#define PNG_MARGIN 256 /* a label of the next tile may reach into this one */
#define DRAWN_COARSE 2 /* a pixel at the most: a tile of 4096 units is shown on 512 to 1024 of them */
#define NEAR_ZOOM 16   /* from here on a tile is small, and what one points at is told at once, from its columns */
#define HOME_ZOOM 16   /* from here on a place in the heat can be a single home */

/* What is drawn, all from one view. */
struct sources {
    size_t count;
    const struct mqt_registry_layer *layers[MAX_SOURCES];
};

/* The cache key, which is also what the tag is made from: everything that the bytes depend on. */
struct key {
    size_t len;
    char text[24576];
};

static void key_add(struct key *key, const char *format, ...) MQT_PRINTF(2, 3);
static void key_add(struct key *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(key->text + key->len, sizeof key->text - key->len, format, args);
    va_end(args);
    if (len > 0) {
        key->len += (size_t)len;
    }
    if (key->len >= sizeof key->text) {
        key->len = sizeof key->text - 1; /* cannot happen: see MAX_SOURCES */
    }
}

static void key_start(struct key *key, const char *kind, const struct mqt_registry_view *view, struct mqt_tile tile)
{
    key->len = 0;
    key_add(key, "%s %s %s %d/%u/%u", kind, MQT_VERSION, view->epoch, tile.z, tile.x, tile.y);
}

static void key_add_sources(struct key *key, const struct sources *sources, struct mqt_tile tile, int margin_256ths)
{
    for (size_t i = 0; i < sources->count; i++) {
        uint64_t version = mqt_registry_tile_version(sources->layers[i], tile, margin_256ths);
        key_add(key, " %s:%llx", sources->layers[i]->catalog->id, (unsigned long long)version);
    }
}

static void key_etag(const struct key *key, char etag[32])
{
    (void)snprintf(etag, 32, "%016llx", (unsigned long long)mqt_hash(0, key->text, key->len));
}

static bool shows(const struct mqt_registry_layer *layer, int z)
{
    return layer->snapshot && z >= layer->catalog->min_zoom && z <= layer->catalog->max_zoom;
}

static void add_source(struct sources *sources, const struct mqt_registry_layer *layer, int z)
{
    if (shows(layer, z) && sources->count < MAX_SOURCES) {
        sources->layers[sources->count++] = layer;
    }
}

static bool is_whole_map(const struct mqt_request *request)
{
    return request->layer_count == 1 && strcmp(request->layers[0], "map") == 0;
}

/* "map" is every layer; otherwise each name must be there, whatever the zoom. */
static enum mqt_err find_sources(const struct mqt_registry_view *view, const struct mqt_request *request,
                                 struct sources *sources, struct mqt_detail *detail)
{
    sources->count = 0;
    if (!view->catalog) {
        return mqt_fail(detail, MQT_ERR_BUSY, "the layers are being loaded");
    }
    if (is_whole_map(request)) {
        for (size_t i = 0; i < view->layer_count; i++) {
            add_source(sources, &view->layers[i], request->tile.z);
        }
        return MQT_OK;
    }
    for (size_t i = 0; i < request->layer_count; i++) {
        const struct mqt_registry_layer *layer = mqt_registry_find(view, request->layers[i]);
        if (!layer || !layer->catalog->resident) {
            return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "layer", "there is no layer '%s'", request->layers[i]);
        }
        if (!layer->snapshot) {
            return mqt_fail_field(detail, MQT_ERR_BUSY, "layer", "layer '%s' is not in memory", request->layers[i]);
        }
        add_source(sources, layer, request->tile.z);
    }
    return MQT_OK;
}

static enum mqt_err get_style(struct mqt_app *app, const struct mqt_request *request,
                              const struct mqt_registry_view *view, const struct mqt_style_doc **style,
                              struct mqt_detail *detail)
{
    enum mqt_err err = mqt_styles_get(app->styles, request->style, view, style, detail);
    return err == MQT_ERR_NOT_FOUND
               ? mqt_fail_field(detail, MQT_ERR_PARAM, "style", "there is no style '%s'", request->style)
               : err;
}

struct mvt_job {
    const struct sources *sources;
    const struct mqt_style_columns *drawn; /* NULL: the layers as they are */
    struct mqt_tile tile;
    bool gzip;
};

static bool has_label_points(const struct mqt_catalog_layer *layer)
{
    return layer->shape == MQT_SHAPE_POLYGON && layer->label_column_count > 0;
}

/* The catalogue can choose other columns for labels without a change in the layer. */
static void key_add_labels(struct key *key, const struct sources *sources)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < sources->count; i++) {
        const struct mqt_catalog_layer *layer = sources->layers[i]->catalog;
        for (size_t j = 0; has_label_points(layer) && j < layer->label_column_count; j++) {
            const uint64_t place[2] = {i, layer->label_columns[j]};
            hash = mqt_hash(hash, place, sizeof place);
        }
    }
    key_add(key, " %llx", (unsigned long long)hash);
}

/* What a style draws with is told by its columns: they may change without a change in the layer. */
static void key_add_drawn(struct key *key, const struct sources *sources, const struct mqt_style_columns *drawn)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < sources->count; i++) {
        size_t count = 0;
        const size_t *columns = mqt_style_columns_of(drawn, sources->layers[i]->catalog->id, &count);
        hash = mqt_hash(hash, &count, sizeof count);
        hash = mqt_hash(hash, columns, count * sizeof *columns);
    }
    key_add(key, " drawn %llx", (unsigned long long)hash);
}

static enum mqt_err put_shapes(const struct mvt_job *job, const struct mqt_registry_layer *layer, struct mqt_buf *out)
{
    const char *name = layer->catalog->id;
    if (!job->drawn) {
        return mqt_mvt_encode(layer->snapshot, name, job->tile, LAYER_BUDGET_BYTES, out, NULL);
    }
    struct mqt_mvt_drawn drawn = {.coarse = DRAWN_COARSE};
    drawn.columns = mqt_style_columns_of(job->drawn, name, &drawn.column_count);
    return mqt_mvt_encode_drawn(layer->snapshot, &drawn, name, job->tile, LAYER_BUDGET_BYTES, out, NULL);
}

/* A layer's shapes, and for polygons with names the points where these hang. */
static enum mqt_err put_layer(const struct mvt_job *job, const struct mqt_registry_layer *layer, struct mqt_buf *out)
{
    const struct mqt_catalog_layer *catalog = layer->catalog;
    enum mqt_err err = put_shapes(job, layer, out);
    if (err || !has_label_points(catalog)) {
        return err;
    }
    char name[80];
    (void)snprintf(name, sizeof name, "%s" MQT_LABEL_LAYER, catalog->id);
    const struct mqt_mvt_label_columns columns = {catalog->label_columns, catalog->label_column_count};
    return mqt_mvt_encode_labels(layer->snapshot, &columns, name, job->tile, LAYER_BUDGET_BYTES, out, NULL);
}

static enum mqt_err make_mvt(void *user, struct mqt_buf *out, struct mqt_detail *detail)
{
    const struct mvt_job *job = user;
    struct mqt_buf plain;
    mqt_buf_init(&plain, MAX_TILE_BYTES);
    struct mqt_buf *target = job->gzip ? &plain : out;
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < job->sources->count; i++) {
        err = put_layer(job, job->sources->layers[i], target);
    }
    if (!err && job->gzip && plain.len > 0) {
        err = mqt_gzip(plain.data, plain.len, out);
    }
    mqt_buf_clear(&plain);
    return err ? mqt_fail(detail, err, "the tile cannot be made") : MQT_OK;
}

static enum mqt_err answer_mvt_from(struct mqt_app *app, struct mqt_exchange *exchange,
                                    const struct mqt_registry_view *view, const struct mqt_style_columns *drawn,
                                    struct mqt_detail *detail)
{
    const struct mqt_request *request = &exchange->request;
    struct mqt_response *response = &exchange->response;
    struct sources sources;
    struct key key;
    char etag[32];
    enum mqt_err err = find_sources(view, request, &sources, detail);
    if (err) {
        return err;
    }
    key_start(&key, exchange->gzip ? "mvt-g" : "mvt", view, request->tile);
    key_add_sources(&key, &sources, request->tile, MVT_MARGIN);
    key_add_labels(&key, &sources);
    if (drawn) {
        key_add_drawn(&key, &sources, drawn);
    }
    key_etag(&key, etag);
    response->varies = true;
    if (mqt_respond_not_modified(exchange, etag)) {
        return MQT_OK;
    }
    response->status = 204;
    if (sources.count == 0) {
        return MQT_OK;
    }
    struct mvt_job job = {&sources, drawn, request->tile, exchange->gzip};
    err = mqt_respond_cached(app, exchange, key.text, key.len, MAX_TILE_BYTES, make_mvt, &job, &response->body, detail);
    if (!err && response->body && mqt_block_len(response->body) > 0) {
        response->status = 200;
        response->content_type = "application/vnd.mapbox-vector-tile";
        response->gzipped = exchange->gzip;
    }
    return err;
}

enum mqt_err mqt_answer_mvt(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    const struct mqt_request *request = &exchange->request;
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    const struct mqt_style_doc *style = NULL;
    enum mqt_err err = request->has_style ? get_style(app, request, view, &style, detail) : MQT_OK;
    if (!err) {
        bool near = request->tile.z >= NEAR_ZOOM;
        err = answer_mvt_from(app, exchange, view, style && !near ? style->columns : NULL, detail);
    }
    mqt_style_doc_release(style);
    mqt_registry_view_release(view);
    return err;
}

/* A picture of the whole map shows what the style shows unasked; more would bury the district. */
static void leave_out_unasked(const struct mqt_style *style, struct sources *sources)
{
    size_t kept = 0;
    for (size_t i = 0; i < sources->count; i++) {
        if (!mqt_style_is_unasked(style, sources->layers[i]->catalog->id)) {
            sources->layers[kept++] = sources->layers[i];
        }
    }
    sources->count = kept;
}

struct png_job {
    const struct mqt_style *style;
    const struct sources *sources;
    struct mqt_tile tile;
    int size_px;
    struct mqt_fonts *fonts;
};

static enum mqt_err make_png(void *user, struct mqt_buf *out, struct mqt_detail *detail)
{
    const struct png_job *job = user;
    struct mqt_draw_source sources[MAX_SOURCES];
    for (size_t i = 0; i < job->sources->count; i++) {
        sources[i] = (struct mqt_draw_source){job->sources->layers[i]->catalog->id, job->sources->layers[i]->snapshot};
    }
    enum mqt_err err = mqt_draw_png(job->style, sources, job->sources->count, job->tile, job->size_px, job->fonts, out);
    return err ? mqt_fail(detail, err, "the tile cannot be drawn") : MQT_OK;
}

static enum mqt_err answer_cached(struct mqt_app *app, struct mqt_exchange *exchange, const struct key *key,
                                  mqt_cache_make_fn make, void *job, struct mqt_detail *detail)
{
    char etag[32];
    key_etag(key, etag);
    if (mqt_respond_not_modified(exchange, etag)) {
        return MQT_OK;
    }
    exchange->response.content_type = "image/png";
    exchange->response.status = 200;
    return mqt_respond_cached(app, exchange, key->text, key->len, MAX_TILE_BYTES, make, job, &exchange->response.body,
                              detail);
}

static enum mqt_err answer_png_from(struct mqt_app *app, struct mqt_exchange *exchange,
                                    const struct mqt_registry_view *view, const struct mqt_style_doc *style,
                                    struct mqt_detail *detail)
{
    const struct mqt_request *request = &exchange->request;
    struct sources sources;
    struct key key;
    enum mqt_err err = find_sources(view, request, &sources, detail);
    if (err) {
        return err;
    }
    if (is_whole_map(request)) {
        leave_out_unasked(style->parsed, &sources);
    }
    key_start(&key, request->size_px == 512 ? "png512" : "png256", view, request->tile);
    key_add(&key, " %llx %d", (unsigned long long)style->version, app->fonts != NULL);
    key_add_sources(&key, &sources, request->tile, PNG_MARGIN);
    struct png_job job = {style->parsed, &sources, request->tile, request->size_px, app->fonts};
    return answer_cached(app, exchange, &key, make_png, &job, detail);
}

enum mqt_err mqt_answer_png(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    const struct mqt_style_doc *style = NULL;
    enum mqt_err err = get_style(app, &exchange->request, view, &style, detail);
    if (!err) {
        err = answer_png_from(app, exchange, view, style, detail);
    }
    mqt_style_doc_release(style);
    mqt_registry_view_release(view);
    return err;
}

/* The codes of the words as bits. false: words were given, but no ticket ever had any of them. */
static bool code_bits(struct mqt_tickets *tickets, enum mqt_ticket_field field, const char *words, uint64_t *bits)
{
    *bits = 0;
    for (const char *at = words; *at;) {
        char word[MQT_ROUTE_MAX_TEXT];
        size_t len = strcspn(at, ",");
        uint8_t code = 0;
        memcpy(word, at, len);
        word[len] = '\0';
        if (mqt_tickets_code(tickets, field, word, &code)) {
            *bits |= (uint64_t)1 << code;
        }
        at += len + (at[len] == ',');
    }
    return *bits != 0 || !*words;
}

/* The moment at which a ticket is new, rounded up, so that tiles of one step are the same and no
 * ticket lies in the future. Long windows move in longer steps. */
static int64_t step_up(int64_t now_s, int64_t window_s)
{
    int64_t step_s = window_s > 0 && window_s <= 86400 ? 10 : 60;
    return (now_s / step_s + 1) * step_s;
}

/* Nothing at all: an empty span of time. */
static void match_nothing(struct mqt_heat_query *query)
{
    query->from_s = INT64_MAX;
    query->to_s = INT64_MAX;
}

static void fill_heat_query(struct mqt_app *app, const struct mqt_request *request, int64_t now_s,
                            struct mqt_heat_query *query)
{
    const struct mqt_heat_params *params = &request->heat;
    struct mqt_tickets *tickets = mqt_registry_tickets(app->registry);
    /* Without fading and window the moment plays no part, and the tile may stay as it is. */
    bool timeless = params->half_life_s == 0 && params->window_s == 0;
    int64_t moment_s = params->has_to ? params->to_s : timeless ? INT64_MAX : step_up(now_s, params->window_s);
    *query = (struct mqt_heat_query){
        .from_s = params->has_from   ? params->from_s
                  : params->window_s ? moment_s - params->window_s
                                     : INT64_MIN,
        .to_s = params->has_to ? params->to_s : INT64_MAX,
        .now_s = moment_s,
        .half_life_s = (double)params->half_life_s,
        .least_tickets = request->tile.z >= HOME_ZOOM ? app->config->heat_least_tickets : 1,
    };
    bool any = code_bits(tickets, MQT_TICKET_CATEGORY, params->category, &query->categories);
    any = code_bits(tickets, MQT_TICKET_CHANNEL, params->channel, &query->channels) && any;
    any = code_bits(tickets, MQT_TICKET_STATUS, params->status, &query->statuses) && any;
    if (!any) {
        match_nothing(query);
    }
}

struct heat_job {
    const struct mqt_heat *heat;
    struct mqt_tile tile;
    int size_px;
    const struct mqt_heat_query *query;
};

static enum mqt_err make_heat(void *user, struct mqt_buf *out, struct mqt_detail *detail)
{
    const struct heat_job *job = user;
    enum mqt_err err = mqt_heat_png(job->heat, job->tile, job->size_px, job->query, out);
    return err ? mqt_fail(detail, err, "the heat tile cannot be made") : MQT_OK;
}

static enum mqt_err answer_heat_from(struct mqt_app *app, struct mqt_exchange *exchange,
                                     const struct mqt_registry_view *view, struct mqt_detail *detail)
{
    const struct mqt_request *request = &exchange->request;
    struct mqt_heat_query query;
    struct key key;
    if (!view->heat) {
        return mqt_fail(detail, MQT_ERR_BUSY, "the tickets are being loaded");
    }
    fill_heat_query(app, request, (int64_t)time(NULL), &query);
    key_start(&key, request->size_px == 512 ? "heat512" : "heat256", view, request->tile);
    key_add(&key, " %llx %lld %lld %lld %.17g %llx %llx %llx %d", (unsigned long long)view->heat_version,
            (long long)query.from_s, (long long)query.to_s, (long long)query.now_s, query.half_life_s,
            (unsigned long long)query.categories, (unsigned long long)query.channels,
            (unsigned long long)query.statuses, query.least_tickets);
    struct heat_job job = {view->heat, request->tile, request->size_px, &query};
    return answer_cached(app, exchange, &key, make_heat, &job, detail);
}

enum mqt_err mqt_answer_heat(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    enum mqt_err err = answer_heat_from(app, exchange, view, detail);
    mqt_registry_view_release(view);
    return err;
}
