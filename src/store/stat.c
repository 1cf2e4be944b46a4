#include <stdio.h>
#include <sys/stat.h>

#include "store/inside.h"

/* The longest list of each segment is looked up in all others: a list that is
 * long altogether and nowhere the longest of a segment is missed, and could
 * not be much longer. */
static rp_status find_longest(rp_snapshot *s, rp_table table, uint64_t *out, rp_error *error) {
  *out = 0;
  for (uint32_t i = 0; i < s->manifest.segment.n; i++) {
    rp_segment *segment;
    RP_TRY(rp_snapshot_segment(s, i, &segment, error));
    if (segment->table[table].longest == 0) continue;
    uint64_t sum = 0;
    for (uint32_t j = 0; j < s->manifest.segment.n; j++) {
      rp_segment *other;
      uint64_t first, n;
      RP_TRY(rp_snapshot_segment(s, j, &other, error));
      RP_TRY(rp_segment_find(other, table, segment->table[table].longest_hash, &first, &n, error));
      sum += n;
    }
    if (sum > *out) *out = sum;
  }
  return RP_OK;
}

static rp_status chunk_bytes(rp_snapshot *s, uint8_t kind, uint32_t n_chunk, uint64_t *out, rp_error *error) {
  *out = 0;
  for (uint32_t i = 0; i < n_chunk; i++) {
    rp_bytes v;
    RP_TRY(rp_db_get(&s->txn, rp_key_chunk(kind, i), &v, error));
    *out += v.len;
  }
  return RP_OK;
}

rp_status rp_snapshot_stat(rp_snapshot *s, rp_store_stat *out, rp_error *error) {
  const rp_manifest *m = &s->manifest;
  rp_store_stat stat_ = {.n_segment = m->segment.n, .n_live = m->n_number - m->n_dead, .n_dead = m->n_dead - m->n_gone};
  stat_.n_publisher = m->n_publisher;
  stat_.document_bytes = m->document_bytes;
  stat_.version_of_content = m->version;
  for (int i = 0; i < RP_N_COUNTER; i++) stat_.counter[i] = m->counter[i];
  for (int i = 0; i < RP_N_STREAM; i++) {
    stat_.note_bytes[i] = m->stream[i].bytes;
    stat_.n_note[i] = m->stream[i].end - m->stream[i].first;
  }
  for (size_t i = 0; i < m->segment.n; i++) {
    for (int t = 0; t < RP_N_TABLE; t++) {
      stat_.n_entry[t] += m->segment.data[i].n_entry[t];
      stat_.table_bytes[t] += m->segment.data[i].n_byte[t];
    }
  }
  for (int t = 0; t < RP_N_TABLE; t++) RP_TRY(find_longest(s, (rp_table)t, &stat_.longest[t], error));
  RP_TRY(chunk_bytes(s, RP_KIND_ROW, rp_manifest_chunks(m->n_number, RP_ROW_CHUNK), &stat_.row_bytes, error));
  RP_TRY(chunk_bytes(s, RP_KIND_SIGNATURE, rp_manifest_chunks(m->n_number, RP_SIGNATURE_CHUNK), &stat_.signature_bytes,
                     error));
  char file[4096];
  struct stat st;
  if ((size_t)snprintf(file, sizeof file, "%s/data.mdb", s->place->db.path) < sizeof file && stat(file, &st) == 0)
    stat_.file_bytes = (uint64_t)st.st_size;
  *out = stat_;
  return RP_OK;
}
