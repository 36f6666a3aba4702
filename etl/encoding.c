#include "encoding.h"

#include "norm.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mqt_decoder {
    iconv_t handle;
    bool is_utf8;
};

struct alias {
    const char *written, *iconv_name;
};

/* Keys as mqt_norm_key leaves them, without '-', '_' and a leading "ansi" or "cp". */
static const struct alias ALIASES[] = {
    {"utf8", "UTF-8"},
    {"65001", "UTF-8"},
    {"utf8bom", "UTF-8"},
    {"gbk", "GB18030"},
    {"gb2312", "GB18030"},
    {"gb18030", "GB18030"},
    {"936", "GB18030"},
    {"54936", "GB18030"},
    {"ms936", "GB18030"},
    {"big5", "BIG5"},
    {"950", "BIG5"},
    {"utf16", "UTF-16LE"},
    {"utf16le", "UTF-16LE"},
    {"utf16be", "UTF-16BE"},
    {"iso88591", "ISO-8859-1"},
    {"88591", "ISO-8859-1"},
    {"latin1", "ISO-8859-1"},
    {"1252", "WINDOWS-1252"},
    {"windows1252", "WINDOWS-1252"},
};

bool mqt_encoding_canonical(const char *name, size_t len, char *out, size_t out_size)
{
    char key[48], squeezed[48];
    size_t used = 0;
    const char *at = squeezed;

    if (len >= sizeof key) {
        return false;
    }
    mqt_norm_key(name, len, key, sizeof key);
    for (const char *c = key; *c != '\0'; c++) {
        if (*c != '-' && *c != '_' && *c != '.') {
            squeezed[used++] = *c;
        }
    }
    squeezed[used] = '\0';
    if (strncmp(at, "ansi", 4) == 0) {
        at += 4;
    }
    if (strncmp(at, "cp", 2) == 0) {
        at += 2;
    }
    for (size_t i = 0; i < sizeof ALIASES / sizeof ALIASES[0]; i++) {
        if (strcmp(at, ALIASES[i].written) == 0) {
            snprintf(out, out_size, "%s", ALIASES[i].iconv_name);
            return true;
        }
    }
    return false;
}

static void set_encoding(struct mqt_encoding *encoding, const char *name, const char *from, size_t bom_len)
{
    snprintf(encoding->name, sizeof encoding->name, "%s", name);
    snprintf(encoding->from, sizeof encoding->from, "%s", from);
    encoding->bom_len = bom_len;
}

static bool by_bom(const uint8_t *bytes, size_t len, struct mqt_encoding *encoding)
{
    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        set_encoding(encoding, "UTF-8", "bom", 3);
        return true;
    }
    if (len >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) {
        set_encoding(encoding, "UTF-16LE", "bom", 2);
        return true;
    }
    if (len >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF) {
        set_encoding(encoding, "UTF-16BE", "bom", 2);
        return true;
    }
    return false;
}

static enum mqt_err by_operator(const char *forced, struct mqt_encoding *encoding, struct mqt_detail *detail)
{
    char name[32];

    if (!mqt_encoding_canonical(forced, strlen(forced), name, sizeof name)) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "encoding",
                              "encoding '%s' is not known; use UTF-8, GB18030, BIG5, UTF-16LE, UTF-16BE or ISO-8859-1",
                              forced);
    }
    set_encoding(encoding, name, "operator", 0);
    return MQT_OK;
}

enum mqt_err mqt_encoding_of_text(const uint8_t *bytes, size_t len, const char *forced, struct mqt_encoding *encoding,
                                  struct mqt_detail *detail)
{
    struct mqt_encoding found;
    bool marked = by_bom(bytes, len, &found);

    if (forced != NULL) {
        size_t bom_len = marked ? found.bom_len : 0;
        enum mqt_err err = by_operator(forced, &found, detail);

        if (err != MQT_OK) {
            return err;
        }
        found.bom_len = bom_len;
    } else if (!marked) {
        if (mqt_norm_is_utf8((const char *)bytes, len)) {
            set_encoding(&found, "UTF-8", "utf8-valid", 0);
        } else {
            set_encoding(&found, "GB18030", "default", 0);
        }
    }
    *encoding = found;
    return MQT_OK;
}

