/* Which column is what: headers in Chinese and English, as survey files have them.
 *
 * Pure; text is UTF-8; any thread. A role is what a column means, independent of the kind of file.
 * Names are compared without blanks, full-width forms, units in brackets and letter case; names
 * that a Shapefile cut at 10 bytes are matched by their beginning. A sheet without column names is
 * searched for its header: title rows above it, two-row merged headers flattened by position.
 * Strings in a result are owned by it. Limits: MQT_WIRE_MAX_COLUMNS columns, 20 rows searched.
 */
#ifndef MQT_HEADER_H
#define MQT_HEADER_H

#include "wire.h"

enum mqt_role {
    MQT_ROLE_NONE,
    MQT_ROLE_CODE,
    MQT_ROLE_NAME,
    MQT_ROLE_ESTATE,
    MQT_ROLE_NUMBER, /* of a building */
    MQT_ROLE_UNIT,
    MQT_ROLE_FLOOR, /* on which a dwelling is */
    MQT_ROLE_ROOM,
    MQT_ROLE_FLOORS_ABOVE,
    MQT_ROLE_FLOORS_BELOW,
    MQT_ROLE_HEIGHT_M,
    MQT_ROLE_BUILT_YEAR,
    MQT_ROLE_USE,
    MQT_ROLE_STRUCTURE,
    MQT_ROLE_KIND, /* of a facility, or any other category */
    MQT_ROLE_ADDRESS,
    MQT_ROLE_LON,
    MQT_ROLE_LAT,
    MQT_ROLE_EASTING,
    MQT_ROLE_NORTHING,
    MQT_ROLE_LEVEL,
    MQT_ROLE_PARENT_CODE,
    MQT_ROLE_MANAGER,
    MQT_ROLE_GRID_CODE,
    MQT_ROLE_COMMUNITY,
    MQT_ROLE_SUBDISTRICT,
    MQT_ROLE_TICKET_NUMBER,
    MQT_ROLE_REPORTED_AT,
    MQT_ROLE_CLOSED_AT,
    MQT_ROLE_CATEGORY,
    MQT_ROLE_CHANNEL,
    MQT_ROLE_STATUS,
    MQT_ROLE_SEVERITY,
    MQT_ROLE_TITLE,
    MQT_ROLE_DESCRIPTION,
    MQT_ROLE_PHONE,
    MQT_ROLE_PERSON_NAME,
    MQT_ROLE_ID_NUMBER,
    MQT_ROLE_SEX,
    MQT_ROLE_BIRTH,
    MQT_ROLE_PERSON_KIND,
    MQT_ROLE_HOUSEHOLD_KIND,
    MQT_ROLE_HOUSEHOLD_NO,
    MQT_ROLE_HEAD_ID_NUMBER,
    MQT_ROLE_HEAD_NAME,
    MQT_ROLE_RELATION,
    MQT_ROLE_AREA_M2,
    MQT_ROLE_DWELLING_USE,
    MQT_ROLE_PHOTO, /* names of files */
    MQT_ROLE_COUNT
};

/* Short stable name such as "height_m"; used in mappings, reports and rejects. */
const char *mqt_role_name(enum mqt_role role);

/* The role of one column name. cut: it may have lost its end. */
enum mqt_role mqt_header_role(const char *name, bool cut);

/* True for roles that hold a private person's data and must never reach a tile or a log. */
bool mqt_role_is_personal(enum mqt_role role);

struct mqt_header {
    size_t column_count;
    char **names;                     /* flattened, as written; never NULL, "" when a column has none */
    enum mqt_role *meanings;          /* what the names say: two columns may say the same */
    enum mqt_role *roles;             /* each role but MQT_ROLE_NONE at most once: the first column wins */
    size_t column_of[MQT_ROLE_COUNT]; /* SIZE_MAX: no such column */
    size_t title_rows;                /* rows above the header */
    size_t header_rows;               /* 0 when the table brought its column names, else 1 or 2 */
};

/* From the table's own column names. */
enum mqt_err mqt_header_of_columns(const char *const *columns, size_t count, bool cut,
                                   struct mqt_header *header) MQT_MUST_USE;

/* From the first rows of a sheet. MQT_ERR_FORMAT: no row looks like a header. */
enum mqt_err mqt_header_of_rows(const struct mqt_row *rows, size_t count, struct mqt_header *header,
                                struct mqt_detail *detail) MQT_MUST_USE;
void mqt_header_clear(struct mqt_header *header);

/* Of two columns that mean the same, the one that holds something in these rows gets the role. */
void mqt_header_prefer_filled(struct mqt_header *header, const struct mqt_row *rows, size_t count);

static inline bool mqt_header_has(const struct mqt_header *header, enum mqt_role role)
{
    return header->column_of[role] != SIZE_MAX;
}

/* True when the row is a sum under the table: 合计, 小计, 总计, total. */
bool mqt_header_is_total(const struct mqt_row *row);

#endif
