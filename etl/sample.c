#include "sample.h"

#include "calendar.h"
#include "delivery.h"
#include "file.h"
#include "live.h"
#include "live_option.h"
#include "map_files.h"
#include "random.h"
#include "redelivery.h"
#include "scale.h"
#include "town_source.h"

#include "../tiles/buf.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATH_MAX_BYTES = 3900, HOUR_S = 3600, LIST_MAX_BYTES = 1 << 20 };

static const char LOAD_LIST_NAME[] = "load.list";

/* With those above it. */
static enum mqt_err make_dirs(const char *dir, struct mqt_detail *detail)
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
        enum mqt_err err = mqt_file_make_dir(path, detail);
        if (err != MQT_OK) {
            return err;
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

/* Everything that is written, part by part. */
struct output {
    const struct mqt_sample_options *options;
    int64_t until_s;
    char date[40];
    struct mqt_truth truth;
    struct mqt_delivery_lists lists;
    struct mqt_survey survey; /* of the map's files */
    struct mqt_map_files *maps;
    bool is_district; /* or a city: with all layers */
};

/* Areas before what lies in them, buildings before the people and tickets that belong to them. */
static enum mqt_err write_list(struct output *output, struct mqt_detail *detail)
{
    const struct mqt_buf *parts[] = {&output->lists.buildings, &output->lists.registers, &output->lists.facilities,
                                     &output->lists.tickets};
    struct mqt_buf list;
    bool whole = true;
    mqt_buf_init(&list, LIST_MAX_BYTES);
    mqt_map_files_list_areas(&list);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i) {
        mqt_buf_add(&list, parts[i]->data, parts[i]->len);
        whole = whole && mqt_buf_err(parts[i]) == MQT_OK;
    }
    mqt_map_files_list_layers(output->is_district, &list);
    whole = whole && mqt_buf_err(&list) == MQT_OK;
    enum mqt_err err = whole ? mqt_file_save(output->options->dir, LOAD_LIST_NAME, list.data, list.len, detail)
                             : mqt_fail(detail, MQT_ERR_MEMORY, "no memory for %s", LOAD_LIST_NAME);
    mqt_buf_clear(&list);
    return err;
}

static enum mqt_err save_json(const char *dir, const json_t *truth, struct mqt_detail *detail)
{
    char *text = truth ? json_dumps(truth, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
    if (!text) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for truth.json");
    }
    enum mqt_err err = mqt_file_save(dir, "truth.json", text, strlen(text), detail);
    free(text);
    return err;
}

/* truth.json and truth.rows.csv, once all files are written. */
static enum mqt_err write_truth(struct output *output, bool redelivers, struct mqt_detail *detail)
{
    char a_register[256] = "";
    const char *dir = output->options->dir;
    const struct mqt_buf *rows = &output->truth.rows;
    const struct mqt_buf *registers = &output->lists.registers;
    json_t *redelivered = json_object();
    enum mqt_err err = MQT_OK;
    (void)snprintf(a_register, sizeof a_register, "%.*s", (int)registers->len,
                   registers->data ? (const char *)registers->data : "");
    a_register[strcspn(a_register, " ")] = '\0';
    if (redelivers) {
        json_decref(redelivered);
        redelivered = NULL;
        err = mqt_redelivery_write(dir, *a_register ? a_register : NULL, &output->truth, &redelivered, detail);
    }
    if (err == MQT_OK) {
        json_t *truth = json_pack("{s:s,s:I,s:I,s:O,s:o}", "scale", output->options->scale, "seed",
                                  (json_int_t)output->options->seed, "until_s", (json_int_t)output->until_s, "files",
                                  output->truth.files, "redelivered", redelivered);
        err = save_json(dir, truth, detail);
        json_decref(truth);
    }
    if (err == MQT_OK && mqt_buf_err(rows) != MQT_OK) {
        err = mqt_fail(detail, MQT_ERR_MEMORY, "no memory for truth.rows.csv");
    }
    return err == MQT_OK ? mqt_file_save(dir, "truth.rows.csv", rows->data, rows->len, detail) : err;
}

