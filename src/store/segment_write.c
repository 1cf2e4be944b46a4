#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/par.h"
#include "store/record.h"
#include "store/segment.h"

/* Chunks that are encoded side by side; their bytes are all the memory that
 * writing a segment takes. */
enum { WAVE = 16 };

void rp_segment_writer_init(rp_segment_writer *w, uint32_t number, uint32_t doc_first, uint32_t doc_end) {
  *w = (rp_segment_writer){.number = number, .doc_first = doc_first, .doc_width = 1};
  uint32_t greatest = doc_end - doc_first - 1;
  while (w->doc_width < 4 && greatest >> 8 * w->doc_width) w->doc_width++;
}

void rp_segment_writer_release(rp_segment_writer *w) {
  for (int t = 0; t < RP_N_TABLE; t++) {
    rp_buf_release(&w->table[t].chunks);
    rp_buf_release(&w->table[t].bytes);
  }
}

/* ---- chunks ------------------------------------------------------------------------ */

struct plan {
  const rp_entry *entry;
  uint32_t n_entry, n_block;
  uint32_t start[RP_CHUNK_BLOCKS + 1]; /* first entry of each block */
  uint8_t low_width[RP_CHUNK_BLOCKS];
  uint8_t *out;
  size_t len;
};

struct wave {
  rp_posting_form form;
  struct plan plan[WAVE];
};

static size_t head_len(uint32_t n_block) { return RP_CHUNK_FIXED + (size_t)RP_CHUNK_PER_BLOCK * n_block; }
static size_t body_start(uint32_t n_block) { return n_block > 1 ? RP_VALUE_HEAD : head_len(n_block); }

/* Cuts the next chunk off; false: it would not be full. */
static bool plan_chunk(struct plan *p, const rp_posting_form *form, const rp_entry *entry, size_t n, bool is_last) {
  p->entry = entry;
  p->n_block = 0;
  size_t at = 0, limit = n < RP_CHUNK_ENTRIES ? n : RP_CHUNK_ENTRIES;
  while (at < limit && p->n_block < RP_CHUNK_BLOCKS) {
    p->start[p->n_block] = (uint32_t)at;
    at += rp_posting_fit(entry + at, limit - at, form, &p->low_width[p->n_block]);
    p->n_block++;
  }
  p->start[p->n_block] = p->n_entry = (uint32_t)at;
  return is_last || p->n_block == RP_CHUNK_BLOCKS || limit < n;
}

static void encode_chunk(void *user, unsigned worker, size_t i) {
  (void)worker;
  struct wave *wave = user;
  struct plan *p = &wave->plan[i];
  uint32_t n = p->n_block;
  uint8_t *hash = p->out + RP_CHUNK_FIXED, *sum = hash + 8 * (size_t)n, *first = sum + 8 * (size_t)n;
  size_t at = body_start(n), len = 0;
  memset(p->out, 0, at);
  for (uint32_t b = 0; b < n; b++) {
    const rp_entry *e = p->entry + p->start[b];
    uint8_t *block = p->out + at;
    len = rp_posting_write(e, p->start[b + 1] - p->start[b], &wave->form, p->low_width[b], block);
    if (b + 1 < n) {
      memset(block + len, 0, RP_BLOCK - len);
      len = RP_BLOCK;
    }
    rp_store64(hash + 8 * (size_t)b, e->hash >> RP_HASH_SHIFT);
    rp_store64(sum + 8 * (size_t)b, rp_hash64(block, len));
    rp_store32(first + 4 * (size_t)b, p->start[b]);
    at += len;
  }
  p->len = at;
  rp_store32(p->out + 8, n);
  rp_store32(p->out + 12, p->n_entry);
  rp_store64(p->out, rp_hash64(p->out + 8, body_start(n) - 8));
}

static rp_status put_chunk(rp_segment_writer *w, rp_table table, const struct plan *p, rp_error *error) {
  struct rp_table_writer *t = &w->table[table];
  if (w->is_inline)
    rp_buf_add(&t->bytes, p->out, p->len);
  else
    RP_TRY(rp_db_put(w->txn, rp_key_segment(w->number, (uint8_t)table, t->n_chunk), p->out, p->len, error));
  rp_buf_add64(&t->chunks, p->entry[0].hash >> RP_HASH_SHIFT);
  rp_buf_add32(&t->chunks, p->n_entry);
  rp_buf_add32(&t->chunks, (uint32_t)p->len);
  if (t->chunks.failed || t->bytes.failed) return rp_fail_memory(error);
  t->n_chunk++;
  t->n_entry += p->n_entry;
  t->n_byte += p->len;
  return RP_OK;
}

