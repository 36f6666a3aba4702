/* The sample district's household register: an Excel sheet as a residents' committee keeps it.
 *
 * A title row, a header of two merged rows, one row a person, rows of totals; some buildings have their
 * estate and number in one cell over all their rows. Its dirt comes at stated rates (dirt.h) and is
 * accounted for in truth. Personal data, all of it invented. One thread.
 */
#ifndef MQT_REGISTER_H
#define MQT_REGISTER_H

#include "town.h"
#include "truth.h"

/* One workbook: the people of a run of households. */
struct mqt_register {
    const char *name;  /* of the file in dir, and of its entry in truth */
    const char *place; /* in the title */
    size_t serial;     /* 0, 1, …: gives the file a random stream of its own */
    size_t household;  /* the first */
    size_t households; /* > 0 */
    size_t person;     /* the first person of the first household */
    size_t persons;
};

enum mqt_err mqt_register_write(const struct mqt_town *town, const struct mqt_register *part, const char *dir,
                                struct mqt_truth *truth, struct mqt_detail *detail) MQT_MUST_USE;

#endif
