#include "expr_tree.h"

#include <string.h>

enum { MAX_ITEMS = 1024 };

static enum mqt_err fail(const struct mqt_expr_parser *parser, const char *what, const char *word)
{
    return mqt_fail_field(parser->detail, MQT_ERR_FORMAT, parser->property, "style layer \"%.60s\", %s: %s%s%.60s%s",
                          parser->layer_id, parser->property, what, word ? " \"" : "", word ? word : "",
                          word ? "\"" : "");
}

static enum mqt_err out_of_memory(const struct mqt_expr_parser *parser)
{
    return mqt_fail_field(parser->detail, MQT_ERR_LIMIT, parser->property,
                          "style layer \"%.60s\": the style is too large", parser->layer_id);
}

static enum mqt_err parse(struct mqt_expr_parser *parser, json_t *json, enum mqt_kind wanted, int depth,
                          const struct mqt_expr **expr);

static bool literal_value(json_t *json, struct mqt_expr_value *value)
{
    if (json_is_string(json)) {
        *value =
            (struct mqt_expr_value){.kind = MQT_KIND_TEXT, .text = {json_string_value(json), json_string_length(json)}};
    } else if (json_is_number(json)) {
        *value = (struct mqt_expr_value){.kind = MQT_KIND_NUMBER, .number = json_number_value(json)};
    } else if (json_is_boolean(json)) {
        *value = (struct mqt_expr_value){.kind = MQT_KIND_BOOL, .boolean = json_is_true(json)};
    } else if (json_is_null(json)) {
        *value = (struct mqt_expr_value){.kind = MQT_KIND_ANY};
    } else {
        return false;
    }
    return true;
}

/* The document is freed after parsing, so texts are copied. */
static enum mqt_err keep_literal(struct mqt_expr_parser *parser, struct mqt_expr_value *value)
{
    if (value->kind == MQT_KIND_TEXT) {
        value->text.bytes = mqt_arena_copy(parser->arena, value->text.bytes, value->text.len);
        if (!value->text.bytes) {
            return out_of_memory(parser);
        }
    }
    return MQT_OK;
}

static enum mqt_err parse_literal(struct mqt_expr_parser *parser, json_t *json, struct mqt_expr *expr)
{
    struct mqt_expr_value value;
    if (!literal_value(json, &value)) {
        return fail(parser, "a value may not be an object", NULL);
    }
    enum mqt_kind wanted = expr->wanted;
    if (wanted == MQT_KIND_COLOUR && value.kind == MQT_KIND_TEXT) {
        struct mqt_expr_value colour = {.kind = MQT_KIND_COLOUR};
        if (!mqt_colour_parse(value.text.bytes, value.text.len, &colour.colour)) {
            return fail(parser, "not a colour:", value.text.bytes);
        }
        value = colour;
    }
    bool turns_to_text = wanted == MQT_KIND_TEXT && value.kind == MQT_KIND_NUMBER;
    if (wanted != MQT_KIND_ANY && value.kind != MQT_KIND_ANY && value.kind != wanted && !turns_to_text) {
        static const char *const kinds[] = {"a value", "true or false", "a number", "a text", "a colour"};
        return fail(parser, "must be", kinds[wanted]);
    }
    expr->op = OP_LITERAL;
    expr->literal = value;
    return keep_literal(parser, &expr->literal);
}

static enum mqt_err add_name(struct mqt_expr_parser *parser, json_t *json, size_t *place)
{
    const char *name = json_string_value(json);
    if (!name) {
        return fail(parser, "a column's name must be a text", NULL);
    }
    struct mqt_expr_names *names = parser->names;
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0) {
            *place = i;
            return MQT_OK;
        }
    }
    if (names->count == names->capacity) {
        size_t capacity = names->capacity ? 2 * names->capacity : 16;
        const char **items = mqt_arena_calloc(parser->arena, capacity, sizeof *items);
        if (!items) {
            return out_of_memory(parser);
        }
        if (names->count > 0) {
            memcpy(items, names->items, names->count * sizeof *items);
        }
        names->items = items;
        names->capacity = capacity;
    }
    const char *copy = mqt_arena_copy(parser->arena, name, strlen(name));
    if (!copy) {
        return out_of_memory(parser);
    }
    names->items[names->count] = copy;
    *place = names->count++;
    return MQT_OK;
}

static enum mqt_err parse_one(struct mqt_expr_parser *parser, json_t *json, enum mqt_kind wanted, int depth,
                              struct mqt_expr *expr)
{
    enum mqt_err err = parse(parser, json, wanted, depth + 1, &expr->args[expr->arg_count]);
    if (!err) {
        expr->varies = expr->varies || expr->args[expr->arg_count]->varies;
        expr->arg_count++;
    }
    return err;
}

