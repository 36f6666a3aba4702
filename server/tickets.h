/* The district's tickets in memory: codes for the heat's filters, counts per building.
 *
 * Holds no personal data: what ticket.public_ticket shows and nothing more. Times are Unix seconds.
 * One thread writes; any thread may ask, under a lock that is held for a look-up only. A code is a
 * number below 64 for a word; words beyond the 63rd share code 63, shown as "other". Codes never
 * change their meaning during the life of the table.
 */
#ifndef MQT_TICKETS_H
#define MQT_TICKETS_H

#include "../tiles/heat.h"
#include "recent.h"

struct mqt_tickets;

enum { MQT_TICKET_RECENT_S = 30 * 86400 };
enum { MQT_TICKET_CODES = 64, MQT_TICKET_CODE_OTHER = 63, MQT_TICKET_WORD_BYTES = 64 };

enum mqt_ticket_field { MQT_TICKET_CATEGORY, MQT_TICKET_CHANNEL, MQT_TICKET_STATUS, MQT_TICKET_FIELD_COUNT };

struct mqt_ticket {
    uint64_t id;
    uint64_t building_id; /* 0: none */
    bool placed;          /* false: place is not set, and the ticket is not in the heat */
    struct mqt_point place;
    int64_t reported_s;
    uint8_t severity;                      /* 1 .. 5 */
    uint8_t codes[MQT_TICKET_FIELD_COUNT]; /* from mqt_tickets_intern */
};

struct mqt_ticket_counts {
    uint64_t open; /* status is not 'closed' */
    uint64_t last_30d;
    uint64_t total;
};

struct mqt_ticket_word {
    char word[MQT_TICKET_WORD_BYTES];
    uint8_t code;
    uint64_t count;
};

struct mqt_ticket_summary {
    uint64_t open, total, placed;
    int64_t first_s, last_s; /* oldest and newest report; both 0 when there is none */
    size_t word_counts[MQT_TICKET_FIELD_COUNT];
    struct mqt_ticket_word words[MQT_TICKET_FIELD_COUNT][MQT_TICKET_CODES]; /* most frequent first */
};

enum mqt_err mqt_tickets_new(struct mqt_tickets **tickets) MQT_MUST_USE;
void mqt_tickets_free(struct mqt_tickets *tickets);

/* Writer. The code of a word, made when it is new; longer words are cut. */
uint8_t mqt_tickets_intern(struct mqt_tickets *tickets, enum mqt_ticket_field field, const char *word);
/* Writer. Forgets all tickets and takes these instead; codes stay. */
enum mqt_err mqt_tickets_replace(struct mqt_tickets *tickets, const struct mqt_ticket *rows, size_t count) MQT_MUST_USE;
/* Writer. Adds a ticket or replaces the one with its id. */
enum mqt_err mqt_tickets_put(struct mqt_tickets *tickets, const struct mqt_ticket *row) MQT_MUST_USE;
/* Writer. false when there is no such ticket. */
bool mqt_tickets_remove(struct mqt_tickets *tickets, uint64_t id);

/* Writer. Told of each ticket that is put or removed, at once: old is NULL for a new one, row for one
 * that goes. A replacement of all is told as two NULLs. It must not call back. */
typedef void (*mqt_tickets_watch_fn)(void *user, const struct mqt_ticket *old, const struct mqt_ticket *row);
void mqt_tickets_watch(struct mqt_tickets *tickets, mqt_tickets_watch_fn watch, void *user);
/* Writer. Visits all tickets, those of a building, or those reported after from_s until to_s. */
typedef void (*mqt_tickets_visit_fn)(void *user, const struct mqt_ticket *ticket);
void mqt_tickets_each(struct mqt_tickets *tickets, mqt_tickets_visit_fn visit, void *user);
void mqt_tickets_at_building(struct mqt_tickets *tickets, uint64_t building_id, mqt_tickets_visit_fn visit, void *user);
void mqt_tickets_reported(struct mqt_tickets *tickets, int64_t from_s, int64_t to_s, mqt_tickets_visit_fn visit,
                          void *user);

bool mqt_ticket_is_open(const struct mqt_ticket *ticket); /* status is not 'closed' */
/* Reported in the MQT_TICKET_RECENT_S before now_s. */
bool mqt_ticket_is_recent(const struct mqt_ticket *ticket, int64_t now_s);

/* false when there is no such ticket. */
bool mqt_tickets_find(struct mqt_tickets *tickets, uint64_t id, struct mqt_ticket *row) MQT_MUST_USE;
/* The tickets of a building; last_30d counts back from now_s. */
struct mqt_ticket_counts mqt_tickets_of_building(struct mqt_tickets *tickets, uint64_t building_id, int64_t now_s);
struct mqt_ticket_counts mqt_tickets_all(struct mqt_tickets *tickets, int64_t now_s);
/* false when no ticket ever had this word and none shares the code 'other'. */
bool mqt_tickets_code(struct mqt_tickets *tickets, enum mqt_ticket_field field, const char *word,
                      uint8_t *code) MQT_MUST_USE;
/* The word of a code, "other" for one that was never made. */
void mqt_tickets_word(struct mqt_tickets *tickets, enum mqt_ticket_field field, uint8_t code,
                      char word[MQT_TICKET_WORD_BYTES]);
void mqt_tickets_summary(struct mqt_tickets *tickets, struct mqt_ticket_summary *summary);

/* The newest tickets; lives as long as the table, which leaves its content to the writer. */
struct mqt_recent *mqt_tickets_recent(struct mqt_tickets *tickets);

/* The ticket as the heat wants it; weight is its severity. */
struct mqt_heat_ticket mqt_ticket_heat(const struct mqt_ticket *ticket);

#endif
