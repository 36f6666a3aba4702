/* What the reading child tells its parent: one table description, then rows, then an end or an error.
 *
 * Messages are a kind byte, a 32-bit length and that many bytes, in the machine's own byte order:
 * both ends are the same program. The reader trusts no length: every message is below
 * MQT_WIRE_MAX_MESSAGE and every field must lie inside its message. Text is UTF-8, shapes are 2D
 * WKB in the file's own CRS. A wire belongs to one thread; a message's content is valid until the
 * next read.
 */
#ifndef MQT_WIRE_H
#define MQT_WIRE_H

#include "../tiles/buf.h"

#include <stdbool.h>

#define MQT_WIRE_MAX_MESSAGE ((size_t)64 << 20)
#define MQT_WIRE_MAX_COLUMNS 1024

enum mqt_table_shape { MQT_TABLE_NONE, MQT_TABLE_POINT, MQT_TABLE_LINE, MQT_TABLE_POLYGON, MQT_TABLE_ANY };

struct mqt_table {
    const char *name;     /* of the table inside the file, or the file's base name */
    const char *format;   /* such as "ESRI Shapefile" or "CSV" */
    const char *crs;      /* WKT, or "" when the file does not say */
    const char *encoding; /* such as "GB18030 (default)" */
    const char *note;     /* for the run's log, may be "" */
    enum mqt_table_shape shape;
    bool headless;      /* no column names: rows are the sheet as it stands, title and header included */
    bool names_cut;     /* column names may have been cut at 10 bytes */
    uint64_t row_count; /* expected, 0 when unknown */
    size_t column_count;
    const char **columns;
};

struct mqt_cell {
    const char *text; /* NUL-terminated; NULL: no value */
    size_t len;
};

struct mqt_row {
    uint64_t number;    /* 1-based, as a spreadsheet shows it, or the feature's number */
    const uint8_t *wkb; /* NULL: no shape */
    size_t wkb_len;
    size_t cell_count;
    const struct mqt_cell *cells;
};

enum mqt_wire_kind { MQT_WIRE_TABLE = 'T', MQT_WIRE_ROW = 'R', MQT_WIRE_ERROR = 'E', MQT_WIRE_END = 'Z' };

struct mqt_wire {
    int fd;
    struct mqt_buf buf;     /* what is to be sent, or what has come */
    size_t taken;           /* of what has come: messages that were read */
    struct mqt_cell *cells; /* of the row read last */
    const char **columns;   /* of the table read last */
};

void mqt_wire_init(struct mqt_wire *wire, int fd);
void mqt_wire_clear(struct mqt_wire *wire); /* closes fd */

enum mqt_err mqt_wire_put_table(struct mqt_wire *wire, const struct mqt_table *table) MQT_MUST_USE;
enum mqt_err mqt_wire_put_row(struct mqt_wire *wire, const struct mqt_row *row) MQT_MUST_USE;
enum mqt_err mqt_wire_put_error(struct mqt_wire *wire, enum mqt_err err, const char *text) MQT_MUST_USE;
enum mqt_err mqt_wire_put_end(struct mqt_wire *wire) MQT_MUST_USE;

/* Reads one message into table, row or detail, whichever it is. MQT_ERR_IO: the other end is gone
 * in the middle of it; MQT_ERR_TIMEOUT: nothing came until deadline_ms of the monotonic clock. An
 * error sent by the child is returned as such with its text. */
enum mqt_err mqt_wire_get(struct mqt_wire *wire, int64_t deadline_ms, enum mqt_wire_kind *kind, struct mqt_table *table,
                          struct mqt_row *row, struct mqt_detail *detail) MQT_MUST_USE;

int64_t mqt_wire_now_ms(void); /* the monotonic clock */

#endif
