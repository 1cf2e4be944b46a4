#include "engine/fact.h"

rp_fact *rp_fact_make(const rp_measures *m, rp_direction direction, rp_arena *arena) {
  uint32_t n = 0;
  for (size_t i = 0; i < m->n_chain; i++) n += m->chain[i].matched >= RP_FACT_CHAIN;
  rp_fact *fact = rp_arena_alloc(arena, 1, sizeof *fact + n * sizeof *fact->chain);
  if (!fact) return NULL;
  *fact = (rp_fact){
      .coverage_a = m->coverage_a,
      .coverage_b = m->coverage_b,
      .matched_a = m->matched_a,
      .matched_b = m->matched_b,
      .whole_a = m->whole_a,
      .whole_b = m->whole_b,
      .widest_a = m->widest_a,
      .widest_b = m->widest_b,
      .words_a = m->words_a,
      .words_b = m->words_b,
      .counted_a = m->counted_a,
      .counted_b = m->counted_b,
      .matched = m->matched,
      .counted = m->counted,
      .quoted = m->quoted,
      .furniture = m->furniture,
      .in_order = m->in_order,
      .near = m->near,
      .longest_counted = m->longest_counted,
      .longest_cover = m->longest_cover,
      .has_mixed = m->has_mixed,
      .digits_agree = m->digits_agree,
      .direction = (uint8_t)direction,
  };
  for (size_t i = 0; i < m->n_chain; i++) {
    const rp_chain *c = &m->chain[i];
    if (c->matched < RP_FACT_CHAIN) continue;
    fact->chain[fact->n_chain++] =
        (rp_fact_chain){c->a_start, c->a_end, c->b_start, c->b_end, c->matched, c->furniture};
  }
  return fact;
}

static rp_measures counts_of(const rp_fact *f) {
  return (rp_measures){
      .n_chain = f->n_chain,
      .words_a = f->words_a,
      .words_b = f->words_b,
      .counted_a = f->counted_a,
      .counted_b = f->counted_b,
      .matched = f->matched,
      .counted = f->counted,
      .quoted = f->quoted,
      .furniture = f->furniture,
      .in_order = f->in_order,
      .near = f->near,
      .longest_counted = f->longest_counted,
      .longest_cover = f->longest_cover,
      .coverage_a = f->coverage_a,
      .coverage_b = f->coverage_b,
      .matched_a = f->matched_a,
      .matched_b = f->matched_b,
      .whole_a = f->whole_a,
      .whole_b = f->whole_b,
      .widest_a = f->widest_a,
      .widest_b = f->widest_b,
      .has_mixed = f->has_mixed,
      .digits_agree = f->digits_agree,
  };
}

static void swap_doubles(double *x, double *y) {
  double z = *x;
  *x = *y;
  *y = z;
}

static void swap_counts(uint32_t *x, uint32_t *y) {
  uint32_t z = *x;
  *x = *y;
  *y = z;
}

rp_status rp_fact_measures(const rp_fact *fact, bool is_mirrored, rp_arena *arena, rp_measures *out, rp_error *error) {
  rp_measures m = counts_of(fact);
  rp_chain *chain = RP_NEW0(arena, rp_chain, fact->n_chain);
  if (!chain) return rp_fail_memory(error);
  for (uint32_t i = 0; i < fact->n_chain; i++) {
    const rp_fact_chain *c = &fact->chain[i];
    chain[i] = (rp_chain){.matched = c->matched, .furniture = c->furniture};
    chain[i].a_start = is_mirrored ? c->b_start : c->a_start;
    chain[i].a_end = is_mirrored ? c->b_end : c->a_end;
    chain[i].b_start = is_mirrored ? c->a_start : c->b_start;
    chain[i].b_end = is_mirrored ? c->a_end : c->b_end;
  }
  m.chain = chain;
  if (is_mirrored) {
    swap_doubles(&m.coverage_a, &m.coverage_b);
    swap_doubles(&m.matched_a, &m.matched_b);
    swap_doubles(&m.whole_a, &m.whole_b);
    swap_doubles(&m.widest_a, &m.widest_b);
    swap_counts(&m.words_a, &m.words_b);
    swap_counts(&m.counted_a, &m.counted_b);
  }
  *out = m;
  return RP_OK;
}
