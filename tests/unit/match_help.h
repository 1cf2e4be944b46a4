/* match_help.h - what the tests of comparison and judgement share: words from
 * C strings, marks by their wording, and texts of random words. */
#ifndef MATCH_HELP_H
#define MATCH_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/token.h"

#define STR(text) ((rp_str){(text), strlen(text)})

static inline rp_words words_of(rp_arena *arena, const char *text) {
  rp_words words;
  assert_int_equal(rp_words_split(STR(text), arena, &words, NULL), RP_OK);
  return words;
}

/* Gives `flag` to the words of the `nth` place (from 0) where `part` stands. */
static inline void flag_part(rp_words *words, const char *part, size_t nth, uint16_t flag) {
  const char *at = words->text.data;
  for (size_t k = 0; k <= nth; k++) {
    at = strstr(k ? at + 1 : at, part);
    assert_non_null(at);
  }
  size_t start = (size_t)(at - words->text.data), end = start + strlen(part);
  for (size_t i = 0; i < words->n; i++)
    if (words->start[i] >= start && words->start[i] < end) words->flag[i] |= flag;
}

static inline uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  return z ^ z >> 31;
}

static inline size_t below(uint64_t *state, size_t n) { return (size_t)(next_random(state) % n); }

/* A text of `n` words out of `n_vocabulary`, three letters and more each, now
 * and then a paragraph; ends in a blank. */
static inline char *random_text(rp_arena *arena, uint64_t *state, size_t n, size_t n_vocabulary) {
  char *text = RP_NEW(arena, char, n * 12 + 1), *at = text;
  assert_non_null(text);
  for (size_t i = 0; i < n; i++) {
    size_t word = below(state, n_vocabulary);
    for (int k = 0; k < 3 || word > 0; k++, word /= 20) *at++ = "bcdfghjklmnpqrstvwxz"[word % 20];
    *at++ = below(state, 30) == 0 ? '\n' : ' ';
  }
  *at = '\0';
  return text;
}

/* The parts one after the other. */
static inline char *joined(rp_arena *arena, const char *x, const char *y, const char *z) {
  size_t n = strlen(x) + strlen(y) + strlen(z) + 1;
  char *text = RP_NEW(arena, char, n);
  assert_non_null(text);
  snprintf(text, n, "%s%s%s", x, y, z);
  return text;
}

#endif
