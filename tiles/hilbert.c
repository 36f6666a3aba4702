#include "hilbert.h"

uint64_t mqt_hilbert(uint32_t x, uint32_t y, int bits)
{
    uint64_t distance = 0;
    for (uint32_t side = UINT32_C(1) << (bits - 1); side > 0; side >>= 1) {
        uint32_t right = (x & side) != 0;
        uint32_t down = (y & side) != 0;
        distance = distance << 2 | ((3 * right) ^ down);
        if (!down) { /* turn the quarter so that the curve inside it joins its neighbours */
            if (right) {
                x = ~x;
                y = ~y;
            }
            uint32_t swap = x;
            x = y;
            y = swap;
        }
    }
    return distance;
}
