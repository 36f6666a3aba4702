#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/metrics.h"
#include "../../server/streams.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* A server without a database: heartbeats are what streams have to tell. */
struct fixture {
    struct mqt_config config;
    struct mqt_app app;
    struct mqt_streams *streams;
};

/* What the HTTP library would be told. */
struct connection {
    atomic_int suspended, resumed;
};

static void suspend(void *connection)
{
    atomic_fetch_add(&((struct connection *)connection)->suspended, 1);
}

static void resume(void *connection)
{
    atomic_fetch_add(&((struct connection *)connection)->resumed, 1);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct mqt_detail detail = {0};
    struct mqt_live_config live = {
        .database_url = "host=/nonexistent", .role = "mqt_web", .poll_ms = 100, .heartbeat_ms = 50};
    assert_non_null(fixture);
    fixture->config.max_streams = 2;
    fixture->app.config = &fixture->config;
    assert_int_equal(mqt_metrics_new(&fixture->app.metrics), MQT_OK);
    assert_int_equal(mqt_registry_new(1, &fixture->app.registry), MQT_OK);
    assert_int_equal(mqt_live_start(&live, fixture->app.registry, &fixture->app.live, &detail), MQT_OK);
    assert_int_equal(mqt_streams_new(&fixture->app, suspend, resume, &fixture->streams), MQT_OK);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    mqt_streams_free(fixture->streams);
    mqt_live_stop(fixture->app.live);
    mqt_registry_free(fixture->app.registry);
    mqt_metrics_free(fixture->app.metrics);
    free(fixture);
    return 0;
}

static struct mqt_stream *open_stream(struct fixture *fixture, struct connection *connection)
{
    struct mqt_request request = {.route = MQT_ROUTE_LIVE};
    struct mqt_stream *stream = NULL;
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_stream_open(fixture->streams, &request, NULL, connection, &stream, &detail), MQT_OK);
    return stream;
}

/* Reads until the connection is suspended; the number of bytes. */
static size_t drain(struct mqt_stream *stream, char *out, size_t room)
{
    size_t used = 0;
    size_t len = 0;
    enum mqt_stream_state state;
    while ((state = mqt_stream_read(stream, out + used, room - used - 1, &len)) == MQT_STREAM_READ) {
        used += len;
        assert_true(used + 1 < room);
    }
    assert_int_equal(state, MQT_STREAM_SUSPENDED);
    out[used] = '\0';
    return used;
}

static bool within_seconds(atomic_int *counter, int at_least)
{
    for (int i = 0; i < 500 && atomic_load(counter) < at_least; i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return atomic_load(counter) >= at_least;
}

static void test_sleeps_until_there_is_news(void **state)
{
    struct connection connection = {0};
    struct mqt_stream *stream = open_stream(*state, &connection);
    char text[4096];
    assert_true(drain(stream, text, sizeof text) > 0);
    assert_ptr_equal(strstr(text, "retry: "), text);
    assert_non_null(strstr(text, "event: heartbeat\n"));
    for (int turn = 1; turn <= 3; turn++) {
        assert_true(within_seconds(&connection.resumed, turn));
        assert_int_equal(atomic_load(&connection.suspended), turn); /* never resumed but when it slept */
        assert_true(drain(stream, text, sizeof text) > 0);
        assert_null(strstr(text, "retry: "));
    }
    mqt_stream_close(stream);
}

static void test_no_more_than_allowed(void **state)
{
    struct fixture *fixture = *state;
    struct connection connection = {0};
    struct mqt_request request = {.route = MQT_ROUTE_LIVE};
    struct mqt_detail detail = {0};
    struct mqt_stream *third = NULL;
    struct mqt_stream *first = open_stream(fixture, &connection);
    struct mqt_stream *second = open_stream(fixture, &connection);
    assert_int_equal(mqt_stream_open(fixture->streams, &request, NULL, &connection, &third, &detail), MQT_ERR_BUSY);
    assert_null(third);
    mqt_stream_close(first);
    third = open_stream(fixture, &connection);
    mqt_stream_close(second);
    mqt_stream_close(third);
}

static void *end_all(void *user)
{
    mqt_streams_end(user);
    return NULL;
}

static void test_ends_a_sleeping_stream(void **state)
{
    struct fixture *fixture = *state;
    struct connection connection = {0};
    struct mqt_stream *stream = open_stream(fixture, &connection);
    char text[4096];
    (void)drain(stream, text, sizeof text);
    pthread_t ending;
    assert_int_equal(pthread_create(&ending, NULL, end_all, fixture->streams), 0);
    enum mqt_stream_state now = MQT_STREAM_READ;
    for (int turn = 1; now != MQT_STREAM_ENDED; turn++) { /* a heartbeat may come first */
        assert_true(turn < 100 && within_seconds(&connection.resumed, turn));
        size_t len = 0;
        do {
            now = mqt_stream_read(stream, text, sizeof text, &len);
        } while (now == MQT_STREAM_READ);
    }
    mqt_stream_close(stream);
    assert_int_equal(pthread_join(ending, NULL), 0);
    struct mqt_request request = {.route = MQT_ROUTE_LIVE};
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_stream_open(fixture->streams, &request, NULL, &connection, &stream, &detail), MQT_ERR_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sleeps_until_there_is_news, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_more_than_allowed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ends_a_sleeping_stream, setup, teardown),
    };
    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
