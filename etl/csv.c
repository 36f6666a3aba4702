#include "csv.h"

#include "encoding.h"
#include "file.h"
#include "header.h"
#include "norm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELD_BYTES = 1 << 20, SNIFF_BYTES = 64 * 1024 };

static const size_t MAX_FILE_BYTES = (size_t)512 << 20;

/* The character among the usual ones that stands most often outside quotes in the first rows. */
static char guess_separator(const char *text, size_t len)
{
    static const char candidates[] = {',', '\t', ';', '|'};
    size_t counts[sizeof candidates] = {0};
    size_t best = 0;
    bool quoted = false;

    for (size_t i = 0; i < len && i < SNIFF_BYTES; i++) {
        if (text[i] == '"') {
            quoted = !quoted;
        }
        for (size_t k = 0; k < sizeof candidates && !quoted; k++) {
            counts[k] += text[i] == candidates[k];
        }
    }
    for (size_t k = 1; k < sizeof candidates; k++) {
        if (counts[k] > counts[best]) {
            best = k;
        }
    }
    return candidates[best];
}

void mqt_csv_init(struct mqt_csv *csv, const char *text, size_t len)
{
    csv->at = text;
    csv->end = text + len;
    csv->separator = guess_separator(text, len);
    csv->line = 1;
    csv->cells = NULL;
    csv->fields = 0;
    mqt_buf_init(&csv->text, MQT_WIRE_MAX_MESSAGE);
    mqt_buf_init(&csv->offsets, (MQT_WIRE_MAX_COLUMNS + 1) * sizeof(size_t));
}

void mqt_csv_clear(struct mqt_csv *csv)
{
    mqt_buf_clear(&csv->text);
    mqt_buf_clear(&csv->offsets);
    free(csv->cells);
    csv->cells = NULL;
}

/* Appends the field at csv->at up to its separator or line end, which stays unread. */
static enum mqt_err read_field(struct mqt_csv *csv, struct mqt_detail *detail)
{
    size_t start = csv->text.len;
    uint64_t opened_at = csv->line;
    bool quoted = false;

    if (csv->at < csv->end && *csv->at == '"') {
        quoted = true;
        csv->at++;
    }
    while (csv->at < csv->end) {
        char c = *csv->at;

        if (quoted && c == '"') {
            if (csv->at + 1 < csv->end && csv->at[1] == '"') {
                csv->at++;
            } else {
                quoted = false;
                csv->at++;
                continue;
            }
        } else if (!quoted && (c == csv->separator || c == '\n' || c == '\r')) {
            break;
        }
        csv->line += c == '\n';
        if (c != '\0') {
            mqt_buf_add_byte(&csv->text, (uint8_t)c);
        }
        csv->at++;
        if (csv->text.len - start > MAX_FIELD_BYTES) {
            return mqt_fail(detail, quoted ? MQT_ERR_FORMAT : MQT_ERR_LIMIT, "a field that begins in line %llu %s",
                            (unsigned long long)opened_at, quoted ? "has a quote that never closes" : "exceeds 1 MB");
        }
    }
    if (quoted) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "a quote that opens in line %llu never closes",
                        (unsigned long long)opened_at);
    }
    mqt_buf_add(&csv->offsets, &start, sizeof start);
    mqt_buf_add_byte(&csv->text, 0);
    if (mqt_buf_err(&csv->offsets) != MQT_OK || mqt_buf_err(&csv->text) != MQT_OK) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "line %llu has more than %d fields", (unsigned long long)opened_at,
                        MQT_WIRE_MAX_COLUMNS);
    }
    return MQT_OK;
}

static void skip_line_end(struct mqt_csv *csv)
{
    if (csv->at < csv->end && *csv->at == '\r') {
        csv->at++;
        if (csv->at < csv->end && *csv->at == '\n') {
            csv->at++;
        }
        csv->line++;
    } else if (csv->at < csv->end && *csv->at == '\n') {
        csv->at++;
        csv->line++;
    }
}

static enum mqt_err read_row(struct mqt_csv *csv, struct mqt_detail *detail)
{
    mqt_buf_reset(&csv->text);
    mqt_buf_reset(&csv->offsets);
    for (;;) {
        enum mqt_err err = read_field(csv, detail);

        if (err != MQT_OK) {
            return err;
        }
        if (csv->at >= csv->end || *csv->at != csv->separator) {
            break;
        }
        csv->at++;
    }
    skip_line_end(csv);
    return MQT_OK;
}

/* Cells of the row just read; count 0 when every one of them is blank. */
static size_t set_cells(struct mqt_csv *csv)
{
    size_t count = csv->offsets.len / sizeof(size_t);
    bool blank = true;

    if (count > MQT_WIRE_MAX_COLUMNS) {
        count = MQT_WIRE_MAX_COLUMNS;
    }
    for (size_t i = 0; i < count; i++) {
        size_t start;
        const char *text;

        memcpy(&start, csv->offsets.data + i * sizeof start, sizeof start);
        text = (const char *)csv->text.data + start;
        csv->cells[i].len = strlen(text);
        csv->cells[i].text = csv->cells[i].len == 0 ? NULL : text;
        blank = blank && strspn(text, " \t") == csv->cells[i].len;
    }
    return blank ? 0 : count;
}

