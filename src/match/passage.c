/* The two texts are put into an order that does not depend on which is called
 * a: whatever is decided by a tie is then decided alike, and swapping the
 * arguments mirrors every measure.  While chains are counted, their fields
 * hold weights (a word 2, a light one 1); they become words at the end. */
#include "match/passage.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "match/align.h"

enum {
  COVERING_CHAIN = 2 * 8, /* weight matched from which a chain covers */
  SLOT_CHAIN = 2 * 12,    /* and from which its slots are looked at */
  BLOCK_MAX = 110,        /* words of the longest block that a line ending in a colon introduces */
  BLOCK_HEAD = 12,        /* words from a chain's start in which the block begins */
  MIXED_COUNTED = 2 * 20, /* `mixed`: counted matched, */
  MIXED_WORDS = 2 * 60,   /* counted and quoted matched, */
  MIXED_PERCENT = 85,     /* and their share of the chain */
  STRAY = 2 * 12,         /* counted words between chains that are still looked at for numbers */
};

/* What is no part of the story's own sentences; quoted words are. */
enum { NO_PROSE = RP_WORD_UNCOUNTED & ~RP_WORD_QUOTED };

typedef struct comparison {
  const rp_words *a, *b;
  rp_weights weight_a, weight_b;
  rp_aligner aligner;
  rp_chain *chain;
  size_t n_chain;
  rp_seed *run; /* of all chains */
  uint32_t n_run;
  uint32_t near;                 /* weight counted whose words are near-equal only */
  uint8_t *cover_a, *cover_b;    /* by word: it counts and a chain that covers holds it */
  uint32_t covered_a, covered_b; /* weight of those */
} comparison;

static uint32_t weight_of(const rp_words *words, size_t i) {
  return 2 - (uint32_t)((words->flag[i] & RP_WORD_LIGHT) != 0);
}

static bool is_before(const rp_words *a, const rp_words *b) {
  if (a->n != b->n) return a->n < b->n;
  for (size_t i = 0; i < a->n; i++)
    if (a->hash[i] != b->hash[i]) return a->hash[i] < b->hash[i];
  for (size_t i = 0; i < a->n; i++)
    if (a->flag[i] != b->flag[i]) return a->flag[i] < b->flag[i];
  return true;
}

/* A short chain that begins with a paragraph which a line ending in a colon
 * introduces, in both texts: a statement, quoted without quotation marks. */
static bool is_block(const comparison *c, const rp_chain *chain) {
  if (chain->a_end - chain->a_start > BLOCK_MAX) return false;
  for (size_t k = 0; k < c->aligner.n_pair; k++) {
    rp_word_pair p = c->aligner.pair[k];
    if (p.a - chain->a_start >= BLOCK_HEAD || p.b - chain->b_start >= BLOCK_HEAD) return false;
    if (c->a->flag[p.a] & c->b->flag[p.b] & RP_WORD_AFTER_COLON) return true;
  }
  return false;
}

/* The pairs that the aligner holds, as runs. */
static void add_runs(comparison *c, rp_chain *chain) {
  const rp_word_pair *pair = c->aligner.pair;
  chain->run = c->n_run;
  for (size_t k = 0; k < c->aligner.n_pair; k++) {
    rp_seed *last = c->n_run > chain->run ? &c->run[c->n_run - 1] : NULL;
    if (last && pair[k].a == last->a + last->n && pair[k].b == last->b + last->n)
      last->n++;
    else
      c->run[c->n_run++] = (rp_seed){pair[k].a, pair[k].b, 1};
  }
  chain->n_run = c->n_run - chain->run;
}