/* A label of match, or an array of labels; all lead to the argument arg. */
static enum mqt_err parse_labels(struct mqt_expr_parser *parser, json_t *json, size_t arg, struct mqt_expr *expr)
{
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    if (count > MAX_ITEMS) {
        return fail(parser, "too many values", NULL);
    }
    size_t total = expr->label_count + count;
    struct mqt_expr_value *labels = mqt_arena_calloc(parser->arena, total + 1, sizeof *labels);
    size_t *args = mqt_arena_calloc(parser->arena, total + 1, sizeof *args);
    if (!labels || !args) {
        return out_of_memory(parser);
    }
    if (expr->label_count > 0) {
        memcpy(labels, expr->labels, expr->label_count * sizeof *labels);
        memcpy(args, expr->label_args, expr->label_count * sizeof *args);
    }
    for (size_t i = expr->label_count; i < total; i++) {
        json_t *item = json_is_array(json) ? json_array_get(json, i - expr->label_count) : json;
        if (!literal_value(item, &labels[i])) {
            return fail(parser, "only texts, numbers and booleans may be matched", NULL);
        }
        enum mqt_err err = keep_literal(parser, &labels[i]);
        if (err) {
            return err;
        }
        args[i] = arg;
    }
    expr->labels = labels;
    expr->label_args = args;
    expr->label_count = total;
    return MQT_OK;
}

/* ["match", input, label, output, …, otherwise]; args: input, outputs, otherwise. */
static enum mqt_err parse_match(struct mqt_expr_parser *parser, json_t *json, int depth, struct mqt_expr *expr)
{
    size_t size = json_array_size(json);
    if (size < 5 || size % 2 == 0) {
        return fail(parser, "match needs an input, pairs of label and output, and a last output", NULL);
    }
    enum mqt_err err = parse_one(parser, json_array_get(json, 1), MQT_KIND_ANY, depth, expr);
    for (size_t i = 2; !err && i + 1 < size; i += 2) {
        err = parse_labels(parser, json_array_get(json, i), expr->arg_count, expr);
        if (!err) {
            err = parse_one(parser, json_array_get(json, i + 1), expr->wanted, depth, expr);
        }
    }
    return err ? err : parse_one(parser, json_array_get(json, size - 1), expr->wanted, depth, expr);
}

/* ["case", condition, output, …, otherwise]; args in that order. */
static enum mqt_err parse_case(struct mqt_expr_parser *parser, json_t *json, int depth, struct mqt_expr *expr)
{
    size_t size = json_array_size(json);
    if (size < 4 || size % 2 != 0) {
        return fail(parser, "case needs pairs of condition and output, and a last output", NULL);
    }
    enum mqt_err err = MQT_OK;
    for (size_t i = 1; !err && i < size; i++) {
        bool condition = i % 2 == 1 && i + 1 < size;
        err = parse_one(parser, json_array_get(json, i), condition ? MQT_KIND_BOOL : expr->wanted, depth, expr);
    }
    return err;
}

/* Pairs of stop and output from json[from] on; stops must rise. */
static enum mqt_err parse_stops(struct mqt_expr_parser *parser, json_t *json, size_t from, int depth,
                                struct mqt_expr *expr)
{
    size_t size = json_array_size(json), count = 0;
    expr->stops = mqt_arena_calloc(parser->arena, size, sizeof *expr->stops);
    if (!expr->stops) {
        return out_of_memory(parser);
    }
    for (size_t i = from; i + 1 < size; i += 2) {
        json_t *stop = json_array_get(json, i);
        double at = json_number_value(stop);
        if (!json_is_number(stop) || (count > 0 && at <= expr->stops[count - 1])) {
            return fail(parser, "stops must be rising numbers", NULL);
        }
        expr->stops[count++] = at;
        enum mqt_err err = parse_one(parser, json_array_get(json, i + 1), expr->wanted, depth, expr);
        if (err) {
            return err;
        }
    }
    return MQT_OK;
}

/* ["step", input, output, stop, output, …]; args: input, outputs. */
static enum mqt_err parse_step(struct mqt_expr_parser *parser, json_t *json, int depth, struct mqt_expr *expr)
{
    size_t size = json_array_size(json);
    if (size < 3 || size % 2 == 0) {
        return fail(parser, "step needs an input, an output, and pairs of stop and output", NULL);
    }
    enum mqt_err err = parse_one(parser, json_array_get(json, 1), MQT_KIND_NUMBER, depth, expr);
    if (!err) {
        err = parse_one(parser, json_array_get(json, 2), expr->wanted, depth, expr);
    }
    return err ? err : parse_stops(parser, json, 3, depth, expr);
}

