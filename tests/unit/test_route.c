#include "../../server/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct mqt_request parsed(const char *target)
{
    struct mqt_request request;
    struct mqt_detail detail = {0};
    if (mqt_route_parse(target, strlen(target), &request, &detail)) {
        fail_msg("%s was refused: %s", target, detail.text);
    }
    return request;
}

static void each_path_has_its_route(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        enum mqt_route route;
    } cases[] = {
        {"/", MQT_ROUTE_PAGE},
        {"/wall", MQT_ROUTE_PAGE},
        {"/assets/index-a1b2c3d4.js", MQT_ROUTE_PAGE},
        {"/healthz", MQT_ROUTE_HEALTHZ},
        {"/readyz", MQT_ROUTE_READYZ},
        {"/metrics", MQT_ROUTE_METRICS},
        {"/tiles", MQT_ROUTE_TILE_LIST},
        {"/tiles/", MQT_ROUTE_TILE_LIST},
        {"/tiles/building.json", MQT_ROUTE_TILEJSON},
        {"/tiles/building/0/0/0.mvt", MQT_ROUTE_MVT},
        {"//tiles///building/0/0//0.mvt", MQT_ROUTE_MVT},
        {"/tiles/building/22/4194303/4194303.png", MQT_ROUTE_PNG},
        {"/heat/15/1/1.png", MQT_ROUTE_HEAT},
        {"/heat.json", MQT_ROUTE_HEAT_INFO},
        {"/styles/night.json", MQT_ROUTE_STYLE},
        {"/ogc/collections", MQT_ROUTE_COLLECTIONS},
        {"/ogc/collections/building", MQT_ROUTE_COLLECTION},
        {"/ogc/collections/building/items", MQT_ROUTE_ITEMS},
        {"/ogc/collections/building/items/7", MQT_ROUTE_ITEM},
        {"/stats/summary", MQT_ROUTE_STATS_SUMMARY},
        {"/stats/building/7", MQT_ROUTE_STATS_BUILDING},
        {"/stats/building/7/units", MQT_ROUTE_STATS_UNITS},
        {"/areas", MQT_ROUTE_AREAS},
        {"/areas?lon=116.3&lat=39.83", MQT_ROUTE_AREAS},
        {"/areas/7", MQT_ROUTE_AREA},
        {"/stats/tickets", MQT_ROUTE_STATS_TICKETS},
        {"/search?q=a", MQT_ROUTE_SEARCH},
        {"/live", MQT_ROUTE_LIVE},
        {"/%74iles", MQT_ROUTE_TILE_LIST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (parsed(cases[i].target).route != cases[i].route) {
            fail_msg("%s is not %s", cases[i].target, mqt_route_name(cases[i].route));
        }
    }
}

static void pages_share_one_document(void **state)
{
    (void)state;
    assert_string_equal(parsed("/").path, "index.html");
    assert_string_equal(parsed("/wall").path, "index.html");
    assert_string_equal(parsed("/plan?x=1").path, "index.html");
    assert_string_equal(parsed("/grid/110101001001003").path, "index.html");
    assert_string_equal(parsed("/assets/a-12345678.css").path, "assets/a-12345678.css");
    assert_string_equal(parsed("/wall/x").path, "wall/x");
}

struct refusal {
    const char *target;
    enum mqt_err err;
    const char *field;
};

static void check_refusals(const struct refusal *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct mqt_request request;
        struct mqt_detail detail = {0};
        enum mqt_err err = mqt_route_parse(cases[i].target, strlen(cases[i].target), &request, &detail);
        if (err != cases[i].err || strcmp(detail.field, cases[i].field) != 0 || !detail.text[0]) {
            fail_msg("%s: %s, field '%s', '%s'; wanted %s, field '%s'", cases[i].target, mqt_err_name(err),
                     detail.field, detail.text, mqt_err_name(cases[i].err), cases[i].field);
        }
    }
}

