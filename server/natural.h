/* Text in the order that people expect: numbers in it by their value, so that 2 stands before 10.
 *
 * Pure; any thread. Everything but ASCII digits is compared by its bytes (UTF-8). The
 * order is total: only the same bytes are equal, 01 and 1 are neighbours.
 */
#ifndef MQT_NATURAL_H
#define MQT_NATURAL_H

#include <stddef.h>

/* Below, at or above 0 as the left comes before, beside or after the right. */
int mqt_natural_compare(const char *left, size_t left_len, const char *right, size_t right_len);

#endif
