#include "base/vec.h"

#include <stdint.h>

bool rp_vec_grow(void **data, size_t *cap, size_t need, size_t size) {
  size_t want = *cap < 8 ? 16 : *cap > SIZE_MAX / 2 ? SIZE_MAX : *cap * 2;
  if (want < need) want = need;
  void *grown = rp_realloc(*data, want, size);
  if (!grown) return false;
  *data = grown;
  *cap = want;
  return true;
}
