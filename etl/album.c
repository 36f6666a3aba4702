#include "album.h"

#include "file.h"
#include "scene.h"
#include "sink.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    VARIANTS_MAX = 64, /* a picture's number is scene * VARIANTS_MAX + variant */
    JPEG_MAX_BYTES = 4 << 20,
    QUALITY = 80,
    PATH_BYTES = 4096
};

_Static_assert(MQT_SCENE_COUNT *VARIANTS_MAX <= MQT_ALBUM_PICTURES, "every picture has a number");

int mqt_album_draw(struct mqt_random *random, const char *phrase, int variants)
{
    enum mqt_scene scene;
    assert(variants >= 0 && variants <= VARIANTS_MAX);
    if (variants == 0 || !mqt_scene_of(phrase, &scene)) {
        return MQT_ALBUM_NONE;
    }
    return (int)scene * VARIANTS_MAX + mqt_random_int(random, 0, variants - 1);
}

static void put_name(int picture, bool mended, char name[MQT_ALBUM_NAME_BYTES])
{
    (void)snprintf(name, MQT_ALBUM_NAME_BYTES, "%s%02d%s.jpg",
                   mqt_scene_title((enum mqt_scene)(picture / VARIANTS_MAX)), picture % VARIANTS_MAX + 1,
                   mended ? "处理后" : "处理前");
}

void mqt_album_name(struct mqt_album *album, int picture, bool mended, char name[MQT_ALBUM_NAME_BYTES])
{
    assert(picture >= 0 && picture < MQT_SCENE_COUNT * VARIANTS_MAX);
    album->named[picture][mended] = true;
    put_name(picture, mended, name);
}

enum mqt_err mqt_album_paint(uint64_t seed, int picture, bool mended, struct mqt_buf *jpeg, struct mqt_detail *detail)
{
    struct mqt_brush brush;
    enum mqt_err err = mqt_brush_init(&brush, seed * MQT_ALBUM_PICTURES + (uint64_t)picture);
    if (err != MQT_OK) {
        return mqt_fail(detail, err, "no memory for a picture");
    }
    mqt_scene_draw((enum mqt_scene)(picture / VARIANTS_MAX), mended, &brush);
    err = mqt_sink_jpeg(mqt_brush_pixels(&brush), MQT_BRUSH_WIDTH_PX, MQT_BRUSH_HEIGHT_PX, QUALITY, jpeg, detail);
    mqt_brush_clear(&brush);
    return err;
}

static enum mqt_err write_picture(const struct mqt_album *album, const char *folder, int picture, bool mended,
                                  struct mqt_buf *jpeg, struct mqt_detail *detail)
{
    char name[MQT_ALBUM_NAME_BYTES];
    mqt_buf_reset(jpeg);
    put_name(picture, mended, name);
    enum mqt_err err = mqt_album_paint(album->seed, picture, mended, jpeg, detail);
    return err == MQT_OK ? mqt_file_save(folder, name, jpeg->data, jpeg->len, detail) : err;
}

enum mqt_err mqt_album_write(const struct mqt_album *album, const char *dir, int *files, struct mqt_detail *detail)
{
    char folder[PATH_BYTES - MQT_ALBUM_NAME_BYTES - 1];
    struct mqt_buf jpeg;
    int count = 0;
    enum mqt_err err = MQT_OK;
    if (!memchr(album->named, true, sizeof album->named)) {
        *files = 0;
        return MQT_OK;
    }
    (void)snprintf(folder, sizeof folder, "%s/照片", dir);
    err = mqt_file_make_dir(folder, detail);
    if (err != MQT_OK) {
        return err;
    }
    mqt_buf_init(&jpeg, JPEG_MAX_BYTES);
    for (int i = 0; err == MQT_OK && i < 2 * MQT_ALBUM_PICTURES; ++i) {
        if (album->named[i / 2][i % 2]) {
            err = write_picture(album, folder, i / 2, i % 2 == 1, &jpeg, detail);
            ++count;
        }
    }
    mqt_buf_clear(&jpeg);
    if (err == MQT_OK) {
        *files = count;
    }
    return err;
}
