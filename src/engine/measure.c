/* Compares each edge once, on all processors.  Edges come in an order in which
 * neighbours share articles, so each worker keeps the words of what it read
 * last, up to a bound. */
#include "engine/match_all.h"
#include "judge/direction.h"

enum { PIECE = 64 /* edges: enough to use an article's words again, few enough to share out */ };

static bool can_matter(const rp_pair *pair) { return pair->opinion.verdict != RP_NONE || pair->opinion.is_thin; }

static rp_status direct(const rp_pair *pair, rp_all_worker *w, rp_direction *out) {
  rp_origin origin;
  *out = RP_UNDECIDED;
  if (!rp_verdict_is_link(pair->opinion.verdict) && !pair->opinion.is_thin) return RP_OK;
  RP_TRY(rp_direction_judge(pair->a->article, &pair->a->words, pair->b->article, &pair->b->words, &pair->measures,
                            &w->arena, &origin, &w->error));
  *out = origin.direction;
  return RP_OK;
}

static rp_status measure(rp_all *all, rp_all_worker *w, rp_edge *edge) {
  const rp_analysis *a, *b;
  rp_pair pair;
  rp_direction direction;
  RP_TRY(rp_all_analyse(all, w, edge->a, &a));
  RP_TRY(rp_all_analyse(all, w, edge->b, &b));
  RP_TRY(rp_pair_judge(a, b, &w->arena, &pair, &w->error));
  /* twins' dates and publishers may make a link of what is none here */
  if (!can_matter(&pair) && pair.opinion.gates == 0 && edge->a != edge->b) return RP_OK;
  RP_TRY(direct(&pair, w, &direction));
  edge->fact = rp_fact_make(&pair.measures, edge->a == edge->b ? RP_UNDECIDED : direction, &w->keep);
  return edge->fact ? RP_OK : rp_fail_memory(&w->error);
}

static rp_status measure_piece(rp_all *all, rp_all_worker *w, size_t piece, void *user) {
  const size_t *first = user;
  size_t begin = *first + piece * PIECE, end = begin + PIECE < all->edge.n ? begin + PIECE : all->edge.n;
  for (size_t i = begin; i < end; i++) {
    rp_all_cache_trim(w);
    rp_arena_mark mark = rp_arena_get(&w->arena);
    rp_status status = measure(all, w, &all->edge.data[i]);
    rp_arena_rewind(&w->arena, mark);
    if (status != RP_OK) return status;
  }
  return RP_OK;
}

rp_status rp_all_measure(rp_all *all, size_t first, rp_error *error) {
  size_t n = all->edge.n - first;
  all->stat.n_verified += n;
  RP_TRY(rp_all_each(all, (n + PIECE - 1) / PIECE, measure_piece, &first, error));
  for (unsigned i = 0; i < all->n_worker; i++) rp_all_cache_drop(&all->worker[i]);
  return RP_OK;
}
