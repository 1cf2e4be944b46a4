/* kernel.h - the inner loops of sketches, once for each instruction set.
 *
 * Every set compiles the same C, so all give the same bits; they differ in
 * what the compiler makes of it. */
#ifndef RP_SKETCH_KERNEL_H
#define RP_SKETCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

enum { RP_KERNEL_BLOCK = 512, RP_KERNEL_WINDOW = 8, RP_KERNEL_GROUP = 8 };

typedef struct rp_kernel {
  const char *name; /* "portable", "avx2", "avx512" */

  /* The OR of n flags. */
  uint16_t (*any_flag)(const uint16_t *flag, size_t n);

  /* hash[i] of the words i .. i + size - 1, for i in [0, n). */
  void (*shingles)(const uint64_t *word, size_t n, unsigned size, uint64_t *hash);

  /* Both kinds of the words that stand at i, for i in [0, n): a run of five
   * begins with the run of three. */
  void (*shingles_3_and_5)(const uint64_t *word, size_t n, uint64_t *three, uint64_t *five);

  /* start[i] = i and end[i] = i + size, for i in [0, n). */
  void (*ranges)(size_t n, uint32_t size, uint32_t *start, uint32_t *end);

  /* least[k] = the least upper half of shingle[i] * multiplier[k] modulo 2^64,
   * for k < RP_KERNEL_GROUP. */
  void (*least)(const uint64_t *shingle, size_t n, const uint64_t *multiplier, uint32_t *least);

  /* Bit i of `mark` (64 a word), i < m <= RP_KERNEL_BLOCK, says whether the
   * upper half of hash[from + i] is the least, ties allowed, of some window of
   * RP_KERNEL_WINDOW hashes out of hash[0 .. n) that contains it; n is at least
   * a window. */
  void (*openings)(const uint64_t *hash, size_t n, size_t from, size_t m, uint64_t *mark);
} rp_kernel;

/* The fastest one this processor runs. */
const rp_kernel *rp_kernel_best(void);

/* Number `i` of those this processor runs, from 0; NULL past the last. */
const rp_kernel *rp_kernel_get(size_t i);

#endif
