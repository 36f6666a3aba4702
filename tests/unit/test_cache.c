#include "../../server/cache.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MIB ((size_t)1 << 20)

struct recipe {
    const char *text;
    size_t len; /* bytes to make; 0: the text */
    enum mqt_err err;
    int slow_ms;
    atomic_int made;
};

static enum mqt_err make(void *user, struct mqt_buf *out, struct mqt_detail *detail)
{
    struct recipe *recipe = user;
    struct timespec pause = {0, (long)recipe->slow_ms * 1000000};
    (void)atomic_fetch_add(&recipe->made, 1);
    (void)nanosleep(&pause, NULL);
    if (recipe->err) {
        return mqt_fail(detail, recipe->err, "as told");
    }
    if (recipe->text) {
        mqt_buf_add_str(out, recipe->text);
    }
    uint8_t *room = recipe->len ? mqt_buf_reserve(out, recipe->len) : NULL;
    if (room) {
        memset(room, 'x', recipe->len);
        out->len += recipe->len;
    }
    return mqt_buf_err(out);
}

static enum mqt_err get(struct mqt_cache *cache, const char *key, struct recipe *recipe, struct mqt_block **block)
{
    struct mqt_detail detail = {0};
    return mqt_cache_get(cache, key, strlen(key), MIB, make, recipe, block, &detail);
}

static struct mqt_cache *cache_of(size_t bytes)
{
    struct mqt_cache *cache = NULL;
    assert_int_equal(mqt_cache_new(bytes, &cache), MQT_OK);
    return cache;
}

static void a_key_is_made_once(void **state)
{
    (void)state;
    struct mqt_cache *cache = cache_of(MIB);
    struct recipe one = {.text = "one"};
    struct recipe two = {.text = "two"};
    struct mqt_block *first = NULL;
    struct mqt_block *again = NULL;
    struct mqt_block *other = NULL;
    assert_int_equal(get(cache, "a", &one, &first), MQT_OK);
    assert_int_equal(get(cache, "a", &two, &again), MQT_OK);
    assert_int_equal(get(cache, "b", &two, &other), MQT_OK);
    assert_ptr_equal(first, again);
    assert_int_equal(one.made, 1);
    assert_int_equal(two.made, 1);
    assert_int_equal(mqt_block_len(first), 3);
    assert_memory_equal(mqt_block_bytes(first), "one", 3);
    assert_memory_equal(mqt_block_bytes(other), "two", 3);
    struct mqt_cache_stats stats;
    mqt_cache_stats(cache, &stats);
    assert_int_equal(stats.hits, 1);
    assert_int_equal(stats.misses, 2);
    assert_int_equal(stats.entries, 2);
    mqt_cache_free(cache);
    assert_memory_equal(mqt_block_bytes(first), "one", 3); /* outlives the cache */
    mqt_block_release(first);
    mqt_block_release(again);
    mqt_block_release(other);
}

static void finding_makes_nothing(void **state)
{
    (void)state;
    struct mqt_cache *cache = cache_of(MIB);
    struct recipe one = {.text = "one"};
    struct mqt_block *made = NULL;
    struct mqt_block *found = NULL;
    assert_false(mqt_cache_find(cache, "a", 1, &found));
    assert_null(found);
    assert_int_equal(get(cache, "a", &one, &made), MQT_OK);
    assert_true(mqt_cache_find(cache, "a", 1, &found));
    assert_ptr_equal(found, made);
    assert_false(mqt_cache_find(cache, "ab", 2, &found));
    mqt_block_release(found);
    mqt_block_release(made);
    mqt_cache_free(cache);
}

static void an_empty_answer_is_kept_too(void **state)
{
    (void)state;
    struct mqt_cache *cache = cache_of(MIB);
    struct recipe nothing = {.text = ""};
    for (int i = 0; i < 2; i++) {
        struct mqt_block *block = NULL;
        assert_int_equal(get(cache, "empty", &nothing, &block), MQT_OK);
        assert_int_equal(mqt_block_len(block), 0);
        mqt_block_release(block);
    }
    assert_int_equal(nothing.made, 1);
    mqt_cache_free(cache);
}

static void a_failure_is_not_kept(void **state)
{
    (void)state;
    struct mqt_cache *cache = cache_of(MIB);
    struct recipe bad = {.err = MQT_ERR_MEMORY};
    struct recipe good = {.text = "good"};
    struct mqt_block *block = NULL;
    assert_int_equal(get(cache, "a", &bad, &block), MQT_ERR_MEMORY);
    assert_null(block);
    assert_int_equal(get(cache, "a", &good, &block), MQT_OK);
    assert_memory_equal(mqt_block_bytes(block), "good", 4);
    mqt_block_release(block);
    mqt_cache_free(cache);
}

