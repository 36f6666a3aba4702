#include "load_kind.h"

#include "address.h"
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
    ESTATE,
    NUMBER,
    UNIT,
    FLOOR,
    ROOM,
    AREA_M2,
    DWELLING_USE,
    HOUSEHOLD_NO,
    HOUSEHOLD_KIND,
    NAME_SEALED,
    PHONE_SEALED,
    ID_SEALED,
    ID_HASH,
    BIRTH_YEAR,
    SEX,
    RELATION,
    PERSON_KIND,
    CONTENT_HASH,
    IS_PERSON,
    RECORDED_ON,
    COLUMN_COUNT
};

/* Only staged: the statements below publish them. */
static const struct mqt_load_column COLUMNS[COLUMN_COUNT] = {
    [ESTATE] = {NULL, "text"},       [NUMBER] = {NULL, "text"},         [UNIT] = {NULL, "text"},
    [FLOOR] = {NULL, "text"},        [ROOM] = {NULL, "text"},           [AREA_M2] = {NULL, "real"},
    [DWELLING_USE] = {NULL, "text"}, [HOUSEHOLD_NO] = {NULL, "text"},   [HOUSEHOLD_KIND] = {NULL, "text"},
    [NAME_SEALED] = {NULL, "bytea"}, [PHONE_SEALED] = {NULL, "bytea"},  [ID_SEALED] = {NULL, "bytea"},
    [ID_HASH] = {NULL, "bytea"},     [BIRTH_YEAR] = {NULL, "smallint"}, [SEX] = {NULL, "text"},
    [RELATION] = {NULL, "text"},     [PERSON_KIND] = {NULL, "text"},    [CONTENT_HASH] = {NULL, "bytea"},
    [IS_PERSON] = {NULL, "boolean"}, [RECORDED_ON] = {NULL, "date"},
};

/* What a person is known by, unsealed; lives only while its row is handled. */
struct person {
    const char *name, *phone, *birth;
    struct mqt_id_number id;
};

static enum mqt_err begin(struct mqt_load *load, struct mqt_detail *detail)
{
    bool placed = mqt_header_has(&load->header, MQT_ROLE_ADDRESS) ||
                  (mqt_header_has(&load->header, MQT_ROLE_NUMBER) && mqt_header_has(&load->header, MQT_ROLE_ROOM));

    if (!placed) {
        return mqt_fail(detail, MQT_ERR_FORMAT,
                        "the register has neither columns for building and room nor an address");
    }
    return load->options->check_only ? MQT_OK : mqt_seal_key_open(NULL, &load->key, detail);
}

static const char *hex_text(struct mqt_load *load, const uint8_t *bytes, size_t len, const char *prefix)
{
    char *text = mqt_arena_alloc(&load->row_arena, 2 * len + 8);
    size_t used = strlen(prefix);

    if (text != NULL) {
        memcpy(text, prefix, used);
        mqt_seal_hex(bytes, len, text + used);
    }
    return text;
}

static const char *sealed(struct mqt_load *load, const char *text)
{
    struct mqt_buf seal;
    const char *hex = NULL;

    if (text == NULL || text[0] == '\0' || load->key == NULL) {
        return NULL;
    }
    mqt_buf_init(&seal, 1 << 16);
    if (mqt_seal_close(load->key, text, strlen(text), &seal) == MQT_OK) {
        hex = hex_text(load, seal.data, seal.len, "\\x");
    }
    mqt_buf_clear(&seal);
    /* A value that could not be sealed must not be lost in silence. */
    if (hex == NULL) {
        load->row_arena.err = MQT_ERR_MEMORY;
    }
    return hex;
}

static const char *keyed_hash(struct mqt_load *load, const char *text, const char *prefix)
{
    uint8_t hash[MQT_HASH_BYTES];

    if (load->key == NULL) {
        return text;
    }
    if (mqt_seal_hmac(load->key, text, strlen(text), hash) != MQT_OK) {
        load->row_arena.err = MQT_ERR_MEMORY;
        return NULL;
    }
    return hex_text(load, hash, sizeof hash, prefix);
}

