#include "base/mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_long fail_countdown; /* 0: never fail; 1: the next one fails */

static bool is_to_fail(void) {
  if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0) return false;
  if (atomic_fetch_sub(&fail_countdown, 1) > 1) return false;
  atomic_store(&fail_countdown, 1);
  return true;
}

void rp_mem_fail_after(long n) { atomic_store(&fail_countdown, n); }

void *rp_malloc(size_t size) { return is_to_fail() ? NULL : malloc(size ? size : 1); }

void *rp_calloc(size_t n, size_t size) {
  if (is_to_fail()) return NULL;
  return n && size ? calloc(n, size) : calloc(1, 1);
}

void *rp_realloc(void *block, size_t n, size_t size) {
  if (size && n > SIZE_MAX / size) return NULL;
  if (is_to_fail()) return NULL;
  size_t bytes = n * size;
  return realloc(block, bytes ? bytes : 1);
}

void rp_free(void *block) { free(block); }

char *rp_memdup(const void *data, size_t len) {
  if (len == SIZE_MAX) return NULL;
  char *copy = rp_malloc(len + 1);
  if (!copy) return NULL;
  if (len) memcpy(copy, data, len);
  copy[len] = '\0';
  return copy;
}
