/* The dirt of the sample's files: which kinds there are, how often each comes, and what a loader that
 * is right makes of it.
 *
 * A source of dirt deals the kinds of one file out over its rows: each comes with its share, at least
 * once a file, at places drawn from the seed. The spellings are pure. Texts are UTF-8. One thread.
 */
#ifndef MQT_DIRT_H
#define MQT_DIRT_H

#include "random.h"

enum mqt_dirt {
    MQT_DIRT_NONE,
    /* How something is written: it is understood. */
    MQT_DIRT_FULL_WIDTH,
    MQT_DIRT_ZERO_WIDTH,
    MQT_DIRT_NUMERALS,
    MQT_DIRT_OTHER_WORD,
    MQT_DIRT_ABSENT_MARK,
    MQT_DIRT_ALL_IN_ROOM,
    MQT_DIRT_ID_OLD,
    MQT_DIRT_ID_OTHER,
    MQT_DIRT_ID_CYRILLIC,
    MQT_DIRT_ID_FULL_WIDTH,
    MQT_DIRT_ID_ABSENT,
    /* Loaded with a warning. */
    MQT_DIRT_TWICE_AWAY,
    MQT_DIRT_ENTRY_DATE,
    MQT_DIRT_UNIT_FILLABLE,
    MQT_DIRT_PLACE_DMS,
    MQT_DIRT_CREDIT_CODE,
    MQT_DIRT_CLOSED_BEFORE,
    MQT_DIRT_UNKNOWN_WORD,
    /* The same row again. */
    MQT_DIRT_TWICE,
    /* Kept back for a person to decide. */
    MQT_DIRT_UNIT_AMBIGUOUS,
    MQT_DIRT_BUILDING_UNKNOWN,
    MQT_DIRT_PLACE_OUTSIDE,
    /* Refused. */
    MQT_DIRT_ID_CHECKSUM,
    MQT_DIRT_ID_DATE,
    MQT_DIRT_ID_LENGTH,
    MQT_DIRT_ID_AS_NUMBER,
    MQT_DIRT_ROOM_MISSING,
    MQT_DIRT_PLACE_SWAPPED,
    MQT_DIRT_PLACE_METRES,
    MQT_DIRT_PLACE_PACKED,
    MQT_DIRT_PLACE_ZERO,
    MQT_DIRT_PLACE_MISSING,
    MQT_DIRT_NO_DATE,
    /* Rows of a sheet that are no data. */
    MQT_DIRT_TITLE,
    MQT_DIRT_HEADER_BELOW,
    MQT_DIRT_TOTAL,
    MQT_DIRT_COUNT
};

enum mqt_outcome {
    MQT_OUTCOME_INSERTED,
    MQT_OUTCOME_MERGED,
    MQT_OUTCOME_QUARANTINED,
    MQT_OUTCOME_SKIPPED,
    MQT_OUTCOME_REJECTED,
    MQT_OUTCOME_COUNT
};

struct mqt_dirt_kind {
    const char *id;
    double share; /* of a file's rows, at most a tenth of those that can have it; 0: comes otherwise than by lot */
    enum mqt_outcome outcome;
    const char *code;    /* of the reject or review; NULL: none */
    const char *warning; /* its code; NULL: none */
    const char *what;
};

const struct mqt_dirt_kind *mqt_dirt_at(enum mqt_dirt dirt);
const char *mqt_outcome_name(enum mqt_outcome outcome);

/* All kinds with their shares and outcomes, as a table for people. */
void mqt_dirt_print(void);

/* Says whether a row can have a kind of dirt. */
typedef bool mqt_dirt_fits(const void *row, enum mqt_dirt dirt);

/* Deals the kinds of one file, whose rows are first seen and then dealt with in the same order. */
struct mqt_dirt_source {
    struct mqt_random *random;
    bool wanted[MQT_DIRT_COUNT];
    size_t rows;
    size_t fitting[MQT_DIRT_COUNT]; /* rows ahead that can have it */
    size_t left[MQT_DIRT_COUNT];    /* how many of them are still to be spoilt */
    bool dealing;
};

/* kinds: those that this file has. */
void mqt_dirt_open(struct mqt_dirt_source *source, struct mqt_random *random, const enum mqt_dirt *kinds, size_t count);
void mqt_dirt_see(struct mqt_dirt_source *source, mqt_dirt_fits *fits, const void *row);
/* The dirt of the next row. */
enum mqt_dirt mqt_dirt_next(struct mqt_dirt_source *source, mqt_dirt_fits *fits, const void *row);

/* A text with its ASCII in full width, with its figures as 〇一二三, with invisible characters inside. out
 * holds size bytes; what does not fit is left out. */
void mqt_dirt_full_width(const char *text, char *out, size_t size);
void mqt_dirt_numerals(const char *text, char *out, size_t size);
void mqt_dirt_zero_width(const char *text, char *out, size_t size);

#endif
