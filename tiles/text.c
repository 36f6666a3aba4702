#include "text.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096, MAX_TEXT = 256, MAX_SIDE_PX = 4096, KEY_NUMBERS = 8 };

struct mqt_sprite {
    atomic_size_t refs;
    int width_px, height_px;
    uint8_t pixels[];
};

/* A sprite is the same when its text and these are; the text follows. */
struct key {
    int32_t numbers[KEY_NUMBERS];
    size_t len;
    char text[MAX_TEXT];
};

struct entry {
    struct entry *next;          /* in the bucket */
    struct entry *newer, *older; /* by last use */
    struct mqt_sprite *sprite;
    uint64_t hash;
    size_t bytes; /* of sprite and entry */
    struct key key;
};

struct mqt_fonts {
    pthread_mutex_t draw_lock; /* pango's objects are for one thread at a time */
    PangoFontMap *map;
    PangoContext *context;
    char *family;
    pthread_mutex_t cache_lock;
    struct entry *buckets[BUCKETS];
    struct entry *newest, *oldest;
    size_t bytes, max_bytes;
};

/* Drawing */

static PangoLayout *new_layout(struct mqt_fonts *fonts, const char *text, size_t len, double size_px, bool bold)
{
    PangoLayout *layout = pango_layout_new(fonts->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, fonts->family);
    pango_font_description_set_absolute_size(font, size_px * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, (int)len);
    return layout;
}

/* Lines of about one length, so that no single character is left for the last one. */
static void wrap_evenly(PangoLayout *layout, const struct mqt_text_style *style)
{
    int natural = 0;
    pango_layout_get_size(layout, &natural, NULL);
    double width_px = (double)natural / PANGO_SCALE, wrap_px = (double)style->wrap_px;
    if (wrap_px <= 0 || width_px <= wrap_px) {
        return;
    }
    double lines = ceil(width_px / wrap_px);
    double even_px = fmin(wrap_px, width_px / lines + (double)(style->size_px / 2 + style->spacing_px));
    pango_layout_set_width(layout, (int)(even_px * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
}

static PangoLayout *style_layout(struct mqt_fonts *fonts, const struct key *key, const struct mqt_text_style *style)
{
    PangoLayout *layout = new_layout(fonts, key->text, key->len, (double)style->size_px, style->bold != 0);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_line_spacing(layout, 0.82f); /* CJK fonts bring 1.45 em a line, too far apart on a map */
    if (style->spacing_px > 0) {
        PangoAttrList *attributes = pango_attr_list_new();
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new((int)(style->spacing_px * PANGO_SCALE)));
        pango_layout_set_attributes(layout, attributes);
        pango_attr_list_unref(attributes);
    }
    wrap_evenly(layout, style);
    return layout;
}

static void set_colour(cairo_t *cairo, const uint8_t rgba[4])
{
    cairo_set_source_rgba(cairo, rgba[0] / 255.0, rgba[1] / 255.0, rgba[2] / 255.0, rgba[3] / 255.0);
}

static void draw_layout(cairo_t *cairo, PangoLayout *layout, const struct mqt_text_style *style)
{
    if (style->halo_px > 0 && style->halo_rgba[3] > 0) {
        pango_cairo_layout_path(cairo, layout);
        set_colour(cairo, style->halo_rgba);
        cairo_set_line_width(cairo, 2.0 * (double)style->halo_px);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cairo);
    }
    set_colour(cairo, style->rgba);
    pango_cairo_show_layout(cairo, layout);
}

/* cairo keeps a pixel as one 32-bit number A R G B; we want bytes R G B A. */
static void copy_pixels(cairo_surface_t *surface, struct mqt_sprite *sprite)
{
    const uint8_t *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    uint8_t *to = sprite->pixels;
    for (int y = 0; y < sprite->height_px; y++) {
        for (int x = 0; x < sprite->width_px; x++, to += 4) {
            uint32_t pixel;
            memcpy(&pixel, data + y * stride + 4 * x, 4);
            to[0] = (uint8_t)(pixel >> 16);
            to[1] = (uint8_t)(pixel >> 8);
            to[2] = (uint8_t)pixel;
            to[3] = (uint8_t)(pixel >> 24);
        }
    }
}

