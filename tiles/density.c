#include "density.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELL_BITS = 6, /* 64 cells a tile side */
    CELLS = 1 << CELL_BITS,
    CELL_PX = 256 / CELLS,
    BLUR = 9,                                         /* radius of the Gaussian, cells */
    MARGIN = MQT_DENSITY_MARGIN_256THS / CELL_PX + 1, /* one more so that the outermost splat has room */
    SIDE = CELLS + 2 * MARGIN,
    SHOWN = CELLS + 2, /* blurred cells: the tile's and one around them for the read-out */
    FIRST = MARGIN - 1,
    PITCH = 72, /* SHOWN rounded up to whole vectors */
    TAPS = 2 * BLUR + 1,
    COUNT_RADIUS = MQT_DENSITY_COUNT_RADIUS_PX / CELL_PX,
    FADE = 2, /* cells over which what is shown fades towards what is hidden */
    JUDGED = SHOWN + 2 * FADE
};

_Static_assert(MARGIN >= BLUR + 3, "splat, blur and read-out must fit into the margin");
_Static_assert(FIRST + BLUR + PITCH <= SIDE + 8, "rows are padded by 8");
_Static_assert(FIRST >= COUNT_RADIUS + FADE + 1, "the count must see its whole radius");

struct mqt_density {
    int cell_shift; /* world units to cells */
    int32_t cell_x, cell_y;
    bool any;
    bool row_used[SIDE];   /* of sums and across: rows that are not all 0 */
    bool row_shown[SHOWN]; /* of blurred */
    float sums[SIDE][SIDE + 8];
    int32_t counts[SIDE][SIDE + 1]; /* becomes prefix sums along the row */
    float across[SIDE][PITCH];
    float blurred[SHOWN][PITCH];
    uint8_t hidden[JUDGED][JUDGED]; /* 1 or 0; FADE more all around than shown */
};

enum mqt_err mqt_density_new(struct mqt_tile tile, struct mqt_density **density)
{
    struct mqt_density *made = malloc(sizeof *made);
    if (!made) {
        return MQT_ERR_MEMORY;
    }
    /* The rest is written before it is read. */
    made->any = false;
    memset(made->row_used, 0, sizeof made->row_used);
    memset(made->sums, 0, sizeof made->sums);
    memset(made->counts, 0, sizeof made->counts);
    made->cell_shift = MQT_WORLD_BITS - tile.z - CELL_BITS;
    made->cell_x = (int32_t)(tile.x << CELL_BITS) - MARGIN;
    made->cell_y = (int32_t)(tile.y << CELL_BITS) - MARGIN;
    *density = made;
    return MQT_OK;
}

void mqt_density_free(struct mqt_density *density)
{
    free(density);
}

/* Quadratic B-spline at distance t in [-0.5, 0.5] from the middle cell. Its variance is a quarter
 * cell wherever the point lies, so a ticket's spot does not breathe when it moves. */
static void spline(float t, float weights[3])
{
    weights[0] = 0.5f * (0.5f - t) * (0.5f - t);
    weights[1] = 0.75f - t * t;
    weights[2] = 0.5f * (0.5f + t) * (0.5f + t);
}

void mqt_density_add(struct mqt_density *density, struct mqt_point place, float weight)
{
    int shift = density->cell_shift;
    int32_t x = (place.x >> shift) - density->cell_x, y = (place.y >> shift) - density->cell_y;
    if (x < 1 || y < 1 || x >= SIDE - 1 || y >= SIDE - 1) {
        return;
    }
    int32_t mask = (int32_t)((INT64_C(1) << shift) - 1);
    float scale = 1.0f / (float)(INT64_C(1) << shift);
    float wx[3], wy[3];
    spline((float)(place.x & mask) * scale - 0.5f, wx);
    spline((float)(place.y & mask) * scale - 0.5f, wy);
    for (int row = 0; row < 3; row++) {
        float *cells = &density->sums[y - 1 + row][x - 1];
        float share = weight * wy[row];
        cells[0] += share * wx[0];
        cells[1] += share * wx[1];
        cells[2] += share * wx[2];
        density->row_used[y - 1 + row] = true;
    }
    density->counts[y][x + 1]++;
    density->any = true;
}

