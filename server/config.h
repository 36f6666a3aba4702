/* What the operator decides: command line and environment of mqt-server.
 *
 * A command-line option wins over its environment variable, which wins over the default. Strings are
 * borrowed from argv and the environment and must outlive the config. Pure: the environment is
 * asked through a function, so tests need no real one. MQT_ERR_PARAM names the option or variable.
 */
#ifndef MQT_CONFIG_H
#define MQT_CONFIG_H

#include "log.h"

#include <stdint.h>

struct mqt_config {
    bool help, version; /* asked for: print and exit 0, nothing else was looked at */
    uint16_t port;      /* 0: any free one */
    const char *listen; /* IPv4 or IPv6 address, default 127.0.0.1 */
    const char *web_dir, *styles_dir, *run_dir;
    const char *database_url; /* "": libpq's own environment */
    const char *view_token;   /* NULL: reading is open */
    int max_connections;      /* HTTP connections admitted at once */
    int max_streams;          /* of them, server-sent event streams */
    int threads;              /* event loops */
    size_t cache_bytes;       /* rendered tiles */
    size_t memory_bytes;      /* ceiling of one layer in memory */
    int heat_least_tickets;   /* below z16 of no effect; see server/README.md */
    enum mqt_log_level log_level;
};

typedef const char *(*mqt_config_env_fn)(const char *name);

/* argv as main gets it; env is normally getenv behind a const result. */
enum mqt_err mqt_config_read(int argc, char *const *argv, mqt_config_env_fn env, struct mqt_config *config,
                             struct mqt_detail *detail) MQT_MUST_USE;

/* The text of --help. */
const char *mqt_config_help(void);

#endif