/* The chain of the pairs that the aligner holds. */
static rp_chain chain_make(comparison *c) {
  const rp_word_pair *pair = c->aligner.pair;
  size_t n = c->aligner.n_pair;
  rp_chain chain = {.a_start = pair[0].a, .b_start = pair[0].b, .a_end = pair[n - 1].a + 1, .b_end = pair[n - 1].b + 1};
  add_runs(c, &chain);
  chain.is_block = is_block(c, &chain);
  chain.is_exact = n == chain.a_end - chain.a_start && n == chain.b_end - chain.b_start;
  for (size_t k = 0; k < n; k++) {
    uint32_t weight = weight_of(c->a, pair[k].a), flag = c->a->flag[pair[k].a] | (uint32_t)c->b->flag[pair[k].b];
    chain.matched += weight;
    if (flag & RP_WORD_FURNITURE)
      chain.furniture += weight;
    else if (flag & RP_WORD_QUOTED || (chain.is_block && !(flag & RP_WORD_UNCOUNTED)))
      chain.quoted += weight;
    else if (flag & RP_WORD_UNCOUNTED)
      chain.other += weight;
    else
      chain.counted += weight;
    if (c->a->hash[pair[k].a] == c->b->hash[pair[k].b]) continue;
    chain.is_exact = false;
    if (!chain.is_block && !(flag & RP_WORD_UNCOUNTED)) c->near += weight;
  }
  return chain;
}

/* Whether word i counts: it is not marked, nor is the word it is matched with. */
static bool counts(const rp_words *words, const int32_t *match, const rp_words *other, size_t i) {
  if (words->flag[i] & RP_WORD_UNCOUNTED) return false;
  return match[i] < 0 || !(other->flag[match[i]] & RP_WORD_UNCOUNTED);
}

typedef struct side {
  const rp_words *words, *other;
  const int32_t *match;
  uint8_t *cover;
} side;

static side side_a(const comparison *c) { return (side){c->a, c->b, c->aligner.match_a, c->cover_a}; }
static side side_b(const comparison *c) { return (side){c->b, c->a, c->aligner.match_b, c->cover_b}; }

/* Weight of what counts in a range; adds to *covered what no chain covered
 * before, unless that is NULL. */
static uint32_t cover(const side *s, uint32_t start, uint32_t end, uint32_t *covered) {
  uint32_t weight = 0, added = 0;
  for (uint32_t i = start; i < end; i++) {
    if (!counts(s->words, s->match, s->other, i)) continue;
    uint32_t w = weight_of(s->words, i);
    weight += w;
    if (!covered) continue;
    added += s->cover[i] ? 0 : w;
    s->cover[i] = 1;
  }
  if (covered) *covered += added;
  return weight;
}

static void chains_cover(comparison *c) {
  side a = side_a(c), b = side_b(c);
  for (size_t k = 0; k < c->n_chain; k++) {
    rp_chain *chain = &c->chain[k];
    if (chain->is_block) continue;
    bool is_covering = chain->matched >= COVERING_CHAIN;
    chain->cover_a = cover(&a, chain->a_start, chain->a_end, is_covering ? &c->covered_a : NULL);
    chain->cover_b = cover(&b, chain->b_start, chain->b_end, is_covering ? &c->covered_b : NULL);
  }
}

/* No word is matched twice, so no more runs than words. */
static rp_status room_make(comparison *c, size_t n_chain, rp_arena *arena, rp_error *error) {
  c->chain = RP_NEW(arena, rp_chain, n_chain);
  c->run = RP_NEW(arena, rp_seed, c->a->n < c->b->n ? c->a->n : c->b->n);
  c->cover_a = RP_NEW0(arena, uint8_t, c->a->n);
  c->cover_b = RP_NEW0(arena, uint8_t, c->b->n);
  return c->chain && c->run && c->cover_a && c->cover_b ? RP_OK : rp_fail_memory(error);
}

