#include "area_doc.h"

#include "answers.h"
#include "buildings.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The tree of areas as it is walked from the top down to a building. All is in memory. */

#define MAX_DOC ((size_t)64 << 20) /* a flat list of 100,000 areas */
#define MANY_AREAS 1000            /* so many take some milliseconds: not for an event loop */

struct doc {
    struct mqt_buf out;
    const struct mqt_areas *areas;
    const struct mqt_area_tickets *counts;
    struct mqt_tickets *tickets;
    int64_t now_s;
};

static void add_text(struct mqt_buf *out, const char *name, struct mqt_area_text text)
{
    mqt_buf_printf(out, ",\"%s\":", name);
    if (text.bytes) {
        mqt_add_json_string(out, text.bytes, text.len);
    } else {
        mqt_buf_add_str(out, "null");
    }
}

static void add_place(struct mqt_buf *out, struct mqt_point point)
{
    double lon = 0;
    double lat = 0;
    mqt_grid_to_degrees(point, &lon, &lat);
    mqt_buf_printf(out, ",\"lon\":%.7f,\"lat\":%.7f", lon, lat);
}

static void add_name(struct mqt_buf *out, const struct mqt_area *area)
{
    mqt_buf_printf(out, "\"id\":%llu,\"level\":\"%s\"", (unsigned long long)area->id, mqt_area_level_name(area->level));
    add_text(out, "code", area->code);
    add_text(out, "name", area->name);
}

static void add_path(struct mqt_buf *out, const struct mqt_areas *areas, uint32_t number)
{
    const struct mqt_area *chain[MQT_AREA_LEVEL_COUNT];
    size_t count = 0;
    for (; number != MQT_AREAS_WHOLE && number != MQT_AREAS_NONE; number = chain[count++]->parent) {
        chain[count] = mqt_areas_at(areas, number);
    }
    mqt_buf_add_str(out, "\"path\":[");
    for (size_t i = count; i > 0; i--) {
        mqt_buf_add_str(out, i < count ? ",{" : "{");
        add_name(out, chain[i - 1]);
        mqt_buf_add_byte(out, '}');
    }
    mqt_buf_add_byte(out, ']');
}

void mqt_add_json_spot(struct mqt_buf *out, const struct mqt_areas *areas, struct mqt_area_spot spot)
{
    add_path(out, areas, spot.area);
    mqt_buf_add_str(out, ",\"estate\":");
    if (spot.estate == MQT_AREAS_NONE) {
        mqt_buf_add_str(out, "null");
    } else {
        mqt_buf_add_byte(out, '{');
        add_name(out, mqt_areas_at(areas, spot.estate));
        mqt_buf_add_byte(out, '}');
    }
}

/* People are the sum of what the buildings show, so that no figure tells more than they do, however
 * areas overlap. What is known where none of them shows any is that they are fewer than so many. */
static void add_people(struct mqt_buf *out, const struct mqt_area_sums *sums)
{
    if (sums->persons == 0 && sums->withheld > 0) {
        mqt_buf_printf(out, ",\"persons\":null,\"person_band\":\"<%llu\"", (unsigned long long)sums->below);
    } else {
        mqt_buf_printf(out, ",\"persons\":%llu,\"person_band\":null", (unsigned long long)sums->persons);
    }
    mqt_buf_printf(out, ",\"buildings_withheld\":%llu", (unsigned long long)sums->withheld);
}

static void add_figures(struct mqt_buf *out, const struct mqt_area_sums *sums, struct mqt_ticket_counts tickets)
{
    mqt_buf_printf(out, ",\"figures\":{\"buildings\":%llu,\"dwellings\":%llu,\"households\":%llu",
                   (unsigned long long)sums->buildings, (unsigned long long)sums->dwellings,
                   (unsigned long long)sums->households);
    add_people(out, sums);
    mqt_buf_printf(out, ",\"tickets_open\":%llu,\"tickets_30d\":%llu,\"tickets_total\":%llu}",
                   (unsigned long long)tickets.open, (unsigned long long)tickets.last_30d,
                   (unsigned long long)tickets.total);
}