static const char *keep(struct mqt_load *load, const char *text)
{
    return mqt_arena_copy(&load->row_arena, text, strlen(text));
}

/* "3-2-501" in the column of the room holds the building, which must be the row's own, and the unit. */
static bool room_says_all(const char *room, const char *number, struct mqt_address *parts)
{
    struct mqt_address found;

    if ((number != NULL && strpbrk(room, "-–—_－") == NULL) || !mqt_address_parse(room, &found) ||
        (number != NULL && strcmp(found.number, number) != 0)) {
        return false;
    }
    *parts = found;
    return true;
}

/* Parts from their own columns; a part that has none comes from the address, if there is one. */
static void prepare_dwelling(struct mqt_load *load, const struct mqt_row *row, const char **values,
                             struct mqt_reject *reject)
{
    const char *address = mqt_load_text(load, row, MQT_ROLE_ADDRESS);
    const char *estate = mqt_load_text(load, row, MQT_ROLE_ESTATE);
    const char *number = mqt_load_text(load, row, MQT_ROLE_NUMBER);
    const char *unit = mqt_load_text(load, row, MQT_ROLE_UNIT), *floor = mqt_load_text(load, row, MQT_ROLE_FLOOR);
    const char *room = mqt_load_text(load, row, MQT_ROLE_ROOM);
    struct mqt_address parts = {"无", "无", "无", "无", "无"};
    char canonical[MQT_ADDRESS_PART];

    if (address != NULL && (number == NULL || room == NULL)) {
        /* False leaves 无 in the parts, which is what they are then. */
        (void)mqt_address_parse(address, &parts);
    }
    mqt_address_number(number, canonical);
    if (room != NULL && address == NULL && room_says_all(room, number == NULL ? NULL : canonical, &parts)) {
        room = NULL;
    }
    values[ESTATE] = estate != NULL ? estate : keep(load, parts.estate);
    values[NUMBER] = keep(load, number != NULL ? canonical : parts.number);
    mqt_address_unit(unit, canonical);
    values[UNIT] = keep(load, unit != NULL ? canonical : parts.unit);
    mqt_address_floor(floor, canonical);
    values[FLOOR] = keep(load, floor != NULL ? canonical : parts.floor);
    mqt_address_room(room, canonical);
    values[ROOM] = keep(load, room != NULL ? canonical : parts.room);
    values[AREA_M2] = mqt_load_number(load, row, MQT_ROLE_AREA_M2, 1, 100000, false, reject);
    values[DWELLING_USE] = mqt_load_text(load, row, MQT_ROLE_DWELLING_USE);
    if (values[NUMBER] == NULL || strcmp(values[NUMBER], "无") == 0) {
        mqt_load_reject(reject, "building-missing", mqt_load_field(load, MQT_ROLE_NUMBER),
                        "the row does not say which building");
    } else if (values[ROOM] == NULL || strcmp(values[ROOM], "无") == 0) {
        mqt_load_reject(reject, "room-missing", mqt_load_field(load, MQT_ROLE_ROOM), "the row does not say which room");
    }
}

static const char *sex_of(struct mqt_load *load, const struct mqt_row *row)
{
    const char *text = mqt_load_text(load, row, MQT_ROLE_SEX);

    if (text == NULL) {
        return NULL;
    }
    if (strncmp(text, "男", strlen("男")) == 0 || text[0] == 'M' || text[0] == 'm' || strcmp(text, "1") == 0) {
        return "M";
    }
    if (strncmp(text, "女", strlen("女")) == 0 || text[0] == 'F' || text[0] == 'f' || strcmp(text, "2") == 0) {
        return "F";
    }
    return NULL;
}