static void bytes_stay_below_the_ceiling(void **state)
{
    (void)state;
    struct mqt_cache *cache = cache_of(MIB);
    struct recipe big = {.len = 10000};
    struct mqt_cache_stats stats;
    for (int i = 0; i < 1000; i++) {
        char key[16];
        struct mqt_block *block = NULL;
        (void)snprintf(key, sizeof key, "key %d", i);
        assert_int_equal(get(cache, key, &big, &block), MQT_OK);
        mqt_block_release(block);
        mqt_cache_stats(cache, &stats);
        assert_true(stats.bytes <= MIB);
    }
    assert_int_equal(big.made, 1000);
    assert_true(stats.evictions > 800);
    assert_true(stats.entries > 60); /* it does hold what fits */
    mqt_cache_free(cache);
}

static void what_is_used_stays(void **state)
{
    (void)state;
    struct mqt_cache *cache = cache_of(MIB);
    struct recipe favourite = {.len = 1000};
    struct recipe other = {.len = 1000};
    for (int i = 0; i < 5000; i++) {
        char key[16];
        struct mqt_block *block = NULL;
        assert_int_equal(get(cache, "favourite", &favourite, &block), MQT_OK);
        mqt_block_release(block);
        (void)snprintf(key, sizeof key, "key %d", i);
        assert_int_equal(get(cache, key, &other, &block), MQT_OK);
        mqt_block_release(block);
    }
    assert_int_equal(favourite.made, 1);
    assert_int_equal(other.made, 5000);
    mqt_cache_free(cache);
}

static void a_block_beyond_its_share_is_handed_out_but_not_kept(void **state)
{
    (void)state;
    struct mqt_cache *cache = cache_of(MIB);
    struct recipe huge = {.len = MIB / 2};
    for (int i = 0; i < 2; i++) {
        struct mqt_block *block = NULL;
        assert_int_equal(get(cache, "huge", &huge, &block), MQT_OK);
        assert_int_equal(mqt_block_len(block), MIB / 2);
        mqt_block_release(block);
    }
    assert_int_equal(huge.made, 2);
    struct recipe beyond = {.len = MIB + 1};
    struct mqt_block *none = NULL;
    assert_int_equal(get(cache, "beyond", &beyond, &none), MQT_ERR_LIMIT);
    assert_null(none);
    mqt_cache_free(cache);
}

struct crowd {
    struct mqt_cache *cache;
    struct recipe *recipe;
    atomic_int good, bad;
};

static void *ask(void *user)
{
    struct crowd *crowd = user;
    struct mqt_block *block = NULL;
    if (get(crowd->cache, "wanted", crowd->recipe, &block)) {
        (void)atomic_fetch_add(&crowd->bad, 1);
    } else {
        (void)atomic_fetch_add(&crowd->good, mqt_block_len(block) == 6);
        mqt_block_release(block);
    }
    return NULL;
}

static void run_crowd(struct crowd *crowd)
{
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask, crowd), 0);
    }
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
}

static void those_who_want_the_same_wait_for_one(void **state)
{
    (void)state;
    struct recipe slow = {.text = "wanted", .slow_ms = 50};
    struct crowd crowd = {.cache = cache_of(MIB), .recipe = &slow};
    run_crowd(&crowd);
    assert_int_equal(slow.made, 1);
    assert_int_equal(crowd.good, 8);
    mqt_cache_free(crowd.cache);
}

static void those_who_wait_are_not_lost_when_it_fails(void **state)
{
    (void)state;
    struct recipe bad = {.err = MQT_ERR_BUSY, .slow_ms = 2};
    struct crowd crowd = {.cache = cache_of(MIB), .recipe = &bad};
    run_crowd(&crowd);
    assert_int_equal(crowd.bad, 8);
    assert_int_equal(bad.made, 8);
    mqt_cache_free(crowd.cache);
}

static void *churn(void *user)
{
    struct crowd *crowd = user;
    for (int i = 0; i < 3000; i++) {
        char key[16];
        struct mqt_block *block = NULL;
        (void)snprintf(key, sizeof key, "%d", (i * 7919) % 97);
        if (get(crowd->cache, key, crowd->recipe, &block) == MQT_OK) {
            (void)atomic_fetch_add(&crowd->good, mqt_block_len(block) == 3000);
            mqt_block_release(block);
        }
    }
    return NULL;
}

static void threads_do_not_harm_each_other(void **state)
{
    (void)state;
    struct recipe some = {.len = 3000};
    struct crowd crowd = {.cache = cache_of(MIB / 8), .recipe = &some};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, churn, &crowd), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(crowd.good, 12000);
    mqt_cache_free(crowd.cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_made_once),
        cmocka_unit_test(finding_makes_nothing),
        cmocka_unit_test(an_empty_answer_is_kept_too),
        cmocka_unit_test(a_failure_is_not_kept),
        cmocka_unit_test(bytes_stay_below_the_ceiling),
        cmocka_unit_test(what_is_used_stays),
        cmocka_unit_test(a_block_beyond_its_share_is_handed_out_but_not_kept),
        cmocka_unit_test(those_who_want_the_same_wait_for_one),
        cmocka_unit_test(those_who_wait_are_not_lost_when_it_fails),
        cmocka_unit_test(threads_do_not_harm_each_other),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
