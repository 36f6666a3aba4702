#include "expr_tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct mqt_expr_value nothing = {.kind = MQT_KIND_ANY};

static struct mqt_expr_value number(double value)
{
    return isfinite(value) ? (struct mqt_expr_value){.kind = MQT_KIND_NUMBER, .number = value} : nothing;
}

static struct mqt_expr_value boolean(bool value)
{
    return (struct mqt_expr_value){.kind = MQT_KIND_BOOL, .boolean = value};
}

static struct mqt_expr_value text(const char *bytes, size_t len)
{
    return (struct mqt_expr_value){.kind = MQT_KIND_TEXT, .text = {bytes, len}};
}

static struct mqt_expr_value eval(const struct mqt_expr *expr, const struct mqt_expr_context *context);

static struct mqt_expr_value get(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    int column = context->layer && context->columns ? context->columns[expr->name] : -1;
    if (column == MQT_EXPR_SIDE) {
        return number(context->side_px);
    }
    if (column < 0) {
        return nothing;
    }
    struct mqt_value value = mqt_layer_value(context->layer, context->feature, (size_t)column);
    if (!value.present) {
        return nothing;
    }
    switch (value.type) {
    case MQT_TYPE_TEXT:
        return text(value.text.bytes, value.text.len);
    case MQT_TYPE_INT:
        return number((double)value.integer);
    case MQT_TYPE_REAL:
        return number(value.real);
    case MQT_TYPE_BOOL:
        return boolean(value.boolean);
    }
    return nothing;
}

static struct mqt_expr_value to_text(struct mqt_expr_value value, const struct mqt_expr_context *context)
{
    switch (value.kind) {
    case MQT_KIND_TEXT:
        return value;
    case MQT_KIND_BOOL:
        return value.boolean ? text("true", 4) : text("false", 5);
    case MQT_KIND_NUMBER: {
        bool whole = value.number == floor(value.number) && fabs(value.number) < 1e15;
        char *made =
            context->scratch ? mqt_arena_printf(context->scratch, whole ? "%.0f" : "%.6g", value.number) : NULL;
        return made ? text(made, strlen(made)) : nothing;
    }
    default:
        return nothing;
    }
}

static struct mqt_expr_value to_number(struct mqt_expr_value value)
{
    if (value.kind == MQT_KIND_BOOL) {
        return number(value.boolean ? 1 : 0);
    }
    char word[40];
    if (value.kind != MQT_KIND_TEXT || value.text.len == 0 || value.text.len >= sizeof word) {
        return value.kind == MQT_KIND_NUMBER ? value : nothing;
    }
    memcpy(word, value.text.bytes, value.text.len);
    word[value.text.len] = '\0';
    char *end;
    double parsed = strtod(word, &end);
    return *end == '\0' ? number(parsed) : nothing;
}

/* A value as the property wants it, or null. */
static struct mqt_expr_value convert(struct mqt_expr_value value, enum mqt_kind wanted,
                                     const struct mqt_expr_context *context)
{
    if (wanted == MQT_KIND_ANY || value.kind == wanted || value.kind == MQT_KIND_ANY) {
        return value;
    }
    if (wanted == MQT_KIND_TEXT) {
        return to_text(value, context);
    }
    struct mqt_expr_value colour = {.kind = MQT_KIND_COLOUR};
    if (wanted == MQT_KIND_COLOUR && value.kind == MQT_KIND_TEXT &&
        mqt_colour_parse(value.text.bytes, value.text.len, &colour.colour)) {
        return colour;
    }
    return nothing;
}

static struct mqt_expr_value concat(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value parts[16];
    size_t count = expr->arg_count < 16 ? expr->arg_count : 16, len = 0;
    for (size_t i = 0; i < count; i++) {
        parts[i] = eval(expr->args[i], context);
        len += parts[i].kind == MQT_KIND_TEXT ? parts[i].text.len : 0;
    }
    char *made = context->scratch ? mqt_arena_alloc(context->scratch, len + 1) : NULL;
    if (!made) {
        return nothing;
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].kind == MQT_KIND_TEXT && parts[i].text.len > 0) {
            memcpy(made + at, parts[i].text.bytes, parts[i].text.len);
            at += parts[i].text.len;
        }
    }
    return text(made, at);
}

