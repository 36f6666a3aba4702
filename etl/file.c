#include "file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 512 };

struct ending {
    const char *text;
    enum mqt_file_format format;
};

static const struct ending ENDINGS[] = {
    {".shp", MQT_FILE_SHAPEFILE}, {".gpkg", MQT_FILE_GPKG}, {".geojson", MQT_FILE_GEOJSON}, {".json", MQT_FILE_RECORDS},
    {".csv", MQT_FILE_CSV},       {".txt", MQT_FILE_CSV},   {".tsv", MQT_FILE_CSV},         {".xlsx", MQT_FILE_XLSX},
    {".osm", MQT_FILE_OSM},       {".pbf", MQT_FILE_OSM},   {".kml", MQT_FILE_KML},         {".kmz", MQT_FILE_KMZ},
    {".gdb", MQT_FILE_FILEGDB},
};

enum mqt_err mqt_file_read(const char *path, struct mqt_buf *bytes, struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return mqt_fail(detail, errno == ENOENT ? MQT_ERR_NOT_FOUND : MQT_ERR_IO, "%s: %s", path, strerror(errno));
    }
    for (;;) {
        uint8_t *to = mqt_buf_reserve(bytes, 1 << 18);
        ssize_t count;

        if (to == NULL) {
            err = mqt_buf_err(bytes);
            break;
        }
        count = read(fd, to, 1 << 18);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            err = mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
            break;
        }
        if (count == 0) {
            break;
        }
        bytes->len += (size_t)count;
    }
    close(fd);
    if (err == MQT_ERR_LIMIT) {
        return mqt_fail(detail, err, "%s is larger than the %zu MB that are read whole", path, bytes->max >> 20);
    }
    return err;
}

enum mqt_err mqt_file_map(const char *path, size_t max_bytes, struct mqt_file_map *map, struct mqt_detail *detail)
{
    struct stat status;
    void *bytes = NULL;
    enum mqt_err err = MQT_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &status) != 0) {
        err = mqt_fail(detail, errno == ENOENT ? MQT_ERR_NOT_FOUND : MQT_ERR_IO, "%s: %s", path, strerror(errno));
    } else if (status.st_size < 0 || (uint64_t)status.st_size > max_bytes) {
        err =
            mqt_fail(detail, MQT_ERR_LIMIT, "%s is larger than the %zu MB that are read whole", path, max_bytes >> 20);
    } else if (status.st_size > 0) {
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED) {
            err = mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    if (err == MQT_OK) {
        *map = (struct mqt_file_map){.bytes = bytes, .len = (size_t)status.st_size};
    }
    return err;
}

void mqt_file_unmap(struct mqt_file_map *map)
{
    if (map->bytes != NULL) {
        (void)munmap((void *)(uintptr_t)map->bytes, map->len);
    }
    *map = (struct mqt_file_map){0};
}

enum mqt_err mqt_file_save(const char *dir, const char *name, const void *bytes, size_t len, struct mqt_detail *detail)
{
    char path[PATH_MAX];
    FILE *file;
    bool whole;
    int path_len = snprintf(path, sizeof path, "%s/%s", dir, name);

    if (path_len < 0 || (size_t)path_len >= sizeof path) {
        return mqt_fail(detail, MQT_ERR_PARAM, "%s: the name of its directory is too long", name);
    }
    file = fopen(path, "wbe");
    if (file == NULL) {
        return mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
    }
    whole = fwrite(bytes, 1, len, file) == len;
    whole = fclose(file) == 0 && whole;
    return whole ? MQT_OK : mqt_fail(detail, MQT_ERR_IO, "%s: cannot be written", path);
}

enum mqt_err mqt_file_make_dir(const char *path, struct mqt_detail *detail)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ? MQT_OK
                                                     : mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
}

