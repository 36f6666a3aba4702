#include "live_place.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOOK_MAX_BYTES = 256 << 20 };

struct again {
    struct mqt_live_place place;
    const struct mqt_subject *subject;
};

struct mqt_place_book {
    struct mqt_buf ids;  /* int64_t */
    struct mqt_buf sums; /* double: running sums of the weights */
    double people;
    struct mqt_buf again; /* struct again */
};

/* Id, people and weight of each building. Fifty people of mean temper are added to every estate, so
 * that one of three houses is not the worst of all after a single ticket. Below 200 tickets a lot
 * decides: one estate in twelve complains four times as often. */
static const char BUILDINGS[] =
    "with home as materialized ("
    "  select id, coalesce(nullif(estate, ''), 'building ' || id) as estate,"
    "    case when person_count > 0 then person_count"
    "         when household_count > 0 then household_count * 2.3"
    "         when use is null or use ~* '住|residential|apartment|house|yes'"
    "         then coalesce(floors_above, 1) * least(st_area(geom) * 111320.0 * 111320.0 * cosd(st_ymin(geom)), 5000) "
    "/ 60"
    "         else 2 end::float8 as people from twin.building),"
    " told as (select building_id as id, count(*) as tickets from ticket.ticket"
    "  where building_id is not null and source <> 'live' and reported_at > now() - interval '1 year' group by 1),"
    " estate as (select estate, sum(people) as people, coalesce(sum(tickets), 0) as tickets"
    "  from home left join told using (id) group by 1),"
    " whole as (select sum(people) as people, sum(tickets) as tickets from estate),"
    " temper as (select e.estate, case"
    "   when w.tickets >= 200 then"
    "     greatest(0.1, least(8, (e.tickets * w.people / w.tickets + 50) / (e.people + 50)))"
    "   when ('x' || left(md5($1 || e.estate), 8))::bit(32)::bigint % 12 = 0 then 4 else 0.75 end as factor"
    "  from estate e, whole w)"
    " select id, people, people * factor from home join temper using (estate) where people > 0 order by id";

/* Names and addresses are shortened by the database, which never cuts a character in two.
 *
 * The addresses with the most tickets of one kind of late. */
static const char AGAIN[] =
    "select left(t.address, 60), t.category, st_x(t.location), st_y(t.location) from ("
    "  select max(id) as id, count(*) as times from ticket.ticket"
    "  where location is not null and address <> '' and building_id is not null"
    "    and reported_at > now() - interval '4 months'"
    "  group by address, category having count(*) >= 2 order by count(*) desc, max(id) limit 200) told"
    " join ticket.ticket t using (id) order by told.times desc, t.id";

static const char HOME[] =
    "select coalesce(left(b.estate, 24), ''), coalesce(left(b.number, 8), ''), coalesce(left(b.name, 30), ''),"
    "  st_x(p.at), st_y(p.at), coalesce(left(d.unit, 15), ''), coalesce(left(d.room, 15), '')"
    " from twin.building b"
    " cross join lateral (select coalesce(st_geometryn(st_generatepoints(b.geom, 1, $2::int), 1),"
    "   st_pointonsurface(b.geom)) as at) p"
    " left join lateral (select nullif(u.name, '无') as unit, w.room from twin.unit u"
    "   join twin.dwelling w on w.unit_id = u.id where u.building_id = b.id order by md5(w.id::text || $2::text) limit "
    "1) d on true"
    " where b.id = $1";

static const char OUTSIDE[] = "select left(f.name, 50), st_x(f.geom), st_y(f.geom) from twin.facility f,"
                              "  (select st_pointonsurface(geom) as at from twin.building where id = $1) b"
                              " where f.name is not null order by f.geom <-> b.at limit 12";

static double number_at(const struct mqt_db_result *result, size_t row, size_t column)
{
    const char *text = mqt_db_value(result, row, column, NULL);
    return text ? strtod(text, NULL) : 0;
}

static const char *text_at(const struct mqt_db_result *result, size_t row, size_t column)
{
    const char *text = mqt_db_value(result, row, column, NULL);
    return text ? text : "";
}

static enum mqt_err read_buildings(struct mqt_place_book *book, struct mqt_db *db, uint64_t seed,
                                   struct mqt_detail *detail)
{
    char salt[24];
    const char *const params[] = {salt};
    struct mqt_db_result *result = NULL;
    (void)snprintf(salt, sizeof salt, "%" PRIu64, seed);
    enum mqt_err err = mqt_db_query(db, BUILDINGS, 1, params, &result, detail);
    double sum = 0;
    for (size_t i = 0; err == MQT_OK && i < mqt_db_rows(result); ++i) {
        int64_t id = strtoll(text_at(result, i, 0), NULL, 10);
        sum += number_at(result, i, 2);
        book->people += number_at(result, i, 1);
        mqt_buf_add(&book->ids, &id, sizeof id);
        mqt_buf_add(&book->sums, &sum, sizeof sum);
    }
    mqt_db_result_free(result);
    if (err == MQT_OK && (mqt_buf_err(&book->ids) != MQT_OK || mqt_buf_err(&book->sums) != MQT_OK)) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "the buildings do not fit into memory");
    }
    if (err == MQT_OK && sum <= 0) {
        return mqt_fail(detail, MQT_ERR_NOT_FOUND, "the database holds no building that tickets could come from");
    }
    return err;
}

