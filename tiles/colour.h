/* Colours as style documents write them: #rgb #rgba #rrggbb #rrggbbaa rgb() rgba() hsl() hsla() and
 * a handful of CSS names. Channels and alpha are 0 to 1, alpha not premultiplied. Pure; any thread.
 */
#ifndef MQT_COLOUR_H
#define MQT_COLOUR_H

#include "err.h"

#include <stdbool.h>

struct mqt_colour {
    float r, g, b, a;
};

/* text need not end in NUL. false: not a colour, *colour untouched. */
bool mqt_colour_parse(const char *text, size_t len, struct mqt_colour *colour) MQT_MUST_USE;

#endif
