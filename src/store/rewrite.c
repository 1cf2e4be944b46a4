#include "store/rewrite.h"

#include <string.h>

#include "base/bytes.h"
#include "base/par.h"
#include "base/sort.h"
#include "store/record.h"

static rp_status damaged(const rp_txn *txn, const char *what, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its %s are not what was written", txn->path, what);
}

static const char *name_of(uint8_t kind) { return kind == RP_KIND_ROW ? "rows" : "signatures"; }

/* ---- arrays ----------------------------------------------------------------------------- */

/* The data of a chunk of `len` bytes into `buf`; where it is stored as nothing
 * they are zeros. */
static rp_status load_chunk(const rp_txn *txn, uint8_t kind, uint32_t chunk, size_t len, rp_buf *buf, rp_error *error) {
  rp_bytes v;
  size_t got;
  RP_TRY(rp_db_get(txn, rp_key_chunk(kind, chunk), &v, error));
  if (!rp_record_data_len(v.len, &got) || (got != len && got != 0) || !rp_record_is_all_good(v.data, got))
    return damaged(txn, name_of(kind), error);
  rp_buf_clear(buf);
  if (got)
    rp_buf_add(buf, v.data, got);
  else
    rp_buf_add_zero(buf, len);
  return buf->failed ? rp_fail_memory(error) : RP_OK;
}

static bool is_zero(const rp_buf *buf) {
  size_t i = 0;
  while (i < buf->len && buf->data[i] == 0) i++;
  return i == buf->len;
}

static rp_status save_chunk(rp_txn *txn, uint8_t kind, uint32_t chunk, rp_buf *buf, rp_error *error) {
  if (is_zero(buf)) buf->len = 0;
  rp_record_seal(buf);
  if (buf->failed) return rp_fail_memory(error);
  return rp_db_put(txn, rp_key_chunk(kind, chunk), buf->data, buf->len, error);
}

static rp_status append(const rp_array_append *job, rp_buf *buf, rp_error *error) {
  uint32_t chunk = job->n_old / job->per_chunk;
  for (size_t i = 0; i < job->n; chunk++) {
    uint64_t chunk_first = (uint64_t)chunk * job->per_chunk;
    size_t old = job->n_old > chunk_first ? (size_t)(job->n_old - chunk_first) : 0;
    rp_buf_clear(buf);
    if (old) RP_TRY(load_chunk(job->txn, job->kind, chunk, old * job->size, buf, error));
    size_t n = job->per_chunk - old < job->n - i ? job->per_chunk - old : job->n - i;
    rp_buf_add_zero(buf, n * job->size);
    if (buf->failed) return rp_fail_memory(error);
    for (size_t j = 0; j < n; j++) job->put(job->user, i + j, (uint8_t *)buf->data + (old + j) * job->size);
    RP_TRY(save_chunk(job->txn, job->kind, chunk, buf, error));
    i += n;
  }
  return RP_OK;
}

rp_status rp_array_append_all(const rp_array_append *job, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_status status = append(job, &buf, error);
  rp_buf_release(&buf);
  return status;
}

/* ---- tombstones --------------------------------------------------------------------------- */

enum { TOMBSTONE_BYTES = RP_TOMBSTONE_CHUNK / 8, TOMBSTONE_RECORD = TOMBSTONE_BYTES + 8 };

rp_status rp_tombstones_extend(rp_txn *txn, uint32_t n_old, uint32_t n_new, rp_error *error) {
  uint8_t record[TOMBSTONE_RECORD] = {0};
  rp_record_seal_at(record, TOMBSTONE_BYTES);
  uint32_t end = rp_manifest_chunks(n_new, RP_TOMBSTONE_CHUNK);
  for (uint32_t chunk = rp_manifest_chunks(n_old, RP_TOMBSTONE_CHUNK); chunk < end; chunk++)
    RP_TRY(rp_db_put(txn, rp_key_chunk(RP_KIND_TOMBSTONE, chunk), record, sizeof record, error));
  return RP_OK;
}

