#include "../../etl/division.h"
#include "../../etl/layout.h"
#include "../../etl/place_name.h"
#include "../../etl/scale.h"
#include "../../etl/town_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 1, DISTRICTS_MAX = MQT_LAND_SEEDS_MAX, ARENA_BYTES = 256 << 20 };

static const int64_t UNTIL_S = 1795334400; /* 2026-11-22 16:00 in Beijing */

static struct mqt_plan plan;
static struct mqt_town towns[DISTRICTS_MAX]; /* laid out, not built on */

static int lay_city(void **state)
{
    (void)state;
    struct mqt_detail detail;
    if (mqt_plan_draw(&plan, true, SEED, &detail) != MQT_OK || mqt_division_draw(&plan, &detail) != MQT_OK) {
        return 1;
    }
    for (unsigned d = 0; d < plan.counts[MQT_PLAN_DISTRICT]; ++d) {
        towns[d] = (struct mqt_town){.seed = SEED, .scale = mqt_scale_find("city")};
        mqt_arena_init(&towns[d].arena, ARENA_BYTES);
        mqt_layout_lay(&plan, d, &towns[d]);
        if (towns[d].arena.err != MQT_OK) {
            return 1;
        }
    }
    return plan.arena.err != MQT_OK;
}

static int clear_city(void **state)
{
    (void)state;
    for (unsigned d = 0; d < DISTRICTS_MAX; ++d) {
        mqt_town_clear(&towns[d]);
    }
    mqt_plan_clear(&plan);
    return 0;
}

struct edge {
    struct mqt_spot from;
    struct mqt_spot to;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct edge));
}

/* Puts all edges of a level over the whole city into edges, which may be NULL; returns how many. */
static size_t collect_edges(enum mqt_area_level level, struct edge *edges)
{
    size_t total = 0;
    for (unsigned d = 0; d < plan.counts[MQT_PLAN_DISTRICT]; ++d) {
        for (size_t i = 0; i < towns[d].areas.count; ++i) {
            struct mqt_line ring = towns[d].areas.at[i].shape.rings[0];
            for (size_t k = 0; towns[d].areas.at[i].level == level && k < ring.count; ++k, ++total) {
                if (edges) {
                    edges[total] = (struct edge){ring.spots[k], ring.spots[(k + 1) % ring.count]};
                }
            }
        }
    }
    return total;
}

/* Sorted. The caller frees them. */
static struct edge *edges_of(enum mqt_area_level level, size_t *count)
{
    *count = collect_edges(level, NULL);
    struct edge *edges = calloc(*count + 1, sizeof *edges);
    assert_non_null(edges);
    (void)collect_edges(level, edges);
    qsort(edges, *count, sizeof *edges, by_bytes);
    return edges;
}

/* An edge of a level is another area's the other way round, or lies on the city's border, where it is
 * a district's too. */
