/* The place of a row in the sample's text tables, right or wrong in the ways that dirt.h names.
 *
 * From a spot in EPSG:4548 metres to the two fields of longitude and latitude, by way of EPSG:4490 and,
 * where the table is in it, GCJ-02. One thread.
 */
#ifndef MQT_LIST_PLACE_H
#define MQT_LIST_PLACE_H

#include "crs.h"
#include "dirt.h"
#include "ground.h"
#include "listing.h"

struct mqt_list_place {
    struct mqt_ground *ground;
    struct mqt_crs *crs;
    bool shifted;   /* GCJ-02 */
    size_t outside; /* how many spots were put out of all grids */
};

enum mqt_err mqt_list_place_init(const struct mqt_town *town, bool shifted, struct mqt_list_place *place,
                                 struct mqt_detail *detail) MQT_MUST_USE;
void mqt_list_place_clear(struct mqt_list_place *place);

/* Two fields. spot NULL: the row has no place. */
enum mqt_err mqt_list_place_put(struct mqt_list_place *place, const struct mqt_spot *spot, enum mqt_dirt dirt,
                                struct mqt_listing *listing, struct mqt_detail *detail) MQT_MUST_USE;

/* The two fields in EPSG:4527: metres whose easting begins with the zone. */
void mqt_list_place_put_metres(struct mqt_spot spot, struct mqt_listing *listing);

#endif
