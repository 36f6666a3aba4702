#include "ticket_news.h"

#include "recent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct mqt_ticket_news *news;
    struct mqt_tickets *known;
};

void mqt_ticket_news_clear(struct mqt_ticket_news *news)
{
    mqt_ids_clear(&news->ids);
    free(news->rows);
    mqt_heat_release(news->heat);
    mqt_event_list_clear(&news->events);
    mqt_event_list_clear(&news->newest);
    free(news->told);
    *news = (struct mqt_ticket_news){0};
}

static uint8_t intern(struct mqt_tickets *known, enum mqt_ticket_field field, struct mqt_ticket_text text)
{
    char word[MQT_TICKET_WORD_BYTES + 8];
    size_t len = text.len < sizeof word ? text.len : sizeof word - 1;
    memcpy(word, text.bytes, len);
    word[len] = '\0';
    return mqt_tickets_intern(known, field, word);
}

static struct mqt_ticket *new_row(struct mqt_ticket_news *news)
{
    if (news->row_count == news->row_capacity) {
        size_t capacity = news->row_capacity ? news->row_capacity * 2 : 64;
        struct mqt_ticket *rows = realloc(news->rows, capacity * sizeof *rows);
        if (!rows) {
            return NULL;
        }
        news->rows = rows;
        news->row_capacity = capacity;
    }
    return &news->rows[news->row_count++];
}

/* Appends the ticket's event to the list and notes which one it is. */
static enum mqt_err tell(struct mqt_ticket_news *news, struct mqt_event_list *list, const struct mqt_ticket_row *row,
                         const struct mqt_point *old_place)
{
    if (news->told_count == news->told_capacity) {
        size_t capacity = news->told_capacity ? news->told_capacity * 2 : 64;
        struct mqt_ticket_told *told = realloc(news->told, capacity * sizeof *told);
        if (!told) {
            return MQT_ERR_MEMORY;
        }
        news->told = told;
        news->told_capacity = capacity;
    }
    mqt_event_ticket(list, row, old_place);
    if (!list->err) {
        news->told[news->told_count++] = (struct mqt_ticket_told){row->id, row->reported_us, list->count - 1};
    }
    return MQT_OK;
}

static enum mqt_err take_newest(void *user, const struct mqt_ticket_row *row)
{
    struct reading *reading = user;
    return tell(reading->news, &reading->news->newest, row, NULL);
}

static enum mqt_err take_ticket(void *user, const struct mqt_ticket_row *row)
{
    struct reading *reading = user;
    struct mqt_ticket *ticket = new_row(reading->news);
    if (!ticket) {
        return MQT_ERR_MEMORY;
    }
    *ticket = (struct mqt_ticket){.id = row->id,
                                  .building_id = row->building_id,
                                  .placed = row->placed,
                                  .place = row->place,
                                  .reported_s = row->reported_us / 1000000,
                                  .severity = row->severity};
    ticket->codes[MQT_TICKET_CATEGORY] = intern(reading->known, MQT_TICKET_CATEGORY, row->category);
    ticket->codes[MQT_TICKET_CHANNEL] = intern(reading->known, MQT_TICKET_CHANNEL, row->channel);
    ticket->codes[MQT_TICKET_STATUS] = intern(reading->known, MQT_TICKET_STATUS, row->status);
    if (reading->news->reload) {
        return MQT_OK;
    }
    struct mqt_ticket old;
    bool had_place = mqt_tickets_find(reading->known, row->id, &old) && old.placed;
    return tell(reading->news, &reading->news->events, row, had_place ? &old.place : NULL);
}

static int compare_rows(const void *left, const void *right)
{
    uint64_t a = ((const struct mqt_ticket *)left)->id, b = ((const struct mqt_ticket *)right)->id;
    return (a > b) - (a < b);
}

static int compare_age(const void *left, const void *right)
{
    const struct mqt_ticket *a = *(const struct mqt_ticket *const *)left, *b = *(const struct mqt_ticket *const *)right;
    return a->reported_s != b->reported_s ? (a->reported_s < b->reported_s) - (a->reported_s > b->reported_s)
                                          : (a->id < b->id) - (a->id > b->id);
}

