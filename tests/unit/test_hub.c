#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/hub.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { REMEMBERED = 8 };

static void write_beat(void *user, struct mqt_buf *json)
{
    (void)user;
    mqt_buf_add_str(json, "{\"beat\":1}");
}

static int setup(void **state)
{
    struct mqt_hub *hub = NULL;
    struct mqt_hub_config config = {
        .max_events = REMEMBERED, .max_bytes = 10000, .max_subscribers = 3, .heartbeat = write_beat};
    assert_int_equal(mqt_hub_new(&config, &hub), MQT_OK);
    mqt_hub_resync(hub, "e:0");
    *state = hub;
    return 0;
}

static int teardown(void **state)
{
    mqt_hub_free(*state);
    return 0;
}

static void count_wake(void *user)
{
    atomic_fetch_add((atomic_int *)user, 1);
}

static struct mqt_hub_event event(const char *data, const char *layer, int32_t x)
{
    struct mqt_hub_event made = {.name = "change", .data = strdup(data), .len = strlen(data)};
    (void)snprintf(made.layer, sizeof made.layer, "%s", layer);
    made.boxes[0] = (struct mqt_box){x, 0, x, 0};
    made.boxes[1] = mqt_box_empty();
    return made;
}

static void publish(struct mqt_hub *hub, const char *data, const char *layer, int32_t x, const char *cursor)
{
    struct mqt_hub_event one = event(data, layer, x);
    mqt_hub_publish(hub, &one, 1, cursor);
}

static struct mqt_live_subscription *subscribe(struct mqt_hub *hub, const char *last_id,
                                               const struct mqt_live_filter *filter, atomic_int *wakes)
{
    struct mqt_live_subscription *subscription = NULL;
    assert_int_equal(mqt_hub_subscribe(hub, last_id, filter, count_wake, wakes, &subscription), MQT_OK);
    return subscription;
}

static void expect(struct mqt_live_subscription *subscription, const char *name, const char *data, const char *id)
{
    struct mqt_live_event next;
    assert_true(mqt_live_next(subscription, &next));
    assert_string_equal(next.name, name);
    assert_string_equal(next.data, data);
    assert_int_equal(next.len, strlen(data));
    assert_string_equal(next.id, id);
    mqt_live_event_clear(&next);
}

static void expect_nothing(struct mqt_live_subscription *subscription)
{
    struct mqt_live_event next;
    assert_false(mqt_live_next(subscription, &next));
}

static void test_heartbeat_first_then_events(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_int wakes = 0;
    struct mqt_live_subscription *all = subscribe(hub, NULL, NULL, &wakes);
    expect(all, "heartbeat", "{\"beat\":1}", "e:0");
    expect_nothing(all);
    publish(hub, "{1}", "building", 5, "e:1");
    assert_int_equal(wakes, 1);
    mqt_hub_beat(hub);
    assert_int_equal(wakes, 2);
    expect(all, "change", "{1}", "e:1");
    expect(all, "heartbeat", "{\"beat\":1}", "e:1");
    expect_nothing(all);
    mqt_live_unsubscribe(all);
    publish(hub, "{2}", "building", 5, "e:2");
    assert_int_equal(wakes, 2);
}

static void test_filter(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_int wakes = 0;
    char layer[] = "building"; /* the filter is copied */
    const char *layers[] = {layer};
    struct mqt_live_filter filter = {.has_box = true, .box = {0, 0, 10, 10}, .layer_count = 1, .layers = layers};
    struct mqt_live_subscription *some = subscribe(hub, NULL, &filter, &wakes);
    layer[0] = 'x';
    expect(some, "heartbeat", "{\"beat\":1}", "e:0");
    publish(hub, "{1}", "building", 50, "e:1");
    publish(hub, "{2}", "facility", 5, "e:2");
    assert_int_equal(wakes, 0);
    expect_nothing(some);
    publish(hub, "{3}", "building", 5, "e:3");
    publish(hub, "{4}", "", 50, "e:4"); /* for everyone */
    struct mqt_hub_event moved = event("{5}", "building", 50);
    moved.boxes[1] = (struct mqt_box){9, 9, 20, 20};
    mqt_hub_publish(hub, &moved, 1, "e:5");
    assert_int_equal(wakes, 3);
    expect(some, "change", "{3}", "e:3");
    expect(some, "change", "{4}", "e:4");
    expect(some, "change", "{5}", "e:5");
    mqt_live_unsubscribe(some);
}

static void test_resume(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_int wakes = 0;
    publish(hub, "{1}", "a", 1, "e:1");
    struct mqt_hub_event batch[] = {event("{2}", "a", 1), event("{3}", "a", 1)};
    mqt_hub_publish(hub, batch, 2, "e:2");
    struct mqt_live_subscription *back = subscribe(hub, "e:0", NULL, &wakes);
    expect(back, "change", "{1}", "e:1");
    expect(back, "change", "{2}", "e:1"); /* cut off here, the whole batch comes again */
    expect(back, "change", "{3}", "e:2");
    expect(back, "heartbeat", "{\"beat\":1}", "e:2");
    mqt_live_unsubscribe(back);
    back = subscribe(hub, "e:1", NULL, &wakes);
    expect(back, "change", "{2}", "e:1");
    mqt_live_unsubscribe(back);
    back = subscribe(hub, "e:2", NULL, &wakes);
    expect(back, "heartbeat", "{\"beat\":1}", "e:2");
    mqt_live_unsubscribe(back);
    back = subscribe(hub, "other:1", NULL, &wakes);
    expect(back, "resync", "{}", "e:2");
    expect(back, "heartbeat", "{\"beat\":1}", "e:2");
    expect_nothing(back);
    mqt_live_unsubscribe(back);
}

