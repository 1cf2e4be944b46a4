/* The articles of an index, and which of them have the same words. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "engine/match_all.h"

/* ---- nodes --------------------------------------------------------------------------- */

struct live {
  RP_VEC(uint32_t) doc;
};

static rp_status note_live(void *user, uint32_t doc, rp_error *error) {
  struct live *live = user;
  return rp_vec_push(&live->doc, doc) ? RP_OK : rp_fail_memory(error);
}

static rp_status keep_str(rp_all_worker *w, rp_str from, rp_str *out) {
  char *copy = rp_arena_memdup(&w->keep, from.len ? from.data : "", from.len);
  if (!copy) return rp_fail_memory(&w->error);
  *out = (rp_str){copy, from.len};
  return RP_OK;
}

/* Of an article that is known the words need not be split. */
static rp_status find_equal(const rp_all *all, rp_all_worker *w, uint32_t doc, rp_str text, uint64_t *out) {
  rp_state state;
  rp_words words;
  rp_status status = rp_known_state(&all->known, doc, &w->arena, &state, &w->error);
  if (status == RP_OK) *out = state.equal;
  if (status != RP_ERR_NOT_FOUND) return status;
  RP_TRY(rp_words_fold(text, &w->arena, &words, &w->error));
  *out = rp_hash64(words.folded, words.folded_at[words.n]);
  return RP_OK;
}

static rp_status fill_node(const rp_all *all, rp_all_worker *w, uint32_t doc, rp_node *node) {
  rp_document document;
  rp_row row;
  uint64_t equal;
  RP_TRY(rp_index_read(w->snapshot, doc, &w->arena, &document, &w->error));
  RP_TRY(rp_snapshot_row(w->snapshot, doc, &row, &w->error));
  RP_TRY(find_equal(all, w, doc, document.article.text, &equal));
  *node = (rp_node){
      .published = document.article.published,
      .first_seen = document.first_seen,
      .equal = equal,
      .doc = doc,
      .publisher = row.publisher,
      .n_word = document.n_word,
      .counted = document.counted,
  };
  return keep_str(w, document.article.id, &node->id);
}

static rp_status make_node(rp_all *all, rp_all_worker *w, size_t i, void *user) {
  const struct live *live = user;
  rp_arena_mark mark = rp_arena_get(&w->arena);
  rp_status status = fill_node(all, w, live->doc.data[i], &all->node[i]);
  rp_arena_rewind(&w->arena, mark);
  return status;
}

static int compare_ids(const void *x, const void *y) {
  const rp_node *p = x, *q = y;
  return rp_str_compare(p->id, q->id);
}

static rp_status make_nodes(rp_all *all, rp_error *error) {
  rp_snapshot *snapshot = all->worker[0].snapshot;
  struct live live = {0};
  rp_status status;
  RP_TRY_OUT(rp_snapshot_each(snapshot, note_live, &live, error));
  all->n_node = live.doc.n;
  all->node = rp_calloc(all->n_node + 1, sizeof *all->node);
  all->node_of_doc = rp_malloc(((size_t)rp_snapshot_numbers(snapshot) + 1) * sizeof *all->node_of_doc);
  if (!all->node || !all->node_of_doc) {
    status = rp_fail_memory(error);
    goto out;
  }
  RP_TRY_OUT(rp_all_each(all, all->n_node, make_node, &live, error));
  qsort(all->node, all->n_node, sizeof *all->node, compare_ids);
  memset(all->node_of_doc, 0xff, ((size_t)rp_snapshot_numbers(snapshot) + 1) * sizeof *all->node_of_doc);
  for (uint32_t i = 0; i < all->n_node; i++) all->node_of_doc[all->node[i].doc] = i;
out:
  rp_vec_release(&live.doc);
  return status;
}

/* ---- twins ------------------------------------------------------------------------------ */

/* What an article's place among its twins hangs on. */
struct twin {
  uint64_t equal;
  rp_date published;
  uint32_t node;
};

int rp_all_compare_dates(rp_date p, uint32_t p_node, rp_date q, uint32_t q_node) {
  bool p_known = rp_date_is_known(p), q_known = rp_date_is_known(q);
  if (p_known != q_known) return p_known ? -1 : 1;
  if (p_known && p.earliest != q.earliest) return p.earliest < q.earliest ? -1 : 1;
  return (p_node > q_node) - (p_node < q_node);
}

static int compare_twins(const void *x, const void *y) {
  const struct twin *p = x, *q = y;
  if (p->equal != q->equal) return p->equal < q->equal ? -1 : 1;
  return rp_all_compare_dates(p->published, p->node, q->published, q->node);
}

static void settle_twins(rp_all *all, const struct twin *twin, size_t first, size_t end) {
  uint32_t lowest = twin[first].node;
  for (size_t i = first; i < end; i++)
    if (twin[i].node < lowest) lowest = twin[i].node;
  for (size_t i = first; i < end; i++) {
    all->twin[i] = twin[i].node;
    all->node[twin[i].node].same = lowest;
  }
  all->node[lowest].twin = (uint32_t)first;
  all->node[lowest].n_twin = (uint32_t)(end - first);
}

static rp_status find_twins(rp_all *all, rp_error *error) {
  size_t n = all->n_node;
  struct twin *twin = rp_malloc((n + 1) * sizeof *twin);
  all->twin = rp_malloc((n + 1) * sizeof *all->twin);
  rp_status status = twin && all->twin ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    for (uint32_t i = 0; i < n; i++) twin[i] = (struct twin){all->node[i].equal, all->node[i].published, i};
    qsort(twin, n, sizeof *twin, compare_twins);
    for (size_t i = 0, end; i < n; i = end) {
      for (end = i + 1; end < n && twin[end].equal == twin[i].equal;) end++;
      settle_twins(all, twin, i, end);
      all->stat.n_equal += end - i - 1;
    }
  }
  rp_free(twin);
  return status;
}

rp_status rp_all_make_nodes(rp_all *all, rp_error *error) {
  RP_TRY(make_nodes(all, error));
  return find_twins(all, error);
}