static void refusals_name_the_parameter(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"", MQT_ERR_PARAM, "path"},
        {"tiles", MQT_ERR_PARAM, "path"},
        {"/../etc/passwd", MQT_ERR_PARAM, "path"},
        {"/%2e%2e/etc/passwd", MQT_ERR_PARAM, "path"},
        {"/assets/..%2f..%2fetc/passwd", MQT_ERR_PARAM, "path"},
        {"/a/./b", MQT_ERR_PARAM, "path"},
        {"/a%00b", MQT_ERR_PARAM, "path"},
        {"/a%0ab", MQT_ERR_PARAM, "path"},
        {"/a%zz", MQT_ERR_PARAM, "path"},
        {"/a%4", MQT_ERR_PARAM, "path"},
        {"/%ff%fe", MQT_ERR_PARAM, "path"},
        {"/%c0%af", MQT_ERR_PARAM, "path"},
        {"/search?q=%E4%BE", MQT_ERR_PARAM, "q"},
        {"/tiles/building", MQT_ERR_NOT_FOUND, "path"},
        {"/tiles/building/1/1.mvt", MQT_ERR_NOT_FOUND, "path"},
        {"/tiles/1/2/3/4/5/6/7/8/9", MQT_ERR_NOT_FOUND, "path"},
        {"/stats", MQT_ERR_NOT_FOUND, "path"},
        {"/ogc/collections/building/rows", MQT_ERR_NOT_FOUND, "path"},
        {"/tiles/building/23/0/0.mvt", MQT_ERR_PARAM, "z"},
        {"/tiles/building/-1/0/0.mvt", MQT_ERR_PARAM, "z"},
        {"/tiles/building/1.0/0/0.mvt", MQT_ERR_PARAM, "z"},
        {"/tiles/building/+1/0/0.mvt", MQT_ERR_PARAM, "z"},
        {"/tiles/building/1/2/0.mvt", MQT_ERR_PARAM, "x"},
        {"/tiles/building/1/0x1/0.mvt", MQT_ERR_PARAM, "x"},
        {"/tiles/building/1/99999999999999999999/0.mvt", MQT_ERR_PARAM, "x"},
        {"/tiles/building/1/0/2.mvt", MQT_ERR_PARAM, "y"},
        {"/tiles/building/1/0/.mvt", MQT_ERR_PARAM, "y"},
        {"/tiles/building/1/0/0.gif", MQT_ERR_PARAM, "format"},
        {"/tiles/building/1/0/0", MQT_ERR_PARAM, "format"},
        {"/tiles/Building/1/0/0.mvt", MQT_ERR_NOT_FOUND, "layer"},
        {"/tiles/building,/1/0/0.mvt", MQT_ERR_NOT_FOUND, "layer"},
        {"/tiles/a';drop/1/0/0.mvt", MQT_ERR_NOT_FOUND, "layer"},
        {"/tiles/a,b,a/1/0/0.mvt", MQT_ERR_PARAM, "layer"},
        {"/tiles/map/1/0/0.png?size=300", MQT_ERR_PARAM, "size"},
        {"/tiles/map/1/0/0.png?size=", MQT_ERR_PARAM, "size"},
        {"/tiles/map/1/0/0.png?style=../x", MQT_ERR_PARAM, "style"},
        {"/tiles/map/1/0/0.png?style=day&style=night", MQT_ERR_PARAM, "style"},
        {"/styles/..json", MQT_ERR_NOT_FOUND, "style"},
        {"/heat/1/0/0.mvt", MQT_ERR_PARAM, "format"},
        {"/heat/1/0/0.png?window=1w", MQT_ERR_PARAM, "window"},
        {"/heat/1/0/0.png?window=0h", MQT_ERR_PARAM, "window"},
        {"/heat/1/0/0.png?window=-1h", MQT_ERR_PARAM, "window"},
        {"/heat/1/0/0.png?window=9999999d", MQT_ERR_PARAM, "window"},
        {"/heat/1/0/0.png?window=24h&from=2026-01-01", MQT_ERR_PARAM, "window"},
        {"/heat/1/0/0.png?from=2026-13-01", MQT_ERR_PARAM, "from"},
        {"/heat/1/0/0.png?from=2025-02-29", MQT_ERR_PARAM, "from"},
        {"/heat/1/0/0.png?from=2026-01-02&to=2026-01-02", MQT_ERR_PARAM, "from"},
        {"/heat/1/0/0.png?to=yesterday", MQT_ERR_PARAM, "to"},
        {"/heat/1/0/0.png?half_life=3", MQT_ERR_PARAM, "half_life"},
        {"/heat/1/0/0.png?category=", MQT_ERR_PARAM, "category"},
        {"/heat/1/0/0.png?category=a,,b", MQT_ERR_PARAM, "category"},
        {"/heat/1/0/0.png?channel=%ff", MQT_ERR_PARAM, "channel"},
        {"/heat/1/0/0.png?status=,a", MQT_ERR_PARAM, "status"},
        {"/ogc/collections/building/items?limit=0", MQT_ERR_PARAM, "limit"},
        {"/ogc/collections/building/items?limit=10001", MQT_ERR_PARAM, "limit"},
        {"/ogc/collections/building/items?limit=ten", MQT_ERR_PARAM, "limit"},
        {"/ogc/collections/building/items?offset=-1", MQT_ERR_PARAM, "offset"},
        {"/ogc/collections/building/items?after=x", MQT_ERR_PARAM, "after"},
        {"/ogc/collections/building/items?after=1&offset=1", MQT_ERR_PARAM, "offset"},
        {"/ogc/collections/building/items?bbox=1,2,3", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=1,2,3,4,5", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=1,2,x,4", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=nan,2,3,4", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=0x1,2,3,4", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=3,2,1,4", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=1,4,3,2", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=1,2,181,4", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?bbox=1,-91,3,4", MQT_ERR_PARAM, "bbox"},
        {"/ogc/collections/building/items?f=html", MQT_ERR_PARAM, "f"},
        {"/ogc/collections/building/items?colour=red", MQT_ERR_PARAM, "colour"},
        {"/ogc/collections/building/items/x", MQT_ERR_PARAM, "id"},
        {"/ogc/collections/a,b/items", MQT_ERR_NOT_FOUND, "layer"},
        {"/stats/building/0", MQT_ERR_PARAM, "id"},
        {"/stats/building/1e3", MQT_ERR_PARAM, "id"},
        {"/search", MQT_ERR_PARAM, "q"},
        {"/search?q=", MQT_ERR_PARAM, "q"},
        {"/search?q=%20+", MQT_ERR_PARAM, "q"},
        {"/search?q=a&limit=101", MQT_ERR_PARAM, "limit"},
        {"/stats/tickets?limit=101", MQT_ERR_PARAM, "limit"},
        {"/live?bbox=1", MQT_ERR_PARAM, "bbox"},
        {"/live?layers=A", MQT_ERR_PARAM, "layers"},
    };
    check_refusals(cases, sizeof cases / sizeof cases[0]);
}