/* Bytes that the first count characters take. */
static size_t bytes_of(const char *bytes, size_t len, double count)
{
    size_t at = 0;
    for (double seen = 0; at < len; at++) {
        bool begins = ((unsigned char)bytes[at] & 0xc0) != 0x80;
        if (begins && seen++ >= count) {
            break;
        }
    }
    return at;
}

static double characters(const char *bytes, size_t len)
{
    double count = 0;
    for (size_t i = 0; i < len; i++) {
        count += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    }
    return count;
}

/* Which character of the second text begins the first, -1: none. */
static struct mqt_expr_value index_of(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value needle = eval(expr->args[0], context), within = eval(expr->args[1], context);
    if (needle.kind != MQT_KIND_TEXT || within.kind != MQT_KIND_TEXT) {
        return nothing;
    }
    for (size_t at = 0; needle.text.len > 0 && at + needle.text.len <= within.text.len; at++) {
        if (memcmp(within.text.bytes + at, needle.text.bytes, needle.text.len) == 0) {
            return number(characters(within.text.bytes, at));
        }
    }
    return number(-1);
}

/* Characters from one place up to another, or to the end. */
static struct mqt_expr_value slice(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value whole = to_text(eval(expr->args[0], context), context), from = eval(expr->args[1], context);
    struct mqt_expr_value to = expr->arg_count > 2 ? eval(expr->args[2], context) : number(1e9);
    bool good = whole.kind == MQT_KIND_TEXT && from.kind == MQT_KIND_NUMBER && to.kind == MQT_KIND_NUMBER;
    if (!good || from.number < 0 || to.number < from.number) {
        return nothing;
    }
    size_t start = bytes_of(whole.text.bytes, whole.text.len, from.number);
    size_t end = bytes_of(whole.text.bytes, whole.text.len, to.number);
    return text(whole.text.bytes + start, end - start);
}

static struct mqt_expr_value length(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value value = eval(expr->args[0], context);
    return value.kind == MQT_KIND_TEXT ? number(characters(value.text.bytes, value.text.len)) : nothing;
}

static bool equal(struct mqt_expr_value a, struct mqt_expr_value b)
{
    if (a.kind != b.kind) {
        return false;
    }
    switch (a.kind) {
    case MQT_KIND_NUMBER:
        return a.number == b.number;
    case MQT_KIND_BOOL:
        return a.boolean == b.boolean;
    case MQT_KIND_TEXT:
        return a.text.len == b.text.len && (a.text.len == 0 || memcmp(a.text.bytes, b.text.bytes, a.text.len) == 0);
    default:
        return a.kind == MQT_KIND_ANY; /* null equals null */
    }
}

/* Order of two numbers or two texts; anything else cannot be compared. */
static bool ordered(struct mqt_expr_value a, struct mqt_expr_value b, int *order)
{
    if (a.kind == MQT_KIND_NUMBER && b.kind == MQT_KIND_NUMBER) {
        *order = a.number < b.number ? -1 : a.number > b.number;
        return true;
    }
    if (a.kind == MQT_KIND_TEXT && b.kind == MQT_KIND_TEXT) {
        size_t len = a.text.len < b.text.len ? a.text.len : b.text.len;
        int first = len > 0 ? memcmp(a.text.bytes, b.text.bytes, len) : 0;
        *order = first != 0 ? first : (a.text.len < b.text.len ? -1 : a.text.len > b.text.len);
        return true;
    }
    return false;
}

