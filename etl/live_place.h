/* Where live tickets come from: the buildings that are in the database, whatever the district.
 *
 * A building is drawn by its people (by its floors where nobody was counted) and by how much its
 * estate complains: as its tickets of the past year say, or, in a district without any, by lot.
 * Addresses that complained before may do so again. EPSG:4490. Owned by the caller; one thread.
 */
#ifndef MQT_LIVE_PLACE_H
#define MQT_LIVE_PLACE_H

#include "random.h"
#include "subject.h"

#include "../schema/db.h"

struct mqt_place_book;

/* A place in the words of a ticket. */
struct mqt_live_place {
    char address[256];
    char words[256]; /* with which the text begins: coarser than the address */
    double lon_deg, lat_deg;
};

/* MQT_ERR_NOT_FOUND: there are no buildings. */
enum mqt_err mqt_place_book_read(struct mqt_db *db, uint64_t seed, struct mqt_place_book **book,
                                 struct mqt_detail *detail) MQT_MUST_USE;
void mqt_place_book_free(struct mqt_place_book *book);

/* People of all buildings, counted or guessed. */
double mqt_place_book_people(const struct mqt_place_book *book);

/* Somewhere in a building, in the words of a resident; outside: near a facility. MQT_ERR_NOT_FOUND:
 * the building has gone since the book was read. */
enum mqt_err mqt_place_draw_home(struct mqt_place_book *book, struct mqt_db *db, struct mqt_random *random,
                                 struct mqt_live_place *place, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_place_draw_outside(struct mqt_place_book *book, struct mqt_db *db, struct mqt_random *random,
                                    struct mqt_live_place *place, struct mqt_detail *detail) MQT_MUST_USE;

/* An address that complained again and again, and about what; false when there is none. */
bool mqt_place_draw_again(const struct mqt_place_book *book, struct mqt_random *random, struct mqt_live_place *place,
                          const struct mqt_subject **subject);

#endif
