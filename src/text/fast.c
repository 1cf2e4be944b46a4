/* Short passes over a copy of the text in which every character is folded in
 * its own place:
 *
 *   text   C a f & e a c u t e ;   1 2 , 0 0 0
 *   copy   c a f e . . . . . . .   1 2 . 0 0 0
 *   word   1 1 1 1 0 0 0 0 0 0 0 0 1 1 0 1 1 1     bytes of folded words
 *   drop   0 0 0 0 1 1 1 1 1 1 1 0 0 0 1 0 0 0     bytes that count for nothing
 *
 * 1. ASCII by SIMD: lower case, a bit for each letter and digit, and a bit for
 *    each byte to look at: what is not ASCII, '&', points between digits.
 * 2. The bytes to look at, one by one, by the definition (scan.h, utf8.h).
 * 3. Words are the runs of word or drop bits; the runs are copied out, and
 *    hashed by length, since XXH3 takes another way for each class of lengths.
 *
 * Branches, not bytes, are what costs time: one character in sixty that is not
 * ASCII breaks every loop that asks byte by byte. */
#include "text/fast.h"

#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "text/fold.h"
#include "text/scan.h"
#include "text/utf8.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define RP_HAVE_AVX2 1
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

enum {
  PAD = 64,   /* bytes behind the copy that may be read, behind the words written */
  BATCH = 256 /* words hashed together */
};

typedef struct stream {
  rp_str text;
  char *copy;
  uint64_t *word, *drop, *look; /* a bit for each byte */
  size_t n_block;               /* of 64 bytes */
  bool has_drop;
} stream;

/* Of 64 bytes: what they are, a bit each. */
typedef struct block_bits {
  uint64_t letter, digit, high, ampersand, semicolon, point;
} block_bits;

/* ---- pass 1 ---------------------------------------------------------------- */

INLINE const char *block_at(const stream *s, size_t k) {
  return (k + 1 < s->n_block ? s->text.data : s->copy) + k * 64;
}

INLINE void put_bits(stream *s, size_t k, const block_bits *b, uint64_t *carry) {
  /* A point may stand in a number where both neighbours may be digits; what is
   * not ASCII may be one, and so may an entity. */
  uint64_t before = b->digit | b->high | b->semicolon, behind = b->digit | b->high | b->ampersand;
  uint64_t inside = b->point & (before << 1 | *carry) & (behind >> 1 | (uint64_t)1 << 63);
  *carry = before >> 63;
  s->word[k] = b->letter | b->digit;
  s->look[k] = b->high | b->ampersand | inside;
  s->drop[k] = 0;
}

INLINE void classify_portable(const char *in, char *out, block_bits *bits) {
  *bits = (block_bits){0};
  for (unsigned i = 0; i < 64; i++) {
    uint8_t c = (uint8_t)in[i];
    uint8_t lower = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    uint64_t bit = (uint64_t)1 << i;
    out[i] = (char)lower;
    bits->letter |= lower >= 'a' && lower <= 'z' ? bit : 0;
    bits->digit |= c >= '0' && c <= '9' ? bit : 0;
    bits->high |= c >= 0x80 ? bit : 0;
    bits->ampersand |= c == '&' ? bit : 0;
    bits->semicolon |= c == ';' ? bit : 0;
    bits->point |= c == '.' || c == ',' ? bit : 0;
  }
}

static void classify_all_portable(stream *s) {
  uint64_t carry = 0;
  for (size_t k = 0; k < s->n_block; k++) {
    block_bits bits;
    classify_portable(block_at(s, k), s->copy + k * 64, &bits);
    put_bits(s, k, &bits, &carry);
  }
}

#ifdef RP_HAVE_AVX2
#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))

AVX2 static inline __m256i within(__m256i v, char low, char high) {
  return _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(low - 1))),
                          _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(high + 1)), v));
}
AVX2 static inline uint64_t bits_of(__m256i low, __m256i high) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}
AVX2 static inline uint64_t equal_bits(__m256i a, __m256i b, char c) {
  __m256i v = _mm256_set1_epi8(c);
  return bits_of(_mm256_cmpeq_epi8(a, v), _mm256_cmpeq_epi8(b, v));
}

