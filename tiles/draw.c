#include "draw.h"

#include "label.h"
#include "place.h"
#include "png.h"
#include "raster.h"
#include "ring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCRATCH_BYTES = 64 << 20,
    WIDEST_PX = 100, /* reach of lines and circles whose width differs between features */
    SHADOW_PX = 40,  /* longest shadow of an extrusion */
    MOST_POINTS = 1 << 24
};

/* One tile on its way. */
struct draw {
    const struct mqt_style *style;
    const struct mqt_draw_source *sources;
    size_t source_count;
    struct mqt_tile tile;
    int size_px;
    double origin_x, origin_y; /* world units of the tile's corner */
    double px_per_unit;
    struct mqt_canvas canvas;
    struct mqt_arena scratch;
    struct mqt_labels labels;
    int *columns;          /* of the current layer's snapshot, by name in the style */
    struct mqt_xy *points; /* of the current part */
    size_t point_capacity;
    struct mqt_expr_context context;
    /* The style layer being drawn. */
    const struct mqt_style_layer *layer;
    int rank;
    bool names;    /* its source is the label points of a layer */
    bool one_look; /* colour and opacity are the same for all features: painted in one go */
    enum mqt_err err;
};

static double number_of(const struct draw *draw, enum mqt_style_property property)
{
    return mqt_expr_number(draw->layer->properties[property], &draw->context, mqt_style_default_number(property));
}

static struct mqt_colour colour_of(const struct draw *draw, enum mqt_style_property property)
{
    return mqt_expr_colour(draw->layer->properties[property], &draw->context, mqt_style_default_colour(property));
}

static struct mqt_colour faded(struct mqt_colour colour, double opacity)
{
    colour.a *= (float)fmin(1, fmax(0, opacity));
    return colour;
}

/* A width or radius as it is drawn: a style cannot ask for more than what is gathered around a tile. */
static double breadth_px(const struct draw *draw, enum mqt_style_property property)
{
    return fmin(WIDEST_PX, fmax(0, number_of(draw, property)));
}

static struct mqt_xy to_px(const struct draw *draw, struct mqt_point point)
{
    return (struct mqt_xy){(point.x - draw->origin_x) * draw->px_per_unit,
                           (point.y - draw->origin_y) * draw->px_per_unit};
}

/* Pixels of one part into draw->points, leaving out points that stand on their neighbour. */
static size_t part_to_px(struct draw *draw, const struct mqt_point *from, size_t count)
{
    if (count > draw->point_capacity) {
        struct mqt_xy *points = count < MOST_POINTS ? realloc(draw->points, count * sizeof *points) : NULL;
        if (!points) {
            draw->err = MQT_ERR_MEMORY;
            return 0;
        }
        draw->points = points;
        draw->point_capacity = count;
    }
    const double nearest = 0.12;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct mqt_xy p = to_px(draw, from[i]);
        bool moved = kept == 0 || fabs(p.x - draw->points[kept - 1].x) + fabs(p.y - draw->points[kept - 1].y) > nearest;
        if (moved || i + 1 == count) {
            draw->points[kept++] = p;
        }
    }
    return kept;
}

static void add_rings(struct draw *draw, const struct mqt_feature *feature)
{
    const struct mqt_point *at = feature->points;
    for (size_t part = 0; part < feature->part_count; at += feature->part_sizes[part++]) {
        size_t count = part_to_px(draw, at, feature->part_sizes[part]);
        mqt_raster_ring(&draw->canvas, draw->points, count);
    }
}

static void add_strokes(struct draw *draw, const struct mqt_feature *feature, const struct mqt_pen *pen)
{
    bool closed = mqt_layer_shape(draw->context.layer) == MQT_SHAPE_POLYGON;
    const struct mqt_point *at = feature->points;
    for (size_t part = 0; part < feature->part_count; at += feature->part_sizes[part++]) {
        size_t count = part_to_px(draw, at, feature->part_sizes[part]);
        mqt_raster_stroke(&draw->canvas, draw->points, count, closed, pen);
    }
}

static bool is_area(const struct draw *draw)
{
    return mqt_layer_shape(draw->context.layer) == MQT_SHAPE_POLYGON;
}

