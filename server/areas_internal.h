/* Inside the tree of areas, for the rooms that make it (area_tree, area_fill) and answer from it (areas).
 */
#ifndef MQT_AREAS_INTERNAL_H
#define MQT_AREAS_INTERNAL_H

#include "area_index.h"
#include "areas.h"

#include <stdatomic.h>

struct mqt_areas {
    atomic_size_t references;
    struct mqt_area_layers layers; /* retained */
    struct mqt_area_index indices[MQT_AREA_LEVEL_COUNT];
    size_t count;
    struct mqt_area *nodes; /* by level, in a level as its index has them */
    uint32_t first_of[MQT_AREA_LEVEL_COUNT];
    uint32_t *by_id; /* numbers in order of id, the whole left out */
    uint32_t *kin;   /* children and estates of all, see struct mqt_area */
    /* By building index: deepest area and estate; NONE where there is no building or no estate. */
    uint32_t *area_of, *estate_of;
    /* The same by building id, which saves a search; NULL when ids are too far apart. */
    struct mqt_area_spot *spots;
    size_t spot_count;
    uint32_t *own; /* building indices of all areas, see struct mqt_area */
};

/* area_tree.c: fills nodes, by_id and kin but for sums and buildings. */
enum mqt_err mqt_area_tree_build(struct mqt_areas *areas) MQT_MUST_USE;
/* area_fill.c: fills the rest. */
enum mqt_err mqt_area_fill(struct mqt_areas *areas) MQT_MUST_USE;

/* areas.c. The deepest area of the levels from .. to (downwards from from) that holds the point: its
 * number, else NONE. */
enum mqt_err mqt_areas_around(const struct mqt_areas *areas, struct mqt_point point, enum mqt_area_level from,
                              enum mqt_area_level to, uint32_t *number) MQT_MUST_USE;

#endif
