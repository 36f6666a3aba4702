#include "roll.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { AWAY_BY = 100 /* households further on */ };

/* A person and the home that it is entered in, which decide what can be wrong with the row. */
struct entry {
    const struct mqt_town *town;
    const struct mqt_town_person *person;
    size_t household;
};

/* The dwellings of some buildings: which of them a row with a unit names. */
struct named {
    const struct mqt_town *town;
    size_t first;
    size_t count;
    bool *at;
};

bool mqt_roll_is_foreign(const struct mqt_town_person *person)
{
    return strcmp(person->kind, "境外人员") == 0;
}

static size_t dwelling_of(const struct mqt_town *town, size_t household)
{
    return town->households.at[household].dwelling;
}

static const struct mqt_town_building *building_of(const struct mqt_town *town, size_t household)
{
    return &town->buildings.at[town->dwellings.at[dwelling_of(town, household)].building];
}

static bool fits(const void *row, enum mqt_dirt dirt)
{
    const struct entry *entry = row;
    const char *number = entry->person->id_number;
    bool foreign = mqt_roll_is_foreign(entry->person);
    switch (dirt) {
    case MQT_DIRT_ID_OLD:
        return !foreign && strncmp(number + 6, "19", 2) == 0;
    case MQT_DIRT_ID_CYRILLIC:
        return !foreign && number[17] == 'X';
    case MQT_DIRT_ID_AS_NUMBER:
    case MQT_DIRT_ID_LENGTH: /* with an X it would be another document */
        return !foreign && number[17] != 'X';
    case MQT_DIRT_ID_ABSENT: /* one in a dwelling, who is then known by name */
        return !foreign && strcmp(entry->person->relation, "户主") == 0;
    case MQT_DIRT_ID_FULL_WIDTH:
    case MQT_DIRT_ID_CHECKSUM:
    case MQT_DIRT_ID_DATE:
        return !foreign;
    case MQT_DIRT_UNIT_FILLABLE:
        return building_of(entry->town, entry->household)->units == 1;
    case MQT_DIRT_UNIT_AMBIGUOUS:
        return building_of(entry->town, entry->household)->units > 1;
    default:
        return true;
    }
}

static void add(struct mqt_roll *roll, size_t person, size_t household, enum mqt_dirt dirt)
{
    roll->rows[roll->count++] = (struct mqt_roll_row){person, household, dirt};
}

/* rows has room for two a person; apart for one. */
static size_t deal(const struct mqt_town *town, const struct mqt_register *part, struct mqt_random *random,
                   struct mqt_roll *roll, struct mqt_roll_row *apart)
{
    static const enum mqt_dirt kinds[] = {MQT_DIRT_FULL_WIDTH,       MQT_DIRT_ZERO_WIDTH,   MQT_DIRT_NUMERALS,
                                          MQT_DIRT_OTHER_WORD,       MQT_DIRT_ABSENT_MARK,  MQT_DIRT_ALL_IN_ROOM,
                                          MQT_DIRT_ID_OLD,           MQT_DIRT_ID_CYRILLIC,  MQT_DIRT_ID_FULL_WIDTH,
                                          MQT_DIRT_ID_ABSENT,        MQT_DIRT_TWICE_AWAY,   MQT_DIRT_ENTRY_DATE,
                                          MQT_DIRT_UNIT_FILLABLE,    MQT_DIRT_TWICE,        MQT_DIRT_UNIT_AMBIGUOUS,
                                          MQT_DIRT_BUILDING_UNKNOWN, MQT_DIRT_ID_CHECKSUM,  MQT_DIRT_ID_DATE,
                                          MQT_DIRT_ID_LENGTH,        MQT_DIRT_ID_AS_NUMBER, MQT_DIRT_ROOM_MISSING};
    struct mqt_dirt_source source;
    size_t apart_count = 0;
    mqt_dirt_open(&source, random, kinds, sizeof kinds / sizeof kinds[0]);
    for (size_t i = part->person; i < part->person + part->persons; ++i) {
        const struct entry entry = {town, &town->persons.at[i], town->persons.at[i].household};
        mqt_dirt_see(&source, fits, &entry);
    }
    for (size_t i = part->person; i < part->person + part->persons; ++i) {
        const struct mqt_town_person *person = &town->persons.at[i];
        size_t home = person->household;
        size_t elsewhere = part->household + (home - part->household + AWAY_BY) % part->households;
        const struct entry entry = {town, person, home};
        enum mqt_dirt dirt = mqt_dirt_next(&source, fits, &entry);
        enum mqt_dirt clean = mqt_roll_is_foreign(person) ? MQT_DIRT_ID_OTHER : MQT_DIRT_NONE;
        if (dirt == MQT_DIRT_BUILDING_UNKNOWN) {
            apart[apart_count++] = (struct mqt_roll_row){i, home, dirt};
        } else if (dirt == MQT_DIRT_TWICE) {
            add(roll, i, home, clean);
            add(roll, i, home, dirt);
        } else if (dirt == MQT_DIRT_TWICE_AWAY && elsewhere != home) {
            add(roll, i, home, clean);
            apart[apart_count++] = (struct mqt_roll_row){i, elsewhere, dirt};
        } else {
            add(roll, i, home, dirt == MQT_DIRT_NONE || dirt == MQT_DIRT_TWICE_AWAY ? clean : dirt);
        }
    }
    return apart_count;
}

