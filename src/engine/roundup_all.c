/* Round-ups over the graph of all links.
 *
 * A suspect has two sources that are not linked with each other.  Without the
 * suspect itself and without all other suspects, who would glue stories
 * together, its sources fall into stories: parts of what is left of the graph.
 * judge/roundup.h decides.  Who turns out to be none is put back into the graph
 * and all suspects are asked again, three times at most. */
#include "engine/roundup_all.h"

#include <string.h>

#include "judge/roundup.h"

enum {
  ROUNDS = 3,
  SOURCES = 64, /* a suspect is asked with: those that share most words */
  REACH = 4096, /* nodes looked at from one source to find the others */
};

struct finding {
  rp_all *all;
  bool *is_suspect; /* as the round before left them */
  bool *is_found;   /* this round's */
  RP_VEC(uint32_t) suspect;
};

/* A source of the suspect at hand. */
struct source {
  uint32_t node;
  bool is_thin;
  int32_t story;
  rp_measures measures; /* the suspect as a */
};

struct asking {
  rp_all *all;
  rp_all_worker *worker;
  uint32_t suspect;
  struct source source[SOURCES];
  size_t n;
  bool is_inside; /* a source covers too much of the suspect */
};

static bool can_link(const rp_link_pair *link) {
  return rp_verdict_is_link((rp_verdict)link->verdict) || link->is_thin;
}

static rp_status measures_of(const struct asking *q, const rp_link_pair *link, rp_measures *out) {
  const rp_edge *edge = &q->all->edge.data[link->edge];
  return rp_fact_measures(edge->fact, q->all->node[q->suspect].same != edge->a, &q->worker->arena, out,
                          &q->worker->error);
}

static bool is_stronger(const struct source *x, const struct source *y) {
  if (x->measures.matched != y->measures.matched) return x->measures.matched > y->measures.matched;
  return x->node < y->node;
}

/* The strongest come first. */
static void keep_source(struct asking *q, const struct source *source) {
  if (q->n == SOURCES && !is_stronger(source, &q->source[SOURCES - 1])) return;
  size_t at = q->n < SOURCES ? q->n++ : SOURCES - 1;
  for (; at > 0 && is_stronger(source, &q->source[at - 1]); at--) q->source[at] = q->source[at - 1];
  q->source[at] = *source;
}

/* Whether the pair makes its other article a source of the suspect. */
static rp_status try_link(struct asking *q, const rp_link_pair *link) {
  const rp_node *own = &q->all->node[q->suspect], *other = &q->all->node[rp_link_other(link, q->suspect)];
  if (!can_link(link) || link->is_third || rp_all_same_publisher(own, other)) return RP_OK;
  struct source source = {.node = rp_link_other(link, q->suspect), .is_thin = link->is_thin};
  RP_TRY(measures_of(q, link, &source.measures));
  if (!rp_roundup_is_source(&source.measures, own->published, other->published)) return RP_OK;
  q->is_inside = q->is_inside || rp_roundup_is_inside(&source.measures);
  keep_source(q, &source);
  return RP_OK;
}

static rp_status gather(struct asking *q) {
  const rp_all *all = q->all;
  for (size_t i = all->link_of[q->suspect]; i < all->link_of[q->suspect + 1] && !q->is_inside; i++)
    RP_TRY(try_link(q, &all->link.data[all->at[i]]));
  return RP_OK;
}

/* Whether two nodes have a link of their own. */
static bool is_linked(const rp_all *all, uint32_t x, uint32_t y) {
  if (all->link_of[x + 1] - all->link_of[x] > all->link_of[y + 1] - all->link_of[y]) {
    uint32_t z = x;
    x = y;
    y = z;
  }
  for (size_t i = all->link_of[x]; i < all->link_of[x + 1]; i++) {
    const rp_link_pair *link = &all->link.data[all->at[i]];
    if (rp_link_other(link, x) == y) return can_link(link);
  }
  return false;
}