static rp_status chains_make(comparison *c, rp_arena *arena, rp_error *error) {
  const rp_seed *seed;
  const rp_run_list *list;
  size_t n_seed, n_list;
  RP_TRY(rp_weights_make(c->a, arena, &c->weight_a, error));
  RP_TRY(rp_weights_make(c->b, arena, &c->weight_b, error));
  RP_TRY(rp_seeds_find(c->a, c->b, arena, &seed, &n_seed, error));
  RP_TRY(rp_chains_find(seed, n_seed, &c->weight_a, c->a->n, &c->weight_b, c->b->n, arena, &list, &n_list, error));
  RP_TRY(rp_aligner_make(c->a, c->b, arena, &c->aligner, error));
  RP_TRY(room_make(c, n_list, arena, error));
  for (size_t k = 0; k < n_list; k++)
    if (rp_align_chain(&c->aligner, &list[k])) c->chain[c->n_chain++] = chain_make(c);
  chains_cover(c);
  return RP_OK;
}

static int by_a(const void *x, const void *y) {
  const rp_chain *p = x, *q = y;
  if (p->a_start != q->a_start) return p->a_start < q->a_start ? -1 : 1;
  return p->b_start < q->b_start ? -1 : p->b_start > q->b_start;
}

static int by_b_end(const void *x, const void *y) {
  uint32_t p = *(const uint32_t *)x, q = *(const uint32_t *)y;
  return p < q ? -1 : p > q;
}

/* How many of the sorted `end` are <= at. */
static size_t n_up_to(const uint32_t *end, size_t n, uint32_t at) {
  size_t low = 0;
  while (n > 0) {
    size_t half = (n + 1) / 2;
    if (end[low + half - 1] <= at) {
      low += half;
      n -= half;
    } else {
      n = half - 1;
    }
  }
  return low;
}

/* Counted weight of the best chains (sorted by a) that follow each other in
 * both texts: a heaviest increasing subsequence, with the best weights by end
 * in b in a Fenwick tree of maxima. */
static rp_status in_order(const comparison *c, rp_arena *arena, uint32_t *out, rp_error *error) {
  size_t n = c->n_chain;
  uint32_t *end = RP_NEW(arena, uint32_t, n), *tree = RP_NEW0(arena, uint32_t, n + 1), best = 0;
  if (!end || !tree) return rp_fail_memory(error);
  for (size_t k = 0; k < n; k++) end[k] = c->chain[k].b_end;
  if (n) qsort(end, n, sizeof *end, by_b_end);
  for (size_t k = 0; k < n; k++) {
    uint32_t sum = 0;
    for (size_t i = n_up_to(end, n, c->chain[k].b_start); i > 0; i -= i & (0 - i))
      if (tree[i] > sum) sum = tree[i];
    sum += c->chain[k].counted;
    for (size_t i = n_up_to(end, n, c->chain[k].b_end); i <= n; i += i & (0 - i))
      if (tree[i] < sum) tree[i] = sum;
    if (sum > best) best = sum;
  }
  *out = best;
  return RP_OK;
}

/* A slot holds what differs from one instance of a form to the next. */
static void slots_count(const side *s, uint32_t start, uint32_t end, rp_slots *slots) {
  for (uint32_t i = start; i < end; i++) {
    uint32_t flag = s->words->flag[i];
    if (flag & NO_PROSE) continue;
    uint32_t agree = s->match[i] >= 0;
    if (flag & RP_WORD_NUMBER) {
      slots->number++;
      slots->number_agree += agree;
    } else if (flag & RP_WORD_CAPITAL && !(flag & RP_WORD_SENTENCE)) {
      slots->capital++;
      slots->capital_agree += agree;
    } else {
      slots->frame++;
      slots->frame_agree += agree;
    }
  }
}

static rp_slots slots_of(const comparison *c) {
  rp_slots slots = {0};
  side a = side_a(c), b = side_b(c);
  for (size_t k = 0; k < c->n_chain; k++) {
    if (c->chain[k].matched < SLOT_CHAIN) continue;
    slots_count(&a, c->chain[k].a_start, c->chain[k].a_end, &slots);
    slots_count(&b, c->chain[k].b_start, c->chain[k].b_end, &slots);
  }
  return slots;
}

/* Whether no number, quoted ones among them, lies unmatched in a chain or in a few words
 * before, between or behind chains.  `in_chain` is scratch, all 0. */
