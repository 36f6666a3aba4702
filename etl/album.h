/* The pictures that go with tickets: a bounded number of drawn JPEG files, shared by many tickets.
 *
 * A picture is a scene in one of a few variants, before and after it was mended. Its number stands
 * for it; the seed of the sample decides how it looks. An album remembers which ones were named, so
 * that it writes no others. Plain value; one thread (GDAL writes the JPEG).
 */
#ifndef MQT_ALBUM_H
#define MQT_ALBUM_H

#include "random.h"

#include "../tiles/buf.h"

enum { MQT_ALBUM_NONE = -1, MQT_ALBUM_PICTURES = 1 << 11, MQT_ALBUM_NAME_BYTES = 64 };

/* A picture that suits a ticket with this phrase, of so many variants for each scene; MQT_ALBUM_NONE
 * when none does, or there are no variants. */
int mqt_album_draw(struct mqt_random *random, const char *phrase, int variants);

/* Appends the JPEG of a picture. */
enum mqt_err mqt_album_paint(uint64_t seed, int picture, bool mended, struct mqt_buf *jpeg,
                             struct mqt_detail *detail) MQT_MUST_USE;

struct mqt_album {
    uint64_t seed;
    bool named[MQT_ALBUM_PICTURES][2];
};

/* 漏水03处理前.jpg: the name under which the album will write the picture. */
void mqt_album_name(struct mqt_album *album, int picture, bool mended, char name[MQT_ALBUM_NAME_BYTES]);

/* Writes what was named into the folder 照片 below dir; *files is how many. */
enum mqt_err mqt_album_write(const struct mqt_album *album, const char *dir, int *files,
                             struct mqt_detail *detail) MQT_MUST_USE;

#endif
