#include "answers.h"

#include "../tiles/label.h"

#include <stdio.h>
#include <string.h>

#define MAX_DOC ((size_t)4 << 20)

static const char *const type_names[] = {
    [MQT_TYPE_TEXT] = "text", [MQT_TYPE_INT] = "int", [MQT_TYPE_REAL] = "real", [MQT_TYPE_BOOL] = "bool"};
/* TileJSON 3.0 wants a description of each field; these are the words of its examples. */
static const char *const field_names[] = {
    [MQT_TYPE_TEXT] = "String", [MQT_TYPE_INT] = "Number", [MQT_TYPE_REAL] = "Number", [MQT_TYPE_BOOL] = "Boolean"};
static const char *const shape_names[] = {
    [MQT_SHAPE_POINT] = "point", [MQT_SHAPE_LINE] = "line", [MQT_SHAPE_POLYGON] = "polygon"};

static void add_text(struct mqt_buf *out, const char *text)
{
    mqt_add_json_string(out, text, strlen(text));
}

static void add_columns(struct mqt_buf *out, const struct mqt_catalog_layer *layer)
{
    mqt_buf_add_byte(out, '[');
    for (size_t i = 0; i < layer->column_count; i++) {
        const struct mqt_catalog_column *column = &layer->columns[i];
        mqt_buf_add_str(out, i ? ",{\"name\":" : "{\"name\":");
        add_text(out, column->name);
        mqt_buf_printf(out, ",\"type\":\"%s\",\"title_zh\":", type_names[column->type]);
        add_text(out, column->title_zh);
        mqt_buf_add_str(out, ",\"title_en\":");
        add_text(out, column->title_en);
        mqt_buf_add_byte(out, '}');
    }
    mqt_buf_add_byte(out, ']');
}

static void add_listed(struct mqt_buf *out, const struct mqt_registry_layer *layer, const char *base_url)
{
    const struct mqt_catalog_layer *catalog = layer->catalog;
    mqt_buf_printf(out, "{\"id\":\"%s\",\"title_zh\":", catalog->id);
    add_text(out, catalog->title_zh);
    mqt_buf_add_str(out, ",\"title_en\":");
    add_text(out, catalog->title_en);
    mqt_buf_printf(out, ",\"geometry_type\":\"%s\",\"min_zoom\":%d,\"max_zoom\":%d,\"draw_order\":%d,\"resident\":%s",
                   shape_names[catalog->shape], catalog->min_zoom, catalog->max_zoom, catalog->draw_order,
                   catalog->resident ? "true" : "false");
    mqt_buf_printf(out, ",\"features\":%zu,\"bytes\":%zu,\"version\":%llu,\"bounds\":",
                   layer->snapshot ? mqt_layer_count(layer->snapshot) : 0,
                   layer->snapshot ? mqt_layer_bytes(layer->snapshot) : 0, (unsigned long long)layer->version);
    mqt_add_json_box(out, layer->snapshot ? mqt_layer_box(layer->snapshot) : mqt_box_empty());
    mqt_buf_add_str(out, ",\"attribution\":");
    add_text(out, catalog->attribution);
    /* The catalogue's style is a JSON object of its own. */
    mqt_buf_printf(out, ",\"style\":%s,\"columns\":", catalog->style_json);
    add_columns(out, catalog);
    mqt_buf_add_str(out, ",\"tilejson\":");
    char url[512];
    (void)snprintf(url, sizeof url, "%s/tiles/%s.json", base_url, catalog->id);
    add_text(out, url);
    mqt_buf_add_byte(out, '}');
}

