#include "refresh.h"

#include "compact.h"
#include "ids.h"
#include "ticket_news.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_RETRY_MS = 30000, GONE_AFTER = 2, MANY_CHANGES = 5000 };

/* What one reading found out about one layer. */
struct work {
    const struct mqt_catalog_layer *layer;
    bool reload, drop;
    struct mqt_ids ids; /* dirty features */

    struct mqt_layer *rebuilt; /* the layer without a delta, as it was before missed; or NULL */
    struct mqt_ids missed;

    bool read; /* the rest is filled */
    bool whole;
    bool same; /* rebuilt, and nothing changed */
    struct mqt_layer *snapshot;
    struct mqt_box *boxes;
    size_t box_count;
    struct mqt_box touched; /* all of boxes */
    struct mqt_feature_stats stats;
    int64_t load_us;
};

/* A layer that could not be read. */
struct failure {
    char layer_id[64];
    int times;
    int64_t retry_ms;
    bool shows_old; /* an outdated snapshot is in the registry */
};

struct mqt_refresh {
    struct mqt_refresh_config config;
    struct failure *failures;
    size_t failure_count;
    struct mqt_compaction *compaction;

    /* Of the reading under way. */
    struct mqt_catalog *catalog;
    bool catalog_changed, resync;
    struct work *works; /* one a catalogue layer, in its order */
    size_t work_count;
    struct mqt_ticket_news tickets;
};

static int64_t monotonic_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void say(const struct mqt_refresh *refresh, const char *layer_id, const char *words)
{
    if (refresh->config.log) {
        char line[700];
        (void)snprintf(line, sizeof line, "layer %s: %s", layer_id, words);
        refresh->config.log(refresh->config.log_user, line);
    }
}

enum mqt_err mqt_refresh_new(const struct mqt_refresh_config *config, struct mqt_refresh **out)
{
    struct mqt_refresh *refresh = calloc(1, sizeof *refresh);
    if (!refresh) {
        return MQT_ERR_MEMORY;
    }
    refresh->config = *config;
    enum mqt_err err = mqt_compaction_new(&refresh->compaction);
    if (err) {
        free(refresh);
        return err;
    }
    *out = refresh;
    return MQT_OK;
}

void mqt_refresh_discard(struct mqt_refresh *refresh)
{
    for (size_t i = 0; i < refresh->work_count; i++) {
        struct work *work = &refresh->works[i];
        mqt_layer_release(work->snapshot);
        mqt_layer_release(work->rebuilt);
        mqt_ids_clear(&work->missed);
        mqt_ids_clear(&work->ids);
        free(work->boxes);
    }
    free(refresh->works);
    refresh->works = NULL;
    refresh->work_count = 0;
    mqt_catalog_release(refresh->catalog);
    refresh->catalog = NULL;
    refresh->catalog_changed = refresh->resync = false;
    mqt_ticket_news_clear(&refresh->tickets);
}

void mqt_refresh_free(struct mqt_refresh *refresh)
{
    if (refresh) {
        mqt_refresh_discard(refresh);
        mqt_compaction_free(refresh->compaction);
        free(refresh->failures);
        free(refresh);
    }
}

/* What failed before. */

static struct failure *find_failure(const struct mqt_refresh *refresh, const char *layer_id)
{
    for (size_t i = 0; i < refresh->failure_count; i++) {
        if (strcmp(refresh->failures[i].layer_id, layer_id) == 0) {
            return &refresh->failures[i];
        }
    }
    return NULL;
}

static void forgive(struct mqt_refresh *refresh, const char *layer_id)
{
    struct failure *failure = find_failure(refresh, layer_id);
    if (failure) {
        *failure = refresh->failures[--refresh->failure_count];
    }
}

/* A layer that left the catalogue is nobody's failure any more. */
static void forget_departed(struct mqt_refresh *refresh)
{
    for (size_t i = refresh->failure_count; i > 0; i--) {
        if (!mqt_catalog_find(refresh->catalog, refresh->failures[i - 1].layer_id)) {
            refresh->failures[i - 1] = refresh->failures[--refresh->failure_count];
        }
    }
}

bool mqt_refresh_is_behind(const struct mqt_refresh *refresh)
{
    for (size_t i = 0; i < refresh->failure_count; i++) {
        if (refresh->failures[i].shows_old) {
            return true;
        }
    }
    return false;
}

