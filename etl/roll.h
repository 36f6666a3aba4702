/* Who stands in which row of a register, and what is wrong with that row.
 *
 * The rows of the homes in order, then those that stand apart at the end: entries in another dwelling and
 * in buildings that do not exist. Whether a row without a unit can be placed depends on all other rows, so
 * the roll is made before anything is written. Memory is the roll's; the town is only read. One thread.
 */
#ifndef MQT_ROLL_H
#define MQT_ROLL_H

#include "dirt.h"
#include "register.h"

struct mqt_roll_row {
    size_t person;
    size_t household; /* in whose dwelling */
    enum mqt_dirt dirt;
};

struct mqt_roll {
    struct mqt_roll_row *rows;
    size_t count;
    size_t apart; /* the first row that stands apart */
};

enum mqt_err mqt_roll_make(const struct mqt_town *town, const struct mqt_register *part, struct mqt_random *random,
                           struct mqt_roll *roll) MQT_MUST_USE;
void mqt_roll_clear(struct mqt_roll *roll);

/* A person who has another document than an identity card. */
bool mqt_roll_is_foreign(const struct mqt_town_person *person);

#endif
