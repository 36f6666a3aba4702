#include "answers.h"

#include <stdio.h>
#include <string.h>

/* Features as GeoJSON, read from PostGIS at the moment of asking. Values are bound; identifiers come
 * from the catalogue alone, quoted. */

#define MAX_DOC ((size_t)4 << 20)
#define MAX_ITEMS ((size_t)64 << 20)
#define MAX_SQL 65536
#define TAKE_MS 500

static void add_text(struct mqt_buf *out, const char *text)
{
    mqt_add_json_string(out, text, strlen(text));
}

static void add_link(struct mqt_buf *out, const char *rel, const char *type, const char *url, bool first)
{
    mqt_buf_printf(out, "%s{\"rel\":\"%s\",\"type\":\"%s\",\"href\":", first ? "" : ",", rel, type);
    add_text(out, url);
    mqt_buf_add_byte(out, '}');
}

static enum mqt_err find_layer(const struct mqt_registry_view *view, const char *id,
                               const struct mqt_registry_layer **layer, struct mqt_detail *detail)
{
    if (!view->catalog) {
        return mqt_fail(detail, MQT_ERR_BUSY, "the layers are being loaded");
    }
    const struct mqt_registry_layer *found = mqt_registry_find(view, id);
    if (!found) {
        return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "layer", "there is no collection '%s'", id);
    }
    *layer = found;
    return MQT_OK;
}

static void add_collection(struct mqt_buf *out, const struct mqt_registry_layer *layer, const char *base_url)
{
    const struct mqt_catalog_layer *catalog = layer->catalog;
    char url[512];
    mqt_buf_printf(out, "{\"id\":\"%s\",\"title\":", catalog->id);
    add_text(out, catalog->title_zh);
    mqt_buf_add_str(out, ",\"description\":");
    add_text(out, catalog->title_en);
    if (layer->snapshot && mqt_layer_count(layer->snapshot) > 0) {
        mqt_buf_add_str(out, ",\"extent\":{\"spatial\":{\"crs\":\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\","
                             "\"bbox\":[");
        mqt_add_json_box(out, mqt_layer_box(layer->snapshot));
        mqt_buf_add_str(out, "]}}");
    }
    mqt_buf_add_str(out, ",\"itemType\":\"feature\",\"crs\":[\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"],"
                         "\"links\":[");
    (void)snprintf(url, sizeof url, "%s/ogc/collections/%s", base_url, catalog->id);
    add_link(out, "self", "application/json", url, true);
    (void)snprintf(url, sizeof url, "%s/ogc/collections/%s/items", base_url, catalog->id);
    add_link(out, "items", "application/geo+json", url, false);
    mqt_buf_add_str(out, "]}");
}

