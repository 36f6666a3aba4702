#include "complaint.h"

#include "album.h"
#include "calendar.h"
#include "course.h"
#include "intake.h"
#include "rhythm.h"
#include "scale.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RANDOM_STREAM = 6,
    YEAR_DAYS = 365,
    DATES = YEAR_DAYS + 1,
    SUBJECTS_MAX = 32,
    HAUNTED_MAX = 1600,
    TICKETS_PER_HAUNTED = 125,
    DAY_S = 86400
};

/* An address from which the same complaint comes again. */
struct haunted {
    size_t household;
    size_t subject;
};

struct desk {
    struct mqt_town *town;
    struct mqt_random random;
    int64_t first_midnight_s;
    double date_sums[SUBJECTS_MAX][DATES]; /* of each subject, running; date 0 begins at first_midnight_s */
    double year_weights[SUBJECTS_MAX];     /* the last ones */
    double *household_weights;             /* running sums */
    struct haunted haunted[HAUNTED_MAX];
    size_t haunted_count;
};

static void weigh_dates(struct desk *desk)
{
    const struct mqt_town *town = desk->town;
    int64_t year_ago_s = town->until_s - (int64_t)YEAR_DAYS * DAY_S;
    struct mqt_moment first = mqt_calendar_local(year_ago_s);
    desk->first_midnight_s = year_ago_s - (first.hour * 3600 + first.minute * 60 + first.second);
    assert(mqt_subject_count() <= SUBJECTS_MAX);
    for (size_t s = 0; s < mqt_subject_count(); ++s) {
        const struct mqt_subject *subject = mqt_subject_at(s);
        double sum = 0;
        for (int d = 0; d < DATES; ++d) {
            struct mqt_moment m = mqt_calendar_local(desk->first_midnight_s + (int64_t)d * DAY_S);
            sum += subject->rhythm.weight * mqt_rhythm_weekday(m.weekday) * mqt_rhythm_season(subject, town->seed, m);
            desk->date_sums[s][d] = sum;
        }
        desk->year_weights[s] = sum;
    }
}

static const struct mqt_town_building *home_of(const struct mqt_town *town, size_t household)
{
    return &town->buildings.at[town->dwellings.at[town->households.at[household].dwelling].building];
}

static bool weigh_households(struct desk *desk)
{
    struct mqt_town *town = desk->town;
    desk->household_weights = mqt_arena_calloc(&town->arena, town->households.count + 1, sizeof(double));
    double *buildings = mqt_arena_calloc(&town->arena, town->buildings.count + 1, sizeof(double));
    if (!desk->household_weights || !buildings) {
        return false;
    }
    for (size_t b = 0; b < town->buildings.count; ++b) {
        buildings[b] = mqt_random_real(&desk->random, 0.4, 1.6);
    }
    double sum = 0;
    for (size_t h = 0; h < town->households.count; ++h) {
        size_t b = town->dwellings.at[town->households.at[h].dwelling].building;
        sum += buildings[b] * town->estates.at[town->buildings.at[b].estate].grumble;
        desk->household_weights[h] = sum;
    }
    return true;
}

static size_t draw_household(struct desk *desk)
{
    return mqt_random_by_sums(&desk->random, desk->household_weights, desk->town->households.count);
}

static int64_t draw_time(struct desk *desk, size_t subject, bool machine)
{
    double weights[MQT_RHYTHM_HOURS];
    int64_t until_s = desk->town->until_s;
    int64_t time_s;
    for (int hour = 0; hour < MQT_RHYTHM_HOURS; ++hour) {
        weights[hour] = (machine ? 1 : mqt_rhythm_hour(hour)) * mqt_rhythm_night(mqt_subject_at(subject), hour);
    }
    /* Of the first date the evening counts, of the last one the morning. */
    do {
        size_t date = mqt_random_by_sums(&desk->random, desk->date_sums[subject], DATES);
        size_t hour = mqt_random_weighted(&desk->random, weights, MQT_RHYTHM_HOURS);
        time_s = desk->first_midnight_s + (int64_t)date * DAY_S + (int64_t)hour * 3600 +
                 mqt_random_int(&desk->random, 0, 3599);
    } while (time_s < until_s - (int64_t)YEAR_DAYS * DAY_S || time_s >= until_s);
    return time_s;
}

