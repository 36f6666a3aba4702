#include "style_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_COLUMNS ((size_t)MQT_LAYER_MAX_COLUMNS)

struct layer_columns {
    char id[64];
    size_t count;
    size_t indices[MQT_LAYER_MAX_COLUMNS];
};

struct mqt_style_columns {
    size_t count;
    struct layer_columns layers[];
};

static void mark(const struct mqt_catalog_layer *layer, const char *name, bool *marks)
{
    for (size_t i = 0; name && i < layer->column_count && i < MOST_COLUMNS; i++) {
        marks[i] = marks[i] || strcmp(layer->columns[i].name, name) == 0;
    }
}

/* Every value below node; the parser has bounded how deep that goes. */
static void mark_read(const struct mqt_catalog_layer *layer, json_t *node, bool *marks)
{
    const char *verb = json_string_value(json_array_get(node, 0));
    if (verb && (strcmp(verb, "get") == 0 || strcmp(verb, "has") == 0)) {
        mark(layer, json_string_value(json_array_get(node, 1)), marks);
    }
    for (size_t i = 0; i < json_array_size(node); i++) {
        mark_read(layer, json_array_get(node, i), marks);
    }
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(node, key, value)
    {
        mark_read(layer, value, marks);
    }
}

static void collect(json_t *style_layers, const struct mqt_catalog_layer *layer, struct layer_columns *found)
{
    bool marks[MQT_LAYER_MAX_COLUMNS] = {false};
    size_t index = 0;
    json_t *style_layer = NULL;
    json_array_foreach(style_layers, index, style_layer)
    {
        const char *source_layer = json_string_value(json_object_get(style_layer, "source-layer"));
        if (source_layer && strcmp(source_layer, layer->id) == 0) {
            mark_read(layer, json_object_get(style_layer, "filter"), marks);
            mark_read(layer, json_object_get(style_layer, "paint"), marks);
            mark_read(layer, json_object_get(style_layer, "layout"), marks);
        }
    }
    (void)snprintf(found->id, sizeof found->id, "%s", layer->id);
    for (size_t i = 0; i < MOST_COLUMNS; i++) {
        if (marks[i]) {
            found->indices[found->count++] = i;
        }
    }
}

enum mqt_err mqt_style_columns_new(json_t *document, const struct mqt_catalog *catalog,
                                   struct mqt_style_columns **columns)
{
    size_t count = mqt_catalog_count(catalog);
    struct mqt_style_columns *fresh = calloc(1, sizeof *fresh + count * sizeof fresh->layers[0]);
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    json_t *style_layers = json_object_get(document, "layers");
    for (size_t i = 0; i < count; i++) {
        collect(style_layers, mqt_catalog_at(catalog, i), &fresh->layers[i]);
    }
    fresh->count = count;
    *columns = fresh;
    return MQT_OK;
}

void mqt_style_columns_free(struct mqt_style_columns *columns)
{
    free(columns);
}

const size_t *mqt_style_columns_of(const struct mqt_style_columns *columns, const char *layer, size_t *count)
{
    static const size_t none[1] = {0};
    for (size_t i = 0; i < columns->count; i++) {
        if (strcmp(columns->layers[i].id, layer) == 0) {
            *count = columns->layers[i].count;
            return columns->layers[i].indices;
        }
    }
    *count = 0;
    return none;
}
