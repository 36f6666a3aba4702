/* Accepting connections: the door in front of the HTTP library.
 *
 * One thread accepts. Whoever comes when the house is full gets a 503 with Retry-After at once, as
 * fixed bytes, and never reaches the library, which would let him wait. The same thread calls tick
 * about four times a second. Callbacks come from that thread only.
 */
#ifndef MQT_LISTENER_H
#define MQT_LISTENER_H

#include "../tiles/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct mqt_listener;

struct mqt_listener_config {
    const char *address; /* numeric IPv4 or IPv6 */
    uint16_t port;       /* 0: any free one */
    bool (*has_room)(void *user);
    /* Takes over the socket: non-blocking, close-on-exec. */
    void (*take)(void *user, int fd, const struct sockaddr *address, socklen_t address_len);
    void (*turned_away)(void *user);
    void (*tick)(void *user);
    void *user;
};

/* Binds and listens; nothing is accepted before mqt_listener_run. */
enum mqt_err mqt_listener_open(const struct mqt_listener_config *config, struct mqt_listener **listener,
                               struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_listener_run(struct mqt_listener *listener) MQT_MUST_USE;
uint16_t mqt_listener_port(const struct mqt_listener *listener);
/* No callback runs after it returned. NULL is allowed. */
void mqt_listener_close(struct mqt_listener *listener);

#endif
