#include "engine/all_filter.h"

#include "base/sort.h"
#include "engine/filter.h"
#include "engine/owner.h"

/* Counts what publishers stand for: `number` of them (n_number) or, of others,
 * themselves. */
static rp_status count_different(const rp_all *all, const uint32_t *number, size_t n_number, uint32_t **out,
                                 rp_error *error) {
  size_t n = all->n_node;
  uint32_t *count = rp_calloc(n + 1, sizeof *count);
  uint64_t *key = rp_malloc((n + 1) * sizeof *key), *scratch = rp_malloc((n + 1) * sizeof *scratch);
  rp_status status = count && key && scratch ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    for (size_t i = 0; i < n; i++) {
      uint32_t publisher = all->node[i].publisher;
      key[i] = (uint64_t)all->group[i] << 32 | (publisher < n_number ? number[publisher] : publisher);
    }
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

rp_status rp_all_count_publishers(const rp_all *all, uint32_t **out, rp_error *error) {
  return count_different(all, NULL, 0, out, error);
}

rp_status rp_all_count_owners(const rp_all *all, uint32_t **out, rp_error *error) {
  uint32_t *number;
  size_t n_number;
  RP_TRY(rp_owner_numbers(all->worker[0].snapshot, &all->options->filter, &number, &n_number, error));
  rp_status status = count_different(all, number, n_number, out, error);
  rp_free(number);
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

static bool passes_verdict(const rp_query_options *o, rp_verdict verdict) {
  if (verdict == RP_NONE || !rp_filter_verdict(o, verdict)) return false;
  return o->verdicts || o->look_alikes || rp_verdict_is_link(verdict);
}

bool rp_all_passes(const rp_all *all, const rp_link_pair *link) {
  const rp_query_options *o = &all->options->filter;
  const rp_node *a = &all->node[link->a], *b = &all->node[link->b];
  return passes_verdict(o, (rp_verdict)link->verdict) && rp_filter_words(o, RP_FILTER_EITHER, a->counted, b->counted) &&
         rp_filter_dates(o, RP_FILTER_EITHER, a->published, b->published);
}

bool rp_all_passes_match(const rp_all_options *options, const rp_match *match) {
  const rp_query_options *o = &options->filter;
  return rp_filter_coverage(o, RP_FILTER_EITHER, match->coverage_a, match->coverage_b) &&
         rp_filter_articles(o, RP_FILTER_EITHER, match->a, match->b);
}

bool rp_all_tells(const rp_query_options *o, const rp_article *of, const rp_member *m) {
  return rp_filter_verdict(o, m->verdict) && rp_filter_coverage(o, RP_FILTER_MATCH, 0, m->coverage) &&
         rp_filter_words(o, RP_FILTER_MATCH, 0, m->counted) &&
         rp_filter_dates(o, RP_FILTER_MATCH, of->published, m->article->published) &&
         rp_filter_articles(o, RP_FILTER_MATCH, of, m->article);
}
