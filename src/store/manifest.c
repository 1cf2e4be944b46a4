#include "store/manifest.h"

#include "base/bytes.h"
#include "store/record.h"

static rp_status damaged(const rp_txn *txn, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its manifest is not what was written", txn->path);
}

static rp_segment_info read_segment(rp_reader_bytes *r) {
  rp_segment_info s = {.number = rp_read32(r)};
  s.doc_first = rp_read32(r);
  s.doc_end = rp_read32(r);
  s.n_live = rp_read32(r);
  s.least = (int32_t)rp_read32(r);
  s.greatest = (int32_t)rp_read32(r);
  s.description_len = rp_read32(r);
  s.description_sum = rp_read64(r);
  for (int t = 0; t < RP_N_TABLE; t++) {
    s.n_entry[t] = rp_read64(r);
    s.n_byte[t] = rp_read64(r);
  }
  return s;
}

static bool read_stream(rp_reader_bytes *r, rp_stream_info *s) {
  s->first = rp_read32(r);
  s->end = rp_read32(r);
  s->bytes = rp_read64(r);
  return s->first <= s->end && s->bytes <= (uint64_t)(s->end - s->first) * RP_NOTE_MAX;
}

rp_status rp_manifest_read(const rp_txn *txn, rp_manifest *out, rp_error *error) {
  rp_bytes v;
  size_t len;
  RP_TRY(rp_db_get(txn, rp_key_of(RP_KIND_MANIFEST), &v, error));
  if (!rp_record_data_len(v.len, &len) || !rp_record_is_all_good(v.data, len)) return damaged(txn, error);
  rp_reader_bytes r = {v.data, v.data + len, false};
  out->version = rp_read64(&r);
  out->n_number = rp_read32(&r);
  out->n_dead = rp_read32(&r);
  out->n_publisher = rp_read32(&r);
  out->next_segment = rp_read32(&r);
  out->document_bytes = rp_read64(&r);
  for (int i = 0; i < RP_N_COUNTER; i++) out->counter[i] = rp_read64(&r);
  out->n_gone = rp_read32(&r);
  for (int i = 0; i < RP_N_STREAM; i++)
    if (!read_stream(&r, &out->stream[i])) return damaged(txn, error);
  uint32_t n = rp_read32(&r), end = 0;
  if (r.failed || out->n_dead > out->n_number || out->n_gone > out->n_dead) return damaged(txn, error);
  rp_vec_clear(&out->segment);
  for (uint32_t i = 0; i < n; i++) {
    rp_segment_info s = read_segment(&r);
    if (r.failed || s.doc_first < end || s.doc_end <= s.doc_first || s.doc_end > out->n_number ||
        s.number >= out->next_segment)
      return damaged(txn, error);
    end = s.doc_end;
    if (!rp_vec_push(&out->segment, s)) return rp_fail_memory(error);
  }
  return r.at == r.end ? RP_OK : damaged(txn, error);
}

static void add_segment(rp_buf *buf, const rp_segment_info *s) {
  rp_buf_add32(buf, s->number);
  rp_buf_add32(buf, s->doc_first);
  rp_buf_add32(buf, s->doc_end);
  rp_buf_add32(buf, s->n_live);
  rp_buf_add32(buf, (uint32_t)s->least);
  rp_buf_add32(buf, (uint32_t)s->greatest);
  rp_buf_add32(buf, s->description_len);
  rp_buf_add64(buf, s->description_sum);
  for (int t = 0; t < RP_N_TABLE; t++) {
    rp_buf_add64(buf, s->n_entry[t]);
    rp_buf_add64(buf, s->n_byte[t]);
  }
}

rp_status rp_manifest_write(rp_txn *txn, const rp_manifest *m, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add64(&buf, m->version);
  rp_buf_add32(&buf, m->n_number);
  rp_buf_add32(&buf, m->n_dead);
  rp_buf_add32(&buf, m->n_publisher);
  rp_buf_add32(&buf, m->next_segment);
  rp_buf_add64(&buf, m->document_bytes);
  for (int i = 0; i < RP_N_COUNTER; i++) rp_buf_add64(&buf, m->counter[i]);
  rp_buf_add32(&buf, m->n_gone);
  for (int i = 0; i < RP_N_STREAM; i++) {
    rp_buf_add32(&buf, m->stream[i].first);
    rp_buf_add32(&buf, m->stream[i].end);
    rp_buf_add64(&buf, m->stream[i].bytes);
  }
  rp_buf_add32(&buf, (uint32_t)m->segment.n);
  for (size_t i = 0; i < m->segment.n; i++) add_segment(&buf, &m->segment.data[i]);
  rp_record_seal(&buf);
  rp_status status =
      buf.failed ? rp_fail_memory(error) : rp_db_put(txn, rp_key_of(RP_KIND_MANIFEST), buf.data, buf.len, error);
  rp_buf_release(&buf);
  return status;
}

void rp_manifest_release(rp_manifest *manifest) { rp_vec_release(&manifest->segment); }
