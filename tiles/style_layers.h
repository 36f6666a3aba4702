/* What a parsed style holds, for the renderer only. Immutable; lives as long as the style. */
#ifndef MQT_STYLE_LAYERS_H
#define MQT_STYLE_LAYERS_H

#include "expr.h"
#include "style.h"

#include <stdatomic.h>

enum mqt_style_type {
    MQT_STYLE_BACKGROUND,
    MQT_STYLE_FILL,
    MQT_STYLE_EXTRUSION,
    MQT_STYLE_LINE,
    MQT_STYLE_CIRCLE,
    MQT_STYLE_SYMBOL
};

enum mqt_style_property {
    MQT_BACKGROUND_COLOR,
    MQT_BACKGROUND_OPACITY,
    MQT_FILL_COLOR,
    MQT_FILL_OPACITY,
    MQT_FILL_OUTLINE_COLOR,
    MQT_EXTRUSION_COLOR,
    MQT_EXTRUSION_OPACITY,
    MQT_EXTRUSION_HEIGHT,
    MQT_LINE_COLOR,
    MQT_LINE_OPACITY,
    MQT_LINE_WIDTH,
    MQT_CIRCLE_RADIUS,
    MQT_CIRCLE_COLOR,
    MQT_CIRCLE_OPACITY,
    MQT_CIRCLE_STROKE_WIDTH,
    MQT_CIRCLE_STROKE_COLOR,
    MQT_TEXT_FIELD,
    MQT_TEXT_SIZE,
    MQT_TEXT_COLOR,
    MQT_TEXT_OPACITY,
    MQT_TEXT_HALO_COLOR,
    MQT_TEXT_HALO_WIDTH,
    MQT_TEXT_MAX_WIDTH,
    MQT_TEXT_LETTER_SPACING,
    MQT_TEXT_PADDING,
    MQT_SYMBOL_SORT_KEY,
    MQT_STYLE_PROPERTY_COUNT
};

enum mqt_line_cap { MQT_CAP_BUTT, MQT_CAP_ROUND, MQT_CAP_SQUARE };
enum mqt_line_join { MQT_JOIN_MITER, MQT_JOIN_BEVEL, MQT_JOIN_ROUND };

enum { MQT_STYLE_MAX_DASHES = 8 };

struct mqt_style_layer {
    const char *id;
    enum mqt_style_type type;
    size_t source; /* index for mqt_style_source; background: unused */
    double min_zoom, max_zoom;
    bool unasked;
    const struct mqt_expr *filter;                               /* NULL: every feature */
    const struct mqt_expr *properties[MQT_STYLE_PROPERTY_COUNT]; /* NULL: the default */
    enum mqt_line_cap cap;
    enum mqt_line_join join;
    float dashes[MQT_STYLE_MAX_DASHES]; /* in line widths */
    size_t dash_count;
    float anchor_x, anchor_y; /* point of the label's box that stands on the place: 0.5, 0.5 is its middle */
    float offset_em[2];       /* text-offset: right, down */
};

struct mqt_style {
    atomic_size_t refs;
    struct mqt_arena arena;
    struct mqt_expr_names names;
    struct mqt_style_layer *layers; /* in drawing order */
    size_t layer_count;
    const char **sources;
    size_t source_count;
};

/* Defaults of the MapLibre style specification. */
double mqt_style_default_number(enum mqt_style_property property);
struct mqt_colour mqt_style_default_colour(enum mqt_style_property property);

#endif