static void areas_and_places_are_read(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"/stats/building/7/rooms", MQT_ERR_NOT_FOUND, "path"},
        {"/stats/building/x/units", MQT_ERR_PARAM, "id"},
        {"/areas/7/8", MQT_ERR_NOT_FOUND, "path"},
        {"/areas/0", MQT_ERR_PARAM, "id"},
        {"/areas/-7", MQT_ERR_PARAM, "id"},
        {"/areas?lon=116", MQT_ERR_PARAM, "lat"},
        {"/areas?lat=39", MQT_ERR_PARAM, "lon"},
        {"/areas?lon=116&lat=", MQT_ERR_PARAM, "lat"},
        {"/areas?lon=1e2&lat=39", MQT_ERR_PARAM, "lon"},
        {"/areas?lon=180.1&lat=39", MQT_ERR_PARAM, "lon"},
        {"/areas?lon=116&lat=-90", MQT_ERR_PARAM, "lat"},
        {"/areas?lon=116&lon=116&lat=39", MQT_ERR_PARAM, "lon"},
    };
    check_refusals(cases, sizeof cases / sizeof cases[0]);
    struct mqt_request request = parsed("/areas?lat=39.83&lon=-116.5");
    assert_true(request.has_place && request.lat_deg == 39.83 && request.lon_deg == -116.5);
    assert_false(parsed("/areas").has_place);
    assert_int_equal(parsed("/areas/132").id, 132);
    assert_int_equal(parsed("/stats/building/7/units").id, 7);
}

static void a_refusal_leaves_the_request_alone(void **state)
{
    (void)state;
    struct mqt_request request = {.limit = 77};
    struct mqt_detail detail = {0};
    const char *target = "/tiles/building/99/0/0.mvt";
    assert_int_equal(mqt_route_parse(target, strlen(target), &request, &detail), MQT_ERR_PARAM);
    assert_int_equal(request.limit, 77);
}

static void long_addresses_are_refused(void **state)
{
    (void)state;
    char target[MQT_ROUTE_MAX_URL + 2];
    struct mqt_request request;
    struct mqt_detail detail = {0};
    memset(target, 'a', sizeof target);
    target[0] = '/';
    assert_int_equal(mqt_route_parse(target, MQT_ROUTE_MAX_URL + 1, &request, &detail), MQT_ERR_PARAM);
    assert_string_equal(detail.field, "url");
    memcpy(target, "/search?q=", 10);
    assert_int_equal(mqt_route_parse(target, 3000, &request, &detail), MQT_ERR_PARAM);
    assert_string_equal(detail.field, "q");
}

