#include "../../server/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *nothing(const char *name)
{
    (void)name;
    return NULL;
}

static const char *some(const char *name)
{
    static const struct {
        const char *name, *value;
    } variables[] = {{"PORT", "9000"},
                     {"MQT_CACHE_MB", "2"},
                     {"MQT_VIEW_TOKEN", "0123456789abcdef"},
                     {"MQT_DATABASE_URL", "postgresql:///x"},
                     {"MQT_WEB", ""}};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        if (strcmp(name, variables[i].name) == 0) {
            return variables[i].value;
        }
    }
    return NULL;
}

static enum mqt_err read_args(mqt_config_env_fn env, struct mqt_config *config, struct mqt_detail *detail,
                              const char *first, const char *second)
{
    char words[3][128] = {"mqt-server", "", ""};
    char *argv[] = {words[0], words[1], words[2], NULL};
    int argc = 1;
    if (first) {
        (void)snprintf(words[argc++], sizeof words[0], "%s", first);
    }
    if (second) {
        (void)snprintf(words[argc++], sizeof words[0], "%s", second);
    }
    return mqt_config_read(argc, argv, env, config, detail);
}

static void defaults_are_safe(void **state)
{
    (void)state;
    struct mqt_config config;
    struct mqt_detail detail = {0};
    assert_int_equal(read_args(nothing, &config, &detail, NULL, NULL), MQT_OK);
    assert_int_equal(config.port, 8080);
    assert_string_equal(config.listen, "127.0.0.1");
    assert_null(config.view_token);
    assert_true(config.heat_least_tickets > 1);
    assert_false(config.help || config.version);
}

static void options_win_over_the_environment(void **state)
{
    (void)state;
    struct mqt_config config;
    struct mqt_detail detail = {0};
    assert_int_equal(read_args(some, &config, &detail, NULL, NULL), MQT_OK);
    assert_int_equal(config.port, 9000);
    assert_int_equal(config.cache_bytes, 2 << 20);
    assert_string_equal(config.view_token, "0123456789abcdef");
    assert_string_equal(config.web_dir, "web/dist"); /* an empty variable is none */
    assert_int_equal(read_args(some, &config, &detail, "--port", "0"), MQT_OK);
    assert_int_equal(config.port, 0);
    assert_int_equal(read_args(some, &config, &detail, "--log=debug", NULL), MQT_OK);
    assert_int_equal(config.log_level, MQT_LOG_DEBUG);
}

static void wrong_use_names_the_option(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second, *field;
    } cases[] = {
        {"--port", "65536", "--port"}, {"--port", "-1", "--port"},        {"--port", "80x", "--port"},
        {"--port", "", "--port"},      {"--port", NULL, "--port"},        {"--log", "loud", "--log"},
        {"--nope", NULL, "--nope"},    {"stray", NULL, "stray"},          {"--", NULL, "--"},
        {"--web=", NULL, "--web"},     {"--portable", "1", "--portable"}, {"--port=9", "--p", "--p"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mqt_config config = {.port = 7};
        struct mqt_detail detail = {0};
        enum mqt_err err = read_args(nothing, &config, &detail, cases[i].first, cases[i].second);
        if (err != MQT_ERR_PARAM || strcmp(detail.field, cases[i].field) != 0 || config.port != 7) {
            fail_msg("%s: %s, field '%s'", cases[i].first, mqt_err_name(err), detail.field);
        }
    }
}

static const char *weak_token(const char *name)
{
    return strcmp(name, "MQT_VIEW_TOKEN") == 0 ? "short" : NULL;
}

static const char *unsendable_token(const char *name)
{
    return strcmp(name, "MQT_VIEW_TOKEN") == 0 ? "0123456789abcdef; Path=/" : NULL;
}

static void tokens_must_be_strong_and_fit_a_cookie(void **state)
{
    (void)state;
    struct mqt_config config;
    struct mqt_detail detail = {0};
    assert_int_equal(read_args(weak_token, &config, &detail, NULL, NULL), MQT_ERR_PARAM);
    assert_string_equal(detail.field, "MQT_VIEW_TOKEN");
    assert_null(strstr(detail.text, "short")); /* an error must not print the secret */
    assert_int_equal(read_args(unsendable_token, &config, &detail, NULL, NULL), MQT_ERR_PARAM);
}

static void help_looks_at_nothing_else(void **state)
{
    (void)state;
    struct mqt_config config;
    struct mqt_detail detail = {0};
    assert_int_equal(read_args(weak_token, &config, &detail, "--bad", "--help"), MQT_OK);
    assert_true(config.help);
    assert_int_equal(read_args(nothing, &config, &detail, "--version", NULL), MQT_OK);
    assert_true(config.version);
    assert_non_null(strstr(mqt_config_help(), "--run-dir"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_safe),          cmocka_unit_test(options_win_over_the_environment),
        cmocka_unit_test(wrong_use_names_the_option), cmocka_unit_test(tokens_must_be_strong_and_fit_a_cookie),
        cmocka_unit_test(help_looks_at_nothing_else),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