/* AREA without its closing brace. */
static void open_area(struct doc *doc, uint32_t number)
{
    const struct mqt_area *area = mqt_areas_at(doc->areas, number);
    struct mqt_buf *out = &doc->out;
    mqt_buf_add_byte(out, '{');
    add_name(out, area);
    add_text(out, "manager", area->manager);
    mqt_buf_add_str(out, ",\"bbox\":");
    mqt_add_json_box(out, area->box);
    add_place(out, area->label);
    add_figures(out, &area->all, mqt_area_tickets_all(doc->counts, number));
}

static void add_areas(struct doc *doc, const char *name, uint32_t parent, size_t first, size_t count)
{
    mqt_buf_printf(&doc->out, "\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        mqt_buf_add_str(&doc->out, i ? ",\n" : "");
        open_area(doc, mqt_areas_kin(doc->areas, parent, first + i));
        mqt_buf_add_byte(&doc->out, '}');
    }
    mqt_buf_add_byte(&doc->out, ']');
}

static void add_value(struct mqt_buf *out, const struct mqt_layer *layer, size_t index, const char *name)
{
    int column = mqt_layer_column_index(layer, name);
    struct mqt_value value = {.present = false};
    if (column >= 0) {
        value = mqt_layer_value(layer, index, (size_t)column);
    }
    mqt_buf_printf(out, ",\"%s\":", name);
    if (value.present && value.type == MQT_TYPE_TEXT) {
        mqt_add_json_string(out, value.text.bytes, value.text.len);
    } else if (value.present && value.type == MQT_TYPE_INT) {
        mqt_buf_printf(out, "%lld", (long long)value.integer);
    } else {
        mqt_buf_add_str(out, "null");
    }
}

static void add_building(struct doc *doc, const struct mqt_layer *layer, uint32_t index)
{
    static const char *const columns[] = {"name", "number", "estate", "use", "floors_above", "dwelling_count"};
    struct mqt_feature building = mqt_layer_at(layer, index);
    struct mqt_ticket_counts tickets = mqt_tickets_of_building(doc->tickets, building.id, doc->now_s);
    mqt_buf_printf(&doc->out, "{\"id\":%llu", (unsigned long long)building.id);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        add_value(&doc->out, layer, index, columns[i]);
    }
    mqt_buf_printf(&doc->out, ",\"open_tickets\":%llu", (unsigned long long)tickets.open);
    add_place(&doc->out, building.label);
    mqt_buf_add_byte(&doc->out, '}');
}

/* The area's own buildings, "buildings":[…],"buildings_total":n */
static enum mqt_err add_buildings(struct doc *doc, uint32_t number)
{
    const struct mqt_layer *layer = mqt_areas_buildings(doc->areas);
    size_t total = mqt_areas_at(doc->areas, number)->own_count;
    size_t shown = total < MQT_BUILDINGS_SHOWN ? total : MQT_BUILDINGS_SHOWN;
    size_t count = total > MQT_BUILDINGS_SORTED ? shown : total;
    uint32_t *indices = malloc((count + 1) * sizeof *indices);
    if (!indices) {
        return MQT_ERR_MEMORY;
    }
    enum mqt_err err = MQT_OK;
    if (count > 0) {
        memcpy(indices, mqt_areas_own(doc->areas, number), count * sizeof *indices);
        err = mqt_buildings_order(layer, indices, count);
    }
    mqt_buf_add_str(&doc->out, "\"buildings\":[");
    for (size_t i = 0; !err && i < shown; i++) {
        mqt_buf_add_str(&doc->out, i ? ",\n" : "");
        add_building(doc, layer, indices[i]);
    }
    mqt_buf_printf(&doc->out, "],\"buildings_total\":%zu", total);
    free(indices);
    return err;
}

/* What lies in the area but in none of its children must not be lost. */
static enum mqt_err add_rest(struct doc *doc, uint32_t number)
{
    const struct mqt_area *area = mqt_areas_at(doc->areas, number);
    struct mqt_ticket_counts tickets = mqt_area_tickets_own(doc->counts, number);
    enum mqt_err err = MQT_OK;
    mqt_buf_add_str(&doc->out, ",\"rest\":");
    if (area->own_count == 0 && tickets.total == 0) {
        mqt_buf_add_str(&doc->out, "null");
    } else {
        mqt_buf_add_str(&doc->out, "{\"name\":\"无\"");
        add_figures(&doc->out, &area->own, tickets);
        mqt_buf_add_byte(&doc->out, ',');
        err = add_buildings(doc, number);
        mqt_buf_add_byte(&doc->out, '}');
    }
    return err;
}

