/* word_hash.h - XXH3 of many words at a time.
 *
 * XXH3 takes another way for each class of lengths, and the next word's length
 * cannot be foretold: words are dealt into lists by class first. */
#ifndef RP_TEXT_WORD_HASH_H
#define RP_TEXT_WORD_HASH_H

#include "base/hash.h"
#include "text/stream.h"

enum { RP_HASH_BATCH = 256 };

/* Hashes listed words that all have `least` to `most` bytes. */
RP_INLINE void rp_hash_class(const char *restrict folded, const uint32_t *restrict folded_at,
                             const uint8_t *restrict list, size_t n, size_t least, size_t most,
                             uint64_t *restrict hash) {
  for (size_t j = 0; j < n; j++) {
    size_t i = list[j], len = folded_at[i + 1] - folded_at[i] - 1;
    if (len < least || len > most) __builtin_unreachable();
    hash[i] = rp_hash64(folded + folded_at[i], len);
  }
}

/* Hashes up to RP_HASH_BATCH words. */
RP_INLINE void rp_hash_words(const char *restrict folded, const uint32_t *restrict folded_at, size_t n,
                             uint64_t *restrict hash) {
  /* Each word is written to all lists and kept in one: no branch, and counts
   * that stay in registers. */
  uint8_t low[RP_HASH_BATCH], middle[RP_HASH_BATCH], high[RP_HASH_BATCH];
  size_t n_low = 0, n_middle = 0, n_high = 0;
  for (size_t i = 0; i < n; i++) {
    size_t len = folded_at[i + 1] - folded_at[i] - 1;
    low[n_low] = middle[n_middle] = high[n_high] = (uint8_t)i;
    n_low += len < 4;
    n_high += len > 8;
    n_middle = i + 1 - n_low - n_high;
  }
  rp_hash_class(folded, folded_at, low, n_low, 1, 3, hash);
  rp_hash_class(folded, folded_at, middle, n_middle, 4, 8, hash);
  rp_hash_class(folded, folded_at, high, n_high, 9, UINT32_MAX, hash);
}

#endif
