/* The sample's files that hold all of a district or a city: areas and the layers of the map.
 *
 * GeoPackages in EPSG:4490, open all at once while the towns of a source are added one after the
 * other. Each file's counts go into the truth. The towns are only read. One thread.
 */
#ifndef MQT_MAP_FILES_H
#define MQT_MAP_FILES_H

#include "survey.h"

struct mqt_map_files;

/* survey: its town is not used; it must outlive the files. with_extras: the layers of extra.h too. */
enum mqt_err mqt_map_files_open(const struct mqt_survey *survey, bool with_extras, struct mqt_map_files **files,
                                struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_map_files_add(struct mqt_map_files *files, const struct mqt_town *town,
                               struct mqt_detail *detail) MQT_MUST_USE;

/* Lines for load.list: the areas, which come first; the layers, which come last. */
void mqt_map_files_list_areas(struct mqt_buf *list);
void mqt_map_files_list_layers(bool with_extras, struct mqt_buf *list);

/* Ends the files and frees them; returns err, or what went wrong in closing. NULL is fine. */
enum mqt_err mqt_map_files_close(struct mqt_map_files *files, enum mqt_err err, struct mqt_detail *detail) MQT_MUST_USE;

#endif
