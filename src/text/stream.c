#include "text/stream.h"

#include <string.h>

#include "base/bytes.h"
#include "text/fold.h"
#include "text/scan.h"
#include "text/utf8.h"

#ifdef RP_HAVE_AVX2
#include <immintrin.h>
#endif

bool rp_stream_open(rp_str text, rp_arena *arena, rp_stream *s) {
  *s = (rp_stream){.text = text, .n_block = text.len / 64 + 1};
  s->copy = RP_NEW(arena, char, s->n_block * 64 + RP_STREAM_PAD);
  s->word = RP_NEW(arena, uint64_t, s->n_block * 5);
  if (s->copy == NULL || s->word == NULL) return false;
  s->drop = s->word + s->n_block;
  s->look = s->drop + s->n_block;
  s->light = s->look + s->n_block;
  s->edge = s->light + s->n_block;
  size_t whole = text.len & ~(size_t)63; /* pass 1 copies whole blocks */
  memset(s->copy + whole, 0, s->n_block * 64 + RP_STREAM_PAD - whole);
  if (whole < text.len) memcpy(s->copy + whole, text.data + whole, text.len - whole);
  return true;
}

/* Of 64 bytes: what they are, a bit each. */
typedef struct block_bits {
  uint64_t letter, digit, high, ampersand, semicolon, point;
  uint64_t lead, lead3; /* bytes from C0, E0 on */
} block_bits;

/* What a block has to know of the one before it. */
typedef struct block_carry {
  uint64_t before;               /* its last byte may be a digit's */
  uint64_t lead, lead3, second3; /* it is a first byte, one of three or more, a second one of such */
} block_carry;

/* ---- pass 1 ---------------------------------------------------------------- */

RP_INLINE const char *block_at(const rp_stream *s, size_t k) {
  return (k + 1 < s->n_block ? s->text.data : s->copy) + k * 64;
}

RP_INLINE void put_bits(rp_stream *s, size_t k, const block_bits *b, block_carry *carry) {
  /* A point may stand in a number where both neighbours may be digits; what is
   * not ASCII may be one, and so may an entity. */
  uint64_t before = b->digit | b->high | b->semicolon, behind = b->digit | b->high | b->ampersand;
  uint64_t inside = b->point & (before << 1 | carry->before) & (behind >> 1 | (uint64_t)1 << 63);
  /* Second and third bytes are looked at with the first one; where they make no
   * character with it, all of them separate. */
  uint64_t second = b->lead << 1 | carry->lead, goes_on = b->high & ~b->lead;
  uint64_t second3 = (b->lead3 << 1 | carry->lead3) & goes_on, third = second3 << 1 | carry->second3;
  *carry = (block_carry){before >> 63, b->lead >> 63, b->lead3 >> 63, second3 >> 63};
  s->word[k] = b->letter | b->digit;
  s->look[k] = b->lead | (goes_on & ~second & ~third) | b->ampersand | inside;
  s->drop[k] = s->light[k] = s->edge[k] = 0;
}

/* Eight bytes in a register: the high bit of each byte is its answer. */
#define EACH(c) (0x0101010101010101u * (uint64_t)(c))

/* Bytes (high bits off) that are at least `c`. */
RP_INLINE uint64_t at_least(uint64_t low, unsigned c) { return (low + EACH(0x80 - c)) & EACH(0x80); }

RP_INLINE uint64_t between(uint64_t low, uint64_t high, unsigned first, unsigned last) {
  return at_least(low, first) & ~at_least(low, last + 1) & ~high;
}

/* The answers of eight bytes as eight bits. */
RP_INLINE uint64_t gather(uint64_t answers) { return (answers >> 7) * 0x0102040810204080u >> 56; }

