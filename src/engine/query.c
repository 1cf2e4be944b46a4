#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "engine/candidates.h"
#include "engine/filter.h"
#include "engine/naming.h"
#include "engine/roundup.h"
#include "engine/settings.h"
#include "judge/original.h"

/* ---- filters -------------------------------------------------------------- */

/* Asked of what is listed alone: what else carries the story decides about
 * round-ups and about a missing original, whether it is listed or not. */
static bool passes_article(const rp_analysis *own, const rp_document *other, const rp_query_options *o) {
  return rp_filter_dates(o, RP_FILTER_MATCH, own->article->published, other->article.published) &&
         rp_filter_words(o, RP_FILTER_MATCH, own->counted, other->counted) &&
         rp_filter_articles(o, RP_FILTER_MATCH, own->article, &other->article);
}

static bool passes_match(const rp_match *match, const rp_query_options *o) {
  return rp_filter_coverage(o, RP_FILTER_EITHER, match->coverage_a, match->coverage_b) &&
         rp_filter_verdict(o, match->verdict);
}

/* ---- order ----------------------------------------------------------------- */

/* Links before look-alikes; then who carries more of the queried text; then
 * whose text is more of it. */
static int compare_score(const void *x, const void *y) {
  const rp_match *p = x, *q = y;
  bool p_links = rp_verdict_is_link(p->verdict), q_links = rp_verdict_is_link(q->verdict);
  if (p_links != q_links) return p_links ? -1 : 1;
  if (p->coverage_a != q->coverage_a) return p->coverage_a > q->coverage_a ? -1 : 1;
  if (p->coverage_b != q->coverage_b) return p->coverage_b > q->coverage_b ? -1 : 1;
  if (p->n_word != q->n_word) return p->n_word > q->n_word ? -1 : 1;
  return rp_str_compare(p->b->id, q->b->id);
}

/* Undated ones last. */
static int compare_date(const void *x, const void *y) {
  const rp_match *p = x, *q = y;
  rp_date a = p->b->published, b = q->b->published;
  bool a_known = rp_date_is_known(a), b_known = rp_date_is_known(b);
  if (a_known != b_known) return a_known ? -1 : 1;
  if (a_known && a.earliest != b.earliest) return a.earliest < b.earliest ? -1 : 1;
  if (a_known && a.latest != b.latest) return a.latest < b.latest ? -1 : 1;
  return compare_score(x, y);
}

/* ---- the query --------------------------------------------------------------- */

/* A candidate that was compared and is worth another look. */
struct found {
  rp_pair pair;
  rp_candidate candidate;
  bool is_listed; /* passes the filters that look at the article alone */
};

struct query {
  rp_ctx *ctx;
  rp_snapshot *snapshot;
  const rp_query_options *options;
  rp_analysis own;
  rp_shelf shelf;
  RP_VEC(struct found *) found;
  RP_VEC(rp_match) match;
  rp_error *error;
};

static bool is_itself(const rp_article *query, const rp_article *other) {
  return (query->id.len && rp_str_equal(query->id, other->id)) ||
         (query->url.len && rp_str_equal(query->url, other->url));
}

static bool is_worth_keeping(const struct query *q, const rp_pair *pair) {
  return rp_verdict_is_link(pair->opinion.verdict) || pair->opinion.is_thin ||
         (q->options->look_alikes && pair->opinion.verdict != RP_NONE);
}

/* Reads, compares and judges one candidate; what is not kept leaves no trace
 * in the arena. */
static rp_status try_candidate(struct query *q, const rp_candidate *candidate, size_t *n_refused) {
  rp_arena *arena = &q->ctx->arena;
  rp_arena_mark mark = rp_arena_get(arena);
  struct found *found = RP_NEW0(arena, struct found, 1);
  if (!found) return rp_fail_memory(q->error);
  rp_shelf_entry *entry;
  RP_TRY(rp_shelf_read(&q->shelf, candidate->doc, arena, &entry, q->error));
  const rp_document *document = &entry->document;
  bool is_kept = false;
  if (!is_itself(q->own.article, &document->article)) {
    found->candidate = *candidate;
    found->is_listed = passes_article(&q->own, document, q->options);
    RP_TRY(rp_shelf_analyse(entry, q->error));
    RP_TRY(rp_pair_judge(&q->own, &entry->analysis, arena, &found->pair, q->error));
    is_kept = is_worth_keeping(q, &found->pair);
    if (is_kept && !rp_vec_push(&q->found, found)) return rp_fail_memory(q->error);
    *n_refused += !is_kept && found->is_listed && found->pair.opinion.verdict != RP_NONE;
  }
  if (!is_kept) rp_arena_rewind(arena, mark);
  return RP_OK;
}

