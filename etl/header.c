#include "header.h"

#include "header_words.h"
#include "norm.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SEARCHED_ROWS = 20, KEY_BYTES = 128, CUT_BYTES = 9 };

static const char *const ROLE_NAMES[MQT_ROLE_COUNT] = {
    "",
    "code",
    "name",
    "estate",
    "number",
    "unit",
    "floor",
    "room",
    "floors_above",
    "floors_below",
    "height_m",
    "built_year",
    "use",
    "structure",
    "kind",
    "address",
    "lon",
    "lat",
    "easting",
    "northing",
    "level",
    "parent_code",
    "manager",
    "grid_code",
    "community",
    "subdistrict",
    "ticket_number",
    "reported_at",
    "closed_at",
    "category",
    "channel",
    "status",
    "severity",
    "title",
    "description",
    "phone",
    "person_name",
    "id_number",
    "sex",
    "birth",
    "person_kind",
    "household_kind",
    "household_no",
    "head_id_number",
    "head_name",
    "relation",
    "area_m2",
    "dwelling_use",
    "photo",
};

const char *mqt_role_name(enum mqt_role role)
{
    return ROLE_NAMES[role];
}

bool mqt_role_is_personal(enum mqt_role role)
{
    return role == MQT_ROLE_PHONE || role == MQT_ROLE_PERSON_NAME || role == MQT_ROLE_ID_NUMBER ||
           role == MQT_ROLE_HEAD_ID_NUMBER || role == MQT_ROLE_HEAD_NAME || role == MQT_ROLE_BIRTH;
}

/* The part of a name that is compared: "建筑高度（米）*" and "Building_Height (m)" lose their trimmings. */
static void key_of(const char *name, char key[KEY_BYTES])
{
    char plain[KEY_BYTES];
    size_t used = 0;
    const char *at, *end;

    end = plain + mqt_norm_key(name, strlen(name), plain, sizeof plain);
    at = plain;
    while (at < end) {
        const char *start = at;
        uint32_t c = mqt_norm_decode(&at, end);

        if (c == '(' || c == '[' || c == 0x3010 || c == '{') {
            break;
        }
        if (c == '_' || c == '-' || c == '*' || c == ':' || c == '/' || c == '.' || c == '?' || c == '#') {
            continue;
        }
        memcpy(key + used, start, (size_t)(at - start));
        used += (size_t)(at - start);
    }
    key[used] = '\0';
}

/* True when a word of the list equals key, or begins with it. */
static bool list_has(const char *words, const char *key, bool beginning)
{
    size_t len = strlen(key);

    for (const char *word = words; word != NULL; word = strchr(word, ' ')) {
        word += *word == ' ';
        if (strncmp(word, key, len) == 0 && (beginning || word[len] == ' ' || word[len] == '\0')) {
            return true;
        }
    }
    return false;
}

static enum mqt_role exact_role(const char *key)
{
    for (int role = 1; role < MQT_ROLE_COUNT; role++) {
        if (list_has(mqt_header_words[role], key, false)) {
            return (enum mqt_role)role;
        }
    }
    return MQT_ROLE_NONE;
}

/* A role that all words beginning with key agree on; NONE when they disagree. */
static enum mqt_role role_by_beginning(const char *key)
{
    enum mqt_role found = MQT_ROLE_NONE;

    for (int role = 1; role < MQT_ROLE_COUNT; role++) {
        if (!list_has(mqt_header_words[role], key, true)) {
            continue;
        }
        if (found != MQT_ROLE_NONE) {
            return MQT_ROLE_NONE;
        }
        found = (enum mqt_role)role;
    }
    return found;
}

enum mqt_role mqt_header_role(const char *name, bool cut)
{
    char key[KEY_BYTES];
    enum mqt_role role;

    key_of(name, key);
    if (key[0] == '\0') {
        return MQT_ROLE_NONE;
    }
    role = exact_role(key);
    /* Ten bytes are five characters in GBK (15 bytes here) or three in UTF-8 (9 bytes here). */
    if (role == MQT_ROLE_NONE && cut && strlen(key) >= CUT_BYTES) {
        role = role_by_beginning(key);
    }
    return role;
}

static enum mqt_err allocate(struct mqt_header *header, size_t count)
{
    memset(header, 0, sizeof *header);
    for (size_t role = 0; role < MQT_ROLE_COUNT; role++) {
        header->column_of[role] = SIZE_MAX;
    }
    header->column_count = count;
    header->names = calloc(count + 1, sizeof *header->names);
    header->roles = calloc(count + 1, sizeof *header->roles);
    header->meanings = calloc(count + 1, sizeof *header->meanings);
    if (header->names == NULL || header->roles == NULL || header->meanings == NULL) {
        mqt_header_clear(header);
        return MQT_ERR_MEMORY;
    }
    return MQT_OK;
}