static struct mqt_expr_value compare(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value a = eval(expr->args[0], context), b = eval(expr->args[1], context);
    if (expr->op == OP_EQUAL || expr->op == OP_NOT_EQUAL) {
        return boolean(equal(a, b) == (expr->op == OP_EQUAL));
    }
    int order;
    if (!ordered(a, b, &order)) {
        return boolean(false);
    }
    switch (expr->op) {
    case OP_LESS:
        return boolean(order < 0);
    case OP_LESS_EQUAL:
        return boolean(order <= 0);
    case OP_MORE:
        return boolean(order > 0);
    default:
        return boolean(order >= 0);
    }
}

/* Index of the label that equals value, or label_count. */
static size_t find_label(const struct mqt_expr *expr, struct mqt_expr_value value)
{
    size_t i = 0;
    while (i < expr->label_count && !equal(expr->labels[i], value)) {
        i++;
    }
    return i;
}

static bool holds(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value value = eval(expr, context);
    return value.kind == MQT_KIND_BOOL && value.boolean;
}

static struct mqt_expr_value choose_case(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    for (size_t i = 0; i + 1 < expr->arg_count; i += 2) {
        if (holds(expr->args[i], context)) {
            return eval(expr->args[i + 1], context);
        }
    }
    return eval(expr->args[expr->arg_count - 1], context);
}

static struct mqt_expr_value all_or_any(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    bool decisive = expr->op == OP_ANY;
    for (size_t i = 0; i < expr->arg_count; i++) {
        if (holds(expr->args[i], context) == decisive) {
            return boolean(decisive);
        }
    }
    return boolean(!decisive);
}

static struct mqt_expr_value step(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value input = eval(expr->args[0], context);
    if (input.kind != MQT_KIND_NUMBER) {
        return nothing;
    }
    size_t at = 1;
    while (at + 1 < expr->arg_count && input.number >= expr->stops[at - 1]) {
        at++;
    }
    return eval(expr->args[at], context);
}

static struct mqt_expr_value mix(struct mqt_expr_value a, struct mqt_expr_value b, double share)
{
    if (a.kind == MQT_KIND_NUMBER && b.kind == MQT_KIND_NUMBER) {
        return number(a.number + (b.number - a.number) * share);
    }
    if (a.kind != MQT_KIND_COLOUR || b.kind != MQT_KIND_COLOUR) {
        return nothing;
    }
    float t = (float)share;
    struct mqt_colour c = {a.colour.r + (b.colour.r - a.colour.r) * t, a.colour.g + (b.colour.g - a.colour.g) * t,
                           a.colour.b + (b.colour.b - a.colour.b) * t, a.colour.a + (b.colour.a - a.colour.a) * t};
    return (struct mqt_expr_value){.kind = MQT_KIND_COLOUR, .colour = c};
}

static struct mqt_expr_value interpolate(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value input = eval(expr->args[0], context);
    if (input.kind != MQT_KIND_NUMBER) {
        return nothing;
    }
    size_t count = expr->arg_count - 1, right = 0;
    while (right < count && input.number >= expr->stops[right]) {
        right++;
    }
    if (right == 0 || right == count) {
        return eval(expr->args[right == 0 ? 1 : count], context);
    }
    double from = expr->stops[right - 1], width = expr->stops[right] - from, share = (input.number - from) / width;
    if (expr->base != 1) {
        share = (pow(expr->base, input.number - from) - 1) / (pow(expr->base, width) - 1);
    }
    return mix(eval(expr->args[right], context), eval(expr->args[right + 1], context), share);
}

static struct mqt_expr_value arithmetic(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    struct mqt_expr_value first = eval(expr->args[0], context);
    if (first.kind != MQT_KIND_NUMBER) {
        return nothing;
    }
    double result = first.number;
    if (expr->op == OP_SUBTRACT && expr->arg_count == 1) {
        return number(-result);
    }
    for (size_t i = 1; i < expr->arg_count; i++) {
        struct mqt_expr_value value = eval(expr->args[i], context);
        if (value.kind != MQT_KIND_NUMBER) {
            return nothing;
        }
        switch (expr->op) {
        case OP_ADD:
            result += value.number;
            break;
        case OP_SUBTRACT:
            result -= value.number;
            break;
        case OP_MULTIPLY:
            result *= value.number;
            break;
        case OP_DIVIDE:
            result /= value.number;
            break;
        case OP_MIN:
            result = fmin(result, value.number);
            break;
        default:
            result = fmax(result, value.number);
            break;
        }
    }
    return number(result);
}

