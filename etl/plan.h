/* The ground plan of a district or a city: what the land is divided into, before it is built on.
 *
 * Main streets, rivers and railways divide the plan (metres, see town.h) into pieces; streets of two
 * lower classes cut these into cells. Areas are groups of cells: a grid is one or two of them, grids
 * make communities, these subdistricts, these districts. All borders are made of the same spots, so
 * areas of every level tile their parent to the last bit. Deterministic by seed. Owned by the
 * caller; read-only once made, except that its mesh still makes rings whole. One thread.
 */
#ifndef MQT_PLAN_H
#define MQT_PLAN_H

#include "land.h"
#include "mesh.h"
#include "place_name.h"

enum mqt_plan_level { MQT_PLAN_DISTRICT, MQT_PLAN_SUBDISTRICT, MQT_PLAN_COMMUNITY, MQT_PLAN_GRID, MQT_PLAN_LEVELS };

struct mqt_plan_line {
    enum mqt_land_line line;
    const char *name;
};

struct mqt_plan_street {
    unsigned line;              /* of the mesh */
    struct mqt_mesh_ring chain; /* its spots from one end to the other */
    unsigned base;              /* the piece between main streets that it lies in; none for a main street */
};

struct mqt_plan_cell {
    struct mqt_mesh_ring ring;
    struct mqt_spot middle;
    enum mqt_land_use use;
    double outward;
    bool inside;    /* of a district */
    unsigned base;  /* as of a street */
    unsigned piece; /* the larger piece that it was cut from */
    unsigned groups[MQT_PLAN_LEVELS];
};

enum { MQT_PLAN_NO_BASE = 0xffffffff };

struct mqt_plan {
    struct mqt_arena arena;
    struct mqt_arena scratch;
    struct mqt_land land;
    struct mqt_mesh mesh;
    struct mqt_random random;
    struct mqt_place_names names;
    struct mqt_plan_line *lines; /* the first is no line */
    size_t line_count;
    struct mqt_plan_street *streets;
    size_t street_count;
    struct mqt_plan_cell *cells;
    size_t cell_count;
    struct mqt_line ways[MQT_LAND_WAYS_MAX]; /* rivers and railways as they were walked */
    unsigned way_lines[MQT_LAND_WAYS_MAX];
    unsigned counts[MQT_PLAN_LEVELS]; /* of groups */
};

/* The plan must stay where it is, because its mesh points into it. The caller clears it, also after
 * a failure. */
enum mqt_err mqt_plan_draw(struct mqt_plan *plan, bool is_city, uint64_t seed, struct mqt_detail *detail) MQT_MUST_USE;
void mqt_plan_clear(struct mqt_plan *plan);

#endif