/* A table that is gone or closed to us (SQLSTATE class 42) may be about to come back under a new
 * catalogue row, so the first failure keeps what is shown; a second one takes it down. */
static enum mqt_err note_failure(struct mqt_refresh *refresh, struct work *work, bool has_old, bool gone)
{
    struct failure *failure = find_failure(refresh, work->layer->id);
    if (!failure) {
        struct failure *more = realloc(refresh->failures, (refresh->failure_count + 1) * sizeof *refresh->failures);
        if (!more) {
            return MQT_ERR_MEMORY;
        }
        refresh->failures = more;
        failure = &more[refresh->failure_count++];
        *failure = (struct failure){0};
        (void)snprintf(failure->layer_id, sizeof failure->layer_id, "%s", work->layer->id);
    }
    failure->times++;
    work->drop = has_old && gone && failure->times >= GONE_AFTER;
    failure->shows_old = has_old && !work->drop;
    int64_t wait_ms = failure->times < 6 ? 500 << failure->times : MAX_RETRY_MS;
    wait_ms = failure->shows_old ? 0 : wait_ms;
    failure->retry_ms = monotonic_us() / 1000 + wait_ms;
    return MQT_OK;
}

/* Which layers are dirty. */

/* A view over the same table is dirty along with the layer that the feed names. */
static enum mqt_err mark_layers(struct mqt_refresh *refresh, const struct mqt_feed_change *change)
{
    const struct mqt_catalog_layer *named = mqt_catalog_find(refresh->catalog, change->layer);
    for (size_t i = 0; named && i < refresh->work_count; i++) {
        struct work *work = &refresh->works[i];
        if (strcmp(work->layer->source_table, named->source_table) != 0) {
            continue;
        }
        work->reload = work->reload || change->reload;
        enum mqt_err err = change->reload ? MQT_OK : mqt_ids_add(&work->ids, change->feature);
        if (err) {
            return err;
        }
    }
    return MQT_OK;
}

static enum mqt_err mark_dirty(struct mqt_refresh *refresh, const struct mqt_feed_batch *batch)
{
    struct mqt_ticket_news *tickets = &refresh->tickets;
    tickets->reload = refresh->resync;
    for (size_t i = 0; i < batch->count; i++) {
        const struct mqt_feed_change *change = &batch->changes[i];
        enum mqt_err err = mark_layers(refresh, change);
        if (!err && strcmp(change->layer, "ticket") == 0) {
            tickets->reload = tickets->reload || change->reload;
            err = change->reload ? MQT_OK : mqt_ids_add(&tickets->ids, change->feature);
        }
        if (err) {
            return err;
        }
    }
    mqt_ids_sort(&tickets->ids);
    return MQT_OK;
}

static bool same_definition(const struct mqt_catalog_layer *a, const struct mqt_catalog_layer *b)
{
    if (strcmp(a->served_from, b->served_from) != 0 || a->shape != b->shape || a->resident != b->resident ||
        a->column_count != b->column_count) {
        return false;
    }
    for (size_t i = 0; i < a->column_count; i++) {
        if (strcmp(a->columns[i].name, b->columns[i].name) != 0 || a->columns[i].type != b->columns[i].type) {
            return false;
        }
    }
    return true;
}

/* Adds to the marks what follows from the catalogue and from earlier failures. */
static void mark_rest(struct mqt_refresh *refresh, const struct mqt_registry_view *view)
{
    int64_t now_ms = monotonic_us() / 1000;
    for (size_t i = 0; i < refresh->work_count; i++) {
        struct work *work = &refresh->works[i];
        const struct mqt_registry_layer *held = mqt_registry_find(view, work->layer->id);
        const struct failure *failure = find_failure(refresh, work->layer->id);
        mqt_ids_sort(&work->ids);
        bool redefined = !held || (refresh->catalog_changed && !same_definition(held->catalog, work->layer));
        if (refresh->resync || redefined || (failure && failure->retry_ms <= now_ms)) {
            work->reload = true;
        }
        if (!work->layer->resident) {
            work->drop = held && held->snapshot;
            work->reload = false;
            work->ids.count = 0;
        } else if (work->ids.count > 0 &&
                   (!held || !held->snapshot ||
                    (work->ids.count > MANY_CHANGES && work->ids.count > mqt_layer_count(held->snapshot) / 2))) {
            work->reload = true;
        }
    }
}

