#define _GNU_SOURCE /* accept4 */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 1024
#define TICK_MS 250
#define ACCEPTS_A_ROUND 64
#define LINGER_COUNT 128
#define LINGER_MS 1000

static const char full_house[] = "HTTP/1.1 503 Service Unavailable\r\n"
                                 "Content-Type: application/problem+json\r\n"
                                 "Content-Length: 108\r\n"
                                 "Retry-After: 1\r\n"
                                 "Access-Control-Allow-Origin: *\r\n"
                                 "Cache-Control: no-store\r\n"
                                 "Connection: close\r\n"
                                 "\r\n"
                                 "{\"type\":\"urn:minqingtu:problem:busy\",\"title\":\"Busy\",\"status\":503,"
                                 "\"detail\":\"there are too many connections\"}\n";

/* A refused client: closing at once, with its request unread, would reset the connection and take
 * the answer from it. */
struct lingering {
    int fd; /* -1: free */
    int64_t until_ms;
};

struct mqt_listener {
    struct mqt_listener_config config;
    int fd;
    int stop_pipe[2];
    uint16_t port;
    bool running;
    pthread_t thread;
    size_t next_linger;
    struct lingering lingering[LINGER_COUNT];
};

static int64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int open_socket(const struct addrinfo *address)
{
    int one = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, address->ai_addr, address->ai_addrlen) || listen(fd, BACKLOG)) {
        int cause = errno;
        (void)close(fd);
        errno = cause;
        return -1;
    }
    return fd;
}

static uint16_t bound_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &len)) {
        return 0;
    }
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

enum mqt_err mqt_listener_open(const struct mqt_listener_config *config, struct mqt_listener **listener,
                               struct mqt_detail *detail)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *address = NULL;
    char port[8];
    (void)snprintf(port, sizeof port, "%u", config->port);
    if (getaddrinfo(config->address, port, &hints, &address)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "--listen", "%s is not a numeric address", config->address);
    }
    enum mqt_err err = MQT_OK;
    struct mqt_listener *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        err = mqt_fail(detail, MQT_ERR_MEMORY, "no memory to listen");
        goto done;
    }
    fresh->config = *config;
    fresh->stop_pipe[0] = fresh->stop_pipe[1] = -1;
    for (size_t i = 0; i < LINGER_COUNT; i++) {
        fresh->lingering[i].fd = -1;
    }
    fresh->fd = open_socket(address);
    if (fresh->fd < 0 || pipe2(fresh->stop_pipe, O_CLOEXEC)) {
        err = mqt_fail(detail, MQT_ERR_IO, "cannot listen on %s port %s: %s", config->address, port, strerror(errno));
        goto done;
    }
    fresh->port = bound_port(fresh->fd);
    *listener = fresh;
    fresh = NULL;
done:
    mqt_listener_close(fresh);
    freeaddrinfo(address);
    return err;
}

uint16_t mqt_listener_port(const struct mqt_listener *listener)
{
    return listener->port;
}

static void end_lingering(struct lingering *one)
{
    if (one->fd >= 0) {
        (void)close(one->fd);
        one->fd = -1;
    }
}

static void turn_away(struct mqt_listener *listener, int fd)
{
    (void)send(fd, full_house, sizeof full_house - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
    struct lingering *place = &listener->lingering[listener->next_linger++ % LINGER_COUNT];
    end_lingering(place);
    *place = (struct lingering){fd, now_ms() + LINGER_MS};
    listener->config.turned_away(listener->config.user);
}

static void tend_lingering(struct mqt_listener *listener, bool all)
{
    int64_t now = now_ms();
    for (size_t i = 0; i < LINGER_COUNT; i++) {
        struct lingering *one = &listener->lingering[i];
        char waste[4096];
        ssize_t got = one->fd >= 0 ? recv(one->fd, waste, sizeof waste, MSG_DONTWAIT) : 1;
        bool gone = got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
        if (all || gone || now >= one->until_ms) {
            end_lingering(one);
        }
    }
}

/* false when there is nothing more to accept now. */
static bool accept_one(struct mqt_listener *listener)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    int fd = accept4(listener->fd, (struct sockaddr *)&address, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            /* Who waits in the backlog cannot be told; give back what can be given back. */
            tend_lingering(listener, true);
            (void)poll(NULL, 0, 20);
        }
        return errno == ECONNABORTED || errno == EINTR;
    }
    if (!listener->config.has_room(listener->config.user)) {
        turn_away(listener, fd);
        return true;
    }
    int one = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    listener->config.take(listener->config.user, fd, (struct sockaddr *)&address, len);
    return true;
}

static void *run(void *user)
{
    struct mqt_listener *listener = user;
    int64_t next_tick_ms = now_ms() + TICK_MS;
    for (;;) {
        struct pollfd fds[2] = {{listener->fd, POLLIN, 0}, {listener->stop_pipe[0], POLLIN, 0}};
        int64_t wait_ms = next_tick_ms - now_ms();
        (void)poll(fds, 2, wait_ms > 0 ? (int)wait_ms : 0);
        if (fds[1].revents) {
            break;
        }
        for (int i = 0; i < ACCEPTS_A_ROUND && accept_one(listener); i++) {
        }
        if (now_ms() >= next_tick_ms) {
            next_tick_ms = now_ms() + TICK_MS;
            tend_lingering(listener, false);
            listener->config.tick(listener->config.user);
        }
    }
    return NULL;
}

enum mqt_err mqt_listener_run(struct mqt_listener *listener)
{
    if (pthread_create(&listener->thread, NULL, run, listener)) {
        return MQT_ERR_MEMORY;
    }
    listener->running = true;
    return MQT_OK;
}

void mqt_listener_close(struct mqt_listener *listener)
{
    if (!listener) {
        return;
    }
    if (listener->running) {
        ssize_t told = write(listener->stop_pipe[1], "", 1);
        (void)told; /* an empty pipe takes one byte */
        (void)pthread_join(listener->thread, NULL);
    }
    tend_lingering(listener, true);
    int fds[] = {listener->fd, listener->stop_pipe[0], listener->stop_pipe[1]};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (fds[i] >= 0) {
            (void)close(fds[i]);
        }
    }
    free(listener);
}
