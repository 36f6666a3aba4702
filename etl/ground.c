#include "ground.h"

#include "../tiles/buf.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* More than rounding to a millionth of a degree moves a spot. */
static const double MARGIN_M = 0.5;

enum { ENTRIES_MAX_BYTES = 256 << 20, LATTICE = 24 };

struct grid {
    const struct mqt_shape *shape;
    struct mqt_rect box;
};

/* A grid whose box meets a square, and the next one of that square: 0 ends the list. */
struct entry {
    size_t grid;
    size_t next;
};

/* The grids, found by the squares of a lattice. */
struct mqt_ground {
    struct grid *grids;
    size_t count;
    struct mqt_rect bounds;
    double square_m;
    size_t wide, high;
    size_t *first;          /* of each square: its first entry, from 1 */
    struct mqt_buf entries; /* of struct entry; the one at 0 is not used */
};

static size_t step(double from, double to, double size, size_t count)
{
    double at = floor((to - from) / size);
    return at <= 0 ? 0 : at >= (double)(count - 1) ? count - 1 : (size_t)at;
}

static size_t square_of(const struct mqt_ground *ground, double x_m, double y_m)
{
    return step(ground->bounds.y0_m, y_m, ground->square_m, ground->high) * ground->wide +
           step(ground->bounds.x0_m, x_m, ground->square_m, ground->wide);
}

static void enter(struct mqt_ground *ground, size_t grid)
{
    struct mqt_rect box = ground->grids[grid].box;
    size_t low = square_of(ground, box.x0_m, box.y0_m);
    size_t high = square_of(ground, box.x1_m, box.y1_m);
    for (size_t row = low / ground->wide; row <= high / ground->wide; ++row) {
        for (size_t column = low % ground->wide; column <= high % ground->wide; ++column) {
            size_t *first = &ground->first[row * ground->wide + column];
            struct entry entry = {grid, *first};
            *first = ground->entries.len / sizeof entry;
            mqt_buf_add(&ground->entries, &entry, sizeof entry);
        }
    }
}

static enum mqt_err index_grids(struct mqt_ground *ground)
{
    double wide_m = ground->bounds.x1_m - ground->bounds.x0_m;
    double high_m = ground->bounds.y1_m - ground->bounds.y0_m;
    const struct entry none = {0, 0};
    ground->square_m = fmax(1, sqrt(wide_m * high_m / (double)(ground->count * 2)));
    ground->wide = (size_t)(wide_m / ground->square_m) + 1;
    ground->high = (size_t)(high_m / ground->square_m) + 1;
    ground->first = calloc(ground->wide * ground->high, sizeof *ground->first);
    if (!ground->first) {
        return MQT_ERR_MEMORY;
    }
    mqt_buf_add(&ground->entries, &none, sizeof none);
    for (size_t g = 0; g < ground->count; ++g) {
        enter(ground, g);
    }
    return mqt_buf_err(&ground->entries);
}

static struct mqt_rect around(struct mqt_rect a, struct mqt_rect b)
{
    return (struct mqt_rect){fmin(a.x0_m, b.x0_m), fmin(a.y0_m, b.y0_m), fmax(a.x1_m, b.x1_m), fmax(a.y1_m, b.y1_m)};
}

enum mqt_err mqt_ground_new(const struct mqt_town *town, struct mqt_ground **ground)
{
    struct mqt_ground *made = calloc(1, sizeof *made);
    enum mqt_err err = MQT_ERR_MEMORY;
    if (!made) {
        return err;
    }
    mqt_buf_init(&made->entries, ENTRIES_MAX_BYTES);
    made->bounds = (struct mqt_rect){DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX};
    made->grids = calloc(town->areas.count + 1, sizeof *made->grids);
    if (!made->grids) {
        goto done;
    }
    for (size_t a = 0; a < town->areas.count; ++a) {
        const struct mqt_shape *shape = &town->areas.at[a].shape;
        if (town->areas.at[a].level == MQT_AREA_GRID) {
            struct mqt_rect box = mqt_shape_bounds(shape);
            made->grids[made->count++] = (struct grid){shape, box};
            made->bounds = around(made->bounds, box);
        }
    }
    err = made->count == 0 ? MQT_ERR_NOT_FOUND : index_grids(made);
done:
    if (err != MQT_OK) {
        mqt_ground_free(made);
        return err;
    }
    *ground = made;
    return MQT_OK;
}

void mqt_ground_free(struct mqt_ground *ground)
{
    if (ground) {
        mqt_buf_clear(&ground->entries);
        free(ground->grids);
        free(ground->first);
        free(ground);
    }
}

static bool is_in(const struct mqt_ground *ground, struct mqt_spot spot)
{
    const struct entry *entries = (const struct entry *)(const void *)ground->entries.data;
    for (size_t e = ground->first[square_of(ground, spot.x_m, spot.y_m)]; e != 0; e = entries[e].next) {
        if (mqt_shape_holds(ground->grids[entries[e].grid].shape, spot)) {
            return true;
        }
    }
    return false;
}

/* Grids meet without a gap, so the four spots around one may lie in another grid than it does. */
bool mqt_ground_holds(const struct mqt_ground *ground, struct mqt_spot spot)
{
    static const double sides[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
    for (int i = 0; i < 4; ++i) {
        struct mqt_spot beside = {spot.x_m + sides[i][0] * MARGIN_M, spot.y_m + sides[i][1] * MARGIN_M};
        if (!is_in(ground, beside)) {
            return false;
        }
    }
    return true;
}

static double apart_m(struct mqt_spot a, struct mqt_spot b)
{
    return hypot(a.x_m - b.x_m, a.y_m - b.y_m);
}

static double box_off_m(struct mqt_rect box, struct mqt_spot spot)
{
    double x_m = fmax(0, fmax(box.x0_m - spot.x_m, spot.x_m - box.x1_m));
    double y_m = fmax(0, fmax(box.y0_m - spot.y_m, spot.y_m - box.y1_m));
    return hypot(x_m, y_m);
}

/* The nearest of the spots of a lattice over each grid's box: grids are not convex, and there is no way to
 * their middle that is sure to lead in. */
struct mqt_spot mqt_ground_inside(const struct mqt_ground *ground, struct mqt_spot spot)
{
    struct mqt_spot best = spot;
    double best_m = DBL_MAX;
    if (mqt_ground_holds(ground, spot)) {
        return spot;
    }
    for (size_t g = 0; g < ground->count; ++g) {
        struct mqt_rect box = ground->grids[g].box;
        if (box_off_m(box, spot) >= best_m) {
            continue;
        }
        for (int i = 0; i < LATTICE * LATTICE; ++i) {
            struct mqt_spot tried = {box.x0_m + (box.x1_m - box.x0_m) * (i % LATTICE + 0.5) / LATTICE,
                                     box.y0_m + (box.y1_m - box.y0_m) * (i / LATTICE + 0.5) / LATTICE};
            double tried_m = apart_m(tried, spot);
            if (tried_m < best_m && mqt_ground_holds(ground, tried)) {
                best = tried;
                best_m = tried_m;
            }
        }
    }
    return best;
}

struct mqt_spot mqt_ground_outside(const struct mqt_ground *ground, size_t serial)
{
    const double beyond_m = 100000, apart_m = 7; /* another district of a city would not be outside */
    return (struct mqt_spot){ground->bounds.x1_m + beyond_m + apart_m * (double)(serial % 500),
                             ground->bounds.y1_m + apart_m * (double)(serial / 500 % 500)};
}
