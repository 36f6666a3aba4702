#include "stage.h"

#include <string.h>

enum { FLUSH_BYTES = 256 * 1024 };

static const uint8_t COPY_HEAD[] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const uint8_t COPY_TAIL[] = {0xFF, 0xFF};

static void add_be(struct mqt_buf *buf, uint64_t value, size_t bytes)
{
    while (bytes > 0) {
        bytes--;
        mqt_buf_add_byte(buf, (uint8_t)(value >> (8 * bytes)));
    }
}

enum mqt_err mqt_stage_begin(struct mqt_stage *stage, struct mqt_db *db, const char *copy_sql, size_t columns,
                             size_t max_bytes, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;

    if (db != NULL) {
        err = mqt_db_copy_in_begin(db, copy_sql, detail);
        if (err != MQT_OK) {
            return err;
        }
    }
    stage->db = db;
    stage->columns = columns;
    stage->rows = 0;
    mqt_buf_init(&stage->buf, max_bytes);
    mqt_buf_add(&stage->buf, COPY_HEAD, sizeof COPY_HEAD);
    return mqt_buf_err(&stage->buf);
}

void mqt_stage_row(struct mqt_stage *stage)
{
    add_be(&stage->buf, stage->columns, 2);
    stage->rows++;
}

void mqt_stage_bytes(struct mqt_stage *stage, const void *bytes, size_t len)
{
    if (bytes == NULL) {
        add_be(&stage->buf, UINT32_MAX, 4);
        return;
    }
    add_be(&stage->buf, len, 4);
    mqt_buf_add(&stage->buf, bytes, len);
}

void mqt_stage_text(struct mqt_stage *stage, const char *text)
{
    mqt_stage_bytes(stage, text, text == NULL ? 0 : strlen(text));
}

void mqt_stage_int64(struct mqt_stage *stage, int64_t value)
{
    add_be(&stage->buf, 8, 4);
    add_be(&stage->buf, (uint64_t)value, 8);
}

enum mqt_err mqt_stage_flush(struct mqt_stage *stage, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_buf_err(&stage->buf);

    if (err != MQT_OK) {
        return mqt_fail(detail, err, "more rows than can be kept in memory: %zu", stage->rows);
    }
    if (stage->db == NULL || stage->buf.len < FLUSH_BYTES) {
        return MQT_OK;
    }
    err = mqt_db_copy_in_put(stage->db, stage->buf.data, stage->buf.len, detail);
    mqt_buf_reset(&stage->buf);
    return err;
}

enum mqt_err mqt_stage_end(struct mqt_stage *stage, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_buf_err(&stage->buf);

    mqt_buf_add(&stage->buf, COPY_TAIL, sizeof COPY_TAIL);
    if (err != MQT_OK || stage->db == NULL) {
        return err;
    }
    err = mqt_db_copy_in_put(stage->db, stage->buf.data, stage->buf.len, detail);
    mqt_buf_reset(&stage->buf);
    return err == MQT_OK ? mqt_db_copy_in_end(stage->db, detail) : err;
}

enum mqt_err mqt_stage_send(struct mqt_stage *stage, struct mqt_db *db, const char *copy_sql, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_buf_err(&stage->buf);

    if (err != MQT_OK || stage->rows == 0) {
        return err;
    }
    err = mqt_db_copy_in_begin(db, copy_sql, detail);
    if (err == MQT_OK) {
        err = mqt_db_copy_in_put(db, stage->buf.data, stage->buf.len, detail);
    }
    return err == MQT_OK ? mqt_db_copy_in_end(db, detail) : err;
}

void mqt_stage_clear(struct mqt_stage *stage)
{
    mqt_buf_clear(&stage->buf);
}
