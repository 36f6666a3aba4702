/* How many tickets each area has, kept current as tickets come and go.
 *
 * A ticket counts where its building is, else where its public place is, for that area, all above it
 * and the estate; a ticket without a place counts for the whole alone. One thread writes; any thread
 * reads without a lock (atomic), so a figure may be a ticket ahead of the one beside it. Reference-
 * counted; belongs to one tree of areas, which it retains. Times are Unix seconds.
 */
#ifndef MQT_AREA_TICKETS_H
#define MQT_AREA_TICKETS_H

#include "areas.h"
#include "tickets.h"

struct mqt_area_tickets;

/* Counts all tickets; the 30 days end at now_s. Writer. */
enum mqt_err mqt_area_tickets_new(struct mqt_areas *areas, struct mqt_tickets *tickets, int64_t now_s,
                                  struct mqt_area_tickets **counts) MQT_MUST_USE;
/* The same from counts of a tree with the same areas but other buildings: only tickets of those that
 * changed are looked at. building_ids NULL: any may have. Writer. */
enum mqt_err mqt_area_tickets_move(const struct mqt_area_tickets *old, struct mqt_areas *areas,
                                   struct mqt_tickets *tickets, const uint64_t *building_ids, size_t id_count,
                                   struct mqt_area_tickets **counts) MQT_MUST_USE;
struct mqt_area_tickets *mqt_area_tickets_retain(struct mqt_area_tickets *counts);
void mqt_area_tickets_release(struct mqt_area_tickets *counts); /* NULL is allowed */

/* Writer. The ticket comes (or goes again, exactly as it came). */
void mqt_area_tickets_add(struct mqt_area_tickets *counts, const struct mqt_ticket *ticket);
void mqt_area_tickets_remove(struct mqt_area_tickets *counts, const struct mqt_ticket *ticket);
/* Writer. From here on the 30 days end at now_s. */
void mqt_area_tickets_advance(struct mqt_area_tickets *counts, struct mqt_tickets *tickets, int64_t now_s);

/* Of an area in all, and of what none of its children has. */
struct mqt_ticket_counts mqt_area_tickets_all(const struct mqt_area_tickets *counts, uint32_t area);
struct mqt_ticket_counts mqt_area_tickets_own(const struct mqt_area_tickets *counts, uint32_t area);

#endif
