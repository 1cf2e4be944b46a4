/* scan.h - characters to folded words, one at a time: the definition that the
 * fast path is held to. */
#ifndef RP_TEXT_SCAN_H
#define RP_TEXT_SCAN_H

#include "text/token.h"

/* Words and folded bytes (a '\n' for each word among them) of a text. */
typedef struct rp_scan_size {
  size_t n_word, n_byte;
} rp_scan_size;

/* An upper bound without looking at the characters. */
rp_scan_size rp_scan_bound(rp_str text);
/* The exact number of words; of bytes an upper bound (number words shrink). */
rp_scan_size rp_scan_count(rp_str text);

/* Fills the arrays of `words`, which have room for what rp_scan_bound or
 * rp_scan_count says; `start` and `end` where they are not NULL.  Of the flags,
 * LIGHT is set. */
void rp_scan_words(rp_str text, rp_words *words);

/* The digits 0 to 9 with which the folded characters from `at` on begin, up to
 * `max`. */
size_t rp_scan_digits(rp_str text, size_t at, size_t max);

#endif
