/* A feature's shape as the command stream of one vector tile.
 *
 * Tile units: 4096 a side, y down. A pen belongs to one tile and one thread.
 */
#ifndef MQT_MVT_SHAPE_H
#define MQT_MVT_SHAPE_H

#include "core.h"
#include "repair.h"

/* How world units become tile units. Beyond MQT_EXACT_ZOOM a world unit is several tile units: shapes
 * are clipped in world units and scaled when written. */
struct mqt_mvt_frame {
    int z;             /* whose unit shapes are snapped to: the tile's, or a lower one */
    int most_zoom;     /* points that are needed from a higher zoom on are left out */
    unsigned shift;    /* world units to snapped units */
    uint32_t half;     /* added before the shift: round to nearest */
    unsigned scale;    /* snapped units to tile units */
    int32_t x, y;      /* the tile's corner, snapped units */
    int32_t low, high; /* the buffered tile, snapped units from its corner */
    struct mqt_tile tile;
    struct mqt_box box; /* world units, without buffer */
};

struct mqt_mvt_pen {
    struct mqt_buf commands; /* of the current feature; empty when nothing of it shows */
    struct mqt_point at;
    size_t vertices;       /* of the current feature */
    struct mqt_buf points; /* scratch, as are those below */
    struct mqt_buf clipped;
    struct mqt_buf spare;
    struct mqt_buf sizes;
    struct mqt_outline rings;
    struct mqt_repair repair;
};

/* coarse: shapes are snapped as at a zoom so much lower, and thinned as one zoom below that. */
struct mqt_mvt_frame mqt_mvt_frame_of(struct mqt_tile tile, int coarse);
void mqt_mvt_pen_init(struct mqt_mvt_pen *pen);
void mqt_mvt_pen_clear(struct mqt_mvt_pen *pen);

/* Draws a feature anew. inside: its box lies within the buffered tile. */
enum mqt_err mqt_mvt_pen_draw(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, const struct mqt_core *core,
                              size_t index, bool inside) MQT_MUST_USE;

/* Draws the point where a polygon's label hangs, and says how large the polygon looks (label.h). Nothing
 * when the point stands in another tile or the polygon looks smaller than MQT_LABEL_LEAST_PX. */
enum mqt_err mqt_mvt_pen_label(struct mqt_mvt_pen *pen, const struct mqt_mvt_frame *frame, const struct mqt_core *core,
                               size_t index, int *side_px) MQT_MUST_USE;

#endif