void mqt_file_base_name(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *start = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(start, '.');
    size_t len = dot == NULL || dot == start ? strlen(start) : (size_t)(dot - start);

    /* "andorra.osm.pbf" is andorra. */
    if (len > 4 && strncmp(start + len - 4, ".osm", 4) == 0) {
        len -= 4;
    }
    if (len >= size) {
        len = size - 1;
        while (len > 0 && ((unsigned char)start[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    memcpy(name, start, len);
    name[len] = '\0';
}

/* "scheme:rest" as in http://, but not a file that merely has a colon after a slash. */
static bool has_scheme(const char *path)
{
    const char *at = path;

    while (isalnum((unsigned char)*at) || *at == '+' || *at == '_') {
        at++;
    }
    return at > path && *at == ':';
}

enum mqt_err mqt_file_resolve(const char *path, char *absolute, size_t size, struct mqt_detail *detail)
{
    char *real;

    if (strncmp(path, "/vsi", 4) == 0 || strstr(path, "://") != NULL) {
        return mqt_fail(detail, MQT_ERR_PARAM, "%s: only local files are read", path);
    }
    real = realpath(path, NULL);
    if (real == NULL) {
        if (has_scheme(path)) {
            return mqt_fail(detail, MQT_ERR_PARAM, "%s: only local files are read", path);
        }
        return mqt_fail(detail, errno == ENOENT ? MQT_ERR_NOT_FOUND : MQT_ERR_IO, "%s: %s", path,
                        errno == ENOENT ? "no such file" : strerror(errno));
    }
    if (strlen(real) >= size || strncmp(real, "/vsi", 4) == 0) {
        free(real);
        return mqt_fail(detail, MQT_ERR_PARAM, "%s: the path is not usable", path);
    }
    memcpy(absolute, real, strlen(real) + 1);
    free(real);
    return MQT_OK;
}

static bool find_ending(const char *path, enum mqt_file_format *format)
{
    size_t len = strlen(path);

    for (size_t i = 0; i < sizeof ENDINGS / sizeof ENDINGS[0]; i++) {
        size_t ending_len = strlen(ENDINGS[i].text);

        if (len > ending_len && strcasecmp(path + len - ending_len, ENDINGS[i].text) == 0) {
            *format = ENDINGS[i].format;
            return true;
        }
    }
    return false;
}

static size_t read_head(const char *path, uint8_t *head, size_t size)
{
    FILE *file = fopen(path, "rbe");
    size_t len;

    if (file == NULL) {
        return 0;
    }
    len = fread(head, 1, size, file);
    fclose(file);
    return len;
}

/* First character that is not a blank or a byte order mark. */
static int first_character(const uint8_t *head, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (head[i] > 0x20 && !(i < 3 && head[i] >= 0xBB)) {
            return head[i];
        }
    }
    return 0;
}

/* Where a file lies on the machine is nobody's business in a message. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static enum mqt_err not_what_it_says(const char *path, const char *said, struct mqt_detail *detail)
{
    return mqt_fail(detail, MQT_ERR_FORMAT, "%s: the content is not %s", last_part(path), said);
}

/* The header of .shp and .shx says how long the file is, in 16-bit words, big-endian. */
static enum mqt_err check_shapefile_part(const char *path, const char *ending, struct mqt_detail *detail)
{
    char part[PATH_MAX];
    uint8_t head[100];
    struct stat status;
    size_t stem = strlen(path) - 4;
    uint64_t announced;

    snprintf(part, sizeof part, "%.*s%s", (int)stem, path, ending);
    if (stat(part, &status) != 0) {
        /* On a file system that tells case apart the parts may be in capitals. */
        for (size_t i = stem; part[i] != '\0'; i++) {
            part[i] = (char)toupper((unsigned char)part[i]);
        }
        if (stat(part, &status) != 0) {
            return mqt_fail(detail, MQT_ERR_NOT_FOUND, "the Shapefile has no %s beside it", ending);
        }
    }
    if (strcmp(ending, ".dbf") == 0) {
        return MQT_OK;
    }
    if (read_head(part, head, sizeof head) < sizeof head || memcmp(head, "\x00\x00\x27\x0A", 4) != 0) {
        return not_what_it_says(part, "a Shapefile", detail);
    }
    announced = 2 * (((uint64_t)head[24] << 24) | ((uint64_t)head[25] << 16) | ((uint64_t)head[26] << 8) | head[27]);
    if (announced > (uint64_t)status.st_size) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the Shapefile is truncated: %s has %lld of %llu bytes", ending,
                        (long long)status.st_size, (unsigned long long)announced);
    }
    return MQT_OK;
}

static enum mqt_err check_shapefile(const char *path, struct mqt_detail *detail)
{
    static const char *const parts[] = {".shp", ".shx", ".dbf"};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        enum mqt_err err = check_shapefile_part(path, parts[i], detail);

        if (err != MQT_OK) {
            return err;
        }
    }
    return MQT_OK;
}

