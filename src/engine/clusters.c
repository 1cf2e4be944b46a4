#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/all_filter.h"
#include "engine/describe.h"
#include "engine/filter.h"

struct telling_clusters {
  rp_all all;
  rp_cluster_fn fn;
  void *user;
  uint32_t *publisher; /* known ones of each group */
  uint32_t *owner;     /* of these; NULL: none were given */
  uint32_t *node;      /* members, group by group, the lead first, then by date */
  uint32_t *first;     /* of each group, at its lowest member: index into `node` */
  RP_VEC(uint32_t) group;
  rp_arena arena; /* of the group that is told */
  bool is_stopped;
};

/* ---- members ----------------------------------------------------------------------------- */

struct placed {
  uint32_t group, node;
  bool is_lead;
  rp_date published;
};

static int compare_placed(const void *x, const void *y) {
  const struct placed *p = x, *q = y;
  if (p->group != q->group) return p->group < q->group ? -1 : 1;
  if (p->is_lead != q->is_lead) return p->is_lead ? -1 : 1;
  bool p_known = rp_date_is_known(p->published), q_known = rp_date_is_known(q->published);
  if (p_known != q_known) return p_known ? -1 : 1;
  if (p_known && p->published.earliest != q->published.earliest)
    return p->published.earliest < q->published.earliest ? -1 : 1;
  return (p->node > q->node) - (p->node < q->node);
}

static rp_status place_members(struct telling_clusters *t, rp_error *error) {
  const rp_all *all = &t->all;
  struct placed *placed = rp_malloc((all->n_node + 1) * sizeof *placed);
  t->node = rp_malloc((all->n_node + 1) * sizeof *t->node);
  t->first = rp_malloc((all->n_node + 1) * sizeof *t->first);
  rp_status status = placed && t->node && t->first ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    size_t n = 0;
    for (uint32_t i = 0; i < all->n_node; i++)
      if (all->size[all->group[i]] > 1)
        placed[n++] = (struct placed){all->group[i], i, all->lead[all->group[i]] == i, all->node[i].published};
    if (n) qsort(placed, n, sizeof *placed, compare_placed);
    for (uint32_t i = 0; i < n; i++) {
      t->node[i] = placed[i].node;
      if (placed[i].is_lead) t->first[placed[i].group] = i;
    }
  }
  rp_free(placed);
  return status;
}

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
    rp_date date = t->all.node[t->node[t->first[group] + i]].published;
    if (rp_date_is_known(date) && date.earliest < first) first = date.earliest;
  }
  return first;
}

