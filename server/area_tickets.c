#include "area_tickets.h"

#include <stdatomic.h>
#include <stdlib.h>

struct tally {
    _Atomic int64_t open, last_30d, total;
};

struct step {
    int64_t open, last_30d, total;
};

struct mqt_area_tickets {
    atomic_size_t references;
    struct mqt_areas *areas;
    int64_t now_s;
    struct tally *all, *own; /* by area number */
};

/* Where the ticket counts. A look-up that lacks memory leaves it without an area. */
static struct mqt_area_spot spot_of(const struct mqt_areas *areas, const struct mqt_ticket *ticket)
{
    struct mqt_area_spot spot = {MQT_AREAS_WHOLE, MQT_AREAS_NONE};
    if (ticket->building_id && mqt_areas_of_building(areas, ticket->building_id, &spot)) {
        return spot;
    }
    if (ticket->placed && mqt_areas_locate(areas, ticket->place, &spot)) {
        return (struct mqt_area_spot){MQT_AREAS_WHOLE, MQT_AREAS_NONE};
    }
    return spot;
}

/* There is one writer, so nothing comes between reading and writing. */
static void bump(_Atomic int64_t *count, int64_t step)
{
    atomic_store_explicit(count, atomic_load_explicit(count, memory_order_relaxed) + step, memory_order_relaxed);
}

static void add_tally(struct tally *tally, const struct step *step)
{
    bump(&tally->open, step->open);
    bump(&tally->last_30d, step->last_30d);
    bump(&tally->total, step->total);
}

static void copy_tally(const struct tally *from, struct tally *to)
{
    atomic_init(&to->open, atomic_load_explicit(&from->open, memory_order_relaxed));
    atomic_init(&to->last_30d, atomic_load_explicit(&from->last_30d, memory_order_relaxed));
    atomic_init(&to->total, atomic_load_explicit(&from->total, memory_order_relaxed));
}

static void add_step(struct mqt_area_tickets *counts, struct mqt_area_spot spot, const struct step *step)
{
    add_tally(&counts->own[spot.area], step);
    for (uint32_t area = spot.area; area != MQT_AREAS_NONE; area = mqt_areas_at(counts->areas, area)->parent) {
        add_tally(&counts->all[area], step);
    }
    if (spot.estate != MQT_AREAS_NONE) {
        add_tally(&counts->own[spot.estate], step);
        add_tally(&counts->all[spot.estate], step);
    }
}

static void count_at(struct mqt_area_tickets *counts, struct mqt_area_spot spot, const struct mqt_ticket *ticket,
                     int64_t sign)
{
    struct step step = {.open = mqt_ticket_is_open(ticket) ? sign : 0,
                        .last_30d = mqt_ticket_is_recent(ticket, counts->now_s) ? sign : 0,
                        .total = sign};
    add_step(counts, spot, &step);
}

static void count(struct mqt_area_tickets *counts, const struct mqt_ticket *ticket, int64_t sign)
{
    count_at(counts, spot_of(counts->areas, ticket), ticket, sign);
}

void mqt_area_tickets_add(struct mqt_area_tickets *counts, const struct mqt_ticket *ticket)
{
    count(counts, ticket, 1);
}

void mqt_area_tickets_remove(struct mqt_area_tickets *counts, const struct mqt_ticket *ticket)
{
    count(counts, ticket, -1);
}

static void take_ticket(void *user, const struct mqt_ticket *ticket)
{
    mqt_area_tickets_add(user, ticket);
}

static enum mqt_err make(struct mqt_areas *areas, int64_t now_s, struct mqt_area_tickets **out)
{
    struct mqt_area_tickets *counts = calloc(1, sizeof *counts);
    if (!counts) {
        return MQT_ERR_MEMORY;
    }
    atomic_init(&counts->references, 1);
    counts->areas = mqt_areas_retain(areas);
    counts->now_s = now_s;
    counts->all = calloc(mqt_areas_count(areas), sizeof *counts->all);
    counts->own = calloc(mqt_areas_count(areas), sizeof *counts->own);
    if (!counts->all || !counts->own) {
        mqt_area_tickets_release(counts);
        return MQT_ERR_MEMORY;
    }
    *out = counts;
    return MQT_OK;
}

enum mqt_err mqt_area_tickets_new(struct mqt_areas *areas, struct mqt_tickets *tickets, int64_t now_s,
                                  struct mqt_area_tickets **out)
{
    struct mqt_area_tickets *counts = NULL;
    enum mqt_err err = make(areas, now_s, &counts);
    if (!err) {
        mqt_tickets_each(tickets, take_ticket, counts);
        *out = counts;
    }
    return err;
}

