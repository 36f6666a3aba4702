#include "registry.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view {
    struct mqt_registry_view open; /* first: readers hold a pointer to it */
    atomic_size_t references;
    char *epoch, *cursor;
    struct mqt_registry_layer layers[];
};

struct mqt_registry {
    pthread_mutex_t lock; /* guards the view's pointer and the status */
    struct view *view;
    struct mqt_registry_status status;
    uint64_t next_version; /* writer only */
    struct mqt_tickets *tickets;
    int64_t now_s;     /* writer only */
    bool all_replaced; /* writer only: all tickets were, and areas have to be counted anew */
};

static void drop_layer(struct mqt_registry_layer *layer)
{
    mqt_layer_release(layer->snapshot);
    mqt_versions_release(layer->touched);
    *layer = (struct mqt_registry_layer){.catalog = layer->catalog};
}

void mqt_registry_view_release(struct mqt_registry_view *open)
{
    struct view *view = (struct view *)open;
    if (!view || atomic_fetch_sub_explicit(&view->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < view->open.layer_count; i++) {
        drop_layer(&view->layers[i]);
    }
    mqt_heat_release(view->open.heat);
    mqt_area_tickets_release(view->open.area_tickets);
    mqt_areas_release(view->open.areas);
    mqt_catalog_release(view->open.catalog);
    free(view->epoch);
    free(view->cursor);
    free(view);
}

static struct view *new_view(size_t layer_count, const char *epoch, const char *cursor)
{
    struct view *view = calloc(1, sizeof *view + layer_count * sizeof view->layers[0]);
    if (!view) {
        return NULL;
    }
    atomic_init(&view->references, 1);
    view->epoch = strdup(epoch);
    view->cursor = strdup(cursor);
    view->open.layers = view->layers;
    if (!view->epoch || !view->cursor) {
        mqt_registry_view_release(&view->open);
        return NULL;
    }
    view->open.epoch = view->epoch;
    view->open.cursor = view->cursor;
    return view;
}

/* A ticket that comes or goes is counted in the areas of the current view at once. */
static void watch_tickets(void *user, const struct mqt_ticket *old, const struct mqt_ticket *row)
{
    struct mqt_registry *registry = user;
    struct mqt_area_tickets *counts = registry->view->open.area_tickets;
    registry->all_replaced = registry->all_replaced || (!old && !row);
    if (counts && old) {
        mqt_area_tickets_remove(counts, old);
    }
    if (counts && row) {
        mqt_area_tickets_add(counts, row);
    }
}

void mqt_registry_advance(struct mqt_registry *registry, int64_t now_s)
{
    registry->now_s = now_s;
    if (registry->view->open.area_tickets) {
        mqt_area_tickets_advance(registry->view->open.area_tickets, registry->tickets, now_s);
    }
}

enum mqt_err mqt_registry_new(uint64_t first_version, struct mqt_registry **out)
{
    struct mqt_registry *registry = calloc(1, sizeof *registry);
    if (!registry) {
        return MQT_ERR_MEMORY;
    }
    pthread_mutex_init(&registry->lock, NULL);
    registry->next_version = first_version > 0 ? first_version : 1;
    (void)snprintf(registry->status.cause, sizeof registry->status.cause, "not connected yet");
    registry->view = new_view(0, "", "");
    if (!registry->view || mqt_tickets_new(&registry->tickets)) {
        mqt_registry_free(registry);
        return MQT_ERR_MEMORY;
    }
    mqt_tickets_watch(registry->tickets, watch_tickets, registry);
    *out = registry;
    return MQT_OK;
}

void mqt_registry_free(struct mqt_registry *registry)
{
    if (registry) {
        mqt_registry_view_release(registry->view ? &registry->view->open : NULL);
        mqt_tickets_free(registry->tickets);
        pthread_mutex_destroy(&registry->lock);
        free(registry);
    }
}

struct mqt_registry_view *mqt_registry_view(struct mqt_registry *registry)
{
    pthread_mutex_lock(&registry->lock);
    struct view *view = registry->view;
    atomic_fetch_add_explicit(&view->references, 1, memory_order_relaxed);
    pthread_mutex_unlock(&registry->lock);
    return &view->open;
}

const struct mqt_registry_layer *mqt_registry_find(const struct mqt_registry_view *view, const char *layer_id)
{
    for (size_t i = 0; i < view->layer_count; i++) {
        if (strcmp(view->layers[i].catalog->id, layer_id) == 0) {
            return &view->layers[i];
        }
    }
    return NULL;
}

uint64_t mqt_registry_tile_version(const struct mqt_registry_layer *layer, struct mqt_tile tile, int margin_256ths)
{
    if (!layer->snapshot) {
        return 0;
    }
    return mqt_versions_of_box(layer->touched, layer->touched_count, mqt_tile_box(tile, margin_256ths));
}

void mqt_registry_status(struct mqt_registry *registry, struct mqt_registry_status *status)
{
    pthread_mutex_lock(&registry->lock);
    *status = registry->status;
    pthread_mutex_unlock(&registry->lock);
}

struct mqt_tickets *mqt_registry_tickets(struct mqt_registry *registry)
{
    return registry->tickets;
}

/* The layers of the catalogue, each with what it held before under the same id. */
static void carry_layers(struct view *fresh, struct mqt_catalog *catalog, const struct mqt_registry_view *old)
{
    fresh->open.catalog = catalog;
    fresh->open.layer_count = catalog ? mqt_catalog_count(catalog) : 0;
    for (size_t i = 0; i < fresh->open.layer_count; i++) {
        const struct mqt_catalog_layer *row = mqt_catalog_at(catalog, i);
        const struct mqt_registry_layer *held = mqt_registry_find(old, row->id);
        if (held) {
            fresh->layers[i] = *held;
            if (held->snapshot) {
                (void)mqt_layer_retain(held->snapshot);
                (void)mqt_versions_retain(held->touched);
            }
        }
        fresh->layers[i].catalog = row;
    }
}

static enum mqt_err apply_change(struct mqt_registry_layer *layer, struct mqt_registry_change *change, uint64_t version)
{
    if (!change->snapshot) {
        drop_layer(layer);
        return MQT_OK;
    }
    enum mqt_err err = MQT_OK;
    if (change->whole || !layer->snapshot) {
        struct mqt_versions *touched = NULL;
        err = mqt_versions_new(version, &touched);
        if (err) {
            return err;
        }
        mqt_versions_release(layer->touched);
        layer->touched = touched;
        layer->version = version;
        layer->stats = change->stats;
        layer->load_us = change->load_us;
    } else if (!change->same) {
        err = mqt_versions_append(&layer->touched, version, change->boxes, change->box_count);
        if (err) {
            return err;
        }
        layer->version = version;
    }
    layer->touched_count = mqt_versions_count(layer->touched);
    mqt_layer_release(layer->snapshot);
    layer->snapshot = change->snapshot;
    change->snapshot = NULL;
    return MQT_OK;
}

static enum mqt_err apply_all(struct view *fresh, struct mqt_registry_update *update, uint64_t version)
{
    for (size_t i = 0; i < update->change_count; i++) {
        struct mqt_registry_change *change = &update->changes[i];
        struct mqt_registry_layer *layer =
            (struct mqt_registry_layer *)mqt_registry_find(&fresh->open, change->layer_id);
        enum mqt_err err = layer ? apply_change(layer, change, version) : MQT_OK;
        if (err) {
            return err;
        }
    }
    return MQT_OK;
}

static struct mqt_layer *snapshot_of(const struct mqt_registry_view *view, const char *layer_id)
{
    const struct mqt_registry_layer *layer = mqt_registry_find(view, layer_id);
    return layer ? layer->snapshot : NULL;
}

/* Tickets by area for a view whose tree is new, or whose tickets all are. */
static enum mqt_err count_tickets(struct mqt_registry *registry, struct view *fresh,
                                  const struct mqt_registry_view *old, const struct mqt_registry_update *update)
{
    struct mqt_areas *areas = fresh->open.areas;
    if (registry->all_replaced || !old->areas || !mqt_areas_alike(old->areas, areas)) {
        return mqt_area_tickets_new(areas, registry->tickets, registry->now_s, &fresh->open.area_tickets);
    }
    static const uint64_t nothing[1] = {0};
    const uint64_t *ids = NULL;
    size_t id_count = 0;
    for (size_t i = 0; i < update->change_count; i++) {
        const struct mqt_registry_change *change = &update->changes[i];
        if (strcmp(change->layer_id, "building") == 0 && !change->whole) {
            ids = change->ids ? change->ids : nothing;
            id_count = change->id_count;
        }
    }
    return mqt_area_tickets_move(old->area_tickets, areas, registry->tickets, ids, id_count, &fresh->open.area_tickets);
}

/* The tree of the view's own layers: the old view's when it is of the same, else a new one. */
static enum mqt_err set_areas(struct mqt_registry *registry, struct view *fresh, const struct mqt_registry_view *old,
                              const struct mqt_registry_update *update)
{
    struct mqt_area_layers layers = {.buildings = snapshot_of(&fresh->open, "building")};
    for (int level = MQT_AREA_DISTRICT; level < MQT_AREA_LEVEL_COUNT; level++) {
        layers.levels[level] = snapshot_of(&fresh->open, mqt_area_level_name((enum mqt_area_level)level));
    }
    bool same = old->areas && mqt_areas_made_of(old->areas, &layers);
    if (same && !registry->all_replaced) {
        fresh->open.areas = mqt_areas_retain(old->areas);
        fresh->open.area_tickets = mqt_area_tickets_retain(old->area_tickets);
        return MQT_OK;
    }
    enum mqt_err err = MQT_OK;
    if (same) {
        fresh->open.areas = mqt_areas_retain(old->areas);
    } else {
        err = mqt_areas_new(&layers, &fresh->open.areas);
    }
    return err ? err : count_tickets(registry, fresh, old, update);
}

static void release_update(struct mqt_registry_update *update)
{
    for (size_t i = 0; i < update->change_count; i++) {
        mqt_layer_release(update->changes[i].snapshot);
        update->changes[i].snapshot = NULL;
    }
    mqt_catalog_release(update->catalog);
    mqt_heat_release(update->heat);
    update->catalog = NULL;
    update->heat = NULL;
}

enum mqt_err mqt_registry_publish(struct mqt_registry *registry, struct mqt_registry_update *update)
{
    struct view *old = registry->view; /* this thread alone replaces it */
    uint64_t version = registry->next_version;
    struct mqt_catalog *catalog = update->catalog ? update->catalog : old->open.catalog;
    struct view *fresh = new_view(catalog ? mqt_catalog_count(catalog) : 0, update->epoch ? update->epoch : old->epoch,
                                  update->cursor ? update->cursor : old->cursor);
    if (!fresh) {
        release_update(update);
        return MQT_ERR_MEMORY;
    }
    carry_layers(fresh, catalog ? mqt_catalog_retain(catalog) : NULL, &old->open);
    fresh->open.catalog_version = update->catalog ? version : old->open.catalog_version;
    fresh->open.heat_version = update->heat ? version : old->open.heat_version;
    fresh->open.heat = update->heat     ? mqt_heat_retain(update->heat)
                       : old->open.heat ? mqt_heat_retain(old->open.heat)
                                        : NULL;
    enum mqt_err err = apply_all(fresh, update, version);
    if (!err && catalog) {
        err = set_areas(registry, fresh, &old->open, update);
    }
    release_update(update);
    if (err) {
        mqt_registry_view_release(&fresh->open);
        return err;
    }
    registry->all_replaced = false;
    registry->next_version = version + 1;
    pthread_mutex_lock(&registry->lock);
    registry->view = fresh;
    registry->status.ready = registry->status.ready || fresh->open.heat != NULL;
    pthread_mutex_unlock(&registry->lock);
    mqt_registry_view_release(&old->open);
    return MQT_OK;
}

void mqt_registry_set_database(struct mqt_registry *registry, bool up, const char *cause)
{
    pthread_mutex_lock(&registry->lock);
    registry->status.database_up = up;
    (void)snprintf(registry->status.cause, sizeof registry->status.cause, "%s", up || !cause ? "" : cause);
    pthread_mutex_unlock(&registry->lock);
}

void mqt_registry_set_as_of(struct mqt_registry *registry, int64_t data_as_of_us)
{
    pthread_mutex_lock(&registry->lock);
    registry->status.data_as_of_us = data_as_of_us;
    pthread_mutex_unlock(&registry->lock);
}
