#include "jobs.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct job {
    mqt_job_fn run;
    void *user;
};

struct mqt_jobs {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopping;
    size_t first, count, max; /* a ring */
    struct job *ring;
    int thread_count;
    pthread_t threads[];
};

static void *work(void *user)
{
    struct mqt_jobs *jobs = user;
    (void)pthread_mutex_lock(&jobs->lock);
    for (;;) {
        while (jobs->count == 0 && !jobs->stopping) {
            (void)pthread_cond_wait(&jobs->changed, &jobs->lock);
        }
        if (jobs->count == 0) {
            break;
        }
        struct job job = jobs->ring[jobs->first];
        jobs->first = (jobs->first + 1) % jobs->max;
        jobs->count--;
        (void)pthread_mutex_unlock(&jobs->lock);
        job.run(job.user);
        (void)pthread_mutex_lock(&jobs->lock);
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

enum mqt_err mqt_jobs_new(int threads, size_t max_waiting, struct mqt_jobs **jobs)
{
    struct mqt_jobs *fresh = calloc(1, sizeof *fresh + (size_t)threads * sizeof(pthread_t));
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    fresh->max = max_waiting;
    fresh->ring = calloc(max_waiting, sizeof *fresh->ring);
    (void)pthread_mutex_init(&fresh->lock, NULL);
    (void)pthread_cond_init(&fresh->changed, NULL);
    while (fresh->ring && fresh->thread_count < threads &&
           pthread_create(&fresh->threads[fresh->thread_count], NULL, work, fresh) == 0) {
        fresh->thread_count++;
    }
    if (fresh->thread_count == 0) {
        mqt_jobs_free(fresh);
        return MQT_ERR_MEMORY;
    }
    *jobs = fresh;
    return MQT_OK;
}

void mqt_jobs_stop(struct mqt_jobs *jobs)
{
    if (!jobs) {
        return;
    }
    (void)pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    (void)pthread_cond_broadcast(&jobs->changed);
    (void)pthread_mutex_unlock(&jobs->lock);
    for (int i = 0; i < jobs->thread_count; i++) {
        (void)pthread_join(jobs->threads[i], NULL);
    }
    jobs->thread_count = 0;
}

void mqt_jobs_free(struct mqt_jobs *jobs)
{
    if (!jobs) {
        return;
    }
    mqt_jobs_stop(jobs);
    (void)pthread_cond_destroy(&jobs->changed);
    (void)pthread_mutex_destroy(&jobs->lock);
    free(jobs->ring);
    free(jobs);
}

enum mqt_err mqt_jobs_submit(struct mqt_jobs *jobs, mqt_job_fn run, void *user)
{
    enum mqt_err err = MQT_ERR_BUSY;
    (void)pthread_mutex_lock(&jobs->lock);
    if (jobs->count < jobs->max && !jobs->stopping) {
        jobs->ring[(jobs->first + jobs->count++) % jobs->max] = (struct job){run, user};
        (void)pthread_cond_signal(&jobs->changed);
        err = MQT_OK;
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return err;
}
