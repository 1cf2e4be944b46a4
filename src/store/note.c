#include "store/note.h"

#include "store/record.h"

/* ---- reading ------------------------------------------------------------------------ */

bool rp_note_open(rp_bytes value, rp_str *out) {
  size_t len;
  if (!rp_record_data_len(value.len, &len) || len > RP_NOTE_MAX || !rp_record_is_all_good(value.data, len))
    return false;
  *out = (rp_str){(const char *)value.data, len};
  return true;
}

static rp_status get(const rp_txn *txn, unsigned stream, uint32_t number, rp_bytes *value, rp_str *data,
                     rp_error *error) {
  RP_TRY(rp_db_get(txn, rp_key_note(stream, number), value, error));
  if (rp_note_open(*value, data)) return RP_OK;
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: note %u of stream %u is not what was written",
                 txn->path, (unsigned)number, stream);
}

void rp_snapshot_notes(const rp_snapshot *s, unsigned stream, uint32_t *first, uint32_t *end) {
  *first = s->manifest.stream[stream].first;
  *end = s->manifest.stream[stream].end;
}

rp_status rp_snapshot_note(rp_snapshot *s, unsigned stream, uint32_t number, rp_str *out, rp_error *error) {
  if (stream >= RP_N_STREAM) return rp_fail(error, RP_ERR_ARGUMENT, "there is no stream %u", stream);
  const rp_stream_info *info = &s->manifest.stream[stream];
  if (number < info->first || number >= info->end)
    return rp_fail(error, RP_ERR_NOT_FOUND, "there is no note %u in stream %u", (unsigned)number, stream);
  rp_bytes value;
  return get(&s->txn, stream, number, &value, out, error);
}

/* ---- writing ------------------------------------------------------------------------ */

static rp_status miscounted(const rp_txn *txn, unsigned stream, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: the notes of stream %u are not those that were counted",
                 txn->path, stream);
}

/* Dropping a whole stream asks for nothing, so that it also mends one that is
 * damaged. */
static rp_status drop(rp_txn *txn, unsigned stream, rp_stream_info *info, uint32_t first, rp_error *error) {
  if (first >= info->end) {
    bool is_empty = info->first == info->end;
    info->first = info->end = first;
    info->bytes = 0;
    return is_empty ? RP_OK : rp_db_delete_all(txn, rp_key_of((uint8_t)(RP_KIND_NOTE + stream)), error);
  }
  for (; info->first < first; info->first++) {
    rp_key key = rp_key_note(stream, info->first);
    rp_bytes value;
    size_t len;
    RP_TRY(rp_db_get(txn, key, &value, error));
    if (!rp_record_data_len(value.len, &len) || len > info->bytes) return miscounted(txn, stream, error);
    RP_TRY(rp_db_delete_all(txn, key, error));
    info->bytes -= len;
  }
  return RP_OK;
}

static rp_status append(rp_txn *txn, rp_manifest *m, const rp_store_note *note, rp_buf *buf, rp_error *error) {
  rp_stream_info *info = &m->stream[note->stream];
  rp_buf_clear(buf);
  rp_buf_add(buf, note->data.data, note->data.len);
  rp_record_seal(buf);
  if (buf->failed) return rp_fail_memory(error);
  info->bytes += note->data.len;
  return rp_db_put(txn, rp_key_note(note->stream, info->end++), buf->data, buf->len, error);
}

rp_status rp_notes_write(rp_txn *txn, rp_manifest *m, const rp_store_batch *b, rp_error *error) {
  uint64_t n[RP_N_STREAM] = {0};
  uint32_t next[RP_N_STREAM];
  for (size_t i = 0; i < b->n_note; i++) n[b->note[i].stream]++;
  for (unsigned s = 0; s < RP_N_STREAM; s++) {
    rp_stream_info *info = &m->stream[s];
    next[s] = info->end;
    if (n[s] > UINT32_MAX - info->end)
      return rp_fail(error, RP_ERR_LIMIT, "index '%s' has no numbers left for notes of stream %u: index again",
                     txn->path, s);
    if (b->note_first[s] > info->end + n[s])
      return rp_fail(error, RP_ERR_ARGUMENT, "notes of stream %u end at %llu, those below %u cannot be dropped", s,
                     (unsigned long long)(info->end + n[s]), (unsigned)b->note_first[s]);
    if (b->note_first[s] > info->first) RP_TRY(drop(txn, s, info, b->note_first[s], error));
  }
  rp_buf buf;
  rp_buf_init(&buf);
  rp_status status = RP_OK;
  for (size_t i = 0; i < b->n_note && status == RP_OK; i++)
    if (next[b->note[i].stream]++ >= m->stream[b->note[i].stream].first)
      status = append(txn, m, &b->note[i], &buf, error);
  rp_buf_release(&buf);
  return status;
}

/* ---- copies ---------------------------------------------------------------------------- */

static rp_status copy_stream(rp_snapshot *from, unsigned stream, rp_sink *sink, rp_error *error) {
  const rp_stream_info *info = &from->manifest.stream[stream];
  uint64_t bytes = 0;
  for (uint32_t i = info->first; i < info->end; i++) {
    rp_bytes value;
    rp_str data;
    RP_TRY(get(&from->txn, stream, i, &value, &data, error));
    RP_TRY(rp_db_put(&sink->txn, rp_key_note(stream, i), value.data, value.len, error));
    RP_TRY(rp_sink_flush(sink, value.len, error));
    bytes += data.len;
  }
  return bytes == info->bytes ? RP_OK : miscounted(&from->txn, stream, error);
}

rp_status rp_notes_copy(rp_snapshot *from, rp_sink *sink, rp_error *error) {
  for (unsigned s = 0; s < RP_N_STREAM; s++) RP_TRY(copy_stream(from, s, sink, error));
  return RP_OK;
}
