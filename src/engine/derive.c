/* From facts to verdicts, of every pair of articles that an edge stands for;
 * then round-ups and groups over all of them. */
#include <string.h>

#include "base/sort.h"
#include "engine/match_all.h"
#include "engine/roundup_all.h"

/* So many pairs of twins of two texts are told each by itself. */
enum { TWIN_PAIRS = RP_ALL_GROUP * RP_ALL_GROUP / 4 };

struct deriving {
  rp_all *all;
  rp_link_pairs *out;
  rp_arena arena;
  uint32_t edge;
  rp_measures measures; /* seen from the edge's a: a verdict is the same from either side */
  rp_error *error;
};

static rp_party party_of(const struct deriving *d, const rp_node *node) {
  return (rp_party){rp_snapshot_publisher(d->all->worker[0].snapshot, node->publisher), node->published};
}

/* Of twins no credits were read: their dates tell. */
static rp_direction by_date(rp_date a, rp_date b) {
  if (!rp_date_is_known(a) || !rp_date_is_known(b)) return RP_UNDECIDED;
  return a.latest < b.earliest ? RP_A_TO_B : b.latest < a.earliest ? RP_B_TO_A : RP_UNDECIDED;
}

/* x < y */
static rp_direction direction_of(const struct deriving *d, uint32_t x, uint32_t y) {
  const rp_edge *edge = &d->all->edge.data[d->edge];
  if (edge->a == x && edge->b == y) return (rp_direction)edge->fact->direction;
  return by_date(d->all->node[x].published, d->all->node[y].published);
}

static rp_status add_third(struct deriving *d, uint32_t x, uint32_t y) {
  const rp_edge *edge = &d->all->edge.data[d->edge];
  rp_link_pair link = {.a = x, .b = y, .edge = d->edge, .verdict = (uint8_t)edge->third, .is_third = true};
  const bool *is_round_up = d->all->is_round_up;
  if (edge->third == RP_ROUND_UP)
    link.round_up = (uint8_t)(is_round_up[x] ? RP_A_IS_ROUND_UP : is_round_up[y] ? RP_B_IS_ROUND_UP : RP_NO_ROUND_UP);
  link.direction = (uint8_t)by_date(d->all->node[x].published, d->all->node[y].published);
  return rp_vec_push(d->out, link) ? RP_OK : rp_fail_memory(d->error);
}

/* The pair of articles x and y, twins of the edge's. */
static rp_status add_pair(struct deriving *d, uint32_t x, uint32_t y) {
  if (x > y) {
    uint32_t z = x;
    x = y;
    y = z;
  }
  const rp_edge *edge = &d->all->edge.data[d->edge];
  if (edge->is_third) return add_third(d, x, y);
  const rp_node *a = &d->all->node[x], *b = &d->all->node[y];
  rp_party party_a = party_of(d, a), party_b = party_of(d, b);
  rp_opinion opinion = rp_verdict_decide(&d->measures, &party_a, &party_b);
  if (opinion.verdict == RP_NONE && !opinion.is_thin) return RP_OK;
  rp_link_pair link = {.a = x, .b = y, .edge = d->edge, .verdict = (uint8_t)opinion.verdict};
  link.is_thin = opinion.is_thin;
  if (rp_verdict_is_link(opinion.verdict) || opinion.is_thin) link.direction = (uint8_t)direction_of(d, x, y);
  return rp_vec_push(d->out, link) ? RP_OK : rp_fail_memory(d->error);
}

/* Twins among each other: of many, each with the first and with its nearest. */
static rp_status add_twins(struct deriving *d, const uint32_t *twin, uint32_t n) {
  bool is_whole = n <= RP_ALL_GROUP || d->all->options->is_all;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t end = is_whole || n - i <= RP_ALL_NEAREST / 2 ? n : i + RP_ALL_NEAREST / 2 + 1;
    for (uint32_t k = i + 1; k < end; k++) RP_TRY(add_pair(d, twin[i], twin[k]));
    if (!is_whole && i > RP_ALL_NEAREST / 2) RP_TRY(add_pair(d, twin[0], twin[i]));
  }
  return RP_OK;
}

