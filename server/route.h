/* A request line into a validated request: which answer is wanted, with which values.
 *
 * Pure: no catalogue, no clock, no allocation; any thread. Everything that can be refused without
 * knowing the data is refused here: MQT_ERR_NOT_FOUND for a path that does not exist,
 * MQT_ERR_PARAM naming the parameter otherwise. Parameters that a path does not know are ignored,
 * except below /ogc, where its standard wants them refused. URLs are at most 4 kB. Times are Unix
 * seconds, boxes degrees in EPSG:4490.
 */
#ifndef MQT_ROUTE_H
#define MQT_ROUTE_H

#include "../tiles/grid.h"
#include "uri.h"

enum mqt_route {
    MQT_ROUTE_PAGE, /* path: a file below the web directory, "index.html" for the pages */
    MQT_ROUTE_HEALTHZ,
    MQT_ROUTE_READYZ,
    MQT_ROUTE_METRICS,
    MQT_ROUTE_TILE_LIST,
    MQT_ROUTE_TILEJSON, /* layers, style when has_style */
    MQT_ROUTE_MVT,      /* layers, tile, style when has_style */
    MQT_ROUTE_PNG,      /* layers, tile, style, size_px */
    MQT_ROUTE_HEAT,     /* tile, heat, size_px */
    MQT_ROUTE_HEAT_INFO,
    MQT_ROUTE_STYLE,       /* style */
    MQT_ROUTE_COLLECTIONS, /* /ogc/collections */
    MQT_ROUTE_COLLECTION,  /* layers[0] */
    MQT_ROUTE_ITEMS,       /* layers[0], bbox, limit, offset or after */
    MQT_ROUTE_ITEM,        /* layers[0], id */
    MQT_ROUTE_STATS_SUMMARY,
    MQT_ROUTE_STATS_BUILDING, /* id */
    MQT_ROUTE_STATS_UNITS,    /* id, of a building */
    MQT_ROUTE_STATS_TICKETS,  /* limit */
    MQT_ROUTE_AREAS,          /* lon_deg, lat_deg when has_place */
    MQT_ROUTE_AREA,           /* id */
    MQT_ROUTE_SEARCH,         /* text, limit */
    MQT_ROUTE_LIVE,           /* bbox, layers */
    MQT_ROUTE_COUNT
};

enum mqt_method { MQT_METHOD_GET, MQT_METHOD_HEAD, MQT_METHOD_OPTIONS, MQT_METHOD_OTHER };

#define MQT_ROUTE_MAX_URL 4096
#define MQT_ROUTE_MAX_LAYERS 64
#define MQT_ROUTE_MAX_TEXT 512

struct mqt_heat_params {
    bool has_window, has_from, has_to;
    int64_t window_s; /* 0: all; from the moment of the answer back */
    int64_t from_s, to_s;
    int64_t half_life_s; /* 0: tickets do not fade */
    char category[MQT_ROUTE_MAX_TEXT], channel[MQT_ROUTE_MAX_TEXT], status[MQT_ROUTE_MAX_TEXT]; /* words by comma */
};

struct mqt_request {
    enum mqt_route route;
    char
        path[MQT_ROUTE_MAX_URL]; /* decoded, single slashes, no slash in front or behind; for MQT_ROUTE_PAGE the file */
    size_t layer_count;
    char layers[MQT_ROUTE_MAX_LAYERS][64];
    struct mqt_tile tile;
    bool has_style;
    char style[32]; /* "day" when none was given */
    int size_px;    /* 256 or 512 */
    struct mqt_heat_params heat;
    bool has_bbox;
    struct mqt_degree_box bbox;
    bool has_place;
    double lon_deg, lat_deg;
    int64_t limit, offset, after; /* after: the id that the last page ended with; 0: none */
    int64_t id;
    char text[MQT_ROUTE_MAX_TEXT]; /* q */
    char token[MQT_ROUTE_MAX_TEXT];
};

enum mqt_method mqt_route_method(const char *method);

/* target: path and query, as they stand in the request line. */
enum mqt_err mqt_route_parse(const char *target, size_t target_len, struct mqt_request *request,
                             struct mqt_detail *detail) MQT_MUST_USE;

/* A stable name such as "mvt", for logs and metrics. */
const char *mqt_route_name(enum mqt_route route);

#endif