RP_INLINE void classify_portable(const char *in, char *out, block_bits *bits) {
  *bits = (block_bits){0};
  for (unsigned i = 0; i < 64; i += 8) {
    uint64_t bytes = rp_load64(in + i), high = bytes & EACH(0x80), low = bytes & EACH(0x7F);
    uint64_t upper = between(low, high, 'A', 'Z');
    uint64_t letter = upper | between(low, high, 'a', 'z'), digit = between(low, high, '0', '9');
    uint64_t kept = (letter | digit | high) >> 7 & EACH(1);
    kept = (kept << 8) - kept; /* all bits of the bytes that are kept */
    rp_store64(out + i, ((bytes | upper >> 2) & kept) | (EACH('\n') & ~kept));
    bits->letter |= gather(letter) << i;
    bits->digit |= gather(digit) << i;
    bits->lead |= gather(at_least(low, 0x40) & high) << i;
    bits->lead3 |= gather(at_least(low, 0x60) & high) << i;
    bits->high |= gather(high) << i;
    bits->ampersand |= gather(between(low, high, '&', '&')) << i;
    bits->semicolon |= gather(between(low, high, ';', ';')) << i;
    bits->point |= gather(between(low, high, ',', ',') | between(low, high, '.', '.')) << i;
  }
}

static void classify_all_portable(rp_stream *s) {
  block_carry carry = {0};
  for (size_t k = 0; k < s->n_block; k++) {
    block_bits bits;
    classify_portable(block_at(s, k), s->copy + k * 64, &bits);
    put_bits(s, k, &bits, &carry);
  }
}

#ifdef RP_HAVE_AVX2
RP_AVX2 static inline __m256i within(__m256i v, char low, char high) {
  return _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(low - 1))),
                          _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(high + 1)), v));
}
RP_AVX2 static inline uint64_t bits_of(__m256i low, __m256i high) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}
RP_AVX2 static inline uint64_t equal_bits(__m256i a, __m256i b, char c) {
  __m256i v = _mm256_set1_epi8(c);
  return bits_of(_mm256_cmpeq_epi8(a, v), _mm256_cmpeq_epi8(b, v));
}

/* Bytes from `c` on, and ASCII. */
RP_AVX2 static inline uint64_t from_bits(__m256i a, __m256i b, int c) {
  __m256i v = _mm256_set1_epi8((char)(c - 1 - 256));
  return bits_of(_mm256_cmpgt_epi8(a, v), _mm256_cmpgt_epi8(b, v));
}
/* What is ASCII and neither letter nor digit becomes '\n'. */
RP_AVX2 static inline __m256i separate(__m256i given, __m256i lower, __m256i letter, __m256i digit) {
  __m256i kept = _mm256_or_si256(_mm256_or_si256(letter, digit), given); /* the high bits count */
  return _mm256_blendv_epi8(_mm256_set1_epi8('\n'), lower, kept);
}

RP_AVX2 static void classify_all_avx2(rp_stream *s) {
  block_carry carry = {0};
  const __m256i bit = _mm256_set1_epi8(0x20);
  for (size_t k = 0; k < s->n_block; k++) {
    const __m256i *in = (const __m256i *)(const void *)block_at(s, k);
    __m256i *out = (__m256i *)(void *)(s->copy + k * 64);
    __m256i a = _mm256_loadu_si256(in), b = _mm256_loadu_si256(in + 1);
    __m256i la = _mm256_or_si256(a, _mm256_and_si256(within(a, 'A', 'Z'), bit));
    __m256i lb = _mm256_or_si256(b, _mm256_and_si256(within(b, 'A', 'Z'), bit));
    __m256i letter_a = within(la, 'a', 'z'), letter_b = within(lb, 'a', 'z');
    __m256i digit_a = within(a, '0', '9'), digit_b = within(b, '0', '9');
    _mm256_storeu_si256(out, separate(a, la, letter_a, digit_a));
    _mm256_storeu_si256(out + 1, separate(b, lb, letter_b, digit_b));
    block_bits bits = {.letter = bits_of(letter_a, letter_b),
                       .digit = bits_of(digit_a, digit_b),
                       .high = bits_of(a, b),
                       .ampersand = equal_bits(a, b, '&'),
                       .semicolon = equal_bits(a, b, ';'),
                       .point = equal_bits(a, b, '.') | equal_bits(a, b, ',')};
    bits.lead = from_bits(a, b, 0xC0) & bits.high;
    bits.lead3 = from_bits(a, b, 0xE0) & bits.high;
    put_bits(s, k, &bits, &carry);
  }
}
#endif

