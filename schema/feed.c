#include "feed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More dirty features than this in one layer are read as one reload of it. */
#define MAX_FEATURES_A_LAYER "20000"

/* $1: the cursor's snapshot, or null. A cursor ahead of the present was taken before the database was
 * put back from an older copy of its files, which keeps the epoch. */
static const char state_sql[] =
    "select feed.epoch(), pg_current_snapshot()::text,"
    " coalesce(pg_snapshot_xmin($1::pg_snapshot) < pruned_before"
    "  or pg_snapshot_xmax($1::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()), true) from feed.state";

/* Rows of transactions that were running, or not yet begun, at the cursor's moment. That they are
 * committed now is what this transaction's own snapshot says by showing them. */
static const char changes_sql[] =
    "with fresh as materialized ("
    " select kind, layer, feature,"
    "  least(st_xmin(old_box), st_xmin(new_box)) as west, least(st_ymin(old_box), st_ymin(new_box)) as south,"
    "  greatest(st_xmax(old_box), st_xmax(new_box)) as east, greatest(st_ymax(old_box), st_ymax(new_box)) as north"
    " from feed.change where xid >= pg_snapshot_xmin($1::pg_snapshot)"
    "  and not pg_visible_in_snapshot(xid, $1::pg_snapshot)),"
    " whole as (select layer from fresh group by layer"
    "  having bool_or(kind = 'reload') or count(*) > " MAX_FEATURES_A_LAYER ")"
    " select layer, null::bigint, null::float8, null::float8, null::float8, null::float8 from whole"
    " union all"
    " select layer, feature, min(west), min(south), max(east), max(north) from fresh"
    " where layer not in (select layer from whole) group by layer, feature order by 1, 2";

static double clamp(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static struct mqt_point corner(double lon_deg, double lat_deg)
{
    struct mqt_point point = {0};
    bool inside = mqt_grid_from_degrees(clamp(lon_deg, -180, 180),
                                        clamp(lat_deg, -MQT_MAX_LATITUDE_DEG, MQT_MAX_LATITUDE_DEG), &point);
    (void)inside; /* clamped */
    return point;
}

static struct mqt_box parse_box(const struct mqt_db_result *rows, size_t row)
{
    double edges[4];
    for (size_t i = 0; i < 4; i++) {
        const char *text = mqt_db_value(rows, row, 2 + i, NULL);
        edges[i] = text ? strtod(text, NULL) : (double)NAN;
        if (!isfinite(edges[i])) {
            return mqt_box_empty();
        }
    }
    struct mqt_point south_west = corner(edges[0], edges[1]), north_east = corner(edges[2], edges[3]);
    return (struct mqt_box){south_west.x, north_east.y, north_east.x, south_west.y};
}

static enum mqt_err read_state(struct mqt_db *db, const struct mqt_feed_cursor *cursor, struct mqt_feed_batch *batch,
                               struct mqt_detail *detail)
{
    const char *params[1] = {cursor->snapshot[0] ? cursor->snapshot : NULL};
    struct mqt_db_result *rows = NULL;
    enum mqt_err err = mqt_db_query(db, state_sql, 1, params, &rows, detail);
    if (err) {
        return err;
    }
    const char *epoch = mqt_db_rows(rows) == 1 ? mqt_db_value(rows, 0, 0, NULL) : NULL;
    if (!epoch) {
        err = mqt_fail(detail, MQT_ERR_DB, "the change feed has no state");
        goto done;
    }
    const char *snapshot = mqt_db_value(rows, 0, 1, NULL);
    if (strlen(epoch) >= sizeof batch->cursor.epoch || strlen(snapshot) >= sizeof batch->cursor.snapshot) {
        err = mqt_fail(detail, MQT_ERR_LIMIT, "too many transactions are open for the feed's cursor");
        goto done;
    }
    (void)snprintf(batch->cursor.epoch, sizeof batch->cursor.epoch, "%s", epoch);
    (void)snprintf(batch->cursor.snapshot, sizeof batch->cursor.snapshot, "%s", snapshot);
    batch->resync = strcmp(cursor->epoch, epoch) != 0 || mqt_db_value(rows, 0, 2, NULL)[0] == 't';
done:
    mqt_db_result_free(rows);
    return err;
}

static enum mqt_err read_changes(struct mqt_db *db, const struct mqt_feed_cursor *cursor, struct mqt_feed_batch *batch,
                                 struct mqt_detail *detail)
{
    const char *params[1] = {cursor->snapshot};
    struct mqt_db_result *rows = NULL;
    enum mqt_err err = mqt_db_query(db, changes_sql, 1, params, &rows, detail);
    if (err) {
        return err;
    }
    size_t count = mqt_db_rows(rows);
    struct mqt_feed_change *changes = count > 0 ? calloc(count, sizeof *changes) : NULL;
    if (count > 0 && !changes) {
        err = MQT_ERR_MEMORY;
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        const char *feature = mqt_db_value(rows, i, 1, NULL);
        (void)snprintf(changes[i].layer, sizeof changes[i].layer, "%s", mqt_db_value(rows, i, 0, NULL));
        changes[i].reload = feature == NULL;
        changes[i].feature = feature ? (uint64_t)strtoll(feature, NULL, 10) : 0;
        changes[i].box = parse_box(rows, i);
    }
    batch->changes = changes;
    batch->count = count;
done:
    mqt_db_result_free(rows);
    return err;
}

enum mqt_err mqt_feed_begin(struct mqt_db *db, const struct mqt_feed_cursor *cursor, struct mqt_feed_batch *batch,
                            struct mqt_detail *detail)
{
    struct mqt_feed_batch fresh = {0};
    enum mqt_err err = mqt_db_exec(db, "begin isolation level repeatable read, read only", detail);
    if (err) {
        return err;
    }
    err = read_state(db, cursor, &fresh, detail);
    if (!err && !fresh.resync) {
        err = read_changes(db, cursor, &fresh, detail);
    }
    if (err) {
        enum mqt_err end = mqt_db_exec(db, "rollback", NULL);
        (void)end; /* the first error is the one to tell; a broken connection is dropped when given back */
        return err;
    }
    *batch = fresh;
    return MQT_OK;
}

enum mqt_err mqt_feed_end(struct mqt_db *db, struct mqt_detail *detail)
{
    return mqt_db_exec(db, "commit", detail);
}

void mqt_feed_batch_clear(struct mqt_feed_batch *batch)
{
    free(batch->changes);
    *batch = (struct mqt_feed_batch){0};
}

enum mqt_err mqt_feed_listen(struct mqt_db *db, struct mqt_detail *detail)
{
    return mqt_db_exec(db, "listen mqt_feed", detail);
}