static bool looks_binary(const uint8_t *head, size_t len)
{
    bool utf16 = len >= 2 && ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == 0xFE && head[1] == 0xFF));

    return !utf16 && memchr(head, 0, len) != NULL;
}

static enum mqt_err check_content(const char *path, enum mqt_file_format *format, const uint8_t *head, size_t len,
                                  struct mqt_detail *detail)
{
    int first = first_character(head, len);
    bool zip = len >= 4 && memcmp(head, "PK\x03\x04", 4) == 0;

    switch (*format) {
    case MQT_FILE_SHAPEFILE:
        return check_shapefile(path, detail);
    case MQT_FILE_GPKG:
        return len >= 16 && memcmp(head, "SQLite format 3", 16) == 0 ? MQT_OK
                                                                     : not_what_it_says(path, "a GeoPackage", detail);
    case MQT_FILE_XLSX:
    case MQT_FILE_KMZ:
        return zip ? MQT_OK : not_what_it_says(path, *format == MQT_FILE_KMZ ? "KMZ" : "an XLSX workbook", detail);
    case MQT_FILE_GEOJSON:
    case MQT_FILE_RECORDS:
        if (first != '{' && first != '[') {
            return not_what_it_says(path, "JSON", detail);
        }
        *format = first == '{' ? MQT_FILE_GEOJSON : MQT_FILE_RECORDS;
        return MQT_OK;
    case MQT_FILE_KML:
        return first == '<' ? MQT_OK : not_what_it_says(path, "KML", detail);
    case MQT_FILE_CSV:
        if (zip || first == '<' || first == '{' || looks_binary(head, len) ||
            (len >= 4 && memcmp(head, "%PDF", 4) == 0)) {
            return not_what_it_says(path, "a text table", detail);
        }
        return MQT_OK;
    case MQT_FILE_OSM:
    case MQT_FILE_FILEGDB:
        return MQT_OK;
    }
    return MQT_OK;
}

enum mqt_err mqt_file_recognise(const char *path, enum mqt_file_format *format, struct mqt_detail *detail)
{
    enum mqt_file_format found;
    struct stat status;
    uint8_t head[HEAD_BYTES];
    size_t len;
    enum mqt_err err;

    if (!find_ending(path, &found)) {
        return mqt_fail(detail, MQT_ERR_PARAM,
                        "%s: this ending is not known; use .shp .gpkg .geojson .json .csv .txt .tsv .xlsx .osm .pbf "
                        ".kml .kmz or .gdb",
                        last_part(path));
    }
    if (stat(path, &status) != 0) {
        return mqt_fail(detail, MQT_ERR_NOT_FOUND, "%s: %s", last_part(path), strerror(errno));
    }
    if (S_ISDIR(status.st_mode) != (found == MQT_FILE_FILEGDB)) {
        return not_what_it_says(path, found == MQT_FILE_FILEGDB ? "a FileGDB directory" : "a file", detail);
    }
    if (found != MQT_FILE_FILEGDB) {
        if (status.st_size == 0) {
            return mqt_fail(detail, MQT_ERR_FORMAT, "%s: the file is empty", last_part(path));
        }
        len = read_head(path, head, sizeof head);
        err = check_content(path, &found, head, len, detail);
        if (err != MQT_OK) {
            return err;
        }
    }
    *format = found;
    return MQT_OK;
}