/* Dwellings lie building by building, unit by unit, floor by floor. */
static size_t first_dwelling(const struct mqt_town *town, size_t dwelling)
{
    size_t building = town->dwellings.at[dwelling].building;
    while (dwelling > 0 && town->dwellings.at[dwelling - 1].building == building) {
        --dwelling;
    }
    return dwelling;
}

static bool lacks_unit(enum mqt_dirt dirt)
{
    return dirt == MQT_DIRT_UNIT_FILLABLE || dirt == MQT_DIRT_UNIT_AMBIGUOUS;
}

static bool names_dwelling(enum mqt_dirt dirt)
{
    return !lacks_unit(dirt) && dirt != MQT_DIRT_BUILDING_UNKNOWN && mqt_dirt_at(dirt)->outcome != MQT_OUTCOME_REJECTED;
}

/* What the loader will find out about a row without a unit from all the others. */
static enum mqt_dirt resolve(struct named *named, size_t dwelling)
{
    const struct mqt_town *town = named->town;
    const struct mqt_town_dwelling *own = &town->dwellings.at[dwelling];
    int last_unit = 0;
    int units = 0;
    int with_room = 0;
    for (size_t d = first_dwelling(town, dwelling);
         d < town->dwellings.count && town->dwellings.at[d].building == own->building; ++d) {
        if (named->at[d - named->first]) {
            units += town->dwellings.at[d].unit != last_unit;
            last_unit = town->dwellings.at[d].unit;
            with_room += town->dwellings.at[d].room == own->room;
        }
    }
    if (units == 0) { /* nothing to fill it from: the row says its unit after all */
        named->at[dwelling - named->first] = true;
        return MQT_DIRT_NONE;
    }
    return units == 1 || with_room == 1 ? MQT_DIRT_UNIT_FILLABLE : MQT_DIRT_UNIT_AMBIGUOUS;
}

static enum mqt_err resolve_units(const struct mqt_town *town, const struct mqt_register *part, struct mqt_roll *roll)
{
    struct named named = {.town = town, .first = first_dwelling(town, dwelling_of(town, part->household))};
    size_t last = dwelling_of(town, part->household + part->households - 1);
    while (last + 1 < town->dwellings.count &&
           town->dwellings.at[last + 1].building == town->dwellings.at[last].building) {
        ++last;
    }
    named.count = last + 1 - named.first;
    named.at = calloc(named.count, sizeof *named.at);
    if (!named.at) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < roll->count; ++i) {
        size_t dwelling = dwelling_of(town, roll->rows[i].household);
        assert(dwelling >= named.first && dwelling <= last);
        named.at[dwelling - named.first] = named.at[dwelling - named.first] || names_dwelling(roll->rows[i].dirt);
    }
    for (size_t i = 0; i < roll->count; ++i) {
        if (lacks_unit(roll->rows[i].dirt)) {
            roll->rows[i].dirt = resolve(&named, dwelling_of(town, roll->rows[i].household));
        }
    }
    free(named.at);
    return MQT_OK;
}

enum mqt_err mqt_roll_make(const struct mqt_town *town, const struct mqt_register *part, struct mqt_random *random,
                           struct mqt_roll *roll)
{
    struct mqt_roll made = {.rows = calloc(part->persons * 3 + 1, sizeof *made.rows)};
    struct mqt_roll_row *apart = calloc(part->persons + 1, sizeof *apart);
    enum mqt_err err = MQT_ERR_MEMORY;
    if (made.rows && apart) {
        size_t apart_count = deal(town, part, random, &made, apart);
        made.apart = made.count;
        memcpy(made.rows + made.count, apart, apart_count * sizeof *apart);
        made.count += apart_count;
        err = resolve_units(town, part, &made);
    }
    free(apart);
    if (err != MQT_OK) {
        free(made.rows);
        return err;
    }
    *roll = made;
    return MQT_OK;
}

void mqt_roll_clear(struct mqt_roll *roll)
{
    free(roll->rows);
    *roll = (struct mqt_roll){0};
}
