/* What is in the sample's files and what a loader that is right makes of it: truth.json and truth.rows.csv.
 *
 * An account follows one file row by row, with the row numbers that a spreadsheet shows; each dirty row
 * gets a line of truth.rows.csv (file, row, dirt, outcome, code). Memory belongs to the truth. One thread.
 */
#ifndef MQT_TRUTH_H
#define MQT_TRUTH_H

#include "dirt.h"

#include "../tiles/buf.h"

#include <jansson.h>

struct mqt_truth {
    json_t *files; /* by name */
    struct mqt_buf rows;
    char folder[64]; /* "" or a folder's name with a "/": where the files lie that are opened next */
};

enum mqt_err mqt_truth_init(struct mqt_truth *truth) MQT_MUST_USE;
void mqt_truth_clear(struct mqt_truth *truth);

/* One more of what the key names. */
void mqt_truth_count(json_t *counts, const char *key);

struct mqt_account {
    struct mqt_truth *truth;
    char file[256]; /* with its folder */
    uint64_t read;
    uint64_t outcomes[MQT_OUTCOME_COUNT];
    uint64_t dirt[MQT_DIRT_COUNT];
};

/* file: its name in the folder that the truth is at. */
struct mqt_account mqt_account_open(struct mqt_truth *truth, const char *file);
void mqt_account_row(struct mqt_account *account, uint64_t row, enum mqt_dirt dirt);
/* Rows without dirt, all loaded. */
void mqt_account_clean(struct mqt_account *account, uint64_t rows);
/* Puts the account into facts and facts, which is taken over and may be NULL, under the file's name. */
void mqt_account_close(struct mqt_account *account, json_t *facts);

#endif
