#include "engine/run.h"

#include <math.h>
#include <string.h>

#include "base/bytes.h"

enum { NOTE_BYTES = 512 << 10, VERSION = 1, N_WHAT = 10 };

static rp_status damaged(rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "the report of the last run is not what was written");
}

/* ---- writing ------------------------------------------------------------------------ */

void rp_run_encode_head(const rp_run_head *head, rp_buf *out) {
  const rp_run *run = &head->run;
  rp_buf_add_byte(out, VERSION);
  rp_buf_add64(out, run->number);
  rp_buf_add64(out, (uint64_t)run->started);
  rp_buf_add32(out, head->n_number);
  const uint64_t count[] = {run->n_article,  run->n_new,        run->n_gone,      run->n_group,
                            run->n_grouped,  run->n_changed,    run->n_rejudged,  head->n_matched,
                            head->n_posting, head->n_candidate, head->n_verified, head->n_cut};
  for (size_t i = 0; i < sizeof count / sizeof *count; i++) rp_buf_add_varint(out, count[i]);
  for (size_t i = 0; i < N_WHAT; i++) rp_buf_add_varint(out, run->n_of[i]);
}

static void add_double(rp_buf *out, double v) {
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  rp_buf_add64(out, bits);
}

enum { HOURS = 1, KEPT = 2, NEW = 4, UPDATED = 8 };

/* Dates whose distance can be told; of others nothing is told. */
static bool is_date(rp_date d) {
  const int64_t most = INT64_MAX / 4;
  return !rp_date_is_known(d) || (d.earliest >= -most && d.latest <= most);
}

static void encode_member(const rp_member *m, rp_buf *out) {
  const rp_article *a = m->article;
  const rp_date published = is_date(a->published) ? a->published : RP_DATE_UNKNOWN;
  const rp_str text[] = {a->id, a->path, a->publisher, a->publisher_key, a->lang, m->of};
  for (size_t i = 0; i < sizeof text / sizeof *text; i++) rp_buf_add_str(out, text[i]);
  rp_buf_add_varint(out, a->line);
  rp_buf_add64(out, (uint64_t)published.earliest);
  rp_buf_add64(out, (uint64_t)published.latest);
  rp_buf_add_byte(out, (char)((m->has_hours ? HOURS : 0) | (m->is_kept ? KEPT : 0) | (m->is_new ? NEW : 0) |
                              (m->is_updated ? UPDATED : 0)));
  rp_buf_add_byte(out, (char)m->verdict);
  rp_buf_add_byte(out, (char)m->verdict_before);
  rp_buf_add_byte(out, (char)m->credit);
  rp_buf_add_varint(out, m->counted);
  add_double(out, m->coverage);
  if (m->has_hours) add_double(out, m->hours_after);
}

void rp_run_encode_group(const rp_run_group *g, rp_buf *out) {
  const rp_cluster *c = g->cluster;
  rp_buf_add_varint(out, g->what);
  rp_buf_add64(out, g->id);
  rp_buf_add64(out, g->split_from);
  rp_buf_add_varint(out, g->n_alias);
  for (size_t i = 0; i < g->n_alias; i++) rp_buf_add64(out, g->alias[i]);
  rp_buf_add_str(out, g->lead_before);
  rp_buf_add_str(out, g->kept_before);
  rp_buf_add_varint(out, g->n_before);
  rp_buf_add_varint(out, g->n_left);
  for (size_t i = 0; i < g->n_left; i++) {
    rp_buf_add_str(out, g->left[i].id);
    rp_buf_add_byte(out, (char)g->left[i].reason);
    rp_buf_add64(out, g->left_to[i]);
  }
  rp_buf_add_varint(out, c->n_member);
  if (!c->n_member) return;
  rp_buf_add_str(out, c->lead);
  rp_buf_add_varint(out, c->n_publisher);
  rp_buf_add64(out, (uint64_t)c->first_seen);
  rp_buf_add64(out, (uint64_t)c->last_seen);
  for (size_t i = 0; i < c->n_member; i++) encode_member(&c->member[i], out);
}