/* Each of x with the latest of y that is not later than it, else the first. */
static rp_status add_nearest(struct deriving *d, const uint32_t *x, uint32_t n_x, const uint32_t *y, uint32_t n_y) {
  const rp_node *node = d->all->node;
  uint32_t at = 0;
  for (uint32_t i = 0; i < n_x; i++) {
    while (at + 1 < n_y && node[y[at + 1]].published.earliest <= node[x[i]].published.earliest &&
           rp_date_is_known(node[y[at + 1]].published))
      at++;
    RP_TRY(add_pair(d, x[i], y[at]));
  }
  return RP_OK;
}

static rp_status add_edge(struct deriving *d) {
  const rp_all *all = d->all;
  const rp_edge *edge = &all->edge.data[d->edge];
  const rp_node *a = &all->node[edge->a], *b = &all->node[edge->b];
  const uint32_t *x = all->twin + a->twin, *y = all->twin + b->twin;
  if (edge->fact) {
    rp_arena_clear(&d->arena, SIZE_MAX);
    RP_TRY(rp_fact_measures(edge->fact, false, &d->arena, &d->measures, d->error));
  }
  if (edge->a == edge->b) return add_twins(d, x, a->n_twin);
  if ((uint64_t)a->n_twin * b->n_twin > TWIN_PAIRS && !all->options->is_all) {
    RP_TRY(add_nearest(d, x, a->n_twin, y, b->n_twin));
    return add_nearest(d, y, b->n_twin, x, a->n_twin);
  }
  for (uint32_t i = 0; i < a->n_twin; i++)
    for (uint32_t k = 0; k < b->n_twin; k++) RP_TRY(add_pair(d, x[i], y[k]));
  return RP_OK;
}

/* Ascending by a, b; each once. */
static rp_status sort_links(rp_link_pairs *link, rp_error *error) {
  if (link->n >= UINT32_MAX / 2)
    return rp_fail(error, RP_ERR_LIMIT, "the index has more than 2,147,483,647 pairs that share text");
  size_t n = link->n, kept = 0;
  rp_key32 *item = rp_malloc((n + 1) * sizeof *item), *scratch = rp_malloc((n + 1) * sizeof *scratch);
  rp_link_pair *sorted = rp_malloc((n + 1) * sizeof *sorted);
  rp_status status = item && scratch && sorted ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    for (size_t i = 0; i < n; i++) item[i] = (rp_key32){rp_all_key(link->data[i].a, link->data[i].b), (uint32_t)i};
    rp_sort_key32(item, scratch, n);
    for (size_t i = 0; i < n; i++)
      if (i == 0 || item[i].key != item[i - 1].key) sorted[kept++] = link->data[item[i].value];
    if (n) memcpy(link->data, sorted, kept * sizeof *sorted);
    link->n = kept;
  }
  rp_free(item);
  rp_free(scratch);
  rp_free(sorted);
  return status;
}

static rp_status make_links(rp_all *all, rp_error *error) {
  struct deriving d = {.all = all, .out = &all->link, .error = error};
  rp_arena_init(&d.arena);
  rp_vec_clear(&all->link);
  rp_status status = RP_OK;
  for (size_t i = 0; i < all->edge.n && status == RP_OK; i++) {
    d.edge = (uint32_t)i;
    if (all->edge.data[i].fact || all->edge.data[i].is_third) status = add_edge(&d);
  }
  rp_arena_release(&d.arena);
  return status == RP_OK ? sort_links(&all->link, error) : status;
}

/* Which links each node has. */
static rp_status make_adjacency(rp_all *all, rp_error *error) {
  rp_free(all->link_of);
  rp_free(all->at);
  all->link_of = rp_calloc(all->n_node + 2, sizeof *all->link_of);
  all->at = rp_malloc((2 * all->link.n + 1) * sizeof *all->at);
  if (!all->link_of || !all->at) return rp_fail_memory(error);
  size_t *end = all->link_of + 1;
  for (size_t i = 0; i < all->link.n; i++) {
    end[all->link.data[i].a + 1]++;
    end[all->link.data[i].b + 1]++;
  }
  for (size_t i = 1; i <= all->n_node; i++) end[i] += end[i - 1];
  for (size_t i = 0; i < all->link.n; i++) {
    all->at[end[all->link.data[i].a]++] = (uint32_t)i;
    all->at[end[all->link.data[i].b]++] = (uint32_t)i;
  }
  return RP_OK;
}

