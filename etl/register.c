#include "register.h"

#include "calendar.h"
#include "resident.h"
#include "roll.h"
#include "scale.h"
#include "workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_STREAM = 7, PATH_BYTES = 4096, FIRST_ROW = 3, TEXT_BYTES = 128 };

enum column {
    SERIAL,
    ESTATE,
    NUMBER,
    UNIT,
    ROOM,
    AREA,
    HOUSEHOLD,
    HOUSEHOLD_KIND,
    NAME,
    ID_NUMBER,
    RELATION,
    PHONE,
    PERSON_KIND,
    ENTERED,
    COLUMNS
};

/* How many of the buildings have their estate and number in one cell over all their rows. */
static const double MERGED_SHARE = 0.4;

struct sheet {
    const struct mqt_town *town;
    const struct mqt_register *part;
    struct mqt_workbook *workbook;
    struct mqt_random random;
    struct mqt_account account;
    uint32_t row;
    int serial;
    int filled_down; /* rows that get estate and number from a merged cell */
};

static void write_head(struct sheet *sheet)
{
    static const char *const titles[COLUMNS] = {"序号",       "小区名称", "楼号",     "单元",    "房号",
                                                "建筑面积",   "户号",     "户籍类型", "姓名",    "身份证号",
                                                "与户主关系", "手机号",   "人员类型", "登记日期"};
    static const double widths[COLUMNS] = {7, 12, 9, 8, 8, 10, 12, 10, 10, 22, 12, 14, 12, 12};
    char title[128];
    struct mqt_moment until = mqt_calendar_local(sheet->town->until_s);
    struct mqt_workbook *workbook = sheet->workbook;
    (void)snprintf(title, sizeof title, "%s户籍登记表（%d年%d月）", sheet->part->place, until.year, until.month);
    mqt_workbook_merge(workbook, 0, 0, 0, COLUMNS - 1, title, MQT_WORKBOOK_TITLE);
    mqt_workbook_merge(workbook, 1, 0, 2, 0, titles[0], MQT_WORKBOOK_HEAD);
    mqt_workbook_merge(workbook, 1, ESTATE, 1, AREA, "房屋情况", MQT_WORKBOOK_HEAD);
    mqt_workbook_merge(workbook, 1, HOUSEHOLD, 1, HOUSEHOLD_KIND, "家庭情况", MQT_WORKBOOK_HEAD);
    mqt_workbook_merge(workbook, 1, NAME, 1, ENTERED, "人员情况", MQT_WORKBOOK_HEAD);
    for (uint16_t column = 1; column < COLUMNS; ++column) {
        mqt_workbook_head(workbook, 2, column, titles[column]);
    }
    for (uint16_t column = 0; column < COLUMNS; ++column) {
        mqt_workbook_width(workbook, column, widths[column]);
    }
    mqt_account_row(&sheet->account, 1, MQT_DIRT_TITLE);
    mqt_account_row(&sheet->account, 3, MQT_DIRT_HEADER_BELOW);
    sheet->row = FIRST_ROW;
}

/* The same number, wrong or written otherwise; out holds TEXT_BYTES. */
static void spoil_number(enum mqt_dirt dirt, const char *number, char *out)
{
    char digit = number[17];
    (void)snprintf(out, TEXT_BYTES, "%s", number);
    switch (dirt) {
    case MQT_DIRT_ID_CHECKSUM:
        out[17] = digit == 'X' ? '0' : digit == '9' ? 'X' : (char)(digit + 1);
        if (strcmp(out + 15, "000") == 0) { /* that would be a lost tail */
            out[17] = '1';
        }
        break;
    case MQT_DIRT_ID_DATE:
        memcpy(out + 10, "0230", 4);
        out[17] = mqt_resident_check_digit(out);
        break;
    case MQT_DIRT_ID_LENGTH:
        out[17] = '\0';
        break;
    case MQT_DIRT_ID_OLD: /* without the century and the check digit */
        memmove(out + 6, number + 8, 9);
        out[15] = '\0';
        break;
    case MQT_DIRT_ID_CYRILLIC:
        (void)snprintf(out + 17, TEXT_BYTES - 17, "%s", (number[16] - '0') / 2 % 2 == 0 ? "Х" : "x");
        break;
    case MQT_DIRT_ID_FULL_WIDTH:
        mqt_dirt_full_width(number, out, TEXT_BYTES);
        break;
    case MQT_DIRT_ID_ABSENT:
        (void)snprintf(out, TEXT_BYTES, "%s", number[16] % 2 == 0 ? "无" : "—");
        break;
    default:
        break;
    }
}

