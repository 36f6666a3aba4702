#include "ticket_list.h"

#include "album.h"
#include "calendar.h"
#include "list_place.h"

#include <stdio.h>
#include <string.h>

enum { RANDOM_STREAM = 9, TEXT_BYTES = 512, HOUR_S = 3600 };

static const char TICKETS_FILE[] = "民情诉求.csv";

const char mqt_ticket_list_load[] = "民情诉求.csv --kind ticket\n";

/* The table while it is being written, and what is in its rows. */
struct table {
    struct mqt_listing listing;
    struct mqt_list_place place;
    struct mqt_account account;
    json_t *categories;
    json_t *channels;
    json_t *statuses;
    int open;
    int without_place;
    int without_address;
    struct mqt_album album;
    int with_photo;
    int photos;
    int after_photos;
};

static void put_time(struct mqt_listing *listing, int64_t unix_s)
{
    if (unix_s == 0) {
        mqt_listing_put(listing, "");
        return;
    }
    struct mqt_moment m = mqt_calendar_local(unix_s);
    mqt_listing_printf(listing, "%04d-%02d-%02d %02d:%02d:%02d", m.year, m.month, m.day, m.hour, m.minute, m.second);
}

/* The names of files, before and after. */
static void put_photos(struct table *table, const struct mqt_town_ticket *ticket)
{
    char before[MQT_ALBUM_NAME_BYTES];
    char after[MQT_ALBUM_NAME_BYTES];
    if (ticket->picture == MQT_ALBUM_NONE) {
        mqt_listing_put(&table->listing, "");
        return;
    }
    mqt_album_name(&table->album, ticket->picture, false, before);
    ++table->with_photo;
    ++table->photos;
    if (!ticket->has_after) {
        mqt_listing_put(&table->listing, before);
        return;
    }
    mqt_album_name(&table->album, ticket->picture, true, after);
    ++table->photos;
    ++table->after_photos;
    mqt_listing_printf(&table->listing, "%s;%s", before, after);
}

static bool fits(const void *row, enum mqt_dirt dirt)
{
    const struct mqt_town_ticket *ticket = row;
    switch (dirt) {
    case MQT_DIRT_CLOSED_BEFORE:
        return ticket->closed_s != 0;
    case MQT_DIRT_PLACE_DMS:
    case MQT_DIRT_PLACE_OUTSIDE:
    case MQT_DIRT_PLACE_SWAPPED:
    case MQT_DIRT_PLACE_METRES:
    case MQT_DIRT_PLACE_PACKED:
    case MQT_DIRT_PLACE_ZERO:
        return ticket->has_spot;
    default:
        return true;
    }
}

static enum mqt_err add(struct table *table, const struct mqt_town_ticket *ticket, enum mqt_dirt dirt,
                        struct mqt_detail *detail)
{
    struct mqt_listing *out = &table->listing;
    const char *channel = dirt == MQT_DIRT_UNKNOWN_WORD ? "领导交办" : ticket->channel;
    char number[TEXT_BYTES];
    int64_t closed_s = dirt == MQT_DIRT_CLOSED_BEFORE ? ticket->reported_s - HOUR_S : ticket->closed_s;
    mqt_account_row(&table->account, out->line, dirt);
    mqt_truth_count(table->categories, ticket->category);
    mqt_truth_count(table->channels, channel);
    mqt_truth_count(table->statuses, ticket->status);
    table->open += closed_s == 0;
    table->without_place += !ticket->has_spot;
    table->without_address += *ticket->address == '\0' && dirt != MQT_DIRT_ABSENT_MARK;
    (void)snprintf(number, sizeof number, "%s", ticket->number);
    if (dirt == MQT_DIRT_FULL_WIDTH) {
        mqt_dirt_full_width(ticket->number, number, sizeof number);
    } else if (dirt == MQT_DIRT_ZERO_WIDTH) {
        mqt_dirt_zero_width(ticket->number, number, sizeof number);
    }
    mqt_listing_put(out, number);
    if (dirt == MQT_DIRT_NO_DATE) {
        mqt_listing_put(out, "2026-02-30 10:00:00");
    } else {
        put_time(out, ticket->reported_s);
    }
    mqt_listing_put(out, channel);
    mqt_listing_put(out, ticket->category);
    mqt_listing_put(out, ticket->text);
    mqt_listing_put(out, ticket->urgency);
    mqt_listing_put(out, ticket->status);
    put_time(out, closed_s);
    mqt_listing_put(out, dirt == MQT_DIRT_ABSENT_MARK ? "—" : ticket->address);
    enum mqt_err err = mqt_list_place_put(&table->place, ticket->has_spot ? &ticket->spot : NULL, dirt, out, detail);
    put_photos(table, ticket);
    mqt_listing_end_row(out);
    return err;
}

