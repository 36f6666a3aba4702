#include "route.h"

#include <assert.h>
#include <string.h>

#define MAX_SEGMENTS 8
#define DEFAULT_ITEMS 100 /* of GeoJSON */
#define MOST_ITEMS 10000
#define DEFAULT_ENTRIES 20 /* of other lists */
#define MOST_ENTRIES 100
#define MOST_QUERY_BYTES 200
#define MOST_ID 999999999999999999

/* Parameters, one bit each. */
enum {
    P_STYLE = 1 << 0,
    P_SIZE = 1 << 1,
    P_WINDOW = 1 << 2,
    P_FROM = 1 << 3,
    P_TO = 1 << 4,
    P_HALF_LIFE = 1 << 5,
    P_CATEGORY = 1 << 6,
    P_CHANNEL = 1 << 7,
    P_STATUS = 1 << 8,
    P_BBOX = 1 << 9,
    P_LAYERS = 1 << 10,
    P_LIMIT = 1 << 11,
    P_OFFSET = 1 << 12,
    P_AFTER = 1 << 13,
    P_FORMAT = 1 << 14,
    P_TEXT = 1 << 15,
    P_TOKEN = 1 << 16,
    P_LON = 1 << 17,
    P_LAT = 1 << 18,
};

static const struct {
    const char *name;
    unsigned bit;
} param_names[] = {
    {"style", P_STYLE},         {"size", P_SIZE},         {"lon", P_LON},         {"lat", P_LAT},
    {"window", P_WINDOW},       {"from", P_FROM},         {"to", P_TO},           {"f", P_FORMAT},
    {"half_life", P_HALF_LIFE}, {"category", P_CATEGORY}, {"channel", P_CHANNEL}, {"status", P_STATUS},
    {"bbox", P_BBOX},           {"layers", P_LAYERS},     {"q", P_TEXT},          {"token", P_TOKEN},
    {"limit", P_LIMIT},         {"offset", P_OFFSET},     {"after", P_AFTER},
};
#define PARAM_COUNT (sizeof param_names / sizeof param_names[0])

#define P_HEAT (P_WINDOW | P_FROM | P_TO | P_HALF_LIFE | P_CATEGORY | P_CHANNEL | P_STATUS | P_SIZE)

static const struct {
    const char *name;
    unsigned params; /* besides the token */
    bool strict;     /* other parameters are refused */
} routes[MQT_ROUTE_COUNT] = {
    [MQT_ROUTE_PAGE] = {"page", 0, false},
    [MQT_ROUTE_HEALTHZ] = {"healthz", 0, false},
    [MQT_ROUTE_READYZ] = {"readyz", 0, false},
    [MQT_ROUTE_METRICS] = {"metrics", 0, false},
    [MQT_ROUTE_TILE_LIST] = {"tile-list", 0, false},
    [MQT_ROUTE_TILEJSON] = {"tilejson", P_STYLE, false},
    [MQT_ROUTE_MVT] = {"mvt", P_STYLE, false},
    [MQT_ROUTE_PNG] = {"png", P_STYLE | P_SIZE, false},
    [MQT_ROUTE_HEAT] = {"heat", P_HEAT, false},
    [MQT_ROUTE_HEAT_INFO] = {"heat-info", 0, false},
    [MQT_ROUTE_STYLE] = {"style", 0, false},
    [MQT_ROUTE_COLLECTIONS] = {"collections", P_FORMAT, true},
    [MQT_ROUTE_COLLECTION] = {"collection", P_FORMAT, true},
    [MQT_ROUTE_ITEMS] = {"items", P_BBOX | P_LIMIT | P_OFFSET | P_AFTER | P_FORMAT, true},
    [MQT_ROUTE_ITEM] = {"item", P_FORMAT, true},
    [MQT_ROUTE_STATS_SUMMARY] = {"stats-summary", 0, false},
    [MQT_ROUTE_STATS_BUILDING] = {"stats-building", 0, false},
    [MQT_ROUTE_STATS_UNITS] = {"stats-units", 0, false},
    [MQT_ROUTE_AREAS] = {"areas", P_LON | P_LAT, false},
    [MQT_ROUTE_AREA] = {"area", 0, false},
    [MQT_ROUTE_STATS_TICKETS] = {"stats-tickets", P_LIMIT, false},
    [MQT_ROUTE_SEARCH] = {"search", P_TEXT | P_LIMIT, false},
    [MQT_ROUTE_LIVE] = {"live", P_BBOX | P_LAYERS, false},
};

