/* The kinds of facility that the house knows: codes stored in twin.facility.kind, their titles,
 * and the words by which files call them.
 *
 * Pure; text is UTF-8; returned strings are static. Any thread. Nothing fails: a text that names
 * no known kind gives NULL, and the caller decides what to store instead.
 */
#ifndef MQT_FACILITY_KIND_H
#define MQT_FACILITY_KIND_H

#include <stddef.h>

struct mqt_facility_kind {
    const char *code;     /* canteen, school, …: stable, lower case, at most 31 bytes */
    const char *title_zh; /* as the sample files and the legend write it */
    const char *title_en;
};

size_t mqt_facility_kind_count(void);
const struct mqt_facility_kind *mqt_facility_kind_at(size_t index); /* index < count */

/* The kind that text names: a code, a Chinese or English title or another common word for it, in
 * any letter case; else the longest such Chinese word inside the text ("怡海社区食堂" is a canteen).
 * NULL when there is none, and for NULL or empty text. */
const struct mqt_facility_kind *mqt_facility_kind_find(const char *text);

#endif
