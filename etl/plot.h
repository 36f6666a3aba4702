/* Pieces of an estate's ground: strips cut off its sides, its gate, service houses, pond and walks.
 *
 * Metres in the frame of the site (see site.h); what is made lands in the town's lists.
 */
#ifndef MQT_PLOT_H
#define MQT_PLOT_H

#include "site.h"

/* A strip of that side; *room is left without it and without 7 m between them. */
struct mqt_rect mqt_plot_cut_north(struct mqt_rect *room, double deep_m);
struct mqt_rect mqt_plot_cut_south(struct mqt_rect *room, double deep_m);
struct mqt_rect mqt_plot_cut_west(struct mqt_rect *room, double wide_m);
struct mqt_rect mqt_plot_cut_east(struct mqt_rect *room, double wide_m);

/* From the loop road in the middle of a side out to the street: dy is 1 north, -1 south. */
void mqt_plot_gate(struct mqt_site *site, struct mqt_rect estate, int dy, double reach_m);

/* The little houses that every estate has. */
void mqt_plot_services(struct mqt_site *site, struct mqt_rect estate, int bike_sheds);

void mqt_plot_pond(struct mqt_site *site, const char *name, struct mqt_rect rect);

/* A footpath that ends where it began. */
void mqt_plot_walk(struct mqt_site *site, struct mqt_rect rect, double width_m);

#endif
