/* A layer's features while they are gathered; the contract of its making and filling is in layer.h.
 *
 * Shapes are packed and values interned as they come. One thread.
 */
#ifndef MQT_BUILDER_H
#define MQT_BUILDER_H

#include "core.h"
#include "layer.h"
#include "repair.h"

#define MQT_LAYER_MAX_FEATURES ((size_t)1 << 31)

/* A feature in a builder. */
struct mqt_entry {
    uint64_t id;
    struct mqt_box box;
    uint32_t record; /* cell where its record starts */
    uint32_t order;  /* Hilbert distance; set when the core is built */
    size_t row;      /* its codes start at row * column_count */
};

struct mqt_layer_builder {
    enum mqt_shape shape;
    size_t column_count;
    struct mqt_column *columns;
    char *names;
    size_t max_bytes;
    struct mqt_buf entries; /* struct mqt_entry */
    struct mqt_buf cells;   /* records */
    struct mqt_buf codes;   /* uint32_t, column_count a feature */
    struct mqt_dict *dicts; /* one a column */
    uint64_t *ids;          /* open addressing; which slots are taken says id_taken */
    uint8_t *id_taken;
    size_t id_slots;            /* 0 or a power of two */
    struct mqt_outline outline; /* scratch, as are those below */
    struct mqt_outline snapped;
    struct mqt_repair repair;
    struct mqt_buf least_zooms;
};

static inline size_t mqt_builder_count(const struct mqt_layer_builder *builder)
{
    return builder->entries.len / sizeof(struct mqt_entry);
}

/* A builder without features that has the columns of core. */
enum mqt_err mqt_builder_like(const struct mqt_core *core, size_t max_bytes,
                              struct mqt_layer_builder **builder) MQT_MUST_USE;
/* Copies a feature of core, whose columns are the builder's. */
enum mqt_err mqt_builder_add_from(struct mqt_layer_builder *builder, const struct mqt_core *core,
                                  size_t index) MQT_MUST_USE;
bool mqt_builder_has(const struct mqt_layer_builder *builder, uint64_t id);

#endif
