/* The sample district in memory: everything that its survey files are written from.
 *
 * Made by mqt_town_build from a scale, a seed and a last moment, and read-only afterwards. Places
 * are EPSG:4548 metres (x easting, y northing), rounded to the millimetre; while it is being built
 * they lie in the plan (metres around the middle, north upwards). Times are Unix seconds. Texts are
 * UTF-8. Memory belongs to the town and goes with mqt_town_clear. One thread.
 * The parts work in this order, each from a random stream of its own: street, block, resident,
 * amenity, complaint; a whole district has plan, quarter and service for street, block and amenity.
 */
#ifndef MQT_TOWN_H
#define MQT_TOWN_H

#include "fence.h"

enum { MQT_TOWN_NONE = -1 };

enum mqt_area_level { MQT_AREA_DISTRICT, MQT_AREA_SUBDISTRICT, MQT_AREA_COMMUNITY, MQT_AREA_GRID, MQT_AREA_ESTATE };

struct mqt_town_area {
    enum mqt_area_level level;
    const char *code;
    const char *name;
    const char *parent; /* code; "" for the district */
    const char *manager;
    struct mqt_shape shape;
};

struct mqt_town_estate {
    const char *name;
    double grumble; /* how often its people complain, 1 is ordinary */
    size_t area;    /* index of its area */
};

struct mqt_town_building {
    size_t cell;        /* index */
    int estate;         /* index, or MQT_TOWN_NONE */
    const char *number; /* 3号楼; "" for one that has only a name */
    const char *name;
    const char *address;
    const char *use;
    const char *structure;
    int floors_above;
    int floors_below;
    double height_m;
    int built_year;
    int units;    /* 0 when nobody lives there */
    int per_unit; /* dwellings on each floor of a unit */
    struct mqt_shape shape;
};

struct mqt_town_street {
    const char *name; /* "" for a lane without one */
    const char *class_name;
    double width_m;
    struct mqt_line line;
};

/* A piece of green or water. */
struct mqt_town_patch {
    const char *name;
    const char *kind;
    struct mqt_shape shape;
};

struct mqt_town_dwelling {
    size_t building;
    int unit;  /* 1… */
    int floor; /* 1… */
    int room;  /* 101… */
    double area_m2;
};

struct mqt_town_household {
    size_t dwelling;
    const char *number; /* 户号 */
    const char *kind;   /* 户籍类型 */
};

struct mqt_town_person {
    size_t household;
    const char *name;
    const char *relation;
    const char *kind; /* 人员类型 */
    const char *phone;
    char id_number[19];
};

struct mqt_town_facility {
    const char *kind; /* a Chinese word that facility_kind.h knows */
    const char *name;
    const char *address;
    const char *phone;
    struct mqt_spot spot;
};

struct mqt_town_camera {
    const char *name;
    bool has_ai;
    struct mqt_spot spot;
};

struct mqt_town_ticket {
    const char *number;
    const char *channel;
    const char *category;
    const char *text;
    const char *phrase; /* of the text: what is said after the place; one of its subject's */
    const char *urgency;
    const char *status;
    const char *address; /* "" when the caller gave none */
    int picture;         /* of album.h, MQT_ALBUM_NONE when there is none */
    bool has_after;      /* with a second one that shows the place mended */
    int64_t reported_s;
    int64_t closed_s; /* 0 while it is open */
    bool has_spot;
    struct mqt_spot spot;
};

/* A piece of land between streets; what it is for is decided by the scale. */
struct mqt_town_cell {
    int theme;
    size_t grid;
    struct mqt_rect room; /* inside the streets' edges, in the plan */
    const char *street;   /* name of the street in the north of it */
    /* The room is upright in a frame of the cell's own: turned by turn (radians) around its origin,
     * which lies at origin in the plan. Both are 0 where the plan itself is the frame. */
    struct mqt_spot origin;
    double turn;
    double outward;         /* 0 in the middle of the district, 1 at its edge */
    struct mqt_fence yard;  /* in that frame: where buildings may stand; empty: all of the room */
    struct mqt_fence reach; /* how far the cell's own lanes go */
};

#define MQT_TOWN_LIST(type)                                                                                            \
    struct {                                                                                                           \
        type *at;                                                                                                      \
        size_t count;                                                                                                  \
        size_t capacity;                                                                                               \
    }

struct mqt_town_scale;

/* How much of what there is to be: the scale's, or a district's share of a city's. */
struct mqt_town_quota {
    size_t buildings;  /* 0: as many as there come to be */
    size_t households; /* at most as many as there are homes, in a city */
    size_t persons;    /* 0: nobody is written about */
    size_t tickets;
    size_t cameras;
    size_t ai_cameras;
};

struct mqt_town {
    struct mqt_arena arena; /* arena.err tells of a failed building step */
    const struct mqt_town_scale *scale;
    struct mqt_town_quota quota;
    unsigned part;          /* 1 … for the districts of a city, 0 for what is a whole */
    size_t first_household; /* how many households and persons the parts before have */
    size_t first_person;
    uint64_t land_seed; /* of the whole; seed is the part's own */
    uint64_t seed;
    int64_t until_s;
    MQT_TOWN_LIST(struct mqt_town_cell) cells;
    MQT_TOWN_LIST(struct mqt_town_area) areas;
    MQT_TOWN_LIST(struct mqt_town_estate) estates;
    MQT_TOWN_LIST(struct mqt_town_building) buildings;
    MQT_TOWN_LIST(struct mqt_town_street) streets;
    MQT_TOWN_LIST(struct mqt_town_patch) greens;
    MQT_TOWN_LIST(struct mqt_town_patch) waters;
    MQT_TOWN_LIST(struct mqt_town_dwelling) dwellings;
    MQT_TOWN_LIST(struct mqt_town_household) households;
    MQT_TOWN_LIST(struct mqt_town_person) persons;
    MQT_TOWN_LIST(struct mqt_town_facility) facilities;
    MQT_TOWN_LIST(struct mqt_town_camera) cameras;
    MQT_TOWN_LIST(struct mqt_town_ticket) tickets;
};

/* Appends to one of the lists; *list is a MQT_TOWN_LIST member. A full arena drops the item and
 * leaves its mark in arena.err, which mqt_town_build looks at after each part. */
#define mqt_town_add(town, list, ...)                                                                                  \
    do {                                                                                                               \
        void *grown = mqt_town_grow((town), (list)->at, (list)->count, &(list)->capacity, sizeof *(list)->at);         \
        if (grown) {                                                                                                   \
            (list)->at = grown;                                                                                        \
            (list)->at[(list)->count++] = (__VA_ARGS__);                                                               \
        }                                                                                                              \
    } while (0)

/* Room for one more item of size bytes: at, or a larger copy of it; NULL when memory is out. */
void *mqt_town_grow(struct mqt_town *town, void *at, size_t count, size_t *capacity, size_t size);

/* The names of the scales, ", " between them. */
const char *mqt_town_scales(void);

/* A whole town; of a city, which is built in parts (town_source.h), the first one. On failure the town is clear.
 * MQT_ERR_PARAM for a scale that does not exist. */
enum mqt_err mqt_town_build(const char *scale, uint64_t seed, int64_t until_s, struct mqt_town *town,
                            struct mqt_detail *detail) MQT_MUST_USE;
void mqt_town_clear(struct mqt_town *town);

/* From the plan to EPSG:4548. */
void mqt_town_place(struct mqt_town *town);

#endif
