/* Text as people typed it, made comparable.
 *
 * UTF-8 in and out; broken bytes become U+FFFD. A result is never longer than its input, so an
 * output buffer of len + 1 bytes is always enough; a smaller one cuts at a character's border.
 * Pure functions, any thread. The raw text is for the caller to keep.
 */
#ifndef MQT_NORM_H
#define MQT_NORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads one character and moves *text on; U+FFFD for broken bytes. *text < end is required. */
uint32_t mqt_norm_decode(const char **text, const char *end);

/* Writes 1 to 4 bytes to out (room for 4) and returns how many. */
size_t mqt_norm_encode(uint32_t character, char *out);

/* Full-width forms to half-width, invisible characters dropped, runs of white space to one blank,
 * blanks at both ends dropped. Returns the length of out, which is NUL-terminated. */
size_t mqt_norm_text(const char *text, size_t len, char *out, size_t out_size);

/* mqt_norm_text without any blanks, ASCII in lower case: for comparing names. */
size_t mqt_norm_key(const char *text, size_t len, char *out, size_t out_size);

/* True for "", "无", "—", "-", "/", "null", "n/a", "暂无" and the like: the cell says nothing. */
bool mqt_norm_is_absent(const char *text);

/* Valid UTF-8 by RFC 3629 (no surrogates, no overlong forms, no NUL). */
bool mqt_norm_is_utf8(const char *text, size_t len);

#endif
