#include "listing.h"

#include "encoding.h"
#include "file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIELD_BYTES = 512 };

static const size_t TEXT_MAX_BYTES = (size_t)512 << 20;

void mqt_listing_init(struct mqt_listing *listing, char separator)
{
    *listing = (struct mqt_listing){.separator = separator, .line = 1};
    mqt_buf_init(&listing->text, TEXT_MAX_BYTES);
}

void mqt_listing_clear(struct mqt_listing *listing)
{
    mqt_buf_clear(&listing->text);
}

void mqt_listing_put(struct mqt_listing *listing, const char *text)
{
    struct mqt_buf *out = &listing->text;
    const char special[] = {listing->separator, '"', '\r', '\n', '\0'};
    if (listing->fields++ > 0) {
        mqt_buf_add_byte(out, (uint8_t)listing->separator);
    }
    if (!strpbrk(text, special)) {
        mqt_buf_add_str(out, text);
        return;
    }
    mqt_buf_add_byte(out, '"');
    for (; *text; ++text) {
        if (*text == '"') {
            mqt_buf_add_byte(out, '"');
        }
        mqt_buf_add_byte(out, (uint8_t)*text);
    }
    mqt_buf_add_byte(out, '"');
}

void mqt_listing_printf(struct mqt_listing *listing, const char *format, ...)
{
    char text[FIELD_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    mqt_listing_put(listing, text);
}

void mqt_listing_put_row(struct mqt_listing *listing, const char *const *texts)
{
    for (; *texts; ++texts) {
        mqt_listing_put(listing, *texts);
    }
    mqt_listing_end_row(listing);
}

void mqt_listing_end_row(struct mqt_listing *listing)
{
    mqt_buf_add_str(&listing->text, "\r\n");
    listing->fields = 0;
    ++listing->line;
}

enum mqt_err mqt_listing_save(const struct mqt_listing *listing, enum mqt_listing_encoding encoding, const char *dir,
                              const char *name, struct mqt_detail *detail)
{
    static const struct {
        const char *iconv_name;
        const char *mark;
    } encodings[] = {{"UTF-8", ""}, {"UTF-8", "\xEF\xBB\xBF"}, {"GB18030", ""}, {"UTF-16LE", "\xFF\xFE"}};
    struct mqt_buf bytes;
    mqt_buf_init(&bytes, TEXT_MAX_BYTES);
    mqt_buf_add_str(&bytes, encodings[encoding].mark);
    enum mqt_err err = mqt_buf_err(&listing->text);
    if (err == MQT_OK) {
        err = mqt_encoding_write(encodings[encoding].iconv_name, (const char *)listing->text.data, listing->text.len,
                                 &bytes);
    }
    err = err == MQT_OK ? mqt_file_save(dir, name, bytes.data, bytes.len, detail)
                        : mqt_fail(detail, err, "%s cannot be put together", name);
    mqt_buf_clear(&bytes);
    return err;
}
