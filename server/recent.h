/* The newest tickets, each as the JSON of its live event, for pages that have just been opened.
 *
 * Newest is by time of report, then by id. Bounded: MQT_RECENT_KEPT tickets are kept, several times
 * what may be asked for, so that removing some leaves enough; when more than that are removed one by
 * one the list is short until newer ones come, but never has a gap. One thread writes; any thread may
 * ask, under a lock that is held for copying. Times are Unix us.
 */
#ifndef MQT_RECENT_H
#define MQT_RECENT_H

#include "../tiles/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum { MQT_RECENT_KEPT = 512, MQT_RECENT_SHOWN = 100 };

struct mqt_recent;

enum mqt_err mqt_recent_new(struct mqt_recent **recent) MQT_MUST_USE;
void mqt_recent_free(struct mqt_recent *recent); /* NULL is allowed */

/* Writer. Forgets all. */
void mqt_recent_clear(struct mqt_recent *recent);
/* Writer. Adds a ticket or replaces the one with its id; one that is too old is passed over. json is
 * copied. Without memory the ticket is left out. */
void mqt_recent_put(struct mqt_recent *recent, uint64_t id, int64_t reported_us, const char *json, size_t len);
/* Writer. */
void mqt_recent_remove(struct mqt_recent *recent, uint64_t id);

/* Appends up to limit tickets, newest first, as a JSON array. */
void mqt_recent_write(struct mqt_recent *recent, size_t limit, struct mqt_buf *out);

#endif
