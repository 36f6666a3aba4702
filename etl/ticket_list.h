/* The sample district's table of tickets: UTF-8 with a byte order mark, EPSG:4490, local times.
 *
 * Tickets without a place have empty coordinates. Its dirt comes at stated rates (dirt.h) and is
 * accounted for in truth. The town is only read. One thread.
 */
#ifndef MQT_TICKET_LIST_H
#define MQT_TICKET_LIST_H

#include "town.h"
#include "truth.h"

/* Its line of load.list. */
extern const char mqt_ticket_list_load[];

enum mqt_err mqt_ticket_list_write(const struct mqt_town *town, const char *dir, struct mqt_truth *truth,
                                   struct mqt_detail *detail) MQT_MUST_USE;

#endif
