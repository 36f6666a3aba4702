#include "interchange.h"

#include <math.h>

static const double LOOP_AT_M = 95; /* of a loop's middle from both motorways */
static const double LOOP_M = 60;
static const double SLIP_FROM_M = 290; /* where a slip road leaves the motorway */
static const double SLIP_OFF_M = 26;
static const double SLIP_BEND_M = 172;
static const double KEPT_M = 250; /* nobody builds as near to the middle */
static const double NEAR_M = 900;
static const double TURN = 6.28318530717958647692;

static bool is_inner_spot(const struct mqt_plan_street *street, unsigned spot, size_t *index)
{
    for (size_t i = 1; i + 1 < street->chain.count; ++i) {
        if (street->chain.at[i] == spot) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool is_motorway(const struct mqt_plan *plan, size_t street)
{
    return plan->lines[plan->streets[street].line].line == MQT_LINE_MOTORWAY;
}

/* In which a street runs at its spot i, which is not an end. */
static struct mqt_spot direction(const struct mqt_plan *plan, struct mqt_mesh_ring chain, size_t i)
{
    struct mqt_spot a = plan->mesh.spots[chain.at[i - 1]];
    struct mqt_spot b = plan->mesh.spots[chain.at[i + 1]];
    double len_m = hypot(b.x_m - a.x_m, b.y_m - a.y_m);
    return (struct mqt_spot){(b.x_m - a.x_m) / len_m, (b.y_m - a.y_m) / len_m};
}

size_t mqt_interchange_find(const struct mqt_plan *plan, struct mqt_interchange out[MQT_INTERCHANGES_MAX])
{
    size_t count = 0;
    for (size_t s = 0; s < plan->street_count; ++s) {
        const struct mqt_mesh_ring chain = plan->streets[s].chain;
        for (size_t t = s + 1; is_motorway(plan, s) && t < plan->street_count; ++t) {
            for (size_t i = 1; is_motorway(plan, t) && i + 1 < chain.count && count < MQT_INTERCHANGES_MAX; ++i) {
                size_t other = 0;
                if (is_inner_spot(&plan->streets[t], chain.at[i], &other)) {
                    out[count++] = (struct mqt_interchange){plan->mesh.spots[chain.at[i]], direction(plan, chain, i),
                                                            direction(plan, plan->streets[t].chain, other)};
                }
            }
        }
    }
    return count;
}

/* x along one motorway, y along the other, which need not be square to it. */
static struct mqt_spot placed(const struct mqt_interchange *interchange, double x_m, double y_m)
{
    return (struct mqt_spot){interchange->middle.x_m + x_m * interchange->along.x_m + y_m * interchange->across.x_m,
                             interchange->middle.y_m + x_m * interchange->along.y_m + y_m * interchange->across.y_m};
}

static void add_ramp(struct mqt_town *town, const struct mqt_spot *spots, size_t count)
{
    mqt_town_add(town, &town->streets,
                 (struct mqt_town_street){"", "residential", 9, mqt_line_copy(&town->arena, spots, count)});
}

void mqt_interchange_draw(const struct mqt_interchange *interchange, struct mqt_town *town)
{
    enum { STEPS = 24 };
    for (int quarter = 0; quarter < 4; ++quarter) {
        double sx = quarter == 0 || quarter == 3 ? 1 : -1;
        double sy = quarter < 2 ? 1 : -1;
        struct mqt_spot loop[STEPS + 1];
        struct mqt_spot lawn[STEPS];
        struct mqt_spot slip[STEPS + 1];
        for (int k = 0; k <= STEPS; ++k) {
            /* Three quarters of a circle, from one motorway round to the other. */
            double angle = TURN * (0.75 * k / STEPS - 0.25);
            double off = 2.0 * k / STEPS - 1; /* the ends touch the motorways */
            double reach_m = LOOP_M + (LOOP_AT_M - LOOP_M) * off * off;
            loop[k] =
                placed(interchange, sx * (LOOP_AT_M + reach_m * cos(angle)), sy * (LOOP_AT_M + reach_m * sin(angle)));
            if (k < STEPS) {
                double round = TURN * k / STEPS;
                lawn[k] = placed(interchange, sx * (LOOP_AT_M + (LOOP_M - 8) * cos(round)),
                                 sy * (LOOP_AT_M + (LOOP_M - 8) * sin(round)));
            }
            double t = (double)k / STEPS;
            double a = (1 - t) * (1 - t);
            double b = 2 * t * (1 - t);
            double c = t * t;
            slip[k] = placed(interchange, sx * (a * SLIP_FROM_M + b * SLIP_BEND_M + c * SLIP_OFF_M),
                             sy * (a * SLIP_OFF_M + b * SLIP_BEND_M + c * SLIP_FROM_M));
        }
        add_ramp(town, loop, STEPS + 1);
        add_ramp(town, slip, STEPS + 1);
        mqt_town_add(town, &town->greens,
                     (struct mqt_town_patch){"", "防护绿地", mqt_shape_ring(&town->arena, lawn, STEPS)});
    }
}

void mqt_interchange_spare(const struct mqt_interchange *interchange, struct mqt_spot origin, double turn,
                           struct mqt_fence *fence)
{
    double dx = interchange->middle.x_m - origin.x_m;
    double dy = interchange->middle.y_m - origin.y_m;
    double away_m = hypot(dx, dy);
    if (away_m > NEAR_M || away_m < 1) {
        return;
    }
    /* In the frame of the cell, whose origin is its middle: the line across the way to it. */
    double x_m = dx * cos(turn) + dy * sin(turn);
    double y_m = dy * cos(turn) - dx * sin(turn);
    const struct mqt_spot a = {x_m, y_m};
    const struct mqt_spot b = {x_m + y_m / away_m, y_m - x_m / away_m};
    mqt_fence_cut(fence, b, a, KEPT_M);
}
