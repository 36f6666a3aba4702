/* The book of runs (etl.run): begun in a transaction of its own, so that a failed one is not lost.
 *
 * A run is published in the same transaction as its rows. A run whose program died holds no
 * lock any more; the next run, and the list, record it as failed. One thread; borrowed connection.
 */
#ifndef MQT_RUN_H
#define MQT_RUN_H

#include "../schema/db.h"
#include "report.h"

struct mqt_run_facts {
    const char *kind, *source, *file;
    const char *target;                                  /* layer id, or NULL */
    const uint8_t *sha256;                               /* 32 bytes */
    const char *encoding, *crs, *mapping_json, *message; /* NULL: not known */
    const char *warnings_json;                           /* {} when NULL */
};

/* Must not be inside a transaction. Holds a session lock until the connection is given back. */
enum mqt_err mqt_run_begin(struct mqt_db *db, const struct mqt_run_facts *facts, int64_t *run,
                           struct mqt_detail *detail) MQT_MUST_USE;
/* Inside the transaction that publishes the rows. */
enum mqt_err mqt_run_publish(struct mqt_db *db, int64_t run, const struct mqt_run_facts *facts,
                             const struct mqt_counts *counts, struct mqt_detail *detail) MQT_MUST_USE;
/* Outside of any transaction. */
enum mqt_err mqt_run_fail(struct mqt_db *db, int64_t run, const char *message, struct mqt_detail *detail) MQT_MUST_USE;

/* The newest runs, and the rejects of one, as tables on stdout. */
enum mqt_err mqt_run_print_list(struct mqt_db *db, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_run_print_rejects(struct mqt_db *db, int64_t run, struct mqt_detail *detail) MQT_MUST_USE;

#endif
