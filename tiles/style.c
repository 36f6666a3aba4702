#include "style_layers.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 4 << 20, MAX_ARENA = 32 << 20, MAX_LAYERS = 1000 };

static const struct rule {
    const char *name;
    enum mqt_kind kind;
    enum mqt_style_type type; /* layer type that may have it */
    double number;            /* default */
    float alpha;              /* default alpha of a colour; all default colours are black */
} rules[MQT_STYLE_PROPERTY_COUNT] = {
    [MQT_BACKGROUND_COLOR] = {"background-color", MQT_KIND_COLOUR, MQT_STYLE_BACKGROUND, 0, 1},
    [MQT_BACKGROUND_OPACITY] = {"background-opacity", MQT_KIND_NUMBER, MQT_STYLE_BACKGROUND, 1, 0},
    [MQT_FILL_COLOR] = {"fill-color", MQT_KIND_COLOUR, MQT_STYLE_FILL, 0, 1},
    [MQT_FILL_OPACITY] = {"fill-opacity", MQT_KIND_NUMBER, MQT_STYLE_FILL, 1, 0},
    [MQT_FILL_OUTLINE_COLOR] = {"fill-outline-color", MQT_KIND_COLOUR, MQT_STYLE_FILL, 0, 0},
    [MQT_EXTRUSION_COLOR] = {"fill-extrusion-color", MQT_KIND_COLOUR, MQT_STYLE_EXTRUSION, 0, 1},
    [MQT_EXTRUSION_OPACITY] = {"fill-extrusion-opacity", MQT_KIND_NUMBER, MQT_STYLE_EXTRUSION, 1, 0},
    [MQT_EXTRUSION_HEIGHT] = {"fill-extrusion-height", MQT_KIND_NUMBER, MQT_STYLE_EXTRUSION, 0, 0},
    [MQT_LINE_COLOR] = {"line-color", MQT_KIND_COLOUR, MQT_STYLE_LINE, 0, 1},
    [MQT_LINE_OPACITY] = {"line-opacity", MQT_KIND_NUMBER, MQT_STYLE_LINE, 1, 0},
    [MQT_LINE_WIDTH] = {"line-width", MQT_KIND_NUMBER, MQT_STYLE_LINE, 1, 0},
    [MQT_CIRCLE_RADIUS] = {"circle-radius", MQT_KIND_NUMBER, MQT_STYLE_CIRCLE, 5, 0},
    [MQT_CIRCLE_COLOR] = {"circle-color", MQT_KIND_COLOUR, MQT_STYLE_CIRCLE, 0, 1},
    [MQT_CIRCLE_OPACITY] = {"circle-opacity", MQT_KIND_NUMBER, MQT_STYLE_CIRCLE, 1, 0},
    [MQT_CIRCLE_STROKE_WIDTH] = {"circle-stroke-width", MQT_KIND_NUMBER, MQT_STYLE_CIRCLE, 0, 0},
    [MQT_CIRCLE_STROKE_COLOR] = {"circle-stroke-color", MQT_KIND_COLOUR, MQT_STYLE_CIRCLE, 0, 1},
    [MQT_TEXT_FIELD] = {"text-field", MQT_KIND_TEXT, MQT_STYLE_SYMBOL, 0, 0},
    [MQT_TEXT_SIZE] = {"text-size", MQT_KIND_NUMBER, MQT_STYLE_SYMBOL, 16, 0},
    [MQT_TEXT_COLOR] = {"text-color", MQT_KIND_COLOUR, MQT_STYLE_SYMBOL, 0, 1},
    [MQT_TEXT_OPACITY] = {"text-opacity", MQT_KIND_NUMBER, MQT_STYLE_SYMBOL, 1, 0},
    [MQT_TEXT_HALO_COLOR] = {"text-halo-color", MQT_KIND_COLOUR, MQT_STYLE_SYMBOL, 0, 0},
    [MQT_TEXT_HALO_WIDTH] = {"text-halo-width", MQT_KIND_NUMBER, MQT_STYLE_SYMBOL, 0, 0},
    [MQT_TEXT_MAX_WIDTH] = {"text-max-width", MQT_KIND_NUMBER, MQT_STYLE_SYMBOL, 10, 0},
    [MQT_TEXT_LETTER_SPACING] = {"text-letter-spacing", MQT_KIND_NUMBER, MQT_STYLE_SYMBOL, 0, 0},
    [MQT_TEXT_PADDING] = {"text-padding", MQT_KIND_NUMBER, MQT_STYLE_SYMBOL, 2, 0},
    [MQT_SYMBOL_SORT_KEY] = {"symbol-sort-key", MQT_KIND_NUMBER, MQT_STYLE_SYMBOL, 0, 0},
};

