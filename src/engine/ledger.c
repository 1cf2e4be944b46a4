#include "engine/ledger.h"

#include "base/bytes.h"

enum {
  NOTE_BYTES = 512 << 10, /* a note is closed once it is as large */
  SLACK = 1 << 20,        /* bytes that do not count and are no reason to write all again */
  HEAD = 18,              /* most bytes of a record but its data */
};

void rp_ledger_init(rp_ledger *ledger, unsigned stream) {
  *ledger = (rp_ledger){.stream = stream};
  rp_map_init(&ledger->at);
  rp_arena_init(&ledger->arena);
}

void rp_ledger_release(rp_ledger *ledger) {
  rp_map_release(&ledger->at);
  rp_vec_release(&ledger->record);
  rp_vec_release(&ledger->pending);
  rp_arena_release(&ledger->arena);
}

static size_t bytes_of(const rp_ledger_record *r) { return r->data.data ? HEAD + r->data.len : 0; }

/* Makes `data` what counts of the key. */
static rp_ledger_record *set(rp_ledger *ledger, uint64_t key, rp_str data) {
  bool is_new;
  uint32_t *at = rp_map_put(&ledger->at, key, (uint32_t)ledger->record.n, &is_new);
  if (!at || (is_new && !rp_vec_push(&ledger->record, (rp_ledger_record){.key = key}))) return NULL;
  rp_ledger_record *r = &ledger->record.data[*at];
  ledger->live_bytes -= bytes_of(r);
  r->data = data;
  ledger->live_bytes += bytes_of(r);
  return r;
}

/* A record: key, then 1 + length (0: struck out), then the data. */
rp_status rp_ledger_parse(rp_str note, rp_ledger_fn fn, void *user, rp_error *error) {
  rp_reader_bytes r = {(const uint8_t *)note.data, (const uint8_t *)note.data + note.len, false};
  while (r.at < r.end && !r.failed) {
    rp_ledger_record record = {.key = rp_read64(&r)};
    uint64_t len = rp_read_varint(&r);
    if (r.failed || (len && len - 1 > (uint64_t)(r.end - r.at))) {
      r.failed = true;
      break;
    }
    if (len) record.data = (rp_str){(const char *)r.at, (size_t)len - 1};
    if (len) r.at += len - 1;
    if (fn) RP_TRY(fn(user, &record, error));
  }
  return r.failed ? rp_fail(error, RP_ERR_DAMAGED, "a record goes past the end of its note") : RP_OK;
}

static rp_status load_record(void *user, const rp_ledger_record *record, rp_error *error) {
  rp_ledger *ledger = user;
  ledger->stored_bytes += HEAD + record->data.len;
  return set(ledger, record->key, record->data) ? RP_OK : rp_fail_memory(error);
}

rp_status rp_ledger_load(rp_ledger *ledger, rp_snapshot *snapshot, rp_error *error) {
  uint32_t first, end;
  rp_snapshot_notes(snapshot, ledger->stream, &first, &end);
  for (uint32_t i = first; i < end; i++) {
    rp_str note;
    RP_TRY(rp_snapshot_note(snapshot, ledger->stream, i, &note, error));
    RP_TRY(rp_ledger_parse(note, load_record, ledger, error));
  }
  ledger->end = end;
  return RP_OK;
}

bool rp_ledger_find(const rp_ledger *ledger, uint64_t key, rp_str *out) {
  const uint32_t *at = rp_map_get(&ledger->at, key);
  if (!at || !ledger->record.data[*at].data.data) return false;
  *out = ledger->record.data[*at].data;
  return true;
}

static rp_status change(rp_ledger *ledger, uint64_t key, rp_str data, rp_error *error) {
  if (!rp_vec_reserve(&ledger->pending, 1)) return rp_fail_memory(error);
  const rp_ledger_record *r = set(ledger, key, data);
  if (!r) return rp_fail_memory(error);
  ledger->pending.data[ledger->pending.n++] = (uint32_t)(r - ledger->record.data);
  return RP_OK;
}

rp_status rp_ledger_put(rp_ledger *ledger, uint64_t key, rp_str data, rp_error *error) {
  char *copy = rp_arena_memdup(&ledger->arena, data.len ? data.data : "", data.len);
  if (!copy) return rp_fail_memory(error);
  return change(ledger, key, (rp_str){copy, data.len}, error);
}

rp_status rp_ledger_strike(rp_ledger *ledger, uint64_t key, rp_error *error) {
  rp_str data;
  if (!rp_ledger_find(ledger, key, &data)) return RP_OK;
  return change(ledger, key, (rp_str){NULL, 0}, error);
}

