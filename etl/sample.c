#include "sample.h"

#include "calendar.h"
#include "extra.h"
#include "facility_list.h"
#include "listing.h"
#include "live.h"
#include "live_option.h"
#include "redelivery.h"
#include "register.h"
#include "scale.h"
#include "survey.h"
#include "ticket_list.h"
#include "town.h"
#include "truth.h"

#include "../tiles/buf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { PATH_MAX_BYTES = 3900, HOUR_S = 3600, LIST_MAX_BYTES = 1 << 20 };

static const char LOAD_LIST_NAME[] = "load.list";

static enum mqt_err make_dir(const char *dir, struct mqt_detail *detail)
{
    char path[PATH_MAX_BYTES + 1];
    size_t len = strlen(dir);
    if (len == 0 || len > PATH_MAX_BYTES) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "out", "the directory's name must have 1 to %d bytes",
                              PATH_MAX_BYTES);
    }
    for (size_t i = 1; i <= len; ++i) {
        if (dir[i] != '/' && dir[i] != '\0') {
            continue;
        }
        memcpy(path, dir, i);
        path[i] = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            return mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
        }
    }
    return MQT_OK;
}

/* The list goes first and comes last, because whoever finds it takes the district for complete. */
static enum mqt_err remove_list(const char *dir, struct mqt_detail *detail)
{
    char path[PATH_MAX_BYTES + sizeof LOAD_LIST_NAME + 1];
    (void)snprintf(path, sizeof path, "%s/%s", dir, LOAD_LIST_NAME);
    if (remove(path) != 0 && errno != ENOENT) {
        return mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
    }
    return MQT_OK;
}

/* The files that are there once or many times, and their lines for load.list. */
struct output {
    const struct mqt_town *town;
    const char *dir;
    struct mqt_truth truth;
    struct mqt_buf registers;
    struct mqt_buf layers;
};

static size_t subdistrict_of(const struct mqt_town *town, size_t household)
{
    const struct mqt_town_building *home =
        &town->buildings.at[town->dwellings.at[town->households.at[household].dwelling].building];
    return (size_t)strtoul(town->areas.at[town->cells.at[home->cell].grid].code + 6, NULL, 10) / 1000000;
}

static const char *subdistrict_name(const struct mqt_town *town, size_t serial)
{
    for (size_t a = 0; a < town->areas.count; ++a) {
        if (town->areas.at[a].level == MQT_AREA_SUBDISTRICT && serial-- == 1) {
            return town->areas.at[a].name;
        }
    }
    return "";
}

static enum mqt_err write_register(struct output *output, const struct mqt_register *part, struct mqt_detail *detail)
{
    mqt_buf_printf(&output->registers, "%s --kind household\n", part->name);
    return mqt_register_write(output->town, part, output->dir, &output->truth, detail);
}

/* A community keeps one register, a district one for each subdistrict. Homes, households and people
 * lie in the order of the subdistricts. */
static enum mqt_err write_registers(struct output *output, struct mqt_detail *detail)
{
    const struct mqt_town *town = output->town;
    if (!town->scale->is_district) {
        const struct mqt_register all = {"户籍登记.xlsx",    town->scale->community, 0, 0, town->households.count, 0,
                                         town->persons.count};
        return write_register(output, &all, detail);
    }
    enum mqt_err err = MQT_OK;
    size_t person = 0;
    size_t household = 0;
    while (err == MQT_OK && household < town->households.count) {
        size_t subdistrict = subdistrict_of(town, household);
        size_t end = household;
        while (end < town->households.count && subdistrict_of(town, end) == subdistrict) {
            ++end;
        }
        size_t person_end = person;
        while (person_end < town->persons.count && town->persons.at[person_end].household < end) {
            ++person_end;
        }
        char name[128];
        const char *place = subdistrict_name(town, subdistrict);
        (void)snprintf(name, sizeof name, "户籍登记_%s.xlsx", place);
        const struct mqt_register part = {
            name, place, subdistrict, household, end - household, person, person_end - person};
        err = write_register(output, &part, detail);
        household = end;
        person = person_end;
    }
    return err;
}

static enum mqt_err write_extras(struct output *output, const struct mqt_survey *survey, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    for (size_t i = 0; err == MQT_OK && output->town->scale->is_district && i < mqt_extra_count(); ++i) {
        mqt_buf_printf(&output->layers, "%s --kind layer --layer %s --title %s\n", mqt_extra_file(i), mqt_extra_id(i),
                       mqt_extra_title(i));
        err = mqt_extra_write(survey, i, detail);
    }
    return err;
}