static void write_id_number(struct sheet *sheet, size_t index, enum mqt_dirt dirt)
{
    const struct mqt_town_person *person = &sheet->town->persons.at[index];
    char text[TEXT_BYTES];
    if (dirt == MQT_DIRT_ID_AS_NUMBER) { /* what a spreadsheet keeps of 18 digits */
        (void)snprintf(text, sizeof text, "%.15s000", person->id_number);
        mqt_workbook_number(sheet->workbook, sheet->row, ID_NUMBER, strtod(text, NULL));
        return;
    }
    if (mqt_roll_is_foreign(person)) { /* P99 begins nobody's passport */
        (void)snprintf(text, sizeof text, "P99%07zu", index % 10000000);
    } else {
        spoil_number(dirt, person->id_number, text);
    }
    mqt_workbook_text(sheet->workbook, sheet->row, ID_NUMBER, text);
}

/* The parts of an address as this row writes them. */
struct place {
    char number[TEXT_BYTES];
    char unit[TEXT_BYTES];
    char room[TEXT_BYTES];
};

static void spoil_both(void (*spoil)(const char *, char *, size_t), struct place *place)
{
    char text[TEXT_BYTES];
    spoil(place->unit, text, sizeof text);
    memcpy(place->unit, text, sizeof text);
    spoil(place->room, text, sizeof text);
    memcpy(place->room, text, sizeof text);
}

static void write_other_words(const char *bare, int serial, const struct mqt_town_dwelling *dwelling,
                              struct place *place)
{
    static const char *const words[] = {"栋", "幢", "#", "座"};
    (void)snprintf(place->number, sizeof place->number, "%s%s", bare, words[serial % 4]);
    (void)snprintf(place->unit, sizeof place->unit, "%d门", dwelling->unit);
    (void)snprintf(place->room, sizeof place->room, "%d号", dwelling->room);
}

static void spoil_place(const struct sheet *sheet, const struct mqt_roll_row *row,
                        const struct mqt_town_building *building, struct place *place)
{
    static const char *const absent[] = {"", "无", "—"};
    const struct mqt_town_dwelling *dwelling =
        &sheet->town->dwellings.at[sheet->town->households.at[row->household].dwelling];
    char bare[TEXT_BYTES];
    (void)snprintf(bare, sizeof bare, "%.*s", (int)(strlen(building->number) - strlen("号楼")), building->number);
    switch (row->dirt) {
    case MQT_DIRT_FULL_WIDTH:
        spoil_both(mqt_dirt_full_width, place);
        break;
    case MQT_DIRT_ZERO_WIDTH:
        spoil_both(mqt_dirt_zero_width, place);
        break;
    case MQT_DIRT_NUMERALS:
        spoil_both(mqt_dirt_numerals, place);
        break;
    case MQT_DIRT_OTHER_WORD:
        write_other_words(bare, sheet->serial, dwelling, place);
        break;
    case MQT_DIRT_ALL_IN_ROOM:
        (void)snprintf(place->room, sizeof place->room, "%.40s-%d-%d", bare, dwelling->unit, dwelling->room);
        place->number[0] = '\0';
        place->unit[0] = '\0';
        break;
    case MQT_DIRT_UNIT_FILLABLE:
    case MQT_DIRT_UNIT_AMBIGUOUS:
        (void)snprintf(place->unit, sizeof place->unit, "%s", absent[sheet->serial % 3]);
        break;
    case MQT_DIRT_BUILDING_UNKNOWN:
        (void)snprintf(place->number, sizeof place->number, "%d号楼", 900 + sheet->serial % 90);
        break;
    case MQT_DIRT_ROOM_MISSING:
        (void)snprintf(place->room, sizeof place->room, "%s", absent[sheet->serial % 3]);
        break;
    default:
        break;
    }
}

/* Days of entry run through the years; one in another dwelling is the later one. */
static void write_entered(struct sheet *sheet, const struct mqt_roll_row *row)
{
    char text[32];
    size_t i = row->person;
    bool later = row->dirt == MQT_DIRT_TWICE_AWAY;
    (void)snprintf(text, sizeof text, "%d-%02d-%02d", later ? 2025 : 2006 + (int)(i * 7 % 19),
                   row->dirt == MQT_DIRT_ENTRY_DATE ? 13 : 1 + (int)(i * 5 % 12), 1 + (int)(i * 11 % 28));
    mqt_workbook_text(sheet->workbook, sheet->row, ENTERED, text);
}