/* ["interpolate", ["linear"] or ["exponential", base], input, stop, output, …]; args: input, outputs. */
static enum mqt_err parse_interpolate(struct mqt_expr_parser *parser, json_t *json, int depth, struct mqt_expr *expr)
{
    size_t size = json_array_size(json);
    json_t *curve = json_array_get(json, 1);
    const char *name = json_string_value(json_array_get(curve, 0));
    if (size < 5 || size % 2 == 0 || !name) {
        return fail(parser, "interpolate needs a curve, an input, and pairs of stop and output", NULL);
    }
    if (expr->wanted != MQT_KIND_NUMBER && expr->wanted != MQT_KIND_COLOUR) {
        return fail(parser, "only numbers and colours can be interpolated", NULL);
    }
    json_t *base = json_array_get(curve, 1);
    expr->base = 1;
    if (strcmp(name, "exponential") == 0 && json_is_number(base) && json_number_value(base) > 0) {
        expr->base = json_number_value(base);
    } else if (strcmp(name, "linear") != 0) {
        return fail(parser, "unknown curve", name);
    }
    enum mqt_err err = parse_one(parser, json_array_get(json, 2), MQT_KIND_NUMBER, depth, expr);
    return err ? err : parse_stops(parser, json, 3, depth, expr);
}

/* ["in", needle, ["literal", […]]] */
static enum mqt_err parse_in(struct mqt_expr_parser *parser, json_t *json, int depth, struct mqt_expr *expr)
{
    json_t *list = json_array_get(json, 2);
    const char *word = json_string_value(json_array_get(list, 0));
    if (!word || strcmp(word, "literal") != 0 || !json_is_array(json_array_get(list, 1))) {
        return fail(parser, "in needs a value and a literal array", NULL);
    }
    enum mqt_err err = parse_one(parser, json_array_get(json, 1), MQT_KIND_ANY, depth, expr);
    return err ? err : parse_labels(parser, json_array_get(list, 1), 0, expr);
}

/* How operators look and what they take; those with their own shape have an entry in parse_call. */
static const struct operator_rule {
    const char *name;
    enum mqt_expr_op op;
    size_t least, most;  /* arguments */
    enum mqt_kind takes; /* MQT_KIND_ANY: anything */
    enum mqt_kind gives; /* MQT_KIND_ANY: whatever is wanted */
} rules[] = {
    {"zoom", OP_ZOOM, 0, 0, MQT_KIND_ANY, MQT_KIND_NUMBER},
    {"get", OP_GET, 1, 1, MQT_KIND_ANY, MQT_KIND_ANY},
    {"has", OP_HAS, 1, 1, MQT_KIND_ANY, MQT_KIND_BOOL},
    {"literal", OP_LITERAL, 1, 1, MQT_KIND_ANY, MQT_KIND_ANY},
    {"coalesce", OP_COALESCE, 1, MAX_ITEMS, MQT_KIND_ANY, MQT_KIND_ANY},
    {"concat", OP_CONCAT, 1, 16, MQT_KIND_TEXT, MQT_KIND_TEXT},
    {"to-string", OP_TO_STRING, 1, 1, MQT_KIND_ANY, MQT_KIND_TEXT},
    {"to-number", OP_TO_NUMBER, 1, MAX_ITEMS, MQT_KIND_ANY, MQT_KIND_NUMBER},
    {"match", OP_MATCH, 4, MAX_ITEMS, MQT_KIND_ANY, MQT_KIND_ANY},
    {"case", OP_CASE, 3, MAX_ITEMS, MQT_KIND_ANY, MQT_KIND_ANY},
    {"==", OP_EQUAL, 2, 2, MQT_KIND_ANY, MQT_KIND_BOOL},
    {"!=", OP_NOT_EQUAL, 2, 2, MQT_KIND_ANY, MQT_KIND_BOOL},
    {"<", OP_LESS, 2, 2, MQT_KIND_ANY, MQT_KIND_BOOL},
    {"<=", OP_LESS_EQUAL, 2, 2, MQT_KIND_ANY, MQT_KIND_BOOL},
    {">", OP_MORE, 2, 2, MQT_KIND_ANY, MQT_KIND_BOOL},
    {">=", OP_MORE_EQUAL, 2, 2, MQT_KIND_ANY, MQT_KIND_BOOL},
    {"all", OP_ALL, 0, MAX_ITEMS, MQT_KIND_BOOL, MQT_KIND_BOOL},
    {"any", OP_ANY, 0, MAX_ITEMS, MQT_KIND_BOOL, MQT_KIND_BOOL},
    {"!", OP_NOT, 1, 1, MQT_KIND_BOOL, MQT_KIND_BOOL},
    {"in", OP_IN, 2, 2, MQT_KIND_ANY, MQT_KIND_BOOL},
    {"step", OP_STEP, 2, MAX_ITEMS, MQT_KIND_ANY, MQT_KIND_ANY},
    {"interpolate", OP_INTERPOLATE, 4, MAX_ITEMS, MQT_KIND_ANY, MQT_KIND_ANY},
    {"+", OP_ADD, 1, MAX_ITEMS, MQT_KIND_NUMBER, MQT_KIND_NUMBER},
    {"-", OP_SUBTRACT, 1, 2, MQT_KIND_NUMBER, MQT_KIND_NUMBER},
    {"*", OP_MULTIPLY, 1, MAX_ITEMS, MQT_KIND_NUMBER, MQT_KIND_NUMBER},
    {"/", OP_DIVIDE, 2, 2, MQT_KIND_NUMBER, MQT_KIND_NUMBER},
    {"min", OP_MIN, 1, MAX_ITEMS, MQT_KIND_NUMBER, MQT_KIND_NUMBER},
    {"max", OP_MAX, 1, MAX_ITEMS, MQT_KIND_NUMBER, MQT_KIND_NUMBER},
    {"length", OP_LENGTH, 1, 1, MQT_KIND_TEXT, MQT_KIND_NUMBER},
    {"index-of", OP_INDEX_OF, 2, 2, MQT_KIND_TEXT, MQT_KIND_NUMBER},
    {"slice", OP_SLICE, 2, 3, MQT_KIND_ANY, MQT_KIND_TEXT},
};

