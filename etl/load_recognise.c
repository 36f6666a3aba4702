#include "load_kind.h"

#include "detect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct mqt_load_kind *const KINDS[] = {&mqt_load_area,     &mqt_load_building, &mqt_load_household,
                                                    &mqt_load_facility, &mqt_load_ticket,   &mqt_load_layer};

const struct mqt_load_kind *mqt_load_find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (strcmp(KINDS[i]->name, name) == 0) {
            return KINDS[i];
        }
    }
    return NULL;
}

static enum mqt_err copy_row(struct mqt_arena *arena, const struct mqt_row *from, struct mqt_row *to)
{
    struct mqt_cell *cells = mqt_arena_calloc(arena, from->cell_count + 1, sizeof *cells);

    *to = *from;
    if (cells == NULL) {
        return arena->err;
    }
    for (size_t i = 0; i < from->cell_count; i++) {
        cells[i].len = from->cells[i].len;
        if (from->cells[i].text != NULL) {
            cells[i].text = mqt_arena_copy(arena, from->cells[i].text, from->cells[i].len);
        }
    }
    to->cells = cells;
    if (from->wkb != NULL) {
        to->wkb = (const uint8_t *)mqt_arena_copy(arena, (const char *)from->wkb, from->wkb_len);
    }
    return arena->err;
}

static enum mqt_err read_preview(struct mqt_load *load, struct mqt_reader *reader, struct mqt_preview *preview,
                                 struct mqt_detail *detail)
{
    preview->count = 0;
    preview->more = true;
    while (preview->count < MQT_PREVIEW_ROWS) {
        struct mqt_row row;
        enum mqt_err err = mqt_reader_next(reader, &row, &preview->more, detail);

        if (err != MQT_OK) {
            return err;
        }
        if (!preview->more) {
            break;
        }
        err = copy_row(&load->arena, &row, &preview->rows[preview->count]);
        if (err != MQT_OK) {
            return mqt_fail(detail, err, "the first rows are too large");
        }
        preview->count++;
    }
    if (preview->count == 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the file holds no rows");
    }
    return MQT_OK;
}

static enum mqt_err understand_header(struct mqt_load *load, const struct mqt_preview *preview,
                                      struct mqt_detail *detail)
{
    const struct mqt_table *table = load->table;
    enum mqt_err err =
        table->headless ? mqt_header_of_rows(preview->rows, preview->count, &load->header, detail)
                        : mqt_header_of_columns(table->columns, table->column_count, table->names_cut, &load->header);

    if (err == MQT_OK) {
        size_t first = load->header.title_rows + load->header.header_rows;

        mqt_header_prefer_filled(&load->header, preview->rows + first, preview->count - first);
    }
    return err;
}

static enum mqt_err choose_kind(struct mqt_load *load, struct mqt_detail *detail)
{
    const char *name = NULL;
    enum mqt_err err;

    if (load->kind != NULL) {
        return MQT_OK;
    }
    err = mqt_detect_kind(load->table, &load->header, &name, detail);
    if (err == MQT_OK) {
        load->kind = mqt_load_find_kind(name);
        mqt_load_note(load, "taken for kind %s", name);
    }
    return err;
}

static enum mqt_err keep_place(void *user, double *x, double *y, struct mqt_detail *detail)
{
    double *place = user;

    (void)detail;
    place[0] = *x;
    place[1] = *y;
    return MQT_OK;
}

/* A coordinate of the first rows as the file has it; false when there is none. */
static bool first_place(struct mqt_load *load, const struct mqt_preview *preview, double place[2])
{
    for (size_t i = 0; i < preview->count; i++) {
        struct mqt_wkb_info info;
        const struct mqt_row *row = &preview->rows[i];
        const char *x, *y;

        if (!load->point_columns) {
            /* The walk may write, and writes back what it read. */
            if (row->wkb != NULL &&
                mqt_wkb_walk((uint8_t *)(uintptr_t)row->wkb, row->wkb_len, keep_place, place, &info, NULL) == MQT_OK &&
                info.points > 0) {
                return true;
            }
            continue;
        }
        if (i < load->header.title_rows + load->header.header_rows) {
            continue;
        }
        x = mqt_load_raw(row, load->header.column_of[MQT_ROLE_EASTING]);
        y = mqt_load_raw(row, load->header.column_of[MQT_ROLE_NORTHING]);
        if (x != NULL && y != NULL) {
            place[0] = strtod(x, NULL);
            place[1] = strtod(y, NULL);
            return true;
        }
    }
    return false;
}