/* Properties that a flat picture can do without: the browser honours them, we leave them. A name
 * that ends in '*' stands for all that begin so. */
static const char *const ignored[] = {
    "icon-*",
    "text-font",
    "text-justify",
    "text-line-height",
    "text-allow-overlap",
    "text-ignore-placement",
    "text-optional",
    "text-rotation-alignment",
    "text-pitch-alignment",
    "text-keep-upright",
    "text-max-angle",
    "text-halo-blur",
    "text-overlap",
    "symbol-spacing",
    "symbol-avoid-edges",
    "symbol-z-order",
    "fill-antialias",
    "fill-sort-key",
    "fill-extrusion-base",
    "fill-extrusion-vertical-gradient",
    "line-miter-limit",
    "line-round-limit",
    "line-sort-key",
    "line-blur",
    "circle-sort-key",
    "circle-blur",
    "circle-pitch-alignment",
    "circle-pitch-scale",
};

static const char *const type_names[] = {"background", "fill", "fill-extrusion", "line", "circle", "symbol"};

double mqt_style_default_number(enum mqt_style_property property)
{
    return rules[property].number;
}

struct mqt_colour mqt_style_default_colour(enum mqt_style_property property)
{
    return (struct mqt_colour){0, 0, 0, rules[property].alpha};
}

static enum mqt_err fail(const struct mqt_expr_parser *parser, const char *what)
{
    return mqt_fail_field(parser->detail, MQT_ERR_FORMAT, parser->property, "style layer \"%.60s\", %.60s: %s",
                          parser->layer_id, parser->property, what);
}

