/* Invented names for the sample district: people and shops.
 *
 * UTF-8 in the caller's arena or static; "" when the arena is full (arena->err tells). Any
 * likeness is chance: names are put together from common characters.
 */
#ifndef MQT_NAMES_H
#define MQT_NAMES_H

#include "../tiles/arena.h"
#include "random.h"

const char *mqt_name_surname(struct mqt_random *random);

/* surname and a given name in the fashion of the birth year. */
const char *mqt_name_person(struct mqt_arena *arena, struct mqt_random *random, const char *surname, bool male,
                            int birth_year);

/* A business of a kind of facility_kind.h, by its Chinese title. */
const char *mqt_name_business(struct mqt_arena *arena, struct mqt_random *random, const char *kind_zh);

#endif
