/* What a file is about and where on earth it lies, from its header and first rows.
 *
 * Pure; any thread. When the answer is not plain, the caller asks the operator: MQT_ERR_PARAM with
 * the question and its options in detail.
 */
#ifndef MQT_DETECT_H
#define MQT_DETECT_H

#include "header.h"

/* "area", "building", "household", "facility" or "ticket"; never "layer", which is only asked for. */
enum mqt_err mqt_detect_kind(const struct mqt_table *table, const struct mqt_header *header, const char **kind,
                             struct mqt_detail *detail) MQT_MUST_USE;

/* The definition of the system in which coordinates like this one are, when it can be taken for granted:
 * degrees are EPSG:4490. Else the question, with a proposal where there is one. */
enum mqt_err mqt_detect_crs(double x, double y, const char **definition, struct mqt_detail *detail) MQT_MUST_USE;

/* area's level from words in a table's or column's name; NULL when none is in it. */
const char *mqt_detect_level(const char *text);

#endif
