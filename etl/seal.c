#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AES_256_GCM = 1, KEY_BYTES = 64, HALF = 32, NONCE_BYTES = 12, TAG_BYTES = 16, HEAD_BYTES = 1 + NONCE_BYTES };

struct mqt_seal_key {
    uint8_t seal[HALF];
    uint8_t hash[HALF];
};

static void default_path(char *path, size_t size)
{
    const char *given = getenv("MQT_KEY_FILE"), *run_dir = getenv("RUN_DIR");

    if (given != NULL && given[0] != '\0') {
        snprintf(path, size, "%s", given);
    } else {
        snprintf(path, size, "%s/etl.key", run_dir == NULL || run_dir[0] == '\0' ? ".run" : run_dir);
    }
}

/* Written beside and renamed into place by link(), which fails when another process was first. */
static enum mqt_err make_key(const char *path, struct mqt_detail *detail)
{
    char beside[PATH_MAX];
    uint8_t bytes[KEY_BYTES];
    int fd = -1;
    enum mqt_err err = MQT_OK;

    if (snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid()) >= (int)sizeof beside) {
        return mqt_fail(detail, MQT_ERR_PARAM, "the key file's path is too long");
    }
    if (RAND_bytes(bytes, KEY_BYTES) != 1) {
        return mqt_fail(detail, MQT_ERR_IO, "no random numbers for a key");
    }
    fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, KEY_BYTES) != KEY_BYTES || fsync(fd) != 0 ||
        (link(beside, path) != 0 && errno != EEXIST)) {
        err = mqt_fail(detail, MQT_ERR_IO, "the key file %s cannot be made: %s", path, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
        unlink(beside);
    }
    OPENSSL_cleanse(bytes, sizeof bytes);
    return err;
}

static enum mqt_err read_key(int fd, const char *path, struct mqt_seal_key *key, struct mqt_detail *detail)
{
    struct stat status;
    uint8_t bytes[KEY_BYTES + 1];
    ssize_t count;

    if (fstat(fd, &status) != 0) {
        return mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
    }
    if ((status.st_mode & 077) != 0) {
        return mqt_fail(detail, MQT_ERR_DENIED, "the key file %s can be read by others; its mode must be 0600", path);
    }
    count = read(fd, bytes, sizeof bytes);
    if (count == KEY_BYTES) {
        memcpy(key->seal, bytes, HALF);
        memcpy(key->hash, bytes + HALF, HALF);
    }
    OPENSSL_cleanse(bytes, sizeof bytes);
    return count == KEY_BYTES
               ? MQT_OK
               : mqt_fail(detail, MQT_ERR_FORMAT, "the key file %s does not hold %d bytes", path, KEY_BYTES);
}

enum mqt_err mqt_seal_key_open(const char *path, struct mqt_seal_key **key, struct mqt_detail *detail)
{
    char where[PATH_MAX];
    struct mqt_seal_key *made = calloc(1, sizeof *made);
    enum mqt_err err = MQT_OK;
    int fd;

    if (made == NULL) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "no memory for a key");
    }
    if (path == NULL) {
        default_path(where, sizeof where);
        path = where;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        err = make_key(path, detail);
        fd = err == MQT_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    }
    if (err == MQT_OK && fd < 0) {
        err = mqt_fail(detail, MQT_ERR_IO, "the key file %s cannot be read: %s", path, strerror(errno));
    }
    if (err == MQT_OK) {
        err = read_key(fd, path, made, detail);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (err != MQT_OK) {
        mqt_seal_key_free(made);
        return err;
    }
    *key = made;
    return MQT_OK;
}

void mqt_seal_key_free(struct mqt_seal_key *key)
{
    if (key != NULL) {
        OPENSSL_cleanse(key, sizeof *key);
        free(key);
    }
}

enum mqt_err mqt_seal_close(const struct mqt_seal_key *key, const void *bytes, size_t len, struct mqt_buf *sealed)
{
    uint8_t nonce[NONCE_BYTES], tag[TAG_BYTES], *body;
    EVP_CIPHER_CTX *cipher;
    int count = 0, more = 0;
    enum mqt_err err = MQT_ERR_IO;