void mqt_header_clear(struct mqt_header *header)
{
    for (size_t i = 0; header->names != NULL && i < header->column_count; i++) {
        free(header->names[i]);
    }
    free(header->names);
    free(header->roles);
    free(header->meanings);
    header->names = NULL;
    header->roles = NULL;
    header->meanings = NULL;
    header->column_count = 0;
}

static void give_role(struct mqt_header *header, size_t column, enum mqt_role role)
{
    header->meanings[column] = role;
    if (role != MQT_ROLE_NONE && header->column_of[role] == SIZE_MAX) {
        header->roles[column] = role;
        header->column_of[role] = column;
    }
}

enum mqt_err mqt_header_of_columns(const char *const *columns, size_t count, bool cut, struct mqt_header *header)
{
    struct mqt_header made;
    enum mqt_err err = allocate(&made, count);

    if (err != MQT_OK) {
        return err;
    }
    for (size_t i = 0; i < count; i++) {
        made.names[i] = strdup(columns[i]);
        if (made.names[i] == NULL) {
            mqt_header_clear(&made);
            return MQT_ERR_MEMORY;
        }
        give_role(&made, i, mqt_header_role(columns[i], cut));
    }
    *header = made;
    return MQT_OK;
}

static const char *cell_text(const struct mqt_row *row, size_t column)
{
    return column < row->cell_count && row->cells[column].text != NULL ? row->cells[column].text : "";
}

static bool is_blank_cell(const struct mqt_row *row, size_t column)
{
    char key[8];

    return mqt_norm_key(cell_text(row, column), strlen(cell_text(row, column)), key, sizeof key) == 0;
}

static bool is_blank_column(const struct mqt_row *rows, size_t count, size_t column)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_blank_cell(&rows[i], column)) {
            return false;
        }
    }
    return true;
}

void mqt_header_prefer_filled(struct mqt_header *header, const struct mqt_row *rows, size_t count)
{
    for (size_t i = 0; i < header->column_count; i++) {
        enum mqt_role role = header->meanings[i];
        size_t first = header->column_of[role];

        if (role != MQT_ROLE_NONE && first != i && is_blank_column(rows, count, first) &&
            !is_blank_column(rows, count, i)) {
            header->roles[first] = MQT_ROLE_NONE;
            header->roles[i] = role;
            header->column_of[role] = i;
        }
    }
}

static size_t filled_cells(const struct mqt_row *row)
{
    size_t filled = 0;

    for (size_t i = 0; i < row->cell_count; i++) {
        filled += !is_blank_cell(row, i);
    }
    return filled;
}

/* Header cells are words: a row with a number in it is data. */
static bool has_number(const struct mqt_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        char key[KEY_BYTES];
        size_t len = mqt_norm_key(cell_text(row, i), strlen(cell_text(row, i)), key, sizeof key);

        if (len > 0 && strspn(key, "0123456789.+-") == len) {
            return true;
        }
    }
    return false;
}

/* What a column is called when row and the row below it are one merged header; writes to name. */
static void flattened_name(const struct mqt_row *upper, const struct mqt_row *lower, size_t column, char *name,
                           size_t size)
{
    size_t from = column;

    if (is_blank_cell(lower, column)) {
        mqt_norm_text(cell_text(upper, column), strlen(cell_text(upper, column)), name, size);
        return;
    }
    /* A heading merged over several columns stands in the first of them. */
    while (from > 0 && is_blank_cell(upper, from)) {
        from--;
    }
    /* "户主" over "姓名" is 户主姓名 when that is a known name, else plain 姓名. */
    if (!is_blank_cell(upper, from)) {
        char joined[2 * KEY_BYTES], part[KEY_BYTES];
        size_t len = mqt_norm_text(cell_text(upper, from), strlen(cell_text(upper, from)), part, sizeof part);

        memcpy(joined, part, len);
        len += mqt_norm_text(cell_text(lower, column), strlen(cell_text(lower, column)), joined + len, KEY_BYTES);
        if (len < size && mqt_header_role(joined, false) != MQT_ROLE_NONE) {
            memcpy(name, joined, len + 1);
            return;
        }
    }
    mqt_norm_text(cell_text(lower, column), strlen(cell_text(lower, column)), name, size);
}

