/* Inside a layer, for the rooms that build it, look into it or encode it (layer, builder, core, mvt).
 *
 * A layer is a base core, some features of the base that are gone, and a small delta core with what
 * came instead. A core is an immutable block of packed features in Hilbert order, shared between
 * snapshots by an atomic reference count.
 */
#ifndef MQT_LAYER_INTERNAL_H
#define MQT_LAYER_INTERNAL_H

#include "layer.h"
#include "record.h"
#include "repair.h"
#include "rtree.h"
#include "value.h"

#include <stdatomic.h>

#define MQT_VALUE_PADDING 32
#define MQT_LAYER_MAX_FEATURES ((size_t)1 << 31)

/* A column's values have the codes 1 .. distinct; code 0 is null. Codes up to shared stand for
 * values that several features hold, the others are held by one feature each. */
struct mqt_core_column {
    const char *name;
    enum mqt_type type;
    uint32_t first_value; /* value_at index of code 1 */
    uint32_t distinct;
    uint32_t shared;
    uint32_t first_shared; /* number of code 1 among the shared values of all columns */
    uint32_t row_offset;   /* where the code stands in a row */
    uint32_t mask;         /* cuts the code out of the 32 bits read there */
};

struct mqt_core {
    atomic_size_t references;
    enum mqt_shape shape;
    size_t count;
    size_t bytes; /* memory of all this */
    struct mqt_box box;
    size_t most_points, most_parts; /* in one feature */
    uint64_t *ids;
    uint32_t *by_id; /* feature indices in order of id */
    struct mqt_box *boxes;
    uint32_t *record_at; /* cell where a feature's record starts */
    uint16_t *cells;
    struct mqt_rtree tree;
    size_t column_count;
    struct mqt_core_column *columns;
    char *names;
    size_t row_bytes;
    uint8_t *rows;      /* little-endian codes, padded so that 4 bytes can be read anywhere */
    uint32_t *value_at; /* where a value stands in values */
    size_t value_count;
    size_t shared_count; /* of all columns */
    uint8_t *values;     /* padded by MQT_VALUE_PADDING, so that short ones can be copied in one go */
};

struct mqt_layer {
    atomic_size_t references;
    struct mqt_core *base;
    struct mqt_core *delta; /* may be empty, never NULL */
    uint32_t *removed;      /* indices into base, ascending */
    size_t removed_count;
    struct mqt_box box;
};

/* A feature in a builder. */
struct mqt_entry {
    uint64_t id;
    struct mqt_box box;
    uint32_t record; /* cell where its record starts */
    uint32_t order;  /* Hilbert distance; set by mqt_core_build */
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

/* A run of features to look at, all of one core. */
struct mqt_span {
    const struct mqt_core *core;
    size_t index_base; /* added to a core's index to get a layer's */
    uint32_t first, end;
    bool inside; /* wholly inside the box that was asked for */
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

/* The builder is left as it is but for the order of its entries. */
enum mqt_err mqt_core_build(struct mqt_layer_builder *builder, struct mqt_core **core) MQT_MUST_USE;
struct mqt_core *mqt_core_retain(struct mqt_core *core);
void mqt_core_release(struct mqt_core *core);
bool mqt_core_find(const struct mqt_core *core, uint64_t id, size_t *index);

static inline uint32_t mqt_core_code(const struct mqt_core *core, const struct mqt_core_column *column, size_t index)
{
    uint32_t code;
    memcpy(&code, core->rows + index * core->row_bytes + column->row_offset, sizeof code);
    return code & column->mask;
}

static inline struct mqt_record mqt_core_record(const struct mqt_core *core, size_t index)
{
    return mqt_record_open(core->cells + core->record_at[index], core->shape);
}

/* Appends struct mqt_span for every feature whose box intersects box, base first, in a fixed order. */
enum mqt_err mqt_layer_select(const struct mqt_layer *layer, struct mqt_box box, struct mqt_buf *spans) MQT_MUST_USE;

#endif