static uint32_t little16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | ((uint32_t)bytes[1] << 8);
}

/* The first bytes of a character whose last ones are missing. */
static bool is_beginning(const uint8_t *bytes, size_t len)
{
    size_t needed = bytes[0] >= 0xF0 && bytes[0] <= 0xF4   ? 4
                    : bytes[0] >= 0xE0 && bytes[0] <= 0xEF ? 3
                    : bytes[0] >= 0xC2 && bytes[0] <= 0xDF ? 2
                                                           : 0;

    if (len >= needed) {
        return false;
    }
    for (size_t i = 1; i < len; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return false;
        }
    }
    return true;
}

/* UTF-8 but for an unfinished character at the end, as a field of fixed width cuts it. */
static bool field_is_utf8(const uint8_t *bytes, size_t len)
{
    while (len > 0 && (bytes[len - 1] == ' ' || bytes[len - 1] == 0)) {
        len--;
    }
    for (size_t cut = 0; cut <= 3 && cut <= len; cut++) {
        if (mqt_norm_is_utf8((const char *)bytes, len - cut)) {
            return cut == 0 || is_beginning(bytes + len - cut, cut);
        }
    }
    return false;
}

static bool dbf_is_utf8(const uint8_t *bytes, size_t header_len, size_t record_len, size_t record_count)
{
    for (size_t at = 32, offset = 1; at + 32 <= header_len && bytes[at] != 0x0D; at += 32) {
        size_t width = bytes[at + 16];
        size_t name_len = strnlen((const char *)bytes + at, 11);

        if (!field_is_utf8(bytes + at, name_len)) {
            return false;
        }
        if (bytes[at + 11] == 'C' && offset + width <= record_len) {
            for (size_t record = 0; record < record_count; record++) {
                if (!field_is_utf8(bytes + header_len + record * record_len + offset, width)) {
                    return false;
                }
            }
        }
        offset += width;
    }
    return true;
}

enum mqt_err mqt_encoding_of_dbf(const uint8_t *bytes, size_t len, const char *cpg, const char *forced,
                                 struct mqt_encoding *encoding, struct mqt_detail *detail)
{
    struct mqt_encoding found;
    size_t header_len, record_len, record_count;
    char name[32];
    bool utf8;

    if (len < 33) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the attribute table (.dbf) is too short to be one");
    }
    header_len = little16(bytes + 8);
    record_len = little16(bytes + 10);
    record_count = (size_t)little16(bytes + 4) | ((size_t)little16(bytes + 6) << 16);
    if (header_len < 33 || header_len > len || record_len == 0 || record_count > (len - header_len) / record_len) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the attribute table (.dbf) is truncated: %zu records announced",
                        record_count);
    }
    if (forced != NULL) {
        enum mqt_err err = by_operator(forced, &found, detail);

        if (err != MQT_OK) {
            return err;
        }
        *encoding = found;
        return MQT_OK;
    }
    utf8 = dbf_is_utf8(bytes, header_len, record_len, record_count);
    if (cpg != NULL && mqt_encoding_canonical(cpg, strlen(cpg), name, sizeof name)) {
        if (strcmp(name, "UTF-8") == 0 && !utf8) {
            set_encoding(&found, "GB18030", "cpg-contradicted", 0);
        } else {
            set_encoding(&found, name, "cpg", 0);
        }
    } else if (bytes[29] == 0x4D) {
        set_encoding(&found, "GB18030", "ldid", 0);
    } else if (bytes[29] == 0x4F) {
        set_encoding(&found, "BIG5", "ldid", 0);
    } else if (utf8) {
        set_encoding(&found, "UTF-8", "utf8-valid", 0);
    } else {
        set_encoding(&found, "GB18030", "default", 0);
    }
    *encoding = found;
    return MQT_OK;
}

