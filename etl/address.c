#include "address.h"

#include "norm.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char ABSENT[] = "无";

/* One character of a normalised text with its bytes. */
struct glyph {
    const char *start;
    size_t len;
    uint32_t code;
};

enum { MAX_GLYPHS = 256 };

struct text {
    char bytes[1024];
    struct glyph glyphs[MAX_GLYPHS];
    size_t count;
};

static void scan(const char *raw, struct text *text)
{
    char key[sizeof text->bytes];
    const char *at, *end;
    size_t used = 0;

    end = key + mqt_norm_key(raw, strlen(raw), key, sizeof key);
    text->count = 0;
    for (at = key; at < end && text->count < MAX_GLYPHS;) {
        struct glyph *glyph = &text->glyphs[text->count];

        glyph->code = mqt_norm_decode(&at, end);
        if (glyph->code >= 'a' && glyph->code <= 'z') {
            glyph->code -= 'a' - 'A';
        }
        /* The dashes of the world are one. */
        if ((glyph->code >= 0x2010 && glyph->code <= 0x2015) || glyph->code == 0x2212 || glyph->code == '_') {
            glyph->code = '-';
        }
        glyph->len = mqt_norm_encode(glyph->code, text->bytes + used);
        glyph->start = text->bytes + used;
        used += glyph->len;
        text->count++;
    }
    text->bytes[used] = '\0';
}

/* 0 to 9, -10 for 十, -100 for 百, -1 for what is no numeral. */
static int numeral(uint32_t c)
{
    static const struct {
        uint32_t code;
        int value;
    } table[] = {{0x3007, 0},   {0x96F6, 0},   {0x4E00, 1},    {0x58F9, 1},   {0x4E8C, 2}, {0x8D30, 2}, {0x4E24, 2},
                 {0x4E09, 3},   {0x53C1, 3},   {0x56DB, 4},    {0x8086, 4},   {0x4E94, 5}, {0x4F0D, 5}, {0x516D, 6},
                 {0x9646, 6},   {0x4E03, 7},   {0x67D2, 7},    {0x516B, 8},   {0x634C, 8}, {0x4E5D, 9}, {0x7396, 9},
                 {0x5341, -10}, {0x62FE, -10}, {0x767E, -100}, {0x4F70, -100}};

    if (c >= '0' && c <= '9') {
        return (int)(c - '0');
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].code == c) {
            return table[i].value;
        }
    }
    return -1;
}

static bool is_latin(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

/* 甲 to 癸 */
static bool is_stem(uint32_t c)
{
    static const uint32_t stems[] = {0x7532, 0x4E59, 0x4E19, 0x4E01, 0x620A, 0x5DF1, 0x5E9A, 0x8F9B, 0x58EC, 0x7678};

    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
        if (stems[i] == c) {
            return true;
        }
    }
    return false;
}

/* A count written with 十 or 百 ("二十三"), or digit by digit ("二〇三", "23"); -1 when it is too long. */
static long read_count(const struct text *text, size_t from, size_t to)
{
    long total = 0, digits = 0;
    bool has_digit = false;

    for (size_t i = from; i < to; i++) {
        int value = numeral(text->glyphs[i].code);

        if (value >= 0) {
            digits = digits * 10 + value;
            has_digit = true;
        } else {
            total += (has_digit ? digits : 1) * -(long)value;
            digits = 0;
            has_digit = false;
        }
        if (digits > 99999999L || total > 99999999L) {
            return -1;
        }
    }
    return total + digits;
}

static size_t numeral_run(const struct text *text, size_t from)
{
    size_t to = from;

    while (to < text->count && numeral(text->glyphs[to].code) != -1) {
        to++;
    }
    return to;
}

static void put(char out[MQT_ADDRESS_PART], size_t *used, const char *bytes, size_t len)
{
    if (*used + len < MQT_ADDRESS_PART) {
        memcpy(out + *used, bytes, len);
        *used += len;
        out[*used] = '\0';
    }
}

/* Glyphs with numerals turned into Arabic figures; zeros in front are kept in rooms only. */
static void put_figures(const struct text *text, size_t from, size_t to, bool keep_zeros, char out[MQT_ADDRESS_PART],
                        size_t *used)
{
    for (size_t i = from; i < to;) {
        size_t end = numeral_run(text, i);
        char figures[24];
        long count;

        if (end > to) {
            end = to;
        }
        if (end == i) {
            put(out, used, text->glyphs[i].start, text->glyphs[i].len);
            i++;
            continue;
        }
        count = read_count(text, i, end);
        if (count < 0) {
            put(out, used, text->glyphs[i].start,
                (size_t)(text->glyphs[end - 1].start - text->glyphs[i].start) + text->glyphs[end - 1].len);
        } else if (keep_zeros && numeral(text->glyphs[i].code) == 0 && end - i > 1) {
            snprintf(figures, sizeof figures, "%0*ld", (int)(end - i), count);
            put(out, used, figures, strlen(figures));
        } else {
            snprintf(figures, sizeof figures, "%ld", count);
            put(out, used, figures, strlen(figures));
        }
        i = end;
    }
}

