#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/area_tickets.h"
#include "../../server/buildings.h"
#include "../support/wkb_make.h"

/* A district of 400 by 400 with four subdistricts; what lies where is in world units. */

enum { EAST = 1766000000, SOUTH = 813000000, ROOM = 4096, UNIT = 100 };

static const int64_t now_s = 1795334400; /* 2026-11-22 */

struct area_row {
    enum mqt_area_level level;
    uint64_t id;
    const char *code, *parent_code;
    int x, y, width, height; /* UNITs */
};

static const struct area_row town[] = {
    {MQT_AREA_DISTRICT, 1, "110199", NULL, 0, 0, 400, 400},
    {MQT_AREA_SUBDISTRICT, 10, "110199002", NULL, 200, 0, 200, 200},
    {MQT_AREA_SUBDISTRICT, 11, "110199001", NULL, 0, 0, 200, 200},
    {MQT_AREA_SUBDISTRICT, 12, "far", "110199", 900, 900, 10, 10},   /* by parent code, though it lies elsewhere */
    {MQT_AREA_SUBDISTRICT, 13, "nothing", "gone", 0, 200, 100, 100}, /* by where it is */
    {MQT_AREA_COMMUNITY, 20, "110199001001", NULL, 0, 0, 100, 200},
    {MQT_AREA_COMMUNITY, 21, "110199001002", NULL, 100, 0, 100, 200},
    {MQT_AREA_GRID, 30, "110199001001010", NULL, 0, 0, 100, 100},
    {MQT_AREA_GRID, 31, "110199001001002", NULL, 0, 100, 100, 100},
    {MQT_AREA_GRID, 32, "110199002009001", NULL, 200, 0, 100, 100},  /* without its community: in the subdistrict */
    {MQT_AREA_GRID, 33, "elsewhere", NULL, 2000, 2000, 10, 10},      /* in nothing */
    {MQT_AREA_ESTATE, 40, "e1", "110199001001002", 10, 110, 50, 50}, /* its parent is a grid: beside it */
    {MQT_AREA_ESTATE, 41, "e2", NULL, 110, 10, 20, 20},
};

struct building_row {
    uint64_t id;
    int x, y;
    const char *estate, *number;
    int64_t persons; /* below 0: withheld, as "<10" */
};

static const struct building_row houses[] = {
    {1, 20, 20, "甲苑", "2", 100}, {2, 30, 20, "甲苑", "10", 50}, {3, 40, 20, "甲苑", "甲3", -1},
    {4, 20, 120, NULL, NULL, -1},  {5, 120, 20, "乙苑", "1", 30}, {6, 350, 350, NULL, NULL, 70},
    {7, 800, 800, NULL, NULL, 40}, {8, 210, 10, NULL, NULL, -1},  {9, 220, 10, NULL, NULL, -1},
};

static struct mqt_value text(const char *words)
{
    struct mqt_value value = {.present = words != NULL, .type = MQT_TYPE_TEXT};
    if (words) {
        value.text.bytes = words;
        value.text.len = strlen(words);
    }
    return value;
}

static void add_square(struct mqt_layer_builder *builder, uint64_t id, int x, int y, int width, int height,
                       const struct mqt_value *values)
{
    int32_t const west = EAST + x * UNIT, north = SOUTH + y * UNIT;
    struct mqt_point const ring[] = {{west, north},
                                     {west + width * UNIT, north},
                                     {west + width * UNIT, north + height * UNIT},
                                     {west, north + height * UNIT}};
    struct mqt_buf wkb;
    mqt_buf_init(&wkb, ROOM);
    wkb_put_ring(&wkb, ring, 4);
    assert_int_equal(mqt_layer_builder_add_wkb(builder, id, wkb.data, wkb.len, values, NULL), MQT_OK);
    mqt_buf_clear(&wkb);
}

static struct mqt_layer *finish(struct mqt_layer_builder *builder)
{
    struct mqt_layer *layer = NULL;
    assert_int_equal(mqt_layer_builder_finish(builder, &layer), MQT_OK);
    return layer;
}

