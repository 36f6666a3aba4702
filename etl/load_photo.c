#include "load_photo.h"

#include "norm.h"
#include "photo_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PER_TICKET_MAX = 20,
    FIELDS = 9,
    NAME_MAX_BYTES = 1024,
    TOLD_MAX = 10,
    TOLD_NAME_BYTES = 121,
    FIRST_SLOTS = 1024,
    ARENA_BYTES = 128 << 20,
    STAGE_BYTES = 256 << 20
};

static const char FOLDER[] = "照片";

static const char STAGE_TABLE[] =
    "create temporary table stage_photo (file_row bigint, position bigint, stage text, sha256 bytea, format text,"
    " bytes bigint, width bigint, height bigint, orientation bigint) on commit drop";
static const char STAGE_COPY[] = "copy stage_photo from stdin with (format binary)";

/* Rows of the stage that were merged into another one or refused have no ticket of their own. */
static const char WANTED[] = "create temporary table wanted_photo on commit drop as"
                             " select t.id as ticket_id, p.* from stage s"
                             " join ticket.ticket t on t.source = $1 and t.source_key = s.source_key"
                             " join stage_photo p on p.file_row = s.file_row";
/* A picture that could not be read now may have been there before. */
static const char REMOVE[] =
    "delete from ticket.photo p using stage s join ticket.ticket t on t.source = $1 and t.source_key = s.source_key"
    " where p.ticket_id = t.id and not exists (select from wanted_photo w"
    " where w.ticket_id = p.ticket_id and w.position = p.position)";
static const char UPSERT[] =
    "insert into ticket.photo as p (ticket_id, position, stage, sha256, format, bytes, width, height, orientation)"
    " select ticket_id, position, stage, sha256, format, bytes, width, height, orientation from wanted_photo"
    " where sha256 is not null order by ticket_id, position"
    " on conflict (ticket_id, position) do update set stage = excluded.stage, sha256 = excluded.sha256,"
    " format = excluded.format, bytes = excluded.bytes, width = excluded.width, height = excluded.height,"
    " orientation = excluded.orientation"
    " where (p.stage, p.sha256, p.orientation) is distinct from (excluded.stage, excluded.sha256, "
    "excluded.orientation)";

/* A picture that was looked at, by its name in the file. */
struct seen {
    const char *name;
    bool usable;
    struct mqt_photo photo;
    size_t bytes;
    uint8_t sha256[MQT_HASH_BYTES];
};

struct mqt_load_photos {
    struct mqt_arena arena;
    struct mqt_photo_store store;
    char folder[4096];
    struct seen **slots; /* open addressing, at most half full */
    size_t slot_count, seen_count;
    struct mqt_buf original, clean;
    struct mqt_stage rows;
    uint64_t broken_count, too_many, references, fresh;
    enum mqt_err err; /* of the store or of memory */
    struct mqt_detail detail;
};

enum mqt_err mqt_load_photos_new(struct mqt_load *load, struct mqt_load_photos **photos, struct mqt_detail *detail)
{
    const char *path = load->options->path;
    const char *slash = strrchr(path, '/');
    if (!mqt_header_has(&load->header, MQT_ROLE_PHOTO)) {
        *photos = NULL;
        return MQT_OK;
    }
    struct mqt_load_photos *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for photos");
    }
    mqt_arena_init(&fresh->arena, ARENA_BYTES);
    mqt_buf_init(&fresh->original, MQT_PHOTO_MAX_BYTES + 1);
    mqt_buf_init(&fresh->clean, MQT_PHOTO_MAX_BYTES + 1);
    fresh->slot_count = FIRST_SLOTS;
    fresh->slots = calloc(fresh->slot_count, sizeof(struct seen *));
    int len =
        snprintf(fresh->folder, sizeof fresh->folder, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path, FOLDER);
    enum mqt_err err = !fresh->slots ? MQT_ERR_MEMORY : MQT_OK;
    if (err == MQT_OK && (len < 0 || (size_t)len >= sizeof fresh->folder)) {
        err = mqt_fail(detail, MQT_ERR_PARAM, "the path of the folder of photos is too long");
    }
    if (err == MQT_OK) {
        err = mqt_photo_store_open(NULL, &fresh->store, detail);
    }
    if (err == MQT_OK) {
        err = mqt_stage_begin(&fresh->rows, NULL, NULL, FIELDS, STAGE_BYTES, detail);
    }
    if (err != MQT_OK) {
        mqt_load_photos_free(fresh);
        return err;
    }
    *photos = fresh;
    return MQT_OK;
}