/* Areas before what lies in them, buildings before the people and tickets that belong to them. */
static enum mqt_err write_list(struct output *output, struct mqt_detail *detail)
{
    struct mqt_buf list;
    mqt_buf_init(&list, LIST_MAX_BYTES);
    mqt_buf_add_str(&list, "行政区划.gpkg --kind area\n"
                           "楼栋.shp --kind building\n");
    mqt_buf_add(&list, output->registers.data, output->registers.len);
    mqt_buf_add_str(&list, mqt_facility_list_loads);
    mqt_buf_add_str(&list, mqt_ticket_list_load);
    mqt_buf_add_str(&list, "道路.gpkg --kind layer --layer road --title 道路\n"
                           "绿地.gpkg --kind layer --layer green --title 绿地\n"
                           "水系.gpkg --kind layer --layer water --title 水系\n"
                           "摄像头.gpkg --kind layer --layer camera --title 摄像头\n");
    mqt_buf_add(&list, output->layers.data, output->layers.len);
    bool whole = mqt_buf_err(&output->registers) == MQT_OK && mqt_buf_err(&output->layers) == MQT_OK &&
                 mqt_buf_err(&list) == MQT_OK;
    enum mqt_err err = whole ? mqt_listing_save_bytes(output->dir, LOAD_LIST_NAME, list.data, list.len, detail)
                             : mqt_fail(detail, MQT_ERR_MEMORY, "no memory for %s", LOAD_LIST_NAME);
    mqt_buf_clear(&list);
    return err;
}

static enum mqt_err write_data(struct output *output, const char *date, struct mqt_detail *detail)
{
    const struct mqt_survey survey = {output->town, output->dir, date, &output->truth};
    enum mqt_err err = mqt_survey_write(&survey, detail);
    if (err == MQT_OK) {
        err = write_registers(output, detail);
    }
    if (err == MQT_OK) {
        err = mqt_facility_list_write(output->town, output->dir, &output->truth, detail);
    }
    if (err == MQT_OK) {
        err = mqt_ticket_list_write(output->town, output->dir, &output->truth, detail);
    }
    return err == MQT_OK ? write_extras(output, &survey, detail) : err;
}

static enum mqt_err save_json(const char *dir, const json_t *truth, struct mqt_detail *detail)
{
    char *text = truth ? json_dumps(truth, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
    if (!text) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for truth.json");
    }
    enum mqt_err err = mqt_listing_save_bytes(dir, "truth.json", text, strlen(text), detail);
    free(text);
    return err;
}

/* truth.json and truth.rows.csv, once all files are written. */
static enum mqt_err write_truth(struct output *output, const struct mqt_sample_options *options,
                                struct mqt_detail *detail)
{
    char a_register[256] = "";
    const struct mqt_buf *rows = &output->truth.rows;
    json_t *redelivered = NULL;
    (void)snprintf(a_register, sizeof a_register, "%.*s", (int)output->registers.len,
                   output->registers.data ? (const char *)output->registers.data : "");
    a_register[strcspn(a_register, " ")] = '\0';
    enum mqt_err err =
        mqt_redelivery_write(output->dir, *a_register ? a_register : NULL, &output->truth, &redelivered, detail);
    if (err == MQT_OK) {
        json_t *truth =
            json_pack("{s:s,s:I,s:I,s:O,s:o}", "scale", options->scale, "seed", (json_int_t)options->seed, "until_s",
                      (json_int_t)output->town->until_s, "files", output->truth.files, "redelivered", redelivered);
        err = save_json(output->dir, truth, detail);
        json_decref(truth);
    }
    if (err == MQT_OK && mqt_buf_err(rows) != MQT_OK) {
        err = mqt_fail(detail, MQT_ERR_MEMORY, "no memory for truth.rows.csv");
    }
    return err == MQT_OK ? mqt_listing_save_bytes(output->dir, "truth.rows.csv", rows->data, rows->len, detail) : err;
}

static enum mqt_err write_files(const struct mqt_town *town, const struct mqt_sample_options *options,
                                struct mqt_detail *detail)
{
    struct mqt_moment until = mqt_calendar_local(town->until_s);
    char date[40];
    (void)snprintf(date, sizeof date, "%04d-%02d-%02d", until.year, until.month, until.day);
    struct output output = {.town = town, .dir = options->dir};
    enum mqt_err err = mqt_truth_init(&output.truth);
    mqt_buf_init(&output.registers, LIST_MAX_BYTES);
    mqt_buf_init(&output.layers, LIST_MAX_BYTES);
    err = err == MQT_OK ? write_data(&output, date, detail) : mqt_fail(detail, err, "no memory for truth.json");
    if (err == MQT_OK) {
        err = write_truth(&output, options, detail);
    }
    if (err == MQT_OK) {
        err = write_list(&output, detail);
    }
    mqt_truth_clear(&output.truth);
    mqt_buf_clear(&output.registers);
    mqt_buf_clear(&output.layers);
    return err;
}

