#include "catalog.h"

#include "../tiles/arena.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CATALOG_BYTES = 64 << 20 };

struct mqt_catalog {
    atomic_size_t references;
    struct mqt_arena arena; /* holds all strings and columns */
    size_t count;
    struct mqt_catalog_layer *layers;
};

enum field {
    FIELD_ID,
    FIELD_TITLE_ZH,
    FIELD_TITLE_EN,
    FIELD_SOURCE_TABLE,
    FIELD_SERVED_FROM,
    FIELD_GEOMETRY_TYPE,
    FIELD_MIN_ZOOM,
    FIELD_MAX_ZOOM,
    FIELD_DRAW_ORDER,
    FIELD_RESIDENT,
    FIELD_ATTRIBUTION,
    FIELD_STYLE,
    FIELD_COLUMNS
};

static const char catalog_sql[] =
    "select id, title_zh, title_en, source_table, served_from, geometry_type, min_zoom, max_zoom, draw_order,"
    " resident, coalesce(attribution, ''), style::text, columns::text"
    " from twin.layer order by draw_order, id collate \"C\"";

static bool parse_type(const char *name, enum mqt_type *type)
{
    static const char *const names[] = {
        [MQT_TYPE_TEXT] = "text", [MQT_TYPE_INT] = "int", [MQT_TYPE_REAL] = "real", [MQT_TYPE_BOOL] = "bool"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (name && strcmp(name, names[i]) == 0) {
            *type = (enum mqt_type)i;
            return true;
        }
    }
    return false;
}

static enum mqt_shape parse_shape(const char *name)
{
    return strcmp(name, "point") == 0  ? MQT_SHAPE_POINT
           : strcmp(name, "line") == 0 ? MQT_SHAPE_LINE
                                       : MQT_SHAPE_POLYGON;
}

static const char *copy_text(struct mqt_arena *arena, const char *text)
{
    return mqt_arena_copy(arena, text, strlen(text));
}

static const char *copy_member(struct mqt_arena *arena, const json_t *object, const char *key, const char *fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    return copy_text(arena, text && text[0] ? text : fallback);
}

/* Fills the layer's columns from the catalogue's JSON. */
static enum mqt_err parse_columns(struct mqt_arena *arena, const char *text, struct mqt_catalog_layer *layer,
                                  struct mqt_detail *detail)
{
    enum mqt_err err = MQT_ERR_FORMAT;
    json_t *list = json_loads(text, 0, NULL);
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > MQT_LAYER_MAX_COLUMNS) {
        (void)mqt_fail_field(detail, err, "columns", "layer %s: columns must be a list of at most %d", layer->id,
                             MQT_LAYER_MAX_COLUMNS);
        goto done;
    }
    struct mqt_catalog_column *columns = mqt_arena_calloc(arena, count, sizeof *columns);
    for (size_t i = 0; columns && i < count; i++) {
        const json_t *item = json_array_get(list, i);
        const char *name = json_string_value(json_object_get(item, "name"));
        const char *type = json_string_value(json_object_get(item, "type"));
        if (!name || !name[0] || !parse_type(type, &columns[i].type)) {
            (void)mqt_fail_field(detail, err, "columns",
                                 "layer %s: column %zu needs a name and a type of text, int, real or bool", layer->id,
                                 i + 1);
            goto done;
        }
        columns[i].name = copy_text(arena, name);
        columns[i].title_zh = copy_member(arena, item, "title_zh", name);
        columns[i].title_en = copy_member(arena, item, "title_en", name);
    }
    layer->columns = columns;
    layer->column_count = count;
    err = arena->err;
done:
    json_decref(list);
    return err;
}

/* places has room for all columns, of which each is added once. */
static void add_label_column(const struct mqt_catalog_layer *layer, const char *name, size_t *places, size_t *count)
{
    size_t place = 0;
    while (name && place < layer->column_count && strcmp(layer->columns[place].name, name) != 0) {
        place++;
    }
    bool fresh = name && place < layer->column_count;
    for (size_t i = 0; i < *count; i++) {
        fresh = fresh && places[i] != place;
    }
    if (fresh) {
        places[(*count)++] = place;
    }
}

/* Columns that the style names and that are there. A style that is no object names none. */
static void find_label_columns(struct mqt_arena *arena, struct mqt_catalog_layer *layer)
{
    json_t *style = json_loads(layer->style_json, 0, NULL);
    const json_t *others = json_object_get(style, "label_with");
    size_t *places = mqt_arena_calloc(arena, layer->column_count, sizeof *places);
    size_t count = 0;
    if (places) {
        add_label_column(layer, json_string_value(json_object_get(style, "label")), places, &count);
    }
    for (size_t i = 0; count > 0 && i < json_array_size(others); i++) {
        add_label_column(layer, json_string_value(json_array_get(others, i)), places, &count);
    }
    layer->label_columns = places;
    layer->label_column_count = count;
    json_decref(style);
}