static enum mqt_err begin_works(struct mqt_refresh *refresh, struct mqt_db *db, const struct mqt_feed_batch *batch,
                                const struct mqt_registry_view *view, struct mqt_detail *detail)
{
    refresh->resync = batch->resync;
    refresh->catalog_changed = batch->resync || !view->catalog;
    for (size_t i = 0; i < batch->count; i++) {
        refresh->catalog_changed = refresh->catalog_changed || strcmp(batch->changes[i].layer, "catalog") == 0;
    }
    if (refresh->catalog_changed) {
        enum mqt_err err = mqt_catalog_read(db, &refresh->catalog, detail);
        if (err) {
            return err;
        }
    } else {
        refresh->catalog = mqt_catalog_retain(view->catalog);
    }
    forget_departed(refresh);
    size_t count = mqt_catalog_count(refresh->catalog);
    refresh->works = calloc(count > 0 ? count : 1, sizeof *refresh->works);
    if (!refresh->works) {
        return MQT_ERR_MEMORY;
    }
    refresh->work_count = count;
    for (size_t i = 0; i < count; i++) {
        refresh->works[i].layer = mqt_catalog_at(refresh->catalog, i);
    }
    enum mqt_err err = mark_dirty(refresh, batch);
    if (!err) {
        mark_rest(refresh, view);
    }
    return err;
}

/* Reading one layer. */

static enum mqt_err read_whole(struct mqt_refresh *refresh, struct mqt_db *db, struct work *work,
                               struct mqt_detail *detail)
{
    int64_t start_us = monotonic_us();
    enum mqt_err err =
        mqt_feature_load(db, work->layer, refresh->config.max_layer_bytes, &work->snapshot, &work->stats, detail);
    if (!err) {
        work->load_us = monotonic_us() - start_us;
        work->read = work->whole = true;
    }
    return err;
}

/* Keeps of ids those that were or are in the layer, and collects where. */
static enum mqt_err collect_boxes(struct work *work, const struct mqt_layer *old)
{
    struct mqt_box *boxes = malloc((work->ids.count * 2 + 1) * sizeof *boxes);
    if (!boxes) {
        return MQT_ERR_MEMORY;
    }
    size_t kept = 0, box_count = 0;
    work->touched = mqt_box_empty();
    for (size_t i = 0; i < work->ids.count; i++) {
        struct mqt_feature feature;
        size_t before = box_count;
        if (mqt_layer_find(old, work->ids.items[i], &feature)) {
            boxes[box_count++] = feature.box;
        }
        if (mqt_layer_find(work->snapshot, work->ids.items[i], &feature)) {
            boxes[box_count++] = feature.box;
        }
        if (box_count > before) {
            work->ids.items[kept++] = work->ids.items[i];
        }
    }
    for (size_t i = 0; i < box_count; i++) {
        work->touched = mqt_box_union(work->touched, boxes[i]);
    }
    work->ids.count = kept;
    work->boxes = boxes;
    work->box_count = box_count;
    return MQT_OK;
}

/* All features to read: the dirty ones, and those that a rebuilt snapshot lacks. */
static enum mqt_err gather_ids(const struct work *work, struct mqt_ids *all)
{
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < work->ids.count; i++) {
        err = mqt_ids_add(all, work->ids.items[i]);
    }
    for (size_t i = 0; !err && i < work->missed.count; i++) {
        err = mqt_ids_add(all, work->missed.items[i]);
    }
    mqt_ids_sort(all);
    return err;
}

static enum mqt_err read_changes(struct mqt_refresh *refresh, struct mqt_db *db, struct work *work,
                                 struct mqt_layer *old, struct mqt_detail *detail)
{
    struct mqt_layer *base = work->rebuilt ? work->rebuilt : old;
    struct mqt_layer_builder *changes = NULL;
    struct mqt_ids all = {0};
    enum mqt_err err = gather_ids(work, &all);
    if (!err && all.count == 0) {
        work->snapshot = mqt_layer_retain(base);
    } else if (!err) {
        err =
            mqt_feature_read(db, work->layer, all.items, all.count, refresh->config.max_layer_bytes, &changes, detail);
        if (!err) {
            err = mqt_layer_apply(base, all.items, all.count, changes, &work->snapshot);
        }
    }
    if (!err) {
        err = collect_boxes(work, old);
    }
    if (!err) {
        /* Without boxes nothing that the layer shows has changed. */
        work->same = work->box_count == 0;
        work->read = !work->same || work->rebuilt;
    }
    mqt_ids_clear(&all);
    return err;
}