static void every_level_tiles_the_city(void **state)
{
    (void)state;
    size_t outer_count = 0;
    struct edge *outer = edges_of(MQT_AREA_DISTRICT, &outer_count);
    size_t border = 0;
    for (size_t i = 0; i < outer_count; ++i) {
        const struct edge back = {outer[i].to, outer[i].from};
        border += bsearch(&back, outer, outer_count, sizeof back, by_bytes) == NULL;
    }
    assert_true(border > 100 && border < outer_count);
    for (int level = MQT_AREA_SUBDISTRICT; level <= MQT_AREA_GRID; ++level) {
        size_t count = 0;
        size_t open = 0;
        struct edge *edges = edges_of((enum mqt_area_level)level, &count);
        for (size_t i = 0; i < count; ++i) {
            const struct edge back = {edges[i].to, edges[i].from};
            bool shared = bsearch(&back, edges, count, sizeof back, by_bytes) != NULL;
            open += !shared;
            assert_true(shared || bsearch(&edges[i], outer, outer_count, sizeof back, by_bytes) != NULL);
            assert_true(i == 0 || by_bytes(&edges[i - 1], &edges[i]) != 0);
        }
        assert_int_equal(open, border);
        free(edges);
    }
    free(outer);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void assert_unlike(const char **texts, size_t count)
{
    qsort(texts, count, sizeof *texts, by_text);
    for (size_t i = 1; i < count; ++i) {
        assert_string_not_equal(texts[i - 1], texts[i]);
    }
}

/* Codes over all levels and the names of districts, subdistricts, communities and grids. */
static void codes_and_names_come_once(void **state)
{
    (void)state;
    for (int what = -1; what <= MQT_AREA_GRID; ++what) {
        const char **texts = calloc(60000, sizeof *texts);
        size_t count = 0;
        assert_non_null(texts);
        for (unsigned d = 0; d < plan.counts[MQT_PLAN_DISTRICT]; ++d) {
            for (size_t i = 0; i < towns[d].areas.count; ++i) {
                const struct mqt_town_area *area = &towns[d].areas.at[i];
                if (what < 0) {
                    assert_memory_equal(area->code, area->parent, strlen(area->parent));
                    texts[count++] = area->code;
                } else if ((int)area->level == what) {
                    texts[count++] = area->name;
                }
            }
        }
        assert_true(count > 0);
        assert_unlike(texts, count);
        free(texts);
    }
}

static void there_are_districts_of_their_own(void **state)
{
    (void)state;
    unsigned districts = plan.counts[MQT_PLAN_DISTRICT];
    assert_in_range(districts, 16, DISTRICTS_MAX);
    assert_in_range(plan.counts[MQT_PLAN_SUBDISTRICT], 250, 600);
    for (unsigned d = 0; d < districts; ++d) {
        const char *code = towns[d].areas.at[0].code;
        assert_int_equal(towns[d].areas.at[0].level, MQT_AREA_DISTRICT);
        assert_int_equal(strlen(code), 6);
        /* 110101 to 110119 are districts of Beijing. */
        assert_in_range(atoi(code), 110181, 110199);
        assert_true(mqt_shape_area_m2(&towns[d].areas.at[0].shape) > 15e6);
        assert_true(towns[d].cells.count > 100);
    }
}

/* The first district, built by two ways to the same town. */
static void a_part_keeps_to_its_share(void **state)
{
    (void)state;
    struct mqt_detail detail;
    struct mqt_town_source *source = NULL;
    struct mqt_town one;
    struct mqt_town again;
    assert_int_equal(mqt_town_source_new("city", SEED, UNTIL_S, false, &source, &detail), MQT_OK);
    assert_int_equal(mqt_town_source_parts(source), plan.counts[MQT_PLAN_DISTRICT]);
    assert_int_equal(mqt_town_source_build(source, &one, &detail), MQT_OK);
    mqt_town_source_free(source);
    assert_int_equal(mqt_town_build("city", SEED, UNTIL_S, &again, &detail), MQT_OK);
    assert_int_equal(one.buildings.count, one.quota.buildings);
    assert_int_equal(one.tickets.count, one.quota.tickets);
    assert_int_equal(one.households.count, one.quota.households);
    assert_int_equal(one.cameras.count, one.quota.cameras);
    assert_int_equal(one.persons.count, 0);
    assert_true(one.quota.buildings > 1000000 / DISTRICTS_MAX / 4);
    assert_int_equal(one.buildings.count, again.buildings.count);
    for (size_t i = 0; i < one.buildings.count; i += 97) {
        const struct mqt_line a = one.buildings.at[i].shape.rings[0];
        const struct mqt_line b = again.buildings.at[i].shape.rings[0];
        assert_int_equal(a.count, b.count);
        assert_memory_equal(a.spots, b.spots, a.count * sizeof *a.spots);
    }
    assert_string_equal(one.tickets.at[0].number, again.tickets.at[0].number);
    mqt_town_clear(&one);
    mqt_town_clear(&again);
}

/* More than a city needs, of each kind. */
static void names_do_not_run_out(void **state)
{
    (void)state;
    enum { NAMES = 5000 };
    struct mqt_arena arena;
    struct mqt_place_names names;
    struct mqt_random random = mqt_random_start(SEED, 1);
    const char **texts = calloc(NAMES, sizeof *texts);
    assert_non_null(texts);
    mqt_arena_init(&arena, 16 << 20);
    for (int kind = 0; kind < MQT_PLACE_KINDS + MQT_PLACE_AGES; ++kind) {
        mqt_place_names_shuffle(&names, &random);
        for (size_t i = 0; i < NAMES; ++i) {
            texts[i] = kind < MQT_PLACE_KINDS
                           ? mqt_place_name_next(&names, &arena, (enum mqt_place_kind)kind)
                           : mqt_place_estate(&names, &arena, (enum mqt_place_age)(kind - MQT_PLACE_KINDS));
            assert_null(strpbrk(texts[i], "0123456789"));
        }
        assert_unlike(texts, NAMES);
    }
    mqt_arena_clear(&arena);
    free(texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_tiles_the_city),
        cmocka_unit_test(codes_and_names_come_once),
        cmocka_unit_test(there_are_districts_of_their_own),
        cmocka_unit_test(a_part_keeps_to_its_share),
        cmocka_unit_test(names_do_not_run_out),
    };
    return cmocka_run_group_tests_name("city", tests, lay_city, clear_city);
}
