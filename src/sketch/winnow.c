/* A shingle is chosen where it is the least of some window that contains it.
 * Kernels find all that are so by the upper halves of their hashes; what is
 * left to ask of the few is whether two that stand in one window tie. */
#include "sketch/winnow.h"

#include <stdbool.h>

#include "sketch/kernel.h"

enum { SIDE = RP_WINNOW_WINDOW - 1 };
_Static_assert((int)RP_WINNOW_WINDOW == (int)RP_KERNEL_WINDOW, "kernels are written for one window");

static size_t least_of_few(const rp_shingles *s) {
  size_t least = 0;
  for (size_t i = 1; i < s->n; i++)
    if (s->hash[i] <= s->hash[least]) least = i;
  return least;
}

/* The definition itself: neighbours that do not beat `at`, on the left also
 * its equals, make up a window. */
static bool is_least(const rp_shingles *s, size_t at) {
  size_t from = at, to = at + 1;
  while (from > 0 && at - from < SIDE && s->hash[from - 1] >= s->hash[at]) from--;
  while (to < s->n && to - from < RP_WINNOW_WINDOW && s->hash[to] > s->hash[at]) to++;
  return to - from >= RP_WINNOW_WINDOW;
}

static uint32_t start_of(const rp_shingles *s, size_t at) { return s->start ? s->start[at] : (uint32_t)at; }

typedef struct choice {
  size_t n;
  size_t last; /* number and upper half of the last one marked */
  uint32_t last_half;
  bool may_tie; /* two marked ones of one window are equal in their halves */
} choice;

static void take_marked(const rp_shingles *s, size_t from, const uint64_t *mark, size_t n_mark, bool is_exact,
                        choice *c, rp_fingerprint *out) {
  for (size_t w = 0; w < n_mark; w++) {
    for (uint64_t bits = mark[w]; bits; bits &= bits - 1) {
      size_t at = from + w * 64 + (size_t)__builtin_ctzll(bits);
      uint32_t half = (uint32_t)(s->hash[at] >> 32);
      c->may_tie |= half == c->last_half && at - c->last <= SIDE;
      c->last = at;
      c->last_half = half;
      if (is_exact && !is_least(s, at)) continue;
      out[c->n++] = (rp_fingerprint){s->hash[at], start_of(s, at)};
    }
  }
}

static choice take_blocks(const rp_kernel *kernel, const rp_shingles *s, bool is_exact, rp_fingerprint *out) {
  choice c = {.last = SIZE_MAX / 2};
  for (size_t from = 0; from < s->n; from += RP_KERNEL_BLOCK) {
    uint64_t mark[RP_KERNEL_BLOCK / 64];
    size_t m = s->n - from < RP_KERNEL_BLOCK ? s->n - from : RP_KERNEL_BLOCK;
    kernel->openings(s->hash, s->n, from, m, mark);
    take_marked(s, from, mark, (m + 63) / 64, is_exact, &c, out);
  }
  return c;
}

size_t rp_winnow_with(const rp_kernel *kernel, const rp_shingles *s, rp_fingerprint *out) {
  if (s->n == 0) return 0;
  if (s->n < RP_WINNOW_WINDOW) {
    size_t least = least_of_few(s);
    out[0] = (rp_fingerprint){s->hash[least], start_of(s, least)};
    return 1;
  }
  choice c = take_blocks(kernel, s, false, out);
  if (c.may_tie) c = take_blocks(kernel, s, true, out);
  return c.n;
}

size_t rp_winnow(const rp_shingles *shingles, rp_fingerprint *out) {
  return rp_winnow_with(rp_kernel_best(), shingles, out);
}
