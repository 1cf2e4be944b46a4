#include "judge/lineage.h"

#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

/* Members that a group of before and one of now have in common. */
struct shared {
  uint32_t before, now, n;
  bool has_lead; /* of before */
};

struct tracing {
  const rp_lineage_side *before, *now;
  struct shared *shared;
  size_t n;
  rp_lineage out;
};

/* Keys ascending, each with its place. */
static rp_status sort_members(const rp_lineage_side *side, rp_arena *arena, rp_key32 **out, rp_error *error) {
  size_t n = side->n_member;
  rp_key32 *item = RP_NEW(arena, rp_key32, n), *scratch = RP_NEW(arena, rp_key32, n);
  if (!item || !scratch) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) item[i] = (rp_key32){side->member[i].key, side->member[i].group};
  rp_sort_key32(item, scratch, n);
  *out = item;
  return RP_OK;
}

/* The pairs of groups that each article was and is in; ascending. */
static rp_status join(const struct tracing *t, rp_arena *arena, rp_key32 **out, size_t *n_out, rp_error *error) {
  rp_key32 *x = NULL, *y = NULL;
  RP_TRY(sort_members(t->before, arena, &x, error));
  RP_TRY(sort_members(t->now, arena, &y, error));
  size_t most = t->before->n_member < t->now->n_member ? t->before->n_member : t->now->n_member, n = 0;
  rp_key32 *pair = RP_NEW(arena, rp_key32, most), *scratch = RP_NEW(arena, rp_key32, most);
  if (!pair || !scratch) return rp_fail_memory(error);
  for (size_t i = 0, k = 0; i < t->before->n_member && k < t->now->n_member;) {
    if (x[i].key == y[k].key) {
      uint32_t before = x[i].value, now = y[k].value;
      pair[n++] = (rp_key32){(uint64_t)before << 32 | now, t->before->group[before].lead == x[i].key};
      i++;
      k++;
    } else if (x[i].key < y[k].key) {
      i++;
    } else {
      k++;
    }
  }
  rp_sort_key32(pair, scratch, n);
  *out = pair;
  *n_out = n;
  return RP_OK;
}

static rp_status count(struct tracing *t, rp_arena *arena, rp_error *error) {
  rp_key32 *pair = NULL;
  size_t n = 0;
  RP_TRY(join(t, arena, &pair, &n, error));
  t->shared = RP_NEW(arena, struct shared, n);
  if (!t->shared) return rp_fail_memory(error);
  for (size_t i = 0, end; i < n; i = end) {
    struct shared s = {(uint32_t)(pair[i].key >> 32), (uint32_t)pair[i].key, 0, false};
    for (end = i; end < n && pair[end].key == pair[i].key; end++) s.has_lead |= pair[end].value != 0;
    s.n = (uint32_t)(end - i);
    t->shared[t->n++] = s;
  }
  return RP_OK;
}

/* `shared` comes by group of before, then of now: the first of equals stays. */
static bool is_better_heir(const struct shared *x, const struct shared *best) {
  return x->n != best->n ? x->n > best->n : x->has_lead && !best->has_lead;
}

static void find_heirs(struct tracing *t, const struct shared **best) {
  for (size_t i = 0; i < t->n; i++) {
    const struct shared *s = &t->shared[i];
    if (best[s->before] && !is_better_heir(s, best[s->before])) continue;
    best[s->before] = s;
    t->out.heir[s->before] = s->now;
  }
}

/* The older, then the one that brings more, then the one of the lower id. */
static bool is_better_origin(const struct tracing *t, const struct shared *x, const struct shared *best) {
  const rp_lineage_group *p = &t->before->group[x->before], *q = &t->before->group[best->before];
  if (p->born != q->born) return p->born < q->born;
  if (x->n != best->n) return x->n > best->n;
  return p->id < q->id;
}

static void find_origins(struct tracing *t, const struct shared **heir, const struct shared **best) {
  for (uint32_t i = 0; i < t->before->n_group; i++) {
    const struct shared *s = heir[i];
    if (!s || (best[s->now] && !is_better_origin(t, s, best[s->now]))) continue;
    best[s->now] = s;
    t->out.origin[s->now] = i;
  }
}

static void find_parents(struct tracing *t, const struct shared **best) {
  for (size_t i = 0; i < t->n; i++) {
    const struct shared *s = &t->shared[i];
    if (t->out.origin[s->now] != RP_LINEAGE_NONE || (best[s->now] && s->n <= best[s->now]->n)) continue;
    best[s->now] = s;
    t->out.parent[s->now] = s->before;
  }
}

rp_status rp_lineage_trace(const rp_lineage_side *before, const rp_lineage_side *now, rp_arena *arena, rp_lineage *out,
                           rp_error *error) {
  struct tracing t = {.before = before, .now = now};
  t.out.heir = RP_NEW(arena, uint32_t, before->n_group);
  t.out.origin = RP_NEW(arena, uint32_t, now->n_group);
  t.out.parent = RP_NEW(arena, uint32_t, now->n_group);
  const struct shared **heir = RP_NEW0(arena, const struct shared *, before->n_group);
  const struct shared **origin = RP_NEW0(arena, const struct shared *, now->n_group);
  const struct shared **parent = RP_NEW0(arena, const struct shared *, now->n_group);
  if (!t.out.heir || !t.out.origin || !t.out.parent || !heir || !origin || !parent) return rp_fail_memory(error);
  memset(t.out.heir, 0xff, before->n_group * sizeof *t.out.heir);
  memset(t.out.origin, 0xff, now->n_group * sizeof *t.out.origin);
  memset(t.out.parent, 0xff, now->n_group * sizeof *t.out.parent);
  RP_TRY(count(&t, arena, error));
  find_heirs(&t, heir);
  find_origins(&t, heir, origin);
  find_parents(&t, parent);
  *out = t.out;
  return RP_OK;
}
