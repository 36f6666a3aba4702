/* Any bytes as a request line: either a request within its bounds, or a refusal with a sentence. */
#include "../../server/negotiate.h"
#include "../../server/route.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_request(const struct mqt_request *request)
{
    require((unsigned)request->route < MQT_ROUTE_COUNT);
    require(request->layer_count <= MQT_ROUTE_MAX_LAYERS);
    for (size_t i = 0; i < request->layer_count; i++) {
        require(mqt_uri_is_layer_id(request->layers[i]));
    }
    require(strstr(request->path, "..") == NULL || strstr(request->path, "/../") == NULL);
    require(request->path[0] != '/' && strncmp(request->path, "../", 3) != 0);
    require(mqt_tile_valid(request->tile));
    require(request->size_px == 256 || request->size_px == 512);
    require(request->limit >= 1 && request->limit <= 10000 && request->offset >= 0 && request->after >= 0);
    require(mqt_uri_is_layer_id(request->style));
    require(!request->has_place || (request->lon_deg >= -180 && request->lon_deg <= 180));
    require(!request->has_place || (request->lat_deg >= -90 && request->lat_deg <= 90));
    require(!request->has_bbox || (request->bbox.west <= request->bbox.east && request->bbox.north <= 90));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_request request;
    struct mqt_detail detail = {0};
    enum mqt_err err = mqt_route_parse((const char *)data, size, &request, &detail);
    if (err) {
        require((err == MQT_ERR_PARAM || err == MQT_ERR_NOT_FOUND) && detail.text[0] && detail.field[0]);
    } else {
        check_request(&request);
    }
    char *text = malloc(size + 1);
    if (text) {
        char url[320];
        memcpy(text, data, size);
        text[size] = '\0';
        (void)mqt_accepts_gzip(text);
        (void)mqt_etag_listed(text, "tag");
        require(!mqt_token_given("a token that nobody guesses", text, text, text));
        mqt_base_url(text, text, text, "127.0.0.1:80", url, sizeof url);
        require(strncmp(url, "http", 4) == 0);
        free(text);
    }
    return 0;
}
