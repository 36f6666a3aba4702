#include "../../etl/facility_kind.h"
#include "../../etl/resident.h"
#include "../../etl/town.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t UNTIL_S = 1795334400; /* 2026-11-22 16:00 in Beijing */
static const uint64_t SEEDS[] = {1, 2, 77};
enum { SEED_COUNT = 3 };

static struct mqt_town towns[SEED_COUNT];

static int build_towns(void **state)
{
    (void)state;
    struct mqt_detail detail;
    for (int i = 0; i < SEED_COUNT; ++i) {
        if (mqt_town_build("community", SEEDS[i], UNTIL_S, &towns[i], &detail) != MQT_OK) {
            return 1;
        }
    }
    return 0;
}

static int clear_towns(void **state)
{
    (void)state;
    for (int i = 0; i < SEED_COUNT; ++i) {
        mqt_town_clear(&towns[i]);
    }
    return 0;
}

static size_t facilities_of(const struct mqt_town *town, const char *code)
{
    size_t count = 0;
    for (size_t i = 0; i < town->facilities.count; ++i) {
        const struct mqt_facility_kind *kind = mqt_facility_kind_find(town->facilities.at[i].kind);
        assert_non_null(kind);
        count += strcmp(kind->code, code) == 0;
    }
    return count;
}

static size_t areas_of(const struct mqt_town *town, enum mqt_area_level level)
{
    size_t count = 0;
    for (size_t i = 0; i < town->areas.count; ++i) {
        count += town->areas.at[i].level == level;
    }
    return count;
}

static void counts_do_not_depend_on_the_seed(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        const struct mqt_town *town = &towns[t];
        size_t homes = 0;
        for (size_t i = 0; i < town->buildings.count; ++i) {
            homes += town->buildings.at[i].units > 0;
        }
        assert_int_equal(homes, 42);
        assert_int_equal(town->households.count, 6700);
        assert_int_equal(town->persons.count, 15000);
        assert_int_equal(town->tickets.count, 6000);
        assert_int_equal(areas_of(town, MQT_AREA_GRID), 6);
        assert_int_equal(areas_of(town, MQT_AREA_COMMUNITY), 1);
        assert_int_equal(facilities_of(town, "bin"), 50);
        assert_int_equal(facilities_of(town, "bank"), 7);
        assert_true(facilities_of(town, "shop") >= 100);
    }
}

static const struct mqt_shape *area_shape(const struct mqt_town *town, enum mqt_area_level level, size_t nth)
{
    for (size_t i = 0; i < town->areas.count; ++i) {
        if (town->areas.at[i].level == level && nth-- == 0) {
            return &town->areas.at[i].shape;
        }
    }
    fail();
    return NULL;
}

/* How many of the shapes have the edge from a to b, in this direction. */
static size_t edges_from(const struct mqt_town *town, enum mqt_area_level level, struct mqt_spot a, struct mqt_spot b)
{
    size_t count = 0;
    for (size_t n = 0; n < areas_of(town, level); ++n) {
        const struct mqt_line ring = area_shape(town, level, n)->rings[0];
        for (size_t i = 0; i < ring.count; ++i) {
            struct mqt_spot c = ring.spots[i];
            struct mqt_spot d = ring.spots[(i + 1) % ring.count];
            count += memcmp(&a, &c, sizeof a) == 0 && memcmp(&b, &d, sizeof b) == 0;
        }
    }
    return count;
}

/* Every edge of a grid is either another grid's edge the other way round or the community's own,
 * to the last bit: then there is neither a gap nor an overlap. */
static void grids_tile_the_community(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        const struct mqt_town *town = &towns[t];
        double sum_m2 = 0;
        for (size_t n = 0; n < 6; ++n) {
            const struct mqt_shape *grid = area_shape(town, MQT_AREA_GRID, n);
            sum_m2 += mqt_shape_area_m2(grid);
            struct mqt_line ring = grid->rings[0];
            for (size_t i = 0; i < ring.count; ++i) {
                struct mqt_spot a = ring.spots[i];
                struct mqt_spot b = ring.spots[(i + 1) % ring.count];
                assert_int_equal(edges_from(town, MQT_AREA_GRID, a, b), 1);
                size_t beside = edges_from(town, MQT_AREA_GRID, b, a);
                size_t outside = edges_from(town, MQT_AREA_COMMUNITY, a, b);
                assert_int_equal(beside + outside, 1);
            }
        }
        double community_m2 = mqt_shape_area_m2(area_shape(town, MQT_AREA_COMMUNITY, 0));
        assert_true(fabs(sum_m2 - community_m2) < 0.01);
        assert_true(fabs(community_m2 - 490000) < 5);
    }
}

