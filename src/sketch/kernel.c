/* The bodies are plain loops without branches that gcc and clang turn into
 * vectors; each is inlined into one function for each instruction set. */
#include "sketch/kernel.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "sketch/mix.h"

#define BODY static inline __attribute__((always_inline))

BODY void shingles_of(const uint64_t *restrict word, size_t n, unsigned size, uint64_t *restrict hash) {
  for (size_t i = 0; i < n; i++) hash[i] = rp_mix_words(word + i, size);
}

BODY void shingles_body(const uint64_t *word, size_t n, unsigned size, uint64_t *hash) {
  if (size == 3)
    shingles_of(word, n, 3, hash);
  else if (size == 5)
    shingles_of(word, n, 5, hash);
  else
    shingles_of(word, n, size, hash);
}

BODY void shingles_3_and_5_body(const uint64_t *restrict word, size_t n, uint64_t *restrict three,
                                uint64_t *restrict five) {
  for (size_t i = 0; i < n; i++) {
    uint64_t x = rp_mix_add(rp_mix_add(word[i], word[i + 1]), word[i + 2]);
    three[i] = rp_mix64(x);
    five[i] = rp_mix64(rp_mix_add(rp_mix_add(x, word[i + 3]), word[i + 4]));
  }
}

BODY void ranges_body(size_t n, uint32_t size, uint32_t *restrict start, uint32_t *restrict end) {
  for (uint32_t i = 0; i < (uint32_t)n; i++) start[i] = i;
  for (uint32_t i = 0; i < (uint32_t)n; i++) end[i] = i + size;
}

BODY uint16_t any_flag_body(const uint16_t *flag, size_t n) {
  uint16_t any = 0;
  for (size_t i = 0; i < n; i++) any = (uint16_t)(any | flag[i]);
  return any;
}

/* Side by side over multipliers, not over shingles: short texts have few of
 * these and many empty bins. */
BODY void least_body(const uint64_t *shingle, size_t n, const uint64_t *multiplier, uint32_t *least) {
  uint64_t m[RP_KERNEL_GROUP], u[RP_KERNEL_GROUP];
  for (size_t k = 0; k < RP_KERNEL_GROUP; k++) {
    m[k] = multiplier[k];
    u[k] = UINT64_MAX;
  }
  for (size_t i = 0; i < n; i++) {
    uint64_t s = shingle[i];
    for (size_t k = 0; k < RP_KERNEL_GROUP; k++) {
      uint64_t product = s * m[k];
      u[k] = product < u[k] ? product : u[k];
    }
  }
  for (size_t k = 0; k < RP_KERNEL_GROUP; k++) least[k] = (uint32_t)(u[k] >> 32);
}

BODY uint32_t least32(uint32_t a, uint32_t b) { return a < b ? a : b; }
BODY uint32_t greatest32(uint32_t a, uint32_t b) { return a > b ? a : b; }

enum { SIDE = RP_KERNEL_WINDOW - 1, PADDED = RP_KERNEL_BLOCK + 96 };

/* h[i] = the upper half of hash[from - SIDE + i], for i in [0, room).  Outside
 * the text it is 0: the minimum of a window that juts out can then not be the
 * greatest one. */
BODY void upper_halves(const uint64_t *restrict hash, size_t n, size_t from, size_t room, uint32_t *restrict h) {
  size_t before = from < SIDE ? SIDE - from : 0, left = n + SIDE - from;
  size_t end = left < room ? left : room;
  const uint64_t *at = hash + (from + before - SIDE);
  memset(h, 0, SIDE * sizeof *h);
  for (size_t i = before; i < end; i++) h[i] = (uint32_t)(at[i - before] >> 32);
  memset(h + end, 0, (room - end) * sizeof *h);
}

/* The least of each window in three doublings, the greatest of those in three
 * more: a value is the least of some window exactly where it meets the two.
 * Halves of the hashes, since a 32-bit minimum is one instruction; whole
 * vectors, since the rest of one costs as much as many of them.  Each loop
 * needs a little less of what the one before it made: the junk behind stays
 * behind. */
