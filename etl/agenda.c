#include "agenda.h"

#include <assert.h>

static struct mqt_appointment *entries_of(const struct mqt_agenda *agenda)
{
    return (struct mqt_appointment *)(void *)agenda->entries.data;
}

void mqt_agenda_init(struct mqt_agenda *agenda)
{
    mqt_buf_init(&agenda->entries, MQT_AGENDA_MAX * sizeof(struct mqt_appointment));
}

void mqt_agenda_clear(struct mqt_agenda *agenda)
{
    mqt_buf_clear(&agenda->entries);
}

size_t mqt_agenda_count(const struct mqt_agenda *agenda)
{
    return agenda->entries.len / sizeof(struct mqt_appointment);
}

enum mqt_err mqt_agenda_add(struct mqt_agenda *agenda, struct mqt_appointment appointment)
{
    size_t at = mqt_agenda_count(agenda);
    mqt_buf_add(&agenda->entries, &appointment, sizeof appointment);
    enum mqt_err err = mqt_buf_err(&agenda->entries);
    if (err != MQT_OK) {
        return err;
    }
    struct mqt_appointment *entries = entries_of(agenda);
    while (at > 0 && entries[(at - 1) / 2].at_s > appointment.at_s) {
        entries[at] = entries[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    entries[at] = appointment;
    return MQT_OK;
}

const struct mqt_appointment *mqt_agenda_first(const struct mqt_agenda *agenda)
{
    return agenda->entries.len > 0 ? entries_of(agenda) : NULL;
}

struct mqt_appointment mqt_agenda_take(struct mqt_agenda *agenda)
{
    assert(agenda->entries.len > 0);
    struct mqt_appointment *entries = entries_of(agenda);
    struct mqt_appointment first = entries[0];
    agenda->entries.len -= sizeof first;
    size_t count = mqt_agenda_count(agenda);
    struct mqt_appointment moved = entries[count];
    size_t at = 0;
    while (2 * at + 1 < count) {
        size_t child = 2 * at + 1;
        child += child + 1 < count && entries[child + 1].at_s < entries[child].at_s;
        if (moved.at_s <= entries[child].at_s) {
            break;
        }
        entries[at] = entries[child];
        at = child;
    }
    if (count > 0) {
        entries[at] = moved;
    }
    return first;
}
