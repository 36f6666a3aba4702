#include "survey.h"

#include <stdio.h>
#include <string.h>

enum {
    PATH_BYTES = 4096,
    SCRATCH_MAX_BYTES = 64 << 20,
    SCRATCH_KEPT_BYTES = 1 << 20,
    RANDOM_STREAM = 10,
    TEXT_BYTES = 64
};

enum mqt_err mqt_survey_start(struct mqt_survey_writer *writer, const struct mqt_survey *survey,
                              struct mqt_sink_file file, const char *name, struct mqt_detail *detail)
{
    char path[PATH_BYTES];
    *writer = (struct mqt_survey_writer){.survey = survey, .account = mqt_account_open(survey->truth, name)};
    mqt_arena_init(&writer->scratch, SCRATCH_MAX_BYTES);
    (void)snprintf(path, sizeof path, "%s/%s", survey->dir, writer->account.file);
    file.path = path;
    file.date = survey->date;
    if (file.epsg == 4490) {
        enum mqt_err err = mqt_crs_new("EPSG:4548", &writer->crs, detail);
        if (err != MQT_OK) {
            return err;
        }
    }
    return mqt_sink_open(&file, &writer->sink, detail);
}

/* A copy of the shape in degrees. */
static enum mqt_err in_degrees(struct mqt_survey_writer *writer, const struct mqt_shape *shape,
                               struct mqt_shape *degrees, struct mqt_detail *detail)
{
    struct mqt_shape copy = {mqt_arena_calloc(&writer->scratch, shape->ring_count + 1, sizeof *copy.rings),
                             shape->ring_count};
    for (size_t r = 0; copy.rings && r < shape->ring_count; ++r) {
        copy.rings[r] = mqt_line_copy(&writer->scratch, shape->rings[r].spots, shape->rings[r].count);
        for (size_t i = 0; i < copy.rings[r].count; ++i) {
            struct mqt_spot *spot = &copy.rings[r].spots[i];
            enum mqt_err err = mqt_crs_to_4490(writer->crs, &spot->x_m, &spot->y_m, detail);
            if (err != MQT_OK) {
                return err;
            }
        }
    }
    if (writer->scratch.err != MQT_OK) {
        return mqt_fail(detail, writer->scratch.err, "no memory for the shapes of a layer");
    }
    *degrees = copy;
    return MQT_OK;
}

enum mqt_err mqt_survey_add(struct mqt_survey_writer *writer, const struct mqt_sink_value *values,
                            const struct mqt_shape *shape, struct mqt_detail *detail)
{
    struct mqt_shape placed = *shape;
    if (writer->crs) {
        enum mqt_err err = in_degrees(writer, shape, &placed, detail);
        if (err != MQT_OK) {
            return err;
        }
    }
    ++writer->rows;
    enum mqt_err err = mqt_sink_add(writer->sink, values, &placed, detail);
    if (writer->scratch.used > SCRATCH_KEPT_BYTES) {
        mqt_arena_clear(&writer->scratch);
    }
    return err;
}

void mqt_survey_tell(struct mqt_survey_writer *writer, enum mqt_dirt dirt)
{
    mqt_account_row(&writer->account, writer->rows, dirt);
}

enum mqt_err mqt_survey_finish(struct mqt_survey_writer *writer, json_t *facts, enum mqt_err err,
                               struct mqt_detail *detail)
{
    struct mqt_detail closing = {0};
    enum mqt_err close_err = mqt_sink_close(writer->sink, &closing);
    mqt_crs_free(writer->crs);
    mqt_arena_clear(&writer->scratch);
    if (!facts) {
        facts = json_object();
    }
    (void)json_object_set_new(facts, "rows", json_integer((json_int_t)writer->rows));
    mqt_account_clean(&writer->account, writer->rows - writer->account.read);
    mqt_account_close(&writer->account, facts);
    if (err == MQT_OK && close_err != MQT_OK) {
        return mqt_fail(detail, close_err, "%s", closing.text);
    }
    return err;
}

static bool has_number(const void *building, enum mqt_dirt dirt)
{
    return dirt == MQT_DIRT_TWICE || *((const struct mqt_town_building *)building)->number != '\0';
}

static void spell_number(const char *number, enum mqt_dirt dirt, size_t serial, char out[TEXT_BYTES])
{
    static const char *const words[] = {"栋", "幢", "#", "座"};
    (void)snprintf(out, TEXT_BYTES, "%s", number);
    if (dirt == MQT_DIRT_FULL_WIDTH) {
        mqt_dirt_full_width(number, out, TEXT_BYTES);
    } else if (dirt == MQT_DIRT_NUMERALS) {
        mqt_dirt_numerals(number, out, TEXT_BYTES);
    } else if (dirt == MQT_DIRT_OTHER_WORD) {
        (void)snprintf(out, TEXT_BYTES, "%.*s%s", (int)(strlen(number) - strlen("号楼")), number, words[serial % 4]);
    }
}