rp_status rp_run_notes(rp_str head, rp_str bytes, rp_arena *arena, const rp_store_note **out, size_t *n_out,
                       rp_error *error) {
  size_t n = 1 + (bytes.len + NOTE_BYTES - 1) / NOTE_BYTES;
  rp_store_note *note = RP_NEW(arena, rp_store_note, n);
  if (!note) return rp_fail_memory(error);
  note[0] = (rp_store_note){RP_STREAM_RUN, head};
  for (size_t i = 1, at = 0; i < n; i++, at += NOTE_BYTES) {
    size_t len = bytes.len - at < NOTE_BYTES ? bytes.len - at : NOTE_BYTES;
    note[i] = (rp_store_note){RP_STREAM_RUN, {bytes.data + at, len}};
  }
  *out = note;
  *n_out = n;
  return RP_OK;
}

rp_store_note rp_run_finished_note(void) { return (rp_store_note){RP_STREAM_RUN, {"", 0}}; }

/* ---- reading --------------------------------------------------------------------------- */

static rp_status decode_head(rp_str bytes, rp_run_head *out, rp_error *error) {
  rp_reader_bytes r = {(const uint8_t *)bytes.data, (const uint8_t *)bytes.data + bytes.len, false};
  if (rp_read8(&r) != VERSION) return damaged(error);
  out->run.number = rp_read64(&r);
  out->run.started = (int64_t)rp_read64(&r);
  out->n_number = rp_read32(&r);
  size_t *const count[] = {&out->run.n_article, &out->run.n_new,     &out->run.n_gone,    &out->run.n_group,
                           &out->run.n_grouped, &out->run.n_changed, &out->run.n_rejudged};
  for (size_t i = 0; i < sizeof count / sizeof *count; i++) *count[i] = (size_t)rp_read_varint(&r);
  uint64_t *const total[] = {&out->n_matched, &out->n_posting, &out->n_candidate, &out->n_verified, &out->n_cut};
  for (size_t i = 0; i < sizeof total / sizeof *total; i++) *total[i] = rp_read_varint(&r);
  for (size_t i = 0; i < N_WHAT; i++) out->run.n_of[i] = (size_t)rp_read_varint(&r);
  /* the next run has a number, too */
  bool is_numbered = out->run.number > 0 && out->run.number < UINT64_MAX;
  return r.failed || r.at != r.end || !is_numbered ? damaged(error) : RP_OK;
}

rp_status rp_run_read_head(rp_snapshot *snapshot, rp_run_head *out, rp_error *error) {
  rp_run_head head = {0};
  uint32_t first;
  rp_snapshot_notes(snapshot, RP_STREAM_RUN, &first, &head.end);
  if (first < head.end) {
    rp_str note;
    RP_TRY(rp_snapshot_note(snapshot, RP_STREAM_RUN, first, &note, error));
    RP_TRY(decode_head(note, &head, error));
    /* what is gone is counted from these */
    if (head.n_number > rp_snapshot_numbers(snapshot) || head.run.n_article > head.n_number) return damaged(error);
    RP_TRY(rp_snapshot_note(snapshot, RP_STREAM_RUN, head.end - 1, &note, error));
    head.is_finished = head.end - 1 > first && note.len == 0;
  }
  *out = head;
  return RP_OK;
}

static double read_double(rp_reader_bytes *r) {
  uint64_t bits = rp_read64(r);
  double v;
  memcpy(&v, &bits, sizeof v);
  return v;
}

struct reading {
  rp_reader_bytes r;
  rp_arena *arena;
};

/* Also: shares and hours that can be printed. */
static bool is_member_sound(const rp_member *m) {
  return is_date(m->article->published) && m->coverage >= 0 && m->coverage <= 1 && isfinite(m->hours_after);
}

