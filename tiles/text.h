/* Label sprites: the one door to pango and cairo.
 *
 * A font set is opened once at start and handed in; mqt_text_sprite is safe from any thread (it
 * locks only its cache). A sprite is a premultiplied RGBA picture of one label with its halo, drawn
 * once and kept; bounded cache, least recently used goes first. Sizes are in pixels of the tile.
 */
#ifndef MQT_TEXT_H
#define MQT_TEXT_H

#include "err.h"

#include <stdint.h>

struct mqt_fonts;
struct mqt_sprite;

struct mqt_text_style {
    float size_px;
    float halo_px;
    uint8_t rgba[4], halo_rgba[4]; /* alpha not premultiplied */
    int bold;
    float wrap_px;    /* 0: one line */
    float spacing_px; /* added between letters */
};

/* family: a fontconfig name such as "Noto Sans CJK SC". MQT_ERR_NOT_FOUND when no font with Han
 * glyphs can be had. cache_bytes bounds the sprites kept. */
enum mqt_err mqt_fonts_open(const char *family, size_t cache_bytes, struct mqt_fonts **fonts,
                            struct mqt_detail *detail) MQT_MUST_USE;
void mqt_fonts_close(struct mqt_fonts *fonts); /* after every sprite was released; NULL is allowed */

/* text: UTF-8 of len bytes; longer than 256 bytes is cut at a character. Release the sprite. */
enum mqt_err mqt_text_sprite(struct mqt_fonts *fonts, const char *text, size_t len, const struct mqt_text_style *style,
                             struct mqt_sprite **sprite) MQT_MUST_USE;
void mqt_sprite_release(struct mqt_sprite *sprite);

int mqt_sprite_width_px(const struct mqt_sprite *sprite);
int mqt_sprite_height_px(const struct mqt_sprite *sprite);
const uint8_t *mqt_sprite_pixels(const struct mqt_sprite *sprite); /* premultiplied R G B A rows */

#endif
