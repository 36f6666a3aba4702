#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Written in one piece once so much has gathered: a system call per row would cost more than the row. */
enum { FLUSH_BYTES = 64 * 1024, HEAD_BYTES = 5 };

static const uint32_t ABSENT = UINT32_MAX;

void mqt_wire_init(struct mqt_wire *wire, int fd)
{
    wire->fd = fd;
    wire->taken = 0;
    wire->cells = NULL;
    wire->columns = NULL;
    mqt_buf_init(&wire->buf, MQT_WIRE_MAX_MESSAGE + 2 * FLUSH_BYTES);
}

void mqt_wire_clear(struct mqt_wire *wire)
{
    mqt_buf_clear(&wire->buf);
    free(wire->cells);
    free(wire->columns);
    wire->cells = NULL;
    wire->columns = NULL;
    if (wire->fd >= 0) {
        close(wire->fd);
        wire->fd = -1;
    }
}

int64_t mqt_wire_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum mqt_err flush(struct mqt_wire *wire)
{
    size_t done = 0;

    if (mqt_buf_err(&wire->buf) != MQT_OK) {
        return mqt_buf_err(&wire->buf);
    }
    while (done < wire->buf.len) {
        ssize_t count = write(wire->fd, wire->buf.data + done, wire->buf.len - done);

        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return MQT_ERR_IO;
        }
        done += (size_t)count;
    }
    mqt_buf_reset(&wire->buf);
    return MQT_OK;
}

static void add_u32(struct mqt_buf *buf, uint32_t value)
{
    mqt_buf_add(buf, &value, sizeof value);
}

static void add_text(struct mqt_buf *buf, const char *text, size_t len)
{
    if (text == NULL) {
        add_u32(buf, ABSENT);
        return;
    }
    add_u32(buf, (uint32_t)len);
    mqt_buf_add(buf, text, len);
    mqt_buf_add_byte(buf, 0);
}

/* Fills in the length of the message that begins at start and writes it out when enough gathered. */
static enum mqt_err finish(struct mqt_wire *wire, size_t start, bool now)
{
    size_t len = wire->buf.len - start - HEAD_BYTES;
    uint32_t written = (uint32_t)len;

    if (mqt_buf_err(&wire->buf) != MQT_OK || len > MQT_WIRE_MAX_MESSAGE) {
        return MQT_ERR_LIMIT;
    }
    memcpy(wire->buf.data + start + 1, &written, sizeof written);
    return now || wire->buf.len >= FLUSH_BYTES ? flush(wire) : MQT_OK;
}

static size_t begin(struct mqt_wire *wire, enum mqt_wire_kind kind)
{
    size_t start = wire->buf.len;

    mqt_buf_add_byte(&wire->buf, (uint8_t)kind);
    add_u32(&wire->buf, 0);
    return start;
}

enum mqt_err mqt_wire_put_table(struct mqt_wire *wire, const struct mqt_table *table)
{
    size_t start = begin(wire, MQT_WIRE_TABLE);
    const char *texts[] = {table->name, table->format, table->crs, table->encoding, table->note};

    if (table->column_count > MQT_WIRE_MAX_COLUMNS) {
        return MQT_ERR_LIMIT;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        add_text(&wire->buf, texts[i], strlen(texts[i]));
    }
    add_u32(&wire->buf, (uint32_t)table->shape);
    add_u32(&wire->buf, (uint32_t)table->headless);
    add_u32(&wire->buf, (uint32_t)table->names_cut);
    mqt_buf_add(&wire->buf, &table->row_count, sizeof table->row_count);
    add_u32(&wire->buf, (uint32_t)table->column_count);
    for (size_t i = 0; i < table->column_count; i++) {
        add_text(&wire->buf, table->columns[i], strlen(table->columns[i]));
    }
    return finish(wire, start, true);
}

enum mqt_err mqt_wire_put_row(struct mqt_wire *wire, const struct mqt_row *row)
{
    size_t start = begin(wire, MQT_WIRE_ROW);

