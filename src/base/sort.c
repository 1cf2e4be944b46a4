#include "base/sort.h"

#include <string.h>

enum { DIGITS = 8, RADIX = 256, SMALL = 48 };

/* The two sorts differ in the record they move; everything else is the same. */
#define DEFINE_RADIX_SORT(name, type, KEY)                                                  \
  static void name##_insertion(type *item, size_t n) {                                      \
    for (size_t i = 1; i < n; i++) {                                                        \
      type x = item[i];                                                                     \
      size_t j = i;                                                                         \
      for (; j > 0 && KEY(item[j - 1]) > KEY(x); j--) item[j] = item[j - 1];                \
      item[j] = x;                                                                          \
    }                                                                                       \
  }                                                                                         \
  void name(type *item, type *scratch, size_t n) {                                          \
    if (n <= SMALL) {                                                                       \
      name##_insertion(item, n);                                                            \
      return;                                                                               \
    }                                                                                       \
    size_t count[DIGITS][RADIX];                                                            \
    memset(count, 0, sizeof count);                                                         \
    for (size_t i = 0; i < n; i++)                                                          \
      for (int d = 0; d < DIGITS; d++) count[d][KEY(item[i]) >> 8 * d & 255]++;             \
    type *from = item, *to = scratch;                                                       \
    for (int d = 0; d < DIGITS; d++) {                                                      \
      if (count[d][KEY(from[0]) >> 8 * d & 255] == n) continue;                             \
      size_t at = 0;                                                                        \
      for (int r = 0; r < RADIX; r++) {                                                     \
        size_t c = count[d][r];                                                             \
        count[d][r] = at;                                                                   \
        at += c;                                                                            \
      }                                                                                     \
      for (size_t i = 0; i < n; i++) to[count[d][KEY(from[i]) >> 8 * d & 255]++] = from[i]; \
      type *swap = from;                                                                    \
      from = to;                                                                            \
      to = swap;                                                                            \
    }                                                                                       \
    if (from != item) memcpy(item, from, n * sizeof *item);                                 \
  }

#define KEY_OF_PAIR(x) ((x).key)
#define KEY_ITSELF(x) (x)

DEFINE_RADIX_SORT(rp_sort_key32, rp_key32, KEY_OF_PAIR)
DEFINE_RADIX_SORT(rp_sort_u64, uint64_t, KEY_ITSELF)
