#include <string.h>

#include "base/bytes.h"
#include "store/inside.h"
#include "store/record.h"

static rp_status damaged(const rp_snapshot *s, const char *what, uint32_t doc, rp_error *error) {
  return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: the %s of document %u is not what was written",
                 s->txn.path, what, (unsigned)doc);
}

/* ---- beginning and end ------------------------------------------------------------------ */

static uint32_t count_bits(const uint8_t *data, size_t len) {
  uint32_t n = 0;
  for (size_t i = 0; i < len; i += 8) n += (uint32_t)__builtin_popcountll(rp_load64(data + i));
  return n;
}

/* All bits at once, so that asking for one cannot fail.  They are counted: an
 * old page in the place of a newer one is whole, and would bring the removed back. */
static rp_status read_tombstones(rp_snapshot *s, rp_error *error) {
  if (s->manifest.n_dead == 0) return RP_OK;
  uint32_t n = rp_manifest_chunks(s->manifest.n_number, RP_TOMBSTONE_CHUNK);
  s->tombstone = RP_NEW(&s->arena, const uint8_t *, n);
  if (!s->tombstone) return rp_fail_memory(error);
  uint32_t n_dead = 0;
  for (uint32_t i = 0; i < n; i++) {
    rp_bytes v;
    size_t len;
    RP_TRY(rp_db_get(&s->txn, rp_key_chunk(RP_KIND_TOMBSTONE, i), &v, error));
    if (!rp_record_data_len(v.len, &len) || len != RP_TOMBSTONE_CHUNK / 8 || !rp_record_is_all_good(v.data, len))
      return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its list of dead documents is not what was written",
                     s->txn.path);
    s->tombstone[i] = v.data;
    n_dead += count_bits(v.data, len);
  }
  if (n_dead != s->manifest.n_dead)
    return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its list of dead documents is not what was written",
                   s->txn.path);
  return RP_OK;
}

static rp_status fill(rp_snapshot *s, rp_error *error) {
  RP_TRY(rp_manifest_read(&s->txn, &s->manifest, error));
  uint32_t n = s->manifest.n_number;
  s->segment = RP_NEW0(&s->arena, rp_segment *, s->manifest.segment.n);
  s->row = rp_calloc(rp_manifest_chunks(n, RP_ROW_CHUNK), sizeof *s->row);
  s->signature = rp_calloc(rp_manifest_chunks(n, RP_SIGNATURE_CHUNK), sizeof *s->signature);
  if (!s->segment || !s->row || !s->signature) return rp_fail_memory(error);
  RP_TRY(read_tombstones(s, error));
  return rp_publisher_list_open(&s->txn, s->manifest.n_publisher, &s->arena, &s->publisher, error);
}

rp_status rp_snapshot_begin(rp_store *store, rp_snapshot **out, rp_error *error) {
  rp_snapshot *s = rp_calloc(1, sizeof *s);
  if (!s) return rp_fail_memory(error);
  s->store = store;
  rp_status status = rp_store_begin(store, &s->place, &s->txn, error);
  if (status == RP_OK) status = fill(s, error);
  if (status == RP_OK)
    *out = s;
  else
    rp_snapshot_end(s);
  return status;
}

void rp_snapshot_end(rp_snapshot *s) {
  if (!s) return;
  rp_db_abort(&s->txn);
  if (s->place) rp_store_leave(s->store, s->place);
  rp_manifest_release(&s->manifest);
  rp_arena_release(&s->arena);
  rp_unpacker_free(s->cache.unpacker);
  rp_buf_release(&s->cache.bytes);
  rp_free(s->row);
  rp_free(s->signature);
  rp_free(s);
}

rp_status rp_snapshot_segment(rp_snapshot *s, uint32_t index, rp_segment **out, rp_error *error) {
  if (!s->segment[index]) {
    rp_segment *segment = RP_NEW(&s->arena, rp_segment, 1);
    if (!segment) return rp_fail_memory(error);
    RP_TRY(rp_segment_open(&s->txn, &s->arena, &s->manifest.segment.data[index], segment, error));
    s->segment[index] = segment;
  }
  *out = s->segment[index];
  return RP_OK;
}

/* ---- documents ------------------------------------------------------------------------------ */

uint64_t rp_snapshot_version(const rp_snapshot *s) { return s->manifest.version; }

uint32_t rp_snapshot_numbers(const rp_snapshot *s) { return s->manifest.n_number; }

bool rp_snapshot_is_live(const rp_snapshot *s, uint32_t doc) {
  if (doc >= s->manifest.n_number) return false;
  if (!s->tombstone) return true;
  uint32_t bit = doc % RP_TOMBSTONE_CHUNK;
  return !(s->tombstone[doc / RP_TOMBSTONE_CHUNK][bit / 8] >> bit % 8 & 1);
}

rp_str rp_snapshot_publisher(const rp_snapshot *s, uint32_t number) {
  return rp_publisher_list_get(&s->publisher, number);
}

