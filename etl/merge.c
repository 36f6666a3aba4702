#include "merge.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_BYTES = 256, MAX_ROW = 1048576, MAX_COLUMN = 16384, MAX_RANGES = 1 << 20, MAX_TEXT_BYTES = 1 << 20 };

struct range {
    uint64_t first_row, last_row; /* last > first */
    size_t column;                /* the first */
};

/* What goes down in a column. */
struct fill {
    uint64_t last_row;
    struct mqt_buf text;
};

struct mqt_merges {
    XML_Parser parser;
    struct mqt_buf ranges; /* of struct range, sorted by their first row once they are all there */
    size_t next;           /* the first range that has not begun yet */
    struct fill *fills;    /* one a column */
};

/* The name without its prefix: writers choose their own. */
static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon == NULL ? name : colon + 1;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2) {
        if (strcmp(local_name(attributes[0]), name) == 0) {
            return attributes[1];
        }
    }
    return NULL;
}

/* "AB12": column 27, row 12. Returns where it ends, NULL when it is none. */
static const char *read_cell(const char *text, size_t *column, uint64_t *row)
{
    size_t letters = 0, figures = 0;

    *column = 0;
    *row = 0;
    while (text[letters] >= 'A' && text[letters] <= 'Z' && *column <= MAX_COLUMN) {
        *column = *column * 26 + (size_t)(text[letters] - 'A') + 1;
        letters++;
    }
    while (text[letters + figures] >= '0' && text[letters + figures] <= '9' && *row <= MAX_ROW) {
        *row = *row * 10 + (uint64_t)(text[letters + figures] - '0');
        figures++;
    }
    if (letters == 0 || *column > MAX_COLUMN || *row == 0 || *row > MAX_ROW) {
        return NULL;
    }
    *column -= 1;
    return text + letters + figures;
}

static void start_merge(void *user, const char *name, const char **attributes)
{
    struct mqt_merges *merges = user;
    const char *text = strcmp(local_name(name), "mergeCell") == 0 ? attribute(attributes, "ref") : NULL;
    struct range range;
    size_t last_column;

    if (text == NULL) {
        return;
    }
    text = read_cell(text, &range.column, &range.first_row);
    if (text != NULL && *text == ':' && read_cell(text + 1, &last_column, &range.last_row) != NULL &&
        range.last_row > range.first_row && range.column < MQT_WIRE_MAX_COLUMNS) {
        mqt_buf_add(&merges->ranges, &range, sizeof range);
    }
}

enum mqt_err mqt_merges_new(struct mqt_merges **merges)
{
    struct mqt_merges *made = calloc(1, sizeof *made);

    if (made != NULL) {
        made->parser = XML_ParserCreate(NULL);
        made->fills = calloc(MQT_WIRE_MAX_COLUMNS, sizeof *made->fills);
    }
    if (made == NULL || made->parser == NULL || made->fills == NULL) {
        mqt_merges_free(made);
        return MQT_ERR_MEMORY;
    }
    mqt_buf_init(&made->ranges, MAX_RANGES * sizeof(struct range));
    for (size_t i = 0; i < MQT_WIRE_MAX_COLUMNS; i++) {
        mqt_buf_init(&made->fills[i].text, MAX_TEXT_BYTES);
    }
    XML_SetUserData(made->parser, made);
    XML_SetStartElementHandler(made->parser, start_merge);
    *merges = made;
    return MQT_OK;
}

void mqt_merges_free(struct mqt_merges *merges)
{
    if (merges == NULL) {
        return;
    }
    if (merges->parser != NULL) {
        XML_ParserFree(merges->parser);
    }
    for (size_t i = 0; merges->fills != NULL && i < MQT_WIRE_MAX_COLUMNS; i++) {
        mqt_buf_clear(&merges->fills[i].text);
    }
    mqt_buf_clear(&merges->ranges);
    free(merges->fills);
    free(merges);
}

static int by_first_row(const void *a, const void *b)
{
    const struct range *p = a, *q = b;

    return p->first_row < q->first_row ? -1 : p->first_row > q->first_row;
}

