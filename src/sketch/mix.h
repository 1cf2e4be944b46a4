/* mix.h - the one 64-bit mixing function behind shingles, signatures and band
 * keys: two multiplications between three folds of the high bits into the low
 * ones, a bijection.  docs/signature.md specifies it. */
#ifndef RP_SKETCH_MIX_H
#define RP_SKETCH_MIX_H

#include <stddef.h>
#include <stdint.h>

/* Multipliers: fractions of the square roots of 3 and 5, and of the golden
 * ratio, as 64-bit integers. */
#define RP_MIX_A UINT64_C(0xbb67ae8584caa73b)
#define RP_MIX_B UINT64_C(0x3c6ef372fe94f82b)
#define RP_MIX_STEP UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t rp_mix64(uint64_t x) {
  x ^= x >> 32;
  x *= RP_MIX_A;
  x ^= x >> 29;
  x *= RP_MIX_B;
  return x ^ x >> 32;
}

/* The odd multiplier number `j`. */
static inline uint64_t rp_mix_multiplier(uint64_t j) { return rp_mix64(j * RP_MIX_STEP) | 1; }

static inline uint64_t rp_rotate_left(uint64_t x, unsigned by) { return x << by | x >> (64 - by); }

/* A sum of word hashes with one word more.  It turns by 23 bits first, so order
 * counts, and no two of up to 64 places turn alike. */
static inline uint64_t rp_mix_add(uint64_t sum, uint64_t word) { return rp_rotate_left(sum, 23) + word; }

/* The hash of a run of `n` words. */
static inline uint64_t rp_mix_words(const uint64_t *word, size_t n) {
  uint64_t x = 0;
  for (size_t i = 0; i < n; i++) x = rp_mix_add(x, word[i]);
  return rp_mix64(x);
}

#endif