static struct mqt_layer *level_of(const struct area_row *rows, size_t count, enum mqt_area_level level)
{
    static const struct mqt_column columns[] = {{"code", MQT_TYPE_TEXT}, {"parent_code", MQT_TYPE_TEXT}};
    struct mqt_layer_builder *builder = NULL;
    assert_int_equal(mqt_layer_builder_new(columns, 2, MQT_SHAPE_POLYGON, SIZE_MAX, &builder), MQT_OK);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].level == level) {
            struct mqt_value const values[] = {text(rows[i].code), text(rows[i].parent_code)};
            add_square(builder, rows[i].id, rows[i].x, rows[i].y, rows[i].width, rows[i].height, values);
        }
    }
    return finish(builder);
}

static struct mqt_layer *buildings_of(const struct building_row *rows, size_t count)
{
    static const struct mqt_column columns[] = {{"estate", MQT_TYPE_TEXT},
                                                {"number", MQT_TYPE_TEXT},
                                                {"dwelling_count", MQT_TYPE_INT},
                                                {"person_count", MQT_TYPE_INT},
                                                {"person_band", MQT_TYPE_TEXT}};
    struct mqt_layer_builder *builder = NULL;
    assert_int_equal(mqt_layer_builder_new(columns, 5, MQT_SHAPE_POLYGON, SIZE_MAX, &builder), MQT_OK);
    for (size_t i = 0; i < count; i++) {
        struct mqt_value const values[] = {
            text(rows[i].estate),
            text(rows[i].number),
            {.present = true, .type = MQT_TYPE_INT, .integer = 4},
            {.present = rows[i].persons >= 0, .type = MQT_TYPE_INT, .integer = rows[i].persons},
            text(rows[i].persons < 0 ? "<10" : NULL)};
        add_square(builder, rows[i].id, rows[i].x, rows[i].y, 4, 4, values);
    }
    return finish(builder);
}

static struct mqt_area_layers layers_of(const struct area_row *areas, size_t area_count,
                                        const struct building_row *buildings, size_t building_count)
{
    struct mqt_area_layers layers = {.buildings = buildings_of(buildings, building_count)};
    for (int level = MQT_AREA_DISTRICT; level < MQT_AREA_LEVEL_COUNT; level++) {
        layers.levels[level] = level_of(areas, area_count, (enum mqt_area_level)level);
    }
    return layers;
}

static void release_layers(struct mqt_area_layers *layers)
{
    for (int level = 0; level < MQT_AREA_LEVEL_COUNT; level++) {
        mqt_layer_release(layers->levels[level]);
    }
    mqt_layer_release(layers->buildings);
}

static struct mqt_areas *make_town(void)
{
    struct mqt_areas *areas = NULL;
    struct mqt_area_layers layers =
        layers_of(town, sizeof town / sizeof town[0], houses, sizeof houses / sizeof houses[0]);
    assert_int_equal(mqt_areas_new(&layers, &areas), MQT_OK);
    assert_true(mqt_areas_made_of(areas, &layers));
    release_layers(&layers);
    return areas;
}

static int setup(void **state)
{
    *state = make_town();
    return 0;
}

static int teardown(void **state)
{
    mqt_areas_release(*state);
    return 0;
}

static const struct mqt_area *area_of(const struct mqt_areas *areas, uint64_t id)
{
    uint32_t number = id ? mqt_areas_find(areas, id) : MQT_AREAS_WHOLE;
    assert_int_not_equal(number, MQT_AREAS_NONE);
    return mqt_areas_at(areas, number);
}

/* The kin's ids, such as "11 10 | 40": children, then estates. */
static void assert_kin(const struct mqt_areas *areas, uint64_t id, const char *wanted)
{
    char got[256] = "";
    const struct mqt_area *area = area_of(areas, id);
    uint32_t number = id ? mqt_areas_find(areas, id) : MQT_AREAS_WHOLE;
    for (size_t i = 0; i < area->child_count + area->estate_count; i++) {
        uint64_t kin = mqt_areas_at(areas, mqt_areas_kin(areas, number, i))->id;
        size_t len = strlen(got);
        (void)snprintf(got + len, sizeof got - len, "%s%s%llu", i ? " " : "", i == area->child_count ? "| " : "",
                       (unsigned long long)kin);
    }
    assert_string_equal(got, wanted);
}