static bool digits_agree(const side *s, const rp_weights *weight, const rp_chain *chain, size_t n_chain, bool is_a,
                         uint8_t *in_chain) {
  for (size_t k = 0; k < n_chain; k++) {
    uint32_t start = is_a ? chain[k].a_start : chain[k].b_start, end = is_a ? chain[k].a_end : chain[k].b_end;
    memset(in_chain + start, 1, end - start);
  }
  for (size_t i = 0, end; i < s->words->n; i = end) {
    for (end = i + 1; end < s->words->n && in_chain[end] == in_chain[i]; end++) {}
    if (!in_chain[i] && weight->counted[end] - weight->counted[i] > STRAY) continue;
    for (size_t k = i; k < end; k++)
      if (s->match[k] < 0 && (s->words->flag[k] & (RP_WORD_NUMBER | NO_PROSE)) == RP_WORD_NUMBER) return false;
  }
  return true;
}

static bool is_mixed(const comparison *c, const rp_chain *chain) {
  uint32_t own = chain->counted + chain->quoted, left_out = chain->furniture + chain->other;
  uint32_t wide_a = c->weight_a.all[chain->a_end] - c->weight_a.all[chain->a_start];
  uint32_t wide_b = c->weight_b.all[chain->b_end] - c->weight_b.all[chain->b_start];
  uint32_t wide = wide_a > wide_b ? wide_a : wide_b;
  return chain->counted >= MIXED_COUNTED && own >= MIXED_WORDS &&
         (uint64_t)own * 100 >= (uint64_t)(wide - left_out) * MIXED_PERCENT;
}

static double ratio(uint32_t n, uint32_t of) { return of ? (double)n / of : 0; }

typedef struct totals {
  uint32_t all, counted, furniture, covered;
} totals;

static totals totals_of(const rp_weights *weight, size_t n, uint32_t covered) {
  return (totals){weight->all[n], weight->counted[n], weight->furniture, covered};
}

static uint32_t in_words(uint32_t weight) { return (weight + 1) / 2; }

static void chain_to_words(rp_chain *chain) {
  chain->matched = in_words(chain->matched);
  chain->counted = in_words(chain->counted);
  chain->quoted = in_words(chain->quoted);
  chain->furniture = in_words(chain->furniture);
  chain->other = in_words(chain->other);
  chain->cover_a = in_words(chain->cover_a);
  chain->cover_b = in_words(chain->cover_b);
}

static void chains_add_up(const comparison *c, rp_measures *m) {
  for (size_t k = 0; k < c->n_chain; k++) {
    const rp_chain *chain = &c->chain[k];
    uint32_t both = chain->cover_a < chain->cover_b ? chain->cover_a : chain->cover_b;
    m->matched += chain->matched;
    m->counted += chain->counted;
    m->quoted += chain->quoted;
    m->furniture += chain->furniture;
    if (chain->counted > m->longest_counted) m->longest_counted = chain->counted;
    if (both > m->longest_cover) m->longest_cover = both;
    m->has_mixed = m->has_mixed || is_mixed(c, chain);
  }
}

/* Matched weight but furniture of the chain with most of it. */
static uint32_t widest_of(const comparison *c) {
  uint32_t widest = 0;
  for (size_t k = 0; k < c->n_chain; k++) {
    uint32_t own = c->chain[k].matched - c->chain[k].furniture;
    if (own > widest) widest = own;
  }
  return widest;
}

static void shares_set(const totals *a, const totals *b, uint32_t widest, rp_measures *m) {
  uint32_t own = m->matched - m->furniture, own_a = a->all - a->furniture, own_b = b->all - b->furniture;
  m->coverage_a = ratio(a->covered, a->counted);
  m->coverage_b = ratio(b->covered, b->counted);
  m->matched_a = ratio(m->counted, a->counted);
  m->matched_b = ratio(m->counted, b->counted);
  m->whole_a = ratio(own, own_a);
  m->whole_b = ratio(own, own_b);
  m->widest_a = ratio(widest, own_a);
  m->widest_b = ratio(widest, own_b);
}

