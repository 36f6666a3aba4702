/* Any bytes as the XML of a worksheet: merged cells that fill rows in order, or a refusal. */
#include "../../etl/merge.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_merges *merges = NULL;
    char part[64];
    size_t half = size / 2;

    (void)!mqt_merges_find_sheet(data, size, data, size, "1", part, sizeof part);
    if (mqt_merges_new(&merges) != MQT_OK) {
        return 0;
    }
    if (mqt_merges_add(merges, data, half, false) == MQT_OK &&
        mqt_merges_add(merges, data + half, size - half, true) == MQT_OK) {
        for (uint64_t row = 1; row < 40; row++) {
            struct mqt_cell cells[4] = {{"a", 1}, {NULL, 0}, {row % 7 == 0 ? "b" : NULL, row % 7 == 0}, {NULL, 0}};

            if (mqt_merges_fill(merges, row, cells, 4) != MQT_OK || cells[0].text[0] != 'a') {
                abort();
            }
        }
    }
    mqt_merges_free(merges);
    return 0;
}
