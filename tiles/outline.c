#include "outline.h"

#define OUTLINE_MAX_BYTES ((size_t)1 << 30)

void mqt_outline_init(struct mqt_outline *outline)
{
    mqt_buf_init(&outline->points, OUTLINE_MAX_BYTES);
    mqt_buf_init(&outline->parts, OUTLINE_MAX_BYTES);
}

void mqt_outline_clear(struct mqt_outline *outline)
{
    mqt_buf_clear(&outline->points);
    mqt_buf_clear(&outline->parts);
}