static enum mqt_err choose_crs(struct mqt_load *load, const struct mqt_preview *preview, struct mqt_detail *detail)
{
    const char *definition = load->options->crs;
    bool degrees = mqt_header_has(&load->header, MQT_ROLE_LON) && mqt_header_has(&load->header, MQT_ROLE_LAT);
    bool metres = mqt_header_has(&load->header, MQT_ROLE_EASTING) && mqt_header_has(&load->header, MQT_ROLE_NORTHING);
    bool assumed = false;
    double place[2] = {0, 0};
    enum mqt_err err;

    if (load->kind->geometry_column == NULL) {
        return MQT_OK;
    }
    load->point_columns = (load->table->shape == MQT_TABLE_NONE || preview->rows[0].wkb == NULL) && (degrees || metres);
    if (load->table->shape == MQT_TABLE_NONE && !load->point_columns) {
        return load->kind->shape_required
                   ? mqt_fail(detail, MQT_ERR_FORMAT,
                              "the file has neither shapes nor columns of longitude and latitude")
                   : MQT_OK;
    }
    if (definition == NULL && load->table->crs[0] != '\0') {
        definition = load->table->crs;
    }
    if (definition == NULL && load->point_columns && degrees) {
        definition = "EPSG:4490";
        assumed = true;
    }
    if (definition == NULL) {
        assumed = true;
        if (!first_place(load, preview, place)) {
            definition = "EPSG:4490";
        } else if ((err = mqt_detect_crs(place[0], place[1], &definition, detail)) != MQT_OK) {
            return err;
        }
    }
    err = mqt_crs_new(definition, &load->crs, detail);
    if (err != MQT_OK) {
        return err;
    }
    mqt_report_note(load->report, "coordinate system %s%s", mqt_crs_name(load->crs),
                    assumed ? " (assumed: the file does not say)" : "");
    if (mqt_crs_is_shifted(load->crs)) {
        mqt_load_note(load, "coordinates were taken back from %s as asked for", mqt_crs_name(load->crs));
    } else if (assumed) {
        mqt_load_note(load, "degrees were taken for EPSG:4490");
    }
    return MQT_OK;
}

static void tell_header(struct mqt_load *load)
{
    struct mqt_buf line;

    mqt_report_note(load->report, "%s, table %s, %s", load->table->format, load->table->name, load->table->encoding);
    if (load->table->note[0] != '\0') {
        mqt_load_note(load, "%s", load->table->note);
    }
    mqt_buf_init(&line, 1 << 16);
    for (size_t i = 0; i < load->header.column_count; i++) {
        if (load->header.roles[i] != MQT_ROLE_NONE) {
            mqt_buf_printf(&line, "%s%s=%s", line.len == 0 ? "" : " ", load->header.names[i],
                           mqt_role_name(load->header.roles[i]));
        }
    }
    mqt_buf_add_byte(&line, 0);
    mqt_report_note(load->report, "columns: %s", line.data == NULL ? "" : (const char *)line.data);
    mqt_buf_clear(&line);
}

enum mqt_err mqt_load_recognise(struct mqt_load *load, struct mqt_reader **reader, struct mqt_preview *preview,
                                struct mqt_detail *detail)
{
    struct mqt_reader_request request = {.path = load->options->path,
                                         .table = load->options->table,
                                         .where = load->options->where,
                                         .encoding = load->options->encoding,
                                         .limits = MQT_READER_LIMITS};
    char step[320];
    enum mqt_err err;

    snprintf(step, sizeof step, "opening %s", load->file);
    mqt_report_step(load->report, step);
    err = mqt_reader_new(&request, reader, detail);
    if (err == MQT_OK) {
        load->table = mqt_reader_table(*reader);
        err = read_preview(load, *reader, preview, detail);
    }
    mqt_report_end_step(load->report);
    if (err == MQT_OK) {
        err = understand_header(load, preview, detail);
    }
    if (err == MQT_OK) {
        tell_header(load);
        err = choose_kind(load, detail);
    }
    if (err == MQT_OK) {
        err = choose_crs(load, preview, detail);
    }
    if (err == MQT_OK) {
        load->columns = load->kind->columns;
        load->column_count = load->kind->column_count;
        load->dimension = load->kind->dimension;
        snprintf(load->target, sizeof load->target, "%s", load->kind->table == NULL ? "" : load->kind->table);
    }
    if (err == MQT_OK && load->kind->begin != NULL) {
        err = load->kind->begin(load, detail);
    }
    return err;
}
