#include "engine/group_tell.h"

#include <stdlib.h>

#include "engine/all_filter.h"
#include "engine/describe.h"
#include "engine/kept.h"

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

static rp_status place_members(rp_group_teller *t, rp_error *error) {
  const rp_all *all = t->all;
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
  rp_group_teller *t;
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

static double hours_of(const rp_match *match) {
  return ((double)match->b->published.earliest - (double)match->a->published.earliest) / 3600;
}

static rp_status add_member(struct gathering *g, struct gathered *to, const rp_match *match, rp_error *error) {
  rp_member m = {.article = match->b,
                 .verdict = match->verdict,
                 .of = match->a->id,
                 .coverage = match->coverage_b,
                 .has_hours = match->has_hours,
                 .hours_after = match->has_hours ? hours_of(match) : 0,
                 .credit = match->direction == RP_B_TO_A ? RP_CREDIT_NONE : match->credit,
                 .counted = match->why.counted_b};
  if (!rp_all_tells(&g->t->all->options->filter, match->a, &m)) return RP_OK;
  RP_TRY(keep_str(&g->t->arena, &m.of, error));
  RP_TRY(keep_article(&g->t->arena, match->b, &m.article, error));
  to->member[to->n_member++] = m;
  return RP_OK;
}

static rp_status add_lead(struct gathering *g, struct gathered *to, rp_error *error) {
  rp_all_worker *w = &g->t->all->worker[0];
  rp_document document;
  rp_arena_mark mark = rp_arena_get(&w->arena);
  uint32_t lead = g->t->all->lead[to->group];
  rp_status status = rp_index_read(w->snapshot, g->t->all->node[lead].doc, &w->arena, &document, error);
  if (status == RP_OK) status = keep_article(&g->t->arena, &document.article, &to->member[to->n_member].article, error);
  to->member[to->n_member++].counted = g->t->all->node[lead].counted;
  rp_arena_rewind(&w->arena, mark);
  return status;
}

static rp_status add_group(struct gathering *g, uint32_t group, rp_error *error) {
  const rp_all *all = g->t->all;
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
  rp_all *all = g->t->all;
  for (size_t at = 0, n_done; at < g->n_telling; at += n_done) {
    RP_TRY(rp_all_describe(all, g->telling + at, g->n_telling - at, g->match, &n_done, error));
    for (size_t i = 0; i < n_done; i++) RP_TRY(add_member(g, &g->gathered[g->of[at + i]], &g->match[i], error));
  }
  return RP_OK;
}

/* As many of the groups as have a description's worth of pairs, one at least. */
static size_t batch_of(const rp_group_teller *t, const uint32_t *group, size_t n, size_t *n_member) {
  size_t end = 0;
  *n_member = 0;
  while (end < n && *n_member < RP_DESCRIBE_MOST) *n_member += t->all->size[group[end++]];
  return end;
}

static rp_status gather(struct gathering *g, const uint32_t *group, size_t n_all, size_t *n, rp_error *error) {
  rp_arena *arena = &g->t->arena;
  size_t n_member;
  rp_arena_clear(arena, 1 << 24);
  *n = batch_of(g->t, group, n_all, &n_member);
  g->gathered = RP_NEW(arena, struct gathered, *n);
  g->telling = RP_NEW(arena, rp_telling, n_member);
  g->of = RP_NEW(arena, uint32_t, n_member);
  if (!g->gathered || !g->telling || !g->of) return rp_fail_memory(error);
  g->n_gathered = g->n_telling = 0;
  for (size_t i = 0; i < *n; i++) RP_TRY(add_group(g, group[i], error));
  return describe_members(g, error);
}

static rp_status choose_kept(const rp_group_teller *t, struct gathered *g, rp_error *error) {
  rp_all *all = t->all;
  const uint32_t *node = t->node + t->first[g->group];
  RP_TRY(rp_kept_choose(all, &all->options->keep, node, all->size[g->group], error));
  /* members come in the order of the nodes, some left out */
  for (size_t i = 0, k = 0; i < g->n_member; i++) {
    while (!rp_str_equal(g->member[i].article->id, all->node[node[k]].id)) k++;
    g->member[i].is_kept = all->kept[node[k]] == RP_KEPT;
  }
  return RP_OK;
}

static bool tell(const rp_group_teller *t, const struct gathered *g, rp_group_fn fn, void *user) {
  const rp_all *all = t->all;
  const uint32_t *node = t->node + t->first[g->group];
  char id[RP_CLUSTER_ID + 1];
  rp_naming_print(t->naming->id[t->naming->number[g->group]], id);
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
  return fn(user, g->group, &cluster);
}

rp_status rp_group_teller_make(rp_all *all, const rp_naming *naming, rp_group_teller *out, rp_error *error) {
  *out = (rp_group_teller){.all = all, .naming = naming};
  rp_arena_init(&out->arena);
  RP_TRY(rp_all_count_publishers(all, &out->publisher, error));
  if (all->options->filter.n_owner) RP_TRY(rp_all_count_owners(all, &out->owner, error));
  return place_members(out, error);
}

void rp_group_teller_release(rp_group_teller *t) {
  rp_free(t->publisher);
  rp_free(t->owner);
  rp_free(t->node);
  rp_free(t->first);
  rp_arena_release(&t->arena);
}

static rp_status tell_all(rp_group_teller *t, const uint32_t *group, size_t n_group, rp_match *match, rp_group_fn fn,
                          void *user, rp_error *error) {
  struct gathering g = {.t = t, .match = match};
  for (size_t at = 0, n; at < n_group; at += n) {
    RP_TRY(gather(&g, group + at, n_group - at, &n, error));
    for (size_t i = 0; i < n; i++) {
      RP_TRY(choose_kept(t, &g.gathered[i], error));
      if (!tell(t, &g.gathered[i], fn, user)) return RP_OK;
    }
  }
  return RP_OK;
}

rp_status rp_group_tell(rp_group_teller *t, const uint32_t *group, size_t n, rp_group_fn fn, void *user,
                        rp_error *error) {
  rp_match *match = rp_malloc(RP_DESCRIBE_MOST * sizeof *match);
  if (!match) return rp_fail_memory(error);
  rp_status status = tell_all(t, group, n, match, fn, user, error);
  rp_free(match);
  return status;
}
