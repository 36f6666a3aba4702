#include "ticket.h"

#include "copy.h"

enum { FIELD_COUNT = 11, MAX_SQL_BYTES = 16 << 20 };

struct reading {
    mqt_ticket_row_fn row;
    void *user;
};

static const char columns_sql[] =
    "copy (select id::int8, severity::int8, (extract(epoch from reported_at) * 1000000)::int8,"
    " (extract(epoch from closed_at) * 1000000)::int8, building_id::int8, st_x(geom)::float8, st_y(geom)::float8,"
    " number::text, category::text, channel::text, status::text from ticket.public_ticket";

static struct mqt_ticket_text text_of(struct mqt_db_field field)
{
    return (struct mqt_ticket_text){.bytes = field.bytes ? (const char *)field.bytes : "", .len = field.len};
}

static enum mqt_err take_row(void *user, const struct mqt_db_field *fields, size_t field_count,
                             struct mqt_detail *detail)
{
    struct reading *reading = user;
    struct mqt_ticket_row row = {0};
    int64_t id = 0, severity = 0, building_id = 0;
    bool whole = field_count == FIELD_COUNT && !mqt_copy_int64(fields[0], &id) &&
                 !mqt_copy_int64(fields[1], &severity) && !mqt_copy_int64(fields[2], &row.reported_us);
    if (whole && fields[3].bytes) {
        row.is_closed = true;
        whole = !mqt_copy_int64(fields[3], &row.closed_us);
    }
    if (whole && fields[4].bytes) {
        whole = !mqt_copy_int64(fields[4], &building_id);
    }
    if (whole && fields[5].bytes && fields[6].bytes) {
        whole = !mqt_copy_float64(fields[5], &row.lon_deg) && !mqt_copy_float64(fields[6], &row.lat_deg);
        row.placed = mqt_grid_from_degrees(row.lon_deg, row.lat_deg, &row.place);
    }
    if (!whole) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "a ticket is not what the schema says");
    }
    row.id = (uint64_t)id;
    row.severity = (uint8_t)(severity < 1 ? 1 : severity > 5 ? 5 : severity);
    row.building_id = (uint64_t)building_id;
    row.number = text_of(fields[7]);
    row.category = text_of(fields[8]);
    row.channel = text_of(fields[9]);
    row.status = text_of(fields[10]);
    return reading->row(reading->user, &row);
}

enum mqt_err mqt_ticket_read(struct mqt_db *db, const uint64_t *ids, size_t id_count, mqt_ticket_row_fn row, void *user,
                             struct mqt_detail *detail)
{
    struct reading reading = {.row = row, .user = user};
    struct mqt_buf sql;
    mqt_buf_init(&sql, MAX_SQL_BYTES);
    mqt_buf_add_str(&sql, columns_sql);
    if (ids) {
        mqt_buf_add_str(&sql, " where id = any(");
        mqt_db_add_ids(&sql, ids, id_count);
        mqt_buf_add_str(&sql, ")");
    }
    mqt_buf_add_str(&sql, ") to stdout (format binary)");
    mqt_buf_add_byte(&sql, 0);
    enum mqt_err err = mqt_buf_err(&sql);
    if (!err) {
        err = mqt_db_copy_out(db, (const char *)sql.data, take_row, &reading, detail);
    }
    mqt_buf_clear(&sql);
    return err;
}
