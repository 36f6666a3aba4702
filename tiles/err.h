/* Errors of the whole house.
 *
 * A function that can fail returns enum mqt_err and leaves its outputs untouched on failure. The
 * sentence that explains a failure goes into a struct mqt_detail that the caller owns (one per
 * request, run or thread; never shared). Nothing here allocates or locks.
 */
#ifndef MQT_ERR_H
#define MQT_ERR_H

#include <stddef.h>

#define MQT_MUST_USE __attribute__((warn_unused_result))
#define MQT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum mqt_err {
    MQT_OK = 0,
    MQT_ERR_PARAM,       /* the caller's input breaks a stated rule: HTTP 400, exit 2 */
    MQT_ERR_NOT_FOUND,   /* no such layer, feature, file or page: HTTP 404 */
    MQT_ERR_FORMAT,      /* bytes are not what they claim to be: HTTP 400, exit 1 */
    MQT_ERR_GEOMETRY,    /* a shape that cannot be used or repaired */
    MQT_ERR_LIMIT,       /* a stated maximum would be exceeded: HTTP 413 */
    MQT_ERR_MEMORY,      /* no memory left: HTTP 503 */
    MQT_ERR_BUSY,        /* try again shortly: HTTP 503 with Retry-After */
    MQT_ERR_TIMEOUT,     /* took longer than allowed: HTTP 504 */
    MQT_ERR_UNAVAILABLE, /* the database cannot be reached: HTTP 503 */
    MQT_ERR_DB,          /* the database refused a statement: HTTP 500 */
    MQT_ERR_IO,          /* file or socket failed: HTTP 500 */
    MQT_ERR_DENIED,      /* token missing or wrong: HTTP 401 */
    MQT_ERR_COUNT
};

struct mqt_detail {
    char text[512]; /* one line, UTF-8, may be empty; never SQL, never personal data */
    char field[64]; /* name of the offending parameter or column, or empty */
};

/* Short stable name such as "param", for logs and problem documents. Never NULL. */
const char *mqt_err_name(enum mqt_err err);

/* Writes the sentence (when detail is not NULL) and returns err, so that a failing line reads
 * `return mqt_fail(detail, MQT_ERR_PARAM, "z must be 0 to 22, not %d", z);` */
enum mqt_err mqt_fail(struct mqt_detail *detail, enum mqt_err err, const char *format, ...) MQT_PRINTF(3, 4);

/* The same, naming the offending parameter or column. */
enum mqt_err mqt_fail_field(struct mqt_detail *detail, enum mqt_err err, const char *field, const char *format, ...)
    MQT_PRINTF(4, 5);

#endif
