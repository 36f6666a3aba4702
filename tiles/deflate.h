/* gzip, zlib streams and checksums: the one door to libisal, with libdeflate as fallback.
 *
 * Pure; any thread.
 */
#ifndef MQT_DEFLATE_H
#define MQT_DEFLATE_H

#include "buf.h"

/* Appends a gzip member (RFC 1952, mtime 0, so equal input gives equal output). */
enum mqt_err mqt_gzip(const uint8_t *bytes, size_t len, struct mqt_buf *out) MQT_MUST_USE;

/* Appends a zlib stream (RFC 1950), as PNG wants it. */
enum mqt_err mqt_zlib(const uint8_t *bytes, size_t len, struct mqt_buf *out) MQT_MUST_USE;

/* CRC-32 of RFC 1952; start with crc 0. */
uint32_t mqt_crc32(uint32_t crc, const uint8_t *bytes, size_t len);

#endif
