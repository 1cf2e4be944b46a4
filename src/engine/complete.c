/* Pairs that the index does not propose: members of one group, who are compared
 * with each other, and articles that share copy with a third. */
#include <stdlib.h>

#include "engine/match_all.h"

int64_t rp_all_gap(rp_date a, rp_date b) {
  if (!rp_date_is_known(a) || !rp_date_is_known(b)) return INT64_MAX;
  if (a.earliest > b.latest) return a.earliest - b.latest;
  return b.earliest > a.latest ? b.earliest - a.latest : 0;
}

/* ---- completion ---------------------------------------------------------------------- */

/* Members of all groups, group by group, by date inside. */
struct member {
  uint32_t group, node;
  rp_date published;
};

static int compare_members(const void *x, const void *y) {
  const struct member *p = x, *q = y;
  if (p->group != q->group) return p->group < q->group ? -1 : 1;
  bool p_known = rp_date_is_known(p->published), q_known = rp_date_is_known(q->published);
  if (p_known != q_known) return p_known ? -1 : 1;
  if (p_known && p->published.earliest != q->published.earliest)
    return p->published.earliest < q->published.earliest ? -1 : 1;
  return (p->node > q->node) - (p->node < q->node);
}

struct completing {
  rp_all *all;
  struct member *member; /* those that stand for themselves, of groups of two and more */
  size_t n;
  RP_VEC(size_t) first; /* of each group, and the end */
};

static rp_status collect(struct completing *c, rp_error *error) {
  const rp_all *all = c->all;
  c->member = rp_malloc((all->n_node + 1) * sizeof *c->member);
  if (!c->member) return rp_fail_memory(error);
  for (uint32_t i = 0; i < all->n_node; i++)
    if (all->size[all->group[i]] > 1 && all->node[i].same == i)
      c->member[c->n++] = (struct member){all->group[i], i, all->node[i].published};
  qsort(c->member, c->n, sizeof *c->member, compare_members);
  for (size_t i = 0; i < c->n; i++)
    if ((i == 0 || c->member[i].group != c->member[i - 1].group) && !rp_vec_push(&c->first, i))
      return rp_fail_memory(error);
  return rp_vec_push(&c->first, c->n) ? RP_OK : rp_fail_memory(error);
}

static rp_status want(rp_all *all, rp_all_worker *w, uint32_t x, uint32_t y) {
  uint64_t key = rp_all_key(x, y);
  if (x == y || rp_map_get(&all->edge_at, key)) return RP_OK;
  return rp_vec_push(&w->found, key) ? RP_OK : rp_fail_memory(&w->error);
}

/* All pairs of a group; of a large one each with the lead and with its nearest. */
static rp_status complete_group(rp_all *all, rp_all_worker *w, size_t g, void *user) {
  const struct completing *c = user;
  const struct member *member = c->member + c->first.data[g];
  size_t n = c->first.data[g + 1] - c->first.data[g];
  if (!n) return RP_OK;
  bool is_whole = all->size[member->group] <= RP_ALL_GROUP || all->options->is_all;
  uint32_t lead = all->node[all->lead[member->group]].same;
  for (size_t i = 0; i < n; i++) {
    size_t end = is_whole || n - i <= RP_ALL_NEAREST / 2 ? n : i + RP_ALL_NEAREST / 2 + 1;
    for (size_t k = i + 1; k < end; k++) RP_TRY(want(all, w, member[i].node, member[k].node));
    if (!is_whole) RP_TRY(want(all, w, member[i].node, lead));
  }
  return RP_OK;
}

rp_status rp_all_complete(rp_all *all, rp_error *error) {
  struct completing c = {.all = all};
  size_t first = all->edge.n;
  rp_status status;
  RP_TRY_OUT(collect(&c, error));
  RP_TRY_OUT(rp_all_each(all, c.first.n - 1, complete_group, &c, error));
  RP_TRY_OUT(rp_all_add_edges(all, &first, error));
  all->stat.n_completed = all->edge.n - first;
  status = rp_all_measure(all, first, error);
out:
  rp_free(c.member);
  rp_vec_release(&c.first);
  return status;
}

/* ---- through a third -------------------------------------------------------------------- */

enum {
  THIRD_WORDS = 40,       /* counted words of the third that both share with it */
  THIRD_NEIGHBOURS = 300, /* of more, too many pairs would have to be looked at */
};

/* An edge of the third that links, and the words of the third it covers. */
struct spoke {
  uint32_t other;
  const rp_edge *edge;
  uint64_t *covered; /* a bit a word that counts */
};

struct third {
  rp_all *all;
  rp_all_worker *worker;
  uint32_t node;
  struct spoke *spoke;
  size_t n;
  size_t n_block; /* of 64 words */
};

