/* Which encoding a file is in, decided once per file, and its conversion to UTF-8.
 *
 * Order: what the operator says, byte order mark, .cpg, the DBF's language id, strict UTF-8 over all
 * of the file's text, else GB18030 (which holds GBK and GB2312). A .cpg that says UTF-8 over bytes
 * that are not gives GB18030 and a note. The deciding functions are pure; a decoder belongs to one
 * thread. Bytes that cannot be converted become U+FFFD and are counted.
 */
#ifndef MQT_ENCODING_H
#define MQT_ENCODING_H

#include "../tiles/buf.h"

#include <stdbool.h>

struct mqt_encoding {
    char name[32];  /* as iconv knows it: UTF-8, GB18030, UTF-16LE, … */
    char from[24];  /* operator, bom, cpg, ldid, utf8-valid, default, cpg-contradicted */
    size_t bom_len; /* bytes to leave out at the start of a text file */
};

/* A name as people write it (gbk, 936, ANSI 936, utf8, 65001) to iconv's; false when unknown. */
bool mqt_encoding_canonical(const char *name, size_t len, char *out, size_t out_size) MQT_MUST_USE;

/* A text file. forced may be NULL. MQT_ERR_PARAM: forced is not known. */
enum mqt_err mqt_encoding_of_text(const uint8_t *bytes, size_t len, const char *forced, struct mqt_encoding *encoding,
                                  struct mqt_detail *detail) MQT_MUST_USE;

/* A dBASE file with its .cpg text (NULL: none). Values cut inside a character at the end of a
 * field do not count against UTF-8. MQT_ERR_FORMAT: not a DBF, or truncated. */
enum mqt_err mqt_encoding_of_dbf(const uint8_t *bytes, size_t len, const char *cpg, const char *forced,
                                 struct mqt_encoding *encoding, struct mqt_detail *detail) MQT_MUST_USE;

/* The other way: appends UTF-8 text in an encoding as iconv knows it. MQT_ERR_FORMAT: it has no
 * such character. */
enum mqt_err mqt_encoding_write(const char *encoding, const char *text, size_t len, struct mqt_buf *out) MQT_MUST_USE;

struct mqt_decoder;
enum mqt_err mqt_decoder_new(const char *encoding, struct mqt_decoder **decoder,
                             struct mqt_detail *detail) MQT_MUST_USE;
void mqt_decoder_free(struct mqt_decoder *decoder);
/* Appends UTF-8; NUL characters are dropped. *broken grows by the bytes that could not be read. An
 * unfinished character at the end is dropped without counting: fields are cut that way. */
enum mqt_err mqt_decoder_add(struct mqt_decoder *decoder, const uint8_t *bytes, size_t len, struct mqt_buf *out,
                             size_t *broken) MQT_MUST_USE;

#endif
