#include "resident.h"

#include "calendar.h"
#include "names.h"
#include "scale.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RANDOM_STREAM = 4, FAMILY_MAX = 6, NUMBERS_PER_BLOCK = 10000, BLOCKS_OF_A_CITY = 500 };

/* One family while it is being put together. */
struct family {
    struct mqt_town *town;
    struct mqt_random *random;
    size_t household;
    const char *surname;
    bool local; /* registered here */
    int head_age;
    bool head_male;
    int year; /* in which ages are counted */
};

char mqt_resident_check_digit(const char *digits)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; ++i) {
        sum += (digits[i] - '0') * weights[i];
    }
    return "10X98765432"[sum % 11];
}

static void add_dwellings(struct mqt_town *town, struct mqt_random *random)
{
    for (size_t b = 0; b < town->buildings.count; ++b) {
        struct mqt_town_building building = town->buildings.at[b];
        for (int unit = 1; unit <= building.units; ++unit) {
            double areas_m2[16];
            assert(building.per_unit < 16);
            for (int k = 0; k < building.per_unit; ++k) {
                areas_m2[k] = round(mqt_random_real(random, building.built_year < 1998 ? 48 : 62,
                                                    building.built_year < 1998 ? 84 : 138) *
                                    10) /
                              10;
            }
            for (int floor = 1; floor <= building.floors_above; ++floor) {
                for (int k = 0; k < building.per_unit; ++k) {
                    struct mqt_town_dwelling dwelling = {b, unit, floor, floor * 100 + k + 1, areas_m2[k]};
                    mqt_town_add(town, &town->dwellings, dwelling);
                }
            }
        }
    }
}

/* Some dwellings stay empty, so that exactly as many households as the scale has find one. */
static void add_households(struct mqt_town *town, struct mqt_random *random)
{
    size_t wanted = town->quota.households;
    for (size_t d = 0; d < town->dwellings.count && town->households.count < wanted; ++d) {
        size_t left = town->dwellings.count - d;
        size_t missing = wanted - town->households.count;
        if (!mqt_random_chance(random, (double)missing / (double)left)) {
            continue;
        }
        static const char *const kinds[] = {"家庭户", "集体户", "外来户"};
        static const double weights[] = {0.74, 0.04, 0.22};
        struct mqt_town_household household = {
            .dwelling = d,
            .number = mqt_arena_printf(&town->arena, "99%07zu",
                                       100001 + (town->first_household + town->households.count) * 7),
            .kind = kinds[mqt_random_weighted(random, weights, 3)],
        };
        mqt_town_add(town, &town->households, household);
    }
}

/* Sizes of all households, 1 to FAMILY_MAX, that add up to the scale's persons. */
static unsigned char *draw_sizes(struct mqt_town *town, struct mqt_random *random)
{
    static const double weights[FAMILY_MAX] = {0.28, 0.36, 0.24, 0.07, 0.04, 0.01};
    size_t count = town->households.count;
    unsigned char *sizes = mqt_arena_calloc(&town->arena, count + 1, 1);
    size_t sum = 0;
    for (size_t i = 0; sizes && i < count; ++i) {
        sizes[i] = (unsigned char)(1 + mqt_random_weighted(random, weights, FAMILY_MAX));
        sum += sizes[i];
    }
    while (sizes && sum != town->quota.persons) {
        unsigned char *size = &sizes[mqt_random_below(random, (uint32_t)count)];
        if (sum < town->quota.persons && *size < 4) {
            ++*size;
            ++sum;
        } else if (sum > town->quota.persons && *size > 1) {
            --*size;
            --sum;
        }
    }
    return sizes;
}

