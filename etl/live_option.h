/* The command line of `mqt-etl sample --live`. Pure; texts are borrowed from argv. */
#ifndef MQT_LIVE_OPTION_H
#define MQT_LIVE_OPTION_H

#include "../tiles/err.h"

#include <stdbool.h>
#include <stdint.h>

struct mqt_live_options {
    double per_hour; /* tickets, the mean over a week */
    double pace;     /* times as fast as in life do tickets move on; 0: to suit the rate */
    uint64_t seed;
    bool seeded; /* a seed was given */
    bool steady; /* as many at night as in the morning */
    bool quiet;
    bool help;
};

/* "60" and "60/h" an hour, "2/min", "0.5/s"; more than 0, at most 100 a second. */
enum mqt_err mqt_live_parse_rate(const char *text, double *per_hour) MQT_MUST_USE;

bool mqt_live_wanted(int argc, char **argv);

/* argv[0] is "sample". MQT_ERR_PARAM with a sentence. */
enum mqt_err mqt_live_parse(int argc, char **argv, struct mqt_live_options *options,
                            struct mqt_detail *detail) MQT_MUST_USE;

#endif