static void column_name(const struct mqt_row *rows, size_t header_rows, size_t column, char *name, size_t size)
{
    if (header_rows == 2) {
        flattened_name(&rows[0], &rows[1], column, name, size);
    } else {
        mqt_norm_text(cell_text(&rows[0], column), strlen(cell_text(&rows[0], column)), name, size);
    }
}

static size_t width_of(const struct mqt_row *rows, size_t header_rows)
{
    size_t width = rows[0].cell_count;

    if (header_rows == 2 && rows[1].cell_count > width) {
        width = rows[1].cell_count;
    }
    return width;
}

/* Different roles among the columns when the header begins at rows[0]. */
static size_t score(const struct mqt_row *rows, size_t header_rows)
{
    bool seen[MQT_ROLE_COUNT] = {false};
    size_t count = 0, width = width_of(rows, header_rows);

    for (size_t i = 0; i < width; i++) {
        char name[2 * KEY_BYTES];
        enum mqt_role role;

        column_name(rows, header_rows, i, name, sizeof name);
        role = mqt_header_role(name, false);
        if (role != MQT_ROLE_NONE && !seen[role]) {
            seen[role] = true;
            count++;
        }
    }
    return count;
}

/* True when the upper row names a column that the lower one leaves blank, as 序号 merged downwards. */
static bool fills_gaps(const struct mqt_row *upper, const struct mqt_row *lower)
{
    for (size_t i = 0; i < upper->cell_count; i++) {
        if (!is_blank_cell(upper, i) && is_blank_cell(lower, i)) {
            return true;
        }
    }
    return false;
}

/* Where the header begins and of how many rows it is; false when no row is one. */
static bool find_header(const struct mqt_row *rows, size_t count, size_t *start, size_t *header_rows)
{
    size_t best = 0;

    for (size_t i = 0; i < count && i < MAX_SEARCHED_ROWS; i++) {
        size_t single, both;

        if (has_number(&rows[i])) {
            continue;
        }
        single = score(&rows[i], 1);
        both = i + 1 < count && !has_number(&rows[i + 1]) && filled_cells(&rows[i]) > 1 ? score(&rows[i], 2) : 0;
        if (single > best) {
            best = single;
            *start = i;
            *header_rows = 1;
        }
        if (both > best && (both > score(&rows[i + 1], 1) || fills_gaps(&rows[i], &rows[i + 1]))) {
            best = both;
            *start = i;
            *header_rows = 2;
        }
    }
    if (best > 0) {
        return true;
    }
    /* No known word at all: the first row of words that fills most columns, for free layers. */
    for (size_t i = 0; i < count && i < MAX_SEARCHED_ROWS; i++) {
        if (filled_cells(&rows[i]) >= 2 && !has_number(&rows[i])) {
            *start = i;
            *header_rows = 1;
            return true;
        }
    }
    return false;
}

enum mqt_err mqt_header_of_rows(const struct mqt_row *rows, size_t count, struct mqt_header *header,
                                struct mqt_detail *detail)
{
    struct mqt_header made;
    size_t start = 0, header_rows = 0;
    enum mqt_err err;

    if (!find_header(rows, count, &start, &header_rows)) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "none of the first %zu rows looks like a header",
                        count < MAX_SEARCHED_ROWS ? count : (size_t)MAX_SEARCHED_ROWS);
    }
    err = allocate(&made, width_of(&rows[start], header_rows));
    if (err != MQT_OK) {
        return err;
    }
    made.title_rows = start;
    made.header_rows = header_rows;
    for (size_t i = 0; i < made.column_count; i++) {
        char name[2 * KEY_BYTES];

        column_name(&rows[start], header_rows, i, name, sizeof name);
        made.names[i] = strdup(name);
        if (made.names[i] == NULL) {
            mqt_header_clear(&made);
            return MQT_ERR_MEMORY;
        }
        give_role(&made, i, mqt_header_role(name, false));
    }
    *header = made;
    return MQT_OK;
}

bool mqt_header_is_total(const struct mqt_row *row)
{
    static const char *const words[] = {"合计", "小计", "总计", "共计", "总数", "total", "subtotal", "sum"};

    for (size_t i = 0; i < row->cell_count; i++) {
        char key[KEY_BYTES];

        if (mqt_norm_key(cell_text(row, i), strlen(cell_text(row, i)), key, sizeof key) == 0) {
            continue;
        }
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
            size_t len = strlen(words[w]);

            /* "合计", "合计：", "合计120户", but not a name that merely begins with the word. */
            if (strncmp(key, words[w], len) == 0 &&
                (key[len] == '\0' || key[len] == ':' || (key[len] >= '0' && key[len] <= '9'))) {
                return true;
            }
        }
        /* Only the first filled cell speaks for the row. */
        return false;
    }
    return false;
}
