#include "../../tiles/heat.h"

#include <cairo.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct mqt_heat_query everything = {
    .from_s = INT64_MIN, .to_s = INT64_MAX, .now_s = 2000000000, .half_life_s = 0};

/* The tile whose upper left corner is the middle of all tests, at z 15. */
enum { Z = 15, TX = 26970, TY = 12410 };
static const int32_t pixel = 1 << (31 - Z - 8); /* world units of a pixel at 256 */

static struct mqt_point at_pixel(double x, double y)
{
    int64_t side = INT64_C(1) << (31 - Z);
    return (struct mqt_point){(int32_t)(TX * side + (int64_t)floor(x * pixel)),
                              (int32_t)(TY * side + (int64_t)floor(y * pixel))};
}

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Clustered places over [-extent, extent] pixels around the corner. */
static struct mqt_heat_ticket *make_tickets(size_t count, double extent, uint32_t seed)
{
    struct mqt_heat_ticket *tickets = calloc(count, sizeof *tickets);
    assert_non_null(tickets);
    double x = 0, y = 0;
    for (size_t i = 0; i < count; i++) {
        if (i % 7 == 0) {
            x = ((double)(next(&seed) % 20000) / 10000 - 1) * extent;
            y = ((double)(next(&seed) % 20000) / 10000 - 1) * extent;
        }
        struct mqt_point place = at_pixel(x + (double)(next(&seed) % 800) / 100, y + (double)(next(&seed) % 800) / 100);
        tickets[i] = (struct mqt_heat_ticket){
            .id = i + 1,
            .place = place,
            .reported_s = 1900000000 + (int64_t)(next(&seed) % 1000000),
            .weight = (float)(1 + next(&seed) % 3),
            .category = (uint8_t)(next(&seed) % 12),
            .channel = (uint8_t)(next(&seed) % 5),
            .status = (uint8_t)(next(&seed) % 4),
        };
    }
    return tickets;
}

static struct mqt_heat *heat_of(const struct mqt_heat_ticket *tickets, size_t count)
{
    struct mqt_heat *heat;
    assert_int_equal(mqt_heat_new(tickets, count, &heat), MQT_OK);
    return heat;
}

static float *density_of(const struct mqt_heat *heat, int dx, int dy, int size, const struct mqt_heat_query *query)
{
    float *values = malloc(sizeof *values * (size_t)size * (size_t)size);
    assert_non_null(values);
    struct mqt_tile tile = {Z, (uint32_t)(TX + dx), (uint32_t)(TY + dy)};
    assert_int_equal(mqt_heat_density(heat, tile, size, query, values), MQT_OK);
    return values;
}

static float most(const float *values, size_t count)
{
    float result = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(values[i] >= 0);
        result = values[i] > result ? values[i] : result;
    }
    return result;
}

static void one_ticket_is_one_at_its_place(void **state)
{
    (void)state;
    for (int i = 0; i < 16; i++) {
        struct mqt_heat_ticket ticket = {
            .id = 1, .place = at_pixel(100.5 + i % 4, 80.5 + i / 4), .reported_s = 5, .weight = 1};
        struct mqt_heat *heat = heat_of(&ticket, 1);
        float *values = density_of(heat, 0, 0, 256, &everything);
        float own = values[(80 + i / 4) * 256 + 100 + i % 4];
        assert_true(fabsf(own - 1) < 0.01f);
        assert_true(most(values, 256 * 256) < 1.01f);
        free(values);
        mqt_heat_release(heat);
    }
}