static void measures_to_words(const totals *a, const totals *b, rp_measures *m, rp_chain *chain) {
  m->words_a = in_words(a->all);
  m->words_b = in_words(b->all);
  m->counted_a = in_words(a->counted);
  m->counted_b = in_words(b->counted);
  m->furniture_a = in_words(a->furniture);
  m->furniture_b = in_words(b->furniture);
  m->matched = in_words(m->matched);
  m->counted = in_words(m->counted);
  m->quoted = in_words(m->quoted);
  m->furniture = in_words(m->furniture);
  m->in_order = in_words(m->in_order);
  m->near = in_words(m->near);
  m->longest_counted = in_words(m->longest_counted);
  m->longest_cover = in_words(m->longest_cover);
  for (size_t k = 0; k < m->n_chain; k++) chain_to_words(&chain[k]);
}

static rp_status measures_take(comparison *c, rp_arena *arena, rp_measures *m, rp_error *error) {
  if (c->n_chain) qsort(c->chain, c->n_chain, sizeof *c->chain, by_a);
  RP_TRY(in_order(c, arena, &m->in_order, error));
  uint8_t *scratch_a = RP_NEW0(arena, uint8_t, c->a->n), *scratch_b = RP_NEW0(arena, uint8_t, c->b->n);
  if (!scratch_a || !scratch_b) return rp_fail_memory(error);
  totals a = totals_of(&c->weight_a, c->a->n, c->covered_a), b = totals_of(&c->weight_b, c->b->n, c->covered_b);
  side sa = side_a(c), sb = side_b(c);
  m->chain = c->chain;
  m->n_chain = c->n_chain;
  m->run = c->run;
  m->match_a = c->aligner.match_a;
  m->match_b = c->aligner.match_b;
  m->slots = slots_of(c);
  m->near = c->near;
  m->digits_agree = digits_agree(&sa, &c->weight_a, c->chain, c->n_chain, true, scratch_a) &&
                    digits_agree(&sb, &c->weight_b, c->chain, c->n_chain, false, scratch_b);
  chains_add_up(c, m);
  shares_set(&a, &b, widest_of(c), m);
  measures_to_words(&a, &b, m, c->chain);
  return RP_OK;
}

#define SWAP(type, x, y) \
  do {                   \
    type swap_ = (x);    \
    (x) = (y);           \
    (y) = swap_;         \
  } while (0)

static void mirror(rp_measures *m, rp_chain *chain, rp_seed *run, uint32_t n_run) {
  for (uint32_t k = 0; k < n_run; k++) run[k] = (rp_seed){run[k].b, run[k].a, run[k].n};
  SWAP(const int32_t *, m->match_a, m->match_b);
  SWAP(uint32_t, m->words_a, m->words_b);
  SWAP(uint32_t, m->counted_a, m->counted_b);
  SWAP(uint32_t, m->furniture_a, m->furniture_b);
  SWAP(double, m->coverage_a, m->coverage_b);
  SWAP(double, m->matched_a, m->matched_b);
  SWAP(double, m->whole_a, m->whole_b);
  SWAP(double, m->widest_a, m->widest_b);
  for (size_t k = 0; k < m->n_chain; k++) {
    SWAP(uint32_t, chain[k].a_start, chain[k].b_start);
    SWAP(uint32_t, chain[k].a_end, chain[k].b_end);
    SWAP(uint32_t, chain[k].cover_a, chain[k].cover_b);
  }
  if (m->n_chain) qsort(chain, m->n_chain, sizeof *chain, by_a);
}

rp_status rp_passages_measure(const rp_words *a, const rp_words *b, rp_arena *arena, rp_measures *out,
                              rp_error *error) {
  bool swapped = !is_before(a, b);
  comparison c = {.a = swapped ? b : a, .b = swapped ? a : b};
  rp_measures m = {0};
  RP_TRY(rp_overlap_measure(a, b, arena, &m.overlap, error));
  RP_TRY(chains_make(&c, arena, error));
  RP_TRY(measures_take(&c, arena, &m, error));
  if (swapped) mirror(&m, c.chain, c.run, c.n_run);
  *out = m;
  return RP_OK;
}

