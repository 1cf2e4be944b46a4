/* Articles that are too old, slice by slice of their numbers: a slice is looked
 * at on all processors and committed.  Dates stand in the dense rows, so what
 * stays is not read.  What goes is read once, because the counts of words and
 * bytes that it is taken off are in its payload alone. */
#include "engine/expire.h"

#include <assert.h>

#include "base/par.h"
#include "base/vec.h"

enum { SLICE = 1 << 18, PART = 1 << 10, KEEP_BYTES = 1 << 20 };

struct worker {
  rp_snapshot *snapshot;
  rp_arena arena;
  int64_t counter[RP_N_COUNTER];
  uint64_t n_live, n_expired;
  rp_status status;
  rp_error error;
};

struct expire {
  rp_index *index;
  const rp_expire_options *options;
  bool is_dry;
  int64_t before_minute;
  struct worker *worker;
  unsigned n_worker;
  uint32_t first, n; /* the slice */
  uint8_t *is_old;   /* of each of its documents */
  RP_VEC(uint32_t) dead;
};

static void take_off(struct worker *w, const rp_document *d) {
  w->counter[RP_COUNTER_WORD] -= (int64_t)d->n_word;
  w->counter[RP_COUNTER_COUNTED] -= (int64_t)d->counted;
  w->counter[RP_COUNTER_TEXT] -= (int64_t)d->article.text.len;
  w->counter[RP_COUNTER_UNDATED] -= !rp_date_is_known(d->article.published);
}

static rp_status look_at(const struct expire *e, struct worker *w, uint32_t doc, uint8_t *is_old) {
  rp_row row;
  rp_document document = {0};
  if (!rp_snapshot_is_live(w->snapshot, doc)) return RP_OK;
  w->n_live++;
  RP_TRY(rp_snapshot_row(w->snapshot, doc, &row, &w->error));
  bool by_seen = e->options->by_seen || row.latest == RP_ROW_UNDATED;
  bool is_dated_old = !by_seen && row.latest < e->before_minute;
  if (!by_seen && !is_dated_old) return RP_OK;
  if (by_seen || !e->is_dry) RP_TRY(rp_index_read(w->snapshot, doc, &w->arena, &document, &w->error));
  if (by_seen && document.first_seen >= e->options->before) return RP_OK;
  take_off(w, &document);
  w->n_expired++;
  *is_old = 1;
  return RP_OK;
}

static void look_at_part(void *user, unsigned worker, size_t part) {
  struct expire *e = user;
  struct worker *w = &e->worker[worker];
  uint32_t end = e->n - (uint32_t)part * PART < PART ? e->n : ((uint32_t)part + 1) * PART;
  for (uint32_t i = (uint32_t)part * PART; i < end && w->status == RP_OK; i++) {
    w->status = look_at(e, w, e->first + i, &e->is_old[i]);
    rp_arena_clear(&w->arena, KEEP_BYTES);
  }
}

static rp_status begin_slice(struct expire *e, rp_error *error) {
  for (unsigned i = 0; i < e->n_worker; i++) {
    struct worker *w = &e->worker[i];
    *w = (struct worker){.arena = w->arena};
    RP_TRY(rp_snapshot_begin(e->index->store, &w->snapshot, error));
  }
  for (uint32_t i = 0; i < e->n; i++) e->is_old[i] = 0;
  return RP_OK;
}

static void end_slice(struct expire *e) {
  for (unsigned i = 0; i < e->n_worker; i++) {
    rp_snapshot_end(e->worker[i].snapshot);
    e->worker[i].snapshot = NULL;
  }
}

static rp_status commit_slice(struct expire *e, unsigned n_thread, rp_error *error) {
  rp_store_batch batch = {.n_thread = n_thread};
  rp_vec_clear(&e->dead);
  for (uint32_t i = 0; i < e->n; i++)
    if (e->is_old[i] && !rp_vec_push(&e->dead, e->first + i)) return rp_fail_memory(error);
  if (e->dead.n == 0) return RP_OK;
  for (unsigned i = 0; i < e->n_worker; i++)
    for (int c = 0; c < RP_N_COUNTER; c++) batch.counter[c] += e->worker[i].counter[c];
  batch.dead = e->dead.data;
  batch.n_dead = e->dead.n;
  return rp_store_commit(e->index->store, &batch, NULL, error);
}

static rp_status do_slice(struct expire *e, rp_expiry *out, rp_error *error) {
  rp_status status = begin_slice(e, error);
  if (status == RP_OK) rp_par_for(e->n_worker, (e->n + PART - 1) / PART, look_at_part, e);
  /* the pages that a commit frees are used again only once nobody reads them */
  end_slice(e);
  RP_TRY(status);
  for (unsigned i = 0; i < e->n_worker; i++) {
    const struct worker *w = &e->worker[i];
    if (w->status != RP_OK && error) *error = w->error;
    RP_TRY(w->status);
  }
  if (!e->is_dry) RP_TRY(commit_slice(e, e->n_worker, error));
  for (unsigned i = 0; i < e->n_worker; i++) {
    out->n_article += e->worker[i].n_live;
    out->n_expired += e->worker[i].n_expired;
  }
  return RP_OK;
}

static rp_status count_numbers(rp_index *index, uint32_t *out, rp_error *error) {
  rp_snapshot *snapshot;
  RP_TRY(rp_snapshot_begin(index->store, &snapshot, error));
  *out = rp_snapshot_numbers(snapshot);
  rp_snapshot_end(snapshot);
  return RP_OK;
}

static rp_status run(struct expire *e, rp_expiry *out, rp_error *error) {
  uint32_t n_all;
  RP_TRY(count_numbers(e->index, &n_all, error));
  rp_expiry done = {.size = sizeof done};
  int64_t before = e->options->before;
  e->before_minute = before / 60 - (before % 60 < 0);
  e->worker = rp_calloc(e->n_worker, sizeof *e->worker);
  e->is_old = rp_malloc(SLICE);
  if (!e->worker || !e->is_old) return rp_fail_memory(error);
  for (unsigned i = 0; i < e->n_worker; i++) rp_arena_init(&e->worker[i].arena);
  for (; e->first < n_all; e->first += e->n) {
    e->n = n_all - e->first < SLICE ? n_all - e->first : SLICE;
    RP_TRY(do_slice(e, &done, error));
  }
  *out = done;
  return RP_OK;
}

static rp_status start(struct expire *e, unsigned n_thread, rp_expiry *out, rp_error *error) {
  e->n_worker = rp_par_workers(n_thread);
  rp_status status = run(e, out, error);
  for (unsigned i = 0; e->worker && i < e->n_worker; i++) rp_arena_release(&e->worker[i].arena);
  rp_free(e->worker);
  rp_free(e->is_old);
  rp_vec_release(&e->dead);
  return status;
}

rp_status rp_expire_all(rp_index *index, const rp_expire_options *options, unsigned n_thread, rp_expiry *out,
                        rp_error *error) {
  struct expire e = {.index = index, .options = options};
  return start(&e, n_thread, out, error);
}

rp_status rp_index_expirable(rp_index *index, const rp_expire_options *options, rp_expiry *out, rp_error *error) {
  assert(index && options && out);
  struct expire e = {.index = index, .options = options, .is_dry = true};
  return start(&e, 0, out, error);
}
