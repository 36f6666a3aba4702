/* Writes an Excel workbook with one sheet, through libxlsxwriter.
 *
 * Rows and columns count from 0. Texts are UTF-8 and copied. One thread at a time. The file exists
 * only after mqt_workbook_close; the first failure is remembered and reported there.
 */
#ifndef MQT_WORKBOOK_H
#define MQT_WORKBOOK_H

#include "../tiles/err.h"

#include <stdint.h>

struct mqt_workbook;

enum mqt_workbook_style {
    MQT_WORKBOOK_PLAIN,
    MQT_WORKBOOK_TITLE,
    MQT_WORKBOOK_HEAD,
    MQT_WORKBOOK_CELL, /* of data, merged */
    MQT_WORKBOOK_STYLES
};

/* created_s: Unix time that the file says it was made at. */
enum mqt_err mqt_workbook_open(const char *path, const char *sheet, int64_t created_s, struct mqt_workbook **workbook,
                               struct mqt_detail *detail) MQT_MUST_USE;

/* "" leaves the cell empty. */
void mqt_workbook_text(struct mqt_workbook *workbook, uint32_t row, uint16_t column, const char *text);
void mqt_workbook_number(struct mqt_workbook *workbook, uint32_t row, uint16_t column, double number);
void mqt_workbook_head(struct mqt_workbook *workbook, uint32_t row, uint16_t column, const char *text);

/* One cell over several. */
void mqt_workbook_merge(struct mqt_workbook *workbook, uint32_t row0, uint16_t column0, uint32_t row1, uint16_t column1,
                        const char *text, enum mqt_workbook_style style);
void mqt_workbook_width(struct mqt_workbook *workbook, uint16_t column, double characters);

/* Writes the file and frees the workbook, also when it fails. NULL is MQT_OK. */
enum mqt_err mqt_workbook_close(struct mqt_workbook *workbook, struct mqt_detail *detail) MQT_MUST_USE;

#endif