enum mqt_err mqt_merges_add(struct mqt_merges *merges, const void *xml, size_t len, bool last)
{
    if (len > INT32_MAX || XML_Parse(merges->parser, xml, (int)len, last) != XML_STATUS_OK) {
        return MQT_ERR_FORMAT;
    }
    if (mqt_buf_err(&merges->ranges) != MQT_OK) {
        return mqt_buf_err(&merges->ranges);
    }
    if (last && merges->ranges.len > 0) {
        qsort(merges->ranges.data, merges->ranges.len / sizeof(struct range), sizeof(struct range), by_first_row);
    }
    return MQT_OK;
}

/* A range that begins in this row, or began in one that was blank, takes its text from here. */
static enum mqt_err begin_range(struct mqt_merges *merges, const struct range *range, uint64_t row,
                                const struct mqt_cell *cell)
{
    struct fill *fill = &merges->fills[range->column];

    fill->last_row = 0;
    if (cell->text == NULL || range->last_row <= row) {
        return MQT_OK;
    }
    mqt_buf_reset(&fill->text);
    mqt_buf_add(&fill->text, cell->text, cell->len);
    mqt_buf_add_byte(&fill->text, 0);
    fill->last_row = range->last_row;
    return mqt_buf_err(&fill->text);
}

enum mqt_err mqt_merges_fill(struct mqt_merges *merges, uint64_t row, struct mqt_cell *cells, size_t cell_count)
{
    const struct range *ranges = (const struct range *)(const void *)merges->ranges.data;
    size_t count = merges->ranges.len / sizeof *ranges;
    enum mqt_err err = MQT_OK;

    for (; merges->next < count && ranges[merges->next].first_row <= row && err == MQT_OK; merges->next++) {
        if (ranges[merges->next].column < cell_count) {
            err = begin_range(merges, &ranges[merges->next], row, &cells[ranges[merges->next].column]);
        }
    }
    for (size_t i = 0; i < cell_count && count > 0 && err == MQT_OK; i++) {
        const struct fill *fill = &merges->fills[i];

        if (fill->last_row >= row && cells[i].text == NULL) {
            cells[i] = (struct mqt_cell){(const char *)fill->text.data, fill->text.len - 1};
        }
    }
    return err;
}

/* One element is looked for by one attribute; another attribute of it is the answer. */
struct search {
    const char *element, *key, *wanted, *answer;
    char found[ID_BYTES];
};

static void start_search(void *user, const char *name, const char **attributes)
{
    struct search *search = user;
    const char *key, *answer;

    if (search->found[0] != '\0' || strcmp(local_name(name), search->element) != 0) {
        return;
    }
    key = attribute(attributes, search->key);
    answer = attribute(attributes, search->answer);
    if (key != NULL && answer != NULL && strcmp(key, search->wanted) == 0 && strlen(answer) < ID_BYTES) {
        memcpy(search->found, answer, strlen(answer) + 1);
    }
}

static enum mqt_err look_up(const void *xml, size_t len, struct search *search)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    enum mqt_err err = MQT_OK;

    if (parser == NULL) {
        return MQT_ERR_MEMORY;
    }
    XML_SetUserData(parser, search);
    XML_SetStartElementHandler(parser, start_search);
    if (len > INT32_MAX || XML_Parse(parser, xml, (int)len, XML_TRUE) != XML_STATUS_OK) {
        err = MQT_ERR_FORMAT;
    } else if (search->found[0] == '\0') {
        err = MQT_ERR_NOT_FOUND;
    }
    XML_ParserFree(parser);
    return err;
}

enum mqt_err mqt_merges_find_sheet(const void *workbook, size_t workbook_len, const void *relations,
                                   size_t relations_len, const char *sheet, char *part, size_t size)
{
    /* A sheet has two ids: r:id, which is asked for, and sheetId, whose local name is another one. */
    struct search id = {.element = "sheet", .key = "name", .wanted = sheet, .answer = "id"};
    struct search target = {.element = "Relationship", .key = "Id", .wanted = id.found, .answer = "Target"};
    enum mqt_err err = look_up(workbook, workbook_len, &id);
    bool absolute;

    if (err == MQT_OK) {
        err = look_up(relations, relations_len, &target);
    }
    if (err != MQT_OK) {
        return err;
    }
    absolute = target.found[0] == '/';
    if (strstr(target.found, "..") != NULL || strlen(target.found) + sizeof "xl/" > size) {
        return MQT_ERR_FORMAT;
    }
    snprintf(part, size, "%s%s", absolute ? "" : "xl/", target.found + absolute);
    return MQT_OK;
}
