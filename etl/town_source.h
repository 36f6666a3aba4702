/* Builds the towns of a scale one after the other: one for a community or a district, one for each
 * district of a city, which as a whole would not fit into memory.
 *
 * The ground plan of a city is drawn once and kept; a part is built from it, written and cleared before the next one.
 * What a part falls short of its share in buildings and homes is made up for by the later parts. The
 * source belongs to the caller, a town that was built does not depend on it. One thread.
 */
#ifndef MQT_TOWN_SOURCE_H
#define MQT_TOWN_SOURCE_H

#include "town.h"

struct mqt_town_source;

/* with_people: households have names. MQT_ERR_PARAM for a scale that does not exist. */
enum mqt_err mqt_town_source_new(const char *scale, uint64_t seed, int64_t until_s, bool with_people,
                                 struct mqt_town_source **source, struct mqt_detail *detail) MQT_MUST_USE;

unsigned mqt_town_source_parts(const struct mqt_town_source *source);

/* The next part; called as often as there are parts. On failure the town is clear. */
enum mqt_err mqt_town_source_build(struct mqt_town_source *source, struct mqt_town *town,
                                   struct mqt_detail *detail) MQT_MUST_USE;

void mqt_town_source_free(struct mqt_town_source *source);

#endif