/* Element `i` of `size` bytes of a chunk, verified; *out is NULL where the
 * chunk holds nothing but zeros. */
static rp_status get_element(rp_snapshot *s, rp_chunk *c, rp_key key, uint32_t i, size_t size, const uint8_t **out,
                             bool *is_good, rp_error *error) {
  *is_good = true;
  if (!c->data) {
    rp_bytes v;
    RP_TRY(rp_db_get(&s->txn, key, &v, error));
    *is_good = rp_record_data_len(v.len, &c->len) && c->len <= 8 * RP_BLOCK;
    if (!*is_good) return RP_OK;
    c->data = v.data;
  }
  *out = NULL;
  if (c->len == 0) return RP_OK;
  size_t start = i * size, end = start + size;
  *is_good = end <= c->len;
  for (size_t block = start / RP_BLOCK; *is_good && block * RP_BLOCK < end; block++) {
    uint8_t bit = (uint8_t)(1 << block);
    if (!(c->good & bit)) *is_good = rp_record_is_good(c->data, c->len, block);
    if (*is_good) c->good |= bit;
  }
  *out = c->data + start;
  return RP_OK;
}

rp_status rp_snapshot_row(rp_snapshot *s, uint32_t doc, rp_row *out, rp_error *error) {
  if (doc >= s->manifest.n_number) return rp_fail(error, RP_ERR_ARGUMENT, "there is no document %u", (unsigned)doc);
  uint32_t chunk = doc / RP_ROW_CHUNK;
  const uint8_t *at;
  bool is_good;
  RP_TRY(get_element(s, &s->row[chunk], rp_key_chunk(RP_KIND_ROW, chunk), doc % RP_ROW_CHUNK, RP_ROW_BYTES, &at,
                     &is_good, error));
  if (!is_good) return damaged(s, "row", doc, error);
  *out = at ? rp_row_read(at) : (rp_row){0};
  return RP_OK;
}

rp_status rp_snapshot_signature(rp_snapshot *s, uint32_t doc, const uint8_t **out, rp_error *error) {
  if (doc >= s->manifest.n_number) return rp_fail(error, RP_ERR_ARGUMENT, "there is no document %u", (unsigned)doc);
  uint32_t chunk = doc / RP_SIGNATURE_CHUNK;
  const uint8_t *at;
  bool is_good;
  RP_TRY(get_element(s, &s->signature[chunk], rp_key_chunk(RP_KIND_SIGNATURE, chunk), doc % RP_SIGNATURE_CHUNK,
                     RP_STORE_SIGNATURE, &at, &is_good, error));
  if (!is_good) return damaged(s, "signature", doc, error);
  *out = at ? at : s->nothing;
  return RP_OK;
}

rp_status rp_snapshot_payload(rp_snapshot *s, uint32_t doc, rp_arena *arena, rp_str *out, rp_error *error) {
  if (!rp_snapshot_is_live(s, doc)) return rp_fail(error, RP_ERR_NOT_FOUND, "document %u is not there", (unsigned)doc);
  uint32_t first;
  rp_bytes v;
  rp_group group;
  rp_frame_place place;
  rp_status status = rp_db_get_at_most(&s->txn, RP_KIND_DOCUMENT, doc, &first, &v, error);
  if (status == RP_ERR_NOT_FOUND) return damaged(s, "text", doc, error);
  if (status != RP_OK) return status;
  if (!rp_group_open(v.data, v.len, &group) || doc - first >= group.n_doc ||
      !rp_group_place(&group, doc - first, &place))
    return damaged(s, "text", doc, error);
  if (!s->cache.is_there || s->cache.group != first || s->cache.frame != place.frame) {
    s->cache.is_there = false;
    if (!s->cache.unpacker) s->cache.unpacker = rp_unpacker_new();
    if (!s->cache.unpacker) return rp_fail_memory(error);
    status = rp_group_decode(s->cache.unpacker, &group, &place, &s->cache.bytes);
    if (status == RP_ERR_MEMORY) return rp_fail_memory(error);
    if (status != RP_OK) return damaged(s, "text", doc, error);
    s->cache.group = first;
    s->cache.frame = place.frame;
    s->cache.is_there = true;
  }
  if (place.offset > s->cache.bytes.len || place.len > s->cache.bytes.len - place.offset)
    return damaged(s, "text", doc, error);
  char *copy = rp_arena_memdup(arena, place.len ? s->cache.bytes.data + place.offset : "", place.len);
  if (!copy) return rp_fail_memory(error);
  *out = (rp_str){copy, place.len};
  return RP_OK;
}

rp_status rp_snapshot_each(rp_snapshot *s, rp_status (*fn)(void *user, uint32_t doc, rp_error *error), void *user,
                           rp_error *error) {
  for (uint32_t doc = 0; doc < s->manifest.n_number; doc++)
    if (rp_snapshot_is_live(s, doc)) RP_TRY(fn(user, doc, error));
  return RP_OK;
}
