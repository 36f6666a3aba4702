/* Expressions of the style language: parsed once from JSON into a tree, evaluated per tile or feature.
 *
 * Trees live in the arena they were parsed into and are immutable, so any thread may evaluate them.
 * Evaluation never fails: what has no value of the wanted kind is null, and the caller's fallback
 * counts. Supported: literals, get has zoom literal coalesce concat to-string to-number match case
 * == != < <= > >= all any ! in step interpolate (linear, exponential) + - * / min max length index-of
 * slice (texts, counted in characters).
 */
#ifndef MQT_EXPR_H
#define MQT_EXPR_H

#include "arena.h"
#include "colour.h"
#include "layer.h"

#include <jansson.h>

#define MQT_EXPR_MAX_DEPTH 32

enum mqt_kind { MQT_KIND_ANY, MQT_KIND_BOOL, MQT_KIND_NUMBER, MQT_KIND_TEXT, MQT_KIND_COLOUR };

#define MQT_EXPR_SIDE (-2) /* in the place of a column: side_px of the context */

struct mqt_expr;

/* Column names that expressions ask for; an expression holds the place in this list. */
struct mqt_expr_names {
    const char **items;
    size_t count, capacity;
};

struct mqt_expr_parser {
    struct mqt_arena *arena;
    struct mqt_expr_names *names;
    struct mqt_detail *detail;
    const char *layer_id, *property; /* for the sentence that explains a failure */
};

/* wanted: the kind that the property takes. */
enum mqt_err mqt_expr_parse(struct mqt_expr_parser *parser, json_t *json, enum mqt_kind wanted,
                            const struct mqt_expr **expr) MQT_MUST_USE;

/* What an expression may look at. */
struct mqt_expr_context {
    double zoom;
    const struct mqt_layer *layer; /* NULL: no feature; get gives null */
    size_t feature;                /* index as in struct mqt_feature */
    const int *columns;            /* per name: column of layer, MQT_EXPR_SIDE, or -1 */
    double side_px;                /* how large the feature looks, see label.h */
    struct mqt_arena *scratch;     /* for texts that are put together; cleared by the caller */
};

/* expr may be NULL: the fallback. */
double mqt_expr_number(const struct mqt_expr *expr, const struct mqt_expr_context *context, double fallback);
bool mqt_expr_bool(const struct mqt_expr *expr, const struct mqt_expr_context *context, bool fallback);
struct mqt_colour mqt_expr_colour(const struct mqt_expr *expr, const struct mqt_expr_context *context,
                                  struct mqt_colour fallback);
/* Text borrowed from the tree, the layer or the scratch arena; len 0 when there is none. */
const char *mqt_expr_text(const struct mqt_expr *expr, const struct mqt_expr_context *context, size_t *len);

/* Whether the value can differ between features of one tile. */
bool mqt_expr_varies(const struct mqt_expr *expr);

#endif