static void draw_fill(struct draw *draw, const struct mqt_feature *feature)
{
    if (!is_area(draw)) {
        return;
    }
    add_rings(draw, feature);
    if (draw->one_look) {
        return;
    }
    double opacity = number_of(draw, MQT_FILL_OPACITY);
    mqt_raster_paint(&draw->canvas, faded(colour_of(draw, MQT_FILL_COLOR), opacity));
    struct mqt_colour outline = colour_of(draw, MQT_FILL_OUTLINE_COLOR);
    if (outline.a > 0) {
        const struct mqt_pen pen = {.width_px = 1, .join = MQT_JOIN_BEVEL};
        add_strokes(draw, feature, &pen);
        mqt_raster_paint(&draw->canvas, faded(outline, opacity));
    }
}

/* What a wall of the given height throws on the ground: the shape and its way to the south-east. */
static void add_shadow(struct draw *draw, const struct mqt_feature *feature)
{
    double metres_per_px = 2 * MQT_MERCATOR_HALF_M / (double)MQT_WORLD_SIZE / draw->px_per_unit;
    double reach = fmin(SHADOW_PX, 0.35 * number_of(draw, MQT_EXTRUSION_HEIGHT) / metres_per_px);
    if (!(reach > 0.3)) {
        return;
    }
    double dx = reach * 0.8, dy = reach * 0.6;
    const struct mqt_point *at = feature->points;
    for (size_t part = 0; part < feature->part_count; at += feature->part_sizes[part++]) {
        size_t count = part_to_px(draw, at, feature->part_sizes[part]);
        for (size_t i = 0; i < count; i++) {
            struct mqt_xy a = draw->points[i], b = draw->points[i + 1 < count ? i + 1 : 0];
            const struct mqt_xy swept[4] = {a, b, {b.x + dx, b.y + dy}, {a.x + dx, a.y + dy}};
            mqt_raster_convex(&draw->canvas, swept, 4);
        }
    }
}

static void draw_extrusion(struct draw *draw, const struct mqt_feature *feature)
{
    if (!is_area(draw)) {
        return;
    }
    double opacity = number_of(draw, MQT_EXTRUSION_OPACITY);
    struct mqt_colour colour = colour_of(draw, MQT_EXTRUSION_COLOR), wall = colour;
    add_rings(draw, feature);
    mqt_raster_paint(&draw->canvas, faded(colour, opacity));
    wall.r *= 0.8f;
    wall.g *= 0.8f;
    wall.b *= 0.8f;
    const struct mqt_pen pen = {.width_px = 0.8, .join = MQT_JOIN_MITER};
    add_strokes(draw, feature, &pen);
    mqt_raster_paint(&draw->canvas, faded(wall, opacity));
}

static void draw_line(struct draw *draw, const struct mqt_feature *feature)
{
    const struct mqt_style_layer *layer = draw->layer;
    if (mqt_layer_shape(draw->context.layer) == MQT_SHAPE_POINT) {
        return;
    }
    const struct mqt_pen pen = {.width_px = breadth_px(draw, MQT_LINE_WIDTH),
                                .cap = layer->cap,
                                .join = layer->join,
                                .dashes = layer->dashes,
                                .dash_count = layer->dash_count,
                                .dash_by_place = is_area(draw),
                                .dash_origin = to_px(draw, (struct mqt_point){0, 0})};
    add_strokes(draw, feature, &pen);
    if (!draw->one_look) {
        mqt_raster_paint(&draw->canvas, faded(colour_of(draw, MQT_LINE_COLOR), number_of(draw, MQT_LINE_OPACITY)));
    }
}

static void draw_circles(struct draw *draw, const struct mqt_feature *feature)
{
    bool points = mqt_layer_shape(draw->context.layer) == MQT_SHAPE_POINT;
    size_t count = points ? feature->point_count : 1;
    double radius = breadth_px(draw, MQT_CIRCLE_RADIUS);
    double stroke = breadth_px(draw, MQT_CIRCLE_STROKE_WIDTH);
    double opacity = number_of(draw, MQT_CIRCLE_OPACITY);
    struct mqt_colour colour = colour_of(draw, MQT_CIRCLE_COLOR);
    struct mqt_colour ring = colour_of(draw, MQT_CIRCLE_STROKE_COLOR);
    for (size_t i = 0; i < count; i++) {
        struct mqt_xy centre = to_px(draw, points ? feature->points[i] : feature->label);
        if (stroke > 0) {
            mqt_raster_circle(&draw->canvas, centre, radius + stroke);
            mqt_raster_paint(&draw->canvas, ring);
        }
        mqt_raster_circle(&draw->canvas, centre, radius);
        mqt_raster_paint(&draw->canvas, faded(colour, opacity));
    }
}