static enum mqt_err draw_sprite(struct mqt_fonts *fonts, const struct key *key, const struct mqt_text_style *style,
                                struct mqt_sprite **sprite)
{
    enum mqt_err err = MQT_ERR_MEMORY;
    cairo_surface_t *surface = NULL;
    cairo_t *cairo = NULL;
    struct mqt_sprite *made = NULL;
    PangoLayout *layout = style_layout(fonts, key, style);
    PangoRectangle ink;
    pango_layout_get_pixel_extents(layout, &ink, NULL);
    /* The ink is boxed, not the line: a label stands in the middle of what is seen of it. */
    int border = (int)ceilf(style->halo_px) + 1;
    int width = ink.width + 2 * border, height = ink.height + 2 * border;
    if (width > MAX_SIDE_PX || height > MAX_SIDE_PX) {
        err = MQT_ERR_LIMIT;
        goto done;
    }
    surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo = cairo_create(surface);
    made = malloc(sizeof *made + 4 * (size_t)width * (size_t)height);
    if (!made || cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
        goto done;
    }
    cairo_translate(cairo, border - ink.x, border - ink.y);
    draw_layout(cairo, layout, style);
    cairo_surface_flush(surface);
    if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
        goto done;
    }
    atomic_init(&made->refs, 1);
    made->width_px = width;
    made->height_px = height;
    copy_pixels(surface, made);
    *sprite = made;
    made = NULL;
    err = MQT_OK;
done:
    free(made);
    if (cairo) {
        cairo_destroy(cairo);
    }
    if (surface) {
        cairo_surface_destroy(surface);
    }
    g_object_unref(layout);
    return err;
}

/* Cache; its lock is held by the caller */

static bool same_key(const struct key *a, const struct key *b)
{
    return a->len == b->len && memcmp(a->numbers, b->numbers, sizeof a->numbers) == 0 &&
           memcmp(a->text, b->text, a->len) == 0;
}