void rp_stream_classify(rp_stream *s, rp_fast_level level) {
#ifdef RP_HAVE_AVX2
  if (level == RP_FAST_AVX2) {
    classify_all_avx2(s);
    return;
  }
#endif
  (void)level;
  classify_all_portable(s);
}

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

/* The character [from, to) ends a word. */
static void separate_at(rp_stream *s, size_t from, size_t to) {
  change_bits(s->word, from, to, false);
  s->copy[from] = '\n';
}

static void drop_bytes(rp_stream *s, size_t from, size_t to) {
  change_bits(s->word, from, to, false);
  change_bits(s->drop, from, to, true);
  s->has_drop = true;
}

/* Puts `n` folded bytes in the place of the character [from, to). */
static void replace(rp_stream *s, size_t from, size_t to, const char *bytes, size_t n) {
  memcpy(s->copy + from, bytes, n);
  change_bits(s->word, from, from + n, true);
  if (from + n < to) drop_bytes(s, from + n, to);
}

/* The character [from, to) is a word of its own, what is dropped behind it
 * included. */
static void set_apart(rp_stream *s, size_t from, size_t to) {
  change_bits(s->light, from, from + 1, true);
  change_bits(s->edge, from, from + 1, true);
  change_bits(s->edge, to, to + 1, true);
  s->light_end = to;
  s->has_light = true;
}

static void drop_char(rp_stream *s, size_t from, size_t to) {
  drop_bytes(s, from, to);
  if (s->light_end != from || from == 0) return;
  change_bits(s->edge, from, from + 1, false);
  change_bits(s->edge, to, to + 1, true);
  s->light_end = to;
}

/* A folding of several bytes: false where it is longer than its character, or
 * more than one word, or a light one among others. */
static bool take_string(rp_stream *s, rp_str folded, size_t from, size_t to) {
  if (folded.len > to - from) return false;
  bool light = false;
  for (size_t at = 0; folded.len > 1 && at < folded.len;) {
    uint32_t c = rp_utf8_next(folded, &at);
    if (c == ' ') return false;
    if (rp_fold_of(c) != RP_FOLD_LIGHT) continue;
    if (at < folded.len || light) return false;
    light = true;
  }
  if (light && folded.len > 4) return false;
  replace(s, from, to, folded.data, folded.len);
  if (light) set_apart(s, from, to);
  return true;
}

static bool take_char(rp_stream *s, uint32_t c, size_t from, size_t to) {
  uint32_t value = rp_fold_of(c) & 0x7FFFu;
  if (value >= RP_FOLD_STRING) return take_string(s, rp_fold_string(value), from, to);
  if (value == RP_FOLD_SEPARATOR) {
    separate_at(s, from, to);
  } else if (value == RP_FOLD_DROP) {
    drop_char(s, from, to);
  } else {
    char bytes[4];
    size_t n = rp_utf8_put(c, bytes);
    if (n > to - from) return false;
    replace(s, from, to, bytes, n);
    if (value == RP_FOLD_LIGHT) set_apart(s, from, to);
  }
  return true;
}

/* The point at `i`, or a '.' or ',' from an entity of `len` bytes. */
static void take_point(rp_stream *s, char c, size_t i, size_t len) {
  size_t before = i;
  while (before > 0 && rp_stream_bit(s->drop, before - 1)) before--;
  bool digit =
      before > 0 && rp_stream_bit(s->word, before - 1) && s->copy[before - 1] >= '0' && s->copy[before - 1] <= '9';
  size_t n = digit ? rp_scan_digits(s->text, i + len, 4) : 0;
  if (c == '.' && n > 0)
    replace(s, i, i + len, ".", 1);
  else if (c == ',' && n == 3)
    drop_bytes(s, i, i + len); /* behind a digit, never a light word */
  else
    separate_at(s, i, i + len);
}

