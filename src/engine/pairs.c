#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/all_filter.h"
#include "engine/describe.h"
#include "engine/naming.h"

struct telling_pairs {
  rp_all all;
  rp_naming naming;
  rp_pair_fn fn;
  void *user;
  bool *is_listed;     /* of each link of a large group */
  uint32_t *n_listed;  /* told pairs of each large group */
  uint32_t *publisher; /* of each group; NULL: not asked */
  RP_VEC(rp_telling) telling;
  rp_match match[RP_DESCRIBE_MOST];
  bool is_stopped;
};

static bool is_in_group(const rp_all *all, const rp_link_pair *link) {
  return all->group[link->a] == all->group[link->b];
}

static bool is_large(const rp_all *all, uint32_t node) {
  return all->size[all->group[node]] > RP_ALL_GROUP && !all->options->is_all;
}

/* ---- large groups ---------------------------------------------------------------------- */

struct near_link {
  size_t link;
  int64_t gap;
  uint32_t other;
};

static int compare_near(const void *x, const void *y) {
  const struct near_link *p = x, *q = y;
  if (p->gap != q->gap) return p->gap < q->gap ? -1 : 1;
  return (p->other > q->other) - (p->other < q->other);
}

/* The pairs of one member that are told: with its source and with its nearest. */
static void list_nearest(struct telling_pairs *t, uint32_t node, struct near_link *near) {
  const rp_all *all = &t->all;
  size_t n = 0;
  for (size_t i = all->link_of[node]; i < all->link_of[node + 1]; i++) {
    const rp_link_pair *link = &all->link.data[all->at[i]];
    uint32_t other = rp_link_other(link, node);
    if (is_in_group(all, link) && rp_verdict_is_link((rp_verdict)link->verdict))
      near[n++] =
          (struct near_link){all->at[i], rp_all_gap(all->node[node].published, all->node[other].published), other};
  }
  if (n) qsort(near, n, sizeof *near, compare_near);
  for (size_t i = 0; i < n && i < RP_ALL_NEAREST; i++) t->is_listed[near[i].link] = true;
  const rp_link_pair *source = rp_all_source_link(all, node);
  if (source) t->is_listed[source - all->link.data] = true;
}

static rp_status list_large(struct telling_pairs *t, rp_error *error) {
  const rp_all *all = &t->all;
  size_t most = 0;
  for (size_t i = 0; i < all->n_node; i++)
    if (all->link_of[i + 1] - all->link_of[i] > most) most = all->link_of[i + 1] - all->link_of[i];
  t->is_listed = rp_calloc(all->link.n + 1, sizeof *t->is_listed);
  t->n_listed = rp_calloc(all->n_node + 1, sizeof *t->n_listed);
  struct near_link *near = rp_malloc((most + 1) * sizeof *near);
  rp_status status = t->is_listed && t->n_listed && near ? RP_OK : rp_fail_memory(error);
  for (uint32_t i = 0; i < all->n_node && status == RP_OK; i++)
    if (is_large(all, i)) list_nearest(t, i, near);
  rp_free(near);
  return status;
}

/* ---- which, and in what order ------------------------------------------------------------ */

static bool is_asked_for(const struct telling_pairs *t, size_t i) {
  const rp_all *all = &t->all;
  const rp_link_pair *link = &all->link.data[i];
  if (!rp_all_passes(all, link)) return false;
  bool is_together = is_in_group(all, link);
  if (t->publisher && !(is_together && t->publisher[all->group[link->a]] >= all->options->min_publishers)) return false;
  return !is_together || !is_large(all, link->a) || t->is_listed[i];
}

static rp_status choose(struct telling_pairs *t, rp_error *error) {
  const rp_all *all = &t->all;
  for (size_t i = 0; i < all->link.n; i++) {
    const rp_link_pair *link = &all->link.data[i];
    rp_telling telling = {link->a, link->b, link};
    if (is_asked_for(t, i) && !rp_vec_push(&t->telling, telling)) return rp_fail_memory(error);
  }
  return RP_OK;
}

/* What the order of a pair hangs on, so that sorting needs no context. */
struct ordered {
  rp_telling telling;
  double score;  /* greater ones first */
  int64_t first; /* then lesser ones */
};

static int compare_ordered(const void *x, const void *y) {
  const struct ordered *p = x, *q = y;
  if (p->score != q->score) return p->score > q->score ? -1 : 1;
  if (p->first != q->first) return p->first < q->first ? -1 : 1;
  if (p->telling.a != q->telling.a) return p->telling.a < q->telling.a ? -1 : 1;
  return (p->telling.b > q->telling.b) - (p->telling.b < q->telling.b);
}

