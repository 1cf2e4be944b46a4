#include <string.h>

#include "base/bytes.h"
#include "base/par.h"
#include "store/note.h"
#include "store/order.h"
#include "store/record.h"
#include "store/rewrite.h"

enum { MAX_DOCS = 1 << 24 };

/* ---- rows ---------------------------------------------------------------------------- */

void rp_row_write(const rp_row *row, uint8_t *out) {
  rp_store32(out, (uint32_t)row->earliest);
  rp_store32(out + 4, (uint32_t)row->latest);
  rp_store32(out + 8, row->publisher);
  rp_store32(out + 12, row->counted);
  rp_store64(out + 16, row->id_hash);
}

rp_row rp_row_read(const uint8_t *in) {
  return (rp_row){(int32_t)rp_load32(in), (int32_t)rp_load32(in + 4), rp_load32(in + 8), rp_load32(in + 12),
                  rp_load64(in + 16)};
}

/* ---- one batch ------------------------------------------------------------------------- */

struct commit {
  rp_store *store;
  const rp_store_batch *batch;
  rp_txn txn;
  rp_manifest manifest;
  rp_row *row; /* of the new documents */
};

static rp_status check(const rp_store_batch *b, rp_error *error) {
  if (b->n_doc > MAX_DOCS)
    return rp_fail(error, RP_ERR_LIMIT, "a batch of %zu documents, more than %d", b->n_doc, MAX_DOCS);
  for (size_t i = 0; i < b->n_doc + b->n_replacement; i++) {
    const rp_store_doc *doc = i < b->n_doc ? &b->doc[i] : &b->replacement[i - b->n_doc].doc;
    if (doc->payload.len > RP_PAYLOAD_MAX)
      return rp_fail(error, RP_ERR_LIMIT, "a document of %zu bytes, more than %d", doc->payload.len, RP_PAYLOAD_MAX);
  }
  for (size_t i = 0; i < b->n_note; i++) {
    if (b->note[i].stream >= RP_N_STREAM)
      return rp_fail(error, RP_ERR_ARGUMENT, "note %zu of the batch is of no stream", i);
    if (b->note[i].data.len > RP_NOTE_MAX)
      return rp_fail(error, RP_ERR_LIMIT, "a note of %zu bytes, more than %d", b->note[i].data.len, RP_NOTE_MAX);
  }
  for (int t = 0; t < RP_N_TABLE; t++)
    for (size_t i = 0; i < b->n_entry[t]; i++)
      if (b->entry[t][i].doc >= b->n_doc)
        return rp_fail(error, RP_ERR_ARGUMENT, "posting %zu of table %d is of no document of the batch", i, t);
  return RP_OK;
}

static rp_status number_publishers(struct commit *c, rp_error *error) {
  rp_publishers *p = &c->store->publishers;
  if (!c->store->has_publishers) RP_TRY(rp_publishers_load(p, &c->txn, c->manifest.n_publisher, error));
  c->store->has_publishers = true;
  for (size_t i = 0; i < c->batch->n_doc; i++) {
    c->row[i] = c->batch->doc[i].row;
    RP_TRY(rp_publishers_number(p, c->batch->doc[i].publisher_key, &c->row[i].publisher, error));
  }
  return RP_OK;
}

static rp_status save_publishers(struct commit *c, rp_error *error) {
  const rp_publishers *p = &c->store->publishers;
  if (p->end.n > UINT32_MAX / 2) return rp_fail(error, RP_ERR_LIMIT, "too many publishers");
  RP_TRY(rp_publishers_save(p, c->manifest.n_publisher, &c->txn, error));
  c->manifest.n_publisher = (uint32_t)p->end.n;
  return RP_OK;
}

/* ---- the segment -------------------------------------------------------------------------- */