/* A program that writes tables ends each row and gives each the same fields; people who type a sum
 * under one do not. */
static bool breaks_off(const struct mqt_csv *csv, const struct mqt_row *row)
{
    return csv->at == csv->end && csv->end[-1] != '\n' && csv->end[-1] != '\r' && row->cell_count < csv->fields &&
           !mqt_header_is_total(row);
}

enum mqt_err mqt_csv_next(struct mqt_csv *csv, struct mqt_row *row, bool *more, struct mqt_detail *detail)
{
    if (csv->cells == NULL) {
        csv->cells = calloc(MQT_WIRE_MAX_COLUMNS, sizeof *csv->cells);
        if (csv->cells == NULL) {
            return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for a row");
        }
    }
    while (csv->at < csv->end) {
        uint64_t line = csv->line;
        enum mqt_err err = read_row(csv, detail);
        size_t count;

        if (err != MQT_OK) {
            return err;
        }
        count = set_cells(csv);
        if (count > 0) {
            *row = (struct mqt_row){.number = line, .cell_count = count, .cells = csv->cells};
            if (breaks_off(csv, row)) {
                return mqt_fail(detail, MQT_ERR_FORMAT,
                                "the file breaks off in line %llu, in field %zu of %zu: it did not arrive whole",
                                (unsigned long long)line, count, csv->fields);
            }
            csv->fields = count;
            *more = true;
            return MQT_OK;
        }
    }
    *more = false;
    return MQT_OK;
}

static enum mqt_err send_rows(struct mqt_csv *csv, struct mqt_wire *wire, struct mqt_detail *detail)
{
    struct mqt_row row;
    bool more = true;

    while (more) {
        enum mqt_err err = mqt_csv_next(csv, &row, &more, detail);

        if (err == MQT_OK && more) {
            err = mqt_wire_put_row(wire, &row);
        }
        if (err != MQT_OK) {
            return err;
        }
    }
    return mqt_wire_put_end(wire);
}

/* A file and its text in UTF-8: a part of the file when it is that already. */
struct text {
    struct mqt_file_map file;
    struct mqt_buf converted;
    const char *at;
    size_t len;
};

static void clear_text(struct text *text)
{
    mqt_file_unmap(&text->file);
    mqt_buf_clear(&text->converted);
}

/* Decides the encoding and converts the whole text, so that no character is cut between two pieces. */
static enum mqt_err read_text(const char *path, const char *forced, struct mqt_encoding *encoding, struct text *text,
                              size_t *broken, struct mqt_detail *detail)
{
    struct mqt_decoder *decoder = NULL;
    const uint8_t *from;
    size_t len;
    enum mqt_err err = mqt_file_map(path, MAX_FILE_BYTES, &text->file, detail);

    if (err == MQT_OK) {
        err = mqt_encoding_of_text(text->file.bytes, text->file.len, forced, encoding, detail);
    }
    if (err != MQT_OK) {
        return err;
    }
    from = text->file.len == 0 ? NULL : text->file.bytes + encoding->bom_len;
    len = text->file.len - encoding->bom_len;
    if (strcmp(encoding->name, "UTF-8") == 0 && mqt_norm_is_utf8((const char *)from, len)) {
        text->at = (const char *)from;
        text->len = len;
        return MQT_OK;
    }
    err = mqt_decoder_new(encoding->name, &decoder, detail);
    if (err == MQT_OK) {
        err = mqt_decoder_add(decoder, from, len, &text->converted, broken);
        text->at = (const char *)text->converted.data;
        text->len = text->converted.len;
    }
    mqt_decoder_free(decoder);
    return err;
}

enum mqt_err mqt_csv_send(const char *path, const char *encoding, struct mqt_wire *wire, struct mqt_detail *detail)
{
    struct mqt_encoding decided;
    struct text text = {0};
    struct mqt_csv csv;
    size_t broken = 0;
    char label[64], note[96] = "", name[256];
    struct mqt_table table = {.format = "CSV", .crs = "", .shape = MQT_TABLE_NONE, .headless = true};
    enum mqt_err err;

    mqt_buf_init(&text.converted, MAX_FILE_BYTES);
    err = read_text(path, encoding, &decided, &text, &broken, detail);
    if (err != MQT_OK) {
        goto done;
    }
    if (text.len == 0) {
        err = mqt_fail(detail, MQT_ERR_FORMAT, "the file is empty");
        goto done;
    }
    snprintf(label, sizeof label, "%s (%s)", decided.name, decided.from);
    if (broken > 0) {
        snprintf(note, sizeof note, "%zu bytes could not be read as %s", broken, decided.name);
    }
    mqt_file_base_name(path, name, sizeof name);
    table.name = name;
    table.encoding = label;
    table.note = note;
    err = mqt_wire_put_table(wire, &table);
    if (err != MQT_OK) {
        goto done;
    }
    mqt_csv_init(&csv, text.at, text.len);
    err = send_rows(&csv, wire, detail);
    mqt_csv_clear(&csv);
done:
    clear_text(&text);
    return err;
}
