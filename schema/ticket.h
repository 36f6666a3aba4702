/* Tickets as anyone may see them (ticket.ticket's public view), out of the database.
 *
 * Rows come one by one; their text is borrowed and valid during the call. Times are Unix us, places
 * world units. Runs on the caller's connection and inside its transaction, if one is open.
 */
#ifndef MQT_TICKET_H
#define MQT_TICKET_H

#include "../tiles/grid.h"
#include "db.h"

struct mqt_ticket_text {
    const char *bytes; /* UTF-8, not NUL-terminated */
    size_t len;
};

struct mqt_ticket_row {
    uint64_t id;
    struct mqt_ticket_text number, category, channel, status;
    uint8_t severity; /* 1 .. 5 */
    int64_t reported_us;
    bool is_closed;
    int64_t closed_us;    /* when is_closed */
    uint64_t building_id; /* 0: none */
    bool placed;          /* false: no place, or outside the Web Mercator square */
    double lon_deg, lat_deg;
    struct mqt_point place;
};

typedef enum mqt_err (*mqt_ticket_row_fn)(void *user, const struct mqt_ticket_row *row);

/* ids NULL: all tickets. Ids that are not in the database any more are passed over. */
enum mqt_err mqt_ticket_read(struct mqt_db *db, const uint64_t *ids, size_t id_count, mqt_ticket_row_fn row, void *user,
                             struct mqt_detail *detail) MQT_MUST_USE;

#endif