static rp_status write_table(struct commit *c, rp_segment_writer *w, rp_table table, const uint32_t *order,
                             const uint32_t *rank, rp_error *error) {
  size_t n = c->batch->n_entry[table], taken;
  if (n == 0) return RP_OK;
  rp_entry *sorted = rp_malloc(n * sizeof *sorted);
  if (!sorted) return rp_fail_memory(error);
  rp_order_job job = {.in = c->batch->entry[table], .n = n, .rank = rank, .order = order, .out = sorted};
  job.number_base = c->manifest.n_number;
  job.n_thread = c->batch->n_thread;
  rp_status status = rp_order_entries(&job, error);
  if (status == RP_OK) status = rp_segment_add(w, table, sorted, n, true, &taken, error);
  rp_free(sorted);
  return status;
}

static rp_segment_info describe(const struct commit *c) {
  uint32_t first = c->manifest.n_number, n = (uint32_t)c->batch->n_doc;
  rp_segment_info info = {.doc_first = first, .doc_end = first + n, .n_live = n};
  info.least = info.greatest = c->row[0].earliest;
  for (size_t i = 1; i < c->batch->n_doc; i++) {
    if (c->row[i].earliest < info.least) info.least = c->row[i].earliest;
    if (c->row[i].earliest > info.greatest) info.greatest = c->row[i].earliest;
  }
  return info;
}

static rp_status write_segment(struct commit *c, rp_error *error) {
  size_t n_doc = c->batch->n_doc, n_entry = 0;
  for (int t = 0; t < RP_N_TABLE; t++) n_entry += c->batch->n_entry[t];
  if (n_entry == 0) return RP_OK;
  rp_segment_info info = describe(c);
  rp_segment_writer w;
  rp_segment_writer_init(&w, c->manifest.next_segment, info.doc_first, info.doc_end);
  w.txn = &c->txn;
  w.is_inline = n_entry <= RP_SEGMENT_INLINE;
  w.n_thread = c->batch->n_thread;
  uint32_t *order = rp_malloc(n_doc * 2 * sizeof *order);
  rp_status status = order ? rp_order_rows(c->row, n_doc, order, order + n_doc, error) : rp_fail_memory(error);
  for (int t = 0; t < RP_N_TABLE && status == RP_OK; t++)
    status = write_table(c, &w, (rp_table)t, order, order + n_doc, error);
  if (status == RP_OK) status = rp_segment_finish(&w, &info, error);
  if (status == RP_OK && !rp_vec_push(&c->manifest.segment, info)) status = rp_fail_memory(error);
  c->manifest.next_segment++;
  rp_free(order);
  rp_segment_writer_release(&w);
  return status;
}

/* ---- rows, signatures, tombstones ------------------------------------------------------------ */

static void put_row(void *user, size_t i, uint8_t *out) {
  const struct commit *c = user;
  rp_row_write(&c->row[i], out);
}

static void put_signature(void *user, size_t i, uint8_t *out) {
  const struct commit *c = user;
  const uint8_t *signature = c->batch->doc[i].signature;
  if (signature) memcpy(out, signature, RP_STORE_SIGNATURE);
}

static rp_status write_arrays(struct commit *c, rp_error *error) {
  rp_array_append rows = {
      &c->txn, RP_KIND_ROW, RP_ROW_CHUNK, RP_ROW_BYTES, c->manifest.n_number, c->batch->n_doc, put_row, c};
  RP_TRY(rp_array_append_all(&rows, error));
  rp_array_append signatures = {&c->txn,
                                RP_KIND_SIGNATURE,
                                RP_SIGNATURE_CHUNK,
                                RP_STORE_SIGNATURE,
                                c->manifest.n_number,
                                c->batch->n_doc,
                                put_signature,
                                c};
  RP_TRY(rp_array_append_all(&signatures, error));
  return rp_tombstones_extend(&c->txn, c->manifest.n_number, c->manifest.n_number + (uint32_t)c->batch->n_doc, error);
}

