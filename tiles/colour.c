#include "colour.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LEN = 63 };

static const struct {
    const char *name;
    uint32_t rgba;
} names[] = {
    {"transparent", 0x00000000}, {"black", 0x000000ff},  {"white", 0xffffffff},   {"gray", 0x808080ff},
    {"grey", 0x808080ff},        {"silver", 0xc0c0c0ff}, {"red", 0xff0000ff},     {"maroon", 0x800000ff},
    {"orange", 0xffa500ff},      {"yellow", 0xffff00ff}, {"olive", 0x808000ff},   {"lime", 0x00ff00ff},
    {"green", 0x008000ff},       {"teal", 0x008080ff},   {"cyan", 0x00ffffff},    {"aqua", 0x00ffffff},
    {"blue", 0x0000ffff},        {"navy", 0x000080ff},   {"magenta", 0xff00ffff}, {"fuchsia", 0xff00ffff},
    {"purple", 0x800080ff},      {"brown", 0xa52a2aff},  {"pink", 0xffc0cbff},
};

static struct mqt_colour from_rgba(uint32_t rgba)
{
    return (struct mqt_colour){(float)(rgba >> 24) / 255, (float)(rgba >> 16 & 255) / 255,
                               (float)(rgba >> 8 & 255) / 255, (float)(rgba & 255) / 255};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_hex(const char *text, size_t len, struct mqt_colour *colour)
{
    if (len != 3 && len != 4 && len != 6 && len != 8) {
        return false;
    }
    uint32_t rgba = 0;
    for (size_t i = 0; i < len; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0) {
            return false;
        }
        rgba = rgba << 4 | (uint32_t)digit;
        if (len <= 4) {
            rgba = rgba << 4 | (uint32_t)digit;
        }
    }
    if (len == 3 || len == 6) {
        rgba = rgba << 8 | 255;
    }
    *colour = from_rgba(rgba);
    return true;
}

/* Reads "12, 30%, 4" up to the closing bracket. Percentages become hundredths. */
static int parse_arguments(const char *text, double values[4], bool percent[4])
{
    int count = 0;
    for (;;) {
        text += strspn(text, " ");
        char *end;
        double value = strtod(text, &end);
        if (end == text || count == 4 || !isfinite(value)) {
            return -1;
        }
        text = end;
        percent[count] = *text == '%';
        if (percent[count]) {
            value /= 100;
            text++;
        }
        values[count++] = value;
        text += strspn(text, " ");
        if (*text == ')') {
            return text[1] == '\0' ? count : -1;
        }
        if (*text == ',' || *text == '/') {
            text++;
        }
    }
}

static float unit(double value)
{
    return (float)(value < 0 ? 0 : value > 1 ? 1 : value);
}

/* CSS Color 4, section 7: how far channel n stands above the darkest. */
static float hsl_channel(double n, double hue_deg, double saturation, double lightness)
{
    double k = fmod(n + hue_deg / 30, 12);
    double reach = saturation * fmin(lightness, 1 - lightness);
    return unit(lightness - reach * fmax(-1, fmin(fmin(k - 3, 9 - k), 1)));
}

static bool parse_function(const char *text, struct mqt_colour *colour)
{
    bool rgb = strncmp(text, "rgb", 3) == 0, hsl = strncmp(text, "hsl", 3) == 0;
    text += 3;
    text += *text == 'a';
    double v[4];
    bool percent[4];
    if ((!rgb && !hsl) || *text != '(') {
        return false;
    }
    int count = parse_arguments(text + 1, v, percent);
    if (count != 3 && count != 4) {
        return false;
    }
    struct mqt_colour parsed = {.a = count == 4 ? unit(v[3]) : 1};
    if (rgb) {
        parsed.r = unit(percent[0] ? v[0] : v[0] / 255);
        parsed.g = unit(percent[1] ? v[1] : v[1] / 255);
        parsed.b = unit(percent[2] ? v[2] : v[2] / 255);
    } else {
        if (!percent[1] || !percent[2]) {
            return false;
        }
        double hue = fmod(fmod(v[0], 360) + 360, 360), saturation = unit(v[1]), lightness = unit(v[2]);
        parsed.r = hsl_channel(0, hue, saturation, lightness);
        parsed.g = hsl_channel(8, hue, saturation, lightness);
        parsed.b = hsl_channel(4, hue, saturation, lightness);
    }
    *colour = parsed;
    return true;
}

bool mqt_colour_parse(const char *text, size_t len, struct mqt_colour *colour)
{
    char word[MAX_LEN + 1];
    if (len == 0 || len > MAX_LEN || memchr(text, '\0', len)) {
        return false;
    }
    memcpy(word, text, len);
    word[len] = '\0';
    if (word[0] == '#') {
        return parse_hex(word + 1, len - 1, colour);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(word, names[i].name) == 0) {
            *colour = from_rgba(names[i].rgba);
            return true;
        }
    }
    return len > 4 && parse_function(word, colour);
}