static rp_status choose(struct telling_clusters *t, rp_error *error) {
  const rp_all *all = &t->all;
  RP_VEC(struct ordered) ordered = {0};
  rp_status status = RP_OK;
  for (uint32_t i = 0; i < all->n_node && status == RP_OK; i++) {
    if (all->group[i] != i || all->size[i] < 2 || t->publisher[i] < all->options->min_publishers) continue;
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

/* One group that is told. */
struct gathered {
  uint32_t group;
  rp_member *member;
  size_t n_member;
};

/* Some groups together: many are small, and a description is worth its threads
 * only for many pairs. */
struct gathering {
  struct telling_clusters *t;
  struct gathered *gathered;
  size_t n_gathered;
  rp_telling *telling; /* one for each member but the lead */
  uint32_t *of;        /* its place in `gathered` */
  size_t n_telling;
  rp_match *match;
};

static rp_status keep_str(rp_arena *arena, rp_str *s, rp_error *error) {
  char *copy = rp_arena_memdup(arena, s->len ? s->data : "", s->len);
  if (!copy) return rp_fail_memory(error);
  s->data = copy;
  return RP_OK;
}

/* What a member is told with: its names, not its text. */
static rp_status keep_article(rp_arena *arena, const rp_article *from, const rp_article **out, rp_error *error) {
  rp_article *a = RP_NEW(arena, rp_article, 1);
  if (!a) return rp_fail_memory(error);
  *a = (rp_article){.size = sizeof *a,
                    .id = from->id,
                    .url = from->url,
                    .publisher = from->publisher,
                    .publisher_key = from->publisher_key,
                    .title = from->title,
                    .lang = from->lang,
                    .path = from->path,
                    .line = from->line,
                    .published = from->published};
  rp_str *const kept[] = {&a->id, &a->url, &a->publisher, &a->publisher_key, &a->title, &a->lang, &a->path};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) RP_TRY(keep_str(arena, kept[i], error));
  *out = a;
  return RP_OK;
}

static bool is_told(const rp_query_options *o, const rp_match *match) {
  return rp_filter_verdict(o, match->verdict) &&
         rp_filter_coverage(o, RP_FILTER_MATCH, match->coverage_a, match->coverage_b) &&
         rp_filter_words(o, RP_FILTER_MATCH, match->why.counted_a, match->why.counted_b) &&
         rp_filter_dates(o, RP_FILTER_MATCH, match->a->published, match->b->published) &&
         rp_filter_articles(o, RP_FILTER_MATCH, match->a, match->b);
}

static double hours_of(const rp_match *match) {
  return ((double)match->b->published.earliest - (double)match->a->published.earliest) / 3600;
}

static rp_status add_member(struct gathering *g, struct gathered *to, const rp_match *match, rp_error *error) {
  rp_member *m = &to->member[to->n_member];
  *m = (rp_member){.verdict = match->verdict,
                   .of = match->a->id,
                   .coverage = match->coverage_b,
                   .has_hours = match->has_hours,
                   .hours_after = match->has_hours ? hours_of(match) : 0,
                   .credit = match->direction == RP_B_TO_A ? RP_CREDIT_NONE : match->credit};
  RP_TRY(keep_str(&g->t->arena, &m->of, error));
  RP_TRY(keep_article(&g->t->arena, match->b, &m->article, error));
  to->n_member++;
  return RP_OK;
}

static rp_status add_lead(struct gathering *g, struct gathered *to, rp_error *error) {
  rp_all_worker *w = &g->t->all.worker[0];
  rp_document document;
  rp_arena_mark mark = rp_arena_get(&w->arena);
  uint32_t lead = g->t->all.lead[to->group];
  rp_status status = rp_index_read(w->snapshot, g->t->all.node[lead].doc, &w->arena, &document, error);
  if (status == RP_OK)
    status = keep_article(&g->t->arena, &document.article, &to->member[to->n_member++].article, error);
  rp_arena_rewind(&w->arena, mark);
  return status;
}

static rp_status add_group(struct gathering *g, uint32_t group, rp_error *error) {
  const rp_all *all = &g->t->all;
  const uint32_t *node = g->t->node + g->t->first[group];
  struct gathered *to = &g->gathered[g->n_gathered];
  *to = (struct gathered){.group = group, .member = RP_NEW0(&g->t->arena, rp_member, all->size[group])};
  if (!to->member) return rp_fail_memory(error);
  RP_TRY(add_lead(g, to, error));
  for (size_t i = 1; i < all->size[group]; i++) {
    const rp_link_pair *link = rp_all_source_link(all, node[i]);
    if (!link) continue;
    g->of[g->n_telling] = (uint32_t)g->n_gathered;
    g->telling[g->n_telling++] = (rp_telling){rp_link_other(link, node[i]), node[i], link};
  }
  g->n_gathered++;
  return RP_OK;
}

static rp_status describe_members(struct gathering *g, rp_error *error) {
  rp_all *all = &g->t->all;
  for (size_t at = 0, n_done; at < g->n_telling; at += n_done) {
    RP_TRY(rp_all_describe(all, g->telling + at, g->n_telling - at, g->match, &n_done, error));
    for (size_t i = 0; i < n_done; i++)
      if (is_told(&all->options->filter, &g->match[i]))
        RP_TRY(add_member(g, &g->gathered[g->of[at + i]], &g->match[i], error));
  }
  return RP_OK;
}

/* As many groups from `at` on as have a description's worth of pairs, one at least. */
static size_t batch_of(const struct telling_clusters *t, size_t at, size_t *n_member) {
  size_t end = at;
  *n_member = 0;
  while (end < t->group.n && *n_member < RP_DESCRIBE_MOST) *n_member += t->all.size[t->group.data[end++]];
  return end - at;
}

static rp_status gather(struct gathering *g, size_t at, size_t *n, rp_error *error) {
  rp_arena *arena = &g->t->arena;
  size_t n_member;
  rp_arena_clear(arena, 1 << 24);
  *n = batch_of(g->t, at, &n_member);
  g->gathered = RP_NEW(arena, struct gathered, *n);
  g->telling = RP_NEW(arena, rp_telling, n_member);
  g->of = RP_NEW(arena, uint32_t, n_member);
  if (!g->gathered || !g->telling || !g->of) return rp_fail_memory(error);
  g->n_gathered = g->n_telling = 0;
  for (size_t i = 0; i < *n; i++) RP_TRY(add_group(g, g->t->group.data[at + i], error));
  return describe_members(g, error);
}

static void tell(struct telling_clusters *t, const struct gathered *g) {
  const rp_all *all = &t->all;
  const uint32_t *node = t->node + t->first[g->group];
  char id[RP_CLUSTER_ID + 1];
  rp_all_cluster_id(all, g->group, id);
  rp_cluster cluster = {
      .id = {id, RP_CLUSTER_ID},
      .lead = all->node[all->lead[g->group]].id,
      .n_article = all->size[g->group],
      .n_publisher = t->publisher[g->group],
      .n_owner = t->owner ? t->owner[g->group] : 0,
      .has_owners = t->owner != NULL,
      .first_seen = INT64_MAX,
      .last_seen = INT64_MIN,
      .member = g->member,
      .n_member = g->n_member,
  };
  for (size_t i = 0; i < cluster.n_article; i++) {
    int64_t seen = all->node[node[i]].first_seen;
    if (seen < cluster.first_seen) cluster.first_seen = seen;
    if (seen > cluster.last_seen) cluster.last_seen = seen;
  }
  t->is_stopped = !t->fn(t->user, &cluster);
  t->all.stat.n_told++;
}

static rp_status tell_all(struct telling_clusters *t, rp_match *match, rp_error *error) {
  size_t limit = t->all.options->filter.limit ? t->all.options->filter.limit : SIZE_MAX;
  struct gathering g = {.t = t, .match = match};
  for (size_t at = 0, n; at < t->group.n && !t->is_stopped; at += n) {
    if (t->all.stat.n_told >= limit) {
      t->all.stat.n_left_out += t->group.n - at;
      return RP_OK;
    }
    RP_TRY(gather(&g, at, &n, error));
    for (size_t i = 0; i < n && !t->is_stopped; i++) {
      if (g.gathered[i].n_member < 2) continue;
      if (t->all.stat.n_told < limit)
        tell(t, &g.gathered[i]);
      else
        t->all.stat.n_left_out++;
    }
  }
  return RP_OK;
}

static rp_status run(struct telling_clusters *t, rp_index *index, const rp_all_options *options, rp_error *error) {
  RP_TRY(rp_all_run(index, options, &t->all, error));
  RP_TRY(rp_all_count_publishers(&t->all, &t->publisher, error));
  if (options->filter.n_owner) RP_TRY(rp_all_count_owners(&t->all, &t->owner, error));
  RP_TRY(place_members(t, error));
  RP_TRY(choose(t, error));
  rp_match *match = rp_malloc(RP_DESCRIBE_MOST * sizeof *match);
  if (!match) return rp_fail_memory(error);
  rp_status status = tell_all(t, match, error);
  rp_free(match);
  return status;
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
  rp_arena_init(&t.arena);
  rp_status status = run(&t, index, options, error);
  t.all.stat.seconds = now() - start;
  if (stat && status == RP_OK) *stat = t.all.stat;
  rp_free(t.publisher);
  rp_free(t.owner);
  rp_free(t.node);
  rp_free(t.first);
  rp_vec_release(&t.group);
  rp_arena_release(&t.arena);
  rp_all_release(&t.all);
  return status;
}
