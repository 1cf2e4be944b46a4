#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "store/record.h"
#include "store/segment.h"

static rp_status damaged(const rp_segment *s, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: segment %u is not what was written", s->txn->path,
                 (unsigned)s->info->number);
}

/* ---- description ------------------------------------------------------------------------ */

static rp_status read_table(rp_segment *s, int number, rp_reader_bytes *r, rp_error *error) {
  rp_segment_table *t = &s->table[number];
  t->n_entry = rp_read64(r);
  t->longest = rp_read64(r);
  t->longest_hash = rp_read64(r);
  uint32_t n = t->n_chunk = rp_read32(r);
  if (r->failed || n > (size_t)(r->end - r->at) / 16) return damaged(s, error);
  t->hash = RP_NEW(s->arena, uint64_t, n);
  t->first = RP_NEW(s->arena, uint64_t, (size_t)n + 1);
  t->bytes = RP_NEW(s->arena, uint32_t, n);
  t->inlined = RP_NEW0(s->arena, const uint8_t *, n);
  t->chunk = RP_NEW0(s->arena, rp_segment_chunk *, n);
  if (!t->hash || !t->first || !t->bytes || !t->inlined || !t->chunk) return rp_fail_memory(error);
  t->first[0] = 0;
  for (uint32_t i = 0; i < n; i++) {
    t->hash[i] = rp_read64(r);
    t->first[i + 1] = t->first[i] + rp_read32(r);
    t->bytes[i] = rp_read32(r);
    if (i && t->hash[i] < t->hash[i - 1]) return damaged(s, error);
  }
  return t->first[n] == t->n_entry && t->n_entry == s->info->n_entry[number] ? RP_OK : damaged(s, error);
}

rp_status rp_segment_open(const rp_txn *txn, rp_arena *arena, const rp_segment_info *info, rp_segment *out,
                          rp_error *error) {
  *out = (rp_segment){.txn = txn, .arena = arena, .info = info};
  rp_bytes v;
  size_t len;
  RP_TRY(rp_db_get(txn, rp_key_segment(info->number, RP_DESCRIPTION, 0), &v, error));
  if (v.len != info->description_len || rp_hash64(v.data, v.len) != info->description_sum ||
      !rp_record_data_len(v.len, &len))
    return damaged(out, error);
  rp_reader_bytes r = {v.data, v.data + len, false};
  uint32_t number = rp_read32(&r), doc_first = rp_read32(&r);
  out->doc_width = rp_read8(&r);
  bool is_inline = rp_read8(&r);
  if (r.failed || number != info->number || doc_first != info->doc_first || out->doc_width < 1 || out->doc_width > 4)
    return damaged(out, error);
  for (int t = 0; t < RP_N_TABLE; t++) RP_TRY(read_table(out, t, &r, error));
  for (int t = 0; t < RP_N_TABLE && is_inline; t++) {
    for (uint32_t i = 0; i < out->table[t].n_chunk; i++) {
      if (out->table[t].bytes[i] > (size_t)(r.end - r.at)) return damaged(out, error);
      out->table[t].inlined[i] = r.at;
      r.at += out->table[t].bytes[i];
    }
  }
  return r.at == r.end ? RP_OK : damaged(out, error);
}

/* ---- chunks and blocks --------------------------------------------------------------------- */

static bool is_head_good(const rp_segment_table *t, uint32_t number, const rp_segment_chunk *c) {
  if (c->n_block == 0 || c->n_block > RP_CHUNK_BLOCKS || c->n_entry != t->first[number + 1] - t->first[number])
    return false;
  size_t head = RP_CHUNK_FIXED + (size_t)RP_CHUNK_PER_BLOCK * c->n_block;
  if (c->n_block > 1) head = RP_VALUE_HEAD;
  if (c->len < head || rp_load64(c->value) != rp_hash64(c->value + 8, head - 8)) return false;
  size_t last = head + (size_t)(c->n_block - 1) * RP_BLOCK;
  if (c->len <= last || c->len - last > RP_BLOCK) return false;
  if (rp_load64(c->hash) != t->hash[number] || rp_load32(c->first) != 0) return false;
  for (uint32_t b = 1; b < c->n_block; b++) {
    if (rp_load64(c->hash + 8 * (size_t)b) < rp_load64(c->hash + 8 * (size_t)(b - 1))) return false;
    if (rp_load32(c->first + 4 * (size_t)b) <= rp_load32(c->first + 4 * (size_t)(b - 1))) return false;
  }
  return rp_load32(c->first + 4 * (size_t)(c->n_block - 1)) < c->n_entry;
}