/* A district of a city has a folder of its own, which is named after it. */
static enum mqt_err enter_folder(struct output *output, const struct mqt_town *town, struct mqt_detail *detail)
{
    char path[PATH_MAX_BYTES + 1];
    struct mqt_truth *truth = &output->truth;
    (void)snprintf(truth->folder, sizeof truth->folder, "%s/", town->areas.at[0].name);
    (void)snprintf(path, sizeof path, "%s/%s", output->options->dir, town->areas.at[0].name);
    return mqt_file_make_dir(path, detail);
}

static enum mqt_err write_part(struct output *output, struct mqt_town_source *source, struct mqt_detail *detail)
{
    struct mqt_town town;
    enum mqt_err err = mqt_town_source_build(source, &town, detail);
    if (err != MQT_OK) {
        return err;
    }
    if (town.part > 0) {
        err = enter_folder(output, &town, detail);
    }
    if (err == MQT_OK) {
        err = mqt_delivery_write(&town, output->options->dir, output->date, &output->truth, &output->lists, detail);
    }
    if (err == MQT_OK) {
        err = mqt_map_files_add(output->maps, &town, detail);
    }
    mqt_town_clear(&town);
    return err;
}

static enum mqt_err write_files(struct output *output, struct mqt_town_source *source, struct mqt_detail *detail)
{
    struct mqt_moment until = mqt_calendar_local(output->until_s);
    (void)snprintf(output->date, sizeof output->date, "%04d-%02d-%02d", until.year, until.month, until.day);
    output->survey = (struct mqt_survey){NULL, output->options->dir, output->date, &output->truth};
    output->is_district = mqt_scale_find(output->options->scale)->is_district;
    unsigned parts = mqt_town_source_parts(source);
    enum mqt_err err = mqt_map_files_open(&output->survey, output->is_district, &output->maps, detail);
    for (unsigned part = 0; err == MQT_OK && part < parts; ++part) {
        err = write_part(output, source, detail);
    }
    err = mqt_map_files_close(output->maps, err, detail);
    if (err == MQT_OK) {
        err = write_truth(output, parts == 1, detail);
    }
    return err == MQT_OK ? write_list(output, detail) : err;
}

enum mqt_err mqt_sample_run(const struct mqt_sample_options *options, struct mqt_detail *detail)
{
    struct output output = {.options = options,
                            .until_s = options->until_s - ((options->until_s % HOUR_S) + HOUR_S) % HOUR_S};
    struct mqt_town_source *source = NULL;
    mqt_delivery_lists_init(&output.lists);
    enum mqt_err err = mqt_truth_init(&output.truth);
    if (err != MQT_OK) {
        (void)mqt_fail(detail, err, "no memory for truth.json");
        goto done;
    }
    err = mqt_town_source_new(options->scale, options->seed, output.until_s, options->with_people, &source, detail);
    if (err != MQT_OK) {
        goto done;
    }
    err = make_dirs(options->dir, detail);
    if (err == MQT_OK) {
        err = remove_list(options->dir, detail);
    }
    if (err == MQT_OK) {
        err = write_files(&output, source, detail);
    }
done:
    mqt_town_source_free(source);
    mqt_truth_clear(&output.truth);
    mqt_delivery_lists_clear(&output.lists);
    return err;
}

static void print_help(void)
{
    printf("Usage: mqt-etl sample --out DIR [--scale S] [--seed N] [--until TIME] [--households]\n"
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
           "  --households  of a city: with the registers of its households, 6 million people (other\n"
           "                scales always have them)\n"
           "\n"
           "A city comes in folders, one for each of its districts, with buildings, facilities and tickets;\n"
           "areas and layers are one file each.\n"
           "\n"
           "Dirt that is meant, how many of a file's rows (at least one; of the rows that can have it at most\n"
           "a tenth), and what becomes of it:\n",
           mqt_town_scales());
    mqt_dirt_print();
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
        if (!mqt_random_parse_seed(value, &options->seed)) {
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
    bool households = false;
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help();
            return 0;
        }
        if (strcmp(argv[i], "--households") == 0) {
            households = true;
            --i; /* no value follows */
            continue;
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
    const struct mqt_town_scale *scale = mqt_scale_find(options.scale);
    if (households && scale && !scale->is_city) {
        fprintf(stderr, "mqt-etl sample: --households is for --scale city; %s always has them\n", options.scale);
        return 2;
    }
    options.with_people = households || !scale || !scale->is_city;
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
