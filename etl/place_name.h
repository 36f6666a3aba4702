/* Invented names of places for the sample district: streets, communities, estates, subdistricts.
 *
 * Each kind has a list of its own that is dealt out once, in the order of a shuffle: no name comes
 * twice while its kind has some left: first 120 words with each of the kind's endings, then 1,600
 * words of two signs (5,160 names a kind, 8,600 estates of each age). UTF-8 in the caller's arena;
 * "" when the arena is full. One thread.
 */
#ifndef MQT_PLACE_NAME_H
#define MQT_PLACE_NAME_H

#include "../tiles/arena.h"
#include "random.h"

enum mqt_place_kind {
    MQT_PLACE_AVENUE,
    MQT_PLACE_STREET,
    MQT_PLACE_LANE,
    MQT_PLACE_COMMUNITY,
    MQT_PLACE_SUBDISTRICT, /* of a city */
    MQT_PLACE_PUBLIC,      /* what a school or a park is called before its own word */
    MQT_PLACE_KINDS
};

enum mqt_place_age { MQT_PLACE_OLD, MQT_PLACE_MIDDLE, MQT_PLACE_NEW, MQT_PLACE_AGES };

enum { MQT_PLACE_WORDS = 120, MQT_PLACE_PAIRS = 1600 };

struct mqt_place_names {
    unsigned char words[MQT_PLACE_WORDS];  /* shuffled */
    unsigned short pairs[MQT_PLACE_PAIRS]; /* words of two signs, shuffled; none is among the words above */
    unsigned pair_count;
    unsigned short dealt[MQT_PLACE_KINDS];        /* of each kind */
    unsigned short dealt_estates[MQT_PLACE_AGES]; /* of each age */
};

void mqt_place_names_shuffle(struct mqt_place_names *names, struct mqt_random *random);

const char *mqt_place_name_next(struct mqt_place_names *names, struct mqt_arena *arena, enum mqt_place_kind kind);

/* An estate's name in the fashion of its age. */
const char *mqt_place_estate(struct mqt_place_names *names, struct mqt_arena *arena, enum mqt_place_age age);

/* index 0 … 25, without 街道. */
const char *mqt_place_subdistrict(int index);

/* index 0 … 19, without 区. */
const char *mqt_place_district(unsigned index);

#endif
