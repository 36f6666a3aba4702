/* The sample district's map files: areas, buildings and the extra layers.
 *
 * Buildings go into a GBK Shapefile in EPSG:4548 whose column names are cut at five characters,
 * everything else into GeoPackages in EPSG:4490. Each file's counts are put into truth under the
 * file's name. The town is only read. One thread.
 */
#ifndef MQT_SURVEY_H
#define MQT_SURVEY_H

#include "town.h"

#include <jansson.h>

/* Where the files go and what is told about them. */
struct mqt_survey {
    const struct mqt_town *town;
    const char *dir;
    const char *date; /* "2026-11-22" */
    json_t *truth;
};

enum mqt_err mqt_survey_write(const struct mqt_survey *survey, struct mqt_detail *detail) MQT_MUST_USE;

#endif
