/* The further layers of a whole district: lamps, hydrants, lifts, stops, life circles and others.
 *
 * Each is a GeoPackage in EPSG:4490 made from the town while it is written; nothing is kept. Each
 * draws from a random stream of its own. The town is only read. One thread.
 */
#ifndef MQT_EXTRA_H
#define MQT_EXTRA_H

#include "survey.h"

size_t mqt_extra_count(void);

/* What load.list says of a layer: its file, its id and its title. index < count. */
const char *mqt_extra_file(size_t index);
const char *mqt_extra_id(size_t index);
const char *mqt_extra_title(size_t index);

/* Opens a layer's file; mqt_survey_finish ends it, also after a failure. */
enum mqt_err mqt_extra_start(struct mqt_survey_writer *writer, const struct mqt_survey *survey, size_t index,
                             struct mqt_detail *detail) MQT_MUST_USE;

/* What a town has of the layer. */
enum mqt_err mqt_extra_add(struct mqt_survey_writer *writer, const struct mqt_town *town, size_t index,
                           struct mqt_detail *detail) MQT_MUST_USE;

#endif
