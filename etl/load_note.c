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

void mqt_load_tell_warnings(struct mqt_load *load)
{
    if (load->doubtful_codes > 0) {
        mqt_load_note(load, "%" PRIu64 " credit codes fail their check; they are kept", load->doubtful_codes);
    }
    if (load->unknown_values > 0) {
        mqt_load_note(load, "%" PRIu64 " states, channels or levels of urgency are not known words",
                      load->unknown_values);
    }
    if (load->impossible_closings > 0) {
        mqt_load_note(load,
                      "%" PRIu64 " tickets were closed before they were reported; their closing time is left empty",
                      load->impossible_closings);
    }
}
