/* The HTTP side: the one door to libmicrohttpd.
 *
 * Two (or more) event loops answer what is at hand; tiles that must be rendered, and answers that may
 * wait for the database, go to a pool of threads each while their connection is suspended. Connections beyond the limit
 * get a 503 at once. Every request has an absolute time to arrive and an answer a time to be fetched; an event stream
 * may last for ever. Start and stop belong to one thread.
 */
#ifndef MQT_HTTP_H
#define MQT_HTTP_H

#include "app.h"

struct mqt_http;

/* Listens and answers from here on. app outlives it. */
enum mqt_err mqt_http_start(struct mqt_app *app, struct mqt_http **http, struct mqt_detail *detail) MQT_MUST_USE;
uint16_t mqt_http_port(const struct mqt_http *http);
/* Ends streams, lets running answers finish, closes everything. NULL is allowed. */
void mqt_http_stop(struct mqt_http *http);

#endif