static void colour_bytes(struct mqt_colour colour, uint8_t rgba[4])
{
    rgba[0] = (uint8_t)lrintf(colour.r * 255);
    rgba[1] = (uint8_t)lrintf(colour.g * 255);
    rgba[2] = (uint8_t)lrintf(colour.b * 255);
    rgba[3] = (uint8_t)lrintf(colour.a * 255);
}

/* Sprites are cached by size: a quarter pixel is as fine as it need be. */
static float quarter_px(double px, double most)
{
    return (float)(fmin(most, fmax(0, round(px * 4))) / 4);
}

static void collect_label(struct draw *draw, const struct mqt_feature *feature)
{
    const struct mqt_style_layer *layer = draw->layer;
    struct mqt_label label = {.rank = draw->rank, .id = feature->id};
    label.text = mqt_expr_text(layer->properties[MQT_TEXT_FIELD], &draw->context, &label.len);
    double size = fmin(96, number_of(draw, MQT_TEXT_SIZE));
    if (label.len == 0 || !(size >= 1)) {
        return;
    }
    label.style.size_px = quarter_px(size, 4 * 96);
    label.style.halo_px = quarter_px(number_of(draw, MQT_TEXT_HALO_WIDTH), 4 * 8);
    label.style.wrap_px = quarter_px(number_of(draw, MQT_TEXT_MAX_WIDTH) * size, 4 * 1000);
    label.style.spacing_px = quarter_px(number_of(draw, MQT_TEXT_LETTER_SPACING) * size, 4 * 96);
    colour_bytes(colour_of(draw, MQT_TEXT_COLOR), label.style.rgba);
    colour_bytes(colour_of(draw, MQT_TEXT_HALO_COLOR), label.style.halo_rgba);
    label.opacity = (float)number_of(draw, MQT_TEXT_OPACITY);
    label.padding_px = (float)fmin(64, fmax(0, number_of(draw, MQT_TEXT_PADDING)));
    label.sort_key = number_of(draw, MQT_SYMBOL_SORT_KEY);
    label.anchor_x = layer->anchor_x;
    label.anchor_y = layer->anchor_y;
    struct mqt_xy place = to_px(draw, feature->label);
    label.x = place.x + (double)layer->offset_em[0] * size;
    label.y = place.y + (double)layer->offset_em[1] * size;
    draw->err = mqt_labels_add(&draw->labels, &label);
}

/* As the tiles of label points say it. */
static int side_px(const struct draw *draw, const struct mqt_feature *feature)
{
    const struct mqt_point *at = feature->points;
    double area2 = 0;
    for (size_t part = 0; part < feature->part_count; at += feature->part_sizes[part++]) {
        area2 += (double)mqt_ring_area2(at, feature->part_sizes[part]);
    }
    return mqt_label_side_px(area2, draw->context.zoom);
}

static bool draw_feature(void *user, const struct mqt_feature *feature)
{
    struct draw *draw = user;
    draw->context.feature = feature->index;
    if (draw->names) {
        draw->context.side_px = side_px(draw, feature);
        if (draw->context.side_px < MQT_LABEL_LEAST_PX) {
            return true;
        }
    }
    if (!mqt_expr_bool(draw->layer->filter, &draw->context, draw->layer->filter == NULL)) {
        return true;
    }
    switch (draw->layer->type) {
    case MQT_STYLE_FILL:
        draw_fill(draw, feature);
        break;
    case MQT_STYLE_EXTRUSION:
        draw_extrusion(draw, feature);
        break;
    case MQT_STYLE_LINE:
        draw_line(draw, feature);
        break;
    case MQT_STYLE_CIRCLE:
        draw_circles(draw, feature);
        break;
    case MQT_STYLE_SYMBOL:
        collect_label(draw, feature);
        break;
    case MQT_STYLE_BACKGROUND:
        break;
    }
    return draw->err == MQT_OK;
}

static bool shadow_feature(void *user, const struct mqt_feature *feature)
{
    struct draw *draw = user;
    draw->context.feature = feature->index;
    if (is_area(draw) && mqt_expr_bool(draw->layer->filter, &draw->context, draw->layer->filter == NULL)) {
        add_shadow(draw, feature);
    }
    return draw->err == MQT_OK;
}

