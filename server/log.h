/* The server's log: one line an event on a file descriptor, normally stderr.
 *
 * A line reads `2026-11-22T08:15:30.123Z warn database-lost retry in 2 s`: UTC time, level, a stable event name in
 * kebab case, and a sentence. Control characters become spaces, so one event is one line. A line is a
 * single write, so any thread may log without a lock. Lines are cut at 1 kB. The struct belongs to
 * main, is never changed after start, and a NULL log is silence. Never log SQL, tokens or personal data.
 */
#ifndef MQT_LOG_H
#define MQT_LOG_H

#include "../tiles/err.h"

#include <stdbool.h>

enum mqt_log_level { MQT_LOG_ERROR, MQT_LOG_WARN, MQT_LOG_INFO, MQT_LOG_DEBUG };

struct mqt_log {
    int fd;
    enum mqt_log_level most; /* events less important than this are left out */
};

void mqt_log(const struct mqt_log *log, enum mqt_log_level level, const char *event, const char *format, ...)
    MQT_PRINTF(4, 5);

/* "error", "warn", "info" or "debug"; false for anything else. */
bool mqt_log_level_parse(const char *name, enum mqt_log_level *level) MQT_MUST_USE;

#endif
