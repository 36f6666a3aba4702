#include "grid.h"

#include <math.h>

#define PI 3.14159265358979323846

bool mqt_tile_valid(struct mqt_tile tile)
{
    return tile.z >= 0 && tile.z <= MQT_MAX_ZOOM && tile.x >> tile.z == 0 && tile.y >> tile.z == 0;
}

static int32_t clamp_to_world(int64_t value)
{
    if (value < 0) {
        return 0;
    }
    return value >= MQT_WORLD_SIZE ? (int32_t)(MQT_WORLD_SIZE - 1) : (int32_t)value;
}

struct mqt_box mqt_tile_box(struct mqt_tile tile, int margin_256ths)
{
    int64_t side = MQT_WORLD_SIZE >> tile.z;
    int64_t margin = side * margin_256ths / 256;
    int64_t x = (int64_t)tile.x * side;
    int64_t y = (int64_t)tile.y * side;
    return (struct mqt_box){clamp_to_world(x - margin), clamp_to_world(y - margin),
                            clamp_to_world(x + side - 1 + margin), clamp_to_world(y + side - 1 + margin)};
}

bool mqt_grid_from_degrees(double lon_deg, double lat_deg, struct mqt_point *point)
{
    /* Written so that NaN fails too. The slack is what mqt_grid_to_degrees may round by at the edge. */
    if (!(lon_deg >= -180 && lon_deg <= 180 && fabs(lat_deg) <= MQT_MAX_LATITUDE_DEG + 1e-12)) {
        return false;
    }
    double x = (lon_deg + 180) / 360;
    double y = 0.5 - atanh(sin(lat_deg * (PI / 180))) / (2 * PI);
    point->x = clamp_to_world((int64_t)floor(x * (double)MQT_WORLD_SIZE + 0.5));
    point->y = clamp_to_world((int64_t)floor(y * (double)MQT_WORLD_SIZE + 0.5));
    return true;
}

void mqt_grid_to_degrees(struct mqt_point point, double *lon_deg, double *lat_deg)
{
    double y = 0.5 - (double)point.y / (double)MQT_WORLD_SIZE;
    *lon_deg = (double)point.x / (double)MQT_WORLD_SIZE * 360 - 180;
    *lat_deg = atan(sinh(y * 2 * PI)) * (180 / PI);
}

bool mqt_box_intersects(struct mqt_box a, struct mqt_box b)
{
    return a.min_x <= b.max_x && b.min_x <= a.max_x && a.min_y <= b.max_y && b.min_y <= a.max_y &&
           !mqt_box_is_empty(a) && !mqt_box_is_empty(b);
}

bool mqt_box_is_empty(struct mqt_box box)
{
    return box.min_x > box.max_x || box.min_y > box.max_y;
}

struct mqt_box mqt_box_empty(void)
{
    return (struct mqt_box){INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
}

struct mqt_box mqt_box_union(struct mqt_box a, struct mqt_box b)
{
    if (mqt_box_is_empty(a)) {
        return b;
    }
    if (mqt_box_is_empty(b)) {
        return a;
    }
    return (struct mqt_box){
        a.min_x < b.min_x ? a.min_x : b.min_x,
        a.min_y < b.min_y ? a.min_y : b.min_y,
        a.max_x > b.max_x ? a.max_x : b.max_x,
        a.max_y > b.max_y ? a.max_y : b.max_y,
    };
}
