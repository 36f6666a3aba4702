/* What one reading of the feed has to say about tickets: rows, heat, events.
 *
 * Belongs to the writer thread. Reading prepares everything; applying changes the table of tickets
 * and its list of the newest ones, and must come before the events are given away.
 */
#ifndef MQT_TICKET_NEWS_H
#define MQT_TICKET_NEWS_H

#include "events.h"
#include "ids.h"

/* Which event tells of a ticket. */
struct mqt_ticket_told {
    uint64_t id;
    int64_t reported_us;
    size_t event;
};

struct mqt_ticket_news {
    bool reload;        /* all tickets; else those of ids */
    struct mqt_ids ids; /* dirty tickets */

    /* Filled by reading. */
    struct mqt_ticket *rows; /* as they are now, ascending by id */
    size_t row_count, row_capacity;
    struct mqt_heat *heat;        /* NULL: nothing is new */
    struct mqt_event_list events; /* one a ticket; none for a reload */
    struct mqt_event_list newest; /* of a reload: the newest tickets as events, which are not sent */
    struct mqt_ticket_told *told; /* the tickets in events or newest */
    size_t told_count, told_capacity;
};

void mqt_ticket_news_clear(struct mqt_ticket_news *news);

/* base: the heat so far, or NULL. known gets the codes of new words, nothing else. */
enum mqt_err mqt_ticket_news_read(struct mqt_ticket_news *news, struct mqt_db *db, struct mqt_tickets *known,
                                  struct mqt_heat *base, struct mqt_detail *detail) MQT_MUST_USE;

enum mqt_err mqt_ticket_news_apply(const struct mqt_ticket_news *news, struct mqt_tickets *known) MQT_MUST_USE;

#endif
