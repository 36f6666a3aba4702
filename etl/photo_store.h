/* Photos of tickets on disk: read from a delivery's folder, kept under the SHA-256 of their bytes.
 *
 * The store is MQT_PHOTO_DIR, else "photos" in RUN_DIR (.run): <2 digits>/<64 digits>.jpg or .png,
 * files of mode 0640, written beside and renamed, so that a name always holds the whole picture. The
 * same picture is kept once. Names in a delivery come from outside: only what lies below its folder
 * is opened, no symbolic link is followed. One thread.
 */
#ifndef MQT_PHOTO_STORE_H
#define MQT_PHOTO_STORE_H

#include "photo.h"
#include "seal.h"

#include <stdbool.h>

struct mqt_photo_store {
    char dir[4096];
};

/* dir NULL: as above. The directory is made when the first picture comes. */
enum mqt_err mqt_photo_store_open(const char *dir, struct mqt_photo_store *store,
                                  struct mqt_detail *detail) MQT_MUST_USE;

/* fresh (may be NULL): the picture was not there yet. */
enum mqt_err mqt_photo_store_put(const struct mqt_photo_store *store, const uint8_t *bytes, size_t len,
                                 enum mqt_photo_format format, uint8_t sha256[MQT_HASH_BYTES], bool *fresh,
                                 struct mqt_detail *detail) MQT_MUST_USE;

/* Appends the file's bytes. name may have folders in it, divided by / or \. MQT_ERR_DENIED: it leads
 * out of the folder; MQT_ERR_NOT_FOUND; MQT_ERR_LIMIT: larger than MQT_PHOTO_MAX_BYTES. */
enum mqt_err mqt_photo_read(const char *folder, const char *name, struct mqt_buf *bytes,
                            struct mqt_detail *detail) MQT_MUST_USE;

#endif