static void test_parents(void **state)
{
    const struct mqt_areas *areas = *state;
    assert_int_equal(mqt_areas_count(areas), 1 + sizeof town / sizeof town[0]);
    assert_kin(areas, 0, "1 33");
    assert_kin(areas, 1, "11 10 12 13");
    assert_kin(areas, 11, "20 21");
    assert_kin(areas, 20, "31 30 | 40");
    assert_kin(areas, 21, "| 41");
    assert_kin(areas, 10, "32");
    assert_kin(areas, 31, "");
    assert_int_equal(mqt_areas_find(areas, 99), MQT_AREAS_NONE);
    assert_int_equal(mqt_areas_find(areas, 0), MQT_AREAS_NONE);
}

static void assert_sums(const struct mqt_area_sums *sums, uint64_t buildings, uint64_t persons, uint64_t withheld)
{
    assert_int_equal(sums->buildings, buildings);
    assert_int_equal(sums->dwellings, buildings * 4);
    assert_int_equal(sums->persons, persons);
    assert_int_equal(sums->withheld, withheld);
    assert_int_equal(sums->below, withheld * 10);
}

static void test_figures(void **state)
{
    const struct mqt_areas *areas = *state;
    assert_sums(&area_of(areas, 30)->all, 3, 150, 1);
    assert_sums(&area_of(areas, 31)->all, 1, 0, 1);
    assert_sums(&area_of(areas, 20)->all, 4, 150, 2);
    assert_sums(&area_of(areas, 20)->own, 0, 0, 0);
    assert_sums(&area_of(areas, 21)->own, 1, 30, 0); /* no grids: its own */
    assert_sums(&area_of(areas, 40)->all, 1, 0, 1);
    assert_sums(&area_of(areas, 41)->all, 1, 30, 0);
    assert_sums(&area_of(areas, 32)->all, 2, 0, 2);
    assert_sums(&area_of(areas, 1)->all, 8, 250, 4);
    assert_sums(&area_of(areas, 1)->own, 1, 70, 0); /* in no subdistrict */
    assert_sums(&area_of(areas, 0)->all, 9, 290, 4);
    assert_sums(&area_of(areas, 0)->own, 1, 40, 0); /* in no area at all */
}

static struct mqt_area_spot spot_at(const struct mqt_areas *areas, int x, int y)
{
    struct mqt_area_spot spot = {0, 0};
    struct mqt_point const point = {EAST + x * UNIT, SOUTH + y * UNIT};
    assert_int_equal(mqt_areas_locate(areas, point, &spot), MQT_OK);
    return spot;
}

static void test_where_something_is(void **state)
{
    const struct mqt_areas *areas = *state;
    struct mqt_area_spot spot = spot_at(areas, 20, 120);
    assert_int_equal(spot.area, mqt_areas_find(areas, 31));
    assert_int_equal(spot.estate, mqt_areas_find(areas, 40));
    spot = spot_at(areas, 150, 150);
    assert_int_equal(spot.area, mqt_areas_find(areas, 21));
    assert_int_equal(spot.estate, MQT_AREAS_NONE);
    assert_int_equal(spot_at(areas, 390, 390).area, mqt_areas_find(areas, 1));
    assert_int_equal(spot_at(areas, 5000, 0).area, MQT_AREAS_WHOLE);
    assert_true(mqt_areas_of_building(areas, 4, &spot));
    assert_int_equal(spot.area, mqt_areas_find(areas, 31));
    assert_int_equal(spot.estate, mqt_areas_find(areas, 40));
    assert_true(mqt_areas_of_building(areas, 7, &spot));
    assert_int_equal(spot.area, MQT_AREAS_WHOLE);
    assert_false(mqt_areas_of_building(areas, 77, &spot));
    assert_false(mqt_areas_of_building(areas, UINT64_MAX, &spot));
}

