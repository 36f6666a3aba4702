/* Ticket heat: weighted density of points as tiles.
 *
 * A snapshot is immutable and reference-counted (atomic); any thread may read it. Places are world
 * units (grid.h), times are Unix seconds. Weight of a ticket at moment t: weight * 2^-(age/half-life).
 * Scales are fixed per zoom: the same colour means the same heat in every tile and at every moment.
 * Tiles join without seams: tickets beyond the border contribute through the kernel's margin.
 */
#ifndef MQT_HEAT_H
#define MQT_HEAT_H

#include "buf.h"
#include "grid.h"

struct mqt_heat;

struct mqt_heat_ticket {
    uint64_t id;
    uint64_t building_id; /* 0: none */
    struct mqt_point place;
    int64_t reported_s;                /* Unix seconds */
    float weight;                      /* > 0, severity */
    uint8_t category, channel, status; /* codes below 64, given by the caller */
};

struct mqt_heat_query {
    int64_t from_s, to_s;                    /* reported in [from, to); INT64_MIN/INT64_MAX: open */
    int64_t now_s;                           /* moment at which age is 0; later tickets are left out */
    double half_life_s;                      /* 0: tickets do not fade */
    uint64_t categories, channels, statuses; /* bit per code; 0: all */
    int least_tickets; /* privacy: a place whose kernel holds fewer tickets stays empty; 0 or 1: off */
};

/* tickets is copied and may be in any order; ids are unique. */
enum mqt_err mqt_heat_new(const struct mqt_heat_ticket *tickets, size_t count, struct mqt_heat **heat) MQT_MUST_USE;

/* A new snapshot: base without the removed ids, plus added (which replace equal ids). */
enum mqt_err mqt_heat_apply(struct mqt_heat *base, const uint64_t *removed, size_t removed_count,
                            const struct mqt_heat_ticket *added, size_t added_count,
                            struct mqt_heat **heat) MQT_MUST_USE;

struct mqt_heat *mqt_heat_retain(struct mqt_heat *heat);
void mqt_heat_release(struct mqt_heat *heat);
size_t mqt_heat_count(const struct mqt_heat *heat);
size_t mqt_heat_bytes(const struct mqt_heat *heat);

/* Calls visit for every ticket in the box that the query lets through. */
typedef bool (*mqt_heat_visit_fn)(void *user, const struct mqt_heat_ticket *ticket);
void mqt_heat_visit(const struct mqt_heat *heat, struct mqt_box box, const struct mqt_heat_query *query,
                    mqt_heat_visit_fn visit, void *user);

/* Density over the tile, size_px * size_px values row by row, in weight per kernel at that zoom:
 * 1.0 is one fresh ticket of weight 1 at its own centre. size_px is 256 or 512. */
enum mqt_err mqt_heat_density(const struct mqt_heat *heat, struct mqt_tile tile, int size_px,
                              const struct mqt_heat_query *query, float *density) MQT_MUST_USE;

/* The density that shows in full colour at this zoom: 64 * 2^(0.75 * (18 - z)), from z 18 on 64. The
 * place in the palette is 255 * log2(1 + 1023 * density / this) / 10. */
float mqt_heat_full_scale(int z);

/* The tile as a palette PNG, transparent where there is no heat. */
enum mqt_err mqt_heat_png(const struct mqt_heat *heat, struct mqt_tile tile, int size_px,
                          const struct mqt_heat_query *query, struct mqt_buf *out) MQT_MUST_USE;

/* The 256 colours of heat tiles as R G B A, alpha not premultiplied, for legends. */
const uint8_t *mqt_heat_palette(void);

#endif