const char *mqt_route_name(enum mqt_route route)
{
    assert((int)route >= 0 && route < MQT_ROUTE_COUNT);
    return routes[route].name;
}

enum mqt_method mqt_route_method(const char *method)
{
    static const char *const names[] = {"GET", "HEAD", "OPTIONS"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(method, names[i]) == 0) {
            return (enum mqt_method)i;
        }
    }
    return MQT_METHOD_OTHER;
}

/* The path cut at its slashes, in place. */
struct segments {
    size_t count;
    char *at[MAX_SEGMENTS];
};

static enum mqt_err no_such_path(struct mqt_detail *detail)
{
    return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "path", "there is nothing at this address");
}

/* Decodes the path, joins repeated slashes and takes the outer ones away. Dot segments are refused:
 * browsers resolve them before they ask, so one that arrives means no good. */
static enum mqt_err clean_path(const char *encoded, size_t len, char *path, size_t room, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_uri_decode(encoded, len, false, "path", path, room, detail);
    if (err) {
        return err;
    }
    if (path[0] != '/') {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "path", "path must begin with a slash");
    }
    size_t used = 0;
    for (const char *c = path; *c;) {
        c += strspn(c, "/");
        size_t segment = strcspn(c, "/");
        if ((segment == 1 && c[0] == '.') || (segment == 2 && c[0] == '.' && c[1] == '.')) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, "path", "path must not have . or .. segments");
        }
        if (segment > 0) {
            if (used > 0) {
                path[used++] = '/';
            }
            memmove(path + used, c, segment);
            used += segment;
        }
        c += segment;
    }
    path[used] = '\0';
    return MQT_OK;
}

/* false when there are more than MAX_SEGMENTS. */
static bool cut(char *path, struct segments *segments)
{
    segments->count = 0;
    for (char *c = path; *c;) {
        if (segments->count == MAX_SEGMENTS) {
            return false;
        }
        segments->at[segments->count++] = c;
        c += strcspn(c, "/");
        if (*c) {
            *c++ = '\0';
        }
    }
    return true;
}

/* Cuts text before the last dot; returns what stands behind it, or NULL. */
static char *cut_extension(char *text)
{
    char *dot = strrchr(text, '.');
    if (!dot) {
        return NULL;
    }
    *dot = '\0';
    return dot + 1;
}

/* No catalogue can hold an id of another shape, so such a name is an unknown layer. */
static enum mqt_err read_layers(char *text, const char *field, enum mqt_err unknown, struct mqt_request *request,
                                struct mqt_detail *detail)
{
    request->layer_count = 0;
    for (char *name = text; name;) {
        char *comma = strchr(name, ',');
        if (comma) {
            *comma = '\0';
        }
        if (!mqt_uri_is_layer_id(name)) {
            return mqt_fail_field(detail, unknown, field, "there is no layer '%.80s'", name);
        }
        if (request->layer_count == MQT_ROUTE_MAX_LAYERS) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must name at most %d layers", field,
                                  MQT_ROUTE_MAX_LAYERS);
        }
        for (size_t i = 0; i < request->layer_count; i++) {
            if (strcmp(request->layers[i], name) == 0) {
                return mqt_fail_field(detail, MQT_ERR_PARAM, field, "layer '%s' is named twice", name);
            }
        }
        memcpy(request->layers[request->layer_count++], name, strlen(name) + 1);
        name = comma ? comma + 1 : NULL;
    }
    return MQT_OK;
}