static struct mqt_spot spot_in(struct mqt_random *random, const struct mqt_shape *shape)
{
    struct mqt_rect box = mqt_shape_bounds(shape);
    struct mqt_spot spot = mqt_rect_middle(box);
    for (int tries = 0; tries < 30; ++tries) {
        struct mqt_spot drawn = {mqt_random_real(random, box.x0_m, box.x1_m),
                                 mqt_random_real(random, box.y0_m, box.y1_m)};
        if (mqt_shape_holds(shape, drawn)) {
            return drawn;
        }
    }
    return spot;
}

/* The ticket's address and spot, and the place that its text begins with. */
static const char *put_at_home(struct desk *desk, size_t household, struct mqt_town_ticket *ticket)
{
    struct mqt_town *town = desk->town;
    const struct mqt_town_building *home = home_of(town, household);
    const struct mqt_town_dwelling *dwelling = &town->dwellings.at[town->households.at[household].dwelling];
    const char *estate = town->estates.at[home->estate].name;
    ticket->spot = spot_in(&desk->random, &home->shape);
    ticket->has_spot = true;
    ticket->address =
        mqt_random_chance(&desk->random, 0.7)
            ? mqt_arena_printf(&town->arena, "%s%s%d单元%d室", estate, home->number, dwelling->unit, dwelling->room)
            : mqt_arena_printf(&town->arena, "%s%s", estate, home->number);
    return mqt_arena_printf(&town->arena, "%s%s%d单元", estate, home->number, dwelling->unit);
}

static const char *put_outside(struct desk *desk, struct mqt_town_ticket *ticket)
{
    struct mqt_town *town = desk->town;
    struct mqt_random *random = &desk->random;
    const struct mqt_town_facility *facility =
        &town->facilities.at[mqt_random_below(random, (uint32_t)town->facilities.count)];
    double angle = mqt_random_real(random, 0, 6.283);
    double off_m = mqt_random_real(random, 2, 18);
    ticket->spot = (struct mqt_spot){facility->spot.x_m + off_m * cos(angle), facility->spot.y_m + off_m * sin(angle)};
    ticket->has_spot = true;
    ticket->address = mqt_arena_printf(&town->arena, "%s附近", facility->name);
    return ticket->address;
}

/* As far as the ticket has come by the last moment. */
static void follow_course(struct desk *desk, const struct mqt_subject *subject, int severity,
                          struct mqt_town_ticket *ticket)
{
    enum mqt_state state = MQT_STATE_RECEIVED;
    double age_s = (double)(desk->town->until_s - ticket->reported_s);
    double at_s = 0;
    while (state != MQT_STATE_CLOSED) {
        struct mqt_step step = mqt_course_step(&desk->random, subject, severity, state);
        at_s += step.after_s;
        if (at_s >= age_s) {
            break;
        }
        state = step.next;
    }
    ticket->status = mqt_state_title(state);
    ticket->closed_s = state == MQT_STATE_CLOSED ? ticket->reported_s + (int64_t)at_s : 0;
}

