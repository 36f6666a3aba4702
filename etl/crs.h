/* Coordinate systems: anything that PROJ knows, GCJ-02 and BD-09, into EPSG:4490 degrees.
 *
 * In: x = easting or longitude, y = northing or latitude, whatever axis order the system's own
 * definition has. Out: longitude and latitude in EPSG:4490; WGS 84 is taken as equal to it. GCJ-02
 * and BD-09 are undone by iteration to below a micrometre, and only when named. A transformer
 * belongs to one thread at a time; the formulae are pure. No network, no grids.
 */
#ifndef MQT_CRS_H
#define MQT_CRS_H

#include "../tiles/err.h"

#include <stdbool.h>

struct mqt_crs;

/* definition: "EPSG:4548", "gcj02", "bd09", WKT or a PROJ string. MQT_ERR_PARAM: not understood. */
enum mqt_err mqt_crs_new(const char *definition, struct mqt_crs **crs, struct mqt_detail *detail) MQT_MUST_USE;
void mqt_crs_free(struct mqt_crs *crs);

/* Short name for people, such as "EPSG:4548 CGCS2000 / 3-degree Gauss-Kruger CM 117E". */
const char *mqt_crs_name(const struct mqt_crs *crs);
/* GCJ-02 or BD-09: to be written to the run's log. */
bool mqt_crs_is_shifted(const struct mqt_crs *crs);

/* MQT_ERR_GEOMETRY: outside the earth, or in metres more than 10 degrees off the area that the system is for. */
enum mqt_err mqt_crs_to_4490(const struct mqt_crs *crs, double *x, double *y, struct mqt_detail *detail) MQT_MUST_USE;

/* True when x, y is refused and y, x is not. */
bool mqt_crs_looks_swapped(const struct mqt_crs *crs, double x, double y);

/* What coordinates without a declared system look like: 4490 for degrees, the 3-degree
 * Gauss-Kruger system of CGCS2000 for zone-prefixed eastings (EPSG code); 0 when it cannot be told. */
int mqt_crs_guess(double x, double y);

/* Degrees in, degrees out. Outside China the shift is none. */
void mqt_crs_gcj02_from_wgs84(double *lon_deg, double *lat_deg);
void mqt_crs_wgs84_from_gcj02(double *lon_deg, double *lat_deg);
void mqt_crs_bd09_from_gcj02(double *lon_deg, double *lat_deg);
void mqt_crs_gcj02_from_bd09(double *lon_deg, double *lat_deg);

#endif