/* The promise in words: a Gaussian of 10 px at 256 around every ticket. */
static void density_is_a_sum_of_gaussians(void **state)
{
    (void)state;
    enum { COUNT = 60 };
    struct mqt_heat_ticket *tickets = make_tickets(COUNT, 300, 3);
    struct mqt_heat *heat = heat_of(tickets, COUNT);
    for (int tile = 0; tile < 4; tile++) {
        int dx = tile % 2 - 1, dy = tile / 2 - 1;
        float *values = density_of(heat, dx, dy, 256, &everything);
        for (int y = 0; y < 256; y += 5) {
            for (int x = 0; x < 256; x += 5) {
                struct mqt_point here = at_pixel(dx * 256 + x + 0.5, dy * 256 + y + 0.5);
                double sum = 0, weight = 0;
                for (int i = 0; i < COUNT; i++) {
                    double ex = (double)(tickets[i].place.x - here.x) / pixel;
                    double ey = (double)(tickets[i].place.y - here.y) / pixel;
                    double share = tickets[i].weight * exp(-(ex * ex + ey * ey) / 200);
                    sum += share;
                    weight += share > 0.01 ? tickets[i].weight : 0;
                }
                assert_true(fabs(values[y * 256 + x] - sum) <= 0.02 + 0.012 * weight);
            }
        }
        free(values);
    }
    mqt_heat_release(heat);
    free(tickets);
}

/* Four tiles around a corner against the same district moved by half a tile, where the corner is
 * in the middle of one tile. Any seam would differ. */
static void tiles_join_without_seams(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    static const struct mqt_heat_query queries[2] = {
        {.from_s = INT64_MIN, .to_s = INT64_MAX, .now_s = 2000000000, .half_life_s = 90000000},
        {.from_s = INT64_MIN, .to_s = INT64_MAX, .now_s = 2000000000, .least_tickets = 10}};
    struct mqt_heat_ticket *tickets = make_tickets(COUNT, 500, 11);
    struct mqt_heat *heat = heat_of(tickets, COUNT);
    for (int i = 0; i < COUNT; i++) {
        tickets[i].place.x += 128 * pixel;
        tickets[i].place.y += 128 * pixel;
    }
    struct mqt_heat *moved = heat_of(tickets, COUNT);
    size_t empty[2] = {0};
    for (int q = 0; q < 2; q++) {
        float *middle = density_of(moved, 0, 0, 256, &queries[q]);
        float peak = most(middle, 256 * 256);
        assert_true(peak > 5);
        for (int tile = 0; tile < 4; tile++) {
            float *quarter = density_of(heat, tile % 2 - 1, tile / 2 - 1, 256, &queries[q]);
            for (int y = 0; y < 128; y++) {
                for (int x = 0; x < 128; x++) {
                    int mx = tile % 2 ? x + 128 : x, my = tile / 2 ? y + 128 : y;
                    int qx = tile % 2 ? x : x + 128, qy = tile / 2 ? y : y + 128;
                    float a = middle[my * 256 + mx], b = quarter[qy * 256 + qx];
                    assert_true(fabsf(a - b) <= peak * 1e-5f);
                    assert_int_equal(a == 0, b == 0);
                    empty[q] += a == 0;
                }
            }
            free(quarter);
        }
        free(middle);
    }
    assert_true(empty[1] > empty[0] + 500); /* the second query does hide something */
    mqt_heat_release(moved);
    mqt_heat_release(heat);
    free(tickets);
}

static void double_size_shows_the_same_field(void **state)
{
    (void)state;
    struct mqt_heat_ticket *tickets = make_tickets(400, 200, 5);
    struct mqt_heat *heat = heat_of(tickets, 400);
    float *small = density_of(heat, 0, 0, 256, &everything), *large = density_of(heat, 0, 0, 512, &everything);
    float peak = most(small, 256 * 256);
    for (int y = 0; y < 256; y++) {
        for (int x = 0; x < 256; x++) {
            const float *block = large + 2 * y * 512 + 2 * x;
            float mean = (block[0] + block[1] + block[512] + block[513]) / 4;
            assert_true(fabsf(mean - small[y * 256 + x]) < peak * 0.004f);
        }
    }
    free(small);
    free(large);
    mqt_heat_release(heat);
    free(tickets);
}

static float heat_at_place(const struct mqt_heat_ticket *tickets, size_t count, struct mqt_heat_query query)
{
    struct mqt_heat *heat = heat_of(tickets, count);
    float *values = density_of(heat, 0, 0, 256, &query);
    float own = values[50 * 256 + 50];
    free(values);
    mqt_heat_release(heat);
    return own;
}