enum mqt_err mqt_answer_tile_list(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = view->catalog ? MQT_OK : mqt_fail(detail, MQT_ERR_BUSY, "the layers are being loaded");
    if (!err) {
        mqt_buf_add_byte(&out, '[');
        for (size_t i = 0; i < view->layer_count; i++) {
            mqt_buf_add_str(&out, i ? ",\n" : "");
            add_listed(&out, &view->layers[i], exchange->base_url);
        }
        mqt_buf_add_str(&out, "]\n");
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}

/* The points where a polygon layer's names hang. */
static void add_label_layer(struct mqt_buf *out, const struct mqt_catalog_layer *layer)
{
    mqt_buf_printf(out, ",{\"id\":\"%s" MQT_LABEL_LAYER "\",\"description\":", layer->id);
    add_text(out, layer->title_zh);
    mqt_buf_printf(out, ",\"minzoom\":%d,\"maxzoom\":%d,\"fields\":{\"" MQT_LABEL_SIDE "\":\"Number\"", layer->min_zoom,
                   layer->max_zoom);
    for (size_t i = 0; i < layer->label_column_count; i++) {
        const struct mqt_catalog_column *column = &layer->columns[layer->label_columns[i]];
        mqt_buf_add_byte(out, ',');
        add_text(out, column->name);
        mqt_buf_printf(out, ":\"%s\"", field_names[column->type]);
    }
    mqt_buf_add_str(out, "}}");
}

static void add_vector_layer(struct mqt_buf *out, const struct mqt_catalog_layer *layer)
{
    mqt_buf_printf(out, "{\"id\":\"%s\",\"description\":", layer->id);
    add_text(out, layer->title_zh);
    mqt_buf_printf(out, ",\"minzoom\":%d,\"maxzoom\":%d,\"fields\":{", layer->min_zoom, layer->max_zoom);
    for (size_t i = 0; i < layer->column_count; i++) {
        mqt_buf_add_str(out, i ? "," : "");
        add_text(out, layer->columns[i].name);
        mqt_buf_printf(out, ":\"%s\"", field_names[layer->columns[i].type]);
    }
    mqt_buf_add_str(out, "}}");
}

/* The layers of a TileJSON: those named, or for "map" all that have tiles. */
struct chosen {
    size_t count;
    const struct mqt_registry_layer *layers[256];
};

static enum mqt_err choose(const struct mqt_registry_view *view, const struct mqt_request *request,
                           struct chosen *chosen, struct mqt_detail *detail)
{
    size_t const most = sizeof chosen->layers / sizeof chosen->layers[0];
    chosen->count = 0;
    if (!view->catalog) {
        return mqt_fail(detail, MQT_ERR_BUSY, "the layers are being loaded");
    }
    if (request->layer_count == 1 && strcmp(request->layers[0], "map") == 0) {
        for (size_t i = 0; i < view->layer_count && chosen->count < most; i++) {
            if (view->layers[i].catalog->resident) {
                chosen->layers[chosen->count++] = &view->layers[i];
            }
        }
        return MQT_OK;
    }
    for (size_t i = 0; i < request->layer_count; i++) {
        const struct mqt_registry_layer *layer = mqt_registry_find(view, request->layers[i]);
        if (!layer || !layer->catalog->resident) {
            return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "layer", "there is no layer '%s'", request->layers[i]);
        }
        chosen->layers[chosen->count++] = layer;
    }
    return MQT_OK;
}

static void add_names(struct mqt_buf *out, const struct mqt_request *request)
{
    for (size_t i = 0; i < request->layer_count; i++) {
        mqt_buf_printf(out, "%s%s", i ? "," : "", request->layers[i]);
    }
}

static void add_attributions(struct mqt_buf *out, const struct chosen *chosen)
{
    struct mqt_buf text;
    mqt_buf_init(&text, 65536);
    for (size_t i = 0; i < chosen->count; i++) {
        const char *attribution = chosen->layers[i]->catalog->attribution;
        bool said = !*attribution;
        for (size_t j = 0; !said && j < i; j++) {
            said = strcmp(attribution, chosen->layers[j]->catalog->attribution) == 0;
        }
        if (!said) {
            mqt_buf_add_str(&text, text.len ? ", " : "");
            mqt_buf_add_str(&text, attribution);
        }
    }
    mqt_buf_add_str(out, ",\"attribution\":");
    mqt_add_json_string(out, text.len ? (const char *)text.data : "", text.len);
    mqt_buf_clear(&text);
}

