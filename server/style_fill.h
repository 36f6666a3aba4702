/* Style layers for catalogue layers that a style file does not draw. Pure; any thread. */
#ifndef MQT_STYLE_FILL_H
#define MQT_STYLE_FILL_H

#include "../schema/catalog.h"

#include <jansson.h>

/* Adds to document, a parsed style document whose vector source is named source. */
enum mqt_err mqt_style_fill(json_t *document, const char *source, const struct mqt_catalog *catalog) MQT_MUST_USE;

#endif