static const struct operator_rule *find_rule(const char *name)
{
    for (size_t i = 0; name && i < sizeof rules / sizeof rules[0]; i++) {
        if (strcmp(rules[i].name, name) == 0) {
            return &rules[i];
        }
    }
    return NULL;
}

static enum mqt_err parse_call(struct mqt_expr_parser *parser, json_t *json, int depth, struct mqt_expr *expr)
{
    const char *name = json_string_value(json_array_get(json, 0));
    const struct operator_rule *rule = find_rule(name);
    if (!rule) {
        return fail(parser, "unknown expression", name ? name : "without a name");
    }
    size_t count = json_array_size(json) - 1;
    if (count < rule->least || count > rule->most) {
        return fail(parser, "wrong number of arguments for", name);
    }
    bool fits = rule->gives == MQT_KIND_ANY || expr->wanted == MQT_KIND_ANY || rule->gives == expr->wanted ||
                (expr->wanted == MQT_KIND_TEXT && rule->gives == MQT_KIND_NUMBER) ||
                (expr->wanted == MQT_KIND_COLOUR && rule->gives == MQT_KIND_TEXT);
    if (!fits) {
        return fail(parser, "gives another kind of value than is wanted here:", name);
    }
    expr->op = rule->op;
    expr->args = mqt_arena_calloc(parser->arena, count + 1, sizeof *expr->args);
    if (!expr->args) {
        return out_of_memory(parser);
    }
    json_t *first = json_array_get(json, 1);
    switch (rule->op) {
    case OP_LITERAL:
        return parse_literal(parser, first, expr);
    case OP_GET:
    case OP_HAS:
        expr->varies = true;
        return add_name(parser, first, &expr->name);
    case OP_MATCH:
        return parse_match(parser, json, depth, expr);
    case OP_CASE:
        return parse_case(parser, json, depth, expr);
    case OP_IN:
        return parse_in(parser, json, depth, expr);
    case OP_STEP:
        return parse_step(parser, json, depth, expr);
    case OP_INTERPOLATE:
        return parse_interpolate(parser, json, depth, expr);
    default:
        break;
    }
    enum mqt_err err = MQT_OK;
    for (size_t i = 1; !err && i <= count; i++) {
        enum mqt_kind takes = rule->op == OP_COALESCE ? expr->wanted : rule->takes;
        err = parse_one(parser, json_array_get(json, i), takes, depth, expr);
    }
    return err;
}

static enum mqt_err parse(struct mqt_expr_parser *parser, json_t *json, enum mqt_kind wanted, int depth,
                          const struct mqt_expr **expr)
{
    if (depth > MQT_EXPR_MAX_DEPTH) {
        return fail(parser, "nested too deeply", NULL);
    }
    struct mqt_expr *made = mqt_arena_calloc(parser->arena, 1, sizeof *made);
    if (!made) {
        return out_of_memory(parser);
    }
    made->wanted = wanted;
    enum mqt_err err = json_is_array(json) ? parse_call(parser, json, depth, made) : parse_literal(parser, json, made);
    if (!err) {
        *expr = made;
    }
    return err;
}

enum mqt_err mqt_expr_parse(struct mqt_expr_parser *parser, json_t *json, enum mqt_kind wanted,
                            const struct mqt_expr **expr)
{
    return parse(parser, json, wanted, 0, expr);
}
