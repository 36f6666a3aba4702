/* The event streams that are open: how many there may be, and how a connection sleeps and wakes.
 *
 * A stream is read by its connection's event loop. When there is nothing to read the connection is
 * suspended; news, a heartbeat or the end of the server resumes it, from any thread. Suspending and
 * resuming are callbacks, so that no HTTP library is known here; they run under the stream's lock
 * and must not call back. Beyond config.max_streams, and once ending has begun: MQT_ERR_BUSY.
 */
#ifndef MQT_STREAMS_H
#define MQT_STREAMS_H

#include "app.h"
#include "route.h"

struct mqt_streams;
struct mqt_stream;

typedef void (*mqt_stream_switch_fn)(void *connection);

/* app is borrowed. */
enum mqt_err mqt_streams_new(struct mqt_app *app, mqt_stream_switch_fn suspend, mqt_stream_switch_fn resume,
                             struct mqt_streams **streams) MQT_MUST_USE;
void mqt_streams_free(struct mqt_streams *streams); /* after all streams were closed; NULL is allowed */

/* Admits no more streams, has each one that is open read its end, and waits for their closing. A stream
 * that its client does not read cannot end by itself: the waiting is bounded, 3 s. */
void mqt_streams_end(struct mqt_streams *streams);

/* request: bbox and layers; last_event_id may be NULL. connection is handed to the callbacks. */
enum mqt_err mqt_stream_open(struct mqt_streams *streams, const struct mqt_request *request, const char *last_event_id,
                             void *connection, struct mqt_stream **stream, struct mqt_detail *detail) MQT_MUST_USE;
/* After it returned the connection is not touched any more. */
void mqt_stream_close(struct mqt_stream *stream);

enum mqt_stream_state { MQT_STREAM_READ, MQT_STREAM_SUSPENDED, MQT_STREAM_ENDED, MQT_STREAM_FAILED };

/* Copies up to room bytes: MQT_STREAM_READ when there were any; else the connection was suspended. */
enum mqt_stream_state mqt_stream_read(struct mqt_stream *stream, char *out, size_t room, size_t *len);

#endif
