/* What the offices of one district send: buildings, registers, facilities, tickets.
 *
 * Each town of a source is a delivery; a city's lie in folders, whose names the sources of the rows
 * begin with. load.list is made of all deliveries, kind by kind: areas before what lies in them,
 * buildings before the people and tickets that belong to them. The town is only read. One thread.
 */
#ifndef MQT_DELIVERY_H
#define MQT_DELIVERY_H

#include "town.h"
#include "truth.h"

/* The lines of load.list so far. */
struct mqt_delivery_lists {
    struct mqt_buf buildings;
    struct mqt_buf registers;
    struct mqt_buf facilities;
    struct mqt_buf tickets;
};

void mqt_delivery_lists_init(struct mqt_delivery_lists *lists);
void mqt_delivery_lists_clear(struct mqt_delivery_lists *lists);

/* Into dir, and there into the folder that the truth is at. date as in survey.h. */
enum mqt_err mqt_delivery_write(const struct mqt_town *town, const char *dir, const char *date, struct mqt_truth *truth,
                                struct mqt_delivery_lists *lists, struct mqt_detail *detail) MQT_MUST_USE;

#endif
