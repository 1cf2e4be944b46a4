/* words_by_hand.h - rp_words made without the tokenizer: words are what stands
 * between single spaces, folded already; those that begin with a byte from
 * 0xE3 to 0xEF are light (enough for Chinese characters). */
#ifndef RP_TEST_WORDS_BY_HAND_H
#define RP_TEST_WORDS_BY_HAND_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "text/token.h"

static inline uint64_t test_random(uint64_t *state) {
  uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

/* Not inlined: gcc warns of reads past the end of a literal where it inlines
 * XXH3 with a length it knows. */
__attribute__((noinline, unused)) static uint64_t test_hash(const void *data, size_t len) {
  return rp_hash64(data, len);
}

/* Words with no letters behind them: hashes only.  Everything lives in
 * `arena`. */
static inline rp_words words_of_hashes(rp_arena *arena, const uint64_t *hash, size_t n) {
  rp_words w = {.n = n};
  w.hash = RP_NEW(arena, uint64_t, n);
  w.flag = RP_NEW0(arena, uint16_t, n);
  w.folded_at = RP_NEW(arena, uint32_t, n + 1);
  w.folded = RP_NEW(arena, char, 2 * n);
  if (!w.hash || !w.flag || !w.folded_at || !w.folded) abort();
  for (size_t i = 0; i < n; i++) {
    w.hash[i] = hash[i];
    w.folded[2 * i] = (char)('a' + hash[i] % 26);
    w.folded[2 * i + 1] = '\n';
  }
  for (size_t i = 0; i <= n; i++) w.folded_at[i] = (uint32_t)(2 * i);
  return w;
}

static inline rp_words words_by_hand(rp_arena *arena, const char *text) {
  size_t len = strlen(text), n = 0;
  rp_words w = {0};
  w.folded = rp_arena_memdup(arena, text, len + 1);
  w.hash = RP_NEW(arena, uint64_t, len + 1);
  w.flag = RP_NEW0(arena, uint16_t, len + 1);
  w.folded_at = RP_NEW0(arena, uint32_t, len + 2);
  if (!w.hash || !w.flag || !w.folded_at || !w.folded) abort();
  for (size_t at = 0; at < len;) {
    size_t word_len = strcspn(text + at, " ");
    w.hash[n] = test_hash(text + at, word_len);
    if ((unsigned char)text[at] >= 0xe3 && (unsigned char)text[at] <= 0xef) w.flag[n] = RP_WORD_LIGHT;
    w.folded[at + word_len] = '\n';
    at += word_len + 1;
    w.folded_at[++n] = (uint32_t)at;
  }
  w.n = n;
  return w;
}

#endif
