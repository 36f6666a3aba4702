#include "live_photo.h"

#include "album.h"

#include <inttypes.h>
#include <stdio.h>

static const char ADD[] = "insert into ticket.photo (ticket_id, position, stage, sha256, format, bytes, width, height)"
                          " select id, $2, $3, decode($4, 'hex'), 'jpeg', $5, $6, $7 from ticket.ticket where id = $1"
                          " on conflict do nothing";

static enum mqt_err note(struct mqt_db *db, int64_t ticket, bool mended, const struct mqt_photo *photo, size_t bytes,
                         const uint8_t *sha256, struct mqt_detail *detail)
{
    char id[24];
    char hex[2 * MQT_HASH_BYTES + 1];
    char size[24];
    char width[16];
    char height[16];
    const char *const params[] = {id, mended ? "2" : "1", mended ? "after" : "before", hex, size, width, height};
    (void)snprintf(id, sizeof id, "%" PRId64, ticket);
    (void)snprintf(size, sizeof size, "%zu", bytes);
    (void)snprintf(width, sizeof width, "%d", photo->width_px);
    (void)snprintf(height, sizeof height, "%d", photo->height_px);
    mqt_seal_hex(sha256, MQT_HASH_BYTES, hex);
    return mqt_db_query(db, ADD, sizeof params / sizeof params[0], params, NULL, detail);
}

enum mqt_err mqt_live_photo_add(struct mqt_db *db, const struct mqt_photo_store *store, uint64_t seed, int64_t ticket,
                                int picture, bool mended, struct mqt_detail *detail)
{
    struct mqt_photo photo;
    struct mqt_buf drawn;
    struct mqt_buf clean;
    uint8_t sha256[MQT_HASH_BYTES];
    mqt_buf_init(&drawn, MQT_PHOTO_MAX_BYTES);
    mqt_buf_init(&clean, MQT_PHOTO_MAX_BYTES);
    enum mqt_err err = mqt_album_paint(seed, picture, mended, &drawn, detail);
    if (err == MQT_OK) {
        err = mqt_photo_clean(drawn.data, drawn.len, &clean, &photo, detail);
    }
    if (err == MQT_OK) {
        err = mqt_photo_store_put(store, clean.data, clean.len, photo.format, sha256, NULL, detail);
    }
    if (err == MQT_OK) {
        err = note(db, ticket, mended, &photo, clean.len, sha256, detail);
    }
    mqt_buf_clear(&drawn);
    mqt_buf_clear(&clean);
    return err;
}
