#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "engine/check_inside.h"

enum { ROOM = 65535 };

/* ---- workers ---------------------------------------------------------------------------- */

rp_status rp_check_run(rp_check *c, size_t n, void (*fn)(void *user, unsigned worker, size_t i), void *user,
                       rp_error *error) {
  rp_par_for(c->n_worker, n, fn, user);
  for (unsigned i = 0; i < c->n_worker; i++) {
    if (c->worker[i].status == RP_OK) continue;
    if (error) *error = c->worker[i].error;
    return c->worker[i].status;
  }
  return RP_OK;
}

static int compare_numbers(int64_t a, int64_t b) { return (a > b) - (a < b); }

static int compare_findings(const void *x, const void *y) {
  const rp_finding *a = x, *b = y;
  int order = compare_numbers(a->document, b->document);
  if (!order) order = compare_numbers(a->segment, b->segment);
  if (!order) order = strcmp(a->part, b->part);
  if (!order) order = strcmp(a->table, b->table);
  return order ? order : strcmp(a->message, b->message);
}

rp_status rp_check_tell(rp_check *c, rp_error *error) {
  RP_VEC(rp_finding) all = {0};
  rp_status status = RP_OK;
  for (unsigned i = 0; i < c->n_worker; i++) {
    const rp_findings *f = &c->worker[i].findings;
    if (f->failed || !rp_vec_reserve(&all, f->list.n)) status = RP_ERR_MEMORY;
    if (status != RP_OK) break;
    if (f->list.n) memcpy(all.data + all.n, f->list.data, f->list.n * sizeof *all.data);
    all.n += f->list.n;
  }
  if (status == RP_OK && all.n) qsort(all.data, all.n, sizeof *all.data, compare_findings);
  for (size_t i = 0; status == RP_OK && i < all.n; i++)
    if (c->options->on_finding) c->options->on_finding(c->options->user, &all.data[i]);
  if (status == RP_OK) c->summary.n_finding += all.n;
  rp_vec_release(&all);
  for (unsigned i = 0; i < c->n_worker; i++) {
    rp_vec_clear(&c->worker[i].findings.list);
    rp_arena_clear(&c->worker[i].findings.arena, 1 << 20);
  }
  return status == RP_OK ? RP_OK : rp_fail_memory(error);
}

/* ---- tables --------------------------------------------------------------------------------- */

struct adding {
  rp_check *check;
  rp_check_worker *worker;
};

static void add_entries(void *user, rp_table table, const rp_entry *entry, size_t n) {
  struct adding *a = user;
  for (size_t i = 0; i < n; i++) {
    uint64_t mixed = rp_check_mix(rp_entry_key(table, entry[i].hash, entry[i].position));
    atomic_fetch_add_explicit(&a->check->sum[entry[i].doc], mixed, memory_order_relaxed);
  }
  a->worker->n_entry += n;
}

static void read_part(void *user, unsigned number, size_t i) {
  rp_check *c = user;
  rp_check_worker *w = &c->worker[number];
  if (w->status != RP_OK) return;
  struct adding adding = {c, w};
  rp_check_reader reader = {w->snapshot, w->room, add_entries, &adding, &w->findings};
  const rp_check_part *part = &c->parts.data[i];
  bool is_whole = true;
  w->status = rp_check_read(&reader, part, &is_whole, &w->error);
  if (!is_whole) atomic_store(&c->is_broken[part->segment * RP_N_TABLE + part->table], true);
}

/* Segments that cannot be opened have no part in the list. */
static void mark_closed(rp_check *c) {
  uint32_t n_segment = rp_check_n_segment(c->snapshot);
  for (uint32_t i = 0; i < n_segment * RP_N_TABLE; i++) atomic_store(&c->is_broken[i], true);
  for (size_t i = 0; i < c->parts.n; i++)
    for (int t = 0; t < RP_N_TABLE; t++)
      atomic_store(&c->is_broken[c->parts.data[i].segment * RP_N_TABLE + (size_t)t], false);
}

static rp_status check_tables(rp_check *c, rp_error *error) {
  rp_findings *findings = &c->worker[0].findings;
  RP_TRY(rp_check_list(c->snapshot, &c->parts, findings, error));
  mark_closed(c);
  RP_TRY(rp_check_run(c, c->parts.n, read_part, c, error));
  for (unsigned i = 0; i < c->n_worker; i++) c->summary.n_entry += c->worker[i].n_entry;
  return rp_check_tell(c, error);
}

/* ---- counts ------------------------------------------------------------------------------------ */