/* ---- groups ------------------------------------------------------------------------- */

double rp_all_coverage(const rp_all *all, const rp_link_pair *link, uint32_t node) {
  const rp_edge *edge = &all->edge.data[link->edge];
  if (!edge->fact) return 0;
  return all->node[node].same == edge->a ? edge->fact->coverage_a : edge->fact->coverage_b;
}

uint32_t rp_all_words(const rp_all *all, const rp_link_pair *link) {
  const rp_edge *edge = &all->edge.data[link->edge];
  return edge->fact ? edge->fact->counted : 0;
}

static size_t make_group_links(const rp_all *all, rp_group_link *out) {
  size_t n = 0;
  for (size_t i = 0; i < all->link.n; i++) {
    const rp_link_pair *link = &all->link.data[i];
    if (!rp_verdict_is_link((rp_verdict)link->verdict) || link->is_third) continue;
    double a = rp_all_coverage(all, link, link->a), b = rp_all_coverage(all, link, link->b);
    out[n++] = (rp_group_link){link->a, link->b, (rp_verdict)link->verdict,    rp_all_words(all, link), a > b ? a : b,
                               a,       b,       (rp_direction)link->direction};
  }
  return n;
}

static rp_status form_groups(rp_all *all, rp_error *error) {
  size_t n = all->n_node;
  rp_group_link *link = rp_malloc((all->link.n + 1) * sizeof *link);
  rp_date *published = rp_malloc((n + 1) * sizeof *published);
  rp_status status = link && published ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    size_t n_link = make_group_links(all, link);
    for (size_t i = 0; i < n; i++) published[i] = all->node[i].published;
    status = rp_groups_form(link, n_link, all->is_round_up, n, all->group, error);
    rp_group_members members = {n, all->group, published, all->is_round_up};
    if (status == RP_OK) status = rp_groups_lead(&members, link, n_link, all->lead, error);
  }
  rp_free(link);
  rp_free(published);
  if (status != RP_OK) return status;
  memset(all->size, 0, n * sizeof *all->size);
  all->stat.n_group = 0;
  for (size_t i = 0; i < n; i++) all->stat.n_group += ++all->size[all->group[i]] == 2;
  return RP_OK;
}

static rp_status make_room(rp_all *all, rp_error *error) {
  size_t n = all->n_node + 1;
  if (!all->is_round_up) all->is_round_up = rp_calloc(n, sizeof *all->is_round_up);
  if (!all->group) all->group = rp_calloc(n, sizeof *all->group);
  if (!all->lead) all->lead = rp_calloc(n, sizeof *all->lead);
  if (!all->size) all->size = rp_calloc(n, sizeof *all->size);
  if (!all->kept) all->kept = rp_calloc(n, sizeof *all->kept);
  return all->is_round_up && all->group && all->lead && all->size && all->kept ? RP_OK : rp_fail_memory(error);
}

rp_status rp_all_derive(rp_all *all, rp_error *error) {
  RP_TRY(make_room(all, error));
  RP_TRY(make_links(all, error));
  RP_TRY(make_adjacency(all, error));
  RP_TRY(rp_all_find_round_ups(all, error));
  return form_groups(all, error);
}

rp_status rp_all_add_thirds(rp_all *all, size_t first, rp_error *error) {
  struct deriving d = {.all = all, .out = &all->link, .error = error};
  rp_status status = RP_OK;
  for (size_t i = first; i < all->edge.n && status == RP_OK; i++) {
    d.edge = (uint32_t)i;
    status = add_edge(&d);
  }
  if (status == RP_OK) status = sort_links(&all->link, error);
  return status == RP_OK ? make_adjacency(all, error) : status;
}
