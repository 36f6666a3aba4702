#include "http.h"
#include "metrics.h"
#include "style_doc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define SPRITE_BYTES ((size_t)64 << 20)
#define DB_CONNECTIONS 4
#define DB_STATEMENT_MS 10000
#define DB_CONNECT_S 3
#define READY_STEP_MS 100
#define FONT_FAMILY "Noto Sans CJK SC"

/* The one thing that a signal handler may touch: it cannot be handed anything. Written once. */
static int signal_pipe[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;
    char byte = (char)number;
    ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written; /* a full pipe already says it */
    errno = saved;
}

static bool catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    return pipe(signal_pipe) == 0 && fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(signal_pipe[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(signal_pipe[1], F_SETFD, FD_CLOEXEC) == 0 &&
           sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0 &&
           sigaction(SIGPIPE, &ignore, NULL) == 0;
}

/* True when a signal came. */
static bool wait_for_signal(int wait_ms)
{
    struct pollfd pipe_end = {signal_pipe[0], POLLIN, 0};
    return poll(&pipe_end, 1, wait_ms) > 0;
}

/* A connection is a file descriptor; the usual soft limit of 1024 would end below ours. */
static void raise_file_limit(const struct mqt_log *log, int max_connections)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (rlim_t)max_connections + 256) {
        mqt_log(log, MQT_LOG_WARN, "few-files", "the system allows %llu open files, %d connections may be asked for",
                (unsigned long long)limit.rlim_cur, max_connections);
    }
}

static const char *read_env(const char *name)
{
    return getenv(name);
}

static void log_live(void *user, const char *line)
{
    mqt_log(user, MQT_LOG_INFO, "live", "%s", line);
}

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static enum mqt_err open_pool(struct mqt_app *app, struct mqt_detail *detail)
{
    struct mqt_db_pool_config config = {
        .url = app->config->database_url,
        .role = "mqt_web",
        .application = "mqt-server",
        .max_connections = DB_CONNECTIONS,
        .statement_timeout_ms = DB_STATEMENT_MS,
        .connect_timeout_s = DB_CONNECT_S,
    };
    enum mqt_err err = mqt_db_pool_new(&config, &app->pool);
    return err ? mqt_fail(detail, err, "the database pool cannot be made") : MQT_OK;
}

static enum mqt_err start_live(struct mqt_app *app, struct mqt_detail *detail)
{
    union {
        const struct mqt_log *log;
        void *user;
    } log = {.log = app->log}; /* handed back to log_live, which only reads it */
    struct mqt_live_config config = {
        .database_url = app->config->database_url,
        .role = "mqt_web",
        .max_layer_bytes = app->config->memory_bytes,
        .log = log_live,
        .log_user = log.user,
    };
    return mqt_live_start(&config, app->registry, &app->live, detail);
}

static void open_fonts(struct mqt_app *app)
{
    struct mqt_detail detail = {0};
    if (mqt_fonts_open(FONT_FAMILY, SPRITE_BYTES, &app->fonts, &detail)) {
        mqt_log(app->log, MQT_LOG_WARN, "no-fonts", "raster tiles have no labels: %s", detail.text);
    }
}

static enum mqt_err open_parts(struct mqt_app *app, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_registry_new(now_ms(), &app->registry);
    if (!err) {
        err = mqt_cache_new(app->config->cache_bytes, &app->cache);
    }
    if (!err) {
        err = mqt_metrics_new(&app->metrics);
    }
    if (!err) {
        err = mqt_styles_new(app->config->styles_dir, app->log, &app->styles);
    }
    if (err) {
        return mqt_fail(detail, err, "no memory to start");
    }
    open_fonts(app);
    err = open_pool(app, detail);
    return err ? err : start_live(app, detail);
}

static void close_parts(struct mqt_app *app)
{
    mqt_live_stop(app->live);
    mqt_db_pool_free(app->pool);
    mqt_styles_free(app->styles);
    mqt_cache_free(app->cache);
    mqt_registry_free(app->registry);
    mqt_fonts_close(app->fonts);
    mqt_metrics_free(app->metrics);
}

/* Requests are answered from the start; the address is printed once they are answered in full. */
static void serve(struct mqt_app *app, const struct mqt_http *http)
{
    struct mqt_detail detail = {0};
    const char *colon = strchr(app->config->listen, ':');
    bool signalled = false;
    while (!signalled && mqt_live_wait_ready(app->live, READY_STEP_MS, &detail)) {
        signalled = wait_for_signal(0);
    }
    if (!signalled) {
        (void)printf("listening on http://%s%s%s:%u\n", colon ? "[" : "", app->config->listen, colon ? "]" : "",
                     mqt_http_port(http));
        (void)fflush(stdout);
        while (!wait_for_signal(-1)) {
        }
    }
    mqt_log(app->log, MQT_LOG_INFO, "stopping", "asked to end");
}

static int run(const struct mqt_config *config)
{
    struct mqt_log const log = {STDERR_FILENO, config->log_level};
    struct mqt_app app = {.config = config, .log = &log};
    struct mqt_http *http = NULL;
    struct mqt_detail detail = {0};
    if (!catch_signals()) {
        mqt_log(&log, MQT_LOG_ERROR, "start-failed", "signals cannot be caught");
        return 1;
    }
    raise_file_limit(&log, config->max_connections);
    enum mqt_err err = open_parts(&app, &detail);
    if (!err) {
        err = mqt_http_start(&app, &http, &detail);
    }
    if (err) {
        mqt_log(&log, MQT_LOG_ERROR, "start-failed", "%s", detail.text);
    } else {
        mqt_log(&log, MQT_LOG_INFO, "started", "version " MQT_VERSION ", port %u", mqt_http_port(http));
        serve(&app, http);
    }
    mqt_http_stop(http);
    close_parts(&app);
    return err ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct mqt_config config;
    struct mqt_detail detail = {0};
    if (mqt_config_read(argc, argv, read_env, &config, &detail)) {
        (void)fprintf(stderr, "mqt-server: %s\n", detail.text);
        return 2;
    }
    if (config.help) {
        (void)fputs(mqt_config_help(), stdout);
        return 0;
    }
    if (config.version) {
        (void)printf("mqt-server %s\n", MQT_VERSION);
        return 0;
    }
    return run(&config);
}
