/* Text tables by RFC 4180: commas, semicolons, tabs or bars, quotes doubled inside quotes.
 *
 * The parser works on UTF-8 in memory and gives one row at a time as the file has them, title and
 * header rows included; number is the line on which the row begins (1-based), as an editor shows
 * it. Wholly blank rows are passed over. Fields are valid until the next row. Pure; any thread.
 * Limits: MQT_WIRE_MAX_COLUMNS fields a row, 1 MB a field, 512 MB a file.
 */
#ifndef MQT_CSV_H
#define MQT_CSV_H

#include "wire.h"

struct mqt_csv {
    const char *at, *end;
    char separator;
    uint64_t line;
    struct mqt_buf text;    /* of the present row, fields NUL-terminated */
    struct mqt_buf offsets; /* size_t start of each field in text */
    struct mqt_cell *cells;
    size_t fields; /* of the row before the present one */
};

/* Guesses the separator from the first rows. text is borrowed. */
void mqt_csv_init(struct mqt_csv *csv, const char *text, size_t len);
void mqt_csv_clear(struct mqt_csv *csv);

/* more = false: the end. MQT_ERR_FORMAT: a quote that never closes, or a last row without a line end
 * that has fewer fields than the one before it: half a file. MQT_ERR_LIMIT: see above. */
enum mqt_err mqt_csv_next(struct mqt_csv *csv, struct mqt_row *row, bool *more, struct mqt_detail *detail) MQT_MUST_USE;

/* Reads the file and writes its table and rows to the wire; encoding may be NULL. */
enum mqt_err mqt_csv_send(const char *path, const char *encoding, struct mqt_wire *wire,
                          struct mqt_detail *detail) MQT_MUST_USE;

#endif
