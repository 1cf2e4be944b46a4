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

enum { N = RP_SIGNATURE_SIZE, FIRST_BIN_MULTIPLIER = RP_SIGNATURE_ROUNDS + 1 };
static const uint32_t empty_value = UINT32_MAX;

/* is_empty[b] is 1 for an empty bin; tells whether there is one. */
static bool find_empty(const uint32_t *signature, uint8_t is_empty[N]) {
  uint8_t any = 0;
  for (size_t b = 0; b < N; b++) is_empty[b] = signature[b] == empty_value;
  for (size_t b = 0; b < N; b++) any |= is_empty[b];
  return any != 0;
}

static void put(uint32_t *signature, uint64_t hash) {
  uint32_t *bin = signature + (hash >> 57), value = (uint32_t)(hash >> 25), old = *bin;
  *bin = old < value ? old : value;
}

/* The first round hashes no further: the shingle is a hash already. */
static void first_round(const uint64_t *shingle, size_t n, uint32_t *signature) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++) put(signature, shingle[i + k]);
  for (; i < n; i++) put(signature, shingle[i]);
}

enum { ROUND_BLOCK = 512 };

/* Few bins are empty after the first round.  Those that fall into one are
 * gathered without a branch, which could not be foretold. */
static void further_round(const uint64_t *shingle, size_t n, uint64_t multiplier, const uint8_t is_empty[N],
                          uint32_t *signature) {
  uint64_t hit[ROUND_BLOCK + 1];
  for (size_t from = 0; from < n; from += ROUND_BLOCK) {
    size_t n_hit = 0, end = n - from < ROUND_BLOCK ? n : from + ROUND_BLOCK;
    for (size_t i = from; i < end; i++) {
      uint64_t hash = shingle[i] * multiplier;
      hit[n_hit] = hash;
      n_hit += is_empty[hash >> 57];
    }
    for (size_t i = 0; i < n_hit; i++) put(signature, hit[i]);
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

static void fill_rest(const rp_kernel *kernel, const uint64_t *shingle, size_t n, const uint8_t is_empty[N],
                      uint32_t *signature) {
  uint64_t distinct[DISTINCT_MAX], multiplier[RP_KERNEL_GROUP] = {0};
  size_t n_distinct = n > DISTINCT_MAX ? take_distinct(shingle, n, distinct) : 0, n_bin = 0;
  uint8_t bin[N + 1];
  if (n_distinct) {
    shingle = distinct;
    n = n_distinct;
  }
  for (size_t b = 0; b < N; b++) {
    bin[n_bin] = (uint8_t)b;
    n_bin += is_empty[b];
  }
  for (size_t from = 0; from < n_bin; from += RP_KERNEL_GROUP) {
    size_t n_group = n_bin - from < RP_KERNEL_GROUP ? n_bin - from : RP_KERNEL_GROUP;
    uint32_t least[RP_KERNEL_GROUP];
    for (size_t k = 0; k < n_group; k++)
      multiplier[k] = rp_mix_multiplier(FIRST_BIN_MULTIPLIER + (uint64_t)bin[from + k]);
    kernel->least(shingle, n, multiplier, least);
    for (size_t k = 0; k < n_group; k++) signature[bin[from + k]] = least[k];
  }
}

void rp_minhash_sign_with(const rp_kernel *kernel, const uint64_t *shingle, size_t n,
                          uint32_t signature[RP_SIGNATURE_SIZE]) {
  uint8_t is_empty[N];
  memset(signature, 0xff, N * sizeof *signature);
  first_round(shingle, n, signature);
  for (uint64_t round = 2; round <= RP_SIGNATURE_ROUNDS; round++) {
    if (!find_empty(signature, is_empty)) return;
    further_round(shingle, n, rp_mix_multiplier(round), is_empty, signature);
  }
  if (find_empty(signature, is_empty)) fill_rest(kernel, shingle, n, is_empty, signature);
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