static enum mqt_err read_tile(const char *z_text, const char *x_text, const char *y_text, struct mqt_tile *tile,
                              struct mqt_detail *detail)
{
    int64_t z = 0;
    int64_t x = 0;
    int64_t y = 0;
    enum mqt_err err = mqt_uri_integer(z_text, "z", 0, MQT_MAX_ZOOM, &z, detail);
    int64_t const last = ((int64_t)1 << z) - 1;
    if (!err) {
        err = mqt_uri_integer(x_text, "x", 0, last, &x, detail);
    }
    if (!err) {
        err = mqt_uri_integer(y_text, "y", 0, last, &y, detail);
    }
    if (!err) {
        *tile = (struct mqt_tile){(int)z, (uint32_t)x, (uint32_t)y};
    }
    return err;
}

/* /tiles, /tiles/{layers}.json, /tiles/{layers}/{z}/{x}/{y}.{mvt,png} */
static enum mqt_err route_tiles(struct segments *path, struct mqt_request *request, struct mqt_detail *detail)
{
    if (path->count == 1) {
        request->route = MQT_ROUTE_TILE_LIST;
        return MQT_OK;
    }
    if (path->count != 2 && path->count != 5) {
        return no_such_path(detail);
    }
    char *extension = cut_extension(path->at[path->count - 1]);
    if (path->count == 2) {
        if (!extension || strcmp(extension, "json") != 0) {
            return no_such_path(detail);
        }
        request->route = MQT_ROUTE_TILEJSON;
        return read_layers(path->at[1], "layer", MQT_ERR_NOT_FOUND, request, detail);
    }
    if (extension && strcmp(extension, "mvt") == 0) {
        request->route = MQT_ROUTE_MVT;
    } else if (extension && strcmp(extension, "png") == 0) {
        request->route = MQT_ROUTE_PNG;
    } else {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "format", "a tile's address must end in .mvt or .png");
    }
    enum mqt_err err = read_tile(path->at[2], path->at[3], path->at[4], &request->tile, detail);
    return err ? err : read_layers(path->at[1], "layer", MQT_ERR_NOT_FOUND, request, detail);
}

/* /heat/{z}/{x}/{y}.png */
static enum mqt_err route_heat(struct segments *path, struct mqt_request *request, struct mqt_detail *detail)
{
    if (path->count != 4) {
        return no_such_path(detail);
    }
    char *extension = cut_extension(path->at[3]);
    if (!extension || strcmp(extension, "png") != 0) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "format", "a heat tile's address must end in .png");
    }
    request->route = MQT_ROUTE_HEAT;
    return read_tile(path->at[1], path->at[2], path->at[3], &request->tile, detail);
}

static enum mqt_err read_style(const char *text, enum mqt_err unknown, struct mqt_request *request,
                               struct mqt_detail *detail)
{
    if (!mqt_uri_is_layer_id(text) || strlen(text) >= sizeof request->style) {
        return mqt_fail_field(detail, unknown, "style", "there is no such style");
    }
    memcpy(request->style, text, strlen(text) + 1);
    return MQT_OK;
}

static enum mqt_err route_styles(struct segments *path, struct mqt_request *request, struct mqt_detail *detail)
{
    char *extension = path->count == 2 ? cut_extension(path->at[1]) : NULL;
    if (!extension || strcmp(extension, "json") != 0) {
        return no_such_path(detail);
    }
    request->route = MQT_ROUTE_STYLE;
    return read_style(path->at[1], MQT_ERR_NOT_FOUND, request, detail);
}

/* /ogc/collections[/{layer}[/items[/{id}]]] */
static enum mqt_err route_ogc(struct segments *path, struct mqt_request *request, struct mqt_detail *detail)
{
    bool known = path->count >= 2 && path->count <= 5 && strcmp(path->at[1], "collections") == 0 &&
                 (path->count < 4 || strcmp(path->at[3], "items") == 0);
    if (!known) {
        return no_such_path(detail);
    }
    static const enum mqt_route by_depth[] = {MQT_ROUTE_COLLECTIONS, MQT_ROUTE_COLLECTION, MQT_ROUTE_ITEMS,
                                              MQT_ROUTE_ITEM};
    request->route = by_depth[path->count - 2];
    if (path->count == 2) {
        return MQT_OK;
    }
    if (strchr(path->at[2], ',')) {
        return mqt_fail_field(detail, MQT_ERR_NOT_FOUND, "layer", "there is no such collection");
    }
    enum mqt_err err = read_layers(path->at[2], "layer", MQT_ERR_NOT_FOUND, request, detail);
    if (!err && path->count == 5) {
        err = mqt_uri_integer(path->at[4], "id", 0, MOST_ID, &request->id, detail);
    }
    return err;
}