/* A register's date says when somebody was entered; a bad one is no reason to leave the person out. */
static const char *recorded_on(struct mqt_load *load, const struct mqt_row *row)
{
    const char *text = mqt_load_text(load, row, MQT_ROLE_REPORTED_AT);
    char written[MQT_TIME_BYTES];

    if (text == NULL) {
        return NULL;
    }
    if (!mqt_check_time(text, written)) {
        load->warnings[MQT_WARNING_DATE]++;
        return NULL;
    }
    return mqt_arena_copy(&load->row_arena, written, strlen("2026-11-22"));
}

static void prepare_person(struct mqt_load *load, const struct mqt_row *row, const char **values, struct person *person,
                           struct mqt_reject *reject)
{
    enum mqt_id_verdict verdict;
    char written[MQT_TIME_BYTES];
    const char *code;

    person->name = mqt_load_text(load, row, MQT_ROLE_PERSON_NAME);
    person->phone = mqt_load_text(load, row, MQT_ROLE_PHONE);
    person->birth = mqt_load_text(load, row, MQT_ROLE_BIRTH);
    verdict = mqt_check_id_number(mqt_load_text(load, row, MQT_ROLE_ID_NUMBER), &person->id);
    code = mqt_check_id_code(verdict);
    if (code != NULL) {
        mqt_load_reject(reject, code, mqt_load_field(load, MQT_ROLE_ID_NUMBER), "%s", mqt_check_id_reason(verdict));
    }
    if (person->id.birth_year > 0) {
        values[BIRTH_YEAR] = mqt_arena_printf(&load->row_arena, "%d", person->id.birth_year);
    } else if (person->birth != NULL && mqt_check_time(person->birth, written)) {
        values[BIRTH_YEAR] = mqt_arena_copy(&load->row_arena, written, 4);
    }
    values[SEX] = person->id.sex == 'M' ? "M" : person->id.sex == 'F' ? "F" : sex_of(load, row);
    values[RELATION] = mqt_load_text(load, row, MQT_ROLE_RELATION);
    values[PERSON_KIND] = mqt_load_text(load, row, MQT_ROLE_PERSON_KIND);
    values[RECORDED_ON] = recorded_on(load, row);
    values[IS_PERSON] = person->name != NULL || person->id.number[0] != '\0' ? "t" : "f";
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* Keyed hashes: who it is, to which the database adds the dwelling, and everything the row says. */
static void prepare_keys(struct mqt_load *load, struct mqt_record *record, const struct person *person)
{
    const char **values = record->values;
    const char *who = "dwelling", *all;

    if (person->id.number[0] != '\0') {
        char modern[MQT_ID_BYTES];

        mqt_check_id_modern(&person->id, modern);
        who = mqt_arena_printf(&load->row_arena, "id|%s", modern);
        values[ID_HASH] = keyed_hash(load, modern, "\\x");
    } else if (person->name != NULL) {
        who = mqt_arena_printf(&load->row_arena, "row|%s|%s|%s|%s", person->name, or_empty(person->birth),
                               or_empty(person->phone), or_empty(values[RELATION]));
    }
    all = mqt_arena_printf(&load->row_arena, "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s", or_empty(who), person->id.number,
                           or_empty(person->name), or_empty(person->phone), or_empty(values[HOUSEHOLD_NO]),
                           or_empty(values[BIRTH_YEAR]), or_empty(values[SEX]), or_empty(values[RELATION]),
                           or_empty(values[PERSON_KIND]), or_empty(values[HOUSEHOLD_KIND]),
                           or_empty(values[RECORDED_ON]));
    record->natural_key = keyed_hash(load, or_empty(who), "");
    values[CONTENT_HASH] = keyed_hash(load, or_empty(all), "\\x");
}

static enum mqt_err prepare(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject)
{
    const char **values = record->values;
    struct person person = {0};