static struct mqt_spot middle_of(const struct mqt_shape *shape)
{
    return mqt_rect_middle(mqt_shape_bounds(shape));
}

/* Codes rise from west to east, then from north to south. */
static void grids_are_numbered_as_the_standard_says(void **state)
{
    (void)state;
    const struct mqt_town *town = &towns[0];
    const char *last = "";
    for (size_t n = 0, i = 0; i < town->areas.count; ++i) {
        if (town->areas.at[i].level != MQT_AREA_GRID) {
            continue;
        }
        assert_int_equal(strlen(town->areas.at[i].code), 15);
        assert_true(strcmp(town->areas.at[i].code, last) > 0);
        last = town->areas.at[i].code;
        if (n % 3 > 0) {
            assert_true(middle_of(area_shape(town, MQT_AREA_GRID, n)).x_m >
                        middle_of(area_shape(town, MQT_AREA_GRID, n - 1)).x_m);
        }
        if (n >= 3) {
            assert_true(middle_of(area_shape(town, MQT_AREA_GRID, n)).y_m <
                        middle_of(area_shape(town, MQT_AREA_GRID, n - 3)).y_m);
        }
        ++n;
    }
}

static bool holds_all(const struct mqt_shape *outer, const struct mqt_shape *inner)
{
    for (size_t i = 0; i < inner->rings[0].count; ++i) {
        if (!mqt_shape_holds(outer, inner->rings[0].spots[i])) {
            return false;
        }
    }
    return true;
}

static void areas_lie_in_their_parents(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        const struct mqt_town *town = &towns[t];
        const struct mqt_shape *community = area_shape(town, MQT_AREA_COMMUNITY, 0);
        const struct mqt_shape *subdistrict = area_shape(town, MQT_AREA_SUBDISTRICT, 0);
        assert_true(holds_all(subdistrict, community));
        assert_true(holds_all(area_shape(town, MQT_AREA_DISTRICT, 0), subdistrict));
        for (size_t e = 0; e < town->estates.count; ++e) {
            const struct mqt_shape *estate = &town->areas.at[town->estates.at[e].area].shape;
            size_t grids = 0;
            for (size_t n = 0; n < 6; ++n) {
                grids += holds_all(area_shape(town, MQT_AREA_GRID, n), estate);
            }
            assert_int_equal(grids, 1);
        }
    }
}