/* A Gaussian lowered so that it reaches 0 at its end: a cut one would draw squares around hot
 * places. Scaled so that splat, blur and read-out together give 1 at a point's own place. */
static void gaussian(float taps[TAPS])
{
    /* 10 px are 2.5 cells; the two splines bring half a cell of variance. */
    const double variance = 2.5 * 2.5 - 0.5;
    const double end = exp(-(BLUR + 1.0) * (BLUR + 1.0) / (2 * variance));
    double raw[TAPS + 2] = {0};
    for (int i = 0; i < TAPS; i++) {
        double d = i - BLUR;
        raw[i + 1] = exp(-d * d / (2 * variance)) - end;
    }
    static const double twice[5] = {1.0 / 64, 12.0 / 64, 38.0 / 64, 12.0 / 64, 1.0 / 64}; /* spline times spline */
    double peak = 0;
    for (int i = 0; i < 5; i++) {
        peak += twice[i] * raw[BLUR + 1 + i - 2];
    }
    for (int i = 0; i < TAPS; i++) {
        taps[i] = (float)(raw[i + 1] / peak);
    }
}

/* to[x] = sum of taps[k] * from[k][x]; from[k] is NULL where all is 0. A few columns at a time, so
 * that their sums stay in registers. */
static void weigh(const float *const from[TAPS], const float taps[TAPS], float *to)
{
    enum { COLUMNS = 8 };
    for (int x = 0; x < PITCH; x += COLUMNS) {
        float sums[COLUMNS] = {0};
        for (int tap = 0; tap < TAPS; tap++) {
            if (from[tap]) {
                for (int i = 0; i < COLUMNS; i++) {
                    sums[i] += taps[tap] * from[tap][x + i];
                }
            }
        }
        memcpy(to + x, sums, sizeof sums);
    }
}

static void blur(struct mqt_density *density)
{
    float taps[TAPS];
    const float *from[TAPS];
    gaussian(taps);
    for (int y = FIRST - BLUR; y < FIRST + SHOWN + BLUR; y++) {
        if (density->row_used[y]) {
            for (int tap = 0; tap < TAPS; tap++) {
                from[tap] = &density->sums[y][FIRST - BLUR + tap];
            }
            weigh(from, taps, density->across[y]);
        }
    }
    for (int y = 0; y < SHOWN; y++) {
        density->row_shown[y] = false;
        for (int tap = 0; tap < TAPS; tap++) {
            int row = FIRST + y - BLUR + tap;
            from[tap] = density->row_used[row] ? density->across[row] : NULL;
            density->row_shown[y] = density->row_shown[y] || density->row_used[row];
        }
        if (density->row_shown[y]) {
            weigh(from, taps, density->blurred[y]);
        } else {
            memset(density->blurred[y], 0, sizeof density->blurred[y]);
        }
    }
}

/* Marks cells with too few points around them. */
static void find_hidden(struct mqt_density *density, int least)
{
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            density->counts[y][x + 1] += density->counts[y][x];
        }
    }
    int half[2 * COUNT_RADIUS + 1];
    for (int dy = -COUNT_RADIUS; dy <= COUNT_RADIUS; dy++) {
        half[dy + COUNT_RADIUS] = (int)sqrt(COUNT_RADIUS * COUNT_RADIUS - dy * dy);
    }
    for (int y = 0; y < JUDGED; y++) {
        for (int x = 0; x < JUDGED; x++) {
            int32_t count = 0;
            for (int dy = -COUNT_RADIUS; dy <= COUNT_RADIUS; dy++) {
                const int32_t *prefix = density->counts[FIRST - FADE + y + dy];
                int reach = half[dy + COUNT_RADIUS];
                count += prefix[FIRST - FADE + 1 + x + reach] - prefix[FIRST - FADE + x - reach];
            }
            density->hidden[y][x] = count < least;
        }
    }
}

