#include "uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_S 3600
#define DAY_S 86400
#define LONGEST_SPAN_S ((int64_t)36525 * DAY_S)

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Length of the well-formed UTF-8 sequence at text, 0 when it is broken. */
static size_t utf8_sequence(const uint8_t *text, size_t len)
{
    uint8_t first = text[0];
    size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (size == 0 || size > len) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (first == 0xe0 && text[1] < 0xa0) || (first == 0xf0 && text[1] < 0x90);
    bool beyond = (first == 0xed && text[1] > 0x9f) || (first == 0xf4 && text[1] > 0x8f);
    return overlong || beyond ? 0 : size;
}

static bool is_clean_text(const char *text, size_t len)
{
    const uint8_t *bytes = (const uint8_t *)text;
    for (size_t i = 0; i < len;) {
        size_t size = utf8_sequence(bytes + i, len - i);
        bool c1_control = size == 2 && bytes[i] == 0xc2 && bytes[i + 1] < 0xa0;
        if (size == 0 || bytes[i] < 0x20 || bytes[i] == 0x7f || c1_control) {
            return false;
        }
        i += size;
    }
    return true;
}

enum mqt_err mqt_uri_decode(const char *text, size_t len, bool plus, const char *field, char *out, size_t room,
                            struct mqt_detail *detail)
{
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < len ? hex_digit(text[i + 1]) : -1;
            int low = i + 2 < len ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s has a broken percent escape", field);
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        if (used + 1 >= room) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s is too long: %zu bytes are allowed", field,
                                  room - 1);
        }
        out[used++] = c;
    }
    if (!is_clean_text(out, used)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must be UTF-8 without control characters", field);
    }
    out[used] = '\0';
    return MQT_OK;
}

bool mqt_uri_next_pair(const char **at, const char *end, struct mqt_uri_pair *pair)
{
    const char *start = *at;
    while (start < end && *start == '&') {
        start++;
    }
    if (start >= end) {
        return false;
    }
    const char *stop = memchr(start, '&', (size_t)(end - start));
    stop = stop ? stop : end;
    const char *equals = memchr(start, '=', (size_t)(stop - start));
    const char *name_end = equals ? equals : stop;
    const char *value = equals ? equals + 1 : stop;
    *pair = (struct mqt_uri_pair){start, value, (size_t)(name_end - start), (size_t)(stop - value)};
    *at = stop;
    return true;
}

/* Reads digits at *at, most_digits at most; false when there is none. */
static bool read_digits(const char **at, int most_digits, int64_t *number)
{
    int64_t value = 0;
    int count = 0;
    while (count < most_digits && **at >= '0' && **at <= '9') {
        value = value * 10 + (**at - '0');
        ++*at;
        count++;
    }
    *number = value;
    return count > 0;
}

enum mqt_err mqt_uri_integer(const char *text, const char *field, int64_t least, int64_t most, int64_t *number,
                             struct mqt_detail *detail)
{
    int64_t value = 0;
    const char *at = text;
    if (!read_digits(&at, 18, &value) || *at || value < least || value > most) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must be a whole number from %lld to %lld", field,
                              (long long)least, (long long)most);
    }
    *number = value;
    return MQT_OK;
}

enum mqt_err mqt_uri_span(const char *text, const char *field, int64_t *span_s, struct mqt_detail *detail)
{
    int64_t value = 0;
    const char *at = text;
    bool good = read_digits(&at, 7, &value) && value > 0 && (*at == 'h' || *at == 'd') && at[1] == '\0';
    int64_t span = value * (good && *at == 'd' ? DAY_S : HOUR_S);
    if (!good || span > LONGEST_SPAN_S) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field,
                              "%s must be hours or days such as 24h or 7d, 100 years at most", field);
    }
    *span_s = span;
    return MQT_OK;
}

