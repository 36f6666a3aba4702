/* From a request to a complete response, without any socket.
 *
 * One table maps errors to HTTP status; refusals become problem documents (RFC 9457). Here stand
 * the rules that all answers share: methods, view token, CORS, ETag and 304, gzip, how old the data
 * is. http.c fills the inputs of an exchange, calls begin and, when that does not complete it,
 * finish: in a worker thread when mqt_respond_may_wait says so, because the answer may wait for the
 * database; again in a worker thread when a quick finish was postponed. An exchange belongs to one thread at a time;
 * clear it.
 */
#ifndef MQT_RESPOND_H
#define MQT_RESPOND_H

#include "app.h"
#include "route.h"
#include "sse.h"

/* Borrowed from the connection; NULL when absent. */
struct mqt_headers {
    const char *host, *forwarded_host, *forwarded_proto;
    const char *if_none_match, *accept_encoding, *authorization, *cookie, *last_event_id;
};

struct mqt_response {
    int status;
    const char *content_type;  /* NULL: none */
    const char *cache_control; /* NULL: no-cache */
    struct mqt_block *body;    /* NULL: empty */
    bool stream;               /* the body is an event stream: see mqt_sse_open */
    bool gzipped;              /* the body is */
    bool varies;               /* with Accept-Encoding */
    bool is_page;              /* a document or asset, not data */
    bool set_cookie;           /* the view token came in the query of a page */
    int retry_after_s;         /* 0: none */
    char etag[64];             /* without quotes; "": none */
    char next_link[1024];      /* URL of the next page; "": none */
};

struct mqt_exchange {
    const char *method, *target;
    struct mqt_headers headers;

    enum mqt_method verb;
    struct mqt_request request;
    bool gzip;                         /* the client takes it */
    bool quick;                        /* only what is at hand: an answer that must be rendered is postponed */
    char base_url[320];                /* scheme://host */
    struct mqt_registry_status status; /* taken before the answer looks at the data */
    int64_t start_us;                  /* monotonic */

    bool postponed; /* finish again, in a thread that may take its time, with quick off */
    struct mqt_response response;
};

/* True when the response is complete: a refusal, OPTIONS, or an answer that needs no data. */
bool mqt_respond_begin(struct mqt_app *app, struct mqt_exchange *exchange);
bool mqt_respond_may_wait(const struct mqt_exchange *exchange);
void mqt_respond_finish(struct mqt_app *app, struct mqt_exchange *exchange);
/* Makes the response a problem document, whatever it was before. */
void mqt_respond_problem(struct mqt_app *app, struct mqt_exchange *exchange, enum mqt_err err,
                         const struct mqt_detail *detail);
/* Counts it; then frees the response. */
void mqt_respond_done(struct mqt_app *app, struct mqt_exchange *exchange);

/* The headers that the response wants, in the order of sending; calls add for each. */
typedef void (*mqt_header_fn)(void *user, const char *name, const char *value);
void mqt_respond_headers(const struct mqt_app *app, const struct mqt_exchange *exchange, mqt_header_fn add, void *user);

/* For answers. Each fills exchange->response and returns MQT_OK, or an error with its detail. */
typedef enum mqt_err (*mqt_answer_fn)(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);

/* Takes the bytes as a 200 response. */
enum mqt_err mqt_respond_bytes(struct mqt_exchange *exchange, const char *content_type, struct mqt_buf *bytes,
                               struct mqt_detail *detail) MQT_MUST_USE;
/* The block of a key from the cache, made if need be; a quick exchange is postponed instead, and
 * *block stays as it was. */
enum mqt_err mqt_respond_cached(struct mqt_app *app, struct mqt_exchange *exchange, const char *key, size_t key_len,
                                size_t max_block, mqt_cache_make_fn make, void *user, struct mqt_block **block,
                                struct mqt_detail *detail) MQT_MUST_USE;
/* Sets the tag, and status 304 with true when the client has it already. */
bool mqt_respond_not_modified(struct mqt_exchange *exchange, const char *etag);
/* The text as a JSON string with its quotes. */
void mqt_add_json_string(struct mqt_buf *out, const char *text, size_t len);
/* ISO 8601 in UTC, to the millisecond, as a JSON string; null for 0. */
void mqt_add_json_time(struct mqt_buf *out, int64_t time_us);
/* Degrees as [west,south,east,north]; null when it is empty. */
void mqt_add_json_box(struct mqt_buf *out, struct mqt_box box);
/* 64 bits of anything, for tags. Start with 0. */
uint64_t mqt_hash(uint64_t hash, const void *bytes, size_t len);

#endif
