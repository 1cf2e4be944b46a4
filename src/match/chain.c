/* Chaining by dynamic programming over the runs in the order of the first
 * text, as in Li, "Minimap and miniasm" (2016): the best chain that ends in a
 * run is the run alone, or the run behind the best chain of one of the
 * RP_CHAIN_LOOK_BACK runs before it.  Chains are then taken out by score; a
 * run belongs to the best chain it is in. */
#include "match/chain.h"

#include "base/sort.h"

#define NONE UINT32_MAX

rp_status rp_weights_make(const rp_words *words, rp_arena *arena, rp_weights *out, rp_error *error) {
  size_t n = words->n;
  const uint16_t *flag = words->flag;
  uint32_t *all = RP_NEW(arena, uint32_t, n + 1), *counted = RP_NEW(arena, uint32_t, n + 1);
  if (!all || !counted) return rp_fail_memory(error);
  uint32_t sum = 0, sum_counted = 0, sum_furniture = 0;
  for (size_t i = 0; i < n; i++) {
    all[i] = sum;
    counted[i] = sum_counted;
    uint32_t weight = 2 - (uint32_t)((flag[i] & RP_WORD_LIGHT) != 0);
    sum += weight;
    sum_counted += weight * ((flag[i] & RP_WORD_UNCOUNTED) == 0);
    sum_furniture += weight * ((flag[i] & RP_WORD_FURNITURE) != 0);
  }
  all[n] = sum;
  counted[n] = sum_counted;
  *out = (rp_weights){all, counted, sum_furniture};
  return RP_OK;
}

typedef struct chaining {
  const rp_seed *seed;
  size_t n;
  const rp_weights *a, *b;
  int64_t *score;   /* of the best chain that ends in a run */
  uint32_t *before; /* the run before it in that chain, or NONE */
} chaining;

static uint32_t span(const uint32_t *before, uint32_t start, uint32_t end) {
  return end > start ? before[end] - before[start] : 0;
}

static uint32_t max_of(uint32_t x, uint32_t y) { return x > y ? x : y; }

/* What `next` adds behind `last`; negative where it may not follow. */
static int64_t gain_behind(const chaining *c, const rp_seed *last, const rp_seed *next) {
  uint32_t end_a = last->a + last->n, end_b = last->b + last->n;
  if (last->a >= next->a || last->b >= next->b) return -1;
  if (next->a > end_a + RP_CHAIN_GAP_RAW || next->b > end_b + RP_CHAIN_GAP_RAW) return -1;
  uint32_t overlap = max_of(end_a > next->a ? end_a - next->a : 0, end_b > next->b ? end_b - next->b : 0);
  if (overlap >= next->n) return -1;
  uint32_t raw_a = span(c->a->all, end_a, next->a), raw_b = span(c->b->all, end_b, next->b);
  if (raw_a > RP_CHAIN_GAP_RAW || raw_b > RP_CHAIN_GAP_RAW) return -1;
  uint32_t gap_a = span(c->a->counted, end_a, next->a), gap_b = span(c->b->counted, end_b, next->b);
  if (gap_a > RP_CHAIN_GAP_COUNTED || gap_b > RP_CHAIN_GAP_COUNTED) return -1;
  int64_t weight = span(c->a->all, next->a + overlap, next->a + next->n);
  int64_t drift = gap_a > gap_b ? gap_a - gap_b : gap_b - gap_a;
  return RP_CHAIN_GAIN * weight - RP_CHAIN_COUNTED * ((int64_t)gap_a + gap_b) - RP_CHAIN_DRIFT * drift -
         RP_CHAIN_RAW * ((int64_t)raw_a - gap_a + raw_b - gap_b);
}

static void score_all(chaining *c) {
  for (size_t k = 0; k < c->n; k++) {
    const rp_seed *next = &c->seed[k];
    c->score[k] = RP_CHAIN_GAIN * (int64_t)span(c->a->all, next->a, next->a + next->n);
    c->before[k] = NONE;
    size_t first = k > RP_CHAIN_LOOK_BACK ? k - RP_CHAIN_LOOK_BACK : 0;
    for (size_t p = k; p-- > first;) {
      int64_t gain = gain_behind(c, &c->seed[p], next);
      if (gain <= 0 || c->score[p] + gain <= c->score[k]) continue;
      c->score[k] = c->score[p] + gain;
      c->before[k] = (uint32_t)p;
    }
  }
}

