#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "engine/group_tell.h"

struct telling_clusters {
  rp_all all;
  rp_naming naming;
  rp_group_teller teller;
  rp_cluster_fn fn;
  void *user;
  RP_VEC(uint32_t) group;
  size_t limit;
  bool is_stopped;
};

/* ---- which groups, and in what order ---------------------------------------------------------- */

struct ordered {
  uint32_t group, size;
  int64_t first; /* date, of the earliest with a known one */
};

static int compare_size(const void *x, const void *y) {
  const struct ordered *p = x, *q = y;
  if (p->size != q->size) return p->size > q->size ? -1 : 1;
  return (p->group > q->group) - (p->group < q->group);
}

static int compare_first(const void *x, const void *y) {
  const struct ordered *p = x, *q = y;
  if (p->first != q->first) return p->first < q->first ? -1 : 1;
  return (p->group > q->group) - (p->group < q->group);
}

static int64_t first_date(const struct telling_clusters *t, uint32_t group) {
  int64_t first = INT64_MAX;
  for (uint32_t i = 0; i < t->all.size[group]; i++) {
    rp_date date = t->all.node[t->teller.node[t->teller.first[group] + i]].published;
    if (rp_date_is_known(date) && date.earliest < first) first = date.earliest;
  }
  return first;
}

static rp_status choose(struct telling_clusters *t, rp_error *error) {
  const rp_all *all = &t->all;
  RP_VEC(struct ordered) ordered = {0};
  rp_status status = RP_OK;
  for (uint32_t i = 0; i < all->n_node && status == RP_OK; i++) {
    if (all->group[i] != i || all->size[i] < 2 || t->teller.publisher[i] < all->options->min_publishers) continue;
    struct ordered o = {i, all->size[i], first_date(t, i)};
    if (!rp_vec_push(&ordered, o)) status = rp_fail_memory(error);
  }
  if (status == RP_OK && ordered.n) {
    qsort(ordered.data, ordered.n, sizeof *ordered.data,
          all->options->filter.sort == RP_SORT_DATE ? compare_first : compare_size);
    if (!rp_vec_reserve(&t->group, ordered.n)) status = rp_fail_memory(error);
    for (size_t i = 0; status == RP_OK && i < ordered.n; i++) t->group.data[t->group.n++] = ordered.data[i].group;
  }
  rp_vec_release(&ordered);
  return status;
}

/* ---- telling ------------------------------------------------------------------------------------ */

static bool tell(void *user, uint32_t group, const rp_cluster *cluster) {
  (void)group;
  struct telling_clusters *t = user;
  if (cluster->n_member < 2) return true;
  if (t->all.stat.n_told >= t->limit) {
    t->all.stat.n_left_out++;
    return true;
  }
  t->all.stat.n_told++;
  t->is_stopped = !t->fn(t->user, cluster);
  return !t->is_stopped;
}

/* Beyond the limit groups are only counted, without asking the filter of them. */
static rp_status tell_all(struct telling_clusters *t, rp_error *error) {
  enum { STEP = 256 };
  for (size_t at = 0, n; at < t->group.n && !t->is_stopped; at += n) {
    n = t->group.n - at < STEP ? t->group.n - at : STEP;
    if (t->all.stat.n_told >= t->limit) {
      t->all.stat.n_left_out += t->group.n - at;
      return RP_OK;
    }
    RP_TRY(rp_group_tell(&t->teller, t->group.data + at, n, tell, t, error));
  }
  return RP_OK;
}

static rp_status run(struct telling_clusters *t, rp_index *index, const rp_all_options *options, rp_error *error) {
  RP_TRY(rp_all_run(index, options, &t->all, error));
  RP_TRY(rp_naming_make(&t->all, &t->naming, error));
  RP_TRY(rp_group_teller_make(&t->all, &t->naming, &t->teller, error));
  RP_TRY(choose(t, error));
  return tell_all(t, error);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

rp_status rp_clusters(rp_index *index, const rp_all_options *options, rp_cluster_fn fn, void *user, rp_all_stat *stat,
                      rp_error *error) {
  assert(index && options && fn);
  double start = now();
  struct telling_clusters t = {.fn = fn, .user = user};
  t.limit = options->filter.limit ? options->filter.limit : SIZE_MAX;
  rp_status status = run(&t, index, options, error);
  t.all.stat.seconds = now() - start;
  if (stat && status == RP_OK) *stat = t.all.stat;
  rp_vec_release(&t.group);
  rp_group_teller_release(&t.teller);
  rp_naming_release(&t.naming);
  rp_all_release(&t.all);
  return status;
}
