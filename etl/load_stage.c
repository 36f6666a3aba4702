#include "load_kind.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TOLD_REJECTS = 100, SHAPE_BYTES = 64 << 20, STAGE_BYTES = 160 << 20, REJECT_BYTES = 256 << 20 };

static const char REJECT_COPY[] =
    "copy etl.reject (run_id, file, file_row, field, reason_code, reason, raw) from stdin with (format binary)";

static enum mqt_err stage_reject(struct mqt_load *load, const struct mqt_row *row, const struct mqt_reject *reject,
                                 struct mqt_detail *detail)
{
    load->counts.rejected++;
    if (load->db == NULL) {
        if (load->counts.rejected <= MAX_TOLD_REJECTS) {
            mqt_report_clear_bar(load->report);
            printf("row %" PRIu64 " %s%s%s: %s\n", row->number, reject->field, reject->field[0] == '\0' ? "" : " ",
                   reject->code, reject->reason);
            fflush(stdout);
        }
        return MQT_OK;
    }
    mqt_stage_row(&load->rejects);
    mqt_stage_int64(&load->rejects, load->run);
    mqt_stage_text(&load->rejects, load->file);
    mqt_stage_int64(&load->rejects, (int64_t)row->number);
    mqt_stage_text(&load->rejects, reject->field[0] == '\0' ? NULL : reject->field);
    mqt_stage_text(&load->rejects, reject->code);
    mqt_stage_text(&load->rejects, reject->reason);
    mqt_stage_text(&load->rejects, mqt_load_raw_json(load, row));
    return mqt_stage_flush(&load->rejects, detail);
}

/* Hash of everything the row says, by which the next delivery recognises it as unchanged. */
static enum mqt_err hash_record(struct mqt_load *load, struct mqt_record *record, uint8_t hash[MQT_HASH_BYTES])
{
    struct mqt_buf bytes;
    uint8_t shape_hash[MQT_HASH_BYTES];
    char hex[33];
    enum mqt_err err;

    mqt_buf_init(&bytes, SHAPE_BYTES);
    for (size_t i = 0; i < load->column_count; i++) {
        mqt_buf_add_byte(&bytes, record->values[i] == NULL ? 1 : 2);
        if (record->values[i] != NULL) {
            mqt_buf_add(&bytes, record->values[i], strlen(record->values[i]) + 1);
        }
    }
    if (record->has_shape) {
        mqt_buf_add(&bytes, record->shape.data, record->shape.len);
    }
    err = mqt_buf_err(&bytes);
    if (err == MQT_OK) {
        err = mqt_seal_sha256(bytes.data, bytes.len, hash);
    }
    mqt_buf_clear(&bytes);
    if (err == MQT_OK && record->has_shape) {
        err = mqt_seal_sha256(record->shape.data, record->shape.len, shape_hash);
    } else {
        memcpy(shape_hash, hash, sizeof shape_hash);
    }
    mqt_seal_hex(shape_hash, 16, hex);
    record->shape_key = mqt_arena_printf(&load->row_arena, "%s:%s", record->has_shape ? "shape" : "row", hex);
    return err;
}

static enum mqt_err stage_record(struct mqt_load *load, struct mqt_stage *stage, const struct mqt_row *row,
                                 struct mqt_record *record, struct mqt_detail *detail)
{
    uint8_t hash[MQT_HASH_BYTES];
    enum mqt_err err = hash_record(load, record, hash);

    if (err != MQT_OK) {
        return err;
    }
    mqt_stage_row(stage);
    mqt_stage_int64(stage, (int64_t)row->number);
    mqt_stage_text(stage, record->natural_key);
    mqt_stage_text(stage, record->shape_key);
    mqt_stage_bytes(stage, hash, sizeof hash);
    mqt_stage_text(stage, mqt_load_raw_json(load, row));
    mqt_stage_bytes(stage, record->has_shape ? record->shape.data : NULL, record->shape.len);
    for (size_t i = 0; i < load->column_count; i++) {
        mqt_stage_text(stage, record->values[i]);
    }
    return mqt_stage_flush(stage, detail);
}

