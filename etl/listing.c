#include "listing.h"

#include "calendar.h"
#include "crs.h"
#include "facility_kind.h"

#include "../tiles/buf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 4096, FILE_MAX_BYTES = 256 << 20 };

enum mqt_err mqt_listing_save(const char *dir, const char *name, const void *bytes, size_t len,
                              struct mqt_detail *detail)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        return mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
    }
    bool whole = fwrite(bytes, 1, len, file) == len;
    whole = fclose(file) == 0 && whole;
    return whole ? MQT_OK : mqt_fail(detail, MQT_ERR_IO, "%s: cannot be written", path);
}

/* One field; the separator before it unless it is the first. */
static void put(struct mqt_buf *out, bool first, const char *text)
{
    if (!first) {
        mqt_buf_add_byte(out, ',');
    }
    if (!strpbrk(text, ",\"\r\n")) {
        mqt_buf_add_str(out, text);
        return;
    }
    mqt_buf_add_byte(out, '"');
    for (; *text; ++text) {
        if (*text == '"') {
            mqt_buf_add_byte(out, '"');
        }
        mqt_buf_add_byte(out, (uint8_t)*text);
    }
    mqt_buf_add_byte(out, '"');
}

/* The two last fields of a row. */
static void put_place(struct mqt_buf *out, const double *lon_deg, const double *lat_deg)
{
    if (lon_deg) {
        mqt_buf_printf(out, ",%.6f,%.6f", *lon_deg, *lat_deg);
    } else {
        mqt_buf_add_str(out, ",,");
    }
}

static void put_time(struct mqt_buf *out, int64_t unix_s)
{
    if (unix_s == 0) {
        mqt_buf_add_byte(out, ',');
        return;
    }
    struct mqt_moment m = mqt_calendar_local(unix_s);
    mqt_buf_printf(out, ",%04d-%02d-%02d %02d:%02d:%02d", m.year, m.month, m.day, m.hour, m.minute, m.second);
}

static void count(json_t *counts, const char *key)
{
    json_int_t so_far = json_integer_value(json_object_get(counts, key));
    (void)json_object_set_new(counts, key, json_integer(so_far + 1));
}

static enum mqt_err save(struct mqt_buf *out, const char *dir, const char *name, enum mqt_err err,
                         struct mqt_detail *detail)
{
    if (err == MQT_OK) {
        err = mqt_buf_err(out);
        if (err != MQT_OK) {
            (void)mqt_fail(detail, err, "%s does not fit into memory", name);
        }
    }
    if (err == MQT_OK) {
        err = mqt_listing_save(dir, name, out->data, out->len, detail);
    }
    mqt_buf_clear(out);
    return err;
}

enum mqt_err mqt_listing_write_facilities(const struct mqt_town *town, const char *dir, const char *name, json_t *truth,
                                          struct mqt_detail *detail)
{
    struct mqt_buf out;
    struct mqt_crs *crs = NULL;
    json_t *kinds = json_object();
    enum mqt_err err = mqt_crs_new("EPSG:4548", &crs, detail);
    mqt_buf_init(&out, FILE_MAX_BYTES);
    mqt_buf_add_str(&out, "设施类型,名称,地址,联系电话,经度,纬度\r\n");
    for (size_t i = 0; err == MQT_OK && i < town->facilities.count; ++i) {
        const struct mqt_town_facility *facility = &town->facilities.at[i];
        double lon_deg = facility->spot.x_m;
        double lat_deg = facility->spot.y_m;
        err = mqt_crs_to_4490(crs, &lon_deg, &lat_deg, detail);
        if (err == MQT_OK) {
            mqt_crs_gcj02_from_wgs84(&lon_deg, &lat_deg);
            put(&out, true, facility->kind);
            put(&out, false, facility->name);
            put(&out, false, facility->address);
            put(&out, false, facility->phone);
            put_place(&out, &lon_deg, &lat_deg);
            mqt_buf_add_str(&out, "\r\n");
            const struct mqt_facility_kind *kind = mqt_facility_kind_find(facility->kind);
            count(kinds, kind ? kind->code : "other");
        }
    }
    mqt_crs_free(crs);
    json_t *facts = json_pack("{s:i,s:i,s:o}", "rows", (int)town->facilities.count, "header_rows", 1, "kinds", kinds);
    (void)json_object_set_new(truth, name, facts);
    return save(&out, dir, name, err, detail);
}

static enum mqt_err add_ticket(struct mqt_buf *out, const struct mqt_town_ticket *ticket, const struct mqt_crs *crs,
                               struct mqt_detail *detail)
{
    double lon_deg = ticket->spot.x_m;
    double lat_deg = ticket->spot.y_m;
    if (ticket->has_spot) {
        enum mqt_err err = mqt_crs_to_4490(crs, &lon_deg, &lat_deg, detail);
        if (err != MQT_OK) {
            return err;
        }
    }
    put(out, true, ticket->number);
    put_time(out, ticket->reported_s);
    put(out, false, ticket->channel);
    put(out, false, ticket->category);
    put(out, false, ticket->text);
    put(out, false, ticket->urgency);
    put(out, false, ticket->status);
    put_time(out, ticket->closed_s);
    put(out, false, ticket->address);
    put_place(out, ticket->has_spot ? &lon_deg : NULL, &lat_deg);
    mqt_buf_add_str(out, "\r\n");
    return MQT_OK;
}

enum mqt_err mqt_listing_write_tickets(const struct mqt_town *town, const char *dir, const char *name, json_t *truth,
                                       struct mqt_detail *detail)
{
    struct mqt_buf out;
    struct mqt_crs *crs = NULL;
    json_t *categories = json_object();
    json_t *channels = json_object();
    json_t *statuses = json_object();
    int open = 0;
    int without_place = 0;
    int without_address = 0;
    enum mqt_err err = mqt_crs_new("EPSG:4548", &crs, detail);
    mqt_buf_init(&out, FILE_MAX_BYTES);
    mqt_buf_add_str(&out, "\xef\xbb\xbf"
                          "工单编号,诉求时间,诉求渠道,诉求类别,诉求内容,紧急程度,状态,办结时间,地址,经度,纬度\r\n");
    for (size_t i = 0; err == MQT_OK && i < town->tickets.count; ++i) {
        const struct mqt_town_ticket *ticket = &town->tickets.at[i];
        err = add_ticket(&out, ticket, crs, detail);
        count(categories, ticket->category);
        count(channels, ticket->channel);
        count(statuses, ticket->status);
        open += ticket->closed_s == 0;
        without_place += !ticket->has_spot;
        without_address += *ticket->address == '\0';
    }
    mqt_crs_free(crs);
    json_t *facts = json_pack("{s:i,s:i,s:i,s:i,s:i,s:o,s:o,s:o}", "rows", (int)town->tickets.count, "header_rows", 1,
                              "not_closed", open, "without_place", without_place, "without_address", without_address,
                              "categories", categories, "channels", channels, "statuses", statuses);
    (void)json_object_set_new(truth, name, facts);
    return save(&out, dir, name, err, detail);
}