static bool is_suspicious(const struct asking *q) {
  if (q->is_inside) return false;
  for (size_t i = 0; i < q->n; i++)
    for (size_t k = 0; k < i; k++)
      if (!is_linked(q->all, q->source[i].node, q->source[k].node)) return true;
  return false;
}

/* Runs fn with the suspect's sources; the arena is rewound. */
typedef rp_status (*ask_fn)(struct finding *f, struct asking *q);

static rp_status ask(struct finding *f, rp_all_worker *w, uint32_t suspect, ask_fn fn) {
  rp_arena_mark mark = rp_arena_get(&w->arena);
  struct asking *q = RP_NEW0(&w->arena, struct asking, 1);
  if (!q) return rp_fail_memory(&w->error);
  q->all = f->all;
  q->worker = w;
  q->suspect = suspect;
  rp_status status = gather(q);
  if (status == RP_OK) status = fn(f, q);
  rp_arena_rewind(&w->arena, mark);
  return status;
}

static rp_status suspect_fn(struct finding *f, struct asking *q) {
  f->is_suspect[q->suspect] = is_suspicious(q);
  return RP_OK;
}

static rp_status suspect_node(rp_all *all, rp_all_worker *w, size_t i, void *user) {
  if (all->link_of[i + 1] - all->link_of[i] < 2) return RP_OK;
  return ask(user, w, (uint32_t)i, suspect_fn);
}

/* ---- stories --------------------------------------------------------------------------- */

static int32_t *story_at(struct asking *q, uint32_t node) {
  for (size_t i = 0; i < q->n; i++)
    if (q->source[i].node == node) return &q->source[i].story;
  return NULL;
}

/* Gives all sources that can be reached from one of them its number. */
static rp_status reach(const struct finding *f, struct asking *q, uint32_t from, int32_t story) {
  const rp_all *all = q->all;
  rp_arena *arena = &q->worker->arena;
  rp_arena_mark mark = rp_arena_get(arena);
  uint32_t *queue = RP_NEW(arena, uint32_t, REACH);
  rp_map seen;
  rp_map_init(&seen);
  rp_status status = queue && rp_map_put(&seen, from, 0, NULL) ? RP_OK : rp_fail_memory(&q->worker->error);
  size_t n = 0, left = 0;
  for (size_t i = 0; i < q->n; i++) left += q->source[i].story < 0 && !f->is_suspect[q->source[i].node];
  if (status == RP_OK) queue[n++] = from;
  for (size_t at = 0; at < n && left && status == RP_OK; at++)
    for (size_t i = all->link_of[queue[at]]; i < all->link_of[queue[at] + 1] && n < REACH; i++) {
      const rp_link_pair *link = &all->link.data[all->at[i]];
      uint32_t other = rp_link_other(link, queue[at]);
      bool is_new;
      if (!can_link(link) || link->is_third || other == q->suspect || f->is_suspect[other]) continue;
      if (!rp_map_put(&seen, other, 0, &is_new)) {
        status = rp_fail_memory(&q->worker->error);
        break;
      }
      if (!is_new) continue;
      queue[n++] = other;
      int32_t *known = story_at(q, other);
      if (!known) continue;
      *known = story;
      left--;
    }
  rp_map_release(&seen);
  rp_arena_rewind(arena, mark);
  return status;
}

static rp_status number_stories(const struct finding *f, struct asking *q) {
  int32_t n = 0;
  for (size_t i = 0; i < q->n; i++) q->source[i].story = -1;
  for (size_t i = 0; i < q->n; i++) {
    struct source *s = &q->source[i];
    if (s->story >= 0 || f->is_suspect[s->node]) continue;
    s->story = n;
    RP_TRY(reach(f, q, s->node, n++));
  }
  return RP_OK;
}