static void test_ids_far_apart(void **state)
{
    (void)state;
    static const struct building_row rows[] = {{3, 20, 120, NULL, NULL, 0}, {UINT64_MAX / 3, 120, 20, NULL, NULL, 0}};
    struct mqt_area_layers layers = layers_of(town, sizeof town / sizeof town[0], rows, 2);
    struct mqt_areas *areas = NULL;
    struct mqt_area_spot spot;
    assert_int_equal(mqt_areas_new(&layers, &areas), MQT_OK);
    assert_true(mqt_areas_of_building(areas, 3, &spot));
    assert_int_equal(spot.area, mqt_areas_find(areas, 31));
    assert_true(mqt_areas_of_building(areas, UINT64_MAX / 3, &spot));
    assert_int_equal(spot.area, mqt_areas_find(areas, 21));
    assert_int_equal(spot.estate, mqt_areas_find(areas, 41));
    assert_false(mqt_areas_of_building(areas, 4, &spot));
    mqt_areas_release(areas);
    release_layers(&layers);
}

static void test_buildings_in_order(void **state)
{
    const struct mqt_areas *areas = *state;
    uint32_t number = mqt_areas_find(areas, 30);
    uint32_t own[3];
    assert_int_equal(mqt_areas_at(areas, number)->own_count, 3);
    memcpy(own, mqt_areas_own(areas, number), sizeof own);
    assert_int_equal(mqt_buildings_order(mqt_areas_buildings(areas), own, 3), MQT_OK);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(mqt_layer_at(mqt_areas_buildings(areas), own[i]).id, i + 1);
    }
}

/* Of so many buildings without any area the first are in order, and no one is lost or doubled. */
static void test_very_many_buildings(void **state)
{
    (void)state;
    enum { COUNT = 3001 };
    struct building_row *rows = calloc(COUNT, sizeof *rows);
    char(*numbers)[8] = calloc(COUNT, sizeof *numbers);
    uint8_t *seen = calloc(COUNT + 1, 1);
    assert_true(rows && numbers && seen);
    for (int i = 0; i < COUNT; i++) {
        int shuffled = (int)((int64_t)i * 1009 % COUNT);
        (void)snprintf(numbers[i], sizeof numbers[i], "%d", shuffled);
        rows[i] = (struct building_row){(uint64_t)shuffled + 1, i % 60 * 10, i / 60 * 10, "大院", numbers[i], 0};
    }
    struct mqt_area_layers layers = layers_of(town, 0, rows, COUNT);
    struct mqt_areas *areas = NULL;
    assert_int_equal(mqt_areas_new(&layers, &areas), MQT_OK);
    assert_int_equal(mqt_areas_at(areas, MQT_AREAS_WHOLE)->own_count, COUNT);
    const uint32_t *own = mqt_areas_own(areas, MQT_AREAS_WHOLE);
    for (uint32_t i = 0; i < COUNT; i++) {
        uint64_t id = mqt_layer_at(layers.buildings, own[i]).id;
        assert_true(id >= 1 && id <= COUNT && !seen[id]);
        seen[id] = 1;
        if (i < MQT_BUILDINGS_SHOWN) {
            assert_int_equal(id, i + 1);
        }
    }
    mqt_areas_release(areas);
    release_layers(&layers);
    free(rows);
    free(numbers);
    free(seen);
}

static void test_nothing_there(void **state)
{
    (void)state;
    struct mqt_area_layers const none = {.buildings = NULL};
    struct mqt_areas *areas = NULL;
    struct mqt_area_spot spot;
    assert_int_equal(mqt_areas_new(&none, &areas), MQT_OK);
    assert_int_equal(mqt_areas_count(areas), 1);
    assert_int_equal(mqt_areas_find(areas, 1), MQT_AREAS_NONE);
    assert_int_equal(spot_at(areas, 1, 1).area, MQT_AREAS_WHOLE);
    assert_false(mqt_areas_of_building(areas, 1, &spot));
    mqt_areas_release(areas);
}

/* Tickets. */

static struct mqt_ticket ticket_of(uint64_t id, uint64_t building_id, int x, int y, int64_t reported_s, bool closed)
{
    struct mqt_ticket ticket = {.id = id, .building_id = building_id, .placed = x >= 0, .reported_s = reported_s};
    ticket.place = (struct mqt_point){EAST + x * UNIT, SOUTH + y * UNIT};
    ticket.codes[MQT_TICKET_STATUS] = closed ? 0 : 1;
    return ticket;
}

static void assert_tickets(struct mqt_ticket_counts counts, uint64_t open, uint64_t last_30d, uint64_t total)
{
    assert_int_equal(counts.open, open);
    assert_int_equal(counts.last_30d, last_30d);
    assert_int_equal(counts.total, total);
}

