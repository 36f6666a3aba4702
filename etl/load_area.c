#include "load_kind.h"

#include "detect.h"
#include "norm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { LEVEL, CODE, NAME, PARENT_CODE, MANAGER };

static const struct mqt_load_column COLUMNS[] = {
    {"level", "text"}, {"code", "text"}, {"name", "text"}, {"parent_code", "text"}, {"manager", "text"}};

/* Where a grid file has 网格编码 and 网格名称 and a community file 社区代码 and 社区名称. */
struct area_state {
    size_t code_column, name_column; /* SIZE_MAX: none */
    const char *level;               /* of the whole file, NULL when rows differ or nothing says it */
};

static bool ends_with_any(const char *name, const char *const *endings, size_t count)
{
    char key[128];
    size_t len = mqt_norm_key(name, strlen(name), key, sizeof key);

    for (size_t i = 0; i < count; i++) {
        size_t ending_len = strlen(endings[i]);

        if (len > ending_len && strcmp(key + len - ending_len, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The column whose name has the level in it and one of the endings; SIZE_MAX when there is none. */
static size_t column_of_level(const struct mqt_header *header, const char *level, const char *const *endings,
                              size_t count)
{
    for (size_t i = 0; i < header->column_count; i++) {
        const char *of = mqt_detect_level(header->names[i]);

        if (of != NULL && level != NULL && strcmp(of, level) == 0 && ends_with_any(header->names[i], endings, count)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static enum mqt_err begin(struct mqt_load *load, struct mqt_detail *detail)
{
    static const char *const code_endings[] = {"编码", "代码", "编号", "号", "code", "id", "no"};
    static const char *const name_endings[] = {"名称", "名", "name"};
    const struct mqt_header *header = &load->header;
    struct area_state *state = calloc(1, sizeof *state);

    if (state == NULL) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the areas");
    }
    load->kind_state = state;
    if (!mqt_header_has(header, MQT_ROLE_LEVEL)) {
        state->level = mqt_detect_level(load->table->name);
        if (state->level == NULL) {
            state->level = mqt_detect_level(load->source);
        }
        if (state->level == NULL && mqt_header_has(header, MQT_ROLE_GRID_CODE)) {
            state->level = "grid";
        }
    }
    state->code_column = column_of_level(header, state->level, code_endings, sizeof code_endings / sizeof(char *));
    state->name_column = column_of_level(header, state->level, name_endings, sizeof name_endings / sizeof(char *));
    if (state->code_column == SIZE_MAX) {
        state->code_column = header->column_of[MQT_ROLE_CODE];
    }
    if (state->name_column == SIZE_MAX) {
        state->name_column = header->column_of[MQT_ROLE_NAME];
    }
    if (state->name_column == SIZE_MAX && state->code_column == SIZE_MAX) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "no column holds a name or a code of the areas");
    }
    return MQT_OK;
}

static void end(struct mqt_load *load)
{
    free(load->kind_state);
    load->kind_state = NULL;
}

static const char *cell(struct mqt_load *load, const struct mqt_row *row, size_t column)
{
    const char *raw = mqt_load_raw(row, column);
    size_t len = raw == NULL ? 0 : strlen(raw);
    char *text = raw == NULL ? NULL : mqt_arena_alloc(&load->row_arena, len + 1);

    if (text == NULL || mqt_norm_text(raw, len, text, len + 1) == 0 || mqt_norm_is_absent(text)) {
        return NULL;
    }
    return text;
}

/* Statistical codes say their level by their length. */
static const char *level_of_code(const char *code)
{
    size_t len = code == NULL ? 0 : strlen(code);

    if (len == 0 || strspn(code, "0123456789") != len) {
        return NULL;
    }
    switch (len) {
    case 6:
        return "district";
    case 9:
        return "subdistrict";
    case 12:
        return "community";
    case 15:
        return "grid";
    default:
        return NULL;
    }
}

/* "丰台区" is a district, "卢沟桥街道" a subdistrict. */
static const char *level_of_name(const char *name)
{
    static const struct {
        const char *ending, *level;
    } endings[] = {{"小区", "estate"},    {"社区", "community"}, {"村", "community"}, {"街道", "subdistrict"},
                   {"镇", "subdistrict"}, {"乡", "subdistrict"}, {"区", "district"},  {"县", "district"}};
    size_t len = name == NULL ? 0 : strlen(name);

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending_len = strlen(endings[i].ending);

        if (len > ending_len && strcmp(name + len - ending_len, endings[i].ending) == 0) {
            return endings[i].level;
        }
    }
    return name != NULL && strstr(name, "网格") != NULL ? "grid" : NULL;
}

static const char *level_of_row(struct mqt_load *load, const struct mqt_row *row, const char *code, const char *name)
{
    const struct area_state *state = load->kind_state;
    const char *text = mqt_load_text(load, row, MQT_ROLE_LEVEL);
    const char *level = NULL;

    if (text != NULL) {
        level = mqt_detect_level(text);
        if (level == NULL) {
            level = level_of_name(mqt_arena_printf(&load->row_arena, "某%s", text));
        }
    }
    level = level == NULL ? state->level : level;
    level = level == NULL ? level_of_code(code) : level;
    return level == NULL ? level_of_name(name) : level;
}

/* The code without its last three digits belongs to the area above. */
static const char *parent_of_code(struct mqt_load *load, const char *code)
{
    const char *level = level_of_code(code);

    if (level == NULL || strcmp(level, "district") == 0) {
        return NULL;
    }
    return mqt_arena_copy(&load->row_arena, code, strlen(code) - 3);
}

static enum mqt_err prepare(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject)
{
    const struct area_state *state = load->kind_state;
    const char **values = record->values;
    const char *code = cell(load, row, state->code_column), *name = cell(load, row, state->name_column);

    values[CODE] = code == NULL ? name : code;
    values[NAME] = name == NULL ? code : name;
    values[LEVEL] = level_of_row(load, row, code, name);
    values[PARENT_CODE] = mqt_load_text(load, row, MQT_ROLE_PARENT_CODE);
    values[MANAGER] = mqt_load_text(load, row, MQT_ROLE_MANAGER);
    if (values[PARENT_CODE] == NULL) {
        values[PARENT_CODE] = parent_of_code(load, code);
    }
    if (values[CODE] == NULL) {
        mqt_load_reject(reject, "area-nameless", "", "the area has neither a code nor a name");
    } else if (values[LEVEL] == NULL) {
        mqt_load_reject(reject, "area-level-unknown", mqt_load_field(load, MQT_ROLE_LEVEL),
                        "it is not plain whether this is a district, subdistrict, community, grid or estate");
    } else {
        record->natural_key = mqt_arena_printf(&load->row_arena, "%s:%s", values[LEVEL], values[CODE]);
    }
    return mqt_load_shape(load, row, record, reject);
}

const struct mqt_load_kind mqt_load_area = {.name = "area",
                                            .table = "twin.area",
                                            .geometry_column = "geom",
                                            .dimension = 2,
                                            .shape_required = true,
                                            .columns = COLUMNS,
                                            .column_count = sizeof COLUMNS / sizeof COLUMNS[0],
                                            .begin = begin,
                                            .prepare = prepare,
                                            .publish = mqt_load_publish_difference,
                                            .end = end};