static enum mqt_err add_building(struct mqt_survey_writer *writer, size_t index, enum mqt_dirt dirt,
                                 struct mqt_detail *detail)
{
    const struct mqt_town *town = writer->survey->town;
    const struct mqt_town_building *building = &town->buildings.at[index];
    char code[40];
    char number[TEXT_BYTES];
    (void)snprintf(code, sizeof code, "%sB%04zu", town->areas.at[town->cells.at[building->cell].grid].parent,
                   index + 1);
    spell_number(building->number, dirt, writer->rows, number);
    const struct mqt_sink_value values[] = {
        {.text = code},
        {.text = building->estate == MQT_TOWN_NONE ? "" : town->estates.at[building->estate].name},
        {.text = number},
        {.text = building->name},
        {.text = building->address},
        {.text = building->use},
        {.text = building->structure},
        {.number = building->floors_above},
        {.number = building->floors_below},
        {.number = building->height_m},
        {.number = building->built_year},
    };
    enum mqt_err err = mqt_survey_add(writer, values, &building->shape, detail);
    mqt_survey_tell(writer, dirt);
    return err;
}

static enum mqt_err add_buildings(struct mqt_survey_writer *writer, struct mqt_detail *detail)
{
    static const enum mqt_dirt kinds[] = {MQT_DIRT_FULL_WIDTH, MQT_DIRT_NUMERALS, MQT_DIRT_OTHER_WORD, MQT_DIRT_TWICE};
    const struct mqt_town *town = writer->survey->town;
    struct mqt_random random = mqt_random_start(town->seed, RANDOM_STREAM);
    struct mqt_dirt_source source;
    enum mqt_err err = MQT_OK;
    mqt_dirt_open(&source, &random, kinds, sizeof kinds / sizeof kinds[0]);
    for (size_t i = 0; i < town->buildings.count; ++i) {
        mqt_dirt_see(&source, has_number, &town->buildings.at[i]);
    }
    for (size_t i = 0; err == MQT_OK && i < town->buildings.count; ++i) {
        enum mqt_dirt dirt = mqt_dirt_next(&source, has_number, &town->buildings.at[i]);
        err = add_building(writer, i, dirt == MQT_DIRT_TWICE ? MQT_DIRT_NONE : dirt, detail);
        if (err == MQT_OK && dirt == MQT_DIRT_TWICE) {
            err = add_building(writer, i, dirt, detail);
        }
    }
    return err;
}

enum mqt_err mqt_survey_write_buildings(const struct mqt_survey *survey, struct mqt_detail *detail)
{
    /* Some are longer than ten bytes of GBK, as they are in an office's own system. */
    static const struct mqt_sink_column columns[] = {
        {"楼栋编号", MQT_SINK_TEXT, 24, 0},     {"小区名称", MQT_SINK_TEXT, 40, 0},
        {"楼栋号", MQT_SINK_TEXT, 20, 0},       {"楼栋名称", MQT_SINK_TEXT, 60, 0},
        {"详细地址", MQT_SINK_TEXT, 80, 0},     {"房屋用途", MQT_SINK_TEXT, 20, 0},
        {"建筑结构类型", MQT_SINK_TEXT, 20, 0}, {"地上总层数量", MQT_SINK_INT, 4, 0},
        {"地下总层数量", MQT_SINK_INT, 4, 0},   {"建筑高度", MQT_SINK_REAL, 8, 1},
        {"建成年份", MQT_SINK_INT, 4, 0}};
    const struct mqt_sink_file file = {.format = MQT_SINK_SHAPEFILE_GBK,
                                       .geometry = MQT_SINK_POLYGON,
                                       .epsg = 4548,
                                       .layer = "楼栋",
                                       .columns = columns,
                                       .column_count = sizeof columns / sizeof columns[0]};
    const char *name = "楼栋.shp";
    const struct mqt_town *town = survey->town;
    int homes = 0;
    int holes = 0;
    struct mqt_survey_writer writer;
    enum mqt_err err = mqt_survey_start(&writer, survey, file, name, detail);
    if (err == MQT_OK) {
        err = add_buildings(&writer, detail);
    }
    for (size_t i = 0; i < town->buildings.count; ++i) {
        homes += town->buildings.at[i].units > 0;
        holes += town->buildings.at[i].shape.ring_count > 1;
    }
    json_t *facts = json_pack("{s:i,s:i,s:i}", "residential", homes, "other", (int)town->buildings.count - homes,
                              "with_courtyard", holes);
    return mqt_survey_finish(&writer, facts, err, detail);
}
