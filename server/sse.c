#include "sse.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_EVENT ((size_t)1 << 20)
#define LEAST_RECONNECT_MS 1000
#define MOST_RECONNECT_MS 5000

struct mqt_sse {
    struct mqt_live_subscription *subscription;
    struct mqt_buf text; /* one event, or what is left of it */
    size_t sent;
};

/* Each client gets another time, so that those of one server do not come back in one moment. */
static int reconnect_ms(void)
{
    uint32_t chance = 0;
    if (getentropy(&chance, sizeof chance) != 0) {
        chance = 0;
    }
    return LEAST_RECONNECT_MS + (int)(chance % (MOST_RECONNECT_MS - LEAST_RECONNECT_MS + 1));
}

enum mqt_err mqt_sse_open(struct mqt_live *live, const struct mqt_request *request, const char *last_event_id,
                          void (*wake)(void *user), void *user, struct mqt_sse **sse, struct mqt_detail *detail)
{
    const char *layers[MQT_ROUTE_MAX_LAYERS];
    struct mqt_live_filter filter = {.layer_count = request->layer_count, .layers = layers};
    for (size_t i = 0; i < request->layer_count; i++) {
        layers[i] = request->layers[i];
    }
    if (request->has_bbox) {
        /* Beyond the Web Mercator square there is nothing to watch. */
        const struct mqt_degree_box *box = &request->bbox;
        double north = box->north < MQT_MAX_LATITUDE_DEG ? box->north : MQT_MAX_LATITUDE_DEG;
        double south = box->south > -MQT_MAX_LATITUDE_DEG ? box->south : -MQT_MAX_LATITUDE_DEG;
        struct mqt_point north_west;
        struct mqt_point south_east;
        if (!mqt_grid_from_degrees(box->west, north, &north_west) ||
            !mqt_grid_from_degrees(box->east, south, &south_east) || north < south) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, "bbox", "bbox lies outside the map");
        }
        filter.has_box = true;
        filter.box = (struct mqt_box){north_west.x, north_west.y, south_east.x, south_east.y};
    }
    struct mqt_sse *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for another stream");
    }
    mqt_buf_init(&fresh->text, MAX_EVENT);
    mqt_buf_printf(&fresh->text, "retry: %d\n\n", reconnect_ms());
    enum mqt_err err = mqt_buf_err(&fresh->text);
    if (!err) {
        err = mqt_live_subscribe(live, last_event_id, &filter, wake, user, &fresh->subscription);
    }
    if (err) {
        mqt_sse_close(fresh);
        return mqt_fail(detail, MQT_ERR_BUSY, "there are too many event streams");
    }
    *sse = fresh;
    return MQT_OK;
}

void mqt_sse_close(struct mqt_sse *sse)
{
    if (sse) {
        mqt_live_unsubscribe(sse->subscription);
        mqt_buf_clear(&sse->text);
        free(sse);
    }
}

/* Puts the next event into the empty text; false when there is none. */
static bool fetch(struct mqt_sse *sse)
{
    struct mqt_live_event event;
    if (!mqt_live_next(sse->subscription, &event)) {
        return false;
    }
    mqt_buf_printf(&sse->text, "id: %s\nevent: %s\ndata: ", event.id, event.name);
    mqt_buf_add(&sse->text, event.data, event.len);
    mqt_buf_add_str(&sse->text, "\n\n");
    mqt_live_event_clear(&event);
    return true;
}

enum mqt_err mqt_sse_read(struct mqt_sse *sse, char *out, size_t room, size_t *len)
{
    size_t used = 0;
    while (used < room) {
        if (sse->sent == sse->text.len) {
            mqt_buf_reset(&sse->text);
            sse->sent = 0;
            if (!fetch(sse)) {
                break;
            }
            if (mqt_buf_err(&sse->text)) {
                return mqt_buf_err(&sse->text);
            }
        }
        size_t left = sse->text.len - sse->sent;
        size_t part = left < room - used ? left : room - used;
        memcpy(out + used, sse->text.data + sse->sent, part);
        sse->sent += part;
        used += part;
    }
    *len = used;
    return MQT_OK;
}
