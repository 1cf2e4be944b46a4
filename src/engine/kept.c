#include "engine/kept.h"

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

static int compare_date(const rp_node *p, const rp_node *q) {
  bool p_known = rp_date_is_known(p->published), q_known = rp_date_is_known(q->published);
  if (p_known != q_known) return p_known ? -1 : 1;
  if (p_known && p->published.earliest != q->published.earliest)
    return p->published.earliest < q->published.earliest ? -1 : 1;
  return (p->first_seen > q->first_seen) - (p->first_seen < q->first_seen);
}

static int compare_length(const rp_node *p, const rp_node *q) {
  return (p->counted < q->counted) - (p->counted > q->counted);
}

/* Nodes are numbered by id. */
static bool is_better(const rp_all *all, rp_keep_rule rule, uint32_t x, uint32_t y) {
  const rp_node *p = &all->node[x], *q = &all->node[y];
  int date = compare_date(p, q), length = compare_length(p, q);
  int first = rule == RP_KEEP_LONGEST ? length : date, second = rule == RP_KEEP_LONGEST ? date : length;
  if (first) return first < 0;
  return second ? second < 0 : x < y;
}

rp_status rp_kept_choose(rp_all *all, const rp_keep_options *keep, const uint32_t *node, size_t n, uint32_t *out,
                         rp_error *error) {
  uint32_t best = node[0];
  size_t best_place = SIZE_MAX;
  for (size_t i = 0; i < n; i++) {
    size_t place = 0;
    if (keep->rule == RP_KEEP_LISTED) RP_TRY(place_in_list(all, keep, node[i], &place, error));
    if (place > best_place || (place == best_place && !is_better(all, keep->rule, node[i], best))) continue;
    best = node[i];
    best_place = place;
  }
  *out = best;
  return RP_OK;
}
