#include "negotiate.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t"

/* The next element of a comma-separated header; false at the end. */
static bool next_element(const char **at, const char **start, size_t *len)
{
    *at += strspn(*at, BLANK ",");
    if (!**at) {
        return false;
    }
    *start = *at;
    *len = strcspn(*at, ",");
    *at += *len;
    return true;
}

/* `gzip;q=0.000` forbids, everything else allows. */
static bool has_zero_weight(const char *params, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if ((params[i] == 'q' || params[i] == 'Q') && params[i + 1] == '=') {
            const char *digit = params + i + 2;
            const char *end = params + len;
            while (digit < end && (*digit == '0' || *digit == '.')) {
                digit++;
            }
            return digit > params + i + 2 && (digit == end || strchr(BLANK ";", *digit));
        }
    }
    return false;
}

bool mqt_accepts_gzip(const char *accept_encoding)
{
    const char *at = accept_encoding ? accept_encoding : "";
    const char *element = NULL;
    size_t len = 0;
    bool any = false;
    while (next_element(&at, &element, &len)) {
        size_t name_len = strcspn(element, BLANK ";,");
        bool forbidden = has_zero_weight(element + name_len, len - name_len);
        if (name_len == 4 && strncasecmp(element, "gzip", 4) == 0) {
            return !forbidden;
        }
        any = any || (name_len == 1 && *element == '*' && !forbidden);
    }
    return any;
}

bool mqt_etag_listed(const char *if_none_match, const char *etag)
{
    const char *at = if_none_match ? if_none_match : "";
    const char *element = NULL;
    size_t len = 0;
    size_t const etag_len = strlen(etag);
    while (next_element(&at, &element, &len)) {
        while (len > 0 && strchr(BLANK, element[len - 1])) {
            len--;
        }
        if (len == 1 && *element == '*') {
            return true;
        }
        if (len > 2 && element[0] == 'W' && element[1] == '/') {
            element += 2;
            len -= 2;
        }
        if (len == etag_len + 2 && element[0] == '"' && memcmp(element + 1, etag, etag_len) == 0) {
            return true;
        }
    }
    return false;
}

/* Time depends on the length of what was given alone. */
static bool equal_secret(const char *secret, const char *given, size_t given_len)
{
    size_t const secret_len = strlen(secret);
    volatile uint8_t difference = secret_len != given_len;
    for (size_t i = 0; i < given_len; i++) {
        uint8_t other = (uint8_t)(secret_len > 0 ? secret[i % secret_len] : 0);
        difference = (uint8_t)(difference | ((uint8_t)given[i] ^ other));
    }
    return difference == 0;
}

static bool in_cookie(const char *token, const char *cookie)
{
    size_t const name_len = sizeof MQT_TOKEN_COOKIE - 1;
    for (const char *at = cookie; *at;) {
        at += strspn(at, BLANK ";");
        size_t len = strcspn(at, ";");
        if (len > name_len && memcmp(at, MQT_TOKEN_COOKIE, name_len) == 0 && at[name_len] == '=' &&
            equal_secret(token, at + name_len + 1, len - name_len - 1)) {
            return true;
        }
        at += len;
    }
    return false;
}

bool mqt_token_given(const char *token, const char *authorization, const char *cookie, const char *query)
{
    if (authorization && strncasecmp(authorization, "Bearer ", 7) == 0 &&
        equal_secret(token, authorization + 7, strlen(authorization + 7))) {
        return true;
    }
    if (query && *query && equal_secret(token, query, strlen(query))) {
        return true;
    }
    return cookie && in_cookie(token, cookie);
}

/* Length of the first list element when it is a plausible host with an optional port, else 0. */
static size_t host_len(const char *text)
{
    size_t len = text ? strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") : 0;
    return len > 0 && len <= 255 && (!text[len] || strchr(BLANK ",", text[len])) ? len : 0;
}

void mqt_base_url(const char *forwarded_proto, const char *forwarded_host, const char *host, const char *fallback,
                  char *url, size_t room)
{
    bool https = forwarded_proto && strncmp(forwarded_proto, "https", 5) == 0 &&
                 (!forwarded_proto[5] || strchr(BLANK ",", forwarded_proto[5]));
    const char *chosen = host_len(forwarded_host) ? forwarded_host : host_len(host) ? host : fallback;
    (void)snprintf(url, room, "%s://%.*s", https ? "https" : "http", (int)host_len(chosen), chosen);
}
