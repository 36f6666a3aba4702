#include "ticket_news.h"

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
    if (!reading->news->reload) {
        struct mqt_ticket old;
        bool had_place = mqt_tickets_find(reading->known, row->id, &old) && old.placed;
        mqt_event_ticket(&reading->news->events, row, had_place ? &old.place : NULL);
    }
    return MQT_OK;
}

static int compare_rows(const void *left, const void *right)
{
    uint64_t a = ((const struct mqt_ticket *)left)->id, b = ((const struct mqt_ticket *)right)->id;
    return (a > b) - (a < b);
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
    if (!news->reload) {
        tell_removed(news, known);
    }
    return build_heat(news, base);
}

enum mqt_err mqt_ticket_news_apply(const struct mqt_ticket_news *news, struct mqt_tickets *known)
{
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
