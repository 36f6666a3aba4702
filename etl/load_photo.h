/* The photos of a file of tickets: its column of file names, and the folder 照片 beside the file.
 *
 * Each picture is read and checked once, however many tickets name it, and put into the photo store
 * without EXIF; rows of ticket.photo follow in the run's own transaction. A photo that is missing or
 * broken is a warning that names it: the ticket is loaded all the same, and what an earlier delivery
 * brought at that position stays. One thread; belongs to one load.
 */
#ifndef MQT_LOAD_PHOTO_H
#define MQT_LOAD_PHOTO_H

#include "load_kind.h"

struct mqt_load_photos;

/* *photos is NULL when the file has no column of photos; the other functions do nothing then. */
enum mqt_err mqt_load_photos_new(struct mqt_load *load, struct mqt_load_photos **photos,
                                 struct mqt_detail *detail) MQT_MUST_USE;
void mqt_load_photos_free(struct mqt_load_photos *photos);

/* The photos of a row. A store that cannot be written is told by mqt_load_photos_publish. */
void mqt_load_photos_take(struct mqt_load_photos *photos, struct mqt_load *load, const struct mqt_row *row);

/* The rows of ticket.photo, after the tickets are published. */
enum mqt_err mqt_load_photos_publish(struct mqt_load_photos *photos, struct mqt_load *load,
                                     struct mqt_detail *detail) MQT_MUST_USE;

/* The sum of what was not told one by one; publish does it too. */
void mqt_load_photos_tell(const struct mqt_load_photos *photos, struct mqt_load *load);

#endif
