/* Rows on their way into a staging table: a binary COPY that is written field by field.
 *
 * Text, bytes and int8 only: other types are cast from text in SQL, where a bad value could not name
 * its row. Belongs to one thread and to one connection until it has ended. After a failure the
 * transaction is lost. Every row must have exactly the announced number of fields.
 */
#ifndef MQT_STAGE_H
#define MQT_STAGE_H

#include "../schema/db.h"

struct mqt_stage {
    struct mqt_db *db; /* NULL: rows are kept in buf up to max_bytes, to be sent later */
    struct mqt_buf buf;
    size_t columns;
    size_t rows;
};

/* Starts the COPY (… WITH (FORMAT binary)); or, with db NULL, a batch that is kept. */
enum mqt_err mqt_stage_begin(struct mqt_stage *stage, struct mqt_db *db, const char *copy_sql, size_t columns,
                             size_t max_bytes, struct mqt_detail *detail) MQT_MUST_USE;
void mqt_stage_row(struct mqt_stage *stage);
void mqt_stage_text(struct mqt_stage *stage, const char *text); /* NULL: SQL null */
void mqt_stage_bytes(struct mqt_stage *stage, const void *bytes, size_t len);
void mqt_stage_int64(struct mqt_stage *stage, int64_t value);
/* To be called after each row: sends what has gathered. */
enum mqt_err mqt_stage_flush(struct mqt_stage *stage, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_stage_end(struct mqt_stage *stage, struct mqt_detail *detail) MQT_MUST_USE;
/* Sends a kept batch in one COPY. */
enum mqt_err mqt_stage_send(struct mqt_stage *stage, struct mqt_db *db, const char *copy_sql,
                            struct mqt_detail *detail) MQT_MUST_USE;
void mqt_stage_clear(struct mqt_stage *stage);

#endif
