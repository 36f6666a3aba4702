#include "list_place.h"

#include <math.h>
#include <stdio.h>

static const double ZONE_39_M = 39000000;

enum mqt_err mqt_list_place_init(const struct mqt_town *town, bool shifted, struct mqt_list_place *place,
                                 struct mqt_detail *detail)
{
    *place = (struct mqt_list_place){.shifted = shifted};
    enum mqt_err err = mqt_crs_new("EPSG:4548", &place->crs, detail);
    if (err == MQT_OK && mqt_ground_new(town, &place->ground) != MQT_OK) {
        err = mqt_fail(detail, MQT_ERR_MEMORY, "the grids of the town cannot be used");
    }
    return err;
}

void mqt_list_place_clear(struct mqt_list_place *place)
{
    mqt_crs_free(place->crs);
    mqt_ground_free(place->ground);
}

/* To the hundredth of a second, which is 0.3 m. */
static void put_dms(struct mqt_listing *listing, double deg, const char *format)
{
    long long hundredths = llround(deg * 360000);
    mqt_listing_printf(listing, format, (int)(hundredths / 360000), (int)(hundredths / 6000 % 60),
                       (double)(hundredths % 6000) / 100);
}

void mqt_list_place_put_metres(struct mqt_spot spot, struct mqt_listing *listing)
{
    mqt_listing_printf(listing, "%.2f", ZONE_39_M + spot.x_m);
    mqt_listing_printf(listing, "%.2f", spot.y_m);
}

static void put_degrees(struct mqt_listing *listing, double lon_deg, double lat_deg, enum mqt_dirt dirt)
{
    static const char dms[] = "%d°%02d′%05.2f″";
    static const char packed[] = "%d%02d%05.2f";
    switch (dirt) {
    case MQT_DIRT_PLACE_DMS:
    case MQT_DIRT_PLACE_PACKED:
        put_dms(listing, lon_deg, dirt == MQT_DIRT_PLACE_DMS ? dms : packed);
        put_dms(listing, lat_deg, dirt == MQT_DIRT_PLACE_DMS ? dms : packed);
        break;
    case MQT_DIRT_PLACE_SWAPPED:
        mqt_listing_printf(listing, "%.6f", lat_deg);
        mqt_listing_printf(listing, "%.6f", lon_deg);
        break;
    default:
        mqt_listing_printf(listing, "%.6f", lon_deg);
        mqt_listing_printf(listing, "%.6f", lat_deg);
    }
}

enum mqt_err mqt_list_place_put(struct mqt_list_place *place, const struct mqt_spot *spot, enum mqt_dirt dirt,
                                struct mqt_listing *listing, struct mqt_detail *detail)
{
    if (!spot || dirt == MQT_DIRT_PLACE_MISSING || dirt == MQT_DIRT_PLACE_ZERO) {
        const char *nowhere = dirt == MQT_DIRT_PLACE_ZERO ? "0" : dirt == MQT_DIRT_PLACE_MISSING ? "无" : "";
        mqt_listing_put(listing, nowhere);
        mqt_listing_put(listing, nowhere);
        return MQT_OK;
    }
    struct mqt_spot where = dirt == MQT_DIRT_PLACE_OUTSIDE ? mqt_ground_outside(place->ground, place->outside++)
                                                           : mqt_ground_inside(place->ground, *spot);
    if (dirt == MQT_DIRT_PLACE_METRES) {
        mqt_list_place_put_metres(where, listing);
        return MQT_OK;
    }
    double lon_deg = where.x_m;
    double lat_deg = where.y_m;
    enum mqt_err err = mqt_crs_to_4490(place->crs, &lon_deg, &lat_deg, detail);
    if (err == MQT_OK) {
        if (place->shifted) {
            mqt_crs_gcj02_from_wgs84(&lon_deg, &lat_deg);
        }
        put_degrees(listing, lon_deg, lat_deg, dirt);
    }
    return err;
}
