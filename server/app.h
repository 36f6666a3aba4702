/* What every answer may use: the parts of the running server, put together by main.
 *
 * Borrowed from main, which outlives every request. All parts may be used by any thread.
 */
#ifndef MQT_APP_H
#define MQT_APP_H

#include "../schema/db.h"
#include "../tiles/text.h"
#include "cache.h"
#include "config.h"
#include "live.h"
#include "registry.h"

struct mqt_styles;
struct mqt_metrics;

struct mqt_app {
    const struct mqt_config *config;
    const struct mqt_log *log;
    struct mqt_registry *registry;
    struct mqt_live *live;
    struct mqt_cache *cache;
    struct mqt_db_pool *pool; /* for features; the live thread has its own connection */
    struct mqt_styles *styles;
    struct mqt_fonts *fonts; /* NULL: raster tiles have no labels */
    struct mqt_metrics *metrics;
};

#endif