static void measure_runs(struct rp_table_writer *t, const rp_entry *e, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (t->run && e[i].hash >> RP_HASH_SHIFT == t->run_hash) {
      t->run++;
    } else {
      t->run = 1;
      t->run_hash = e[i].hash >> RP_HASH_SHIFT;
    }
    if (t->run > t->longest) {
      t->longest = t->run;
      t->longest_hash = t->run_hash;
    }
  }
}

static rp_status write_wave(rp_segment_writer *w, rp_table table, struct wave *wave, size_t n_plan, rp_error *error) {
  rp_status status = RP_OK;
  for (size_t i = 0; i < n_plan; i++) wave->plan[i].out = NULL;
  for (size_t i = 0; i < n_plan && status == RP_OK; i++) {
    uint32_t n_block = wave->plan[i].n_block;
    wave->plan[i].out = rp_malloc(body_start(n_block) + (size_t)n_block * RP_BLOCK);
    if (!wave->plan[i].out) status = rp_fail_memory(error);
  }
  if (status == RP_OK) rp_par_for(n_plan == 1 ? 1 : w->n_thread, n_plan, encode_chunk, wave);
  for (size_t i = 0; i < n_plan && status == RP_OK; i++) status = put_chunk(w, table, &wave->plan[i], error);
  for (size_t i = 0; i < n_plan; i++) rp_free(wave->plan[i].out);
  return status;
}

rp_status rp_segment_add(rp_segment_writer *w, rp_table table, const rp_entry *entry, size_t n, bool is_last,
                         size_t *taken, rp_error *error) {
  struct wave *wave = rp_malloc(sizeof *wave);
  if (!wave) return rp_fail_memory(error);
  wave->form = (rp_posting_form){w->doc_first, w->doc_width, rp_posting_position_width(table)};
  rp_status status = RP_OK;
  size_t at = 0;
  while (at < n && status == RP_OK) {
    size_t n_plan = 0, start = at;
    while (n_plan < WAVE && at < n && plan_chunk(&wave->plan[n_plan], &wave->form, entry + at, n - at, is_last))
      at += wave->plan[n_plan++].n_entry;
    if (n_plan == 0) break;
    measure_runs(&w->table[table], entry + start, at - start);
    status = write_wave(w, table, wave, n_plan, error);
  }
  rp_free(wave);
  *taken = at;
  return status;
}

/* ---- description ---------------------------------------------------------------------- */

rp_status rp_segment_finish(rp_segment_writer *w, rp_segment_info *info, rp_error *error) {
  rp_buf buf;
  rp_buf_init(&buf);
  rp_buf_add32(&buf, w->number);
  rp_buf_add32(&buf, w->doc_first);
  rp_buf_add_byte(&buf, (char)w->doc_width);
  rp_buf_add_byte(&buf, w->is_inline);
  for (int i = 0; i < RP_N_TABLE; i++) {
    const struct rp_table_writer *t = &w->table[i];
    rp_buf_add64(&buf, t->n_entry);
    rp_buf_add64(&buf, t->longest);
    rp_buf_add64(&buf, t->longest_hash);
    rp_buf_add32(&buf, t->n_chunk);
    rp_buf_add(&buf, t->chunks.data, t->chunks.len);
  }
  for (int i = 0; i < RP_N_TABLE; i++) rp_buf_add(&buf, w->table[i].bytes.data, w->table[i].bytes.len);
  rp_record_seal(&buf);
  rp_status status = RP_OK;
  if (buf.failed || buf.len > UINT32_MAX)
    status = rp_fail_memory(error);
  else
    status = rp_db_put(w->txn, rp_key_segment(w->number, RP_DESCRIPTION, 0), buf.data, buf.len, error);
  if (status == RP_OK) {
    info->number = w->number;
    info->description_len = (uint32_t)buf.len;
    info->description_sum = rp_hash64(buf.data, buf.len);
    for (int i = 0; i < RP_N_TABLE; i++) {
      info->n_entry[i] = w->table[i].n_entry;
      info->n_byte[i] = w->table[i].n_byte;
    }
  }
  rp_buf_release(&buf);
  return status;
}
