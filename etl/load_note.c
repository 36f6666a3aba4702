#include "load_kind.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void mqt_load_note(struct mqt_load *load, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    mqt_report_note(load->report, "%s", line);
    if (load->log.len > 0) {
        mqt_buf_add_str(&load->log, "; ");
    }
    mqt_buf_add_str(&load->log, line);
}

/* By code for machines, in a sentence for the operator. */
static const struct {
    const char *code, *sentence;
} WARNINGS[MQT_WARNING_COUNT] = {
    [MQT_WARNING_CREDIT_CODE] = {"credit-code-check", "credit codes fail their check; they are kept"},
    [MQT_WARNING_UNKNOWN_WORD] = {"word-unknown", "states, channels or levels of urgency are not known words"},
    [MQT_WARNING_CLOSED_BEFORE] = {"closed-before-reported",
                                   "tickets were closed before they were reported; their closing time is left empty"},
    [MQT_WARNING_DMS] = {"place-in-dms", "places are written in degrees, minutes and seconds, and were read as such"},
    [MQT_WARNING_DATE] = {"date-not-readable", "dates of registration are no dates; they are left empty"},
    [MQT_WARNING_UNIT_FILLED] = {"unit-filled", "rows do not say which unit; building and room leave only one"},
    [MQT_WARNING_TWO_DWELLINGS] = {"person-in-two-dwellings",
                                   "persons are in another dwelling as well; both are kept with their dates"},
};

void mqt_load_tell_warnings(struct mqt_load *load)
{
    for (size_t i = 0; i < MQT_WARNING_COUNT; i++) {
        if (load->warnings[i] > 0) {
            mqt_load_note(load, "%" PRIu64 " %s", load->warnings[i], WARNINGS[i].sentence);
        }
    }
}

const char *mqt_load_warnings_json(struct mqt_load *load)
{
    const char *json = "", *whole;

    for (size_t i = 0; i < MQT_WARNING_COUNT && json != NULL; i++) {
        if (load->warnings[i] > 0) {
            json = mqt_arena_printf(&load->arena, "%s%s\"%s\": %" PRIu64, json, json[0] == '\0' ? "" : ", ",
                                    WARNINGS[i].code, load->warnings[i]);
        }
    }
    whole = json == NULL ? NULL : mqt_arena_printf(&load->arena, "{%s}", json);
    return whole == NULL ? "{}" : whole;
}
