#include "engine/match_all.h"

#include <string.h>

#include "base/par.h"
#include "base/sort.h"

enum {
  WORKERS = 64, /* readers that LMDB has room for, others left some */
  OPENINGS = 100,
  CACHE_BYTES = 64 << 20, /* analysed articles a worker keeps */
  SMALL_CACHE_BYTES = 8 << 20,
  KEPT_PART = 4, /* of them, in memory that is not given back in between */
};

/* ---- workers ------------------------------------------------------------------- */

static rp_status open_snapshots(rp_all *all, rp_error *error) {
  for (unsigned i = 0; i < all->n_worker; i++)
    RP_TRY(rp_snapshot_begin(all->index->store, &all->worker[i].snapshot, error));
  return RP_OK;
}

static void close_snapshots(rp_all *all) {
  for (unsigned i = 0; i < all->n_worker; i++) {
    rp_snapshot_end(all->worker[i].snapshot);
    all->worker[i].snapshot = NULL;
  }
}

/* All workers must see the index at one moment. */
static bool is_one_moment(const rp_all *all) {
  for (unsigned i = 1; i < all->n_worker; i++)
    if (rp_snapshot_version(all->worker[i].snapshot) != rp_snapshot_version(all->worker[0].snapshot)) return false;
  return true;
}

static rp_status start(rp_all *all, rp_error *error) {
  unsigned n = rp_par_workers(all->options->n_thread);
  if (n > WORKERS) n = WORKERS;
  all->worker = rp_calloc(n, sizeof *all->worker);
  if (!all->worker) return rp_fail_memory(error);
  all->n_worker = n;
  if (all->is_job) RP_TRY(rp_store_reserve(all->index->store, error));
  for (unsigned i = 0; i < all->n_worker; i++) {
    all->worker[i].cache_bytes = rp_store_is_bounded(all->index->store) ? SMALL_CACHE_BYTES : CACHE_BYTES;
    rp_arena_init(&all->worker[i].arena);
    rp_arena_init(&all->worker[i].keep);
    rp_arena_init(&all->worker[i].cache);
    rp_map_init(&all->worker[i].cached);
    rp_buf_init(&all->worker[i].fact);
  }
  for (int i = 0; i < OPENINGS; i++) {
    RP_TRY(open_snapshots(all, error));
    if (is_one_moment(all)) return RP_OK;
    close_snapshots(all);
  }
  return rp_fail(error, RP_ERR_BUSY, "the index changes faster than it can be opened");
}

void rp_all_release(rp_all *all) {
  close_snapshots(all);
  for (unsigned i = 0; i < all->n_worker; i++) {
    rp_all_worker *w = &all->worker[i];
    rp_arena_release(&w->arena);
    rp_arena_release(&w->keep);
    rp_arena_release(&w->cache);
    rp_map_release(&w->cached);
    rp_vec_release(&w->analysis);
    rp_vec_release(&w->found);
    rp_buf_release(&w->fact);
  }
  rp_known_release(&all->known);
  rp_free(all->worker);
  rp_free(all->node);
  rp_free(all->twin);
  rp_free(all->node_of_doc);
  rp_free(all->ask);
  rp_vec_release(&all->edge);
  rp_map_release(&all->edge_at);
  rp_vec_release(&all->link);
  rp_free(all->link_of);
  rp_free(all->at);
  rp_free(all->is_round_up);
  rp_free(all->group);
  rp_free(all->lead);
  rp_free(all->size);
  rp_free(all->kept);
  *all = (rp_all){0};
}

struct each {
  rp_all *all;
  rp_all_fn fn;
  void *user;
};

static void do_one(void *user, unsigned worker, size_t i) {
  struct each *e = user;
  rp_all_worker *w = &e->all->worker[worker];
  if (w->status == RP_OK) w->status = e->fn(e->all, w, i, e->user);
}

rp_status rp_all_each(rp_all *all, size_t n, rp_all_fn fn, void *user, rp_error *error) {
  struct each e = {all, fn, user};
  rp_par_for(all->n_worker, n, do_one, &e);
  for (unsigned i = 0; i < all->n_worker; i++) {
    rp_all_worker *w = &all->worker[i];
    if (w->status == RP_OK) continue;
    if (error) *error = w->error;
    return w->status;
  }
  return RP_OK;
}

/* ---- analysed articles ------------------------------------------------------------ */

static rp_status analyse(rp_all *all, rp_all_worker *w, uint32_t node, rp_analysis **out) {
  rp_document *document = RP_NEW(&w->cache, rp_document, 1);
  rp_analysis *analysis = RP_NEW(&w->cache, rp_analysis, 1);
  if (!document || !analysis) return rp_fail_memory(&w->error);
  RP_TRY(rp_index_read(w->snapshot, all->node[node].doc, &w->cache, document, &w->error));
  RP_TRY(rp_analysis_make(&document->article, &w->cache, analysis, &w->error));
  *out = analysis;
  return RP_OK;
}

rp_status rp_all_analyse(rp_all *all, rp_all_worker *w, uint32_t node, const rp_analysis **out) {
  const uint32_t *at = rp_map_get(&w->cached, node);
  if (!at) {
    rp_analysis *analysis = NULL;
    RP_TRY(analyse(all, w, node, &analysis));
    if (!rp_vec_push(&w->analysis, analysis)) return rp_fail_memory(&w->error);
    at = rp_map_put(&w->cached, node, (uint32_t)(w->analysis.n - 1), NULL);
    if (!at) return rp_fail_memory(&w->error);
  }
  *out = w->analysis.data[*at];
  return RP_OK;
}

void rp_all_cache_drop(rp_all_worker *w) {
  rp_arena_clear(&w->cache, w->cache_bytes / KEPT_PART);
  rp_map_clear(&w->cached);
  rp_vec_clear(&w->analysis);
}

