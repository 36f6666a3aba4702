/* How a complaint comes in: by which channel, how urgent it is.
 *
 * Static tables with the words of an office's file (title) and of the database (code). Pure; the
 * caller owns the random stream.
 */
#ifndef MQT_INTAKE_H
#define MQT_INTAKE_H

#include "random.h"
#include "subject.h"

struct mqt_channel {
    const char *title; /* 12345热线 */
    const char *code;  /* hotline */
    double at_home;    /* share of what happens in dwellings */
    double outside;    /* share of what happens in the open */
    double pictures;   /* share that comes with a photo */
    bool is_machine;   /* never sleeps, and knows where it is */
};

struct mqt_urgency {
    const char *title; /* 特急 */
    int severity;      /* 1-5 as in ticket.ticket */
};

const struct mqt_channel *mqt_intake_channel(struct mqt_random *random, const struct mqt_subject *subject);
const struct mqt_urgency *mqt_intake_urgency(struct mqt_random *random, const struct mqt_subject *subject);

/* What a caller leaves unsaid. */
enum mqt_intake_lack { MQT_INTAKE_PLACED, MQT_INTAKE_ADDRESS_ONLY, MQT_INTAKE_NOWHERE };
enum mqt_intake_lack mqt_intake_lack(struct mqt_random *random, const struct mqt_channel *channel);

#endif