    prepare_dwelling(load, row, values, reject);
    values[HOUSEHOLD_NO] = mqt_load_text(load, row, MQT_ROLE_HOUSEHOLD_NO);
    values[HOUSEHOLD_KIND] = mqt_load_text(load, row, MQT_ROLE_HOUSEHOLD_KIND);
    prepare_person(load, row, values, &person, reject);
    if (!reject->set) {
        prepare_keys(load, record, &person);
        values[NAME_SEALED] = sealed(load, person.name);
        values[PHONE_SEALED] = sealed(load, person.phone);
        values[ID_SEALED] = sealed(load, person.id.number);
    }
    return MQT_OK;
}

/* Each statement with the values that it takes: run, source, file, in this order, as many as it names. */
struct step {
    const char *sql;
    size_t params;
};

/* v0 estate, v1 number, v2 unit, v3 floor, v4 room, v5 area, v6 use, v7 household, v8 its kind,
 * v9 name, v10 phone, v11 and v12 identity number sealed and hashed, v13 birth year, v14 sex,
 * v15 relation, v16 kind, v17 content hash, v18 whether there is a person at all, v19 date of entry. */
static const struct step MATCH[] = {
    {"analyze stage (v0, v1, v2, v4, v7, v18)", 0},
    {"alter table stage add building_id bigint, add unit_id bigint, add dwelling_id bigint, "
     "add household_id bigint, add dwelling_known boolean, add dwelling_same boolean, add person_key bytea",
     0},
    {"update stage s set building_id = m.id from (select estate, number, min(id) as id from twin.building "
     "where estate is not null and number is not null group by estate, number having count(*) = 1) m "
     "where m.estate = s.v0 and m.number = s.v1",
     0},
};

static const char QUARANTINE[] =
    "with gone as (delete from stage where building_id is null returning file_row, raw, v0, v1) "
    "insert into etl.review (run_id, file, file_row, reason_code, reason, raw, candidates) "
    "select $1, $3, g.file_row, case when n.count > 1 then 'building-ambiguous' else 'building-unknown' end, "
    "case when n.count > 1 then 'several buildings have this estate and number' "
    "else 'no building has this estate and number' end, g.raw, "
    "coalesce((select jsonb_agg(c) from (select b.id as building_id, b.name, b.estate, b.number, "
    "abs(left(nullif(regexp_replace(b.number, '\\D', '', 'g'), ''), 9)::int - "
    "left(nullif(regexp_replace(g.v1, '\\D', '', 'g'), ''), 9)::int) as distance from twin.building b "
    "where b.estate = g.v0 or (b.number = g.v1 and left(b.estate, 2) = left(g.v0, 2)) "
    "order by b.estate <> g.v0, 5, b.number limit 5) c), '[]') "
    "from gone g, lateral (select count(*) from twin.building b where b.estate = g.v0 and b.number = g.v1) n "
    "where $2::text is not null";

/* A row without a unit gets the one in which its building has this room, or the building's only one,
 * by what the district and the rest of the file know. */
static const char FILL_UNITS[] =
    "with missing as (select distinct building_id, v4 as room from stage where v2 = '无'), "
    "units as (select u.building_id, u.name, d.room from twin.unit u left join twin.dwelling d on d.unit_id = u.id "
    "where u.name <> '无' and u.building_id in (select building_id from missing) union "
    "select s.building_id, s.v2, s.v4 from stage s where s.v2 <> '无' "
    "and s.building_id in (select building_id from missing)), "
    "by_room as (select m.building_id, m.room, count(distinct u.name), min(u.name) as name from missing m "
    "join units u using (building_id, room) group by 1, 2), "
    "by_building as (select building_id, count(distinct name), min(name) as name from units group by 1) "
    "update stage s set v2 = b.name from (select m.building_id, m.room, case when r.count = 1 then r.name else h.name "
    "end "
    "as name from missing m join by_building h using (building_id) left join by_room r using (building_id, room) "
    "where r.count = 1 or h.count = 1) b where s.v2 = '无' and s.building_id = b.building_id and s.v4 = b.room";

/* Where a building has units, a row without one cannot be placed; in a building without it says 无. */
static const char QUARANTINE_UNITS[] =
    "with named as (select distinct building_id, name from (select u.building_id, u.name from twin.unit u "
    "where u.name <> '无' and u.building_id in (select building_id from stage where v2 = '无') "
    "union all select building_id, v2 from stage where v2 <> '无') n), "
    "gone as (delete from stage s where s.v2 = '无' and s.building_id in (select building_id from named) "
    "returning s.file_row, s.raw, s.building_id) "
    "insert into etl.review (run_id, file, file_row, reason_code, reason, raw, candidates) "
    "select $1, $3, g.file_row, 'unit-ambiguous', 'the row does not say which of the building''s units', g.raw, "
    "(select jsonb_agg(jsonb_build_object('building_id', n.building_id, 'unit', n.name) order by n.name) "
    "from named n where n.building_id = g.building_id) from gone g where $2::text is not null";

static const struct step DWELLINGS[] = {
    {"insert into twin.unit (building_id, name) select distinct building_id, v2 from stage on conflict do nothing", 0},
    {"update stage s set unit_id = u.id from twin.unit u where u.building_id = s.building_id and u.name = s.v2", 0},
    {"update stage s set dwelling_known = true, dwelling_same = (d.floor, d.area_m2, d.use) is not distinct from "
     "(coalesce(nullif(s.v3, '无'), d.floor), coalesce(s.v5::real, d.area_m2), coalesce(s.v6, d.use)) "
     "from twin.dwelling d where d.unit_id = s.unit_id and d.room = s.v4",
     0},
    {"insert into twin.dwelling as d (unit_id, floor, room, area_m2, use, source, run_id) "
     "select distinct on (unit_id, v4) unit_id, v3, v4, v5::real, v6, $2, $1 from stage order by unit_id, v4, file_row "
     "on conflict (unit_id, room) do update set floor = coalesce(nullif(excluded.floor, '无'), d.floor), "
     "area_m2 = coalesce(excluded.area_m2, d.area_m2), use = coalesce(excluded.use, d.use), run_id = excluded.run_id "
     "where (d.floor, d.area_m2, d.use) is distinct from (coalesce(nullif(excluded.floor, '无'), d.floor), "
     "coalesce(excluded.area_m2, d.area_m2), coalesce(excluded.use, d.use))",
     2},
    /* Who it is and where: the same person in another dwelling is another entry, however either is written. */
    {"update stage s set dwelling_id = d.id, person_key = sha256(decode(s.source_key, 'hex') || int8send(d.id)) "
     "from twin.dwelling d where d.unit_id = s.unit_id and d.room = s.v4",
     0},
    {"create index on stage (person_key)", 0},
};

static const char MERGE_REPEATED[] =
    "delete from stage s using (select person_key, min(file_row) as first from stage "
    "group by person_key having count(*) > 1) d where d.person_key = s.person_key and s.file_row > d.first";

static const struct step HOUSEHOLDS[] = {
    {"insert into registry.household as h (dwelling_id, household_no, kind, source, run_id) "
     "select distinct on (dwelling_id, coalesce(v7, '无')) dwelling_id, coalesce(v7, '无'), v8, $2, $1 from stage "
     "where v18 = 't' order by dwelling_id, coalesce(v7, '无'), file_row on conflict (dwelling_id, household_no) "
     "do update set kind = excluded.kind, run_id = excluded.run_id "
     "where excluded.kind is not null and h.kind is distinct from excluded.kind",
     2},
    {"analyze stage (building_id, unit_id, dwelling_id, person_key)", 0},
    {"update stage s set household_id = h.id from registry.household h "
     "where s.v18 = 't' and h.dwelling_id = s.dwelling_id and h.household_no = coalesce(s.v7, '无')",
     0},
};

static const char UPDATE_PERSONS[] =
    "update registry.person p set household_id = s.household_id, name_sealed = s.v9::bytea, "
    "phone_sealed = s.v10::bytea, id_number_sealed = s.v11::bytea, id_number_hash = s.v12::bytea, "
    "birth_year = s.v13::smallint, sex = s.v14, relation = s.v15, kind = s.v16, content_hash = s.v17::bytea, "
    "recorded_on = coalesce(s.v19::date, p.recorded_on), run_id = $1 from stage s where s.v18 = 't' and p.source = $2 "
    "and p.source_key = s.person_key "
    "and p.content_hash is distinct from s.v17::bytea";

static const char INSERT_PERSONS[] =
    "insert into registry.person (household_id, name_sealed, phone_sealed, id_number_sealed, id_number_hash, "
    "birth_year, sex, relation, kind, recorded_on, source, source_key, content_hash, run_id) "
    "select household_id, v9::bytea, v10::bytea, v11::bytea, v12::bytea, v13::smallint, v14, v15, v16, "
    "coalesce(v19::date, current_date), $2, person_key, v17::bytea, $1 from stage s where v18 = 't' and not exists "
    "(select from "
    "registry.person p where p.source = $2 and p.source_key = s.person_key) order by file_row";

static const char PRUNE_PERSONS[] =
    "delete from registry.person p where p.source = $1 and not exists (select from stage s where s.v18 = 't' "
    "and s.person_key = p.source_key)";

/* Every staged person is there once by now: a difference needs no join, which the planner, who knows
 * nothing of rows that are new, would go through one by one. */
static const char COUNT_MISSING[] =
    "select from generate_series(1, (select count(*) from registry.person where source = $1) - "
    "(select count(*) from stage where v18 = 't'))";

static const char COUNT_IN_TWO_DWELLINGS[] =
    "select count(distinct p.id_number_hash) from stage s join registry.person p on p.id_number_hash = s.v12::bytea "
    "join registry.household h on h.id = p.household_id where s.v12 is not null and h.dwelling_id <> s.dwelling_id";

static const char COUNT_UNITS[] =
    "update twin.unit u set dwelling_count = c.dwellings, household_count = c.households, person_count = c.persons "
    "from (select u.id, count(distinct d.id) as dwellings, count(distinct h.id) as households, "
    "count(distinct p.id) as persons from twin.unit u left join twin.dwelling d on d.unit_id = u.id "
    "left join registry.household h on h.dwelling_id = d.id left join registry.person p on p.household_id = h.id "
    "where $1::bool or u.building_id in (select building_id from stage) group by u.id) c where u.id = c.id "
    "and (u.dwelling_count, u.household_count, u.person_count) is distinct from (c.dwellings, c.households, c.persons)";

static const char COUNT_BUILDINGS[] =
    "update twin.building b set dwelling_count = c.dwellings, household_count = c.households, person_count = c.persons "
    "from (select building_id, sum(dwelling_count) as dwellings, sum(household_count) as households, "
    "sum(person_count) as persons from twin.unit "
    "where $1::bool or building_id in (select building_id from stage) group by building_id) c where b.id = "
    "c.building_id "
    "and (b.dwelling_count, b.household_count, b.person_count) is distinct from (c.dwellings, c.households, c.persons)";

static enum mqt_err run_steps(struct mqt_load *load, const struct step *steps, size_t count, struct mqt_detail *detail)
{
    char run[24];
    const char *params[] = {run, load->source, load->file};
    enum mqt_err err = MQT_OK;

