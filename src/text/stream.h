/* stream.h - a text folded in its own place: the first passes of fast.h. */
#ifndef RP_TEXT_STREAM_H
#define RP_TEXT_STREAM_H

#include "base/arena.h"
#include "text/fast.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define RP_HAVE_AVX2 1
#define RP_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#endif
#define RP_INLINE static inline __attribute__((always_inline))

/* Bytes behind the copy that may be read. */
#define RP_STREAM_PAD 64

typedef struct rp_stream {
  rp_str text;
  char *copy;                   /* '\n' where a separator begins */
  uint64_t *word, *drop, *look; /* a bit for each byte */
  uint64_t *light, *edge;       /* light words begin here; no word goes on across this place */
  size_t n_block;               /* of 64 bytes */
  size_t light_end;             /* of the light word that may still take dropped bytes */
  bool has_drop, has_light;
} rp_stream;

/* Room for the passes; false where memory is short. */
bool rp_stream_open(rp_str text, rp_arena *arena, rp_stream *out);

/* Pass 1, ASCII. */
void rp_stream_classify(rp_stream *s, rp_fast_level level);

/* Pass 2, all other characters; false where the definition is needed. */
bool rp_stream_look(rp_stream *s, rp_fast_level level);

/* Places written at a time, so that the number of bits need not be foretold:
 * bytes to look at, and words, are seldom more in a block. */
enum { RP_PLACES_FEW = 4, RP_PLACES_MANY = 16 };

/* Writes the place of each bit, and up to `step` places too many. */
RP_INLINE uint32_t *rp_stream_places(uint64_t bits, uint32_t base, size_t step, uint32_t *out) {
  size_t n = (size_t)__builtin_popcountll(bits), i = 0;
  do {
    for (size_t j = 0; j < step; j++) {
      out[i + j] = base + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
      bits &= bits - 1;
    }
    i += step;
  } while (i < n);
  return out + n;
}

static inline bool rp_stream_bit(const uint64_t *map, size_t i) { return (map[i >> 6] >> (i & 63) & 1) != 0; }

#endif