void rp_all_cache_trim(rp_all_worker *w) {
  if (w->cache.total > w->cache_bytes) rp_all_cache_drop(w);
}

/* ---- edges --------------------------------------------------------------------------- */

struct gathered {
  uint64_t *pair, *scratch;
  size_t n;
};

static rp_status gather(rp_all *all, struct gathered *g, rp_error *error) {
  size_t n = 0;
  for (unsigned i = 0; i < all->n_worker; i++) n += all->worker[i].found.n;
  g->pair = rp_malloc((n + 1) * sizeof *g->pair);
  g->scratch = rp_malloc((n + 1) * sizeof *g->scratch);
  if (!g->pair || !g->scratch) return rp_fail_memory(error);
  n = 0;
  for (unsigned i = 0; i < all->n_worker; i++) {
    rp_all_worker *w = &all->worker[i];
    if (w->found.n) memcpy(g->pair + n, w->found.data, w->found.n * sizeof *g->pair);
    n += w->found.n;
    rp_vec_release(&w->found);
  }
  rp_sort_u64(g->pair, g->scratch, n);
  for (size_t i = 0; i < n; i++)
    if ((i == 0 || g->pair[i] != g->pair[i - 1]) && !rp_map_get(&all->edge_at, g->pair[i]))
      g->pair[g->n++] = g->pair[i];
  return RP_OK;
}

static uint32_t root_of(uint32_t *parent, uint32_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

/* Pairs that hang together one after the other, so that few articles have to be
 * read at a time; inside, by their numbers. */
static rp_status order(const rp_all *all, struct gathered *g, rp_key32 **out, rp_error *error) {
  uint32_t *parent = rp_malloc((all->n_node + 1) * sizeof *parent);
  rp_key32 *item = rp_malloc((g->n + 1) * sizeof *item), *scratch = rp_malloc((g->n + 1) * sizeof *scratch);
  rp_status status = parent && item && scratch ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    for (uint32_t i = 0; i < all->n_node; i++) parent[i] = i;
    for (size_t i = 0; i < g->n; i++) {
      uint32_t a = root_of(parent, (uint32_t)(g->pair[i] >> 32)), b = root_of(parent, (uint32_t)g->pair[i]);
      parent[a > b ? a : b] = a > b ? b : a;
    }
    for (size_t i = 0; i < g->n; i++) item[i] = (rp_key32){root_of(parent, (uint32_t)(g->pair[i] >> 32)), (uint32_t)i};
    rp_sort_key32(item, scratch, g->n);
    *out = item;
    item = NULL;
  }
  rp_free(parent);
  rp_free(item);
  rp_free(scratch);
  return status;
}

static rp_status append(rp_all *all, const struct gathered *g, const rp_key32 *item, rp_error *error) {
  if (!rp_vec_reserve(&all->edge, g->n)) return rp_fail_memory(error);
  for (size_t i = 0; i < g->n; i++) {
    uint64_t pair = g->pair[item[i].value];
    if (!rp_map_put(&all->edge_at, pair, (uint32_t)all->edge.n, NULL)) return rp_fail_memory(error);
    all->edge.data[all->edge.n++] = (rp_edge){.a = (uint32_t)(pair >> 32), .b = (uint32_t)pair};
  }
  return RP_OK;
}

rp_status rp_all_add_edges(rp_all *all, size_t *first, rp_error *error) {
  struct gathered g = {0};
  rp_key32 *item = NULL;
  *first = all->edge.n;
  rp_status status = gather(all, &g, error);
  if (status == RP_OK && g.n >= UINT32_MAX - all->edge.n)
    status = rp_fail(error, RP_ERR_LIMIT, "the index has more than 4,294,967,295 pairs to compare");
  if (status == RP_OK) status = order(all, &g, &item, error);
  if (status == RP_OK) status = append(all, &g, item, error);
  rp_free(g.pair);
  rp_free(g.scratch);
  rp_free(item);
  return status;
}

/* ---- the run -------------------------------------------------------------------------- */

static rp_status run(rp_all *out, rp_error *error) {
  RP_TRY(start(out, error));
  RP_TRY(rp_known_load(&out->known, out->worker[0].snapshot, error));
  RP_TRY(rp_all_make_nodes(out, error));
  RP_TRY(rp_all_ask(out, error));
  size_t first;
  RP_TRY(rp_all_add_edges(out, &first, error));
  out->stat.n_proposed = out->edge.n;
  RP_TRY(rp_all_measure(out, first, error));
  RP_TRY(rp_all_derive(out, error));
  RP_TRY(rp_all_complete(out, error));
  RP_TRY(rp_all_derive(out, error));
  return rp_all_through_third(out, error);
}

static rp_status begin(rp_index *index, const rp_all_options *options, bool is_job, rp_all *out, rp_error *error) {
  *out = (rp_all){.index = index, .options = options, .is_job = is_job};
  rp_map_init(&out->edge_at);
  rp_known_init(&out->known);
  out->stat.size = sizeof out->stat;
  return run(out, error);
}

rp_status rp_all_run(rp_index *index, const rp_all_options *options, rp_all *out, rp_error *error) {
  return begin(index, options, false, out, error);
}

rp_status rp_all_run_job(rp_index *index, const rp_all_options *options, rp_all *out, rp_error *error) {
  return begin(index, options, true, out, error);
}

rp_status rp_all_save(rp_all *all, rp_error *error) {
  rp_ledger *const ledger[] = {&all->known.state, &all->known.fact};
  rp_ledger_batch batch = {.ledger = ledger, .n_ledger = sizeof ledger / sizeof *ledger};
  return rp_ledgers_commit(all->index->store, &batch, error);
}
