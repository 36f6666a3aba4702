/* The statements of a live source: takes tickets in, moves them on, finds its own open ones.
 *
 * Its tickets have the source 'live'. One connection, one thread.
 */
#ifndef MQT_LIVE_DESK_H
#define MQT_LIVE_DESK_H

#include "album.h"
#include "course.h"
#include "intake.h"
#include "live_place.h"

#include "../schema/db.h"

struct mqt_live_ticket {
    int64_t id;
    char number[64];
    const struct mqt_subject *subject;
    int severity;
    int picture; /* of album.h; the desk does not know of any */
    enum mqt_state state;
};

/* What a report is about and how it came. */
struct mqt_live_report {
    const struct mqt_subject *subject;
    const char *phrase;
    const struct mqt_channel *channel;
    const struct mqt_urgency *urgency;
    const struct mqt_live_place *place;
    enum mqt_intake_lack lack;
};

/* MQT_ERR_BUSY: another live source works in this database. */
enum mqt_err mqt_desk_open(struct mqt_db *db, struct mqt_detail *detail) MQT_MUST_USE;

/* Tickets an hour of the past year that others filed. */
enum mqt_err mqt_desk_usual_rate(struct mqt_db *db, double *per_hour, struct mqt_detail *detail) MQT_MUST_USE;

enum mqt_err mqt_desk_file(struct mqt_db *db, const struct mqt_live_report *report, struct mqt_live_ticket *ticket,
                           struct mqt_detail *detail) MQT_MUST_USE;

/* moved false: the ticket is not in the state `from` any more, so someone else cares for it. */
enum mqt_err mqt_desk_move(struct mqt_db *db, int64_t ticket, enum mqt_state from, enum mqt_state to, bool *moved,
                           struct mqt_detail *detail) MQT_MUST_USE;

/* Calls take for each open ticket of this source. */
typedef enum mqt_err (*mqt_desk_take_fn)(void *user, const struct mqt_live_ticket *ticket);
enum mqt_err mqt_desk_adopt(struct mqt_db *db, mqt_desk_take_fn take, void *user,
                            struct mqt_detail *detail) MQT_MUST_USE;

#endif
