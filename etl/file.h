/* Local files: read whole or mapped, written whole, named, and recognised by their first bytes.
 *
 * Paths are local; anything that GDAL would take for a virtual or remote file (/vsi…, scheme:)
 * is refused. mqt_file_recognise looks at the name's ending and at the content and refuses a file
 * that is not what its name says. No state; any thread.
 */
#ifndef MQT_FILE_H
#define MQT_FILE_H

#include "../tiles/buf.h"

enum mqt_file_format {
    MQT_FILE_SHAPEFILE,
    MQT_FILE_GPKG,
    MQT_FILE_GEOJSON,
    MQT_FILE_RECORDS, /* a JSON array of flat objects */
    MQT_FILE_CSV,
    MQT_FILE_XLSX,
    MQT_FILE_OSM,
    MQT_FILE_KML,
    MQT_FILE_KMZ,
    MQT_FILE_FILEGDB /* a directory */
};

/* MQT_ERR_LIMIT when it is larger than the buffer's maximum. */
enum mqt_err mqt_file_read(const char *path, struct mqt_buf *bytes, struct mqt_detail *detail) MQT_MUST_USE;

/* The file as memory that the system takes back when it needs it: a large file costs no memory of ours.
 * A file that becomes shorter meanwhile ends the process. */
struct mqt_file_map {
    const uint8_t *bytes; /* NULL: empty */
    size_t len;
};
/* MQT_ERR_LIMIT when it is larger than max_bytes. */
enum mqt_err mqt_file_map(const char *path, size_t max_bytes, struct mqt_file_map *map,
                          struct mqt_detail *detail) MQT_MUST_USE;
void mqt_file_unmap(struct mqt_file_map *map); /* a zeroed map is allowed */

/* Writes len bytes as a whole file into dir. */
enum mqt_err mqt_file_save(const char *dir, const char *name, const void *bytes, size_t len,
                           struct mqt_detail *detail) MQT_MUST_USE;
/* A directory that is there already is as good. */
enum mqt_err mqt_file_make_dir(const char *path, struct mqt_detail *detail) MQT_MUST_USE;

/* The last part of the path without its ending. */
void mqt_file_base_name(const char *path, char *name, size_t size);

/* The absolute path (PATH_MAX bytes); MQT_ERR_NOT_FOUND, MQT_ERR_PARAM for what is not local. */
enum mqt_err mqt_file_resolve(const char *path, char *absolute, size_t size, struct mqt_detail *detail) MQT_MUST_USE;

/* MQT_ERR_FORMAT: the content is not what the name says, or is cut short; MQT_ERR_PARAM: an ending
 * that is not known. */
enum mqt_err mqt_file_recognise(const char *path, enum mqt_file_format *format, struct mqt_detail *detail) MQT_MUST_USE;

#endif