static enum mqt_err fill_layer(struct mqt_arena *arena, const struct mqt_db_result *rows, size_t row,
                               struct mqt_catalog_layer *layer, struct mqt_detail *detail)
{
    const char *text[FIELD_COLUMNS + 1];
    for (size_t i = 0; i <= FIELD_COLUMNS; i++) {
        text[i] = mqt_db_value(rows, row, i, NULL);
        if (!text[i]) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the layer catalogue has an empty field");
        }
    }
    layer->id = copy_text(arena, text[FIELD_ID]);
    layer->title_zh = copy_text(arena, text[FIELD_TITLE_ZH]);
    layer->title_en = copy_text(arena, text[FIELD_TITLE_EN]);
    layer->source_table = copy_text(arena, text[FIELD_SOURCE_TABLE]);
    layer->served_from = copy_text(arena, text[FIELD_SERVED_FROM]);
    layer->shape = parse_shape(text[FIELD_GEOMETRY_TYPE]);
    layer->min_zoom = (int)strtol(text[FIELD_MIN_ZOOM], NULL, 10);
    layer->max_zoom = (int)strtol(text[FIELD_MAX_ZOOM], NULL, 10);
    layer->draw_order = (int)strtol(text[FIELD_DRAW_ORDER], NULL, 10);
    layer->resident = text[FIELD_RESIDENT][0] == 't';
    layer->attribution = copy_text(arena, text[FIELD_ATTRIBUTION]);
    layer->style_json = copy_text(arena, text[FIELD_STYLE]);
    if (arena->err) {
        return arena->err;
    }
    enum mqt_err err = parse_columns(arena, text[FIELD_COLUMNS], layer, detail);
    if (!err) {
        find_label_columns(arena, layer);
        err = arena->err;
    }
    return err;
}

static struct mqt_catalog *new_catalog(size_t count)
{
    struct mqt_catalog *catalog = calloc(1, sizeof *catalog);
    if (!catalog) {
        return NULL;
    }
    atomic_init(&catalog->references, 1);
    mqt_arena_init(&catalog->arena, MAX_CATALOG_BYTES);
    catalog->count = count;
    catalog->layers = mqt_arena_calloc(&catalog->arena, count, sizeof *catalog->layers);
    return catalog; /* without layers when the arena has an error */
}

enum mqt_err mqt_catalog_read(struct mqt_db *db, struct mqt_catalog **out, struct mqt_detail *detail)
{
    struct mqt_db_result *rows = NULL;
    enum mqt_err err = mqt_db_query(db, catalog_sql, 0, NULL, &rows, detail);
    if (err) {
        return err;
    }
    struct mqt_catalog *catalog = new_catalog(mqt_db_rows(rows));
    err = catalog ? catalog->arena.err : MQT_ERR_MEMORY;
    for (size_t i = 0; !err && i < catalog->count; i++) {
        err = fill_layer(&catalog->arena, rows, i, &catalog->layers[i], detail);
    }
    mqt_db_result_free(rows);
    if (err) {
        mqt_catalog_release(catalog);
    } else {
        *out = catalog;
    }
    return err;
}

static void copy_layer(struct mqt_arena *arena, const struct mqt_catalog_layer *row, struct mqt_catalog_layer *layer)
{
    *layer = *row;
    layer->id = copy_text(arena, row->id);
    layer->title_zh = copy_text(arena, row->title_zh);
    layer->title_en = copy_text(arena, row->title_en);
    layer->source_table = copy_text(arena, row->source_table);
    layer->served_from = copy_text(arena, row->served_from);
    layer->attribution = copy_text(arena, row->attribution);
    layer->style_json = copy_text(arena, row->style_json);
    struct mqt_catalog_column *columns = mqt_arena_calloc(arena, row->column_count, sizeof *columns);
    for (size_t i = 0; columns && i < row->column_count; i++) {
        columns[i].type = row->columns[i].type;
        columns[i].name = copy_text(arena, row->columns[i].name);
        columns[i].title_zh = copy_text(arena, row->columns[i].title_zh);
        columns[i].title_en = copy_text(arena, row->columns[i].title_en);
    }
    layer->columns = columns;
    if (!arena->err) {
        find_label_columns(arena, layer);
    }
}

enum mqt_err mqt_catalog_new(const struct mqt_catalog_layer *rows, size_t count, struct mqt_catalog **out)
{
    struct mqt_catalog *catalog = new_catalog(count);
    if (!catalog) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; !catalog->arena.err && i < count; i++) {
        copy_layer(&catalog->arena, &rows[i], &catalog->layers[i]);
    }
    enum mqt_err err = catalog->arena.err;
    if (err) {
        mqt_catalog_release(catalog);
        return err;
    }
    *out = catalog;
    return MQT_OK;
}

struct mqt_catalog *mqt_catalog_retain(struct mqt_catalog *catalog)
{
    atomic_fetch_add_explicit(&catalog->references, 1, memory_order_relaxed);
    return catalog;
}

void mqt_catalog_release(struct mqt_catalog *catalog)
{
    if (catalog && atomic_fetch_sub_explicit(&catalog->references, 1, memory_order_acq_rel) == 1) {
        mqt_arena_clear(&catalog->arena);
        free(catalog);
    }
}

size_t mqt_catalog_count(const struct mqt_catalog *catalog)
{
    return catalog->count;
}

const struct mqt_catalog_layer *mqt_catalog_at(const struct mqt_catalog *catalog, size_t index)
{
    return &catalog->layers[index];
}

const struct mqt_catalog_layer *mqt_catalog_find(const struct mqt_catalog *catalog, const char *id)
{
    for (size_t i = 0; i < catalog->count; i++) {
        if (strcmp(catalog->layers[i].id, id) == 0) {
            return &catalog->layers[i];
        }
    }
    return NULL;
}
