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
 * 3. Words are the runs of word or drop bits: with AVX2 all are moved together
 *    by blocks (pack.h), else they are copied out one by one.  They are hashed
 *    by length, since XXH3 takes another way for each class of lengths.
 *
 * Branches, not bytes, are what costs time: one character in sixty that is not
 * ASCII breaks every loop that asks byte by byte. */
#include "text/fast.h"

#include <string.h>

#include "base/bytes.h"
#include "text/fold.h"
#include "text/pack.h"
#include "text/word_hash.h"

/* ---- pass 3 ---------------------------------------------------------------- */

RP_INLINE size_t count_runs(const rp_stream *s) {
  size_t n = 0;
  uint64_t carry = 0;
  for (size_t k = 0; k < s->n_block; k++) {
    uint64_t run = s->word[k] | s->drop[k];
    n += (size_t)__builtin_popcountll(run & (~(run << 1 | carry) | s->edge[k]));
    carry = run >> 63;
  }
  return n;
}

RP_INLINE void find_runs(const rp_stream *s, uint32_t *start, uint32_t *end) {
  uint64_t carry = 0;
  for (size_t k = 0; k < s->n_block; k++) {
    uint64_t run = s->word[k] | s->drop[k], before = run << 1 | carry;
    start = rp_stream_places(run & (~before | s->edge[k]), (uint32_t)(k * 64), RP_PLACES_MANY, start);
    end = rp_stream_places(before & (~run | s->edge[k]), (uint32_t)(k * 64), RP_PLACES_MANY, end);
    carry = run >> 63;
  }
}

/* Takes dropped bytes off the beginnings of runs, and out what has no other;
 * the number of runs left. */
static size_t trim_runs(const rp_stream *s, uint32_t *start, uint32_t *end, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t from = start[i], to = end[i];
    while (from < to && rp_stream_bit(s->drop, from)) from++;
    if (from == to) continue;
    start[kept] = from;
    end[kept++] = to;
  }
  return kept;
}

/* Copies bytes; 16 at least may be written. */
RP_INLINE void copy_run(const char *from, size_t len, char *to) {
  memcpy(to, from, 16);
  if (len > 16) memcpy(to + 16, from + 16, len - 16);
}

/* 64 bits of a map, from any place on. */
RP_INLINE uint64_t bits_from(const uint64_t *map, size_t n_block, size_t i) {
  uint64_t low = map[i >> 6] >> (i & 63);
  uint64_t high = (i & 63) != 0 && (i >> 6) + 1 < n_block ? map[(i >> 6) + 1] << (64 - (i & 63)) : 0;
  return low | high;
}

/* Copies a run without its dropped bytes; the number of the others. */
static size_t copy_kept(const rp_stream *s, size_t from, size_t to, char *out) {
  size_t n = 0;
  for (size_t at = from; at < to; at += 64) {
    size_t len = to - at < 64 ? to - at : 64, kept_to = 0;
    uint64_t drop = bits_from(s->drop, s->n_block, at);
    if (len < 64) drop &= ((uint64_t)1 << len) - 1;
    for (; drop != 0; drop &= drop - 1) {
      size_t d = (size_t)__builtin_ctzll(drop);
      copy_run(s->copy + at + kept_to, d - kept_to, out + n);
      n += d - kept_to;
      kept_to = d + 1;
    }
    copy_run(s->copy + at + kept_to, len - kept_to, out + n);
    n += len - kept_to;
  }
  return n;
}

/* "zero" to "twelve" in place; the length then. */
RP_INLINE size_t put_number(char *word, size_t len) {
  size_t used = len < 8 ? len : 8; /* at least 1 */
  uint64_t key = rp_load64(word) & ~(uint64_t)0 >> (64 - used * 8);
  int number = rp_fold_number_of(key);
  if (number < 0) return len;
  len = 0;
  if (number > 9) word[len++] = '1';
  word[len++] = (char)('0' + number % 10);
  return len;
}

