#include "crs.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum shift { SHIFT_NONE, SHIFT_GCJ02, SHIFT_BD09 };

enum { MAX_PASSES = 10 };

static const double PI = 3.14159265358979323846;
/* About a tenth of a micrometre. */
static const double CLOSE_ENOUGH_DEG = 1e-12;
/* Surveys go on a little beyond the zone that a system is made for; farther off it is a mistake. */
static const double AREA_MARGIN_DEG = 10.0;

struct mqt_crs {
    enum shift shift;
    PJ_CONTEXT *context;
    PJ *transform; /* NULL when the shift alone leads to degrees */
    bool degrees;
    bool bounded; /* the system is for places within west_deg … north_deg */
    double west_deg, south_deg, east_deg, north_deg;
    char name[128];
};

static bool in_china(double lon_deg, double lat_deg)
{
    return lon_deg >= 72.004 && lon_deg <= 137.8347 && lat_deg >= 0.8293 && lat_deg <= 55.8271;
}

/* The waves that both components share: periods of a sixth and a half degree. */
static double short_waves(double x)
{
    return (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0;
}

static double northward_m(double x, double y)
{
    return -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + short_waves(x) +
           (20.0 * sin(y * PI) + 40.0 * sin(y / 3.0 * PI)) * 2.0 / 3.0 +
           (160.0 * sin(y / 12.0 * PI) + 320.0 * sin(y / 30.0 * PI)) * 2.0 / 3.0;
}

static double eastward_m(double x, double y)
{
    return 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + short_waves(x) +
           (20.0 * sin(x * PI) + 40.0 * sin(x / 3.0 * PI)) * 2.0 / 3.0 +
           (150.0 * sin(x / 12.0 * PI) + 300.0 * sin(x / 30.0 * PI)) * 2.0 / 3.0;
}

void mqt_crs_gcj02_from_wgs84(double *lon_deg, double *lat_deg)
{
    /* Krassovsky's ellipsoid, as the published formula has it. */
    const double radius_m = 6378245.0, eccentricity2 = 0.00669342162296594323;
    double lon = *lon_deg, lat = *lat_deg, phi = lat / 180.0 * PI;
    double w2 = 1.0 - eccentricity2 * sin(phi) * sin(phi), w = sqrt(w2);

    if (!in_china(lon, lat)) {
        return;
    }
    *lon_deg = lon + eastward_m(lon - 105.0, lat - 35.0) * 180.0 / (radius_m / w * cos(phi) * PI);
    *lat_deg = lat + northward_m(lon - 105.0, lat - 35.0) * 180.0 / (radius_m * (1.0 - eccentricity2) / (w2 * w) * PI);
}

void mqt_crs_bd09_from_gcj02(double *lon_deg, double *lat_deg)
{
    const double wave = PI * 3000.0 / 180.0;
    double x = *lon_deg, y = *lat_deg;
    double radius = sqrt(x * x + y * y) + 0.00002 * sin(y * wave);
    double angle = atan2(y, x) + 0.000003 * cos(x * wave);

    *lon_deg = radius * cos(angle) + 0.0065;
    *lat_deg = radius * sin(angle) + 0.006;
}

/* Fixed-point iteration: the shift changes so slowly that every pass gains two to three digits. */
static void invert(void (*forward)(double *, double *), double *lon_deg, double *lat_deg)
{
    double wanted_lon = *lon_deg, wanted_lat = *lat_deg, lon = wanted_lon, lat = wanted_lat;

    for (int pass = 0; pass < MAX_PASSES; pass++) {
        double got_lon = lon, got_lat = lat;

        forward(&got_lon, &got_lat);
        lon += wanted_lon - got_lon;
        lat += wanted_lat - got_lat;
        if (fabs(wanted_lon - got_lon) < CLOSE_ENOUGH_DEG && fabs(wanted_lat - got_lat) < CLOSE_ENOUGH_DEG) {
            break;
        }
    }
    *lon_deg = lon;
    *lat_deg = lat;
}

void mqt_crs_wgs84_from_gcj02(double *lon_deg, double *lat_deg)
{
    invert(mqt_crs_gcj02_from_wgs84, lon_deg, lat_deg);
}

void mqt_crs_gcj02_from_bd09(double *lon_deg, double *lat_deg)
{
    invert(mqt_crs_bd09_from_gcj02, lon_deg, lat_deg);
}

static void quiet(void *user, int level, const char *message)
{
    (void)user;
    (void)level;
    (void)message;
}

static void describe(struct mqt_crs *crs, PJ *source, const char *definition)
{
    const char *authority = proj_get_id_auth_name(source, 0), *code = proj_get_id_code(source, 0);
    const char *name = proj_get_name(source);
    PJ_TYPE type = proj_get_type(source);

    crs->degrees = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
    /* Degrees mean the same everywhere, and an area across the date line has its west east of its east. */
    crs->bounded = !crs->degrees &&
                   proj_get_area_of_use(crs->context, source, &crs->west_deg, &crs->south_deg, &crs->east_deg,
                                        &crs->north_deg, NULL) != 0 &&
                   crs->west_deg > -180.0 && crs->west_deg < crs->east_deg;
    if (authority != NULL && code != NULL) {
        snprintf(crs->name, sizeof crs->name, "%s:%s %s", authority, code, name == NULL ? "" : name);
    } else {
        snprintf(crs->name, sizeof crs->name, "%.100s",
                 name == NULL || name[0] == '\0' || strcasecmp(name, "unknown") == 0 ? definition : name);
    }
}

static enum mqt_err open_transform(struct mqt_crs *crs, const char *definition, struct mqt_detail *detail)
{
    PJ *source = NULL, *target = NULL, *raw = NULL;
    char with_type[1100];
    enum mqt_err err = MQT_OK;

    crs->context = proj_context_create();
    if (crs->context == NULL) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for coordinate systems");
    }
    proj_log_func(crs->context, NULL, quiet);
    proj_context_set_enable_network(crs->context, 0);
    /* "+proj=…" alone names an operation; people mean the system. */
    if (strstr(definition, "+proj=") != NULL && strstr(definition, "+type=crs") == NULL && strlen(definition) < 1000) {
        snprintf(with_type, sizeof with_type, "%s +type=crs", definition);
        definition = with_type;
    }
    source = proj_create(crs->context, definition);
    target = proj_create(crs->context, "EPSG:4490");
    if (source != NULL && target != NULL && proj_is_crs(source)) {
        raw = proj_create_crs_to_crs_from_pj(crs->context, source, target, NULL, NULL);
    }
    if (raw != NULL) {
        crs->transform = proj_normalize_for_visualization(crs->context, raw);
    }
    if (crs->transform == NULL) {
        err = mqt_fail_field(detail, MQT_ERR_PARAM, "crs",
                             "coordinate system '%.80s' is not known; give EPSG:n, gcj02, bd09 or a PROJ string",
                             definition);
    } else {
        describe(crs, source, definition);
    }
    proj_destroy(raw);
    proj_destroy(source);
    proj_destroy(target);
    return err;
}

