/* The tree behind expr.h, shared by its parser and its evaluation. Immutable once parsed. */
#ifndef MQT_EXPR_TREE_H
#define MQT_EXPR_TREE_H

#include "expr.h"

enum mqt_expr_op {
    OP_LITERAL,
    OP_ZOOM,
    OP_GET,
    OP_HAS,
    OP_COALESCE,
    OP_CONCAT,
    OP_TO_STRING,
    OP_TO_NUMBER,
    OP_MATCH,
    OP_CASE,
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_MORE,
    OP_MORE_EQUAL,
    OP_ALL,
    OP_ANY,
    OP_NOT,
    OP_IN,
    OP_STEP,
    OP_INTERPOLATE,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_MIN,
    OP_MAX,
    OP_LENGTH,
    OP_INDEX_OF,
    OP_SLICE
};

struct mqt_expr_value {
    enum mqt_kind kind; /* MQT_KIND_ANY: null */
    union {
        bool boolean;
        double number;
        struct {
            const char *bytes;
            size_t len;
        } text;
        struct mqt_colour colour;
    };
};

struct mqt_expr {
    enum mqt_expr_op op;
    enum mqt_kind wanted;
    bool varies;
    size_t arg_count;
    const struct mqt_expr **args;
    struct mqt_expr_value literal; /* OP_LITERAL */
    size_t name;                   /* OP_GET, OP_HAS: place in the list of names */
    size_t label_count;            /* OP_MATCH, OP_IN */
    struct mqt_expr_value *labels; /* OP_MATCH, OP_IN */
    size_t *label_args;            /* OP_MATCH: which argument a label leads to */
    double *stops;                 /* OP_STEP: arg_count - 2, OP_INTERPOLATE: arg_count - 1 */
    double base;                   /* OP_INTERPOLATE: 1 is linear */
};

#endif