enum mqt_err mqt_sample_run(const struct mqt_sample_options *options, struct mqt_detail *detail)
{
    struct mqt_town town;
    int64_t until_s = options->until_s - ((options->until_s % HOUR_S) + HOUR_S) % HOUR_S;
    enum mqt_err err = mqt_town_build(options->scale, options->seed, until_s, &town, detail);
    if (err != MQT_OK) {
        return err;
    }
    err = make_dir(options->dir, detail);
    if (err == MQT_OK) {
        err = remove_list(options->dir, detail);
    }
    if (err == MQT_OK) {
        err = write_files(&town, options, detail);
    }
    mqt_town_clear(&town);
    return err;
}

static void print_help(void)
{
    printf("Usage: mqt-etl sample --out DIR [--scale S] [--seed N] [--until TIME]\n"
           "       mqt-etl sample --live RATE [OPTION]…  (--live 60 --help tells them)\n"
           "\n"
           "Writes the survey files of an invented district into DIR: areas, buildings, household\n"
           "register, facilities, tickets, roads, green, water, cameras, for a district 25 more\n"
           "layers; truth.json with what is in them and what a loader makes of it, truth.rows.csv with\n"
           "each dirty row, load.list with the arguments that `mqt-etl load` takes for each file, and\n"
           "再次报送/ with files that come again, one of them whole.\n"
           "\n"
           "  --scale S     how large: %s (default community)\n"
           "  --seed N      0 to 9223372036854775807; the same seed and time give the same files\n"
           "                (default 1)\n"
           "  --until TIME  the last moment of the tickets, 2026-11-22 or 2026-11-22T16:00, with Z or\n"
           "                +08:00 when it is not local time (default: now); rounded down to the hour\n"
           "\n"
           "Dirt that is meant, how many of the rows that can have it (at least one a file), and what becomes of it:\n",
           mqt_town_scales());
    mqt_dirt_print();
}

static bool parse_seed(const char *text, uint64_t *seed)
{
    char *end = NULL;
    if (*text < '0' || *text > '9') {
        return false;
    }
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*end != '\0' || errno != 0 || value > INT64_MAX) {
        return false;
    }
    *seed = value;
    return true;
}

/* Puts one option and its value into options; false with a line on stderr when it cannot be used. */
static bool take_option(struct mqt_sample_options *options, const char *name, const char *value)
{
    if (strcmp(name, "--out") == 0) {
        options->dir = value;
        return true;
    }
    if (strcmp(name, "--scale") == 0) {
        options->scale = value;
        return true;
    }
    if (strcmp(name, "--seed") == 0) {
        if (!parse_seed(value, &options->seed)) {
            fprintf(stderr, "mqt-etl sample: --seed must be a whole number from 0, not %s\n", value);
            return false;
        }
        return true;
    }
    if (mqt_calendar_parse(value, &options->until_s) != MQT_OK) {
        fprintf(stderr, "mqt-etl sample: --until must be a time such as 2026-11-22T16:00, not %s\n", value);
        return false;
    }
    return true;
}

static bool is_option(const char *name)
{
    static const char *const names[] = {"--out", "--scale", "--seed", "--until"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

int mqt_sample_main(int argc, char **argv)
{
    if (mqt_live_wanted(argc, argv)) {
        return mqt_live_main(argc, argv);
    }
    struct mqt_sample_options options = {.scale = "community", .seed = 1, .until_s = (int64_t)time(NULL)};
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help();
            return 0;
        }
        if (!is_option(argv[i]) || i + 1 == argc) {
            fprintf(stderr, "mqt-etl sample: %s %s; see mqt-etl sample --help\n", argv[i],
                    is_option(argv[i]) ? "needs a value" : "is not an option");
            return 2;
        }
        if (!take_option(&options, argv[i], argv[i + 1])) {
            return 2;
        }
    }
    if (!options.dir) {
        fprintf(stderr, "mqt-etl sample: --out DIR is missing; see mqt-etl sample --help\n");
        return 2;
    }
    struct mqt_detail detail = {0};
    enum mqt_err err = mqt_sample_run(&options, &detail);
    if (err != MQT_OK) {
        fprintf(stderr, "mqt-etl sample: %s\n", detail.text);
        return err == MQT_ERR_PARAM ? 2 : 1;
    }
    printf("sample district %s, seed %" PRIu64 ": files and load.list in %s\n", options.scale, options.seed,
           options.dir);
    return 0;
}
