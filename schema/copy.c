#include "copy.h"

#include <string.h>

enum { HEADER_BYTES = 19, MAX_FIELDS = 1664 /* PostgreSQL's own limit */ };

static const uint8_t signature[11] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', '\0'};

static uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint64_t read_u64(const uint8_t *bytes)
{
    return (uint64_t)read_u32(bytes) << 32 | read_u32(bytes + 4);
}

void mqt_copy_reader_init(struct mqt_copy_reader *reader, size_t max_tuple_bytes)
{
    *reader = (struct mqt_copy_reader){0};
    mqt_buf_init(&reader->pending, max_tuple_bytes);
}

void mqt_copy_reader_clear(struct mqt_copy_reader *reader)
{
    mqt_buf_clear(&reader->pending);
}

/* Every reading function below sets *used to 0 when the bytes do not hold the whole thing yet. */

static enum mqt_err read_header(struct mqt_copy_reader *reader, const uint8_t *bytes, size_t len, size_t *used,
                                struct mqt_detail *detail)
{
    *used = 0;
    if (len < HEADER_BYTES) {
        return MQT_OK;
    }
    if (memcmp(bytes, signature, sizeof signature) != 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the copy stream has no binary signature");
    }
    if (read_u32(bytes + 11) != 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the copy stream has unknown flags");
    }
    reader->skip = read_u32(bytes + 15);
    reader->header_read = true;
    *used = HEADER_BYTES;
    return MQT_OK;
}

static enum mqt_err read_tuple(struct mqt_copy_reader *reader, const uint8_t *bytes, size_t len, size_t *used,
                               mqt_db_row_fn row, void *user, struct mqt_detail *detail)
{
    *used = 0;
    if (len < 2) {
        return MQT_OK;
    }
    size_t count = (size_t)bytes[0] << 8 | bytes[1];
    if (count == 0xffff) {
        reader->ended = true;
        *used = 2;
        return MQT_OK;
    }
    if (count > MAX_FIELDS) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "a copied row claims %zu fields", count);
    }
    struct mqt_db_field fields[MAX_FIELDS];
    size_t at = 2;
    for (size_t i = 0; i < count; i++) {
        if (len - at < 4) {
            return MQT_OK;
        }
        uint32_t field_len = read_u32(bytes + at);
        at += 4;
        if (field_len == UINT32_MAX) {
            fields[i] = (struct mqt_db_field){0};
            continue;
        }
        if (field_len > INT32_MAX) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "a copied field has a negative length");
        }
        if (len - at < field_len) {
            return MQT_OK;
        }
        fields[i] = (struct mqt_db_field){.bytes = bytes + at, .len = field_len};
        at += field_len;
    }
    *used = at;
    return row(user, fields, count, detail);
}

/* Reads what is whole; *used says how far. */
static enum mqt_err read_all(struct mqt_copy_reader *reader, const uint8_t *bytes, size_t len, size_t *used,
                             mqt_db_row_fn row, void *user, struct mqt_detail *detail)
{
    *used = 0;
    while (*used < len) {
        if (reader->ended) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "the copy stream goes on after its end");
        }
        if (reader->skip > 0) {
            size_t step = reader->skip < len - *used ? reader->skip : len - *used;
            reader->skip -= step;
            *used += step;
            continue;
        }
        size_t step = 0;
        enum mqt_err err = reader->header_read
                               ? read_tuple(reader, bytes + *used, len - *used, &step, row, user, detail)
                               : read_header(reader, bytes + *used, len - *used, &step, detail);
        if (err || step == 0) {
            return err;
        }
        *used += step;
    }
    return MQT_OK;
}

enum mqt_err mqt_copy_reader_feed(struct mqt_copy_reader *reader, const uint8_t *bytes, size_t len, mqt_db_row_fn row,
                                  void *user, struct mqt_detail *detail)
{
    struct mqt_buf *pending = &reader->pending;
    size_t used = 0;
    enum mqt_err err;
    if (pending->len == 0) { /* the usual case: the server sends whole tuples, nothing is copied */
        err = read_all(reader, bytes, len, &used, row, user, detail);
        if (!err && used < len) {
            mqt_buf_add(pending, bytes + used, len - used);
            err = mqt_buf_err(pending);
        }
        return err;
    }
    mqt_buf_add(pending, bytes, len);
    err = mqt_buf_err(pending);
    if (err) {
        return mqt_fail(detail, err, "a copied row is longer than %zu bytes", pending->max);
    }
    err = read_all(reader, pending->data, pending->len, &used, row, user, detail);
    if (!err) {
        memmove(pending->data, pending->data + used, pending->len - used);
        pending->len -= used;
    }
    return err;
}

enum mqt_err mqt_copy_int64(struct mqt_db_field field, int64_t *value)
{
    if (!field.bytes || field.len != 8) {
        return MQT_ERR_FORMAT;
    }
    *value = (int64_t)read_u64(field.bytes);
    return MQT_OK;
}

enum mqt_err mqt_copy_float64(struct mqt_db_field field, double *value)
{
    if (!field.bytes || field.len != 8) {
        return MQT_ERR_FORMAT;
    }
    uint64_t bits = read_u64(field.bytes);
    memcpy(value, &bits, sizeof bits);
    return MQT_OK;
}

enum mqt_err mqt_copy_bool(struct mqt_db_field field, bool *value)
{
    if (!field.bytes || field.len != 1) {
        return MQT_ERR_FORMAT;
    }
    *value = field.bytes[0] != 0;
    return MQT_OK;
}
