#include "load_kind.h"

#include "check.h"
#include "norm.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RAW_CELL = 2000 };

void mqt_load_reject(struct mqt_reject *reject, const char *code, const char *field, const char *format, ...)
{
    char sentence[sizeof reject->reason];
    va_list arguments;

    /* The first reason counts. */
    if (reject->set) {
        return;
    }
    reject->set = true;
    reject->code = code;
    snprintf(reject->field, sizeof reject->field, "%s", field);
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    /* A value in the wrong column may be anybody's number. */
    mqt_mask_text(sentence, reject->reason, sizeof reject->reason);
    /* A cut inside a character would not be text any more. */
    for (size_t len = strlen(reject->reason); len > 0 && !mqt_norm_is_utf8(reject->reason, len); len--) {
        reject->reason[len - 1] = '\0';
    }
}

const char *mqt_load_field(const struct mqt_load *load, enum mqt_role role)
{
    size_t column = load->header.column_of[role];

    return column == SIZE_MAX ? "" : load->header.names[column];
}

const char *mqt_load_raw(const struct mqt_row *row, size_t column)
{
    return column < row->cell_count ? row->cells[column].text : NULL;
}

const char *mqt_load_text(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role)
{
    const char *raw = mqt_load_raw(row, load->header.column_of[role]);
    size_t len;
    char *text;

    if (raw == NULL) {
        return NULL;
    }
    len = strlen(raw);
    text = mqt_arena_alloc(&load->row_arena, len + 1);
    if (text == NULL || mqt_norm_text(raw, len, text, len + 1) == 0 || mqt_norm_is_absent(text)) {
        return NULL;
    }
    return text;
}

const char *mqt_load_number(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role, double min,
                            double max, bool whole, struct mqt_reject *reject)
{
    const char *text = mqt_load_text(load, row, role);
    double value;

    if (text == NULL) {
        return NULL;
    }
    if (!mqt_check_number(text, -1e15, 1e15, &value)) {
        mqt_load_reject(reject, "number-not-readable", mqt_load_field(load, role), "'%.40s' is not a number", text);
        return NULL;
    }
    if (value < min || value > max || (whole && fabs(value - nearbyint(value)) > 1e-6)) {
        mqt_load_reject(reject, "number-out-of-range", mqt_load_field(load, role), "%.40s is not %s %g to %g", text,
                        whole ? "a whole number from" : "within", min, max);
        return NULL;
    }
    return mqt_arena_printf(&load->row_arena, whole ? "%.0f" : "%.17g", value);
}

const char *mqt_load_time(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role,
                          struct mqt_reject *reject)
{
    const char *text = mqt_load_text(load, row, role);
    char written[MQT_TIME_BYTES];

    if (text == NULL) {
        return NULL;
    }
    if (!mqt_check_time(text, written)) {
        mqt_load_reject(reject, "time-not-readable", mqt_load_field(load, role), "'%.40s' is not a date or time", text);
        return NULL;
    }
    return mqt_arena_copy(&load->row_arena, written, strlen(written));
}

/* A walk over the coordinates of one shape. */
struct move {
    const struct mqt_crs *crs;
    bool refused, swapped; /* the coordinate at which the walk ended */
};

static enum mqt_err to_4490(void *user, double *x, double *y, struct mqt_detail *detail)
{
    struct move *move = user;
    enum mqt_err err = mqt_crs_to_4490(move->crs, x, y, detail);

    if (err == MQT_ERR_GEOMETRY) {
        move->refused = true;
        move->swapped = mqt_crs_looks_swapped(move->crs, *x, *y);
    }
    return err;
}

/* A figure for a coordinate, from degrees in any notation or from metres. */
static bool read_coordinate(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role, bool degrees,
                            double *value, struct mqt_reject *reject)
{
    const char *text = mqt_load_text(load, row, role);

    if (text == NULL) {
        mqt_load_reject(reject, "place-missing", mqt_load_field(load, role), "the row has no %s",
                        mqt_load_field(load, role));
        return false;
    }
    if (degrees ? !mqt_check_degrees(text, value) : !mqt_check_number(text, -1e9, 1e9, value)) {
        mqt_load_reject(reject, "place-not-readable", mqt_load_field(load, role), "'%.40s' is not a coordinate", text);
        return false;
    }
    return true;
}

