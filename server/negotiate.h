/* Reading request headers: what the client accepts, has, and may.
 *
 * Pure; any thread; nothing is allocated. Header texts may be NULL: the client sent none.
 */
#ifndef MQT_NEGOTIATE_H
#define MQT_NEGOTIATE_H

#include "../tiles/err.h"

#include <stdbool.h>

/* True when Accept-Encoding names gzip (or *) and does not forbid it with q=0. */
bool mqt_accepts_gzip(const char *accept_encoding);

/* True when If-None-Match lists the tag (given without quotes) or is *. Weak tags match too, as
 * RFC 9110 wants for this header. */
bool mqt_etag_listed(const char *if_none_match, const char *etag);

/* True when one of the three carries the token. Compares in constant time. */
bool mqt_token_given(const char *token, const char *authorization, const char *cookie, const char *query);

#define MQT_TOKEN_COOKIE "mqt_view"

/* scheme://host for absolute links, from the proxy's headers when they are there and well-formed,
 * else from Host, else from fallback. */
void mqt_base_url(const char *forwarded_proto, const char *forwarded_host, const char *host, const char *fallback,
                  char *url, size_t room);

#endif
