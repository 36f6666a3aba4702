#include "style_fill.h"

#include "../tiles/label.h"

#include <stdio.h>
#include <string.h>

/* Distinct on the map's pale ground; a layer keeps its colour because it is picked by its id. */
static const char *const colours[] = {"#1b7f79", "#b5651d", "#5b4fa2", "#a23b5c",
                                      "#3d7a2e", "#2f6db0", "#8a6d00", "#7a4b8c"};

/* A few layers that the file does not know show by themselves; a crowd waits until somebody asks. */
enum { MOST_UNASKED = 6 };

/* The catalogue layer at hand and how it is drawn. */
struct fill {
    const struct mqt_catalog_layer *layer;
    const char *source, *ground, *colour;
    bool unasked;
};

/* A name as pictures have it; it becomes part of a longer one. */
static bool is_icon(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && len < 40 && text[len] == '\0';
}

static bool is_colour(const char *text)
{
    return text && strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static const char *colour_of(const struct mqt_catalog_layer *layer, const json_t *style)
{
    const char *colour = json_string_value(json_object_get(style, "colour"));
    if (is_colour(colour)) {
        return colour;
    }
    unsigned sum = 0;
    for (const char *c = layer->id; *c; c++) {
        sum = sum * 31 + (unsigned char)*c;
    }
    return colours[sum % (sizeof colours / sizeof colours[0])];
}

/* The colour behind everything: halos and rims of it part symbols from what they lie on, day and night. */
static const char *ground_of(const json_t *layers)
{
    size_t index = 0;
    json_t *layer = NULL;
    json_array_foreach(layers, index, layer)
    {
        const char *colour = json_string_value(json_object_get(json_object_get(layer, "paint"), "background-color"));
        if (is_colour(colour)) {
            return colour;
        }
    }
    return "#ffffff";
}

static bool draws(const json_t *layers, const char *id)
{
    size_t index = 0;
    json_t *layer = NULL;
    json_array_foreach(layers, index, layer)
    {
        const char *source_layer = json_string_value(json_object_get(layer, "source-layer"));
        if (source_layer && strcmp(source_layer, id) == 0) {
            return true;
        }
    }
    return false;
}

/* The first layer of the file that is one of these, or the end. */
static size_t place_below(const json_t *layers, const char *const *types, size_t type_count)
{
    size_t index = 0;
    json_t *layer = NULL;
    json_array_foreach(layers, index, layer)
    {
        const char *type = json_string_value(json_object_get(layer, "type"));
        for (size_t i = 0; type && i < type_count; i++) {
            if (strcmp(type, types[i]) == 0) {
                return index;
            }
        }
    }
    return json_array_size(layers);
}

/* A style layer without paint; zoom is the catalogue's or a later one. */
static json_t *start_layer(const struct fill *fill, const char *type, int zoom)
{
    const char *layer = fill->layer->id;
    char id[96];
    (void)snprintf(id, sizeof id, "%s-auto-%s", layer, type);
    return json_pack("{s:s,s:s,s:s,s:s,s:i,s:{s:b,s:s,s:b}}", "id", id, "type", type, "source", fill->source,
                     "source-layer", layer, "minzoom", zoom, "metadata", "mqt:generated", 1, "mqt:layer", layer,
                     "mqt:unasked", fill->unasked);
}

static json_t *with(json_t *layer, const char *member, json_t *value)
{
    if (!layer || !value || json_object_set_new(layer, member, value)) {
        json_decref(layer);
        return NULL;
    }
    return layer;
}

static bool has_column(const struct mqt_catalog_layer *layer, const char *name)
{
    for (size_t i = 0; name && i < layer->column_count; i++) {
        if (strcmp(layer->columns[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A size in px that grows evenly from z12 to z17. */
static json_t *growing(double at_z12, double at_z17)
{
    return json_pack("[s,[s],[s],i,f,i,f]", "interpolate", "linear", "zoom", 12, at_z12, 17, at_z17);
}

/* Thousands of street lamps are a dust of points over the district and become dots in the street. */
static json_t *shape_layer(const struct fill *fill)
{
    int zoom = fill->layer->min_zoom;
    if (fill->layer->shape == MQT_SHAPE_POINT) {
        return with(start_layer(fill, "circle", zoom), "paint",
                    json_pack("{s:s,s:o,s:s,s:o}", "circle-color", fill->colour, "circle-radius", growing(1.0, 4.0),
                              "circle-stroke-color", fill->ground, "circle-stroke-width", growing(0.0, 1.0)));
    }
    if (fill->layer->shape == MQT_SHAPE_LINE) {
        return with(start_layer(fill, "line", zoom), "paint",
                    json_pack("{s:s,s:o}", "line-color", fill->colour, "line-width", growing(1.2, 2.8)));
    }
    return with(start_layer(fill, "fill", zoom), "paint",
                json_pack("{s:s,s:f}", "fill-color", fill->colour, "fill-opacity", 0.25));
}

static json_t *outline_layer(const struct fill *fill)
{
    return with(start_layer(fill, "line", fill->layer->min_zoom), "paint",
                json_pack("{s:s,s:f}", "line-color", fill->colour, "line-width", 1.4));
}

/* The catalogue's picture on a badge, by the name under which the browser draws it; see web/src/icons.ts. */
static json_t *icon_layer(const struct fill *fill, const char *icon)
{
    json_t *made = with(start_layer(fill, "icon", 16), "layout",
                        json_pack("{s:o,s:i}", "icon-image",
                                  json_sprintf("badge %s %s %s %s", fill->ground, fill->colour, fill->colour, icon),
                                  "icon-padding", 1));
    made = with(made, "type", json_string("symbol"));
    if (made && json_object_set_new(json_object_get(made, "metadata"), "mqt:raster", json_false()) != 0) {
        json_decref(made);
        return NULL;
    }
    return made;
}

/* Areas are named from their label points, so that a name stands once. */
static json_t *label_layer(const struct fill *fill, const char *column)
{
    bool area = fill->layer->shape == MQT_SHAPE_POLYGON;
    int zoom = fill->layer->min_zoom > 15 ? fill->layer->min_zoom : 15;
    json_t *made = with(start_layer(fill, "symbol", zoom), "layout",
                        json_pack("{s:[s,s],s:f,s:s,s:[f,f]}", "text-field", "get", column, "text-size", 11.0,
                                  "text-anchor", area ? "center" : "top", "text-offset", 0.0, area ? 0.0 : 1.1));
    if (area) {
        made = with(made, "source-layer", json_sprintf("%s" MQT_LABEL_LAYER, fill->layer->id));
    }
    return with(made, "paint",
                json_pack("{s:s,s:s,s:f}", "text-color", fill->colour, "text-halo-color", fill->ground,
                          "text-halo-width", 1.4));
}

/* Steals the style layer, which may be NULL for want of memory. */
static bool insert(json_t *layers, size_t at, json_t *layer)
{
    return layer && json_array_insert_new(layers, at, layer) == 0;
}

/* Shapes lie below walls and points, points below badges and words: they do not cover them. */
static enum mqt_err fill_one(json_t *layers, struct fill *fill)
{
    static const char *const over_shapes[] = {"symbol", "circle", "fill-extrusion"};
    static const char *const over_points[] = {"symbol"};
    bool point = fill->layer->shape == MQT_SHAPE_POINT;
    size_t at = point ? place_below(layers, over_points, 1) : place_below(layers, over_shapes, 3);
    json_t *style = json_loads(fill->layer->style_json, 0, NULL);
    const char *label = json_string_value(json_object_get(style, "label"));
    const char *icon = json_string_value(json_object_get(style, "icon"));
    fill->colour = colour_of(fill->layer, style);
    bool good = insert(layers, at, shape_layer(fill));
    if (good && fill->layer->shape == MQT_SHAPE_POLYGON) {
        good = insert(layers, at + 1, outline_layer(fill));
    }
    if (good && point && icon && is_icon(icon)) {
        good = insert(layers, at + 1, icon_layer(fill, icon));
    }
    if (good && has_column(fill->layer, label)) {
        good = insert(layers, json_array_size(layers), label_layer(fill, label));
    }
    json_decref(style);
    return good ? MQT_OK : MQT_ERR_MEMORY;
}

static bool is_generated(const json_t *layers, const struct mqt_catalog_layer *layer)
{
    return layer->resident && !draws(layers, layer->id);
}

enum mqt_err mqt_style_fill(json_t *document, const char *source, const struct mqt_catalog *catalog)
{
    json_t *layers = json_object_get(document, "layers");
    size_t generated = 0;
    for (size_t i = 0; i < mqt_catalog_count(catalog); i++) {
        generated += is_generated(layers, mqt_catalog_at(catalog, i));
    }
    struct fill fill = {.source = source, .ground = ground_of(layers), .unasked = generated > MOST_UNASKED};
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < mqt_catalog_count(catalog); i++) {
        fill.layer = mqt_catalog_at(catalog, i);
        if (is_generated(layers, fill.layer)) {
            err = fill_one(layers, &fill);
        }
    }
    return err;
}
