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

BODY void ranges_body(size_t n, uint32_t size, uint32_t *restrict start, uint32_t *restrict end) {
  for (uint32_t i = 0; i < (uint32_t)n; i++) start[i] = i;
  for (uint32_t i = 0; i < (uint32_t)n; i++) end[i] = i + size;
}

BODY uint16_t any_flag_body(const uint16_t *flag, size_t n) {
  uint16_t any = 0;
  for (size_t i = 0; i < n; i++) any = (uint16_t)(any | flag[i]);
  return any;
}

enum { ROUND_BLOCK = 64 };

/* Few bins are empty after the first round, so most shingles are turned away
 * by the mask, which is the only thing that is asked of all. */
BODY void round_body(const uint64_t *shingle, size_t n, uint64_t multiplier, const uint32_t empty[4],
                     uint32_t *signature) {
  for (size_t from = 0; from < n; from += ROUND_BLOCK) {
    uint64_t u[ROUND_BLOCK];
    size_t m = n - from < ROUND_BLOCK ? n - from : ROUND_BLOCK;
    for (size_t i = 0; i < m; i++) u[i] = shingle[from + i] * multiplier;
    for (size_t i = 0; i < m; i++) {
      uint32_t bin = (uint32_t)(u[i] >> 57), value = (uint32_t)(u[i] >> 25);
      if ((empty[bin >> 5] >> (bin & 31) & 1) && value < signature[bin]) signature[bin] = value;
    }
  }
}

BODY uint64_t least_body(const uint64_t *shingle, size_t n, uint64_t multiplier) {
  uint64_t least = UINT64_MAX;
  for (size_t i = 0; i < n; i++) {
    uint64_t u = shingle[i] * multiplier;
    least = u < least ? u : least;
  }
  return least;
}

BODY uint32_t least32(uint32_t a, uint32_t b) { return a < b ? a : b; }
BODY uint32_t greatest32(uint32_t a, uint32_t b) { return a > b ? a : b; }

enum { SIDE = RP_KERNEL_WINDOW - 1, PADDED = RP_KERNEL_BLOCK + 64 };

/* h[i] = the upper half of hash[from - SIDE + i].  Outside the text it is 0:
 * the minimum of a window that juts out can then not be the greatest one. */
BODY void upper_halves(const uint64_t *restrict hash, size_t n, size_t from, size_t m, uint32_t *restrict h) {
  size_t before = from < SIDE ? SIDE - from : 0;
  size_t end = n - from + SIDE < m + 2 * SIDE ? n - from + SIDE : m + 2 * SIDE;
  for (size_t i = 0; i < SIDE; i++) h[i] = h[m + SIDE + i] = 0;
  const uint64_t *at = hash + (from + before - SIDE);
  for (size_t i = 0; i < end - before; i++) h[before + i] = (uint32_t)(at[i] >> 32);
}

/* The least of each window in three doublings, the greatest of those in three
 * more: a value is the least of some window exactly where it meets the two.
 * Halves of the hashes, since a 32-bit minimum is one instruction. */
BODY void openings_body(const uint64_t *hash, size_t n, size_t from, size_t m, uint64_t *restrict mark) {
  uint32_t h[PADDED], a[PADDED], b[PADDED];
  uint8_t is[PADDED];
  upper_halves(hash, n, from, m, h);
  for (size_t i = 0; i < m + 13; i++) a[i] = least32(h[i], h[i + 1]);
  for (size_t i = 0; i < m + 11; i++) b[i] = least32(a[i], a[i + 2]);
  for (size_t i = 0; i < m + 7; i++) a[i] = least32(b[i], b[i + 4]);
  for (size_t i = 0; i < m + 6; i++) b[i] = greatest32(a[i], a[i + 1]);
  for (size_t i = 0; i < m + 4; i++) a[i] = greatest32(b[i], b[i + 2]);
  for (size_t i = 0; i < m; i++) is[i] = greatest32(a[i], a[i + 4]) == h[i + SIDE];
  memset(is + m, 0, 63);
  for (size_t i = 0; i < m; i += 64) {
    uint64_t bits = 0;
    for (size_t j = 0; j < 64; j += 8) {
      /* eight bytes of 0 or 1: the product brings each into the top byte */
      bits |= (rp_load64(is + i + j) * UINT64_C(0x0102040810204080) >> 56) << j;
    }
    mark[i / 64] = bits;
  }
}

#define DEFINE_KERNEL(set, TARGET)                                                                                \
  TARGET static void shingles_##set(const uint64_t *word, size_t n, unsigned size, uint64_t *hash) {              \
    shingles_body(word, n, size, hash);                                                                           \
  }                                                                                                               \
  TARGET static void ranges_##set(size_t n, uint32_t size, uint32_t *start, uint32_t *end) {                      \
    ranges_body(n, size, start, end);                                                                             \
  }                                                                                                               \
  TARGET static uint16_t any_flag_##set(const uint16_t *flag, size_t n) { return any_flag_body(flag, n); }        \
  TARGET static void round_##set(const uint64_t *shingle, size_t n, uint64_t multiplier, const uint32_t empty[4], \
                                 uint32_t *signature) {                                                           \
    round_body(shingle, n, multiplier, empty, signature);                                                         \
  }                                                                                                               \
  TARGET static uint64_t least_##set(const uint64_t *shingle, size_t n, uint64_t multiplier) {                    \
    return least_body(shingle, n, multiplier);                                                                    \
  }                                                                                                               \
  TARGET static void openings_##set(const uint64_t *hash, size_t n, size_t from, size_t m, uint64_t *mark) {      \
    openings_body(hash, n, from, m, mark);                                                                        \
  }                                                                                                               \
  static const rp_kernel kernel_##set = {#set,        shingles_##set, ranges_##set,  any_flag_##set,              \
                                         round_##set, least_##set,    openings_##set};

DEFINE_KERNEL(portable, )

#if defined(__x86_64__) && defined(__GNUC__)
DEFINE_KERNEL(avx2, __attribute__((target("avx2,bmi,bmi2"))))
DEFINE_KERNEL(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2"))))

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