static void queries_choose_and_fade(void **state)
{
    (void)state;
    struct mqt_heat_ticket t = {.id = 1,
                                .place = at_pixel(50.5, 50.5),
                                .reported_s = 1000,
                                .weight = 3,
                                .category = 5,
                                .channel = 2,
                                .status = 63};
    struct mqt_heat_query q = everything;
    float full = heat_at_place(&t, 1, q);
    assert_true(fabsf(full - 3) < 0.03f);
    q.now_s = 1000 + 2 * 86400;
    q.half_life_s = 86400;
    assert_true(fabsf(heat_at_place(&t, 1, q) - full / 4) < 1e-4f);
    q.half_life_s = 1e-3; /* faded to nothing, not to NaN */
    assert_true(heat_at_place(&t, 1, q) == 0);
    q = everything;
    q.now_s = 999; /* not reported yet */
    assert_true(heat_at_place(&t, 1, q) == 0);
    q.now_s = 1000;
    assert_true(heat_at_place(&t, 1, q) == full);
    q.from_s = 1000;
    q.to_s = 1001;
    assert_true(heat_at_place(&t, 1, q) == full);
    q.to_s = 1000; /* [from, to) */
    assert_true(heat_at_place(&t, 1, q) == 0);
    q.to_s = 2000;
    q.from_s = 1001;
    assert_true(heat_at_place(&t, 1, q) == 0);
    q = everything;
    q.categories = UINT64_C(1) << 5;
    q.channels = UINT64_C(1) << 2 | 1;
    q.statuses = UINT64_C(1) << 63;
    assert_true(heat_at_place(&t, 1, q) == full);
    q.statuses = 1;
    assert_true(heat_at_place(&t, 1, q) == 0);
    q.statuses = 0;
    q.channels = 1;
    assert_true(heat_at_place(&t, 1, q) == 0);
    q.channels = 0;
    q.categories = ~(UINT64_C(1) << 5);
    assert_true(heat_at_place(&t, 1, q) == 0);
}

static void few_tickets_stay_hidden(void **state)
{
    (void)state;
    struct mqt_heat_ticket tickets[10];
    for (int i = 0; i < 10; i++) {
        tickets[i] = (struct mqt_heat_ticket){
            .id = (uint64_t)i + 1, .place = at_pixel(50.5 + i, 50.5 - i), .reported_s = 1000 + i, .weight = 9};
    }
    struct mqt_heat_query q = everything;
    q.least_tickets = 10;
    assert_true(heat_at_place(tickets, 10, q) > 50);
    assert_true(heat_at_place(tickets, 9, q) == 0);
    q.to_s = 1009; /* the filter leaves nine: those are hidden too */
    assert_true(heat_at_place(tickets, 10, q) == 0);
    q.least_tickets = 9;
    assert_true(heat_at_place(tickets, 10, q) > 50);
    tickets[9].place = at_pixel(50.5 + 30, 50.5); /* beyond the count radius of 20 px */
    q = everything;
    q.least_tickets = 10;
    assert_true(heat_at_place(tickets, 10, q) == 0);
}

/* Every pixel of a cell (4 px) with fewer than ten tickets in the cells within 20 px is exactly 0. */
static void no_pixel_of_a_hidden_place_is_coloured(void **state)
{
    (void)state;
    enum { COUNT = 900, CELLS = 64 };
    struct mqt_heat_ticket *tickets = make_tickets(COUNT, 250, 31);
    struct mqt_heat *heat = heat_of(tickets, COUNT);
    struct mqt_heat_query q = everything;
    q.least_tickets = 10;
    float *values = density_of(heat, 0, 0, 256, &q);
    int hidden = 0, shown = 0;
    for (int cell = 0; cell < CELLS * CELLS; cell++) {
        int cx = cell % CELLS, cy = cell / CELLS, near = 0;
        for (int i = 0; i < COUNT; i++) {
            int32_t tx = tickets[i].place.x / (4 * pixel) - TX * CELLS,
                    ty = tickets[i].place.y / (4 * pixel) - TY * CELLS;
            near += (tx - cx) * (tx - cx) + (ty - cy) * (ty - cy) <= 25;
        }
        for (int i = 0; i < 16; i++) {
            float value = values[(4 * cy + i / 4) * 256 + 4 * cx + i % 4];
            assert_true(near >= 10 || value == 0);
            shown += value > 0;
        }
        hidden += near < 10;
    }
    assert_true(hidden > 500 && shown > 500);
    free(values);
    mqt_heat_release(heat);
    free(tickets);
}

