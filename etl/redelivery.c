#include "redelivery.h"

#include "file.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 4096, FIELDS_KEPT = 3 };

static const size_t FILE_MAX_BYTES = (size_t)1 << 30;
static const char FOLDER[] = "再次报送";
static const char REPEATED[] = "公共设施.csv";
static const char HALF_TABLE[] = "民情诉求.csv";

/* In the middle of a row, and of a character: behind the third field of the first row of the second half. */
static size_t cut_of_table(const struct mqt_buf *bytes)
{
    const char *text = (const char *)bytes->data;
    size_t at = bytes->len / 2;
    while (at < bytes->len && text[at] != '\n') {
        ++at;
    }
    for (int fields = 0; at < bytes->len && fields < FIELDS_KEPT; ++at) {
        fields += text[at] == ',';
    }
    return at < bytes->len ? at + 1 : bytes->len;
}

static enum mqt_err read_file(const char *dir, const char *name, struct mqt_buf *bytes, struct mqt_detail *detail)
{
    char path[PATH_BYTES];
    mqt_buf_init(bytes, FILE_MAX_BYTES);
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return mqt_file_read(path, bytes, detail);
}

static enum mqt_err write_half(const char *dir, const char *folder, const char *name, const char *kind,
                               json_t *redelivered, struct mqt_detail *detail)
{
    char key[PATH_BYTES];
    struct mqt_buf bytes;
    enum mqt_err err = read_file(dir, name, &bytes, detail);
    if (err == MQT_OK) {
        size_t len = strcmp(name, HALF_TABLE) == 0 ? cut_of_table(&bytes) : bytes.len / 2;
        err = mqt_file_save(folder, name, bytes.data, len, detail);
    }
    mqt_buf_clear(&bytes);
    (void)snprintf(key, sizeof key, "%s/%s", FOLDER, name);
    (void)json_object_set_new(
        redelivered, key,
        json_pack("{s:s,s:s,s:[s,s],s:i}", "of", name, "what", "cut", "arguments", "--kind", kind, "exit", 1));
    return err;
}

/* What was new the first time is known the second time. */
static enum mqt_err write_again(const char *dir, const char *folder, const struct mqt_truth *truth, json_t *redelivered,
                                struct mqt_detail *detail)
{
    char key[PATH_BYTES];
    struct mqt_buf bytes;
    json_t *first = json_object_get(json_object_get(truth->files, REPEATED), "accounting");
    json_t *again = json_deep_copy(first);
    enum mqt_err err = read_file(dir, REPEATED, &bytes, detail);
    if (err == MQT_OK) {
        err = mqt_file_save(folder, REPEATED, bytes.data, bytes.len, detail);
    }
    mqt_buf_clear(&bytes);
    (void)json_object_set(again, "unchanged", json_object_get(first, "inserted"));
    (void)json_object_set_new(again, "inserted", json_integer(0));
    (void)snprintf(key, sizeof key, "%s/%s", FOLDER, REPEATED);
    (void)json_object_set_new(redelivered, key,
                              json_pack("{s:s,s:s,s:[s,s,s,s],s:i,s:o}", "of", REPEATED, "what", "repeated",
                                        "arguments", "--kind", "facility", "--crs", "gcj02", "exit", 0, "accounting",
                                        again));
    return err;
}

enum mqt_err mqt_redelivery_write(const char *dir, const char *a_register, const struct mqt_truth *truth,
                                  json_t **redelivered, struct mqt_detail *detail)
{
    char folder[PATH_BYTES];
    json_t *made = json_object();
    (void)snprintf(folder, sizeof folder, "%s/%s", dir, FOLDER);
    enum mqt_err err = mqt_file_make_dir(folder, detail);
    if (err == MQT_OK) {
        err = write_again(dir, folder, truth, made, detail);
    }
    if (err == MQT_OK) {
        err = write_half(dir, folder, HALF_TABLE, "ticket", made, detail);
    }
    if (err == MQT_OK && a_register) {
        err = write_half(dir, folder, a_register, "household", made, detail);
    }
    if (err != MQT_OK) {
        json_decref(made);
        return err;
    }
    *redelivered = made;
    return MQT_OK;
}
