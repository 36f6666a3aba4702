/* A layer held in memory: an immutable snapshot of features, their shapes and their columns.
 *
 * Coordinates are world units (grid.h). A builder belongs to one thread; a finished layer is
 * immutable and reference-counted (atomic), so any number of threads may read it. All pointers in
 * a struct mqt_feature or mqt_value borrowed from a layer live as long as a reference is held.
 * Features are found by a packed R-tree in Hilbert order. Limits: 2^31 features,
 * MQT_LAYER_MAX_COLUMNS columns.
 */
#ifndef MQT_LAYER_H
#define MQT_LAYER_H

#include "feature_model.h"
#include "grid.h"

struct mqt_layer;
struct mqt_layer_builder;

/* columns are copied. max_bytes bounds what the finished snapshot may hold. */
enum mqt_err mqt_layer_builder_new(const struct mqt_column *columns, size_t column_count, enum mqt_shape shape,
                                   size_t max_bytes, struct mqt_layer_builder **builder) MQT_MUST_USE;
void mqt_layer_builder_free(struct mqt_layer_builder *builder);

/* Adds a feature from ISO or EWKB bytes (either byte order; point, line, polygon, their multis;
 * Z and M are dropped) in EPSG:4490 degrees. values has one entry a column, in column order.
 * An id may be added once. Parts outside the Web Mercator square, empty shapes and parts of
 * another kind than the layer's make MQT_ERR_GEOMETRY and leave the builder as it was. */
enum mqt_err mqt_layer_builder_add_wkb(struct mqt_layer_builder *builder, uint64_t id, const uint8_t *wkb,
                                       size_t wkb_len, const struct mqt_value *values,
                                       struct mqt_detail *detail) MQT_MUST_USE;

/* Sorts, indexes and freezes. Consumes the builder, on failure too. */
enum mqt_err mqt_layer_builder_finish(struct mqt_layer_builder *builder, struct mqt_layer **layer) MQT_MUST_USE;

/* A new snapshot: base without the features named in removed, plus all features of changes
 * (which replace features of base with the same id). Shares memory with base; cost grows with the
 * number of changes since the last compaction, not with the layer. changes has base's columns and
 * shape, and is consumed, on failure too. */
enum mqt_err mqt_layer_apply(struct mqt_layer *base, const uint64_t *removed, size_t removed_count,
                             struct mqt_layer_builder *changes, struct mqt_layer **layer) MQT_MUST_USE;

/* True when enough changes have piled up that mqt_layer_compact pays. */
bool mqt_layer_wants_compaction(const struct mqt_layer *layer);
/* The same features without a delta, as a new snapshot. Meant for a background thread. */
enum mqt_err mqt_layer_compact(struct mqt_layer *layer, struct mqt_layer **compacted) MQT_MUST_USE;

struct mqt_layer *mqt_layer_retain(struct mqt_layer *layer);
void mqt_layer_release(struct mqt_layer *layer); /* NULL is allowed */

size_t mqt_layer_count(const struct mqt_layer *layer);
size_t mqt_layer_bytes(const struct mqt_layer *layer); /* memory held by the snapshot */
struct mqt_box mqt_layer_box(const struct mqt_layer *layer);
enum mqt_shape mqt_layer_shape(const struct mqt_layer *layer);
size_t mqt_layer_column_count(const struct mqt_layer *layer);
struct mqt_column mqt_layer_column(const struct mqt_layer *layer, size_t index);
/* Index of the named column, or -1. */
int mqt_layer_column_index(const struct mqt_layer *layer, const char *name);

/* A feature as drawing and tests see it. Polygons: rings in order outer, holes, next outer, …;
 * outer rings run clockwise on screen (y down), holes the other way; rings are closed without
 * repeating the first point. */
struct mqt_feature {
    uint64_t id;
    struct mqt_box box;
    size_t part_count;          /* points: 1 part with all points; lines: one a line; polygons: one a ring */
    const uint32_t *part_sizes; /* points in each part */
    const struct mqt_point *points;
    size_t point_count;
    struct mqt_point label; /* inside the shape: pole of the largest polygon, middle of the longest line */
    size_t index;           /* for mqt_layer_value */
};

/* Calls visit for every feature whose box intersects box, in a fixed order; stops when it returns
 * false. The feature and its arrays are valid only during the call. */
typedef bool (*mqt_layer_visit_fn)(void *user, const struct mqt_feature *feature);
enum mqt_err mqt_layer_visit(const struct mqt_layer *layer, struct mqt_box box, mqt_layer_visit_fn visit,
                             void *user) MQT_MUST_USE;

/* The value of a column for the feature with this index (from struct mqt_feature). */
struct mqt_value mqt_layer_value(const struct mqt_layer *layer, size_t feature_index, size_t column);

/* Finds a feature by id; false when there is none. Only id, box, label and index are filled. */
bool mqt_layer_find(const struct mqt_layer *layer, uint64_t id, struct mqt_feature *feature) MQT_MUST_USE;
/* The feature with this index (from struct mqt_feature), filled like that. */
struct mqt_feature mqt_layer_at(const struct mqt_layer *layer, size_t feature_index);
/* Every index is below this. */
size_t mqt_layer_index_end(const struct mqt_layer *layer);

#endif
