#include "style_doc.h"

#include "answers.h"
#include "style_fill.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_STYLES 8
#define MAX_FILE ((off_t)4 << 20)
#define MAX_JSON ((size_t)8 << 20)

struct kept_doc {
    struct mqt_style_doc shown; /* first, so that one is the other */
    atomic_size_t references;
    char *text;
    struct mqt_style_columns *columns;
};

/* What a document was built from. */
struct stamp {
    uint64_t catalog_version;
    struct timespec changed; /* of the file */
    off_t size;
};

struct slot {
    char id[32]; /* "": free */
    struct stamp stamp;
    struct kept_doc *doc;
};

struct mqt_styles {
    const char *directory;
    const struct mqt_log *log;
    pthread_mutex_t lock; /* of the slots */
    struct slot slots[MAX_STYLES];
};

enum mqt_err mqt_styles_new(const char *directory, const struct mqt_log *log, struct mqt_styles **styles)
{
    struct mqt_styles *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return MQT_ERR_MEMORY;
    }
    fresh->directory = directory;
    fresh->log = log;
    (void)pthread_mutex_init(&fresh->lock, NULL);
    *styles = fresh;
    return MQT_OK;
}

void mqt_styles_free(struct mqt_styles *styles)
{
    if (!styles) {
        return;
    }
    for (size_t i = 0; i < MAX_STYLES; i++) {
        mqt_style_doc_release(styles->slots[i].doc ? &styles->slots[i].doc->shown : NULL);
    }
    (void)pthread_mutex_destroy(&styles->lock);
    free(styles);
}

void mqt_style_doc_release(const struct mqt_style_doc *doc)
{
    /* shown is the first member of a kept_doc that was made writable. */
    union {
        const struct mqt_style_doc *shown;
        struct kept_doc *kept;
    } one = {.shown = doc};
    if (doc && atomic_fetch_sub_explicit(&one.kept->references, 1, memory_order_acq_rel) == 1) {
        mqt_style_release(one.kept->shown.parsed);
        free(one.kept->text);
        mqt_style_columns_free(one.kept->columns);
        free(one.kept);
    }
}

/* The one vector source; NULL when the document has none. */
static const char *vector_source(json_t *document)
{
    const char *name = NULL;
    json_t *source = NULL;
    json_object_foreach(json_object_get(document, "sources"), name, source)
    {
        const char *type = json_string_value(json_object_get(source, "type"));
        if (type && strcmp(type, "vector") == 0) {
            return name;
        }
    }
    return NULL;
}

static enum mqt_err complete(json_t *document, const struct mqt_registry_view *view, struct kept_doc *doc,
                             struct mqt_detail *detail)
{
    const char *source = vector_source(document);
    if (!source || !json_is_array(json_object_get(document, "layers"))) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the style has no vector source or no layers");
    }
    enum mqt_err err = view->catalog ? mqt_style_fill(document, source, view->catalog) : MQT_OK;
    if (!err && view->catalog) {
        err = mqt_style_columns_new(document, view->catalog, &doc->columns);
    }
    if (err) {
        return mqt_fail(detail, err, "no memory for the style");
    }
    doc->shown.columns = doc->columns;
    doc->text = json_dumps(document, JSON_COMPACT);
    if (!doc->text) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the style");
    }
    doc->shown.json = doc->text;
    doc->shown.json_len = strlen(doc->text);
    doc->shown.version = mqt_hash(0, doc->text, doc->shown.json_len);
    return mqt_style_parse(doc->text, doc->shown.json_len, &doc->shown.parsed, detail);
}

static enum mqt_err build(const char *path, const struct mqt_registry_view *view, struct kept_doc **doc,
                          struct mqt_detail *detail)
{
    json_error_t where;
    json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    struct kept_doc *fresh = calloc(1, sizeof *fresh);
    enum mqt_err err = MQT_OK;
    if (!fresh) {
        err = mqt_fail(detail, MQT_ERR_MEMORY, "no memory for the style");
    } else if (!document) {
        err = mqt_fail(detail, MQT_ERR_FORMAT, "the style is not JSON: %s in line %d", where.text, where.line);
    } else {
        atomic_init(&fresh->references, 1);
        err = complete(document, view, fresh, detail);
    }
    json_decref(document);
    if (err) {
        mqt_style_doc_release(fresh ? &fresh->shown : NULL);
        return err;
    }
    *doc = fresh;
    return MQT_OK;
}

