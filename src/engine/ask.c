/* Whom every article asks to be compared with.
 *
 * An article of which that is known is not proposed again, unless something has
 * come or gone that changes its choice.  Candidates are mutual: what is new
 * finds all that it concerns.  Of those, one that asks for all its candidates
 * just gets one more; one that has too many to ask for all chooses anew.  So
 * all ask for the same as if everything had been proposed at once, but for
 * lists that are too long to be read whole: what such a list proposed when it
 * was shorter stays. */
#include <string.h>

#include "base/sort.h"
#include "engine/match_all.h"

enum { CHUNK = 4096 /* articles that are proposed before what was found out is committed */ };

struct asking {
  rp_all *all;
  RP_VEC(uint32_t) queue; /* nodes to be proposed */
  rp_proposal *proposal;  /* of the chunk at hand */
  size_t at;              /* of the queue */
  rp_arena scratch;
  bool has_lost_many; /* one that had many candidates is gone: nobody knows whose candidate it was */
};

static bool stands_for_itself(const rp_all *all, uint32_t node) { return all->node[node].same == node; }

static rp_status want(struct asking *g, uint32_t node, rp_error *error) {
  g->all->ask[node].is_valid = false;
  return rp_vec_push(&g->queue, node) ? RP_OK : rp_fail_memory(error);
}

/* One that is known chooses anew, be it in the next run. */
static rp_status want_again(struct asking *g, uint32_t node, rp_error *error) {
  g->all->ask[node].is_changed = true;
  return want(g, node, error);
}

/* Its candidates are others now. */
static rp_status touch(struct asking *g, uint32_t node, rp_error *error) {
  const rp_ask *ask = &g->all->ask[node];
  return ask->is_valid && ask->has_many && !ask->is_fresh ? want_again(g, node, error) : RP_OK;
}

static size_t place_of(const rp_ask *ask, uint32_t node) {
  size_t low = 0, n = ask->n;
  while (n) {
    size_t half = n / 2;
    if (ask->node[low + half] < node) {
      low += half + 1;
      n -= half + 1;
    } else {
      n = half;
    }
  }
  return low;
}

static bool asks_for(const rp_ask *ask, uint32_t node) {
  size_t at = place_of(ask, node);
  return at < ask->n && ask->node[at] == node;
}

static rp_status add_ask(rp_all *all, uint32_t node, uint32_t other, rp_error *error) {
  rp_ask *ask = &all->ask[node];
  size_t at = place_of(ask, other);
  uint32_t *more = RP_NEW(&all->worker[0].keep, uint32_t, (size_t)ask->n + 1);
  if (!more) return rp_fail_memory(error);
  if (at) memcpy(more, ask->node, at * sizeof *more);
  more[at] = other;
  if (ask->n - at) memcpy(more + at + 1, ask->node + at, (ask->n - at) * sizeof *more);
  ask->node = more;
  ask->n++;
  ask->is_changed = true;
  return RP_OK;
}

/* ---- what is known --------------------------------------------------------------------- */

/* The documents as nodes that stand for their twins, ascending, each once. */
static rp_status settle_known(struct asking *g, const rp_state *state, uint32_t own, rp_error *error) {
  const rp_all *all = g->all;
  rp_ask *ask = &g->all->ask[own];
  uint64_t *item = RP_NEW(&g->scratch, uint64_t, state->n_ask), *scratch = RP_NEW(&g->scratch, uint64_t, state->n_ask);
  ask->node = RP_NEW(&g->all->worker[0].keep, uint32_t, state->n_ask);
  if (!item || !scratch || !ask->node) return rp_fail_memory(error);
  size_t n = 0;
  uint32_t n_doc = rp_snapshot_numbers(all->worker[0].snapshot);
  for (uint32_t i = 0; i < state->n_ask; i++) {
    uint32_t other = state->ask[i] < n_doc ? all->node_of_doc[state->ask[i]] : UINT32_MAX;
    if (other != UINT32_MAX && all->node[other].same != own) item[n++] = all->node[other].same;
  }
  rp_sort_u64(item, scratch, n);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || item[i] != item[i - 1]) ask->node[ask->n++] = (uint32_t)item[i];
  return RP_OK;
}

