#include "match/overlap.h"

#include <string.h>

#include "base/sort.h"
#include "sketch/shingle.h"

enum { SHINGLE = 5, SMALL = 48, BITS_MAX = 12 };

/* Ascending order.  Hashes are spread evenly, so one pass by their first bits
 * leaves buckets of a few that are sorted each alone; where somebody made them
 * crowd a bucket, rp_sort_u64 is as fast as ever. */
static bool hashes_sort(uint64_t *hash, size_t n, rp_arena *arena) {
  uint64_t *from = RP_NEW(arena, uint64_t, n);
  if (!from) return false;
  unsigned bits = 0;
  while (bits < BITS_MAX && (size_t)1 << bits < n) bits++;
  if (n <= SMALL) {
    rp_sort_u64(hash, from, n);
    return true;
  }
  uint32_t *end = RP_NEW0(arena, uint32_t, (size_t)1 << bits);
  if (!end) return false;
  memcpy(from, hash, n * sizeof *hash);
  for (size_t i = 0; i < n; i++) end[from[i] >> (64 - bits)]++;
  uint32_t at = 0;
  for (size_t k = 0; k < (size_t)1 << bits; k++) {
    uint32_t count = end[k];
    end[k] = at;
    at += count;
  }
  for (size_t i = 0; i < n; i++) hash[end[from[i] >> (64 - bits)]++] = from[i];
  uint32_t start = 0;
  for (size_t k = 0; k < (size_t)1 << bits; k++) {
    if (end[k] - start > 1) rp_sort_u64(hash + start, from, end[k] - start);
    start = end[k];
  }
  return true;
}

/* The distinct ones of sorted hashes, in place. */
static size_t hashes_unique(uint64_t *hash, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (kept == 0 || hash[kept - 1] != hash[i]) hash[kept++] = hash[i];
  return kept;
}

static size_t n_shared(const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b) {
  size_t n = 0;
  for (size_t i = 0, j = 0; i < n_a && j < n_b;) {
    uint64_t x = a[i], y = b[j];
    n += x == y;
    i += x <= y;
    j += y <= x;
  }
  return n;
}

static double ratio(uint32_t n, uint32_t of) { return of ? (double)n / of : 0; }

static rp_status measure(const rp_words *a, const rp_words *b, rp_arena *arena, rp_overlap *out, rp_error *error) {
  rp_shingles x, y;
  RP_TRY(rp_shingles_make(a, SHINGLE, arena, &x, error));
  RP_TRY(rp_shingles_make(b, SHINGLE, arena, &y, error));
  if (!hashes_sort(x.hash, x.n, arena) || !hashes_sort(y.hash, y.n, arena)) return rp_fail_memory(error);
  uint32_t n_a = (uint32_t)hashes_unique(x.hash, x.n), n_b = (uint32_t)hashes_unique(y.hash, y.n);
  uint32_t shared = (uint32_t)n_shared(x.hash, n_a, y.hash, n_b);
  *out = (rp_overlap){n_a, n_b, shared, ratio(shared, n_a + n_b - shared), ratio(shared, n_a), ratio(shared, n_b)};
  return RP_OK;
}

rp_status rp_overlap_measure(const rp_words *a, const rp_words *b, rp_arena *arena, rp_overlap *out, rp_error *error) {
  rp_arena_mark before = rp_arena_get(arena);
  rp_status status = measure(a, b, arena, out, error);
  rp_arena_rewind(arena, before);
  return status;
}
