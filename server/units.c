#include "answers.h"

#include "natural.h"

#include "../tiles/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A building's units with their rooms: what the picker of floors and rooms shows. The rooms are in
 * the database alone. */

#define MAX_DOC ((size_t)4 << 20)
#define MAX_WORK ((size_t)4 << 20)
#define MAX_ROOMS 10000 /* in an answer; the largest residential blocks have about half as many */
#define TAKE_MS 500

static const char no_part[] = "无"; /* canonical word for an absent part of an address */

/* One row is a room, or a unit without rooms. */
enum { UNIT_ID, UNIT_NAME, DWELLINGS, HOUSEHOLDS, PERSONS, BAND, FLOOR, ROOM, AREA_M2, USE };

static const char select_rooms[] =
    "select u.id, u.name, u.dwelling_count, u.household_count, u.person_count, u.person_band, "
    "d.floor, d.room, d.area_m2, d.use "
    "from twin.public_unit u left join twin.dwelling d on d.unit_id = u.id "
    "where u.building_id = $1::bigint order by u.id, d.id limit $2::bigint";

struct room {
    const struct mqt_db_result *result;
    size_t row;
    const char *unit, *floor, *room; /* floor and room are NULL for a unit without rooms */
};

/* '-2层' and '地下2层' lie below the ground. Words without a number come last. */
static long floor_height(const char *floor)
{
    static const char below[] = "地下";
    bool under = strncmp(floor, below, strlen(below)) == 0;
    char *end = NULL;
    const char *digits = floor + (under ? strlen(below) : 0);
    long height = strtol(digits, &end, 10);
    if (end == digits) {
        return -1000;
    }
    return under ? -height : height;
}

/* Where no file names the floor, the room's number does: 1203室 is on the 12th, if there is one. */
static const char *floor_of_room(struct mqt_arena *arena, const char *room, int64_t floors_above)
{
    size_t digits = strspn(room, "0123456789");
    long number = digits == 3 || digits == 4 ? strtol(room, NULL, 10) : 0;
    bool plausible = number / 100 >= 1 && number / 100 <= floors_above && number % 100 >= 1;
    return plausible ? mqt_arena_printf(arena, "%ld层", number / 100) : no_part;
}

static int compare_words(const char *left, const char *right)
{
    return mqt_natural_compare(left, strlen(left), right, strlen(right));
}

/* From the top floor down. */
static int compare_floors(const char *left, const char *right)
{
    long a = floor_height(left);
    long b = floor_height(right);
    return a != b ? (a < b) - (a > b) : compare_words(left, right);
}

static int compare_rooms(const void *left, const void *right)
{
    const struct room *a = left;
    const struct room *b = right;
    int order = compare_words(a->unit, b->unit);
    if (order || !a->room || !b->room) {
        return order;
    }
    order = compare_floors(a->floor, b->floor);
    return order ? order : compare_words(a->room, b->room);
}

static int compare_floor_entries(const void *left, const void *right)
{
    return compare_floors(*(const char *const *)left, *(const char *const *)right);
}

static void add_string(struct mqt_buf *out, const char *text)
{
    if (text) {
        mqt_add_json_string(out, text, strlen(text));
    } else {
        mqt_buf_add_str(out, "null");
    }
}

/* "floors": those that the rooms name, else those that the building has. */
static enum mqt_err add_floors(struct mqt_buf *out, struct mqt_arena *arena, const struct room *rooms, size_t count,
                               int64_t floors_above)
{
    size_t named = 0;
    bool first = true;
    const char **floors = mqt_arena_calloc(arena, count + 1, sizeof *floors);
    if (!floors) {
        return MQT_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (rooms[i].floor && strcmp(rooms[i].floor, no_part) != 0) {
            floors[named++] = rooms[i].floor;
        }
    }
    if (named > 0) {
        qsort(floors, named, sizeof *floors, compare_floor_entries);
    }
    mqt_buf_add_str(out, "\"floors\":[");
    for (size_t i = 0; i < named; i++) {
        if (i == 0 || strcmp(floors[i], floors[i - 1]) != 0) {
            mqt_buf_add_str(out, i ? "," : "");
            add_string(out, floors[i]);
        }
    }
    for (int64_t floor = floors_above; named == 0 && floor > 0; floor--, first = false) {
        mqt_buf_printf(out, "%s\"%lld层\"", first ? "" : ",", (long long)floor);
    }
    mqt_buf_add_byte(out, ']');
    return MQT_OK;
}

static void add_number(struct mqt_buf *out, const char *name, const char *digits)
{
    mqt_buf_printf(out, ",\"%s\":%s", name, digits ? digits : "null");
}

static void add_room(struct mqt_buf *out, const struct room *room)
{
    mqt_buf_add_str(out, "{\"floor\":");
    add_string(out, room->floor);
    mqt_buf_add_str(out, ",\"room\":");
    add_string(out, room->room);
    add_number(out, "area_m2", mqt_db_value(room->result, room->row, AREA_M2, NULL));
    mqt_buf_add_str(out, ",\"use\":");
    add_string(out, mqt_db_value(room->result, room->row, USE, NULL));
    mqt_buf_add_byte(out, '}');
}