struct seen {
    struct mqt_heat_ticket *tickets;
    size_t count;
};

static bool collect(void *user, const struct mqt_heat_ticket *ticket)
{
    struct seen *seen = user;
    seen->tickets[seen->count++] = *ticket;
    return true;
}

static int by_id(const void *a, const void *b)
{
    const struct mqt_heat_ticket *left = a, *right = b;
    return left->id < right->id ? -1 : left->id > right->id;
}

static struct seen visit(const struct mqt_heat *heat, struct mqt_box box, const struct mqt_heat_query *query)
{
    struct seen seen = {.tickets = calloc(mqt_heat_count(heat) + 1, sizeof *seen.tickets)};
    assert_non_null(seen.tickets);
    mqt_heat_visit(heat, box, query, collect, &seen);
    qsort(seen.tickets, seen.count, sizeof *seen.tickets, by_id);
    return seen;
}

static void visit_finds_what_a_full_scan_finds(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    struct mqt_heat_ticket *tickets = make_tickets(COUNT, 1000, 77);
    struct mqt_heat *heat = heat_of(tickets, COUNT);
    assert_int_equal(mqt_heat_count(heat), COUNT);
    assert_true(mqt_heat_bytes(heat) >= COUNT * sizeof *tickets);
    uint32_t random = 9;
    size_t found = 0;
    for (int round = 0; round < 200; round++) {
        struct mqt_point a = at_pixel(next(&random) % 2000 - 1000.0, next(&random) % 2000 - 1000.0);
        int32_t side = (int32_t)(next(&random) % 400) * pixel;
        struct mqt_box box = {a.x, a.y, a.x + side, a.y + side};
        struct mqt_heat_query q = everything;
        q.categories = round % 2 ? 0x55 : 0;
        struct seen seen = visit(heat, box, &q);
        size_t at = 0;
        for (int i = 0; i < COUNT; i++) {
            struct mqt_point p = tickets[i].place;
            if (p.x >= box.min_x && p.x <= box.max_x && p.y >= box.min_y && p.y <= box.max_y &&
                (q.categories == 0 || (0x55 >> tickets[i].category & 1))) {
                assert_true(at < seen.count);
                assert_memory_equal(&seen.tickets[at], &tickets[i], sizeof tickets[i]);
                at++;
            }
        }
        assert_int_equal(at, seen.count);
        found += at;
        free(seen.tickets);
    }
    assert_true(found > 1000);
    mqt_heat_release(heat);
    free(tickets);
}