    if (row->cell_count > MQT_WIRE_MAX_COLUMNS) {
        return MQT_ERR_LIMIT;
    }
    mqt_buf_add(&wire->buf, &row->number, sizeof row->number);
    add_text(&wire->buf, (const char *)row->wkb, row->wkb_len);
    add_u32(&wire->buf, (uint32_t)row->cell_count);
    for (size_t i = 0; i < row->cell_count; i++) {
        add_text(&wire->buf, row->cells[i].text, row->cells[i].len);
    }
    return finish(wire, start, false);
}

enum mqt_err mqt_wire_put_error(struct mqt_wire *wire, enum mqt_err err, const char *text)
{
    size_t start;

    mqt_buf_reset(&wire->buf);
    start = begin(wire, MQT_WIRE_ERROR);
    add_u32(&wire->buf, (uint32_t)err);
    add_text(&wire->buf, text, strlen(text));
    return finish(wire, start, true);
}

enum mqt_err mqt_wire_put_end(struct mqt_wire *wire)
{
    return finish(wire, begin(wire, MQT_WIRE_END), true);
}

/* Has the next len bytes in the buffer, and what else the pipe holds: a row is a few hundred bytes. */
static enum mqt_err fill(struct mqt_wire *wire, int64_t deadline_ms, size_t len)
{
    struct mqt_buf *buf = &wire->buf;

    if (wire->taken > 0 && buf->len - wire->taken < len) {
        memmove(buf->data, buf->data + wire->taken, buf->len - wire->taken);
        buf->len -= wire->taken;
        wire->taken = 0;
    }
    while (buf->len - wire->taken < len) {
        struct pollfd waiting = {.fd = wire->fd, .events = POLLIN, .revents = 0};
        int64_t left = deadline_ms - mqt_wire_now_ms();
        size_t missing = len - (buf->len - wire->taken), room = missing > FLUSH_BYTES ? missing : FLUSH_BYTES;
        uint8_t *to = mqt_buf_reserve(buf, room);
        ssize_t count;

        if (to == NULL) {
            return mqt_buf_err(buf);
        }
        if (left <= 0) {
            return MQT_ERR_TIMEOUT;
        }
        if (poll(&waiting, 1, left > 1000 ? 1000 : (int)left) == 0) {
            continue;
        }
        count = read(wire->fd, to, room);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return MQT_ERR_IO;
        }
        buf->len += (size_t)count;
    }
    return MQT_OK;
}

/* A cursor over a message; bad is set by the first read beyond its end. */
struct cursor {
    const uint8_t *at, *end;
    bool bad;
};

/* Leaves value as it is beyond the end. */
static void take(struct cursor *cursor, void *value, size_t size)
{
    if ((size_t)(cursor->end - cursor->at) < size) {
        cursor->bad = true;
        return;
    }
    memcpy(value, cursor->at, size);
    cursor->at += size;
}

static uint32_t take_u32(struct cursor *cursor)
{
    uint32_t value = 0;

    take(cursor, &value, sizeof value);
    return value;
}

static uint64_t take_u64(struct cursor *cursor)
{
    uint64_t value = 0;

    take(cursor, &value, sizeof value);
    return value;
}

static const char *take_text(struct cursor *cursor, size_t *len)
{
    uint32_t count = take_u32(cursor);
    const char *text = (const char *)cursor->at;

    if (cursor->bad || count == ABSENT) {
        return NULL;
    }
    if ((size_t)(cursor->end - cursor->at) <= count || cursor->at[count] != 0) {
        cursor->bad = true;
        return NULL;
    }
    cursor->at += (size_t)count + 1;
    if (len != NULL) {
        *len = count;
    }
    return text;
}

static enum mqt_err parse_table(struct mqt_wire *wire, struct cursor *cursor, struct mqt_table *table)
{
    struct mqt_table got = {0};

