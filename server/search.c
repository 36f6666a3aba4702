#include "answers.h"

#include <string.h>
#include <strings.h>

/* Names and addresses of the layers in memory, searched for a part of them. */

#define MAX_DOC ((size_t)1 << 20)
#define MAX_RESULTS 100
#define MAX_COLUMNS 8

enum rank { RANK_WHOLE, RANK_START, RANK_INSIDE, RANK_NONE };

struct hit {
    enum rank rank;
    const struct mqt_registry_layer *layer;
    uint64_t id;
    size_t index;
    struct mqt_box box;
    struct mqt_point label;
};

struct search {
    const char *text;
    size_t text_len;
    size_t limit, count;
    struct hit hits[MAX_RESULTS]; /* best first */
    /* of the layer at hand */
    const struct mqt_registry_layer *layer;
    size_t column_count, columns[MAX_COLUMNS];
};

static bool is_searched(const struct mqt_catalog_column *column)
{
    static const char *const names[] = {"name", "code", "address", "number", "title", "estate", "manager", "ref"};
    for (size_t i = 0; column->type == MQT_TYPE_TEXT && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(column->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Latin letters match in either case; others have none. */
static enum rank rank_of(struct mqt_value value, const char *text, size_t len)
{
    if (!value.present || value.type != MQT_TYPE_TEXT || value.text.len < len) {
        return RANK_NONE;
    }
    for (size_t at = 0; at + len <= value.text.len; at++) {
        if (strncasecmp(value.text.bytes + at, text, len) == 0) {
            return at > 0 ? RANK_INSIDE : value.text.len == len ? RANK_WHOLE : RANK_START;
        }
    }
    return RANK_NONE;
}

/* Equal ranks stay in the order of finding: catalogue order, then the layer's own. */
static void keep(struct search *search, const struct hit *hit)
{
    size_t at = search->count;
    while (at > 0 && search->hits[at - 1].rank > hit->rank) {
        at--;
    }
    if (at >= search->limit) {
        return;
    }
    if (search->count < search->limit) {
        search->count++;
    }
    memmove(&search->hits[at + 1], &search->hits[at], (search->count - at - 1) * sizeof *hit);
    search->hits[at] = *hit;
}

static bool visit(void *user, const struct mqt_feature *feature)
{
    struct search *search = user;
    enum rank best = RANK_NONE;
    for (size_t i = 0; i < search->column_count; i++) {
        struct mqt_value value = mqt_layer_value(search->layer->snapshot, feature->index, search->columns[i]);
        enum rank rank = rank_of(value, search->text, search->text_len);
        best = rank < best ? rank : best;
    }
    if (best != RANK_NONE) {
        struct hit hit = {best, search->layer, feature->id, feature->index, feature->box, feature->label};
        keep(search, &hit);
    }
    return true;
}

static enum mqt_err search_layer(struct search *search, const struct mqt_registry_layer *layer)
{
    search->layer = layer;
    search->column_count = 0;
    for (size_t i = 0; i < layer->catalog->column_count && search->column_count < MAX_COLUMNS; i++) {
        if (is_searched(&layer->catalog->columns[i])) {
            search->columns[search->column_count++] = i;
        }
    }
    struct mqt_box const world = {0, 0, INT32_MAX, INT32_MAX};
    return search->column_count ? mqt_layer_visit(layer->snapshot, world, visit, search) : MQT_OK;
}

static struct mqt_value value_named(const struct hit *hit, const char *name)
{
    struct mqt_value none = {.present = false};
    int column = mqt_layer_column_index(hit->layer->snapshot, name);
    if (column < 0) {
        return none;
    }
    struct mqt_value value = mqt_layer_value(hit->layer->snapshot, hit->index, (size_t)column);
    return value.type == MQT_TYPE_TEXT && value.present && value.text.len > 0 ? value : none;
}

static void add_hit(struct mqt_buf *out, const struct hit *hit)
{
    const struct mqt_catalog_layer *catalog = hit->layer->catalog;
    struct mqt_value title = value_named(hit, "name");
    title = title.present ? title : value_named(hit, "title");
    title = title.present ? title : value_named(hit, "address");
    title = title.present ? title : value_named(hit, "code");
    struct mqt_value subtitle = value_named(hit, "address");
    double lon = 0;
    double lat = 0;
    mqt_grid_to_degrees(hit->label, &lon, &lat);
    mqt_buf_printf(out, "{\"layer\":\"%s\",\"id\":%llu,\"title\":", catalog->id, (unsigned long long)hit->id);
    mqt_add_json_string(out, title.present ? title.text.bytes : "", title.present ? title.text.len : 0);
    mqt_buf_add_str(out, ",\"subtitle\":");
    mqt_add_json_string(out, subtitle.present ? subtitle.text.bytes : catalog->title_zh,
                        subtitle.present ? subtitle.text.len : strlen(catalog->title_zh));
    mqt_buf_printf(out, ",\"lon\":%.7f,\"lat\":%.7f,\"bbox\":", lon, lat);
    mqt_add_json_box(out, hit->box);
    mqt_buf_add_byte(out, '}');
}

enum mqt_err mqt_answer_search(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    struct search search = {.text = exchange->request.text,
                            .text_len = strlen(exchange->request.text),
                            .limit = (size_t)exchange->request.limit};
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = view->catalog ? MQT_OK : mqt_fail(detail, MQT_ERR_BUSY, "the layers are being loaded");
    for (size_t i = 0; !err && i < view->layer_count; i++) {
        err = view->layers[i].snapshot ? search_layer(&search, &view->layers[i]) : MQT_OK;
    }
    if (!err) {
        mqt_buf_add_str(&out, "{\"results\":[");
        for (size_t i = 0; i < search.count; i++) {
            mqt_buf_add_str(&out, i ? ",\n" : "");
            add_hit(&out, &search.hits[i]);
        }
        mqt_buf_add_str(&out, "]}\n");
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_registry_view_release(view);
    return err;
}