AVX2 static void classify_all_avx2(stream *s) {
  uint64_t carry = 0;
  const __m256i bit = _mm256_set1_epi8(0x20);
  for (size_t k = 0; k < s->n_block; k++) {
    const __m256i *in = (const __m256i *)(const void *)block_at(s, k);
    __m256i *out = (__m256i *)(void *)(s->copy + k * 64);
    __m256i a = _mm256_loadu_si256(in), b = _mm256_loadu_si256(in + 1);
    __m256i la = _mm256_or_si256(a, _mm256_and_si256(within(a, 'A', 'Z'), bit));
    __m256i lb = _mm256_or_si256(b, _mm256_and_si256(within(b, 'A', 'Z'), bit));
    _mm256_storeu_si256(out, la);
    _mm256_storeu_si256(out + 1, lb);
    block_bits bits = {.letter = bits_of(within(la, 'a', 'z'), within(lb, 'a', 'z')),
                       .digit = bits_of(within(a, '0', '9'), within(b, '0', '9')),
                       .high = bits_of(a, b),
                       .ampersand = equal_bits(a, b, '&'),
                       .semicolon = equal_bits(a, b, ';'),
                       .point = equal_bits(a, b, '.') | equal_bits(a, b, ',')};
    put_bits(s, k, &bits, &carry);
  }
}
#endif

/* ---- pass 2 ---------------------------------------------------------------- */

static void change_bits(uint64_t *map, size_t from, size_t to, bool set) {
  for (size_t i = from; i < to;) {
    size_t in = i & 63, n = 64 - in < to - i ? 64 - in : to - i;
    uint64_t bits = (n == 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1) << in;
    if (set)
      map[i >> 6] |= bits;
    else
      map[i >> 6] &= ~bits;
    i += n;
  }
}

static bool bit_at(const uint64_t *map, size_t i) { return (map[i >> 6] >> (i & 63) & 1) != 0; }

static void drop_bytes(stream *s, size_t from, size_t to) {
  change_bits(s->word, from, to, false);
  change_bits(s->drop, from, to, true);
  s->has_drop = s->has_drop || from < to;
}

/* Puts `n` folded bytes in the place of the character [from, to). */
static void replace(stream *s, size_t from, size_t to, const char *bytes, size_t n) {
  memcpy(s->copy + from, bytes, n);
  change_bits(s->word, from, from + n, true);
  if (from + n < to) drop_bytes(s, from + n, to);
}

/* One word's part, no longer than its character, without light code points. */
static bool is_plain(rp_str folded, size_t room) {
  if (folded.len > room) return false;
  if (folded.len == 1) return true;
  for (size_t at = 0; at < folded.len;) {
    uint32_t c = rp_utf8_next(folded, &at);
    if (c == ' ' || rp_fold_of(c) == RP_FOLD_LIGHT) return false;
  }
  return true;
}

static bool take_char(stream *s, uint32_t c, size_t from, size_t to) {
  uint32_t value = rp_fold_of(c) & 0x7FFFu;
  if (value == RP_FOLD_SEPARATOR) {
    change_bits(s->word, from, to, false);
    return true;
  }
  if (value == RP_FOLD_DROP) {
    drop_bytes(s, from, to);
    return true;
  }
  if (value == RP_FOLD_LIGHT) return false;
  if (value == RP_FOLD_WORD) {
    char bytes[4];
    size_t n = rp_utf8_put(c, bytes);
    if (n > to - from) return false;
    replace(s, from, to, bytes, n);
    return true;
  }
  rp_str folded = rp_fold_string(value);
  if (!is_plain(folded, to - from)) return false;
  replace(s, from, to, folded.data, folded.len);
  return true;
}

