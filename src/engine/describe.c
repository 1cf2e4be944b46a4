#include "engine/describe.h"

enum {
  PIECE = 32,           /* pairs one worker takes at a time */
  MOST_WORDS = 1 << 21, /* of the articles that are held at once; some 100 bytes a word */
  FEW_WORDS = 1 << 17,
};

struct describing {
  const rp_telling *telling;
  size_t n;
  rp_match *match;
};

static rp_status describe(rp_all *all, rp_all_worker *w, const rp_telling *t, rp_match *out) {
  const rp_analysis *a, *b;
  rp_pair pair;
  RP_TRY(rp_all_analyse(all, w, t->a, &a));
  RP_TRY(rp_all_analyse(all, w, t->b, &b));
  RP_TRY(rp_pair_judge(a, b, &w->arena, &pair, &w->error));
  pair.opinion.verdict = (rp_verdict)t->link->verdict;
  if (t->link->is_third) pair.opinion.rule = "through a third";
  pair.round_up = (rp_round_up_side)t->link->round_up;
  if (t->a != t->link->a && pair.round_up != RP_NO_ROUND_UP)
    pair.round_up = pair.round_up == RP_A_IS_ROUND_UP ? RP_B_IS_ROUND_UP : RP_A_IS_ROUND_UP;
  return rp_pair_describe(&pair, all->options->filter.min_passage, &w->arena, out, &w->error);
}

static rp_status describe_piece(rp_all *all, rp_all_worker *w, size_t piece, void *user) {
  const struct describing *d = user;
  for (size_t i = piece * PIECE; i < (piece + 1) * PIECE && i < d->n; i++)
    RP_TRY(describe(all, w, &d->telling[i], &d->match[i]));
  return RP_OK;
}

rp_status rp_all_describe(rp_all *all, const rp_telling *telling, size_t n, rp_match *match, size_t *n_done,
                          rp_error *error) {
  size_t most = rp_store_is_bounded(all->index->store) ? FEW_WORDS : MOST_WORDS, words = 0, n_now = 0;
  while (n_now < n && n_now < RP_DESCRIBE_MOST) {
    const rp_telling *t = &telling[n_now];
    words += all->node[t->a].n_word + all->node[t->b].n_word;
    if (n_now && words > most) break;
    n_now++;
  }
  for (unsigned i = 0; i < all->n_worker; i++) {
    rp_arena_clear(&all->worker[i].arena, 1 << 24);
    rp_all_cache_drop(&all->worker[i]);
  }
  struct describing d = {telling, n_now, match};
  RP_TRY(rp_all_each(all, (n_now + PIECE - 1) / PIECE, describe_piece, &d, error));
  *n_done = n_now;
  return RP_OK;
}