/* True when the glyphs at i are word. */
static bool at_word(const struct text *text, size_t i, const char *word)
{
    return i < text->count && strncmp(text->glyphs[i].start, word, strlen(word)) == 0;
}

static size_t word_glyphs(const char *word)
{
    size_t count = 0;

    for (; *word != '\0'; word++) {
        count += ((unsigned char)*word & 0xC0) != 0x80;
    }
    return count;
}

/* The end of the text without one of the words at its end. */
static size_t without_ending(const struct text *text, size_t from, const char *const *words, size_t word_count)
{
    for (size_t w = 0; w < word_count; w++) {
        size_t glyphs = word_glyphs(words[w]);

        if (text->count >= from + glyphs && at_word(text, text->count - glyphs, words[w])) {
            return text->count - glyphs;
        }
    }
    return text->count;
}

static bool is_absent(const char *text)
{
    return text == NULL || mqt_norm_is_absent(text);
}

static void set_part(char out[MQT_ADDRESS_PART], const char *text)
{
    snprintf(out, MQT_ADDRESS_PART, "%s", text);
}

static const char *const NUMBER_ENDINGS[] = {"号楼", "号院", "楼栋", "栋楼", "幢楼", "号", "栋", "幢", "座", "楼", "#"};
static const char *const UNIT_ENDINGS[] = {"单元门", "单元", "门洞", "门"};
static const char *const FLOOR_ENDINGS[] = {"楼层", "层", "楼", "f", "F"};
static const char *const ROOM_ENDINGS[] = {"号房", "房间", "号", "室", "房", "户"};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

void mqt_address_number(const char *raw, char out[MQT_ADDRESS_PART])
{
    struct text text;
    size_t from = 0, to, used = 0;

    if (is_absent(raw)) {
        set_part(out, ABSENT);
        return;
    }
    scan(raw, &text);
    while (from < text.count && (at_word(&text, from, "第") || text.glyphs[from].code == '#')) {
        from++;
    }
    to = without_ending(&text, from, NUMBER_ENDINGS, COUNT_OF(NUMBER_ENDINGS));
    out[0] = '\0';
    put_figures(&text, from, to, false, out, &used);
    if (used == 0) {
        set_part(out, ABSENT);
    }
}

static void part_with_ending(const char *raw, const char *const *endings, size_t ending_count, bool keep_zeros,
                             const char *canonical, char out[MQT_ADDRESS_PART])
{
    struct text text;
    size_t from = 0, to, used = 0;

    if (is_absent(raw)) {
        set_part(out, ABSENT);
        return;
    }
    scan(raw, &text);
    if (at_word(&text, from, "第")) {
        from++;
    }
    to = without_ending(&text, from, endings, ending_count);
    out[0] = '\0';
    put_figures(&text, from, to, keep_zeros, out, &used);
    if (used == 0) {
        set_part(out, ABSENT);
        return;
    }
    put(out, &used, canonical, strlen(canonical));
}

void mqt_address_unit(const char *raw, char out[MQT_ADDRESS_PART])
{
    part_with_ending(raw, UNIT_ENDINGS, COUNT_OF(UNIT_ENDINGS), false, "单元", out);
}

void mqt_address_floor(const char *raw, char out[MQT_ADDRESS_PART])
{
    part_with_ending(raw, FLOOR_ENDINGS, COUNT_OF(FLOOR_ENDINGS), false, "层", out);
}

void mqt_address_room(const char *raw, char out[MQT_ADDRESS_PART])
{
    part_with_ending(raw, ROOM_ENDINGS, COUNT_OF(ROOM_ENDINGS), true, "室", out);
}

/* The glyphs from .. to as a NUL-terminated string. */
static void slice(const struct text *text, size_t from, size_t to, char *out, size_t size)
{
    size_t len = 0;

    if (from < to) {
        len = (size_t)(text->glyphs[to - 1].start - text->glyphs[from].start) + text->glyphs[to - 1].len;
    }
    if (len >= size) {
        len = 0;
    }
    memcpy(out, from < to ? text->glyphs[from].start : "", len);
    out[len] = '\0';
}

