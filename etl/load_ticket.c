#include "load_kind.h"
#include "load_photo.h"

#include "norm.h"

#include <stdio.h>
#include <string.h>

enum column { NUMBER, CHANNEL, CATEGORY, TITLE, DESCRIPTION, STATUS, SEVERITY, REPORTED_AT, CLOSED_AT, ADDRESS };

static const struct mqt_load_column COLUMNS[] = {
    {"number", "text"},           {"channel", "text"}, {"category", "text"},     {"title", "text"},
    {"description", "text"},      {"status", "text"},  {"severity", "smallint"}, {"reported_at", "timestamptz"},
    {"closed_at", "timestamptz"}, {"address", "text"},
};

struct word {
    const char *text; /* a key that the cell's text contains */
    const char *value;
};

/* The first word that fits wins: longer and more special ones stand first. */
static const struct word CHANNELS[] = {
    {"residents_day", "residents_day"},
    {"mini_program", "mini_program"},
    {"opinion_box", "opinion_box"},
    {"qr_code", "qr_code"},
    {"12345", "hotline"},
    {"热线", "hotline"},
    {"hotline", "hotline"},
    {"小程序", "mini_program"},
    {"微信", "mini_program"},
    {"online", "mini_program"},
    {"网络", "mini_program"},
    {"app", "mini_program"},
    {"mobile", "mini_program"},
    {"物业", "property"},
    {"property", "property"},
    {"巡查", "patrol"},
    {"巡", "patrol"},
    {"网格", "patrol"},
    {"patrol", "patrol"},
    {"走访", "visit"},
    {"入户", "visit"},
    {"visit", "visit"},
    {"接待", "residents_day"},
    {"意见箱", "opinion_box"},
    {"二维码", "qr_code"},
    {"扫码", "qr_code"},
    {"摄像", "camera"},
    {"监控", "camera"},
    {"camera", "camera"},
    {"传感", "sensor"},
    {"烟感", "sensor"},
    {"物联", "sensor"},
    {"sensor", "sensor"},
    {"电话", "hotline"},
    {"phone", "hotline"},
    {"import", "import"},
    {"其他", "other"},
    {"其它", "other"},
    {"other", "other"},
    {"unknown", "other"},
};

static const struct word STATUSES[] = {
    {"督办", "in_progress"},
    {"退", "returned"},
    {"returned", "returned"},
    {"挂账", "suspended"},
    {"暂停", "suspended"},
    {"suspended", "suspended"},
    {"办结", "closed"},
    {"结案", "closed"},
    {"完结", "closed"},
    {"关闭", "closed"},
    {"已完成", "closed"},
    {"closed", "closed"},
    {"resolved", "closed"},
    {"核查", "checked"},
    {"回访", "checked"},
    {"checked", "checked"},
    {"反馈", "fed_back"},
    {"回复", "fed_back"},
    {"fed_back", "fed_back"},
    {"办理中", "in_progress"},
    {"处理中", "in_progress"},
    {"处置", "in_progress"},
    {"in_progress", "in_progress"},
    {"inprogress", "in_progress"},
    {"started", "in_progress"},
    {"pending", "in_progress"},
    {"派", "dispatched"},
    {"转办", "dispatched"},
    {"assigned", "dispatched"},
    {"dispatched", "dispatched"},
    {"立案", "filed"},
    {"filed", "filed"},
    {"受理", "received"},
    {"接", "received"},
    {"新", "received"},
    {"received", "received"},
    {"open", "received"},
    {"new", "received"},
};

