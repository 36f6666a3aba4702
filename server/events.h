/* The JSON of live events, as a growing list that becomes one batch of the hub.
 *
 * Owned by the writer thread. Once an append fails the list remembers the error and ignores later
 * ones. Boxes are world units in, EPSG:4490 degrees [west, south, east, north] in the JSON; times are
 * Unix us in, ISO 8601 UTC in the JSON.
 */
#ifndef MQT_EVENTS_H
#define MQT_EVENTS_H

#include "../schema/ticket.h"
#include "hub.h"

enum { MQT_EVENT_MAX_IDS = 100, MQT_EVENT_MAX_TEXT = 255 /* bytes of one word */, MQT_TIME_BYTES = 32 };

struct mqt_event_list {
    struct mqt_hub_event *items;
    size_t count, capacity;
    enum mqt_err err;
};

void mqt_event_list_clear(struct mqt_event_list *list);

/* box: everything old and new that changed. The first MQT_EVENT_MAX_IDS ids are named. */
void mqt_event_change(struct mqt_event_list *list, const char *layer_id, uint64_t version, bool reload,
                      struct mqt_box box, const uint64_t *ids, size_t id_count);
/* old_place: where the ticket was before, NULL when it is new. */
void mqt_event_ticket(struct mqt_event_list *list, const struct mqt_ticket_row *row, const struct mqt_point *old_place);
void mqt_event_ticket_gone(struct mqt_event_list *list, uint64_t id, const struct mqt_point *old_place);
void mqt_event_catalog(struct mqt_event_list *list);

void mqt_event_heartbeat(struct mqt_buf *json, const struct mqt_registry_status *status, int64_t now_us);

/* "2026-11-22T08:00:00.123Z" */
void mqt_time_iso(int64_t time_us, char text[MQT_TIME_BYTES]);

#endif
