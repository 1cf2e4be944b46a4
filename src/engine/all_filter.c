#include "engine/all_filter.h"

#include "base/sort.h"

rp_status rp_all_count_publishers(const rp_all *all, uint32_t **out, rp_error *error) {
  size_t n = all->n_node;
  uint32_t *count = rp_calloc(n + 1, sizeof *count);
  uint64_t *key = rp_malloc((n + 1) * sizeof *key), *scratch = rp_malloc((n + 1) * sizeof *scratch);
  rp_status status = count && key && scratch ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    for (size_t i = 0; i < n; i++) key[i] = (uint64_t)all->group[i] << 32 | all->node[i].publisher;
    rp_sort_u64(key, scratch, n);
    for (size_t i = 0; i < n; i++)
      if ((uint32_t)key[i] && (i == 0 || key[i] != key[i - 1])) count[key[i] >> 32]++;
    *out = count;
    count = NULL;
  }
  rp_free(count);
  rp_free(key);
  rp_free(scratch);
  return status;
}

static bool comes_from(const rp_link_pair *link, uint32_t node) {
  return link->direction == (link->a == node ? RP_B_TO_A : RP_A_TO_B);
}

/* Whether x says more of where the node's text is from than y. */
static bool is_better_source(const rp_all *all, uint32_t node, const rp_link_pair *x, const rp_link_pair *y) {
  bool p = rp_link_other(x, node) == all->lead[all->group[node]];
  bool q = rp_link_other(y, node) == all->lead[all->group[node]];
  if (p != q) return p;
  p = comes_from(x, node);
  q = comes_from(y, node);
  if (p != q) return p;
  if ((x->direction == RP_UNDECIDED) != (y->direction == RP_UNDECIDED)) return x->direction == RP_UNDECIDED;
  uint32_t x_words = rp_all_words(all, x), y_words = rp_all_words(all, y);
  if (x_words != y_words) return x_words > y_words;
  return rp_link_other(x, node) < rp_link_other(y, node);
}

const rp_link_pair *rp_all_source_link(const rp_all *all, uint32_t node) {
  const rp_link_pair *best = NULL;
  for (size_t i = all->link_of[node]; i < all->link_of[node + 1]; i++) {
    const rp_link_pair *link = &all->link.data[all->at[i]];
    if (!rp_verdict_is_link((rp_verdict)link->verdict) || link->is_third) continue;
    if (all->group[rp_link_other(link, node)] != all->group[node]) continue;
    if (!best || is_better_source(all, node, link, best)) best = link;
  }
  return best;
}

/* ---- filters ------------------------------------------------------------------------- */

bool rp_all_is_between(const rp_all_options *options, rp_date published) {
  rp_date between = options->filter.between;
  if (between.earliest == 0 && between.latest == 0) return true;
  return rp_date_is_known(published) && published.latest >= between.earliest && published.earliest <= between.latest;
}

static bool passes_verdict(const rp_query_options *o, const rp_link_pair *link) {
  if (link->verdict == RP_NONE) return false;
  if (o->verdicts) return o->verdicts >> link->verdict & 1;
  return o->look_alikes || rp_verdict_is_link((rp_verdict)link->verdict);
}

bool rp_all_passes(const rp_all *all, const rp_link_pair *link) {
  const rp_query_options *o = &all->options->filter;
  const rp_node *a = &all->node[link->a], *b = &all->node[link->b];
  if (!passes_verdict(o, link)) return false;
  if (a->counted < o->min_words || b->counted < o->min_words) return false;
  if (!rp_all_is_between(all->options, a->published) && !rp_all_is_between(all->options, b->published)) return false;
  int64_t gap = rp_all_gap(a->published, b->published);
  return !o->window || gap == INT64_MAX || gap <= o->window;
}

static bool is_publisher(const rp_article *article, rp_str name) {
  return rp_str_equal(article->publisher_key, name) || rp_str_equal(article->publisher, name);
}

bool rp_all_is_of(const rp_all_options *options, const rp_article *article) {
  return options->filter.publisher.len == 0 || is_publisher(article, options->filter.publisher);
}

bool rp_all_is_excluded(const rp_all_options *options, const rp_article *article) {
  const rp_query_options *o = &options->filter;
  for (size_t i = 0; i < o->n_exclude_publisher; i++)
    if (is_publisher(article, o->exclude_publisher[i])) return true;
  return o->lang.len && !rp_str_equal(article->lang, o->lang);
}

bool rp_all_passes_match(const rp_all_options *options, const rp_match *match) {
  double coverage = match->coverage_a > match->coverage_b ? match->coverage_a : match->coverage_b;
  if (coverage < options->filter.min_coverage) return false;
  if (rp_all_is_excluded(options, match->a) || rp_all_is_excluded(options, match->b)) return false;
  return rp_all_is_of(options, match->a) || rp_all_is_of(options, match->b);
}

bool rp_all_tells(const rp_all_options *o, const rp_member *m, rp_date of) {
  if (o->filter.verdicts && !(o->filter.verdicts >> m->verdict & 1)) return false;
  if (m->coverage < o->filter.min_coverage || m->counted < o->filter.min_words) return false;
  if (!rp_all_is_between(o, m->article->published) || rp_all_is_excluded(o, m->article)) return false;
  int64_t gap = rp_all_gap(of, m->article->published);
  if (o->filter.window && gap != INT64_MAX && gap > o->filter.window) return false;
  return rp_all_is_of(o, m->article);
}
