/* Any bytes as a style document: a refusal that says why, or a style that draws a tile. */
#include "../../tiles/draw.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* One feature of the given shape around a tile's middle, with a column of each type. */
static struct mqt_layer *make_layer(enum mqt_shape shape)
{
    static const struct mqt_column columns[] = {{"name", MQT_TYPE_TEXT},
                                                {"kind", MQT_TYPE_TEXT},
                                                {"floors", MQT_TYPE_INT},
                                                {"height_m", MQT_TYPE_REAL},
                                                {"open", MQT_TYPE_BOOL}};
    static const double places[4][2] = {{116.30, 39.80}, {116.32, 39.80}, {116.31, 39.82}, {116.30, 39.80}};
    uint8_t wkb[100] = {1, (uint8_t)shape};
    size_t len = 5;
    if (shape == MQT_SHAPE_POLYGON) {
        wkb[len] = 1;
        len += 4;
    }
    if (shape != MQT_SHAPE_POINT) {
        wkb[len] = 4;
        len += 4;
    }
    size_t bytes = shape == MQT_SHAPE_POINT ? sizeof places[0] : sizeof places;
    memcpy(wkb + len, places, bytes);
    len += bytes;
    const struct mqt_value values[5] = {{.present = true, .type = MQT_TYPE_TEXT, .text = {"三号楼", 9}},
                                        {.present = true, .type = MQT_TYPE_TEXT, .text = {"#ff8000", 7}},
                                        {.present = true, .type = MQT_TYPE_INT, .integer = INT64_MIN},
                                        {.present = true, .type = MQT_TYPE_REAL, .real = 1e300},
                                        {.present = true, .type = MQT_TYPE_BOOL, .boolean = true}};
    struct mqt_layer_builder *builder;
    struct mqt_layer *layer;
    require(mqt_layer_builder_new(columns, 5, shape, 1 << 16, &builder) == MQT_OK);
    require(mqt_layer_builder_add_wkb(builder, 1, wkb, len, values, NULL) == MQT_OK);
    require(mqt_layer_builder_finish(builder, &layer) == MQT_OK);
    return layer;
}

static void draw(const struct mqt_style *style)
{
    struct mqt_point middle;
    require(mqt_grid_from_degrees(116.31, 39.81, &middle));
    const struct mqt_tile tile = {13, (uint32_t)middle.x >> 18, (uint32_t)middle.y >> 18};
    for (int shape = MQT_SHAPE_POINT; shape <= MQT_SHAPE_POLYGON; shape++) {
        struct mqt_layer *layer = make_layer((enum mqt_shape)shape);
        struct mqt_draw_source sources[64];
        size_t count = mqt_style_source_count(style) < 64 ? mqt_style_source_count(style) : 64;
        for (size_t i = 0; i < count; i++) {
            sources[i] = (struct mqt_draw_source){mqt_style_source(style, i), layer};
        }
        struct mqt_buf out;
        mqt_buf_init(&out, 1 << 20);
        require(mqt_draw_png(style, sources, count, tile, 256, NULL, &out) == MQT_OK);
        require(out.len > 60 && memcmp(out.data + 1, "PNG", 3) == 0);
        mqt_buf_clear(&out);
        mqt_layer_release(layer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_style *style = NULL;
    struct mqt_detail detail = {0};
    enum mqt_err err = mqt_style_parse((const char *)data, size, &style, &detail);
    if (err) {
        require(style == NULL && detail.text[0] != '\0');
        return 0;
    }
    draw(style);
    mqt_style_release(style);
    return 0;
}