struct moving {
    const struct mqt_areas *from;
    struct mqt_area_tickets *counts;
};

static void move_ticket(void *user, const struct mqt_ticket *ticket)
{
    struct moving *moving = user;
    if (!ticket->building_id) {
        return;
    }
    struct mqt_area_spot from = spot_of(moving->from, ticket);
    struct mqt_area_spot to = spot_of(moving->counts->areas, ticket);
    if (from.area != to.area || from.estate != to.estate) {
        count_at(moving->counts, from, ticket, -1);
        count_at(moving->counts, to, ticket, 1);
    }
}

enum mqt_err mqt_area_tickets_move(const struct mqt_area_tickets *old, struct mqt_areas *areas,
                                   struct mqt_tickets *tickets, const uint64_t *building_ids, size_t id_count,
                                   struct mqt_area_tickets **out)
{
    struct mqt_area_tickets *counts = NULL;
    enum mqt_err err = make(areas, old->now_s, &counts);
    if (err) {
        return err;
    }
    for (size_t i = 0; i < mqt_areas_count(areas); i++) {
        copy_tally(&old->all[i], &counts->all[i]);
        copy_tally(&old->own[i], &counts->own[i]);
    }
    struct moving moving = {old->areas, counts};
    for (size_t i = 0; building_ids && i < id_count; i++) {
        mqt_tickets_at_building(tickets, building_ids[i], move_ticket, &moving);
    }
    if (!building_ids) {
        mqt_tickets_each(tickets, move_ticket, &moving);
    }
    *out = counts;
    return MQT_OK;
}

struct mqt_area_tickets *mqt_area_tickets_retain(struct mqt_area_tickets *counts)
{
    (void)atomic_fetch_add_explicit(&counts->references, 1, memory_order_relaxed);
    return counts;
}

void mqt_area_tickets_release(struct mqt_area_tickets *counts)
{
    if (!counts || atomic_fetch_sub_explicit(&counts->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    mqt_areas_release(counts->areas);
    free(counts->all);
    free(counts->own);
    free(counts);
}

struct passing {
    struct mqt_area_tickets *counts;
    int64_t now_s;
};

/* The ticket was reported where one end of the 30 days has passed. */
static void pass_ticket(void *user, const struct mqt_ticket *ticket)
{
    struct passing *passing = user;
    int64_t before = mqt_ticket_is_recent(ticket, passing->counts->now_s);
    int64_t now = mqt_ticket_is_recent(ticket, passing->now_s);
    struct step step = {.last_30d = now - before};
    if (now != before) {
        add_step(passing->counts, spot_of(passing->counts->areas, ticket), &step);
    }
}

void mqt_area_tickets_advance(struct mqt_area_tickets *counts, struct mqt_tickets *tickets, int64_t now_s)
{
    int64_t from_s = counts->now_s < now_s ? counts->now_s : now_s; /* a clock may be set back */
    int64_t to_s = counts->now_s < now_s ? now_s : counts->now_s;
    struct passing passing = {counts, now_s};
    if (to_s - from_s >= MQT_TICKET_RECENT_S) {
        mqt_tickets_each(tickets, pass_ticket, &passing);
    } else if (from_s < to_s) {
        mqt_tickets_reported(tickets, from_s, to_s, pass_ticket, &passing);
        mqt_tickets_reported(tickets, from_s - MQT_TICKET_RECENT_S, to_s - MQT_TICKET_RECENT_S, pass_ticket, &passing);
    }
    counts->now_s = now_s;
}

static uint64_t shown(const _Atomic int64_t *count)
{
    int64_t value = atomic_load_explicit(count, memory_order_relaxed);
    return value > 0 ? (uint64_t)value : 0;
}

static struct mqt_ticket_counts read_tally(const struct tally *tally)
{
    return (struct mqt_ticket_counts){shown(&tally->open), shown(&tally->last_30d), shown(&tally->total)};
}

struct mqt_ticket_counts mqt_area_tickets_all(const struct mqt_area_tickets *counts, uint32_t area)
{
    return read_tally(&counts->all[area]);
}

struct mqt_ticket_counts mqt_area_tickets_own(const struct mqt_area_tickets *counts, uint32_t area)
{
    return read_tally(&counts->own[area]);
}
