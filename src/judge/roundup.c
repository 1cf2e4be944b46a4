#include "judge/roundup.h"

#include <stdlib.h>

#include "base/str.h"

enum {
  CHAIN_WORDS = 12,  /* matched words of a passage that counts */
  SOLID_STORIES = 2, /* with a link that stands alone */
  THIN_STORIES = 3,  /* where thin links are needed */
};
static const double most_of_round = .5;
static const double most_of_source = .6; /* of an article whose date does not tell it from a copy */
static const double told_share = .3;     /* of the round-up's words but furniture */

static bool is_known(rp_date date) { return date.earliest <= date.latest; }

static uint32_t shared_words(const rp_measures *m) {
  uint32_t shared = 0;
  for (size_t i = 0; i < m->n_chain; i++) {
    uint32_t words = m->chain[i].matched - m->chain[i].furniture;
    if (words >= CHAIN_WORDS) shared += words;
  }
  return shared;
}

bool rp_roundup_is_source(const rp_measures *m, rp_date a, rp_date b) {
  if (shared_words(m) < RP_ROUNDUP_WORDS) return false;
  if (is_known(a) && is_known(b)) return b.earliest <= a.latest;
  return m->coverage_b < most_of_source;
}

bool rp_roundup_is_inside(const rp_measures *m) { return m->coverage_a >= most_of_round; }

static int compare_sources(const void *x, const void *y) {
  const rp_roundup_source *p = x, *q = y;
  uint32_t p_words = shared_words(p->measures), q_words = shared_words(q->measures);
  if (p_words != q_words) return p_words > q_words ? -1 : 1;
  return rp_str_compare(p->id, q->id);
}

/* Weights, so that light words count a half. */
static uint32_t weight(const rp_words *words, size_t i) { return words->flag[i] & RP_WORD_LIGHT ? 1 : 2; }

/* Each word of the suspect goes to the largest source that has it. */
static void share_out(const rp_words *suspect, const rp_roundup_source *source, size_t n_source, bool *is_taken,
                      uint32_t *own) {
  for (size_t s = 0; s < n_source; s++) {
    if (source[s].story < 0) continue;
    const rp_measures *m = source[s].measures;
    for (size_t c = 0; c < m->n_chain; c++) {
      if (m->chain[c].matched - m->chain[c].furniture < CHAIN_WORDS) continue;
      for (uint32_t i = m->chain[c].a_start; i < m->chain[c].a_end; i++) {
        if (is_taken[i] || (suspect->flag[i] & RP_WORD_FURNITURE)) continue;
        is_taken[i] = true;
        own[source[s].story] += weight(suspect, i);
      }
    }
  }
}

rp_status rp_roundup_judge(const rp_words *suspect, rp_roundup_source *source, size_t n_source, rp_arena *arena,
                           bool *out, rp_error *error) {
  *out = false;
  int32_t n_story = 0;
  for (size_t i = 0; i < n_source; i++) {
    if (rp_roundup_is_inside(source[i].measures)) return RP_OK;
    if (source[i].story >= n_story) n_story = source[i].story + 1;
  }
  if (n_story < SOLID_STORIES) return RP_OK;
  bool *is_taken = RP_NEW0(arena, bool, suspect->n);
  bool *is_solid = RP_NEW0(arena, bool, (size_t)n_story);
  uint32_t *own = RP_NEW0(arena, uint32_t, (size_t)n_story);
  if (!is_taken || !is_solid || !own) return rp_fail_memory(error);
  qsort(source, n_source, sizeof *source, compare_sources);
  share_out(suspect, source, n_source, is_taken, own);
  for (size_t i = 0; i < n_source; i++)
    if (source[i].story >= 0 && !source[i].is_thin) is_solid[source[i].story] = true;
  uint32_t all = 0, told = 0;
  for (size_t i = 0; i < suspect->n; i++)
    if (!(suspect->flag[i] & RP_WORD_FURNITURE)) all += weight(suspect, i);
  int n = 0, n_solid = 0;
  for (int32_t i = 0; i < n_story; i++) {
    if (own[i] < 2 * RP_ROUNDUP_WORDS) continue;
    n++;
    n_solid += is_solid[i];
    told += own[i];
  }
  *out = (n_solid >= SOLID_STORIES || n >= THIN_STORIES) && told >= told_share * all;
  return RP_OK;
}