static size_t n_taken(const uint8_t *taken, uint32_t start, uint32_t end) {
  size_t n = 0;
  for (uint32_t i = start; i < end; i++) n += taken[i];
  return n;
}

typedef struct extraction {
  uint8_t *used;              /* by run: it is in a chain, or in one that was dropped */
  uint8_t *taken_a, *taken_b; /* by word: inside a chain */
  rp_seed *seed;              /* the runs of all chains, one after the other */
  size_t n_seed;
  rp_run_list *chain;
  size_t n_chain;
} extraction;

/* Whether at most RP_CHAIN_OVERLAP_PERCENT of either range are taken; takes
 * both where so. */
static bool take(extraction *x, const rp_seed *first, const rp_seed *last) {
  uint32_t end_a = last->a + last->n, end_b = last->b + last->n;
  if (n_taken(x->taken_a, first->a, end_a) * 100 > (size_t)(end_a - first->a) * RP_CHAIN_OVERLAP_PERCENT ||
      n_taken(x->taken_b, first->b, end_b) * 100 > (size_t)(end_b - first->b) * RP_CHAIN_OVERLAP_PERCENT)
    return false;
  for (uint32_t i = first->a; i < end_a; i++) x->taken_a[i] = 1;
  for (uint32_t i = first->b; i < end_b; i++) x->taken_b[i] = 1;
  return true;
}

/* Takes out the chain that ends in `last`, where it is still worth it. */
static void extract(const chaining *c, extraction *x, uint32_t last) {
  size_t n = 0;
  uint32_t longest = 0, k = last;
  for (; k != NONE && !x->used[k]; k = c->before[k], n++) {
    x->used[k] = 1;
    longest = max_of(longest, span(c->a->all, c->seed[k].a, c->seed[k].a + c->seed[k].n));
  }
  int64_t score = c->score[last] - (k == NONE ? 0 : c->score[k]);
  if (longest < RP_CHAIN_RUN || score < RP_CHAIN_GAIN * RP_CHAIN_RUN) return;
  rp_seed *seed = x->seed + x->n_seed;
  k = last;
  for (size_t i = n; i-- > 0; k = c->before[k]) seed[i] = c->seed[k];
  if (!take(x, &seed[0], &seed[n - 1])) return;
  x->chain[x->n_chain++] = (rp_run_list){seed, n};
  x->n_seed += n;
}

rp_status rp_chains_find(const rp_seed *seed, size_t n, const rp_weights *a, size_t n_a, const rp_weights *b,
                         size_t n_b, rp_arena *arena, const rp_run_list **out, size_t *n_out, rp_error *error) {
  chaining c = {seed, n, a, b, RP_NEW(arena, int64_t, n), RP_NEW(arena, uint32_t, n)};
  extraction x = {RP_NEW0(arena, uint8_t, n),
                  RP_NEW0(arena, uint8_t, n_a),
                  RP_NEW0(arena, uint8_t, n_b),
                  RP_NEW(arena, rp_seed, n),
                  0,
                  RP_NEW(arena, rp_run_list, n),
                  0};
  rp_key32 *key = RP_NEW(arena, rp_key32, n), *scratch = RP_NEW(arena, rp_key32, n);
  if (!c.score || !c.before || !x.used || !x.taken_a || !x.taken_b || !x.seed || !x.chain || !key || !scratch)
    return rp_fail_memory(error);
  score_all(&c);
  for (size_t k = 0; k < n; k++) key[k] = (rp_key32){UINT64_MAX - (uint64_t)c.score[k], (uint32_t)k};
  rp_sort_key32(key, scratch, n);
  for (size_t k = 0; k < n; k++)
    if (!x.used[key[k].value]) extract(&c, &x, key[k].value);
  *out = x.chain;
  *n_out = x.n_chain;
  return RP_OK;
}
