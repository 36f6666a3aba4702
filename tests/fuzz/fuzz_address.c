/* Any text as an address or a checked value: parts within their bounds, none of them empty, masks no
 * longer than what they hide. */
#include "../../etl/address.h"
#include "../../etl/check.h"
#include "../../etl/norm.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_part(const char part[MQT_ADDRESS_PART])
{
    size_t len = strnlen(part, MQT_ADDRESS_PART);

    require(len > 0 && len < MQT_ADDRESS_PART && mqt_norm_is_utf8(part, len));
}

static void check_values(const char *text)
{
    struct mqt_id_number id;
    enum mqt_id_verdict verdict = mqt_check_id_number(text, &id);
    double number;
    char time[MQT_TIME_BYTES], masked[64];

    require((mqt_check_id_code(verdict) == NULL) == (mqt_check_id_reason(verdict) == NULL));
    require(strnlen(id.number, MQT_ID_BYTES) < MQT_ID_BYTES);
    require(id.birth_year == 0 || (id.birth_year >= 1800 && id.birth_year <= 2200));
    require(!mqt_check_number(text, -5, 5, &number) || (number >= -5 && number <= 5));
    (void)mqt_check_degrees(text, &number);
    (void)mqt_check_credit_code(text);
    require(!mqt_check_time(text, time) || strlen(time) >= 19);
    mqt_mask_name(text, masked, sizeof masked);
    mqt_mask_phone(text, masked, sizeof masked);
    mqt_mask_id_number(text, masked, sizeof masked);
    mqt_mask_text(text, masked, sizeof masked);
    require(strlen(masked) <= strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), part[MQT_ADDRESS_PART];
    struct mqt_address address;

    require(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    (void)mqt_address_parse(text, &address);
    check_part(address.estate);
    check_part(address.number);
    check_part(address.unit);
    check_part(address.floor);
    check_part(address.room);
    mqt_address_number(text, part);
    check_part(part);
    mqt_address_unit(text, part);
    check_part(part);
    mqt_address_floor(text, part);
    check_part(part);
    mqt_address_room(text, part);
    check_part(part);
    check_values(text);
    free(text);
    return 0;
}
