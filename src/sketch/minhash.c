/* One-permutation hashing (Li, Owen, Zhang, 2012) leaves bins empty where a
 * text is short.  Four rounds, each with a hash of its own, fill most of them
 * as fast similarity sketching does (Dahlgaard, Knudsen, Thorup, 2017); the
 * number of rounds is fixed, since one that depends on the text would bias
 * the estimate.  What is still empty is an ordinary minimum. */
#include "sketch/minhash.h"

#include <stdbool.h>
#include <string.h>

#include "sketch/kernel.h"
#include "sketch/mix.h"

enum { N = RP_SIGNATURE_SIZE, MASK_WORDS = N / 32, FIRST_BIN_MULTIPLIER = RP_SIGNATURE_ROUNDS + 1 };
static const uint32_t empty_value = UINT32_MAX;

static bool find_empty(const uint32_t *signature, uint32_t empty[MASK_WORDS]) {
  uint32_t any = 0;
  for (size_t w = 0; w < MASK_WORDS; w++) {
    uint32_t bits = 0;
    for (uint32_t i = 0; i < 32; i++) bits |= (uint32_t)(signature[w * 32 + i] == empty_value) << i;
    empty[w] = bits;
    any |= bits;
  }
  return any != 0;
}

/* The first round hashes no further: the shingle is a hash already. */
static void first_round(const uint64_t *shingle, size_t n, uint32_t *signature) {
  for (size_t i = 0; i < n; i++) {
    uint32_t *bin = signature + (shingle[i] >> 57), value = (uint32_t)(shingle[i] >> 25);
    *bin = value < *bin ? value : *bin;
  }
}

enum { DISTINCT_MAX = 1024, TABLE = 4 * DISTINCT_MAX };

/* A long text that leaves bins empty repeats a few shingles over and over:
 * they are taken once each, else the minima would cost 128 times the text.
 * Gives 0 where there are more than DISTINCT_MAX. */
static size_t take_distinct(const uint64_t *shingle, size_t n, uint64_t distinct[DISTINCT_MAX]) {
  uint16_t table[TABLE] = {0};
  size_t n_distinct = 0;
  for (size_t i = 0; i < n; i++) {
    size_t at = (size_t)(shingle[i] % TABLE);
    while (table[at] && distinct[table[at] - 1] != shingle[i]) at = (at + 1) % TABLE;
    if (table[at]) continue;
    if (n_distinct == DISTINCT_MAX) return 0;
    distinct[n_distinct++] = shingle[i];
    table[at] = (uint16_t)n_distinct;
  }
  return n_distinct;
}

static void fill_rest(const rp_kernel *kernel, const uint64_t *shingle, size_t n, uint32_t *signature) {
  uint64_t distinct[DISTINCT_MAX];
  size_t n_distinct = n > DISTINCT_MAX ? take_distinct(shingle, n, distinct) : 0;
  if (n_distinct) {
    shingle = distinct;
    n = n_distinct;
  }
  for (uint64_t bin = 0; bin < N; bin++)
    if (signature[bin] == empty_value)
      signature[bin] = (uint32_t)(kernel->least(shingle, n, rp_mix_multiplier(FIRST_BIN_MULTIPLIER + bin)) >> 32);
}

void rp_minhash_sign_with(const rp_kernel *kernel, const uint64_t *shingle, size_t n, uint32_t *signature) {
  uint32_t empty[MASK_WORDS];
  memset(signature, 0xff, N * sizeof *signature);
  first_round(shingle, n, signature);
  for (uint64_t round = 2; round <= RP_SIGNATURE_ROUNDS; round++) {
    if (!find_empty(signature, empty)) return;
    kernel->round(shingle, n, rp_mix_multiplier(round), empty, signature);
  }
  if (find_empty(signature, empty)) fill_rest(kernel, shingle, n, signature);
}

void rp_minhash_sign(const uint64_t *shingle, size_t n, uint32_t signature[RP_SIGNATURE_SIZE]) {
  rp_minhash_sign_with(rp_kernel_best(), shingle, n, signature);
}

void rp_minhash_pack(const uint32_t signature[RP_SIGNATURE_SIZE], uint16_t packed[RP_SIGNATURE_SIZE]) {
  for (size_t i = 0; i < N; i++) packed[i] = (uint16_t)signature[i];
}

double rp_minhash_estimate(const uint16_t a[RP_SIGNATURE_SIZE], const uint16_t b[RP_SIGNATURE_SIZE]) {
  unsigned agree = 0;
  for (size_t i = 0; i < N; i++) agree += a[i] == b[i];
  const double chance = 1.0 / 65536;
  double estimate = ((double)agree / N - chance) / (1 - chance);
  return estimate < 0 ? 0 : estimate;
}
