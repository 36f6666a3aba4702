/* Where a shape's label hangs, worked out once when the shape enters a layer. World units (grid.h).
 * Pure; any thread.
 */
#ifndef MQT_LABEL_H
#define MQT_LABEL_H

#include "outline.h"

/* Of points the first, of lines the middle of the longest, of polygons a point well inside the
 * largest: its centroid where that has room around it, else about the pole of inaccessibility. */
struct mqt_point mqt_label_point(const struct mqt_outline *outline, enum mqt_shape shape);

#endif