static void apply_equals_a_fresh_snapshot(void **state)
{
    (void)state;
    enum { COUNT = 6000, ROUNDS = 60, BATCH = 150 };
    struct mqt_heat_ticket *truth = make_tickets(COUNT, 400, 21), *spare = make_tickets(COUNT, 400, 22);
    bool alive[COUNT] = {false};
    for (int i = 0; i < COUNT / 2; i++) {
        alive[i] = true;
    }
    struct mqt_heat *heat = heat_of(truth, COUNT / 2), *first = mqt_heat_retain(heat);
    uint32_t random = 4;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t removed[BATCH];
        struct mqt_heat_ticket added[BATCH];
        for (int i = 0; i < BATCH; i++) {
            int index = (int)(next(&random) % COUNT);
            removed[i] = truth[index].id; /* some are not there, some come back at once */
            alive[index] = false;
        }
        for (int i = 0; i < BATCH; i++) {
            int index = (int)(next(&random) % COUNT);
            truth[index].place = spare[next(&random) % COUNT].place;
            added[i] = truth[index];
            alive[index] = true;
        }
        struct mqt_heat *after;
        assert_int_equal(mqt_heat_apply(heat, removed, BATCH, added, BATCH, &after), MQT_OK);
        mqt_heat_release(heat);
        heat = after;
        size_t count = 0;
        for (int i = 0; i < COUNT; i++) {
            count += alive[i];
        }
        assert_int_equal(mqt_heat_count(heat), count);
    }
    struct mqt_box world = {0, 0, INT32_MAX, INT32_MAX};
    struct seen seen = visit(heat, world, &everything);
    size_t at = 0;
    for (int i = 0; i < COUNT; i++) {
        if (alive[i]) {
            assert_true(at < seen.count);
            assert_memory_equal(&seen.tickets[at], &truth[i], sizeof truth[i]);
            at++;
        }
    }
    assert_int_equal(at, seen.count);
    assert_int_equal(mqt_heat_count(first), COUNT / 2); /* the old snapshot is as it was */
    free(seen.tickets);
    mqt_heat_release(first);
    mqt_heat_release(heat);
    free(truth);
    free(spare);
}

static void an_empty_snapshot_works(void **state)
{
    (void)state;
    struct mqt_heat *heat = heat_of(NULL, 0);
    float *values = density_of(heat, 0, 0, 512, &everything);
    assert_true(most(values, 512 * 512) == 0);
    free(values);
    struct mqt_heat_ticket ticket = {.id = 9, .place = at_pixel(10, 10), .reported_s = 1, .weight = 1};
    struct mqt_heat *one;
    assert_int_equal(mqt_heat_apply(heat, NULL, 0, &ticket, 1, &one), MQT_OK);
    assert_int_equal(mqt_heat_count(one), 1);
    values = density_of(one, 0, 0, 256, &everything);
    assert_true(most(values, 256 * 256) > 0.98f);
    free(values);
    mqt_heat_release(heat);
    mqt_heat_release(one);
}

static void pictures_use_one_scale(void **state)
{
    (void)state;
    const uint8_t *palette = mqt_heat_palette();
    assert_int_equal(palette[3], 0);
    int brightness = -1;
    for (int i = 1; i < 256; i++) {
        const uint8_t *c = palette + 4 * i;
        assert_true(c[3] >= palette[4 * i - 1]);
        int now = 2126 * c[0] + 7152 * c[1] + 722 * c[2];
        assert_true(now >= brightness - 20000); /* rounding of the bytes */
        brightness = now;
    }
    for (int z = 1; z <= MQT_MAX_ZOOM; z++) {
        assert_true(mqt_heat_full_scale(z) > 0 && mqt_heat_full_scale(z) <= mqt_heat_full_scale(z - 1));
    }
    struct mqt_heat_ticket *tickets = make_tickets(2000, 200, 2);
    struct mqt_heat *heat = heat_of(tickets, 2000);
    struct mqt_buf png, empty;
    mqt_buf_init(&png, 1u << 20);
    mqt_buf_init(&empty, 1u << 20);
    struct mqt_tile tile = {Z, TX, TY}, elsewhere = {Z, TX + 100, TY};
    assert_int_equal(mqt_heat_png(heat, tile, 256, &everything, &png), MQT_OK);
    assert_int_equal(mqt_heat_png(heat, elsewhere, 256, &everything, &empty), MQT_OK);
    assert_memory_equal(png.data + 1, "PNG", 3);
    assert_true(empty.len < 2500 && png.len > empty.len);
    mqt_buf_clear(&png);
    mqt_buf_clear(&empty);
    mqt_heat_release(heat);
    free(tickets);
}

struct reader {
    const struct mqt_buf *png;
    size_t at;
};

static cairo_status_t read_bytes(void *user, unsigned char *to, unsigned len)
{
    struct reader *reader = user;
    if (len > reader->png->len - reader->at) {
        return CAIRO_STATUS_READ_ERROR;
    }
    memcpy(to, reader->png->data + reader->at, len);
    reader->at += len;
    return CAIRO_STATUS_SUCCESS;
}