/* Links with others that stand for themselves. */
static rp_status collect_spokes(struct third *t) {
  const rp_all *all = t->all;
  size_t most = all->link_of[t->node + 1] - all->link_of[t->node];
  t->spoke = RP_NEW(&t->worker->arena, struct spoke, most);
  if (!t->spoke) return rp_fail_memory(&t->worker->error);
  for (size_t i = all->link_of[t->node]; i < all->link_of[t->node + 1]; i++) {
    const rp_link_pair *link = &all->link.data[all->at[i]];
    uint32_t other = rp_link_other(link, t->node);
    if (rp_verdict_is_link((rp_verdict)link->verdict) && !link->is_third && all->node[other].same == other)
      t->spoke[t->n++] = (struct spoke){.other = other, .edge = &all->edge.data[link->edge]};
  }
  return RP_OK;
}

/* Pairs that were compared stand, linked or refused; those of one group were,
 * or are too many. */
static bool is_open(const rp_all *all, uint32_t x, uint32_t y) {
  if (all->is_round_up[x] && all->is_round_up[y]) return false;
  if (all->group[x] == all->group[y]) return false;
  return !rp_map_get(&all->edge_at, rp_all_key(x, y));
}

static bool has_open_pair(const struct third *t) {
  for (size_t i = 0; i < t->n; i++)
    for (size_t k = 0; k < i; k++)
      if (is_open(t->all, t->spoke[i].other, t->spoke[k].other)) return true;
  return false;
}

static rp_status cover(struct third *t, struct spoke *s, const rp_words *words) {
  s->covered = RP_NEW0(&t->worker->arena, uint64_t, t->n_block);
  if (!s->covered) return rp_fail_memory(&t->worker->error);
  bool is_a = s->edge->a == t->node;
  for (uint32_t i = 0; i < s->edge->fact->n_chain; i++) {
    const rp_fact_chain *c = &s->edge->fact->chain[i];
    uint32_t end = is_a ? c->a_end : c->b_end;
    for (uint32_t k = is_a ? c->a_start : c->b_start; k < end && k < words->n; k++)
      if (!(words->flag[k] & RP_WORD_UNCOUNTED)) s->covered[k / 64] |= UINT64_C(1) << k % 64;
  }
  return RP_OK;
}

static size_t shared_words(const struct third *t, const struct spoke *x, const struct spoke *y) {
  size_t n = 0;
  for (size_t i = 0; i < t->n_block; i++) n += (size_t)__builtin_popcountll(x->covered[i] & y->covered[i]);
  return n;
}

static rp_status find_thirds(struct third *t) {
  rp_all_worker *w = t->worker;
  const rp_analysis *analysis;
  rp_all_cache_trim(w);
  RP_TRY(rp_all_analyse(t->all, w, t->node, &analysis));
  t->n_block = analysis->words.n / 64 + 1;
  for (size_t i = 0; i < t->n; i++) RP_TRY(cover(t, &t->spoke[i], &analysis->words));
  for (size_t i = 0; i < t->n; i++)
    for (size_t k = 0; k < i; k++) {
      const struct spoke *x = &t->spoke[i], *y = &t->spoke[k];
      if (!is_open(t->all, x->other, y->other) || shared_words(t, x, y) < THIRD_WORDS) continue;
      if (!rp_vec_push(&w->found, rp_all_key(x->other, y->other))) return rp_fail_memory(&w->error);
    }
  return RP_OK;
}

static rp_status look_at_third(rp_all *all, rp_all_worker *w, size_t i, void *user) {
  (void)user;
  size_t n_link = all->link_of[i + 1] - all->link_of[i];
  if (n_link < 2 || n_link > THIRD_NEIGHBOURS || all->is_round_up[i] || all->node[i].same != i) return RP_OK;
  rp_arena_mark mark = rp_arena_get(&w->arena);
  struct third t = {.all = all, .worker = w, .node = (uint32_t)i};
  rp_status status = collect_spokes(&t);
  if (status == RP_OK && t.n >= 2 && has_open_pair(&t)) status = find_thirds(&t);
  rp_arena_rewind(&w->arena, mark);
  return status;
}

rp_status rp_all_through_third(rp_all *all, rp_error *error) {
  size_t first;
  RP_TRY(rp_all_each(all, all->n_node, look_at_third, NULL, error));
  RP_TRY(rp_all_add_edges(all, &first, error));
  for (size_t i = first; i < all->edge.n; i++) {
    rp_edge *edge = &all->edge.data[i];
    edge->is_third = true;
    edge->third = all->is_round_up[edge->a] || all->is_round_up[edge->b] ? RP_ROUND_UP : RP_PARTIAL;
  }
  for (unsigned i = 0; i < all->n_worker; i++) rp_all_cache_drop(&all->worker[i]);
  if (first < all->edge.n) RP_TRY(rp_all_add_thirds(all, first, error));
  for (size_t i = 0; i < all->link.n; i++)
    all->stat.n_link += rp_verdict_is_link((rp_verdict)all->link.data[i].verdict);
  return RP_OK;
}