struct desk {
    struct mqt_tickets *tickets;
    struct mqt_area_tickets *counts;
};

static void watch(void *user, const struct mqt_ticket *old, const struct mqt_ticket *row)
{
    struct desk *desk = user;
    if (old) {
        mqt_area_tickets_remove(desk->counts, old);
    }
    if (row) {
        mqt_area_tickets_add(desk->counts, row);
    }
}

static struct desk open_desk(struct mqt_areas *areas)
{
    struct desk desk = {0};
    enum { DAY_S = 86400 };
    assert_int_equal(mqt_tickets_new(&desk.tickets), MQT_OK);
    (void)mqt_tickets_intern(desk.tickets, MQT_TICKET_STATUS, "received");
    struct mqt_ticket const rows[] = {
        ticket_of(1, 4, -1, 0, now_s - DAY_S, false),   ticket_of(2, 0, 20, 120, now_s - 40 * DAY_S, true),
        ticket_of(3, 1, 390, 390, now_s - DAY_S, true), /* the building counts, not the place */
        ticket_of(4, 0, -1, 0, now_s, false),           ticket_of(5, 77, 150, 150, now_s - 29 * DAY_S, false),
    };
    assert_int_equal(mqt_tickets_replace(desk.tickets, rows, sizeof rows / sizeof rows[0]), MQT_OK);
    assert_int_equal(mqt_area_tickets_new(areas, desk.tickets, now_s, &desk.counts), MQT_OK);
    return desk;
}

static void close_desk(struct desk *desk)
{
    mqt_area_tickets_release(desk->counts);
    mqt_tickets_free(desk->tickets);
}

static struct mqt_ticket_counts counted(const struct desk *desk, const struct mqt_areas *areas, uint64_t id)
{
    return mqt_area_tickets_all(desk->counts, id ? mqt_areas_find(areas, id) : MQT_AREAS_WHOLE);
}

static void test_tickets_of_areas(void **state)
{
    struct mqt_areas *areas = *state;
    struct desk desk = open_desk(areas);
    assert_tickets(counted(&desk, areas, 31), 1, 1, 2);
    assert_tickets(counted(&desk, areas, 40), 1, 1, 2);
    assert_tickets(counted(&desk, areas, 30), 0, 1, 1);
    assert_tickets(counted(&desk, areas, 20), 1, 2, 3);
    assert_tickets(counted(&desk, areas, 21), 1, 1, 1);
    assert_tickets(counted(&desk, areas, 1), 2, 3, 4);
    assert_tickets(counted(&desk, areas, 0), 3, 4, 5);
    assert_tickets(mqt_area_tickets_own(desk.counts, MQT_AREAS_WHOLE), 1, 1, 1); /* without a place */
    close_desk(&desk);
}

static void test_tickets_come_and_go(void **state)
{
    struct mqt_areas *areas = *state;
    struct desk desk = open_desk(areas);
    mqt_tickets_watch(desk.tickets, watch, &desk);
    struct mqt_ticket ticket = ticket_of(9, 4, -1, 0, now_s, false);
    assert_int_equal(mqt_tickets_put(desk.tickets, &ticket), MQT_OK);
    assert_tickets(counted(&desk, areas, 31), 2, 2, 3);
    assert_tickets(counted(&desk, areas, 40), 2, 2, 3);
    assert_tickets(counted(&desk, areas, 0), 4, 5, 6);
    ticket.codes[MQT_TICKET_STATUS] = 0;
    ticket.building_id = 1;
    assert_int_equal(mqt_tickets_put(desk.tickets, &ticket), MQT_OK);
    assert_tickets(counted(&desk, areas, 31), 1, 1, 2);
    assert_tickets(counted(&desk, areas, 30), 0, 2, 2);
    assert_true(mqt_tickets_remove(desk.tickets, 9));
    assert_false(mqt_tickets_remove(desk.tickets, 9));
    assert_tickets(counted(&desk, areas, 30), 0, 1, 1);
    assert_tickets(counted(&desk, areas, 0), 3, 4, 5);
    close_desk(&desk);
}

