/* Features from the database into layer snapshots.
 *
 * Reads what the catalogue row names (id, geom in EPSG:4490, columns) by binary COPY. Features
 * that the layer builder refuses (empty or outside the Web Mercator square) are counted, not fatal.
 * Runs on the caller's connection and inside its transaction, if one is open.
 */
#ifndef MQT_FEATURE_H
#define MQT_FEATURE_H

#include "catalog.h"

struct mqt_feature_stats {
    size_t read;
    size_t refused;
};

/* The whole layer. */
enum mqt_err mqt_feature_load(struct mqt_db *db, const struct mqt_catalog_layer *layer, size_t max_bytes,
                              struct mqt_layer **snapshot, struct mqt_feature_stats *stats,
                              struct mqt_detail *detail) MQT_MUST_USE;

/* The features with these ids as they are now: a builder for mqt_layer_apply. Ids that are not in
 * the database any more are simply not in the builder. */
enum mqt_err mqt_feature_read(struct mqt_db *db, const struct mqt_catalog_layer *layer, const uint64_t *ids,
                              size_t id_count, size_t max_bytes, struct mqt_layer_builder **changes,
                              struct mqt_detail *detail) MQT_MUST_USE;

#endif
