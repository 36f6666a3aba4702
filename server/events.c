#include "events.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct mqt_box whole_world = {0, 0, INT32_MAX, INT32_MAX};

void mqt_event_list_clear(struct mqt_event_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].data);
    }
    free(list->items);
    *list = (struct mqt_event_list){0};
}

void mqt_time_iso(int64_t time_us, char text[MQT_TIME_BYTES])
{
    int64_t seconds = time_us / 1000000, rest_us = time_us % 1000000;
    if (rest_us < 0) {
        rest_us += 1000000;
        seconds--;
    }
    time_t clock = (time_t)seconds;
    struct tm parts;
    char day[24];
    if (!gmtime_r(&clock, &parts) || strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts) == 0) {
        day[0] = '\0'; /* a year of more than five digits */
    }
    (void)snprintf(text, MQT_TIME_BYTES, "%s.%03dZ", day, (int)(rest_us / 1000));
}

/* Consumes object. */
static void add(struct mqt_event_list *list, const char *name, const char *layer, struct mqt_box old_box,
                struct mqt_box new_box, json_t *object)
{
    char *data = object && !list->err ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;
    json_decref(object);
    if (data && list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        struct mqt_hub_event *items = realloc(list->items, capacity * sizeof *items);
        if (items) {
            list->items = items;
            list->capacity = capacity;
        } else {
            free(data);
            data = NULL;
        }
    }
    if (!data) {
        list->err = MQT_ERR_MEMORY;
        return;
    }
    struct mqt_hub_event *event = &list->items[list->count++];
    *event = (struct mqt_hub_event){.name = name, .data = data, .len = strlen(data), .boxes = {old_box, new_box}};
    (void)snprintf(event->layer, sizeof event->layer, "%s", layer);
}

static json_t *box_json(struct mqt_box box)
{
    if (mqt_box_is_empty(box)) {
        return json_null();
    }
    double west, south, east, north;
    mqt_grid_to_degrees((struct mqt_point){box.min_x, box.max_y}, &west, &south);
    mqt_grid_to_degrees((struct mqt_point){box.max_x, box.min_y}, &east, &north);
    return json_pack("[f,f,f,f]", west, south, east, north);
}

void mqt_event_change(struct mqt_event_list *list, const char *layer_id, uint64_t version, bool reload,
                      struct mqt_box box, const uint64_t *ids, size_t id_count)
{
    json_t *features = json_array();
    for (size_t i = 0; i < id_count && i < MQT_EVENT_MAX_IDS; i++) {
        json_array_append_new(features, json_integer((json_int_t)ids[i]));
    }
    json_t *object = json_pack("{s:s,s:I,s:b,s:o,s:o}", "layer", layer_id, "version", (json_int_t)version, "reload",
                               reload, "bbox", box_json(box), "features", features);
    /* Whoever looks at any part of the layer must load it anew. */
    add(list, "change", layer_id, reload ? whole_world : box, mqt_box_empty(), object);
}

static struct mqt_box point_box(const struct mqt_point *point)
{
    return point ? (struct mqt_box){point->x, point->y, point->x, point->y} : mqt_box_empty();
}

/* Cut before a character that does not fit: whoever files a ticket must not make an event that is
 * too large for the streams. */
static json_t *text_json(struct mqt_ticket_text text)
{
    size_t len = text.len;
    if (len > MQT_EVENT_MAX_TEXT) {
        len = MQT_EVENT_MAX_TEXT;
        while (len > 0 && ((unsigned char)text.bytes[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    return json_stringn(text.bytes, len);
}

void mqt_event_ticket(struct mqt_event_list *list, const struct mqt_ticket_row *row, const struct mqt_point *old_place)
{
    char reported[MQT_TIME_BYTES], closed[MQT_TIME_BYTES];
    mqt_time_iso(row->reported_us, reported);
    mqt_time_iso(row->closed_us, closed);
    json_t *object =
        json_pack("{s:s,s:I,s:o,s:o,s:o,s:o,s:i,s:s,s:s?,s:o,s:o,s:o}", "op", "upsert", "id", (json_int_t)row->id,
                  "number", text_json(row->number), "category", text_json(row->category), "channel",
                  text_json(row->channel), "status", text_json(row->status), "severity", (int)row->severity,
                  "reported_at", reported, "closed_at", row->is_closed ? closed : NULL, "building_id",
                  row->building_id ? json_integer((json_int_t)row->building_id) : json_null(), "lon",
                  row->placed ? json_real(row->lon_deg) : json_null(), "lat",
                  row->placed ? json_real(row->lat_deg) : json_null());
    add(list, "ticket", "ticket", point_box(old_place), point_box(row->placed ? &row->place : NULL), object);
}

void mqt_event_ticket_gone(struct mqt_event_list *list, uint64_t id, const struct mqt_point *old_place)
{
    add(list, "ticket", "ticket", point_box(old_place), mqt_box_empty(),
        json_pack("{s:s,s:I}", "op", "delete", "id", (json_int_t)id));
}

void mqt_event_catalog(struct mqt_event_list *list)
{
    add(list, "catalog", "", mqt_box_empty(), mqt_box_empty(), json_object());
}

void mqt_event_heartbeat(struct mqt_buf *json, const struct mqt_registry_status *status, int64_t now_us)
{
    char now[MQT_TIME_BYTES], as_of[MQT_TIME_BYTES];
    mqt_time_iso(now_us, now);
    mqt_time_iso(status->data_as_of_us, as_of);
    mqt_buf_printf(json, "{\"now\":\"%s\",\"database\":\"%s\",\"data_as_of\":", now,
                   status->database_up ? "up" : "down");
    if (status->data_as_of_us > 0) {
        mqt_buf_printf(json, "\"%s\"}", as_of);
    } else {
        mqt_buf_add_str(json, "null}");
    }
}
