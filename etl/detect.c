#include "detect.h"

#include "crs.h"
#include "norm.h"

#include <string.h>

static bool has(const struct mqt_header *header, enum mqt_role role)
{
    return mqt_header_has(header, role);
}

static bool has_points(const struct mqt_table *table, const struct mqt_header *header)
{
    return table->shape == MQT_TABLE_POINT || table->shape == MQT_TABLE_ANY ||
           (has(header, MQT_ROLE_LON) && has(header, MQT_ROLE_LAT)) ||
           (has(header, MQT_ROLE_EASTING) && has(header, MQT_ROLE_NORTHING));
}

static bool is_ticket(const struct mqt_header *header)
{
    int marks = has(header, MQT_ROLE_TICKET_NUMBER) + has(header, MQT_ROLE_CATEGORY) + has(header, MQT_ROLE_CHANNEL) +
                has(header, MQT_ROLE_STATUS) + has(header, MQT_ROLE_CLOSED_AT) + has(header, MQT_ROLE_SEVERITY);

    return has(header, MQT_ROLE_REPORTED_AT) && marks >= 1;
}

static bool is_building(const struct mqt_header *header)
{
    return has(header, MQT_ROLE_HEIGHT_M) || has(header, MQT_ROLE_FLOORS_ABOVE) || has(header, MQT_ROLE_NUMBER) ||
           has(header, MQT_ROLE_BUILT_YEAR) || has(header, MQT_ROLE_STRUCTURE);
}

static bool is_area(const struct mqt_table *table, const struct mqt_header *header)
{
    return has(header, MQT_ROLE_LEVEL) || has(header, MQT_ROLE_GRID_CODE) || has(header, MQT_ROLE_COMMUNITY) ||
           has(header, MQT_ROLE_SUBDISTRICT) || has(header, MQT_ROLE_PARENT_CODE) ||
           mqt_detect_level(table->name) != NULL;
}

enum mqt_err mqt_detect_kind(const struct mqt_table *table, const struct mqt_header *header, const char **kind,
                             struct mqt_detail *detail)
{
    bool polygons = table->shape == MQT_TABLE_POLYGON || table->shape == MQT_TABLE_ANY;

    if (has(header, MQT_ROLE_ID_NUMBER) || (has(header, MQT_ROLE_PERSON_NAME) && has(header, MQT_ROLE_ROOM))) {
        *kind = "household";
    } else if (is_ticket(header)) {
        *kind = "ticket";
    } else if (polygons && is_building(header)) {
        *kind = "building";
    } else if (polygons && is_area(table, header)) {
        *kind = "area";
    } else if (has_points(table, header) && has(header, MQT_ROLE_KIND) &&
               (has(header, MQT_ROLE_NAME) || has(header, MQT_ROLE_ADDRESS) || has(header, MQT_ROLE_CODE))) {
        *kind = "facility";
    } else {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "kind",
                              "it is not plain what the file holds; say which with --kind: area, building, household, "
                              "facility, ticket, or layer with --layer ID");
    }
    return MQT_OK;
}

enum mqt_err mqt_detect_crs(double x, double y, const char **definition, struct mqt_detail *detail)
{
    int guess = mqt_crs_guess(x, y);

    if (guess == 4490) {
        *definition = "EPSG:4490";
        return MQT_OK;
    }
    if (guess != 0) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "crs",
                              "the file does not say its coordinate system; eastings begin with zone %d: if that is "
                              "right, give --crs EPSG:%d",
                              (int)(x / 1e6), guess);
    }
    return mqt_fail_field(detail, MQT_ERR_PARAM, "crs",
                          "the file does not say its coordinate system; give --crs EPSG:n (Beijing: 4548, Nanjing: "
                          "4549), gcj02, bd09 or a PROJ string");
}

const char *mqt_detect_level(const char *text)
{
    static const struct {
        const char *word, *level;
    } words[] = {{"网格", "grid"},           {"grid", "grid"},
                 {"社区", "community"},      {"居委会", "community"},
                 {"community", "community"}, {"小区", "estate"},
                 {"estate", "estate"},       {"街道", "subdistrict"},
                 {"乡镇", "subdistrict"},    {"subdistrict", "subdistrict"},
                 {"区县", "district"},       {"行政区", "district"},
                 {"district", "district"}};
    char key[256];

    mqt_norm_key(text, strlen(text), key, sizeof key);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strstr(key, words[i].word) != NULL) {
            return words[i].level;
        }
    }
    return NULL;
}
