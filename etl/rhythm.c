#include "rhythm.h"

#include "random.h"

#include <assert.h>

static double mean(const double *values, int count)
{
    double sum = 0;
    for (int i = 0; i < count; ++i) {
        sum += values[i];
    }
    return sum / count;
}

double mqt_rhythm_hour(int hour)
{
    static const double hours[MQT_RHYTHM_HOURS] = {0.25, 0.15, 0.1, 0.1, 0.12, 0.25, 0.7, 1.5, 3.0, 4.2, 4.4, 3.4,
                                                   2.0,  2.4,  3.4, 3.7, 3.3,  2.6,  2.2, 2.4, 2.1, 1.5, 0.9, 0.5};
    assert(hour >= 0 && hour < MQT_RHYTHM_HOURS);
    return hours[hour] / mean(hours, MQT_RHYTHM_HOURS);
}

double mqt_rhythm_weekday(int weekday)
{
    enum { DAYS = 7 };
    static const double weekdays[DAYS] = {1.28, 1.14, 1.08, 1.04, 1.0, 0.76, 0.66};
    assert(weekday >= 0 && weekday < DAYS);
    return weekdays[weekday] / mean(weekdays, DAYS);
}

bool mqt_rhythm_is_heating(struct mqt_moment m)
{
    return (m.month == 11 && m.day >= 10) || m.month == 12 || m.month <= 2 || (m.month == 3 && m.day <= 15);
}

bool mqt_rhythm_is_rain(uint64_t seed, struct mqt_moment m)
{
    if (m.month < 6 || m.month > 8) {
        return false;
    }
    struct mqt_random random = mqt_random_start(seed, (uint64_t)(m.year * 400 + m.month * 32 + m.day));
    return mqt_random_chance(&random, m.month == 7 ? 0.24 : 0.06);
}

double mqt_rhythm_season(const struct mqt_subject *subject, uint64_t seed, struct mqt_moment m)
{
    double factor = mqt_rhythm_is_heating(m) ? subject->rhythm.heating : 1;
    factor *= mqt_rhythm_is_rain(seed, m) ? subject->rhythm.rain : 1;
    /* The first week of heating is the worst. */
    bool first_week = m.month == 11 && m.day >= 10 && m.day < 18;
    return first_week && subject->rhythm.heating > 3 ? factor * 2 : factor;
}

double mqt_rhythm_night(const struct mqt_subject *subject, int hour)
{
    return hour >= 21 || hour < 6 ? subject->rhythm.night : 1;
}
