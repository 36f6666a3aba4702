#include "check.h"

#include "norm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 128, DAYS_TO_1970 = 25569 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at(const char *text)
{
    size_t count = 0;

    while (is_digit(text[count])) {
        count++;
    }
    return count;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_date(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return year >= 1800 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (month == 2 && is_leap(year));
}

static int figures(const char *text, size_t count)
{
    int value = 0;

    for (size_t i = 0; i < count; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Capitals, without blanks; the Cyrillic letter that looks like X becomes X. */
static size_t normalise_number(const char *text, char *out, size_t size)
{
    char key[KEY_BYTES];
    size_t len = mqt_norm_key(text, strlen(text), key, sizeof key), used = 0;

    for (size_t i = 0; i < len && used + 1 < size; i++) {
        unsigned char c = (unsigned char)key[i];

        if (c == 0xD0 && (unsigned char)key[i + 1] == 0xA5) {
            out[used++] = 'X';
            i++;
        } else if (c == 0xD1 && (unsigned char)key[i + 1] == 0x85) {
            out[used++] = 'X';
            i++;
        } else if (c == '\'') {
            /* The mark by which spreadsheets keep a number as text. */
            continue;
        } else {
            out[used++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        }
    }
    out[used] = '\0';
    return used;
}

static char checksum_of(const char *number)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (size_t i = 0; i < 17; i++) {
        sum += (number[i] - '0') * weights[i];
    }
    return "10X98765432"[sum % 11];
}

static enum mqt_id_verdict check_18(struct mqt_id_number *id)
{
    const char *number = id->number;

    if (strcmp(number + 15, "000") == 0 && checksum_of(number) != '0') {
        return MQT_ID_TAIL_LOST;
    }
    if (!is_date(figures(number + 6, 4), figures(number + 10, 2), figures(number + 12, 2))) {
        return MQT_ID_DATE;
    }
    if (checksum_of(number) != number[17]) {
        return MQT_ID_CHECKSUM;
    }
    id->birth_year = figures(number + 6, 4);
    id->sex = (number[16] - '0') % 2 == 1 ? 'M' : 'F';
    return MQT_ID_OK;
}

static enum mqt_id_verdict check_15(struct mqt_id_number *id)
{
    const char *number = id->number;

    if (!is_date(1900 + figures(number + 6, 2), figures(number + 8, 2), figures(number + 10, 2))) {
        return MQT_ID_DATE;
    }
    id->birth_year = 1900 + figures(number + 6, 2);
    id->sex = (number[14] - '0') % 2 == 1 ? 'M' : 'F';
    return MQT_ID_OLD;
}

enum mqt_id_verdict mqt_check_id_number(const char *text, struct mqt_id_number *id)
{
    char number[KEY_BYTES];
    size_t len, digits;

    memset(id, 0, sizeof *id);
    if (text == NULL || mqt_norm_is_absent(text)) {
        return MQT_ID_ABSENT;
    }
    len = normalise_number(text, number, sizeof number);
    digits = digits_at(number);
    /* 1.1010519491231E+17 */
    if (strstr(number, "E+") != NULL && (is_digit(number[0]))) {
        return MQT_ID_TAIL_LOST;
    }
    if (len >= MQT_ID_BYTES) {
        return MQT_ID_LENGTH;
    }
    memcpy(id->number, number, len + 1);
    if (len == 18 && (digits == 18 || (digits == 17 && number[17] == 'X'))) {
        return check_18(id);
    }
    if (len == 15 && digits == 15) {
        return check_15(id);
    }
    /* Passports and permits have letters; a figure of another length is a mistyped number. */
    return digits == len || len < 5 ? MQT_ID_LENGTH : MQT_ID_OTHER;
}

void mqt_check_id_modern(const struct mqt_id_number *id, char out[MQT_ID_BYTES])
{
    if (strlen(id->number) != 15 || digits_at(id->number) != 15) {
        memcpy(out, id->number, MQT_ID_BYTES);
        return;
    }
    snprintf(out, MQT_ID_BYTES, "%.6s19%.9s", id->number, id->number + 6);
    out[17] = checksum_of(out);
    out[18] = '\0';
}

const char *mqt_check_id_code(enum mqt_id_verdict verdict)
{
    switch (verdict) {
    case MQT_ID_TAIL_LOST:
        return "id-number-tail-lost";
    case MQT_ID_LENGTH:
        return "id-number-length";
    case MQT_ID_CHECKSUM:
        return "id-number-checksum";
    case MQT_ID_DATE:
        return "id-number-date";
    case MQT_ID_OK:
    case MQT_ID_OLD:
    case MQT_ID_OTHER:
    case MQT_ID_ABSENT:
        break;
    }
    return NULL;
}

const char *mqt_check_id_reason(enum mqt_id_verdict verdict)
{
    switch (verdict) {
    case MQT_ID_TAIL_LOST:
        return "the identity number was stored as a number and its last digits are lost; enter it as text";
    case MQT_ID_LENGTH:
        return "the identity number has neither 18 nor 15 digits";
    case MQT_ID_CHECKSUM:
        return "the identity number's check digit does not fit: a digit is mistyped";
    case MQT_ID_DATE:
        return "the identity number holds no valid date of birth";
    case MQT_ID_OK:
    case MQT_ID_OLD:
    case MQT_ID_OTHER:
    case MQT_ID_ABSENT:
        break;
    }
    return NULL;
}

bool mqt_check_credit_code(const char *text)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char code[KEY_BYTES];
    int sum = 0, weight = 1;

    if (normalise_number(text, code, sizeof code) != 18) {
        return false;
    }
    for (size_t i = 0; i < 18; i++) {
        const char *found = strchr(alphabet, code[i]);

        if (found == NULL || *found == '\0') {
            return false;
        }
        if (i == 17) {
            return (31 - sum % 31) % 31 == (int)(found - alphabet);
        }
        sum += (int)(found - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return false;
}

/* What may stand behind a figure; "约" before it is dropped as well. */
static bool is_unit(const char *text)
{
    static const char *const units[] = {"",   "m",    "米",     "公尺",   "层",     "f",     "楼", "年",
                                        "m2", "㎡",   "平方米", "平米",   "平",     "人",    "户", "套",
                                        "个", "年建", "m²",     "floors", "meters", "metres"};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text, units[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool mqt_check_number(const char *text, double min, double max, double *value)
{
    char key[KEY_BYTES], plain[KEY_BYTES];
    size_t len = mqt_norm_key(text, strlen(text), key, sizeof key), used = 0;
    const char *start = plain;
    char *end;
    double number;

    for (size_t i = 0; i < len; i++) {
        /* The comma of thousands, but not one that could be a decimal comma. */
        if (key[i] == ',' && digits_at(key + i + 1) == 3) {
            continue;
        }
        plain[used++] = key[i];
    }
    plain[used] = '\0';
    if (strncmp(start, "约", strlen("约")) == 0) {
        start += strlen("约");
    }
    if (!is_digit(start[0]) && start[0] != '-' && start[0] != '+' && start[0] != '.') {
        return false;
    }
    number = strtod(start, &end);
    if (end == start || !isfinite(number) || !is_unit(end) || number < min || number > max ||
        strpbrk(start, "xXpP") != NULL) {
        return false;
    }
    *value = number;
    return true;
}

struct moment {
    int year, month, day, hour, minute, second;
    char zone[16];
};

static bool read_zone(const char *text, char zone[16])
{
    size_t len = strlen(text);

    if (len == 0 || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0) {
        snprintf(zone, 16, "%s", len == 0 ? "" : "+00");
        return true;
    }
    if ((text[0] != '+' && text[0] != '-') || len > 6 || digits_at(text + 1) < 2) {
        return false;
    }
    snprintf(zone, 16, "%.6s", text);
    return true;
}

/* Up to three figures separated by whatever is no digit; count says how many were there. */
static const char *read_group(const char *text, int *values, int most, int *count)
{
    *count = 0;
    while (*count < most && is_digit(*text)) {
        size_t len = digits_at(text);

        if (len > 4) {
            return NULL;
        }
        values[(*count)++] = figures(text, len);
        text += len;
        if (*count < most) {
            const char *next = text;

            /* Separators: - / . : and 年 月 日 时 分 秒, which are three bytes each. */
            if (strchr("-/.:", *next) != NULL && *next != '\0') {
                next++;
            } else if ((unsigned char)*next >= 0xE0) {
                next += 3;
            }
            if (next == text || !is_digit(*next)) {
                return next == text ? text : next;
            }
            text = next;
        }
    }
    return text;
}

static bool read_clock(const char *text, struct moment *moment)
{
    int values[3] = {0, 0, 0}, count;

    while (*text == ' ' || *text == 'T' || *text == 't') {
        text++;
    }
    if (*text == '\0') {
        return true;
    }
    text = read_group(text, values, 3, &count);
    if (text == NULL || count == 0 || values[0] > 23 || values[1] > 59 || values[2] > 60) {
        return false;
    }
    if (strncmp(text, "秒", 3) == 0 || strncmp(text, "分", 3) == 0) {
        text += 3;
    }
    if (*text == '.') {
        text += 1 + digits_at(text + 1);
    }
    while (*text == ' ') {
        text++;
    }
    moment->hour = values[0];
    moment->minute = values[1];
    moment->second = values[2];
    return read_zone(text, moment->zone);
}

static void from_serial_day(double serial, struct moment *moment)
{
    long days = (long)floor(serial), seconds = (long)floor((serial - floor(serial)) * 86400.0 + 0.5);
    long z, era, doe, yoe, doy, mp;

    if (seconds == 86400) {
        seconds = 0;
        days++;
    }
    /* Days since 1970 to a civil date: 400-year eras that begin in March. */
    z = days - DAYS_TO_1970 + 719468;
    era = z / 146097;
    doe = z - era * 146097;
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    mp = (5 * doy + 2) / 153;
    moment->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    moment->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    moment->year = (int)(yoe + era * 400 + (moment->month <= 2));
    moment->hour = (int)(seconds / 3600);
    moment->minute = (int)(seconds / 60 % 60);
    moment->second = (int)(seconds % 60);
}

static bool read_moment(const char *text, struct moment *moment)
{
    size_t digits = digits_at(text);
    int values[3] = {0, 0, 0}, count;
    const char *rest;
    double serial;

    if (digits == 8 || digits == 14) {
        moment->year = figures(text, 4);
        moment->month = figures(text + 4, 2);
        moment->day = figures(text + 6, 2);
        if (digits == 14) {
            moment->hour = figures(text + 8, 2);
            moment->minute = figures(text + 10, 2);
            moment->second = figures(text + 12, 2);
            return text[14] == '\0' && moment->hour < 24 && moment->minute < 60 && moment->second < 60;
        }
        return read_clock(text + 8, moment);
    }
    /* Spreadsheets count days; 20000 is 1954, 80000 is 2119. */
    if (digits == 5 && mqt_check_number(text, 20000, 80000, &serial)) {
        from_serial_day(serial, moment);
        return true;
    }
    rest = digits == 4 ? read_group(text, values, 3, &count) : NULL;
    if (rest == NULL || count < 3) {
        return false;
    }
    moment->year = values[0];
    moment->month = values[1];
    moment->day = values[2];
    if (strncmp(rest, "日", 3) == 0) {
        rest += 3;
    }
    return read_clock(rest, moment);
}

bool mqt_check_time(const char *raw, char out[MQT_TIME_BYTES])
{
    char text[KEY_BYTES];
    struct moment moment = {0};

    mqt_norm_text(raw, strlen(raw), text, sizeof text);
    if (!read_moment(text, &moment) || !is_date(moment.year, moment.month, moment.day)) {
        return false;
    }
    snprintf(out, MQT_TIME_BYTES, "%04d-%02d-%02d %02d:%02d:%02d%s", moment.year, moment.month, moment.day, moment.hour,
             moment.minute, moment.second, moment.zone);
    return true;
}

bool mqt_check_degrees(const char *raw, double *degrees)
{
    char key[KEY_BYTES], *end;
    double parts[3] = {0, 0, 0}, sign = 1.0;
    int count = 0;
    const char *at = key;
    size_t len = mqt_norm_key(raw, strlen(raw), key, sizeof key);

    if (len > 0 && (key[len - 1] == 's' || key[len - 1] == 'w')) {
        sign = -1.0;
    }
    if (*at == '-') {
        sign = -1.0;
        at++;
    }
    if (len == 0 || !is_digit(*at)) {
        return false;
    }
    while (count < 3 && is_digit(*at)) {
        parts[count++] = strtod(at, &end);
        at = end;
        /* Any mark for degrees, minutes and seconds stands between the figures. */
        while (*at != '\0' && !is_digit(*at)) {
            if (count == 1 && (*at == '/' || *at == ',' || *at == ':')) {
                return false;
            }
            at++;
        }
    }
    if (*at != '\0' || parts[1] >= 60.0 || parts[2] >= 60.0 || strpbrk(key, "xp") != NULL) {
        return false;
    }
    *degrees = sign * (parts[0] + parts[1] / 60.0 + parts[2] / 3600.0);
    return isfinite(*degrees);
}

bool mqt_check_has_minutes(const char *text)
{
    return strstr(text, "′") != NULL || strstr(text, "’") != NULL || strchr(text, '\'') != NULL ||
           strstr(text, "分") != NULL;
}

bool mqt_check_packed_degrees(double figure, int *degrees, int *minutes, double *seconds)
{
    double size = fabs(figure), whole_deg = floor(size / 10000.0), whole_min = floor(fmod(size, 10000.0) / 100.0);

    if (size < 10000.0 || whole_deg > 180.0 || whole_min >= 60.0 || fmod(size, 100.0) >= 60.0) {
        return false;
    }
    *degrees = (int)whole_deg;
    *minutes = (int)whole_min;
    *seconds = fmod(size, 100.0);
    return true;
}

bool mqt_check_phone(const char *text, char *out, size_t size)
{
    char key[KEY_BYTES];
    size_t len = mqt_norm_key(text, strlen(text), key, sizeof key), used = 0, digits = 0;

    for (size_t i = 0; i < len && used + 1 < size; i++) {
        if (is_digit(key[i]) || (key[i] == '+' && used == 0) || (key[i] == '-' && used > 0)) {
            out[used++] = key[i];
            digits += is_digit(key[i]);
        }
    }
    out[used] = '\0';
    return digits >= 5 && digits <= 20;
}

/* The first keep_front and last keep_back bytes, stars between; all stars when it is too short. */
static void mask_middle(const char *text, size_t keep_front, size_t keep_back, char *out, size_t size)
{
    size_t len = strlen(text);

    if (len + 1 > size) {
        len = size - 1;
    }
    for (size_t i = 0; i < len; i++) {
        bool kept = len > keep_front + keep_back && (i < keep_front || i + keep_back >= len);

        out[i] = kept ? text[i] : '*';
    }
    out[len] = '\0';
}

void mqt_mask_name(const char *text, char *out, size_t size)
{
    const char *at = text, *end = text + strlen(text);
    size_t used = 0;

    if (at < end) {
        mqt_norm_decode(&at, end);
        used = (size_t)(at - text);
        if (used + 2 > size) {
            used = 0;
        }
        memcpy(out, text, used);
    }
    if (used > 0) {
        out[used++] = '*';
    }
    out[used] = '\0';
}

void mqt_mask_phone(const char *text, char *out, size_t size)
{
    char plain[KEY_BYTES];

    mqt_norm_key(text, strlen(text), plain, sizeof plain);
    mask_middle(plain, 3, 4, out, size);
}

void mqt_mask_id_number(const char *text, char *out, size_t size)
{
    char plain[KEY_BYTES];

    normalise_number(text, plain, sizeof plain);
    mask_middle(plain, 3, 4, out, size);
}

/* Phones and identity numbers by their lengths; codes of buildings and grids have others. */
static bool is_private_run(const char *text, size_t digits, char before)
{
    return (digits == 11 && text[0] == '1') || digits == 15 || digits == 17 || digits == 18 ||
           ((digits == 7 || digits == 8) && before == '-');
}

void mqt_mask_text(const char *text, char *out, size_t size)
{
    size_t used = 0;
    char before = '\0';

    while (*text != '\0' && used + 1 < size) {
        size_t digits = digits_at(text), count = digits > 0 ? digits : 1;
        /* Behind a point stand the decimals of a coordinate. */
        bool private_run = before != '.' && is_private_run(text, digits, before);

        for (size_t i = 0; i < count && used + 1 < size; i++) {
            out[used++] = private_run && i >= 3 && i + 4 < count ? '*' : text[i];
        }
        before = text[count - 1];
        text += count;
    }
    out[used] = '\0';
}
