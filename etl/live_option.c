#include "live_option.h"

#include "random.h"

#include <math.h>
#include <string.h>

static const double MAX_PER_HOUR = 100 * 3600;
static const double MAX_PACE = 1e6;

/* strtod would also take "inf", "0x1p3" and a locale's comma. */
static bool take_decimal(const char *text, double *value, const char **rest)
{
    double number = 0;
    double unit = 1;
    bool fraction = false;
    size_t digits = 0;
    for (; (*text >= '0' && *text <= '9') || (*text == '.' && !fraction); ++text) {
        if (*text == '.') {
            fraction = true;
            continue;
        }
        number = number * 10 + (*text - '0');
        unit *= fraction ? 10 : 1;
        if (++digits > 15) {
            return false;
        }
    }
    *value = number / unit;
    *rest = text;
    return digits > 0;
}

enum mqt_err mqt_live_parse_rate(const char *text, double *per_hour)
{
    static const struct {
        const char *name;
        double per_hour;
    } units[] = {{"", 1},      {"/h", 1},      {"/hour", 1},      {"/min", 60},     {"/m", 60},        {"/minute", 60},
                 {"/s", 3600}, {"/sec", 3600}, {"/second", 3600}, {"/d", 1.0 / 24}, {"/day", 1.0 / 24}};
    double number;
    const char *unit;
    if (!take_decimal(text, &number, &unit)) {
        return MQT_ERR_PARAM;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; ++i) {
        double rate = number * units[i].per_hour;
        if (strcmp(unit, units[i].name) == 0 && rate > 0 && rate <= MAX_PER_HOUR) {
            *per_hour = rate;
            return MQT_OK;
        }
    }
    return MQT_ERR_PARAM;
}

bool mqt_live_wanted(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--live") == 0) {
            return true;
        }
    }
    return false;
}

static enum mqt_err take_value(struct mqt_live_options *options, const char *name, const char *value,
                               struct mqt_detail *detail)
{
    if (strcmp(name, "--live") == 0) {
        return mqt_live_parse_rate(value, &options->per_hour) == MQT_OK
                   ? MQT_OK
                   : mqt_fail_field(detail, MQT_ERR_PARAM, "live",
                                    "--live must be a rate such as 60, 60/h, 2/min or 1/s, at most 100/s, not %s",
                                    value);
    }
    if (strcmp(name, "--seed") == 0) {
        options->seeded = true;
        return mqt_random_parse_seed(value, &options->seed)
                   ? MQT_OK
                   : mqt_fail_field(detail, MQT_ERR_PARAM, "seed", "--seed must be a whole number from 0, not %s",
                                    value);
    }
    if (strcmp(name, "--pace") == 0) {
        const char *rest;
        double pace;
        if (!take_decimal(value, &pace, &rest) || *rest != '\0' || pace <= 0 || pace > MAX_PACE) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, "pace", "--pace must be a number up to %.0f, not %s", MAX_PACE,
                                  value);
        }
        options->pace = pace;
        return MQT_OK;
    }
    return mqt_fail_field(detail, MQT_ERR_PARAM, "option", "%s is not an option of sample --live", name);
}

static bool take_flag(struct mqt_live_options *options, const char *name)
{
    if (strcmp(name, "--steady") == 0) {
        options->steady = true;
    } else if (strcmp(name, "--quiet") == 0) {
        options->quiet = true;
    } else if (strcmp(name, "--help") == 0) {
        options->help = true;
    } else {
        return false;
    }
    return true;
}

enum mqt_err mqt_live_parse(int argc, char **argv, struct mqt_live_options *options, struct mqt_detail *detail)
{
    struct mqt_live_options parsed = {.seed = 1};
    for (int i = 1; i < argc; ++i) {
        if (take_flag(&parsed, argv[i])) {
            continue;
        }
        if (i + 1 == argc) {
            return mqt_fail_field(detail, MQT_ERR_PARAM, "option", "%s needs a value, or is not an option", argv[i]);
        }
        enum mqt_err err = take_value(&parsed, argv[i], argv[i + 1], detail);
        if (err != MQT_OK) {
            return err;
        }
        ++i;
    }
    *options = parsed;
    return MQT_OK;
}
