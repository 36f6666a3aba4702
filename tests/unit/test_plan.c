#include "../../etl/division.h"
#include "../../etl/layout.h"
#include "../../etl/quarter.h"
#include "../../etl/scale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t SEEDS[] = {1, 2, 77};
enum { SEED_COUNT = 3, ARENA_BYTES = 256 << 20 };

static struct mqt_town towns[SEED_COUNT];

static bool lay(struct mqt_town *town, uint64_t seed)
{
    const struct mqt_town_scale *scale = mqt_scale_find("district");
    struct mqt_detail detail;
    struct mqt_plan plan;
    *town = (struct mqt_town){.seed = seed, .scale = scale, .quota = {.households = scale->households}};
    mqt_arena_init(&town->arena, ARENA_BYTES);
    bool drawn = mqt_plan_draw(&plan, false, seed, &detail) == MQT_OK && mqt_division_draw(&plan, &detail) == MQT_OK;
    if (drawn) {
        mqt_layout_lay(&plan, 0, town);
        struct mqt_random random = mqt_random_start(seed, 24);
        struct mqt_place_names names;
        mqt_place_names_shuffle(&names, &random);
        mqt_quarter_fill(town, &names);
    }
    mqt_plan_clear(&plan);
    return drawn && town->arena.err == MQT_OK;
}

static int lay_towns(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        if (!lay(&towns[t], SEEDS[t])) {
            return 1;
        }
    }
    return 0;
}

static int clear_towns(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        mqt_town_clear(&towns[t]);
    }
    return 0;
}

static size_t areas_of(const struct mqt_town *town, enum mqt_area_level level)
{
    size_t count = 0;
    for (size_t i = 0; i < town->areas.count; ++i) {
        count += town->areas.at[i].level == level;
    }
    return count;
}

struct edge {
    struct mqt_spot from;
    struct mqt_spot to;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct edge));
}

/* All edges of the areas of a level, sorted. The caller frees them. */
static struct edge *edges_of(const struct mqt_town *town, enum mqt_area_level level, size_t *count)
{
    size_t total = 0;
    for (size_t i = 0; i < town->areas.count; ++i) {
        total += town->areas.at[i].level == level ? town->areas.at[i].shape.rings[0].count : 0;
    }
    struct edge *edges = calloc(total + 1, sizeof *edges);
    assert_non_null(edges);
    size_t at = 0;
    for (size_t i = 0; i < town->areas.count; ++i) {
        struct mqt_line ring = town->areas.at[i].shape.rings[0];
        for (size_t k = 0; town->areas.at[i].level == level && k < ring.count; ++k) {
            edges[at++] = (struct edge){ring.spots[k], ring.spots[(k + 1) % ring.count]};
        }
    }
    qsort(edges, total, sizeof *edges, by_bytes);
    *count = total;
    return edges;
}

static bool has_edge(const struct edge *edges, size_t count, struct edge edge)
{
    return bsearch(&edge, edges, count, sizeof edge, by_bytes) != NULL;
}

/* Every edge of an area is another one's of its level the other way round or lies on the district's
 * border, to the last bit, and none comes twice: then there is neither a gap nor an overlap. */
static void each_level_tiles_the_district(void **state)
{
    static const enum mqt_area_level levels[] = {MQT_AREA_SUBDISTRICT, MQT_AREA_COMMUNITY, MQT_AREA_GRID};
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        size_t border_count = 0;
        struct edge *border = edges_of(&towns[t], MQT_AREA_DISTRICT, &border_count);
        double district_m2 = mqt_shape_area_m2(&towns[t].areas.at[0].shape);
        for (size_t l = 0; l < 3; ++l) {
            size_t count = 0;
            size_t outside = 0;
            struct edge *edges = edges_of(&towns[t], levels[l], &count);
            for (size_t i = 0; i < count; ++i) {
                struct edge back = {edges[i].to, edges[i].from};
                bool on_border = has_edge(border, border_count, edges[i]);
                assert_int_equal(has_edge(edges, count, back) + on_border, 1);
                assert_true(i == 0 || by_bytes(&edges[i - 1], &edges[i]) != 0);
                outside += on_border;
            }
            assert_int_equal(outside, border_count);
            double sum_m2 = 0;
            for (size_t i = 0; i < towns[t].areas.count; ++i) {
                bool own = towns[t].areas.at[i].level == levels[l];
                sum_m2 += own ? mqt_shape_area_m2(&towns[t].areas.at[i].shape) : 0;
            }
            assert_true(fabs(sum_m2 - district_m2) < 1);
            free(edges);
        }
        free(border);
    }
}

