#include "wkb_make.h"

void wkb_put_count(struct mqt_buf *wkb, uint32_t count)
{
    mqt_buf_add(wkb, &count, sizeof count);
}

void wkb_put_head(struct mqt_buf *wkb, uint32_t type)
{
    mqt_buf_add_byte(wkb, 1);
    wkb_put_count(wkb, type);
}

void wkb_put_position(struct mqt_buf *wkb, double lon_deg, double lat_deg)
{
    mqt_buf_add(wkb, &lon_deg, sizeof lon_deg);
    mqt_buf_add(wkb, &lat_deg, sizeof lat_deg);
}

void wkb_put_world(struct mqt_buf *wkb, const struct mqt_point *points, size_t count, bool ring)
{
    size_t written = count + (ring && count > 0 ? 1 : 0);
    wkb_put_count(wkb, (uint32_t)written);
    for (size_t i = 0; i < written; i++) {
        double lon_deg;
        double lat_deg;
        mqt_grid_to_degrees(points[i % count], &lon_deg, &lat_deg);
        wkb_put_position(wkb, lon_deg, lat_deg);
    }
}

void wkb_put_ring(struct mqt_buf *wkb, const struct mqt_point *points, size_t count)
{
    wkb_put_head(wkb, WKB_POLYGON);
    wkb_put_count(wkb, 1);
    wkb_put_world(wkb, points, count, true);
}
