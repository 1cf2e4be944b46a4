#include "judge/group.h"

#include <stdlib.h>

#include "base/mem.h"

/* A partial link brings an article home only if it is about a third of it. */
static const double home_coverage = .3;

struct forming {
  const rp_group_link *link;
  size_t n_link;
  const bool *is_round_up;
  size_t n;
  uint32_t *parent; /* of a forest; the root is the lowest number */
  uint32_t *size;   /* of the roots */
};

static uint32_t root_of(uint32_t *parent, uint32_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

static void join(struct forming *f, uint32_t a, uint32_t b) {
  a = root_of(f->parent, a);
  b = root_of(f->parent, b);
  if (a == b) return;
  uint32_t low = a < b ? a : b, high = a < b ? b : a;
  f->parent[high] = low;
  f->size[low] += f->size[high];
}

static bool carries(rp_verdict verdict) {
  return verdict == RP_IDENTICAL || verdict == RP_REPRINT || verdict == RP_OWN_UPDATE;
}

/* Round-ups are leaves: no link of theirs joins anything. */
static bool is_between_stories(const struct forming *f, const rp_group_link *link) {
  return !f->is_round_up[link->a] && !f->is_round_up[link->b];
}

static bool brings_home(const struct forming *f, const rp_group_link *link) {
  return link->verdict == RP_PARTIAL && link->coverage >= home_coverage && is_between_stories(f, link);
}

static int compare_strength(const void *x, const void *y) {
  const rp_group_link *p = *(const rp_group_link *const *)x, *q = *(const rp_group_link *const *)y;
  if (p->words != q->words) return p->words > q->words ? -1 : 1;
  if (p->a != q->a) return p->a < q->a ? -1 : 1;
  return (p->b > q->b) - (p->b < q->b);
}

/* The links that bring home, the strongest first. */
static const rp_group_link **collect(const struct forming *f, size_t *n_out) {
  const rp_group_link **home = rp_malloc((f->n_link + 1) * sizeof *home);
  size_t n = 0;
  for (size_t i = 0; home && i < f->n_link; i++)
    if (brings_home(f, &f->link[i])) home[n++] = &f->link[i];
  if (home) qsort(home, n, sizeof *home, compare_strength);
  *n_out = n;
  return home;
}

static void join_singletons(struct forming *f, const rp_group_link **home, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint32_t a = root_of(f->parent, home[i]->a), b = root_of(f->parent, home[i]->b);
    if (f->size[a] == 1 || f->size[b] == 1) join(f, a, b);
  }
}

enum { NONE = -1, SEVERAL = -2 };

static void note_neighbour(int64_t *only, uint32_t group, uint32_t other) {
  if (only[group] == NONE)
    only[group] = other;
  else if (only[group] != other)
    only[group] = SEVERAL;
}

/* A group is small beside another that it hangs on: of two of one size the one
 * with the higher number. */
static bool is_smaller(const struct forming *f, uint32_t group, uint32_t other) {
  if (f->size[group] != f->size[other]) return f->size[group] < f->size[other];
  return group > other;
}

/* Small groups that only one other group is tied to.  A group that others join
 * has more than one neighbour or is the larger one, so none of them moves. */
static rp_status join_small(struct forming *f, const rp_group_link **home, size_t n, rp_error *error) {
  int64_t *only = rp_malloc((f->n + 1) * sizeof *only);
  if (!only) return rp_fail_memory(error);
  for (size_t i = 0; i < f->n; i++) only[i] = NONE;
  for (size_t i = 0; i < n; i++) {
    uint32_t a = root_of(f->parent, home[i]->a), b = root_of(f->parent, home[i]->b);
    if (a == b) continue;
    note_neighbour(only, a, b);
    note_neighbour(only, b, a);
  }
  for (uint32_t g = 0; g < f->n; g++) {
    bool joins = only[g] >= 0 && f->size[g] <= RP_GROUP_SMALL && is_smaller(f, g, (uint32_t)only[g]);
    if (!joins) only[g] = NONE;
  }
  for (uint32_t g = 0; g < f->n; g++)
    if (only[g] >= 0) join(f, g, (uint32_t)only[g]);
  rp_free(only);
  return RP_OK;
}

