#include "truth.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_MAX_BYTES = 512 << 20 };

enum mqt_err mqt_truth_init(struct mqt_truth *truth)
{
    truth->files = json_object();
    mqt_buf_init(&truth->rows, ROWS_MAX_BYTES);
    mqt_buf_add_str(&truth->rows, "file,row,dirt,outcome,code\r\n");
    return truth->files ? mqt_buf_err(&truth->rows) : MQT_ERR_MEMORY;
}

void mqt_truth_clear(struct mqt_truth *truth)
{
    json_decref(truth->files);
    truth->files = NULL;
    mqt_buf_clear(&truth->rows);
}

struct mqt_account mqt_account_open(struct mqt_truth *truth, const char *file)
{
    struct mqt_account account = {.truth = truth};
    (void)snprintf(account.file, sizeof account.file, "%s%s", truth->folder, file);
    return account;
}

void mqt_account_row(struct mqt_account *account, uint64_t row, enum mqt_dirt dirt)
{
    const struct mqt_dirt_kind *kind = mqt_dirt_at(dirt);
    ++account->read;
    ++account->outcomes[kind->outcome];
    ++account->dirt[dirt];
    if (dirt != MQT_DIRT_NONE) {
        mqt_buf_printf(&account->truth->rows, "%s,%" PRIu64 ",%s,%s,%s\r\n", account->file, row, kind->id,
                       mqt_outcome_name(kind->outcome), kind->code ? kind->code : "");
    }
}

void mqt_account_clean(struct mqt_account *account, uint64_t rows)
{
    account->read += rows;
    account->outcomes[MQT_OUTCOME_INSERTED] += rows;
}

static void put_count(json_t *counts, const char *key, uint64_t count)
{
    json_int_t so_far = json_integer_value(json_object_get(counts, key));
    (void)json_object_set_new(counts, key, json_integer(so_far + (json_int_t)count));
}

void mqt_truth_count(json_t *counts, const char *key)
{
    put_count(counts, key, 1);
}

void mqt_account_close(struct mqt_account *account, json_t *facts)
{
    json_t *dirt = json_object(), *accounting = json_object(), *warnings = json_object();
    for (int i = MQT_DIRT_NONE + 1; i < MQT_DIRT_COUNT; ++i) {
        const struct mqt_dirt_kind *kind = mqt_dirt_at((enum mqt_dirt)i);
        if (account->dirt[i] > 0) {
            put_count(dirt, kind->id, account->dirt[i]);
            if (kind->warning) {
                put_count(warnings, kind->warning, account->dirt[i]);
            }
        }
    }
    put_count(accounting, "read", account->read);
    for (int i = 0; i < MQT_OUTCOME_COUNT; ++i) {
        put_count(accounting, mqt_outcome_name((enum mqt_outcome)i), account->outcomes[i]);
    }
    if (!facts) {
        facts = json_object();
    }
    (void)json_object_set_new(facts, "dirt", dirt);
    (void)json_object_set_new(facts, "accounting", accounting);
    (void)json_object_set_new(facts, "warnings", warnings);
    (void)json_object_set_new(account->truth->files, account->file, facts);
}
