#include "compact.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mqt_compaction {
    bool running; /* there is a thread to join */
    bool pointless;
    pthread_t thread;
    atomic_bool done;
    char layer_id[64];
    struct mqt_layer *layer, *rebuilt; /* rebuilt belongs to the thread until done */
    struct mqt_ids missed;
};

enum mqt_err mqt_compaction_new(struct mqt_compaction **out)
{
    struct mqt_compaction *compaction = calloc(1, sizeof *compaction);
    if (!compaction) {
        return MQT_ERR_MEMORY;
    }
    atomic_init(&compaction->done, false);
    *out = compaction;
    return MQT_OK;
}

/* Waits for the thread and forgets what it made. */
static void finish(struct mqt_compaction *compaction)
{
    if (compaction->running) {
        pthread_join(compaction->thread, NULL);
    }
    mqt_layer_release(compaction->layer);
    mqt_layer_release(compaction->rebuilt);
    mqt_ids_clear(&compaction->missed);
    compaction->layer = compaction->rebuilt = NULL;
    compaction->running = compaction->pointless = false;
    compaction->layer_id[0] = '\0';
    atomic_store(&compaction->done, false);
}

void mqt_compaction_free(struct mqt_compaction *compaction)
{
    if (compaction) {
        finish(compaction);
        free(compaction);
    }
}

static void *run(void *user)
{
    struct mqt_compaction *compaction = user;
    if (mqt_layer_compact(compaction->layer, &compaction->rebuilt)) {
        compaction->rebuilt = NULL; /* no memory: the delta goes on growing, a later try may succeed */
    }
    atomic_store(&compaction->done, true);
    return NULL;
}

void mqt_compaction_start(struct mqt_compaction *compaction, const char *layer_id, struct mqt_layer *layer)
{
    if (compaction->running && compaction->pointless && atomic_load(&compaction->done)) {
        finish(compaction);
    }
    if (compaction->running) {
        return;
    }
    (void)snprintf(compaction->layer_id, sizeof compaction->layer_id, "%s", layer_id);
    compaction->layer = mqt_layer_retain(layer);
    compaction->running = pthread_create(&compaction->thread, NULL, run, compaction) == 0;
    if (!compaction->running) {
        finish(compaction);
    }
}

static bool is_about(const struct mqt_compaction *compaction, const char *layer_id)
{
    return compaction->running && strcmp(compaction->layer_id, layer_id) == 0;
}

void mqt_compaction_note(struct mqt_compaction *compaction, const char *layer_id, const uint64_t *ids, size_t count)
{
    for (size_t i = 0; i < count && is_about(compaction, layer_id); i++) {
        compaction->pointless = compaction->pointless || mqt_ids_add(&compaction->missed, ids[i]);
    }
}

void mqt_compaction_drop(struct mqt_compaction *compaction, const char *layer_id)
{
    compaction->pointless = compaction->pointless || !layer_id || is_about(compaction, layer_id);
}

bool mqt_compaction_take(struct mqt_compaction *compaction, const char *layer_id, struct mqt_layer **rebuilt,
                         struct mqt_ids *missed)
{
    if (!is_about(compaction, layer_id) || !atomic_load(&compaction->done)) {
        return false;
    }
    bool good = compaction->rebuilt && !compaction->pointless;
    if (good) {
        *rebuilt = compaction->rebuilt;
        *missed = compaction->missed;
        compaction->rebuilt = NULL;
        compaction->missed = (struct mqt_ids){0};
    }
    finish(compaction);
    return good;
}