static void tiles_and_layers_are_read(void **state)
{
    (void)state;
    struct mqt_request request = parsed("/tiles/building,grid_2/15/26977/12420.png?size=512&style=night");
    assert_int_equal(request.layer_count, 2);
    assert_string_equal(request.layers[0], "building");
    assert_string_equal(request.layers[1], "grid_2");
    assert_int_equal(request.tile.z, 15);
    assert_int_equal(request.tile.x, 26977);
    assert_int_equal(request.tile.y, 12420);
    assert_int_equal(request.size_px, 512);
    assert_string_equal(request.style, "night");
    request = parsed("/tiles/building/0/0/0.png?colour=ignored&&=&x");
    assert_int_equal(request.size_px, 256);
    assert_string_equal(request.style, "day");
}

static void heat_is_read(void **state)
{
    (void)state;
    struct mqt_request request =
        parsed("/heat/3/1/1.png?window=36h&half_life=7d&category=noise,%E4%BE%9B%E6%9A%96&status=closed&channel=a+b");
    assert_int_equal(request.heat.window_s, 36 * 3600);
    assert_int_equal(request.heat.half_life_s, 7 * 86400);
    assert_string_equal(request.heat.category, "noise,供暖");
    assert_string_equal(request.heat.status, "closed");
    assert_string_equal(request.heat.channel, "a b");
    assert_int_equal(parsed("/heat/3/1/1.png?window=all").heat.window_s, 0);
    request = parsed("/heat/3/1/1.png?from=2012-01-01T08:00:00%2B08:00&to=2012-03-01T00:00Z");
    assert_true(request.heat.has_from && request.heat.has_to);
    assert_int_equal(request.heat.from_s, 1325376000);
    assert_int_equal(request.heat.to_s, 1330560000);
    /* A browser that forgets to encode the plus sign. */
    assert_int_equal(parsed("/heat/3/1/1.png?from=2012-01-01T08:00:00+08:00").heat.from_s, 1325376000);
    assert_int_equal(parsed("/heat/3/1/1.png?from=2012-01-01T00:00:00.250Z").heat.from_s, 1325376000);
    assert_int_equal(parsed("/heat/3/1/1.png?from=1969-12-31").heat.from_s, -86400);
    assert_int_equal(parsed("/heat/3/1/1.png?from=2024-02-29").heat.from_s, 1709164800);
}

static void items_and_search_are_read(void **state)
{
    (void)state;
    struct mqt_request request = parsed("/ogc/collections/building/items?bbox=-1.5,.5,2,3&limit=10000&offset=5&f=json");
    assert_true(request.has_bbox);
    assert_true(request.bbox.west == -1.5 && request.bbox.south == 0.5);
    assert_true(request.bbox.east == 2 && request.bbox.north == 3);
    assert_int_equal(request.limit, 10000);
    assert_int_equal(request.offset, 5);
    assert_int_equal(parsed("/ogc/collections/building/items").limit, 100);
    assert_int_equal(parsed("/ogc/collections/building/items?after=12").after, 12);
    assert_int_equal(parsed("/ogc/collections/building/items/123456789012").id, 123456789012);
    request = parsed("/search?q=+%E5%B9%B8%E7%A6%8F+1+&limit=5");
    assert_string_equal(request.text, "幸福 1");
    assert_int_equal(request.limit, 5);
    request = parsed("/live?bbox=116,39,117,40&layers=building,ticket");
    assert_int_equal(request.layer_count, 2);
    assert_string_equal(parsed("/?token=abc").token, "abc");
}

static void methods_are_known(void **state)
{
    (void)state;
    assert_int_equal(mqt_route_method("GET"), MQT_METHOD_GET);
    assert_int_equal(mqt_route_method("HEAD"), MQT_METHOD_HEAD);
    assert_int_equal(mqt_route_method("OPTIONS"), MQT_METHOD_OPTIONS);
    assert_int_equal(mqt_route_method("get"), MQT_METHOD_OTHER);
    assert_int_equal(mqt_route_method("DELETE"), MQT_METHOD_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_path_has_its_route),
        cmocka_unit_test(pages_share_one_document),
        cmocka_unit_test(refusals_name_the_parameter),
        cmocka_unit_test(areas_and_places_are_read),
        cmocka_unit_test(a_refusal_leaves_the_request_alone),
        cmocka_unit_test(long_addresses_are_refused),
        cmocka_unit_test(tiles_and_layers_are_read),
        cmocka_unit_test(heat_is_read),
        cmocka_unit_test(items_and_search_are_read),
        cmocka_unit_test(methods_are_known),
    };
    return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
