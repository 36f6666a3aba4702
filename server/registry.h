/* The district as the server holds it now: catalogue, layer snapshots, heat, tickets.
 *
 * A view is the whole district at one moment: immutable and reference-counted (atomic). A request
 * takes one view, answers from it alone and releases it; what it borrows lives as long as the view.
 * mqt_registry_view locks for a pointer load and a retain, never for I/O. One thread writes (see
 * live.h). Versions only grow; the first one is given at birth (Unix milliseconds), so that they grow
 * over restarts too. Pure memory: no database, no clock. Boxes are world units, times Unix us.
 */
#ifndef MQT_REGISTRY_H
#define MQT_REGISTRY_H

#include "../schema/catalog.h"
#include "../schema/feature.h"
#include "../tiles/heat.h"
#include "area_tickets.h"
#include "version.h"

struct mqt_registry;

struct mqt_registry_layer {
    const struct mqt_catalog_layer *catalog;
    struct mqt_layer *snapshot;     /* NULL: not resident, or it could not be loaded */
    uint64_t version;               /* of the newest change; 0 when there is no snapshot */
    struct mqt_feature_stats stats; /* of the last whole load */
    int64_t load_us;                /* how long that took */
    struct mqt_versions *touched;   /* see mqt_registry_tile_version */
    size_t touched_count;
};

struct mqt_registry_view {
    const char *epoch;           /* feed epoch; "" before the first load */
    const char *cursor;          /* id of the live event stream at this moment; "" before the first load */
    struct mqt_catalog *catalog; /* NULL before the first load */
    uint64_t catalog_version;
    size_t layer_count;
    const struct mqt_registry_layer *layers; /* in catalogue order: draw_order, id */
    struct mqt_heat *heat;                   /* NULL before the first load */
    uint64_t heat_version;                   /* changes with every ticket */
    struct mqt_areas *areas;                 /* of these layers; NULL before the first load */
    struct mqt_area_tickets *area_tickets;   /* of these areas; the writer keeps them current */
};

struct mqt_registry_status {
    bool ready; /* the first load is complete */
    bool database_up;
    int64_t data_as_of_us; /* all that was committed before is in the current view; 0: never read */
    char cause[128];       /* plain words when the database is away, else "" */
};

enum mqt_err mqt_registry_new(uint64_t first_version, struct mqt_registry **registry) MQT_MUST_USE;
void mqt_registry_free(struct mqt_registry *registry); /* after the writer stopped and all views were released */

/* For readers: any thread. */

/* Never NULL; release it. */
struct mqt_registry_view *mqt_registry_view(struct mqt_registry *registry);
void mqt_registry_view_release(struct mqt_registry_view *view); /* NULL is allowed */
/* NULL when the catalogue has no such layer. Its snapshot may still be NULL. */
const struct mqt_registry_layer *mqt_registry_find(const struct mqt_registry_view *view, const char *layer_id);

/* A number that differs from an earlier one exactly when a change since then touched the tile grown
 * by margin/256 of its side. 4 is what a vector tile shows (MQT_MVT_BUFFER); a raster tile also shows
 * labels of its neighbours: pass 256. 0 when the layer has no snapshot. */
uint64_t mqt_registry_tile_version(const struct mqt_registry_layer *layer, struct mqt_tile tile, int margin_256ths);

void mqt_registry_status(struct mqt_registry *registry, struct mqt_registry_status *status);
/* Lives as long as the registry. Counts and code tables; a view's heat uses the same codes. */
struct mqt_tickets *mqt_registry_tickets(struct mqt_registry *registry);

/* For the writer: one thread. */

/* What counts back from now counts back from now_s (Unix seconds) from here on. */
void mqt_registry_advance(struct mqt_registry *registry, int64_t now_s);

struct mqt_registry_change {
    const char *layer_id;
    struct mqt_layer *snapshot;  /* consumed; NULL: the layer has no snapshot any more */
    bool whole;                  /* every tile may differ; else only those that boxes touch */
    bool same;                   /* the same features in another arrangement: versions stay */
    const struct mqt_box *boxes; /* old and new boxes of what changed */
    size_t box_count;
    const uint64_t *ids; /* unless whole: the features that changed */
    size_t id_count;
    struct mqt_feature_stats stats; /* for whole */
    int64_t load_us;                /* for whole */
};

struct mqt_registry_update {
    const char *epoch, *cursor;  /* NULL: unchanged */
    struct mqt_catalog *catalog; /* consumed; NULL: unchanged. Layers are matched by id and keep what they hold */
    struct mqt_registry_change *changes;
    size_t change_count;
    struct mqt_heat *heat; /* consumed; NULL: unchanged */
};

/* All of the update becomes visible at once, in one new view. On failure the current view stays and
 * what the update carried is released all the same. */
enum mqt_err mqt_registry_publish(struct mqt_registry *registry, struct mqt_registry_update *update) MQT_MUST_USE;

/* cause: plain words, ignored when up. */
void mqt_registry_set_database(struct mqt_registry *registry, bool up, const char *cause);
void mqt_registry_set_as_of(struct mqt_registry *registry, int64_t data_as_of_us);

#endif
