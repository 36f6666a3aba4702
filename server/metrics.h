/* Counters of the running server, and the answers of those who watch it: /healthz /readyz /metrics.
 *
 * Counting is a relaxed atomic addition; any thread. The text is Prometheus' exposition format 0.0.4.
 */
#ifndef MQT_METRICS_H
#define MQT_METRICS_H

#include "route.h"

#include <stddef.h>

struct mqt_metrics;

enum mqt_gauge { MQT_GAUGE_CONNECTIONS, MQT_GAUGE_STREAMS, MQT_GAUGE_COUNT };
enum mqt_counter {
    MQT_COUNTER_TURNED_AWAY, /* connections beyond the limit */
    MQT_COUNTER_CUT_OFF,     /* connections that broke a deadline */
    MQT_COUNTER_COUNT
};

enum mqt_err mqt_metrics_new(struct mqt_metrics **metrics) MQT_MUST_USE;
void mqt_metrics_free(struct mqt_metrics *metrics);

void mqt_metrics_request(struct mqt_metrics *metrics, enum mqt_route route, int status, size_t body_bytes,
                         int64_t took_us);
void mqt_metrics_gauge(struct mqt_metrics *metrics, enum mqt_gauge gauge, int change);
void mqt_metrics_count(struct mqt_metrics *metrics, enum mqt_counter counter);

#endif
