/* A plane divided into pieces that share their borders to the last bit.
 *
 * Pieces are rings of spot numbers, counter-clockwise. A cut puts its ends onto the edges of a
 * ring; the mesh remembers which edge was broken where, so that every ring, of whatever level and
 * however old, can be written out whole (mqt_mesh_whole) and then has the same spots as all its
 * neighbours. Every edge knows the line (a number of the caller's, 0 for none) that it is part of.
 * Coordinates in metres. Memory is the arena's; when it is full, rings are empty and arena->err
 * says so. One thread.
 */
#ifndef MQT_MESH_H
#define MQT_MESH_H

#include "shape.h"

struct mqt_mesh_ring {
    unsigned *at;
    size_t count;
};

struct mqt_mesh_edge;

struct mqt_mesh {
    struct mqt_arena *arena;
    struct mqt_arena *scratch; /* empty between calls */
    struct mqt_spot *spots;
    size_t spot_count;
    size_t spot_capacity;
    struct mqt_mesh_edge *edges; /* a hash table */
    size_t edge_count;
    size_t edge_capacity;
};

/* Both arenas are the caller's. */
void mqt_mesh_init(struct mqt_mesh *mesh, struct mqt_arena *arena, struct mqt_arena *scratch);

unsigned mqt_mesh_spot(struct mqt_mesh *mesh, struct mqt_spot spot);

/* Makes the edges between neighbours of the chain part of a line. */
void mqt_mesh_draw(struct mqt_mesh *mesh, const unsigned *chain, size_t count, unsigned line);

unsigned mqt_mesh_line(const struct mqt_mesh *mesh, unsigned a, unsigned b);

/* The ring with all spots that cuts of its neighbours and of itself have put onto its edges. */
struct mqt_mesh_ring mqt_mesh_whole(struct mqt_mesh *mesh, struct mqt_mesh_ring ring);

double mqt_mesh_area_m2(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring);
bool mqt_mesh_holds(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_spot spot);
struct mqt_shape mqt_mesh_shape(struct mqt_mesh *mesh, struct mqt_mesh_ring ring);

/* The angle to which most of the border is parallel or square, -pi/4 … pi/4, and the bounds of the
 * ring in a frame that is turned by it. */
double mqt_mesh_grain(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring);
struct mqt_rect mqt_mesh_bounds(const struct mqt_mesh *mesh, struct mqt_mesh_ring ring, double turn);

/* Cuts a whole ring along the line through spot with this angle, there where the ring is widest; the
 * cut bends by bend_m in its middle. False when it cannot be cut well; parts and chain (the spots
 * of the cut) are then untouched. */
bool mqt_mesh_cut(struct mqt_mesh *mesh, struct mqt_mesh_ring ring, struct mqt_spot spot, double angle, double bend_m,
                  unsigned line, struct mqt_mesh_ring parts[2], struct mqt_mesh_ring *chain);

/* Cuts every piece that the path runs through; the path begins outside of all of them. What is cut
 * off is appended to the pieces, of which there is room for max. A path that meets an edge of the
 * line stop ends there. */
void mqt_mesh_walk(struct mqt_mesh *mesh, struct mqt_line path, unsigned line, unsigned stop,
                   struct mqt_mesh_ring *pieces, size_t *count, size_t max);

/* The outline of whole rings that touch along edges, counter-clockwise. Empty when it has a hole or
 * touches itself. */
struct mqt_mesh_ring mqt_mesh_outline(struct mqt_mesh *mesh, const struct mqt_mesh_ring *rings, size_t count);
bool mqt_mesh_has_outline(struct mqt_mesh *mesh, const struct mqt_mesh_ring *rings, size_t count);

#endif
