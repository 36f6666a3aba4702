#include "version.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64, BLOCKS = MQT_VERSIONS_MAX / BLOCK };

/* Boxes below a published count never change again, and the box of a block is written once, when
 * the block is full: that is why readers need no lock. */
struct mqt_versions {
    atomic_size_t references;
    uint64_t base;
    size_t count;
    struct mqt_box block_boxes[BLOCKS];
    struct mqt_box boxes[MQT_VERSIONS_MAX];
    uint64_t versions[MQT_VERSIONS_MAX]; /* not falling */
};

enum mqt_err mqt_versions_new(uint64_t base, struct mqt_versions **out)
{
    struct mqt_versions *log = calloc(1, sizeof *log); /* large enough that untouched pages cost nothing */
    if (!log) {
        return MQT_ERR_MEMORY;
    }
    atomic_init(&log->references, 1);
    log->base = base;
    *out = log;
    return MQT_OK;
}

struct mqt_versions *mqt_versions_retain(struct mqt_versions *log)
{
    atomic_fetch_add_explicit(&log->references, 1, memory_order_relaxed);
    return log;
}

void mqt_versions_release(struct mqt_versions *log)
{
    if (log && atomic_fetch_sub_explicit(&log->references, 1, memory_order_acq_rel) == 1) {
        free(log);
    }
}

size_t mqt_versions_count(const struct mqt_versions *log)
{
    return log->count;
}

uint64_t mqt_versions_base(const struct mqt_versions *log)
{
    return log->base;
}

static void push(struct mqt_versions *log, uint64_t version, struct mqt_box box)
{
    size_t at = log->count++;
    log->boxes[at] = box;
    log->versions[at] = version;
    if (log->count % BLOCK == 0) {
        struct mqt_box all = mqt_box_empty();
        for (size_t i = log->count - BLOCK; i < log->count; i++) {
            all = mqt_box_union(all, log->boxes[i]);
        }
        log->block_boxes[at / BLOCK] = all;
    }
}

enum mqt_err mqt_versions_append(struct mqt_versions **log, uint64_t version, const struct mqt_box *boxes, size_t count)
{
    bool whole = count > MQT_VERSIONS_MAX / 2;
    if (whole || count > MQT_VERSIONS_MAX - (*log)->count) {
        struct mqt_versions *fresh = NULL;
        size_t kept = whole ? 0 : MQT_VERSIONS_MAX / 2;
        kept = kept < (*log)->count ? kept : (*log)->count;
        size_t first = (*log)->count - kept;
        uint64_t base = whole ? version : first > 0 ? (*log)->versions[first - 1] : (*log)->base;
        enum mqt_err err = mqt_versions_new(base, &fresh);
        if (err) {
            return err;
        }
        for (size_t i = first; i < (*log)->count; i++) {
            push(fresh, (*log)->versions[i], (*log)->boxes[i]);
        }
        mqt_versions_release(*log);
        *log = fresh;
    }
    for (size_t i = 0; !whole && i < count; i++) {
        if (!mqt_box_is_empty(boxes[i])) {
            push(*log, version, boxes[i]);
        }
    }
    return MQT_OK;
}

uint64_t mqt_versions_of_box(const struct mqt_versions *log, size_t count, struct mqt_box box)
{
    size_t at = count;
    while (at > 0) {
        if (at % BLOCK == 0 && !mqt_box_intersects(log->block_boxes[at / BLOCK - 1], box)) {
            at -= BLOCK;
            continue;
        }
        at--;
        if (mqt_box_intersects(log->boxes[at], box)) {
            return log->versions[at];
        }
    }
    return log->base;
}
