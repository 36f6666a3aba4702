/* What is due when: the next steps of open tickets, the earliest first.
 *
 * A binary heap; times are seconds of any one clock. Belongs to its owner until cleared; one thread.
 * At most MQT_AGENDA_MAX entries.
 */
#ifndef MQT_AGENDA_H
#define MQT_AGENDA_H

#include "course.h"

#include "../tiles/buf.h"

enum { MQT_AGENDA_MAX = 1 << 22 };

struct mqt_appointment {
    double at_s;
    int64_t ticket; /* id */
    const struct mqt_subject *subject;
    int severity;
    int picture; /* of album.h */
    enum mqt_state from;
    enum mqt_state to;
};

struct mqt_agenda {
    struct mqt_buf entries; /* struct mqt_appointment, a heap */
};

void mqt_agenda_init(struct mqt_agenda *agenda);
void mqt_agenda_clear(struct mqt_agenda *agenda);
size_t mqt_agenda_count(const struct mqt_agenda *agenda);

enum mqt_err mqt_agenda_add(struct mqt_agenda *agenda, struct mqt_appointment appointment) MQT_MUST_USE;

/* NULL when nothing is left; valid until the next add or take. */
const struct mqt_appointment *mqt_agenda_first(const struct mqt_agenda *agenda);

/* Takes the first one off; the agenda is not empty. */
struct mqt_appointment mqt_agenda_take(struct mqt_agenda *agenda);

#endif
