/* When residents complain: hour of the day, weekday, heating season, rain.
 *
 * One set of curves for the tickets of a sample's year and for those that are filed live. Each is a
 * factor around 1. Moments are local, see calendar.h. Pure; any thread.
 */
#ifndef MQT_RHYTHM_H
#define MQT_RHYTHM_H

#include "calendar.h"
#include "subject.h"

#include <stdbool.h>

enum { MQT_RHYTHM_HOURS = 24 };

/* Mean 1 over the 24 hours of a day, and over the seven days of a week. */
double mqt_rhythm_hour(int hour);
double mqt_rhythm_weekday(int weekday);

/* From 10 November to 15 March. */
bool mqt_rhythm_is_heating(struct mqt_moment moment);

/* Days of heavy rain: some in July and a few around it, the same ones for every subject of a seed. */
bool mqt_rhythm_is_rain(uint64_t seed, struct mqt_moment moment);

/* Times as many tickets of the subject on this day because of the season. */
double mqt_rhythm_season(const struct mqt_subject *subject, uint64_t seed, struct mqt_moment moment);

/* Times as many tickets of the subject at this hour because it is night. */
double mqt_rhythm_night(const struct mqt_subject *subject, int hour);

#endif