static bool decode_member(struct reading *d, rp_member *m) {
  rp_reader_bytes *r = &d->r;
  rp_article *a = RP_NEW0(d->arena, rp_article, 1);
  if (!a) return false;
  a->size = sizeof *a;
  rp_str *const text[] = {&a->id, &a->path, &a->publisher, &a->publisher_key, &a->lang, &m->of};
  for (size_t i = 0; i < sizeof text / sizeof *text; i++) *text[i] = rp_read_str(r);
  a->line = rp_read_varint(r);
  a->published.earliest = (int64_t)rp_read64(r);
  a->published.latest = (int64_t)rp_read64(r);
  uint8_t flags = rp_read8(r), verdict = rp_read8(r), before = rp_read8(r), credit = rp_read8(r);
  if (verdict > RP_BOILERPLATE_ONLY || before > RP_BOILERPLATE_ONLY || credit > RP_CREDITED) r->failed = true;
  m->article = a;
  m->has_hours = flags & HOURS;
  m->is_kept = flags & KEPT;
  m->is_new = flags & NEW;
  m->is_updated = flags & UPDATED;
  m->verdict = (rp_verdict)verdict;
  m->verdict_before = (rp_verdict)before;
  m->credit = (rp_credit)credit;
  m->counted = (uint32_t)rp_read_varint(r);
  m->coverage = read_double(r);
  m->hours_after = m->has_hours ? read_double(r) : 0;
  if (!is_member_sound(m)) r->failed = true;
  return true;
}

static bool print_id(struct reading *d, uint64_t id, rp_str *out) {
  char text[RP_CLUSTER_ID + 1];
  rp_naming_print(id, text);
  const char *copy = rp_arena_memdup(d->arena, text, RP_CLUSTER_ID);
  *out = (rp_str){copy, RP_CLUSTER_ID};
  return copy != NULL;
}

/* A count of things that take `least` bytes at least; 0 and failed where they
 * cannot be there. */
static size_t read_count(rp_reader_bytes *r, size_t least) {
  uint64_t n = rp_read_varint(r);
  if (!r->failed && n <= (uint64_t)(r->end - r->at) / least) return (size_t)n;
  r->failed = true;
  return 0;
}

static bool decode_alias(struct reading *d, rp_run_record *out) {
  size_t n = read_count(&d->r, 8);
  rp_str *alias = RP_NEW(d->arena, rp_str, n);
  if (!alias) return false;
  for (size_t i = 0; i < n; i++)
    if (!print_id(d, rp_read64(&d->r), &alias[i])) return false;
  out->alias = alias;
  out->n_alias = n;
  return true;
}

static bool decode_left(struct reading *d, rp_run_record *out) {
  size_t n = read_count(&d->r, 10);
  rp_left *left = RP_NEW0(d->arena, rp_left, n);
  if (!left) return false;
  for (size_t i = 0; i < n && !d->r.failed; i++) {
    left[i].id = rp_read_str(&d->r);
    uint8_t reason = rp_read8(&d->r);
    uint64_t to = rp_read64(&d->r);
    if (reason < RP_LEFT_REMOVED || reason > RP_LEFT_ALONE) d->r.failed = true;
    left[i].reason = (rp_left_reason)reason;
    if (to && !print_id(d, to, &left[i].to)) return false;
  }
  out->left = left;
  out->n_left = n;
  return true;
}

static bool decode_members(struct reading *d, rp_cluster *c) {
  enum { LEAST = 36 }; /* bytes of a member */
  size_t n = read_count(&d->r, LEAST);
  rp_member *member = RP_NEW0(d->arena, rp_member, n);
  if (!member) return false;
  c->n_article = c->n_member = n;
  c->member = member;
  if (!n) return true;
  c->lead = rp_read_str(&d->r);
  c->n_publisher = (size_t)rp_read_varint(&d->r);
  c->first_seen = (int64_t)rp_read64(&d->r);
  c->last_seen = (int64_t)rp_read64(&d->r);
  for (size_t i = 0; i < n && !d->r.failed; i++)
    if (!decode_member(d, &member[i])) return false;
  return true;
}