static enum mqt_err read_layer(struct mqt_refresh *refresh, struct mqt_db *db, struct work *work,
                               const struct mqt_registry_view *view, struct mqt_detail *detail)
{
    const struct mqt_registry_layer *held = mqt_registry_find(view, work->layer->id);
    struct mqt_layer *old = held ? held->snapshot : NULL;
    enum mqt_err err = mqt_db_exec(db, "savepoint layer", detail);
    if (err) {
        return err;
    }
    err = work->reload ? read_whole(refresh, db, work, detail) : read_changes(refresh, db, work, old, detail);
    if (!err) {
        forgive(refresh, work->layer->id);
        return mqt_db_exec(db, "release savepoint layer", detail);
    }
    if (err == MQT_ERR_UNAVAILABLE) {
        return err;
    }
    bool gone = strncmp(mqt_db_sqlstate(db), "42", 2) == 0 || err == MQT_ERR_LIMIT;
    say(refresh, work->layer->id, detail->text[0] ? detail->text : mqt_err_name(err));
    mqt_layer_release(work->snapshot);
    work->snapshot = NULL;
    work->read = false;
    err = note_failure(refresh, work, old != NULL, gone);
    return err ? err : mqt_db_exec(db, "rollback to savepoint layer", detail);
}

/* The whole. */

enum mqt_err mqt_refresh_read(struct mqt_refresh *refresh, struct mqt_db *db, const struct mqt_feed_batch *batch,
                              struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(refresh->config.registry);
    enum mqt_err err = begin_works(refresh, db, batch, view, detail);
    for (size_t i = 0; !err && i < refresh->work_count; i++) {
        struct work *work = &refresh->works[i];
        bool rebuilt = !work->reload && !work->drop &&
                       mqt_compaction_take(refresh->compaction, work->layer->id, &work->rebuilt, &work->missed);
        if (work->reload || work->ids.count > 0 || rebuilt) {
            err = read_layer(refresh, db, work, view, detail);
        }
        if (!err && refresh->config.cancelled && refresh->config.cancelled(refresh->config.cancelled_user)) {
            err = mqt_fail(detail, MQT_ERR_BUSY, "the server is stopping");
        }
    }
    if (!err) {
        err = mqt_ticket_news_read(&refresh->tickets, db, mqt_registry_tickets(refresh->config.registry), view->heat,
                                   detail);
    }
    mqt_registry_view_release(view);
    if (err) {
        mqt_refresh_discard(refresh);
    }
    return err;
}

bool mqt_refresh_has_news(const struct mqt_refresh *refresh)
{
    bool news = refresh->resync || refresh->catalog_changed || refresh->tickets.heat;
    for (size_t i = 0; i < refresh->work_count; i++) {
        news = news || refresh->works[i].read || refresh->works[i].drop;
    }
    return news;
}

static void tell_changes(struct mqt_refresh *refresh, struct mqt_event_list *events)
{
    struct mqt_registry_view *view = mqt_registry_view(refresh->config.registry);
    if (refresh->catalog_changed) {
        mqt_event_catalog(events);
    }
    for (size_t i = 0; i < refresh->work_count; i++) {
        const struct work *work = &refresh->works[i];
        const struct mqt_registry_layer *layer = mqt_registry_find(view, work->layer->id);
        if (!layer || work->same || (!work->read && !work->drop)) {
            continue;
        }
        bool whole = work->whole || work->drop;
        struct mqt_box box = !whole            ? work->touched
                             : layer->snapshot ? mqt_layer_box(layer->snapshot)
                                               : mqt_box_empty();
        mqt_event_change(events, work->layer->id, layer->version, whole, box, work->ids.items,
                         whole ? 0 : work->ids.count);
    }
    if (refresh->tickets.reload) {
        struct mqt_box everywhere = {0, 0, INT32_MAX, INT32_MAX};
        mqt_event_change(events, "ticket", view->heat_version, true, everywhere, NULL, 0);
    }
    mqt_registry_view_release(view);
}