/* Where a chunk is; nothing of it is touched. */
static rp_status chunk_value(const rp_segment *s, rp_table table, uint32_t number, rp_bytes *out, rp_error *error) {
  const rp_segment_table *t = &s->table[table];
  *out = (rp_bytes){t->inlined[number], t->bytes[number]};
  if (!out->data) RP_TRY(rp_db_get(s->txn, rp_key_segment(s->info->number, (uint8_t)table, number), out, error));
  return out->len == t->bytes[number] && out->len >= RP_CHUNK_FIXED ? RP_OK : damaged(s, error);
}

static rp_status open_chunk(rp_segment *s, rp_table table, uint32_t number, rp_segment_chunk **out, rp_error *error) {
  rp_segment_table *t = &s->table[table];
  if (t->chunk[number]) {
    *out = t->chunk[number];
    return RP_OK;
  }
  rp_bytes v;
  RP_TRY(chunk_value(s, table, number, &v, error));
  rp_segment_chunk *c = RP_NEW0(s->arena, rp_segment_chunk, 1);
  if (!c) return rp_fail_memory(error);
  c->value = v.data;
  c->len = v.len;
  c->n_block = rp_load32(v.data + 8);
  c->n_entry = rp_load32(v.data + 12);
  c->hash = v.data + RP_CHUNK_FIXED;
  c->sum = c->hash + 8 * (size_t)c->n_block;
  c->first = c->sum + 8 * (size_t)c->n_block;
  if (!is_head_good(t, number, c)) return damaged(s, error);
  *out = t->chunk[number] = c;
  return RP_OK;
}

static uint32_t block_first(const rp_segment_chunk *c, uint32_t block) {
  return block < c->n_block ? rp_load32(c->first + 4 * (size_t)block) : c->n_entry;
}

static rp_bytes block_bytes(const rp_segment_chunk *c, uint32_t block) {
  size_t start = c->n_block > 1 ? RP_VALUE_HEAD + (size_t)block * RP_BLOCK : RP_CHUNK_FIXED + RP_CHUNK_PER_BLOCK;
  size_t len = c->len - start < RP_BLOCK ? c->len - start : RP_BLOCK;
  return (rp_bytes){c->value + start, len};
}

static rp_status open_block(rp_segment *s, rp_table table, rp_segment_chunk *c, uint32_t block, rp_posting *out,
                            rp_error *error) {
  rp_bytes b = block_bytes(c, block);
  uint64_t bit = (uint64_t)1 << block % 64;
  if (!(c->good[block / 64] & bit)) {
    if (rp_hash64(b.data, b.len) != rp_load64(c->sum + 8 * (size_t)block)) return damaged(s, error);
    c->good[block / 64] |= bit;
  }
  rp_posting_form form = {s->info->doc_first, s->doc_width, rp_posting_position_width(table)};
  if (!rp_posting_open(b.data, b.len, &form, out) || out->n != block_first(c, block + 1) - block_first(c, block))
    return damaged(s, error);
  return RP_OK;
}

/* ---- search --------------------------------------------------------------------------------- */

/* The last of n > 0 ascending hashes that is below `hash`; 0 where none is.
 * Hashes are spread evenly, so the first guess is close; where it is not,
 * halving goes on. */
static size_t last_below(const uint8_t *at, size_t n, uint64_t hash) {
  size_t low = 0, high = n; /* the answer is in [low, high) or 0 */
  uint64_t first = rp_load64(at), last = rp_load64(at + 8 * (n - 1));
  if (n == 1 || hash <= first) return 0;
  if (hash > last) return n - 1;
  size_t guess = (size_t)((double)(hash - first) / (double)(last - first) * (double)(n - 1));
  size_t step = 1;
  if (rp_load64(at + 8 * guess) < hash) {
    for (low = guess; low + step < n && rp_load64(at + 8 * (low + step)) < hash; step *= 2) low += step;
    high = low + step < n ? low + step : n;
  } else {
    high = guess;
    while (high > step && rp_load64(at + 8 * (high - step)) >= hash) {
      high -= step;
      step *= 2;
    }
    low = high > step ? high - step : 0;
  }
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (rp_load64(at + 8 * middle) < hash)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static size_t chunk_below(const rp_segment_table *t, uint64_t hash) {
  size_t low = 0, high = t->n_chunk;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (t->hash[middle] < hash)
      low = middle;
    else
      high = middle;
  }
  return low;
}

struct place {
  rp_segment_chunk *chunk;
  uint64_t block_start; /* number of the block's first entry in the table */
  size_t at, end;       /* in the block: entries of that hash */
  rp_posting posting;
};