/* Only where all articles could be read. */
static rp_status check_counters(rp_check *c, rp_error *error) {
  static const struct {
    int number;
    const char *what;
  } counter[] = {{RP_COUNTER_WORD, "words"},
                 {RP_COUNTER_COUNTED, "counted words"},
                 {RP_COUNTER_TEXT, "bytes of text"},
                 {RP_COUNTER_UNDATED, "undated articles"}};
  int64_t sum[RP_N_COUNTER] = {0};
  rp_store_counters stored;
  rp_check_counters(c->snapshot, &stored);
  c->summary.n_article = stored.n_live;
  for (unsigned i = 0; i < c->n_worker; i++) {
    if (c->worker[i].n_unread) return RP_OK;
    for (int k = 0; k < RP_N_COUNTER; k++) sum[k] += c->worker[i].counter[k];
  }
  const rp_finding_place place = RP_FINDING_OF("counts");
  for (size_t i = 0; i < sizeof counter / sizeof *counter; i++)
    if ((int64_t)stored.counter[counter[i].number] != sum[counter[i].number])
      rp_findings_add(&c->worker[0].findings, &place, "the articles have %lld %s, not %lld",
                      (long long)sum[counter[i].number], counter[i].what, (long long)stored.counter[counter[i].number]);
  return rp_check_tell(c, error);
}

/* ---- all of it ------------------------------------------------------------------------------------ */

static rp_status make_room(rp_check *c, rp_error *error) {
  size_t n_segment = rp_check_n_segment(c->snapshot);
  c->n_number = rp_snapshot_numbers(c->snapshot);
  c->sum = rp_calloc(c->n_number, sizeof *c->sum);
  c->is_broken = rp_calloc(n_segment * RP_N_TABLE, sizeof *c->is_broken);
  c->n_word = rp_malloc((size_t)c->n_number * sizeof *c->n_word);
  if (!c->sum || !c->is_broken || !c->n_word) return rp_fail_memory(error);
  for (uint32_t i = 0; i < c->n_number; i++) c->n_word[i] = UINT32_MAX;
  for (unsigned i = 0; i < c->n_worker; i++) {
    c->worker[i].room = rp_malloc(ROOM * sizeof(rp_entry));
    if (!c->worker[i].room) return rp_fail_memory(error);
  }
  return RP_OK;
}

static rp_status check_all(rp_check *c, rp_error *error) {
  bool is_readable;
  RP_TRY(rp_check_pages(c->index->store, &c->worker[0].findings, &is_readable, error));
  RP_TRY(rp_check_tell(c, error));
  if (!is_readable) return RP_OK;
  rp_snapshot **snapshot = rp_calloc(c->n_worker, sizeof *snapshot);
  if (!snapshot) return rp_fail_memory(error);
  rp_status status = rp_check_begin(c->index->store, c->n_worker, snapshot, &c->n_worker, error);
  for (unsigned i = 0; status == RP_OK && i < c->n_worker; i++) c->worker[i].snapshot = snapshot[i];
  rp_free(snapshot);
  RP_TRY(status);
  c->snapshot = c->worker[0].snapshot;
  RP_TRY(make_room(c, error));
  c->summary.n_segment = rp_check_n_segment(c->snapshot);
  RP_TRY(rp_check_values(c->snapshot, &c->worker[0].findings, error));
  RP_TRY(rp_check_notes(c, error));
  RP_TRY(check_tables(c, error));
  RP_TRY(rp_check_articles(c, error));
  RP_TRY(rp_check_facts(c, error));
  RP_TRY(check_counters(c, error));
  return rp_check_entries(c, error);
}

rp_status rp_index_check(rp_index *index, const rp_check_options *options, rp_check_summary *out, rp_error *error) {
  assert(index && out);
  static const rp_check_options defaults = {.size = sizeof defaults};
  rp_check c = {.index = index, .options = options ? options : &defaults, .summary.size = sizeof c.summary};
  rp_known_init(&c.known);
  rp_ledger_init(&c.member, RP_STREAM_MEMBER);
  unsigned n_worker = c.n_worker = rp_par_workers(c.options->n_thread);
  c.worker = rp_calloc(n_worker, sizeof *c.worker);
  if (!c.worker) return rp_fail_memory(error);
  for (unsigned i = 0; i < n_worker; i++) {
    rp_arena_init(&c.worker[i].arena);
    rp_findings_init(&c.worker[i].findings);
  }
  rp_status status = check_all(&c, error);
  for (unsigned i = 0; i < n_worker; i++) {
    rp_snapshot_end(c.worker[i].snapshot);
    rp_arena_release(&c.worker[i].arena);
    rp_findings_release(&c.worker[i].findings);
    rp_vec_release(&c.worker[i].uneven);
    rp_free(c.worker[i].room);
  }
  rp_free(c.worker);
  rp_known_release(&c.known);
  rp_ledger_release(&c.member);
  rp_free(c.n_word);
  rp_free(c.sum);
  rp_free(c.is_broken);
  rp_vec_release(&c.parts);
  if (status == RP_OK) *out = c.summary;
  return status;
}
