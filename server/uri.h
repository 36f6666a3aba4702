/* Text of a URL into values: percent decoding, query pairs, numbers, times, spans, boxes.
 *
 * Pure; any thread. Nothing is allocated. What comes out is valid UTF-8 without control characters.
 * Times are Unix seconds (UTC), spans seconds, boxes degrees in EPSG:4490. The value readers take the
 * parameter's name and put it, with a plain sentence, into the detail when they refuse: MQT_ERR_PARAM.
 */
#ifndef MQT_URI_H
#define MQT_URI_H

#include "../tiles/err.h"

#include <stdbool.h>
#include <stdint.h>

struct mqt_degree_box {
    double west, south, east, north;
};

/* Decodes %XX (and + as a space when plus is set) into out, which gets a NUL. field names the part of
 * the URL in the detail. Refuses broken escapes, NUL and other control characters, broken UTF-8, and
 * what does not fit. */
enum mqt_err mqt_uri_decode(const char *text, size_t len, bool plus, const char *field, char *out, size_t room,
                            struct mqt_detail *detail) MQT_MUST_USE;

/* The next name=value of a query, still encoded; false at the end. *at starts at the query's first byte. */
struct mqt_uri_pair {
    const char *name, *value;
    size_t name_len, value_len;
};
bool mqt_uri_next_pair(const char **at, const char *end, struct mqt_uri_pair *pair) MQT_MUST_USE;

/* Digits only, least to most. */
enum mqt_err mqt_uri_integer(const char *text, const char *field, int64_t least, int64_t most, int64_t *number,
                             struct mqt_detail *detail) MQT_MUST_USE;

/* `24h` or `7d`: 1 hour to 100 years. */
enum mqt_err mqt_uri_span(const char *text, const char *field, int64_t *span_s, struct mqt_detail *detail) MQT_MUST_USE;

/* ISO 8601: a date, or date and time, with Z or +hh:mm; without a zone it is UTC. Years 1900 to 2200. */
enum mqt_err mqt_uri_time(const char *text, const char *field, int64_t *time_s, struct mqt_detail *detail) MQT_MUST_USE;

/* A decimal number from -most to most. */
enum mqt_err mqt_uri_degrees(const char *text, const char *field, double most, double *degrees,
                             struct mqt_detail *detail) MQT_MUST_USE;

/* `w,s,e,n`. */
enum mqt_err mqt_uri_box(const char *text, const char *field, struct mqt_degree_box *box,
                         struct mqt_detail *detail) MQT_MUST_USE;

/* A catalogue id: a small letter, then small letters, digits and underscores, 63 at most. */
bool mqt_uri_is_layer_id(const char *text);

#endif
