/* Values of survey files checked and read: identity numbers, credit codes, phones, dates, figures.
 *
 * Pure; UTF-8; any thread. Numbers of documents are normalised first: full-width forms, blanks,
 * x and the Cyrillic Х are accepted. Reasons are stable ids for etl.reject. Times without a zone
 * stay local: the caller knows the zone. Masked text is what may be printed or stored unsealed.
 */
#ifndef MQT_CHECK_H
#define MQT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mqt_id_verdict {
    MQT_ID_OK,    /* GB 11643, 18 digits */
    MQT_ID_OLD,   /* the 15-digit form */
    MQT_ID_OTHER, /* a passport, a permit: kept as it is */
    MQT_ID_ABSENT,
    MQT_ID_TAIL_LOST, /* stored as a number: the last digits are gone */
    MQT_ID_LENGTH,
    MQT_ID_CHECKSUM,
    MQT_ID_DATE
};

enum { MQT_ID_BYTES = 32 };

struct mqt_id_number {
    char number[MQT_ID_BYTES]; /* normalised */
    int birth_year;            /* 0 unless OK or OLD */
    char sex;                  /* 'M', 'F', or 0 */
};

enum mqt_id_verdict mqt_check_id_number(const char *text, struct mqt_id_number *id);
/* "id-number-checksum" and a sentence; NULL for verdicts that accept. */
const char *mqt_check_id_code(enum mqt_id_verdict verdict);
const char *mqt_check_id_reason(enum mqt_id_verdict verdict);

/* The 18 digits of a number that is written with 15, so that the same person is found again; every
 * other number as it is. */
void mqt_check_id_modern(const struct mqt_id_number *id, char out[MQT_ID_BYTES]);

/* GB 32100: false is worth a warning, not a refusal. */
bool mqt_check_credit_code(const char *text);

/* A real number with any of the usual units behind it ("12.5米", "6层", "1,234.5"); false when the
 * text is something else or outside min .. max. */
bool mqt_check_number(const char *text, double min, double max, double *value);

/* ISO 8601, 2026/3/5 9:07, 2026年3月5日 9时7分, 20260305, a spreadsheet's serial day; written as
 * "YYYY-MM-DD HH:MM:SS" with the text's own zone behind it if it has one. */
enum { MQT_TIME_BYTES = 40 };
bool mqt_check_time(const char *text, char out[MQT_TIME_BYTES]);

/* Degrees: decimal, or degrees, minutes and seconds with their marks. */
bool mqt_check_degrees(const char *text, double *degrees);
/* True when there is a mark of minutes in the text. */
bool mqt_check_has_minutes(const char *text);
/* Degrees, minutes and seconds run together, 1161830.5 for 116°18′30.5″; false when a figure cannot be that. */
bool mqt_check_packed_degrees(double figure, int *degrees, int *minutes, double *seconds);

/* A phone as digits, "+" and "-"; false when it has less than 5 or more than 20 digits. */
bool mqt_check_phone(const char *text, char *out, size_t size);

/* 张*, 138****1234, 110***********002X. out has room for size bytes. */
void mqt_mask_name(const char *text, char *out, size_t size);
void mqt_mask_phone(const char *text, char *out, size_t size);
void mqt_mask_id_number(const char *text, char *out, size_t size);
/* Free text: runs of digits as long as a phone or an identity number are masked in it. */
void mqt_mask_text(const char *text, char *out, size_t size);

#endif
