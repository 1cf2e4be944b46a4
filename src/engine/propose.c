/* Which pairs are worth comparing: for each article that stands for itself and
 * its twins, what the index proposes.
 *
 * A story of a thousand near copies proposes half a million pairs.  Where an
 * article has more candidates than a group that is told in full has members, it
 * asks for some of them only: those nearest in date, the earliest, among which
 * is the source, and those most like it.  Candidates of the article's own
 * publisher and of others are counted apart, so that a site's furniture does
 * not crowd out a copy elsewhere.  A pair is compared where either asks for it. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "engine/candidates.h"
#include "engine/match_all.h"

enum {
  EARLIEST = 4,
  ALIKE = 8,
};

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

static rp_status fill_node(rp_all_worker *w, uint32_t doc, rp_node *node) {
  rp_document document;
  rp_words words;
  rp_row row;
  RP_TRY(rp_index_read(w->snapshot, doc, &w->arena, &document, &w->error));
  RP_TRY(rp_snapshot_row(w->snapshot, doc, &row, &w->error));
  RP_TRY(rp_words_fold(document.article.text, &w->arena, &words, &w->error));
  *node = (rp_node){
      .published = document.article.published,
      .first_seen = document.first_seen,
      .equal = rp_hash64(words.folded, words.folded_at[words.n]),
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
  rp_status status = fill_node(w, live->doc.data[i], &all->node[i]);
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

static bool is_known(rp_date date) { return date.earliest <= date.latest; }

/* By date, unknown ones last, then by number. */
static int compare_dates(rp_date p, uint32_t p_node, rp_date q, uint32_t q_node) {
  if (is_known(p) != is_known(q)) return is_known(p) ? -1 : 1;
  if (is_known(p) && p.earliest != q.earliest) return p.earliest < q.earliest ? -1 : 1;
  return (p_node > q_node) - (p_node < q_node);
}

static int compare_twins(const void *x, const void *y) {
  const struct twin *p = x, *q = y;
  if (p->equal != q->equal) return p->equal < q->equal ? -1 : 1;
  return compare_dates(p->published, p->node, q->published, q->node);
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

/* ---- candidates --------------------------------------------------------------------------- */

struct choice {
  uint32_t node;
  bool is_own, is_taken;
  int64_t gap; /* in time from the one that asks */
  rp_date published;
  double estimate;
  uint32_t n_fingerprint;
};

static int compare_own(const void *x, const void *y) {
  const struct choice *p = x, *q = y;
  if (p->is_own != q->is_own) return p->is_own ? 1 : -1;
  return (p->node > q->node) - (p->node < q->node);
}

static int compare_gap(const void *x, const void *y) {
  const struct choice *p = x, *q = y;
  if (p->gap != q->gap) return p->gap < q->gap ? -1 : 1;
  return (p->node > q->node) - (p->node < q->node);
}

static int compare_first(const void *x, const void *y) {
  const struct choice *p = x, *q = y;
  return compare_dates(p->published, p->node, q->published, q->node);
}

static int compare_alike(const void *x, const void *y) {
  const struct choice *p = x, *q = y;
  if (p->estimate != q->estimate) return p->estimate > q->estimate ? -1 : 1;
  if (p->n_fingerprint != q->n_fingerprint) return p->n_fingerprint > q->n_fingerprint ? -1 : 1;
  return (p->node > q->node) - (p->node < q->node);
}

static void take(struct choice *choice, size_t n, size_t most, int (*compare)(const void *, const void *)) {
  if (!n) return;
  if (compare) qsort(choice, n, sizeof *choice, compare);
  for (size_t i = 0; i < n && i < most; i++) choice[i].is_taken = true;
}

/* `choice`: candidates of the own publisher alone, or of others alone. */
static void choose(struct choice *choice, size_t n, bool is_all) {
  if (n <= RP_ALL_GROUP || is_all) {
    take(choice, n, n, NULL);
    return;
  }
  take(choice, n, RP_ALL_NEAREST, compare_gap);
  take(choice, n, EARLIEST, compare_first);
  take(choice, n, ALIKE, compare_alike);
}

/* Candidates as nodes that stand for themselves, each once. */
static size_t settle_choices(const rp_all *all, uint32_t own, const rp_candidates *found, struct choice *choice) {
  const rp_node *node = all->node;
  size_t n = 0, kept = 0;
  for (size_t i = 0; i < found->n; i++) {
    const rp_candidate *c = &found->candidate[i];
    uint32_t other = all->node_of_doc[c->doc];
    if (other == UINT32_MAX || (other = node[other].same) == own) continue;
    choice[n++] = (struct choice){.node = other,
                                  .is_own = rp_all_same_publisher(&node[own], &node[other]),
                                  .gap = rp_all_gap(node[own].published, node[other].published),
                                  .published = node[other].published,
                                  .estimate = c->estimate,
                                  .n_fingerprint = c->n_fingerprint};
  }
  if (n) qsort(choice, n, sizeof *choice, compare_own);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || choice[i].node != choice[kept - 1].node) choice[kept++] = choice[i];
  return kept;
}

static rp_status propose_of(rp_all *all, rp_all_worker *w, uint32_t own) {
  rp_document document;
  rp_words words;
  rp_sketch sketch;
  rp_candidates found;
  RP_TRY(rp_index_read(w->snapshot, all->node[own].doc, &w->arena, &document, &w->error));
  RP_TRY(rp_words_fold(document.article.text, &w->arena, &words, &w->error));
  RP_TRY(rp_sketch_make(&words, &w->arena, &sketch, &w->error));
  RP_TRY(rp_candidates_find(w->snapshot, &all->index->params, &sketch, all->node[own].published, &w->arena, &found,
                            &w->error));
  struct choice *choice = RP_NEW(&w->arena, struct choice, found.n);
  if (!choice) return rp_fail_memory(&w->error);
  size_t n = settle_choices(all, own, &found, choice), n_other = 0;
  while (n_other < n && !choice[n_other].is_own) n_other++;
  choose(choice, n_other, all->options->is_all);
  choose(choice + n_other, n - n_other, all->options->is_all);
  for (size_t i = 0; i < n; i++)
    if (choice[i].is_taken && !rp_vec_push(&w->found, rp_all_key(own, choice[i].node)))
      return rp_fail_memory(&w->error);
  w->n_posting += found.n_posting;
  w->n_cut += found.is_cut;
  return RP_OK;
}

static rp_status propose(rp_all *all, rp_all_worker *w, size_t doc, void *user) {
  (void)user;
  uint32_t own = all->node_of_doc[doc];
  if (own == UINT32_MAX || all->node[own].same != own) return RP_OK;
  if (all->node[own].n_twin > 1 && !rp_vec_push(&w->found, rp_all_key(own, own))) return rp_fail_memory(&w->error);
  rp_arena_mark mark = rp_arena_get(&w->arena);
  rp_status status = propose_of(all, w, own);
  rp_arena_rewind(&w->arena, mark);
  return status;
}

rp_status rp_all_propose(rp_all *all, rp_error *error) {
  RP_TRY(make_nodes(all, error));
  RP_TRY(find_twins(all, error));
  RP_TRY(rp_all_each(all, rp_snapshot_numbers(all->worker[0].snapshot), propose, NULL, error));
  all->stat.n_article = all->n_node;
  for (unsigned i = 0; i < all->n_worker; i++) {
    all->stat.n_posting += all->worker[i].n_posting;
    all->stat.n_cut += all->worker[i].n_cut;
  }
  return RP_OK;
}
