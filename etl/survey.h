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
#include "truth.h"

/* Where the files go and what is told about them. */
struct mqt_survey {
    const struct mqt_town *town;
    const char *dir;
    const char *date; /* "2026-11-22" */
    struct mqt_truth *truth;
};

/* One file being written: where shapes are put into EPSG:4490. */
struct mqt_survey_writer {
    const struct mqt_survey *survey;
    struct mqt_sink *sink;
    struct mqt_crs *crs; /* NULL: shapes are written as they are */
    struct mqt_arena scratch;
    size_t rows;
    struct mqt_account account; /* of the dirty rows; the others are added at the end */
};

/* name: of the file in the survey's directory. finish must follow, also after a failure. */
enum mqt_err mqt_survey_start(struct mqt_survey_writer *writer, const struct mqt_survey *survey,
                              struct mqt_sink_file file, const char *name, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_survey_add(struct mqt_survey_writer *writer, const struct mqt_sink_value *values,
                            const struct mqt_shape *shape, struct mqt_detail *detail) MQT_MUST_USE;

/* What is wrong with the row that was added last. */
void mqt_survey_tell(struct mqt_survey_writer *writer, enum mqt_dirt dirt);

/* Closes the file, puts its number of rows and its account into the truth and returns err, or what went wrong in
 * closing. facts is taken over and may be NULL. */
enum mqt_err mqt_survey_finish(struct mqt_survey_writer *writer, json_t *facts, enum mqt_err err,
                               struct mqt_detail *detail) MQT_MUST_USE;

/* 楼栋.shp of the survey's town. */
enum mqt_err mqt_survey_write_buildings(const struct mqt_survey *survey, struct mqt_detail *detail) MQT_MUST_USE;

#endif
