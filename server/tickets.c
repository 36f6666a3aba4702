#include "tickets.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_S = 3600, FIRST_BUCKETS = 1024, NONE = -1, CLOSED = 0 /* code of the status 'closed' */ };

/* Hash chains run through the slots. */
enum chain { BY_ID, BY_BUILDING, BY_HOUR, CHAIN_COUNT };

struct slot {
    struct mqt_ticket ticket;
    int32_t next[CHAIN_COUNT];
};

struct words {
    size_t count; /* below MQT_TICKET_CODE_OTHER */
    bool shared;  /* some word shares the code 'other' */
    char text[MQT_TICKET_CODES][MQT_TICKET_WORD_BYTES];
};

struct table {
    struct slot *slots;
    size_t count, capacity; /* slots in use are dense: a removed one is filled with the last */
    int32_t *heads;         /* a bucket has one of each chain */
    size_t buckets;         /* power of two */
    uint64_t open, placed;
    uint64_t code_counts[MQT_TICKET_FIELD_COUNT][MQT_TICKET_CODES];
};

struct mqt_tickets {
    pthread_mutex_t lock;
    struct table table;
    struct words words[MQT_TICKET_FIELD_COUNT];
    struct mqt_recent *recent;
    mqt_tickets_watch_fn watch; /* writer only; NULL: nobody */
    void *watch_user;
};