    if (len > INT_MAX / 2) {
        return MQT_ERR_LIMIT;
    }
    body = malloc(len + 1);
    cipher = EVP_CIPHER_CTX_new();
    if (body == NULL || cipher == NULL) {
        err = MQT_ERR_MEMORY;
        goto done;
    }
    if (RAND_bytes(nonce, sizeof nonce) != 1 ||
        EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key->seal, nonce) != 1 ||
        EVP_EncryptUpdate(cipher, body, &count, bytes, (int)len) != 1 ||
        EVP_EncryptFinal_ex(cipher, body + count, &more) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, tag) != 1) {
        goto done;
    }
    mqt_buf_add_byte(sealed, AES_256_GCM);
    mqt_buf_add(sealed, nonce, sizeof nonce);
    mqt_buf_add(sealed, body, len);
    mqt_buf_add(sealed, tag, sizeof tag);
    err = mqt_buf_err(sealed);
done:
    EVP_CIPHER_CTX_free(cipher);
    free(body);
    return err;
}

enum mqt_err mqt_seal_open(const struct mqt_seal_key *key, const uint8_t *sealed, size_t len, struct mqt_buf *bytes)
{
    uint8_t tag[TAG_BYTES], *body;
    size_t body_len;
    EVP_CIPHER_CTX *cipher;
    int count = 0, more = 0;
    enum mqt_err err = MQT_ERR_FORMAT;

    if (len < HEAD_BYTES + TAG_BYTES || len > INT_MAX / 2 || sealed[0] != AES_256_GCM) {
        return MQT_ERR_FORMAT;
    }
    body_len = len - HEAD_BYTES - TAG_BYTES;
    memcpy(tag, sealed + len - TAG_BYTES, TAG_BYTES);
    body = malloc(body_len + 1);
    cipher = EVP_CIPHER_CTX_new();
    if (body == NULL || cipher == NULL) {
        err = MQT_ERR_MEMORY;
        goto done;
    }
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key->seal, sealed + 1) == 1 &&
        EVP_DecryptUpdate(cipher, body, &count, sealed + HEAD_BYTES, (int)body_len) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) == 1 &&
        EVP_DecryptFinal_ex(cipher, body + count, &more) == 1) {
        mqt_buf_add(bytes, body, body_len);
        err = mqt_buf_err(bytes);
    }
done:
    EVP_CIPHER_CTX_free(cipher);
    if (body != NULL) {
        OPENSSL_cleanse(body, body_len);
        free(body);
    }
    return err;
}

enum mqt_err mqt_seal_hmac(const struct mqt_seal_key *key, const void *bytes, size_t len, uint8_t hash[MQT_HASH_BYTES])
{
    uint8_t made[EVP_MAX_MD_SIZE];
    unsigned made_len = 0;

    if (HMAC(EVP_sha256(), key->hash, HALF, bytes, len, made, &made_len) == NULL || made_len != MQT_HASH_BYTES) {
        return MQT_ERR_MEMORY;
    }
    memcpy(hash, made, MQT_HASH_BYTES);
    return MQT_OK;
}

/* By hand: a row has hundreds of these digits, and printf took longer than the cipher. */
void mqt_seal_hex(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

enum mqt_err mqt_seal_sha256(const void *bytes, size_t len, uint8_t hash[MQT_HASH_BYTES])
{
    return EVP_Digest(bytes, len, hash, NULL, EVP_sha256(), NULL) == 1 ? MQT_OK : MQT_ERR_MEMORY;
}

enum mqt_err mqt_seal_sha256_file(const char *path, uint8_t hash[MQT_HASH_BYTES], struct mqt_detail *detail)
{
    uint8_t piece[16384];
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    FILE *file = fopen(path, "rbe");
    size_t count;
    enum mqt_err err = MQT_OK;

    if (file == NULL || digest == NULL || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1) {
        err = mqt_fail(detail, MQT_ERR_IO, "%s: %s", path, strerror(errno));
        goto done;
    }
    while ((count = fread(piece, 1, sizeof piece, file)) > 0) {
        if (EVP_DigestUpdate(digest, piece, count) != 1) {
            err = MQT_ERR_MEMORY;
            goto done;
        }
    }
    if (ferror(file) || EVP_DigestFinal_ex(digest, hash, NULL) != 1) {
        err = mqt_fail(detail, MQT_ERR_IO, "%s: cannot be read to its end", path);
    }
done:
    EVP_MD_CTX_free(digest);
    if (file != NULL) {
        fclose(file);
    }
    return err;
}