static void there_are_26_subdistricts_of_different_size(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        assert_int_equal(areas_of(&towns[t], MQT_AREA_DISTRICT), 1);
        assert_int_equal(areas_of(&towns[t], MQT_AREA_SUBDISTRICT), 26);
        assert_in_range(areas_of(&towns[t], MQT_AREA_COMMUNITY), 52, 156);
        assert_in_range(areas_of(&towns[t], MQT_AREA_GRID), 200, 420);
        assert_true(towns[t].cells.count >= areas_of(&towns[t], MQT_AREA_GRID));
        double least_m2 = INFINITY;
        double most_m2 = 0;
        for (size_t c = 0; c < towns[t].cells.count; ++c) {
            double area_m2 = mqt_shape_area_m2(&towns[t].areas.at[towns[t].cells.at[c].grid].shape);
            least_m2 = fmin(least_m2, area_m2);
            most_m2 = fmax(most_m2, area_m2);
        }
        assert_true(least_m2 > 15000 && most_m2 > 2 * least_m2);
    }
}

/* A child's code begins with its parent's; codes and names of a level are unlike. */
static void codes_nest(void **state)
{
    static const size_t lengths[] = {6, 9, 12, 15};
    (void)state;
    const struct mqt_town *town = &towns[0];
    for (size_t i = 0; i < town->areas.count; ++i) {
        const struct mqt_town_area *area = &town->areas.at[i];
        if (area->level == MQT_AREA_ESTATE) {
            continue;
        }
        assert_int_equal(strlen(area->code), lengths[area->level]);
        assert_memory_equal(area->code, area->parent, strlen(area->parent));
        for (size_t j = 0; j < i; ++j) {
            assert_string_not_equal(area->code, town->areas.at[j].code);
            assert_true(town->areas.at[j].level != area->level || strcmp(area->name, town->areas.at[j].name) != 0);
        }
    }
    for (size_t i = 0; i < town->estates.count; ++i) {
        for (size_t j = 0; j < i; ++j) {
            assert_string_not_equal(town->estates.at[i].name, town->estates.at[j].name);
        }
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

static void buildings_stand_apart_inside_their_grid(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        const struct mqt_town *town = &towns[t];
        size_t first = 0;
        for (size_t i = 0; i < town->buildings.count; ++i) {
            const struct mqt_town_building *building = &town->buildings.at[i];
            assert_int_equal(building->shape.ring_count > 0, 1);
            assert_true(holds_all(&town->areas.at[town->cells.at[building->cell].grid].shape, &building->shape));
            assert_true(mqt_shape_area_m2(&building->shape) > 15);
            first = building->cell == town->buildings.at[first].cell ? first : i;
            for (size_t j = first; j < i; ++j) {
                assert_false(mqt_shape_overlaps(&building->shape, &town->buildings.at[j].shape, 0.01));
            }
        }
    }
}

static void homes_suffice(void **state)
{
    (void)state;
    for (int t = 0; t < SEED_COUNT; ++t) {
        size_t dwellings = 0;
        for (size_t i = 0; i < towns[t].buildings.count; ++i) {
            const struct mqt_town_building *building = &towns[t].buildings.at[i];
            dwellings += (size_t)(building->units * building->floors_above * building->per_unit);
        }
        assert_in_range(dwellings, towns[t].scale->households, towns[t].scale->households * 5 / 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_tiles_the_district),
        cmocka_unit_test(there_are_26_subdistricts_of_different_size),
        cmocka_unit_test(codes_nest),
        cmocka_unit_test(buildings_stand_apart_inside_their_grid),
        cmocka_unit_test(homes_suffice),
    };
    return cmocka_run_group_tests_name("plan", tests, lay_towns, clear_towns);
}
