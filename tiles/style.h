/* The map style shared by browser and server: a subset of the MapLibre style document.
 *
 * Layers of type background, fill, fill-extrusion (drawn flat), line, circle and symbol
 * (text-field only) over vector sources; "source-layer" is a catalogue layer id, or that of a polygon
 * layer and MQT_LABEL_LAYER for its label points. Values: literals,
 * ["get", column], ["coalesce", …], ["concat", …], ["to-string", …], ["match", …], ["case", …],
 * comparisons, ["has", …], ["all"/"any"/"!", …], ["step"/"interpolate", ["linear"], ["zoom"], …].
 * A layer with "metadata": {"mqt:raster": false} is left to the browser. Immutable once parsed.
 */
#ifndef MQT_STYLE_H
#define MQT_STYLE_H

#include "layer.h"

struct mqt_style;

/* json: the style document, len bytes. Anything outside the subset is MQT_ERR_FORMAT with the
 * layer's id and property in the detail. */
enum mqt_err mqt_style_parse(const char *json, size_t len, struct mqt_style **style,
                             struct mqt_detail *detail) MQT_MUST_USE;
struct mqt_style *mqt_style_retain(struct mqt_style *style);
void mqt_style_release(struct mqt_style *style);

/* Catalogue layers that the style draws, each once; borrowed from the style. */
size_t mqt_style_source_count(const struct mqt_style *style);
const char *mqt_style_source(const struct mqt_style *style, size_t index);
/* Whether the catalogue layer is drawn only when somebody asks for it: every style layer that draws it
 * has "metadata": {"mqt:unasked": true}. */
bool mqt_style_is_unasked(const struct mqt_style *style, const char *source);

#endif