static enum mqt_err route_stats(struct segments *path, struct mqt_request *request, struct mqt_detail *detail)
{
    if (path->count == 2 && strcmp(path->at[1], "summary") == 0) {
        request->route = MQT_ROUTE_STATS_SUMMARY;
        return MQT_OK;
    }
    if (path->count == 2 && strcmp(path->at[1], "tickets") == 0) {
        request->route = MQT_ROUTE_STATS_TICKETS;
        return MQT_OK;
    }
    bool of_units = path->count == 4 && strcmp(path->at[3], "units") == 0;
    if ((path->count != 3 && !of_units) || strcmp(path->at[1], "building") != 0) {
        return no_such_path(detail);
    }
    request->route = of_units ? MQT_ROUTE_STATS_UNITS : MQT_ROUTE_STATS_BUILDING;
    return mqt_uri_integer(path->at[2], "id", 1, MOST_ID, &request->id, detail);
}

/* /areas[/{id}] */
static enum mqt_err route_areas(struct segments *path, struct mqt_request *request, struct mqt_detail *detail)
{
    if (path->count > 2) {
        return no_such_path(detail);
    }
    request->route = path->count == 1 ? MQT_ROUTE_AREAS : MQT_ROUTE_AREA;
    return path->count == 1 ? MQT_OK : mqt_uri_integer(path->at[1], "id", 1, MOST_ID, &request->id, detail);
}

/* Addresses that the browser side resolves by itself all show the same document. */
static bool is_page(const struct segments *path)
{
    static const char *const names[] = {"wall", "plan", "steward"};
    if (path->count == 0) {
        return true;
    }
    for (size_t i = 0; path->count == 1 && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(path->at[0], names[i]) == 0) {
            return true;
        }
    }
    return path->count == 2 && strcmp(path->at[0], "grid") == 0;
}

static const struct {
    const char *name;
    enum mqt_route route;
} single_paths[] = {
    {"healthz", MQT_ROUTE_HEALTHZ},     {"readyz", MQT_ROUTE_READYZ}, {"metrics", MQT_ROUTE_METRICS},
    {"heat.json", MQT_ROUTE_HEAT_INFO}, {"search", MQT_ROUTE_SEARCH}, {"live", MQT_ROUTE_LIVE},
};

static const struct {
    const char *name;
    enum mqt_err (*route)(struct segments *path, struct mqt_request *request, struct mqt_detail *detail);
} families[] = {
    {"tiles", route_tiles}, {"heat", route_heat},   {"styles", route_styles},
    {"ogc", route_ogc},     {"stats", route_stats}, {"areas", route_areas},
};

static enum mqt_err route_path(struct mqt_request *request, struct mqt_detail *detail)
{
    char copy[sizeof request->path];
    struct segments path;
    memcpy(copy, request->path, sizeof copy);
    if (!cut(copy, &path)) {
        return no_such_path(detail);
    }
    for (size_t i = 0; path.count == 1 && i < sizeof single_paths / sizeof single_paths[0]; i++) {
        if (strcmp(path.at[0], single_paths[i].name) == 0) {
            request->route = single_paths[i].route;
            return MQT_OK;
        }
    }
    for (size_t i = 0; path.count > 0 && i < sizeof families / sizeof families[0]; i++) {
        if (strcmp(path.at[0], families[i].name) == 0) {
            return families[i].route(&path, request, detail);
        }
    }
    request->route = MQT_ROUTE_PAGE;
    if (is_page(&path)) {
        memcpy(request->path, "index.html", sizeof "index.html");
    }
    return MQT_OK;
}