/* What it is at most over all features. */
static double most_breadth_px(const struct draw *draw, enum mqt_style_property property)
{
    return mqt_expr_varies(draw->layer->properties[property]) ? WIDEST_PX : breadth_px(draw, property);
}

/* How far beyond the tile's border a feature can stand and still be seen, px. */
static double reach_px(const struct draw *draw)
{
    switch (draw->layer->type) {
    case MQT_STYLE_LINE: /* half the width, twice that at a mitred corner */
        return most_breadth_px(draw, MQT_LINE_WIDTH) + 2;
    case MQT_STYLE_CIRCLE:
        return most_breadth_px(draw, MQT_CIRCLE_RADIUS) + most_breadth_px(draw, MQT_CIRCLE_STROKE_WIDTH) + 2;
    case MQT_STYLE_SYMBOL:
        return draw->size_px * MQT_PLACE_MARGIN_256THS / 256.0;
    case MQT_STYLE_EXTRUSION:
        return SHADOW_PX + 2;
    default:
        return 2;
    }
}

/* Fills and lines of one colour are laid as one shape: areas that share a border then join without
 * the hairline that two half-covered pixels leave, and lines that cross do not darken each other. */
static bool has_one_look(const struct mqt_style_layer *layer)
{
    const struct mqt_expr *const *p = layer->properties;
    if (layer->type == MQT_STYLE_FILL) {
        return !mqt_expr_varies(p[MQT_FILL_COLOR]) && !mqt_expr_varies(p[MQT_FILL_OPACITY]) &&
               !p[MQT_FILL_OUTLINE_COLOR];
    }
    return layer->type == MQT_STYLE_LINE && !mqt_expr_varies(p[MQT_LINE_COLOR]) &&
           !mqt_expr_varies(p[MQT_LINE_OPACITY]);
}

/* The layer that the style layer draws; *labels: it draws the points where that layer's labels hang. */
static const struct mqt_layer *find_source(const struct draw *draw, const struct mqt_style_layer *layer, bool *labels)
{
    const char *name = draw->style->sources[layer->source];
    for (size_t i = 0; i < draw->source_count; i++) {
        const struct mqt_draw_source *source = &draw->sources[i];
        size_t len = strlen(source->name);
        bool same = strncmp(name, source->name, len) == 0;
        *labels =
            same && mqt_layer_shape(source->layer) == MQT_SHAPE_POLYGON && strcmp(name + len, MQT_LABEL_LAYER) == 0;
        if (*labels || (same && name[len] == '\0')) {
            return source->layer;
        }
    }
    return NULL;
}

static void paint_one_look(struct draw *draw)
{
    bool fill = draw->layer->type == MQT_STYLE_FILL;
    struct mqt_colour colour = colour_of(draw, fill ? MQT_FILL_COLOR : MQT_LINE_COLOR);
    mqt_raster_paint(&draw->canvas, faded(colour, number_of(draw, fill ? MQT_FILL_OPACITY : MQT_LINE_OPACITY)));
}

static enum mqt_err draw_features(struct draw *draw, const struct mqt_layer *source)
{
    for (size_t i = 0; i < draw->style->names.count; i++) {
        bool side = draw->names && strcmp(draw->style->names.items[i], MQT_LABEL_SIDE) == 0;
        draw->columns[i] = side ? MQT_EXPR_SIDE : mqt_layer_column_index(source, draw->style->names.items[i]);
    }
    int margin = (int)ceil(reach_px(draw) * 256 / draw->size_px);
    struct mqt_box box = mqt_tile_box(draw->tile, margin);
    draw->context.layer = source;
    draw->one_look = has_one_look(draw->layer);
    enum mqt_err err = MQT_OK;
    if (draw->layer->type == MQT_STYLE_EXTRUSION) {
        err = mqt_layer_visit(source, box, shadow_feature, draw);
        mqt_raster_paint(&draw->canvas, (struct mqt_colour){0.05f, 0.05f, 0.15f, 0.14f});
    }
    if (!err) {
        err = mqt_layer_visit(source, box, draw_feature, draw);
    }
    err = err ? err : draw->err;
    draw->context.layer = NULL;
    if (!err && draw->one_look) {
        paint_one_look(draw);
    }
    return err;
}

