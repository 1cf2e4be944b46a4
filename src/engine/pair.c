#include "engine/pair.h"

#include "judge/direction.h"
#include "judge/verdict.h"
#include "match/change.h"

static uint32_t least(uint32_t x, uint32_t y) { return x < y ? x : y; }

/* Half the words where a text has fewer than two passages' worth. */
static uint32_t settle_min_passage(uint32_t min_passage, const rp_measures *m) {
  if (min_passage) return min_passage;
  uint32_t words = least(m->words_a, m->words_b);
  if (words >= 2 * RP_PAIR_MIN_PASSAGE) return RP_PAIR_MIN_PASSAGE;
  return words / 2 ? words / 2 : 1;
}

static rp_status list_passages(const rp_analysis *a, const rp_analysis *b, const rp_measures *m, uint32_t min_passage,
                               rp_arena *arena, rp_match *out, rp_error *error) {
  rp_passage *passage = RP_NEW(arena, rp_passage, m->n_chain);
  if (!passage) return rp_fail_memory(error);
  size_t n = 0;
  for (size_t i = 0; i < m->n_chain; i++) {
    const rp_chain *c = &m->chain[i];
    if (c->matched < min_passage) continue;
    passage[n++] = (rp_passage){
        .a_start = a->words.start[c->a_start],
        .a_end = a->words.end[c->a_end - 1],
        .b_start = b->words.start[c->b_start],
        .b_end = b->words.end[c->b_end - 1],
        .n_word = c->matched,
        .n_quoted = c->quoted,
        .is_exact = c->is_exact,
    };
  }
  out->passage = passage;
  out->n_passage = n;
  out->n_passage_hidden = m->n_chain - n;
  return RP_OK;
}

/* Hours between the earliest moments of both dates, unless these overlap: what
 * was published "on Tuesday" is neither before nor after Tuesday noon. */
static void settle_hours(rp_match *match) {
  enum { MINUTE = 60 };
  rp_date a = match->a->published, b = match->b->published;
  if (!rp_date_is_known(a) || !rp_date_is_known(b)) return;
  bool are_moments = a.latest - a.earliest < MINUTE && b.latest - b.earliest < MINUTE;
  if (!are_moments && a.earliest <= b.latest && b.earliest <= a.latest) return;
  match->has_hours = true;
  int64_t seconds = match->direction == RP_B_TO_A ? a.earliest - b.earliest : b.earliest - a.earliest;
  match->hours_after = (double)seconds / 3600;
}

static rp_party party_of(const rp_article *article) { return (rp_party){article->publisher_key, article->published}; }

static void explain(const rp_measures *m, const rp_opinion *opinion, rp_explanation *why) {
  why->stage = rp_verdict_is_link(opinion->verdict) ? RP_STAGE_LINKED
               : opinion->gates                     ? RP_STAGE_VERDICT
                                                    : RP_STAGE_GATE;
  why->gates = opinion->gates;
  why->n_chain = (uint32_t)m->n_chain;
  why->longest_matched = m->longest_counted;
  why->matched = m->matched;
  why->counted_matched = m->counted;
  why->quoted_matched = m->quoted;
  why->furniture_matched = m->furniture;
  why->counted_a = m->counted_a;
  why->counted_b = m->counted_b;
  why->words_a = m->words_a;
  why->words_b = m->words_b;
  why->matched_a = m->matched_a;
  why->matched_b = m->matched_b;
  why->whole_a = m->whole_a;
  why->whole_b = m->whole_b;
  why->rule = opinion->rule;
}

static void decide(rp_pair *pair) {
  rp_party a = party_of(pair->a->article), b = party_of(pair->b->article);
  pair->opinion = rp_verdict_decide(&pair->measures, &a, &b);
}

rp_status rp_pair_judge(const rp_analysis *a, const rp_analysis *b, rp_arena *arena, rp_pair *out, rp_error *error) {
  rp_pair pair = {.a = a, .b = b};
  RP_TRY(rp_passages_measure(&a->words, &b->words, arena, &pair.measures, error));
  decide(&pair);
  *out = pair;
  return RP_OK;
}

rp_status rp_pair_recount(const rp_analysis *a, const rp_analysis *b, const rp_run_list *chain, size_t n_chain,
                          rp_arena *arena, rp_pair *out, rp_error *error) {
  rp_pair pair = {.a = a, .b = b};
  RP_TRY(rp_passages_count(&a->words, &b->words, chain, n_chain, arena, &pair.measures, error));
  decide(&pair);
  *out = pair;
  return RP_OK;
}

rp_status rp_pair_describe(const rp_pair *pair, uint32_t min_passage, rp_arena *arena, rp_match *out, rp_error *error) {
  const rp_analysis *a = pair->a, *b = pair->b;
  const rp_measures *m = &pair->measures;
  rp_match match = {
      .a = a->article,
      .b = b->article,
      .verdict = pair->opinion.verdict,
      .is_short = pair->opinion.is_short,
      .jaccard = m->overlap.jaccard,
      .coverage_a = m->coverage_a,
      .coverage_b = m->coverage_b,
      .n_word = m->matched,
      .n_quoted = m->quoted,
      .longest_unquoted = m->longest_counted,
      .round_up = pair->round_up,
  };
  explain(m, &pair->opinion, &match.why);
  RP_TRY(list_passages(a, b, m, settle_min_passage(min_passage, m), arena, &match, error));
  RP_TRY(rp_changes_find(&a->words, &b->words, m, arena, &match.change, &match.n_change, error));
  if (rp_verdict_is_link(match.verdict)) {
    rp_origin origin;
    RP_TRY(rp_direction_judge(a->article, &a->words, b->article, &b->words, m, arena, &origin, error));
    match.direction = origin.direction;
    match.evidence = origin.evidence;
    match.n_evidence = origin.n_evidence;
    match.credit = origin.credit.credit;
    match.credit_text = origin.credit.text;
  }
  settle_hours(&match);
  *out = match;
  return RP_OK;
}