/* Of a reload only the newest tickets are wanted as JSON: they are read once more. */
static enum mqt_err read_newest(struct reading *reading, struct mqt_db *db, struct mqt_detail *detail)
{
    const struct mqt_ticket_news *news = reading->news;
    uint64_t ids[MQT_RECENT_KEPT + 1]; /* one more tells the list that it is not all */
    size_t count = 0;
    const struct mqt_ticket **by_age = malloc((news->row_count + 1) * sizeof *by_age);
    if (!by_age) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < news->row_count; i++) {
        by_age[i] = &news->rows[i];
    }
    qsort(by_age, news->row_count, sizeof *by_age, compare_age);
    while (count < news->row_count && count < sizeof ids / sizeof ids[0]) {
        ids[count] = by_age[count]->id;
        count++;
    }
    free(by_age);
    return count > 0 ? mqt_ticket_read(db, ids, count, take_newest, reading, detail) : MQT_OK;
}

static bool is_there(const struct mqt_ticket_news *news, uint64_t id)
{
    struct mqt_ticket key = {.id = id};
    return news->row_count > 0 && bsearch(&key, news->rows, news->row_count, sizeof key, compare_rows);
}

static void tell_removed(struct mqt_ticket_news *news, struct mqt_tickets *known)
{
    for (size_t i = 0; i < news->ids.count; i++) {
        struct mqt_ticket old;
        uint64_t id = news->ids.items[i];
        if (!is_there(news, id) && mqt_tickets_find(known, id, &old)) {
            mqt_event_ticket_gone(&news->events, id, old.placed ? &old.place : NULL);
        }
    }
}

static enum mqt_err build_heat(struct mqt_ticket_news *news, struct mqt_heat *base)
{
    size_t count = 0;
    struct mqt_heat_ticket *points = malloc((news->row_count > 0 ? news->row_count : 1) * sizeof *points);
    if (!points) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < news->row_count; i++) {
        if (news->rows[i].placed) {
            points[count++] = mqt_ticket_heat(&news->rows[i]);
        }
    }
    enum mqt_err err = news->reload || !base
                           ? mqt_heat_new(points, count, &news->heat)
                           : mqt_heat_apply(base, news->ids.items, news->ids.count, points, count, &news->heat);
    free(points);
    return err;
}

enum mqt_err mqt_ticket_news_read(struct mqt_ticket_news *news, struct mqt_db *db, struct mqt_tickets *known,
                                  struct mqt_heat *base, struct mqt_detail *detail)
{
    if (!news->reload && news->ids.count == 0) {
        return MQT_OK;
    }
    struct reading reading = {news, known};
    enum mqt_err err =
        mqt_ticket_read(db, news->reload ? NULL : news->ids.items, news->ids.count, take_ticket, &reading, detail);
    if (err) {
        return err;
    }
    if (news->row_count > 1) {
        qsort(news->rows, news->row_count, sizeof *news->rows, compare_rows);
    }
    if (news->reload) {
        err = read_newest(&reading, db, detail);
    } else {
        tell_removed(news, known);
    }
    return err ? err : build_heat(news, base);
}

static void apply_recent(const struct mqt_ticket_news *news, struct mqt_recent *recent)
{
    const struct mqt_event_list *list = news->reload ? &news->newest : &news->events;
    if (news->reload) {
        mqt_recent_clear(recent);
    }
    for (size_t i = 0; i < news->told_count; i++) {
        const struct mqt_ticket_told *told = &news->told[i];
        const struct mqt_hub_event *event = &list->items[told->event];
        mqt_recent_put(recent, told->id, told->reported_us, event->data, event->len);
    }
    for (size_t i = 0; !news->reload && i < news->ids.count; i++) {
        if (!is_there(news, news->ids.items[i])) {
            mqt_recent_remove(recent, news->ids.items[i]);
        }
    }
}

enum mqt_err mqt_ticket_news_apply(const struct mqt_ticket_news *news, struct mqt_tickets *known)
{
    apply_recent(news, mqt_tickets_recent(known));
    if (news->reload) {
        return mqt_tickets_replace(known, news->rows, news->row_count);
    }
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; !err && i < news->row_count; i++) {
        err = mqt_tickets_put(known, &news->rows[i]);
    }
    for (size_t i = 0; !err && i < news->ids.count; i++) {
        if (!is_there(news, news->ids.items[i])) {
            (void)mqt_tickets_remove(known, news->ids.items[i]);
        }
    }
    return err;
}
