/* What a run tells the operator: steps on stderr, the accounting on stdout.
 *
 * A progress bar when stderr is a terminal, else one line a step. Never prints values of rows. One
 * thread. The accounting's last line is for machines.
 */
#ifndef MQT_REPORT_H
#define MQT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

struct mqt_counts {
    uint64_t read, inserted, updated, unchanged, merged, quarantined, skipped, rejected;
};

/* True when every row read went exactly one way. */
bool mqt_counts_balance(const struct mqt_counts *counts);

struct mqt_report {
    bool terminal; /* a bar can be drawn */
    bool quiet;
    const char *step;
    int64_t drawn_at_ms;
};

void mqt_report_init(struct mqt_report *report);
/* Announces a step, such as "reading 楼栋.shp". */
void mqt_report_step(struct mqt_report *report, const char *step);
/* total 0: unknown. */
void mqt_report_progress(struct mqt_report *report, uint64_t done, uint64_t total);
/* A fact that the operator should know: what was detected, what was assumed. */
void mqt_report_note(struct mqt_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes the bar off the screen, before something else is printed. */
void mqt_report_clear_bar(const struct mqt_report *report);
void mqt_report_end_step(struct mqt_report *report);

/* What a check found: nothing was written. */
void mqt_report_check(const struct mqt_counts *counts, const char *kind);

/* The accounting block of a run. */
void mqt_report_counts(const struct mqt_counts *counts, int64_t run, const char *kind);

#endif