/* Degrees that are none may be something else that surveyors write: it is proposed, never done. */
static void propose_reading(struct mqt_load *load, double x, double y, struct mqt_reject *reject)
{
    const char *field = mqt_load_field(load, MQT_ROLE_LON);
    int code = mqt_crs_guess(x, y), other_way = mqt_crs_guess(y, x);
    int deg[2], min[2];
    double sec[2];

    if (code > 4490 || other_way > 4490) {
        bool northing_first = code <= 4490;

        mqt_load_reject(reject, "place-in-metres", field,
                        "these are metres of zone %d, not degrees%s: put such rows into a file with the columns X and "
                        "Y and load it with --crs EPSG:%d",
                        (int)((northing_first ? y : x) / 1e6), northing_first ? ", northing first" : "",
                        northing_first ? other_way : code);
    } else if (mqt_check_packed_degrees(x, &deg[0], &min[0], &sec[0]) &&
               mqt_check_packed_degrees(y, &deg[1], &min[1], &sec[1])) {
        mqt_load_reject(reject, "place-packed-dms", field,
                        "the place looks like degrees, minutes and seconds run together: write %d°%d′%.2f″ and "
                        "%d°%d′%.2f″",
                        deg[0], min[0], sec[0], deg[1], min[1], sec[1]);
    }
}

static enum mqt_role northward_role(const struct mqt_load *load)
{
    return mqt_header_has(&load->header, MQT_ROLE_LON) ? MQT_ROLE_LAT : MQT_ROLE_NORTHING;
}

static bool point_of_columns(struct mqt_load *load, const struct mqt_row *row, uint8_t wkb[21],
                             struct mqt_reject *reject)
{
    bool degrees = mqt_header_has(&load->header, MQT_ROLE_LON);
    enum mqt_role x_role = degrees ? MQT_ROLE_LON : MQT_ROLE_EASTING, y_role = northward_role(load);
    double x, y;

    /* Without any place at all a row may still be wanted, such as a ticket. */
    if (!load->kind->shape_required && mqt_load_text(load, row, x_role) == NULL &&
        mqt_load_text(load, row, y_role) == NULL) {
        return false;
    }
    if (!read_coordinate(load, row, x_role, degrees, &x, reject) ||
        !read_coordinate(load, row, y_role, degrees, &y, reject)) {
        return false;
    }
    if (degrees && x == 0.0 && y == 0.0) {
        mqt_load_reject(reject, "place-zero", mqt_load_field(load, x_role), "longitude and latitude are both 0");
        return false;
    }
    if (degrees) {
        propose_reading(load, x, y, reject);
        if (reject->set) {
            return false;
        }
        load->warnings[MQT_WARNING_DMS] += mqt_check_has_minutes(mqt_load_text(load, row, x_role)) ||
                                           mqt_check_has_minutes(mqt_load_text(load, row, y_role));
    }
    mqt_wkb_point(x, y, wkb);
    return true;
}

static enum mqt_err transform_shape(struct mqt_load *load, uint8_t *wkb, size_t len, struct mqt_record *record,
                                    struct mqt_reject *reject)
{
    struct mqt_wkb_info info;
    struct mqt_detail detail = {0};
    struct move move = {.crs = load->crs};
    enum mqt_err err = mqt_wkb_walk(wkb, len, to_4490, &move, &info, &detail);

    if (err == MQT_ERR_GEOMETRY || err == MQT_ERR_FORMAT) {
        mqt_load_reject(reject,
                        move.swapped              ? "place-axes-swapped"
                        : move.refused            ? "place-outside-earth"
                        : err == MQT_ERR_GEOMETRY ? "shape-not-finite"
                                                  : "shape-damaged",
                        load->point_columns ? mqt_load_field(load, northward_role(load)) : "", "%s", detail.text);
        return MQT_OK;
    }
    if (err != MQT_OK) {
        return err;
    }
    if (info.points == 0) {
        mqt_load_reject(reject, "shape-empty", "", "the shape is empty");
        return MQT_OK;
    }
    if (load->dimension >= 0 && info.dimension != load->dimension && info.type != MQT_WKB_COLLECTION) {
        static const char *const names[] = {"a point", "a line", "a polygon"};

        mqt_load_reject(reject, "shape-wrong-type", "", "the shape is %s; %s is needed", names[info.dimension],
                        names[load->dimension]);
        return MQT_OK;
    }
    mqt_wkb_add_4490(&record->shape, wkb, len);
    record->has_shape = true;
    return mqt_buf_err(&record->shape);
}