enum mqt_err mqt_crs_new(const char *definition, struct mqt_crs **crs, struct mqt_detail *detail)
{
    struct mqt_crs *made = calloc(1, sizeof *made);
    enum mqt_err err = MQT_OK;

    if (made == NULL) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for coordinate systems");
    }
    if (strcasecmp(definition, "gcj02") == 0 || strcasecmp(definition, "gcj-02") == 0) {
        made->shift = SHIFT_GCJ02;
        made->degrees = true;
        snprintf(made->name, sizeof made->name, "GCJ-02");
    } else if (strcasecmp(definition, "bd09") == 0 || strcasecmp(definition, "bd-09") == 0) {
        made->shift = SHIFT_BD09;
        made->degrees = true;
        snprintf(made->name, sizeof made->name, "BD-09");
    } else {
        err = open_transform(made, definition, detail);
    }
    if (err != MQT_OK) {
        mqt_crs_free(made);
        return err;
    }
    *crs = made;
    return MQT_OK;
}

void mqt_crs_free(struct mqt_crs *crs)
{
    if (crs != NULL) {
        proj_destroy(crs->transform);
        proj_context_destroy(crs->context);
        free(crs);
    }
}

const char *mqt_crs_name(const struct mqt_crs *crs)
{
    return crs->name;
}

bool mqt_crs_is_shifted(const struct mqt_crs *crs)
{
    return crs->shift != SHIFT_NONE;
}

static bool is_on_earth(double lon_deg, double lat_deg)
{
    return fabs(lon_deg) <= 180.0 && fabs(lat_deg) <= 90.0;
}

/* False also where there is no such place in the system. */
static bool to_degrees(const struct mqt_crs *crs, double *x, double *y)
{
    PJ_COORD place;

    if (crs->degrees && !is_on_earth(*x, *y)) {
        return false;
    }
    if (crs->shift == SHIFT_BD09) {
        mqt_crs_gcj02_from_bd09(x, y);
    }
    if (crs->shift != SHIFT_NONE) {
        mqt_crs_wgs84_from_gcj02(x, y);
    } else {
        place = proj_trans(crs->transform, PJ_FWD, proj_coord(*x, *y, 0.0, 0.0));
        *x = place.xy.x;
        *y = place.xy.y;
    }
    return isfinite(*x) && isfinite(*y) && is_on_earth(*x, *y) &&
           (!crs->bounded || (*x >= crs->west_deg - AREA_MARGIN_DEG && *x <= crs->east_deg + AREA_MARGIN_DEG &&
                              *y >= crs->south_deg - AREA_MARGIN_DEG && *y <= crs->north_deg + AREA_MARGIN_DEG));
}

bool mqt_crs_looks_swapped(const struct mqt_crs *crs, double x, double y)
{
    double lon = x, lat = y;

    return !to_degrees(crs, &lon, &lat) && (lon = y, lat = x, to_degrees(crs, &lon, &lat));
}

enum mqt_err mqt_crs_to_4490(const struct mqt_crs *crs, double *x, double *y, struct mqt_detail *detail)
{
    double lon = *x, lat = *y;

    if (!to_degrees(crs, &lon, &lat)) {
        const char *proposal = mqt_crs_looks_swapped(crs, *x, *y) ? ": the two look swapped; exchange them" : "";

        return crs->degrees ? mqt_fail(detail, MQT_ERR_GEOMETRY, "longitude %g, latitude %g is outside the earth%s", *x,
                                       *y, proposal)
                            : mqt_fail(detail, MQT_ERR_GEOMETRY, "easting %.2f, northing %.2f is no place in %s%s", *x,
                                       *y, crs->name, proposal);
    }
    *x = lon;
    *y = lat;
    return MQT_OK;
}

int mqt_crs_guess(double x, double y)
{
    int zone = (int)floor(x / 1e6);

    if (fabs(x) <= 180.0 && fabs(y) <= 90.0) {
        return 4490;
    }
    /* EPSG 4513 to 4533 are the zones 25 to 45 with the zone's number before the easting. */
    if (zone >= 25 && zone <= 45 && y > 0.0 && y < 6.5e6) {
        return 4513 + zone - 25;
    }
    return 0;
}