/* What is left of a shown cell with so many hidden ones in the square around it: nothing beside a
 * straight edge, where half of them are hidden. The square makes up for colours being logarithmic. */
static float veil(int hidden)
{
    const int window = (2 * FADE + 1) * (2 * FADE + 1);
    float clear = 1.0f - 2.0f * (float)hidden / (float)window;
    return clear > 0 ? clear * clear : 0;
}

/* A pixel mixes its cell with the eight around it, so these are emptied too: then every pixel of a
 * hidden cell is exactly 0. Further off the heat fades, because a cut edge would look like a wall. */
static void hide(struct mqt_density *density)
{
    for (int y = 0; y < SHOWN; y++) {
        int columns[JUDGED] = {0}; /* hidden cells above, at and below, within FADE */
        for (int dy = 0; dy <= 2 * FADE; dy++) {
            for (int x = 0; x < JUDGED; x++) {
                columns[x] += density->hidden[y + dy][x];
            }
        }
        for (int x = 0; x < SHOWN; x++) {
            int around = 0;
            for (int dx = 0; dx <= 2 * FADE; dx++) {
                around += columns[x + dx];
            }
            bool near = false;
            for (int dy = FADE - 1; dy <= FADE + 1 && around > 0; dy++) {
                const uint8_t *row = &density->hidden[y + dy][x + FADE - 1];
                near = near || row[0] || row[1] || row[2];
            }
            density->blurred[y][x] = near ? 0 : density->blurred[y][x] * veil(around);
        }
    }
}

/* Hiding and far-off tickets leave rows empty: those are found, so that nothing is spent on them. */
static bool find_shown(struct mqt_density *density)
{
    bool any = false;
    for (int y = 0; y < SHOWN; y++) {
        bool row = false;
        for (int x = 0; density->row_shown[y] && !row && x < SHOWN; x++) {
            row = density->blurred[y][x] > 0;
        }
        density->row_shown[y] = row;
        any = any || row;
    }
    return any;
}

bool mqt_density_blur(struct mqt_density *density, int least)
{
    if (!density->any) {
        memset(density->row_shown, 0, sizeof density->row_shown);
        return false;
    }
    blur(density);
    if (least > 1) {
        find_hidden(density, least);
        hide(density);
    }
    return find_shown(density);
}

bool mqt_density_row(const struct mqt_density *density, int size_px, int y, float *row)
{
    int step = size_px / CELLS, first = y / step;
    const bool *shown = density->row_shown + first;
    if (!shown[0] && !shown[1] && !shown[2]) {
        memset(row, 0, (size_t)size_px * sizeof *row);
        return false;
    }
    float weights[3][8]; /* [k][i]: what cell k - 1 gives to the i-th pixel of a cell */
    for (int i = 0; i < step; i++) {
        float phase[3];
        spline(((float)i + 0.5f) / (float)step - 0.5f, phase);
        weights[0][i] = phase[0];
        weights[1][i] = phase[1];
        weights[2][i] = phase[2];
    }
    const float *up = density->blurred[first], *middle = density->blurred[first + 1];
    const float *down = density->blurred[first + 2];
    float w0 = weights[0][y % step], w1 = weights[1][y % step], w2 = weights[2][y % step];
    float cells[PITCH];
    for (int x = 0; x < PITCH; x++) {
        cells[x] = w0 * up[x] + w1 * middle[x] + w2 * down[x];
    }
    for (int cell = 0; cell < CELLS; cell++) {
        float left = cells[cell], centre = cells[cell + 1], right = cells[cell + 2];
        for (int half = 0; half < step; half += 4, row += 4) {
            for (int i = 0; i < 4; i++) {
                row[i] = weights[0][half + i] * left + weights[1][half + i] * centre + weights[2][half + i] * right;
            }
        }
    }
    return true;
}
