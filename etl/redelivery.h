/* Files of the sample that arrive a second time: one as it was, two cut in half on the way.
 *
 * They lie in a folder of their own and are in no load.list; what a loader that is right makes of them
 * stands in truth.json under "redelivered": exit code and accounting. Called when the others are
 * written. One thread.
 */
#ifndef MQT_REDELIVERY_H
#define MQT_REDELIVERY_H

#include "truth.h"

/* a_register: the name of a register's file. *redelivered is the caller's afterwards. */
enum mqt_err mqt_redelivery_write(const char *dir, const char *a_register, const struct mqt_truth *truth,
                                  json_t **redelivered, struct mqt_detail *detail) MQT_MUST_USE;

#endif
