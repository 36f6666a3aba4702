#include "answers.h"

#include "../tiles/deflate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE ((size_t)64 << 20)

static const struct {
    const char *extension, *content_type;
    bool compress;
} kinds[] = {
    {"html", "text/html; charset=utf-8", true},
    {"js", "text/javascript; charset=utf-8", true},
    {"mjs", "text/javascript; charset=utf-8", true},
    {"css", "text/css; charset=utf-8", true},
    {"json", "application/json", true},
    {"map", "application/json", true},
    {"webmanifest", "application/manifest+json", true},
    {"svg", "image/svg+xml", true},
    {"png", "image/png", false},
    {"webp", "image/webp", false},
    {"jpg", "image/jpeg", false},
    {"ico", "image/x-icon", false},
    {"woff2", "font/woff2", false},
    {"wasm", "application/wasm", true},
    {"pbf", "application/x-protobuf", true},
    {"txt", "text/plain; charset=utf-8", true},
};

static size_t kind_of(const char *path)
{
    size_t const count = sizeof kinds / sizeof kinds[0];
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < count; i++) {
        if (strcmp(dot + 1, kinds[i].extension) == 0) {
            return i;
        }
    }
    return count;
}

/* The bundler puts a hash of eight characters or more behind the last dash: name-BxY12_ab.js. What
 * such a name shows never changes. */
static bool has_hashed_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *at = dot;
    while (at && at > path && at[-1] != '-' && at[-1] != '/') {
        at--;
    }
    bool in_assets = strncmp(path, "assets/", 7) == 0;
    return in_assets && at && at > path && at[-1] == '-' && dot - at >= 8;
}

/* Opens a file below the web directory, step by step, so that neither a name nor a symbolic link
 * leads out of it. Hidden files are not served. -1 when there is none. */
static int open_below(const char *directory, const char *path)
{
    int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (at >= 0) {
        char name[256];
        size_t len = strcspn(path, "/");
        bool last = path[len] == '\0';
        int next = -1;
        if (len > 0 && len < sizeof name && path[0] != '.') {
            memcpy(name, path, len);
            name[len] = '\0';
            next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (last ? 0 : O_DIRECTORY));
        }
        (void)close(at);
        at = next;
        if (last) {
            break;
        }
        path += len + 1;
    }
    return at;
}

struct page_file {
    int fd;
    size_t len;
    bool compress;
};

static enum mqt_err read_file(const struct page_file *file, struct mqt_buf *out)
{
    uint8_t *room = mqt_buf_reserve(out, file->len);
    if (!room) {
        return mqt_buf_err(out);
    }
    size_t used = 0;
    while (used < file->len) {
        ssize_t got = pread(file->fd, room + used, file->len - used, (off_t)used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return MQT_ERR_IO; /* it shrank meanwhile */
        }
        used += (size_t)got;
    }
    out->len += used;
    return MQT_OK;
}

static enum mqt_err make_page(void *user, struct mqt_buf *out, struct mqt_detail *detail)
{
    const struct page_file *file = user;
    struct mqt_buf plain;
    mqt_buf_init(&plain, MAX_FILE);
    enum mqt_err err = read_file(file, file->compress ? &plain : out);
    if (!err && file->compress) {
        err = mqt_gzip(plain.data, plain.len, out);
    }
    mqt_buf_clear(&plain);
    return err ? mqt_fail(detail, err, "the page cannot be read") : MQT_OK;
}

static enum mqt_err answer_file(struct mqt_app *app, struct mqt_exchange *exchange, int fd, struct mqt_detail *detail)
{
    const char *path = exchange->request.path;
    struct stat info;
    if (fstat(fd, &info) || !S_ISREG(info.st_mode)) {
        return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "path", "there is nothing at this address");
    }
    if (info.st_size < 0 || (size_t)info.st_size > MAX_FILE) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "the file is too large to be served");
    }
    size_t kind = kind_of(path);
    bool known = kind < sizeof kinds / sizeof kinds[0];
    bool compressible = known && kinds[kind].compress;
    struct page_file file = {fd, (size_t)info.st_size, compressible && exchange->gzip};
    char key[128];
    int key_len = snprintf(key, sizeof key, "page %llx %llx %lld.%09ld %c", (unsigned long long)info.st_dev,
                           (unsigned long long)info.st_ino, (long long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
                           file.compress ? 'g' : 'i');
    char etag[32];
    uint64_t hash = mqt_hash(mqt_hash(0, key, (size_t)key_len), &file.len, sizeof file.len);
    (void)snprintf(etag, sizeof etag, "%016llx", (unsigned long long)hash);
    struct mqt_response *response = &exchange->response;
    response->is_page = true;
    response->varies = compressible;
    response->cache_control = has_hashed_name(path) ? "public, max-age=31536000, immutable" : "no-cache";
    if (mqt_respond_not_modified(exchange, etag)) {
        return MQT_OK;
    }
    struct mqt_block *block = NULL;
    enum mqt_err err = mqt_cache_get(app->cache, etag, strlen(etag), MAX_FILE + 1024, make_page, &file, &block, detail);
    if (err) {
        return err;
    }
    response->body = block;
    response->gzipped = file.compress;
    response->content_type = known ? kinds[kind].content_type : "application/octet-stream";
    return MQT_OK;
}

enum mqt_err mqt_answer_page(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    int fd = open_below(app->config->web_dir, exchange->request.path);
    if (fd < 0) {
        return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "path", "there is nothing at this address");
    }
    enum mqt_err err = answer_file(app, exchange, fd, detail);
    (void)close(fd);
    return err;
}
