#include "town.h"

#include "scale.h"
#include "town_source.h"

#include <math.h>
#include <string.h>

enum { RANDOM_STREAM = 3 };

/* 116.30 E 39.83 N in EPSG:4548. */
static const struct mqt_spot MIDDLE = {440076.06, 4410887.89};

void *mqt_town_grow(struct mqt_town *town, void *at, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return at;
    }
    size_t larger = *capacity ? *capacity * 2 : 64;
    void *copy = mqt_arena_calloc(&town->arena, larger, size);
    if (!copy) {
        return NULL;
    }
    if (count > 0) {
        memcpy(copy, at, count * size);
    }
    *capacity = larger;
    return copy;
}

const char *mqt_town_scales(void)
{
    return mqt_scale_names();
}

/* From the plan to EPSG:4548: turned a little, because streets do not run exactly north. */
struct placing {
    double cos_tilt;
    double sin_tilt;
};

static struct mqt_spot place_spot(const struct placing *placing, struct mqt_spot spot)
{
    double x_m = MIDDLE.x_m + spot.x_m * placing->cos_tilt - spot.y_m * placing->sin_tilt;
    double y_m = MIDDLE.y_m + spot.x_m * placing->sin_tilt + spot.y_m * placing->cos_tilt;
    return (struct mqt_spot){round(x_m * 1000) / 1000, round(y_m * 1000) / 1000};
}

static void place_line(const struct placing *placing, struct mqt_line line)
{
    for (size_t i = 0; i < line.count; ++i) {
        line.spots[i] = place_spot(placing, line.spots[i]);
    }
}

static void place_shape(const struct placing *placing, struct mqt_shape shape)
{
    for (size_t i = 0; i < shape.ring_count; ++i) {
        place_line(placing, shape.rings[i]);
    }
}

void mqt_town_place(struct mqt_town *town)
{
    struct mqt_random random = mqt_random_start(town->land_seed, RANDOM_STREAM);
    double tilt = mqt_random_real(&random, 0.02, 0.075) * (mqt_random_chance(&random, 0.5) ? 1 : -1);
    struct placing placing = {cos(tilt), sin(tilt)};
    for (size_t i = 0; i < town->areas.count; ++i) {
        place_shape(&placing, town->areas.at[i].shape);
    }
    for (size_t i = 0; i < town->buildings.count; ++i) {
        place_shape(&placing, town->buildings.at[i].shape);
    }
    for (size_t i = 0; i < town->greens.count; ++i) {
        place_shape(&placing, town->greens.at[i].shape);
    }
    for (size_t i = 0; i < town->waters.count; ++i) {
        place_shape(&placing, town->waters.at[i].shape);
    }
    for (size_t i = 0; i < town->streets.count; ++i) {
        place_line(&placing, town->streets.at[i].line);
    }
    for (size_t i = 0; i < town->facilities.count; ++i) {
        town->facilities.at[i].spot = place_spot(&placing, town->facilities.at[i].spot);
    }
    for (size_t i = 0; i < town->cameras.count; ++i) {
        town->cameras.at[i].spot = place_spot(&placing, town->cameras.at[i].spot);
    }
    for (size_t i = 0; i < town->tickets.count; ++i) {
        town->tickets.at[i].spot = place_spot(&placing, town->tickets.at[i].spot);
    }
}

enum mqt_err mqt_town_build(const char *scale, uint64_t seed, int64_t until_s, struct mqt_town *town,
                            struct mqt_detail *detail)
{
    struct mqt_town_source *source = NULL;
    enum mqt_err err = mqt_town_source_new(scale, seed, until_s, true, &source, detail);
    if (err == MQT_OK) {
        err = mqt_town_source_build(source, town, detail);
    }
    mqt_town_source_free(source);
    return err;
}

void mqt_town_clear(struct mqt_town *town)
{
    mqt_arena_clear(&town->arena);
    *town = (struct mqt_town){0};
}