static void add_person(struct family *family, const char *relation, bool male, int age, bool own_surname)
{
    struct mqt_town *town = family->town;
    struct mqt_random *random = family->random;
    size_t serial = town->first_person + town->persons.count;
    int birth_year = family->year - age;
    int month = mqt_random_int(random, 1, 12);
    int day = mqt_random_int(random, 1, 28);
    /* Four digits count on in a block, the order tells the blocks apart: 10 of them, 25, or 500 of a
     * city; when these are used up, the half of the month does. */
    int span = town->scale->is_city ? 2 : town->scale->is_district ? 40 : 100;
    size_t block = serial / NUMBERS_PER_BLOCK;
    if (town->scale->is_city) {
        assert(block < 2 * BLOCKS_OF_A_CITY);
        day = (day - 1) % 14 + (block >= BLOCKS_OF_A_CITY ? 15 : 1);
        block %= BLOCKS_OF_A_CITY;
    }
    int order = (int)block * span + mqt_random_int(random, 0, span / 2 - 1) * 2 + male;
    assert(order < 1000);
    struct mqt_town_person person = {
        .household = family->household,
        .relation = relation,
        .kind = family->local ? (mqt_random_chance(random, 0.06) ? "人户分离" : "户籍人口")
                              : (mqt_random_chance(random, 0.01) ? "境外人员" : "流动人口"),
        .phone = "",
    };
    char digits[18];
    (void)snprintf(digits, sizeof digits, "99%04u%04u%02u%02u%03u", (unsigned)(serial % NUMBERS_PER_BLOCK) % 10000u,
                   (unsigned)birth_year % 10000u, (unsigned)month % 100u, (unsigned)day % 100u,
                   (unsigned)order % 1000u);
    memcpy(person.id_number, digits, 17);
    person.id_number[17] = mqt_resident_check_digit(digits);
    const char *surname = own_surname ? mqt_name_surname(random) : family->surname;
    person.name = mqt_name_person(&town->arena, random, surname, male, birth_year);
    if (age >= 14 && (age < 80 || mqt_random_chance(random, 0.6))) {
        const char *phone = mqt_arena_printf(&town->arena, "154%08u", mqt_random_below(random, 100000000));
        person.phone = phone ? phone : "";
    }
    mqt_town_add(town, &town->persons, person);
}

/* The member after the head: a partner first, then children or parents as the head's age has it. */
static void add_member(struct family *family, int member)
{
    struct mqt_random *random = family->random;
    bool male = mqt_random_chance(random, 0.51);
    int head = family->head_age;
    if (member == 1 && mqt_random_chance(random, 0.86)) {
        int age = head + mqt_random_int(random, -4, 3);
        add_person(family, "配偶", !family->head_male, age < 20 ? 20 : age, true);
    } else if (head >= 24 && mqt_random_chance(random, head < 52 ? 0.78 : 0.62)) {
        int age = head - mqt_random_int(random, 23, 36);
        add_person(family, male ? "子" : "女", male, age < 0 ? 0 : age, !family->head_male);
    } else if (head > 56) {
        int age = head - mqt_random_int(random, 50, 62);
        add_person(family, male ? "孙子" : "孙女", male, age < 0 ? 0 : age, false);
    } else {
        int age = head + mqt_random_int(random, 22, 33);
        add_person(family, male ? "父亲" : "母亲", male, age > 98 ? 98 : age, !male);
    }
}

static int draw_head_age(struct mqt_random *random, int built_year)
{
    /* Those who moved in when the estate was new have grown old with it. */
    double old_share = built_year < 1998 ? 0.52 : built_year < 2005 ? 0.36 : 0.2;
    return mqt_random_chance(random, old_share) ? mqt_random_int(random, 60, 92) : mqt_random_int(random, 23, 59);
}

void mqt_resident_settle(struct mqt_town *town)
{
    struct mqt_random random = mqt_random_start(town->seed, RANDOM_STREAM);
    add_dwellings(town, &random);
    add_households(town, &random);
    if (town->arena.err != MQT_OK || town->quota.persons == 0) {
        return;
    }
    assert(town->households.count == town->quota.households); /* a scale without homes for them */
    const unsigned char *sizes = draw_sizes(town, &random);
    for (size_t h = 0; sizes && h < town->households.count; ++h) {
        const struct mqt_town_household *household = &town->households.at[h];
        size_t building = town->dwellings.at[household->dwelling].building;
        struct family family = {
            .town = town,
            .random = &random,
            .household = h,
            .surname = mqt_name_surname(&random),
            .local = strcmp(household->kind, "外来户") != 0,
            .head_age = draw_head_age(&random, town->buildings.at[building].built_year),
            .head_male = mqt_random_chance(&random, 0.62),
            .year = mqt_calendar_local(town->until_s).year - 1,
        };
        add_person(&family, "户主", family.head_male, family.head_age, false);
        for (int member = 1; member < sizes[h]; ++member) {
            add_member(&family, member);
        }
    }
}
