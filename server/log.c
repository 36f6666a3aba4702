#include "log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

static size_t put_time(char *line, size_t room)
{
    struct timespec now = {0};
    struct tm utc;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (!gmtime_r(&now.tv_sec, &utc)) {
        return 0;
    }
    size_t len = strftime(line, room, "%Y-%m-%dT%H:%M:%S", &utc);
    int more = snprintf(line + len, room - len, ".%03dZ", (int)(now.tv_nsec / 1000000));
    return more > 0 ? len + (size_t)more : len;
}

void mqt_log(const struct mqt_log *log, enum mqt_log_level level, const char *event, const char *format, ...)
{
    if (!log || level > log->most) {
        return;
    }
    char line[1024];
    size_t const room = sizeof line - 1; /* the last byte is for the newline */
    size_t len = put_time(line, room);
    int head = snprintf(line + len, room - len, " %s %s ", level_names[level], event);
    len += head > 0 ? (size_t)head : 0;
    if (len < room) {
        va_list args;
        va_start(args, format);
        int tail = vsnprintf(line + len, room - len, format, args);
        va_end(args);
        len += tail > 0 ? (size_t)tail : 0;
    }
    if (len > room - 1) {
        len = room - 1;
    }
    for (size_t i = 0; i < len; i++) {
        if ((uint8_t)line[i] < 0x20 || line[i] == 0x7f) {
            line[i] = ' ';
        }
    }
    line[len++] = '\n';
    ssize_t written = write(log->fd, line, len);
    (void)written; /* a log that cannot be written has nowhere to say so */
}

bool mqt_log_level_parse(const char *name, enum mqt_log_level *level)
{
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *level = (enum mqt_log_level)i;
            return true;
        }
    }
    return false;
}