/* ---- from what was matched before ---------------------------------------------------- */

static rp_status refuse(rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "what is known of two texts does not belong to them");
}

static bool is_within(const rp_seed *s, uint32_t at_a, uint32_t at_b, size_t n_a, size_t n_b) {
  return s->n > 0 && s->a >= at_a && s->b >= at_b && s->a <= n_a && s->b <= n_b && s->n <= n_a - s->a &&
         s->n <= n_b - s->b;
}

bool rp_runs_fit(const rp_run_list *chain, size_t n_chain, size_t n_a, size_t n_b, uint8_t *used) {
  for (size_t k = 0; k < n_chain; k++) {
    uint32_t at_a = 0, at_b = 0;
    for (size_t i = 0; i < chain[k].n; i++) {
      const rp_seed *s = &chain[k].seed[i];
      if (!is_within(s, at_a, at_b, n_a, n_b)) return false;
      if (memchr(used + s->a, 1, s->n) || memchr(used + n_a + s->b, 1, s->n)) return false;
      memset(used + s->a, 1, s->n);
      memset(used + n_a + s->b, 1, s->n);
      at_a = s->a + s->n;
      at_b = s->b + s->n;
    }
    if (!chain[k].n) return false;
  }
  return true;
}

/* Puts the pairs of one chain where the aligner would have put them. */
static rp_status replay(comparison *c, const rp_run_list *chain, bool swapped, rp_error *error) {
  rp_aligner *x = &c->aligner;
  uint32_t at_a = 0, at_b = 0;
  x->n_pair = 0;
  for (size_t k = 0; k < chain->n; k++) {
    rp_seed s = chain->seed[k];
    if (swapped) s = (rp_seed){s.b, s.a, s.n};
    if (!is_within(&s, at_a, at_b, c->a->n, c->b->n)) return refuse(error);
    at_a = s.a + s.n;
    at_b = s.b + s.n;
    for (uint32_t i = 0; i < s.n; i++) {
      if (x->match_a[s.a + i] >= 0 || x->match_b[s.b + i] >= 0) return refuse(error);
      x->match_a[s.a + i] = (int32_t)(s.b + i);
      x->match_b[s.b + i] = (int32_t)(s.a + i);
      x->pair[x->n_pair++] = (rp_word_pair){s.a + i, s.b + i};
    }
  }
  return x->n_pair ? RP_OK : refuse(error);
}

static rp_status chains_replay(comparison *c, const rp_run_list *chain, size_t n_chain, bool swapped, rp_arena *arena,
                               rp_error *error) {
  RP_TRY(rp_weights_make(c->a, arena, &c->weight_a, error));
  RP_TRY(rp_weights_make(c->b, arena, &c->weight_b, error));
  RP_TRY(rp_aligner_make(c->a, c->b, arena, &c->aligner, error));
  RP_TRY(room_make(c, n_chain, arena, error));
  for (size_t k = 0; k < n_chain; k++) {
    RP_TRY(replay(c, &chain[k], swapped, error));
    c->chain[c->n_chain++] = chain_make(c);
  }
  chains_cover(c);
  return RP_OK;
}

rp_status rp_passages_count(const rp_words *a, const rp_words *b, const rp_run_list *chain, size_t n_chain,
                            rp_arena *arena, rp_measures *out, rp_error *error) {
  bool swapped = !is_before(a, b);
  comparison c = {.a = swapped ? b : a, .b = swapped ? a : b};
  rp_measures m = {0};
  RP_TRY(chains_replay(&c, chain, n_chain, swapped, arena, error));
  RP_TRY(measures_take(&c, arena, &m, error));
  if (swapped) mirror(&m, c.chain, c.run, c.n_run);
  *out = m;
  return RP_OK;
}