/* A round-up is listed with the story it has most of. */
static rp_status join_round_ups(struct forming *f, rp_error *error) {
  const rp_group_link **best = rp_calloc(f->n + 1, sizeof *best);
  if (!best) return rp_fail_memory(error);
  for (size_t i = 0; i < f->n_link; i++) {
    const rp_group_link *link = &f->link[i];
    if (f->is_round_up[link->a] == f->is_round_up[link->b]) continue;
    uint32_t leaf = f->is_round_up[link->a] ? link->a : link->b;
    if (!best[leaf] || compare_strength(&link, &best[leaf]) < 0) best[leaf] = link;
  }
  for (uint32_t i = 0; i < f->n; i++)
    if (best[i]) join(f, best[i]->a, best[i]->b);
  rp_free(best);
  return RP_OK;
}

static rp_status form(struct forming *f, rp_error *error) {
  for (size_t i = 0; i < f->n_link; i++)
    if (carries(f->link[i].verdict) && is_between_stories(f, &f->link[i])) join(f, f->link[i].a, f->link[i].b);
  size_t n_home;
  const rp_group_link **home = collect(f, &n_home);
  if (!home) return rp_fail_memory(error);
  join_singletons(f, home, n_home);
  rp_status status = join_small(f, home, n_home, error);
  rp_free(home);
  return status == RP_OK ? join_round_ups(f, error) : status;
}

rp_status rp_groups_form(const rp_group_link *link, size_t n_link, const bool *is_round_up, size_t n, uint32_t *group,
                         rp_error *error) {
  struct forming f = {.link = link, .n_link = n_link, .is_round_up = is_round_up, .n = n, .parent = group};
  f.size = rp_malloc((n + 1) * sizeof *f.size);
  if (!f.size) return rp_fail_memory(error);
  for (uint32_t i = 0; i < n; i++) {
    group[i] = i;
    f.size[i] = 1;
  }
  rp_status status = form(&f, error);
  for (uint32_t i = 0; i < n; i++) group[i] = root_of(group, i);
  rp_free(f.size);
  return status;
}

/* ---- who leads ---------------------------------------------------------------- */

/* What the links inside its group say of an article: `strong` ones carry the
 * group, all others are weak. */
struct standing {
  double held; /* of the others, their coverage added up */
  bool is_strong_source, is_strong_copy, is_weak_source, is_weak_copy;
  bool is_round_up;
};

static bool is_known(rp_date date) { return date.earliest <= date.latest; }

/* Who had what all share comes before who had a passage of it. */
static int evidence_of(const struct standing *s) {
  if (s->is_round_up) return 0;
  if (s->is_strong_source && !s->is_strong_copy) return 3;
  return s->is_weak_source && !s->is_weak_copy && !s->is_strong_copy ? 2 : 1;
}

/* Whether x leads rather than y; x has the higher number. */
static bool leads(const struct standing *at, const rp_date *published, uint32_t x, uint32_t y) {
  int p = evidence_of(&at[x]), q = evidence_of(&at[y]);
  if (p != q) return p > q;
  if (p > 1 && is_known(published[x]) != is_known(published[y])) return is_known(published[x]);
  if (p > 1 && is_known(published[x]) && published[x].earliest != published[y].earliest)
    return published[x].earliest < published[y].earliest;
  return at[x].held > at[y].held;
}

static void weigh(const rp_group_link *link, struct standing *at) {
  struct standing *a = &at[link->a], *b = &at[link->b];
  a->held += link->coverage_b;
  b->held += link->coverage_a;
  if (link->direction == RP_UNDECIDED) return;
  struct standing *source = link->direction == RP_A_TO_B ? a : b, *copy = source == a ? b : a;
  if (carries(link->verdict))
    source->is_strong_source = copy->is_strong_copy = true;
  else
    source->is_weak_source = copy->is_weak_copy = true;
}

rp_status rp_groups_lead(const rp_group_members *m, const rp_group_link *link, size_t n_link, uint32_t *lead,
                         rp_error *error) {
  size_t n = m->n;
  const uint32_t *group = m->group;
  const rp_date *published = m->published;
  struct standing *at = rp_calloc(n + 1, sizeof *at);
  if (!at) return rp_fail_memory(error);
  for (uint32_t i = 0; i < n; i++) at[i].is_round_up = m->is_round_up[i];
  for (size_t i = 0; i < n_link; i++)
    if (group[link[i].a] == group[link[i].b] && link[i].verdict != RP_ROUND_UP) weigh(&link[i], at);
  for (uint32_t i = 0; i < n; i++)
    if (group[i] == i)
      lead[i] = i;
    else if (leads(at, published, i, lead[group[i]]))
      lead[group[i]] = i;
  rp_free(at);
  return RP_OK;
}
