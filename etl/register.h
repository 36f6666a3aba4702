/* The sample district's household register: an Excel sheet as a residents' committee keeps it.
 *
 * A title row, a header of two merged rows, one row a person, a row of totals. Its dirt is drawn at
 * stated rates and counted into truth. Personal data, all of it invented. One thread.
 */
#ifndef MQT_REGISTER_H
#define MQT_REGISTER_H

#include "town.h"

#include <jansson.h>

/* name: of the file in dir, and of its entry in truth. */
enum mqt_err mqt_register_write(const struct mqt_town *town, const char *dir, const char *name, json_t *truth,
                                struct mqt_detail *detail) MQT_MUST_USE;

#endif