/* Days from 1970-01-01 in the Gregorian calendar; the year is counted from March, so that the leap
 * day comes last. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    int64_t march_year = month > 2 ? year : year - 1;
    int64_t march_month = month > 2 ? month - 3 : month + 9;
    int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    return 365 * march_year + march_year / 4 - march_year / 100 + march_year / 400 + day_of_year - 719468;
}

static bool read_fixed(const char **at, int digits, int64_t least, int64_t most, int64_t *number)
{
    const char *start = *at;
    return read_digits(at, digits, number) && *at - start == digits && *number >= least && *number <= most;
}

static bool skip(const char **at, char c)
{
    bool there = **at == c;
    *at += there;
    return there;
}

static bool read_date(const char **at, int64_t *days)
{
    static const int month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (!read_fixed(at, 4, 1900, 2200, &year) || !skip(at, '-') || !read_fixed(at, 2, 1, 12, &month) ||
        !skip(at, '-') || !read_fixed(at, 2, 1, 31, &day) || day > month_days[month - 1]) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month == 2 && day == 29 && !leap) {
        return false;
    }
    *days = days_from_civil(year, month, day);
    return true;
}

static bool read_clock(const char **at, int64_t *seconds)
{
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    if (!read_fixed(at, 2, 0, 23, &hour) || !skip(at, ':') || !read_fixed(at, 2, 0, 59, &minute)) {
        return false;
    }
    if (skip(at, ':')) {
        int64_t fraction = 0;
        if (!read_fixed(at, 2, 0, 60, &second) || (skip(at, '.') && !read_digits(at, 9, &fraction))) {
            return false;
        }
    }
    *seconds = hour * HOUR_S + minute * 60 + second;
    return true;
}

/* A plus sign that was not percent-encoded arrives as a space. */
static bool read_zone(const char **at, int64_t *offset_s)
{
    *offset_s = 0;
    if (**at == '\0' || skip(at, 'Z')) {
        return true;
    }
    bool west = **at == '-';
    if (!west && **at != '+' && **at != ' ') {
        return false;
    }
    ++*at;
    int64_t hour = 0;
    int64_t minute = 0;
    if (!read_fixed(at, 2, 0, 14, &hour)) {
        return false;
    }
    (void)skip(at, ':');
    if (**at && !read_fixed(at, 2, 0, 59, &minute)) {
        return false;
    }
    *offset_s = (hour * HOUR_S + minute * 60) * (west ? -1 : 1);
    return true;
}

enum mqt_err mqt_uri_time(const char *text, const char *field, int64_t *time_s, struct mqt_detail *detail)
{
    const char *at = text;
    int64_t days = 0;
    int64_t seconds = 0;
    int64_t offset_s = 0;
    bool good = read_date(&at, &days);
    if (good && *at) {
        good = (skip(&at, 'T') || skip(&at, 't') || skip(&at, ' ')) && read_clock(&at, &seconds) &&
               read_zone(&at, &offset_s) && !*at;
    }
    if (!good) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field,
                              "%s must be a time such as 2026-11-22 or 2026-11-22T08:00:00Z", field);
    }
    *time_s = days * DAY_S + seconds - offset_s;
    return MQT_OK;
}

/* Digits, at most one point, at most one sign in front: nothing that strtod knows besides, such as
 * hexadecimal or infinity, and nothing that a locale changes (the program never sets one). */
static bool read_degrees(const char **at, double *degrees)
{
    const char *start = *at;
    const char *c = start + (*start == '-' || *start == '+');
    size_t digits = 0;
    size_t points = 0;
    for (; (*c >= '0' && *c <= '9') || *c == '.'; c++) {
        digits += *c != '.';
        points += *c == '.';
    }
    if (digits == 0 || points > 1 || c - start > 32) {
        return false;
    }
    *degrees = strtod(start, NULL);
    *at = c;
    return true;
}

enum mqt_err mqt_uri_degrees(const char *text, const char *field, double most, double *degrees,
                             struct mqt_detail *detail)
{
    const char *at = text;
    double value = 0;
    if (!read_degrees(&at, &value) || *at || value < -most || value > most) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must be a number of degrees from %.2f to %.2f", field,
                              -most, most);
    }
    *degrees = value;
    return MQT_OK;
}

enum mqt_err mqt_uri_box(const char *text, const char *field, struct mqt_degree_box *box, struct mqt_detail *detail)
{
    double side[4];
    const char *at = text;
    for (int i = 0; i < 4; i++) {
        if ((i > 0 && !skip(&at, ',')) || !read_degrees(&at, &side[i])) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must be four numbers: west,south,east,north",
                                  field);
        }
    }
    if (*at) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must be four numbers: west,south,east,north", field);
    }
    if (side[0] < -180 || side[2] > 180 || side[1] < -90 || side[3] > 90) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must lie within -180,-90,180,90", field);
    }
    if (side[0] > side[2] || side[1] > side[3]) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field,
                              "%s must have west not beyond east and south not beyond north", field);
    }
    *box = (struct mqt_degree_box){side[0], side[1], side[2], side[3]};
    return MQT_OK;
}

bool mqt_uri_is_layer_id(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && len <= 63 && text[len] == '\0' && text[0] >= 'a' && text[0] <= 'z';
}
