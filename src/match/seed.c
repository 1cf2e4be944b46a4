/* The grams of `b` are entered into a table of chained buckets; the grams of
 * `a` look themselves up.  A gram is compared by its word hashes, never by a
 * hash of them, so there is nothing to verify afterwards.  A bucket is walked
 * PROBE_MAX distinct grams deep: honest texts never come near it, and a text
 * made of colliding words costs no more than any other.
 *
 * Pairs are visited by ascending position in a; each is grown to both sides
 * until the words differ, and the end of the last run of each diagonal is kept,
 * so that a run is found once.  Only grams whose product of occurrences is
 * small start runs, and a run can only be entered through them: each word lies
 * in at most RP_SEED_PRODUCT_MAX runs that grow over it, and the whole is
 * linear. */
#include "match/seed.h"

#include <string.h>

#include "base/sort.h"

enum { PROBE_MAX = 64 };
#define NONE UINT32_MAX

typedef struct gram_table {
  const uint64_t *word; /* hashes of the text in the table */
  size_t n_gram;
  unsigned shift;
  uint32_t *bucket; /* last distinct gram of a bucket */
  uint32_t *older;  /* of a distinct gram: the one before it in its bucket */
  uint32_t *twin;   /* of any gram: the last one before it that is equal */
  uint32_t *last;   /* of a distinct gram: its last occurrence */
  uint32_t *count;  /* of a distinct gram: its occurrences */
} gram_table;

static size_t n_grams(const rp_words *words) { return words->n < RP_SEED_GRAM ? 0 : words->n - RP_SEED_GRAM + 1; }

static size_t bucket_of(const gram_table *table, const uint64_t *gram) {
  uint64_t h = gram[0] * 0x9e3779b97f4a7c15u ^ (gram[1] << 23 | gram[1] >> 41) ^ (gram[2] << 46 | gram[2] >> 18);
  return (size_t)(h * 0xd6e8feb86659fd93u >> table->shift);
}

static bool grams_are_equal(const uint64_t *x, const uint64_t *y) {
  return x[0] == y[0] && x[1] == y[1] && x[2] == y[2];
}

/* The distinct gram equal to `gram`, or NONE; `*depth` says how many others of
 * its bucket were looked at. */
static uint32_t gram_find(const gram_table *table, const uint64_t *gram, size_t bucket, unsigned *depth) {
  unsigned seen = 0;
  uint32_t at = table->bucket[bucket];
  for (; at != NONE && seen < PROBE_MAX; at = table->older[at], seen++)
    if (grams_are_equal(table->word + at, gram)) break;
  *depth = seen;
  return seen < PROBE_MAX ? at : NONE;
}

static bool table_make(gram_table *table, const rp_words *words, rp_arena *arena) {
  size_t n = n_grams(words);
  unsigned bits = 4;
  while (bits < 32 && (size_t)1 << bits < 2 * n) bits++;
  size_t n_bucket = (size_t)1 << bits;
  *table = (gram_table){.word = words->hash, .n_gram = n, .shift = 64 - bits};
  table->bucket = RP_NEW(arena, uint32_t, n_bucket);
  table->older = RP_NEW(arena, uint32_t, n);
  table->twin = RP_NEW(arena, uint32_t, n);
  table->last = RP_NEW(arena, uint32_t, n);
  table->count = RP_NEW(arena, uint32_t, n);
  if (!table->bucket || !table->older || !table->twin || !table->last || !table->count) return false;
  memset(table->bucket, 0xff, n_bucket * sizeof *table->bucket);
  for (size_t i = 0; i < n; i++) {
    uint32_t gram = (uint32_t)i;
    size_t bucket = bucket_of(table, words->hash + i);
    unsigned depth;
    uint32_t first = gram_find(table, words->hash + i, bucket, &depth);
    if (first != NONE) {
      table->twin[gram] = table->last[first];
      table->last[first] = gram;
      table->count[first]++;
      continue;
    }
    if (depth == PROBE_MAX) continue;
    table->older[gram] = table->bucket[bucket];
    table->bucket[bucket] = gram;
    table->twin[gram] = NONE;
    table->last[gram] = gram;
    table->count[gram] = 1;
  }
  return true;
}

/* For each gram of `a` its equal in the table, and for each distinct gram of
 * the table how often it occurs in a. */
static void grams_look_up(const gram_table *table, const rp_words *a, uint32_t *equal, uint32_t *count_a) {
  memset(count_a, 0, table->n_gram * sizeof *count_a);
  size_t n = n_grams(a);
  for (size_t i = 0; i < n; i++) {
    unsigned depth;
    equal[i] = gram_find(table, a->hash + i, bucket_of(table, a->hash + i), &depth);
    if (equal[i] != NONE) count_a[equal[i]]++;
  }
}

/* The greatest product, up to RP_SEED_PRODUCT_MAX, at which the pairs of
 * repeated grams stay within RP_SEED_REPEAT_MAX. */