static rp_status recall(struct asking *g, uint32_t node, rp_error *error) {
  rp_all *all = g->all;
  rp_state state;
  rp_status status = rp_known_state(&all->known, all->node[node].doc, &g->scratch, &state, error);
  if (status == RP_ERR_NOT_FOUND) return stands_for_itself(all, node) ? want(g, node, error) : RP_OK;
  if (status != RP_OK || !stands_for_itself(all, node)) return status;
  if (!state.is_proposed || state.publisher != all->node[node].publisher) return want(g, node, error);
  rp_ask *ask = &all->ask[node];
  RP_TRY(settle_known(g, &state, node, error));
  ask->is_valid = true;
  ask->has_many = state.has_many;
  ask->is_cut = state.is_cut;
  if (ask->has_many && all->options->is_all) return want(g, node, error);
  return RP_OK;
}

static rp_status recall_all(struct asking *g, rp_error *error) {
  for (uint32_t i = 0; i < g->all->n_node; i++) {
    RP_TRY(recall(g, i, error));
    rp_arena_clear(&g->scratch, 1 << 20);
  }
  return RP_OK;
}

/* One that asked, and is gone or stands for itself no more. */
static rp_status lose(struct asking *g, const rp_state *state, rp_error *error) {
  rp_all *all = g->all;
  uint32_t n_doc = rp_snapshot_numbers(all->worker[0].snapshot);
  if (state->has_many) g->has_lost_many = true;
  for (uint32_t i = 0; i < state->n_ask; i++) {
    uint32_t other = state->ask[i] < n_doc ? all->node_of_doc[state->ask[i]] : UINT32_MAX;
    if (other != UINT32_MAX) RP_TRY(touch(g, all->node[other].same, error));
  }
  return RP_OK;
}

static rp_status look_for_lost(struct asking *g, rp_error *error) {
  rp_all *all = g->all;
  uint32_t n_doc = rp_snapshot_numbers(all->worker[0].snapshot);
  for (size_t i = 0; i < all->known.state.record.n; i++) {
    const rp_ledger_record record = all->known.state.record.data[i];
    uint32_t node = record.key < n_doc ? all->node_of_doc[record.key] : UINT32_MAX;
    if (!record.data.data || (node != UINT32_MAX && stands_for_itself(all, node))) continue;
    rp_state state;
    rp_arena_clear(&g->scratch, 1 << 20);
    RP_TRY(rp_state_decode(record.data, &g->scratch, &state, error));
    if (state.is_proposed) RP_TRY(lose(g, &state, error));
    if (node == UINT32_MAX) {
      RP_TRY(rp_ledger_strike(&all->known.state, record.key, error));
    } else if (state.is_proposed) {
      rp_state twin = {.equal = state.equal, .publisher = all->node[node].publisher};
      RP_TRY(rp_known_put_state(&all->known, (uint32_t)record.key, &twin, error));
    }
  }
  for (uint32_t i = 0; i < all->n_node && g->has_lost_many; i++) RP_TRY(touch(g, i, error));
  return RP_OK;
}

/* Facts of which an article is gone are of no use. */
static void forget_lost_facts(rp_all *all) {
  uint32_t n_doc = rp_snapshot_numbers(all->worker[0].snapshot);
  for (size_t i = 0; i < all->known.fact.record.n; i++) {
    uint64_t key = all->known.fact.record.data[i].key;
    uint32_t a = (uint32_t)(key >> 32), b = (uint32_t)key;
    if (a >= n_doc || b >= n_doc || all->node_of_doc[a] == UINT32_MAX || all->node_of_doc[b] == UINT32_MAX)
      rp_ledger_forget(&all->known.fact, key);
  }
}

static rp_status push_pairs(rp_all *all, rp_error *error) {
  rp_all_worker *w = &all->worker[0];
  for (uint32_t i = 0; i < all->n_node; i++) {
    const rp_ask *ask = &all->ask[i];
    for (uint32_t k = 0; k < ask->n; k++)
      if (!rp_vec_push(&w->found, rp_all_key(i, ask->node[k]))) return rp_fail_memory(error);
  }
  return RP_OK;
}

static void count_candidate(rp_all *all, uint32_t node, uint32_t other) {
  if (rp_all_same_publisher(&all->node[node], &all->node[other]))
    all->ask[node].n_own++;
  else
    all->ask[node].n_other++;
}

