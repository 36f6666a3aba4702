#include "style_fill.h"

#include <stdio.h>
#include <string.h>

/* Distinct on the map's pale ground; a layer keeps its colour because it is picked by its id. */
static const char *const colours[] = {"#1b7f79", "#b5651d", "#5b4fa2", "#a23b5c",
                                      "#3d7a2e", "#2f6db0", "#8a6d00", "#7a4b8c"};

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

/* Shapes go below the first label, extrusion or circle of the file, so that they do not cover them. */
static size_t place_for_shapes(const json_t *layers)
{
    size_t index = 0;
    json_t *layer = NULL;
    json_array_foreach(layers, index, layer)
    {
        const char *type = json_string_value(json_object_get(layer, "type"));
        if (type && (!strcmp(type, "symbol") || !strcmp(type, "circle") || !strcmp(type, "fill-extrusion"))) {
            return index;
        }
    }
    return json_array_size(layers);
}

/* A style layer without paint; zoom is the catalogue's or a later one. */
static json_t *start_layer(const struct mqt_catalog_layer *layer, const char *source, const char *type, int zoom)
{
    char id[96];
    (void)snprintf(id, sizeof id, "%s-auto-%s", layer->id, type);
    return json_pack("{s:s,s:s,s:s,s:s,s:i,s:{s:b,s:s}}", "id", id, "type", type, "source", source, "source-layer",
                     layer->id, "minzoom", zoom, "metadata", "mqt:generated", 1, "mqt:layer", layer->id);
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
static json_t *shape_layer(const struct mqt_catalog_layer *layer, const char *source, const char *colour,
                           const char *ground)
{
    int zoom = layer->min_zoom;
    if (layer->shape == MQT_SHAPE_POINT) {
        return with(start_layer(layer, source, "circle", zoom), "paint",
                    json_pack("{s:s,s:o,s:s,s:o}", "circle-color", colour, "circle-radius", growing(1.0, 4.0),
                              "circle-stroke-color", ground, "circle-stroke-width", growing(0.0, 1.0)));
    }
    if (layer->shape == MQT_SHAPE_LINE) {
        return with(start_layer(layer, source, "line", zoom), "paint",
                    json_pack("{s:s,s:o}", "line-color", colour, "line-width", growing(1.0, 2.4)));
    }
    return with(start_layer(layer, source, "fill", zoom), "paint",
                json_pack("{s:s,s:f}", "fill-color", colour, "fill-opacity", 0.3));
}

static json_t *outline_layer(const struct mqt_catalog_layer *layer, const char *source, const char *colour)
{
    return with(start_layer(layer, source, "line", layer->min_zoom), "paint",
                json_pack("{s:s,s:f}", "line-color", colour, "line-width", 1.2));
}

static json_t *label_layer(const struct mqt_catalog_layer *layer, const char *source, const char *colour,
                           const char *ground, const char *column)
{
    int zoom = layer->min_zoom > 15 ? layer->min_zoom : 15;
    json_t *made = with(start_layer(layer, source, "symbol", zoom), "layout",
                        json_pack("{s:[s,s],s:f}", "text-field", "get", column, "text-size", 11.0));
    return with(made, "paint",
                json_pack("{s:s,s:s,s:f}", "text-color", colour, "text-halo-color", ground, "text-halo-width", 1.2));
}

/* Steals the style layer, which may be NULL for want of memory. */
static bool insert(json_t *layers, size_t at, json_t *layer)
{
    return layer && json_array_insert_new(layers, at, layer) == 0;
}

static enum mqt_err fill_one(json_t *layers, size_t *at, const char *source, const char *ground,
                             const struct mqt_catalog_layer *layer)
{
    json_t *style = json_loads(layer->style_json, 0, NULL);
    const char *colour = colour_of(layer, style);
    const char *label = json_string_value(json_object_get(style, "label"));
    bool good = insert(layers, (*at)++, shape_layer(layer, source, colour, ground));
    if (good && layer->shape == MQT_SHAPE_POLYGON) {
        good = insert(layers, (*at)++, outline_layer(layer, source, colour));
    }
    if (good && has_column(layer, label)) {
        good = insert(layers, json_array_size(layers), label_layer(layer, source, colour, ground, label));
    }
    json_decref(style);
    return good ? MQT_OK : MQT_ERR_MEMORY;
}

enum mqt_err mqt_style_fill(json_t *document, const char *source, const struct mqt_catalog *catalog)
{
    json_t *layers = json_object_get(document, "layers");
    size_t at = place_for_shapes(layers);
    const char *ground = ground_of(layers);
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < mqt_catalog_count(catalog); i++) {
        const struct mqt_catalog_layer *layer = mqt_catalog_at(catalog, i);
        if (layer->resident && !draws(layers, layer->id)) {
            err = fill_one(layers, &at, source, ground, layer);
        }
    }
    return err;
}