/* The point at `i`, or a '.' or ',' from an entity of `len` bytes. */
static void take_point(stream *s, char c, size_t i, size_t len) {
  size_t before = i;
  while (before > 0 && bit_at(s->drop, before - 1)) before--;
  bool digit = before > 0 && bit_at(s->word, before - 1) && s->copy[before - 1] >= '0' && s->copy[before - 1] <= '9';
  size_t n = digit ? rp_scan_digits(s->text, i + len, 4) : 0;
  if (c == '.' && n > 0)
    replace(s, i, i + len, ".", 1);
  else if (c == ',' && n == 3)
    drop_bytes(s, i, i + len);
  else
    change_bits(s->word, i, i + len, false);
}

/* A character of two or three bytes that is no lead of a repair: false where
 * the definition must be asked. */
INLINE bool read_short(rp_str text, size_t i, uint32_t *c, size_t *end) {
  const uint8_t *p = (const uint8_t *)text.data + i;
  size_t left = text.len - i;
  if (p[0] == 0xE2 && left > 2 && p[1] == 0x80 && (p[2] & 0xC0) == 0x80) {
    *c = 0x2000u | (p[2] & 0x3Fu);
    *end = i + 3;
    return true;
  }
  if (p[0] < 0xC2 || p[0] > 0xDF || left < 3 || (p[1] & 0xC0) != 0x80) return false;
  *c = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
  *end = i + 2;
  return *c >= 0xA0 && (*c < 0xC2 || *c > 0xF4 || (p[2] < 0x80 && p[2] != '&'));
}

/* The bytes to look at; false where the definition is needed for all. */
static bool look(stream *s) {
  size_t done = 0;
  for (size_t k = 0; k < s->n_block; k++) {
    uint64_t bits = s->look[k];
    while (bits != 0) {
      size_t i = k * 64 + (size_t)__builtin_ctzll(bits), end = i + 1;
      bits &= bits - 1;
      if (i < done) continue;
      uint32_t c = (uint8_t)s->text.data[i];
      if ((c >= 0x80 || c == '&') && !read_short(s->text, i, &c, &end)) {
        end = i;
        c = rp_char_next(s->text, &end);
      }
      if (c == '.' || c == ',')
        take_point(s, (char)c, i, end - i);
      else if (!take_char(s, c, i, end))
        return false;
      done = end;
    }
  }
  return true;
}

/* ---- pass 3 ---------------------------------------------------------------- */

INLINE size_t count_runs(const stream *s) {
  size_t n = 0;
  uint64_t carry = 0;
  for (size_t k = 0; k < s->n_block; k++) {
    uint64_t run = s->word[k] | s->drop[k];
    n += (size_t)__builtin_popcountll(run & ~(run << 1 | carry));
    carry = run >> 63;
  }
  return n;
}

/* Writes the place of each bit; up to 7 places too many. */
INLINE uint32_t *put_places(uint64_t bits, uint32_t base, uint32_t *out) {
  size_t n = (size_t)__builtin_popcountll(bits);
  for (size_t i = 0; i < n; i += 8) {
    for (size_t j = 0; j < 8; j++) {
      out[i + j] = base + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
      bits &= bits - 1;
    }
  }
  return out + n;
}

INLINE void find_runs(const stream *s, uint32_t *start, uint32_t *end) {
  uint64_t carry = 0;
  for (size_t k = 0; k < s->n_block; k++) {
    uint64_t run = s->word[k] | s->drop[k], before = run << 1 | carry;
    start = put_places(run & ~before, (uint32_t)(k * 64), start);
    end = put_places(~run & before, (uint32_t)(k * 64), end);
    carry = run >> 63;
  }
}

/* Takes dropped bytes off the beginnings of runs, and out what has no other;
 * the number of runs left. */
static size_t trim_runs(const stream *s, uint32_t *start, uint32_t *end, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t from = start[i], to = end[i];
    while (from < to && bit_at(s->drop, from)) from++;
    if (from == to) continue;
    start[kept] = from;
    end[kept++] = to;
  }
  return kept;
}

