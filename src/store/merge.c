#include "store/merge.h"

#include <string.h>

#include "store/order.h"

/* Postings that are sorted at a time, where hashes are spread evenly. */
enum { WINDOW = 1 << 20, PENDING = 64 << 20, MAX_BLOCK_ENTRIES = UINT16_MAX };

rp_status rp_sink_flush(rp_sink *sink, size_t more, rp_error *error) {
  sink->pending += more;
  if (sink->pending < PENDING) return RP_OK;
  sink->pending = 0;
  RP_TRY(rp_db_commit(&sink->txn, error));
  return rp_db_begin(sink->db, true, &sink->txn, error);
}

struct merge {
  const rp_merge_job *job;
  rp_sink *sink;
  uint32_t doc_first, n_doc;
  uint32_t *order, *rank; /* of all documents from doc_first on */
  rp_segment_writer writer;
  RP_VEC(rp_entry) in;  /* of a window, unsorted */
  RP_VEC(rp_entry) out; /* sorted, not written yet */
  rp_entry *block;
};

static rp_status damaged(const struct merge *m, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: a list of documents is not what was written",
                 m->job->snapshot->txn.path);
}

/* ---- documents -------------------------------------------------------------------------- */

static rp_status rank_documents(struct merge *m, rp_segment_info *info, rp_error *error) {
  rp_snapshot *s = m->job->snapshot;
  rp_row *row = rp_malloc(m->n_doc * sizeof *row);
  m->order = rp_malloc(m->n_doc * sizeof *m->order);
  m->rank = rp_malloc(m->n_doc * sizeof *m->rank);
  rp_status status = row && m->order && m->rank ? RP_OK : rp_fail_memory(error);
  info->least = INT32_MAX;
  info->greatest = INT32_MIN;
  info->n_live = 0;
  for (uint32_t i = 0; i < m->n_doc && status == RP_OK; i++) {
    status = rp_snapshot_row(s, m->doc_first + i, &row[i], error);
    if (status != RP_OK || !rp_snapshot_is_live(s, m->doc_first + i)) continue;
    if (row[i].earliest < info->least) info->least = row[i].earliest;
    if (row[i].earliest > info->greatest) info->greatest = row[i].earliest;
  }
  for (size_t i = m->job->first; i < m->job->end; i++) info->n_live += s->manifest.segment.data[i].n_live;
  if (status == RP_OK) status = rp_order_rows(row, m->n_doc, m->order, m->rank, error);
  rp_free(row);
  return status;
}

/* ---- windows ------------------------------------------------------------------------------- */

static rp_status keep_live(struct merge *m, const rp_entry *entry, size_t n, rp_error *error) {
  if (!rp_vec_reserve(&m->in, n)) return rp_fail_memory(error);
  for (size_t i = 0; i < n; i++) {
    if (entry[i].doc < m->doc_first || entry[i].doc - m->doc_first >= m->n_doc) return damaged(m, error);
    if (rp_snapshot_is_live(m->job->snapshot, entry[i].doc)) m->in.data[m->in.n++] = entry[i];
  }
  return RP_OK;
}

/* The postings of one segment whose 40-bit hashes are in [from, to). */
static rp_status read_window(struct merge *m, rp_segment *segment, rp_table table, uint64_t from, uint64_t to,
                             rp_error *error) {
  uint64_t at, end;
  RP_TRY(rp_segment_fetch(segment, table, from, to, error));
  RP_TRY(rp_segment_lower(segment, table, from, &at, error));
  RP_TRY(rp_segment_lower(segment, table, to, &end, error));
  rp_segment_cursor cursor = {0};
  while (at < end) {
    RP_TRY(rp_segment_seek(segment, table, at, &cursor, error));
    if (!rp_posting_read(&cursor.posting, m->block)) return damaged(m, error);
    uint64_t stop = cursor.end < end ? cursor.end : end;
    RP_TRY(keep_live(m, m->block + (at - cursor.first), (size_t)(stop - at), error));
    at = stop;
  }
  return RP_OK;
}

static rp_status write_window(struct merge *m, rp_table table, bool is_last, rp_error *error) {
  if (!rp_vec_reserve(&m->out, m->in.n)) return rp_fail_memory(error);
  rp_order_job job = {.in = m->in.data, .n = m->in.n, .doc_base = m->doc_first, .rank = m->rank, .order = m->order};
  job.number_base = m->doc_first;
  job.n_thread = m->job->n_thread;
  job.out = m->out.data + m->out.n;
  RP_TRY(rp_order_entries(&job, error));
  m->out.n += m->in.n;
  m->in.n = 0;
  size_t taken;
  uint64_t before = m->writer.table[table].n_byte;
  RP_TRY(rp_segment_add(&m->writer, table, m->out.data, m->out.n, is_last, &taken, error));
  m->out.n -= taken;
  if (m->out.n) memmove(m->out.data, m->out.data + taken, m->out.n * sizeof *m->out.data);
  return rp_sink_flush(m->sink, (size_t)(m->writer.table[table].n_byte - before), error);
}