static uint64_t product_limit(const gram_table *table, const uint32_t *equal, const uint32_t *count_a, size_t n) {
  if (n * RP_SEED_PRODUCT_MAX <= RP_SEED_REPEAT_MAX) return RP_SEED_PRODUCT_MAX;
  uint64_t n_pair[RP_SEED_PRODUCT_MAX + 1] = {0};
  for (size_t i = 0; i < n; i++) {
    if (equal[i] == NONE) continue;
    uint64_t product = (uint64_t)count_a[equal[i]] * table->count[equal[i]];
    if (product <= RP_SEED_PRODUCT_MAX) n_pair[product] += table->count[equal[i]];
  }
  uint64_t limit = 1, sum = 0;
  while (limit < RP_SEED_PRODUCT_MAX && (sum += n_pair[limit + 1]) <= RP_SEED_REPEAT_MAX) limit++;
  return limit;
}

typedef struct run_list {
  const uint64_t *a, *b;
  size_t n_a, n_b;
  uint32_t *done; /* by diagonal: one past the last word of a in a run */
  rp_arena *arena;
  rp_seed *seed;
  size_t n, cap;
  bool failed;
} run_list;

static void run_add(run_list *run, rp_seed seed) {
  if (run->n == run->cap) {
    rp_seed *wider = RP_NEW(run->arena, rp_seed, 2 * run->cap);
    if (!wider) {
      run->failed = true;
      return;
    }
    memcpy(wider, run->seed, run->n * sizeof *wider);
    run->seed = wider;
    run->cap *= 2;
  }
  run->seed[run->n++] = seed;
}

/* Grows the equal words at (i, j) to both sides, unless a run holds them. */
static void run_grow(run_list *run, size_t i, size_t j) {
  uint32_t *done = &run->done[run->n_b + i - j];
  if (*done > i) return;
  size_t start = i, end = i, first_b = j;
  for (; start > *done && first_b > 0 && run->a[start - 1] == run->b[first_b - 1]; start--) first_b--;
  while (end < run->n_a && j + (end - i) < run->n_b && run->a[end] == run->b[j + (end - i)]) end++;
  *done = (uint32_t)end;
  if (end - start >= RP_SEED_GRAM) run_add(run, (rp_seed){(uint32_t)start, (uint32_t)first_b, (uint32_t)(end - start)});
}

static void runs_find(run_list *run, const gram_table *table, const uint32_t *equal, const uint32_t *count_a,
                      size_t n) {
  uint64_t limit = product_limit(table, equal, count_a, n);
  if (run->n_a > 0 && run->n_b > 0 && run->a[0] == run->b[0]) run_grow(run, 0, 0);
  for (size_t i = 0; i < n; i++) {
    uint32_t first = equal[i];
    if (first == NONE || (uint64_t)count_a[first] * table->count[first] > limit) continue;
    for (uint32_t j = table->last[first]; j != NONE; j = table->twin[j]) run_grow(run, i, j);
  }
  if (run->n_a > 0 && run->n_b > 0 && run->a[run->n_a - 1] == run->b[run->n_b - 1])
    run_grow(run, run->n_a - 1, run->n_b - 1);
}

static bool seeds_sort(rp_seed **seed, size_t n, rp_arena *arena) {
  bool sorted = true;
  for (size_t i = 1; i < n && sorted; i++)
    sorted = (*seed)[i - 1].a < (*seed)[i].a || ((*seed)[i - 1].a == (*seed)[i].a && (*seed)[i - 1].b < (*seed)[i].b);
  if (sorted) return true;
  rp_key32 *key = RP_NEW(arena, rp_key32, n), *scratch = RP_NEW(arena, rp_key32, n);
  rp_seed *to = RP_NEW(arena, rp_seed, n);
  if (!key || !scratch || !to) return false;
  for (size_t i = 0; i < n; i++) key[i] = (rp_key32){(uint64_t)(*seed)[i].a << 32 | (*seed)[i].b, (uint32_t)i};
  rp_sort_key32(key, scratch, n);
  for (size_t i = 0; i < n; i++) to[i] = (*seed)[key[i].value];
  *seed = to;
  return true;
}

rp_status rp_seeds_find(const rp_words *a, const rp_words *b, rp_arena *arena, const rp_seed **out, size_t *n_out,
                        rp_error *error) {
  enum { FIRST_CAP = 64 };
  gram_table table;
  if (a->n > UINT32_MAX / 2 || b->n > UINT32_MAX / 2) return rp_fail(error, RP_ERR_LIMIT, "text of too many words");
  run_list run = {.a = a->hash, .b = b->hash, .n_a = a->n, .n_b = b->n, .arena = arena, .cap = FIRST_CAP};
  uint32_t *equal = RP_NEW(arena, uint32_t, a->n), *count_a = RP_NEW(arena, uint32_t, b->n);
  run.done = RP_NEW0(arena, uint32_t, a->n + b->n + 1);
  run.seed = RP_NEW(arena, rp_seed, FIRST_CAP);
  if (!equal || !count_a || !run.done || !run.seed || !table_make(&table, b, arena)) return rp_fail_memory(error);
  grams_look_up(&table, a, equal, count_a);
  runs_find(&run, &table, equal, count_a, n_grams(a));
  if (run.failed || !seeds_sort(&run.seed, run.n, arena)) return rp_fail_memory(error);
  *out = run.seed;
  *n_out = run.n;
  return RP_OK;
}