/* "child_level", "children", "estates"; buildings at the bottom, the rest elsewhere. */
static enum mqt_err add_inside(struct doc *doc, uint32_t number)
{
    const struct mqt_area *area = mqt_areas_at(doc->areas, number);
    if (area->child_count > 0) {
        const struct mqt_area *child = mqt_areas_at(doc->areas, mqt_areas_kin(doc->areas, number, 0));
        mqt_buf_printf(&doc->out, ",\"child_level\":\"%s\",", mqt_area_level_name(child->level));
    } else {
        mqt_buf_add_str(&doc->out, ",\"child_level\":null,");
    }
    add_areas(doc, "children", number, 0, area->child_count);
    mqt_buf_add_byte(&doc->out, ',');
    add_areas(doc, "estates", number, area->child_count, area->estate_count);
    if (area->child_count > 0 || number == MQT_AREAS_WHOLE) {
        return add_rest(doc, number);
    }
    mqt_buf_add_byte(&doc->out, ',');
    return add_buildings(doc, number);
}

static enum mqt_err write_whole(struct doc *doc)
{
    const struct mqt_area *whole = mqt_areas_at(doc->areas, MQT_AREAS_WHOLE);
    mqt_buf_add_str(&doc->out, "{\"bbox\":");
    mqt_add_json_box(&doc->out, whole->box);
    add_figures(&doc->out, &whole->all, mqt_area_tickets_all(doc->counts, MQT_AREAS_WHOLE));
    enum mqt_err err = add_inside(doc, MQT_AREAS_WHOLE);
    mqt_buf_add_str(&doc->out, "}\n");
    return err;
}

static enum mqt_err write_area(struct doc *doc, uint32_t number)
{
    open_area(doc, number);
    mqt_buf_add_byte(&doc->out, ',');
    add_path(&doc->out, doc->areas, mqt_areas_at(doc->areas, number)->parent);
    enum mqt_err err = add_inside(doc, number);
    mqt_buf_add_str(&doc->out, "}\n");
    return err;
}

static enum mqt_err write_spot(struct doc *doc, double lon_deg, double lat_deg)
{
    struct mqt_point point;
    struct mqt_area_spot spot = {MQT_AREAS_NONE, MQT_AREAS_NONE};
    enum mqt_err err = MQT_OK;
    if (mqt_grid_from_degrees(lon_deg, lat_deg, &point)) {
        err = mqt_areas_locate(doc->areas, point, &spot);
    }
    mqt_buf_add_byte(&doc->out, '{');
    mqt_add_json_spot(&doc->out, doc->areas, spot);
    mqt_buf_add_str(&doc->out, "}\n");
    return err;
}

static enum mqt_err write_doc(struct doc *doc, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    const struct mqt_request *request = &exchange->request;
    if (request->has_place) {
        return write_spot(doc, request->lon_deg, request->lat_deg);
    }
    uint32_t number = MQT_AREAS_WHOLE;
    if (request->route == MQT_ROUTE_AREA) {
        number = mqt_areas_find(doc->areas, (uint64_t)request->id);
    }
    if (number == MQT_AREAS_NONE) {
        return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "id", "there is no area %lld", (long long)request->id);
    }
    const struct mqt_area *area = mqt_areas_at(doc->areas, number);
    exchange->postponed = exchange->quick && area->child_count + area->estate_count > MANY_AREAS;
    if (exchange->postponed) {
        return MQT_OK;
    }
    return number == MQT_AREAS_WHOLE ? write_whole(doc) : write_area(doc, number);
}

enum mqt_err mqt_answer_areas(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    struct doc doc = {.areas = view->areas,
                      .counts = view->area_tickets,
                      .tickets = mqt_registry_tickets(app->registry),
                      .now_s = (int64_t)time(NULL)};
    mqt_buf_init(&doc.out, MAX_DOC);
    enum mqt_err err = view->areas ? MQT_OK : mqt_fail(detail, MQT_ERR_BUSY, "the areas are being loaded");
    if (!err) {
        err = write_doc(&doc, exchange, detail);
    }
    if (!err && !exchange->postponed) {
        err = mqt_respond_bytes(exchange, "application/json", &doc.out, detail);
    }
    mqt_buf_clear(&doc.out);
    mqt_registry_view_release(view);
    return err;
}
