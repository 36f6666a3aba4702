/* Whether points lie in a polygon.
 *
 * The even-odd rule over all rings of a feature (layer.h), so holes are outside. Exact on the
 * integer grid; of polygons that share a border exactly one has a point on it, whichever way their
 * rings run. For many points of one polygon there is an index of its edges by strips of equal
 * height: a point costs what its strip holds. World units; an index is immutable, any thread may ask.
 */
#ifndef MQT_INSIDE_H
#define MQT_INSIDE_H

#include "layer.h"

/* One question; looks at every edge. */
bool mqt_feature_holds(const struct mqt_feature *polygon, struct mqt_point point);

struct mqt_inside;
enum mqt_err mqt_inside_new(const struct mqt_feature *polygon, struct mqt_inside **inside) MQT_MUST_USE;
void mqt_inside_free(struct mqt_inside *inside); /* NULL is allowed */
bool mqt_inside_holds(const struct mqt_inside *inside, struct mqt_point point);

#endif
