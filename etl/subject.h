/* What the sample district's tickets are about: categories, their seasons and words.
 *
 * Static tables; texts are UTF-8 and name no person. Pure; any thread.
 */
#ifndef MQT_SUBJECT_H
#define MQT_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

enum { MQT_SUBJECT_PHRASES = 5 };

struct mqt_subject_rhythm {
    double weight;  /* share of a year's tickets, before the seasons */
    double heating; /* times as many from mid November to mid March */
    double rain;    /* times as many on the days of heavy rain */
    double night;   /* times as many from 21 to 6 */
    double days;    /* median days until it is closed */
    double urgent;  /* share that is urgent */
};

struct mqt_subject {
    const char *category;
    struct mqt_subject_rhythm rhythm;
    bool at_home;                             /* in a dwelling rather than outside */
    bool recurs;                              /* comes again from the same address */
    const char *phrases[MQT_SUBJECT_PHRASES]; /* each is said after the place */
};

size_t mqt_subject_count(void);
const struct mqt_subject *mqt_subject_at(size_t index); /* index < count */

/* NULL when none has this category. */
const struct mqt_subject *mqt_subject_find(const char *category);

#endif
