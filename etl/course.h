/* The course of a ticket: through which states it goes, and how long it stays in each.
 *
 * received -> filed -> dispatched -> in_progress -> fed_back -> checked -> closed; some come back to
 * the dispatcher, wait for money (suspended) or are done again. Every course ends in closed. Median
 * days are the subject's; urgent tickets take a third. Pure; the caller owns the random stream.
 */
#ifndef MQT_COURSE_H
#define MQT_COURSE_H

#include "random.h"
#include "subject.h"

enum mqt_state {
    MQT_STATE_RECEIVED,
    MQT_STATE_FILED,
    MQT_STATE_DISPATCHED,
    MQT_STATE_IN_PROGRESS,
    MQT_STATE_FED_BACK,
    MQT_STATE_CHECKED,
    MQT_STATE_CLOSED,
    MQT_STATE_RETURNED,
    MQT_STATE_SUSPENDED,
    MQT_STATE_COUNT
};

const char *mqt_state_code(enum mqt_state state);  /* in_progress: as in ticket.ticket */
const char *mqt_state_title(enum mqt_state state); /* 处理中: as in an office's file */
bool mqt_state_of_code(const char *code, enum mqt_state *state);

/* severity 4 and 5 are urgent. state: any but closed. */
struct mqt_step {
    double after_s; /* time in the present state */
    enum mqt_state next;
};
struct mqt_step mqt_course_step(struct mqt_random *random, const struct mqt_subject *subject, int severity,
                                enum mqt_state state);

#endif