static enum mqt_err read_size(const char *value, struct mqt_request *request, struct mqt_detail *detail)
{
    if (strcmp(value, "256") != 0 && strcmp(value, "512") != 0) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "size", "size must be 256 or 512");
    }
    request->size_px = value[0] == '2' ? 256 : 512;
    return MQT_OK;
}

static enum mqt_err read_words(const char *value, const char *field, char words[MQT_ROUTE_MAX_TEXT],
                               struct mqt_detail *detail)
{
    size_t len = strlen(value);
    if (len == 0 || value[0] == ',' || value[len - 1] == ',' || strstr(value, ",,")) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, field, "%s must be words joined by commas", field);
    }
    memcpy(words, value, len + 1);
    return MQT_OK;
}

static enum mqt_err read_heat_param(unsigned bit, const char *name, const char *value, struct mqt_heat_params *heat,
                                    struct mqt_detail *detail)
{
    switch (bit) {
    case P_WINDOW:
        heat->has_window = true;
        if (strcmp(value, "all") == 0) {
            return MQT_OK;
        }
        return mqt_uri_span(value, name, &heat->window_s, detail);
    case P_FROM:
        heat->has_from = true;
        return mqt_uri_time(value, name, &heat->from_s, detail);
    case P_TO:
        heat->has_to = true;
        return mqt_uri_time(value, name, &heat->to_s, detail);
    case P_HALF_LIFE:
        return mqt_uri_span(value, name, &heat->half_life_s, detail);
    case P_CATEGORY:
        return read_words(value, name, heat->category, detail);
    case P_CHANNEL:
        return read_words(value, name, heat->channel, detail);
    default:
        return read_words(value, name, heat->status, detail);
    }
}

static enum mqt_err read_text(const char *value, struct mqt_request *request, struct mqt_detail *detail)
{
    const char *start = value + strspn(value, " ");
    size_t len = strlen(start);
    while (len > 0 && start[len - 1] == ' ') {
        len--;
    }
    if (len == 0 || len > MOST_QUERY_BYTES) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "q", "q must have 1 to %d bytes", MOST_QUERY_BYTES);
    }
    memcpy(request->text, start, len);
    request->text[len] = '\0';
    return MQT_OK;
}

static enum mqt_err read_format(const char *value, struct mqt_detail *detail)
{
    if (strcmp(value, "json") != 0 && strcmp(value, "geojson") != 0) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "f", "f must be json");
    }
    return MQT_OK;
}

/* value may be changed. */
static enum mqt_err read_param(unsigned bit, const char *name, char *value, struct mqt_request *request,
                               struct mqt_detail *detail)
{
    switch (bit) {
    case P_STYLE:
        request->has_style = true;
        return read_style(value, MQT_ERR_PARAM, request, detail);
    case P_SIZE:
        return read_size(value, request, detail);
    case P_BBOX:
        request->has_bbox = true;
        return mqt_uri_box(value, name, &request->bbox, detail);
    case P_LAYERS:
        return read_layers(value, name, MQT_ERR_PARAM, request, detail);
    case P_LIMIT:
        return mqt_uri_integer(value, name, 1, request->route == MQT_ROUTE_ITEMS ? MOST_ITEMS : MOST_ENTRIES,
                               &request->limit, detail);
    case P_OFFSET:
        return mqt_uri_integer(value, name, 0, 1000000000, &request->offset, detail);
    case P_AFTER:
        return mqt_uri_integer(value, name, 0, MOST_ID, &request->after, detail);
    case P_FORMAT:
        return read_format(value, detail);
    case P_TEXT:
        return read_text(value, request, detail);
    case P_LON:
        request->has_place = true;
        return mqt_uri_degrees(value, name, 180, &request->lon_deg, detail);
    case P_LAT:
        return mqt_uri_degrees(value, name, MQT_MAX_LATITUDE_DEG, &request->lat_deg, detail);
    case P_TOKEN:
        memcpy(request->token, value, strlen(value) + 1);
        return MQT_OK;
    default:
        return read_heat_param(bit, name, value, &request->heat, detail);
    }
}

