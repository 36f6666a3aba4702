/* Where the sample's grids are: whether a spot lies in one, and the nearest spot that does.
 *
 * EPSG:4548 metres, like the town that it is made from and borrows. A spot counts as inside when it is a
 * little off every border, so that rounding a coordinate in a file does not carry it out. Read-only once
 * made; any thread.
 */
#ifndef MQT_GROUND_H
#define MQT_GROUND_H

#include "town.h"

struct mqt_ground;

enum mqt_err mqt_ground_new(const struct mqt_town *town, struct mqt_ground **ground) MQT_MUST_USE;
void mqt_ground_free(struct mqt_ground *ground);

bool mqt_ground_holds(const struct mqt_ground *ground, struct mqt_spot spot);

/* The spot itself when a grid holds it, else a near one that a grid holds. */
struct mqt_spot mqt_ground_inside(const struct mqt_ground *ground, struct mqt_spot spot);

/* A spot that is far from every grid, another one for each serial. */
struct mqt_spot mqt_ground_outside(const struct mqt_ground *ground, size_t serial);

#endif