static uint64_t hash_key(const struct key *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    const uint8_t *numbers = (const uint8_t *)key->numbers;
    for (size_t i = 0; i < sizeof key->numbers; i++) {
        hash = (hash ^ numbers[i]) * UINT64_C(1099511628211);
    }
    for (size_t i = 0; i < key->len; i++) {
        hash = (hash ^ (uint8_t)key->text[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static void unlink_use(struct mqt_fonts *fonts, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &fonts->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &fonts->oldest) = entry->newer;
}

static void link_newest(struct mqt_fonts *fonts, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = fonts->newest;
    *(fonts->newest ? &fonts->newest->newer : &fonts->oldest) = entry;
    fonts->newest = entry;
}

static struct entry *find_entry(struct mqt_fonts *fonts, const struct key *key, uint64_t hash)
{
    struct entry *entry = fonts->buckets[hash % BUCKETS];
    while (entry && (entry->hash != hash || !same_key(&entry->key, key))) {
        entry = entry->next;
    }
    if (entry) {
        unlink_use(fonts, entry);
        link_newest(fonts, entry);
    }
    return entry;
}

static void drop_oldest(struct mqt_fonts *fonts)
{
    struct entry *entry = fonts->oldest, **link = &fonts->buckets[entry->hash % BUCKETS];
    while (*link != entry) {
        link = &(*link)->next;
    }
    *link = entry->next;
    unlink_use(fonts, entry);
    fonts->bytes -= entry->bytes;
    mqt_sprite_release(entry->sprite);
    free(entry);
}

static struct mqt_sprite *retain(struct mqt_sprite *sprite)
{
    atomic_fetch_add_explicit(&sprite->refs, 1, memory_order_relaxed);
    return sprite;
}

/* Keeps the sprite if there is room and memory; it is a cache, so not keeping is no error. */
static void keep(struct mqt_fonts *fonts, const struct key *key, uint64_t hash, struct mqt_sprite *sprite)
{
    size_t bytes = sizeof(struct entry) + sizeof *sprite + 4 * (size_t)sprite->width_px * (size_t)sprite->height_px;
    if (bytes > fonts->max_bytes || find_entry(fonts, key, hash)) {
        return;
    }
    struct entry *entry = malloc(sizeof *entry);
    if (!entry) {
        return;
    }
    while (fonts->bytes + bytes > fonts->max_bytes) {
        drop_oldest(fonts);
    }
    *entry = (struct entry){
        .next = fonts->buckets[hash % BUCKETS], .sprite = retain(sprite), .hash = hash, .bytes = bytes, .key = *key};
    fonts->buckets[hash % BUCKETS] = entry;
    link_newest(fonts, entry);
    fonts->bytes += bytes;
}

/* Interface */

static bool has_han(struct mqt_fonts *fonts)
{
    PangoLayout *layout = new_layout(fonts, "楼", strlen("楼"), 12, false);
    bool known = pango_layout_get_unknown_glyphs_count(layout) == 0;
    g_object_unref(layout);
    return known;
}

enum mqt_err mqt_fonts_open(const char *family, size_t cache_bytes, struct mqt_fonts **fonts, struct mqt_detail *detail)
{
    struct mqt_fonts *made = calloc(1, sizeof *made);
    if (!made) {
        return MQT_ERR_MEMORY;
    }
    pthread_mutex_init(&made->draw_lock, NULL);
    pthread_mutex_init(&made->cache_lock, NULL);
    made->max_bytes = cache_bytes;
    made->family = strdup(family);
    made->map = pango_cairo_font_map_new();
    made->context = pango_font_map_create_context(made->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(made->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(made->context, pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(made->context, FALSE);
    enum mqt_err err = made->family ? MQT_OK : MQT_ERR_MEMORY;
    if (!err && !has_han(made)) {
        err = mqt_fail(detail, MQT_ERR_NOT_FOUND, "no font with Chinese characters was found (asked for \"%.60s\")",
                       family);
    }
    if (err) {
        mqt_fonts_close(made);
        return err;
    }
    *fonts = made;
    return MQT_OK;
}

void mqt_fonts_close(struct mqt_fonts *fonts)
{
    if (!fonts) {
        return;
    }
    while (fonts->oldest) {
        drop_oldest(fonts);
    }
    g_object_unref(fonts->context);
    g_object_unref(fonts->map);
    pthread_mutex_destroy(&fonts->draw_lock);
    pthread_mutex_destroy(&fonts->cache_lock);
    free(fonts->family);
    free(fonts);
}

/* Valid UTF-8 without control characters, cut at a character. */
static void set_text(struct key *key, const char *text, size_t len)
{
    const char *end = text + (len < MAX_TEXT ? len : MAX_TEXT);
    while (text < end) {
        gunichar c = g_utf8_get_char_validated(text, end - text);
        if (c == (gunichar)-2) { /* cut inside a character */
            break;
        }
        bool bad = c == (gunichar)-1;
        size_t bytes = bad ? 1 : (size_t)(g_utf8_next_char(text) - text);
        if (bad || c < 0x20) {
            key->text[key->len++] = bad ? '?' : ' ';
        } else {
            memcpy(key->text + key->len, text, bytes);
            key->len += bytes;
        }
        text += bytes;
    }
}

static int32_t pack(const uint8_t rgba[4])
{
    int32_t packed;
    memcpy(&packed, rgba, 4);
    return packed;
}

static bool style_ok(const struct mqt_text_style *style)
{
    return style->size_px >= 1 && style->size_px <= 200 && style->halo_px >= 0 && style->halo_px <= 50 &&
           style->wrap_px >= 0 && style->wrap_px <= MAX_SIDE_PX && style->spacing_px >= 0 && style->spacing_px <= 200;
}

enum mqt_err mqt_text_sprite(struct mqt_fonts *fonts, const char *text, size_t len, const struct mqt_text_style *style,
                             struct mqt_sprite **sprite)
{
    if (!style_ok(style)) {
        return MQT_ERR_PARAM;
    }
    struct key key = {.numbers = {(int32_t)lrintf(style->size_px * 64), (int32_t)lrintf(style->halo_px * 64),
                                  pack(style->rgba), pack(style->halo_rgba), style->bold != 0,
                                  (int32_t)lrintf(style->wrap_px * 64), (int32_t)lrintf(style->spacing_px * 64), 0}};
    set_text(&key, text, len);
    uint64_t hash = hash_key(&key);
    pthread_mutex_lock(&fonts->cache_lock);
    struct entry *entry = find_entry(fonts, &key, hash);
    struct mqt_sprite *found = entry ? retain(entry->sprite) : NULL;
    pthread_mutex_unlock(&fonts->cache_lock);
    if (!found) {
        pthread_mutex_lock(&fonts->draw_lock);
        enum mqt_err err = draw_sprite(fonts, &key, style, &found);
        pthread_mutex_unlock(&fonts->draw_lock);
        if (err) {
            return err;
        }
        pthread_mutex_lock(&fonts->cache_lock);
        keep(fonts, &key, hash, found);
        pthread_mutex_unlock(&fonts->cache_lock);
    }
    *sprite = found;
    return MQT_OK;
}

void mqt_sprite_release(struct mqt_sprite *sprite)
{
    if (sprite && atomic_fetch_sub_explicit(&sprite->refs, 1, memory_order_acq_rel) == 1) {
        free(sprite);
    }
}

int mqt_sprite_width_px(const struct mqt_sprite *sprite)
{
    return sprite->width_px;
}

int mqt_sprite_height_px(const struct mqt_sprite *sprite)
{
    return sprite->height_px;
}

const uint8_t *mqt_sprite_pixels(const struct mqt_sprite *sprite)
{
    return sprite->pixels;
}
