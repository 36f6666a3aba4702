/* unshare() and the CLONE_ flags are Linux's own. */
#define _GNU_SOURCE
#include "reader.h"

#include "../tiles/arena.h"
#include "csv.h"
#include "file.h"
#include "records.h"
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITISED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITISED 1
#endif

enum { PIPE_BYTES = 1 << 20 };

struct mqt_reader {
    pid_t child;
    struct mqt_wire wire;
    struct mqt_arena arena; /* holds the table, which must outlive the wire's messages */
    struct mqt_table table;
    struct mqt_reader_limits limits;
    int64_t deadline_ms;
};

static void set_limit(__rlimit_resource_t what, size_t value)
{
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

    /* A lower limit that is in force already is as good. */
    (void)setrlimit(what, &limit);
}

static void confine(const struct mqt_reader_limits *limits, int keep_fd)
{
    long max_fd = sysconf(_SC_OPEN_MAX);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Its end tells the parent that a mapped file became shorter. */
    (void)signal(SIGBUS, SIG_DFL);
    for (int fd = 3; fd < (max_fd > 0 && max_fd < 1024 ? (int)max_fd : 1024); fd++) {
        if (fd != keep_fd) {
            close(fd);
        }
    }
    /* A network of its own, with nothing in it. Where the kernel forbids that, the driver allow-list
     * and GDAL's settings are what is left. */
    if (unshare(CLONE_NEWNET) != 0) {
        (void)(unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0);
    }
#ifndef SANITISED
    set_limit(RLIMIT_AS, limits->memory_bytes);
#endif
    set_limit(RLIMIT_CPU, limits->cpu_s);
    set_limit(RLIMIT_CORE, 0);
}

static enum mqt_err send_file(const struct mqt_reader_request *request, const char *path, enum mqt_file_format format,
                              struct mqt_wire *wire, struct mqt_detail *detail)
{
    struct mqt_source_request source = {.path = path,
                                        .format = format,
                                        .table = request->table,
                                        .where = request->where,
                                        .encoding = request->encoding};

    if ((format == MQT_FILE_CSV || format == MQT_FILE_RECORDS) && (request->where != NULL || request->table != NULL)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, request->where != NULL ? "where" : "table",
                              "--table and --where are not for text tables and JSON records: they are one table");
    }
    switch (format) {
    case MQT_FILE_CSV:
        return mqt_csv_send(path, request->encoding, wire, detail);
    case MQT_FILE_RECORDS:
        return mqt_records_send(path, wire, detail);
    default:
        return mqt_source_send(&source, wire, detail);
    }
}

static void run_child(const struct mqt_reader_request *request, const char *path, enum mqt_file_format format, int fd)
    __attribute__((noreturn));
static void run_child(const struct mqt_reader_request *request, const char *path, enum mqt_file_format format, int fd)
{
    struct mqt_wire wire;
    struct mqt_detail detail = {0};
    int null_fd = open("/dev/null", O_RDWR);
    enum mqt_err err;

    /* Libraries write warnings to stderr; what the operator needs goes over the wire. */
    if (null_fd >= 0) {
        dup2(null_fd, STDIN_FILENO);
        dup2(null_fd, STDOUT_FILENO);
        dup2(null_fd, STDERR_FILENO);
    }
    confine(&request->limits, fd);
    mqt_wire_init(&wire, fd);
    err = send_file(request, path, format, &wire, &detail);
    if (err != MQT_OK) {
        err = mqt_wire_put_error(&wire, err, detail.text[0] == '\0' ? "the file cannot be read" : detail.text);
    }
    _exit(err == MQT_OK ? 0 : 1);
}

/* Why the child went silent, from how it ended. */
static enum mqt_err explain_end(struct mqt_reader *reader, enum mqt_err err, struct mqt_detail *detail)
{
    int status = 0;

    if (err != MQT_ERR_IO && err != MQT_ERR_TIMEOUT && err != MQT_ERR_FORMAT) {
        return err;
    }
    if (err == MQT_ERR_FORMAT && detail != NULL && detail->text[0] != '\0') {
        return err;
    }
    if (err == MQT_ERR_TIMEOUT) {
        return mqt_fail(detail, err, "reading took longer than the %u s that are allowed", reader->limits.wall_s);
    }
    if (waitpid(reader->child, &status, 0) == reader->child) {
        reader->child = -1;
        if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)) {
            return mqt_fail(detail, MQT_ERR_LIMIT, "reading took more processor time than the %u s that are allowed",
                            reader->limits.cpu_s);
        }
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "reading broke off: the file became shorter while it was read");
        }
        if (WIFSIGNALED(status)) {
            return mqt_fail(detail, MQT_ERR_FORMAT,
                            "reading broke off: the file is damaged, or needs more than the %zu MB that are allowed",
                            reader->limits.memory_bytes >> 20);
        }
    }
    return mqt_fail(detail, MQT_ERR_FORMAT, "reading broke off: the file is damaged");
}

