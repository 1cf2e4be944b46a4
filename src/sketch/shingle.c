#include "sketch/shingle.h"

#include <assert.h>

#include "sketch/kernel.h"
#include "sketch/mix.h"

static unsigned weight_of(uint16_t flag) { return flag & RP_WORD_LIGHT ? 1 : 2; }

static void make_even(const rp_words *words, unsigned size, const rp_kernel *kernel, rp_shingles *out) {
  out->n = words->n - size + 1;
  kernel->shingles(words->hash, out->n, size, out->hash);
  kernel->ranges(out->n, size, out->start, out->end);
}

/* Both ends only move forward: a later start never ends earlier. */
static void make_weighted(const rp_words *words, unsigned size, rp_shingles *out) {
  uint64_t weight = 0, need = 2 * (uint64_t)size;
  size_t end = 0, n = 0;
  for (size_t start = 0; start < words->n; start++) {
    while (weight < need && end < words->n) weight += weight_of(words->flag[end++]);
    if (weight < need) break;
    out->hash[n] = rp_mix_words(words->hash + start, end - start);
    out->start[n] = (uint32_t)start;
    out->end[n++] = (uint32_t)end;
    weight -= weight_of(words->flag[start]);
  }
  out->n = n;
}

static void make_whole(const rp_words *words, rp_shingles *out) {
  out->n = 1;
  out->hash[0] = rp_mix_words(words->hash, words->n);
  out->start[0] = 0;
  out->end[0] = (uint32_t)words->n;
}

rp_status rp_shingles_make(const rp_words *words, unsigned size, rp_arena *arena, rp_shingles *out, rp_error *error) {
  assert(size > 0);
  rp_shingles made = {0};
  if (words->n > 0) {
    made.hash = RP_NEW(arena, uint64_t, words->n);
    made.start = RP_NEW(arena, uint32_t, words->n);
    made.end = RP_NEW(arena, uint32_t, words->n);
    if (!made.hash || !made.start || !made.end) return rp_fail_memory(error);
    const rp_kernel *kernel = rp_kernel_best();
    bool has_light = kernel->any_flag(words->flag, words->n) & RP_WORD_LIGHT;
    if (has_light)
      make_weighted(words, size, &made);
    else if (words->n >= size)
      make_even(words, size, kernel, &made);
    if (made.n == 0) make_whole(words, &made);
  }
  *out = made;
  return RP_OK;
}
