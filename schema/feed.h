/* Reading the change feed: which features are dirty since the last reading.
 *
 * The cursor is the pg_snapshot of the last reading: rows of transactions that were not visible
 * then and are visible now are new, whatever their ids (ids and commit order differ). A reading
 * runs in one REPEATABLE READ transaction that the caller opens with mqt_feed_begin and closes with
 * mqt_feed_end; features re-read between the two belong to the same moment as the new cursor.
 * A cursor of another epoch, older than what was pruned or ahead of the database gives resync = true:
 * load everything.
 */
#ifndef MQT_FEED_H
#define MQT_FEED_H

#include "../tiles/grid.h"
#include "db.h"

struct mqt_feed_cursor {
    char epoch[40];      /* hex; "" before the first reading */
    char snapshot[4096]; /* pg_snapshot as text (some 300 open writers); "" before the first reading */
};

struct mqt_feed_change {
    char layer[64];
    bool reload; /* the whole layer, feature is 0 */
    uint64_t feature;
    struct mqt_box box; /* world units, old and new box together; empty when it has no shape */
};

struct mqt_feed_batch {
    struct mqt_feed_change *changes; /* several rows of one feature are merged into one change */
    size_t count;
    bool resync;                   /* changes is empty: drop all and load anew */
    struct mqt_feed_cursor cursor; /* to pass to the next reading once all was applied */
};

/* Opens the transaction and reads what is new since cursor. A new reader passes an empty cursor and
 * gets resync. */
enum mqt_err mqt_feed_begin(struct mqt_db *db, const struct mqt_feed_cursor *cursor, struct mqt_feed_batch *batch,
                            struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_feed_end(struct mqt_db *db, struct mqt_detail *detail) MQT_MUST_USE;
void mqt_feed_batch_clear(struct mqt_feed_batch *batch);

/* LISTEN on the wake-up channel; wait with mqt_db_wait, and poll at least every second as well. */
enum mqt_err mqt_feed_listen(struct mqt_db *db, struct mqt_detail *detail) MQT_MUST_USE;

#endif
