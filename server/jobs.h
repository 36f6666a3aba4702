/* A few threads for answers that may wait: the database, long scans.
 *
 * They keep the event loops free, so that tiles go on while a query takes its time. The queue is
 * bounded: beyond it MQT_ERR_BUSY at once. Any thread may submit.
 */
#ifndef MQT_JOBS_H
#define MQT_JOBS_H

#include "../tiles/err.h"

struct mqt_jobs;

enum mqt_err mqt_jobs_new(int threads, size_t max_waiting, struct mqt_jobs **jobs) MQT_MUST_USE;
/* Runs what was submitted to its end and stops; from here on everything is MQT_ERR_BUSY. NULL is allowed. */
void mqt_jobs_stop(struct mqt_jobs *jobs);
/* Stops first; nobody may submit any more. NULL is allowed. */
void mqt_jobs_free(struct mqt_jobs *jobs);

typedef void (*mqt_job_fn)(void *user);
enum mqt_err mqt_jobs_submit(struct mqt_jobs *jobs, mqt_job_fn run, void *user) MQT_MUST_USE;

#endif