    snprintf(run, sizeof run, "%" PRId64, load->run);
    for (size_t i = 0; i < count && err == MQT_OK; i++) {
        err = mqt_load_statement(load, steps[i].sql, steps[i].params, params, NULL, detail);
    }
    return err;
}

static enum mqt_err match_buildings(struct mqt_load *load, struct mqt_detail *detail)
{
    char run[24];
    const char *params[] = {run, load->source, load->file};
    uint64_t without_building = 0, without_unit = 0;
    enum mqt_err err = mqt_load_forget_reviews(load, detail);

    snprintf(run, sizeof run, "%" PRId64, load->run);
    if (err == MQT_OK) {
        err = run_steps(load, MATCH, sizeof MATCH / sizeof MATCH[0], detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, QUARANTINE, 3, params, &without_building, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, FILL_UNITS, 0, NULL, &load->warnings[MQT_WARNING_UNIT_FILLED], detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, QUARANTINE_UNITS, 3, params, &without_unit, detail);
    }
    load->counts.quarantined = without_building + without_unit;
    return err;
}

static enum mqt_err publish_persons(struct mqt_load *load, struct mqt_detail *detail)
{
    char run[24];
    const char *params[] = {run, load->source};
    const char *source_params[] = {load->source};
    uint64_t staged = 0, new_dwellings = 0, changed_dwellings = 0, missing = 0;
    enum mqt_err err = mqt_load_count(load, "select count(*) from stage", &staged, detail);