/* How many candidates everybody has who asks for all of them: a pair is of both. */
static rp_status count_known(rp_all *all, rp_error *error) {
  rp_all_worker *w = &all->worker[0];
  RP_TRY(push_pairs(all, error));
  size_t n = w->found.n;
  uint64_t *scratch = rp_malloc((n + 1) * sizeof *scratch);
  if (!scratch) return rp_fail_memory(error);
  if (n) rp_sort_u64(w->found.data, scratch, n);
  for (size_t i = 0; i < n; i++) {
    uint64_t pair = w->found.data[i];
    if (i && pair == w->found.data[i - 1]) continue;
    count_candidate(all, (uint32_t)(pair >> 32), (uint32_t)pair);
    count_candidate(all, (uint32_t)pair, (uint32_t)(pair >> 32));
  }
  rp_free(scratch);
  rp_vec_clear(&w->found);
  return RP_OK;
}

/* ---- what is not ------------------------------------------------------------------------ */

static rp_status propose_one(rp_all *all, rp_all_worker *w, size_t i, void *user) {
  struct asking *g = user;
  rp_arena_mark mark = rp_arena_get(&w->arena);
  rp_status status = rp_all_propose_of(all, w, g->queue.data[g->at + i], &g->proposal[i]);
  rp_arena_rewind(&w->arena, mark);
  return status;
}

/* A candidate that was known before, of an article that was just proposed. */
static rp_status meet(struct asking *g, uint32_t own, const rp_ask *before, const rp_proposed *c, rp_error *error) {
  rp_all *all = g->all;
  rp_ask *other = &all->ask[c->node];
  if (!other->is_valid || other->is_fresh) return RP_OK;
  if (other->has_many) return touch(g, c->node, error);
  if (!asks_for(before, c->node) && !asks_for(other, own)) count_candidate(all, c->node, own);
  if (other->n_own > RP_ALL_GROUP || other->n_other > RP_ALL_GROUP) return want_again(g, c->node, error);
  return c->is_taken || asks_for(other, own) ? RP_OK : add_ask(all, c->node, own, error);
}

static int compare_nodes(uint32_t x, uint32_t y) { return (x > y) - (x < y); }

static rp_status take(rp_all *all, const rp_proposal *p, rp_error *error) {
  rp_ask ask = {.is_valid = true, .is_fresh = true, .is_changed = true, .has_many = p->has_many, .is_cut = p->is_cut};
  ask.node = RP_NEW(&all->worker[0].keep, uint32_t, p->n);
  if (!ask.node) return rp_fail_memory(error);
  /* others first, then the own publisher's, each ascending: two runs to merge */
  size_t n_other = 0, i = 0;
  while (n_other < p->n && !p->candidate[n_other].is_own) n_other++;
  for (size_t k = n_other; i < n_other || k < p->n;) {
    bool is_first = k == p->n || (i < n_other && compare_nodes(p->candidate[i].node, p->candidate[k].node) < 0);
    const rp_proposed *c = &p->candidate[is_first ? i++ : k++];
    if (c->is_taken) ask.node[ask.n++] = c->node;
  }
  all->ask[p->own] = ask;
  return RP_OK;
}

static rp_status keep_states(struct asking *g, size_t n, rp_error *error);

static rp_status settle_chunk(struct asking *g, size_t n, rp_error *error) {
  rp_all *all = g->all;
  rp_ask *before = RP_NEW(&g->scratch, rp_ask, n);
  if (!before) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) {
    before[i] = all->ask[g->proposal[i].own];
    RP_TRY(take(all, &g->proposal[i], error));
  }
  for (size_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < g->proposal[i].n; k++)
      RP_TRY(meet(g, g->proposal[i].own, &before[i], &g->proposal[i].candidate[k], error));
  return all->is_job ? keep_states(g, n, error) : RP_OK;
}

/* ---- keeping it -------------------------------------------------------------------------- */

