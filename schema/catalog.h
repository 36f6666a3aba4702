/* The layer catalogue (twin.layer) in memory.
 *
 * A catalogue is an immutable, reference-counted list (atomic), ordered by draw_order then id; read
 * it anew when the feed announces the layer 'catalog'. Strings are UTF-8, borrowed from the catalogue.
 */
#ifndef MQT_CATALOG_H
#define MQT_CATALOG_H

#include "../tiles/layer.h"
#include "db.h"

struct mqt_catalog_column {
    const char *name;
    enum mqt_type type;
    const char *title_zh, *title_en; /* never NULL; the name when the catalogue has none */
};

struct mqt_catalog_layer {
    const char *id, *title_zh, *title_en;
    const char *source_table; /* schema.table whose changes the feed announces */
    const char *served_from;  /* schema.table or schema.view that is read */
    enum mqt_shape shape;
    int min_zoom, max_zoom;
    int draw_order;
    bool resident;
    const char *attribution; /* "" when none */
    const char *style_json;  /* the catalogue's style object as text */
    size_t column_count;
    const struct mqt_catalog_column *columns;
    /* What is written on the features, from the style's "label" and "label_with": places in columns, the
     * label itself first. None: features are not named. */
    size_t label_column_count;
    const size_t *label_columns;
};

struct mqt_catalog;

enum mqt_err mqt_catalog_read(struct mqt_db *db, struct mqt_catalog **catalog, struct mqt_detail *detail) MQT_MUST_USE;
/* The same from memory; rows are copied, in the order given. */
enum mqt_err mqt_catalog_new(const struct mqt_catalog_layer *rows, size_t count,
                             struct mqt_catalog **catalog) MQT_MUST_USE;
struct mqt_catalog *mqt_catalog_retain(struct mqt_catalog *catalog);
void mqt_catalog_release(struct mqt_catalog *catalog);

size_t mqt_catalog_count(const struct mqt_catalog *catalog);
const struct mqt_catalog_layer *mqt_catalog_at(const struct mqt_catalog *catalog, size_t index);
/* NULL when there is none. */
const struct mqt_catalog_layer *mqt_catalog_find(const struct mqt_catalog *catalog, const char *id);

#endif
