#include "map_files.h"

#include "extra.h"

#include <stdlib.h>

enum { OWN = 5, EXTRAS_MAX = 32, LEVELS = MQT_AREA_ESTATE + 1, COLUMNS_MAX = 5 };

struct mqt_map_files {
    struct mqt_survey_writer own[OWN];
    struct mqt_survey_writer extras[EXTRAS_MAX];
    size_t own_open;
    size_t extras_open;
    size_t extra_count;
    size_t levels[LEVELS];
    int with_ai;
};

static enum mqt_err add_areas(struct mqt_map_files *files, struct mqt_survey_writer *writer,
                              const struct mqt_town *town, struct mqt_detail *detail)
{
    static const char *const levels[] = {"区", "街道", "社区", "网格", "小区"};
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; err == MQT_OK && i < town->areas.count; ++i) {
        const struct mqt_town_area *area = &town->areas.at[i];
        const struct mqt_sink_value values[] = {
            {.text = levels[area->level]}, {.text = area->code},    {.text = area->name},
            {.text = area->parent},        {.text = area->manager},
        };
        ++files->levels[area->level];
        err = mqt_survey_add(writer, values, &area->shape, detail);
    }
    return err;
}

static enum mqt_err add_streets(struct mqt_map_files *files, struct mqt_survey_writer *writer,
                                const struct mqt_town *town, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    (void)files;
    for (size_t i = 0; err == MQT_OK && i < town->streets.count; ++i) {
        const struct mqt_town_street *street = &town->streets.at[i];
        const struct mqt_sink_value values[] = {
            {.text = street->name}, {.text = street->class_name}, {.number = street->width_m}};
        struct mqt_line line = street->line;
        const struct mqt_shape shape = {&line, 1};
        err = mqt_survey_add(writer, values, &shape, detail);
    }
    return err;
}

static enum mqt_err add_patches(struct mqt_survey_writer *writer, const struct mqt_town_patch *patches, size_t count,
                                struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; err == MQT_OK && i < count; ++i) {
        const struct mqt_sink_value values[] = {{.text = patches[i].name}, {.text = patches[i].kind}};
        err = mqt_survey_add(writer, values, &patches[i].shape, detail);
    }
    return err;
}

static enum mqt_err add_greens(struct mqt_map_files *files, struct mqt_survey_writer *writer,
                               const struct mqt_town *town, struct mqt_detail *detail)
{
    (void)files;
    return add_patches(writer, town->greens.at, town->greens.count, detail);
}

static enum mqt_err add_waters(struct mqt_map_files *files, struct mqt_survey_writer *writer,
                               const struct mqt_town *town, struct mqt_detail *detail)
{
    (void)files;
    return add_patches(writer, town->waters.at, town->waters.count, detail);
}

static enum mqt_err add_cameras(struct mqt_map_files *files, struct mqt_survey_writer *writer,
                                const struct mqt_town *town, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; err == MQT_OK && i < town->cameras.count; ++i) {
        const struct mqt_town_camera *camera = &town->cameras.at[i];
        const struct mqt_sink_value values[] = {{.text = camera->name}, {.number = camera->has_ai}};
        struct mqt_spot spot = camera->spot;
        struct mqt_line line = {&spot, 1};
        const struct mqt_shape shape = {&line, 1};
        files->with_ai += camera->has_ai;
        err = mqt_survey_add(writer, values, &shape, detail);
    }
    return err;
}