/* Copies the word bytes of a run; their number. */
static size_t copy_kept(const stream *s, size_t from, size_t to, char *out) {
  size_t n = 0;
  for (size_t i = from; i < to; i++)
    if (bit_at(s->word, i)) out[n++] = s->copy[i];
  return n;
}

/* Copies a run that has no dropped byte; at least 16 bytes may be written. */
INLINE void copy_run(const char *from, size_t len, char *to) {
  memcpy(to, from, 16);
  if (len > 16) memcpy(to + 16, from + 16, len - 16);
}

/* "zero" to "twelve" in place; the length then. */
INLINE size_t put_number(char *word, size_t len) {
  size_t used = len < 8 ? len : 8; /* at least 1 */
  uint64_t key = rp_load64(word) & ~(uint64_t)0 >> (64 - used * 8);
  int number = rp_fold_number_of(key);
  if (number < 0) return len;
  len = 0;
  if (number > 9) word[len++] = '1';
  word[len++] = (char)('0' + number % 10);
  return len;
}

/* Copies up to BATCH words from `at` on in `folded`; where the next begins. */
INLINE size_t copy_batch(const stream *s, const uint32_t *restrict start, const uint32_t *restrict end, size_t n,
                         char *restrict folded, uint32_t *restrict folded_at, size_t at) {
  const char *restrict copy = s->copy;
  const uint64_t *restrict drop = s->drop;
  bool has_drop = s->has_drop;
  for (size_t i = 0; i < n; i++) {
    size_t from = start[i], to = end[i], len = to - from;
    char *word = folded + at;
    if (has_drop && (len > 64 || (drop[from >> 6] | drop[(to - 1) >> 6]) != 0))
      len = copy_kept(s, from, to, word);
    else
      copy_run(copy + from, len, word);
    len = put_number(word, len);
    word[len] = '\n';
    folded_at[i] = (uint32_t)at;
    at += len + 1;
  }
  folded_at[n] = (uint32_t)at;
  return at;
}

/* Hashes listed words that all have `least` to `most` bytes. */
INLINE void hash_class(const char *restrict folded, const uint32_t *restrict folded_at, const uint8_t *restrict list,
                       size_t n, size_t least, size_t most, uint64_t *restrict hash) {
  for (size_t j = 0; j < n; j++) {
    size_t i = list[j], len = folded_at[i + 1] - folded_at[i] - 1;
    if (len < least || len > most) __builtin_unreachable();
    hash[i] = rp_hash64(folded + folded_at[i], len);
  }
}

INLINE void hash_batch(const char *restrict folded, const uint32_t *restrict folded_at, size_t n,
                       uint64_t *restrict hash) {
  /* Each word is written to all lists and kept in one: no branch, and counts
   * that stay in registers. */
  uint8_t low[BATCH], middle[BATCH], high[BATCH];
  size_t n_low = 0, n_middle = 0, n_high = 0;
  for (size_t i = 0; i < n; i++) {
    size_t len = folded_at[i + 1] - folded_at[i] - 1;
    low[n_low] = middle[n_middle] = high[n_high] = (uint8_t)i;
    n_low += len < 4;
    n_high += len > 8;
    n_middle = i + 1 - n_low - n_high;
  }
  hash_class(folded, folded_at, low, n_low, 1, 3, hash);
  hash_class(folded, folded_at, middle, n_middle, 4, 8, hash);
  hash_class(folded, folded_at, high, n_high, 9, UINT32_MAX, hash);
}

INLINE void copy_words(const stream *s, rp_words *out, size_t n) {
  size_t at = 0;
  out->folded_at[0] = 0;
  for (size_t base = 0; base < n; base += BATCH) {
    size_t last = n - base < BATCH ? n - base : BATCH;
    at = copy_batch(s, out->start + base, out->end + base, last, out->folded, out->folded_at + base, at);
    hash_batch(out->folded, out->folded_at + base, last, out->hash + base);
  }
}

