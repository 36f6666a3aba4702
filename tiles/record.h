/* One feature's shape in its packed form: a run of 16-bit cells.
 *
 * Coordinates are offsets from the lower corner of the feature's box, 16 bits each where the box is
 * at most 65,535 units wide and high (1.2 km at the equator), else 32. Layout:
 *   head      1 cell: bit 0 wide, bit 1 parts follow, bits 2-15 the point count when no parts follow
 *   parts     when bit 1 is set: part count, point count, then each part's size as in outline.h (32 bits each)
 *   zooms     polygons only, 2 cells: a state a zoom, see mqt_record_state
 *   label     2 (wide: 4) cells, not for points
 *   points    2 (wide: 4) cells each
 *   least zooms 1 byte a point, not for points: below this zoom the point can be left out
 * Pure; any thread.
 */
#ifndef MQT_RECORD_H
#define MQT_RECORD_H

#include "outline.h"

#include <string.h>

/* From this zoom on a tile's unit is not finer than the world's: the shape is exact. */
#define MQT_EXACT_ZOOM 19
/* The zooms word has two bits for each zoom from here to MQT_EXACT_ZOOM. */
#define MQT_STATE_FIRST_ZOOM 4

/* What becomes of a polygon that is thinned and snapped at a zoom. */
enum mqt_state {
    MQT_STATE_UNKNOWN, /* to be looked at, and repaired, when a tile is made */
    MQT_STATE_EMPTY,   /* nothing of it has an area */
    MQT_STATE_VALID    /* it can be written as it is */
};

static inline enum mqt_state mqt_record_state(uint32_t zooms, int z)
{
    if (z < MQT_STATE_FIRST_ZOOM) {
        return MQT_STATE_UNKNOWN;
    }
    z = z > MQT_EXACT_ZOOM ? MQT_EXACT_ZOOM : z;
    return (enum mqt_state)(zooms >> (2 * (z - MQT_STATE_FIRST_ZOOM)) & 3u);
}

/* A record taken apart. The pointers reach into the record. */
struct mqt_record {
    bool wide;
    size_t part_count;
    size_t point_count;
    const uint16_t *parts; /* 32-bit values, unaligned; NULL when there is one part */
    uint32_t zooms;
    const uint16_t *label;
    const uint16_t *points;
    const uint8_t *least_zooms; /* NULL: every point at every zoom */
};

struct mqt_record mqt_record_open(const uint16_t *cells, enum mqt_shape shape);

/* Length of a record. */
size_t mqt_record_cells(const uint16_t *cells, enum mqt_shape shape);

/* Appends the record of a shape and its box to cells. least_zooms has an entry a point. */
enum mqt_err mqt_record_pack(const struct mqt_outline *outline, enum mqt_shape shape, struct mqt_box box,
                             struct mqt_point label, uint32_t zooms, const uint8_t *least_zooms,
                             struct mqt_buf *cells) MQT_MUST_USE;

static inline uint32_t mqt_record_part(const struct mqt_record *record, size_t part)
{
    uint32_t size;
    if (!record->parts) {
        return (uint32_t)record->point_count | MQT_PART_OUTER;
    }
    memcpy(&size, record->parts + part * 2, sizeof size);
    return size;
}

static inline struct mqt_point mqt_record_coordinate(const struct mqt_record *record, const uint16_t *cells, size_t i,
                                                     struct mqt_box box)
{
    uint32_t offset[2];
    if (record->wide) {
        memcpy(offset, cells + i * 4, sizeof offset);
    } else {
        offset[0] = cells[i * 2];
        offset[1] = cells[i * 2 + 1];
    }
    return (struct mqt_point){(int32_t)((uint32_t)box.min_x + offset[0]), (int32_t)((uint32_t)box.min_y + offset[1])};
}

static inline struct mqt_point mqt_record_point(const struct mqt_record *record, size_t i, struct mqt_box box)
{
    return mqt_record_coordinate(record, record->points, i, box);
}

static inline struct mqt_point mqt_record_label(const struct mqt_record *record, struct mqt_box box)
{
    return mqt_record_coordinate(record, record->label, 0, box);
}

/* Twice the area of a polygon, holes taken off. */
double mqt_record_area2(const struct mqt_record *record, struct mqt_box box);

#endif