static void test_forgotten_means_resync(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_int wakes = 0;
    struct mqt_live_subscription *slow = subscribe(hub, NULL, NULL, &wakes);
    char id[16] = "e:0";
    for (int i = 1; i <= REMEMBERED + 1; i++) {
        (void)snprintf(id, sizeof id, "e:%d", i);
        publish(hub, "{}", "a", 1, id);
    }
    expect(slow, "resync", "{}", "e:9");
    expect(slow, "heartbeat", "{\"beat\":1}", "e:9");
    expect_nothing(slow);
    publish(hub, "{10}", "a", 1, "e:10");
    expect(slow, "change", "{10}", "e:10");
    mqt_live_unsubscribe(slow);
    slow = subscribe(hub, "e:1", NULL, &wakes); /* forgotten with the second event */
    expect(slow, "resync", "{}", "e:10");
    mqt_live_unsubscribe(slow);
    slow = subscribe(hub, "e:2", NULL, &wakes); /* the oldest that is still whole */
    expect(slow, "change", "{}", "e:3");
    mqt_live_unsubscribe(slow);
}

static void test_bytes_are_bounded(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_int wakes = 0;
    struct mqt_live_subscription *all = subscribe(hub, NULL, NULL, &wakes);
    char large[6001];
    memset(large, 'x', 6000);
    large[6000] = '\0';
    publish(hub, large, "a", 1, "e:1");
    publish(hub, large, "a", 1, "e:2"); /* both are more than is remembered */
    expect(all, "resync", "{}", "e:2");
    mqt_live_unsubscribe(all);
}

static void test_resync_drops_what_waits(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_int wakes = 0;
    struct mqt_live_subscription *all = subscribe(hub, NULL, NULL, &wakes);
    publish(hub, "{1}", "a", 1, "e:1");
    mqt_hub_resync(hub, "f:1");
    expect(all, "resync", "{}", "f:1");
    expect(all, "heartbeat", "{\"beat\":1}", "f:1");
    expect_nothing(all);
    mqt_live_unsubscribe(all);
    all = subscribe(hub, "e:1", NULL, &wakes);
    expect(all, "resync", "{}", "f:1");
    mqt_live_unsubscribe(all);
}

static void test_too_many(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_int wakes = 0;
    struct mqt_live_subscription *some[4] = {0};
    for (int i = 0; i < 3; i++) {
        some[i] = subscribe(hub, NULL, NULL, &wakes);
    }
    assert_int_equal(mqt_hub_subscribers(hub), 3);
    assert_int_equal(mqt_hub_subscribe(hub, NULL, NULL, count_wake, &wakes, &some[3]), MQT_ERR_LIMIT);
    mqt_live_unsubscribe(some[1]); /* from the middle of the list */
    publish(hub, "{1}", "a", 1, "e:1");
    assert_int_equal(wakes, 2);
    mqt_live_unsubscribe(some[0]);
    mqt_live_unsubscribe(some[2]);
    assert_int_equal(mqt_hub_subscribers(hub), 0);
}

struct listener {
    struct mqt_hub *hub;
    atomic_bool *done;
    atomic_ulong heard;
};

/* Comes and goes while events are published; after leaving, its wake must not run. */
static void *listen_and_leave(void *user)
{
    struct listener *listener = user;
    while (!atomic_load(listener->done)) {
        atomic_int *wakes = calloc(1, sizeof *wakes);
        struct mqt_live_subscription *subscription = NULL;
        if (wakes && !mqt_hub_subscribe(listener->hub, "e:0", NULL, count_wake, wakes, &subscription)) {
            struct mqt_live_event next;
            while (mqt_live_next(subscription, &next)) {
                atomic_fetch_add(&listener->heard, 1);
                mqt_live_event_clear(&next);
            }
            mqt_live_unsubscribe(subscription);
        }
        free(wakes);
    }
    return NULL;
}

static bool all_heard(struct listener listeners[3])
{
    return atomic_load(&listeners[0].heard) && atomic_load(&listeners[1].heard) && atomic_load(&listeners[2].heard);
}

static void test_threads(void **state)
{
    struct mqt_hub *hub = *state;
    atomic_bool done = false;
    struct listener listeners[3];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        listeners[i].hub = hub;
        listeners[i].done = &done;
        atomic_init(&listeners[i].heard, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, listen_and_leave, &listeners[i]), 0);
    }
    /* Until every thread took part; a busy machine may start one late. */
    for (int i = 1; i <= 3000 || !all_heard(listeners); i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "e:%d", i);
        publish(hub, "{}", "a", 1, id);
        mqt_hub_beat(hub);
    }
    atomic_store(&done, true);
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(mqt_hub_subscribers(hub), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_heartbeat_first_then_events),
        TEST(test_filter),
        TEST(test_resume),
        TEST(test_forgotten_means_resync),
        TEST(test_bytes_are_bounded),
        TEST(test_resync_drops_what_waits),
        TEST(test_too_many),
        TEST(test_threads),
    };
    return cmocka_run_group_tests_name("hub", tests, NULL, NULL);
}