static enum mqt_err add_all(struct table *table, const struct mqt_town *town, struct mqt_detail *detail)
{
    static const enum mqt_dirt kinds[] = {MQT_DIRT_FULL_WIDTH,   MQT_DIRT_ZERO_WIDTH,    MQT_DIRT_ABSENT_MARK,
                                          MQT_DIRT_PLACE_DMS,    MQT_DIRT_CLOSED_BEFORE, MQT_DIRT_UNKNOWN_WORD,
                                          MQT_DIRT_TWICE,        MQT_DIRT_PLACE_OUTSIDE, MQT_DIRT_PLACE_SWAPPED,
                                          MQT_DIRT_PLACE_METRES, MQT_DIRT_PLACE_PACKED,  MQT_DIRT_PLACE_ZERO,
                                          MQT_DIRT_NO_DATE};
    struct mqt_random random = mqt_random_start(town->seed, RANDOM_STREAM);
    struct mqt_dirt_source source;
    enum mqt_err err = MQT_OK;
    mqt_dirt_open(&source, &random, kinds, sizeof kinds / sizeof kinds[0]);
    for (size_t i = 0; i < town->tickets.count; ++i) {
        mqt_dirt_see(&source, fits, &town->tickets.at[i]);
    }
    for (size_t i = 0; err == MQT_OK && i < town->tickets.count; ++i) {
        const struct mqt_town_ticket *ticket = &town->tickets.at[i];
        enum mqt_dirt dirt = mqt_dirt_next(&source, fits, ticket);
        err = add(table, ticket, dirt == MQT_DIRT_TWICE ? MQT_DIRT_NONE : dirt, detail);
        if (err == MQT_OK && dirt == MQT_DIRT_TWICE) {
            err = add(table, ticket, dirt, detail);
        }
    }
    return err;
}

enum mqt_err mqt_ticket_list_write(const struct mqt_town *town, const char *dir, struct mqt_truth *truth,
                                   struct mqt_detail *detail)
{
    static const char *const titles[] = {"工单编号", "诉求时间", "诉求渠道", "诉求类别", "诉求内容", "紧急程度", "状态",
                                         "办结时间", "地址",     "经度",     "纬度",     "照片",     NULL};
    struct table table = {.categories = json_object(),
                          .channels = json_object(),
                          .statuses = json_object(),
                          .album = {.seed = town->seed},
                          .account = mqt_account_open(truth, TICKETS_FILE)};
    enum mqt_err err = mqt_list_place_init(town, false, &table.place, detail);
    mqt_listing_init(&table.listing, ',');
    mqt_listing_put_row(&table.listing, titles);
    if (err == MQT_OK) {
        err = add_all(&table, town, detail);
    }
    if (err == MQT_OK) {
        err = mqt_listing_save(&table.listing, MQT_LISTING_UTF8_BOM, dir, table.account.file, detail);
    }
    int photo_files = 0;
    if (err == MQT_OK) {
        err = mqt_album_write(&table.album, dir, &photo_files, detail);
    }
    json_t *facts = json_pack(
        "{s:I,s:i,s:i,s:i,s:i,s:o,s:o,s:o,s:i,s:i,s:i,s:i}", "rows", (json_int_t)table.account.read, "header_rows", 1,
        "not_closed", table.open, "without_place", table.without_place, "without_address", table.without_address,
        "categories", table.categories, "channels", table.channels, "statuses", table.statuses, "with_photo",
        table.with_photo, "photos", table.photos, "after_photos", table.after_photos, "photo_files", photo_files);
    mqt_account_close(&table.account, facts);
    mqt_list_place_clear(&table.place);
    mqt_listing_clear(&table.listing);
    return err;
}