/* Copies up to RP_HASH_BATCH words from `at` on in `folded`; where the next begins. */
RP_INLINE size_t copy_batch(const rp_stream *s, const uint32_t *restrict start, const uint32_t *restrict end, size_t n,
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

RP_INLINE void copy_words(const rp_stream *s, rp_words *out, size_t n) {
  size_t at = 0;
  out->folded_at[0] = 0;
  for (size_t base = 0; base < n; base += RP_HASH_BATCH) {
    size_t last = n - base < RP_HASH_BATCH ? n - base : RP_HASH_BATCH;
    at = copy_batch(s, out->start + base, out->end + base, last, out->folded, out->folded_at + base, at);
    rp_hash_words(out->folded, out->folded_at + base, last, out->hash + base);
  }
}

/* ---- the passes together ------------------------------------------------------ */

static size_t count_runs_portable(const rp_stream *s) { return count_runs(s); }
static void find_runs_portable(const rp_stream *s, uint32_t *start, uint32_t *end) { find_runs(s, start, end); }
static void copy_words_portable(const rp_stream *s, rp_words *out, size_t n) { copy_words(s, out, n); }

typedef struct passes {
  size_t (*count)(const rp_stream *s);
  void (*find)(const rp_stream *s, uint32_t *start, uint32_t *end);
  void (*copy)(const rp_stream *s, rp_words *out, size_t n);
} passes;

#ifdef RP_HAVE_AVX2
RP_AVX2 static size_t count_runs_avx2(const rp_stream *s) { return count_runs(s); }
RP_AVX2 static void find_runs_avx2(const rp_stream *s, uint32_t *start, uint32_t *end) { find_runs(s, start, end); }
RP_AVX2 static void copy_words_avx2(const rp_stream *s, rp_words *out, size_t n) { copy_words(s, out, n); }

rp_fast_level rp_fast_best(void) {
  bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                  __builtin_cpu_supports("popcnt");
  return has_avx2 ? RP_FAST_AVX2 : RP_FAST_PORTABLE;
}
#else
rp_fast_level rp_fast_best(void) { return RP_FAST_PORTABLE; }
#endif

static passes passes_of(rp_fast_level level) {
#ifdef RP_HAVE_AVX2
  if (level == RP_FAST_AVX2) return (passes){count_runs_avx2, find_runs_avx2, copy_words_avx2};
#endif
  (void)level;
  return (passes){count_runs_portable, find_runs_portable, copy_words_portable};
}

static bool reserve(size_t n, size_t len, rp_arena *arena, rp_words *out) {
  out->hash = RP_NEW(arena, uint64_t, n);
  out->flag = RP_NEW0(arena, uint16_t, n);
  out->folded_at = RP_NEW(arena, uint32_t, n + 1 + RP_PLACES_MANY);
  out->folded = RP_NEW(arena, char, len + n + RP_STREAM_PAD);
  return out->hash != NULL && out->flag != NULL && out->folded_at != NULL && out->folded != NULL;
}

/* The places of words in the text as given. */
static bool find_ranges(const rp_stream *s, passes pass, rp_arena *arena, rp_words *out) {
  out->start = RP_NEW(arena, uint32_t, out->n + RP_PLACES_MANY);
  out->end = RP_NEW(arena, uint32_t, out->n + RP_PLACES_MANY);
  if (out->start == NULL || out->end == NULL) return false;
  pass.find(s, out->start, out->end);
  if (s->has_drop) out->n = trim_runs(s, out->start, out->end, out->n);
  return true;
}

static bool can_pack(const rp_stream *s, rp_fast_level level) {
#ifdef RP_HAVE_AVX2
  return level == RP_FAST_AVX2 && !s->has_light;
#else
  (void)s, (void)level;
  return false;
#endif
}

/* Pass 3 in either way; `has_ranges` says whether start and end are asked for. */
static rp_status take_words(const rp_stream *s, rp_fast_level level, bool has_ranges, rp_arena *arena, rp_words *out) {
  passes pass = passes_of(level);
  bool is_packed = can_pack(s, level);
  size_t n_run = pass.count(s);
  out->n = n_run;
  if (!reserve(n_run, s->text.len, arena, out)) return RP_ERR_MEMORY;
  if ((has_ranges || !is_packed) && !find_ranges(s, pass, arena, out)) return RP_ERR_MEMORY;
  if (!is_packed) {
    pass.copy(s, out, out->n);
    return RP_OK;
  }
#ifdef RP_HAVE_AVX2
  uint32_t *number = RP_NEW(arena, uint32_t, n_run + 1);
  if (number == NULL) return RP_ERR_MEMORY;
  out->n = rp_pack_words(s, number, out);
#endif
  return RP_OK;
}

static rp_status make(rp_str text, rp_fast_level level, bool has_ranges, rp_arena *arena, rp_words *out,
                      bool *is_done) {
  rp_arena_mark before = rp_arena_get(arena);
  rp_stream s;
  if (!rp_stream_open(text, arena, &s)) return RP_ERR_MEMORY;
  rp_stream_classify(&s, level);
  if (!rp_stream_look(&s, level)) {
    rp_arena_rewind(arena, before);
    *is_done = false;
    return RP_OK;
  }
  rp_words words = {.text = text};
  RP_TRY(take_words(&s, level, has_ranges, arena, &words));
  for (size_t i = 0; s.has_light && i < words.n; i++) {
    if (rp_stream_bit(s.light, words.start[i])) words.flag[i] = RP_WORD_LIGHT;
  }
  *out = words;
  *is_done = true;
  return RP_OK;
}

rp_status rp_fast_words(rp_str text, rp_fast_level level, rp_arena *arena, rp_words *out, bool *is_done,
                        rp_error *error) {
  rp_status status = make(text, level, true, arena, out, is_done);
  return status == RP_OK ? RP_OK : rp_fail_memory(error);
}

rp_status rp_fast_fold(rp_str text, rp_fast_level level, rp_arena *arena, rp_words *out, bool *is_done,
                       rp_error *error) {
  rp_status status = make(text, level, false, arena, out, is_done);
  if (status != RP_OK) return rp_fail_memory(error);
  if (*is_done) out->start = out->end = NULL;
  return RP_OK;
}
