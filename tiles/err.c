#include "err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

const char *mqt_err_name(enum mqt_err err)
{
    static const char *const names[MQT_ERR_COUNT] = {
        [MQT_OK] = "ok",
        [MQT_ERR_PARAM] = "param",
        [MQT_ERR_NOT_FOUND] = "not-found",
        [MQT_ERR_FORMAT] = "format",
        [MQT_ERR_GEOMETRY] = "geometry",
        [MQT_ERR_LIMIT] = "limit",
        [MQT_ERR_MEMORY] = "memory",
        [MQT_ERR_BUSY] = "busy",
        [MQT_ERR_TIMEOUT] = "timeout",
        [MQT_ERR_UNAVAILABLE] = "unavailable",
        [MQT_ERR_DB] = "database",
        [MQT_ERR_IO] = "io",
        [MQT_ERR_DENIED] = "denied",
    };
    assert(err >= MQT_OK && err < MQT_ERR_COUNT);
    return names[err];
}

static void write_detail(struct mqt_detail *detail, const char *field, const char *format, va_list args)
{
    if (!detail) {
        return;
    }
    /* Composed apart, because an argument may point into the detail that is being replaced. */
    struct mqt_detail fresh = {0};
    (void)vsnprintf(fresh.text, sizeof fresh.text, format, args);
    (void)snprintf(fresh.field, sizeof fresh.field, "%s", field);
    *detail = fresh;
}

enum mqt_err mqt_fail(struct mqt_detail *detail, enum mqt_err err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_detail(detail, "", format, args);
    va_end(args);
    return err;
}

enum mqt_err mqt_fail_field(struct mqt_detail *detail, enum mqt_err err, const char *field, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_detail(detail, field, format, args);
    va_end(args);
    return err;
}
