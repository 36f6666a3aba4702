#include "photo_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 1024, HEX_BYTES = 2 * MQT_HASH_BYTES + 1, SHARD_DIGITS = 2 };

enum mqt_err mqt_photo_store_open(const char *dir, struct mqt_photo_store *store, struct mqt_detail *detail)
{
    const char *given = dir ? dir : getenv("MQT_PHOTO_DIR");
    const char *run_dir = getenv("RUN_DIR");
    int len = given && *given
                  ? snprintf(store->dir, sizeof store->dir, "%s", given)
                  : snprintf(store->dir, sizeof store->dir, "%s/photos", run_dir && *run_dir ? run_dir : ".run");
    if (len < 0 || (size_t)len >= sizeof store->dir - HEX_BYTES - 32) {
        return mqt_fail(detail, MQT_ERR_PARAM, "the name of the photo directory is too long");
    }
    return MQT_OK;
}

static enum mqt_err make_dir(const char *path, struct mqt_detail *detail)
{
    return mkdir(path, 0750) == 0 || errno == EEXIST
               ? MQT_OK
               : mqt_fail(detail, MQT_ERR_IO, "the photo directory %s cannot be made: %s", path, strerror(errno));
}

/* The picture must be on the disk before a row of the database says that it is. */
static enum mqt_err write_file(const char *path, const uint8_t *bytes, size_t len, struct mqt_detail *detail)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
    bool whole = fd >= 0 && fchmod(fd, 0640) == 0;
    while (whole && len > 0) {
        ssize_t written = write(fd, bytes, len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        whole = written > 0;
        bytes += whole ? written : 0;
        len -= whole ? (size_t)written : 0;
    }
    whole = whole && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    return whole ? MQT_OK : mqt_fail(detail, MQT_ERR_IO, "%s cannot be written: %s", path, strerror(error));
}

enum mqt_err mqt_photo_store_put(const struct mqt_photo_store *store, const uint8_t *bytes, size_t len,
                                 enum mqt_photo_format format, uint8_t sha256[MQT_HASH_BYTES], bool *fresh,
                                 struct mqt_detail *detail)
{
    uint8_t hash[MQT_HASH_BYTES];
    char hex[HEX_BYTES];
    char path[sizeof store->dir + HEX_BYTES + 32];
    char making[sizeof path + 32];
    struct stat there;
    enum mqt_err err = mqt_seal_sha256(bytes, len, hash);
    if (err != MQT_OK) {
        return mqt_fail(detail, err, "a photo cannot be hashed");
    }
    mqt_seal_hex(hash, sizeof hash, hex);
    (void)snprintf(path, sizeof path, "%s/%.*s", store->dir, SHARD_DIGITS, hex);
    size_t shard = strlen(path);
    (void)snprintf(path + shard, sizeof path - shard, "/%s.%s", hex, mqt_photo_suffix(format));
    bool kept = lstat(path, &there) == 0 && S_ISREG(there.st_mode) && (size_t)there.st_size == len;
    if (!kept) {
        err = make_dir(store->dir, detail);
        if (err == MQT_OK) {
            path[shard] = '\0';
            err = make_dir(path, detail);
            path[shard] = '/';
        }
        (void)snprintf(making, sizeof making, "%s.%ld", path, (long)getpid());
        if (err == MQT_OK) {
            err = write_file(making, bytes, len, detail);
        }
        if (err == MQT_OK && rename(making, path) != 0) {
            err = mqt_fail(detail, MQT_ERR_IO, "%s cannot be written: %s", path, strerror(errno));
        }
        if (err != MQT_OK) {
            (void)unlink(making);
            return err;
        }
    }
    memcpy(sha256, hash, sizeof hash);
    if (fresh) {
        *fresh = !kept;
    }
    return MQT_OK;
}

/* Opens part after part, so that no link on the way can lead elsewhere. *fd is the last part. */
static enum mqt_err open_below(const char *folder, char *name, int *fd, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    int here = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (here < 0) {
        return mqt_fail(detail, MQT_ERR_NOT_FOUND, "there is no such file");
    }
    for (char *part = name; part;) {
        char *rest = strchr(part, '/');
        if (rest) {
            *rest++ = '\0';
        }
        if (*part == '\0' || strcmp(part, ".") == 0 || strcmp(part, "..") == 0) {
            err = mqt_fail(detail, MQT_ERR_DENIED, "the name leads out of the folder of photos");
            break;
        }
        /* A pipe or a device must not be waited for. */
        int next = openat(here, part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (rest ? O_DIRECTORY : 0));
        if (next < 0) {
            bool link = errno == ELOOP || errno == ENOTDIR;
            err = link ? mqt_fail(detail, MQT_ERR_DENIED, "a link on the way to it is not followed")
                       : mqt_fail(detail, errno == ENOENT ? MQT_ERR_NOT_FOUND : MQT_ERR_IO, "%s",
                                  errno == ENOENT ? "there is no such file" : strerror(errno));
            break;
        }
        (void)close(here);
        here = next;
        part = rest;
    }
    if (err != MQT_OK) {
        (void)close(here);
        return err;
    }
    *fd = here;
    return MQT_OK;
}

static enum mqt_err read_whole(int fd, struct mqt_buf *bytes, struct mqt_detail *detail)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "this is no file");
    }
    if (status.st_size > MQT_PHOTO_MAX_BYTES) {
        return mqt_fail(detail, MQT_ERR_LIMIT, "the file is larger than %d MB", MQT_PHOTO_MAX_BYTES >> 20);
    }
    size_t left = (size_t)status.st_size;
    if (left == 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the file is empty");
    }
    uint8_t *room = mqt_buf_reserve(bytes, left);
    if (!room) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the picture");
    }
    while (left > 0) {
        ssize_t got = read(fd, room, left);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return mqt_fail(detail, MQT_ERR_IO, "the file cannot be read");
        }
        room += got;
        left -= (size_t)got;
    }
    bytes->len += (size_t)status.st_size;
    return MQT_OK;
}

enum mqt_err mqt_photo_read(const char *folder, const char *name, struct mqt_buf *bytes, struct mqt_detail *detail)
{
    char path[NAME_MAX_BYTES];
    int fd = -1;
    size_t len = strlen(name);
    if (len == 0 || len >= sizeof path) {
        return mqt_fail(detail, MQT_ERR_DENIED, "the name is %s", len == 0 ? "empty" : "too long");
    }
    memcpy(path, name, len + 1);
    for (char *at = path; *at; ++at) {
        *at = *at == '\\' ? '/' : *at;
    }
    enum mqt_err err = open_below(folder, path, &fd, detail);
    if (err == MQT_OK) {
        err = read_whole(fd, bytes, detail);
        (void)close(fd);
    }
    return err;
}
