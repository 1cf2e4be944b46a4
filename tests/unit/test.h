/* test.h - what every unit test includes: cmocka and a small generator of
 * numbers that are the same everywhere. */
#ifndef RP_TEST_H
#define RP_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* splitmix64 */
static inline uint64_t test_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}

/* In [0, n). */
static inline size_t test_below(uint64_t *state, size_t n) { return (size_t)(test_random(state) % n); }

#define TEST_STR(text) ((rp_str){(text), strlen(text)})

#endif
