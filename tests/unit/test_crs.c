#include "../../etl/crs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

static const double CENTIMETRE_DEG = 1e-7;

static void assert_place(double lon, double lat, double wanted_lon, double wanted_lat, double tolerance)
{
    assert_true(fabs(lon - wanted_lon) <= tolerance);
    assert_true(fabs(lat - wanted_lat) <= tolerance);
}

static void systems_lead_to_4490(void **state)
{
    (void)state;
    static const struct {
        const char *definition;
        double x, y;
    } rows[] = {
        {"EPSG:4490", 116.30, 39.83},
        {"EPSG:4326", 116.30, 39.83},
        {"EPSG:4548", 440076.06, 4410887.89},
        {"EPSG:4527", 39440076.06, 4410887.89},
        {"EPSG:3857", 12946456.7793, 4841269.0079},
        {"+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m", 440076.06, 4410887.89},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_crs *crs = NULL;
        double x = rows[i].x, y = rows[i].y;

        assert_int_equal(mqt_crs_new(rows[i].definition, &crs, NULL), MQT_OK);
        assert_int_equal(mqt_crs_to_4490(crs, &x, &y, NULL), MQT_OK);
        assert_place(x, y, 116.30, 39.83, 2 * CENTIMETRE_DEG);
        assert_false(mqt_crs_is_shifted(crs));
        mqt_crs_free(crs);
    }
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    static const char *const definitions[] = {"EPSG:999999", "hello", "", "+proj=nothing"};

    for (size_t i = 0; i < sizeof definitions / sizeof definitions[0]; i++) {
        struct mqt_crs *crs = NULL;
        struct mqt_detail detail = {0};

        assert_int_equal(mqt_crs_new(definitions[i], &crs, &detail), MQT_ERR_PARAM);
        assert_null(crs);
        assert_string_equal(detail.field, "crs");
    }
}

static void places_off_the_earth_are_refused(void **state)
{
    (void)state;
    struct mqt_crs *crs = NULL;
    struct mqt_detail detail = {0};
    double x = 39.83, y = 116.30;

    assert_int_equal(mqt_crs_new("EPSG:4490", &crs, NULL), MQT_OK);
    assert_int_equal(mqt_crs_to_4490(crs, &x, &y, &detail), MQT_ERR_GEOMETRY);
    assert_non_null(strstr(detail.text, "swapped"));
    assert_place(x, y, 39.83, 116.30, 0);
    x = 400;
    assert_int_equal(mqt_crs_to_4490(crs, &x, &y, &detail), MQT_ERR_GEOMETRY);
    mqt_crs_free(crs);
}

/* Without its check of the area each of these became a place on another continent, or in the sea. */
static void metres_of_another_system_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *definition;
        double x, y;
        bool refused, swapped;
    } rows[] = {
        {"EPSG:4548", 4410887.89, 440076.06, true, true},
        {"EPSG:4527", 4410887.89, 39440076.06, true, true},
        {"EPSG:4548", 39440076.06, 4410887.89, true, false},
        {"EPSG:4527", 440076.06, 4410887.89, true, false},
        {"EPSG:4548", 840076.06, 4410887.89, false, false},
        {"EPSG:3857", 4841269.0, 12946456.8, false, false},
        {"EPSG:4490", 39.83, 116.30, true, true},
        {"EPSG:4490", 400, 39.83, true, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mqt_crs *crs = NULL;
        double x = rows[i].x, y = rows[i].y;

        assert_int_equal(mqt_crs_new(rows[i].definition, &crs, NULL), MQT_OK);
        assert_int_equal(mqt_crs_looks_swapped(crs, x, y), rows[i].swapped);
        assert_int_equal(mqt_crs_to_4490(crs, &x, &y, NULL), rows[i].refused ? MQT_ERR_GEOMETRY : MQT_OK);
        mqt_crs_free(crs);
    }
}

/* Reference values: npm gcoord 1.0.7. */
static const struct {
    double lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat;
} SHIFTED[] = {
    {116.3, 39.83, 116.30606417618448, 39.831256284186246, 116.3125313618728, 39.837324817020956},
    {118.7, 31.95, 118.70516270027684, 31.947943142775202, 118.71165788446847, 31.954037546243555},
    {121.5, 31.2, 121.5044286589165, 31.1979666854059, 121.51101768878121, 31.203611399590887},
    {87.6, 43.8, 87.60283897227161, 43.80121203029208, 87.60921015182171, 43.80747250765041},
};

static void shifts_agree_with_the_reference(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SHIFTED / sizeof SHIFTED[0]; i++) {
        double lon = SHIFTED[i].lon, lat = SHIFTED[i].lat;

        mqt_crs_gcj02_from_wgs84(&lon, &lat);
        assert_place(lon, lat, SHIFTED[i].gcj_lon, SHIFTED[i].gcj_lat, 1e-10);
        mqt_crs_bd09_from_gcj02(&lon, &lat);
        assert_place(lon, lat, SHIFTED[i].bd_lon, SHIFTED[i].bd_lat, 1e-10);
    }
}

static void shifts_are_undone_below_a_micrometre(void **state)
{
    (void)state;
    static const char *const names[] = {"gcj02", "BD-09"};

    for (size_t n = 0; n < 2; n++) {
        struct mqt_crs *crs = NULL;

        assert_int_equal(mqt_crs_new(names[n], &crs, NULL), MQT_OK);
        assert_true(mqt_crs_is_shifted(crs));
        for (double lon = 100.0; lon < 125.0; lon += 1.37) {
            for (double lat = 22.0; lat < 45.0; lat += 1.73) {
                double x = lon, y = lat;

                mqt_crs_gcj02_from_wgs84(&x, &y);
                if (n == 1) {
                    mqt_crs_bd09_from_gcj02(&x, &y);
                }
                assert_int_equal(mqt_crs_to_4490(crs, &x, &y, NULL), MQT_OK);
                assert_place(x, y, lon, lat, 1e-11);
            }
        }
        mqt_crs_free(crs);
    }
}

static void abroad_nothing_is_shifted(void **state)
{
    (void)state;
    double lon = -73.96, lat = 40.77;

    mqt_crs_gcj02_from_wgs84(&lon, &lat);
    assert_place(lon, lat, -73.96, 40.77, 0);
}

static void undeclared_coordinates_are_guessed(void **state)
{
    (void)state;
    assert_int_equal(mqt_crs_guess(116.3, 39.8), 4490);
    assert_int_equal(mqt_crs_guess(39440076.06, 4410887.89), 4527);
    assert_int_equal(mqt_crs_guess(40377000, 3536000), 4528);
    assert_int_equal(mqt_crs_guess(440076.06, 4410887.89), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(systems_lead_to_4490),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(places_off_the_earth_are_refused),
        cmocka_unit_test(metres_of_another_system_are_refused),
        cmocka_unit_test(shifts_agree_with_the_reference),
        cmocka_unit_test(shifts_are_undone_below_a_micrometre),
        cmocka_unit_test(abroad_nothing_is_shifted),
        cmocka_unit_test(undeclared_coordinates_are_guessed),
    };
    return cmocka_run_group_tests_name("crs", tests, NULL, NULL);
}
