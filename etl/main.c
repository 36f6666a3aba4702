#include "load.h"
#include "run.h"
#include "sample.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const char USAGE[] =
    "Usage: mqt-etl COMMAND [OPTION]…\n"
    "Loads survey files into the district's database and accounts for every row.\n\n"
    "  load FILE      read, check and publish a survey file\n"
    "  check FILE     the same without writing anything; needs no database\n"
    "  runs           the last 50 runs\n"
    "  rejects RUN    the rows that a run refused or kept back, with the reasons\n"
    "  sample         write the survey files of an invented town; --live RATE: keep filing tickets\n\n"
    "  --help, --version    also after a command\n\n"
    "The database is MQT_DATABASE_URL, else libpq's environment. Exit: 0 done, 1 the file or the\n"
    "database failed, 2 wrong use or a question that needs your answer.\n";

static const char LOAD_USAGE[] =
    "Usage: mqt-etl load FILE [OPTION]…\n"
    "Reads .shp .gpkg .geojson .json .csv .txt .tsv .xlsx .osm .pbf .kml .kmz .gdb. What can be\n"
    "detected is detected: kind, columns, encoding, coordinate system.\n\n"
    "  --kind KIND        area, building, household, facility, ticket or layer\n"
    "  --layer ID         make or refresh the map layer ID from the file (kind layer)\n"
    "  --title TEXT       the layer's title\n"
    "  --source NAME      under which the rows are found again next time (the file's name)\n"
    "  --crs CRS          EPSG:n, gcj02, bd09 or a PROJ string\n"
    "  --encoding NAME    UTF-8, GB18030, BIG5, UTF-16LE, …\n"
    "  --table NAME       which table or sheet of the file\n"
    "  --where SQL        only rows that fulfil this condition (not for text tables)\n"
    "  --time-zone ZONE   of times that name none (Asia/Shanghai)\n"
    "  --anywhere         facilities and tickets that lie in no grid are loaded too, not kept back\n"
    "  --prune            remove rows of this source that the file does not have any more\n";

static const char CHECK_USAGE[] =
    "Usage: mqt-etl check FILE [OPTION]…\n"
    "Reads and checks the file as load does, with the same options, and writes nothing.\n";

static const char RUNS_USAGE[] = "Usage: mqt-etl runs\nPrints the last 50 runs, newest first, as tab-separated text.\n";

static const char REJECTS_USAGE[] =
    "Usage: mqt-etl rejects RUN\n"
    "Prints the rows that the run refused or kept back for review, as tab-separated text. Names,\n"
    "phones and identity numbers are masked.\n";

enum option_id {
    OPT_HELP = 'h',
    OPT_VERSION = 'V',
    OPT_KIND = 256,
    OPT_LAYER,
    OPT_TITLE,
    OPT_SOURCE,
    OPT_CRS,
    OPT_ENCODING,
    OPT_TABLE,
    OPT_WHERE,
    OPT_TIME_ZONE,
    OPT_ANYWHERE,
    OPT_PRUNE
};

static const struct option LOAD_OPTIONS[] = {{"kind", required_argument, NULL, OPT_KIND},
                                             {"layer", required_argument, NULL, OPT_LAYER},
                                             {"title", required_argument, NULL, OPT_TITLE},
                                             {"source", required_argument, NULL, OPT_SOURCE},
                                             {"crs", required_argument, NULL, OPT_CRS},
                                             {"encoding", required_argument, NULL, OPT_ENCODING},
                                             {"table", required_argument, NULL, OPT_TABLE},
                                             {"where", required_argument, NULL, OPT_WHERE},
                                             {"time-zone", required_argument, NULL, OPT_TIME_ZONE},
                                             {"anywhere", no_argument, NULL, OPT_ANYWHERE},
                                             {"prune", no_argument, NULL, OPT_PRUNE},
                                             {"help", no_argument, NULL, OPT_HELP},
                                             {"version", no_argument, NULL, OPT_VERSION},
                                             {NULL, 0, NULL, 0}};

/* 1 is a failure, 2 a question or wrong use. */
static int exit_code(enum mqt_err err)
{
    return err == MQT_OK ? EXIT_SUCCESS : err == MQT_ERR_PARAM ? EXIT_USAGE : EXIT_FAILURE;
}

static int fail(enum mqt_err err, const struct mqt_detail *detail)
{
    fprintf(stderr, "mqt-etl: %s\n", detail->text[0] == '\0' ? mqt_err_name(err) : detail->text);
    return exit_code(err);
}

static int say_version(void)
{
    puts("mqt-etl " MQT_VERSION);
    return EXIT_SUCCESS;
}

static void take_option(int option, char *value, struct mqt_load_options *options)
{
    switch (option) {
    case OPT_KIND:
        options->kind = value;
        break;
    case OPT_LAYER:
        options->layer = value;
        break;
    case OPT_TITLE:
        options->title = value;
        break;
    case OPT_SOURCE:
        options->source = value;
        break;
    case OPT_CRS:
        options->crs = value;
        break;
    case OPT_ENCODING:
        options->encoding = value;
        break;
    case OPT_TABLE:
        options->table = value;
        break;
    case OPT_WHERE:
        options->where = value;
        break;
    case OPT_TIME_ZONE:
        options->time_zone = value;
        break;
    case OPT_ANYWHERE:
        options->anywhere = true;
        break;
    default:
        options->prune = true;
    }
}

