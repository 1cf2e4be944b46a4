/* Bytes are moved by eight, each eight shuffled as a table says for the bits
 * of those that are kept.  Then every
 * '\n' is the end of a word.  "zero" to "twelve" are few: they are listed on
 * the way and put in their place at the end. */
#include "text/pack.h"

#include <string.h>

#include "base/bytes.h"
#include "text/fold.h"
#include "text/word_hash.h"

#ifdef RP_HAVE_AVX2
#include <immintrin.h>

/* ---- which bytes are kept ----------------------------------------------------- */

/* The bytes of words, and the first separator behind each; a word may end in
 * dropped bytes.  `live` says whether a word was open at the end of the block
 * before. */
RP_INLINE uint64_t kept_bytes(uint64_t word, uint64_t drop, uint64_t *live) {
  uint64_t dropped_behind = (word << 1 | *live) & drop;     /* at the beginning of a run of dropped bytes */
  uint64_t open = word | (drop & ~(drop + dropped_behind)); /* the sum carries through to the run's end */
  uint64_t separator = ~(word | drop) & (open << 1 | *live);
  *live = open >> 63;
  return word | separator;
}

/* ---- moving them together ------------------------------------------------------- */

/* For each eight bits, the places of those that are set, one a byte. */
#define BIT(m, b) ((uint64_t)((m) >> (b)&1))
#define BELOW(m, b)                                                                                   \
  (BIT((m) & ((1 << (b)) - 1), 0) + BIT((m) & ((1 << (b)) - 1), 1) + BIT((m) & ((1 << (b)) - 1), 2) + \
   BIT((m) & ((1 << (b)) - 1), 3) + BIT((m) & ((1 << (b)) - 1), 4) + BIT((m) & ((1 << (b)) - 1), 5) + \
   BIT((m) & ((1 << (b)) - 1), 6))
#define PLACE(m, b) (BIT(m, b) * (b) << 8 * BELOW(m, b))
#define ROW(m) (PLACE(m, 1) | PLACE(m, 2) | PLACE(m, 3) | PLACE(m, 4) | PLACE(m, 5) | PLACE(m, 6) | PLACE(m, 7))
#define ROWS4(m) ROW(m), ROW(m + 1), ROW(m + 2), ROW(m + 3)
#define ROWS16(m) ROWS4(m), ROWS4(m + 4), ROWS4(m + 8), ROWS4(m + 12)
#define ROWS64(m) ROWS16(m), ROWS16(m + 16), ROWS16(m + 32), ROWS16(m + 48)
static const uint64_t places[256] = {ROWS64(0), ROWS64(64), ROWS64(128), ROWS64(192)};

RP_AVX2 static inline char *move_block(const char *from, uint64_t keep, char *to) {
  for (size_t i = 0; i < 64; i += 8) {
    uint64_t bits = keep >> i & 0xFF;
    __m128i eight = _mm_loadl_epi64((const __m128i *)(const void *)(from + i));
    __m128i place = _mm_loadl_epi64((const __m128i *)(const void *)(places + bits));
    _mm_storel_epi64((__m128i *)(void *)to, _mm_shuffle_epi8(eight, place));
    to += __builtin_popcountll(bits);
  }
  return to;
}

RP_AVX2 static size_t move_all(const rp_stream *s, char *folded) {
  char *to = folded;
  uint64_t live = 0;
  for (size_t k = 0; k < s->n_block; k++)
    to = move_block(s->copy + k * 64, kept_bytes(s->word[k], s->drop[k], &live), to);
  return (size_t)(to - folded);
}

/* ---- words ---------------------------------------------------------------------- */

/* Where words begin; the number of words. */
RP_AVX2 static size_t find_words(char *folded, size_t len, uint32_t *folded_at) {
  uint32_t *at = folded_at;
  memset(folded + len, 0, 64);
  *at++ = 0;
  const __m256i newline = _mm256_set1_epi8('\n');
  for (size_t i = 0; i < len; i += 64) {
    const __m256i *in = (const __m256i *)(const void *)(folded + i);
    uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(in), newline));
    uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_loadu_si256(in + 1), newline));
    at = rp_stream_places((uint64_t)high << 32 | low, (uint32_t)i + 1, RP_PLACES_MANY, at);
  }
  return (size_t)(at - folded_at) - 1;
}

/* The word's number, "zero" to "twelve"; -1 for another. */
RP_INLINE int number_of(const char *word, size_t len) {
  size_t used = len < 8 ? len : 8; /* at least 1 */
  return rp_fold_number_of(rp_load64(word) & ~(uint64_t)0 >> (64 - used * 8));
}

/* Bit h >> 25 & 63 is set for the hash h of each of the thirteen: of other
 * words one in eight has such a hash, and is looked at. */
static const uint64_t number_hashes = UINT64_C(0x0800002102920400);

RP_INLINE size_t list_numbers(const rp_words *words, size_t n, uint32_t *list) {
  size_t n_maybe = 0, n_listed = 0;
  for (size_t i = 0; i < n; i++) {
    list[n_maybe] = (uint32_t)i;
    n_maybe += number_hashes >> (words->hash[i] >> 25 & 63) & 1;
  }
  for (size_t j = 0; j < n_maybe; j++) {
    size_t i = list[j], from = words->folded_at[i], len = words->folded_at[i + 1] - from - 1;
    list[n_listed] = (uint32_t)i;
    n_listed += number_of(words->folded + from, len) >= 0;
  }
  return n_listed;
}

/* Puts digits for the listed words and moves what stands between them. */
static void put_numbers(const uint32_t *list, size_t n_listed, rp_words *out, size_t n) {
  uint32_t shift = 0;
  for (size_t j = 0; j < n_listed; j++) {
    size_t i = list[j], next = j + 1 < n_listed ? list[j + 1] : n;
    uint32_t from = out->folded_at[i], end = out->folded_at[i + 1], last = out->folded_at[next];
    int number = number_of(out->folded + from, end - from - 1);
    char *to = out->folded + (from - shift);
    out->folded_at[i] = from - shift;
    if (number > 9) *to++ = '1';
    *to++ = (char)('0' + number % 10);
    out->hash[i] = rp_hash64(out->folded + out->folded_at[i], (size_t)(to - out->folded) - out->folded_at[i]);
    *to++ = '\n';
    shift = (uint32_t)(out->folded + end - to);
    memmove(to, out->folded + end, last - end);
    for (size_t k = i + 1; k < next; k++) out->folded_at[k] -= shift;
  }
  out->folded_at[n] -= shift;
}

RP_AVX2 static size_t find_all(size_t len, uint32_t *number, rp_words *out) {
  size_t n = find_words(out->folded, len, out->folded_at);
  for (size_t base = 0; base < n; base += RP_HASH_BATCH)
    rp_hash_words(out->folded, out->folded_at + base, n - base < RP_HASH_BATCH ? n - base : RP_HASH_BATCH,
                  out->hash + base);
  size_t n_number = list_numbers(out, n, number);
  if (n_number > 0) put_numbers(number, n_number, out, n);
  return n;
}

size_t rp_pack_words(const rp_stream *s, uint32_t *number, rp_words *out) {
  return find_all(move_all(s, out->folded), number, out);
}
#endif