static enum mqt_err draw_layers(struct draw *draw, bool with_labels)
{
    for (size_t i = 0; i < draw->style->layer_count; i++) {
        const struct mqt_style_layer *layer = &draw->style->layers[i];
        draw->layer = layer;
        draw->rank = (int)i;
        if (draw->context.zoom < layer->min_zoom || draw->context.zoom >= layer->max_zoom) {
            continue;
        }
        if (layer->type == MQT_STYLE_BACKGROUND) {
            struct mqt_colour colour = colour_of(draw, MQT_BACKGROUND_COLOR);
            mqt_raster_flood(&draw->canvas, faded(colour, number_of(draw, MQT_BACKGROUND_OPACITY)));
            continue;
        }
        const struct mqt_layer *source = find_source(draw, layer, &draw->names);
        if (!source || (layer->type == MQT_STYLE_SYMBOL && !(with_labels && layer->properties[MQT_TEXT_FIELD]))) {
            continue;
        }
        enum mqt_err err = draw_features(draw, source);
        if (err) {
            return err;
        }
    }
    return MQT_OK;
}

static bool may_touch_tile(const struct draw *draw, const struct mqt_label *label)
{
    double width, height;
    mqt_label_size(label, &width, &height);
    /* The estimate may be short of the real picture; twice its size and a bit is not. */
    double reach_x = 2 * width + 16, reach_y = 2 * height + 16;
    return label->x > -reach_x && label->y > -reach_y && label->x < draw->size_px + reach_x &&
           label->y < draw->size_px + reach_y;
}

static enum mqt_err draw_labels(struct draw *draw, struct mqt_fonts *fonts)
{
    enum mqt_err err = mqt_labels_place(&draw->labels, draw->size_px);
    /* The most important label comes last, on top of all. */
    for (size_t i = draw->labels.count; !err && i-- > 0;) {
        const struct mqt_label *label = &draw->labels.items[i];
        if (!label->placed || !may_touch_tile(draw, label)) {
            continue;
        }
        struct mqt_sprite *sprite;
        err = mqt_text_sprite(fonts, label->text, label->len, &label->style, &sprite);
        if (err) {
            err = err == MQT_ERR_MEMORY ? err : MQT_OK; /* a label that cannot be drawn is left out */
            continue;
        }
        int width = mqt_sprite_width_px(sprite), height = mqt_sprite_height_px(sprite);
        int x = (int)floor(label->x - width * (double)label->anchor_x + 0.5);
        int y = (int)floor(label->y - height * (double)label->anchor_y + 0.5);
        mqt_raster_blit(&draw->canvas, x, y, mqt_sprite_pixels(sprite), width, height, label->opacity);
        mqt_sprite_release(sprite);
    }
    return err;
}

enum mqt_err mqt_draw_png(const struct mqt_style *style, const struct mqt_draw_source *sources, size_t source_count,
                          struct mqt_tile tile, int size_px, struct mqt_fonts *fonts, struct mqt_buf *out)
{
    if (!mqt_tile_valid(tile) || (size_px != 256 && size_px != 512)) {
        return MQT_ERR_PARAM;
    }
    double side = (double)(MQT_WORLD_SIZE >> tile.z);
    struct draw draw = {.style = style,
                        .sources = sources,
                        .source_count = source_count,
                        .tile = tile,
                        .size_px = size_px,
                        .origin_x = (double)tile.x * side,
                        .origin_y = (double)tile.y * side,
                        .px_per_unit = size_px / side};
    mqt_arena_init(&draw.scratch, SCRATCH_BYTES);
    enum mqt_err err = mqt_canvas_init(&draw.canvas, size_px, size_px);
    if (err) {
        return err;
    }
    draw.columns = calloc(style->names.count + 1, sizeof *draw.columns);
    if (!draw.columns) {
        err = MQT_ERR_MEMORY;
        goto done;
    }
    double zoom = size_px == 512 ? tile.z : tile.z - 1;
    draw.context = (struct mqt_expr_context){.zoom = fmax(0, zoom), .columns = draw.columns, .scratch = &draw.scratch};
    err = draw_layers(&draw, fonts != NULL);
    if (!err && fonts) {
        err = draw_labels(&draw, fonts);
    }
    if (!err) {
        mqt_canvas_unpremultiply(&draw.canvas);
        err = mqt_png_rgba(draw.canvas.rgba, size_px, size_px, out);
    }
done:
    free(draw.columns);
    free(draw.points);
    mqt_labels_clear(&draw.labels);
    mqt_arena_clear(&draw.scratch);
    mqt_canvas_clear(&draw.canvas);
    return err;
}