static bool is_part_glyph(uint32_t c)
{
    return numeral(c) != -1 || is_latin(c) || is_stem(c);
}

/* "9-2-502" or "9-502" at the end of the text. */
static bool parse_dashes(const struct text *text, struct mqt_address *out)
{
    size_t bounds[4], parts = 0, from = text->count;
    char piece[MQT_ADDRESS_PART];

    while (from > 0 && (is_part_glyph(text->glyphs[from - 1].code) || text->glyphs[from - 1].code == '-')) {
        from--;
    }
    bounds[0] = from;
    for (size_t i = from; i < text->count; i++) {
        if (text->glyphs[i].code == '-') {
            if (++parts > 2) {
                return false;
            }
            bounds[parts] = i + 1;
        }
    }
    if (parts == 0 || bounds[1] <= bounds[0] + 1 || bounds[parts] >= text->count) {
        return false;
    }
    slice(text, bounds[0], bounds[1] - 1, piece, sizeof piece);
    mqt_address_number(piece, out->number);
    if (parts == 2) {
        slice(text, bounds[1], bounds[2] - 1, piece, sizeof piece);
        mqt_address_unit(piece, out->unit);
    }
    slice(text, bounds[parts], text->count, piece, sizeof piece);
    mqt_address_room(piece, out->room);
    slice(text, 0, from, out->estate, sizeof out->estate);
    return true;
}

/* Finds figures followed by one of the words, from on; start and end are those of the figures. */
static bool find_part(const struct text *text, size_t from, const char *const *words, size_t word_count, size_t *start,
                      size_t *end, size_t *after)
{
    for (size_t i = from; i < text->count; i++) {
        size_t to = i;

        while (to < text->count && is_part_glyph(text->glyphs[to].code)) {
            to++;
        }
        for (size_t w = 0; to > i && w < word_count; w++) {
            if (at_word(text, to, words[w])) {
                *start = i;
                *end = to;
                *after = to + word_glyphs(words[w]);
                return true;
            }
        }
        if (to > i) {
            i = to - 1;
        }
    }
    return false;
}

static void parse_rest(const struct text *text, size_t after, struct mqt_address *out)
{
    static const char *const unit_words[] = {"单元", "门"};
    static const char *const floor_words[] = {"层", "楼", "F"};
    static const char *const room_words[] = {"室", "号", "房", "户"};
    size_t start, end, next;
    char piece[MQT_ADDRESS_PART];

    if (find_part(text, after, unit_words, COUNT_OF(unit_words), &start, &end, &next)) {
        slice(text, start, end, piece, sizeof piece);
        mqt_address_unit(piece, out->unit);
        after = next;
    }
    if (find_part(text, after, floor_words, COUNT_OF(floor_words), &start, &end, &next)) {
        slice(text, start, end, piece, sizeof piece);
        mqt_address_floor(piece, out->floor);
        after = next;
    }
    if (find_part(text, after, room_words, COUNT_OF(room_words), &start, &end, &next)) {
        slice(text, start, end, piece, sizeof piece);
        mqt_address_room(piece, out->room);
    } else if (after < text->count && is_part_glyph(text->glyphs[after].code)) {
        slice(text, after, text->count, piece, sizeof piece);
        mqt_address_room(piece, out->room);
    }
}

bool mqt_address_parse(const char *raw, struct mqt_address *out)
{
    static const char *const number_words[] = {"号楼", "栋", "幢", "座", "#"};
    struct text text;
    size_t start, end, after;
    char piece[MQT_ADDRESS_PART];
    bool found = false;

    set_part(out->estate, ABSENT);
    set_part(out->number, ABSENT);
    set_part(out->unit, ABSENT);
    set_part(out->floor, ABSENT);
    set_part(out->room, ABSENT);
    if (is_absent(raw)) {
        return false;
    }
    scan(raw, &text);
    if (parse_dashes(&text, out)) {
        found = true;
    } else if (find_part(&text, 0, number_words, COUNT_OF(number_words), &start, &end, &after)) {
        slice(&text, start, end, piece, sizeof piece);
        mqt_address_number(piece, out->number);
        slice(&text, 0, start, out->estate, sizeof out->estate);
        parse_rest(&text, after, out);
        found = true;
    } else {
        slice(&text, 0, text.count, out->estate, sizeof out->estate);
    }
    if (out->estate[0] == '\0') {
        set_part(out->estate, ABSENT);
    }
    return found;
}
