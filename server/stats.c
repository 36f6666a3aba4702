#include "answers.h"

#include "area_doc.h"

#include <assert.h>
#include <time.h>

/* Figures from what is in memory. */

#define MAX_DOC ((size_t)65536)
#define MAX_TICKETS ((size_t)MQT_RECENT_SHOWN * 16384)

enum mqt_err mqt_answer_stats_building(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    uint64_t id = (uint64_t)exchange->request.id;
    const struct mqt_registry_layer *buildings = mqt_registry_find(view, "building");
    struct mqt_feature building;
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = MQT_OK;
    if (!buildings || !buildings->snapshot) {
        err = mqt_fail(detail, MQT_ERR_BUSY, "the buildings are being loaded");
    } else if (!mqt_layer_find(buildings->snapshot, id, &building)) {
        err = mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "id", "there is no building %llu", (unsigned long long)id);
    } else {
        struct mqt_ticket_counts counts =
            mqt_tickets_of_building(mqt_registry_tickets(app->registry), id, (int64_t)time(NULL));
        struct mqt_area_spot spot = {MQT_AREAS_NONE, MQT_AREAS_NONE};
        bool known = mqt_areas_of_building(view->areas, id, &spot);
        assert(known); /* the tree is of the view's own buildings */
        (void)known;
        mqt_buf_printf(&out, "{\"building_id\":%llu,\"open_tickets\":%llu,\"tickets_30d\":%llu,\"tickets_total\":%llu,",
                       (unsigned long long)id, (unsigned long long)counts.open, (unsigned long long)counts.last_30d,
                       (unsigned long long)counts.total);
        mqt_add_json_spot(&out, view->areas, spot);
        mqt_buf_add_str(&out, "}\n");
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}

enum mqt_err mqt_answer_stats_tickets(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    if (!exchange->status.ready) {
        return mqt_fail(detail, MQT_ERR_BUSY, "the tickets are being loaded");
    }
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_TICKETS);
    mqt_buf_add_str(&out, "{\"tickets\":");
    mqt_recent_write(mqt_tickets_recent(mqt_registry_tickets(app->registry)), (size_t)exchange->request.limit, &out);
    mqt_buf_add_str(&out, "}\n");
    enum mqt_err err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    mqt_buf_clear(&out);
    return err;
}

enum { SUM_DWELLINGS, SUM_HOUSEHOLDS, SUM_PERSONS, SUM_COUNT };
static const char *const sum_columns[SUM_COUNT] = {"dwelling_count", "household_count", "person_count"};

struct sums {
    const struct mqt_layer *layer;
    int columns[SUM_COUNT];
    int64_t totals[SUM_COUNT];
};

static bool add_up(void *user, const struct mqt_feature *feature)
{
    struct sums *sums = user;
    for (int i = 0; i < SUM_COUNT; i++) {
        if (sums->columns[i] >= 0) {
            struct mqt_value value = mqt_layer_value(sums->layer, feature->index, (size_t)sums->columns[i]);
            sums->totals[i] += value.present && value.type == MQT_TYPE_INT ? value.integer : 0;
        }
    }
    return true;
}

static enum mqt_err sum_buildings(const struct mqt_layer *layer, struct sums *sums)
{
    sums->layer = layer;
    for (int i = 0; i < SUM_COUNT; i++) {
        sums->columns[i] = mqt_layer_column_index(layer, sum_columns[i]);
    }
    struct mqt_box const world = {0, 0, INT32_MAX, INT32_MAX};
    return mqt_layer_visit(layer, world, add_up, sums);
}

/* People are the sum of what is public: buildings below the threshold show no number. */
enum mqt_err mqt_answer_stats_summary(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    const struct mqt_registry_layer *buildings = mqt_registry_find(view, "building");
    struct mqt_ticket_counts tickets = mqt_tickets_all(mqt_registry_tickets(app->registry), (int64_t)time(NULL));
    struct sums sums = {0};
    size_t count = 0;
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = view->catalog ? MQT_OK : mqt_fail(detail, MQT_ERR_BUSY, "the layers are being loaded");
    if (!err && buildings && buildings->snapshot) {
        count = mqt_layer_count(buildings->snapshot);
        err = sum_buildings(buildings->snapshot, &sums);
    }
    if (!err) {
        mqt_buf_printf(&out,
                       "{\"tickets_open\":%llu,\"tickets_30d\":%llu,\"tickets_total\":%llu,\"buildings\":%zu,"
                       "\"dwellings\":%lld,\"households\":%lld,\"persons\":%lld,\"data_as_of\":",
                       (unsigned long long)tickets.open, (unsigned long long)tickets.last_30d,
                       (unsigned long long)tickets.total, count, (long long)sums.totals[SUM_DWELLINGS],
                       (long long)sums.totals[SUM_HOUSEHOLDS], (long long)sums.totals[SUM_PERSONS]);
        mqt_add_json_time(&out, exchange->status.data_as_of_us);
        mqt_buf_add_str(&out, "}\n");
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}