/* in_merge: estate and number stand in the merged cell above. */
static void write_row(struct sheet *sheet, const struct mqt_roll_row *row, bool in_merge)
{
    const struct mqt_town *town = sheet->town;
    const struct mqt_town_person *person = &town->persons.at[row->person];
    const struct mqt_town_household *home = &town->households.at[row->household];
    const struct mqt_town_dwelling *dwelling = &town->dwellings.at[home->dwelling];
    const struct mqt_town_building *building = &town->buildings.at[dwelling->building];
    struct mqt_workbook *workbook = sheet->workbook;
    bool unknown = row->dirt == MQT_DIRT_ABSENT_MARK;
    struct place place;
    mqt_account_row(&sheet->account, sheet->row + 1, row->dirt);
    (void)snprintf(place.number, sizeof place.number, "%s", building->number);
    (void)snprintf(place.unit, sizeof place.unit, "%d单元", dwelling->unit);
    (void)snprintf(place.room, sizeof place.room, "%d", dwelling->room);
    mqt_workbook_number(workbook, sheet->row, SERIAL, ++sheet->serial);
    spoil_place(sheet, row, building, &place);
    if (!in_merge) {
        mqt_workbook_text(workbook, sheet->row, ESTATE, town->estates.at[building->estate].name);
        mqt_workbook_text(workbook, sheet->row, NUMBER, place.number);
    }
    mqt_workbook_text(workbook, sheet->row, UNIT, place.unit);
    mqt_workbook_text(workbook, sheet->row, ROOM, place.room);
    mqt_workbook_number(workbook, sheet->row, AREA, dwelling->area_m2);
    mqt_workbook_text(workbook, sheet->row, HOUSEHOLD, home->number);
    mqt_workbook_text(workbook, sheet->row, HOUSEHOLD_KIND, home->kind);
    mqt_workbook_text(workbook, sheet->row, NAME, person->name);
    write_id_number(sheet, row->person, row->dirt);
    mqt_workbook_text(workbook, sheet->row, RELATION, person->relation);
    mqt_workbook_text(workbook, sheet->row, PHONE, unknown ? "无" : person->phone);
    mqt_workbook_text(workbook, sheet->row, PERSON_KIND,
                      row->dirt == MQT_DIRT_TWICE_AWAY ? "人户分离"
                      : unknown                        ? "—"
                                                       : person->kind);
    write_entered(sheet, row);
    ++sheet->row;
}

static void write_total(struct sheet *sheet, const char *word, size_t persons)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%zu人", persons);
    mqt_account_row(&sheet->account, sheet->row + 1, MQT_DIRT_TOTAL);
    mqt_workbook_text(sheet->workbook, sheet->row, SERIAL, word);
    mqt_workbook_text(sheet->workbook, sheet->row, NAME, text);
    ++sheet->row;
}

static size_t building_index(const struct mqt_town *town, const struct mqt_roll_row *row)
{
    return town->dwellings.at[town->households.at[row->household].dwelling].building;
}

/* The rows of one building, from first to end. */
static void write_building(struct sheet *sheet, const struct mqt_roll *roll, size_t first, size_t end)
{
    const struct mqt_town *town = sheet->town;
    const struct mqt_town_building *building = &town->buildings.at[building_index(town, &roll->rows[first])];
    bool merged = end - first > 1 && mqt_random_chance(&sheet->random, MERGED_SHARE);
    if (merged) {
        uint32_t last = sheet->row + (uint32_t)(end - first) - 1;
        mqt_workbook_merge(sheet->workbook, sheet->row, ESTATE, last, ESTATE, town->estates.at[building->estate].name,
                           MQT_WORKBOOK_CELL);
        mqt_workbook_merge(sheet->workbook, sheet->row, NUMBER, last, NUMBER, building->number, MQT_WORKBOOK_CELL);
        sheet->filled_down += (int)(end - first) - 1;
    }
    for (size_t i = first; i < end; ++i) {
        write_row(sheet, &roll->rows[i], merged);
    }
    if (merged) {
        write_total(sheet, "小计", end - first);
    }
}

static void write_people(struct sheet *sheet, const struct mqt_roll *roll)
{
    for (size_t first = 0; first < roll->apart;) {
        size_t end = first + 1;
        while (end < roll->apart &&
               building_index(sheet->town, &roll->rows[end]) == building_index(sheet->town, &roll->rows[first])) {
            ++end;
        }
        write_building(sheet, roll, first, end);
        first = end;
    }
    for (size_t i = roll->apart; i < roll->count; ++i) {
        write_row(sheet, &roll->rows[i], false);
    }
    write_total(sheet, "合计", roll->count);
}

enum mqt_err mqt_register_write(const struct mqt_town *town, const struct mqt_register *part, const char *dir,
                                struct mqt_truth *truth, struct mqt_detail *detail)
{
    char path[PATH_BYTES];
    struct sheet sheet = {.town = town,
                          .part = part,
                          .random = mqt_random_start(town->seed, RANDOM_STREAM + 1000 * part->serial),
                          .account = mqt_account_open(truth, part->name)};
    struct mqt_roll roll;
    if (mqt_roll_make(town, part, &sheet.random, &roll) != MQT_OK) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for %s", part->name);
    }
    (void)snprintf(path, sizeof path, "%s/%s", dir, sheet.account.file);
    enum mqt_err err = mqt_workbook_open(path, "户籍登记", town->until_s, &sheet.workbook, detail);
    if (err == MQT_OK) {
        write_head(&sheet);
        write_people(&sheet, &roll);
        mqt_account_close(&sheet.account,
                          json_pack("{s:i,s:i,s:i,s:i,s:i,s:i}", "title_rows", 1, "header_rows", 2, "person_rows",
                                    (int)roll.count, "persons", (int)part->persons, "households", (int)part->households,
                                    "rows_filled_down", sheet.filled_down));
        err = mqt_workbook_close(sheet.workbook, detail);
    }
    mqt_roll_clear(&roll);
    return err;
}
