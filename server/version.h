/* Which tiles a layer's changes have touched: the version of any tile at any moment.
 *
 * A log of touched boxes (world units), each with the layer version that touched it. The version of
 * a tile is that of the newest box that meets the buffered tile, or the log's base when none does:
 * exact at every zoom, without a table of tiles. The log is append-only and reference-counted; a
 * reader passes the version and length it was published with, so one writer may append while any
 * number of threads read without a lock. A full log forgets its older half and raises its base.
 */
#ifndef MQT_VERSION_H
#define MQT_VERSION_H

#include "../tiles/grid.h"

struct mqt_versions;

enum { MQT_VERSIONS_MAX = 8192 }; /* boxes remembered */

/* A log without boxes: every tile has the version base. */
enum mqt_err mqt_versions_new(uint64_t base, struct mqt_versions **log) MQT_MUST_USE;
struct mqt_versions *mqt_versions_retain(struct mqt_versions *log);
void mqt_versions_release(struct mqt_versions *log); /* NULL is allowed */

size_t mqt_versions_count(const struct mqt_versions *log); /* writer only */
uint64_t mqt_versions_base(const struct mqt_versions *log);

/* Writer only. Notes that version touched the boxes. When they do not fit, *log is replaced by a
 * fresh log (the old one is released) and readers of the old one are undisturbed; more boxes than
 * half a log raise the base to version. Empty boxes are passed over. */
enum mqt_err mqt_versions_append(struct mqt_versions **log, uint64_t version, const struct mqt_box *boxes,
                                 size_t count) MQT_MUST_USE;

/* The version of what lies in the box, seen by a reader whose log had count boxes. */
uint64_t mqt_versions_of_box(const struct mqt_versions *log, size_t count, struct mqt_box box);

#endif