static void add_tilejson(struct mqt_buf *out, const struct mqt_request *request, const struct chosen *chosen,
                         const char *base_url)
{
    int min_zoom = chosen->count ? MQT_MAX_ZOOM : 0;
    int max_zoom = chosen->count ? 0 : MQT_MAX_ZOOM;
    struct mqt_box box = mqt_box_empty();
    for (size_t i = 0; i < chosen->count; i++) {
        const struct mqt_registry_layer *layer = chosen->layers[i];
        min_zoom = layer->catalog->min_zoom < min_zoom ? layer->catalog->min_zoom : min_zoom;
        max_zoom = layer->catalog->max_zoom > max_zoom ? layer->catalog->max_zoom : max_zoom;
        if (layer->snapshot) {
            box = mqt_box_union(box, mqt_layer_box(layer->snapshot));
        }
    }
    mqt_buf_add_str(out, "{\"tilejson\":\"3.0.0\",\"scheme\":\"xyz\",\"name\":\"");
    add_names(out, request);
    mqt_buf_printf(out, "\",\"minzoom\":%d,\"maxzoom\":%d,\"tiles\":[\"%s/tiles/", min_zoom, max_zoom, base_url);
    add_names(out, request);
    mqt_buf_add_str(out, "/{z}/{x}/{y}.mvt");
    if (request->has_style) {
        mqt_buf_printf(out, "?style=%s", request->style);
    }
    mqt_buf_add_str(out, "\"]");
    if (!mqt_box_is_empty(box)) {
        mqt_buf_add_str(out, ",\"bounds\":");
        mqt_add_json_box(out, box);
        double lon = 0;
        double lat = 0;
        mqt_grid_to_degrees(
            (struct mqt_point){box.min_x + (box.max_x - box.min_x) / 2, box.min_y + (box.max_y - box.min_y) / 2}, &lon,
            &lat);
        mqt_buf_printf(out, ",\"center\":[%.7f,%.7f,%d]", lon, lat, min_zoom > 14 ? min_zoom : 14);
    }
    add_attributions(out, chosen);
    mqt_buf_add_str(out, ",\"vector_layers\":[");
    for (size_t i = 0; i < chosen->count; i++) {
        mqt_buf_add_str(out, i ? "," : "");
        const struct mqt_catalog_layer *layer = chosen->layers[i]->catalog;
        add_vector_layer(out, layer);
        if (layer->shape == MQT_SHAPE_POLYGON && layer->label_column_count > 0) {
            add_label_layer(out, layer);
        }
    }
    mqt_buf_add_str(out, "]}\n");
}

enum mqt_err mqt_answer_tilejson(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    struct chosen chosen;
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = choose(view, &exchange->request, &chosen, detail);
    if (!err) {
        add_tilejson(&out, &exchange->request, &chosen, exchange->base_url);
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}

static void add_words(struct mqt_buf *out, const char *name, const struct mqt_ticket_word *words, size_t count)
{
    mqt_buf_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        mqt_buf_add_str(out, i ? ",{\"code\":" : "{\"code\":");
        add_text(out, words[i].word);
        mqt_buf_printf(out, ",\"count\":%llu}", (unsigned long long)words[i].count);
    }
    mqt_buf_add_byte(out, ']');
}

enum mqt_err mqt_answer_heat_info(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_ticket_summary summary;
    mqt_tickets_summary(mqt_registry_tickets(app->registry), &summary);
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_DOC);
    mqt_buf_printf(&out, "{\"count\":%llu,\"total\":%llu,\"open\":%llu,\"first\":", (unsigned long long)summary.placed,
                   (unsigned long long)summary.total, (unsigned long long)summary.open);
    mqt_add_json_time(&out, summary.first_s * 1000000);
    mqt_buf_add_str(&out, ",\"last\":");
    mqt_add_json_time(&out, summary.last_s * 1000000);
    add_words(&out, "categories", summary.words[MQT_TICKET_CATEGORY], summary.word_counts[MQT_TICKET_CATEGORY]);
    add_words(&out, "channels", summary.words[MQT_TICKET_CHANNEL], summary.word_counts[MQT_TICKET_CHANNEL]);
    add_words(&out, "statuses", summary.words[MQT_TICKET_STATUS], summary.word_counts[MQT_TICKET_STATUS]);
    mqt_buf_printf(&out, ",\"least_tickets\":%d,\"full_scale\":[", app->config->heat_least_tickets);
    for (int z = 0; z <= MQT_MAX_ZOOM; z++) {
        mqt_buf_printf(&out, "%s%.4g", z ? "," : "", (double)mqt_heat_full_scale(z));
    }
    mqt_buf_add_str(&out, "],\"palette\":[");
    const uint8_t *palette = mqt_heat_palette();
    for (size_t i = 0; i < 256; i++) {
        const uint8_t *colour = palette + i * 4;
        mqt_buf_printf(&out, "%s\"#%02x%02x%02x%02x\"", i ? "," : "", colour[0], colour[1], colour[2], colour[3]);
    }
    mqt_buf_add_str(&out, "]}\n");
    enum mqt_err err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    mqt_buf_clear(&out);
    return err;
}
