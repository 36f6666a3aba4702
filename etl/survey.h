/* The sample district's map files: areas, buildings and the extra layers.
 *
 * Buildings go into a GBK Shapefile in EPSG:4548 whose column names are cut at five characters,
 * everything else into GeoPackages in EPSG:4490. Each file's counts are put into truth under the
 * file's name. The town is only read. One thread.
 */
#ifndef MQT_SURVEY_H
#define MQT_SURVEY_H

#include "crs.h"
#include "sink.h"
#include "town.h"

#include <jansson.h>

/* Where the files go and what is told about them. */
struct mqt_survey {
    const struct mqt_town *town;
    const char *dir;
    const char *date; /* "2026-11-22" */
    json_t *truth;
};

/* One file being written: where shapes are put into EPSG:4490. */
struct mqt_survey_writer {
    const struct mqt_survey *survey;
    struct mqt_sink *sink;
    struct mqt_crs *crs; /* NULL: shapes are written as they are */
    struct mqt_arena scratch;
    size_t rows;
};

/* name: of the file in the survey's directory. finish must follow, also after a failure. */
enum mqt_err mqt_survey_start(struct mqt_survey_writer *writer, const struct mqt_survey *survey,
                              struct mqt_sink_file file, const char *name, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_survey_add(struct mqt_survey_writer *writer, const struct mqt_sink_value *values,
                            const struct mqt_shape *shape, struct mqt_detail *detail) MQT_MUST_USE;

/* Closes the file, puts its number of rows into the truth and returns err, or what went wrong in
 * closing. facts is taken over and may be NULL. */
enum mqt_err mqt_survey_finish(struct mqt_survey_writer *writer, const char *name, json_t *facts, enum mqt_err err,
                               struct mqt_detail *detail) MQT_MUST_USE;

enum mqt_err mqt_survey_write(const struct mqt_survey *survey, struct mqt_detail *detail) MQT_MUST_USE;

#endif
