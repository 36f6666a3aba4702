#include "natural.h"

#include <string.h>

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits from at on, without leading zeros. */
static size_t take_number(const char *text, size_t len, size_t *at, const char **digits)
{
    while (*at < len && text[*at] == '0') {
        ++*at;
    }
    *digits = text + *at;
    size_t first = *at;
    while (*at < len && is_digit(text[*at])) {
        ++*at;
    }
    return *at - first;
}

/* For texts that differ in leading zeros alone. */
static int compare_bytes(const char *left, size_t left_len, const char *right, size_t right_len)
{
    size_t common = left_len < right_len ? left_len : right_len;
    int order = common > 0 ? memcmp(left, right, common) : 0;
    return order ? order : (left_len > right_len) - (left_len < right_len);
}

int mqt_natural_compare(const char *left, size_t left_len, const char *right, size_t right_len)
{
    size_t i = 0;
    size_t j = 0;
    while (i < left_len && j < right_len) {
        if (is_digit(left[i]) && is_digit(right[j])) {
            const char *a = NULL;
            const char *b = NULL;
            size_t a_len = take_number(left, left_len, &i, &a);
            size_t b_len = take_number(right, right_len, &j, &b);
            int order = a_len != b_len ? (a_len > b_len ? 1 : -1) : memcmp(a, b, a_len);
            if (order != 0) {
                return order;
            }
        } else if (left[i] != right[j]) {
            return (unsigned char)left[i] > (unsigned char)right[j] ? 1 : -1;
        } else {
            i++;
            j++;
        }
    }
    if (i < left_len || j < right_len) {
        return i < left_len ? 1 : -1;
    }
    return compare_bytes(left, left_len, right, right_len);
}
