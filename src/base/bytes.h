/* bytes.h - integers as bytes: little-endian, unaligned, bounds-checked reads. */
#ifndef RP_BASE_BYTES_H
#define RP_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

static inline uint16_t rp_load16(const void *p) {
  const uint8_t *b = p;
  return (uint16_t)(b[0] | b[1] << 8);
}
static inline uint32_t rp_load32(const void *p) {
  const uint8_t *b = p;
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
static inline uint64_t rp_load64(const void *p) {
  return (uint64_t)rp_load32(p) | (uint64_t)rp_load32((const uint8_t *)p + 4) << 32;
}
static inline void rp_store16(void *p, uint16_t v) {
  uint8_t *b = p;
  b[0] = (uint8_t)v;
  b[1] = (uint8_t)(v >> 8);
}
static inline void rp_store32(void *p, uint32_t v) {
  uint8_t *b = p;
  for (int i = 0; i < 4; i++) b[i] = (uint8_t)(v >> 8 * i);
}
static inline void rp_store64(void *p, uint64_t v) {
  uint8_t *b = p;
  for (int i = 0; i < 8; i++) b[i] = (uint8_t)(v >> 8 * i);
}

void rp_buf_add16(rp_buf *buf, uint16_t v);
void rp_buf_add32(rp_buf *buf, uint32_t v);
void rp_buf_add64(rp_buf *buf, uint64_t v);
/* LEB128: 7 bits a byte, least first, high bit: more to come. */
void rp_buf_add_varint(rp_buf *buf, uint64_t v);
/* A varint length, then the bytes. */
void rp_buf_add_str(rp_buf *buf, rp_str s);

/* Reads forward through bytes that may be damaged.  After a read that would
 * pass the end (or a varint of more than 64 bits) `failed` stays set and all
 * reads give 0 or empty. */
typedef struct rp_reader_bytes {
  const uint8_t *at, *end;
  bool failed;
} rp_reader_bytes;

uint8_t rp_read8(rp_reader_bytes *r);
uint16_t rp_read16(rp_reader_bytes *r);
uint32_t rp_read32(rp_reader_bytes *r);
uint64_t rp_read64(rp_reader_bytes *r);
uint64_t rp_read_varint(rp_reader_bytes *r);
rp_str rp_read_str(rp_reader_bytes *r);

#endif