enum mqt_err mqt_answer_collections(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    struct mqt_buf out;
    char url[400];
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = view->catalog ? MQT_OK : mqt_fail(detail, MQT_ERR_BUSY, "the layers are being loaded");
    if (!err) {
        mqt_buf_add_str(&out, "{\"links\":[");
        (void)snprintf(url, sizeof url, "%s/ogc/collections", exchange->base_url);
        add_link(&out, "self", "application/json", url, true);
        mqt_buf_add_str(&out, "],\"collections\":[");
        for (size_t i = 0; i < view->layer_count; i++) {
            mqt_buf_add_str(&out, i ? ",\n" : "");
            add_collection(&out, &view->layers[i], exchange->base_url);
        }
        mqt_buf_add_str(&out, "]}\n");
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}

enum mqt_err mqt_answer_collection(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    const struct mqt_registry_layer *layer = NULL;
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = find_layer(view, exchange->request.layers[0], &layer, detail);
    if (!err) {
        add_collection(&out, layer, exchange->base_url);
        mqt_buf_add_byte(&out, '\n');
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}

/* Each row is an id and a finished GeoJSON feature: PostgreSQL writes the JSON. */
static void add_select(struct mqt_buf *sql, const struct mqt_catalog_layer *layer)
{
    mqt_buf_add_str(sql, "select t.id, json_build_object('type', 'Feature', 'id', t.id, "
                         "'geometry', st_asgeojson(t.geom, 7, 0)::json, 'properties', ");
    if (layer->column_count == 0) {
        mqt_buf_add_str(sql, "'{}'::json");
    } else {
        mqt_buf_add_str(sql, "(select to_json(p) from (select ");
        for (size_t i = 0; i < layer->column_count; i++) {
            mqt_buf_add_str(sql, i ? ", t." : "t.");
            mqt_db_add_identifier(sql, layer->columns[i].name);
        }
        mqt_buf_add_str(sql, ") p)");
    }
    mqt_buf_add_str(sql, ") from ");
    mqt_db_add_qualified(sql, layer->served_from);
    mqt_buf_add_str(sql, " t where t.geom is not null");
}

static enum mqt_err run(struct mqt_app *app, struct mqt_buf *sql, size_t param_count, const char *const *params,
                        struct mqt_db_result **result, struct mqt_detail *detail)
{
    mqt_buf_add_byte(sql, '\0');
    enum mqt_err err = mqt_buf_err(sql);
    if (err) {
        return mqt_fail(detail, err, "the layer has too many columns");
    }
    struct mqt_db *db = NULL;
    err = mqt_db_take(app->pool, TAKE_MS, &db, detail);
    if (!err) {
        err = mqt_db_query(db, (const char *)sql->data, param_count, params, result, detail);
    }
    mqt_db_give(db);
    return err;
}

struct numbers {
    char text[8][32];
    const char *params[8];
    size_t count;
};

static void bind_real(struct numbers *numbers, double value)
{
    (void)snprintf(numbers->text[numbers->count], sizeof numbers->text[0], "%.10f", value);
    numbers->params[numbers->count] = numbers->text[numbers->count];
    numbers->count++;
}

static void bind_integer(struct numbers *numbers, int64_t value)
{
    (void)snprintf(numbers->text[numbers->count], sizeof numbers->text[0], "%lld", (long long)value);
    numbers->params[numbers->count] = numbers->text[numbers->count];
    numbers->count++;
}

/* One row more than asked for tells whether there is a next page. */
static enum mqt_err query_items(struct mqt_app *app, const struct mqt_catalog_layer *layer,
                                const struct mqt_request *request, struct mqt_db_result **result,
                                struct mqt_detail *detail)
{
    struct numbers numbers = {0};
    struct mqt_buf sql;
    mqt_buf_init(&sql, MAX_SQL);
    add_select(&sql, layer);
    if (request->has_bbox) {
        mqt_buf_add_str(&sql, " and st_intersects(t.geom, st_makeenvelope($1::float8, $2::float8, $3::float8, "
                              "$4::float8, 4490))");
        bind_real(&numbers, request->bbox.west);
        bind_real(&numbers, request->bbox.south);
        bind_real(&numbers, request->bbox.east);
        bind_real(&numbers, request->bbox.north);
    }
    if (request->after > 0) {
        bind_integer(&numbers, request->after);
        mqt_buf_printf(&sql, " and t.id > $%zu::bigint", numbers.count);
    }
    bind_integer(&numbers, request->limit + 1);
    mqt_buf_printf(&sql, " order by t.id limit $%zu::bigint", numbers.count);
    bind_integer(&numbers, request->offset);
    mqt_buf_printf(&sql, " offset $%zu::bigint", numbers.count);
    enum mqt_err err = run(app, &sql, numbers.count, numbers.params, result, detail);
    mqt_buf_clear(&sql);
    return err;
}

static void page_url(const struct mqt_exchange *exchange, const char *after, char *url, size_t room)
{
    const struct mqt_request *request = &exchange->request;
    char bbox[160] = "";
    char offset[40] = "";
    if (request->has_bbox) {
        (void)snprintf(bbox, sizeof bbox, "&bbox=%.10g,%.10g,%.10g,%.10g", request->bbox.west, request->bbox.south,
                       request->bbox.east, request->bbox.north);
    }
    if (after) {
        (void)snprintf(offset, sizeof offset, "&after=%s", after);
    } else if (request->after > 0) {
        (void)snprintf(offset, sizeof offset, "&after=%lld", (long long)request->after);
    } else if (request->offset > 0) {
        (void)snprintf(offset, sizeof offset, "&offset=%lld", (long long)request->offset);
    }
    (void)snprintf(url, room, "%s/ogc/collections/%s/items?limit=%lld%s%s", exchange->base_url, request->layers[0],
                   (long long)request->limit, bbox, offset);
}

static void add_items(struct mqt_exchange *exchange, const struct mqt_db_result *result, struct mqt_buf *out)
{
    struct mqt_response *response = &exchange->response;
    size_t rows = mqt_db_rows(result);
    size_t shown = rows > (size_t)exchange->request.limit ? (size_t)exchange->request.limit : rows;
    char url[sizeof response->next_link];
    mqt_buf_add_str(out, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (size_t i = 0; i < shown; i++) {
        size_t len = 0;
        const char *feature = mqt_db_value(result, i, 1, &len);
        mqt_buf_add_str(out, i ? ",\n" : "");
        mqt_buf_add(out, feature, len);
    }
    mqt_buf_printf(out, "],\n\"numberReturned\":%zu,\"timeStamp\":", shown);
    mqt_add_json_time(out, exchange->status.data_as_of_us);
    mqt_buf_add_str(out, ",\"links\":[");
    page_url(exchange, NULL, url, sizeof url);
    add_link(out, "self", "application/geo+json", url, true);
    if (rows > shown) {
        page_url(exchange, mqt_db_value(result, shown - 1, 0, NULL), response->next_link, sizeof response->next_link);
        add_link(out, "next", "application/geo+json", response->next_link, false);
    }
    mqt_buf_add_str(out, "]}\n");
}

static enum mqt_err query_item(struct mqt_app *app, const struct mqt_catalog_layer *layer,
                               const struct mqt_request *request, struct mqt_db_result **result,
                               struct mqt_detail *detail)
{
    struct numbers numbers = {0};
    struct mqt_db_result *found = NULL;
    struct mqt_buf sql;
    mqt_buf_init(&sql, MAX_SQL);
    add_select(&sql, layer);
    bind_integer(&numbers, request->id);
    mqt_buf_add_str(&sql, " and t.id = $1::bigint");
    enum mqt_err err = run(app, &sql, numbers.count, numbers.params, &found, detail);
    mqt_buf_clear(&sql);
    if (!err && mqt_db_rows(found) == 0) {
        mqt_db_result_free(found);
        err = mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "id", "there is no feature %lld", (long long)request->id);
    }
    if (!err) {
        *result = found;
    }
    return err;
}

static void add_item(struct mqt_exchange *exchange, const struct mqt_db_result *result, struct mqt_buf *out)
{
    (void)exchange;
    size_t len = 0;
    const char *feature = mqt_db_value(result, 0, 1, &len);
    mqt_buf_add(out, feature, len);
    mqt_buf_add_byte(out, '\n');
}

typedef enum mqt_err (*query_fn)(struct mqt_app *app, const struct mqt_catalog_layer *layer,
                                 const struct mqt_request *request, struct mqt_db_result **result,
                                 struct mqt_detail *detail);
typedef void (*add_fn)(struct mqt_exchange *exchange, const struct mqt_db_result *result, struct mqt_buf *out);

static enum mqt_err answer_features(struct mqt_app *app, struct mqt_exchange *exchange, query_fn query, add_fn add,
                                    struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    const struct mqt_registry_layer *layer = NULL;
    struct mqt_db_result *result = NULL;
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_ITEMS);
    enum mqt_err err = find_layer(view, exchange->request.layers[0], &layer, detail);
    if (!err) {
        err = query(app, layer->catalog, &exchange->request, &result, detail);
    }
    if (!err) {
        add(exchange, result, &out);
        err = mqt_respond_bytes(exchange, "application/geo+json", &out, detail);
    }
    mqt_db_result_free(result);
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}

enum mqt_err mqt_answer_items(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    return answer_features(app, exchange, query_items, add_items, detail);
}

enum mqt_err mqt_answer_item(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    return answer_features(app, exchange, query_item, add_item, detail);
}