/* The first argument that has a value. */
static struct mqt_expr_value first_value(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    for (size_t i = 0; i < expr->arg_count; i++) {
        struct mqt_expr_value value = eval(expr->args[i], context);
        value = expr->op == OP_TO_NUMBER ? to_number(value) : value;
        if (value.kind != MQT_KIND_ANY) {
            return value;
        }
    }
    return nothing;
}

static struct mqt_expr_value eval_op(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    switch (expr->op) {
    case OP_LITERAL:
        return expr->literal;
    case OP_ZOOM:
        return number(context->zoom);
    case OP_GET:
        return get(expr, context);
    case OP_HAS:
        return boolean(get(expr, context).kind != MQT_KIND_ANY);
    case OP_COALESCE:
    case OP_TO_NUMBER:
        return first_value(expr, context);
    case OP_CONCAT:
        return concat(expr, context);
    case OP_TO_STRING:
        return to_text(eval(expr->args[0], context), context);
    case OP_MATCH: {
        size_t label = find_label(expr, eval(expr->args[0], context));
        return eval(expr->args[label < expr->label_count ? expr->label_args[label] : expr->arg_count - 1], context);
    }
    case OP_IN:
        return boolean(find_label(expr, eval(expr->args[0], context)) < expr->label_count);
    case OP_CASE:
        return choose_case(expr, context);
    case OP_ALL:
    case OP_ANY:
        return all_or_any(expr, context);
    case OP_NOT:
        return boolean(!holds(expr->args[0], context));
    case OP_STEP:
        return step(expr, context);
    case OP_INTERPOLATE:
        return interpolate(expr, context);
    case OP_EQUAL:
    case OP_NOT_EQUAL:
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_MORE:
    case OP_MORE_EQUAL:
        return compare(expr, context);
    case OP_LENGTH:
        return length(expr, context);
    case OP_INDEX_OF:
        return index_of(expr, context);
    case OP_SLICE:
        return slice(expr, context);
    default:
        return arithmetic(expr, context);
    }
}

static struct mqt_expr_value eval(const struct mqt_expr *expr, const struct mqt_expr_context *context)
{
    return convert(eval_op(expr, context), expr->wanted, context);
}

double mqt_expr_number(const struct mqt_expr *expr, const struct mqt_expr_context *context, double fallback)
{
    struct mqt_expr_value value = expr ? eval(expr, context) : nothing;
    return value.kind == MQT_KIND_NUMBER ? value.number : fallback;
}

bool mqt_expr_bool(const struct mqt_expr *expr, const struct mqt_expr_context *context, bool fallback)
{
    struct mqt_expr_value value = expr ? eval(expr, context) : nothing;
    return value.kind == MQT_KIND_BOOL ? value.boolean : fallback;
}

struct mqt_colour mqt_expr_colour(const struct mqt_expr *expr, const struct mqt_expr_context *context,
                                  struct mqt_colour fallback)
{
    struct mqt_expr_value value = expr ? eval(expr, context) : nothing;
    return value.kind == MQT_KIND_COLOUR ? value.colour : fallback;
}

const char *mqt_expr_text(const struct mqt_expr *expr, const struct mqt_expr_context *context, size_t *len)
{
    struct mqt_expr_value value = expr ? eval(expr, context) : nothing;
    *len = value.kind == MQT_KIND_TEXT ? value.text.len : 0;
    return value.kind == MQT_KIND_TEXT ? value.text.bytes : "";
}

bool mqt_expr_varies(const struct mqt_expr *expr)
{
    return expr && expr->varies;
}
