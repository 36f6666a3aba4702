/* Where a shape's label hangs, worked out once when the shape enters a layer, and how large the shape
 * looks around it. World units (grid.h). Pure; any thread.
 */
#ifndef MQT_LABEL_H
#define MQT_LABEL_H

#include "outline.h"

/* Of points the first, of lines the middle of the longest, of polygons a point well inside the
 * largest: its centroid where that has room around it, else about the pole of inaccessibility. */
struct mqt_point mqt_label_point(const struct mqt_outline *outline, enum mqt_shape shape);

/* How large a polygon looks: the side in px of the square of its area, where a tile of zoom z is 512 px
 * wide; at most MQT_LABEL_MOST_PX. area2: twice the area, world units. */
#define MQT_LABEL_LAYER "_label" /* the label points of layer x are layer x_label of a vector tile */
#define MQT_LABEL_SIDE "side_px" /* the attribute of label points that says it */
#define MQT_LABEL_LEAST_PX 12    /* smaller shapes have no label */
#define MQT_LABEL_MOST_PX 2047
int mqt_label_side_px(double area2, double z);

#endif