void rp_ledger_forget(rp_ledger *ledger, uint64_t key) {
  const uint32_t *at = rp_map_get(&ledger->at, key);
  if (!at) return;
  rp_ledger_record *r = &ledger->record.data[*at];
  ledger->live_bytes -= bytes_of(r);
  r->data = (rp_str){NULL, 0};
}

/* ---- notes ------------------------------------------------------------------------ */

/* What is to be written of several ledgers. */
struct notes {
  rp_arena arena;
  RP_VEC(rp_store_note) note;
  uint32_t first[RP_N_STREAM];
  rp_buf buf; /* the note at hand */
};

static size_t pending_bytes(const rp_ledger *ledger) {
  size_t bytes = 0;
  for (size_t i = 0; i < ledger->pending.n; i++) bytes += HEAD + ledger->record.data[ledger->pending.data[i]].data.len;
  return bytes;
}

static bool is_time_for_all(const rp_ledger *ledger) {
  return ledger->stored_bytes + pending_bytes(ledger) > 2 * ledger->live_bytes + SLACK;
}

static rp_status close_note(struct notes *notes, unsigned stream, rp_error *error) {
  if (notes->buf.failed) return rp_fail_memory(error);
  if (notes->buf.len == 0) return RP_OK;
  char *copy = rp_arena_memdup(&notes->arena, notes->buf.data, notes->buf.len);
  rp_store_note note = {stream, {copy, notes->buf.len}};
  if (!copy || !rp_vec_push(&notes->note, note)) return rp_fail_memory(error);
  rp_buf_clear(&notes->buf);
  return RP_OK;
}

static rp_status add(struct notes *notes, unsigned stream, const rp_ledger_record *r, rp_error *error) {
  if (notes->buf.len + HEAD + r->data.len > NOTE_BYTES) RP_TRY(close_note(notes, stream, error));
  rp_buf_add64(&notes->buf, r->key);
  rp_buf_add_varint(&notes->buf, r->data.data ? (uint64_t)r->data.len + 1 : 0);
  if (r->data.len) rp_buf_add(&notes->buf, r->data.data, r->data.len);
  return RP_OK;
}

static rp_status write_ledger(const rp_ledger *ledger, struct notes *notes, rp_error *error) {
  if (!ledger->pending.n) return RP_OK;
  bool is_all = is_time_for_all(ledger);
  size_t n = is_all ? ledger->record.n : ledger->pending.n;
  for (size_t i = 0; i < n; i++) {
    const rp_ledger_record *r = &ledger->record.data[is_all ? i : ledger->pending.data[i]];
    if (!is_all || r->data.data) RP_TRY(add(notes, ledger->stream, r, error));
  }
  if (is_all) notes->first[ledger->stream] = ledger->end;
  return close_note(notes, ledger->stream, error);
}

static rp_status commit(rp_store *store, const rp_ledger_batch *batch, struct notes *notes, rp_error *error) {
  for (size_t i = 0; i < batch->n_ledger; i++) RP_TRY(write_ledger(batch->ledger[i], notes, error));
  for (size_t i = 0; i < batch->n_note; i++)
    if (!rp_vec_push(&notes->note, batch->note[i])) return rp_fail_memory(error);
  bool has_work = notes->note.n > 0;
  rp_store_batch b = {.note = notes->note.data, .n_note = notes->note.n};
  for (int i = 0; i < RP_N_STREAM; i++) {
    b.note_first[i] = batch->first[i] ? batch->first[i] : notes->first[i];
    has_work = has_work || b.note_first[i];
  }
  return has_work ? rp_store_commit(store, &b, NULL, error) : RP_OK;
}

static void settle(rp_ledger *ledger, const struct notes *notes) {
  for (size_t i = 0; i < notes->note.n; i++) ledger->end += notes->note.data[i].stream == ledger->stream;
  ledger->stored_bytes =
      notes->first[ledger->stream] ? ledger->live_bytes : ledger->stored_bytes + pending_bytes(ledger);
  rp_vec_clear(&ledger->pending);
}

rp_status rp_ledgers_commit(rp_store *store, const rp_ledger_batch *batch, rp_error *error) {
  struct notes notes = {.first = {0}};
  rp_arena_init(&notes.arena);
  rp_buf_init(&notes.buf);
  rp_status status = commit(store, batch, &notes, error);
  for (size_t i = 0; i < batch->n_ledger && status == RP_OK; i++) settle(batch->ledger[i], &notes);
  rp_arena_release(&notes.arena);
  rp_vec_release(&notes.note);
  rp_buf_release(&notes.buf);
  return status;
}
