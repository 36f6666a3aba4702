/* Bytes that claim to be a photo: what is kept is a photo again, and cleaning it twice changes nothing. */
#include "../../etl/photo.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_buf once;
    struct mqt_buf twice;
    struct mqt_photo photo;
    struct mqt_photo again;
    struct mqt_detail detail;
    mqt_buf_init(&once, MQT_PHOTO_MAX_BYTES);
    mqt_buf_init(&twice, MQT_PHOTO_MAX_BYTES);
    if (mqt_photo_clean(data, size, &once, &photo, &detail) == MQT_OK) {
        bool same = mqt_photo_clean(once.data, once.len, &twice, &again, &detail) == MQT_OK && once.len == twice.len &&
                    memcmp(once.data, twice.data, once.len) == 0 && again.width_px == photo.width_px &&
                    again.height_px == photo.height_px;
        if (!same || photo.orientation < 1 || photo.orientation > 8) {
            abort();
        }
    }
    mqt_buf_clear(&once);
    mqt_buf_clear(&twice);
    return 0;
}
