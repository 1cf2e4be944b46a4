#include "match/overlap.h"

#include "base/sort.h"
#include "sketch/shingle.h"

enum {
  SHINGLE = 5,
  TABLE_MAX = 4096, /* hashes of both sides that are counted in a table */
  IN_A = 1,
  IN_B = 2,
};

typedef struct counts {
  uint32_t n_a, n_b, shared;
} counts;

/* A table of all hashes, with the sides that have each.  So small that even
 * hashes made to collide cost little. */
static bool count_in_table(const rp_shingles *a, const rp_shingles *b, rp_arena *arena, counts *out) {
  size_t size = 64;
  while (size < 4 * (a->n + b->n)) size *= 2;
  uint64_t *key = RP_NEW(arena, uint64_t, size);
  uint8_t *sides = RP_NEW0(arena, uint8_t, size);
  if (!key || !sides) return false;
  counts c = {0, 0, 0};
  for (size_t i = 0; i < a->n + b->n; i++) {
    uint64_t hash = i < a->n ? a->hash[i] : b->hash[i - a->n];
    uint8_t side = i < a->n ? IN_A : IN_B;
    size_t at = hash & (size - 1);
    while (sides[at] && key[at] != hash) at = (at + 1) & (size - 1);
    key[at] = hash;
    uint8_t now = sides[at] | side;
    bool is_new = now != sides[at];
    c.n_a += is_new && side == IN_A;
    c.n_b += is_new && side == IN_B;
    c.shared += is_new && now == (IN_A | IN_B);
    sides[at] = now;
  }
  *out = c;
  return true;
}

/* The distinct ones of sorted hashes, in place. */
static size_t hashes_unique(uint64_t *hash, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (kept == 0 || hash[kept - 1] != hash[i]) hash[kept++] = hash[i];
  return kept;
}

static uint32_t n_shared(const uint64_t *a, size_t n_a, const uint64_t *b, size_t n_b) {
  uint32_t n = 0;
  for (size_t i = 0, j = 0; i < n_a && j < n_b;) {
    uint64_t x = a[i], y = b[j];
    n += x == y;
    i += x <= y;
    j += y <= x;
  }
  return n;
}

static bool count_by_sorting(const rp_shingles *a, const rp_shingles *b, rp_arena *arena, counts *out) {
  uint64_t *scratch = RP_NEW(arena, uint64_t, a->n > b->n ? a->n : b->n);
  if (!scratch) return false;
  rp_sort_u64(a->hash, scratch, a->n);
  rp_sort_u64(b->hash, scratch, b->n);
  size_t n_a = hashes_unique(a->hash, a->n), n_b = hashes_unique(b->hash, b->n);
  *out = (counts){(uint32_t)n_a, (uint32_t)n_b, n_shared(a->hash, n_a, b->hash, n_b)};
  return true;
}

static double ratio(uint32_t n, uint32_t of) { return of ? (double)n / of : 0; }

static rp_status measure(const rp_words *a, const rp_words *b, rp_arena *arena, rp_overlap *out, rp_error *error) {
  rp_shingles x, y;
  RP_TRY(rp_shingles_make(a, SHINGLE, arena, &x, error));
  RP_TRY(rp_shingles_make(b, SHINGLE, arena, &y, error));
  counts c;
  bool is_done = x.n + y.n <= TABLE_MAX ? count_in_table(&x, &y, arena, &c) : count_by_sorting(&x, &y, arena, &c);
  if (!is_done) return rp_fail_memory(error);
  *out = (rp_overlap){c.n_a,
                      c.n_b,
                      c.shared,
                      ratio(c.shared, c.n_a + c.n_b - c.shared),
                      ratio(c.shared, c.n_a),
                      ratio(c.shared, c.n_b)};
  return RP_OK;
}

rp_status rp_overlap_measure(const rp_words *a, const rp_words *b, rp_arena *arena, rp_overlap *out, rp_error *error) {
  rp_arena_mark before = rp_arena_get(arena);
  rp_status status = measure(a, b, arena, out, error);
  rp_arena_rewind(arena, before);
  return status;
}
