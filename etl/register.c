#include "register.h"

#include "calendar.h"
#include "resident.h"
#include "scale.h"
#include "workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_STREAM = 7, PATH_BYTES = 4096, COLUMNS = 13, FIRST_ROW = 3, ID_NUMBER_COLUMN = 9, AWAY_BY = 100 };

/* How often things go wrong in the sheet. */
static const double INVALID_SHARE = 0.005;    /* the check digit is not the right one */
static const double AS_NUMBER_SHARE = 0.001;  /* the cell is a number: Excel has cut the tail */
static const double TWICE_HERE_SHARE = 0.002; /* the same row again a little further down */
static const double TWICE_AWAY_SHARE = 0.003; /* the same person in another dwelling */

struct sheet {
    const struct mqt_town *town;
    const struct mqt_register *part;
    struct mqt_workbook *workbook;
    struct mqt_random random;
    uint32_t row;
    int invalid;
    int as_number;
    int twice_here;
    int twice_away;
    double area_m2;
};

static void write_head(struct sheet *sheet)
{
    static const char *const titles[COLUMNS] = {"序号",       "小区名称", "楼号",     "单元", "房号",
                                                "建筑面积",   "户号",     "户籍类型", "姓名", "身份证号",
                                                "与户主关系", "手机号",   "人员类型"};
    static const double widths[COLUMNS] = {7, 12, 9, 8, 8, 10, 12, 10, 10, 22, 12, 14, 12};
    char title[128];
    struct mqt_moment until = mqt_calendar_local(sheet->town->until_s);
    struct mqt_workbook *workbook = sheet->workbook;
    (void)snprintf(title, sizeof title, "%s户籍登记表（%d年%d月）", sheet->part->place, until.year, until.month);
    mqt_workbook_merge(workbook, 0, 0, 0, COLUMNS - 1, title, MQT_WORKBOOK_TITLE);
    mqt_workbook_merge(workbook, 1, 0, 2, 0, titles[0], MQT_WORKBOOK_HEAD);
    mqt_workbook_merge(workbook, 1, 1, 1, 5, "房屋情况", MQT_WORKBOOK_HEAD);
    mqt_workbook_merge(workbook, 1, 6, 1, 7, "家庭情况", MQT_WORKBOOK_HEAD);
    mqt_workbook_merge(workbook, 1, 8, 1, 12, "人员情况", MQT_WORKBOOK_HEAD);
    for (uint16_t column = 1; column < COLUMNS; ++column) {
        mqt_workbook_head(workbook, 2, column, titles[column]);
    }
    for (uint16_t column = 0; column < COLUMNS; ++column) {
        mqt_workbook_width(workbook, column, widths[column]);
    }
    sheet->row = FIRST_ROW;
}

static void write_id_number(struct sheet *sheet, const struct mqt_town_person *person, bool may_spoil)
{
    char number[19];
    memcpy(number, person->id_number, sizeof number);
    if (may_spoil && mqt_random_chance(&sheet->random, AS_NUMBER_SHARE) && number[17] != 'X') {
        /* What a spreadsheet keeps of 18 digits. */
        memcpy(number + 15, "000", 3);
        mqt_workbook_number(sheet->workbook, sheet->row, ID_NUMBER_COLUMN, strtod(number, NULL));
        ++sheet->as_number;
        return;
    }
    if (may_spoil && mqt_random_chance(&sheet->random, INVALID_SHARE)) {
        number[17] = number[17] == 'X' ? '0' : number[17] == '9' ? 'X' : (char)(number[17] + 1);
        ++sheet->invalid;
    }
    mqt_workbook_text(sheet->workbook, sheet->row, ID_NUMBER_COLUMN, number);
}

