/* Order along a Hilbert curve: what is near on the map is mostly near in memory. Pure; any thread. */
#ifndef MQT_HILBERT_H
#define MQT_HILBERT_H

#include <stdint.h>

/* Distance of a cell along the curve that fills a square of 2^bits cells a side; bits is 1 to 32 and
 * what x and y have beyond them is not looked at. */
uint64_t mqt_hilbert(uint32_t x, uint32_t y, int bits);

#endif
