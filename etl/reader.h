/* A survey file as a stream of rows, parsed in a child process that hostile bytes cannot harm us from.
 *
 * The child may use so much memory, processor and wall time as the limits say, sees no network, and
 * is killed when it overruns or when the reader is freed. Rows are valid until the next call. A
 * child that dies or overruns gives one clear sentence: MQT_ERR_LIMIT, MQT_ERR_TIMEOUT or
 * MQT_ERR_FORMAT. One thread; the process must not have started other threads before.
 */
#ifndef MQT_READER_H
#define MQT_READER_H

#include "wire.h"

struct mqt_reader_limits {
    size_t memory_bytes; /* address space of the child */
    unsigned cpu_s, wall_s;
};

#define MQT_READER_LIMITS                                                                                              \
    (struct mqt_reader_limits)                                                                                         \
    {                                                                                                                  \
        .memory_bytes = (size_t)2 << 30, .cpu_s = 1800, .wall_s = 3600                                                 \
    }

struct mqt_reader_request {
    const char *path;
    const char *table, *where, *encoding; /* NULL: not given */
    struct mqt_reader_limits limits;
};

struct mqt_reader;

/* Starts the child and waits for the table's description. */
enum mqt_err mqt_reader_new(const struct mqt_reader_request *request, struct mqt_reader **reader,
                            struct mqt_detail *detail) MQT_MUST_USE;
void mqt_reader_free(struct mqt_reader *reader);

const struct mqt_table *mqt_reader_table(const struct mqt_reader *reader); /* valid as long as the reader */

enum mqt_err mqt_reader_next(struct mqt_reader *reader, struct mqt_row *row, bool *more,
                             struct mqt_detail *detail) MQT_MUST_USE;

#endif
