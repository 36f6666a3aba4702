/* The binary COPY format of PostgreSQL: tuples out of a byte stream, and into one.
 *
 * Pure: no connection. A reader is fed pieces of any length and calls back for each whole tuple; it
 * keeps at most one unfinished tuple, bounded by max_tuple_bytes. Numbers are in network byte order
 * as PostgreSQL's send functions write them. Belongs to one thread.
 */
#ifndef MQT_COPY_H
#define MQT_COPY_H

#include "db.h"

struct mqt_copy_reader {
    struct mqt_buf pending; /* bytes of an unfinished tuple */
    size_t skip;            /* bytes of a header extension still to pass over */
    bool header_read;
    bool ended; /* the trailer was seen */
};

void mqt_copy_reader_init(struct mqt_copy_reader *reader, size_t max_tuple_bytes);
void mqt_copy_reader_clear(struct mqt_copy_reader *reader);

/* MQT_ERR_FORMAT when the bytes are no binary COPY, MQT_ERR_LIMIT when a tuple is too long; an error
 * from row is returned as it is. After a failure the reader can only be cleared. */
enum mqt_err mqt_copy_reader_feed(struct mqt_copy_reader *reader, const uint8_t *bytes, size_t len, mqt_db_row_fn row,
                                  void *user, struct mqt_detail *detail) MQT_MUST_USE;

/* Field decoding; MQT_ERR_FORMAT when the length is not the type's. */
enum mqt_err mqt_copy_int64(struct mqt_db_field field, int64_t *value) MQT_MUST_USE;
enum mqt_err mqt_copy_float64(struct mqt_db_field field, double *value) MQT_MUST_USE;
enum mqt_err mqt_copy_bool(struct mqt_db_field field, bool *value) MQT_MUST_USE;

#endif