static void buildings_stand_apart_and_inside(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        const struct mqt_town *town = &towns[t];
        const struct mqt_shape *community = area_shape(town, MQT_AREA_COMMUNITY, 0);
        for (size_t i = 0; i < town->buildings.count; ++i) {
            const struct mqt_town_building *building = &town->buildings.at[i];
            assert_true(holds_all(community, &building->shape));
            assert_true(mqt_shape_area_m2(&building->shape) > 15);
            assert_true(building->height_m > 2 && building->height_m < 100);
            if (building->units > 0) {
                assert_true(
                    holds_all(&town->areas.at[town->estates.at[building->estate].area].shape, &building->shape));
            }
            for (size_t j = 0; j < i; ++j) {
                assert_false(mqt_shape_overlaps(&building->shape, &town->buildings.at[j].shape, 0.01));
            }
        }
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void people_have_numbers_of_nobody(void **state)
{
    (void)state;
    enum { BYTES = sizeof towns[0].persons.at[0].id_number };
    const struct mqt_town *town = &towns[0];
    char(*numbers)[BYTES] = malloc(town->persons.count * BYTES);
    assert_non_null(numbers);
    for (size_t i = 0; i < town->persons.count; ++i) {
        const struct mqt_town_person *person = &town->persons.at[i];
        memcpy(numbers[i], person->id_number, BYTES);
        assert_int_equal(strlen(person->id_number), 18);
        assert_int_equal(person->id_number[17], mqt_resident_check_digit(person->id_number));
        assert_memory_equal(person->id_number, "99", 2);
        assert_true(*person->phone == '\0' || (strncmp(person->phone, "154", 3) == 0 && strlen(person->phone) == 11));
        assert_true(person->household < town->households.count);
    }
    qsort(numbers, town->persons.count, BYTES, by_text);
    for (size_t i = 1; i < town->persons.count; ++i) {
        assert_string_not_equal(numbers[i], numbers[i - 1]);
    }
    free(numbers);
    assert_int_equal(mqt_resident_check_digit("11010519491231002"), 'X');
}

static void tickets_keep_to_the_year(void **state)
{
    (void)state;
    const int64_t hour_s = 3600;
    for (int t = 0; t < SEED_COUNT; ++t) {
        const struct mqt_town *town = &towns[t];
        size_t without_place = 0;
        size_t by_night = 0;
        for (size_t i = 0; i < town->tickets.count; ++i) {
            const struct mqt_town_ticket *ticket = &town->tickets.at[i];
            assert_true(ticket->reported_s < UNTIL_S && ticket->reported_s >= UNTIL_S - 365 * 24 * hour_s);
            assert_true(i == 0 || ticket->reported_s >= town->tickets.at[i - 1].reported_s);
            assert_true(i == 0 || strcmp(ticket->number, town->tickets.at[i - 1].number) > 0);
            assert_true(ticket->closed_s == 0 || (ticket->closed_s > ticket->reported_s && ticket->closed_s < UNTIL_S));
            without_place += !ticket->has_spot;
            int64_t hour = (ticket->reported_s + 8 * hour_s) / hour_s % 24;
            by_night += hour < 6;
        }
        assert_in_range(without_place, 6000 * 0.06, 6000 * 0.11);
        assert_in_range(by_night, 60, 6000 * 0.08);
    }
}

static void a_seed_is_a_town(void **state)
{
    (void)state;
    struct mqt_town again;
    struct mqt_detail detail;
    assert_int_equal(mqt_town_build("community", SEEDS[0], UNTIL_S, &again, &detail), MQT_OK);
    const struct mqt_town *first = &towns[0];
    assert_int_equal(again.buildings.count, first->buildings.count);
    for (size_t i = 0; i < again.buildings.count; ++i) {
        struct mqt_line p = again.buildings.at[i].shape.rings[0];
        struct mqt_line q = first->buildings.at[i].shape.rings[0];
        assert_int_equal(p.count, q.count);
        assert_memory_equal(p.spots, q.spots, p.count * sizeof *p.spots);
    }
    bool differs = false;
    for (size_t i = 0; i < 6000; ++i) {
        assert_string_equal(again.tickets.at[i].text, first->tickets.at[i].text);
        differs = differs || strcmp(first->tickets.at[i].text, towns[1].tickets.at[i].text) != 0;
    }
    assert_true(differs);
    mqt_town_clear(&again);
}

static void unknown_scale_is_refused(void **state)
{
    (void)state;
    struct mqt_town town = {.seed = 5};
    struct mqt_detail detail = {0};
    assert_int_equal(mqt_town_build("galaxy", 1, UNTIL_S, &town, &detail), MQT_ERR_PARAM);
    assert_int_equal(town.seed, 5);
    assert_string_equal(detail.field, "scale");
    assert_non_null(strstr(detail.text, "community"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_do_not_depend_on_the_seed),
        cmocka_unit_test(grids_tile_the_community),
        cmocka_unit_test(grids_are_numbered_as_the_standard_says),
        cmocka_unit_test(areas_lie_in_their_parents),
        cmocka_unit_test(buildings_stand_apart_and_inside),
        cmocka_unit_test(people_have_numbers_of_nobody),
        cmocka_unit_test(tickets_keep_to_the_year),
        cmocka_unit_test(a_seed_is_a_town),
        cmocka_unit_test(unknown_scale_is_refused),
    };
    return cmocka_run_group_tests_name("town", tests, build_towns, clear_towns);
}