/* ---- documents --------------------------------------------------------------------------------- */

static rp_status write_documents(struct commit *c, rp_error *error) {
  size_t n = c->batch->n_doc;
  rp_str *payload = rp_malloc(n * sizeof *payload);
  if (!payload) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) payload[i] = c->batch->doc[i].payload;
  rp_documents_write job = {&c->txn, payload, n, c->manifest.n_number, c->batch->n_thread};
  rp_status status = rp_documents_write_all(&job, &c->manifest.document_bytes, error);
  rp_free(payload);
  return status;
}

/* ---- all of it ------------------------------------------------------------------------------------ */

static rp_status add_documents(struct commit *c, rp_error *error) {
  uint32_t n = (uint32_t)c->batch->n_doc;
  if (n == 0) return RP_OK;
  if (n > UINT32_MAX - 1 - c->manifest.n_number)
    return rp_fail(error, RP_ERR_LIMIT, "index '%s' has no numbers left: compact does not give them back",
                   c->store->dir);
  RP_TRY(write_segment(c, error));
  RP_TRY(write_arrays(c, error));
  RP_TRY(write_documents(c, error));
  c->manifest.n_number += n;
  return RP_OK;
}

static rp_status change(struct commit *c, uint32_t *first, rp_error *error) {
  const rp_store_batch *b = c->batch;
  RP_TRY(rp_manifest_read(&c->txn, &c->manifest, error));
  *first = c->manifest.n_number;
  /* a batch of notes is too small to read all publishers for it */
  bool has_rows = b->n_doc || b->n_replacement;
  if (has_rows) RP_TRY(number_publishers(c, error));
  /* what is replaced or dies was there before the batch */
  RP_TRY(rp_replace(&c->txn, &c->manifest, &c->store->publishers, b->replacement, b->n_replacement, error));
  RP_TRY(rp_kill(&c->txn, &c->manifest, b->dead, b->n_dead, error));
  RP_TRY(add_documents(c, error));
  if (has_rows) RP_TRY(save_publishers(c, error));
  RP_TRY(rp_notes_write(&c->txn, &c->manifest, b, error));
  c->manifest.version++;
  for (int i = 0; i < RP_N_COUNTER; i++) c->manifest.counter[i] += (uint64_t)b->counter[i];
  return rp_manifest_write(&c->txn, &c->manifest, error);
}

static rp_status commit(rp_store *store, const rp_store_batch *batch, uint32_t *first, rp_error *error) {
  struct commit c = {.store = store, .batch = batch, .row = rp_malloc(batch->n_doc * sizeof *c.row)};
  if (!c.row) return rp_fail_memory(error);
  rp_status status;
  for (;;) {
    status = rp_store_begin_write(store, &c.txn, error);
    if (status != RP_OK) break;
    status = change(&c, first, error);
    if (status == RP_OK) status = rp_db_commit(&c.txn, error);
    rp_db_abort(&c.txn);
    if (status == RP_OK) break;
    store->has_publishers = false;
    if (!c.txn.is_map_full) break;
    status = rp_store_grow(store, error);
    if (status != RP_OK) break;
  }
  rp_manifest_release(&c.manifest);
  rp_free(c.row);
  return status;
}

rp_status rp_store_commit(rp_store *store, const rp_store_batch *batch, uint32_t *first, rp_error *error) {
  bool is_mine;
  uint32_t number = 0;
  RP_TRY(check(batch, error));
  RP_TRY(rp_store_hold(store, &is_mine, error));
  rp_db_reap(&store->place->db);
  rp_status status = commit(store, batch, &number, error);
  if (status == RP_OK && first) *first = number;
  /* the batch is there, whatever becomes of the tidying; the next one tries again */
  if (status == RP_OK && rp_store_tidy(store, batch->n_thread, NULL) != RP_OK) store->has_publishers = false;
  if (is_mine) rp_store_unlock(store);
  return status;
}
