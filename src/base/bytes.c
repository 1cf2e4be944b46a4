#include "base/bytes.h"

void rp_buf_add16(rp_buf *buf, uint16_t v) {
  uint8_t b[2];
  rp_store16(b, v);
  rp_buf_add(buf, b, sizeof b);
}

void rp_buf_add32(rp_buf *buf, uint32_t v) {
  uint8_t b[4];
  rp_store32(b, v);
  rp_buf_add(buf, b, sizeof b);
}

void rp_buf_add64(rp_buf *buf, uint64_t v) {
  uint8_t b[8];
  rp_store64(b, v);
  rp_buf_add(buf, b, sizeof b);
}

void rp_buf_add_varint(rp_buf *buf, uint64_t v) {
  uint8_t b[10];
  size_t n = 0;
  for (; v >= 0x80; v >>= 7) b[n++] = (uint8_t)(v | 0x80);
  b[n++] = (uint8_t)v;
  rp_buf_add(buf, b, n);
}

void rp_buf_add_str(rp_buf *buf, rp_str s) {
  rp_buf_add_varint(buf, s.len);
  rp_buf_add(buf, s.data, s.len);
}

static const uint8_t *take(rp_reader_bytes *r, size_t n) {
  if (r->failed || (size_t)(r->end - r->at) < n) {
    r->failed = true;
    return NULL;
  }
  const uint8_t *p = r->at;
  r->at += n;
  return p;
}

uint8_t rp_read8(rp_reader_bytes *r) {
  const uint8_t *p = take(r, 1);
  return p ? *p : 0;
}

uint16_t rp_read16(rp_reader_bytes *r) {
  const uint8_t *p = take(r, 2);
  return p ? rp_load16(p) : 0;
}

uint32_t rp_read32(rp_reader_bytes *r) {
  const uint8_t *p = take(r, 4);
  return p ? rp_load32(p) : 0;
}

uint64_t rp_read64(rp_reader_bytes *r) {
  const uint8_t *p = take(r, 8);
  return p ? rp_load64(p) : 0;
}

uint64_t rp_read_varint(rp_reader_bytes *r) {
  uint64_t v = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    uint8_t b = rp_read8(r);
    if (r->failed) return 0;
    if (shift == 63 && b > 1) break;
    v |= (uint64_t)(b & 0x7f) << shift;
    if (!(b & 0x80)) return v;
  }
  r->failed = true;
  return 0;
}

rp_str rp_read_str(rp_reader_bytes *r) {
  uint64_t len = rp_read_varint(r);
  if (r->failed || len > (uint64_t)(r->end - r->at)) {
    r->failed = true;
    return (rp_str){NULL, 0};
  }
  const uint8_t *p = take(r, (size_t)len);
  return (rp_str){(const char *)p, (size_t)len};
}
