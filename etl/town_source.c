#include "town_source.h"

#include "amenity.h"
#include "block.h"
#include "complaint.h"
#include "division.h"
#include "layout.h"
#include "quarter.h"
#include "resident.h"
#include "scale.h"
#include "service.h"
#include "street.h"

#include <stdlib.h>

enum { ARENA_MAX_MB = 1024, PARTS_MAX = MQT_LAND_SEEDS_MAX, NAMES_STREAM = 24 };

static const double DISTRICT_LIMIT = 0.93; /* share of the homes of a city's district that are lived in, at most */

struct mqt_town_source {
    const struct mqt_town_scale *scale;
    uint64_t seed;
    int64_t until_s;
    bool with_people;
    struct mqt_plan plan;         /* of districts and cities */
    struct mqt_place_names names; /* of what stands on it */
    unsigned parts;
    unsigned next;
    double weights[PARTS_MAX]; /* of the parts: how much of everything is theirs */
    double weight_left;
    struct mqt_town_quota left; /* for the parts to come */
    size_t households;          /* in the parts before */
    size_t persons;
};

/* How much can be built on a district's cells. */
static void weigh_parts(struct mqt_town_source *source)
{
    const struct mqt_plan *plan = &source->plan;
    for (size_t c = 0; c < plan->cell_count; ++c) {
        const struct mqt_plan_cell *cell = &plan->cells[c];
        bool open = cell->use == MQT_USE_MIXED || cell->use == MQT_USE_NEW_TOWN || cell->use == MQT_USE_VILLAGE;
        if (cell->inside) {
            double weight = mqt_mesh_area_m2(&plan->mesh, cell->ring) * (open ? 1 : 0.2);
            source->weights[cell->groups[MQT_PLAN_DISTRICT]] += weight;
            source->weight_left += weight;
        }
    }
}

static enum mqt_err draw_plan(struct mqt_town_source *source, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_plan_draw(&source->plan, source->scale->is_city, source->seed, detail);
    if (err == MQT_OK) {
        err = mqt_division_draw(&source->plan, detail);
    }
    if (err == MQT_OK) {
        struct mqt_random random = mqt_random_start(source->seed, NAMES_STREAM);
        mqt_place_names_shuffle(&source->names, &random);
        source->parts = source->plan.counts[MQT_PLAN_DISTRICT];
        weigh_parts(source);
    }
    return err;
}

enum mqt_err mqt_town_source_new(const char *scale, uint64_t seed, int64_t until_s, bool with_people,
                                 struct mqt_town_source **source, struct mqt_detail *detail)
{
    const struct mqt_town_scale *found = mqt_scale_find(scale);
    if (!found) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "scale", "there is no scale %s; there are: %s", scale,
                              mqt_scale_names());
    }
    struct mqt_town_source *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the sample's plan");
    }
    fresh->scale = found;
    fresh->seed = seed;
    fresh->until_s = until_s;
    fresh->with_people = with_people;
    fresh->parts = 1;
    fresh->left = (struct mqt_town_quota){found->buildings, found->households, found->persons,
                                          found->tickets,   found->cameras,    found->ai_cameras};
    enum mqt_err err = found->is_district ? draw_plan(fresh, detail) : MQT_OK;
    if (err != MQT_OK) {
        mqt_town_source_free(fresh);
        return err;
    }
    *source = fresh;
    return MQT_OK;
}

unsigned mqt_town_source_parts(const struct mqt_town_source *source)
{
    return source->parts;
}

/* The next part's share of what is left; the last part takes the rest. */
static struct mqt_town_quota share_of(const struct mqt_town_source *source)
{
    struct mqt_town_quota quota = source->left;
    if (source->next + 1 < source->parts) {
        double share = source->weights[source->next] / source->weight_left;
        quota.buildings = (size_t)((double)quota.buildings * share);
        quota.households = (size_t)((double)quota.households * share);
        quota.persons = (size_t)((double)quota.persons * share);
        quota.tickets = (size_t)((double)quota.tickets * share);
        quota.cameras = (size_t)((double)quota.cameras * share);
        quota.ai_cameras = (size_t)((double)quota.ai_cameras * share);
    }
    return quota;
}

static void take_share(struct mqt_town_source *source, const struct mqt_town *town)
{
    struct mqt_town_quota *left = &source->left;
    left->buildings -= town->buildings.count < left->buildings ? town->buildings.count : left->buildings;
    left->households -= town->quota.households;
    left->persons -= town->quota.persons;
    left->tickets -= town->quota.tickets;
    left->cameras -= town->quota.cameras;
    left->ai_cameras -= town->quota.ai_cameras;
    source->weight_left -= source->weights[source->next];
    source->households += town->households.count;
    source->persons += town->persons.count;
    ++source->next;
}

/* A city's district may have fewer homes than its share of households needs. */
static void fit_households(struct mqt_town *town, bool with_people)
{
    size_t homes = 0;
    for (size_t b = 0; b < town->buildings.count; ++b) {
        const struct mqt_town_building *building = &town->buildings.at[b];
        homes += (size_t)(building->units * building->floors_above * building->per_unit);
    }
    size_t most = (size_t)((double)homes * DISTRICT_LIMIT);
    if (town->quota.households > most) {
        town->quota.persons = (size_t)((double)town->quota.persons * (double)most / (double)town->quota.households);
        town->quota.households = most;
    }
    town->quota.persons = with_people ? town->quota.persons : 0;
}

static void fill(struct mqt_town_source *source, struct mqt_town *town)
{
    if (!source->scale->is_district) {
        mqt_street_lay(town);
        mqt_block_fill(town);
        mqt_resident_settle(town);
        mqt_amenity_open(town);
    } else {
        mqt_layout_lay(&source->plan, source->next, town);
        mqt_quarter_fill(town, &source->names);
        if (source->scale->is_city) {
            fit_households(town, source->with_people);
        }
        mqt_resident_settle(town);
        mqt_service_open(town);
    }
    mqt_complaint_file(town);
    mqt_town_place(town);
}

enum mqt_err mqt_town_source_build(struct mqt_town_source *source, struct mqt_town *town, struct mqt_detail *detail)
{
    bool city = source->scale->is_city;
    struct mqt_town fresh = {.scale = source->scale,
                             .quota = share_of(source),
                             .part = city ? source->next + 1 : 0,
                             .first_household = source->households,
                             .first_person = source->persons,
                             .land_seed = source->seed,
                             .seed = source->seed + source->next * UINT64_C(0x9e3779b97f4a7c15),
                             .until_s = source->until_s};
    mqt_arena_init(&fresh.arena, (size_t)ARENA_MAX_MB << 20);
    fill(source, &fresh);
    if (fresh.arena.err != MQT_OK || source->plan.arena.err != MQT_OK) {
        enum mqt_err err = fresh.arena.err != MQT_OK ? fresh.arena.err : source->plan.arena.err;
        mqt_town_clear(&fresh);
        return mqt_fail(detail, err, "a sample district does not fit into %d MB", ARENA_MAX_MB);
    }
    take_share(source, &fresh);
    *town = fresh;
    return MQT_OK;
}

void mqt_town_source_free(struct mqt_town_source *source)
{
    if (source) {
        mqt_plan_clear(&source->plan);
        free(source);
    }
}
