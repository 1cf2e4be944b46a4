#include "engine/roundup.h"

#include <stdlib.h>
#include <string.h>

#include "engine/candidates.h"
#include "judge/roundup.h"

enum {
  SOURCES = 10,  /* a suspect is asked with */
  COMPARED = 24, /* candidates compared to find them */
  SUSPECTS = 64, /* of the articles found for one query */
};

/* A source of the suspect at hand, compared with it as a. */
struct source {
  const rp_analysis *analysis;
  rp_pair pair;
};

struct suspect {
  const rp_roundup_scope *scope;
  const rp_analysis *analysis;
  struct source *source[SOURCES + 1];
  size_t n_source;
  bool is_linked[SOURCES + 1][SOURCES + 1];
  bool is_inside; /* of a source: no round-up, whatever else is found */
  rp_error *error;
};

static rp_date date_of(const rp_analysis *analysis) { return analysis->article->published; }

static bool can_link(const rp_pair *pair) { return rp_verdict_is_link(pair->opinion.verdict) || pair->opinion.is_thin; }

/* ---- gathering ----------------------------------------------------------------- */

/* A candidate with what orders it: article numbers are given in order of
 * arrival, which must not decide. */
struct ranked {
  uint32_t doc, n_fingerprint;
  uint64_t id_hash;
};

static int compare_hits(const void *x, const void *y) {
  const struct ranked *p = x, *q = y;
  if (p->n_fingerprint != q->n_fingerprint) return p->n_fingerprint > q->n_fingerprint ? -1 : 1;
  return (p->id_hash > q->id_hash) - (p->id_hash < q->id_hash);
}

static rp_status rank(const struct suspect *s, const rp_candidates *candidates, struct ranked **out) {
  struct ranked *ranked = RP_NEW(s->scope->arena, struct ranked, candidates->n);
  if (!ranked) return rp_fail_memory(s->error);
  for (size_t i = 0; i < candidates->n; i++) {
    const rp_candidate *c = &candidates->candidate[i];
    rp_row row;
    RP_TRY(rp_snapshot_row(s->scope->snapshot, c->doc, &row, s->error));
    ranked[i] = (struct ranked){c->doc, c->n_fingerprint, row.id_hash};
  }
  if (candidates->n) qsort(ranked, candidates->n, sizeof *ranked, compare_hits);
  *out = ranked;
  return RP_OK;
}

/* What two articles of one publisher share is its page furniture more often
 * than a story that one of them takes up. */
static bool is_same_publisher(const rp_analysis *a, const rp_analysis *b) {
  return a->article->publisher_key.len && rp_str_equal(a->article->publisher_key, b->article->publisher_key);
}

static bool is_source(const rp_pair *pair, const rp_analysis *suspect, const rp_analysis *source) {
  return can_link(pair) && !is_same_publisher(suspect, source) &&
         rp_roundup_is_source(&pair->measures, date_of(suspect), date_of(source));
}

/* Compares, and keeps what can be a source. */
static rp_status add_source(struct suspect *s, struct source *source) {
  RP_TRY(rp_pair_judge(s->analysis, source->analysis, s->scope->arena, &source->pair, s->error));
  if (!is_source(&source->pair, s->analysis, source->analysis)) return RP_OK;
  s->source[s->n_source++] = source;
  s->is_inside = s->is_inside || rp_roundup_is_inside(&source->pair.measures);
  return RP_OK;
}

static rp_status add_document(struct suspect *s, uint32_t number, rp_str not_this) {
  rp_arena *arena = s->scope->arena;
  rp_shelf_entry *entry;
  RP_TRY(rp_shelf_read(s->scope->shelf, number, arena, &entry, s->error));
  rp_str id = entry->document.article.id;
  if (rp_str_equal(id, s->analysis->article->id) || rp_str_equal(id, not_this)) return RP_OK;
  RP_TRY(rp_shelf_analyse(entry, s->error));
  struct source *source = RP_NEW0(arena, struct source, 1);
  if (!source) return rp_fail_memory(s->error);
  source->analysis = &entry->analysis;
  return add_source(s, source);
}

/* The ten candidates with most fingerprints in common that can be sources; the
 * one given first, be it in the index or not. */
static rp_status gather(struct suspect *s, const rp_analysis *given) {
  const rp_roundup_scope *scope = s->scope;
  rp_sketch sketch;
  rp_candidates candidates;
  RP_TRY(rp_sketch_make(&s->analysis->words, scope->arena, &sketch, s->error));
  RP_TRY(rp_candidates_find(scope->snapshot, scope->params, &sketch, date_of(s->analysis), scope->arena, &candidates,
                            s->error));
  rp_str given_id = {NULL, 0};
  if (given) {
    struct source *source = RP_NEW0(scope->arena, struct source, 1);
    if (!source) return rp_fail_memory(s->error);
    source->analysis = given;
    given_id = given->article->id;
    RP_TRY(add_source(s, source));
  }
  struct ranked *ranked = NULL;
  RP_TRY(rank(s, &candidates, &ranked));
  for (size_t i = 0; i < candidates.n && i < COMPARED && s->n_source < SOURCES && !s->is_inside; i++)
    RP_TRY(add_document(s, ranked[i].doc, given_id));
  return RP_OK;
}

/* ---- stories --------------------------------------------------------------------- */

static rp_status link_sources(struct suspect *s) {
  for (size_t i = 0; i < s->n_source; i++)
    for (size_t j = 0; j < i; j++) {
      rp_arena_mark mark = rp_arena_get(s->scope->arena);
      rp_pair pair;
      RP_TRY(rp_pair_judge(s->source[i]->analysis, s->source[j]->analysis, s->scope->arena, &pair, s->error));
      s->is_linked[i][j] = s->is_linked[j][i] = can_link(&pair);
      rp_arena_rewind(s->scope->arena, mark);
    }
  return RP_OK;
}