static rp_status decode_group(struct reading *d, rp_run_record *out, rp_error *error) {
  rp_reader_bytes *r = &d->r;
  rp_cluster *cluster = RP_NEW0(d->arena, rp_cluster, 1);
  if (!cluster) return rp_fail_memory(error);
  *out = (rp_run_record){.group = cluster, .what = (uint32_t)rp_read_varint(r)};
  bool ok = print_id(d, rp_read64(r), &cluster->id);
  uint64_t split_from = rp_read64(r);
  if (split_from) ok = ok && print_id(d, split_from, &out->split_from);
  ok = ok && decode_alias(d, out);
  out->lead_before = rp_read_str(r);
  out->kept_before = rp_read_str(r);
  out->n_before = (size_t)rp_read_varint(r);
  if (!ok || !decode_left(d, out) || !decode_members(d, cluster)) return rp_fail_memory(error);
  return r->failed ? damaged(error) : RP_OK;
}

static int64_t first_date(const rp_cluster *cluster) {
  int64_t first = INT64_MAX;
  for (size_t i = 0; i < cluster->n_member; i++) {
    rp_date date = cluster->member[i].article->published;
    if (rp_date_is_known(date) && date.earliest < first) first = date.earliest;
  }
  return first;
}

static rp_status find_groups(rp_run_report *report, rp_arena *arena, rp_error *error) {
  const uint8_t *begin = (const uint8_t *)report->bytes.data;
  struct reading d = {{begin, begin + report->bytes.len, false}, arena};
  while (d.r.at < d.r.end) {
    rp_run_record record;
    rp_run_entry entry = {.at = (size_t)(d.r.at - begin)};
    rp_arena_clear(arena, 1 << 20);
    RP_TRY(decode_group(&d, &record, error));
    entry.first = first_date(record.group);
    if (!rp_vec_push(&report->group, entry)) return rp_fail_memory(error);
  }
  return RP_OK;
}

rp_status rp_run_report_read(rp_snapshot *snapshot, const rp_run_head *head, rp_run_report *out, rp_error *error) {
  uint32_t first, end;
  rp_arena arena;
  *out = (rp_run_report){.bytes = {0}};
  rp_buf_init(&out->bytes);
  rp_snapshot_notes(snapshot, RP_STREAM_RUN, &first, &end);
  if (head->is_finished) end--;
  for (uint32_t i = first + 1; i < end; i++) {
    rp_str note;
    RP_TRY(rp_snapshot_note(snapshot, RP_STREAM_RUN, i, &note, error));
    rp_buf_add(&out->bytes, note.data, note.len);
  }
  if (out->bytes.failed) return rp_fail_memory(error);
  if (!out->bytes.len) return RP_OK;
  rp_arena_init(&arena);
  rp_status status = find_groups(out, &arena, error);
  rp_arena_release(&arena);
  return status;
}

void rp_run_report_release(rp_run_report *report) {
  rp_buf_release(&report->bytes);
  rp_vec_release(&report->group);
}

rp_status rp_run_report_get(const rp_run_report *report, size_t i, rp_arena *arena, rp_run_record *out,
                            rp_error *error) {
  const uint8_t *begin = (const uint8_t *)report->bytes.data;
  struct reading d = {{begin + report->group.data[i].at, begin + report->bytes.len, false}, arena};
  return decode_group(&d, out, error);
}

/* ---- counts ---------------------------------------------------------------------------- */

static rp_status count_records(rp_snapshot *snapshot, unsigned stream, uint64_t *out, rp_error *error) {
  rp_ledger ledger;
  rp_ledger_init(&ledger, stream);
  rp_status status = rp_ledger_load(&ledger, snapshot, error);
  *out = 0;
  for (size_t i = 0; i < ledger.record.n; i++) *out += ledger.record.data[i].data.data != NULL;
  rp_ledger_release(&ledger);
  return status;
}

rp_status rp_run_stat(rp_snapshot *snapshot, rp_index_stat *out, rp_error *error) {
  rp_run_head head;
  RP_TRY(rp_run_read_head(snapshot, &head, error));
  out->run = head.run.number;
  out->run_started = head.run.started;
  out->n_group = head.run.n_group;
  out->match_n_article = head.n_matched;
  out->match_n_posting = head.n_posting;
  out->match_n_candidate = head.n_candidate;
  out->match_n_verified = head.n_verified;
  out->match_n_cut = head.n_cut;
  RP_TRY(count_records(snapshot, RP_STREAM_STATE, &out->n_matched, error));
  return count_records(snapshot, RP_STREAM_FACT, &out->n_fact, error);
}