static void add_ticket(struct desk *desk)
{
    struct mqt_town *town = desk->town;
    struct mqt_random *random = &desk->random;
    bool again = mqt_random_chance(random, 0.06);
    const struct haunted *haunted = &desk->haunted[mqt_random_below(random, (uint32_t)desk->haunted_count)];
    size_t s = again ? haunted->subject : mqt_random_weighted(random, desk->year_weights, mqt_subject_count());
    const struct mqt_subject *subject = mqt_subject_at(s);
    struct mqt_town_ticket ticket = {.number = "", .picture = MQT_ALBUM_NONE};
    ticket.category = subject->category;
    ticket.phrase = subject->phrases[mqt_random_below(random, MQT_SUBJECT_PHRASES)];
    const struct mqt_channel *channel = mqt_intake_channel(random, subject);
    ticket.channel = channel->title;
    ticket.reported_s = draw_time(desk, s, channel->is_machine);
    bool home = again || (!channel->is_machine && (subject->at_home || mqt_random_chance(random, 0.55)));
    const char *where = home ? put_at_home(desk, again ? haunted->household : draw_household(desk), &ticket)
                             : put_outside(desk, &ticket);
    ticket.text = mqt_arena_printf(&town->arena, "%s，%s", where ? where : "", ticket.phrase);
    enum mqt_intake_lack lack = mqt_intake_lack(random, channel);
    ticket.has_spot = ticket.has_spot && lack == MQT_INTAKE_PLACED;
    ticket.address = lack == MQT_INTAKE_NOWHERE ? "" : ticket.address;
    const struct mqt_urgency *urgency = mqt_intake_urgency(random, subject);
    ticket.urgency = urgency->title;
    follow_course(desk, subject, urgency->severity, &ticket);
    if (mqt_random_chance(random, channel->pictures)) {
        ticket.picture = mqt_album_draw(random, ticket.phrase, town->scale->picture_variants);
        ticket.has_after = ticket.picture != MQT_ALBUM_NONE && ticket.closed_s != 0 && mqt_random_chance(random, 0.7);
    }
    mqt_town_add(town, &town->tickets, ticket);
}

static int by_time(const void *a, const void *b)
{
    const struct mqt_town_ticket *p = a;
    const struct mqt_town_ticket *q = b;
    if (p->reported_s != q->reported_s) {
        return p->reported_s < q->reported_s ? -1 : 1;
    }
    /* Two in one second: anything that is the same on every machine. */
    int text = strcmp(p->text, q->text);
    return text ? text : strcmp(p->address, q->address);
}

/* Numbers are the date and a serial of that day, with the district before it in a city. */
static void number_tickets(struct mqt_town *town)
{
    int serial = 0;
    int day = 0;
    for (size_t i = 0; i < town->tickets.count; ++i) {
        struct mqt_moment m = mqt_calendar_local(town->tickets.at[i].reported_s);
        serial = m.day == day ? serial + 1 : 1;
        day = m.day;
        const char *number =
            town->part > 0
                ? mqt_arena_printf(&town->arena, "%04d%02d%02d-%02u-%04d", m.year, m.month, m.day, town->part, serial)
                : mqt_arena_printf(&town->arena, "%04d%02d%02d-%04d", m.year, m.month, m.day, serial);
        town->tickets.at[i].number = number ? number : "";
    }
}

void mqt_complaint_file(struct mqt_town *town)
{
    struct desk *desk = mqt_arena_calloc(&town->arena, 1, sizeof *desk);
    if (!desk) {
        return;
    }
    desk->town = town;
    desk->random = mqt_random_start(town->seed, RANDOM_STREAM);
    weigh_dates(desk);
    if (!weigh_households(desk)) {
        return;
    }
    desk->haunted_count = town->quota.tickets / TICKETS_PER_HAUNTED;
    assert(desk->haunted_count > 0 && desk->haunted_count <= HAUNTED_MAX);
    for (size_t i = 0; i < desk->haunted_count; ++i) {
        desk->haunted[i].household = draw_household(desk);
        do {
            desk->haunted[i].subject = mqt_random_below(&desk->random, (uint32_t)mqt_subject_count());
        } while (!mqt_subject_at(desk->haunted[i].subject)->recurs);
    }
    for (size_t i = 0; i < town->quota.tickets; ++i) {
        add_ticket(desk);
    }
    if (town->arena.err == MQT_OK) {
        qsort(town->tickets.at, town->tickets.count, sizeof *town->tickets.at, by_time);
        number_tickets(town);
    }
}
