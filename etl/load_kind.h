/* What the loader and the kinds of file (area, building, …) agree on: inside of etl's load rooms.
 *
 * A kind names its columns, turns a row into values (prepare), and publishes what was staged; most
 * share mqt_load_publish_difference. Texts in a record live in load->row_arena until the next row.
 * Shapes are EWKB in EPSG:4490. One thread.
 */
#ifndef MQT_LOAD_KIND_H
#define MQT_LOAD_KIND_H

#include "../schema/db.h"
#include "../tiles/arena.h"
#include "crs.h"
#include "header.h"
#include "load.h"
#include "reader.h"
#include "seal.h"
#include "stage.h"
#include "wkb.h"

struct mqt_load_column {
    const char *name;     /* of the target; NULL: staged, but not published */
    const char *sql_type; /* to which the staged text is cast */
};

struct mqt_reject {
    bool set;
    bool skip; /* not refused: the row is no data */
    const char *code;
    char field[128];
    char reason[256];
};

struct mqt_record {
    const char **values;     /* one per column, NULL: null */
    const char *natural_key; /* NULL: the shape or the content is the key */
    const char *shape_key;   /* set by the loader */
    bool has_shape;
    struct mqt_buf shape; /* EWKB, EPSG:4490 */
};

struct mqt_load;

/* What is wrong, or was made good, in rows that are loaded all the same. */
enum mqt_warning {
    MQT_WARNING_CREDIT_CODE,   /* credit codes whose check character does not fit */
    MQT_WARNING_UNKNOWN_WORD,  /* texts of states and channels that are not known */
    MQT_WARNING_CLOSED_BEFORE, /* tickets closed before they were reported */
    MQT_WARNING_DMS,           /* places written in degrees, minutes and seconds */
    MQT_WARNING_DATE,          /* dates that are none, of rows that do without */
    MQT_WARNING_UNIT_FILLED,   /* rows whose unit follows from building and room */
    MQT_WARNING_TWO_DWELLINGS, /* persons who are in another dwelling as well */
    MQT_WARNING_COUNT
};

enum { MQT_PREVIEW_ROWS = 24 };

/* The first rows of a file, kept until its header is understood. */
struct mqt_preview {
    struct mqt_row rows[MQT_PREVIEW_ROWS];
    size_t count;
    bool more; /* the reader has rows beyond these */
};

/* What the table's triggers work out row by row, worked out for all staged rows at once. */
struct mqt_load_derived {
    const char *prepare; /* a statement that makes what joins needs */
    const char *columns, *values, *joins;
};

struct mqt_load_kind {
    const char *name;
    const char *table;           /* schema.table; NULL: load->target */
    const char *geometry_column; /* NULL: the kind has no shape */
    int dimension;               /* 0 point, 2 polygon, -1: what most of the file's shapes have */
    bool shape_required;
    const struct mqt_load_column *columns; /* NULL: load->columns */
    size_t column_count;
    const struct mqt_load_derived *derived; /* NULL: nothing, or the triggers do it */
    /* Before the first row, without a database: columns, target, checks of the header. May be NULL. */
    enum mqt_err (*begin)(struct mqt_load *load, struct mqt_detail *detail);
    /* Fills record, or sets reject. */
    enum mqt_err (*prepare)(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject);
    enum mqt_err (*publish)(struct mqt_load *load, struct mqt_detail *detail);
    void (*end)(struct mqt_load *load); /* frees what begin made; may be NULL */
};

struct mqt_load {
    const struct mqt_load_options *options;
    const struct mqt_load_kind *kind;
    struct mqt_report *report;
    struct mqt_counts counts;
    const struct mqt_table *table;
    struct mqt_header header;
    struct mqt_crs *crs; /* NULL: the file has no places */
    bool point_columns;  /* places come from columns, not from shapes */
    struct mqt_seal_key *key;
    struct mqt_db *db;
    int64_t run;
    char source[128], file[256];
    char target[80], layer_id[64];
    const struct mqt_load_column *columns;
    size_t column_count;
    int dimension; /* of the shapes: the kind's, or what most shapes of a layer have */
    bool repaired; /* every staged shape is valid */
    void *kind_state;
    struct mqt_arena arena;     /* for the whole run */
    struct mqt_arena row_arena; /* for the present row */
    struct mqt_stage rejects;
    struct mqt_buf log;                   /* notes that go into etl.run.message */
    uint64_t warnings[MQT_WARNING_COUNT]; /* told when the run ends; the rows are loaded */
};

extern const struct mqt_load_kind mqt_load_area, mqt_load_building, mqt_load_facility, mqt_load_ticket, mqt_load_layer,
    mqt_load_household;

