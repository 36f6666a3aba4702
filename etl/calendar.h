/* Days, hours and Unix time in the local time of the district, UTC+08:00 without summer time.
 *
 * Gregorian calendar, years 1 to 9999. Pure; any thread.
 */
#ifndef MQT_CALENDAR_H
#define MQT_CALENDAR_H

#include "../tiles/err.h"

#include <stdint.h>

struct mqt_moment {
    int year;
    int month; /* 1-12 */
    int day;   /* 1-31 */
    int hour;
    int minute;
    int second;
    int weekday; /* 0 Monday … 6 Sunday */
};

struct mqt_moment mqt_calendar_local(int64_t unix_s);

/* weekday is not looked at. */
int64_t mqt_calendar_unix(struct mqt_moment local);

/* "2026-11-22", "2026-11-22T16:00", "2026-11-22 16:00:05", each with "Z" or "+08:00" when it is not
 * local time. Anything else is MQT_ERR_PARAM. */
enum mqt_err mqt_calendar_parse(const char *text, int64_t *unix_s) MQT_MUST_USE;

#endif
