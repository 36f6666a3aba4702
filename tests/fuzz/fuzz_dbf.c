/* Any bytes as a dBASE file: an encoding that can be converted, or a refusal. */
#include "../../etl/encoding.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_encoding encoding;
    struct mqt_decoder *decoder = NULL;
    enum mqt_err err = mqt_encoding_of_dbf(data, size, NULL, NULL, &encoding, NULL);

    if (err == MQT_OK && mqt_decoder_new(encoding.name, &decoder, NULL) != MQT_OK) {
        abort();
    }
    if (err != MQT_OK && err != MQT_ERR_FORMAT) {
        abort();
    }
    mqt_decoder_free(decoder);
    return 0;
}