static const struct word SEVERITIES[] = {
    {"特急", "5"}, {"特别紧急", "5"}, {"重大", "5"}, {"critical", "5"}, {"emergency", "5"}, {"不紧急", "1"},
    {"较急", "3"}, {"加急", "4"},     {"紧急", "4"}, {"urgent", "4"},   {"high", "4"},      {"较重", "3"},
    {"严重", "4"}, {"一般", "2"},     {"中", "2"},   {"medium", "2"},   {"normal", "2"},    {"普通", "1"},
    {"低", "1"},   {"low", "1"},      {"轻微", "1"},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const char *find_word(const struct word *words, size_t count, const char *text)
{
    char key[128];

    mqt_norm_key(text, strlen(text), key, sizeof key);
    for (size_t i = 0; i < count; i++) {
        if (strstr(key, words[i].text) != NULL) {
            return words[i].value;
        }
    }
    return NULL;
}

static const char *word_of(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role,
                           const struct word *words, size_t count, const char *absent, const char *unknown)
{
    const char *text = mqt_load_text(load, row, role), *value;

    if (text == NULL) {
        return absent;
    }
    value = find_word(words, count, text);
    if (value == NULL) {
        load->warnings[MQT_WARNING_UNKNOWN_WORD]++;
        return unknown;
    }
    return value;
}

static const char *severity(struct mqt_load *load, const struct mqt_row *row)
{
    const char *text = mqt_load_text(load, row, MQT_ROLE_SEVERITY);

    if (text != NULL && strlen(text) == 1 && text[0] >= '1' && text[0] <= '5') {
        return text;
    }
    return word_of(load, row, MQT_ROLE_SEVERITY, SEVERITIES, COUNT_OF(SEVERITIES), "1", "1");
}

static enum mqt_err begin(struct mqt_load *load, struct mqt_detail *detail)
{
    struct mqt_load_photos *photos;
    enum mqt_err err = mqt_load_photos_new(load, &photos, detail);

    if (err == MQT_OK) {
        load->kind_state = photos;
    }
    return err;
}

static void end(struct mqt_load *load)
{
    if (load->options->check_only) {
        mqt_load_photos_tell(load->kind_state, load);
    }
    mqt_load_photos_free(load->kind_state);
    load->kind_state = NULL;
}

static enum mqt_err prepare(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject)
{
    const char **values = record->values;
    const char *fallback;
    enum mqt_err err;

    values[NUMBER] = mqt_load_text(load, row, MQT_ROLE_TICKET_NUMBER);
    if (values[NUMBER] == NULL) {
        values[NUMBER] = mqt_load_text(load, row, MQT_ROLE_CODE);
    }
    values[CATEGORY] = mqt_load_text(load, row, MQT_ROLE_CATEGORY);
    if (values[CATEGORY] == NULL) {
        values[CATEGORY] = mqt_load_text(load, row, MQT_ROLE_KIND);
    }
    values[CATEGORY] = values[CATEGORY] == NULL ? "other" : values[CATEGORY];
    values[TITLE] = mqt_load_text(load, row, MQT_ROLE_TITLE);
    values[DESCRIPTION] = mqt_load_text(load, row, MQT_ROLE_DESCRIPTION);
    values[ADDRESS] = mqt_load_text(load, row, MQT_ROLE_ADDRESS);
    values[REPORTED_AT] = mqt_load_time(load, row, MQT_ROLE_REPORTED_AT, reject);
    values[CLOSED_AT] = mqt_load_time(load, row, MQT_ROLE_CLOSED_AT, reject);
    values[CHANNEL] = word_of(load, row, MQT_ROLE_CHANNEL, CHANNELS, COUNT_OF(CHANNELS), "import", "other");
    fallback = values[CLOSED_AT] == NULL ? "received" : "closed";
    values[STATUS] = word_of(load, row, MQT_ROLE_STATUS, STATUSES, COUNT_OF(STATUSES), fallback, fallback);
    values[SEVERITY] = severity(load, row);
    if (values[REPORTED_AT] == NULL) {
        mqt_load_reject(reject, "time-missing", mqt_load_field(load, MQT_ROLE_REPORTED_AT),
                        "the ticket does not say when it was reported");
    }
    if (values[NUMBER] != NULL) {
        record->natural_key = mqt_arena_printf(&load->row_arena, "number:%s", values[NUMBER]);
    }
    err = mqt_load_shape(load, row, record, reject);
    if (err == MQT_OK && !reject->set) {
        mqt_load_photos_take(load->kind_state, load, row);
    }
    return err;
}

/* A ticket without a number gets one that the same row gets again in the next delivery. */
static const char NUMBER_THE_NUMBERLESS[] =
    "update stage set v0 = 'N-' || left(encode(content_hash, 'hex'), 12) where v0 is null";

/* The two times may be written in different zones, so the database compares them. */
static const char EMPTY_IMPOSSIBLE_CLOSINGS[] = "update stage set v8 = null where v8::timestamptz < v7::timestamptz";

static enum mqt_err publish(struct mqt_load *load, struct mqt_detail *detail)
{
    uint64_t *impossible = &load->warnings[MQT_WARNING_CLOSED_BEFORE];
    enum mqt_err err = mqt_load_review_places(load, detail);

    if (err == MQT_OK) {
        err = mqt_load_statement(load, NUMBER_THE_NUMBERLESS, 0, NULL, NULL, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, EMPTY_IMPOSSIBLE_CLOSINGS, 0, NULL, impossible, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_publish_difference(load, detail);
    }
    return err == MQT_OK ? mqt_load_photos_publish(load->kind_state, load, detail) : err;
}

/* The building and the public place of each ticket, as ticket.place() sets them. Neighbours are looked
 * up after one another, and the middle of a building is worked out once for all of its tickets. */
static const struct mqt_load_derived PLACES = {
    .prepare = "create temporary table spot on commit drop as "
               "with near as materialized (select s.file_row, n.building_id from (select file_row, geom from stage "
               "where geom is not null order by geom) s, ticket.nearest_building(s.geom) n), "
               "middle as materialized (select b.id, ticket.public_place(null, b.geom) as point from twin.building b "
               "where b.id in (select building_id from near)) "
               "select near.file_row, near.building_id, middle.point from near join middle on middle.id = "
               "near.building_id",
    .columns = ", building_id, geom",
    .values = ", spot.building_id, coalesce(spot.point, ticket.public_place(s.geom, null))",
    .joins = " left join spot on spot.file_row = s.file_row"};

const struct mqt_load_kind mqt_load_ticket = {.name = "ticket",
                                              .table = "ticket.ticket",
                                              .geometry_column = "location",
                                              .dimension = 0,
                                              .shape_required = false,
                                              .columns = COLUMNS,
                                              .column_count = COUNT_OF(COLUMNS),
                                              .derived = &PLACES,
                                              .begin = begin,
                                              .prepare = prepare,
                                              .publish = publish,
                                              .end = end};