static int run_load(int argc, char **argv, bool check_only)
{
    struct mqt_load_options options = {.url = getenv("MQT_DATABASE_URL"), .check_only = check_only};
    struct mqt_load_result result;
    struct mqt_report report;
    struct mqt_detail detail = {0};
    enum mqt_err err;
    int option;

    while ((option = getopt_long(argc, argv, "hV", LOAD_OPTIONS, NULL)) != -1) {
        if (option == OPT_HELP) {
            fputs(check_only ? CHECK_USAGE : LOAD_USAGE, stdout);
            return EXIT_SUCCESS;
        }
        if (option == OPT_VERSION) {
            return say_version();
        }
        if (option == '?') {
            return EXIT_USAGE;
        }
        take_option(option, optarg, &options);
    }
    if (argc - optind != 1) {
        fprintf(stderr, "mqt-etl: %s takes one file; see mqt-etl %s --help\n", argv[0], argv[0]);
        return EXIT_USAGE;
    }
    options.path = argv[optind];
    mqt_report_init(&report);
    err = mqt_load(&options, &report, &result, &detail);
    if (err != MQT_OK) {
        return fail(err, &detail);
    }
    if (check_only) {
        mqt_report_check(&result.counts, result.kind);
    } else {
        mqt_report_counts(&result.counts, result.run, result.kind);
    }
    if (result.counts.rejected > 0 && result.counts.rejected == result.counts.read - result.counts.skipped) {
        fprintf(stderr, "mqt-etl: every row was rejected%s\n", check_only ? "" : "; mqt-etl rejects RUN shows why");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

/* Takes --help and --version of a command without options of its own; -1: go on. */
static int common_options(int argc, char **argv, const char *usage)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(usage, stdout);
            return EXIT_SUCCESS;
        }
        if (strcmp(argv[i], "--version") == 0 || strcmp(argv[i], "-V") == 0) {
            return say_version();
        }
    }
    return -1;
}

static enum mqt_err with_database(enum mqt_err (*work)(struct mqt_db *db, int64_t run, struct mqt_detail *detail),
                                  int64_t run, struct mqt_detail *detail)
{
    struct mqt_db_pool_config config = {.url = getenv("MQT_DATABASE_URL"),
                                        .role = "mqt_etl",
                                        .application = "mqt-etl",
                                        .max_connections = 1,
                                        .connect_timeout_s = 10};
    struct mqt_db_pool *pool = NULL;
    struct mqt_db *db = NULL;
    enum mqt_err err = mqt_db_pool_new(&config, &pool);

    if (err == MQT_OK) {
        err = mqt_db_take(pool, 0, &db, detail);
    }
    if (err == MQT_OK) {
        err = work(db, run, detail);
    }
    mqt_db_give(db);
    mqt_db_pool_free(pool);
    return err;
}

static enum mqt_err list_runs(struct mqt_db *db, int64_t run, struct mqt_detail *detail)
{
    (void)run;
    return mqt_run_print_list(db, detail);
}

static int run_runs(int argc, char **argv)
{
    struct mqt_detail detail = {0};
    int code = common_options(argc, argv, RUNS_USAGE);
    enum mqt_err err;

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        fputs(RUNS_USAGE, stderr);
        return EXIT_USAGE;
    }
    err = with_database(list_runs, 0, &detail);
    return err == MQT_OK ? EXIT_SUCCESS : fail(err, &detail);
}

static int run_rejects(int argc, char **argv)
{
    struct mqt_detail detail = {0};
    int code = common_options(argc, argv, REJECTS_USAGE);
    char *end = NULL;
    long long run;
    enum mqt_err err;

    if (code >= 0) {
        return code;
    }
    run = argc == 2 ? strtoll(argv[1], &end, 10) : 0;
    if (run <= 0 || *end != '\0') {
        fputs(REJECTS_USAGE, stderr);
        return EXIT_USAGE;
    }
    err = with_database(mqt_run_print_rejects, run, &detail);
    return err == MQT_OK ? EXIT_SUCCESS : fail(err, &detail);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";

    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 || strcmp(command, "help") == 0) {
        fputs(USAGE, stdout);
        return EXIT_SUCCESS;
    }
    if (strcmp(command, "--version") == 0 || strcmp(command, "-V") == 0) {
        return say_version();
    }
    if (strcmp(command, "load") == 0) {
        return run_load(argc - 1, argv + 1, false);
    }
    if (strcmp(command, "check") == 0) {
        return run_load(argc - 1, argv + 1, true);
    }
    if (strcmp(command, "runs") == 0) {
        return run_runs(argc - 1, argv + 1);
    }
    if (strcmp(command, "rejects") == 0) {
        return run_rejects(argc - 1, argv + 1);
    }
    if (strcmp(command, "sample") == 0) {
        return mqt_sample_main(argc - 1, argv + 1);
    }
    if (command[0] != '\0') {
        fprintf(stderr, "mqt-etl: there is no command '%s'\n", command);
    }
    fputs(USAGE, stderr);
    return EXIT_USAGE;
}
