/* Clipping of rings and lines to a square, on an integer grid.
 *
 * The square is low .. high on both axes, edges included. Crossings are rounded to the grid in the
 * same way whichever end of the edge comes first. Pure; results are appended to the caller's buffers.
 */
#ifndef MQT_CLIP_H
#define MQT_CLIP_H

#include "buf.h"
#include "grid.h"

/* The ring's part inside the square as one ring (edges may run along the square's border), appended
 * to out as struct mqt_point; nothing when none is inside. spare is scratch. */
enum mqt_err mqt_clip_ring(const struct mqt_point *ring, size_t count, int32_t low, int32_t high, struct mqt_buf *out,
                           struct mqt_buf *spare) MQT_MUST_USE;

/* The line's pieces inside the square: points to out, the number of points of each piece (uint32_t)
 * to sizes. */
enum mqt_err mqt_clip_line(const struct mqt_point *line, size_t count, int32_t low, int32_t high, struct mqt_buf *out,
                           struct mqt_buf *sizes) MQT_MUST_USE;

#endif
