/* Which pairs are worth comparing: for one article that stands for itself and
 * its twins, what the index proposes.
 *
 * A story of a thousand near copies proposes half a million pairs.  Where an
 * article has more candidates than a group that is told in full has members, it
 * asks for some of them only: those nearest in date, the earliest, among which
 * is the source, and those most like it.  Candidates of the article's own
 * publisher and of others are counted apart, so that a site's furniture does
 * not crowd out a copy elsewhere.  A pair is compared where either asks for it. */
#include <stdlib.h>

#include "engine/candidates.h"
#include "engine/match_all.h"

enum {
  EARLIEST = 4,
  ALIKE = 8,
};

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
  return rp_all_compare_dates(p->published, p->node, q->published, q->node);
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

rp_status rp_all_propose_of(rp_all *all, rp_all_worker *w, uint32_t own, rp_proposal *out) {
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
  rp_proposal p = {.own = own, .n = (uint32_t)n, .candidate = RP_NEW(&w->cache, rp_proposed, n)};
  if (!p.candidate) return rp_fail_memory(&w->error);
  for (size_t i = 0; i < n; i++) p.candidate[i] = (rp_proposed){choice[i].node, choice[i].is_own, choice[i].is_taken};
  p.has_many = n_other > RP_ALL_GROUP || n - n_other > RP_ALL_GROUP;
  p.is_cut = found.is_cut;
  w->n_asked++;
  w->n_candidate += n;
  w->n_posting += found.n_posting;
  w->n_cut += found.is_cut;
  *out = p;
  return RP_OK;
}
