#include "tickets.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_30_S = 30 * 86400, FIRST_BUCKETS = 1024, NONE = -1, CLOSED = 0 /* code of the status 'closed' */ };

/* Two hash chains run through the slots: by ticket id and by building. */
struct slot {
    struct mqt_ticket ticket;
    int32_t next_by_id, next_by_building;
};

struct words {
    size_t count; /* below MQT_TICKET_CODE_OTHER */
    bool shared;  /* some word shares the code 'other' */
    char text[MQT_TICKET_CODES][MQT_TICKET_WORD_BYTES];
};

struct table {
    struct slot *slots;
    size_t count, capacity; /* slots in use are dense: a removed one is filled with the last */
    int32_t *by_id, *by_building;
    size_t buckets; /* power of two */
    uint64_t open, placed;
    uint64_t code_counts[MQT_TICKET_FIELD_COUNT][MQT_TICKET_CODES];
};

struct mqt_tickets {
    pthread_mutex_t lock;
    struct table table;
    struct words words[MQT_TICKET_FIELD_COUNT];
    struct mqt_recent *recent;
};

static size_t bucket_of(const struct table *table, uint64_t key)
{
    return (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (table->buckets - 1);
}

static void table_clear(struct table *table)
{
    free(table->slots);
    free(table->by_id);
    free(table->by_building);
    *table = (struct table){0};
}

static void link_slot(struct table *table, size_t at)
{
    struct slot *slot = &table->slots[at];
    int32_t *head = &table->by_id[bucket_of(table, slot->ticket.id)];
    slot->next_by_id = *head;
    *head = (int32_t)at;
    slot->next_by_building = NONE;
    if (slot->ticket.building_id) {
        head = &table->by_building[bucket_of(table, slot->ticket.building_id)];
        slot->next_by_building = *head;
        *head = (int32_t)at;
    }
}

static void unlink_slot(struct table *table, size_t at)
{
    struct slot *slot = &table->slots[at];
    int32_t *link = &table->by_id[bucket_of(table, slot->ticket.id)];
    while (*link != (int32_t)at) {
        link = &table->slots[*link].next_by_id;
    }
    *link = slot->next_by_id;
    if (slot->ticket.building_id) {
        link = &table->by_building[bucket_of(table, slot->ticket.building_id)];
        while (*link != (int32_t)at) {
            link = &table->slots[*link].next_by_building;
        }
        *link = slot->next_by_building;
    }
}

static void count_ticket(struct table *table, const struct mqt_ticket *ticket, bool add)
{
    uint64_t step = add ? 1 : UINT64_MAX; /* wraps to minus one */
    table->open += ticket->codes[MQT_TICKET_STATUS] != CLOSED ? step : 0;
    table->placed += ticket->placed ? step : 0;
    for (size_t field = 0; field < MQT_TICKET_FIELD_COUNT; field++) {
        table->code_counts[field][ticket->codes[field]] += step;
    }
}

/* Room for count slots, with as many buckets at least. */
static enum mqt_err table_reserve(struct table *table, size_t count)
{
    if (count <= table->capacity) {
        return MQT_OK;
    }
    size_t buckets = table->buckets ? table->buckets : FIRST_BUCKETS;
    while (buckets < count) {
        buckets *= 2;
    }
    if (buckets > INT32_MAX / 2) {
        return MQT_ERR_LIMIT;
    }
    int32_t *by_id = malloc(buckets * sizeof *by_id);
    int32_t *by_building = malloc(buckets * sizeof *by_building);
    struct slot *slots = realloc(table->slots, buckets * sizeof *slots);
    table->slots = slots ? slots : table->slots;
    if (!by_id || !by_building || !slots) {
        free(by_id);
        free(by_building);
        return MQT_ERR_MEMORY;
    }
    free(table->by_id);
    free(table->by_building);
    table->by_id = by_id;
    table->by_building = by_building;
    table->capacity = table->buckets = buckets;
    for (size_t i = 0; i < buckets; i++) {
        by_id[i] = by_building[i] = NONE;
    }
    for (size_t i = 0; i < table->count; i++) {
        link_slot(table, i);
    }
    return MQT_OK;
}

static int32_t find_slot(const struct table *table, uint64_t id)
{
    int32_t at = table->buckets ? table->by_id[bucket_of(table, id)] : NONE;
    while (at != NONE && table->slots[at].ticket.id != id) {
        at = table->slots[at].next_by_id;
    }
    return at;
}

static enum mqt_err table_put(struct table *table, const struct mqt_ticket *row)
{
    int32_t at = find_slot(table, row->id);
    if (at == NONE) {
        enum mqt_err err = table_reserve(table, table->count + 1);
        if (err) {
            return err;
        }
        at = (int32_t)table->count++;
    } else {
        unlink_slot(table, (size_t)at);
        count_ticket(table, &table->slots[at].ticket, false);
    }
    table->slots[at].ticket = *row;
    link_slot(table, (size_t)at);
    count_ticket(table, row, true);
    return MQT_OK;
}

static bool table_remove(struct table *table, uint64_t id)
{
    int32_t at = find_slot(table, id);
    if (at == NONE) {
        return false;
    }
    count_ticket(table, &table->slots[at].ticket, false);
    unlink_slot(table, (size_t)at);
    size_t last = table->count - 1;
    if ((size_t)at != last) {
        unlink_slot(table, last);
        table->slots[at] = table->slots[last];
        link_slot(table, (size_t)at);
    }
    table->count = last;
    return true;
}

enum mqt_err mqt_tickets_new(struct mqt_tickets **out)
{
    struct mqt_tickets *tickets = calloc(1, sizeof *tickets);
    if (!tickets) {
        return MQT_ERR_MEMORY;
    }
    enum mqt_err err = mqt_recent_new(&tickets->recent);
    if (err) {
        free(tickets);
        return err;
    }
    pthread_mutex_init(&tickets->lock, NULL);
    for (size_t field = 0; field < MQT_TICKET_FIELD_COUNT; field++) {
        memcpy(tickets->words[field].text[MQT_TICKET_CODE_OTHER], "other", sizeof "other");
    }
    uint8_t closed = mqt_tickets_intern(tickets, MQT_TICKET_STATUS, "closed");
    assert(closed == CLOSED);
    (void)closed;
    *out = tickets;
    return MQT_OK;
}

void mqt_tickets_free(struct mqt_tickets *tickets)
{
    if (tickets) {
        table_clear(&tickets->table);
        mqt_recent_free(tickets->recent);
        pthread_mutex_destroy(&tickets->lock);
        free(tickets);
    }
}

/* At most MQT_TICKET_WORD_BYTES - 1 bytes, cut before a character that does not fit. */
static void cut_word(const char *word, char out[MQT_TICKET_WORD_BYTES])
{
    size_t len = strlen(word);
    if (len >= MQT_TICKET_WORD_BYTES) {
        len = MQT_TICKET_WORD_BYTES - 1;
        while (len > 0 && ((unsigned char)word[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    memcpy(out, word, len);
    memset(out + len, 0, MQT_TICKET_WORD_BYTES - len);
}

static int find_word(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->text[i], word) == 0) {
            return (int)i;
        }
    }
    return strcmp(words->text[MQT_TICKET_CODE_OTHER], word) == 0 ? MQT_TICKET_CODE_OTHER : NONE;
}

uint8_t mqt_tickets_intern(struct mqt_tickets *tickets, enum mqt_ticket_field field, const char *word)
{
    char cut[MQT_TICKET_WORD_BYTES];
    cut_word(word, cut);
    pthread_mutex_lock(&tickets->lock);
    struct words *words = &tickets->words[field];
    int code = find_word(words, cut);
    if (code == NONE && words->count < MQT_TICKET_CODE_OTHER) {
        code = (int)words->count++;
        memcpy(words->text[code], cut, sizeof cut);
    } else if (code == NONE) {
        code = MQT_TICKET_CODE_OTHER;
        words->shared = true;
    }
    pthread_mutex_unlock(&tickets->lock);
    return (uint8_t)code;
}

enum mqt_err mqt_tickets_replace(struct mqt_tickets *tickets, const struct mqt_ticket *rows, size_t count)
{
    struct table fresh = {0};
    enum mqt_err err = table_reserve(&fresh, count > 0 ? count : 1);
    for (size_t i = 0; !err && i < count; i++) {
        err = table_put(&fresh, &rows[i]);
    }
    if (err) {
        table_clear(&fresh);
        return err;
    }
    pthread_mutex_lock(&tickets->lock);
    struct table old = tickets->table;
    tickets->table = fresh;
    pthread_mutex_unlock(&tickets->lock);
    table_clear(&old);
    return MQT_OK;
}

enum mqt_err mqt_tickets_put(struct mqt_tickets *tickets, const struct mqt_ticket *row)
{
    pthread_mutex_lock(&tickets->lock);
    enum mqt_err err = table_put(&tickets->table, row);
    pthread_mutex_unlock(&tickets->lock);
    return err;
}

bool mqt_tickets_remove(struct mqt_tickets *tickets, uint64_t id)
{
    pthread_mutex_lock(&tickets->lock);
    bool removed = table_remove(&tickets->table, id);
    pthread_mutex_unlock(&tickets->lock);
    return removed;
}

bool mqt_tickets_find(struct mqt_tickets *tickets, uint64_t id, struct mqt_ticket *row)
{
    pthread_mutex_lock(&tickets->lock);
    int32_t at = find_slot(&tickets->table, id);
    if (at != NONE) {
        *row = tickets->table.slots[at].ticket;
    }
    pthread_mutex_unlock(&tickets->lock);
    return at != NONE;
}

static bool is_recent(const struct mqt_ticket *ticket, int64_t now_s)
{
    return ticket->reported_s > now_s - DAYS_30_S && ticket->reported_s <= now_s;
}

struct mqt_ticket_counts mqt_tickets_of_building(struct mqt_tickets *tickets, uint64_t building_id, int64_t now_s)
{
    struct mqt_ticket_counts counts = {0};
    pthread_mutex_lock(&tickets->lock);
    const struct table *table = &tickets->table;
    int32_t at = table->buckets && building_id ? table->by_building[bucket_of(table, building_id)] : NONE;
    for (; at != NONE; at = table->slots[at].next_by_building) {
        const struct mqt_ticket *ticket = &table->slots[at].ticket;
        if (ticket->building_id == building_id) {
            counts.total++;
            counts.open += ticket->codes[MQT_TICKET_STATUS] != CLOSED;
            counts.last_30d += is_recent(ticket, now_s);
        }
    }
    pthread_mutex_unlock(&tickets->lock);
    return counts;
}

struct mqt_ticket_counts mqt_tickets_all(struct mqt_tickets *tickets, int64_t now_s)
{
    pthread_mutex_lock(&tickets->lock);
    const struct table *table = &tickets->table;
    struct mqt_ticket_counts counts = {.open = table->open, .total = table->count};
    for (size_t i = 0; i < table->count; i++) {
        counts.last_30d += is_recent(&table->slots[i].ticket, now_s);
    }
    pthread_mutex_unlock(&tickets->lock);
    return counts;
}

bool mqt_tickets_code(struct mqt_tickets *tickets, enum mqt_ticket_field field, const char *word, uint8_t *code)
{
    char cut[MQT_TICKET_WORD_BYTES];
    cut_word(word, cut);
    pthread_mutex_lock(&tickets->lock);
    int found = find_word(&tickets->words[field], cut);
    if (found == NONE && tickets->words[field].shared) {
        found = MQT_TICKET_CODE_OTHER;
    }
    pthread_mutex_unlock(&tickets->lock);
    if (found == NONE) {
        return false;
    }
    *code = (uint8_t)found;
    return true;
}

void mqt_tickets_word(struct mqt_tickets *tickets, enum mqt_ticket_field field, uint8_t code,
                      char word[MQT_TICKET_WORD_BYTES])
{
    pthread_mutex_lock(&tickets->lock);
    const struct words *words = &tickets->words[field];
    memcpy(word, words->text[code < words->count ? code : MQT_TICKET_CODE_OTHER], MQT_TICKET_WORD_BYTES);
    pthread_mutex_unlock(&tickets->lock);
}

static int compare_words(const void *left, const void *right)
{
    const struct mqt_ticket_word *a = left, *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return (a->code > b->code) - (a->code < b->code);
}

/* Words that some ticket has. */
static size_t list_words(const struct words *words, const uint64_t *counts, struct mqt_ticket_word *out)
{
    size_t used = 0;
    for (size_t code = 0; code < MQT_TICKET_CODES; code++) {
        if (counts[code] > 0) {
            out[used].code = (uint8_t)code;
            out[used].count = counts[code];
            memcpy(out[used++].word, words->text[code], MQT_TICKET_WORD_BYTES);
        }
    }
    qsort(out, used, sizeof *out, compare_words);
    return used;
}

void mqt_tickets_summary(struct mqt_tickets *tickets, struct mqt_ticket_summary *summary)
{
    memset(summary, 0, sizeof *summary);
    pthread_mutex_lock(&tickets->lock);
    const struct table *table = &tickets->table;
    summary->open = table->open;
    summary->total = table->count;
    summary->placed = table->placed;
    for (size_t i = 0; i < table->count; i++) {
        int64_t reported_s = table->slots[i].ticket.reported_s;
        summary->first_s = i == 0 || reported_s < summary->first_s ? reported_s : summary->first_s;
        summary->last_s = i == 0 || reported_s > summary->last_s ? reported_s : summary->last_s;
    }
    for (size_t field = 0; field < MQT_TICKET_FIELD_COUNT; field++) {
        summary->word_counts[field] =
            list_words(&tickets->words[field], table->code_counts[field], summary->words[field]);
    }
    pthread_mutex_unlock(&tickets->lock);
}

struct mqt_recent *mqt_tickets_recent(struct mqt_tickets *tickets)
{
    return tickets->recent;
}

struct mqt_heat_ticket mqt_ticket_heat(const struct mqt_ticket *ticket)
{
    return (struct mqt_heat_ticket){.id = ticket->id,
                                    .building_id = ticket->building_id,
                                    .place = ticket->place,
                                    .reported_s = ticket->reported_s,
                                    .weight = (float)ticket->severity,
                                    .category = ticket->codes[MQT_TICKET_CATEGORY],
                                    .channel = ticket->codes[MQT_TICKET_CHANNEL],
                                    .status = ticket->codes[MQT_TICKET_STATUS]};
}