BODY void openings_body(const uint64_t *hash, size_t n, size_t from, size_t m, uint64_t *restrict mark) {
  uint32_t h[PADDED], a[PADDED], b[PADDED];
  uint8_t is[RP_KERNEL_BLOCK];
  size_t whole = (m + 63) / 64 * 64, room = whole + 32;
  upper_halves(hash, n, from, room + 16, h);
  for (size_t i = 0; i < room; i++) a[i] = least32(h[i], h[i + 1]);
  for (size_t i = 0; i < room; i++) b[i] = least32(a[i], a[i + 2]);
  for (size_t i = 0; i < room; i++) a[i] = least32(b[i], b[i + 4]);
  for (size_t i = 0; i < room; i++) b[i] = greatest32(a[i], a[i + 1]);
  for (size_t i = 0; i < room; i++) a[i] = greatest32(b[i], b[i + 2]);
  for (size_t i = 0; i < whole; i++) is[i] = greatest32(a[i], a[i + 4]) == h[i + SIDE];
  for (size_t i = 0; i < whole; i += 64) {
    uint64_t bits = 0;
    /* eight bytes of 0 or 1: the product brings each into the top byte */
    for (size_t j = 0; j < 64; j += 8) bits |= (rp_load64(is + i + j) * UINT64_C(0x0102040810204080) >> 56) << j;
    mark[i / 64] = bits;
  }
  if (m % 64) mark[m / 64] &= (UINT64_C(1) << m % 64) - 1;
}

#define DEFINE_KERNEL(set, TARGET)                                                                                 \
  TARGET static uint16_t any_flag_##set(const uint16_t *flag, size_t n) { return any_flag_body(flag, n); }         \
  TARGET static void shingles_##set(const uint64_t *word, size_t n, unsigned size, uint64_t *hash) {               \
    shingles_body(word, n, size, hash);                                                                            \
  }                                                                                                                \
  TARGET static void shingles_3_and_5_##set(const uint64_t *word, size_t n, uint64_t *three, uint64_t *five) {     \
    shingles_3_and_5_body(word, n, three, five);                                                                   \
  }                                                                                                                \
  TARGET static void ranges_##set(size_t n, uint32_t size, uint32_t *start, uint32_t *end) {                       \
    ranges_body(n, size, start, end);                                                                              \
  }                                                                                                                \
  TARGET static void least_##set(const uint64_t *shingle, size_t n, const uint64_t *multiplier, uint32_t *least) { \
    least_body(shingle, n, multiplier, least);                                                                     \
  }                                                                                                                \
  TARGET static void openings_##set(const uint64_t *hash, size_t n, size_t from, size_t m, uint64_t *mark) {       \
    openings_body(hash, n, from, m, mark);                                                                         \
  }                                                                                                                \
  static const rp_kernel kernel_##set = {.name = #set,                                                             \
                                         .any_flag = any_flag_##set,                                               \
                                         .shingles = shingles_##set,                                               \
                                         .shingles_3_and_5 = shingles_3_and_5_##set,                               \
                                         .ranges = ranges_##set,                                                   \
                                         .least = least_##set,                                                     \
                                         .openings = openings_##set};

DEFINE_KERNEL(portable, )

#if defined(__x86_64__) && defined(__GNUC__)
/* AVX-512 on vectors of 256 bits: the wide ones are a little faster alone, but
 * in short bursts between other code, as when a text is signed, they slow down
 * what stands around them by more (measured: a tenth of signing). */
#ifdef __clang__
#define NARROW ""
#else
#define NARROW ",prefer-vector-width=256"
#endif
DEFINE_KERNEL(avx2, __attribute__((target("avx2,bmi,bmi2"))))
DEFINE_KERNEL(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2" NARROW))))

static bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }
static bool has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

const rp_kernel *rp_kernel_best(void) {
  if (has_avx512()) return &kernel_avx512;
  return has_avx2() ? &kernel_avx2 : &kernel_portable;
}

const rp_kernel *rp_kernel_get(size_t i) {
  const rp_kernel *kernel[] = {&kernel_portable, has_avx2() ? &kernel_avx2 : NULL,
                               has_avx512() ? &kernel_avx512 : NULL};
  return i < sizeof kernel / sizeof *kernel ? kernel[i] : NULL;
}
#else
const rp_kernel *rp_kernel_best(void) { return &kernel_portable; }
const rp_kernel *rp_kernel_get(size_t i) { return i == 0 ? &kernel_portable : NULL; }
#endif
