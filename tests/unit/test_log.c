#include "../../server/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static size_t logged(enum mqt_log_level most, enum mqt_log_level level, const char *text, char *line, size_t room)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct mqt_log log = {ends[1], most};
    mqt_log(&log, level, "event-name", "%s", text);
    (void)close(ends[1]);
    ssize_t len = read(ends[0], line, room - 1);
    (void)close(ends[0]);
    assert_true(len >= 0);
    line[len] = '\0';
    return (size_t)len;
}

static void an_event_is_one_line(void **state)
{
    (void)state;
    char line[4096];
    size_t len = logged(MQT_LOG_INFO, MQT_LOG_WARN, "two\nlines\rand \x1b[31m colour", line, sizeof line);
    assert_true(len > 30);
    assert_ptr_equal(strchr(line, '\n'), line + len - 1);
    assert_null(strchr(line, '\x1b'));
    assert_non_null(strstr(line, "Z warn event-name two lines and  [31m colour\n"));
    assert_true(line[4] == '-' && line[10] == 'T');
}

static void unimportant_events_are_left_out(void **state)
{
    (void)state;
    char line[4096];
    assert_int_equal(logged(MQT_LOG_WARN, MQT_LOG_INFO, "x", line, sizeof line), 0);
    assert_true(logged(MQT_LOG_WARN, MQT_LOG_ERROR, "x", line, sizeof line) > 0);
    mqt_log(NULL, MQT_LOG_ERROR, "event", "a NULL log is silent");
}

static void long_lines_are_cut(void **state)
{
    (void)state;
    char text[3000];
    char line[4096];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    size_t len = logged(MQT_LOG_INFO, MQT_LOG_INFO, text, line, sizeof line);
    assert_true(len <= 1024);
    assert_true(line[len - 1] == '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_one_line),
        cmocka_unit_test(unimportant_events_are_left_out),
        cmocka_unit_test(long_lines_are_cut),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
