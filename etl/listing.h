/* A text table of the sample: fields, rows and the encoding that it is saved in.
 *
 * CR LF as a spreadsheet writes it; fields are quoted where they must be. Texts are UTF-8 until the
 * table is saved. Nothing fails before that; one thread.
 */
#ifndef MQT_LISTING_H
#define MQT_LISTING_H

#include "../tiles/buf.h"

#include <stdint.h>

enum mqt_listing_encoding { MQT_LISTING_UTF8, MQT_LISTING_UTF8_BOM, MQT_LISTING_GBK, MQT_LISTING_UTF16 };

struct mqt_listing {
    struct mqt_buf text;
    char separator;
    uint64_t line; /* of the row that is being written, from 1 */
    size_t fields; /* that it has so far */
};

void mqt_listing_init(struct mqt_listing *listing, char separator);
void mqt_listing_clear(struct mqt_listing *listing);

void mqt_listing_put(struct mqt_listing *listing, const char *text);
void mqt_listing_printf(struct mqt_listing *listing, const char *format, ...) MQT_PRINTF(2, 3);
/* Texts up to a NULL as one row. */
void mqt_listing_put_row(struct mqt_listing *listing, const char *const *texts);
void mqt_listing_end_row(struct mqt_listing *listing);

enum mqt_err mqt_listing_save(const struct mqt_listing *listing, enum mqt_listing_encoding encoding, const char *dir,
                              const char *name, struct mqt_detail *detail) MQT_MUST_USE;

#endif