static rp_status keep_state(struct asking *g, uint32_t node, rp_error *error) {
  rp_all *all = g->all;
  rp_ask *ask = &all->ask[node];
  rp_state state = {.equal = all->node[node].equal,
                    .publisher = all->node[node].publisher,
                    .is_proposed = ask->is_valid,
                    .has_many = ask->is_valid && ask->has_many,
                    .is_cut = ask->is_valid && ask->is_cut};
  uint32_t n = ask->is_valid ? ask->n : 0;
  uint64_t *item = RP_NEW(&g->scratch, uint64_t, n), *scratch = RP_NEW(&g->scratch, uint64_t, n);
  uint32_t *doc = RP_NEW(&g->scratch, uint32_t, n);
  if (!item || !scratch || !doc) return rp_fail_memory(error);
  for (uint32_t i = 0; i < n; i++) item[i] = all->node[ask->node[i]].doc;
  rp_sort_u64(item, scratch, n);
  for (uint32_t i = 0; i < n; i++) doc[i] = (uint32_t)item[i];
  state.ask = doc;
  state.n_ask = n;
  ask->is_changed = false;
  return rp_known_put_state(&all->known, all->node[node].doc, &state, error);
}

/* The chunk's own, whoever got one more by it, and whoever is to choose anew:
 * all in one commit, so that none is missed whenever the run is broken off. */
static rp_status keep_states(struct asking *g, size_t n, rp_error *error) {
  rp_all *all = g->all;
  for (size_t i = 0; i < n; i++) {
    const rp_proposal *p = &g->proposal[i];
    if (all->ask[p->own].is_changed) RP_TRY(keep_state(g, p->own, error));
    for (uint32_t k = 0; k < p->n; k++)
      if (all->ask[p->candidate[k].node].is_changed) RP_TRY(keep_state(g, p->candidate[k].node, error));
  }
  return rp_all_save(all, error);
}

/* Whom the loss of others concerns, and twins of whom nothing was known. */
static rp_status keep_others(struct asking *g, rp_error *error) {
  const rp_all *all = g->all;
  for (uint32_t i = 0; i < all->n_node; i++) {
    rp_str known;
    if (all->ask[i].is_changed) RP_TRY(keep_state(g, i, error));
    if (stands_for_itself(all, i) || rp_ledger_find(&all->known.state, all->node[i].doc, &known)) continue;
    rp_state state = {.equal = all->node[i].equal, .publisher = all->node[i].publisher};
    RP_TRY(rp_known_put_state(&g->all->known, all->node[i].doc, &state, error));
  }
  return RP_OK;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static rp_status work_off(struct asking *g, rp_error *error) {
  rp_all *all = g->all;
  for (size_t n; g->at < g->queue.n; g->at += n) {
    n = g->queue.n - g->at < CHUNK ? g->queue.n - g->at : CHUNK;
    rp_arena_clear(&g->scratch, 1 << 20);
    g->proposal = RP_NEW(&g->scratch, rp_proposal, n);
    if (!g->proposal) return rp_fail_memory(error);
    RP_TRY(rp_all_each(all, n, propose_one, g, error));
    RP_TRY(settle_chunk(g, n, error));
    for (unsigned i = 0; i < all->n_worker; i++) rp_all_cache_drop(&all->worker[i]);
  }
  return RP_OK;
}

static rp_status ask_all(struct asking *g, rp_error *error) {
  rp_all *all = g->all;
  RP_TRY(recall_all(g, error));
  RP_TRY(look_for_lost(g, error));
  forget_lost_facts(all);
  RP_TRY(count_known(all, error));
  if (all->is_job) RP_TRY(keep_others(g, error));
  RP_TRY(work_off(g, error));
  if (all->is_job) RP_TRY(rp_all_save(all, error));
  RP_TRY(push_pairs(all, error));
  for (uint32_t i = 0; i < all->n_node; i++)
    if (all->node[i].n_twin > 1 && !rp_vec_push(&all->worker[0].found, rp_all_key(i, i))) return rp_fail_memory(error);
  return RP_OK;
}

rp_status rp_all_ask(rp_all *all, rp_error *error) {
  struct asking g = {.all = all};
  rp_arena_init(&g.scratch);
  all->ask = rp_calloc(all->n_node + 1, sizeof *all->ask);
  rp_status status = all->ask ? ask_all(&g, error) : rp_fail_memory(error);
  rp_vec_release(&g.queue);
  rp_arena_release(&g.scratch);
  all->stat.n_article = all->n_node;
  for (unsigned i = 0; i < all->n_worker; i++) {
    all->stat.n_posting += all->worker[i].n_posting;
    all->stat.n_cut += all->worker[i].n_cut;
    all->stat.n_matched += all->worker[i].n_asked;
    all->stat.n_candidate += all->worker[i].n_candidate;
  }
  return status;
}