    got.name = take_text(cursor, NULL);
    got.format = take_text(cursor, NULL);
    got.crs = take_text(cursor, NULL);
    got.encoding = take_text(cursor, NULL);
    got.note = take_text(cursor, NULL);
    got.shape = (enum mqt_table_shape)take_u32(cursor);
    got.headless = take_u32(cursor) != 0;
    got.names_cut = take_u32(cursor) != 0;
    got.row_count = take_u64(cursor);
    got.column_count = take_u32(cursor);
    if (cursor->bad || got.column_count > MQT_WIRE_MAX_COLUMNS) {
        return MQT_ERR_FORMAT;
    }
    free(wire->columns);
    wire->columns = calloc(got.column_count + 1, sizeof *wire->columns);
    if (wire->columns == NULL) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < got.column_count; i++) {
        wire->columns[i] = take_text(cursor, NULL);
        if (wire->columns[i] == NULL) {
            return MQT_ERR_FORMAT;
        }
    }
    got.columns = wire->columns;
    *table = got;
    return MQT_OK;
}

static enum mqt_err parse_row(struct mqt_wire *wire, struct cursor *cursor, struct mqt_row *row)
{
    struct mqt_row got = {0};

    got.number = take_u64(cursor);
    got.wkb = (const uint8_t *)take_text(cursor, &got.wkb_len);
    got.cell_count = take_u32(cursor);
    if (cursor->bad || got.cell_count > MQT_WIRE_MAX_COLUMNS) {
        return MQT_ERR_FORMAT;
    }
    if (wire->cells == NULL) {
        wire->cells = calloc(MQT_WIRE_MAX_COLUMNS, sizeof *wire->cells);
        if (wire->cells == NULL) {
            return MQT_ERR_MEMORY;
        }
    }
    for (size_t i = 0; i < got.cell_count; i++) {
        wire->cells[i].len = 0;
        wire->cells[i].text = take_text(cursor, &wire->cells[i].len);
    }
    if (cursor->bad) {
        return MQT_ERR_FORMAT;
    }
    got.cells = wire->cells;
    *row = got;
    return MQT_OK;
}

static enum mqt_err parse_error(struct cursor *cursor, struct mqt_detail *detail)
{
    uint32_t code = take_u32(cursor);
    const char *text = take_text(cursor, NULL);

    if (cursor->bad || text == NULL || code == MQT_OK || code >= MQT_ERR_COUNT) {
        return MQT_ERR_FORMAT;
    }
    return mqt_fail(detail, (enum mqt_err)code, "%s", text);
}

enum mqt_err mqt_wire_get(struct mqt_wire *wire, int64_t deadline_ms, enum mqt_wire_kind *kind, struct mqt_table *table,
                          struct mqt_row *row, struct mqt_detail *detail)
{
    uint8_t head[HEAD_BYTES];
    uint32_t len;
    struct cursor cursor;
    enum mqt_err err = fill(wire, deadline_ms, sizeof head);

    if (err != MQT_OK) {
        return err;
    }
    memcpy(head, wire->buf.data + wire->taken, sizeof head);
    memcpy(&len, head + 1, sizeof len);
    if (len > MQT_WIRE_MAX_MESSAGE) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "a row is larger than %zu MB", MQT_WIRE_MAX_MESSAGE >> 20);
    }
    err = fill(wire, deadline_ms, sizeof head + len);
    if (err != MQT_OK) {
        return err;
    }
    cursor = (struct cursor){.at = wire->buf.data + wire->taken + sizeof head, .bad = false};
    cursor.end = cursor.at + len;
    wire->taken += sizeof head + len;
    switch (head[0]) {
    case MQT_WIRE_TABLE:
        err = parse_table(wire, &cursor, table);
        break;
    case MQT_WIRE_ROW:
        err = parse_row(wire, &cursor, row);
        break;
    case MQT_WIRE_ERROR:
        return parse_error(&cursor, detail);
    case MQT_WIRE_END:
        break;
    default:
        err = MQT_ERR_FORMAT;
    }
    if (err == MQT_OK) {
        *kind = (enum mqt_wire_kind)head[0];
    }
    return err;
}