static rp_status judge_fn(struct finding *f, struct asking *q) {
  const rp_all *all = q->all;
  const rp_analysis *analysis;
  RP_TRY(number_stories(f, q));
  rp_roundup_source *source = RP_NEW(&q->worker->arena, rp_roundup_source, q->n);
  if (!source) return rp_fail_memory(&q->worker->error);
  for (size_t i = 0; i < q->n; i++) {
    const struct source *s = &q->source[i];
    const rp_node *node = &all->node[s->node];
    source[i] = (rp_roundup_source){&s->measures, node->published, s->is_thin, s->story, node->id};
  }
  rp_all_cache_trim(q->worker);
  RP_TRY(rp_all_analyse(q->all, q->worker, q->suspect, &analysis));
  return rp_roundup_judge(&analysis->words, source, q->n, &q->worker->arena, &f->is_found[q->suspect],
                          &q->worker->error);
}

static rp_status judge_suspect(rp_all *all, rp_all_worker *w, size_t i, void *user) {
  (void)all;
  struct finding *f = user;
  return ask(f, w, f->suspect.data[i], judge_fn);
}

/* ---- verdicts ------------------------------------------------------------------------------ */

/* A round-up's links with its sources, thin ones among them. */
static rp_status mark_fn(struct finding *f, struct asking *q) {
  rp_all *all = f->all;
  for (size_t i = all->link_of[q->suspect]; i < all->link_of[q->suspect + 1]; i++) {
    rp_link_pair *link = &all->link.data[all->at[i]];
    uint32_t other = rp_link_other(link, q->suspect);
    if (all->is_round_up[other] || link->verdict == RP_OWN_UPDATE || !story_at(q, other)) continue;
    link->verdict = RP_ROUND_UP;
    link->is_thin = false;
    link->round_up = (uint8_t)(link->a == q->suspect ? RP_A_IS_ROUND_UP : RP_B_IS_ROUND_UP);
  }
  return RP_OK;
}

static rp_status ask_rounds(struct finding *f, rp_error *error) {
  size_t n = f->all->n_node;
  for (uint32_t i = 0; i < n; i++)
    if (f->is_suspect[i] && !rp_vec_push(&f->suspect, i)) return rp_fail_memory(error);
  for (int round = 0; round < ROUNDS && f->suspect.n; round++) {
    memset(f->is_found, 0, n * sizeof *f->is_found);
    RP_TRY(rp_all_each(f->all, f->suspect.n, judge_suspect, f, error));
    bool is_settled = memcmp(f->is_found, f->is_suspect, n * sizeof *f->is_found) == 0;
    memcpy(f->is_suspect, f->is_found, n * sizeof *f->is_found);
    if (is_settled) break;
  }
  return RP_OK;
}

static rp_status find(struct finding *f, rp_error *error) {
  rp_all *all = f->all;
  RP_TRY(rp_all_each(all, all->n_node, suspect_node, f, error));
  RP_TRY(ask_rounds(f, error));
  memcpy(all->is_round_up, f->is_suspect, all->n_node * sizeof *all->is_round_up);
  rp_all_worker *w = &all->worker[0];
  for (uint32_t i = 0; i < all->n_node; i++) {
    if (!all->is_round_up[i]) continue;
    rp_status status = ask(f, w, i, mark_fn);
    if (status != RP_OK) {
      if (error) *error = w->error;
      return status;
    }
  }
  for (unsigned i = 0; i < all->n_worker; i++) rp_all_cache_drop(&all->worker[i]);
  return RP_OK;
}

rp_status rp_all_find_round_ups(rp_all *all, rp_error *error) {
  struct finding f = {.all = all};
  f.is_suspect = rp_calloc(all->n_node + 1, sizeof *f.is_suspect);
  f.is_found = rp_calloc(all->n_node + 1, sizeof *f.is_found);
  rp_status status = f.is_suspect && f.is_found ? find(&f, error) : rp_fail_memory(error);
  rp_free(f.is_suspect);
  rp_free(f.is_found);
  rp_vec_release(&f.suspect);
  return status;
}
