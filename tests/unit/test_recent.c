#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../server/recent.h"

static int setup(void **state)
{
    struct mqt_recent *recent = NULL;
    assert_int_equal(mqt_recent_new(&recent), MQT_OK);
    *state = recent;
    return 0;
}

static int teardown(void **state)
{
    mqt_recent_free(*state);
    return 0;
}

/* A ticket whose JSON is its id. */
static void put(struct mqt_recent *recent, uint64_t id, int64_t reported_us)
{
    char json[24];
    int len = snprintf(json, sizeof json, "%llu", (unsigned long long)id);
    mqt_recent_put(recent, id, reported_us, json, (size_t)len);
}

static void assert_list(struct mqt_recent *recent, size_t limit, const char *wanted)
{
    struct mqt_buf out;
    mqt_buf_init(&out, 1 << 20);
    mqt_recent_write(recent, limit, &out);
    mqt_buf_add_byte(&out, 0);
    assert_int_equal(mqt_buf_err(&out), MQT_OK);
    for (size_t i = 0; i < out.len; i++) {
        out.data[i] = out.data[i] == '\n' ? ' ' : out.data[i];
    }
    assert_string_equal((char *)out.data, wanted);
    mqt_buf_clear(&out);
}

static void test_newest_first(void **state)
{
    assert_list(*state, 9, "[]");
    put(*state, 1, 100);
    put(*state, 2, 300);
    put(*state, 3, 200);
    put(*state, 4, 300); /* at the same moment the later id is newer */
    assert_list(*state, 9, "[4, 2, 3, 1]");
    assert_list(*state, 2, "[4, 2]");
    put(*state, 2, 50); /* the time of report was corrected */
    assert_list(*state, 9, "[4, 3, 1, 2]");
    mqt_recent_remove(*state, 3);
    mqt_recent_remove(*state, 77);
    assert_list(*state, 9, "[4, 1, 2]");
    mqt_recent_clear(*state);
    assert_list(*state, 9, "[]");
}

static void test_is_bounded_and_never_has_a_gap(void **state)
{
    for (int i = 1; i <= MQT_RECENT_KEPT + 10; i++) {
        put(*state, (uint64_t)i, i);
    }
    put(*state, 9999, 3); /* too old */
    struct mqt_buf out;
    mqt_buf_init(&out, 1 << 20);
    mqt_recent_write(*state, 100000, &out);
    size_t count = 1;
    for (size_t i = 0; i < out.len; i++) {
        count += out.data[i] == ',';
    }
    assert_int_equal(count, MQT_RECENT_KEPT);
    mqt_buf_clear(&out);
    /* All but the oldest three go, which makes room for one that is older than some forgotten ones. */
    for (int i = 14; i <= MQT_RECENT_KEPT + 10; i++) {
        mqt_recent_remove(*state, (uint64_t)i);
    }
    put(*state, 9999, 9);
    assert_list(*state, 9, "[13, 12, 11]");
    put(*state, 9999, 12);
    assert_list(*state, 9, "[13, 9999, 12, 11]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_newest_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_is_bounded_and_never_has_a_gap, setup, teardown),
    };
    return cmocka_run_group_tests_name("recent", tests, NULL, NULL);
}
