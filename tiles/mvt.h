/* Mapbox Vector Tiles 2.1 from layer snapshots.
 *
 * Pure: reads snapshots, writes bytes; any thread, no locks. Extent 4096, buffer 64 units of it
 * (256ths: 4) around polygons and lines. Shapes are snapped to the tile grid, simplified to what
 * the zoom can show, clipped to the buffered tile and kept valid (clockwise outer rings, no
 * zero-area rings). Feature ids are the snapshot's ids.
 */
#ifndef MQT_MVT_H
#define MQT_MVT_H

#include "buf.h"
#include "layer.h"

#define MQT_MVT_EXTENT 4096
#define MQT_MVT_BUFFER 64

struct mqt_mvt_stats {
    size_t features; /* written */
    size_t dropped;  /* left out to keep the byte budget */
    size_t vertices;
};

/* Appends one MVT layer with the given name; a tile of several layers is several calls into the
 * same buffer. Nothing is appended when no feature is in the tile. budget_bytes bounds what this
 * layer may append (0: only the buffer's own ceiling): when it does not fit, the smallest features
 * are left out evenly over the tile. stats may be NULL. */
enum mqt_err mqt_mvt_encode(const struct mqt_layer *layer, const char *name, struct mqt_tile tile, size_t budget_bytes,
                            struct mqt_buf *out, struct mqt_mvt_stats *stats) MQT_MUST_USE;

/* What of a layer shows in a picture. */
struct mqt_mvt_drawn {
    const size_t *columns; /* by index, each once; a tile holds no others; those beyond the layer's are passed over */
    size_t column_count;
    /* 0 to MQT_MVT_MOST_COARSE: lines and polygons stand on a grid of 2^coarse units and are thinned to it. */
    int coarse;
};

#define MQT_MVT_MOST_COARSE 3

/* The same with nothing that the picture does not show: a fraction of the bytes and of the vertices. */
enum mqt_err mqt_mvt_encode_drawn(const struct mqt_layer *layer, const struct mqt_mvt_drawn *drawn, const char *name,
                                  struct mqt_tile tile, size_t budget_bytes, struct mqt_buf *out,
                                  struct mqt_mvt_stats *stats) MQT_MUST_USE;

/* Columns of the layer, by index, each once; those beyond the layer's are passed over. */
struct mqt_mvt_label_columns {
    const size_t *indices;
    size_t count;
};

/* The same with one point for each polygon, where its label hangs: a name that is drawn from these is
 * there once, however many tiles the polygon touches. A point is in the one tile that contains it, with
 * the feature's id, these columns and MQT_LABEL_SIDE. Left out are features without a value in any of
 * the columns and those of less than MQT_LABEL_LEAST_PX, on which no word would fit. */
enum mqt_err mqt_mvt_encode_labels(const struct mqt_layer *layer, const struct mqt_mvt_label_columns *columns,
                                   const char *name, struct mqt_tile tile, size_t budget_bytes, struct mqt_buf *out,
                                   struct mqt_mvt_stats *stats) MQT_MUST_USE;

#endif
