/* Loading one survey file: read, recognise, check, stage, publish the difference, account.
 *
 * One run is published whole or not at all: everything happens in one transaction. MQT_ERR_PARAM is a
 * question to the operator (detail holds the options), MQT_ERR_FORMAT and the like a file that
 * cannot be used; both leave the database as it was, except for the run's own record. One thread.
 */
#ifndef MQT_LOAD_H
#define MQT_LOAD_H

#include "report.h"

#include "../tiles/err.h"

struct mqt_load_options {
    const char *path;
    const char *kind, *layer, *title, *source, *crs, *encoding, *table, *where; /* NULL: not given */
    const char *time_zone; /* of times without one; NULL: Asia/Shanghai */
    const char *url;       /* of the database; NULL: libpq's environment */
    bool anywhere;         /* points that lie in no grid are loaded too */
    bool prune;            /* rows of this source that the file does not have any more are removed */
    bool check_only;       /* nothing is written, no database is needed */
};

struct mqt_load_result {
    struct mqt_counts counts;
    int64_t run; /* 0 when nothing was written */
    char kind[16];
};

enum mqt_err mqt_load(const struct mqt_load_options *options, struct mqt_report *report, struct mqt_load_result *result,
                      struct mqt_detail *detail) MQT_MUST_USE;

#endif