/* Numbers the parts of the graph of sources without those of `out`. */
static int32_t number_stories(const struct suspect *s, const bool *out, int32_t *story) {
  int32_t n = 0;
  for (size_t i = 0; i < s->n_source; i++) story[i] = -1;
  for (size_t i = 0; i < s->n_source; i++) {
    if (out[i] || story[i] >= 0) continue;
    story[i] = n;
    /* at most eleven sources: going over them until nothing changes is enough */
    for (bool has_grown = true; has_grown;) {
      has_grown = false;
      for (size_t j = 0; j < s->n_source; j++)
        for (size_t k = 0; k < s->n_source; k++)
          if (story[j] == n && !out[k] && story[k] < 0 && s->is_linked[j][k]) {
            story[k] = n;
            has_grown = true;
          }
    }
    n++;
  }
  return n;
}

/* A source without which those it is linked with fall into several stories is
 * a suspect itself, and glues nothing. */
static bool is_glue(const struct suspect *s, size_t at) {
  bool out[SOURCES + 1] = {false};
  int32_t story[SOURCES + 1];
  out[at] = true;
  number_stories(s, out, story);
  int32_t first = -1;
  for (size_t i = 0; i < s->n_source; i++) {
    if (i == at || !s->is_linked[at][i]) continue;
    if (first >= 0 && story[i] != first) return true;
    first = story[i];
  }
  return false;
}

static rp_status judge(struct suspect *s, bool *is_round_up) {
  *is_round_up = false;
  if (s->n_source < 2 || s->is_inside) return RP_OK;
  RP_TRY(link_sources(s));
  bool out[SOURCES + 1];
  int32_t story[SOURCES + 1];
  for (size_t i = 0; i < s->n_source; i++) out[i] = is_glue(s, i);
  number_stories(s, out, story);
  rp_roundup_source source[SOURCES + 1];
  for (size_t i = 0; i < s->n_source; i++)
    source[i] = (rp_roundup_source){
        .measures = &s->source[i]->pair.measures,
        .published = date_of(s->source[i]->analysis),
        .is_thin = s->source[i]->pair.opinion.is_thin,
        .story = story[i],
        .id = s->source[i]->analysis->article->id,
    };
  return rp_roundup_judge(&s->analysis->words, source, s->n_source, s->scope->arena, is_round_up, s->error);
}

static rp_status is_round_up(const rp_roundup_scope *scope, const rp_analysis *suspect, const rp_analysis *given,
                             bool *out, rp_error *error) {
  rp_arena_mark mark = rp_arena_get(scope->arena);
  struct suspect s = {.scope = scope, .analysis = suspect, .error = error};
  rp_status status = gather(&s, given);
  if (status == RP_OK) status = judge(&s, out);
  rp_arena_rewind(scope->arena, mark);
  return status;
}

/* ---- the pairs of a query ------------------------------------------------------------ */

/* The pair seen from its other side. */
static rp_measures mirrored(const rp_measures *m) {
  rp_measures r = *m;
  r.coverage_a = m->coverage_b;
  r.coverage_b = m->coverage_a;
  return r;
}

static bool is_open(const rp_pair *pair) { return can_link(pair) && pair->opinion.verdict != RP_OWN_UPDATE; }

static bool query_can_be_round_up(const rp_analysis *query, rp_pair **pair, size_t n_pair) {
  size_t n = 0;
  for (size_t i = 0; i < n_pair; i++) {
    if (!is_source(pair[i], query, pair[i]->b)) continue;
    if (rp_roundup_is_inside(&pair[i]->measures)) return false;
    n++;
  }
  return n >= 2;
}

static void set_round_up(rp_pair *pair, rp_round_up_side side) {
  pair->round_up = side;
  pair->opinion.verdict = RP_ROUND_UP;
  pair->opinion.is_thin = false;
  pair->opinion.rule = "round-up";
}

static bool other_can_be_round_up(const rp_analysis *query, const rp_pair *pair) {
  rp_measures m = mirrored(&pair->measures);
  return is_open(pair) && !is_same_publisher(query, pair->b) &&
         rp_roundup_is_source(&m, date_of(pair->b), date_of(query)) && !rp_roundup_is_inside(&m);
}

static int compare_words(const void *x, const void *y) {
  const rp_pair *p = *(rp_pair *const *)x, *q = *(rp_pair *const *)y;
  if (p->measures.matched != q->measures.matched) return p->measures.matched > q->measures.matched ? -1 : 1;
  return rp_str_compare(p->b->article->id, q->b->article->id);
}

rp_status rp_roundup_settle(const rp_roundup_scope *scope, const rp_analysis *query, rp_pair **pair, size_t n_pair,
                            rp_error *error) {
  bool query_is = false;
  if (query_can_be_round_up(query, pair, n_pair)) RP_TRY(is_round_up(scope, query, NULL, &query_is, error));
  if (query_is) {
    for (size_t i = 0; i < n_pair; i++)
      if (is_open(pair[i]) && is_source(pair[i], query, pair[i]->b)) set_round_up(pair[i], RP_A_IS_ROUND_UP);
    return RP_OK;
  }
  if (n_pair) qsort(pair, n_pair, sizeof *pair, compare_words);
  for (size_t i = 0, n_asked = 0; i < n_pair && n_asked < SUSPECTS; i++) {
    if (!other_can_be_round_up(query, pair[i])) continue;
    bool other_is = false;
    n_asked++;
    RP_TRY(is_round_up(scope, pair[i]->b, query, &other_is, error));
    if (other_is) set_round_up(pair[i], RP_B_IS_ROUND_UP);
  }
  return RP_OK;
}