static void settle_order(const rp_all *all, struct ordered *o) {
  const rp_link_pair *link = o->telling.link;
  uint32_t a = all->group[link->a], b = all->group[link->b];
  double coverage_a = rp_all_coverage(all, link, link->a), coverage_b = rp_all_coverage(all, link, link->b);
  rp_date x = all->node[link->a].published, y = all->node[link->b].published;
  switch (all->options->filter.sort) {
    case RP_SORT_SCORE:
      o->score =
          (rp_verdict_is_link((rp_verdict)link->verdict) ? 2 : 0) + (coverage_a > coverage_b ? coverage_a : coverage_b);
      break;
    case RP_SORT_DATE:
      o->first = !rp_date_is_known(x) || !rp_date_is_known(y) ? INT64_MAX
                 : x.earliest > y.earliest                    ? x.earliest
                                                              : y.earliest;
      break;
    case RP_SORT_GROUP: o->first = a < b ? a : b; break;
  }
}

static rp_status sort_pairs(struct telling_pairs *t, rp_error *error) {
  size_t n = t->telling.n;
  struct ordered *ordered = rp_calloc(n + 1, sizeof *ordered);
  if (!ordered) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) {
    ordered[i].telling = t->telling.data[i];
    settle_order(&t->all, &ordered[i]);
  }
  if (n) qsort(ordered, n, sizeof *ordered, compare_ordered);
  for (size_t i = 0; i < n; i++) t->telling.data[i] = ordered[i].telling;
  rp_free(ordered);
  return RP_OK;
}

/* ---- telling -------------------------------------------------------------------------------- */

static void fill_group(const struct telling_pairs *t, uint32_t node, char id[RP_CLUSTER_ID + 1],
                       rp_pair_record *record) {
  const rp_all *all = &t->all;
  rp_naming_print(t->naming.id[t->naming.number[node]], id);
  record->cluster = (rp_str){id, RP_CLUSTER_ID};
  record->lead = all->node[all->lead[all->group[node]]].id;
  record->cluster_size = all->size[all->group[node]];
}

static void tell_pair(struct telling_pairs *t, const rp_link_pair *link, const rp_match *match) {
  const rp_all *all = &t->all;
  char id[RP_CLUSTER_ID + 1];
  rp_pair_record record = {.match = match, .is_through_third = link->is_third};
  if (is_in_group(all, link)) fill_group(t, link->a, id, &record);
  t->is_stopped = !t->fn(t->user, &record);
  t->all.stat.n_told++;
  if (is_in_group(all, link)) t->n_listed[all->group[link->a]]++;
}

static rp_status tell_pairs(struct telling_pairs *t, rp_error *error) {
  const rp_all_options *o = t->all.options;
  size_t n = t->telling.n, limit = o->filter.limit ? o->filter.limit : SIZE_MAX;
  for (size_t at = 0, n_done; at < n && !t->is_stopped; at += n_done) {
    if (t->all.stat.n_told >= limit) {
      t->all.stat.n_left_out += n - at;
      return RP_OK;
    }
    RP_TRY(rp_all_describe(&t->all, t->telling.data + at, n - at, t->match, &n_done, error));
    for (size_t i = 0; i < n_done && !t->is_stopped; i++) {
      if (!rp_all_passes_match(o, &t->match[i])) continue;
      if (t->all.stat.n_told < limit)
        tell_pair(t, t->telling.data[at + i].link, &t->match[i]);
      else
        t->all.stat.n_left_out++;
    }
  }
  return RP_OK;
}

/* One note for each group of which not all pairs were compared. */
static void tell_large(struct telling_pairs *t) {
  const rp_all *all = &t->all;
  char id[RP_CLUSTER_ID + 1];
  for (uint32_t i = 0; i < all->n_node && !t->is_stopped; i++) {
    if (all->group[i] != i || !is_large(all, i) || !t->n_listed[i]) continue;
    rp_pair_record record = {.n_listed = t->n_listed[i]};
    fill_group(t, i, id, &record);
    t->is_stopped = !t->fn(t->user, &record);
  }
}

static rp_status run(struct telling_pairs *t, rp_index *index, const rp_all_options *options, rp_error *error) {
  RP_TRY(rp_all_run(index, options, &t->all, error));
  RP_TRY(rp_naming_make(&t->all, &t->naming, error));
  RP_TRY(list_large(t, error));
  if (options->min_publishers) RP_TRY(rp_all_count_publishers(&t->all, &t->publisher, error));
  RP_TRY(choose(t, error));
  RP_TRY(sort_pairs(t, error));
  RP_TRY(tell_pairs(t, error));
  tell_large(t);
  return RP_OK;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

rp_status rp_pairs(rp_index *index, const rp_all_options *options, rp_pair_fn fn, void *user, rp_all_stat *stat,
                   rp_error *error) {
  assert(index && options && fn);
  double start = now();
  struct telling_pairs *t = rp_calloc(1, sizeof *t);
  if (!t) return rp_fail_memory(error);
  t->fn = fn;
  t->user = user;
  rp_status status = run(t, index, options, error);
  t->all.stat.seconds = now() - start;
  if (stat && status == RP_OK) *stat = t->all.stat;
  rp_free(t->is_listed);
  rp_free(t->n_listed);
  rp_free(t->publisher);
  rp_vec_release(&t->telling);
  rp_naming_release(&t->naming);
  rp_all_release(&t->all);
  rp_free(t);
  return status;
}
