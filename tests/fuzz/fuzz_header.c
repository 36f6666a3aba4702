/* Any text as the first rows of a sheet, tabs between cells: a header whose parts agree, or a refusal. */
#include "../../etl/detect.h"
#include "../../etl/header.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_ROWS = 12, MAX_CELLS = 24 };

struct sheet {
    struct mqt_cell cells[MAX_ROWS][MAX_CELLS];
    struct mqt_row rows[MAX_ROWS];
    size_t count;
};

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Cuts text, which it writes to, at tabs and line ends. */
static void make_sheet(char *text, size_t len, struct sheet *sheet)
{
    size_t cell = 0;
    char *start = text;

    sheet->count = 0;
    for (size_t i = 0; i <= len && sheet->count < MAX_ROWS; i++) {
        char c = text[i];

        if (c != '\t' && c != '\n' && i < len) {
            continue;
        }
        text[i] = '\0';
        if (cell < MAX_CELLS) {
            sheet->cells[sheet->count][cell].text = start[0] == '\0' ? NULL : start;
            sheet->cells[sheet->count][cell].len = strlen(start);
            cell++;
        }
        start = text + i + 1;
        if (c == '\n' || i == len) {
            sheet->rows[sheet->count] =
                (struct mqt_row){.number = sheet->count + 1, .cell_count = cell, .cells = sheet->cells[sheet->count]};
            sheet->count++;
            cell = 0;
        }
    }
}

static void check_header(const struct mqt_header *header, size_t rows)
{
    require(header->title_rows + header->header_rows <= rows && header->header_rows >= 1 && header->header_rows <= 2);
    for (size_t i = 0; i < header->column_count; i++) {
        require(header->names[i] != NULL);
        require(header->roles[i] == MQT_ROLE_NONE || header->column_of[header->roles[i]] == i);
    }
    for (int role = 1; role < MQT_ROLE_COUNT; role++) {
        size_t column = header->column_of[role];

        require(column == SIZE_MAX || (column < header->column_count && header->roles[column] == (enum mqt_role)role));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct sheet *sheet = calloc(1, sizeof *sheet);
    struct mqt_header header;
    struct mqt_detail detail = {0};

    require(text != NULL && sheet != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    make_sheet(text, size, sheet);
    for (size_t i = 0; i < sheet->count; i++) {
        (void)mqt_header_is_total(&sheet->rows[i]);
    }
    if (mqt_header_of_rows(sheet->rows, sheet->count, &header, &detail) == MQT_OK) {
        struct mqt_table table = {.name = "x", .shape = MQT_TABLE_ANY};
        const char *kind = NULL;

        check_header(&header, sheet->count);
        require((mqt_detect_kind(&table, &header, &kind, &detail) == MQT_OK) == (kind != NULL));
        mqt_header_clear(&header);
    } else {
        require(detail.text[0] != '\0');
    }
    free(sheet);
    free(text);
    return 0;
}
