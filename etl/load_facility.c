#include "load_kind.h"

#include "check.h"
#include "facility_kind.h"
#include "norm.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { KIND, CODE, NAME, ADDRESS, PHONE, ATTRIBUTES };

static const struct mqt_load_column COLUMNS[] = {{"kind", "text"},    {"code", "text"},  {"name", "text"},
                                                 {"address", "text"}, {"phone", "text"}, {"attributes", "jsonb"}};

/* Columns that the house has no place for are kept under their own names; persons are not. */
static const char *attributes(struct mqt_load *load, const struct mqt_row *row)
{
    json_t *object = json_object();
    char *text;
    const char *copy = "{}";

    for (size_t i = 0; i < load->header.column_count && i < row->cell_count; i++) {
        enum mqt_role role = load->header.roles[i];
        bool elsewhere = role == MQT_ROLE_KIND || role == MQT_ROLE_CODE || role == MQT_ROLE_NAME ||
                         role == MQT_ROLE_ADDRESS || role == MQT_ROLE_LON || role == MQT_ROLE_LAT ||
                         role == MQT_ROLE_EASTING || role == MQT_ROLE_NORTHING;

        if (elsewhere || mqt_role_is_personal(load->header.meanings[i]) || load->header.names[i][0] == '\0' ||
            row->cells[i].text == NULL || mqt_norm_is_absent(row->cells[i].text)) {
            continue;
        }
        /* Published codes are known to fail as well: a warning, no refusal. */
        if (strstr(load->header.names[i], "信用代码") != NULL && !mqt_check_credit_code(row->cells[i].text)) {
            load->warnings[MQT_WARNING_CREDIT_CODE]++;
        }
        if (json_object_set_new(object, load->header.names[i], json_string(row->cells[i].text)) != 0) {
            continue;
        }
    }
    text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
    if (text != NULL) {
        copy = mqt_arena_copy(&load->row_arena, text, strlen(text));
    }
    free(text);
    json_decref(object);
    return copy;
}

/* A known kind by its code; else the file's own word for it, so that nothing is lost. */
static const char *kind_of(struct mqt_load *load, const struct mqt_row *row, const char *name)
{
    const char *text = mqt_load_text(load, row, MQT_ROLE_KIND);
    const struct mqt_facility_kind *known = mqt_facility_kind_find(text);

    if (known != NULL) {
        return known->code;
    }
    if (text != NULL) {
        return text;
    }
    known = mqt_facility_kind_find(name);
    return known == NULL ? "other" : known->code;
}

static enum mqt_err prepare(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject)
{
    const char **values = record->values;
    const char *phone = mqt_load_text(load, row, MQT_ROLE_PHONE);

    values[CODE] = mqt_load_text(load, row, MQT_ROLE_CODE);
    values[NAME] = mqt_load_text(load, row, MQT_ROLE_NAME);
    values[KIND] = kind_of(load, row, values[NAME]);
    values[ADDRESS] = mqt_load_text(load, row, MQT_ROLE_ADDRESS);
    values[ATTRIBUTES] = attributes(load, row);
    if (phone != NULL) {
        char digits[40];

        values[PHONE] = mqt_check_phone(phone, digits, sizeof digits)
                            ? mqt_arena_copy(&load->row_arena, digits, strlen(digits))
                            : phone;
    }
    if (values[CODE] != NULL) {
        record->natural_key = mqt_arena_printf(&load->row_arena, "code:%s", values[CODE]);
    } else if (values[NAME] != NULL) {
        record->natural_key = mqt_arena_printf(&load->row_arena, "%s/%s", values[KIND], values[NAME]);
    }
    return mqt_load_shape(load, row, record, reject);
}

static enum mqt_err publish(struct mqt_load *load, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_load_review_places(load, detail);

    return err == MQT_OK ? mqt_load_publish_difference(load, detail) : err;
}

const struct mqt_load_kind mqt_load_facility = {.name = "facility",
                                                .table = "twin.facility",
                                                .geometry_column = "geom",
                                                .dimension = 0,
                                                .shape_required = true,
                                                .columns = COLUMNS,
                                                .column_count = sizeof COLUMNS / sizeof COLUMNS[0],
                                                .prepare = prepare,
                                                .publish = publish};
