/* What is worked out once for a shape when it enters a layer. Pure; any thread.
 *
 * Coordinates are world units (grid.h).
 */
#ifndef MQT_PREPARE_H
#define MQT_PREPARE_H

#include "wkb.h"

/* A point to hang a label on: of points the first, of lines the middle of the longest, of polygons
 * a point well inside the largest. */
struct mqt_point mqt_prepare_label(const struct mqt_outline *outline, enum mqt_shape shape);

#endif
