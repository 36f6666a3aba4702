/* Which columns of the catalogue's layers a style document draws with: those that an expression of a
 * filter, a paint or a layout property reads with "get" or "has".
 *
 * Immutable; any thread. Everything is copied.
 */
#ifndef MQT_STYLE_COLUMNS_H
#define MQT_STYLE_COLUMNS_H

#include "../schema/catalog.h"

#include <jansson.h>

struct mqt_style_columns;

/* document: a parsed style. */
enum mqt_err mqt_style_columns_new(json_t *document, const struct mqt_catalog *catalog,
                                   struct mqt_style_columns **columns) MQT_MUST_USE;
void mqt_style_columns_free(struct mqt_style_columns *columns); /* NULL is allowed */

/* The layer's columns by index, in ascending order; none for a layer that is not known. */
const size_t *mqt_style_columns_of(const struct mqt_style_columns *columns, const char *layer, size_t *count);

#endif