static rp_status load_tombstones(const rp_txn *txn, uint32_t chunk, uint8_t *record, rp_error *error) {
  rp_bytes v;
  RP_TRY(rp_db_get(txn, rp_key_chunk(RP_KIND_TOMBSTONE, chunk), &v, error));
  if (v.len != TOMBSTONE_RECORD || !rp_record_is_all_good(v.data, TOMBSTONE_BYTES))
    return damaged(txn, "tombstones", error);
  memcpy(record, v.data, v.len);
  return RP_OK;
}

static rp_segment_info *segment_of(rp_manifest *m, uint32_t doc) {
  size_t low = 0, high = m->segment.n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (m->segment.data[middle].doc_end <= doc)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == m->segment.n || m->segment.data[low].doc_first > doc) return NULL;
  return &m->segment.data[low];
}

static rp_status drop_dead_segments(rp_txn *txn, rp_manifest *m, rp_error *error) {
  size_t kept = 0;
  for (size_t i = 0; i < m->segment.n; i++) {
    rp_segment_info info = m->segment.data[i];
    if (info.n_live)
      m->segment.data[kept++] = info;
    else
      RP_TRY(rp_db_delete_all(txn, rp_key_chunk(RP_KIND_SEGMENT, info.number), error));
  }
  m->segment.n = kept;
  return RP_OK;
}

static rp_status bury(rp_txn *txn, rp_manifest *m, const uint64_t *doc, size_t n, rp_error *error) {
  uint8_t record[TOMBSTONE_RECORD];
  for (size_t i = 0, end; i < n; i = end) {
    uint32_t chunk = (uint32_t)(doc[i] / RP_TOMBSTONE_CHUNK);
    if (doc[n - 1] >= m->n_number)
      return rp_fail(error, RP_ERR_ARGUMENT, "there is no document %u", (unsigned)doc[n - 1]);
    RP_TRY(load_tombstones(txn, chunk, record, error));
    for (end = i; end < n && doc[end] / RP_TOMBSTONE_CHUNK == chunk; end++) {
      uint32_t bit = (uint32_t)(doc[end] % RP_TOMBSTONE_CHUNK);
      uint8_t mask = (uint8_t)(1 << bit % 8);
      if (record[bit / 8] & mask)
        return rp_fail(error, RP_ERR_ARGUMENT, "document %u is dead already", (unsigned)doc[end]);
      record[bit / 8] |= mask;
      rp_segment_info *info = segment_of(m, (uint32_t)doc[end]);
      if (info && info->n_live) info->n_live--;
    }
    rp_record_seal_at(record, TOMBSTONE_BYTES);
    RP_TRY(rp_db_put(txn, rp_key_chunk(RP_KIND_TOMBSTONE, chunk), record, sizeof record, error));
  }
  m->n_dead += (uint32_t)n;
  return drop_dead_segments(txn, m, error);
}

rp_status rp_kill(rp_txn *txn, rp_manifest *manifest, const uint32_t *dead, size_t n, rp_error *error) {
  if (n == 0) return RP_OK;
  uint64_t *doc = rp_malloc(n * 2 * sizeof *doc);
  if (!doc) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) doc[i] = dead[i];
  rp_sort_u64(doc, doc + n, n);
  rp_status status = bury(txn, manifest, doc, n, error);
  rp_free(doc);
  return status;
}

/* ---- documents -------------------------------------------------------------------------------- */

/* Groups that are compressed side by side before they are written. */
enum { WAVE = 64 };

struct wave {
  const rp_str *payload;
  size_t start[WAVE + 1];
  rp_buf out[WAVE];
  rp_status status[WAVE];
  rp_packer **packer; /* one a worker */
};

static void pack_group(void *user, unsigned worker, size_t i) {
  struct wave *w = user;
  rp_buf_clear(&w->out[i]);
  if (!w->packer[worker]) w->packer[worker] = rp_packer_new();
  w->status[i] = !w->packer[worker] ? RP_ERR_MEMORY
                                    : rp_group_pack(w->packer[worker], w->payload + w->start[i],
                                                    w->start[i + 1] - w->start[i], &w->out[i], NULL);
}

