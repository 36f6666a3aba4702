#include "calendar.h"

#include <stdbool.h>
#include <string.h>

enum { DAY_S = 86400, EAST_OF_GREENWICH_S = 8 * 3600, DAYS_PER_ERA = 146097 };

/* Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = y / 400;
    int64_t of_era = y % 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct mqt_moment mqt_calendar_local(int64_t unix_s)
{
    int64_t local_s = unix_s + EAST_OF_GREENWICH_S;
    int64_t days = local_s / DAY_S - (local_s % DAY_S < 0);
    int64_t rest_s = local_s - days * DAY_S;
    int64_t z = days + 719468;
    int64_t era = z / DAYS_PER_ERA;
    int64_t of_era = z % DAYS_PER_ERA;
    int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    int64_t from_march = (5 * of_year + 2) / 153;
    int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    return (struct mqt_moment){
        .year = (int)(years + era * 400 + (month <= 2)),
        .month = (int)month,
        .day = (int)(of_year - (153 * from_march + 2) / 5 + 1),
        .hour = (int)(rest_s / 3600),
        .minute = (int)(rest_s / 60 % 60),
        .second = (int)(rest_s % 60),
        .weekday = (int)((days % 7 + 7 + 3) % 7), /* 1970-01-01 was a Thursday */
    };
}

int64_t mqt_calendar_unix(struct mqt_moment local)
{
    return days_of(local.year, local.month, local.day) * DAY_S + local.hour * 3600 + local.minute * 60 + local.second -
           EAST_OF_GREENWICH_S;
}

/* Reads exactly `digits` digits. */
static bool take_number(const char **text, int digits, int *value)
{
    int number = 0;
    for (int i = 0; i < digits; ++i) {
        char c = (*text)[i];
        if (c < '0' || c > '9') {
            return false;
        }
        number = number * 10 + (c - '0');
    }
    *text += digits;
    *value = number;
    return true;
}

static bool take_char(const char **text, const char *any_of)
{
    if (**text == '\0' || !strchr(any_of, **text)) {
        return false;
    }
    ++*text;
    return true;
}

static bool take_date(const char **text, struct mqt_moment *moment)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct mqt_moment m = {0};
    if (!take_number(text, 4, &m.year) || !take_char(text, "-") || !take_number(text, 2, &m.month) ||
        !take_char(text, "-") || !take_number(text, 2, &m.day) || m.year < 1 || m.month < 1 || m.month > 12) {
        return false;
    }
    bool leap = (m.year % 4 == 0 && m.year % 100 != 0) || m.year % 400 == 0;
    if (m.day < 1 || m.day > days[m.month - 1] + (m.month == 2 && leap)) {
        return false;
    }
    *moment = m;
    return true;
}

static bool take_time(const char **text, struct mqt_moment *moment)
{
    if (!take_char(text, "T ")) {
        return **text == '\0';
    }
    if (!take_number(text, 2, &moment->hour) || !take_char(text, ":") || !take_number(text, 2, &moment->minute)) {
        return false;
    }
    if (take_char(text, ":") && !take_number(text, 2, &moment->second)) {
        return false;
    }
    return moment->hour < 24 && moment->minute < 60 && moment->second < 60;
}

enum mqt_err mqt_calendar_parse(const char *text, int64_t *unix_s)
{
    struct mqt_moment moment;
    int64_t zone_s = EAST_OF_GREENWICH_S;
    if (!take_date(&text, &moment) || !take_time(&text, &moment)) {
        return MQT_ERR_PARAM;
    }
    if (take_char(&text, "Z")) {
        zone_s = 0;
    } else if (*text == '+' || *text == '-') {
        int sign = *text++ == '+' ? 1 : -1;
        int hours = 0;
        int minutes = 0;
        if (!take_number(&text, 2, &hours) || !take_char(&text, ":") || !take_number(&text, 2, &minutes) ||
            hours > 14 || minutes > 59) {
            return MQT_ERR_PARAM;
        }
        zone_s = sign * (hours * 3600 + minutes * 60);
    }
    if (*text != '\0') {
        return MQT_ERR_PARAM;
    }
    *unix_s = mqt_calendar_unix(moment) + EAST_OF_GREENWICH_S - zone_s;
    return MQT_OK;
}