    snprintf(run, sizeof run, "%" PRId64, load->run);
    if (err == MQT_OK) {
        err = mqt_load_statement(load, UPDATE_PERSONS, 2, params, &load->counts.updated, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, INSERT_PERSONS, 2, params, &load->counts.inserted, detail);
    }
    /* Rows without a person stand for their dwelling. */
    if (err == MQT_OK) {
        err = mqt_load_count(load, "select count(*) from stage where v18 = 'f' and dwelling_known is null",
                             &new_dwellings, detail);
    }
    if (err == MQT_OK) {
        err =
            mqt_load_count(load, "select count(*) from stage where v18 = 'f' and dwelling_known and not dwelling_same",
                           &changed_dwellings, detail);
    }
    if (err == MQT_OK && load->options->prune) {
        /* As above: never row by row. */
        err = mqt_load_statement(load, "set local enable_nestloop = off", 0, NULL, NULL, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, load->options->prune ? PRUNE_PERSONS : COUNT_MISSING, 1, source_params, &missing,
                                 detail);
    }
    if (err == MQT_OK && missing > 0) {
        mqt_load_note(load, "%" PRIu64 " earlier persons of %s are not in this file: %s", missing, load->source,
                      load->options->prune ? "removed" : "kept (--prune removes them)");
    }
    load->counts.inserted += new_dwellings;
    load->counts.updated += changed_dwellings;
    load->counts.unchanged = staged - load->counts.inserted - load->counts.updated;
    return err;
}

static enum mqt_err publish(struct mqt_load *load, struct mqt_detail *detail)
{
    /* Pruning touches buildings that the file does not name. */
    const char *everywhere[] = {load->options->prune ? "true" : "false"};
    enum mqt_err err = match_buildings(load, detail);

    if (err == MQT_OK) {
        err = run_steps(load, DWELLINGS, sizeof DWELLINGS / sizeof DWELLINGS[0], detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, MERGE_REPEATED, 0, NULL, &load->counts.merged, detail);
    }
    if (err == MQT_OK) {
        err = run_steps(load, HOUSEHOLDS, sizeof HOUSEHOLDS / sizeof HOUSEHOLDS[0], detail);
    }
    if (err == MQT_OK) {
        err = publish_persons(load, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_count(load, COUNT_IN_TWO_DWELLINGS, &load->warnings[MQT_WARNING_TWO_DWELLINGS], detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, COUNT_UNITS, 1, everywhere, NULL, detail);
    }
    return err == MQT_OK ? mqt_load_statement(load, COUNT_BUILDINGS, 1, everywhere, NULL, detail) : err;
}

const struct mqt_load_kind mqt_load_household = {.name = "household",
                                                 .table = "registry.person",
                                                 .columns = COLUMNS,
                                                 .column_count = COLUMN_COUNT,
                                                 .begin = begin,
                                                 .prepare = prepare,
                                                 .publish = publish};
