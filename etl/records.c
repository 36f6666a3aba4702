#include "records.h"

#include "file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t MAX_FILE_BYTES = (size_t)256 << 20;

struct records {
    json_t *rows;
    json_t *column_of; /* key -> column number */
    const char *columns[MQT_WIRE_MAX_COLUMNS];
    size_t column_count;
    struct mqt_cell cells[MQT_WIRE_MAX_COLUMNS];
    char *made[MQT_WIRE_MAX_COLUMNS]; /* texts made for the present row */
};

static enum mqt_err collect_columns(struct records *records, struct mqt_detail *detail)
{
    size_t index;
    json_t *row, *value;
    const char *key;

    json_array_foreach(records->rows, index, row)
    {
        if (!json_is_object(row)) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "entry %zu of the JSON array is not an object", index + 1);
        }
        json_object_foreach(row, key, value)
        {
            if (json_object_get(records->column_of, key) != NULL) {
                continue;
            }
            if (records->column_count == MQT_WIRE_MAX_COLUMNS) {
                return mqt_fail(detail, MQT_ERR_LIMIT, "the records have more than %d different keys",
                                MQT_WIRE_MAX_COLUMNS);
            }
            if (json_object_set_new(records->column_of, key, json_integer((json_int_t)records->column_count)) != 0) {
                return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the column names");
            }
            records->columns[records->column_count++] = key;
        }
    }
    if (records->column_count == 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the JSON array holds no records");
    }
    return MQT_OK;
}

/* True when value is a GeoJSON point; its WKB goes to wkb (21 bytes). */
static bool point_of(json_t *value, uint8_t *wkb)
{
    const char *type = json_string_value(json_object_get(value, "type"));
    json_t *coordinates = json_object_get(value, "coordinates");
    double xy[2];
    static const uint8_t head[5] = {1, 1, 0, 0, 0};

    if (type == NULL || strcmp(type, "Point") != 0 || json_array_size(coordinates) < 2 ||
        !json_is_number(json_array_get(coordinates, 0)) || !json_is_number(json_array_get(coordinates, 1))) {
        return false;
    }
    xy[0] = json_number_value(json_array_get(coordinates, 0));
    xy[1] = json_number_value(json_array_get(coordinates, 1));
    memcpy(wkb, head, sizeof head);
    memcpy(wkb + sizeof head, xy, sizeof xy);
    return true;
}

static enum mqt_err send_record(struct records *records, json_t *record, uint64_t number, struct mqt_wire *wire)
{
    uint8_t wkb[21];
    struct mqt_row row = {.number = number, .cell_count = records->column_count, .cells = records->cells};
    size_t made_count = 0;
    const char *key;
    json_t *value;
    enum mqt_err err;

    memset(records->cells, 0, records->column_count * sizeof *records->cells);
    json_object_foreach(record, key, value)
    {
        size_t column = (size_t)json_integer_value(json_object_get(records->column_of, key));
        const char *text = json_string_value(value);

        if (json_is_null(value)) {
            continue;
        }
        if (row.wkb == NULL && point_of(value, wkb)) {
            row.wkb = wkb;
            row.wkb_len = sizeof wkb;
        }
        if (text == NULL) {
            records->made[made_count] = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
            text = records->made[made_count++];
        }
        if (text != NULL && text[0] != '\0') {
            records->cells[column] = (struct mqt_cell){.text = text, .len = strlen(text)};
        }
    }
    err = mqt_wire_put_row(wire, &row);
    while (made_count > 0) {
        free(records->made[--made_count]);
    }
    return err;
}

static enum mqt_err send_all(struct records *records, const char *path, struct mqt_wire *wire,
                             struct mqt_detail *detail)
{
    char name[256];
    struct mqt_table table = {.name = name,
                              .format = "JSON records",
                              .crs = "",
                              .encoding = "UTF-8 (format)",
                              .note = "",
                              .shape = MQT_TABLE_ANY,
                              .row_count = json_array_size(records->rows),
                              .column_count = records->column_count,
                              .columns = records->columns};
    enum mqt_err err;
    size_t index;
    json_t *record;

    mqt_file_base_name(path, name, sizeof name);
    err = mqt_wire_put_table(wire, &table);
    json_array_foreach(records->rows, index, record)
    {
        if (err == MQT_OK) {
            err = send_record(records, record, index + 1, wire);
        }
    }
    if (err == MQT_OK) {
        err = mqt_wire_put_end(wire);
    }
    return err == MQT_OK ? MQT_OK : mqt_fail(detail, err, "the records could not be passed on");
}

enum mqt_err mqt_records_send(const char *path, struct mqt_wire *wire, struct mqt_detail *detail)
{
    struct records *records = calloc(1, sizeof *records);
    struct mqt_buf bytes;
    json_error_t problem;
    enum mqt_err err;

    mqt_buf_init(&bytes, MAX_FILE_BYTES);
    if (records == NULL) {
        err = mqt_fail(detail, MQT_ERR_MEMORY, "no memory to read the records");
        goto done;
    }
    err = mqt_file_read(path, &bytes, detail);
    if (err != MQT_OK) {
        goto done;
    }
    records->column_of = json_object();
    records->rows = json_loadb((const char *)bytes.data, bytes.len, JSON_REJECT_DUPLICATES, &problem);
    if (records->rows == NULL || !json_is_array(records->rows)) {
        err = mqt_fail(detail, MQT_ERR_FORMAT, "this is not a JSON array of records: line %d: %s", problem.line,
                       problem.text);
        goto done;
    }
    err = collect_columns(records, detail);
    if (err == MQT_OK) {
        err = send_all(records, path, wire, detail);
    }
done:
    mqt_buf_clear(&bytes);
    if (records != NULL) {
        json_decref(records->rows);
        json_decref(records->column_of);
        free(records);
    }
    return err;
}