static bool is_ignored(const char *name)
{
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        size_t len = strlen(ignored[i]);
        bool open = ignored[i][len - 1] == '*';
        if (open ? strncmp(name, ignored[i], len - 1) == 0 : strcmp(name, ignored[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Index of the word in a list that ends in NULL, or -1. */
static int find_word(json_t *json, const char *const *words)
{
    const char *word = json_string_value(json);
    for (int i = 0; word && words[i]; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

static enum mqt_err parse_word(const struct mqt_expr_parser *parser, json_t *json, const char *const *words, int *index)
{
    int found = find_word(json, words);
    if (found < 0) {
        return fail(parser, "unknown word; expressions are not taken here");
    }
    *index = found;
    return MQT_OK;
}

static enum mqt_err parse_numbers(const struct mqt_expr_parser *parser, json_t *json, size_t least, size_t most,
                                  float *numbers, size_t *count)
{
    if (json_array_size(json) == 2 && json_is_string(json_array_get(json, 0))) {
        json = json_array_get(json, 1); /* ["literal", […]] */
    }
    size_t size = json_array_size(json);
    if (!json_is_array(json) || size < least || size > most) {
        return fail(parser, "must be an array of numbers of the right length");
    }
    for (size_t i = 0; i < size; i++) {
        json_t *item = json_array_get(json, i);
        if (!json_is_number(item) || !(json_number_value(item) > -1e6 && json_number_value(item) < 1e6)) {
            return fail(parser, "must hold numbers only");
        }
        numbers[i] = (float)json_number_value(item);
    }
    *count = size;
    return MQT_OK;
}

static enum mqt_err parse_dashes(const struct mqt_expr_parser *parser, json_t *json, struct mqt_style_layer *layer)
{
    enum mqt_err err = parse_numbers(parser, json, 2, MQT_STYLE_MAX_DASHES, layer->dashes, &layer->dash_count);
    float total = 0;
    for (size_t i = 0; !err && i < layer->dash_count; i++) {
        total += layer->dashes[i] >= 0 ? layer->dashes[i] : -1e9f;
    }
    return err || total > 0.01f ? err : fail(parser, "dashes must be 0 or more and not all 0");
}

static enum mqt_err parse_anchor(const struct mqt_expr_parser *parser, json_t *json, struct mqt_style_layer *layer)
{
    static const char *const anchors[] = {"top-left", "top",         "top-right", "left",         "center",
                                          "right",    "bottom-left", "bottom",    "bottom-right", NULL};
    int index;
    enum mqt_err err = parse_word(parser, json, anchors, &index);
    if (!err) {
        layer->anchor_x = 0.5f * (float)(index % 3);
        layer->anchor_y = 0.5f * (float)(index / 3);
    }
    return err;
}

/* Properties that are words or arrays. *known says whether the name is one of them. */
static enum mqt_err parse_special(const struct mqt_expr_parser *parser, const char *name, json_t *json,
                                  struct mqt_style_layer *layer, bool *known)
{
    static const char *const caps[] = {"butt", "round", "square", NULL};
    static const char *const joins[] = {"miter", "bevel", "round", NULL};
    static const char *const placements[] = {"point", "line", "line-center", NULL};
    int index = 0;
    size_t count;
    enum mqt_err err;
    *known = true;
    if (strcmp(name, "line-cap") == 0) {
        err = parse_word(parser, json, caps, &index);
        layer->cap = err ? layer->cap : (enum mqt_line_cap)index;
    } else if (strcmp(name, "line-join") == 0) {
        err = parse_word(parser, json, joins, &index);
        layer->join = err ? layer->join : (enum mqt_line_join)index;
    } else if (strcmp(name, "line-dasharray") == 0) {
        err = parse_dashes(parser, json, layer);
    } else if (strcmp(name, "text-anchor") == 0) {
        err = parse_anchor(parser, json, layer);
    } else if (strcmp(name, "text-offset") == 0) {
        err = parse_numbers(parser, json, 2, 2, layer->offset_em, &count);
    } else if (strcmp(name, "symbol-placement") == 0) {
        err = parse_word(parser, json, placements, &index);
    } else {
        *known = false;
        err = MQT_OK;
    }
    return err;
}

static enum mqt_err parse_property(struct mqt_expr_parser *parser, const char *name, json_t *json,
                                   struct mqt_style_layer *layer)
{
    parser->property = name;
    if (strcmp(name, "visibility") == 0 || is_ignored(name)) {
        return MQT_OK;
    }
    bool known;
    enum mqt_err err = parse_special(parser, name, json, layer, &known);
    if (err || known) {
        return err;
    }
    for (size_t i = 0; i < MQT_STYLE_PROPERTY_COUNT; i++) {
        if (strcmp(rules[i].name, name) == 0 && rules[i].type == layer->type) {
            return mqt_expr_parse(parser, json, rules[i].kind, &layer->properties[i]);
        }
    }
    return fail(parser, "unknown property of this layer type");
}

static enum mqt_err parse_group(struct mqt_expr_parser *parser, json_t *group, struct mqt_style_layer *layer)
{
    const char *name;
    json_t *value;
    enum mqt_err err = MQT_OK;
    if (group && !json_is_object(group)) {
        parser->property = "paint or layout";
        return fail(parser, "must be an object");
    }
    json_object_foreach(group, name, value)
    {
        err = parse_property(parser, name, value, layer);
        if (err) {
            return err;
        }
    }
    return MQT_OK;
}

static enum mqt_err add_source(struct mqt_style *style, struct mqt_expr_parser *parser, json_t *json,
                               struct mqt_style_layer *layer)
{
    const char *name = json_string_value(json);
    parser->property = "source-layer";
    if (!name || !*name) {
        return fail(parser, "must name a catalogue layer");
    }
    for (size_t i = 0; i < style->source_count; i++) {
        if (strcmp(style->sources[i], name) == 0) {
            layer->source = i;
            return MQT_OK;
        }
    }
    const char *copy = mqt_arena_copy(&style->arena, name, strlen(name));
    if (!copy) {
        return style->arena.err ? style->arena.err : MQT_ERR_MEMORY;
    }
    layer->source = style->source_count;
    style->sources[style->source_count++] = copy;
    return MQT_OK;
}

static enum mqt_err parse_zooms(struct mqt_expr_parser *parser, json_t *json, struct mqt_style_layer *layer)
{
    json_t *least = json_object_get(json, "minzoom"), *most = json_object_get(json, "maxzoom");
    layer->min_zoom = least ? json_number_value(least) : 0;
    layer->max_zoom = most ? json_number_value(most) : 24;
    parser->property = "minzoom or maxzoom";
    return (least && !json_is_number(least)) || (most && !json_is_number(most)) ? fail(parser, "must be a number")
                                                                                : MQT_OK;
}

static bool is_unasked(json_t *layer)
{
    return json_is_true(json_object_get(json_object_get(layer, "metadata"), "mqt:unasked"));
}

static enum mqt_err parse_layer(struct mqt_style *style, struct mqt_expr_parser *parser, json_t *json)
{
    struct mqt_style_layer layer = {.anchor_x = 0.5f, .anchor_y = 0.5f, .unasked = is_unasked(json)};
    const char *type = json_string_value(json_object_get(json, "type"));
    size_t kind = 0, kinds = sizeof type_names / sizeof type_names[0];
    while (type && kind < kinds && strcmp(type_names[kind], type) != 0) {
        kind++;
    }
    parser->property = "type";
    if (!type || kind == kinds) {
        return fail(parser, "unknown layer type");
    }
    layer.type = (enum mqt_style_type)kind;
    layer.id = mqt_arena_copy(&style->arena, parser->layer_id, strlen(parser->layer_id));
    if (!layer.id) {
        return MQT_ERR_MEMORY;
    }
    enum mqt_err err = parse_zooms(parser, json, &layer);
    if (!err && layer.type != MQT_STYLE_BACKGROUND) {
        err = add_source(style, parser, json_object_get(json, "source-layer"), &layer);
    }
    json_t *filter = json_object_get(json, "filter");
    if (!err && filter) {
        parser->property = "filter";
        err = mqt_expr_parse(parser, filter, MQT_KIND_BOOL, &layer.filter);
    }
    if (!err) {
        err = parse_group(parser, json_object_get(json, "layout"), &layer);
    }
    if (!err) {
        err = parse_group(parser, json_object_get(json, "paint"), &layer);
    }
    if (!err) {
        style->layers[style->layer_count++] = layer;
    }
    return err;
}

static bool wanted_in_raster(json_t *layer)
{
    json_t *raster = json_object_get(json_object_get(layer, "metadata"), "mqt:raster");
    const char *visibility = json_string_value(json_object_get(json_object_get(layer, "layout"), "visibility"));
    return !json_is_false(raster) && !(visibility && strcmp(visibility, "none") == 0);
}

static enum mqt_err parse_layers(struct mqt_style *style, json_t *layers, struct mqt_detail *detail)
{
    size_t count = json_array_size(layers);
    if (!json_is_array(layers) || count > MAX_LAYERS) {
        return mqt_fail_field(detail, MQT_ERR_FORMAT, "layers", "a style needs an array of at most %d layers",
                              MAX_LAYERS);
    }
    style->layers = mqt_arena_calloc(&style->arena, count + 1, sizeof *style->layers);
    style->sources = mqt_arena_calloc(&style->arena, count + 1, sizeof *style->sources);
    if (!style->layers || !style->sources) {
        return style->arena.err ? style->arena.err : MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        json_t *layer = json_array_get(layers, i);
        const char *id = json_string_value(json_object_get(layer, "id"));
        if (!id) {
            return mqt_fail_field(detail, MQT_ERR_FORMAT, "id", "style layer number %zu has no id", i + 1);
        }
        if (!wanted_in_raster(layer)) {
            continue;
        }
        struct mqt_expr_parser parser = {&style->arena, &style->names, detail, id, "id"};
        enum mqt_err err = parse_layer(style, &parser, layer);
        if (err) {
            return err;
        }
    }
    return MQT_OK;
}

enum mqt_err mqt_style_parse(const char *json, size_t len, struct mqt_style **style, struct mqt_detail *detail)
{
    if (len > MAX_BYTES) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "the style is larger than %d bytes", MAX_BYTES);
    }
    json_error_t error;
    json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the style is not JSON: line %d: %.100s", error.line, error.text);
    }
    enum mqt_err err = MQT_ERR_MEMORY;
    struct mqt_style *made = calloc(1, sizeof *made);
    if (!made) {
        goto done;
    }
    atomic_init(&made->refs, 1);
    mqt_arena_init(&made->arena, MAX_ARENA);
    err = parse_layers(made, json_object_get(root, "layers"), detail);
    if (!err) {
        *style = made;
        made = NULL;
    }
done:
    mqt_style_release(made);
    json_decref(root);
    return err;
}

struct mqt_style *mqt_style_retain(struct mqt_style *style)
{
    atomic_fetch_add_explicit(&style->refs, 1, memory_order_relaxed);
    return style;
}

void mqt_style_release(struct mqt_style *style)
{
    if (!style || atomic_fetch_sub_explicit(&style->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    mqt_arena_clear(&style->arena);
    free(style);
}

size_t mqt_style_source_count(const struct mqt_style *style)
{
    return style->source_count;
}

const char *mqt_style_source(const struct mqt_style *style, size_t index)
{
    return style->sources[index];
}

bool mqt_style_is_unasked(const struct mqt_style *style, const char *source)
{
    bool found = false;
    for (size_t i = 0; i < style->layer_count; i++) {
        const struct mqt_style_layer *layer = &style->layers[i];
        if (layer->type != MQT_STYLE_BACKGROUND && strcmp(style->sources[layer->source], source) == 0) {
            if (!layer->unasked) {
                return false;
            }
            found = true;
        }
    }
    return found;
}
