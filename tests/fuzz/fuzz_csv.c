/* Any bytes as a text table: decided, converted to valid UTF-8, cut into rows, each field in its place. */
#include "../../etl/csv.h"
#include "../../etl/encoding.h"
#include "../../etl/norm.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void read_all(const char *text, size_t len)
{
    struct mqt_csv csv;
    struct mqt_row row;
    struct mqt_detail detail = {0};
    bool more = true;
    uint64_t last = 0;

    mqt_csv_init(&csv, text, len);
    while (more) {
        if (mqt_csv_next(&csv, &row, &more, &detail) != MQT_OK) {
            require(detail.text[0] != '\0');
            break;
        }
        if (more) {
            bool filled = false;

            require(row.number > last && row.cell_count > 0 && row.cell_count <= MQT_WIRE_MAX_COLUMNS);
            last = row.number;
            for (size_t i = 0; i < row.cell_count; i++) {
                require(row.cells[i].text == NULL || strlen(row.cells[i].text) == row.cells[i].len);
                filled = filled || row.cells[i].text != NULL;
            }
            require(filled);
        }
    }
    mqt_csv_clear(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqt_encoding encoding;
    struct mqt_decoder *decoder = NULL;
    struct mqt_buf text;
    size_t broken = 0;

    require(mqt_encoding_of_text(data, size, NULL, &encoding, NULL) == MQT_OK && encoding.bom_len <= size);
    require(mqt_decoder_new(encoding.name, &decoder, NULL) == MQT_OK);
    mqt_buf_init(&text, 64 << 20);
    require(mqt_decoder_add(decoder, data + encoding.bom_len, size - encoding.bom_len, &text, &broken) == MQT_OK);
    require(text.len == 0 || mqt_norm_is_utf8((const char *)text.data, text.len));
    if (text.len > 0) {
        read_all((const char *)text.data, text.len);
    }
    mqt_buf_clear(&text);
    mqt_decoder_free(decoder);
    return 0;
}