static rp_status settle_round_ups(struct query *q) {
  RP_VEC(rp_pair *) pairs = {0};
  for (size_t i = 0; i < q->found.n; i++)
    if (!rp_vec_push(&pairs, &q->found.data[i]->pair)) {
      rp_vec_release(&pairs);
      return rp_fail_memory(q->error);
    }
  rp_roundup_scope scope = {q->snapshot, &q->ctx->index->params, &q->shelf, &q->ctx->arena};
  rp_status status = rp_roundup_settle(&scope, &q->own, pairs.data, pairs.n, q->error);
  rp_vec_release(&pairs);
  return status;
}

/* What a run of rp_job has made of the match's article. */
static rp_status name_group(struct query *q, uint32_t doc, rp_match *match) {
  char text[RP_CLUSTER_ID + 1];
  if (!q->options->with_groups) return RP_OK;
  RP_TRY(rp_group_of_read(&q->ctx->groups, q->snapshot, q->error));
  uint64_t id = rp_group_of_find(&q->ctx->groups, doc);
  if (!id) return RP_OK;
  rp_naming_print(id, text);
  const char *copy = rp_arena_memdup(&q->ctx->arena, text, RP_CLUSTER_ID);
  if (!copy) return rp_fail_memory(q->error);
  match->cluster = (rp_str){copy, RP_CLUSTER_ID};
  return RP_OK;
}

/* By now the opinions stand. */
static rp_status describe_found(struct query *q, size_t *n_refused) {
  for (size_t i = 0; i < q->found.n; i++) {
    const struct found *found = q->found.data[i];
    bool links = rp_verdict_is_link(found->pair.opinion.verdict);
    if (!found->is_listed) continue;
    *n_refused += !links && found->pair.opinion.verdict != RP_NONE;
    if (!links && !q->options->look_alikes) continue;
    rp_match match;
    RP_TRY(rp_pair_describe(&found->pair, q->options->min_passage, &q->ctx->arena, &match, q->error));
    match.why.n_band_shared = found->candidate.n_band;
    match.why.estimate = found->candidate.estimate;
    match.why.n_fingerprint_shared = found->candidate.n_fingerprint;
    if (!passes_match(&match, q->options)) continue;
    RP_TRY(name_group(q, found->candidate.doc, &match));
    if (!rp_vec_push(&q->match, match)) return rp_fail_memory(q->error);
  }
  return RP_OK;
}

static rp_status keep_best(struct query *q, rp_answer *answer) {
  size_t n = q->match.n, limit = q->options->limit;
  if (n)
    qsort(q->match.data, n, sizeof *q->match.data, q->options->sort == RP_SORT_DATE ? compare_date : compare_score);
  size_t n_listed = limit && n > limit ? limit : n;
  rp_match *match = RP_NEW(&q->ctx->arena, rp_match, n);
  if (!match) return rp_fail_memory(q->error);
  if (n) memcpy(match, q->match.data, n * sizeof *match);
  answer->match = match;
  answer->n_match = n_listed;
  answer->n_left_out = n - n_listed;
  return RP_OK;
}

/* Asked over all links, whatever filters leave of them. */
static rp_status find_missing(struct query *q, rp_answer *answer) {
  rp_original_member *member = RP_NEW(&q->ctx->arena, rp_original_member, q->found.n + 1);
  if (!member) return rp_fail_memory(q->error);
  size_t n = 0;
  member[n++] = (rp_original_member){q->own.article, &q->own.words};
  for (size_t i = 0; i < q->found.n; i++) {
    const rp_pair *pair = &q->found.data[i]->pair;
    if (rp_verdict_is_link(pair->opinion.verdict) && pair->opinion.verdict != RP_ROUND_UP)
      member[n++] = (rp_original_member){pair->b->article, &pair->b->words};
  }
  if (n > 1) answer->missing_source = rp_original_missing(member, n);
  return RP_OK;
}