void mqt_load_photos_free(struct mqt_load_photos *photos)
{
    if (photos) {
        mqt_arena_clear(&photos->arena);
        mqt_buf_clear(&photos->original);
        mqt_buf_clear(&photos->clean);
        mqt_stage_clear(&photos->rows);
        free(photos->slots);
        free(photos);
    }
}

/* FNV-1a. */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name; ++name) {
        hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static struct seen **slot_of(struct seen **slots, size_t slot_count, const char *name)
{
    size_t at = (size_t)hash_name(name) & (slot_count - 1);
    while (slots[at] && strcmp(slots[at]->name, name) != 0) {
        at = (at + 1) & (slot_count - 1);
    }
    return &slots[at];
}

static bool grow(struct mqt_load_photos *photos)
{
    size_t larger = photos->slot_count * 2;
    struct seen **slots = calloc(larger, sizeof *slots);
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < photos->slot_count; ++i) {
        if (photos->slots[i]) {
            *slot_of(slots, larger, photos->slots[i]->name) = photos->slots[i];
        }
    }
    free(photos->slots);
    photos->slots = slots;
    photos->slot_count = larger;
    return true;
}

/* The name comes from outside, and goes to a terminal and into the book of runs. */
static void note_broken(struct mqt_load_photos *photos, struct mqt_load *load, const char *name, const char *why)
{
    char shown[TOLD_NAME_BYTES];
    if (++photos->broken_count > TOLD_MAX) {
        return;
    }
    mqt_norm_text(name, strlen(name), shown, sizeof shown);
    for (char *c = shown; *c; ++c) {
        *c = (unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c;
    }
    mqt_load_note(load, "photo %s: %s", shown, why);
}

/* Reads, checks and keeps one picture. A fault of the picture is noted, one of the store ends the run. */
static void look_at(struct mqt_load_photos *photos, struct mqt_load *load, struct seen *seen)
{
    struct mqt_detail why = {0};
    bool is_fresh = false;
    mqt_buf_reset(&photos->original);
    mqt_buf_reset(&photos->clean);
    enum mqt_err err = mqt_photo_read(photos->folder, seen->name, &photos->original, &why);
    if (err == MQT_OK) {
        err = mqt_photo_clean(photos->original.data, photos->original.len, &photos->clean, &seen->photo, &why);
    }
    if (err != MQT_OK) {
        note_broken(photos, load, seen->name, why.text);
        return;
    }
    if (load->db) {
        photos->err = mqt_photo_store_put(&photos->store, photos->clean.data, photos->clean.len, seen->photo.format,
                                          seen->sha256, &is_fresh, &photos->detail);
    }
    photos->fresh += is_fresh;
    seen->bytes = photos->clean.len;
    seen->usable = photos->err == MQT_OK;
}

static const struct seen *find(struct mqt_load_photos *photos, struct mqt_load *load, const char *name)
{
    if (photos->seen_count * 2 >= photos->slot_count && !grow(photos)) {
        photos->err = mqt_fail(&photos->detail, MQT_ERR_MEMORY, "no memory for photos");
        return NULL;
    }
    struct seen **slot = slot_of(photos->slots, photos->slot_count, name);
    if (!*slot) {
        struct seen *seen = mqt_arena_calloc(&photos->arena, 1, sizeof *seen);
        const char *copy = mqt_arena_copy(&photos->arena, name, strlen(name));
        if (!seen || !copy) {
            photos->err = mqt_fail(&photos->detail, MQT_ERR_MEMORY, "the names of photos do not fit into memory");
            return NULL;
        }
        seen->name = copy;
        look_at(photos, load, seen);
        *slot = seen;
        ++photos->seen_count;
    }
    return *slot;
}

/* 处理后, 整改后 and the like say that a picture shows what was done. */
static bool shows_result(const char *name)
{
    return !strstr(name, "前") && (strstr(name, "后") || strstr(name, "办结") || strstr(name, "after"));
}

static void stage_photo(struct mqt_load_photos *photos, const struct mqt_row *row, int position,
                        const struct seen *seen)
{
    struct mqt_stage *rows = &photos->rows;
    struct mqt_detail ignored;
    mqt_stage_row(rows);
    mqt_stage_int64(rows, (int64_t)row->number);
    mqt_stage_int64(rows, position);
    mqt_stage_text(rows, shows_result(seen->name) ? "after" : "before");
    mqt_stage_bytes(rows, seen->usable ? seen->sha256 : NULL, sizeof seen->sha256);
    mqt_stage_text(rows, seen->photo.format == MQT_PHOTO_JPEG ? "jpeg" : "png");
    mqt_stage_int64(rows, (int64_t)seen->bytes);
    mqt_stage_int64(rows, seen->photo.width_px);
    mqt_stage_int64(rows, seen->photo.height_px);
    mqt_stage_int64(rows, seen->photo.orientation);
    if (mqt_stage_flush(rows, &ignored) != MQT_OK) {
        photos->err = mqt_fail(&photos->detail, MQT_ERR_MEMORY, "the photos of this file do not fit into memory");
    }
}

/* Length of the separator at text, 0 when there is none. */
static size_t separator_at(const char *text)
{
    static const char *const separators[] = {";", "|", ",", "\n", "\r", "；", "，", "、"};
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; ++i) {
        size_t len = strlen(separators[i]);
        if (strncmp(text, separators[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

/* One name of a cell without blanks around it, and without the folder's own name before it. */
static bool take_name(const char *from, size_t len, char *name, size_t size)
{
    static const char *const own[] = {"照片/", "照片\\", "./照片/", ".\\照片\\"};
    while (len > 0 && (*from == ' ' || *from == '\t')) {
        ++from, --len;
    }
    while (len > 0 && (from[len - 1] == ' ' || from[len - 1] == '\t')) {
        --len;
    }
    for (size_t i = 0; i < sizeof own / sizeof own[0]; ++i) {
        size_t prefix = strlen(own[i]);
        if (len > prefix && strncmp(from, own[i], prefix) == 0) {
            from += prefix, len -= prefix;
            break;
        }
    }
    (void)snprintf(name, size, "%.*s", (int)(len < size ? len : size - 1), from);
    return !mqt_norm_is_absent(name);
}

void mqt_load_photos_take(struct mqt_load_photos *photos, struct mqt_load *load, const struct mqt_row *row)
{
    const char *cell = photos ? mqt_load_raw(row, load->header.column_of[MQT_ROLE_PHOTO]) : NULL;
    int position = 0;
    while (cell && *cell && photos->err == MQT_OK) {
        char name[NAME_MAX_BYTES];
        const char *end = cell;
        size_t separator = 0;
        while (*end && (separator = separator_at(end)) == 0) {
            ++end;
        }
        bool named = take_name(cell, (size_t)(end - cell), name, sizeof name);
        cell = end + separator;
        if (!named) {
            continue;
        }
        if (position == PER_TICKET_MAX) {
            ++photos->too_many;
            continue;
        }
        const struct seen *seen = find(photos, load, name);
        if (seen) {
            stage_photo(photos, row, ++position, seen);
            ++photos->references;
        }
    }
}

void mqt_load_photos_tell(const struct mqt_load_photos *photos, struct mqt_load *load)
{
    if (photos && photos->broken_count > TOLD_MAX) {
        mqt_load_note(load, "%" PRIu64 " more photos are missing or broken", photos->broken_count - TOLD_MAX);
    }
    if (photos && photos->too_many > 0) {
        mqt_load_note(load, "%" PRIu64 " photos are left out: a ticket may have %d", photos->too_many, PER_TICKET_MAX);
    }
}

enum mqt_err mqt_load_photos_publish(struct mqt_load_photos *photos, struct mqt_load *load, struct mqt_detail *detail)
{
    const char *const params[] = {load->source};
    uint64_t removed = 0;
    uint64_t written = 0;
    if (!photos) {
        return MQT_OK;
    }
    if (photos->err != MQT_OK) {
        *detail = photos->detail;
        return photos->err;
    }
    enum mqt_err err = mqt_load_statement(load, STAGE_TABLE, 0, NULL, NULL, detail);
    if (err == MQT_OK) {
        err = mqt_stage_end(&photos->rows, detail);
    }
    if (err == MQT_OK) {
        err = mqt_stage_send(&photos->rows, load->db, STAGE_COPY, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, WANTED, 1, params, NULL, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, REMOVE, 1, params, &removed, detail);
    }
    if (err == MQT_OK) {
        err = mqt_load_statement(load, UPSERT, 0, NULL, &written, detail);
    }
    if (err == MQT_OK) {
        mqt_load_photos_tell(photos, load);
        mqt_load_note(load,
                      "tickets name %" PRIu64 " photos: %" PRIu64 " written, %" PRIu64 " removed, %" PRIu64
                      " pictures new in the store",
                      photos->references, written, removed, photos->fresh);
    }
    return err;
}
