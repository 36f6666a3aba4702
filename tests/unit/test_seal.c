#include "../../etl/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/mqt-seal-XXXXXX";
static char path[64];

static int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/key", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory);
}

static struct mqt_seal_key *open_key(void)
{
    struct mqt_seal_key *key = NULL;

    assert_int_equal(mqt_seal_key_open(path, &key, NULL), MQT_OK);
    return key;
}

static void the_key_is_made_once_and_private(void **state)
{
    (void)state;
    struct stat status;
    uint8_t first[MQT_HASH_BYTES], second[MQT_HASH_BYTES];
    struct mqt_seal_key *key = open_key();

    assert_int_equal(mqt_seal_hmac(key, "a", 1, first), MQT_OK);
    mqt_seal_key_free(key);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, 64);
    key = open_key();
    assert_int_equal(mqt_seal_hmac(key, "a", 1, second), MQT_OK);
    assert_memory_equal(first, second, sizeof first);
    mqt_seal_key_free(key);
}

static void a_key_that_others_can_read_is_refused(void **state)
{
    (void)state;
    struct mqt_seal_key *key = open_key();
    struct mqt_seal_key *refused = NULL;

    mqt_seal_key_free(key);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(mqt_seal_key_open(path, &refused, NULL), MQT_ERR_DENIED);
    assert_null(refused);
    assert_int_equal(chmod(path, 0600), 0);
}

static void what_is_sealed_can_be_opened(void **state)
{
    (void)state;
    struct mqt_seal_key *key = open_key();
    struct mqt_buf a, b, opened;

    mqt_buf_init(&a, 1024);
    mqt_buf_init(&b, 1024);
    mqt_buf_init(&opened, 1024);
    assert_int_equal(mqt_seal_close(key, "张三", 6, &a), MQT_OK);
    assert_int_equal(mqt_seal_close(key, "张三", 6, &b), MQT_OK);
    assert_int_equal(a.len, 1 + 12 + 6 + 16);
    assert_int_equal(a.data[0], 1);
    assert_memory_not_equal(a.data, b.data, a.len);
    assert_int_equal(mqt_seal_open(key, a.data, a.len, &opened), MQT_OK);
    assert_int_equal(opened.len, 6);
    assert_memory_equal(opened.data, "张三", 6);
    mqt_buf_clear(&a);
    mqt_buf_clear(&b);
    mqt_buf_clear(&opened);
    mqt_seal_key_free(key);
}

static void a_touched_seal_does_not_open(void **state)
{
    (void)state;
    struct mqt_seal_key *key = open_key();
    struct mqt_buf sealed, opened;

    mqt_buf_init(&sealed, 1024);
    mqt_buf_init(&opened, 1024);
    assert_int_equal(mqt_seal_close(key, "110", 3, &sealed), MQT_OK);
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.data[i] ^= 1;
        assert_int_equal(mqt_seal_open(key, sealed.data, sealed.len, &opened), MQT_ERR_FORMAT);
        sealed.data[i] ^= 1;
    }
    assert_int_equal(mqt_seal_open(key, sealed.data, sealed.len - 1, &opened), MQT_ERR_FORMAT);
    assert_int_equal(mqt_seal_open(key, sealed.data, 4, &opened), MQT_ERR_FORMAT);
    assert_int_equal(opened.len, 0);
    mqt_buf_clear(&sealed);
    mqt_buf_clear(&opened);
    mqt_seal_key_free(key);
}

static void sha256_is_the_standard_one(void **state)
{
    (void)state;
    static const uint8_t abc[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                  0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                  0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t hash[MQT_HASH_BYTES];

    assert_int_equal(mqt_seal_sha256("abc", 3, hash), MQT_OK);
    assert_memory_equal(hash, abc, sizeof abc);
    assert_int_equal(mqt_seal_sha256_file("/nowhere/at/all", hash, NULL), MQT_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_made_once_and_private), cmocka_unit_test(a_key_that_others_can_read_is_refused),
        cmocka_unit_test(what_is_sealed_can_be_opened),     cmocka_unit_test(a_touched_seal_does_not_open),
        cmocka_unit_test(sha256_is_the_standard_one),
    };
    return cmocka_run_group_tests_name("seal", tests, make_directory, remove_directory);
}