/* A character of two bytes by its table; false where more must be asked. */
RP_INLINE bool take_two(rp_stream *s, size_t i) {
  const uint8_t *p = (const uint8_t *)s->text.data + i;
  if ((p[0] & 0xE0) != 0xC0 || p[0] < 0xC2 || s->text.len - i < 3 || (p[1] & 0xC0) != 0x80) return false;
  uint32_t c = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu), value = rp_fold_short[c - 0x80];
  bool may_lead = c >= 0xC2 && c <= 0xF4 && (p[2] >= 0x80 || p[2] == '&');
  uint64_t word = RP_FOLD_SHORT_WORD(value), drop = RP_FOLD_SHORT_DROP(value);
  if (RP_FOLD_SHORT_ASK(value) || may_lead || (drop == 3 && s->has_light)) return false;
  const uint16_t separators = '\n' << 8 | '\n'; /* for which the table has 0 */
  rp_store16(s->copy + i, value ? (uint16_t)value : separators);
  size_t k = i >> 6, in = i & 63;
  s->word[k] |= word << in;
  s->drop[k] |= drop << in;
  if (in == 63) {
    s->word[k + 1] |= word >> 1;
    s->drop[k + 1] |= drop >> 1;
  }
  s->has_drop = s->has_drop || drop != 0;
  return true;
}

/* A code point of three bytes, which leads no repair; 0 where it is none. */
RP_INLINE uint32_t read_three(rp_str text, size_t i) {
  const uint8_t *p = (const uint8_t *)text.data + i;
  if ((p[0] & 0xF0) != 0xE0 || text.len - i < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
  uint32_t c = (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
  return c < 0x800 || (c >= 0xD800 && c < 0xE000) ? 0 : c;
}

/* Any byte to look at; where the next character begins, 0 where the definition
 * is needed for all. */
static size_t take_any(rp_stream *s, size_t i) {
  size_t end = i + 3;
  uint32_t c = read_three(s->text, i);
  if (c == 0) {
    end = i + 1;
    c = (uint8_t)s->text.data[i];
    if (c >= 0x80 || c == '&') {
      end = i;
      c = rp_char_next(s->text, &end);
    }
    if (c == '.' || c == ',') {
      take_point(s, (char)c, i, end - i);
      return end;
    }
  }
  return take_char(s, c, i, end) ? end : 0;
}

/* A character of three bytes that separates or is dropped, as most marks are;
 * false where it is something else. */
RP_INLINE bool take_mark(rp_stream *s, size_t i) {
  uint32_t c = read_three(s->text, i), value = rp_fold_of(c) & 0x7FFFu;
  if (c == 0 || value > RP_FOLD_DROP || s->has_light) return false;
  uint64_t drop = value == RP_FOLD_DROP ? 7 : 0;
  size_t k = i >> 6, in = i & 63;
  s->copy[i] = '\n';
  s->drop[k] |= drop << in;
  if (in > 61) s->drop[k + 1] |= drop >> (64 - in);
  s->has_drop = s->has_drop || drop != 0;
  return true;
}

enum { LOOK_BLOCKS = 16 };

/* The bytes to look at; false where the definition is needed for all.  Their
 * places are listed first: how many there are in one block cannot be foretold. */
RP_INLINE bool look(rp_stream *s) {
  uint32_t place[LOOK_BLOCKS * 64 + RP_PLACES_FEW];
  size_t done = 0;
  for (size_t k = 0; k < s->n_block; k += LOOK_BLOCKS) {
    uint32_t *end = place;
    for (size_t j = k; j < s->n_block && j < k + LOOK_BLOCKS; j++)
      end = rp_stream_places(s->look[j], (uint32_t)(j * 64), RP_PLACES_FEW, end);
    for (const uint32_t *at = place; at < end; at++) {
      size_t i = *at;
      if (i < done) continue;
      done = take_two(s, i) ? i + 2 : take_mark(s, i) ? i + 3 : take_any(s, i);
      if (done == 0) return false;
    }
  }
  return true;
}

static bool look_portable(rp_stream *s) { return look(s); }
#ifdef RP_HAVE_AVX2
RP_AVX2 static bool look_avx2(rp_stream *s) { return look(s); }
#endif

bool rp_stream_look(rp_stream *s, rp_fast_level level) {
#ifdef RP_HAVE_AVX2
  if (level == RP_FAST_AVX2) return look_avx2(s);
#endif
  (void)level;
  return look_portable(s);
}
