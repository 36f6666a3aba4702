/* The words by which files name their columns: data for header.c.
 *
 * For each role its words, separated by one blank, NULL for MQT_ROLE_NONE. Words are keys as
 * mqt_norm_key leaves them, without '_' and '-' and without units in brackets. A word stands once
 * in the whole table.
 */
#ifndef MQT_HEADER_WORDS_H
#define MQT_HEADER_WORDS_H

#include "header.h"

extern const char *const mqt_header_words[MQT_ROLE_COUNT];

#endif
