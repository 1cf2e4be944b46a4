#include "store/record.h"

#include "base/bytes.h"
#include "base/hash.h"

bool rp_record_data_len(size_t len, size_t *out) {
  size_t n_block = (len + RP_BLOCK + 7) / (RP_BLOCK + 8);
  if (len < n_block * 8) return false;
  *out = len - n_block * 8;
  return (*out + RP_BLOCK - 1) / RP_BLOCK == n_block;
}

static uint64_t sum_of(const uint8_t *data, size_t len, size_t block) {
  size_t start = block * RP_BLOCK;
  size_t n = len - start < RP_BLOCK ? len - start : RP_BLOCK;
  return rp_hash64(data + start, n);
}

void rp_record_seal_at(uint8_t *data, size_t len) {
  size_t n_block = (len + RP_BLOCK - 1) / RP_BLOCK;
  for (size_t i = 0; i < n_block; i++) rp_store64(data + len + 8 * i, sum_of(data, len, i));
}

void rp_record_seal(rp_buf *buf) {
  size_t len = buf->len;
  rp_buf_add_zero(buf, rp_record_len(len) - len);
  if (!buf->failed) rp_record_seal_at((uint8_t *)buf->data, len);
}

bool rp_record_is_good(const uint8_t *record, size_t len, size_t block) {
  return block * RP_BLOCK < len && rp_load64(record + len + 8 * block) == sum_of(record, len, block);
}

bool rp_record_is_all_good(const uint8_t *record, size_t len) {
  for (size_t i = 0; i * RP_BLOCK < len; i++)
    if (!rp_record_is_good(record, len, i)) return false;
  return true;
}
