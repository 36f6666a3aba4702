/* Pictures of live tickets: drawn, kept in the photo store and noted in ticket.photo.
 *
 * One connection, one thread.
 */
#ifndef MQT_LIVE_PHOTO_H
#define MQT_LIVE_PHOTO_H

#include "photo_store.h"

#include "../schema/db.h"

enum { MQT_LIVE_PHOTO_VARIANTS = 4 };

/* picture: of album.h. mended: the second picture of the ticket, else the first. */
enum mqt_err mqt_live_photo_add(struct mqt_db *db, const struct mqt_photo_store *store, uint64_t seed, int64_t ticket,
                                int picture, bool mended, struct mqt_detail *detail) MQT_MUST_USE;

#endif
