#include "engine/diagonal.h"

#include <stdlib.h>

#include "test.h"

static bool near(rp_hit p, rp_hit q) {
  int da = (int16_t)(uint16_t)(p.a - q.a), db = (int16_t)(uint16_t)(p.b - q.b);
  int drift = (int16_t)(uint16_t)((p.a - p.b) - (q.a - q.b));
  return da && db && abs(da) <= 400 && abs(db) <= 400 && abs(drift) <= 40;
}

static bool naive(const rp_hit *h, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++)
      for (size_t k = j + 1; k < n; k++)
        if (near(h[i], h[j]) && near(h[i], h[k]) && near(h[j], h[k])) return true;
  return false;
}

static void agrees_with_all_triples(void **state) {
  (void)state;
  uint64_t seed = 5;
  int held = 0;
  for (int round = 0; round < 20000; round++) {
    rp_hit hit[12] = {0}, copy[12], mirrored[12] = {0};
    size_t n = test_below(&seed, 12);
    size_t spread = 50 + test_below(&seed, 1500);
    uint16_t origin = (uint16_t)test_random(&seed);
    for (size_t i = 0; i < n; i++) {
      hit[i].a = (uint16_t)(origin + test_below(&seed, spread));
      hit[i].b = (uint16_t)(hit[i].a + test_below(&seed, 200));
      mirrored[i] = (rp_hit){hit[i].b, hit[i].a};
    }
    memcpy(copy, hit, sizeof copy);
    bool expected = naive(hit, n);
    held += expected;
    assert_int_equal(rp_diagonal_holds(copy, n), expected);
    /* who asks does not matter */
    assert_int_equal(rp_diagonal_holds(mirrored, n), expected);
    if (expected) assert_true(rp_diagonal_count(hit, n) >= 3);
  }
  assert_in_range(held, 2000, 18000);
}

static void one_place_counts_once(void **state) {
  (void)state;
  rp_hit repeated[] = {{10, 10}, {10, 11}, {10, 12}, {11, 10}};
  assert_false(rp_diagonal_holds(repeated, 4));
  rp_hit three[] = {{10, 10}, {30, 31}, {55, 60}};
  assert_true(rp_diagonal_holds(three, 3));
  rp_hit wrapped[] = {{65500, 10}, {65530, 40}, {20, 66}};
  assert_true(rp_diagonal_holds(wrapped, 3));
  rp_hit far[] = {{0, 0}, {200, 200}, {401, 401}};
  assert_false(rp_diagonal_holds(far, 3));
  rp_hit bent[] = {{0, 0}, {50, 50}, {100, 141}};
  assert_false(rp_diagonal_holds(bent, 3));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_all_triples),
      cmocka_unit_test(one_place_counts_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
