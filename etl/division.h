/* Which cells of a ground plan make a grid, a community, a subdistrict, a district.
 *
 * Fills in cells[].inside and cells[].groups and counts (plan.h). Areas of every level are one ring
 * without holes; a district of its own has exactly 26 subdistricts, a city 18 districts at most.
 */
#ifndef MQT_DIVISION_H
#define MQT_DIVISION_H

#include "plan.h"

/* MQT_ERR_PARAM when the seed's land cannot be divided so. */
enum mqt_err mqt_division_draw(struct mqt_plan *plan, struct mqt_detail *detail) MQT_MUST_USE;

/* The outline of one area. */
struct mqt_shape mqt_division_shape(struct mqt_plan *plan, enum mqt_plan_level level, unsigned group);

#endif