/* The slot of the id, or a free one; NULL when all are taken. */
static struct slot *find_slot(struct mqt_styles *styles, const char *id)
{
    struct slot *free_slot = NULL;
    for (size_t i = 0; i < MAX_STYLES; i++) {
        struct slot *slot = &styles->slots[i];
        if (strcmp(slot->id, id) == 0) {
            return slot;
        }
        free_slot = !slot->id[0] && !free_slot ? slot : free_slot;
    }
    return free_slot;
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
    return a->catalog_version == b->catalog_version && a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Under the lock: what is kept, retained; NULL when there is nothing or, unless any will do, when it
 * is out of date. */
static struct kept_doc *find_kept(struct mqt_styles *styles, const char *id, const struct stamp *stamp, bool any)
{
    struct slot *slot = find_slot(styles, id);
    if (!slot || !slot->doc || !(any || same_stamp(&slot->stamp, stamp))) {
        return NULL;
    }
    (void)atomic_fetch_add_explicit(&slot->doc->references, 1, memory_order_relaxed);
    return slot->doc;
}

/* Under the lock. doc NULL: it could not be built; what is kept then counts as up to date, so that
 * it is not tried again with every request. Returns what is to be released. */
static struct kept_doc *keep(struct mqt_styles *styles, const char *id, const struct stamp *stamp, struct kept_doc *doc)
{
    struct slot *slot = find_slot(styles, id);
    struct kept_doc *old = NULL;
    if (slot && doc) {
        old = slot->doc;
        slot->doc = doc;
        (void)atomic_fetch_add_explicit(&doc->references, 1, memory_order_relaxed);
        (void)snprintf(slot->id, sizeof slot->id, "%s", id);
    }
    if (slot && slot->doc) {
        slot->stamp = *stamp;
    }
    return old;
}

static enum mqt_err find_file(const struct mqt_styles *styles, const char *id, char *path, size_t room,
                              struct stamp *stamp, struct mqt_detail *detail)
{
    struct stat info;
    int len = snprintf(path, room, "%s/%s.json", styles->directory, id);
    if (len < 0 || (size_t)len >= room || stat(path, &info) || !S_ISREG(info.st_mode) || info.st_size > MAX_FILE) {
        return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "style", "there is no style '%s'", id);
    }
    stamp->changed = info.st_mtim;
    stamp->size = info.st_size;
    return MQT_OK;
}

enum mqt_err mqt_styles_get(struct mqt_styles *styles, const char *id, const struct mqt_registry_view *view,
                            const struct mqt_style_doc **doc, struct mqt_detail *detail)
{
    char path[4200];
    struct stamp stamp = {.catalog_version = view->catalog_version};
    enum mqt_err err = find_file(styles, id, path, sizeof path, &stamp, detail);
    if (err) {
        return err;
    }
    (void)pthread_mutex_lock(&styles->lock);
    struct kept_doc *found = find_kept(styles, id, &stamp, false);
    (void)pthread_mutex_unlock(&styles->lock);
    if (!found) {
        struct mqt_detail why = {0};
        err = build(path, view, &found, &why);
        (void)pthread_mutex_lock(&styles->lock);
        struct kept_doc *old = keep(styles, id, &stamp, err ? NULL : found);
        found = err ? find_kept(styles, id, &stamp, true) : found;
        (void)pthread_mutex_unlock(&styles->lock);
        mqt_style_doc_release(old ? &old->shown : NULL);
        if (err) {
            mqt_log(styles->log, MQT_LOG_WARN, "style-unusable", "%s: %s", path, why.text);
        }
    }
    if (!found) {
        return mqt_fail(detail, MQT_ERR_IO, "the style '%s' cannot be used; the server's log says why", id);
    }
    *doc = &found->shown;
    return MQT_OK;
}

/* Puts the server's address in front of what begins with a slash. */
static bool make_absolute(json_t *object, const char *member, const char *base_url)
{
    const char *text = json_string_value(json_object_get(object, member));
    if (!text || text[0] != '/') {
        return true;
    }
    return json_object_set_new(object, member, json_sprintf("%s%s", base_url, text)) == 0;
}

static enum mqt_err write_style(const struct mqt_style_doc *doc, const char *base_url, struct mqt_buf *out,
                                struct mqt_detail *detail)
{
    json_t *document = json_loadb(doc->json, doc->json_len, 0, NULL);
    bool good = document && make_absolute(document, "sprite", base_url) && make_absolute(document, "glyphs", base_url);
    const char *name = NULL;
    json_t *source = NULL;
    json_object_foreach(json_object_get(document, "sources"), name, source)
    {
        good = good && make_absolute(source, "url", base_url) && make_absolute(source, "data", base_url);
        json_t *tiles = json_object_get(source, "tiles");
        for (size_t i = 0; i < json_array_size(tiles); i++) {
            const char *tile = json_string_value(json_array_get(tiles, i));
            if (good && tile && tile[0] == '/') {
                good = json_array_set_new(tiles, i, json_sprintf("%s%s", base_url, tile)) == 0;
            }
        }
    }
    char *text = good ? json_dumps(document, JSON_COMPACT) : NULL;
    if (text) {
        mqt_buf_add_str(out, text);
    }
    enum mqt_err err = text ? mqt_buf_err(out) : MQT_ERR_MEMORY;
    free(text);
    json_decref(document);
    return err ? mqt_fail(detail, err, "no memory for the style") : MQT_OK;
}

enum mqt_err mqt_answer_style(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail)
{
    struct mqt_registry_view *view = mqt_registry_view(app->registry);
    const struct mqt_style_doc *doc = NULL;
    struct mqt_buf out;
    mqt_buf_init(&out, MAX_JSON);
    enum mqt_err err = mqt_styles_get(app->styles, exchange->request.style, view, &doc, detail);
    if (!err) {
        err = write_style(doc, exchange->base_url, &out, detail);
    }
    if (!err) {
        err = mqt_respond_bytes(exchange, "application/json", &out, detail);
    }
    mqt_buf_clear(&out);
    mqt_style_doc_release(doc);
    mqt_registry_view_release(view);
    return err;
}
