#include "../../server/jobs.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A job that waits at a gate until the test opens it. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int inside;
    bool open;
    atomic_int done;
};

static void pass(void *user)
{
    struct gate *gate = user;
    (void)pthread_mutex_lock(&gate->lock);
    gate->inside++;
    (void)pthread_cond_broadcast(&gate->changed);
    while (!gate->open) {
        (void)pthread_cond_wait(&gate->changed, &gate->lock);
    }
    (void)pthread_mutex_unlock(&gate->lock);
    (void)atomic_fetch_add(&gate->done, 1);
}

static void wait_inside(struct gate *gate, int count)
{
    (void)pthread_mutex_lock(&gate->lock);
    while (gate->inside < count) {
        (void)pthread_cond_wait(&gate->changed, &gate->lock);
    }
    (void)pthread_mutex_unlock(&gate->lock);
}

static void open_gate(struct gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
    gate->open = true;
    (void)pthread_cond_broadcast(&gate->changed);
    (void)pthread_mutex_unlock(&gate->lock);
}

#define GATE                                                                                                           \
    {                                                                                                                  \
        .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER                                         \
    }

static void a_full_queue_is_busy_and_nothing_is_lost(void **state)
{
    (void)state;
    struct gate gate = GATE;
    struct mqt_jobs *jobs = NULL;
    assert_int_equal(mqt_jobs_new(2, 3, &jobs), MQT_OK);
    assert_int_equal(mqt_jobs_submit(jobs, pass, &gate), MQT_OK);
    assert_int_equal(mqt_jobs_submit(jobs, pass, &gate), MQT_OK);
    wait_inside(&gate, 2); /* both threads are taken; what follows waits */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mqt_jobs_submit(jobs, pass, &gate), MQT_OK);
    }
    assert_int_equal(mqt_jobs_submit(jobs, pass, &gate), MQT_ERR_BUSY);
    open_gate(&gate);
    mqt_jobs_free(jobs);
    assert_int_equal(gate.done, 5);
}

static void stopping_finishes_what_waits_and_takes_no_more(void **state)
{
    (void)state;
    struct gate gate = GATE;
    struct mqt_jobs *jobs = NULL;
    gate.open = true;
    assert_int_equal(mqt_jobs_new(1, 100, &jobs), MQT_OK);
    for (int i = 0; i < 100; i++) {
        while (mqt_jobs_submit(jobs, pass, &gate) == MQT_ERR_BUSY) {
        }
    }
    mqt_jobs_stop(jobs);
    assert_int_equal(gate.done, 100);
    assert_int_equal(mqt_jobs_submit(jobs, pass, &gate), MQT_ERR_BUSY);
    mqt_jobs_free(jobs);
    assert_int_equal(gate.done, 100);
    mqt_jobs_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_queue_is_busy_and_nothing_is_lost),
        cmocka_unit_test(stopping_finishes_what_waits_and_takes_no_more),
    };
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
