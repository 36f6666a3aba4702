/* An event stream as bytes: what /live sends (text/event-stream of the HTML standard).
 *
 * Turns the events of a live subscription into text. Belongs to the connection's thread; only wake
 * comes from the live thread, which it must not block. Limit: mqt_live's own.
 */
#ifndef MQT_SSE_H
#define MQT_SSE_H

#include "live.h"
#include "route.h"

struct mqt_sse;

/* request: bbox and layers; last_event_id may be NULL. wake: there may be something to read. */
enum mqt_err mqt_sse_open(struct mqt_live *live, const struct mqt_request *request, const char *last_event_id,
                          void (*wake)(void *user), void *user, struct mqt_sse **sse,
                          struct mqt_detail *detail) MQT_MUST_USE;
/* When it returns, wake will not be called again. NULL is allowed. */
void mqt_sse_close(struct mqt_sse *sse);

/* Copies up to room bytes; 0 when there is nothing now. */
enum mqt_err mqt_sse_read(struct mqt_sse *sse, char *out, size_t room, size_t *len) MQT_MUST_USE;

#endif
