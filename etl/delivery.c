#include "delivery.h"

#include "facility_list.h"
#include "register.h"
#include "scale.h"
#include "survey.h"
#include "ticket_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX_BYTES = 1 << 20 };

struct delivery {
    const struct mqt_town *town;
    const char *dir;
    struct mqt_truth *truth;
    struct mqt_delivery_lists *lists;
};

void mqt_delivery_lists_init(struct mqt_delivery_lists *lists)
{
    mqt_buf_init(&lists->buildings, LIST_MAX_BYTES);
    mqt_buf_init(&lists->registers, LIST_MAX_BYTES);
    mqt_buf_init(&lists->facilities, LIST_MAX_BYTES);
    mqt_buf_init(&lists->tickets, LIST_MAX_BYTES);
}

void mqt_delivery_lists_clear(struct mqt_delivery_lists *lists)
{
    mqt_buf_clear(&lists->buildings);
    mqt_buf_clear(&lists->registers);
    mqt_buf_clear(&lists->facilities);
    mqt_buf_clear(&lists->tickets);
}

/* Adds lines of arguments that begin with a file's name. Files of one name in different folders are
 * different sources. */
static void add_lines(struct mqt_buf *list, const char *folder, const char *lines)
{
    for (const char *line = lines; *line;) {
        int len = (int)strcspn(line, "\n");
        int name = (int)strcspn(line, " ");
        if (*folder) {
            mqt_buf_printf(list, "%s%.*s --source %s%.*s\n", folder, len, line, folder, name, line);
        } else {
            mqt_buf_printf(list, "%.*s\n", len, line);
        }
        line += len + (line[len] == '\n');
    }
}

static size_t subdistrict_of(const struct mqt_town *town, size_t household)
{
    const struct mqt_town_building *home =
        &town->buildings.at[town->dwellings.at[town->households.at[household].dwelling].building];
    return (size_t)strtoul(town->areas.at[town->cells.at[home->cell].grid].code + 6, NULL, 10) / 1000000;
}

static const char *subdistrict_name(const struct mqt_town *town, size_t serial)
{
    for (size_t a = 0; a < town->areas.count; ++a) {
        if (town->areas.at[a].level == MQT_AREA_SUBDISTRICT && serial-- == 1) {
            return town->areas.at[a].name;
        }
    }
    return "";
}

static enum mqt_err write_register(struct delivery *delivery, const struct mqt_register *part,
                                   struct mqt_detail *detail)
{
    char line[256];
    (void)snprintf(line, sizeof line, "%s --kind household\n", part->name);
    add_lines(&delivery->lists->registers, delivery->truth->folder, line);
    return mqt_register_write(delivery->town, part, delivery->dir, delivery->truth, detail);
}

/* A community keeps one register, a district one for each subdistrict. Homes, households and people
 * lie in the order of the subdistricts. */
static enum mqt_err write_registers(struct delivery *delivery, struct mqt_detail *detail)
{
    const struct mqt_town *town = delivery->town;
    if (town->persons.count == 0) {
        return MQT_OK;
    }
    if (!town->scale->is_district) {
        const struct mqt_register all = {"户籍登记.xlsx",    town->scale->community, 0, 0, town->households.count, 0,
                                         town->persons.count};
        return write_register(delivery, &all, detail);
    }
    enum mqt_err err = MQT_OK;
    size_t person = 0;
    size_t household = 0;
    while (err == MQT_OK && household < town->households.count) {
        size_t subdistrict = subdistrict_of(town, household);
        size_t end = household;
        while (end < town->households.count && subdistrict_of(town, end) == subdistrict) {
            ++end;
        }
        size_t person_end = person;
        while (person_end < town->persons.count && town->persons.at[person_end].household < end) {
            ++person_end;
        }
        char name[128];
        const char *place = subdistrict_name(town, subdistrict);
        (void)snprintf(name, sizeof name, "户籍登记_%s.xlsx", place);
        const struct mqt_register part = {
            name, place, subdistrict, household, end - household, person, person_end - person};
        err = write_register(delivery, &part, detail);
        household = end;
        person = person_end;
    }
    return err;
}

enum mqt_err mqt_delivery_write(const struct mqt_town *town, const char *dir, const char *date, struct mqt_truth *truth,
                                struct mqt_delivery_lists *lists, struct mqt_detail *detail)
{
    struct delivery delivery = {town, dir, truth, lists};
    const struct mqt_survey survey = {town, dir, date, truth};
    add_lines(&lists->buildings, truth->folder, "楼栋.shp --kind building\n");
    add_lines(&lists->facilities, truth->folder, mqt_facility_list_loads);
    add_lines(&lists->tickets, truth->folder, mqt_ticket_list_load);
    enum mqt_err err = mqt_survey_write_buildings(&survey, detail);
    if (err == MQT_OK) {
        err = write_registers(&delivery, detail);
    }
    if (err == MQT_OK) {
        err = mqt_facility_list_write(town, dir, truth, detail);
    }
    return err == MQT_OK ? mqt_ticket_list_write(town, dir, truth, detail) : err;
}
