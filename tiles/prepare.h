/* What is worked out once for a shape when it enters a layer. Pure; any thread.
 *
 * Coordinates are world units (grid.h). The unit of zoom z is one of 4096 in a tile's side.
 */
#ifndef MQT_PREPARE_H
#define MQT_PREPARE_H

#include "valid.h"

/* A point to hang a label on: of points the first, of lines the middle of the longest, of polygons
 * a point well inside the largest. */
struct mqt_point mqt_prepare_label(const struct mqt_outline *outline, enum mqt_shape shape);

/* For every point the least zoom at which it is needed: leaving it out below moves no line by more
 * than half a unit of that zoom (Douglas and Peucker). */
enum mqt_err mqt_prepare_least_zooms(const struct mqt_outline *outline, enum mqt_shape shape,
                                     uint8_t *least_zooms) MQT_MUST_USE;

/* The zooms word of a polygon's record (record.h). scratch is overwritten. */
enum mqt_err mqt_prepare_zooms(const struct mqt_outline *outline, struct mqt_box box, const uint8_t *least_zooms,
                               struct mqt_repair *repair, struct mqt_outline *scratch, uint32_t *zooms) MQT_MUST_USE;

#endif
