/* What can be left out of a shape at each zoom, worked out once when it enters a layer.
 *
 * World units (grid.h). The unit of zoom z is one of 4096 in a tile's side. Pure; any thread.
 */
#ifndef MQT_SIMPLIFY_H
#define MQT_SIMPLIFY_H

#include "repair.h"

/* For every point the least zoom at which it is needed: leaving it out below moves no line by more
 * than half a unit of that zoom (Douglas and Peucker). */
enum mqt_err mqt_simplify_least_zooms(const struct mqt_outline *outline, enum mqt_shape shape,
                                      uint8_t *least_zooms) MQT_MUST_USE;

/* The zooms word of a polygon's record (record.h). scratch is overwritten. */
enum mqt_err mqt_simplify_zooms(const struct mqt_outline *outline, struct mqt_box box, const uint8_t *least_zooms,
                                struct mqt_repair *repair, struct mqt_outline *scratch, uint32_t *zooms) MQT_MUST_USE;

#endif