static rp_status merge_table(struct merge *m, rp_table table, rp_error *error) {
  rp_snapshot *s = m->job->snapshot;
  uint64_t total = 0;
  for (size_t i = m->job->first; i < m->job->end; i++) total += s->manifest.segment.data[i].n_entry[table];
  uint64_t n_window = total / WINDOW + 1, width = ((uint64_t)1 << 40) / n_window + 1;
  for (uint64_t w = 0; w < n_window; w++) {
    for (size_t i = m->job->first; i < m->job->end; i++) {
      rp_segment *segment;
      if (s->manifest.segment.data[i].n_entry[table] == 0) continue;
      RP_TRY(rp_snapshot_segment(s, (uint32_t)i, &segment, error));
      RP_TRY(read_window(m, segment, table, w * width, (w + 1) * width, error));
    }
    RP_TRY(write_window(m, table, w + 1 == n_window, error));
  }
  return RP_OK;
}

rp_status rp_merge_write(const rp_merge_job *job, rp_sink *sink, rp_segment_info *info, rp_error *error) {
  const rp_segment_info *old = job->snapshot->manifest.segment.data;
  struct merge m = {.job = job, .sink = sink, .doc_first = old[job->first].doc_first};
  m.n_doc = old[job->end - 1].doc_end - m.doc_first;
  *info = (rp_segment_info){.doc_first = m.doc_first, .doc_end = m.doc_first + m.n_doc};
  rp_segment_writer_init(&m.writer, job->number, info->doc_first, info->doc_end);
  m.writer.txn = &sink->txn;
  m.writer.n_thread = job->n_thread;
  uint64_t n_entry = 0;
  for (size_t i = job->first; i < job->end; i++)
    for (int t = 0; t < RP_N_TABLE; t++) n_entry += old[i].n_entry[t];
  m.writer.is_inline = n_entry <= RP_SEGMENT_INLINE;
  m.block = rp_malloc(MAX_BLOCK_ENTRIES * sizeof *m.block);
  rp_status status = m.block ? rank_documents(&m, info, error) : rp_fail_memory(error);
  for (int t = 0; t < RP_N_TABLE && status == RP_OK; t++) status = merge_table(&m, (rp_table)t, error);
  uint64_t left = 0;
  for (int t = 0; t < RP_N_TABLE; t++) left += m.writer.table[t].n_entry;
  if (status == RP_OK && left) status = rp_segment_finish(&m.writer, info, error);
  rp_segment_writer_release(&m.writer);
  rp_free(m.block);
  rp_free(m.order);
  rp_free(m.rank);
  rp_vec_release(&m.in);
  rp_vec_release(&m.out);
  return status;
}

/* ---- in place ------------------------------------------------------------------------------------ */

static rp_status exchange(rp_sink *sink, const rp_snapshot *s, size_t first, size_t end, const rp_segment_info *fresh,
                          rp_error *error) {
  rp_manifest m = {0};
  rp_status status = rp_manifest_read(&sink->txn, &m, error);
  for (size_t i = first; i < end && status == RP_OK; i++)
    status = rp_db_delete_all(&sink->txn, rp_key_chunk(RP_KIND_SEGMENT, s->manifest.segment.data[i].number), error);
  if (status == RP_OK) {
    uint64_t left = 0;
    for (int t = 0; t < RP_N_TABLE; t++) left += fresh->n_entry[t];
    size_t at = first;
    if (left) m.segment.data[at++] = *fresh;
    memmove(m.segment.data + at, m.segment.data + end, (m.segment.n - end) * sizeof *m.segment.data);
    m.segment.n -= end - at;
    m.next_segment++;
    status = rp_manifest_write(&sink->txn, &m, error);
  }
  rp_manifest_release(&m);
  return status == RP_OK ? rp_db_commit(&sink->txn, error) : status;
}

static rp_status join_once(rp_store *store, size_t first, size_t end, unsigned n_thread, bool *is_map_full,
                           rp_error *error) {
  rp_snapshot *s;
  *is_map_full = false;
  RP_TRY(rp_snapshot_begin(store, &s, error));
  rp_sink sink = {.db = &store->place->db};
  rp_status status = rp_db_begin(sink.db, true, &sink.txn, error);
  if (status == RP_OK) {
    rp_merge_job job = {s, first, end, s->manifest.next_segment, n_thread};
    rp_segment_info fresh;
    status = rp_merge_write(&job, &sink, &fresh, error);
    if (status == RP_OK) status = exchange(&sink, s, first, end, &fresh, error);
    *is_map_full = sink.txn.is_map_full;
    rp_db_abort(&sink.txn);
  }
  rp_snapshot_end(s);
  return status;
}

rp_status rp_store_join(rp_store *store, size_t first, size_t end, unsigned n_thread, rp_error *error) {
  for (;;) {
    bool is_map_full;
    rp_status status = join_once(store, first, end, n_thread, &is_map_full, error);
    if (status == RP_OK || !is_map_full) return status;
    RP_TRY(rp_store_grow(store, error));
  }
}

rp_status rp_store_merge(rp_store *store, unsigned n_thread, rp_error *error) {
  bool is_mine;
  rp_snapshot *s;
  RP_TRY(rp_store_hold(store, &is_mine, error));
  rp_status status = rp_snapshot_begin(store, &s, error);
  if (status == RP_OK) {
    size_t n = s->manifest.segment.n;
    const rp_segment_info *info = s->manifest.segment.data;
    bool is_done = n == 0 || (n == 1 && info->n_live == info->doc_end - info->doc_first);
    rp_snapshot_end(s);
    if (!is_done) status = rp_store_join(store, 0, n, n_thread, error);
  }
  if (is_mine) rp_store_unlock(store);
  return status;
}
