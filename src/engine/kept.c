#include "engine/kept.h"

#include <stdlib.h>

/* Shares of an article that are in another: of its counted words, of all words
 * but furniture; as a reprint has them (judge/verdict.h). */
static const double most_of_it = .6, most_of_all = .75;

/* Whether the file, or a folder above it, is called so. */
static bool is_below(rp_str path, rp_str name) {
  while (name.len > 1 && name.data[name.len - 1] == '/') name.len--;
  if (name.len == 0 || path.len < name.len || memcmp(path.data, name.data, name.len) != 0) return false;
  return path.len == name.len || path.data[name.len] == '/' || name.data[name.len - 1] == '/';
}

static bool is_named(const rp_article *article, rp_keep_field field, rp_str name) {
  switch (field) {
    case RP_KEEP_SOURCE: return rp_str_equal(article->publisher_key, name) || rp_str_equal(article->publisher, name);
    case RP_KEEP_LANG: return rp_str_equal(article->lang, name);
    case RP_KEEP_HOST: return rp_str_equal(article->host, name);
    case RP_KEEP_AUTHORS: return rp_str_equal(article->authors, name);
    case RP_KEEP_PATH: return is_below(article->path, name);
  }
  return false;
}

/* Place in the list of the first item that names the article; n_list where none does. */
static rp_status place_in_list(rp_all *all, const rp_keep_options *keep, uint32_t node, size_t *out, rp_error *error) {
  rp_all_worker *w = &all->worker[0];
  rp_document document;
  rp_arena_mark mark = rp_arena_get(&w->arena);
  rp_status status = rp_index_read(w->snapshot, all->node[node].doc, &w->arena, &document, error);
  size_t at = 0;
  if (status == RP_OK) {
    while (at < keep->n_list && !is_named(&document.article, keep->field, keep->list[at])) at++;
    *out = at;
  }
  rp_arena_rewind(&w->arena, mark);
  return status;
}

/* What a member's place in the order of preference hangs on. */
struct ranked {
  uint32_t node;
  rp_keep_rule rule;
  size_t place;
  rp_date published;
  int64_t first_seen;
  uint32_t counted;
};

static int compare_date(const struct ranked *p, const struct ranked *q) {
  bool p_known = rp_date_is_known(p->published), q_known = rp_date_is_known(q->published);
  if (p_known != q_known) return p_known ? -1 : 1;
  if (p_known && p->published.earliest != q->published.earliest)
    return p->published.earliest < q->published.earliest ? -1 : 1;
  return (p->first_seen > q->first_seen) - (p->first_seen < q->first_seen);
}

static int compare_length(const struct ranked *p, const struct ranked *q) {
  return (p->counted < q->counted) - (p->counted > q->counted);
}

/* Nodes are numbered by id. */
static int compare_ranked(const void *x, const void *y) {
  const struct ranked *p = x, *q = y;
  if (p->place != q->place) return p->place < q->place ? -1 : 1;
  int date = compare_date(p, q), length = compare_length(p, q);
  int first = p->rule == RP_KEEP_LONGEST ? length : date, second = p->rule == RP_KEEP_LONGEST ? date : length;
  if (first) return first;
  return second ? second : (p->node > q->node) - (p->node < q->node);
}

static bool carries_group(const rp_link_pair *link) {
  return !link->is_third &&
         (link->verdict == RP_IDENTICAL || link->verdict == RP_REPRINT || link->verdict == RP_OWN_UPDATE);
}

/* Whether most of the node's words are in the other. */
static bool is_mostly_in(const rp_all *all, const rp_link_pair *link, uint32_t node) {
  const rp_edge *edge = &all->edge.data[link->edge];
  if (link->verdict == RP_IDENTICAL) return true;
  if (!edge->fact) return false;
  double whole = all->node[node].same == edge->a ? edge->fact->whole_a : edge->fact->whole_b;
  return rp_all_coverage(all, link, node) >= most_of_it || whole >= most_of_all;
}

/* In a group that is not compared in full, what is in a copy is taken to be in
 * what that copy is in. */
static bool is_in_kept(const rp_all *all, uint32_t node, bool is_large) {
  for (size_t i = all->link_of[node]; i < all->link_of[node + 1]; i++) {
    const rp_link_pair *link = &all->link.data[all->at[i]];
    rp_kept other = (rp_kept)all->kept[rp_link_other(link, node)];
    if (all->group[rp_link_other(link, node)] != all->group[node] || !carries_group(link)) continue;
    if ((other == RP_KEPT || (is_large && other == RP_KEPT_NOT)) && is_mostly_in(all, link, node)) return true;
  }
  return false;
}

static rp_status rank(rp_all *all, const rp_keep_options *keep, const uint32_t *member, size_t n, struct ranked *out,
                      rp_error *error) {
  for (size_t i = 0; i < n; i++) {
    const rp_node *node = &all->node[member[i]];
    out[i] = (struct ranked){member[i], keep->rule, 0, node->published, node->first_seen, node->counted};
    if (keep->rule == RP_KEEP_LISTED) RP_TRY(place_in_list(all, keep, member[i], &out[i].place, error));
    all->kept[member[i]] = RP_KEPT_UNKNOWN;
  }
  qsort(out, n, sizeof *out, compare_ranked);
  return RP_OK;
}

rp_status rp_kept_choose(rp_all *all, const rp_keep_options *keep, const uint32_t *member, size_t n, rp_error *error) {
  struct ranked *ranked = rp_malloc((n + 1) * sizeof *ranked);
  if (!ranked) return rp_fail_memory(error);
  rp_status status = n ? rank(all, keep, member, n, ranked, error) : RP_OK;
  for (size_t i = 0; i < n && status == RP_OK; i++) {
    uint32_t node = ranked[i].node;
    all->kept[node] = is_in_kept(all, node, n > RP_ALL_GROUP) ? RP_KEPT_NOT : RP_KEPT;
  }
  rp_free(ranked);
  return status;
}
