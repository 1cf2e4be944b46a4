#include "store/publisher.h"

#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "store/manifest.h"
#include "store/record.h"

static uint32_t in_chunk(uint32_t n, uint32_t chunk) {
  uint32_t left = n - chunk * RP_PUBLISHER_CHUNK;
  return left < RP_PUBLISHER_CHUNK ? left : RP_PUBLISHER_CHUNK;
}

/* Ends must ascend and stay inside, and the last one be the end. */
static bool is_chunk_good(rp_bytes v, uint32_t n) {
  size_t len, head = 4 * (size_t)n;
  if (!rp_record_data_len(v.len, &len) || len < head || !rp_record_is_all_good(v.data, len)) return false;
  uint32_t last = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t end = rp_load32(v.data + 4 * (size_t)i);
    if (end < last || end > len - head) return false;
    last = end;
  }
  return last == len - head;
}

rp_status rp_publisher_list_open(const rp_txn *txn, uint32_t n, rp_arena *arena, rp_publisher_list *out,
                                 rp_error *error) {
  uint32_t n_chunk = rp_manifest_chunks(n, RP_PUBLISHER_CHUNK);
  *out = (rp_publisher_list){.n = n, .chunk = RP_NEW(arena, const uint8_t *, n_chunk)};
  if (!out->chunk) return rp_fail_memory(error);
  for (uint32_t i = 0; i < n_chunk; i++) {
    rp_bytes v;
    RP_TRY(rp_db_get(txn, rp_key_chunk(RP_KIND_PUBLISHER, i), &v, error));
    if (!is_chunk_good(v, in_chunk(n, i)))
      return rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: its publishers are not what was written",
                     txn->path);
    out->chunk[i] = v.data;
  }
  return RP_OK;
}

rp_str rp_publisher_list_get(const rp_publisher_list *list, uint32_t number) {
  if (number == 0 || number > list->n) return (rp_str){0};
  uint32_t chunk = (number - 1) / RP_PUBLISHER_CHUNK, i = (number - 1) % RP_PUBLISHER_CHUNK;
  const uint8_t *at = list->chunk[chunk], *bytes = at + 4 * (size_t)in_chunk(list->n, chunk);
  uint32_t start = i ? rp_load32(at + 4 * (size_t)(i - 1)) : 0;
  return (rp_str){(const char *)bytes + start, rp_load32(at + 4 * (size_t)i) - start};
}

/* ---- writing ---------------------------------------------------------------- */

void rp_publishers_release(rp_publishers *p) {
  rp_map_release(&p->map);
  rp_buf_release(&p->bytes);
  rp_vec_release(&p->end);
}

static rp_str key_of(const rp_publishers *p, uint32_t number) {
  size_t start = number > 1 ? p->end.data[number - 2] : 0;
  return (rp_str){p->bytes.data + start, p->end.data[number - 1] - start};
}

rp_status rp_publishers_number(rp_publishers *p, rp_str key, uint32_t *out, rp_error *error) {
  *out = 0;
  if (key.len == 0) return RP_OK;
  if (key.len > RP_PUBLISHER_MAX)
    return rp_fail(error, RP_ERR_LIMIT, "name of a publisher has %zu bytes, more than %d", key.len, RP_PUBLISHER_MAX);
  uint32_t number = (uint32_t)p->end.n + 1;
  for (uint64_t hash = rp_hash64(key.data, key.len);; hash++) {
    bool is_new;
    uint32_t *at = rp_map_put(&p->map, hash, number, &is_new);
    if (!at) return rp_fail_memory(error);
    *out = *at;
    if (is_new) break;
    rp_str old = key_of(p, *at);
    if (old.len == key.len && memcmp(old.data, key.data, key.len) == 0) return RP_OK;
  }
  rp_buf_add(&p->bytes, key.data, key.len);
  if (p->bytes.failed || !rp_vec_push(&p->end, p->bytes.len)) return rp_fail_memory(error);
  return RP_OK;
}

rp_status rp_publishers_load(rp_publishers *p, const rp_txn *txn, uint32_t n, rp_error *error) {
  rp_publishers_release(p);
  rp_arena arena;
  rp_arena_init(&arena);
  rp_publisher_list list;
  rp_status status = rp_publisher_list_open(txn, n, &arena, &list, error);
  for (uint32_t i = 1; i <= n && status == RP_OK; i++) {
    uint32_t number;
    status = rp_publishers_number(p, rp_publisher_list_get(&list, i), &number, error);
    if (status == RP_OK && number != i)
      status = rp_fail(error, RP_ERR_DAMAGED, "index '%s' is damaged: it has a publisher twice", txn->path);
  }
  rp_arena_release(&arena);
  if (status != RP_OK) rp_publishers_release(p);
  return status;
}

rp_status rp_publishers_save(const rp_publishers *p, uint32_t n_old, rp_txn *txn, rp_error *error) {
  uint32_t n = (uint32_t)p->end.n;
  rp_status status = RP_OK;
  rp_buf buf;
  rp_buf_init(&buf);
  for (uint32_t chunk = n_old / RP_PUBLISHER_CHUNK; status == RP_OK && n > n_old && chunk * RP_PUBLISHER_CHUNK < n;
       chunk++) {
    uint32_t first = chunk * RP_PUBLISHER_CHUNK, count = in_chunk(n, chunk);
    size_t start = first ? p->end.data[first - 1] : 0;
    rp_buf_clear(&buf);
    for (uint32_t i = 0; i < count; i++) rp_buf_add32(&buf, (uint32_t)(p->end.data[first + i] - start));
    rp_buf_add(&buf, p->bytes.data + start, p->end.data[first + count - 1] - start);
    rp_record_seal(&buf);
    status = buf.failed ? rp_fail_memory(error)
                        : rp_db_put(txn, rp_key_chunk(RP_KIND_PUBLISHER, chunk), buf.data, buf.len, error);
  }
  rp_buf_release(&buf);
  return status;
}