static rp_status lower(rp_segment *s, rp_table table, uint64_t hash, struct place *out, rp_error *error) {
  rp_segment_table *t = &s->table[table];
  uint32_t number = (uint32_t)chunk_below(t, hash);
  RP_TRY(open_chunk(s, table, number, &out->chunk, error));
  uint32_t block = (uint32_t)last_below(out->chunk->hash, out->chunk->n_block, hash);
  RP_TRY(open_block(s, table, out->chunk, block, &out->posting, error));
  out->block_start = t->first[number] + block_first(out->chunk, block);
  rp_posting_find(&out->posting, hash, &out->at, &out->end);
  return RP_OK;
}

rp_status rp_segment_lower(rp_segment *s, rp_table table, uint64_t hash, uint64_t *first, rp_error *error) {
  if (s->table[table].n_chunk == 0) {
    *first = 0;
    return RP_OK;
  }
  struct place p;
  RP_TRY(lower(s, table, hash, &p, error));
  *first = p.block_start + p.at;
  return RP_OK;
}

rp_status rp_segment_find(rp_segment *s, rp_table table, uint64_t hash, uint64_t *first, uint64_t *n, rp_error *error) {
  *first = *n = 0;
  if (s->table[table].n_chunk == 0) return RP_OK;
  struct place p;
  RP_TRY(lower(s, table, hash, &p, error));
  *first = p.block_start + p.at;
  if (p.end < p.posting.n) {
    *n = p.end - p.at;
    return RP_OK;
  }
  uint64_t behind;
  RP_TRY(rp_segment_lower(s, table, hash + 1, &behind, error));
  if (behind < *first) return damaged(s, error);
  *n = behind - *first;
  return RP_OK;
}

rp_status rp_segment_head_of(rp_segment *s, rp_table table, uint64_t hash, rp_bytes *out, rp_error *error) {
  rp_segment_table *t = &s->table[table];
  *out = (rp_bytes){0};
  if (t->n_chunk == 0) return RP_OK;
  size_t number = chunk_below(t, hash);
  if (t->chunk[number]) return RP_OK;
  RP_TRY(chunk_value(s, table, (uint32_t)number, out, error));
  if (out->len > RP_VALUE_HEAD) out->len = RP_VALUE_HEAD;
  return RP_OK;
}

rp_status rp_segment_block_of(rp_segment *s, rp_table table, uint64_t hash, rp_bytes *out, rp_error *error) {
  rp_segment_table *t = &s->table[table];
  *out = (rp_bytes){0};
  if (t->n_chunk == 0) return RP_OK;
  rp_segment_chunk *c;
  RP_TRY(open_chunk(s, table, (uint32_t)chunk_below(t, hash), &c, error));
  *out = block_bytes(c, (uint32_t)last_below(c->hash, c->n_block, hash));
  return RP_OK;
}

rp_status rp_segment_fetch(const rp_segment *s, rp_table table, uint64_t from, uint64_t to, rp_error *error) {
  const rp_segment_table *t = &s->table[table];
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (size_t i = chunk_below(t, from); i < t->n_chunk && t->hash[i] < to; i++) {
    rp_bytes v;
    RP_TRY(chunk_value(s, table, (uint32_t)i, &v, error));
    uintptr_t start = (uintptr_t)v.data & ~(page - 1);
    (void)posix_madvise((void *)start, (uintptr_t)v.data + v.len - start, POSIX_MADV_WILLNEED);
  }
  return RP_OK;
}

rp_status rp_segment_seek(rp_segment *s, rp_table table, uint64_t at, rp_segment_cursor *cursor, rp_error *error) {
  if (at >= cursor->first && at < cursor->end) return RP_OK;
  rp_segment_table *t = &s->table[table];
  if (at >= t->n_entry) return damaged(s, error);
  uint32_t low = 0, high = t->n_chunk;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (t->first[middle] <= at)
      low = middle;
    else
      high = middle;
  }
  rp_segment_chunk *c;
  RP_TRY(open_chunk(s, table, low, &c, error));
  uint64_t start = t->first[low];
  uint32_t block = 0, end = c->n_block;
  while (end - block > 1) {
    uint32_t middle = block + (end - block) / 2;
    if (start + block_first(c, middle) <= at)
      block = middle;
    else
      end = middle;
  }
  cursor->end = 0;
  RP_TRY(open_block(s, table, c, block, &cursor->posting, error));
  cursor->first = start + block_first(c, block);
  cursor->end = cursor->first + cursor->posting.n;
  return RP_OK;
}
