#include "norm.h"

#include <string.h>

static bool is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Length of the well-formed sequence at text, or 0. */
static size_t sequence_length(const unsigned char *text, size_t left)
{
    unsigned char lead = text[0];

    if (lead < 0x80) {
        return lead == 0 ? 0 : 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return left >= 2 && is_tail(text[1]) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (left < 3 || !is_tail(text[1]) || !is_tail(text[2]) || (lead == 0xE0 && text[1] < 0xA0) ||
            (lead == 0xED && text[1] > 0x9F)) {
            return 0;
        }
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (left < 4 || !is_tail(text[1]) || !is_tail(text[2]) || !is_tail(text[3]) ||
            (lead == 0xF0 && text[1] < 0x90) || (lead == 0xF4 && text[1] > 0x8F)) {
            return 0;
        }
        return 4;
    }
    return 0;
}

uint32_t mqt_norm_decode(const char **text, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    size_t length = sequence_length(bytes, (size_t)(end - *text));

    if (length == 0) {
        *text += 1;
        return 0xFFFD;
    }
    *text += length;
    switch (length) {
    case 1:
        return bytes[0];
    case 2:
        return ((uint32_t)(bytes[0] & 0x1F) << 6) | (bytes[1] & 0x3Fu);
    case 3:
        return ((uint32_t)(bytes[0] & 0x0F) << 12) | ((uint32_t)(bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3Fu);
    default:
        return ((uint32_t)(bytes[0] & 0x07) << 18) | ((uint32_t)(bytes[1] & 0x3F) << 12) |
               ((uint32_t)(bytes[2] & 0x3F) << 6) | (bytes[3] & 0x3Fu);
    }
}

size_t mqt_norm_encode(uint32_t character, char *out)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | (character >> 6));
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xE0 | (character >> 12));
        out[1] = (char)(0x80 | ((character >> 6) & 0x3F));
        out[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (character >> 18));
    out[1] = (char)(0x80 | ((character >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((character >> 6) & 0x3F));
    out[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

static bool is_invisible(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
           c == 0xFEFF || c == 0x00AD || (c >= 0xFE00 && c <= 0xFE0F);
}

static bool is_blank(uint32_t c)
{
    return c <= 0x20 || c == 0x7F || c == 0x85 || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F;
}

static size_t normalise(const char *text, size_t len, char *out, size_t out_size, bool as_key)
{
    const char *end = text + len;
    size_t used = 0;
    bool pending = false;

    if (out_size == 0) {
        return 0;
    }
    while (text < end) {
        uint32_t c = mqt_norm_decode(&text, end);
        char bytes[4];
        size_t count;

        if (is_invisible(c)) {
            continue;
        }
        if (is_blank(c)) {
            pending = used > 0 && !as_key;
            continue;
        }
        if (c >= 0xFF01 && c <= 0xFF5E) {
            c -= 0xFEE0;
        }
        if (as_key && c >= 'A' && c <= 'Z') {
            c += 'a' - 'A';
        }
        /* One broken byte would grow to three: '?' keeps the promise on length. */
        count = c == 0xFFFD ? 1 : mqt_norm_encode(c, bytes);
        if (c == 0xFFFD) {
            bytes[0] = '?';
        }
        if (used + count + (pending ? 1 : 0) + 1 > out_size) {
            break;
        }
        if (pending) {
            out[used++] = ' ';
            pending = false;
        }
        memcpy(out + used, bytes, count);
        used += count;
    }
    out[used] = '\0';
    return used;
}

size_t mqt_norm_text(const char *text, size_t len, char *out, size_t out_size)
{
    return normalise(text, len, out, out_size, false);
}

size_t mqt_norm_key(const char *text, size_t len, char *out, size_t out_size)
{
    return normalise(text, len, out, out_size, true);
}

bool mqt_norm_is_absent(const char *text)
{
    static const char *const marks[] = {"",   "无",  "—",    "——",     "-",    "--",   "/",    "\\", "null", "n/a",
                                        "na", "nil", "none", "<null>", "暂无", "不详", "未知", "空", "*"};
    char key[16];

    if (strlen(text) >= sizeof key) {
        return false;
    }
    mqt_norm_key(text, strlen(text), key, sizeof key);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (strcmp(key, marks[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool mqt_norm_is_utf8(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t at = 0; at < len;) {
        size_t length = sequence_length(bytes + at, len - at);

        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}
