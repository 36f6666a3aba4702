/* An immutable block of packed features in Hilbert order, shared between snapshots by an atomic
 * reference count: shapes, columns, an R-tree over the boxes, ids in order. Any thread may read it.
 * Built by core_build.h.
 */
#ifndef MQT_CORE_H
#define MQT_CORE_H

#include "record.h"
#include "rtree.h"
#include "value.h"

#include <stdatomic.h>

#define MQT_VALUE_PADDING 32

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

#endif