/* kind: NULL for the person's own. */
static void write_row(struct sheet *sheet, const struct mqt_town_person *person, size_t household, const char *kind,
                      bool may_spoil)
{
    const struct mqt_town *town = sheet->town;
    const struct mqt_town_household *home = &town->households.at[household];
    const struct mqt_town_dwelling *dwelling = &town->dwellings.at[home->dwelling];
    const struct mqt_town_building *building = &town->buildings.at[dwelling->building];
    struct mqt_workbook *workbook = sheet->workbook;
    char unit[32];
    char room[32];
    (void)snprintf(unit, sizeof unit, "%d单元", dwelling->unit);
    (void)snprintf(room, sizeof room, "%d", dwelling->room);
    mqt_workbook_number(workbook, sheet->row, 0, (double)(sheet->row - FIRST_ROW + 1));
    mqt_workbook_text(workbook, sheet->row, 1, town->estates.at[building->estate].name);
    mqt_workbook_text(workbook, sheet->row, 2, building->number);
    mqt_workbook_text(workbook, sheet->row, 3, unit);
    mqt_workbook_text(workbook, sheet->row, 4, room);
    mqt_workbook_number(workbook, sheet->row, 5, dwelling->area_m2);
    mqt_workbook_text(workbook, sheet->row, 6, home->number);
    mqt_workbook_text(workbook, sheet->row, 7, home->kind);
    mqt_workbook_text(workbook, sheet->row, 8, person->name);
    write_id_number(sheet, person, may_spoil);
    mqt_workbook_text(workbook, sheet->row, 10, person->relation);
    mqt_workbook_text(workbook, sheet->row, 11, person->phone);
    mqt_workbook_text(workbook, sheet->row, 12, kind ? kind : person->kind);
    ++sheet->row;
}

static void write_people(struct sheet *sheet)
{
    const struct mqt_town *town = sheet->town;
    const struct mqt_register *part = sheet->part;
    for (size_t i = part->person; i < part->person + part->persons; ++i) {
        const struct mqt_town_person *person = &town->persons.at[i];
        bool here = mqt_random_chance(&sheet->random, TWICE_HERE_SHARE);
        bool away = !here && mqt_random_chance(&sheet->random, TWICE_AWAY_SHARE);
        /* A number that is there twice is right both times: it is what makes them one person. */
        write_row(sheet, person, person->household, NULL, !here && !away);
        if (here) {
            write_row(sheet, person, person->household, NULL, false);
            ++sheet->twice_here;
        }
        if (away) {
            size_t elsewhere = part->household + (person->household - part->household + AWAY_BY) % part->households;
            write_row(sheet, person, elsewhere, "人户分离", false);
            ++sheet->twice_away;
        }
    }
    for (size_t h = part->household; h < part->household + part->households; ++h) {
        sheet->area_m2 += town->dwellings.at[town->households.at[h].dwelling].area_m2;
    }
}

static json_t *tell(const struct sheet *sheet)
{
    const struct mqt_register *part = sheet->part;
    return json_pack("{s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i}", "title_rows", 1, "header_rows", 2, "total_rows",
                     1, "person_rows", (int)(sheet->row - FIRST_ROW), "persons", (int)part->persons, "households",
                     (int)part->households, "dwellings", (int)part->households, "invalid_id_numbers", sheet->invalid,
                     "id_numbers_as_numbers", sheet->as_number, "repeated_in_same_dwelling", sheet->twice_here,
                     "repeated_in_other_dwelling", sheet->twice_away);
}

enum mqt_err mqt_register_write(const struct mqt_town *town, const struct mqt_register *part, const char *dir,
                                json_t *truth, struct mqt_detail *detail)
{
    char path[PATH_BYTES];
    char total[64];
    struct sheet sheet = {
        .town = town, .part = part, .random = mqt_random_start(town->seed, RANDOM_STREAM + 1000 * part->serial)};
    (void)snprintf(path, sizeof path, "%s/%s", dir, part->name);
    enum mqt_err err = mqt_workbook_open(path, "户籍登记", town->until_s, &sheet.workbook, detail);
    if (err != MQT_OK) {
        return err;
    }
    write_head(&sheet);
    write_people(&sheet);
    json_t *facts = tell(&sheet);
    (void)snprintf(total, sizeof total, "%u人", sheet.row - FIRST_ROW);
    mqt_workbook_text(sheet.workbook, sheet.row, 0, "合计");
    mqt_workbook_number(sheet.workbook, sheet.row, 5, sheet.area_m2);
    mqt_workbook_text(sheet.workbook, sheet.row, 8, total);
    (void)json_object_set_new(truth, part->name, facts);
    return mqt_workbook_close(sheet.workbook, detail);
}
