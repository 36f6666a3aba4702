#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((int64_t)1024 * 1024)

static const char help_text[] =
    "mqt-server: serves the district of a PostGIS database as tiles, features and live events.\n"
    "\n"
    "usage: mqt-server [option ...]\n"
    "\n"
    "  --port N          port, 0 for any free one (PORT, 8080)\n"
    "  --listen ADDR     address to listen on (MQT_LISTEN, 127.0.0.1)\n"
    "  --web DIR         the built browser side (MQT_WEB, web/dist)\n"
    "  --styles DIR      style documents (MQT_STYLES, web/styles)\n"
    "  --run-dir DIR     where this district keeps its files (RUN_DIR, .run)\n"
    "  --log LEVEL       error, warn, info or debug (MQT_LOG, info)\n"
    "  --help            this text\n"
    "  --version         version\n"
    "\n"
    "environment:\n"
    "  MQT_DATABASE_URL         libpq connection string of the database; the server acts as role mqt_web\n"
    "  MQT_VIEW_TOKEN           when set, everything but /healthz asks for it\n"
    "  MQT_MAX_CONNECTIONS      connections admitted at once; more get 503 (1000)\n"
    "  MQT_MAX_STREAMS          of them, event streams (500)\n"
    "  MQT_THREADS              event loops (2)\n"
    "  MQT_CACHE_MB             rendered tiles kept (256)\n"
    "  MQT_LAYER_MB             ceiling of one layer in memory (4096)\n"
    "  MQT_HEAT_LEAST_TICKETS   from z16 on, hide heat of places with fewer tickets (3; 1 shows all)\n"
    "\n"
    "Once all layers are in memory it prints `listening on http://ADDR:PORT` to stdout. SIGINT or SIGTERM end it.\n"
    "Exit codes: 0 ended as asked, 1 failed, 2 wrong usage.\n";

const char *mqt_config_help(void)
{
    return help_text;
}

enum kind { KIND_TEXT, KIND_INT, KIND_MIB, KIND_PORT, KIND_LOG };

struct setting {
    const char *option; /* without the dashes; NULL: environment only */
    const char *variable;
    enum kind kind;
    size_t offset; /* in struct mqt_config */
    int64_t least, most;
};

#define AT(member) offsetof(struct mqt_config, member)

static const struct setting settings[] = {
    {"port", "PORT", KIND_PORT, AT(port), 0, 65535},
    {"listen", "MQT_LISTEN", KIND_TEXT, AT(listen), 1, 64},
    {"web", "MQT_WEB", KIND_TEXT, AT(web_dir), 1, 4096},
    {"styles", "MQT_STYLES", KIND_TEXT, AT(styles_dir), 1, 4096},
    {"run-dir", "RUN_DIR", KIND_TEXT, AT(run_dir), 1, 4096},
    {"log", "MQT_LOG", KIND_LOG, AT(log_level), 0, 0},
    {NULL, "MQT_DATABASE_URL", KIND_TEXT, AT(database_url), 0, 4096},
    /* The ceiling keeps the token within what a request's header may hold. */
    {NULL, "MQT_VIEW_TOKEN", KIND_TEXT, AT(view_token), 16, 256},
    {NULL, "MQT_MAX_CONNECTIONS", KIND_INT, AT(max_connections), 1, 100000},
    {NULL, "MQT_MAX_STREAMS", KIND_INT, AT(max_streams), 0, 100000},
    {NULL, "MQT_THREADS", KIND_INT, AT(threads), 1, 64},
    {NULL, "MQT_CACHE_MB", KIND_MIB, AT(cache_bytes), 1, 1024 * 1024},
    {NULL, "MQT_LAYER_MB", KIND_MIB, AT(memory_bytes), 1, 1024 * 1024},
    {NULL, "MQT_HEAT_LEAST_TICKETS", KIND_INT, AT(heat_least_tickets), 1, 1000},
};
#define SETTING_COUNT (sizeof settings / sizeof settings[0])

static bool parse_int(const char *text, int64_t *number)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || text[0] == ' ' || text[0] == '+') {
        return false;
    }
    *number = value;
    return true;
}

