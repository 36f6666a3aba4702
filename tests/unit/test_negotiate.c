#include "../../server/negotiate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void gzip_is_taken_where_it_is_offered(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool accepts;
    } cases[] = {
        {NULL, false},          {"", false},
        {"identity", false},    {"gzip", true},
        {"GZIP", true},         {"deflate, gzip;q=1.0, *;q=0.5", true},
        {"gzip;q=0", false},    {"gzip; q=0.000", false},
        {"gzip;q=0.001", true}, {"*", true},
        {"*;q=0", false},       {"*, gzip;q=0", false},
        {"br, xgzip", false},   {"gzipped", false},
        {",,,gzip", true},      {"gzip;", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (mqt_accepts_gzip(cases[i].header) != cases[i].accepts) {
            fail_msg("Accept-Encoding: %s", cases[i].header ? cases[i].header : "(none)");
        }
    }
}

static void tags_are_found_in_their_list(void **state)
{
    (void)state;
    assert_true(mqt_etag_listed("\"abc\"", "abc"));
    assert_true(mqt_etag_listed("W/\"abc\"", "abc"));
    assert_true(mqt_etag_listed("\"x\", \"abc\" , \"y\"", "abc"));
    assert_true(mqt_etag_listed("*", "abc"));
    assert_false(mqt_etag_listed(NULL, "abc"));
    assert_false(mqt_etag_listed("", "abc"));
    assert_false(mqt_etag_listed("abc", "abc"));
    assert_false(mqt_etag_listed("\"abcd\"", "abc"));
    assert_false(mqt_etag_listed("\"ab\"", "abc"));
    assert_false(mqt_etag_listed("W/", "abc"));
}

static void a_token_may_come_three_ways(void **state)
{
    (void)state;
    const char *token = "0123456789abcdef";
    assert_true(mqt_token_given(token, "Bearer 0123456789abcdef", NULL, ""));
    assert_true(mqt_token_given(token, "bearer 0123456789abcdef", NULL, NULL));
    assert_true(mqt_token_given(token, NULL, "a=b; mqt_view=0123456789abcdef; c=d", ""));
    assert_true(mqt_token_given(token, NULL, NULL, "0123456789abcdef"));
    assert_false(mqt_token_given(token, NULL, NULL, NULL));
    assert_false(mqt_token_given(token, "Bearer ", "", ""));
    assert_false(mqt_token_given(token, "Basic 0123456789abcdef", NULL, ""));
    assert_false(mqt_token_given(token, "Bearer 0123456789abcdef0123456789abcdef", NULL, ""));
    assert_false(mqt_token_given(token, "Bearer 0123456789abcde", NULL, ""));
    assert_false(mqt_token_given(token, "Bearer 0123456789abcdeF", NULL, ""));
    assert_false(mqt_token_given(token, NULL, "xmqt_view=0123456789abcdef", ""));
    assert_false(mqt_token_given(token, NULL, "mqt_view=", ""));
}

static void links_begin_with_the_address_that_was_asked(void **state)
{
    (void)state;
    char url[320];
    mqt_base_url(NULL, NULL, "map.example:8080", "127.0.0.1:1", url, sizeof url);
    assert_string_equal(url, "http://map.example:8080");
    mqt_base_url("https", "twin.gov.cn, inner", "map.example", "127.0.0.1:1", url, sizeof url);
    assert_string_equal(url, "https://twin.gov.cn");
    mqt_base_url("javascript", "evil\"><script>", "a/b", "127.0.0.1:1", url, sizeof url);
    assert_string_equal(url, "http://127.0.0.1:1");
    mqt_base_url(NULL, NULL, NULL, "[::1]:80", url, sizeof url);
    assert_string_equal(url, "http://[::1]:80");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_is_taken_where_it_is_offered),
        cmocka_unit_test(tags_are_found_in_their_list),
        cmocka_unit_test(a_token_may_come_three_ways),
        cmocka_unit_test(links_begin_with_the_address_that_was_asked),
    };
    return cmocka_run_group_tests_name("negotiate", tests, NULL, NULL);
}