static rp_status run(struct query *q, const rp_article *article, rp_answer *answer) {
  rp_arena *arena = &q->ctx->arena;
  RP_TRY(rp_analysis_make(article, arena, &q->own, q->error));
  rp_sketch sketch;
  RP_TRY(rp_sketch_make(&q->own.words, arena, &sketch, q->error));
  rp_candidates candidates;
  RP_TRY(rp_candidates_find(q->snapshot, &q->ctx->index->params, &sketch, article->published, arena, &candidates,
                            q->error));
  for (size_t i = 0; i < candidates.n; i++) RP_TRY(try_candidate(q, &candidates.candidate[i], &answer->n_refused));
  RP_TRY(settle_round_ups(q));
  RP_TRY(find_missing(q, answer));
  RP_TRY(describe_found(q, &answer->n_refused));
  answer->query = article;
  answer->words = (uint32_t)q->own.words.n;
  answer->counted = q->own.counted;
  answer->is_cut = candidates.is_cut;
  answer->n_posting = candidates.n_posting;
  answer->n_candidate = candidates.n;
  return keep_best(q, answer);
}

rp_status rp_query(rp_ctx *ctx, const rp_article *article, const rp_query_options *options, const rp_answer **out,
                   rp_error *error) {
  assert(ctx && ctx->index && article && out);
  rp_ctx_begin(ctx);
  static const rp_query_options defaults = {.size = sizeof defaults};
  struct query q = {.ctx = ctx, .options = options ? options : &defaults, .error = error};
  rp_answer *answer = RP_NEW0(&ctx->arena, rp_answer, 1);
  if (!answer) return rp_fail_memory(error);
  RP_TRY(rp_snapshot_begin(ctx->index->store, &q.snapshot, error));
  q.shelf = (rp_shelf){.snapshot = q.snapshot, .arena = &ctx->shelf};
  rp_status status = run(&q, article, answer);
  rp_snapshot_end(q.snapshot);
  rp_shelf_release(&q.shelf);
  rp_vec_release(&q.found);
  rp_vec_release(&q.match);
  if (status == RP_OK) *out = answer;
  return status;
}

/* ---- one pair ------------------------------------------------------------------ */

static rp_status explain_sketches(rp_ctx *ctx, const rp_analysis *a, const rp_analysis *b, rp_match *match,
                                  rp_error *error) {
  rp_sketch x, y;
  rp_shared shared;
  RP_TRY(rp_sketch_make(&a->words, &ctx->arena, &x, error));
  RP_TRY(rp_sketch_make(&b->words, &ctx->arena, &y, error));
  rp_index_params params = ctx->index ? ctx->index->params : (rp_index_params){.size = sizeof params};
  RP_TRY(rp_settings_complete(&params, error));
  RP_TRY(rp_candidates_shared(&params, &x, &y, &ctx->arena, &shared, error));
  match->why.n_band_shared = shared.n_band;
  match->why.estimate = shared.estimate;
  match->why.n_fingerprint_shared = shared.n_fingerprint;
  match->why.n_diagonal = shared.n_diagonal;
  if (!shared.is_proposed) match->why.stage = RP_STAGE_CANDIDATE;
  return RP_OK;
}

rp_status rp_compare(rp_ctx *ctx, const rp_article *a, const rp_article *b, const rp_query_options *options,
                     const rp_match **out, rp_error *error) {
  assert(ctx && a && b && out);
  rp_ctx_begin(ctx);
  rp_match *match = RP_NEW0(&ctx->arena, rp_match, 1);
  if (!match) return rp_fail_memory(error);
  rp_analysis x, y;
  RP_TRY(rp_analysis_make(a, &ctx->arena, &x, error));
  RP_TRY(rp_analysis_make(b, &ctx->arena, &y, error));
  rp_pair pair;
  RP_TRY(rp_pair_judge(&x, &y, &ctx->arena, &pair, error));
  RP_TRY(rp_pair_describe(&pair, options ? options->min_passage : 0, &ctx->arena, match, error));
  RP_TRY(explain_sketches(ctx, &x, &y, match, error));
  *out = match;
  return RP_OK;
}