/* load_row.c: values of a row. NULL when the column is missing or the cell says nothing. */
const char *mqt_load_raw(const struct mqt_row *row, size_t column);
const char *mqt_load_text(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role);
/* Decimal text of a number in min .. max; sets reject when the cell holds something else. */
const char *mqt_load_number(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role, double min,
                            double max, bool whole, struct mqt_reject *reject);
/* "YYYY-MM-DD HH:MM:SS[zone]"; sets reject when the cell holds no time. */
const char *mqt_load_time(struct mqt_load *load, const struct mqt_row *row, enum mqt_role role,
                          struct mqt_reject *reject);
/* The row's place or shape in EPSG:4490 into record->shape. */
enum mqt_err mqt_load_shape(struct mqt_load *load, const struct mqt_row *row, struct mqt_record *record,
                            struct mqt_reject *reject);
/* The row as JSON text with personal values masked. */
const char *mqt_load_raw_json(struct mqt_load *load, const struct mqt_row *row);
void mqt_load_reject(struct mqt_reject *reject, const char *code, const char *field, const char *format, ...)
    MQT_PRINTF(4, 5);
/* The name of the column with this role as the file writes it, "" when there is none. */
const char *mqt_load_field(const struct mqt_load *load, enum mqt_role role);

/* load_stage.c: all rows, those of the preview first, checked and copied into the stage; without a
 * database they are only checked. */
enum mqt_err mqt_load_stage_rows(struct mqt_load *load, struct mqt_reader *reader, const struct mqt_preview *preview,
                                 struct mqt_detail *detail) MQT_MUST_USE;

/* load_publish.c: the staged rows into the kind's table. Many rows into a table that has few go the
 * bulk way: indexes after the rows, see schema/deploy/bulk.sql. */
enum mqt_err mqt_load_create_stage(struct mqt_load *load, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_load_publish_difference(struct mqt_load *load, struct mqt_detail *detail) MQT_MUST_USE;
/* Repairs staged shapes to this dimension (-1: any) and rejects what cannot be. */
enum mqt_err mqt_load_repair_shapes(struct mqt_load *load, int dimension, struct mqt_detail *detail) MQT_MUST_USE;

/* load_recognise.c: what the file is, from its first rows; no database. NULL: there is no such kind. */
const struct mqt_load_kind *mqt_load_find_kind(const char *name);
enum mqt_err mqt_load_recognise(struct mqt_load *load, struct mqt_reader **reader, struct mqt_preview *preview,
                                struct mqt_detail *detail) MQT_MUST_USE;

/* load_statement.c: the load's transaction and its statements. affected may be NULL. */
enum mqt_err mqt_load_statement(struct mqt_load *load, const char *sql, size_t param_count, const char *const *params,
                                uint64_t *affected, struct mqt_detail *detail) MQT_MUST_USE;
/* The first value of the result, "" when there is none; a count. */
enum mqt_err mqt_load_value(struct mqt_load *load, const char *sql, size_t param_count, const char *const *params,
                            char *value, size_t size, struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_load_count(struct mqt_load *load, const char *sql, uint64_t *count,
                            struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_load_open_transaction(struct mqt_load *load, struct mqt_detail *detail) MQT_MUST_USE;
/* Waits, and says so, while another load writes the same rows. */
enum mqt_err mqt_load_lock(struct mqt_load *load, struct mqt_detail *detail) MQT_MUST_USE;
/* MQT_ERR_BUSY with a sentence when the statement that failed last had waited in vain. */
enum mqt_err mqt_load_explain_wait(struct mqt_load *load, enum mqt_err err, struct mqt_detail *detail) MQT_MUST_USE;

/* load_note.c: a note for the operator that is kept with the run; the warnings as such notes, and by
 * their codes as {"place-in-dms": 3}. */
void mqt_load_note(struct mqt_load *load, const char *format, ...) MQT_PRINTF(2, 3);
void mqt_load_tell_warnings(struct mqt_load *load);
const char *mqt_load_warnings_json(struct mqt_load *load);

/* load_review.c: rows kept back for a person to decide. */
/* Undecided ones of this source from earlier runs: this run finds them again. */
enum mqt_err mqt_load_forget_reviews(struct mqt_load *load, struct mqt_detail *detail) MQT_MUST_USE;
/* Moves staged places that lie in no grid into the queue, with the nearest grids and how far they are.
 * Without grids, or when the operator says so, there is nothing to be outside of. */
enum mqt_err mqt_load_review_places(struct mqt_load *load, struct mqt_detail *detail) MQT_MUST_USE;

#endif
