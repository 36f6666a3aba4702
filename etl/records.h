/* A JSON array of flat objects, as Socrata and many city portals export: one object is one row.
 *
 * Columns are all keys in the order in which they first appear. Numbers and booleans become text;
 * a GeoJSON object becomes the row's shape when it is a point, other nested values become JSON
 * text. Runs in the reading child, whole file in memory (256 MB at most).
 */
#ifndef MQT_RECORDS_H
#define MQT_RECORDS_H

#include "wire.h"

enum mqt_err mqt_records_send(const char *path, struct mqt_wire *wire, struct mqt_detail *detail) MQT_MUST_USE;

#endif
