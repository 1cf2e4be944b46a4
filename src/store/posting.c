#include "store/posting.h"

#include <string.h>

#include "base/bytes.h"

enum { HEAD = 16, MAX_LOW = 5 };

static uint64_t key_of(const rp_entry *e) { return e->hash >> RP_HASH_SHIFT; }

/* ---- writing ----------------------------------------------------------------- */

/* Bytes of the unary part of n entries, the last of them `range` above the
 * first: a multiple of 8, so that it is read in words. */
static size_t unary_bytes(size_t n, uint64_t range, uint8_t low_width) {
  return (size_t)(((range >> 8 * low_width) + n + 63) / 64 * 8);
}

static bool fits(const rp_entry *entry, size_t n, const rp_posting_form *form, uint8_t low_width) {
  uint64_t range = key_of(&entry[n - 1]) - key_of(&entry[0]);
  size_t width = (size_t)low_width + form->doc_width + form->position_width;
  if (n > UINT16_MAX || (range >> 8 * low_width) > 8 * RP_BLOCK) return false;
  return HEAD + n * width + unary_bytes(n, range, low_width) <= RP_BLOCK;
}

size_t rp_posting_fit(const rp_entry *entry, size_t n, const rp_posting_form *form, uint8_t *low_width) {
  size_t best = 0;
  for (uint8_t w = 0; w <= MAX_LOW; w++) {
    size_t good = 0, bad = n + 1; /* `good` fit, `bad` do not */
    if (bad > 8 * RP_BLOCK) bad = 8 * RP_BLOCK;
    while (bad - good > 1) {
      size_t middle = good + (bad - good) / 2;
      if (fits(entry, middle, form, w))
        good = middle;
      else
        bad = middle;
    }
    if (good > best || (good == best && good == n && w < *low_width)) {
      best = good;
      *low_width = w;
    }
  }
  return best;
}

static void put_bytes(uint8_t *out, uint64_t v, uint8_t width) {
  for (uint8_t i = 0; i < width; i++) out[i] = (uint8_t)(v >> 8 * i);
}

size_t rp_posting_write(const rp_entry *entry, size_t n, const rp_posting_form *form, uint8_t low_width, uint8_t *out) {
  uint64_t first = key_of(&entry[0]);
  size_t unary_len = unary_bytes(n, key_of(&entry[n - 1]) - first, low_width);
  rp_store16(out, (uint16_t)n);
  out[2] = low_width;
  out[3] = form->doc_width;
  out[4] = form->position_width;
  out[5] = 0;
  rp_store16(out + 6, (uint16_t)unary_len);
  rp_store64(out + 8, first);
  uint8_t *low = out + HEAD, *doc = low + n * low_width, *position = doc + n * form->doc_width;
  uint8_t *unary = position + n * form->position_width;
  memset(unary, 0, unary_len);
  for (size_t i = 0; i < n; i++) {
    uint64_t delta = key_of(&entry[i]) - first;
    put_bytes(low + i * low_width, delta, low_width);
    put_bytes(doc + i * form->doc_width, entry[i].doc - form->doc_first, form->doc_width);
    if (form->position_width) rp_store16(position + 2 * i, entry[i].position);
    size_t bit = (size_t)(delta >> 8 * low_width) + i;
    unary[bit / 8] |= (uint8_t)(1 << bit % 8);
  }
  return (size_t)(unary + unary_len - out);
}

/* ---- reading ------------------------------------------------------------------- */

bool rp_posting_open(const uint8_t *data, size_t len, const rp_posting_form *form, rp_posting *out) {
  if (len < HEAD) return false;
  rp_posting p = {.n = rp_load16(data), .first = rp_load64(data + 8), .low_width = data[2]};
  size_t unary_len = rp_load16(data + 6);
  if (p.n == 0 || p.low_width > MAX_LOW || unary_len % 8 || p.first >> 40) return false;
  if (data[3] != form->doc_width || data[4] != form->position_width) return false;
  p.doc_width = form->doc_width;
  p.position_width = form->position_width;
  p.doc_first = form->doc_first;
  size_t width = (size_t)p.low_width + p.doc_width + p.position_width;
  if (len - HEAD < p.n * width + unary_len) return false;
  p.low = data + HEAD;
  p.doc = p.low + p.n * p.low_width;
  p.position = p.doc + p.n * p.doc_width;
  p.unary = p.position + p.n * p.position_width;
  p.n_word = unary_len / 8;
  *out = p;
  return true;
}