static enum mqt_err set_number(const struct setting *setting, const char *name, const char *value,
                               struct mqt_config *config, struct mqt_detail *detail)
{
    int64_t number = 0;
    if (!parse_int(value, &number) || number < setting->least || number > setting->most) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, name, "%s must be a whole number from %lld to %lld", name,
                              (long long)setting->least, (long long)setting->most);
    }
    void *member = (char *)config + setting->offset;
    if (setting->kind == KIND_PORT) {
        *(uint16_t *)member = (uint16_t)number;
    } else if (setting->kind == KIND_MIB) {
        *(size_t *)member = (size_t)(number * MIB);
    } else {
        *(int *)member = (int)number;
    }
    return MQT_OK;
}

static enum mqt_err set(const struct setting *setting, const char *name, const char *value, struct mqt_config *config,
                        struct mqt_detail *detail)
{
    void *member = (char *)config + setting->offset;
    if (setting->kind == KIND_LOG) {
        if (!mqt_log_level_parse(value, (enum mqt_log_level *)member)) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, name, "%s must be error, warn, info or debug", name);
        }
        return MQT_OK;
    }
    if (setting->kind == KIND_TEXT) {
        int64_t len = (int64_t)strlen(value);
        if (len < setting->least || len > setting->most) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, name, "%s must have %lld to %lld characters", name,
                                  (long long)setting->least, (long long)setting->most);
        }
        *(const char **)member = value;
        return MQT_OK;
    }
    return set_number(setting, name, value, config, detail);
}

/* The token travels in a cookie and in a header, whose syntax it must not break. */
static enum mqt_err check_token(const struct mqt_config *config, struct mqt_detail *detail)
{
    const char *token = config->view_token;
    if (token && token[strspn(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=")]) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "MQT_VIEW_TOKEN",
                              "MQT_VIEW_TOKEN must consist of letters, digits and -._~+/=");
    }
    return MQT_OK;
}

static enum mqt_err read_environment(mqt_config_env_fn env, struct mqt_config *config, struct mqt_detail *detail)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const char *value = env(settings[i].variable);
        if (!value || !*value) {
            continue; /* an empty variable counts as none */
        }
        enum mqt_err err = set(&settings[i], settings[i].variable, value, config, detail);
        if (err) {
            return err;
        }
    }
    return MQT_OK;
}

static const struct setting *find_option(const char *name, size_t len)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (settings[i].option && strlen(settings[i].option) == len && memcmp(settings[i].option, name, len) == 0) {
            return &settings[i];
        }
    }
    return NULL;
}

/* Reads the option at argv[*at] (`--name value` or `--name=value`) and moves *at to its last word. */
static enum mqt_err read_option(int argc, char *const *argv, int *at, struct mqt_config *config,
                                struct mqt_detail *detail)
{
    const char *word = argv[*at];
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    const struct setting *setting = len > 2 && memcmp(word, "--", 2) == 0 ? find_option(word + 2, len - 2) : NULL;
    if (!setting) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, word, "%s is not an option of mqt-server; see --help", word);
    }
    const char *value = equals ? equals + 1 : NULL;
    if (!value) {
        if (*at + 1 >= argc) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, word, "%s needs a value; see --help", word);
        }
        value = argv[++*at];
    }
    char name[32] = "--";
    memcpy(name + 2, setting->option, strlen(setting->option) + 1);
    return set(setting, name, value, config, detail);
}

enum mqt_err mqt_config_read(int argc, char *const *argv, mqt_config_env_fn env, struct mqt_config *config,
                             struct mqt_detail *detail)
{
    struct mqt_config fresh = {
        .port = 8080,
        .listen = "127.0.0.1",
        .web_dir = "web/dist",
        .styles_dir = "web/styles",
        .run_dir = ".run",
        .database_url = "",
        .max_connections = 1000,
        .max_streams = 500,
        .threads = 2,
        .cache_bytes = (size_t)(256 * MIB),
        .memory_bytes = (size_t)(4096 * MIB),
        .heat_least_tickets = 3,
        .log_level = MQT_LOG_INFO,
    };
    for (int i = 1; i < argc; i++) {
        fresh.help = fresh.help || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
        fresh.version = fresh.version || strcmp(argv[i], "--version") == 0;
    }
    enum mqt_err err = MQT_OK;
    if (!fresh.help && !fresh.version) {
        err = read_environment(env, &fresh, detail);
        for (int i = 1; !err && i < argc; i++) {
            err = read_option(argc, argv, &i, &fresh, detail);
        }
    }
    if (!err) {
        err = check_token(&fresh, detail);
    }
    if (!err) {
        *config = fresh;
    }
    return err;
}