/* ---- the passes together ------------------------------------------------------ */

static size_t count_runs_portable(const stream *s) { return count_runs(s); }
static void find_runs_portable(const stream *s, uint32_t *start, uint32_t *end) { find_runs(s, start, end); }
static void copy_words_portable(const stream *s, rp_words *out, size_t n) { copy_words(s, out, n); }

typedef struct passes {
  void (*classify)(stream *s);
  size_t (*count)(const stream *s);
  void (*find)(const stream *s, uint32_t *start, uint32_t *end);
  void (*copy)(const stream *s, rp_words *out, size_t n);
} passes;

#ifdef RP_HAVE_AVX2
AVX2 static size_t count_runs_avx2(const stream *s) { return count_runs(s); }
AVX2 static void find_runs_avx2(const stream *s, uint32_t *start, uint32_t *end) { find_runs(s, start, end); }
AVX2 static void copy_words_avx2(const stream *s, rp_words *out, size_t n) { copy_words(s, out, n); }

rp_fast_level rp_fast_best(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? RP_FAST_AVX2 : RP_FAST_PORTABLE;
}
#else
rp_fast_level rp_fast_best(void) { return RP_FAST_PORTABLE; }
#endif

static passes passes_of(rp_fast_level level) {
#ifdef RP_HAVE_AVX2
  if (level == RP_FAST_AVX2) return (passes){classify_all_avx2, count_runs_avx2, find_runs_avx2, copy_words_avx2};
#endif
  (void)level;
  return (passes){classify_all_portable, count_runs_portable, find_runs_portable, copy_words_portable};
}

static bool open_stream(rp_str text, rp_arena *arena, stream *s) {
  *s = (stream){.text = text, .n_block = text.len / 64 + 1};
  s->copy = RP_NEW(arena, char, s->n_block * 64 + PAD);
  s->word = RP_NEW(arena, uint64_t, s->n_block * 3);
  if (s->copy == NULL || s->word == NULL) return false;
  s->drop = s->word + s->n_block;
  s->look = s->drop + s->n_block;
  size_t whole = text.len & ~(size_t)63; /* pass 1 copies whole blocks */
  memset(s->copy + whole, 0, s->n_block * 64 + PAD - whole);
  if (whole < text.len) memcpy(s->copy + whole, text.data + whole, text.len - whole);
  return true;
}

static bool reserve(size_t n, size_t len, rp_arena *arena, rp_words *out) {
  out->start = RP_NEW(arena, uint32_t, n + 8);
  out->end = RP_NEW(arena, uint32_t, n + 8);
  out->hash = RP_NEW(arena, uint64_t, n);
  out->flag = RP_NEW0(arena, uint16_t, n);
  out->folded_at = RP_NEW(arena, uint32_t, n + 1);
  out->folded = RP_NEW(arena, char, len + n + PAD);
  return out->start != NULL && out->end != NULL && out->hash != NULL && out->flag != NULL && out->folded_at != NULL &&
         out->folded != NULL;
}

rp_status rp_fast_words(rp_str text, rp_fast_level level, rp_arena *arena, rp_words *out, bool *is_done,
                        rp_error *error) {
  rp_arena_mark before = rp_arena_get(arena);
  passes pass = passes_of(level);
  stream s;
  if (!open_stream(text, arena, &s)) return rp_fail_memory(error);
  pass.classify(&s);
  if (!look(&s)) {
    rp_arena_rewind(arena, before);
    *is_done = false;
    return RP_OK;
  }
  rp_words words = {.text = text, .n = pass.count(&s)};
  if (!reserve(words.n, text.len, arena, &words)) return rp_fail_memory(error);
  pass.find(&s, words.start, words.end);
  if (s.has_drop) words.n = trim_runs(&s, words.start, words.end, words.n);
  pass.copy(&s, &words, words.n);
  *out = words;
  *is_done = true;
  return RP_OK;
}