static enum mqt_err read_again(struct mqt_place_book *book, struct mqt_db *db, struct mqt_detail *detail)
{
    struct mqt_db_result *result = NULL;
    enum mqt_err err = mqt_db_query(db, AGAIN, 0, NULL, &result, detail);
    for (size_t i = 0; err == MQT_OK && i < mqt_db_rows(result); ++i) {
        struct again again = {.subject = mqt_subject_find(text_at(result, i, 1))};
        again.place.lon_deg = number_at(result, i, 2);
        again.place.lat_deg = number_at(result, i, 3);
        (void)snprintf(again.place.address, sizeof again.place.address, "%s", text_at(result, i, 0));
        (void)snprintf(again.place.words, sizeof again.place.words, "%s", text_at(result, i, 0));
        if (again.subject && again.subject->recurs) {
            mqt_buf_add(&book->again, &again, sizeof again);
        }
    }
    mqt_db_result_free(result);
    return err == MQT_OK ? mqt_buf_err(&book->again) : err;
}

enum mqt_err mqt_place_book_read(struct mqt_db *db, uint64_t seed, struct mqt_place_book **book,
                                 struct mqt_detail *detail)
{
    struct mqt_place_book *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the buildings");
    }
    mqt_buf_init(&fresh->ids, BOOK_MAX_BYTES);
    mqt_buf_init(&fresh->sums, BOOK_MAX_BYTES);
    mqt_buf_init(&fresh->again, BOOK_MAX_BYTES);
    enum mqt_err err = read_buildings(fresh, db, seed, detail);
    if (err == MQT_OK) {
        err = read_again(fresh, db, detail);
    }
    if (err != MQT_OK) {
        mqt_place_book_free(fresh);
        return err;
    }
    *book = fresh;
    return MQT_OK;
}

void mqt_place_book_free(struct mqt_place_book *book)
{
    if (book) {
        mqt_buf_clear(&book->ids);
        mqt_buf_clear(&book->sums);
        mqt_buf_clear(&book->again);
        free(book);
    }
}

double mqt_place_book_people(const struct mqt_place_book *book)
{
    return book->people;
}

static void draw_building(const struct mqt_place_book *book, struct mqt_random *random, char *id, size_t size)
{
    const int64_t *ids = (const int64_t *)(const void *)book->ids.data;
    const double *sums = (const double *)(const void *)book->sums.data;
    size_t count = book->ids.len / sizeof *ids;
    (void)snprintf(id, size, "%" PRId64, ids[mqt_random_by_sums(random, sums, count)]);
}

/* 怡海花园3号楼; a house without a number has a name. */
static void name_building(const struct mqt_db_result *result, char *words, size_t size)
{
    const char *number = text_at(result, 0, 1);
    if (*number) {
        (void)snprintf(words, size, "%s%s号楼", text_at(result, 0, 0), number);
    } else {
        (void)snprintf(words, size, "%s", *text_at(result, 0, 2) ? text_at(result, 0, 2) : text_at(result, 0, 0));
    }
}

enum mqt_err mqt_place_draw_home(struct mqt_place_book *book, struct mqt_db *db, struct mqt_random *random,
                                 struct mqt_live_place *place, struct mqt_detail *detail)
{
    char id[24];
    char salt[16];
    const char *const params[] = {id, salt};
    struct mqt_db_result *result = NULL;
    draw_building(book, random, id, sizeof id);
    (void)snprintf(salt, sizeof salt, "%d", mqt_random_int(random, 1, 1 << 30));
    enum mqt_err err = mqt_db_query(db, HOME, 2, params, &result, detail);
    if (err == MQT_OK && mqt_db_rows(result) == 0) {
        err = mqt_fail(detail, MQT_ERR_NOT_FOUND, "building %s is gone", id);
    }
    if (err == MQT_OK) {
        char building[160];
        name_building(result, building, sizeof building);
        const char *unit = text_at(result, 0, 5);
        bool says_room = mqt_random_chance(random, 0.7);
        (void)snprintf(place->words, sizeof place->words, "%s%.60s", building, unit);
        (void)snprintf(place->address, sizeof place->address, "%s%.60s%.60s", building, says_room ? unit : "",
                       says_room ? text_at(result, 0, 6) : "");
        place->lon_deg = number_at(result, 0, 3);
        place->lat_deg = number_at(result, 0, 4);
    }
    mqt_db_result_free(result);
    return err;
}

enum mqt_err mqt_place_draw_outside(struct mqt_place_book *book, struct mqt_db *db, struct mqt_random *random,
                                    struct mqt_live_place *place, struct mqt_detail *detail)
{
    static const double METRE_DEG = 1 / 111320.0;
    char id[24];
    const char *const params[] = {id};
    struct mqt_db_result *result = NULL;
    draw_building(book, random, id, sizeof id);
    enum mqt_err err = mqt_db_query(db, OUTSIDE, 1, params, &result, detail);
    size_t count = err == MQT_OK ? mqt_db_rows(result) : 0;
    if (err == MQT_OK && count == 0) {
        /* A district without facilities: before the house. */
        err = mqt_place_draw_home(book, db, random, place, detail);
    } else if (err == MQT_OK) {
        size_t row = mqt_random_below(random, (uint32_t)count);
        (void)snprintf(place->words, sizeof place->words, "%.200s附近", text_at(result, row, 0));
        (void)snprintf(place->address, sizeof place->address, "%s", place->words);
        place->lon_deg = number_at(result, row, 1) + mqt_random_real(random, -15, 15) * METRE_DEG;
        place->lat_deg = number_at(result, row, 2) + mqt_random_real(random, -15, 15) * METRE_DEG;
    }
    mqt_db_result_free(result);
    return err;
}

bool mqt_place_draw_again(const struct mqt_place_book *book, struct mqt_random *random, struct mqt_live_place *place,
                          const struct mqt_subject **subject)
{
    const struct again *again = (const struct again *)(const void *)book->again.data;
    size_t count = book->again.len / sizeof *again;
    if (count == 0) {
        return false;
    }
    again += mqt_random_below(random, (uint32_t)count);
    *place = again->place;
    *subject = again->subject;
    return true;
}