enum mqt_err mqt_load_shape(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject)
{
    uint8_t point[21], *wkb = point;
    size_t len = sizeof point;

    if (load->crs != NULL && !load->point_columns && row->wkb != NULL) {
        wkb = mqt_arena_alloc(&load->row_arena, row->wkb_len);
        if (wkb == NULL) {
            return MQT_ERR_MEMORY;
        }
        memcpy(wkb, row->wkb, row->wkb_len);
        len = row->wkb_len;
    } else if (!load->point_columns || !point_of_columns(load, row, point, reject)) {
        if (load->kind->shape_required) {
            mqt_load_reject(reject, "shape-missing", "", "the row has no shape");
        }
        return MQT_OK;
    }
    return transform_shape(load, wkb, len, record, reject);
}

static bool stands_for_itself(char c)
{
    return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

static void add_json_text(struct mqt_buf *out, const char *text)
{
    mqt_buf_add_byte(out, '"');
    while (*text != '\0') {
        const char *from = text;

        while (stands_for_itself(*text)) {
            text++;
        }
        mqt_buf_add(out, from, (size_t)(text - from));
        if (*text == '"' || *text == '\\') {
            mqt_buf_add_byte(out, '\\');
            mqt_buf_add_byte(out, (uint8_t)*text++);
        } else if (*text != '\0') {
            mqt_buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*text++);
        }
    }
    mqt_buf_add_byte(out, '"');
}

static void mask_cell(enum mqt_role role, const char *text, char *out, size_t size)
{
    switch (role) {
    case MQT_ROLE_PERSON_NAME:
    case MQT_ROLE_HEAD_NAME:
        mqt_mask_name(text, out, size);
        break;
    case MQT_ROLE_PHONE:
        mqt_mask_phone(text, out, size);
        break;
    case MQT_ROLE_ID_NUMBER:
    case MQT_ROLE_HEAD_ID_NUMBER:
        mqt_mask_id_number(text, out, size);
        break;
    default:
        mqt_mask_text(text, out, size);
    }
}

const char *mqt_load_raw_json(struct mqt_load *load, const struct mqt_row *row)
{
    struct mqt_buf json;
    char masked[MAX_RAW_CELL], title[24];
    char *copy;
    bool first = true;

    mqt_buf_init(&json, 4 << 20);
    mqt_buf_add_byte(&json, '{');
    for (size_t i = 0; i < row->cell_count; i++) {
        const char *name = i < load->header.column_count ? load->header.names[i] : "";
        enum mqt_role role = i < load->header.column_count ? load->header.meanings[i] : MQT_ROLE_NONE;

        if (row->cells[i].text == NULL) {
            continue;
        }
        if (name[0] == '\0') {
            snprintf(title, sizeof title, "%zu", i + 1);
            name = title;
        }
        mask_cell(role, row->cells[i].text, masked, sizeof masked);
        for (size_t len = strlen(masked); len > 0 && !mqt_norm_is_utf8(masked, len); len--) {
            masked[len - 1] = '\0';
        }
        mqt_buf_add_str(&json, first ? "" : ", ");
        add_json_text(&json, name);
        mqt_buf_add_str(&json, ": ");
        add_json_text(&json, masked);
        first = false;
    }
    mqt_buf_add_byte(&json, '}');
    copy = mqt_buf_err(&json) == MQT_OK ? mqt_arena_copy(&load->row_arena, (const char *)json.data, json.len) : NULL;
    mqt_buf_clear(&json);
    return copy == NULL ? "{}" : copy;
}
