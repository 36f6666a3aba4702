/* One reading of the change feed becomes one update of the registry and one batch of events.
 *
 * Belongs to the writer thread. mqt_refresh_read runs inside the feed's transaction (see
 * schema/feed.h) and only prepares; mqt_refresh_publish makes it visible. A layer that cannot be read
 * does not hold up the others: it is tried again at later readings, and while an outdated snapshot of
 * it is still shown mqt_refresh_is_behind is true.
 */
#ifndef MQT_REFRESH_H
#define MQT_REFRESH_H

#include "../schema/feed.h"
#include "events.h"

struct mqt_refresh;

struct mqt_refresh_config {
    struct mqt_registry *registry;
    size_t max_layer_bytes;
    void (*log)(void *user, const char *line); /* NULL: quiet */
    void *log_user;
    bool (*cancelled)(void *user); /* asked between layers; true: give up with MQT_ERR_BUSY */
    void *cancelled_user;
};

enum mqt_err mqt_refresh_new(const struct mqt_refresh_config *config, struct mqt_refresh **refresh) MQT_MUST_USE;
void mqt_refresh_free(struct mqt_refresh *refresh); /* NULL is allowed */

/* Reads what the batch calls dirty, and what earlier readings failed to read. The caller ends the
 * transaction and then publishes or discards. */
enum mqt_err mqt_refresh_read(struct mqt_refresh *refresh, struct mqt_db *db, const struct mqt_feed_batch *batch,
                              struct mqt_detail *detail) MQT_MUST_USE;
void mqt_refresh_discard(struct mqt_refresh *refresh);

/* True when what was read differs from what the registry has. */
bool mqt_refresh_has_news(const struct mqt_refresh *refresh);
/* cursor: id of the event stream after this batch. Appends the events to the list. */
enum mqt_err mqt_refresh_publish(struct mqt_refresh *refresh, const char *epoch, const char *cursor,
                                 struct mqt_event_list *events) MQT_MUST_USE;

bool mqt_refresh_is_behind(const struct mqt_refresh *refresh);

/* Begins to rebuild, in the background, a snapshot that has gathered many changes. A later reading
 * puts it in place; that changes no version. */
void mqt_refresh_tidy(struct mqt_refresh *refresh);

#endif