static enum mqt_err start_child(const struct mqt_reader_request *request, const char *path, enum mqt_file_format format,
                                struct mqt_reader *reader, struct mqt_detail *detail)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return mqt_fail(detail, MQT_ERR_IO, "no pipe: %s", strerror(errno));
    }
    /* More room than a pipe has by itself, so that the two take turns less often; it goes without. */
    (void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES);
    reader->child = fork();
    if (reader->child < 0) {
        close(ends[0]);
        close(ends[1]);
        return mqt_fail(detail, MQT_ERR_IO, "no process to read the file in: %s", strerror(errno));
    }
    if (reader->child == 0) {
        close(ends[0]);
        run_child(request, path, format, ends[1]);
    }
    close(ends[1]);
    mqt_wire_init(&reader->wire, ends[0]);
    return MQT_OK;
}

static const char *keep(struct mqt_arena *arena, const char *text)
{
    char *copy = mqt_arena_copy(arena, text, strlen(text));

    return copy == NULL ? "" : copy;
}

static enum mqt_err keep_table(struct mqt_reader *reader, const struct mqt_table *table)
{
    const char **columns = mqt_arena_calloc(&reader->arena, table->column_count + 1, sizeof *columns);

    if (columns == NULL) {
        return MQT_ERR_MEMORY;
    }
    reader->table = *table;
    reader->table.name = keep(&reader->arena, table->name);
    reader->table.format = keep(&reader->arena, table->format);
    reader->table.crs = keep(&reader->arena, table->crs);
    reader->table.encoding = keep(&reader->arena, table->encoding);
    reader->table.note = keep(&reader->arena, table->note);
    for (size_t i = 0; i < table->column_count; i++) {
        columns[i] = keep(&reader->arena, table->columns[i]);
    }
    reader->table.columns = columns;
    return reader->arena.err;
}

enum mqt_err mqt_reader_new(const struct mqt_reader_request *request, struct mqt_reader **reader,
                            struct mqt_detail *detail)
{
    char path[PATH_MAX];
    enum mqt_file_format format;
    enum mqt_wire_kind kind;
    struct mqt_table table;
    struct mqt_row row;
    struct mqt_reader *made;
    enum mqt_err err = mqt_file_resolve(request->path, path, sizeof path, detail);

    if (err != MQT_OK || (err = mqt_file_recognise(path, &format, detail)) != MQT_OK) {
        return err;
    }
    made = calloc(1, sizeof *made);
    if (made == NULL) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory to read the file");
    }
    made->wire.fd = -1;
    made->limits = request->limits;
    made->deadline_ms = mqt_wire_now_ms() + (int64_t)request->limits.wall_s * 1000;
    mqt_arena_init(&made->arena, 16 << 20);
    err = start_child(request, path, format, made, detail);
    if (err == MQT_OK) {
        err = mqt_wire_get(&made->wire, made->deadline_ms, &kind, &table, &row, detail);
        if (err == MQT_OK && kind == MQT_WIRE_TABLE) {
            err = keep_table(made, &table);
        } else {
            err = explain_end(made, err == MQT_OK ? MQT_ERR_FORMAT : err, detail);
        }
    }
    if (err != MQT_OK) {
        mqt_reader_free(made);
        return err;
    }
    *reader = made;
    return MQT_OK;
}

void mqt_reader_free(struct mqt_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->child > 0) {
        kill(reader->child, SIGKILL);
        while (waitpid(reader->child, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    mqt_wire_clear(&reader->wire);
    mqt_arena_clear(&reader->arena);
    free(reader);
}

const struct mqt_table *mqt_reader_table(const struct mqt_reader *reader)
{
    return &reader->table;
}

enum mqt_err mqt_reader_next(struct mqt_reader *reader, struct mqt_row *row, bool *more, struct mqt_detail *detail)
{
    enum mqt_wire_kind kind;
    struct mqt_table table;
    enum mqt_err err = mqt_wire_get(&reader->wire, reader->deadline_ms, &kind, &table, row, detail);

    if (err != MQT_OK) {
        return explain_end(reader, err, detail);
    }
    if (kind == MQT_WIRE_TABLE) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the reading process spoke out of turn");
    }
    *more = kind == MQT_WIRE_ROW;
    return MQT_OK;
}
