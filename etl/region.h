/* Groups the pieces of a mesh into areas: communities, subdistricts, districts.
 *
 * A group is a set of pieces whose outline is one ring without a touch; small groups join their
 * neighbours until none is too small or there are as few as wanted. Rivers and railways keep
 * groups apart while there is another neighbour. Memory as in mesh.h. One thread.
 */
#ifndef MQT_REGION_H
#define MQT_REGION_H

#include "mesh.h"

/* Two pieces with a common border. */
struct mqt_region_link {
    unsigned a;
    unsigned b;
    double border_m;
    bool barrier;
};

struct mqt_region {
    struct mqt_mesh *mesh;
    struct mqt_mesh_ring *pieces; /* whole */
    size_t count;
    struct mqt_region_link *links;
    size_t link_count;
    struct mqt_mesh_ring *chosen; /* room for all pieces */
};

/* barriers[line] tells whether a line of the mesh keeps groups apart. */
void mqt_region_link(struct mqt_region *region, const bool *barriers);

/* Pieces of one group number that do not hang together get numbers of their own, from first on.
 * Returns the first number that is free then. NO_GROUP pieces stay as they are. */
enum { MQT_REGION_NO_GROUP = 0xffffffff };
unsigned mqt_region_separate(const struct mqt_region *region, unsigned *groups, unsigned first);

/* Joins groups within a set (sets[piece]; NULL: all are one): the lightest to a neighbour, until the
 * lightest weighs least or there are only wanted of them. weights are the pieces'. */
void mqt_region_join(const struct mqt_region *region, unsigned *groups, const unsigned *sets, const double *weights,
                     double least, size_t wanted);

/* Numbers the groups from 0 in the order of their first piece; returns how many there are. */
unsigned mqt_region_number(const struct mqt_region *region, unsigned *groups);

/* Whether a group's outline is one ring. */
bool mqt_region_is_whole(const struct mqt_region *region, const unsigned *groups, unsigned group);

#endif
