#include "report.h"

#include "wire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR_CELLS = 30, REDRAW_MS = 100 };

bool mqt_counts_balance(const struct mqt_counts *counts)
{
    return counts->read == counts->inserted + counts->updated + counts->unchanged + counts->merged +
                               counts->quarantined + counts->skipped + counts->rejected;
}

void mqt_report_init(struct mqt_report *report)
{
    report->terminal = isatty(STDERR_FILENO) == 1;
    report->quiet = false;
    report->step = NULL;
    report->drawn_at_ms = 0;
}

void mqt_report_step(struct mqt_report *report, const char *step)
{
    report->step = step;
    report->drawn_at_ms = 0;
    if (!report->terminal && !report->quiet) {
        fprintf(stderr, "%s\n", step);
    }
}

void mqt_report_progress(struct mqt_report *report, uint64_t done, uint64_t total)
{
    int64_t now = report->terminal ? mqt_wire_now_ms() : 0;
    int filled;

    if (!report->terminal || report->quiet || report->step == NULL || now - report->drawn_at_ms < REDRAW_MS) {
        return;
    }
    report->drawn_at_ms = now;
    if (total == 0) {
        fprintf(stderr, "\r\033[K%s: %" PRIu64 " rows", report->step, done);
        return;
    }
    filled = done >= total ? BAR_CELLS : (int)(done * BAR_CELLS / total);
    fprintf(stderr, "\r\033[K%s [%.*s%*s] %" PRIu64 "/%" PRIu64, report->step, filled, "##############################",
            BAR_CELLS - filled, "", done, total);
}

void mqt_report_clear_bar(const struct mqt_report *report)
{
    if (report->terminal && report->drawn_at_ms != 0) {
        fputs("\r\033[K", stderr);
    }
}

void mqt_report_end_step(struct mqt_report *report)
{
    mqt_report_clear_bar(report);
    report->step = NULL;
}

void mqt_report_note(struct mqt_report *report, const char *format, ...)
{
    va_list arguments;

    if (report->quiet) {
        return;
    }
    mqt_report_clear_bar(report);
    va_start(arguments, format);
    fputs("  ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void mqt_report_counts(const struct mqt_counts *counts, int64_t run, const char *kind)
{
    const struct {
        const char *title;
        uint64_t count;
    } lines[] = {{"inserted", counts->inserted},
                 {"updated", counts->updated},
                 {"unchanged", counts->unchanged},
                 {"merged (the same row twice)", counts->merged},
                 {"quarantined for review", counts->quarantined},
                 {"skipped (titles, totals)", counts->skipped},
                 {"rejected", counts->rejected}};

    printf("%10" PRIu64 " rows read\n", counts->read);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        printf("%10" PRIu64 " %s\n", lines[i].count, lines[i].title);
    }
    printf("run=%" PRId64 " kind=%s read=%" PRIu64 " inserted=%" PRIu64 " updated=%" PRIu64 " unchanged=%" PRIu64
           " merged=%" PRIu64 " quarantined=%" PRIu64 " skipped=%" PRIu64 " rejected=%" PRIu64 "\n",
           run, kind, counts->read, counts->inserted, counts->updated, counts->unchanged, counts->merged,
           counts->quarantined, counts->skipped, counts->rejected);
    fflush(stdout);
}

void mqt_report_check(const struct mqt_counts *counts, const char *kind)
{
    uint64_t usable = counts->read - counts->skipped - counts->rejected;

    printf("%10" PRIu64 " rows read\n%10" PRIu64 " can be loaded\n%10" PRIu64
           " would be skipped (titles, totals)\n%10" PRIu64 " would be rejected\n",
           counts->read, usable, counts->skipped, counts->rejected);
    printf("check kind=%s read=%" PRIu64 " usable=%" PRIu64 " skipped=%" PRIu64 " rejected=%" PRIu64 "\n", kind,
           counts->read, usable, counts->skipped, counts->rejected);
    fflush(stdout);
}