static size_t bucket_of(const struct table *table, uint64_t key)
{
    return (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (table->buckets - 1);
}

static int64_t hour_of(int64_t time_s)
{
    return time_s / HOUR_S - (time_s % HOUR_S < 0);
}

/* false: the ticket is not in this chain. */
static bool has_key(const struct mqt_ticket *ticket, enum chain chain, uint64_t *key)
{
    *key = chain == BY_ID         ? ticket->id
           : chain == BY_BUILDING ? ticket->building_id
                                  : (uint64_t)hour_of(ticket->reported_s);
    return chain != BY_BUILDING || ticket->building_id;
}

/* Where the chain of a key begins. */
static int32_t *head_of(const struct table *table, enum chain chain, uint64_t key)
{
    return &table->heads[bucket_of(table, key) * CHAIN_COUNT + chain];
}

static void table_clear(struct table *table)
{
    free(table->slots);
    free(table->heads);
    *table = (struct table){0};
}

static void link_chain(struct table *table, size_t at, enum chain chain)
{
    struct slot *slot = &table->slots[at];
    uint64_t key = 0;
    slot->next[chain] = NONE;
    if (has_key(&slot->ticket, chain, &key)) {
        int32_t *head = head_of(table, chain, key);
        slot->next[chain] = *head;
        *head = (int32_t)at;
    }
}

static void unlink_chain(struct table *table, size_t at, enum chain chain)
{
    struct slot *slot = &table->slots[at];
    uint64_t key = 0;
    if (has_key(&slot->ticket, chain, &key)) {
        int32_t *link = head_of(table, chain, key);
        while (*link != (int32_t)at) {
            link = &table->slots[*link].next[chain];
        }
        *link = slot->next[chain];
    }
}

static void link_slot(struct table *table, size_t at)
{
    for (int chain = 0; chain < CHAIN_COUNT; chain++) {
        link_chain(table, at, (enum chain)chain);
    }
}

static void unlink_slot(struct table *table, size_t at)
{
    for (int chain = 0; chain < CHAIN_COUNT; chain++) {
        unlink_chain(table, at, (enum chain)chain);
    }
}

/* It leaves only the chains in which it has another key: that of an hour in which all tickets of a list
 * were reported is long. */
static void change_slot(struct table *table, size_t at, const struct mqt_ticket *row)
{
    bool moves[CHAIN_COUNT];
    for (int chain = 0; chain < CHAIN_COUNT; chain++) {
        uint64_t old_key = 0;
        uint64_t new_key = 0;
        bool had = has_key(&table->slots[at].ticket, (enum chain)chain, &old_key);
        bool has = has_key(row, (enum chain)chain, &new_key);
        moves[chain] = had != has || old_key != new_key;
        if (moves[chain]) {
            unlink_chain(table, at, (enum chain)chain);
        }
    }
    table->slots[at].ticket = *row;
    for (int chain = 0; chain < CHAIN_COUNT; chain++) {
        if (moves[chain]) {
            link_chain(table, at, (enum chain)chain);
        }
    }
}

bool mqt_ticket_is_open(const struct mqt_ticket *ticket)
{
    return ticket->codes[MQT_TICKET_STATUS] != CLOSED;
}

bool mqt_ticket_is_recent(const struct mqt_ticket *ticket, int64_t now_s)
{
    return ticket->reported_s > now_s - MQT_TICKET_RECENT_S && ticket->reported_s <= now_s;
}

static void count_ticket(struct table *table, const struct mqt_ticket *ticket, bool add)
{
    uint64_t step = add ? 1 : UINT64_MAX; /* wraps to minus one */
    table->open += mqt_ticket_is_open(ticket) ? step : 0;
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
    int32_t *heads = malloc(buckets * CHAIN_COUNT * sizeof *heads);
    struct slot *slots = realloc(table->slots, buckets * sizeof *slots);
    table->slots = slots ? slots : table->slots;
    if (!heads || !slots) {
        free(heads);
        return MQT_ERR_MEMORY;
    }
    free(table->heads);
    table->heads = heads;
    table->capacity = table->buckets = buckets;
    for (size_t i = 0; i < buckets * CHAIN_COUNT; i++) {
        heads[i] = NONE;
    }
    for (size_t i = 0; i < table->count; i++) {
        link_slot(table, i);
    }
    return MQT_OK;
}

static int32_t find_slot(const struct table *table, uint64_t id)
{
    int32_t at = table->buckets ? *head_of(table, BY_ID, id) : NONE;
    while (at != NONE && table->slots[at].ticket.id != id) {
        at = table->slots[at].next[BY_ID];
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
        table->slots[at].ticket = *row;
        link_slot(table, (size_t)at);
    } else {
        count_ticket(table, &table->slots[at].ticket, false);
        change_slot(table, (size_t)at, row);
    }
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

void mqt_tickets_watch(struct mqt_tickets *tickets, mqt_tickets_watch_fn watch, void *user)
{
    tickets->watch = watch;
    tickets->watch_user = user;
}

static void tell(const struct mqt_tickets *tickets, const struct mqt_ticket *old, const struct mqt_ticket *row)
{
    if (tickets->watch) {
        tickets->watch(tickets->watch_user, old, row);
    }
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
    tell(tickets, NULL, NULL);
    return MQT_OK;
}

enum mqt_err mqt_tickets_put(struct mqt_tickets *tickets, const struct mqt_ticket *row)
{
    struct mqt_ticket old;
    bool had = mqt_tickets_find(tickets, row->id, &old);
    pthread_mutex_lock(&tickets->lock);
    enum mqt_err err = table_put(&tickets->table, row);
    pthread_mutex_unlock(&tickets->lock);
    if (!err) {
        tell(tickets, had ? &old : NULL, row);
    }
    return err;
}

bool mqt_tickets_remove(struct mqt_tickets *tickets, uint64_t id)
{
    struct mqt_ticket old;
    bool had = mqt_tickets_find(tickets, id, &old);
    pthread_mutex_lock(&tickets->lock);
    bool removed = table_remove(&tickets->table, id);
    pthread_mutex_unlock(&tickets->lock);
    if (had && removed) {
        tell(tickets, &old, NULL);
    }
    return removed;
}

/* The writer alone changes the table, so it may read it without the lock. */

void mqt_tickets_each(struct mqt_tickets *tickets, mqt_tickets_visit_fn visit, void *user)
{
    for (size_t i = 0; i < tickets->table.count; i++) {
        visit(user, &tickets->table.slots[i].ticket);
    }
}

void mqt_tickets_at_building(struct mqt_tickets *tickets, uint64_t building_id, mqt_tickets_visit_fn visit, void *user)
{
    const struct table *table = &tickets->table;
    int32_t at = table->buckets && building_id ? *head_of(table, BY_BUILDING, building_id) : NONE;
    for (; at != NONE; at = table->slots[at].next[BY_BUILDING]) {
        if (table->slots[at].ticket.building_id == building_id) {
            visit(user, &table->slots[at].ticket);
        }
    }
}

void mqt_tickets_reported(struct mqt_tickets *tickets, int64_t from_s, int64_t to_s, mqt_tickets_visit_fn visit,
                          void *user)
{
    const struct table *table = &tickets->table;
    for (int64_t hour = hour_of(from_s); table->buckets && hour <= hour_of(to_s); hour++) {
        int32_t at = *head_of(table, BY_HOUR, (uint64_t)hour);
        for (; at != NONE; at = table->slots[at].next[BY_HOUR]) {
            const struct mqt_ticket *ticket = &table->slots[at].ticket;
            if (hour_of(ticket->reported_s) == hour && ticket->reported_s > from_s && ticket->reported_s <= to_s) {
                visit(user, ticket);
            }
        }
    }
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

struct mqt_ticket_counts mqt_tickets_of_building(struct mqt_tickets *tickets, uint64_t building_id, int64_t now_s)
{
    struct mqt_ticket_counts counts = {0};
    pthread_mutex_lock(&tickets->lock);
    const struct table *table = &tickets->table;
    int32_t at = table->buckets && building_id ? *head_of(table, BY_BUILDING, building_id) : NONE;
    for (; at != NONE; at = table->slots[at].next[BY_BUILDING]) {
        const struct mqt_ticket *ticket = &table->slots[at].ticket;
        if (ticket->building_id == building_id) {
            counts.total++;
            counts.open += mqt_ticket_is_open(ticket);
            counts.last_30d += mqt_ticket_is_recent(ticket, now_s);
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
        counts.last_30d += mqt_ticket_is_recent(&table->slots[i].ticket, now_s);
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