static uint64_t get_bytes(const uint8_t *in, uint8_t width) {
  uint64_t v = 0;
  for (uint8_t i = 0; i < width; i++) v |= (uint64_t)in[i] << 8 * i;
  return v;
}

/* Bits set; the builtin calls a function where the processor's instruction may
 * not be used. */
static unsigned popcount(uint64_t x) {
  x -= x >> 1 & UINT64_C(0x5555555555555555);
  x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
  x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
  return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

static uint64_t word_of(const rp_posting *p, size_t i) { return rp_load64(p->unary + 8 * i); }

/* The bit position behind the zero number `rank` (from 1) of the unary part;
 * SIZE_MAX where it has fewer zeros. */
static size_t behind_zero(const rp_posting *p, uint64_t rank) {
  for (size_t i = 0; i < p->n_word; i++) {
    uint64_t zeros = ~word_of(p, i);
    uint64_t n = popcount(zeros);
    if (rank > n) {
      rank -= n;
      continue;
    }
    while (--rank) zeros &= zeros - 1;
    return 64 * i + (size_t)__builtin_ctzll(zeros) + 1;
  }
  return SIZE_MAX;
}

/* The number of ones in a row from `bit` on. */
static size_t ones_from(const rp_posting *p, size_t bit) {
  size_t n = 0;
  while (bit / 64 < p->n_word) {
    uint64_t rest = ~word_of(p, bit / 64) >> bit % 64;
    size_t room = 64 - bit % 64;
    if (rest) return n + (size_t)__builtin_ctzll(rest);
    n += room;
    bit += room;
  }
  return n;
}

/* The first of the low parts in [start, end) that is >= `low`. */
static size_t low_bound(const rp_posting *p, size_t start, size_t end, uint64_t low) {
  while (start < end) {
    size_t middle = start + (end - start) / 2;
    if (get_bytes(p->low + middle * p->low_width, p->low_width) < low)
      start = middle + 1;
    else
      end = middle;
  }
  return start;
}

void rp_posting_find(const rp_posting *p, uint64_t hash, size_t *start, size_t *end) {
  *start = *end = 0;
  if (hash < p->first) return;
  uint64_t delta = hash - p->first, high = delta >> 8 * p->low_width;
  uint64_t low = delta - (high << 8 * p->low_width);
  size_t bit = high ? behind_zero(p, high) : 0;
  size_t i = bit == SIZE_MAX ? p->n : bit - (size_t)high;
  *start = *end = p->n;
  if (i >= p->n) return;
  size_t stop = i + ones_from(p, bit);
  if (stop > p->n) stop = p->n;
  *start = low_bound(p, i, stop, low);
  *end = low_bound(p, *start, stop, low + 1);
}

void rp_posting_get(const rp_posting *p, size_t i, rp_entry *out) {
  out->doc = p->doc_first + (uint32_t)get_bytes(p->doc + i * p->doc_width, p->doc_width);
  out->position = p->position_width ? rp_load16(p->position + 2 * i) : 0;
}

bool rp_posting_read(const rp_posting *p, rp_entry *out) {
  size_t i = 0;
  for (size_t w = 0; w < p->n_word; w++) {
    for (uint64_t bits = word_of(p, w); bits; bits &= bits - 1) {
      if (i == p->n) return false;
      uint64_t high = 64 * w + (size_t)__builtin_ctzll(bits) - i;
      uint64_t delta = high << 8 * p->low_width | get_bytes(p->low + i * p->low_width, p->low_width);
      out[i].hash = (p->first + delta) << RP_HASH_SHIFT;
      rp_posting_get(p, i, &out[i]);
      i++;
    }
  }
  return i == p->n;
}