/* The files that every scale has; the first is the areas'. */
static const struct {
    const char *title;
    const char *name;
    const char *id; /* of the layer */
    enum mqt_sink_geometry geometry;
    struct mqt_sink_column columns[COLUMNS_MAX];
    size_t column_count;
    enum mqt_err (*add)(struct mqt_map_files *, struct mqt_survey_writer *, const struct mqt_town *,
                        struct mqt_detail *);
} own_files[OWN] = {
    {"行政区划",
     "行政区划.gpkg",
     NULL,
     MQT_SINK_POLYGON,
     {{"级别", MQT_SINK_TEXT, 0, 0},
      {"编码", MQT_SINK_TEXT, 0, 0},
      {"名称", MQT_SINK_TEXT, 0, 0},
      {"上级编码", MQT_SINK_TEXT, 0, 0},
      {"责任单位", MQT_SINK_TEXT, 0, 0}},
     5,
     add_areas},
    {"道路",
     "道路.gpkg",
     "road",
     MQT_SINK_LINE,
     {{"name", MQT_SINK_TEXT, 0, 0}, {"class", MQT_SINK_TEXT, 0, 0}, {"width_m", MQT_SINK_REAL, 0, 0}},
     3,
     add_streets},
    {"绿地",
     "绿地.gpkg",
     "green",
     MQT_SINK_POLYGON,
     {{"name", MQT_SINK_TEXT, 0, 0}, {"kind", MQT_SINK_TEXT, 0, 0}},
     2,
     add_greens},
    {"水系",
     "水系.gpkg",
     "water",
     MQT_SINK_POLYGON,
     {{"name", MQT_SINK_TEXT, 0, 0}, {"kind", MQT_SINK_TEXT, 0, 0}},
     2,
     add_waters},
    {"摄像头",
     "摄像头.gpkg",
     "camera",
     MQT_SINK_POINT,
     {{"name", MQT_SINK_TEXT, 0, 0}, {"has_ai", MQT_SINK_BOOL, 0, 0}},
     2,
     add_cameras},
};

enum mqt_err mqt_map_files_open(const struct mqt_survey *survey, bool with_extras, struct mqt_map_files **files,
                                struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    struct mqt_map_files *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the files of the map");
    }
    fresh->extra_count = with_extras ? mqt_extra_count() : 0;
    while (err == MQT_OK && fresh->own_open < OWN) {
        size_t i = fresh->own_open++;
        const struct mqt_sink_file file = {.format = MQT_SINK_GEOPACKAGE,
                                           .geometry = own_files[i].geometry,
                                           .epsg = 4490,
                                           .layer = own_files[i].title,
                                           .columns = own_files[i].columns,
                                           .column_count = own_files[i].column_count};
        err = mqt_survey_start(&fresh->own[i], survey, file, own_files[i].name, detail);
    }
    while (err == MQT_OK && fresh->extras_open < fresh->extra_count) {
        size_t i = fresh->extras_open++;
        err = mqt_extra_start(&fresh->extras[i], survey, i, detail);
    }
    if (err != MQT_OK) {
        return mqt_map_files_close(fresh, err, detail);
    }
    *files = fresh;
    return MQT_OK;
}

enum mqt_err mqt_map_files_add(struct mqt_map_files *files, const struct mqt_town *town, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; err == MQT_OK && i < OWN; ++i) {
        err = own_files[i].add(files, &files->own[i], town, detail);
    }
    for (size_t i = 0; err == MQT_OK && i < files->extra_count; ++i) {
        err = mqt_extra_add(&files->extras[i], town, i, detail);
    }
    return err;
}

void mqt_map_files_list_areas(struct mqt_buf *list)
{
    mqt_buf_printf(list, "%s --kind area\n", own_files[0].name);
}

void mqt_map_files_list_layers(bool with_extras, struct mqt_buf *list)
{
    for (size_t i = 1; i < OWN; ++i) {
        mqt_buf_printf(list, "%s --kind layer --layer %s --title %s\n", own_files[i].name, own_files[i].id,
                       own_files[i].title);
    }
    for (size_t i = 0; with_extras && i < mqt_extra_count(); ++i) {
        mqt_buf_printf(list, "%s --kind layer --layer %s --title %s\n", mqt_extra_file(i), mqt_extra_id(i),
                       mqt_extra_title(i));
    }
}

/* What the truth tells about one of the files beside its number of rows. */
static json_t *facts_of(const struct mqt_map_files *files, size_t i)
{
    const size_t *levels = files->levels;
    if (own_files[i].add == add_areas) {
        return json_pack("{s:{s:i,s:i,s:i,s:i,s:i}}", "levels", "district", (int)levels[0], "subdistrict",
                         (int)levels[1], "community", (int)levels[2], "grid", (int)levels[3], "estate", (int)levels[4]);
    }
    return own_files[i].add == add_cameras ? json_pack("{s:i}", "with_ai", files->with_ai) : NULL;
}

enum mqt_err mqt_map_files_close(struct mqt_map_files *files, enum mqt_err err, struct mqt_detail *detail)
{
    for (size_t i = 0; files && i < files->own_open; ++i) {
        err = mqt_survey_finish(&files->own[i], facts_of(files, i), err, detail);
    }
    for (size_t i = 0; files && i < files->extras_open; ++i) {
        err = mqt_survey_finish(&files->extras[i], NULL, err, detail);
    }
    free(files);
    return err;
}