static size_t find_param(const struct mqt_uri_pair *pair)
{
    for (size_t i = 0; i < PARAM_COUNT; i++) {
        if (strlen(param_names[i].name) == pair->name_len &&
            memcmp(param_names[i].name, pair->name, pair->name_len) == 0) {
            return i;
        }
    }
    return PARAM_COUNT;
}

/* What single parameters cannot know about each other. */
static enum mqt_err check_together(unsigned given, const struct mqt_request *request, struct mqt_detail *detail)
{
    const struct mqt_heat_params *heat = &request->heat;
    if (heat->has_window && (heat->has_from || heat->has_to)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "window", "window cannot be combined with from or to");
    }
    if (heat->has_from && heat->has_to && heat->from_s >= heat->to_s) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "from", "from must be earlier than to");
    }
    if ((given & P_OFFSET) && (given & P_AFTER)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "offset", "offset cannot be combined with after");
    }
    if (!(given & P_LON) != !(given & P_LAT)) {
        const char *missing = given & P_LON ? "lat" : "lon";
        return mqt_fail_field(detail, MQT_ERR_PARAM, missing, "lon and lat must be given together");
    }
    if (request->route == MQT_ROUTE_SEARCH && !(given & P_TEXT)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "q", "q must say what to search for");
    }
    return MQT_OK;
}

static enum mqt_err read_query(const char *query, const char *end, struct mqt_request *request,
                               struct mqt_detail *detail)
{
    unsigned const known = routes[request->route].params | P_TOKEN;
    unsigned given = 0;
    struct mqt_uri_pair pair;
    while (mqt_uri_next_pair(&query, end, &pair)) {
        size_t at = find_param(&pair);
        if (at == PARAM_COUNT || !(param_names[at].bit & known)) {
            if (!routes[request->route].strict) {
                continue;
            }
            char name[64];
            if (pair.name_len == 0 ||
                mqt_uri_decode(pair.name, pair.name_len, true, "query", name, sizeof name, NULL)) {
                memcpy(name, "query", sizeof "query");
            }
            return mqt_fail_field(detail, MQT_ERR_PARAM, name, "%s is not a parameter of this address", name);
        }
        const char *name = param_names[at].name;
        if (given & param_names[at].bit) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, name, "%s is given twice", name);
        }
        given |= param_names[at].bit;
        char value[MQT_ROUTE_MAX_URL];
        /* Lists of layers may fill the URL; everything else is kept in a field of MAX_TEXT bytes. */
        size_t room = param_names[at].bit == P_LAYERS ? sizeof value : MQT_ROUTE_MAX_TEXT;
        enum mqt_err err = mqt_uri_decode(pair.value, pair.value_len, true, name, value, room, detail);
        if (!err) {
            err = read_param(param_names[at].bit, name, value, request, detail);
        }
        if (err) {
            return err;
        }
    }
    return check_together(given, request, detail);
}

enum mqt_err mqt_route_parse(const char *target, size_t target_len, struct mqt_request *request,
                             struct mqt_detail *detail)
{
    if (target_len > MQT_ROUTE_MAX_URL) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "url", "the address is longer than %d bytes", MQT_ROUTE_MAX_URL);
    }
    const char *end = target + target_len;
    const char *query = memchr(target, '?', target_len);
    struct mqt_request fresh = {.style = "day", .size_px = 256};
    enum mqt_err err =
        clean_path(target, (size_t)((query ? query : end) - target), fresh.path, sizeof fresh.path, detail);
    if (!err) {
        err = route_path(&fresh, detail);
    }
    if (!err) {
        fresh.limit = fresh.route == MQT_ROUTE_ITEMS ? DEFAULT_ITEMS : DEFAULT_ENTRIES;
        err = read_query(query ? query + 1 : end, end, &fresh, detail);
    }
    if (!err) {
        *request = fresh;
    }
    return err;
}
