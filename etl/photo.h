/* Photos from outside: recognised, measured, and copied without what they tell besides the picture.
 *
 * JPEG (baseline and progressive) and PNG, by their content. The copy has the same pixels; EXIF with
 * its place, camera and thumbnail, comments and whatever follows the picture are left out. How a
 * viewer must turn the picture stood in EXIF too, so it is handed out instead. Pure; any thread.
 * Limits: MQT_PHOTO_MAX_BYTES, MQT_PHOTO_MAX_SIDE_PX a side.
 */
#ifndef MQT_PHOTO_H
#define MQT_PHOTO_H

#include "../tiles/buf.h"

enum { MQT_PHOTO_MAX_BYTES = 20 << 20, MQT_PHOTO_MAX_SIDE_PX = 20000 };

enum mqt_photo_format { MQT_PHOTO_JPEG, MQT_PHOTO_PNG };

struct mqt_photo {
    enum mqt_photo_format format;
    int width_px, height_px; /* of the pixels as stored */
    int orientation;         /* 1-8 as EXIF counts; 1 is upright */
};

/* "jpg" or "png". */
const char *mqt_photo_suffix(enum mqt_photo_format format);

/* Appends the copy to clean. MQT_ERR_FORMAT: no photo, or a broken one; MQT_ERR_LIMIT: too large. On
 * failure clean holds what was there before. */
enum mqt_err mqt_photo_clean(const uint8_t *bytes, size_t len, struct mqt_buf *clean, struct mqt_photo *photo,
                             struct mqt_detail *detail) MQT_MUST_USE;

#endif
