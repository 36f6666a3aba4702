/* The sample district's tables of facilities, each from another office.
 *
 * 公共设施.csv: GBK, GCJ-02, a title above and a sum below, credit codes of businesses, and the dirt of its
 * rows; 充电设施.txt: UTF-16 and tabs, EPSG:4490 in degrees, minutes and seconds; 自行车棚.csv: UTF-8, a
 * header of two rows, EPSG:4527 metres. Counts go into truth. The town is only read. One thread.
 */
#ifndef MQT_FACILITY_LIST_H
#define MQT_FACILITY_LIST_H

#include "town.h"
#include "truth.h"

/* The lines of load.list, in load order. */
extern const char mqt_facility_list_loads[];

enum mqt_err mqt_facility_list_write(const struct mqt_town *town, const char *dir, struct mqt_truth *truth,
                                     struct mqt_detail *detail) MQT_MUST_USE;

#endif