static enum mqt_err take_row(struct mqt_load *load, struct mqt_stage *stage, const struct mqt_row *row,
                             struct mqt_record *record, struct mqt_detail *detail)
{
    struct mqt_reject reject = {0};
    enum mqt_err err;

    load->counts.read++;
    mqt_arena_clear(&load->row_arena);
    mqt_buf_reset(&record->shape);
    record->has_shape = false;
    record->natural_key = NULL;
    memset(record->values, 0, load->column_count * sizeof *record->values);
    if (load->table->headless && mqt_header_is_total(row)) {
        load->counts.skipped++;
        return MQT_OK;
    }
    err = load->kind->prepare(load, row, record, &reject);
    if (err != MQT_OK || load->row_arena.err != MQT_OK) {
        return mqt_fail(detail, err != MQT_OK ? err : load->row_arena.err, "row %" PRIu64 " cannot be handled",
                        row->number);
    }
    if (reject.skip) {
        load->counts.skipped++;
        return MQT_OK;
    }
    if (reject.set) {
        return stage_reject(load, row, &reject, detail);
    }
    return stage_record(load, stage, row, record, detail);
}

/* All rows, those of the preview first, into the stage (kept and dropped when there is no database). */
static enum mqt_err take_rows(struct mqt_load *load, struct mqt_reader *reader, const struct mqt_preview *preview,
                              struct mqt_stage *stage, struct mqt_detail *detail)
{
    struct mqt_record record = {.values = mqt_arena_calloc(&load->arena, load->column_count + 1, sizeof(char *))};
    size_t first = load->header.title_rows + load->header.header_rows;
    bool more = preview->more;
    enum mqt_err err = record.values == NULL ? MQT_ERR_MEMORY : MQT_OK;

    mqt_buf_init(&record.shape, SHAPE_BYTES);
    /* Titles and the second row of a header are rows of the file too; the first header row is not data. */
    load->counts.skipped += load->header.title_rows + (load->header.header_rows == 2);
    load->counts.read += load->header.title_rows + (load->header.header_rows == 2);
    for (size_t i = first; i < preview->count && err == MQT_OK; i++) {
        err = take_row(load, stage, &preview->rows[i], &record, detail);
    }
    while (err == MQT_OK && more) {
        struct mqt_row row;

        err = mqt_reader_next(reader, &row, &more, detail);
        if (err == MQT_OK && more) {
            err = take_row(load, stage, &row, &record, detail);
        }
        if (load->db == NULL) {
            mqt_buf_reset(&stage->buf);
        }
        mqt_report_progress(load->report, load->counts.read, load->table->row_count);
    }
    mqt_buf_clear(&record.shape);
    return err;
}

enum mqt_err mqt_load_stage_rows(struct mqt_load *load, struct mqt_reader *reader, const struct mqt_preview *preview,
                                 struct mqt_detail *detail)
{
    struct mqt_stage stage = {0};
    char copy_sql[] = "copy stage from stdin with (format binary)", step[320];
    enum mqt_err err = mqt_stage_begin(&stage, load->db, copy_sql, 6 + load->column_count, STAGE_BYTES, detail);

    if (err == MQT_OK) {
        err = mqt_stage_begin(&load->rejects, NULL, NULL, 7, REJECT_BYTES, detail);
    }
    snprintf(step, sizeof step, "reading %s", load->file);
    mqt_report_step(load->report, step);
    if (err == MQT_OK) {
        err = take_rows(load, reader, preview, &stage, detail);
    }
    mqt_report_end_step(load->report);
    if (err == MQT_OK && load->db != NULL) {
        err = mqt_stage_end(&stage, detail);
    } else if (load->db != NULL) {
        mqt_db_copy_in_abort(load->db);
    }
    mqt_stage_clear(&stage);
    if (err == MQT_OK && load->db != NULL) {
        err = mqt_stage_end(&load->rejects, detail);
        if (err == MQT_OK) {
            err = mqt_stage_send(&load->rejects, load->db, REJECT_COPY, detail);
        }
    }
    return err;
}
