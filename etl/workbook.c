#include "workbook.h"

#include <stdlib.h>
#include <xlsxwriter.h>

struct mqt_workbook {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *styles[MQT_WORKBOOK_STYLES];
    lxw_error err;
};

static void make_styles(struct mqt_workbook *workbook)
{
    for (int i = MQT_WORKBOOK_TITLE; i < MQT_WORKBOOK_STYLES; ++i) {
        lxw_format *style = workbook_add_format(workbook->book);
        workbook->styles[i] = style;
        if (style) {
            if (i != MQT_WORKBOOK_CELL) {
                format_set_bold(style);
            }
            format_set_align(style, LXW_ALIGN_CENTER);
            format_set_align(style, LXW_ALIGN_VERTICAL_CENTER);
            if (i == MQT_WORKBOOK_TITLE) {
                format_set_font_size(style, 16);
            } else {
                format_set_border(style, LXW_BORDER_THIN);
            }
        }
    }
}

enum mqt_err mqt_workbook_open(const char *path, const char *sheet, int64_t created_s, struct mqt_workbook **workbook,
                               struct mqt_detail *detail)
{
    struct mqt_workbook *fresh = calloc(1, sizeof *fresh);
    if (fresh) {
        fresh->book = workbook_new(path);
    }
    if (!fresh || !fresh->book) {
        free(fresh);
        return mqt_fail(detail, MQT_ERR_MEMORY, "%s: no memory for a workbook", path);
    }
    fresh->sheet = workbook_add_worksheet(fresh->book, sheet);
    lxw_doc_properties properties = {.created = (time_t)created_s};
    fresh->err = workbook_set_properties(fresh->book, &properties);
    make_styles(fresh);
    if (!fresh->sheet) {
        (void)workbook_close(fresh->book);
        free(fresh);
        return mqt_fail(detail, MQT_ERR_PARAM, "%s: the sheet's name cannot be used", path);
    }
    *workbook = fresh;
    return MQT_OK;
}

static void remember(struct mqt_workbook *workbook, lxw_error err)
{
    if (workbook->err == LXW_NO_ERROR) {
        workbook->err = err;
    }
}

void mqt_workbook_text(struct mqt_workbook *workbook, uint32_t row, uint16_t column, const char *text)
{
    if (*text) {
        remember(workbook, worksheet_write_string(workbook->sheet, row, column, text, NULL));
    }
}

void mqt_workbook_number(struct mqt_workbook *workbook, uint32_t row, uint16_t column, double number)
{
    remember(workbook, worksheet_write_number(workbook->sheet, row, column, number, NULL));
}

void mqt_workbook_head(struct mqt_workbook *workbook, uint32_t row, uint16_t column, const char *text)
{
    remember(workbook, worksheet_write_string(workbook->sheet, row, column, text, workbook->styles[MQT_WORKBOOK_HEAD]));
}

void mqt_workbook_merge(struct mqt_workbook *workbook, uint32_t row0, uint16_t column0, uint32_t row1, uint16_t column1,
                        const char *text, enum mqt_workbook_style style)
{
    remember(workbook,
             worksheet_merge_range(workbook->sheet, row0, column0, row1, column1, text, workbook->styles[style]));
}

void mqt_workbook_width(struct mqt_workbook *workbook, uint16_t column, double characters)
{
    remember(workbook, worksheet_set_column(workbook->sheet, column, column, characters, NULL));
}

enum mqt_err mqt_workbook_close(struct mqt_workbook *workbook, struct mqt_detail *detail)
{
    if (!workbook) {
        return MQT_OK;
    }
    remember(workbook, workbook_close(workbook->book));
    lxw_error err = workbook->err;
    free(workbook);
    if (err != LXW_NO_ERROR) {
        return mqt_fail(detail, MQT_ERR_IO, "the workbook cannot be written: %s", lxw_strerror(err));
    }
    return MQT_OK;
}
