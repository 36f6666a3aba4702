/* Personal data sealed, and keyed hashes: the one door to libcrypto.
 *
 * A seal is algorithm id (1 byte), nonce, ciphertext, tag; id 1 is AES-256-GCM. The key is 64 bytes
 * in a file of mode 0600 (half to seal, half to hash), never in the database: MQT_KEY_FILE, else
 * "etl.key" in RUN_DIR (.run); it is made on first use. Losing it loses what it sealed. A key is
 * read-only after opening and may be shared between threads.
 */
#ifndef MQT_SEAL_H
#define MQT_SEAL_H

#include "../tiles/buf.h"

#define MQT_HASH_BYTES 32

struct mqt_seal_key;

/* path NULL: the default described above. MQT_ERR_DENIED: others may read the file. */
enum mqt_err mqt_seal_key_open(const char *path, struct mqt_seal_key **key, struct mqt_detail *detail) MQT_MUST_USE;
void mqt_seal_key_free(struct mqt_seal_key *key); /* wipes it; NULL is allowed */

/* Appends a seal of the bytes; two seals of the same bytes differ. */
enum mqt_err mqt_seal_close(const struct mqt_seal_key *key, const void *bytes, size_t len,
                            struct mqt_buf *sealed) MQT_MUST_USE;
/* Appends what was sealed. MQT_ERR_FORMAT: not a seal, damaged, or of another key. */
enum mqt_err mqt_seal_open(const struct mqt_seal_key *key, const uint8_t *sealed, size_t len,
                           struct mqt_buf *bytes) MQT_MUST_USE;

/* HMAC-SHA-256. */
enum mqt_err mqt_seal_hmac(const struct mqt_seal_key *key, const void *bytes, size_t len,
                           uint8_t hash[MQT_HASH_BYTES]) MQT_MUST_USE;

/* 2 * len small hexadecimal digits and a NUL. */
void mqt_seal_hex(const uint8_t *bytes, size_t len, char *out);

/* SHA-256, without a key. */
enum mqt_err mqt_seal_sha256(const void *bytes, size_t len, uint8_t hash[MQT_HASH_BYTES]) MQT_MUST_USE;
enum mqt_err mqt_seal_sha256_file(const char *path, uint8_t hash[MQT_HASH_BYTES],
                                  struct mqt_detail *detail) MQT_MUST_USE;

#endif