/* A ticket as heavy as a share of the full scale shows at its place in the promised colour. */
static void colours_follow_the_scale(void **state)
{
    (void)state;
    static const double shares[] = {0.001, 0.01, 0.05, 0.2, 0.5, 1, 3};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        struct mqt_heat_ticket ticket = {.id = 1, .place = at_pixel(100.5, 100.5), .reported_s = 5};
        ticket.weight = (float)shares[i] * mqt_heat_full_scale(Z);
        struct mqt_heat *heat = heat_of(&ticket, 1);
        struct mqt_buf png;
        mqt_buf_init(&png, 1u << 20);
        struct mqt_tile tile = {Z, TX, TY};
        assert_int_equal(mqt_heat_png(heat, tile, 256, &everything, &png), MQT_OK);
        struct reader reader = {&png, 0};
        cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_bytes, &reader);
        assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
        const uint8_t *shown =
            cairo_image_surface_get_data(surface) + 100 * cairo_image_surface_get_stride(surface) + 400;
        double place = fmin(255, 255 * log2(1 + 1023 * shares[i]) / 10);
        const uint8_t *expected = mqt_heat_palette() + 4 * (int)(place + 0.5);
        assert_true(abs(shown[3] - expected[3]) <= 4);
        assert_true(abs(shown[2] - expected[0] * expected[3] / 255) <= 6); /* cairo premultiplies */
        assert_true(abs(shown[1] - expected[1] * expected[3] / 255) <= 6);
        cairo_surface_destroy(surface);
        mqt_buf_clear(&png);
        mqt_heat_release(heat);
    }
}

static void bad_calls_are_refused(void **state)
{
    (void)state;
    struct mqt_heat *heat = heat_of(NULL, 0);
    float value = 7;
    struct mqt_heat_query q = everything;
    assert_int_equal(mqt_heat_density(heat, (struct mqt_tile){3, 8, 0}, 256, &q, &value), MQT_ERR_PARAM);
    assert_int_equal(mqt_heat_density(heat, (struct mqt_tile){3, 0, 0}, 100, &q, &value), MQT_ERR_PARAM);
    q.half_life_s = -1;
    assert_int_equal(mqt_heat_density(heat, (struct mqt_tile){3, 0, 0}, 256, &q, &value), MQT_ERR_PARAM);
    q.half_life_s = NAN;
    assert_int_equal(mqt_heat_density(heat, (struct mqt_tile){3, 0, 0}, 256, &q, &value), MQT_ERR_PARAM);
    assert_true(value == 7);
    struct mqt_buf out;
    mqt_buf_init(&out, 1000);
    assert_int_equal(mqt_heat_png(heat, (struct mqt_tile){23, 0, 0}, 256, &everything, &out), MQT_ERR_PARAM);
    assert_int_equal(mqt_heat_png(heat, (struct mqt_tile){3, 0, 0}, 300, &everything, &out), MQT_ERR_PARAM);
    assert_int_equal(out.len, 0);
    mqt_buf_clear(&out);
    mqt_heat_release(heat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_ticket_is_one_at_its_place),
        cmocka_unit_test(density_is_a_sum_of_gaussians),
        cmocka_unit_test(tiles_join_without_seams),
        cmocka_unit_test(double_size_shows_the_same_field),
        cmocka_unit_test(queries_choose_and_fade),
        cmocka_unit_test(few_tickets_stay_hidden),
        cmocka_unit_test(no_pixel_of_a_hidden_place_is_coloured),
        cmocka_unit_test(visit_finds_what_a_full_scan_finds),
        cmocka_unit_test(apply_equals_a_fresh_snapshot),
        cmocka_unit_test(an_empty_snapshot_works),
        cmocka_unit_test(pictures_use_one_scale),
        cmocka_unit_test(colours_follow_the_scale),
        cmocka_unit_test(bad_calls_are_refused),
    };
    return cmocka_run_group_tests_name("heat", tests, NULL, NULL);
}