enum mqt_err mqt_encoding_write(const char *encoding, const char *text, size_t len, struct mqt_buf *out)
{
    char *in = (char *)(uintptr_t)text; /* iconv takes char **, but does not write through it */
    iconv_t handle = iconv_open(encoding, "UTF-8");
    enum mqt_err err = MQT_OK;

    if (handle == (iconv_t)-1) {
        return MQT_ERR_PARAM;
    }
    while (len > 0 && err == MQT_OK) {
        size_t room = 65536, before = room;
        char *to = (char *)mqt_buf_reserve(out, room);

        if (to == NULL) {
            break;
        }
        if (iconv(handle, &in, &len, &to, &room) == (size_t)-1 && errno != E2BIG) {
            err = MQT_ERR_FORMAT;
        }
        out->len += before - room;
    }
    iconv_close(handle);
    return err == MQT_OK ? mqt_buf_err(out) : err;
}

enum mqt_err mqt_decoder_new(const char *encoding, struct mqt_decoder **decoder, struct mqt_detail *detail)
{
    struct mqt_decoder *made = calloc(1, sizeof *made);

    if (made == NULL) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for a decoder");
    }
    made->is_utf8 = strcmp(encoding, "UTF-8") == 0;
    made->handle = iconv_open("UTF-8", encoding);
    if (made->handle == (iconv_t)-1) {
        free(made);
        return mqt_fail_field(detail, MQT_ERR_PARAM, "encoding", "encoding '%s' cannot be converted here", encoding);
    }
    *decoder = made;
    return MQT_OK;
}

void mqt_decoder_free(struct mqt_decoder *decoder)
{
    if (decoder != NULL) {
        iconv_close(decoder->handle);
        free(decoder);
    }
}

static void drop_nuls(struct mqt_buf *out, size_t from)
{
    size_t kept = from;

    if (out->len == from || memchr(out->data + from, 0, out->len - from) == NULL) {
        return;
    }
    for (size_t at = from; at < out->len; at++) {
        if (out->data[at] != 0) {
            out->data[kept++] = out->data[at];
        }
    }
    out->len = kept;
}

/* iconv would let characters beyond U+10FFFF through. */
static void add_utf8(const char *text, size_t len, struct mqt_buf *out, size_t *broken)
{
    const char *end = text + len;

    if (mqt_norm_is_utf8(text, len)) {
        mqt_buf_add(out, text, len);
        return;
    }
    while (text < end) {
        const char *start = text;
        uint32_t c = mqt_norm_decode(&text, end);

        if (*start == '\0') {
            continue;
        }
        if (c == 0xFFFD && text == start + 1) {
            if (is_beginning((const uint8_t *)start, (size_t)(end - start))) {
                return;
            }
            *broken += 1;
            mqt_buf_add_str(out, "\xEF\xBF\xBD");
            continue;
        }
        mqt_buf_add(out, start, (size_t)(text - start));
    }
}

enum mqt_err mqt_decoder_add(struct mqt_decoder *decoder, const uint8_t *bytes, size_t len, struct mqt_buf *out,
                             size_t *broken)
{
    char *in = (char *)(uintptr_t)bytes; /* iconv takes char **, but does not write through it */
    size_t left = len, from = out->len;

    if (decoder->is_utf8) {
        add_utf8((const char *)bytes, len, out, broken);
        return mqt_buf_err(out);
    }
    iconv(decoder->handle, NULL, NULL, NULL, NULL);
    while (left > 0) {
        size_t room = left * 4 + 16 < 65536 ? left * 4 + 16 : 65536, before = room;
        char *to = (char *)mqt_buf_reserve(out, room);
        size_t result;

        if (to == NULL) {
            break;
        }
        result = iconv(decoder->handle, &in, &left, &to, &room);
        out->len += before - room;
        if (result != (size_t)-1 || errno == E2BIG) {
            continue;
        }
        if (errno == EINVAL) {
            break;
        }
        in++;
        left--;
        *broken += 1;
        mqt_buf_add_str(out, "\xEF\xBF\xBD");
    }
    if (mqt_buf_err(out) == MQT_OK) {
        drop_nuls(out, from);
    }
    return mqt_buf_err(out);
}
