/* What features are made of: kinds of shapes, columns and values. Words that every room shares. */
#ifndef MQT_FEATURE_MODEL_H
#define MQT_FEATURE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MQT_LAYER_MAX_COLUMNS = 256 };

enum mqt_type { MQT_TYPE_TEXT, MQT_TYPE_INT, MQT_TYPE_REAL, MQT_TYPE_BOOL };
enum mqt_shape { MQT_SHAPE_POINT = 1, MQT_SHAPE_LINE = 2, MQT_SHAPE_POLYGON = 3 }; /* numbers as in MVT 2.1 */

struct mqt_column {
    const char *name; /* UTF-8 */
    enum mqt_type type;
};

struct mqt_value {
    bool present; /* false: SQL null */
    enum mqt_type type;
    union {
        struct {
            const char *bytes; /* UTF-8, not NUL-terminated */
            size_t len;
        } text;
        int64_t integer;
        double real;
        bool boolean;
    };
};

#endif