/* The list takes over the other's events. */
static void move_events(struct mqt_event_list *from, struct mqt_event_list *to)
{
    if (to->count == 0 && !to->err) {
        mqt_event_list_clear(to);
        *to = *from;
        *from = (struct mqt_event_list){0};
        return;
    }
    struct mqt_hub_event *items = realloc(to->items, (to->count + from->count + 1) * sizeof *items);
    if (!items) {
        to->err = MQT_ERR_MEMORY;
        return;
    }
    to->items = items;
    to->capacity = to->count + from->count + 1;
    if (from->count > 0) {
        memcpy(items + to->count, from->items, from->count * sizeof *items);
    }
    to->count += from->count;
    to->err = to->err ? to->err : from->err;
    from->count = 0;
}

static bool has_events(const struct mqt_refresh *refresh)
{
    bool any =
        refresh->resync || refresh->catalog_changed || refresh->tickets.reload || refresh->tickets.events.count > 0;
    for (size_t i = 0; i < refresh->work_count; i++) {
        const struct work *work = &refresh->works[i];
        any = any || work->drop || (work->read && !work->same);
    }
    return any;
}

/* A rebuilding that is under way must hear of what was published meanwhile. */
static void note_compaction(struct mqt_refresh *refresh)
{
    if (refresh->catalog_changed) {
        mqt_compaction_drop(refresh->compaction, NULL);
    }
    for (size_t i = 0; i < refresh->work_count; i++) {
        const struct work *work = &refresh->works[i];
        if (work->whole || work->drop) {
            mqt_compaction_drop(refresh->compaction, work->layer->id);
        } else if (work->read) {
            mqt_compaction_note(refresh->compaction, work->layer->id, work->ids.items, work->ids.count);
        }
    }
}

enum mqt_err mqt_refresh_publish(struct mqt_refresh *refresh, const char *epoch, const char *cursor,
                                 struct mqt_event_list *events)
{
    enum mqt_err err = MQT_ERR_MEMORY;
    size_t count = 0;
    struct mqt_registry_change *changes = calloc(refresh->work_count + 1, sizeof *changes);
    if (!changes) {
        goto done;
    }
    for (size_t i = 0; i < refresh->work_count; i++) {
        struct work *work = &refresh->works[i];
        if (work->read || work->drop) {
            changes[count++] = (struct mqt_registry_change){.layer_id = work->layer->id,
                                                            .snapshot = work->read ? work->snapshot : NULL,
                                                            .whole = work->whole,
                                                            .same = work->same,
                                                            .boxes = work->boxes,
                                                            .box_count = work->box_count,
                                                            .ids = work->ids.items,
                                                            .id_count = work->ids.count,
                                                            .stats = work->stats,
                                                            .load_us = work->load_us};
            work->snapshot = work->read ? NULL : work->snapshot;
        }
    }
    if (refresh->tickets.heat) {
        err = mqt_ticket_news_apply(&refresh->tickets, mqt_registry_tickets(refresh->config.registry));
        if (err) {
            goto done;
        }
    }
    /* The stream's cursor moves with its events alone, so that it is always one to come back with. */
    mqt_registry_advance(refresh->config.registry, (int64_t)time(NULL));
    struct mqt_registry_update update = {.epoch = epoch,
                                         .cursor = has_events(refresh) ? cursor : NULL,
                                         .catalog =
                                             refresh->catalog_changed ? mqt_catalog_retain(refresh->catalog) : NULL,
                                         .changes = changes,
                                         .change_count = count,
                                         .heat = refresh->tickets.heat};
    refresh->tickets.heat = NULL;
    err = mqt_registry_publish(refresh->config.registry, &update);
    count = 0; /* consumed */
    if (!err) {
        note_compaction(refresh);
        tell_changes(refresh, events);
        move_events(&refresh->tickets.events, events);
    }
done:
    for (size_t i = 0; changes && i < count; i++) {
        mqt_layer_release(changes[i].snapshot);
    }
    free(changes);
    mqt_refresh_discard(refresh);
    return err;
}

void mqt_refresh_tidy(struct mqt_refresh *refresh)
{
    mqt_registry_advance(refresh->config.registry, (int64_t)time(NULL));
    struct mqt_registry_view *view = mqt_registry_view(refresh->config.registry);
    for (size_t i = 0; i < view->layer_count; i++) {
        const struct mqt_registry_layer *layer = &view->layers[i];
        if (layer->snapshot && mqt_layer_wants_compaction(layer->snapshot)) {
            mqt_compaction_start(refresh->compaction, layer->catalog->id, layer->snapshot);
        }
    }
    mqt_registry_view_release(view);
}