/* The window moves as if all had been counted at its end, also backwards and in leaps. */
static void test_the_30_days_move_on(void **state)
{
    struct mqt_areas *areas = *state;
    struct desk desk = open_desk(areas);
    static const int64_t steps_s[] = {1, 3599, 86400, 86400, 29 * 86400 + 7, -5, -40 * 86400, 400 * 86400, -86400};
    int64_t moment_s = now_s;
    for (int64_t i = 0; i < 500; i++) {
        struct mqt_ticket ticket =
            ticket_of(100 + (uint64_t)i, (uint64_t)(i % 9) + 1, -1, 0, now_s - 60 * 86400 + i * i % 977 * 11071, false);
        assert_int_equal(mqt_tickets_put(desk.tickets, &ticket), MQT_OK);
        mqt_area_tickets_add(desk.counts, &ticket);
    }
    for (size_t i = 0; i < sizeof steps_s / sizeof steps_s[0]; i++) {
        struct desk fresh = {desk.tickets, NULL};
        moment_s += steps_s[i];
        mqt_area_tickets_advance(desk.counts, desk.tickets, moment_s);
        assert_int_equal(mqt_area_tickets_new(areas, desk.tickets, moment_s, &fresh.counts), MQT_OK);
        for (uint32_t number = 0; number < mqt_areas_count(areas); number++) {
            struct mqt_ticket_counts wanted = mqt_area_tickets_all(fresh.counts, number);
            assert_tickets(mqt_area_tickets_all(desk.counts, number), wanted.open, wanted.last_30d, wanted.total);
        }
        mqt_area_tickets_release(fresh.counts);
    }
    close_desk(&desk);
}

/* Building 4 moves into grid 30, 8 is gone: with their tickets, whether they are named or not. */
static void test_tickets_move_with_their_buildings(void **state)
{
    (void)state;
    struct building_row moved[sizeof houses / sizeof houses[0]];
    size_t count = sizeof houses / sizeof houses[0];
    struct mqt_area_layers layers = layers_of(town, sizeof town / sizeof town[0], houses, count);
    struct mqt_areas *before = NULL;
    struct mqt_areas *after = NULL;
    assert_int_equal(mqt_areas_new(&layers, &before), MQT_OK);
    memcpy(moved, houses, sizeof moved);
    moved[3].x = 60;
    moved[3].y = 60;
    moved[7] = moved[8];
    mqt_layer_release(layers.buildings);
    layers.buildings = buildings_of(moved, count - 1);
    assert_int_equal(mqt_areas_new(&layers, &after), MQT_OK);
    assert_true(mqt_areas_alike(before, after));
    assert_false(mqt_areas_made_of(before, &layers));

    struct desk desk = open_desk(before);
    static const uint64_t changed[] = {4, 8};
    for (int named = 0; named < 2; named++) {
        struct desk fresh = {desk.tickets, NULL};
        assert_int_equal(
            mqt_area_tickets_move(desk.counts, after, desk.tickets, named ? changed : NULL, 2, &fresh.counts), MQT_OK);
        assert_tickets(counted(&fresh, after, 30), 1, 2, 2);
        assert_tickets(counted(&fresh, after, 31), 0, 0, 1);
        assert_tickets(counted(&fresh, after, 40), 0, 0, 1);
        assert_tickets(counted(&fresh, after, 20), 1, 2, 3);
        assert_tickets(counted(&fresh, after, 0), 3, 4, 5);
        mqt_area_tickets_release(fresh.counts);
    }
    assert_tickets(counted(&desk, before, 31), 1, 1, 2); /* who reads the old tree sees the old counts */
    close_desk(&desk);
    mqt_areas_release(before);
    mqt_areas_release(after);
    release_layers(&layers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_parents, setup, teardown),
        cmocka_unit_test_setup_teardown(test_figures, setup, teardown),
        cmocka_unit_test_setup_teardown(test_where_something_is, setup, teardown),
        cmocka_unit_test_setup_teardown(test_buildings_in_order, setup, teardown),
        cmocka_unit_test(test_ids_far_apart),
        cmocka_unit_test(test_very_many_buildings),
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test_setup_teardown(test_tickets_of_areas, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tickets_come_and_go, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_30_days_move_on, setup, teardown),
        cmocka_unit_test(test_tickets_move_with_their_buildings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