static rp_status write_wave(const rp_documents_write *job, struct wave *w, size_t n_group, uint64_t *bytes,
                            rp_error *error) {
  rp_par_for(n_group == 1 ? 1 : job->n_thread, n_group, pack_group, w);
  for (size_t i = 0; i < n_group; i++) {
    if (w->status[i] != RP_OK) return rp_fail_memory(error);
    rp_key key = rp_key_chunk(RP_KIND_DOCUMENT, job->first + (uint32_t)w->start[i]);
    RP_TRY(rp_db_put(job->txn, key, w->out[i].data, w->out[i].len, error));
    *bytes += w->out[i].len;
  }
  return RP_OK;
}

rp_status rp_documents_write_all(const rp_documents_write *job, uint64_t *bytes, rp_error *error) {
  unsigned n_worker = rp_par_workers(job->n_thread);
  struct wave *w = rp_calloc(1, sizeof *w);
  rp_status status = w && (w->packer = rp_calloc(n_worker, sizeof *w->packer)) ? RP_OK : rp_fail_memory(error);
  for (size_t at = 0; at < job->n && status == RP_OK;) {
    size_t n_group = 0;
    w->payload = job->payload;
    w->start[0] = at;
    while (n_group < WAVE && at < job->n) {
      at += rp_group_fit(job->payload + at, job->n - at);
      w->start[++n_group] = at;
    }
    status = write_wave(job, w, n_group, bytes, error);
  }
  for (unsigned i = 0; w && w->packer && i < n_worker; i++) rp_packer_free(w->packer[i]);
  for (size_t i = 0; w && i < WAVE; i++) rp_buf_release(&w->out[i]);
  if (w) rp_free(w->packer);
  rp_free(w);
  return status;
}

/* ---- replacement ---------------------------------------------------------------------------------- */

struct replace {
  rp_txn *txn;
  rp_manifest *manifest;
  rp_publishers *publishers;
  const rp_store_replacement *replacement;
  rp_packer *packer;
  rp_unpacker *unpacker;
  rp_buf storage, value;
};

static rp_status check_live(const struct replace *r, uint32_t doc, uint8_t *record, uint32_t *chunk, rp_error *error) {
  if (doc >= r->manifest->n_number) return rp_fail(error, RP_ERR_ARGUMENT, "there is no document %u", (unsigned)doc);
  if (doc / RP_TOMBSTONE_CHUNK != *chunk) {
    *chunk = doc / RP_TOMBSTONE_CHUNK;
    RP_TRY(load_tombstones(r->txn, *chunk, record, error));
  }
  uint32_t bit = doc % RP_TOMBSTONE_CHUNK;
  if (record[bit / 8] >> bit % 8 & 1) return rp_fail(error, RP_ERR_ARGUMENT, "document %u is dead", (unsigned)doc);
  return RP_OK;
}

static rp_status replace_row(struct replace *r, const rp_store_replacement *new, uint8_t *at, rp_error *error) {
  rp_row old = rp_row_read(at), row = new->doc.row;
  if (row.earliest != old.earliest || row.id_hash != old.id_hash)
    return rp_fail(error, RP_ERR_ARGUMENT, "date or id of document %u cannot be replaced", (unsigned)new->number);
  RP_TRY(rp_publishers_number(r->publishers, new->doc.publisher_key, &row.publisher, error));
  rp_row_write(&row, at);
  return RP_OK;
}

static size_t row_bytes(const rp_manifest *m, uint32_t chunk) {
  uint32_t left = m->n_number - chunk * RP_ROW_CHUNK;
  return (size_t)RP_ROW_BYTES * (left < RP_ROW_CHUNK ? left : RP_ROW_CHUNK);
}