/* rooms are all of one unit. */
static void add_unit(struct mqt_buf *out, const struct room *rooms, size_t count)
{
    const struct mqt_db_result *result = rooms[0].result;
    size_t row = rooms[0].row;
    mqt_buf_printf(out, "{\"id\":%s,\"name\":", mqt_db_value(result, row, UNIT_ID, NULL));
    add_string(out, rooms[0].unit);
    add_number(out, "dwellings", mqt_db_value(result, row, DWELLINGS, NULL));
    add_number(out, "households", mqt_db_value(result, row, HOUSEHOLDS, NULL));
    add_number(out, "persons", mqt_db_value(result, row, PERSONS, NULL));
    mqt_buf_add_str(out, ",\"person_band\":");
    add_string(out, mqt_db_value(result, row, BAND, NULL));
    mqt_buf_add_str(out, ",\"rooms\":[");
    for (size_t i = 0; i < count && rooms[i].room; i++) {
        mqt_buf_add_str(out, i ? ",\n" : "");
        add_room(out, &rooms[i]);
    }
    mqt_buf_add_str(out, "]}");
}

static struct room *read_rooms(struct mqt_arena *arena, const struct mqt_db_result *result, size_t count,
                               int64_t floors_above)
{
    struct room *rooms = mqt_arena_calloc(arena, count + 1, sizeof *rooms);
    for (size_t i = 0; rooms && i < count; i++) {
        const char *floor = mqt_db_value(result, i, FLOOR, NULL);
        const char *room = mqt_db_value(result, i, ROOM, NULL);
        bool unnamed = room && strcmp(floor, no_part) == 0;
        floor = unnamed ? floor_of_room(arena, room, floors_above) : floor;
        rooms[i] = (struct room){result, i, mqt_db_value(result, i, UNIT_NAME, NULL), floor, room};
    }
    return arena->err ? NULL : rooms;
}

static enum mqt_err write_units(const struct mqt_db_result *result, int64_t id, int64_t floors_above,
                                struct mqt_buf *out)
{
    size_t rows = mqt_db_rows(result);
    size_t count = rows < MAX_ROOMS ? rows : MAX_ROOMS;
    enum mqt_err err = MQT_ERR_MEMORY;
    struct mqt_arena arena;
    mqt_arena_init(&arena, MAX_WORK);
    struct room *rooms = read_rooms(&arena, result, count, floors_above);
    if (!rooms) {
        goto done;
    }
    qsort(rooms, count, sizeof *rooms, compare_rooms);
    mqt_buf_printf(out, "{\"building_id\":%lld,\"complete\":%s,", (long long)id, rows > count ? "false" : "true");
    err = add_floors(out, &arena, rooms, count, floors_above);
    mqt_buf_add_str(out, ",\"units\":[");
    for (size_t i = 0, end = 0; i < count; i = end) {
        for (end = i + 1; end < count && strcmp(rooms[end].unit, rooms[i].unit) == 0; end++) {
        }
        mqt_buf_add_str(out, i ? ",\n" : "");
        add_unit(out, rooms + i, end - i);
    }
    mqt_buf_add_str(out, "]}\n");
done:
    mqt_arena_clear(&arena);
    return err;
}

/* The building is looked up in memory, so that an unknown one costs no question. */
static enum mqt_err find_building(struct mqt_app *app, int64_t id, int64_t *floors_above, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    const struct mqt_registry_layer *buildings = mqt_registry_find(view, "building");
    struct mqt_feature building;
    enum mqt_err err = MQT_OK;
    if (!buildings || !buildings->snapshot) {
        err = mqt_fail(detail, MQT_ERR_BUSY, "the buildings are being loaded");
    } else if (!mqt_layer_find(buildings->snapshot, (uint64_t)id, &building)) {
        err = mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "id", "there is no building %lld", (long long)id);
    } else {
        int column = mqt_layer_column_index(buildings->snapshot, "floors_above");
        struct mqt_value value = {.present = false};
        if (column >= 0) {
            value = mqt_layer_value(buildings->snapshot, building.index, (size_t)column);
        }
        bool usable = value.present && value.type == MQT_TYPE_INT && value.integer <= 1000;
        *floors_above = usable ? value.integer : 0;
    }
    mqt_registry_view_release(view);
    return err;
}

enum mqt_err mqt_answer_stats_units(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    int64_t id = exchange->request.id;
    int64_t floors_above = 0;
    struct mqt_db *db = NULL;
    struct mqt_db_result *result = NULL;
    struct mqt_buf out;
    char texts[2][24];
    const char *const params[] = {texts[0], texts[1]};
    (void)snprintf(texts[0], sizeof texts[0], "%lld", (long long)id);
    (void)snprintf(texts[1], sizeof texts[1], "%d", MAX_ROOMS + 1);
    mqt_buf_init(&out, MAX_DOC);
    enum mqt_err err = find_building(app, id, &floors_above, detail);
    if (!err) {
        err = mqt_db_take(app->pool, TAKE_MS, &db, detail);
    }
    if (!err) {
        err = mqt_db_query(db, select_rooms, 2, params, &result, detail);
    }
    mqt_db_give(db);
    if (!err) {
        err = write_units(result, id, floors_above, &out);
    }
    if (!err) {
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_db_result_free(result);
    mqt_buf_clear(&out);
    return err;
}
