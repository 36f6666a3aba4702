#include "load_kind.h"

#include "address.h"

#include <stdio.h>
#include <string.h>

enum column { CODE, NAME, ESTATE, NUMBER, ADDRESS, USE, STRUCTURE, HEIGHT_M, FLOORS_ABOVE, FLOORS_BELOW, BUILT_YEAR };

static const struct mqt_load_column COLUMNS[] = {
    {"code", "text"},
    {"name", "text"},
    {"estate", "text"},
    {"number", "text"},
    {"address", "text"},
    {"use", "text"},
    {"structure", "text"},
    {"height_m", "real"},
    {"floors_above", "integer"},
    {"floors_below", "integer"},
    {"built_year", "integer"},
};

/* "1998", "1998年", "1998-05-01": the year counts. */
static const char *built_year(struct mqt_load *load, const struct mqt_row *row, struct mqt_reject *reject)
{
    const char *text = mqt_load_text(load, row, MQT_ROLE_BUILT_YEAR);

    if (text != NULL && strspn(text, "0123456789") == 4 && (text[0] == '1' || text[0] == '2')) {
        return mqt_arena_copy(&load->row_arena, text, 4);
    }
    return mqt_load_number(load, row, MQT_ROLE_BUILT_YEAR, 1000, 2200, true, reject);
}

static enum mqt_err prepare(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject)
{
    const char **values = record->values;
    const char *number = mqt_load_text(load, row, MQT_ROLE_NUMBER);
    char canonical[MQT_ADDRESS_PART];

    values[CODE] = mqt_load_text(load, row, MQT_ROLE_CODE);
    values[NAME] = mqt_load_text(load, row, MQT_ROLE_NAME);
    values[ESTATE] = mqt_load_text(load, row, MQT_ROLE_ESTATE);
    values[ADDRESS] = mqt_load_text(load, row, MQT_ROLE_ADDRESS);
    values[USE] = mqt_load_text(load, row, MQT_ROLE_USE);
    values[STRUCTURE] = mqt_load_text(load, row, MQT_ROLE_STRUCTURE);
    if (number != NULL) {
        mqt_address_number(number, canonical);
        values[NUMBER] = mqt_arena_copy(&load->row_arena, canonical, strlen(canonical));
    }
    /* Above the highest building on earth a figure is a slip of the pen. */
    values[HEIGHT_M] = mqt_load_number(load, row, MQT_ROLE_HEIGHT_M, 0, 1000, false, reject);
    values[FLOORS_ABOVE] = mqt_load_number(load, row, MQT_ROLE_FLOORS_ABOVE, 0, 250, true, reject);
    values[FLOORS_BELOW] = mqt_load_number(load, row, MQT_ROLE_FLOORS_BELOW, 0, 50, true, reject);
    values[BUILT_YEAR] = built_year(load, row, reject);
    if (values[NAME] == NULL && values[ESTATE] != NULL && number != NULL) {
        values[NAME] = mqt_arena_printf(&load->row_arena, "%s%s%s", values[ESTATE], canonical,
                                        strpbrk(canonical, "0123456789") != NULL ? "号楼" : "座");
    }
    if (values[CODE] != NULL) {
        record->natural_key = mqt_arena_printf(&load->row_arena, "code:%s", values[CODE]);
    } else if (values[ESTATE] != NULL && number != NULL) {
        record->natural_key = mqt_arena_printf(&load->row_arena, "at:%s/%s", values[ESTATE], canonical);
    }
    return mqt_load_shape(load, row, record, reject);
}

const struct mqt_load_kind mqt_load_building = {.name = "building",
                                                .table = "twin.building",
                                                .geometry_column = "geom",
                                                .dimension = 2,
                                                .shape_required = true,
                                                .columns = COLUMNS,
                                                .column_count = sizeof COLUMNS / sizeof COLUMNS[0],
                                                .prepare = prepare,
                                                .publish = mqt_load_publish_difference};