static rp_status replace_rows(struct replace *r, const rp_key32 *order, size_t n, rp_error *error) {
  for (size_t i = 0; i < n;) {
    uint32_t chunk = (uint32_t)(order[i].key / RP_ROW_CHUNK);
    RP_TRY(load_chunk(r->txn, RP_KIND_ROW, chunk, row_bytes(r->manifest, chunk), &r->value, error));
    for (; i < n && order[i].key / RP_ROW_CHUNK == chunk; i++) {
      uint8_t *at = (uint8_t *)r->value.data + order[i].key % RP_ROW_CHUNK * RP_ROW_BYTES;
      RP_TRY(replace_row(r, &r->replacement[order[i].value], at, error));
    }
    RP_TRY(save_chunk(r->txn, RP_KIND_ROW, chunk, &r->value, error));
  }
  return RP_OK;
}

/* Writes one group anew with all its replacements; `*n` of them. */
static rp_status replace_group(struct replace *r, const rp_key32 *order, size_t *n, rp_error *error) {
  uint32_t first;
  rp_bytes v;
  rp_group group;
  rp_status status = rp_db_get_at_most(r->txn, RP_KIND_DOCUMENT, (uint32_t)order[0].key, &first, &v, error);
  if (status == RP_ERR_NOT_FOUND) return damaged(r->txn, "texts", error);
  if (status != RP_OK) return status;
  if (!rp_group_open(v.data, v.len, &group) || order[0].key - first >= group.n_doc)
    return damaged(r->txn, "texts", error);
  rp_str *payload = rp_malloc(group.n_doc * sizeof *payload);
  if (!payload) return rp_fail_memory(error);
  status = rp_group_unpack(r->unpacker, &group, &r->storage, payload);
  if (status == RP_ERR_MEMORY)
    (void)rp_fail_memory(error);
  else if (status != RP_OK)
    status = damaged(r->txn, "texts", error);
  size_t i = 0, limit = *n;
  for (; i < limit && order[i].key - first < group.n_doc; i++)
    if (status == RP_OK) payload[order[i].key - first] = r->replacement[order[i].value].doc.payload;
  *n = i;
  rp_buf_clear(&r->value);
  if (status == RP_OK) status = rp_group_pack(r->packer, payload, group.n_doc, &r->value, error);
  rp_free(payload);
  if (status != RP_OK) return status;
  r->manifest->document_bytes += r->value.len;
  r->manifest->document_bytes -= v.len;
  return rp_db_put(r->txn, rp_key_chunk(RP_KIND_DOCUMENT, first), r->value.data, r->value.len, error);
}

static rp_status replace_all(struct replace *r, const rp_key32 *order, size_t n, rp_error *error) {
  uint8_t record[TOMBSTONE_RECORD];
  uint32_t chunk = UINT32_MAX;
  for (size_t i = 0; i < n; i++) {
    RP_TRY(check_live(r, (uint32_t)order[i].key, record, &chunk, error));
    if (i && order[i].key == order[i - 1].key)
      return rp_fail(error, RP_ERR_ARGUMENT, "document %u is replaced twice", (unsigned)order[i].key);
  }
  RP_TRY(replace_rows(r, order, n, error));
  for (size_t i = 0; i < n;) {
    size_t taken = n - i;
    RP_TRY(replace_group(r, order + i, &taken, error));
    i += taken;
  }
  return RP_OK;
}

rp_status rp_replace(rp_txn *txn, rp_manifest *manifest, rp_publishers *publishers,
                     const rp_store_replacement *replacement, size_t n, rp_error *error) {
  if (n == 0) return RP_OK;
  struct replace r = {txn, manifest, publishers, replacement, rp_packer_new(), rp_unpacker_new(), {0}, {0}};
  rp_key32 *order = rp_malloc(n * 2 * sizeof *order);
  rp_status status = r.packer && r.unpacker && order ? RP_OK : rp_fail_memory(error);
  if (status == RP_OK) {
    for (size_t i = 0; i < n; i++) order[i] = (rp_key32){replacement[i].number, (uint32_t)i};
    rp_sort_key32(order, order + n, n);
    status = replace_all(&r, order, n, error);
  }
  rp_free(order);
  rp_packer_free(r.packer);
  rp_unpacker_free(r.unpacker);
  rp_buf_release(&r.storage);
  rp_buf_release(&r.value);
  return status;
}
