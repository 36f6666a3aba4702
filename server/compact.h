/* Rebuilds a snapshot that gathered many changes, in a thread of its own, one at a time.
 *
 * Called by the writer thread only. The rebuilt snapshot is the layer as it was when the rebuilding
 * began; the writer notes here what it changed meanwhile, and applies that again on top of it. A
 * layer that was replaced as a whole meanwhile makes the rebuilding pointless.
 */
#ifndef MQT_COMPACT_H
#define MQT_COMPACT_H

#include "../tiles/layer.h"
#include "ids.h"

struct mqt_compaction;

enum mqt_err mqt_compaction_new(struct mqt_compaction **compaction) MQT_MUST_USE;
void mqt_compaction_free(struct mqt_compaction *compaction); /* waits for the thread; NULL is allowed */

/* Begins when none is under way; retains layer. */
void mqt_compaction_start(struct mqt_compaction *compaction, const char *layer_id, struct mqt_layer *layer);
/* The writer changed these features of the layer. */
void mqt_compaction_note(struct mqt_compaction *compaction, const char *layer_id, const uint64_t *ids, size_t count);
/* The writer replaced the layer; NULL: any layer may have gone. */
void mqt_compaction_drop(struct mqt_compaction *compaction, const char *layer_id);

/* True when the layer's rebuilt snapshot is there: hands it over with the features noted meanwhile
 * (the caller releases both). */
bool mqt_compaction_take(struct mqt_compaction *compaction, const char *layer_id, struct mqt_layer **rebuilt,
                         struct mqt_ids *missed) MQT_MUST_USE;

#endif
